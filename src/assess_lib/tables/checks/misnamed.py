"""Sheets that are not used because of their name: what else would be told of them is told at once, not at the next sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from assess_lib.faults import ERROR, Fault
from assess_lib.tables.checks.cells import check_cells
from assess_lib.tables.checks.findings import Found
from assess_lib.tables.checks.id_forms import explained
from assess_lib.tables.checks.keys import check_references, check_uniqueness
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.value_ranges import check_ranges
from assess_lib.tables.parsed import ParsedTable, parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart

Frames = Mapping[str, pd.DataFrame]


def faults_of_misnamed(parts: Iterable[TablePart], frames: Frames, year: int) -> Iterator[Fault]:
    """What is wrong with the cells of each of some sheets. They have no rows of a table, so nothing is set aside.

    Parameters: ``frames`` the tables of the year, to which the rows point.
    """
    for part in parts:
        raw = RawTable([part])
        table = parse_table(part.table, raw)
        for fault in faults_of(_found(table, frames, year), {part.table: raw}):
            of_county = fault.severity == ERROR and bool(part.county)
            yield replace(fault, location=replace(fault.location, index=-1), of_county=of_county)


def _found(table: ParsedTable, frames: Frames, year: int) -> Iterator[Found]:
    around = {**frames, table.name: table.frame}
    yield from table.unreadable
    yield from check_cells(table, year, around)
    yield from check_ranges(table, year)
    yield from check_uniqueness(table.name, table.frame, table.raw)
    yield from explained(check_references({table.name: table.frame}, around), around)
