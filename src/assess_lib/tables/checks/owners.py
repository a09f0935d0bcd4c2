"""Whose rows they are: the team and county behind a row, also of one that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from assess_lib.tables.id_lookup import plain_texts
from assess_lib.tables.raw import RawTable

Frames = dict[str, pd.DataFrame]


class Owners:
    """Finds the team of a row from the keys that it has. A row of a unit belongs to all its teams.

    Parameters: ``foreign`` by table which rows name what is another county's, shape (rows,): they are none of its teams',
    and those who sent them put them right.
    """

    def __init__(self, frames: Frames, raw: Mapping[str, RawTable], foreign: Mapping[str, np.ndarray]):
        self._frames, self._raw, self._foreign = frames, raw, foreign
        self._teams = frames.get("teams", pd.DataFrame())

    @cached_property
    def _of_village(self) -> dict[str, list[str]]:
        return _many(self._teams, "village_id", "team_id")

    @cached_property
    def _of_unit(self) -> dict[str, list[str]]:
        return _many(self._teams, "unit_id", "team_id")

    @cached_property
    def _village(self) -> dict[str, str]:
        return _one(self._frames.get("households"), "household_id", "village_id")

    @cached_property
    def _member(self) -> dict[str, str]:
        return _one(self._frames.get("members"), "member_id", "team_id")

    @cached_property
    def _counties(self) -> dict[str, str]:
        return _one(self._teams, "team_id", "county")

    @cached_property
    def _village_of_team(self) -> dict[str, str]:
        return _one(self._teams, "team_id", "village_id")

    @cached_property
    def _county_of_village(self) -> dict[str, str]:
        return _one(self._frames.get("villages"), "village_id", "county")

    def teams(self, table: str, row: int) -> list[str]:
        """The teams that a row concerns, none where its keys do not say."""
        if self._is_foreign(table, row):
            return []
        line = self._frames[table].loc[row]
        if _has(line, "team_id"):
            return [line["team_id"]]
        if _has(line, "member_id"):
            return [self._member[line["member_id"]]] if line["member_id"] in self._member else []
        village = line["village_id"] if _has(line, "village_id") else None
        if village is None and _has(line, "household_id"):
            village = self._village.get(line["household_id"])
        if village is not None:
            return self._of_village.get(village, [])
        return self._of_unit.get(line["unit_id"], []) if _has(line, "unit_id") else []

    def county(self, table: str, row: int) -> str:
        """The county of a row: its own, its team's, or that of the file it stands in."""
        if self._is_foreign(table, row):
            return self._raw[table].part_of(row).county
        line = self._frames[table].loc[row]
        if _has(line, "county"):
            return str(line["county"])
        if _has(line, "village_id") and line["village_id"] in self._county_of_village:
            return self._county_of_village[line["village_id"]]
        for team in self.teams(table, row):
            if county := self.county_of_team(team):
                return county
        return self._raw[table].part_of(row).county

    def county_of_team(self, team: str) -> str:
        """The county that a team or its village names, blank for none."""
        return self._counties.get(team) or self._county_of_village.get(self._village_of_team.get(team, ""), "")

    def _is_foreign(self, table: str, row: int) -> bool:
        return table in self._foreign and bool(self._foreign[table][row])


def _has(line: pd.Series, column: str) -> bool:
    return column in line.index and not pd.isna(line[column])


def _one(table: pd.DataFrame | None, key: str, value: str) -> dict[str, str]:
    if table is None or not {key, value} <= set(table):
        return {}
    known = table[table[key].notna() & table[value].notna()].drop_duplicates(key)
    return dict(zip(plain_texts(known[key]), plain_texts(known[value])))


def _many(table: pd.DataFrame, key: str, value: str) -> dict[str, list[str]]:
    if not {key, value} <= set(table):
        return {}
    known = table[table[key].notna() & table[value].notna()]
    found: dict[str, set[str]] = {}
    for name, one in zip(plain_texts(known[key]), plain_texts(known[value])):
        found.setdefault(name, set()).add(one)
    return {name: sorted(group) for name, group in found.items()}
