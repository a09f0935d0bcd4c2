"""A whole ``assess run`` on data sets of growing size: cost per scorecard and peak memory.

python -m benchmarks.year_end               10, 100 and 1 000 teams, 16 scorecards of each
python -m benchmarks.year_end 1000 1000     all scorecards of 1 000 teams
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Ratio, table
from benchmarks.watch import watch

ASSESS = str(Path(sys.executable).parent / "assess")
SIZES = (10, 100, 1000)
CARDS = 16
PROCESSES = 2


def main() -> None:
    sizes = [(int(sys.argv[1]), int(sys.argv[2]))] if len(sys.argv) > 2 else [(size, CARDS) for size in SIZES]
    rows, cost, memory = [], {}, {}
    for teams, cards in sizes:
        found = measure(teams, min(teams, cards))
        cost[teams], memory[teams] = found["card"], found["runner"]
        rows.append(
            [
                f"{teams:,}",
                str(min(teams, cards)),
                f"{found['wall']:.0f} s",
                f"{found['card']:.2f} s",
                f"{found['runner']:.0f} MB",
                f"{found['all']:.0f} MB",
            ]
        )
    heading = ["teams", "scorecards", "whole run", "per scorecard and process", "peak runner", "peak all processes"]
    print(table(heading, rows))
    if len(sizes) > 1:
        small, large = sizes[0][0], sizes[-1][0]
        print(
            Ratio.lines(
                [
                    Ratio(f"per scorecard, {large:,} teams ÷ {small}", cost[large] / cost[small], at_most=1.15),
                    Ratio(
                        f"peak memory of the runner, {large:,} teams ÷ {small}",
                        memory[large] / memory[small],
                        at_most=1.15,
                    ),
                ]
            )
        )


def measure(teams: int, cards: int) -> dict[str, float]:
    """One run over a sample: seconds in all and per scorecard, peak memory of the runner and of all (MB).

    Memory of all processes is their proportional share (PSS), so that what they share counts once.
    """
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        subprocess.run([ASSESS, "sample", "--teams", str(teams), "--out", str(data)], check=True, capture_output=True)
        chosen = ",".join(f"T{n + 1:04d}" for n in range(cards))
        command = [
            ASSESS,
            "run",
            str(data),
            "--year",
            "2016",
            "--out",
            str(out),
            "--teams",
            chosen,
            "--jobs",
            str(PROCESSES),
        ]
        seen = watch(command)
        lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        seconds = [line["seconds"] for line in lines if str(line.get("name", "")).startswith("T")]
    return {"wall": seen.wall, "card": statistics.median(seconds), "runner": seen.runner, "all": seen.every}


if __name__ == "__main__":
    main()
