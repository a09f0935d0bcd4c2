"""The cells above a table in which another year or county stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assess_lib.faults import Fault
from assess_lib.tables.checks.identity import check_titles
from assess_lib.tables.raw import RawTable, place_of
from assess_lib.tables.reading.grid import letters
from assess_lib.tables.reading.headings import TablePart

_OF_TITLES = frozenset({"tables.titled_for_another_year", "tables.titled_for_another_county"})


def at_their_cells(faults: Iterable[Fault], raw: Mapping[str, RawTable], year: int) -> Iterator[Fault]:
    """The faults of ``check_titles``, each at the first cell above the table that raises it; others as they are."""
    parts = {(part.file, part.sheet, part.table): part for table in raw.values() for part in table.parts}
    for fault in faults:
        part = parts.get((fault.file, fault.location.sheet, fault.location.table))
        yield _at_cell(fault, part, year) if part and fault.key in _OF_TITLES else fault


def _at_cell(fault: Fault, part: TablePart, year: int) -> Fault:
    for row, place, text in part.above:
        if fault.value in text or _names_year(part, text, fault.value, year):
            cell = f"{letters(place)}{row}" if part.sheet else ""
            location = replace(fault.location, row=row, cell=cell)
            return replace(fault, place=place_of(location), location=location)
    return fault


def _names_year(part: TablePart, text: str, named: str, year: int) -> bool:
    """True for a text that names a year in other digits than those in which it is told."""
    alone = replace(part, sheet="", county="", titles=(text,), columns={})
    return any(fault.value == named for fault in check_titles({part.table: RawTable([alone])}, year))
