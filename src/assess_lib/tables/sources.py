"""Reading a year's folder (CSV, XLSX, Parquet, any mix) into checked tables.

A row that has an error is set aside, and the team that it belongs to is known from then on as one of which rows are
missing; a file or table that cannot be used as a whole keeps the year from being used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, Fault, UnusableInput
from assess_lib.tables.checks.cells import check_table
from assess_lib.tables.checks.findings import Findings
from assess_lib.tables.checks.keys import check_references, check_uniqueness
from assess_lib.tables.checks.owners import Owners
from assess_lib.tables.checks.plausibility import check_rules
from assess_lib.tables.dataset import YearData
from assess_lib.tables.keys import MAY_BE_EMPTY, TEAM_LINKS
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsing import plain
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.delimited import read_delimited
from assess_lib.tables.reading.grid import Read
from assess_lib.tables.reading.headings import SEARCHED_ROWS, Heading, TablePart, pieces_of, table_of
from assess_lib.tables.reading.workbooks import read_workbook
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.year_files import PARQUET, WORKBOOKS, TableFile, year_files_of

ALL_TABLES = {
    "zh": "、".join(schema.metadata["zh"] for schema in SCHEMAS.values()),
    "en": ", ".join(SCHEMAS),
}


SIDE_SHEETS = frozenset({"填写说明", "说明", "填表说明", "instructions", "目录"})
NOBODY = ""  # stands for the team of rows of which nobody can say whose they are


@dataclass(frozen=True)
class Checked:
    """What a check of a year's folder gave.

    Attributes
    ----------
    data : the rows that can be used; None when the year cannot be.
    faults : everything found, of all severities; those of rows with team and county.
    findings : the tables as read, and which of their rows were set aside; None without a folder.
    unowned : rows set aside of which nobody can say to which team they belong.
    """

    data: YearData | None
    faults: list[Fault]
    findings: Findings | None = field(default=None, repr=False)
    unowned: int = 0

    @property
    def rows_set_aside(self) -> int:
        """How many rows have an error."""
        return sum(int(which.sum()) for which in self.findings.unusable.values()) if self.findings else 0

    def errors(self) -> list[Fault]:
        """The faults that keep something from being used."""
        return [fault for fault in self.faults if fault.severity == ERROR]


def read_year(folder: str | Path, year: int, needed: set[str] | None = None) -> YearData:
    """All tables of one year, checked; rows with an error are left out and counted in ``set_aside``.

    Parameters
    ----------
    folder : data folder; its sub-folder named after the year holds the files.
    year : assessment year.
    needed : tables that must be there and have rows; None means all.

    Raises
    ------
    UnusableInput with every error of every file.
    """
    checked = check_year(folder, year, needed)
    if checked.data is None:
        raise UnusableInput(checked.errors())
    return checked.data


def check_year(folder: str | Path, year: int, needed: set[str] | None = None) -> Checked:
    """The data of a year, or None, with everything found in every file."""
    layout, faults = year_files_of(folder, year)
    if layout is None:
        return Checked(None, faults)
    raw, found = read_files(layout.every())
    needed = needed_tables(needed)
    findings = Findings(raw, [*faults, *found])
    for name in SCHEMAS:
        if name in needed and name not in raw:
            findings.whole("tables.missing_table", str(layout.home), table=words_of(name))
        elif name in needed and raw[name].cells.empty:
            findings.whole("tables.empty_table", raw[name].read_from[0], table=words_of(name))
    frames = check_frames(raw, year, needed, findings)
    check_references(frames, findings, frames)
    check_rules(frames, findings, year)
    return _checked(year, frames, findings)


def needed_tables(needed: set[str] | None) -> set[str]:
    """Tables that must be there and have rows; None means all that may not be empty."""
    return (set(SCHEMAS) - {"entered_values"} if needed is None else needed) - MAY_BE_EMPTY


def check_frames(raw: dict[str, RawTable], year: int, needed: set[str], findings: Findings) -> dict[str, pd.DataFrame]:
    """Typed tables; what is wrong with each by itself and with the links of the teams goes to the findings."""
    frames = {}
    for name in (name for name in SCHEMAS if name in raw):
        frames[name] = check_table(name, raw[name], year, findings)
        check_uniqueness(name, frames[name], findings)
    _check_links(frames, needed, findings)
    return frames


def _check_links(frames: dict[str, pd.DataFrame], needed: set[str], findings: Findings) -> None:
    """A team must name its village and unit wherever anything is measured from their tables."""
    if "teams" not in frames:
        return
    for table, column in TEAM_LINKS:
        if table not in needed:
            continue
        if column in frames["teams"]:
            findings.rows("teams", frames["teams"][column].isna(), column, "tables.blank")
            continue
        words = {"table": words_of("teams"), "name": words_of("teams", column)}
        findings.whole("tables.missing_column", ", ".join(findings.raw["teams"].read_from), f"column {column}", **words)


def _checked(year: int, frames: dict[str, pd.DataFrame], findings: Findings) -> Checked:
    """Set aside the rows that cannot be used, and tell of every finding whose it is."""
    owners = Owners(frames, findings)
    faults = [_owned(fault, owners) if fault.of_row else fault for fault in findings.faults]
    if any(fault.severity == ERROR and not fault.of_row for fault in faults):
        return Checked(None, faults, findings)
    set_aside: dict[str, dict[str, int]] = {}
    unowned = 0
    for name in frames:
        for row in np.flatnonzero(findings.unusable[name]):
            teams = owners.teams(name, int(row))
            unowned += not teams
            for team in teams or [NOBODY]:
                mine = set_aside.setdefault(team, {})
                mine[name] = mine.get(name, 0) + 1
    left_out = {name: findings.unusable[name] | findings.repeated[name] for name in frames}
    usable = {name: frame[~left_out[name]] if left_out[name].any() else frame for name, frame in frames.items()}
    if not len(usable.get("teams", ())):
        faults.append(Fault("tables.no_team_left"))
        return Checked(None, faults, findings)
    return Checked(YearData.of(year, usable, set_aside), faults, findings, unowned)


def _owned(fault: Fault, owners: Owners) -> Fault:
    table, row = fault.location.table, fault.location.index
    team = ", ".join(owners.teams(table, row)[:3])
    return replace(fault, location=replace(fault.location, team=team, county=owners.county(table, row)))


def read_files(files: Iterable[TableFile]) -> tuple[dict[str, RawTable], list[Fault]]:
    """The tables in files as they stand there, by name, and the faults of files."""
    pieces: dict[str, list[TablePart]] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            found, told = _read_file(file)
        except UnusableInput as unusable:
            faults += unusable.faults
            continue
        except Exception as error:  # noqa: BLE001 - readers raise what they like; the file is named
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            faults.append(Fault("reading.unreadable", str(file.path), details={"why": scrubbed(why[:160], prose=True)}))
            continue
        faults += told
        for piece in found:
            pieces.setdefault(piece.table, []).append(piece)
    return {name: RawTable(parts) for name, parts in pieces.items()}, faults


def _read_file(file: TableFile) -> tuple[list[TablePart], list[Fault]]:
    """What a file holds of tables, and what is told of it."""
    path, suffix = file.path, file.path.suffix.lower()
    if suffix == PARQUET:
        return _parquet(file)
    read: Read = read_workbook(path, table_of) if suffix in WORKBOOKS else read_delimited(path)
    pieces, faults = [], read.faults
    for grid in read.grids:
        table = table_of(grid.sheet) if grid.sheet else table_of(path.stem)
        if not table and len(read.grids) == 1:
            table = table_of(path.stem)
        if not table:
            if grid.sheet and any(map(any, grid.head(SEARCHED_ROWS))) and plain(grid.sheet) not in SIDE_SHEETS:
                severity = "note" if any(table_of(other.sheet) for other in read.grids) else ERROR
                name = scrubbed(grid.sheet)
                faults.append(Fault("tables.unknown_sheet", str(path), name, name, {"tables": ALL_TABLES}, severity))
            elif not grid.sheet:
                faults.append(Fault("tables.unknown_table", str(path), "", path.stem, {"tables": ALL_TABLES}))
            continue
        piece, told = pieces_of(grid, table, str(path))
        faults += told
        pieces += [piece] if piece else []
    county = file.county or (_county(pieces) or path.stem if suffix in WORKBOOKS else "")
    for piece in pieces:
        piece.county, piece.serials = county, read.serials
    return pieces, faults


def _county(pieces: list[TablePart]) -> str:
    """The one county of the teams or villages of a workbook; empty where there are several."""
    for table in ("teams", "villages"):
        named = [piece.cells["county"] for piece in pieces if piece.table == table and "county" in piece.cells]
        known = {str(name).strip() for column in named for name in column if str(name).strip()}
        if len(known) == 1:
            return known.pop()
    return ""


def _parquet(file: TableFile) -> tuple[list[TablePart], list[Fault]]:
    cells = pd.read_parquet(file.path, partitioning=None)  # the folder's name is no column of every table
    cells = cells.reset_index(drop=cells.index.name is None)
    table = file.table or table_of(file.path.stem)
    if not table:
        return [], [Fault("tables.unknown_table", str(file.path), "", file.path.stem, {"tables": ALL_TABLES})]
    known, faults = SCHEMAS[table].columns, []
    for column in cells.columns:
        if column not in known:
            details = {"columns": {"zh": "、".join(known), "en": ", ".join(known)}}
            faults.append(
                Fault("tables.unknown_column", str(file.path), f"column {column}", str(column), details, "warning")
            )
    cells = cells[[column for column in cells.columns if column in known]]
    if file.county is not None and "county" in known and "county" not in cells:
        cells["county"] = file.county
    cells.index = pd.RangeIndex(2, len(cells) + 2)  # as if the names of the columns stood in a first row
    columns = {column: Heading(place, column) for place, column in enumerate(cells.columns)}
    return [TablePart(table, str(file.path), "", cells, columns, county=file.county or "")], faults
