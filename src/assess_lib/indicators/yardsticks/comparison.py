"""Two years of tables side by side, every row with its team, and what is asked about because they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.findings import Finding, shown
from assess_lib.tables.codes import POOR_CATEGORIES
from assess_lib.tables.columns import DTYPES
from assess_lib.tables.schemas import SCHEMAS

Frames = Mapping[str, pd.DataFrame]
NAMED = 5  # ids named in a message
LARGE = 1e6  # a number from which digits are written out
_LINKS = ("village_id", "household_id", "member_id", "unit_id")


@dataclass(frozen=True)
class Question:
    """What is asked about, and the measures that wait for the answer.

    ``rows`` has ``team``, ``id`` (blank for a count of the team), ``now`` and ``before`` (last year's, or the norm's).
    """

    key: str
    measures: tuple[str, ...]
    rows: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """The tables of a year, those of the year before (empty where there are none), and the norms."""

    year: int
    frames: Frames
    earlier: Frames
    norms: Norms
    _known: dict[tuple[Any, ...], pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def year_start(self) -> pd.Timestamp:
        return pd.Timestamp(self.year, 1, 1)

    @property
    def year_end(self) -> pd.Timestamp:
        return pd.Timestamp(self.year, 12, 31)

    @property
    def last_days(self) -> pd.Timestamp:
        """The first of the last days of the year."""
        return self.year_end - pd.Timedelta(days=self.norms.last_days - 1)

    def now(self, table: str) -> pd.DataFrame:
        """The rows of a table of the year with ``team``; columns that are not there are blank."""
        return self._kept((table, True), lambda: self._owned(table, True))

    def before(self, table: str) -> pd.DataFrame:
        """The same of the year before, with the teams of this year."""
        return self._kept((table, False), lambda: self._owned(table, False))

    def table(self, name: str) -> pd.DataFrame:
        """A table of the year as it stands, with every column of its schema; those that are not there are blank."""
        return _whole(name, self.frames.get(name))

    def both(self, table: str, *key: str) -> pd.DataFrame:
        """The rows of both years side by side: columns of the year before end in ``_before``; ``in_both``, ``only_before``.

        A row of the year before whose key is gone keeps the team that its village, household or member has now.
        """
        return self._kept((table, *key), lambda: self._side_by_side(table, key))

    def _side_by_side(self, table: str, key: tuple[str, ...]) -> pd.DataFrame:
        now, was = self.now(table), self.before(table)
        joined = now.merge(
            was.drop_duplicates([*key, "team"]), "outer", [*key, "team"], suffixes=("", "_before"), indicator=True
        )
        return joined.assign(in_both=joined["_merge"] == "both", only_before=joined["_merge"] == "right_only")

    @cached_property
    def registered(self) -> pd.Series:
        """The number of registered poor households by team."""
        homes = self.now("households")
        return homes[registered_poor(homes)].groupby("team").size()

    def in_year(self, days: pd.Series) -> pd.Series:
        return (days.dt.year == self.year).fillna(False).astype(bool)

    def _kept(self, key: tuple[Any, ...], made: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What several questions ask for, made for the first of them; nobody changes it."""
        if key not in self._known:
            self._known[key] = made()
        return self._known[key]

    def _owned(self, table: str, of_year: bool) -> pd.DataFrame:
        frames = self.frames if of_year else self.earlier
        rows = _whole(table, frames.get(table))
        if "team_id" in rows:
            return rows.assign(team=rows["team_id"])[lambda found: found["team"].notna()]
        link = next(name for name in _LINKS if name in rows)
        owners = self._kept((link, "owners", of_year), lambda: self._owners(link, frames))
        return rows.merge(owners, on=link, how="inner")

    def _owners(self, link: str, frames: Frames) -> pd.DataFrame:
        """The teams of this year for each village, unit, household or member."""
        teams = _whole("teams", self.frames.get("teams")).drop_duplicates("team_id")
        if link in ("village_id", "unit_id"):
            found = teams[[link, "team_id"]].rename(columns={"team_id": "team"})
        elif link == "household_id":
            homes = pd.concat([_whole("households", one.get("households")) for one in (frames, self.frames)])
            villages = self._owners("village_id", frames)
            found = homes.drop_duplicates(link)[[link, "village_id"]].merge(villages, on="village_id")[[link, "team"]]
        else:
            members = pd.concat([_whole("members", one.get("members")) for one in (frames, self.frames)])
            found = members.drop_duplicates(link)[[link, "team_id"]].rename(columns={"team_id": "team"})
        return found.dropna().drop_duplicates()


def asked(key: str, rows: pd.DataFrame, id_of: str, now: Any, before: Any, *measures: str) -> Iterator[Question]:
    """A question about rows that have ``team``; ``now`` and ``before`` a column's name or what holds for all."""
    if rows.empty:
        return
    values = {
        name: rows[given].map(_told)
        if isinstance(given, str) and given in rows
        else pd.Series(_told(given), rows.index)
        for name, given in (("now", now), ("before", before))
    }
    ids = rows[id_of].astype("str").fillna("") if id_of else pd.Series("", rows.index)
    yield Question(key, measures, pd.DataFrame({"team": rows["team"], "id": ids, **values}))


def fewer(
    key: str, now: pd.Series, before: pd.Series, *measures: str, least: pd.Series | None = None
) -> Iterator[Question]:
    """A question about teams that have less than before, or than ``least``; all by team."""
    limit = before if least is None else least.astype("float64")
    now = now.reindex(limit.index, fill_value=0)
    low = now.index[(now < limit).to_numpy(dtype=bool)]
    rows = pd.DataFrame({"team": low, "now": [_told(n) for n in now[low]], "before": [_told(n) for n in before[low]]})
    if len(rows):
        yield Question(key, measures, rows.assign(id=""))


def registered_poor(homes: pd.DataFrame, suffix: str = "") -> pd.Series:
    """Which households are on the register in a poor category."""
    there = homes[f"registered{suffix}"].fillna(False).astype(bool)
    return there & homes[f"category{suffix}"].isin(POOR_CATEGORIES)


def as_finding(question: Question, teams: pd.DataFrame) -> Finding:
    """A question as a finding at the row of each team that it concerns, with both values.

    Parameters: ``teams`` rows of the table of teams, by their numbers in it.
    """
    by_team = {team: rows for team, rows in question.rows.groupby("team")}
    concerned = teams["team_id"][teams["team_id"].isin(list(by_team))].drop_duplicates()

    def details(row: int) -> dict[str, object]:
        rows = by_team[concerned[row]]
        ids = sorted(set(rows["id"]) - {""})
        first = rows.sort_values(["id", "now"]).iloc[0]
        more = f" …（{len(ids)}）" if len(ids) > NAMED else ""
        return {
            "now": first["now"],
            "before": first["before"],
            "count": len(rows),
            "which": ", ".join(ids[:NAMED]) + more,
        }

    key = f"checks.owed.{question.key}"
    rows = concerned.index.to_numpy()
    return Finding("teams", rows, "team_id", key, WARNING, row_details=details, measures=question.measures)


def _told(value: Any) -> str:
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return "✓" if value else "✗"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return f"{number:g}" if abs(number) < LARGE else f"{number:.0f}"
    return shown(value)


def _whole(table: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """A table with every column of its schema, those that are not there blank."""
    frame = pd.DataFrame() if frame is None else frame
    kinds = {name: DTYPES[spec.metadata["kind"]] for name, spec in SCHEMAS[table].columns.items()}
    lacking = {name: pd.Series(None, frame.index, kind) for name, kind in kinds.items() if name not in frame}
    return frame.assign(**lacking)
