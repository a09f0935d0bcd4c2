"""The tables of one year as the indicators see them: typed, in a fixed order, every row with its team."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.html_table import html_table
from assess_lib.tables.codes import POOR_CATEGORIES, WITHOUT_REGISTER
from assess_lib.tables.complete_tables import complete_tables, masking_for
from assess_lib.tables.id_lookup import among, places, plain_texts
from assess_lib.tables.masking import NO_PEOPLE, Masking
from assess_lib.tables.row_digests import digest, row_hashes
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.tables.year_span import YearSpan
from assess_lib.words import translate

T = TypeVar("T")


@dataclass(frozen=True)
class YearData(YearSpan):
    """The tables of one assessment year.

    ``tables`` holds every table of the schemas (without rows where the folder has none), sorted by
    key, so that the order of rows and files never matters. Personal data in it is masked.
    ``files`` holds the SHA-256 of the files that were read, by name in the folder of the year; empty for tables of no files;
    ``receipt`` a line for every table of every file, as the record of a run keeps it.
    ``set_aside`` says of teams how many of their rows could not be used, by table; 0 for a table that their county did not
    send. Of these rows ``set_aside_of_nobody`` may be another team's, and ``rows_set_aside`` is how many there are in all.
    ``questioned`` says of teams which measures wait until somebody has looked at what was found; ``teams_elsewhere``
    of units how many teams they have that these tables do not hold. ``masking`` makes texts harmless that may name the
    people of the tables, of whom it knows digests. ``starts`` holds what the year before says of villages and the province.
    ``member_names`` has the names of team members in full, by id, where the office has decided to publish those of the
    commended; else it is empty.
    """

    year: int
    tables: dict[str, pd.DataFrame]
    set_aside: dict[str, dict[str, int]] = field(default_factory=dict)
    questioned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    masking: Masking = field(default=NO_PEOPLE, repr=False, compare=False)
    teams_elsewhere: dict[str, int] = field(default_factory=dict)
    starts: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _cache: dict = field(default_factory=dict, repr=False, compare=False)
    files: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    receipt: tuple[dict[str, str], ...] = field(default=(), repr=False, compare=False)
    member_names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    set_aside_of_nobody: dict[str, dict[str, int]] = field(default_factory=dict)
    rows_set_aside: int = 0

    @classmethod
    def of(
        cls,
        year: int,
        frames: dict[str, pd.DataFrame],
        set_aside: dict[str, dict[str, int]] | None = None,
        questioned: dict[str, tuple[str, ...]] | None = None,
        masking: Masking | None = None,
        teams_elsewhere: dict[str, int] | None = None,
        starts: Mapping[str, pd.DataFrame] | None = None,
    ) -> YearData:
        """From checked frames; missing tables and optional columns are filled in without values.

        Parameters: ``masking`` of more people than the frames name, of rows that were set aside; None for those alone.
        """
        masking = masking_for(frames) if masking is None else masking
        tables, starts = complete_tables(frames, masking), starts or {}
        from_year_before = {name: table for name, table in complete_tables(starts, masking).items() if name in starts}
        return cls(year, tables, set_aside or {}, questioned or {}, masking, teams_elsewhere or {}, from_year_before)

    def at_the_start(self) -> YearData | None:
        """The teams of the year with what the year before says of their villages; None where nothing is known of it."""
        if not self.starts:
            return None

        def made() -> YearData:
            known = {name: self.tables[name] for name in ("teams", "units", "villages")}
            return YearData(
                self.year - 1, complete_tables({}, self.masking) | known | self.starts, masking=self.masking
            )

        return self.once("at the start", made)

    def __repr__(self) -> str:
        return f"<YearData {self.year}: {len(self.team_ids)} teams>"

    def _repr_html_(self, lang: str = "zh") -> str:
        """The tables that have rows, with the number of them."""
        rows = [(label(name, lang), str(len(self.tables[name]))) for name in SCHEMAS if len(self.tables[name])]
        headings = [translate(f"library.{word}", lang) for word in ("table", "rows")]
        return html_table(translate("library.data", lang, year=self.year), headings, rows)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the content of the tables, the same for the same content in any file format."""
        content = hashlib.sha256(json.dumps(self.set_aside, sort_keys=True).encode() if self.set_aside else b"")
        if self.set_aside_of_nobody:
            content.update(json.dumps(self.set_aside_of_nobody, sort_keys=True).encode())
        if self.questioned:
            content.update(json.dumps(self.questioned, sort_keys=True).encode())
        for name, table in sorted(self.starts.items()):
            content.update(f"start {name}:{len(table)}:{digest(row_hashes(table))};".encode())
        for name in sorted(self.tables):
            if len(hashes := self.row_hashes(name)):
                content.update(f"{name}:{len(hashes)}:{digest(hashes)};".encode())
        return content.hexdigest()[:16]

    def row_hashes(self, name: str) -> np.ndarray:
        """The digest of every row of a table, shape (rows,)."""
        return self.once(f"hashes of {name}", lambda: row_hashes(self.tables[name]))

    @cached_property
    def team_ids(self) -> pd.Index:
        """All teams in order, shape (teams,)."""
        return pd.Index(self.tables["teams"]["team_id"], name="team_id")

    @cached_property
    def team_names(self) -> list[str]:
        """The ids of all teams in order, as a plain list."""
        return plain_texts(self.team_ids)

    @property
    def teams_without_tables(self) -> int:
        """The number of teams whose county did not send a table."""
        return sum(0 in counts.values() for counts in self.set_aside.values())

    @property
    def lost_teams(self) -> list[str]:
        """Teams whose own row could not be used, so that they are not assessed."""
        return sorted(team for team in set(self.set_aside) - set(self.team_ids) if team)

    def teams(self) -> pd.DataFrame:
        """One row per team, indexed by team_id, with names of unit and village and the peer groups."""

        def found() -> pd.DataFrame:
            teams = (
                self.tables["teams"]
                .merge(
                    self.tables["units"][["unit_id", "name", "unit_type"]].rename(
                        columns={"name": "unit_name", "unit_type": "type_of_unit"}
                    ),
                    on="unit_id",
                    how="left",
                )
                .merge(
                    self.tables["villages"].rename(columns={"name": "village_name", "county": "county_of_village"}),
                    on="village_id",
                    how="left",
                )
            )
            teams["unit_type"] = teams["unit_type"].fillna(teams.pop("type_of_unit"))
            teams["county"] = teams["county"].fillna(teams.pop("county_of_village"))
            teams["name"] = teams["name"].fillna(teams["team_id"])
            return teams.set_index("team_id").reindex(self.team_ids)

        return self.once("teams by id", found)

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a table with the team they belong to in ``team_id``; rows of no team are left out.

        ``team_id`` is categorical over all teams, so that counting by team is quick.
        """

        return self.once(name, lambda: self._with_team(name))

    def owners(self, name: str) -> pd.DataFrame:
        """Whose rows a table's are: ``team_id`` and the ``place`` of the row in the table; none for rows of no team."""
        numbered = self.tables[name].assign(place=np.arange(len(self.tables[name])))
        return self._with_team(name, numbered)[["team_id", "place"]]

    def once(self, name: str, make: Callable[[], T]) -> T:
        """A figure that several measures use, made for the first of them. ``name`` is the caller's own."""
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    def poor_households(self) -> pd.DataFrame:
        """The poor households of the year (贫困户).

        A household is poor in the year when it was in poverty at some time of it. It must be 贫困户 and registered
        (建档立卡); or 低保户 or 五保户, registered or not; or have been one of these until its category changed within the
        year; or have fallen (back) into poverty by 31 December. One that left poverty before 1 January is not, unless
        it fell back since: then it is owed everything again. One that leaves within the year stays in the count of
        that year.
        """

        def found() -> pd.DataFrame:
            homes = self.rows("households")
            return homes[self._poor(homes)]

        return self.once("poor households", found)

    def households_in_care(self, follow_up_years: int) -> pd.DataFrame:
        """The households in care in the year (不脱贫不脱钩、稳定脱贫), with the day ``care_from`` on which that begins.

        These are the poor households of the year and those out of poverty, for ``follow_up_years`` calendar years after
        the year in which they left. Care begins on 1 January; for a household that fell into poverty within the year or
        became 贫困户, 低保户 or 五保户 in it, and was not in care already, on that day.
        """

        def found() -> pd.DataFrame:
            homes = self.rows("households")
            came = homes["fell_back_on"].where(self.in_year(homes["fell_back_on"]))
            named = self.in_year(homes["category_changed_on"]) & (homes["category_previous"] == "other")
            came = came.fillna(homes["category_changed_on"].where(named & among(homes["category"], POOR_CATEGORIES)))
            came = came.mask(self._left_since(homes, follow_up_years))
            return homes.assign(care_from=came.fillna(self.year_start))[self.in_care(homes, follow_up_years)]

        return self.once(f"households in care, followed for {follow_up_years} years", found)

    def in_care(self, homes: pd.DataFrame, follow_up_years: int) -> pd.Series:
        """Which households are in care in the year, as ``households_in_care`` defines it, also of no team."""
        return self._poor(homes) | self._left_since(homes, follow_up_years) & self.out_of_poverty(homes)

    def held_as_poor(self, homes: pd.DataFrame) -> pd.Series:
        """Which households are 贫困户 (registered), 低保户 or 五保户, were until the year, or fell into poverty."""
        held = (homes["category"] == "poor").fillna(False) & homes["registered"]
        held |= among(homes["category"], WITHOUT_REGISTER)
        held |= self.in_year(homes["category_changed_on"]) & among(homes["category_previous"], POOR_CATEGORIES)
        return (held | self.by_year_end(homes["fell_back_on"])).astype(bool)

    def out_of_poverty(self, homes: pd.DataFrame) -> pd.Series:
        """Which households had left poverty by 31 December and not fallen back since."""
        fell = self.by_year_end(homes["fell_back_on"]) & (homes["fell_back_on"] >= homes["exited_on"]).fillna(False)
        return self.by_year_end(homes["exited_on"]) & ~fell

    def _poor(self, homes: pd.DataFrame) -> pd.Series:
        """Which households are poor in the year, as ``poor_households`` defines it."""
        return self.held_as_poor(homes) & ~(self.out_of_poverty(homes) & (homes["exited_on"] < self.year_start))

    def _left_since(self, homes: pd.DataFrame, years: int) -> pd.Series:
        """Which households last left poverty before the year, and at most so many calendar years before it."""
        left = homes["exited_on"]
        return ((left < self.year_start) & (left.dt.year >= self.year - years)).fillna(False).astype(bool)

    def teams_without_poor(self) -> set[str]:
        """Teams whose village has households on record, but no poor one in the year."""
        return self.once(
            "teams without poor", lambda: teams_of(self.rows("households")) - teams_of(self.poor_households())
        )

    def of_poor_households(self, name: str) -> pd.DataFrame:
        """The rows of a table with a household_id whose household is poor in the year."""

        def found() -> pd.DataFrame:
            rows = self.rows(name)
            return rows[among(rows["household_id"], self.poor_households()["household_id"])]

        return self.once(f"{name} of poor households", found)

    def benchmark(self, metric: str, year: int | None = None) -> float | None:
        """A provincial figure of a year (the assessment year when not given), None when not known."""
        table = self.tables["benchmarks"]
        found = table[(table["metric"] == metric) & (table["year"] == (year or self.year))]["value"]
        return None if found.empty else float(found.iloc[0])

    def income_growth_of_province(self) -> Fraction | None:
        """Growth of the province's rural income per head over the year before, exact; None when not known."""
        now = self.benchmark("rural_income_per_head_yuan")
        before = self.benchmark("rural_income_per_head_yuan", self.year - 1)
        return None if not now or not before or before <= 0 else exact(now) / exact(before) - 1

    def _with_team(self, name: str, table: pd.DataFrame | None = None) -> pd.DataFrame:
        table, teams = self.tables[name] if table is None else table, self.tables["teams"]
        if "team_id" in table:
            return self._owned(table, "team_id", pd.DataFrame({"team_id": self.team_ids}))
        if "village_id" in table and name != "unit_actions":
            return self._owned(table, "village_id", teams[["team_id", "village_id"]])
        if "household_id" in table:
            return self._owned(table, "household_id", self.rows("households")[["team_id", "household_id"]])
        if "member_id" in table:
            return self._owned(table, "member_id", self.rows("members")[["team_id", "member_id"]])
        if name != "unit_actions":
            return self._owned(table, "unit_id", teams[["team_id", "unit_id"]])
        # an action in a named village counts for the team of that village alone
        joined = self._owned(table, "unit_id", teams[["team_id", "unit_id", "village_id"]])
        of_village = joined["village_id_x"].isna() | (joined["village_id_x"] == joined["village_id_y"])
        joined = joined[of_village].rename(columns={"village_id_x": "village_id"}).drop(columns="village_id_y")
        return joined.reset_index(drop=True)

    def _owned(self, table: pd.DataFrame, on: str, owners: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table whose ``on`` an owner has, with the owner's ``team_id``."""
        owners = owners if on == "team_id" else owners[owners[on].notna()]
        several = on != "team_id" and not self.once(f"one owner by {on}", lambda: owners[on].is_unique)
        if several or set(owners.columns) - {on, "team_id"}:
            rows = table.merge(owners, on=on, how="inner")
            return rows.assign(team_id=pd.Categorical(rows["team_id"], categories=self.team_ids))
        place = places(table[on], owners[on])
        there = place >= 0
        whole = there.all()
        place = place if whole else place[there]
        team = place if on == "team_id" else pd.Categorical(owners["team_id"], categories=self.team_ids).codes[place]
        rows = (table if whole else table[there]).reset_index(drop=True)
        return rows.assign(team_id=pd.Categorical.from_codes(team, self.team_ids))


def teams_of(rows: pd.DataFrame) -> set[str]:
    """The teams that have any of the rows."""
    teams = rows["team_id"]
    if not isinstance(teams.dtype, pd.CategoricalDtype):
        return set(teams.unique())
    return set(plain_texts(teams.cat.categories[np.flatnonzero(np.bincount(teams.cat.codes))]))
