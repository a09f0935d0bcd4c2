"""The tables of the year before, with which those of a year are compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from assess_lib.faults import NOTE, Fault
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.read_files import read_files
from assess_lib.tables.reading.headings import table_of
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.tables.year_files import WORKBOOKS, TableFile, YearFiles, year_files_of
from assess_lib.words import LANGUAGES, join_list


def earlier_tables(folder: str | Path, year: int, wanted: set[str]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Tables of the year before as they stand, and a note that names those which cannot be compared with.

    What is wrong with them is told when that year is checked.
    """
    home = Path(folder) / str(year - 1)
    layout = year_files_of(folder, year - 1)[0] if home.is_dir() else None
    raw = read_files(_files_with(layout, wanted))[0] if layout else {}
    frames = {name: parse_table(name, raw[name]).frame for name in SCHEMAS if name in raw and name in wanted}
    lacking = [name for name in SCHEMAS if name in wanted and name not in frames]
    if not lacking:
        return frames, []
    words = {lang: join_list([label(name, lang) for name in lacking], lang) for lang in LANGUAGES}
    note = Fault("checks.not_compared", str(home), details={"year": year - 1, "tables": words}, severity=NOTE)
    return frames, [note]


def _files_with(layout: YearFiles, wanted: set[str]) -> Iterator[TableFile]:
    """The files of a year that may hold one of the tables: a file named after another does not."""
    for file in layout.every():
        name = file.table or ("" if file.path.suffix.lower() in WORKBOOKS else table_of(file.path.stem))
        if not name or name in wanted:
            yield file
