"""Sheets and columns that are not used because of their name: what else would be told of them is told at once, not at the next sending."""

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
from assess_lib.tables.schemas import SCHEMAS

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


def faults_of_renamed(raw: Mapping[str, RawTable], frames: Frames, year: int) -> Iterator[Fault]:
    """What is wrong with the cells of columns that may be the required ones that their sheets lack.

    Parameters: as for ``faults_of_misnamed``; ``raw`` the tables of the year as read.
    """
    for part in (part for table in raw.values() for part in table.parts if part.unused):
        cells = part.cells.assign(**{column: cells for column, (_, cells) in part.unused.items()})
        columns = part.columns | {column: heading for column, (heading, _) in part.unused.items()}
        for fault in faults_of_misnamed([replace(part, cells=cells, columns=columns)], frames, year):
            of_amount = fault.key.startswith("checks.") and _has_unit(part.table, fault.location.column)
            if fault.location.column in part.unused and not of_amount:  # of which it is not known in what unit it is
                yield fault


def _has_unit(table: str, column: str) -> bool:
    return column in SCHEMAS[table].columns and bool(SCHEMAS[table].columns[column].metadata.get("unit"))


def _found(table: ParsedTable, frames: Frames, year: int) -> Iterator[Found]:
    around = {**frames, table.name: table.frame}
    yield from table.unreadable
    yield from check_cells(table, year, around)
    yield from check_ranges(table, year)
    yield from check_uniqueness(table.name, table.frame, table.raw)
    yield from explained(check_references({table.name: table.frame}, around), around)
