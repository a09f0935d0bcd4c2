"""A hundred workbooks of a thousand rows: read against pandas, and checked.

python -m benchmarks.intake               100 workbooks
python -m benchmarks.intake 20            so many
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from assess_lib.sample.workbooks import write_workbooks
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.read_files import read_files
from assess_lib.tables.year_files import year_files_of
from benchmarks.report import Ratio, table

BOOKS, YEAR = 100, 2016


def main() -> None:
    books = int(sys.argv[1]) if len(sys.argv) > 1 else BOOKS
    with tempfile.TemporaryDirectory() as folder:
        data = write_workbooks(Path(folder), books, 2016, [YEAR], counties=books)
        files = sorted((data / str(YEAR)).glob("*.xlsx"))
        rows = 0
        ours, theirs = [], []
        for _ in range(3):  # in turn, and the quickest of each
            began = time.perf_counter()
            frames = [pd.read_excel(path, sheet_name=None, header=None, engine="calamine") for path in files]
            theirs.append(time.perf_counter() - began)
            rows = sum(len(sheet) for sheets in frames for sheet in sheets.values())
            del frames
            began = time.perf_counter()
            read_files(year_files_of(data, YEAR)[0].every())
            ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        checked = check_year(data, YEAR)
        seconds = time.perf_counter() - began
        print(
            table(
                [
                    "workbooks",
                    "rows",
                    "pandas + calamine",
                    "read with guards, headings, places",
                    "read and checked",
                    "findings",
                ],
                [
                    [
                        str(len(files)),
                        f"{rows:,}",
                        f"{min(theirs):.1f} s",
                        f"{min(ours):.1f} s",
                        f"{seconds:.1f} s",
                        f"{len(checked.faults):,}",
                    ]
                ],
            )
        )
        print(
            Ratio.lines(
                [
                    Ratio("reading ÷ pandas.read_excel", min(ours) / min(theirs), at_most=1.5),
                    Ratio(f"check of {len(files)} workbooks ÷ 30 s", seconds / 30 * BOOKS / books, at_most=1),
                ]
            )
        )


if __name__ == "__main__":
    main()
