"""What a county sent, against what it should send: a table that is not there must not cost its teams points in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from assess_lib.faults import Fault, Location
from assess_lib.tables.keys import MAY_BE_EMPTY, OF_PROVINCE
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.year_files import WORKBOOKS


def check_counties(raw: Mapping[str, RawTable], needed: set[str]) -> Iterator[Fault]:
    """The needed tables that the workbooks of a county lack or hold without rows, while the county has teams.

    A table of which a file speaks for all counties is nobody's to send.
    """
    workbooks = _workbooks_with_teams(raw)
    for table in (name for name in SCHEMAS if name in needed - MAY_BE_EMPTY - set(OF_PROVINCE) and name in raw):
        parts = raw[table].parts
        if any(not part.county for part in parts):
            continue
        sent = {part.county for part in parts if len(part.cells)}
        for county, file in workbooks.items() if sent else ():  # one that nobody sent is told by itself
            if county not in sent:
                where = Location(table, county=county)
                details = {"table": words_of(table), "county": county}
                yield Fault("tables.county_lacks", file, details=details, location=where, of_county=True)


def teams_of_county(raw: Mapping[str, RawTable], county: str) -> set[int]:
    """The rows of the table of teams that a county sent."""
    return {row for part, rows in raw["teams"].spans() if part.county == county for row in range(rows.start, rows.stop)}


def _workbooks_with_teams(raw: Mapping[str, RawTable]) -> dict[str, str]:
    """By county, the workbook that names its teams."""
    parts = raw["teams"].parts if "teams" in raw else []
    return {
        part.county: part.file
        for part in parts
        if part.county and len(part.cells) and Path(part.file).suffix.lower() in WORKBOOKS
    }
