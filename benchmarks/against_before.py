"""This program against itself before its engine was rebuilt: the same commands with both, in turns, in one run.

python -m benchmarks.against_before             5 000 teams, three turns
python -m benchmarks.against_before 500 1       so many teams and turns

The earlier program is taken from git into a temporary folder and runs in the same environment.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assess_lib.resources import project_root
from assess_lib.sample.dataset import write_sample
from benchmarks.report import Ratio, table

BEFORE = "eefeb78"  # the last commit with two scoring engines
TEAMS, YEAR, TURNS = 5000, 2016, 3
ASSESS = ["-m", "assess_lib.cli"]
OPEN = """
import sys
try:
    from assess_lib.api import compute_years
except ImportError:
    from assess_lib.results.opening import compute_years
now, before = compute_years(sys.argv[1], int(sys.argv[2]))
assert before is not None and len(now.scores)
"""
SHOW = """
import contextlib, io, sys
from assess_lib import open_scorecard
from assess_lib.pages.scorecard_sections import SECTIONS
card = open_scorecard("T0001", int(sys.argv[2]), data=sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()):
    for section in SECTIONS:
        section(card)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of one command with all processes that it started: by the clock, and of the processors."""

    wall: float
    processor: float


def main() -> None:
    teams = int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else TURNS
    with tempfile.TemporaryDirectory() as folder:
        report(Path(folder), teams, turns)


def report(home: Path, teams: int, turns: int) -> None:
    """Measure and print. Folders of ``home`` hold the earlier program, the data, and results."""
    sources = {"before": earlier(home / "before"), "now": project_root() / "src"}
    data, sample = write_sample(home / "data", teams, 5, [YEAR - 1, YEAR]), project_root() / "data" / "sample"
    commands: dict[str, Callable[[], list[str]]] = {
        f"score {teams:,} teams": lambda: [*ASSESS, "score", one_year(data, home), *asked(home)],
        f"open two years of {teams:,} teams": lambda: ["-c", OPEN, untouched(data, home), str(YEAR)],
        "assess --help": lambda: [*ASSESS, "--help"],
        "score the sample": lambda: [*ASSESS, "score", untouched(sample, home), *asked(home)],
    }
    found = {name: in_turns(command, sources, turns) for name, command in commands.items()}
    opened = untouched(data, home)
    shown = [cost(["-c", SHOW, opened, str(YEAR)], sources["now"]) for _ in range(turns + 1)][1:]
    card = statistics.median(each.wall for each in shown)
    rows = [
        [name, *(f"{getattr(costs[which], kind):.2f} s" for kind in ("processor", "wall") for which in sources)]
        for name, costs in found.items()
    ]
    rows.append([f"a card of {teams:,} teams opened before", "", "", "", f"{card:.2f} s"])
    print(table(["", "processor, before", "processor, now", "wall, before", "wall, now"], rows))
    score, two_years, usage, small = found.values()
    print(
        Ratio.lines(
            [
                Ratio("score, processor: before ÷ now", score["before"].processor / score["now"].processor, at_least=4),
                Ratio(
                    "open two years, wall: before ÷ now", two_years["before"].wall / two_years["now"].wall, at_least=4
                ),
                Ratio("assess --help, processor ÷ 1 s", usage["now"].processor, at_most=0.3),
                Ratio("score the sample, wall ÷ 1 s", small["now"].wall, at_most=1.2),
                Ratio("a card of a year opened before, wall ÷ 1 s", card, at_most=3),
            ]
        )
    )


def earlier(folder: Path) -> Path:
    """The sources of the earlier program, unpacked into a folder. Raises CalledProcessError where git has no such commit."""
    packed = subprocess.run(
        ["git", "archive", BEFORE, "src", "parameters"], cwd=project_root(), check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
    return folder / "src"


def in_turns(command: Callable[[], list[str]], sources: dict[str, Path], turns: int) -> dict[str, Cost]:
    """The median costs of a command with each program, in alternate turns. ``command`` makes its arguments anew."""
    costs: dict[str, list[Cost]] = {which: [] for which in sources}
    for turn in range(turns):
        for which, source in sources.items():
            arguments = command()
            costs[which].append(cost(arguments, source))
            print(f"turn {turn + 1}, {which}: {' '.join(arguments[:3])!r:.40}", costs[which][-1], file=sys.stderr)
    return {
        which: Cost(statistics.median(one.wall for one in found), statistics.median(one.processor for one in found))
        for which, found in costs.items()
    }


def cost(arguments: list[str], source: Path) -> Cost:
    """What one fresh Python process costs with the sources of a program. Raises CalledProcessError when it fails."""
    before, began = _processor(), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(source)}
    )
    return Cost(time.perf_counter() - began, _processor() - before)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def untouched(data: Path, home: Path) -> str:
    """The data in a new folder, so that nothing that an earlier command kept beside them is found."""
    folder = Path(tempfile.mkdtemp(dir=home)) / "data"
    shutil.copytree(data, folder, copy_function=_link)
    return str(folder)


def one_year(data: Path, home: Path) -> str:
    folder = Path(untouched(data, home))
    shutil.rmtree(folder / str(YEAR - 1))
    return str(folder)


def asked(home: Path) -> list[str]:
    return ["--year", str(YEAR), "--out", tempfile.mkdtemp(dir=home)]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


if __name__ == "__main__":
    main()
