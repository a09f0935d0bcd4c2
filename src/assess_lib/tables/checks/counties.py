"""What a county sent, against what it should send: a table that is not there must not cost its teams points in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, Fault, Location
from assess_lib.tables.keys import AGAINST_TEAMS, MAY_BE_EMPTY, OF_PROVINCE
from assess_lib.tables.parsing import cell_text, plain
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.year_files import WORKBOOKS

MISNAMED, HIDDEN = "tables.misnamed_sheet", "reading.hidden_sheet"
_OF_COUNTY = {MISNAMED: "tables.county_misnamed", HIDDEN: "tables.county_hidden"}  # where the county sent no other
_NEAREST = ("team_id", "member_id", "household_id", "village_id", "unit_id")


def check_counties(raw: Mapping[str, RawTable], needed: set[str]) -> Iterator[Fault]:
    """The needed tables of which a county with teams has no rows: not in its workbooks, nor in files for all counties."""
    workbooks = _workbooks_with_teams(raw)
    for table in (name for name in SCHEMAS if name in needed - MAY_BE_EMPTY - set(OF_PROVINCE) and name in raw):
        parts = [part for part in raw[table].parts if len(part.cells)]
        sent, for_all = {part.county for part in parts}, [part for part in parts if not part.county]
        for county, file in workbooks.items() if sent else ():  # one that nobody sent is told by itself
            if county not in sent and not _holds_rows_of(for_all, _ids_of(raw, county)):
                where = Location(table, county=county)
                details = {"table": words_of(table), "county": county}
                yield Fault("tables.county_lacks", file, details=details, location=where, of_county=True)


def told_at_sheets(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, those of tables that are not there told at the sheet that has their heading under another name, or is hidden."""
    every = list(faults)
    missing = {fault.location.table for fault in every if fault.key == "tables.missing_table"}
    lacking = {(fault.file, fault.location.table): fault for fault in every if fault.key == "tables.county_lacks"}
    sheets = {(fault.file, fault.location.table) for fault in every if fault.key in _OF_COUNTY}
    tables = {table for _, table in sheets}
    told = []
    for fault in every:
        at = (fault.file, fault.location.table)
        if fault.key == HIDDEN and at[1] in missing:
            fault = replace(fault, key="tables.hidden_table", severity=ERROR, details={"table": words_of(at[1])})
        elif fault.key == MISNAMED and at[1] in missing:
            fault = replace(fault, severity=ERROR)
        elif fault.key in _OF_COUNTY and at in lacking:
            lack = lacking[at]
            details, where = fault.details | lack.details, replace(fault.location, county=lack.location.county)
            key = _OF_COUNTY[fault.key]
            fault = replace(fault, key=key, severity=ERROR, of_county=True, details=details, location=where)
        elif (fault.key == "tables.missing_table" and at[1] in tables) or lacking.get(at) is fault and at in sheets:
            continue
        told.append(fault)
    return told


def _ids_of(raw: Mapping[str, RawTable], county: str) -> dict[str, set[str]]:
    """The ids of the teams of a county, of their villages and units, and of what belongs to these, by column."""
    teams = raw["teams"].cells.iloc[sorted(teams_of_county(raw, county))]
    ids = {column: _plain_ids(teams, column) for column in ("team_id", "village_id", "unit_id")}
    for table, key, of in (("households", "household_id", "village_id"), ("members", "member_id", "team_id")):
        cells = raw[table].cells if table in raw else teams.iloc[:0]
        mine = [plain(cell_text(name)) in ids[of] for name in cells[of]] if of in cells else []
        ids[key] = _plain_ids(cells[mine], key) if mine else set()
    return ids


def _holds_rows_of(parts: list[TablePart], ids: Mapping[str, set[str]]) -> bool:
    """True where a row belongs to one of these: by the first of their columns that there is, for units are of many counties."""
    for part in parts:
        column = next((column for column in _NEAREST if column in part.cells), None)
        if column and not ids[column].isdisjoint(_plain_ids(part.cells, column)):
            return True
    return False


def _plain_ids(cells: pd.DataFrame, column: str) -> set[str]:
    """The ids in a column as they are compared where nobody has looked at them yet."""
    return {plain(cell_text(name)) for name in cells[column].unique()} - {""} if column in cells else set()


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


def perhaps_of(frames: Mapping[str, pd.DataFrame], raw: Mapping[str, RawTable], table: str, row: int) -> list[str]:
    """The teams that a row set aside may belong to: those of the county whose file it is in.

    Of a row of no county, where its loss would be a gain, all teams; else none.
    """
    teams = frames.get("teams", pd.DataFrame())
    county = raw[table].part_of(row).county
    if "team_id" not in teams or not (county or table in AGAINST_TEAMS):
        return []
    own = np.zeros(len(teams), dtype=bool)
    own[sorted(teams_of_county(raw, county)) if county else []] = True
    if county and "county" in teams:
        own |= (teams["county"] == county).fillna(False).to_numpy(dtype=bool)
    if not own.any() and table in AGAINST_TEAMS:
        own[:] = True
    return sorted(teams["team_id"][own].dropna().unique())
