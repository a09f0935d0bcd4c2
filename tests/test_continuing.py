"""A run that was disturbed goes on where it was: nothing lost, nothing done twice, nothing left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from filelock import FileLock
from support.jobs import job
from support.runs import pages, run_command
from support.situations import SAMPLE

from assess_lib.assessment_cache import question, read_years
from assess_lib.faults import UnusableInput
from assess_lib.runs import batch, fingerprints
from assess_lib.runs.assessing import AssessmentProcess
from assess_lib.runs.batch import run_year
from assess_lib.runs.fingerprints import RunSources, job_fingerprint, run_sources
from assess_lib.runs.job_log import LOG, JobLog
from assess_lib.runs.jobs import Job, Outcome, executed, run_job
from assess_lib.runs.run_folder import LOCK
from assess_lib.scorecard.overview import overview
from assess_lib.workers import Processes

pytestmark = pytest.mark.slow
SOURCES = RunSources(program="1", code="c", parameters_digest="", packages={}, lang="zh", years={})


def written(done: Job) -> Outcome:
    """As if the job had been run."""
    done.executed.parent.mkdir(exist_ok=True)
    done.executed.write_text("{}")
    done.page.write_bytes(b"page")
    import hashlib

    return Outcome(done.name, seconds=1.5, page_sha256=hashlib.sha256(b"page").hexdigest())


def test_a_log_keeps_what_is_whole_and_of_the_same_inputs(tmp_path) -> None:
    one = job(tmp_path, fingerprint="f1")
    log = JobLog(tmp_path)
    log.begin(SOURCES)
    log.record(one, written(one))
    again = JobLog(tmp_path)
    assert again.kept(one)
    assert not again.kept(job(tmp_path, fingerprint="f2")) and not again.kept(job(tmp_path, "T2", fingerprint="f1"))
    one.page.write_bytes(b"pagE")
    assert not again.kept(one)
    one.page.write_bytes(b"page")
    one.executed.unlink()
    assert not again.kept(one)


def test_a_failure_is_not_kept_and_stands_with_cell_and_message(tmp_path) -> None:
    one = job(tmp_path, fingerprint="f1")
    written(one)
    log = JobLog(tmp_path)
    log.begin(SOURCES)
    log.record(one, Outcome("T1", "ValueError: no", 3, str(tmp_path / "out" / "T1.failed.ipynb"), 0.5))
    log.close()
    lines = [json.loads(line) for line in (tmp_path / LOG).read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"run": SOURCES.model_dump()}
    assert lines[1] == {
        "name": "T1",
        "error": "ValueError: no",
        "cell": 3,
        "notebook": "out/T1.failed.ipynb",
        "seconds": 0.5,
        "page_sha256": "",
        "fingerprint": "f1",
        "status": "failed",
    }
    assert not JobLog(tmp_path).kept(one)


@pytest.mark.parametrize("damage", [b'{"name": "T9", "fing', b"\x00\xff\xfe", b"", b"[]\n{}\n"])
def test_a_torn_log_loses_the_torn_line_alone(damage, tmp_path) -> None:
    one, two = job(tmp_path, fingerprint="f1"), job(tmp_path, "T2", fingerprint="f2")
    log = JobLog(tmp_path)
    log.record(one, written(one))
    with (tmp_path / LOG).open("ab") as file:
        file.write(damage)
    again = JobLog(tmp_path)
    assert again.kept(one)
    again.record(two, written(two))
    assert JobLog(tmp_path).kept(one) and JobLog(tmp_path).kept(two)


def test_a_disk_that_takes_no_log_does_not_stop_a_run(tmp_path, monkeypatch) -> None:
    log = JobLog(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    one = job(tmp_path, fingerprint="f1")
    log.record(one, written(one))
    assert log.unwritten.errno == 28 and log.kept(one)


def test_a_fingerprint_follows_run_parameters_and_notebook(tmp_path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text("{}")

    def found(run: str, team: str, judged: str = "") -> str:
        year = SimpleNamespace(reviewed={"T1": judged} if judged else {})
        sources = SOURCES.model_copy(update={"code": run})
        return job_fingerprint(
            sources, replace(job(tmp_path), notebook=path, parameters={"team_id": team}), [year, None]
        )

    first = found("1", "T1")
    assert first == found("1", "T1")
    assert first != found("2", "T1")
    assert first != found("1", "T2")
    assert first != found("1", "T1", "j1") != found("1", "T1", "j2")
    assert found("1", "T2") == found("1", "T2", "j1")  # another team's review
    path.write_text("{ }")
    assert first != found("1", "T1")


def test_the_working_days_decide_what_is_kept(monkeypatch, tmp_path, sample_years) -> None:
    years = [overview(found) for found in sample_years]
    first = run_sources(years, "zh")
    assert run_sources(years, "zh") == first
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "calendar.yaml").write_text("years: {2016: {holidays: [2016-07-05]}}")
    monkeypatch.setattr(fingerprints, "shipped", lambda name: tmp_path / name)
    assert run_sources(years, "zh") != first


def test_a_page_made_from_other_inputs_is_not_linked(monkeypatch, tmp_path) -> None:
    """The first run, of one year, makes both pages; the second, of another, makes one of them anew."""

    def pretended(work, workers, place):
        for made in work:
            made.page.parent.mkdir(parents=True, exist_ok=True)
            yield written(made)

    monkeypatch.setattr(batch, "executed", pretended)
    run_year(SAMPLE, 2016, tmp_path / "run", teams=["T0001", "T0002"])
    assert _linked(tmp_path / "run") == {"T0001", "T0002"}
    report = run_year(SAMPLE, 2015, tmp_path / "run", teams=["T0002"])
    assert report.kept == [] and (tmp_path / "run" / "teams" / "T0001.html").exists()
    assert _linked(tmp_path / "run") == {"T0002"}


def _linked(run: Path) -> set[str]:
    return set(re.findall(r'href="teams/(\w+)\.html"', (run / "index.html").read_text(encoding="utf-8")))


def test_two_runs_into_one_folder(tmp_path) -> None:
    (tmp_path / "run").mkdir()
    with FileLock(tmp_path / "run" / LOCK):
        with pytest.raises(UnusableInput) as caught:
            run_year(SAMPLE, 2016, tmp_path / "run", teams=["T0001"])
    assert caught.value.faults[0].key == "run.busy"
    assert [path.name for path in (tmp_path / "run").iterdir()] == [LOCK]


def test_a_notebook_that_sleeps_for_ever_runs_into_the_time_limit(tmp_path) -> None:
    outcome = run_job(job(tmp_path, source="import time; time.sleep(3600)", cell_seconds=2))
    assert "Timeout" in outcome.error and outcome.cell == 3 and outcome.notebook.endswith("T1.failed.ipynb")
    assert outcome.seconds < 60


@pytest.mark.parametrize("lost, made", [(1, True), (2, False)])
def test_a_kernel_that_never_came_up_is_started_once_more(lost, made, tmp_path, monkeypatch) -> None:
    import papermill

    real, starts = papermill.execute_notebook, []

    def sometimes(*arguments, **more):
        starts.append(1)
        if len(starts) <= lost:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*arguments, **more)

    monkeypatch.setattr(papermill, "execute_notebook", sometimes)
    outcome = run_job(job(tmp_path))
    assert len(starts) == 2 and (outcome.error == "") is made


def test_a_folder_that_cannot_be_written_fails_its_job_alone(tmp_path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    outcome = run_job(job(tmp_path))
    assert outcome.error and outcome.notebook == ""


def test_a_notebook_that_kills_its_process_fails_alone(tmp_path) -> None:
    deadly = job(tmp_path, "T1", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)")
    work = [deadly, job(tmp_path, "T2"), job(tmp_path, "T3")]
    outcomes = {outcome.name: outcome for outcome in executed(work, Processes(2))}
    assert not outcomes["T2"].error and not outcomes["T3"].error
    assert "died" in outcomes["T1"].error


def test_interrupted_a_run_ends_in_seconds_and_can_be_continued(tmp_path) -> None:
    run = tmp_path / "run"
    runner = _started(run, ["T0001", "T0002"])
    family = psutil.Process(runner.pid).children(recursive=True)
    began = time.monotonic()
    os.killpg(runner.pid, signal.SIGINT)
    told = runner.communicate(timeout=60)[1]
    assert time.monotonic() - began < 20 and runner.returncode == 130
    assert "已中断" in told and "Traceback" not in told
    assert psutil.wait_procs(family, timeout=20)[1] == []
    assert '"T0001"' in _text(run / LOG) and not list(run.rglob("*.part*"))


def _started(run: Path, teams: list[str]) -> subprocess.Popen:
    """A run in a process group of its own that has finished its first team."""
    command = run_command(SAMPLE, run, "--teams", ",".join(teams), "--jobs", "1")
    runner = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores Ctrl-C
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and '"T0001"' not in _text(run / LOG):
        time.sleep(0.2)
    return runner


def test_killed_in_the_middle_a_run_goes_on_and_ends_as_an_undisturbed_one(tmp_path) -> None:
    teams, run = ["T0001", "T0002"], tmp_path / "run"
    runner = _started(run, teams)
    family = psutil.Process(runner.pid).children(recursive=True)
    runner.send_signal(signal.SIGKILL)
    runner.communicate()
    assert psutil.wait_procs(family, timeout=30)[1] == [], "no process is left behind"
    report = run_year(SAMPLE, 2016, run, teams=teams, jobs=1)
    assert report.kept == ["T0001"] and report.made == ["T0002", "annual_summary"] and report.failed == []
    assert not list(run.rglob("*.part*"))
    before = pages(run)
    again = run_year(SAMPLE, 2016, run, teams=teams, jobs=1)
    assert again.kept == ["T0001", "T0002", "annual_summary"] and again.made == []
    (run / "teams" / "T0002.html").write_bytes(b"cut off")
    mended = run_year(SAMPLE, 2016, run, teams=teams, jobs=1)
    assert mended.made == ["T0002"] and pages(run) == before


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_process_that_dies_while_it_assesses_is_told() -> None:
    with AssessmentProcess(SAMPLE, 2016, None) as assessor:
        assessor._process.kill()
        with pytest.raises(UnusableInput) as unusable:
            assessor.overviews()
    assert "died" in unusable.value.text("en") and str(SAMPLE) in unusable.value.text("en")


def test_the_process_that_assesses_is_gone_when_it_has_handed_over(sample_years, tmp_path) -> None:
    with AssessmentProcess(SAMPLE, 2016, None) as assessor:
        now, before = assessor.overviews()
        assert now.scores.equals(sample_years[0].scores) and before.fingerprint == sample_years[1].data.fingerprint
        assessor.hand_over(tmp_path / "ready")
        assert assessor._process.exitcode is not None
    asked, years = read_years(tmp_path / "ready")
    assert asked == question(SAMPLE, 2016, None) and years[0].points.equals(sample_years[0].points)


def test_a_file_that_cannot_be_written_is_told_by_the_process_that_assesses(tmp_path) -> None:
    with AssessmentProcess(SAMPLE, 2016, None) as assessor:
        assessor.overviews()
        with pytest.raises(OSError):
            assessor.hand_over(tmp_path / "no" / "such" / "folder")


def test_a_process_that_dies_before_it_hears_what_it_is_asked_is_told() -> None:
    """Its end of the connection is then reset, and not merely closed."""
    ours, theirs = socket.socketpair()
    process = AssessmentProcess.__new__(AssessmentProcess)
    process._end, process._asked = Connection(ours.detach()), ("data", 2016, None)
    process._end.send("a question that nobody reads")
    theirs.close()
    with pytest.raises(UnusableInput) as told:
        process._ask("results", Path("out"))
    assert [fault.key for fault in told.value.faults] == ["run.assessor_died"]
