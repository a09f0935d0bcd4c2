"""The tables of the year before, with which those of a year are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from assess_lib.faults import NOTE, WARNING, Fault, Location
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.findings import Finding, Found
from assess_lib.tables.checks.row_counties import OWNERS, Homes, owner_column
from assess_lib.tables.keys import MAY_BE_EMPTY, OF_PROVINCE
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_year import ReadYear
from assess_lib.tables.schemas import SCHEMAS, label, words_of
from assess_lib.words import LANGUAGES, join_list

OF_TEAMS = "checks.owed.rows_fewer"  # that a team has far fewer rows of a table than last year


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


def year_before(read: ReadYear, wanted: set[str]) -> YearBefore:
    """The tables of the year before that are wanted. What is wrong with them is told when that year is checked."""
    raw, _ = read.tables(wanted)
    frames = {table.name: table.frame for table in read.parsed(raw)}
    rows: Counter[tuple[str, str]] = Counter()
    for name, table in raw.items():
        for part in table.parts:
            rows[part.county, name] += len(part.cells)
    lacking = [name for name in SCHEMAS if name in wanted and name not in frames and name not in MAY_BE_EMPTY]
    if not lacking:
        return YearBefore(frames, dict(rows))
    words = {lang: join_list([label(name, lang) for name in lacking], lang) for lang in LANGUAGES}
    details = {"year": read.home.name, "tables": words}
    return YearBefore(
        frames, dict(rows), (Fault("checks.not_compared", str(read.home), details=details, severity=NOTE),)
    )


def rows_by_county(
    raw: Mapping[str, RawTable], frames: Mapping[str, pd.DataFrame], before: YearBefore
) -> dict[tuple[str, str], int]:
    """The rows of the year before by table and by the counties of this year's files, empty for files of none or several.

    Where the files of the two years are not of the same counties, as where tables for all became workbooks, a county has
    the rows of its teams, their villages, households and members.
    """
    rows = dict(before.rows)
    of_both = dict(frames)
    of_both |= {name: before.frames[name] for name in ("households", "members") if name in before.frames}
    homes = Homes(of_both, {name: raw[name] for name in ("teams", "villages") if name in raw})
    for name, table in raw.items():
        now, was = ({part.county for part in table.parts}, {of for of, other in before.rows if other == name})
        frame = before.frames.get(name)
        if now == was or frame is None or name in OF_PROVINCE or "teams" not in frames:
            continue
        column = owner_column(frame)
        if OWNERS.get(column) not in homes.frames:
            continue
        found = pd.Series(homes.of_ids(OWNERS[column], frame[column])).value_counts()
        own = {county: int(found.get(county, 0)) for county in now - {""}}
        rows = {key: count for key, count in rows.items() if key[1] != name}
        rows |= {(county, name): count for county, count in own.items()}
        rows["", name] = len(frame) - sum(own.values())
    return rows


def far_fewer(raw: Mapping[str, RawTable], before: YearBefore, found: Iterable[Found] = ()) -> Iterator[Fault]:
    """Tables of a county with less than a part of the rows of the year before, as of a file that was cut.

    Parameters: ``found`` what was asked of the teams: of a table about which some teams of a county are asked
        nothing is told of that county here.
    """
    told = {
        (raw["teams"].part_of(int(row)).county, one.details["of"])
        for one in found
        if isinstance(one, Finding) and one.key == OF_TEAMS
        for row in one.rows
    }
    about = bounds().rows_of_a_table
    for name, table in raw.items():
        counts: Counter[str] = Counter()
        for part in table.parts:
            counts[part.county] += len(part.cells)
        for part in {part.county: part for part in table.parts}.values():
            was, now = before.rows.get((part.county, name), 0), counts[part.county]
            if (
                (not part.county or (part.county, name) not in told)
                and was >= about.least
                and now < was * about.share_of_last_year
            ):
                details = {"table": words_of(name), "count": now, "before": was}
                where = Location(name, sheet=part.sheet, county=part.county)
                yield Fault("checks.far_fewer_rows", part.file, part.sheet, "", details, WARNING, where)
