"""The county of a row by what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from assess_lib.tables.id_lookup import places
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.raw import RawTable

# Whose a row is, by the first of these that it names.
OWNERS = {"team_id": "teams", "member_id": "members", "village_id": "villages", "household_id": "households"}
Frames = Mapping[str, pd.DataFrame]
Counties = np.ndarray  # a name for each row, blank where it is not known; shape (rows,)


def owner_column(frame: pd.DataFrame) -> str:
    """The column that says whose a row is, blank for none."""
    return next((one for one in OWNERS if one in frame), "")


def _key(table: str) -> str:
    return ROW_KEYS[table][0]


@dataclass(frozen=True)
class Homes:
    """The counties that ids belong to: that of the workbook in which an id is defined, else the one that is named.

    Parameters: ``frames`` tables in values; ``raw`` those of them of which the files count, as they were read.
    """

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
        for part, rows in self.raw[table].spans() if table in self.raw else ():
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
            above = OWNERS.get(link, "")
            if link in frame and above in found and _key(above) in self.frames[above]:
                linked = _looked_up(frame[link], self.frames[above][_key(above)], found[above])
                counties = np.where(counties == "", linked, counties)
            found[table] = counties
        return found


def _looked_up(ids: pd.Series, keys: pd.Series, counties: Counties) -> Counties:
    once = (keys.notna() & ~keys.duplicated(keep=False)).to_numpy()
    return np.append(counties[once], "")[places(ids, keys[once])]
