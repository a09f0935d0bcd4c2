"""Faults injected into real runs: whatever is killed, full, read-only or cut off, a run that is
continued ends with the results of an undisturbed one, byte for byte."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from support.runs import pages, run_command
from support.shared import shared
from support.small_rubric import base, write

from assess_lib.runs.batch import RunReport, run_year
from assess_lib.runs.job_log import LOG
from assess_lib.runs.run_folder import LOCK

TEAMS = ("T1", "T2", "T3")
ALL = [*TEAMS, "annual_summary"]
VICTIMS = ("runner", "worker", "warm", "kernel", "forker")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts of Unix"),
]


@dataclass(frozen=True)
class Year:
    """A small year, an undisturbed run of it, and the seconds that a run takes."""

    data: Path
    rubric: Path
    out: Path
    undisturbed: dict[str, bytes]
    seconds: float

    def run(self, out: Path, jobs: int = 2, **more) -> RunReport:
        return run_year(self.data, 2016, out, rubric=self.rubric, jobs=jobs, **more)

    def started(self, out: Path, **more) -> subprocess.Popen:
        command = run_command(self.data, out, "--rubric", str(self.rubric), "--jobs", "2")
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **more
        )

    def ends_undisturbed(self, out: Path) -> RunReport:
        """Continue in a folder; all is there, and all is as it should be."""
        report = self.run(out, jobs=1)
        assert report.failed == [] and sorted([*report.made, *report.kept]) == sorted(ALL)
        assert pages(out) == self.undisturbed
        known = {LOCK, LOG, "scores.csv", "points.csv", "record", "index.html", "summary.html", "teams", "notebooks"}
        known |= {"side_by_side.html", "what_if.html"}
        assert {path.name for path in out.iterdir()} == known
        assert not [path for path in out.rglob("*") if ".part" in path.name or ".failed" in path.name]
        return report


@pytest.fixture(scope="session")
def year(tmp_path_factory) -> Year:
    return shared(tmp_path_factory, "small_year", small_year)


def small_year(folder: Path) -> Year:
    """Data of three teams, and a run over them that nobody disturbs."""
    home = folder / "data" / "2016"
    home.mkdir(parents=True)
    rows = [
        f"{team},{name},{(n * 7 + place * 3) % 10 / 10}"
        for n, team in enumerate(TEAMS)
        for place, name in enumerate("abcd")
    ]
    (home / "teams.csv").write_text("team_id\n" + "\n".join(TEAMS) + "\n", encoding="utf-8")
    (home / "entered_values.csv").write_text("team_id,indicator,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    rubric = write(base(), folder)
    unknown = Year(folder / "data", rubric, folder / "out", {}, 0)
    began = time.monotonic()
    runner = unknown.started(unknown.out)
    assert runner.wait(120) == 0, runner.stderr.read()
    return replace(unknown, undisturbed=pages(unknown.out), seconds=time.monotonic() - began)


@pytest.mark.parametrize("jobs, warm", [(1, True), (3, True), (2, False)])
def test_the_same_bytes_for_any_number_of_processes_and_either_kind_of_kernel(jobs, warm, year, tmp_path) -> None:
    report = year.run(tmp_path / "out", jobs, warm=warm)
    assert report.made == sorted(ALL) and report.ordinary_kernels is not warm
    assert pages(tmp_path / "out") == year.undisturbed


def test_killed_at_any_moment_a_run_is_continued(seeds, year, tmp_path) -> None:
    """The runner, a process of its pool, its warm process or a kernel is killed, at a random moment; then, in the run that
    continues, another of them."""
    out = tmp_path / "out"
    for seed in seeds:
        _killed(seed, year, out)
    year.ends_undisturbed(out)


def _killed(seed: int, year: Year, out: Path) -> None:
    """Start a run, or go on with one, and kill one of its processes."""
    chance, victim = random.Random(seed), VICTIMS[seed % len(VICTIMS)]
    runner = year.started(out)
    time.sleep(chance.uniform(0.1, 1) * year.seconds)
    family = _family(runner)
    chosen = [process for role, process in family if role == victim]
    if chosen:
        chance.choice(chosen).send_signal(signal.SIGKILL)
    told = runner.communicate(timeout=120)[1]
    no_more = (
        (2,) if "计算全部工作队的进程中途退出" in told else ()
    )  # the process that assesses is of the same kind as a worker
    assert runner.returncode in ((-signal.SIGKILL, 0) if victim == "runner" else (0, 1, *no_more)), told
    assert "Traceback" not in told or victim == "warm"
    assert psutil.wait_procs([process for _, process in family], timeout=20)[1] == [], "no process is left behind"


def test_files_that_may_not_grow_fail_their_teams_alone(year, tmp_path) -> None:
    """No file of the run may be longer than 111 KB: a notebook is, the pages beside the list are not."""
    out = tmp_path / "out"
    runner = year.started(out, preexec_fn=_small_files)
    told = runner.communicate(timeout=120)[1]
    assert runner.returncode == 1, told
    assert "Traceback" not in told and all(f"{team}：" in told for team in TEAMS)
    assert "File too large" in told and not [path for path in out.rglob("*") if ".part" in path.name]
    year.ends_undisturbed(out)


def test_a_full_disk_fails_what_no_longer_fits(year, tmp_path) -> None:
    out = tmp_path / "disk"
    out.mkdir()
    ballast, told = out / "ballast", []

    def make_room(count: int) -> None:
        """Once every notebook had its turn, the index finds a place."""
        told.append(count)
        if len(told) == count:
            ballast.unlink()

    with _mounted(out, "-t", "tmpfs", "-o", "size=780k", "tmpfs"):
        ballast.write_bytes(bytes(100_000))
        report = year.run(out, progress=make_room)
        assert report.made and len(report.failed) >= 1, "some fit and some do not"
        assert all("No space left" in outcome.error for outcome in report.failed)
        copied = tmp_path / "out"
        subprocess.run(["cp", "-r", str(out), str(copied)], check=True)
    year.ends_undisturbed(copied)


def test_a_folder_that_turns_read_only_fails_its_teams_and_no_other_file_is_lost(year, tmp_path) -> None:
    out = tmp_path / "out"
    (out / "teams").mkdir(parents=True)
    with _mounted(out / "teams", "--bind", str(out / "teams")):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(out / "teams")], check=True)
        report = year.run(out)
        assert [outcome.name for outcome in report.failed] == list(TEAMS) and report.made == ["annual_summary"]
        assert all("Read-only file system" in outcome.error for outcome in report.failed)
    assert sorted(path.name for path in (out / "notebooks").glob("*.failed.ipynb")) == [
        f"{team}.failed.ipynb" for team in TEAMS
    ]
    assert year.ends_undisturbed(out).kept == ["annual_summary"]


def test_a_file_in_the_place_of_a_folder_fails_its_teams(year, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "teams").write_text("a file")
    report = year.run(out)
    assert [outcome.name for outcome in report.failed] == list(TEAMS) and report.made == ["annual_summary"]
    (out / "teams").unlink()
    year.ends_undisturbed(out)


def test_a_manifest_cut_off_anywhere_loses_no_result(year, tmp_path, pytestconfig) -> None:
    """What its whole lines tell of is kept, the rest made again."""
    out = shutil.copytree(year.out, tmp_path / "out")
    whole = (out / LOG).read_bytes()
    for part in (0, 0.3, 0.55, 0.8, 0.999) if pytestconfig.getoption("--all-faults") else (0.55, 0.999):
        (out / LOG).write_bytes(whole[: int(len(whole) * part)])
        lines = whole[: int(len(whole) * part)].count(b"\n")
        report = year.ends_undisturbed(out)
        assert len(report.kept) == max(0, lines - 1)  # the first line tells of the run


def _family(runner: subprocess.Popen) -> list[tuple[str, psutil.Process]]:
    """The processes of a run, each with the part it plays."""
    known = []
    try:
        above = psutil.Process(runner.pid)
        known.append(("runner", above))
        for child in above.children(recursive=True):
            line = " ".join(child.cmdline())
            if "kernels.server" in line:
                known.append(("warm" if child.ppid() == runner.pid else "kernel", child))
            elif "multiprocessing" in line and "resource_tracker" not in line:
                forked_from = child.ppid() == runner.pid and "forkserver" in line
                known.append(("forker" if forked_from else "worker", child))
            elif "resource_tracker" not in line:
                known.append(("other", child))
    except psutil.Error:
        pass
    return known


def _small_files() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (111 * 1024, 111 * 1024))


class _mounted:
    """A mount for as long as a test lasts; skips the test where mounting is not allowed."""

    def __init__(self, place: Path, *arguments: str):
        self._place, self._arguments = place, arguments

    def __enter__(self):
        done = subprocess.run(["mount", *self._arguments, str(self._place)], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no right to mount: {done.stderr.strip()}")

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self._place)], check=True)
