"""A table's way from its file to the data that indicators measure, step by step:

    read and recognise → parse → check → locate → set aside → mask

Each step is a function from one typed thing to the next. Checks return findings; here they are collected. A row with an error is
set aside, and its team known as one of which rows are missing; a file or table that cannot be used keeps the year from being used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, NOTE, Fault, Location
from assess_lib.tables.checks.cells import check_cells
from assess_lib.tables.checks.contradictions import check_contradictions
from assess_lib.tables.checks.counties import check_counties, perhaps_of, teams_of_county, told_at_sheets
from assess_lib.tables.checks.doubtful_units import check_units
from assess_lib.tables.checks.file_names import check_file_names
from assess_lib.tables.checks.findings import Finding, Found, finding, repeated_rows, rows_with_errors
from assess_lib.tables.checks.foreign_rows import check_foreign_rows, foreign_rows
from assess_lib.tables.checks.id_forms import explained
from assess_lib.tables.checks.identity import check_identity, check_titles
from assess_lib.tables.checks.keys import check_references, check_uniqueness, rows_of_last_year
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.misnamed import faults_of_misnamed, faults_of_renamed
from assess_lib.tables.checks.names import check_names
from assess_lib.tables.checks.owners import Owners
from assess_lib.tables.checks.people import check_texts
from assess_lib.tables.checks.plausibility import check_rules
from assess_lib.tables.checks.receipt import ReceiptLine, receipt_of
from assess_lib.tables.checks.value_ranges import check_ranges
from assess_lib.tables.complete_tables import masking_for
from assess_lib.tables.dataset import YearData
from assess_lib.tables.keys import MAY_BE_EMPTY, TEAM_LINKS
from assess_lib.tables.masked_faults import masked_faults
from assess_lib.tables.masking import NO_PEOPLE, Masking
from assess_lib.tables.parsed import ParsedTable, parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_year import ReadYears
from assess_lib.tables.reading.column_names import column_names
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.starts import STARTS, starts_of
from assess_lib.tables.year_before import far_fewer, rows_by_county, year_before
from assess_lib.tables.year_files import SUFFIXES

TableCheck: TypeAlias = Callable[[pd.DataFrame], Iterator[Found]]
MOST_WRONG = 100_000  # rows of a sheet or file that are set aside one by one
READINGS = 2  # of files that are changed while they are read
Frames: TypeAlias = Mapping[str, pd.DataFrame]
YearCheck: TypeAlias = Callable[[Frames, Frames, Frames, int], Iterator[Found]]
NOBODY = ""  # stands for the team of rows of which nobody can say whose they are


@dataclass(frozen=True)
class CheckedTables:
    """Tables in values, with everything that the checks found.

    Attributes
    ----------
    raw, frames : by table, as it was read and in values.
    found : in the order of the checks.
    starts : what the year before says of villages and the province.
    rows_before : by county and table, how many rows there were in the year before.
    masking : of texts that may name the people of these tables, of rows with an error too.
    """

    raw: dict[str, RawTable]
    frames: dict[str, pd.DataFrame]
    found: tuple[Found, ...]
    masking: Masking = NO_PEOPLE
    starts: dict[str, pd.DataFrame] = field(default_factory=dict)
    rows_before: dict[tuple[str, str], int] = field(default_factory=dict)

    def __add__(self, more: Iterator[Found]) -> CheckedTables:
        """The same tables with what one more check found."""
        return replace(self, found=(*self.found, *more))

    @property
    def faults(self) -> list[Fault]:
        """The findings in words."""
        return faults_of(self.found, self.raw)

    @property
    def unusable(self) -> dict[str, np.ndarray]:
        """By table, which rows have an error, shape (rows,)."""
        return rows_with_errors(self.found, self._sizes)

    @property
    def repeated(self) -> dict[str, np.ndarray]:
        """By table, which rows say once more what another says, shape (rows,)."""
        return repeated_rows(self.found, self._sizes)

    @property
    def _sizes(self) -> dict[str, int]:
        return {name: len(table.cells) for name, table in self.raw.items()}


@dataclass(frozen=True)
class Checked:
    """The outcome of the check of a year's folder.

    Attributes
    ----------
    data : the rows that can be used; None when the year cannot be.
    faults : everything found, of all severities; those of rows with team and county.
    raw : the tables as read.
    unusable : by table, which of its rows were set aside, shape (rows,).
    unowned : rows set aside of which nobody can say to which team they belong.
    tables : what the checks saw; None where no file could be read.
    """

    data: YearData | None
    faults: list[Fault]
    raw: Mapping[str, RawTable] = field(default_factory=dict, repr=False)
    unusable: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)
    unowned: int = 0
    tables: CheckedTables | None = field(default=None, repr=False)

    @property
    def rows_set_aside(self) -> int:
        """The number of rows with an error."""
        return sum(int(rows.sum()) for rows in self.unusable.values())

    def receipt(self) -> list[ReceiptLine]:
        """For every table of every file the rows found and the rows used."""
        shown = self.tables.masking.text if self.tables else str
        return [
            replace(line, county=shown(line.county), file=shown(line.file), sheet=shown(line.sheet))
            for line in self._lines()
        ]

    def on_record(self, home: Path) -> tuple[dict[str, str], ...]:
        """The receipt as the record of a run keeps it. Parameters: ``home`` the folder of the year."""
        shown = self.tables.masking.text if self.tables else str
        return tuple(replace(line, county=shown(line.county)).as_record(home) for line in self._lines())

    def _lines(self) -> Iterator[ReceiptLine]:
        if self.tables is None:
            return
        tables = self.tables
        yield from receipt_of(tables.raw, tables.frames, tables.unusable, tables.repeated, tables.rows_before)

    def errors(self) -> list[Fault]:
        """The faults that keep something from being used."""
        return [fault for fault in self.faults if fault.severity == ERROR]


def check_year(
    folder: str | Path,
    year: int,
    needed: set[str] | None = None,
    more_checks: Mapping[str, TableCheck] | None = None,
    against: YearCheck | None = None,
    compared: Collection[str] = (),
    years: ReadYears | None = None,
) -> Checked:
    """The data of a year, or None, with everything found in every file, and the digests of what was read.

    Files that are changed meanwhile are read again, and when that happens again they are an error.

    Parameters
    ----------
    folder : data folder; its sub-folder named after the year holds the files.
    year : assessment year.
    needed : tables that must be there and have rows; None means all.
    more_checks : by table, further checks of its rows, by a rubric, which this room does not know.
    against : what is asked of the tables of the year, of which it sees the rows that can be used and those that were
        set aside, beside those of the year before, of which it sees ``compared``.
    years : what was read of the folder before, and is read now, for the checks of its other years.
    """
    years, changed = years or ReadYears(folder), [""]
    home, files = years.of(year).home, dict[str, str]()
    for _ in range(READINGS):
        snapshot = years.of(year).snapshot
        checked = _checked(years, year, needed, more_checks, against, compared)
        if checked.data is None:
            changed = snapshot.changed()
        else:
            files, changed = snapshot.digests()
        if not changed:
            data = checked.data and replace(checked.data, files=files, receipt=checked.on_record(home))
            masking = checked.tables.masking if checked.tables else NO_PEOPLE
            told = masked_faults(checked.faults, masking) if checked.faults else []
            return replace(checked, data=data, faults=told)
        years.forget(year)
    return replace(checked, data=None, faults=[changed_while_read(home, changed)])


def changed_while_read(home: Path, changed: list[str]) -> Fault:
    """The fault of a folder in which files were changed while they were read. Parameters: ``changed`` their names."""
    return Fault("tables.changed_while_read", str(home / changed[0]), details={"count": len(changed)})


def _checked(
    years: ReadYears,
    year: int,
    needed: set[str] | None,
    more_checks: Mapping[str, TableCheck] | None,
    against: YearCheck | None,
    compared: Collection[str],
) -> Checked:
    """As ``check_year``, read once, with faults as they were found."""
    read = years.of(year)
    layout, faults = read.layout, read.faults
    if layout is None:
        return Checked(None, faults)
    if not any(True for _ in layout.every()):
        return Checked(
            None, [*faults, Fault("tables.no_files", str(layout.home), details={"kinds": ", ".join(SUFFIXES)})]
        )
    raw, file_faults = read.tables()
    needed = needed_tables(needed)
    faults = told_at_sheets(
        chain(
            faults,
            file_faults,
            _missing_tables(raw, needed, layout.home),
            check_identity(raw, year),
            check_titles(raw, year),
            check_counties(raw, needed),
        )
    )
    tables = check_tables(raw, year, needed, read.parsed(raw))
    asked = set(compared) & {*tables.frames, *MAY_BE_EMPTY} if against else set()
    before = year_before(years.of(year - 1), asked | (set(STARTS) & set(tables.frames)))
    tables += explained(check_references(tables.frames, tables.frames), tables.frames, before.frames)
    tables += check_rules(tables.frames, year, tables.unusable)
    tables += check_contradictions(tables.frames, year, tables.unusable)
    tables += check_names(tables.frames)
    tables += check_texts(tables.frames, tables.masking)
    for name, check in (more_checks or {}).items():
        tables += check(tables.frames[name]) if name in tables.frames else iter(())
    faults += faults_of_misnamed(read.misnamed(), tables.frames, year)
    faults += faults_of_renamed(raw, tables.frames, year)
    tables += check_units(raw, tables.frames, before.frames)
    tables = replace(tables, starts=starts_of(before.frames, year - 1))
    tables += rows_of_last_year(tables.found, tables.frames, before.frames)
    if against:
        before = replace(before, rows=rows_by_county(raw, tables.frames, before))
        tables = replace(tables, rows_before=before.rows)
        unusable, repeated = tables.unusable, tables.repeated
        usable = _without(tables.frames, {name: unusable[name] | repeated[name] for name in tables.frames})
        wrong = {name: frame[unusable[name]] for name, frame in tables.frames.items()}
        tables += against(usable, wrong, before.frames, year)
        faults += [*before.notes, *far_fewer(raw, before, tables.found), *_without_rows(raw, layout.home)]
    return set_aside(year, tables, faults)


def _without_rows(raw: dict[str, RawTable], home: Path) -> Iterator[Fault]:
    """Notes on audits of which there are none, where money was spent that might have been audited."""
    for name in sorted(MAY_BE_EMPTY):
        if "fund_flows" in raw and (name not in raw or raw[name].cells.empty):
            yield Fault("checks.no_audits", str(home), details={"table": words_of(name)}, severity=NOTE)


def needed_tables(needed: set[str] | None) -> set[str]:
    """Tables that must be there and have rows; None means all that may not be empty."""
    return (set(SCHEMAS) - {"entered_values"} if needed is None else needed) - MAY_BE_EMPTY


def check_tables(
    raw: dict[str, RawTable], year: int, needed: set[str], parsed: list[ParsedTable] | None = None
) -> CheckedTables:
    """The tables in values, with what is wrong with each by itself and with the links of the teams."""
    parsed = [parse_table(name, raw[name]) for name in SCHEMAS if name in raw] if parsed is None else parsed
    frames = {table.name: table.frame for table in parsed}
    foreign = list(check_foreign_rows(frames, raw))
    others = foreign_rows(foreign, {name: len(frame) for name, frame in frames.items()})
    checks = (_check_table(table, year, frames, others[table.name]) for table in parsed)
    found = chain(*checks, foreign, _check_links(raw, frames, needed))
    counties = {part.county for table in raw.values() for part in table.parts}
    masking = masking_for(frames, counties, chain.from_iterable(map(column_names, raw)))
    return CheckedTables(raw, frames, tuple(found), masking)


def _check_table(table: ParsedTable, year: int, frames: Frames, others: np.ndarray) -> Iterator[Found]:
    """What is wrong with a table by itself. Parameters: ``others`` which rows are another county's, shape (rows,)."""
    yield from table.unreadable
    yield from check_cells(table, year, frames)
    yield from check_ranges(table, year)
    yield from check_uniqueness(table.name, table.frame, table.raw, others)
    yield from check_file_names(table.name, table.frame, table.raw)


def _missing_tables(raw: dict[str, RawTable], needed: set[str], home: Path) -> Iterator[Fault]:
    """Tables that must be there and are not, or have no rows."""
    for name in (name for name in SCHEMAS if name in needed):
        if name not in raw:
            yield Fault("tables.missing_table", str(home), details={"table": words_of(name)}, location=Location(name))
        elif raw[name].cells.empty:
            part = raw[name].parts[0]
            where, details = Location(name, sheet=part.sheet, county=part.county), {"table": words_of(name)}
            yield Fault("tables.empty_table", part.file, part.sheet, details=details, location=where)


def _check_links(raw: dict[str, RawTable], frames: dict[str, pd.DataFrame], needed: set[str]) -> Iterator[Found]:
    """A team must name its village and unit wherever anything is measured from their tables."""
    if "teams" not in frames:
        return
    for table, column in TEAM_LINKS:
        if table not in needed:
            continue
        if column in frames["teams"]:
            yield finding("teams", frames["teams"][column].isna(), column, "tables.blank")
            continue
        words = {"table": words_of("teams"), "name": words_of("teams", column)}
        files = ", ".join(raw["teams"].read_from)
        yield Fault("tables.missing_column", files, details=words, location=Location("teams", 0, column))


def set_aside(year: int, tables: CheckedTables, faults: list[Fault]) -> Checked:
    """The rows that can be used, masked, and of every fault of a row whose it is.

    Parameters: ``faults`` of files, which come before those of the tables.
    """
    unusable, repeated = tables.unusable, tables.repeated
    faults = [*faults, *tables.faults, *_too_many(tables.raw, unusable)]
    foreign = foreign_rows(tables.found, {name: len(frame) for name, frame in tables.frames.items()})
    owners = Owners(tables.frames, tables.raw, foreign) if any(fault.of_row for fault in faults) else None
    faults = [_owned(fault, owners) if owners and fault.of_row else fault for fault in faults]
    if any(fault.severity == ERROR and not fault.of_row and not fault.of_county for fault in faults):
        return Checked(None, faults, tables.raw, unusable, tables=tables)
    counts = _without_tables(tables, faults)
    of_nobody: dict[str, dict[str, int]] = {}
    unowned = 0
    for name in tables.frames:
        for row in np.flatnonzero(unusable[name]):
            teams = owners.teams(name, int(row)) if owners else []
            unowned += not teams
            perhaps = [] if teams else perhaps_of(tables.frames, tables.raw, name, int(row))
            for team in [*(teams or [NOBODY]), *perhaps]:
                _count(counts, team, name)
            for team in perhaps:
                _count(of_nobody, team, name)
    left_out = {name: unusable[name] | repeated[name] for name in tables.frames}
    usable = _without(tables.frames, left_out)
    if not len(usable.get("teams", ())):
        faults.append(Fault("tables.no_team_left"))
        return Checked(None, faults, tables.raw, unusable, tables=tables)
    data = YearData.of(year, usable, counts, questioned(tables), tables.masking, starts=tables.starts)
    checked = Checked(data, faults, tables.raw, unusable, unowned, tables)
    of_all = replace(data, set_aside_of_nobody=of_nobody, rows_set_aside=checked.rows_set_aside)
    return replace(checked, data=of_all)


def _count(counts: dict[str, dict[str, int]], team: str, table: str) -> None:
    of_team = counts.setdefault(team, {})
    of_team[table] = of_team.get(table, 0) + 1


def _without(frames: Mapping[str, pd.DataFrame], left_out: Mapping[str, np.ndarray]) -> dict[str, pd.DataFrame]:
    """The tables without some of their rows. Parameters: ``left_out`` which of each, shape (rows,)."""
    return {name: frame[~left_out[name]] if left_out[name].any() else frame for name, frame in frames.items()}


def _too_many(raw: dict[str, RawTable], unusable: dict[str, np.ndarray]) -> Iterator[Fault]:
    """Files in which more rows have an error than anybody mends one by one: one cause, and no rows to set aside."""
    for name, rows in unusable.items():
        for part, of_part in raw[name].spans() if rows.sum() > MOST_WRONG else ():
            if (count := int(rows[of_part].sum())) > MOST_WRONG:
                yield Fault("tables.too_many_wrong", part.file, part.sheet, details={"count": f"{count:,}"})


def questioned(tables: CheckedTables) -> dict[str, tuple[str, ...]]:
    """By team, the measures that wait until somebody has looked at what was found, in order."""
    waiting: dict[str, set[str]] = {}
    for one in tables.found:
        if isinstance(one, Finding) and one.measures:
            for team in tables.frames["teams"]["team_id"].iloc[one.rows].dropna():
                waiting.setdefault(team, set()).update(one.measures)
    return {team: tuple(sorted(waiting[team])) for team in sorted(waiting)}


def _without_tables(tables: CheckedTables, faults: list[Fault]) -> dict[str, dict[str, int]]:
    """By team and table that its county did not send, that none of its rows were set aside: the table is not there."""
    counts: dict[str, dict[str, int]] = {}
    for fault in (fault for fault in faults if fault.of_county):
        rows = sorted(teams_of_county(tables.raw, fault.location.county))
        for team in tables.frames["teams"]["team_id"].iloc[rows].dropna():
            counts.setdefault(team, {})[fault.location.table] = 0
    return counts


def _owned(fault: Fault, owners: Owners) -> Fault:
    table, row, team = fault.location.table, fault.location.index, fault.location.team
    if team:  # of a team by what it was found of
        county = owners.county_of_team(team) or owners.county(table, row)
        return replace(fault, location=replace(fault.location, county=county))
    team = ", ".join(owners.teams(table, row)[:3])
    return replace(fault, location=replace(fault.location, team=team, county=owners.county(table, row)))
