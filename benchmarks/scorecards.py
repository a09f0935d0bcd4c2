"""Seconds per scorecard of every contender, in one run: ratios, and how they grow.

python -m benchmarks.scorecards            all contenders and the ratios asked for
python -m benchmarks.scorecards NAME N     one of them: N scorecards, the first few not counted
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assess_lib.api import compute_years
from assess_lib.assessment_cache import VARIABLE, question, write_years
from assess_lib.resources import project_root
from assess_lib.runs import batch
from benchmarks import contenders
from benchmarks.report import Ratio, table

WARMING = {"ours": 2, "ours_two": 4}  # scorecards not counted; one for all others
COUNTED = {
    "shell_loop": 2,
    "papermill_loop": 3,
    "ploomber_engine": 8,
    "floor": 8,
    "ours": 8,
    "ours_two": 16,
}
ROUNDS = 3
YEAR = 2016


def main() -> None:
    if len(sys.argv) > 2:
        print(json.dumps(measure(*sys.argv[1:3])))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = project_root() / "data" / "sample"
        prepared = Path(folder) / "prepared"
        write_years(prepared, question(data, YEAR, ""), compute_years(data, YEAR))
        seconds = compare(str(data), str(prepared))
    ours = seconds["ours"]
    rows = [[name, f"{value:.2f} s", f"{value / ours:.2f}"] for name, value in seconds.items()]
    print(table(["contender", "per scorecard", "÷ ours"], rows))
    print(
        Ratio.lines(
            [
                Ratio("shell loop ÷ ours", seconds["shell_loop"] / ours, at_least=10),
                Ratio("one papermill loop ÷ ours", seconds["papermill_loop"] / ours, at_least=3.5),
                Ratio("ploomber-engine ÷ ours", seconds["ploomber_engine"] / ours, at_least=1),
                Ratio("ours ÷ floor", ours / seconds["floor"], at_most=1.25),
                Ratio("one process ÷ two processes", ours / seconds["ours_two"], at_least=1.7),
            ]
        )
    )


def compare(data: str, prepared: str) -> dict[str, float]:
    """The median seconds per scorecard of every contender, over rounds in which each has its turn."""
    found: dict[str, list[float]] = {name: [] for name in COUNTED}
    for turn, name in itertools.product(range(ROUNDS), COUNTED):
        if turn and name == "shell_loop":
            continue  # a minute each; one round is enough for a factor of ten
        command = [sys.executable, "-m", "benchmarks.scorecards", name, str(COUNTED[name])]
        environment = os.environ | {VARIABLE: prepared, "ASSESS_BENCH_DATA": data, "PLOOMBER_STATS_ENABLED": "false"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found[name].append(json.loads(done.stdout.splitlines()[-1])["seconds"])
        print(f"round {turn + 1}: {name} {found[name][-1]:.3f} s", file=sys.stderr, flush=True)
    return {name: statistics.median(values) for name, values in found.items()}


def measure(name: str, counted: str) -> dict[str, float]:
    """Seconds per scorecard of one contender once it is under way, and the peak memory of its process in MB."""
    data, prepared = os.environ["ASSESS_BENCH_DATA"], os.environ[VARIABLE]
    warming, counted = WARMING.get(name, 1), int(counted)
    with tempfile.TemporaryDirectory() as folder:
        making = getattr(contenders, name)(jobs(data, Path(folder), warming + counted), prepared)
        for _ in range(warming):
            next(making)
        began = time.perf_counter()
        for _ in range(counted):
            next(making)
        seconds = (time.perf_counter() - began) / counted
        making.close()
    return {"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def jobs(data: str, folder: Path, count: int) -> list:
    """So many jobs of the teams of the data, over and over if there are fewer teams."""
    from assess_lib.assessment_cache import handed_over

    years = handed_over(data, YEAR, "")
    given = {"year": YEAR, "data": data, "rubric": "", "lang": "zh"}
    teams = years[0].data.teams()["name"]
    folder.joinpath("notebooks").mkdir(exist_ok=True)
    folder.joinpath("teams").mkdir(exist_ok=True)
    return [
        batch.team_job(folder, team, given, teams[team])
        for team in itertools.islice(itertools.cycle(teams.index), count)
    ]


if __name__ == "__main__":
    main()
