"""The tables of the year before, with which those of a year are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from assess_lib.faults import NOTE, WARNING, Fault, Location
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import MAY_BE_EMPTY
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import read_files
from assess_lib.tables.reading.headings import table_of
from assess_lib.tables.schemas import SCHEMAS, label, words_of
from assess_lib.tables.year_files import WORKBOOKS, TableFile, YearFiles, year_files_of
from assess_lib.words import LANGUAGES, join_list


@dataclass(frozen=True)
class YearBefore:
    """Tables of the year before as they stand.

    Attributes
    ----------
    frames : by table, in values.
    rows : by county (empty for none or all) and table, how many rows the files have.
    notes : what names the tables that cannot be compared with.
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    notes: tuple[Fault, ...] = ()


def year_before(folder: str | Path, year: int, wanted: set[str]) -> YearBefore:
    """The tables of the year before that are wanted. What is wrong with them is told when that year is checked."""
    home = Path(folder) / str(year - 1)
    layout = year_files_of(folder, year - 1)[0] if home.is_dir() else None
    raw = read_files(_files_with(layout, wanted))[0] if layout else {}
    raw = {name: table for name, table in raw.items() if name in wanted}
    frames = {name: parse_table(name, raw[name]).frame for name in SCHEMAS if name in raw}
    rows: Counter[tuple[str, str]] = Counter()
    for name, table in raw.items():
        for part in table.parts:
            rows[part.county, name] += len(part.cells)
    lacking = [name for name in SCHEMAS if name in wanted and name not in frames and name not in MAY_BE_EMPTY]
    if not lacking:
        return YearBefore(frames, dict(rows))
    words = {lang: join_list([label(name, lang) for name in lacking], lang) for lang in LANGUAGES}
    note = Fault("checks.not_compared", str(home), details={"year": year - 1, "tables": words}, severity=NOTE)
    return YearBefore(frames, dict(rows), (note,))


def far_fewer(raw: Mapping[str, RawTable], before: YearBefore) -> Iterator[Fault]:
    """Tables of a county with less than a part of the rows of the year before, as of a file that was cut."""
    about = bounds().rows_of_a_table
    for name, table in raw.items():
        counts: Counter[str] = Counter()
        for part in table.parts:
            counts[part.county] += len(part.cells)
        for part in {part.county: part for part in table.parts}.values():
            was, now = before.rows.get((part.county, name), 0), counts[part.county]
            if was >= about.least and now < was * about.share_of_last_year:
                details = {"table": words_of(name), "count": now, "before": was}
                where = Location(name, sheet=part.sheet, county=part.county)
                yield Fault("checks.far_fewer_rows", part.file, part.sheet, "", details, WARNING, where)


def _files_with(layout: YearFiles, wanted: set[str]) -> Iterator[TableFile]:
    """The files of a year that may hold one of the tables: a file named after another does not."""
    for file in layout.every():
        name = file.table or ("" if file.path.suffix.lower() in WORKBOOKS else table_of(file.path.stem))
        if not name or name in wanted:
            yield file
