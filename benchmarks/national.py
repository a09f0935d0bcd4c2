"""Scoring a data set partitioned by county: cost, memory and measuring against DuckDB.

python -m benchmarks.national               2 and 32 counties of 405 teams
python -m benchmarks.national 255000        a whole country, time and memory only (hours)
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from assess_lib.sample.dataset import write_sample
from assess_lib.tables.year_files import year_files_of
from benchmarks.household_level import YEAR, by_duckdb, by_product, differences, files_of
from benchmarks.report import Ratio, table
from benchmarks.watch import watch

ASSESS = str(Path(sys.executable).parent / "assess")
COUNTIES, TEAMS = (2, 32), 405
MEMORY = 1536


def main() -> None:
    if len(sys.argv) > 1:
        sizes = [(int(sys.argv[1]), None)]
    else:
        sizes = [(count * TEAMS, count) for count in COUNTIES]
    rows, seen = [], []
    with tempfile.TemporaryDirectory() as folder:
        for teams, counties in sizes:
            data, out = Path(folder) / str(teams), Path(folder) / f"out-{teams}"
            write_sample(data, teams, 2016, [YEAR], partitioned=True, counties=counties)
            found = watch([ASSESS, "score", str(data), "--year", str(YEAR), "--out", str(out)])
            seen.append(found)
            layout = year_files_of(data, YEAR)[0]
            lines = sum(pq.read_metadata(file.path).num_rows for files in layout.counties.values() for file in files)
            rows.append(
                [
                    f"{teams:,}",
                    f"{len(layout.counties):,}",
                    f"{lines:,}",
                    f"{found.wall:.0f} s",
                    f"{1000 * found.wall / teams:.1f} ms",
                    f"{found.runner:.0f} MB",
                    f"{found.every:.0f} MB",
                ]
            )
        print(
            table(["teams", "counties", "rows", "assess score", "per team", "peak runner", "peak all processes"], rows)
        )
        if len(sizes) > 1:
            grown = sizes[-1][0] // sizes[0][0]
            ratios = [
                Ratio(f"time, {grown} times the data", seen[-1].wall / seen[0].wall, at_most=17),
                Ratio(f"peak memory of all processes ÷ {MEMORY} MB", seen[-1].every / MEMORY, at_most=1),
            ]
            print(Ratio.lines([*ratios, measuring(Path(folder) / str(sizes[-1][0]) / str(YEAR))]))


def measuring(home: Path) -> Ratio:
    """Processor seconds of the household-level indicators over all counties, by the product and by DuckDB."""
    ours = theirs = 0.0
    counties = sorted(partition.name for partition in (home / "households").iterdir())
    for again in range(2):  # the first county is measured twice: what is done once per process is not counted
        for county in counties if again else counties[:1]:
            files, began = files_of(home, county), time.process_time()
            mine, between = by_product(files), time.process_time()
            other, ended = by_duckdb(files), time.process_time()
            assert differences(mine, other) == [], "the same numbers, or it is no comparison"
            ours, theirs = (ours + between - began, theirs + ended - between) if again else (0.0, 0.0)
    print(
        f"21 household-level indicators of {len(counties)} counties: {ours:.1f} s, DuckDB {theirs:.1f} s of processor time\n"
    )
    return Ratio("measuring ÷ DuckDB, processor time", ours / theirs, at_most=1.5)


if __name__ == "__main__":
    main()
