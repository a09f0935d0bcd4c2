"""Rows that stand in the workbook of one county and belong to another: an id was typed wrong, or a row sent by the wrong county.

Whose an id is says the workbook in which it is defined; of what stands in a file for all counties, the county there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from assess_lib.tables.checks.findings import Finding, Found, finding, rows_with_errors
from assess_lib.tables.id_lookup import places
from assess_lib.tables.keys import OF_PROVINCE, ROW_KEYS
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import words_of

KEY = "tables.of_other_county"
# Whose a row is, by the first of these that it names.
_LINKS = {"team_id": "teams", "member_id": "members", "village_id": "villages", "household_id": "households"}
_TOLD_OTHERWISE = ("teams", "villages", *OF_PROVINCE)
Frames = Mapping[str, pd.DataFrame]
Counties = np.ndarray  # a name for each row, blank where it is not known; shape (rows,)


def check_foreign_rows(frames: Frames, raw: Mapping[str, RawTable]) -> Iterator[Finding]:
    """Rows of the workbook of a county whose team, member, village or household is another county's.

    Parameters: ``frames`` the tables in values, ``raw`` the same as they were read.
    """
    homes = _Homes(frames, raw)
    if len(homes.counties) < 2:
        return
    for table in (name for name in frames if name not in _TOLD_OTHERWISE):
        if homes.counties.isdisjoint(part.county for part in raw[table].parts):
            continue
        here, told = homes.of_files(table), np.zeros(len(frames[table]), dtype=bool)
        for column, goal in _LINKS.items():
            if table == goal or column not in frames[table]:
                continue
            linked = frames[table][column].notna().to_numpy()
            there = homes.of_ids(goal, frames[table][column])
            foreign = linked & ~told & (here != "") & (there != "") & (there != here)
            told |= linked
            if foreign.any():
                details = lambda row, there=there, here=here: {"county": there[row], "here": here[row]}
                yield finding(table, foreign, column, KEY, row_details=details, goal=words_of(goal))


def foreign_rows(found: Iterable[Found], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """By table, which rows are another county's, shape (rows,). Parameters: ``sizes`` numbers of rows by table."""
    mine = (one for one in found if isinstance(one, Finding) and one.key == KEY)
    return rows_with_errors(mine, dict(sizes))


def _key(table: str) -> str:
    return ROW_KEYS[table][0]


@dataclass(frozen=True)
class _Homes:
    """The counties that ids belong to."""

    frames: Frames
    raw: Mapping[str, RawTable]

    @cached_property
    def counties(self) -> frozenset[str]:
        """The counties that villages and teams name."""
        columns = [
            self.frames[table]["county"]
            for table in ("villages", "teams")
            if table in self.frames and "county" in self.frames[table]
        ]
        return frozenset(str(name) for column in columns for name in column.dropna().unique())

    def of_files(self, table: str) -> Counties:
        """The county whose workbook each row stands in."""
        found = np.full(len(self.frames[table]), "", dtype=object)
        for part, rows in self.raw[table].spans():
            found[rows] = part.county if part.county in self.counties else ""
        return found

    def of_ids(self, goal: str, ids: pd.Series) -> Counties:
        """The county of what each id names; blank for one that is not known, or that stands there twice."""
        if goal not in self._of_rows or _key(goal) not in self.frames[goal]:
            return np.full(len(ids), "", dtype=object)
        return _looked_up(ids, self.frames[goal][_key(goal)], self._of_rows[goal])

    @cached_property
    def _of_rows(self) -> dict[str, Counties]:
        """The county of each row of the tables that others point at."""
        found: dict[str, Counties] = {}
        for table, link in (
            ("villages", ""),
            ("teams", "village_id"),
            ("households", "village_id"),
            ("members", "team_id"),
        ):
            if table not in self.frames:
                continue
            frame, counties = self.frames[table], self.of_files(table)
            if "county" in frame:
                named = frame["county"].astype(object).where(frame["county"].notna(), "").to_numpy()
                counties = np.where(counties == "", named, counties)
            above = _LINKS.get(link, "")
            if link in frame and above in found and _key(above) in self.frames[above]:
                linked = _looked_up(frame[link], self.frames[above][_key(above)], found[above])
                counties = np.where(counties == "", linked, counties)
            found[table] = counties
        return found


def _looked_up(ids: pd.Series, keys: pd.Series, counties: Counties) -> Counties:
    once = (keys.notna() & ~keys.duplicated(keep=False)).to_numpy()
    return np.append(counties[once], "")[places(ids, keys[once])]
