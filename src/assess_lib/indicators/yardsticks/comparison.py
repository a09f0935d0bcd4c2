"""Two years of tables side by side, every row with its team, and what is asked about because they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from assess_lib.indicators.registry import registered
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.findings import shown
from assess_lib.tables.codes import POOR_CATEGORIES, WITHOUT_REGISTER
from assess_lib.tables.columns import DTYPES
from assess_lib.tables.id_lookup import among, ascending, places, row_codes
from assess_lib.tables.keys import OF_PROVINCE, ROW_KEYS
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_span import YearSpan

T = TypeVar("T")
Frames = Mapping[str, pd.DataFrame]
Owners = tuple[pd.Series, np.ndarray, bool]  # ids, of each the place of its team, and whether an id has several
NAMED = 5  # ids named in a message
LARGE = 1e6  # a number from which digits are written out
_LINKS = ("village_id", "household_id", "member_id", "unit_id")


@dataclass(frozen=True)
class Question:
    """What is asked about, and the measures that wait for the answer.

    ``rows`` has ``team``, ``id`` (blank for a count of the team), ``now`` and ``before`` (last year's, or the norm's),
    and may have ``row``, the number of the row of the table that has the id, if that is one of this year.
    ``together``: one cause for many teams, which is told once; ``told``: the teams that are told, none for all. ``table`` and ``kinds``: the table that is spoken of, and
    the kinds of its rows, none for all. ``columns``: those of ``id``, ``now`` and ``before``, blank for none of the table.
    """

    key: str
    measures: tuple[str, ...]
    rows: pd.DataFrame
    together: bool = False
    told: frozenset[str] = frozenset()
    table: str = "teams"
    kinds: tuple[str, ...] = ()
    columns: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Comparison(YearSpan):
    """The tables of a year, those of the year before (empty where there are none), and the norms.

    Rows are those of the teams of this year, in ``team``; a row of several teams stands once for each.
    """

    year: int
    frames: Frames
    earlier: Frames
    norms: Norms
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def last_days(self) -> pd.Timestamp:
        """The first of the last days of the year."""
        return self.year_end - pd.Timedelta(days=self.norms.last_days - 1)

    def now(self, table: str) -> pd.DataFrame:
        """The rows of a table of the year with ``team``; columns that are not there are blank."""
        return self._kept((table, True), lambda: self._owned(table, True))

    def rows(self, table: str) -> pd.DataFrame:
        """As ``now``; of a table whose rows are nobody's, those of all without ``team``."""
        return self.now(table) if {"team_id", *_LINKS} & set(SCHEMAS[table].columns) else self.table(table)

    def before(self, table: str) -> pd.DataFrame:
        """The same of the year before, with the teams of this year."""
        return self._kept((table, False), lambda: self._owned(table, False))

    def table(self, name: str, of_year: bool = True) -> pd.DataFrame:
        """A table of either year as it stands, with every column of its schema; those that are not there are blank."""
        return self._kept(
            ("table", name, of_year), lambda: _whole(name, (self.frames if of_year else self.earlier).get(name))
        )

    def both(self, table: str, *columns: str) -> pd.DataFrame:
        """The rows whose key a team has in both years; ``columns`` of the year before stand beside as ``…_before``."""
        now, was = self.now(table), self.before(table)
        if was.empty:
            return now.iloc[:0].assign(**{f"{name}_before": was[name] for name in columns})
        at = self.places(table)
        there = at >= 0
        kept = now if there.all() else self._kept(("both", table), lambda: now[there])
        at = at[there]
        same = len(at) == len(was) and bool((at == np.arange(len(at))).all())
        before = {name: was[name].array if same else was[name].array.take(at) for name in columns}
        return kept.assign(**{f"{name}_before": pd.Series(of, kept.index) for name, of in before.items()})

    def tables_of_both(self) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
        """The tables that have rows in both years, those of the province apart: name, rows of the year, rows of the year before."""
        for table in sorted(self.earlier):
            if table in ROW_KEYS and table not in OF_PROVINCE:
                now, was = self.now(table), self.before(table)
                if len(now) and len(was):
                    yield table, now, was

    def numbers(self, table: str, column: str, of_year: bool = True) -> np.ndarray:
        """The cells of ``now`` or ``before`` as numbers, days from 1970, yes 1 and no 0; not a number for a blank; shape (rows,)."""
        return self._kept(
            ("numbers", table, column, of_year),
            lambda: numbers_of((self.now if of_year else self.before)(table)[column]),
        )

    def pairs(self, table: str) -> tuple[np.ndarray, np.ndarray]:
        """The places in ``now`` and in ``before`` of the rows whose key a team has in both years, shape (rows,) each."""
        at = self.places(table)
        return np.flatnonzero(at >= 0), at[at >= 0]

    def gone(self, table: str) -> pd.DataFrame:
        """The rows of the year before whose key the team does not have any more.

        Such a row has the team that its village, household or member has now.
        """
        was = self.before(table)
        if was.empty:
            return was
        at = self.places(table)
        left = np.ones(len(was), dtype=bool)
        left[at[at >= 0]] = False
        return (
            was[left]
            if not left.any()
            else was[left & ~self._kept(("again", table), lambda: _again(self._keys(table)[1]))]
        )

    def came(self, table: str) -> pd.DataFrame:
        """The rows of the year whose key the team did not have in the year before."""
        return self.now(table)[self.places(table) < 0]

    @cached_property
    def counties(self) -> pd.Series:
        """The county of each team, its own or that of its village, blank for none; index of the teams."""
        teams = self.table("teams").drop_duplicates("team_id").set_index("team_id").reindex(self.teams)
        villages = self.table("villages").drop_duplicates("village_id").set_index("village_id")
        of_village = villages["county"].reindex(teams["village_id"]).set_axis(teams.index)
        return teams["county"].where(teams["county"].notna(), of_village).fillna("")

    @cached_property
    def registered(self) -> pd.Series:
        """The number of registered poor households by team."""
        homes = self.now("households")
        return counted(homes[registered_poor(homes)])

    @cached_property
    def teams(self) -> pd.Index:
        """The teams of the year, in order."""
        return pd.Index(self.table("teams")["team_id"].dropna().unique()).sort_values()

    def _kept(self, key: tuple[Any, ...], made: Callable[[], T]) -> T:
        """What several questions ask for, made for the first of them; nobody changes it."""
        if key not in self._known:
            self._known[key] = made()
        return self._known[key]

    def places(self, table: str) -> np.ndarray:
        """For each row of the year the first row of the year before with its key and team, -1 for none."""

        def found() -> np.ndarray:
            if self.before(table).empty:
                return np.full(len(self.now(table)), -1)
            rows, before, keys = self.now(table), self.before(table), ROW_KEYS[table]
            alike = len(rows) == len(before) and all(
                (rows[one].array == before[one].array).all() for one in (*keys, "team")
            )
            if alike and ascending(rows, keys):
                return np.arange(len(rows))
            now, was = self._keys(table)
            first = np.flatnonzero(~_again(was))
            at = pd.Index(was[first]).get_indexer(now)
            return np.append(first, -1)[at]

        return self._kept(("places", table), found)

    def _keys(self, table: str) -> tuple[np.ndarray, np.ndarray]:
        """A number for each row of either year, the same for rows with the same key and team."""

        def found() -> tuple[np.ndarray, np.ndarray]:
            years = (self.now(table), self.before(table))
            columns = [name for name in ROW_KEYS[table] if name != "team_id"]
            both = pd.concat([rows[columns].assign(team=rows["team"].cat.codes) for rows in years], ignore_index=True)
            codes = row_codes(both)
            return codes[: len(years[0])], codes[len(years[0]) :]

        return self._kept(("keys", table), found)

    def _owned(self, table: str, of_year: bool) -> pd.DataFrame:
        rows = self.table(table, of_year)
        if rows.empty:
            return rows.assign(team=pd.Categorical([], self.teams))
        link = "team_id" if "team_id" in rows else next(name for name in _LINKS if name in rows)
        at, team = _joined(rows[link], self._owners(link, of_year))
        kept = rows if len(at) == len(rows) and (at == np.arange(len(at))).all() else rows.iloc[at]
        return kept.assign(team=pd.Categorical.from_codes(team, self.teams))

    def _owners(self, link: str, of_year: bool) -> Owners:
        """The teams of this year for each village, unit, household, member or team id, as places in ``teams``."""
        return self._kept(("owners", link, of_year), lambda: self._owners_of(link, of_year))

    def _owners_of(self, link: str, of_year: bool) -> Owners:
        if link == "team_id":
            return pd.Series(self.teams, dtype="str"), np.arange(len(self.teams)), False
        if link in ("village_id", "unit_id"):
            teams = self.table("teams").drop_duplicates("team_id")
            ids, owners, of_owner = teams[link], self._owners("team_id", True), teams["team_id"]
        else:
            table, through = ("households", "village_id") if link == "household_id" else ("members", "team_id")
            years = [self.table(table, one) for one in ((True,) if of_year else (False, True))]
            ids = pd.concat([rows[link] for rows in years], ignore_index=True)
            of_owner = pd.concat([rows[through] for rows in years], ignore_index=True)
            first = ~_again(row_codes(ids.to_frame())) & ids.notna().to_numpy()
            ids, of_owner, owners = ids[first], of_owner[first], self._owners(through, True)
        at, team = _joined(of_owner, owners)
        ids = ids.iloc[at]
        filled = ids.notna().to_numpy()
        ids, team = ids[filled], team[filled]
        return ids, team, bool(ids.duplicated().any())


def _again(codes: np.ndarray) -> np.ndarray:
    """Which of some numbers stand further up already."""
    return pd.Series(codes).duplicated().to_numpy()


def _joined(ids: pd.Series, owners: Owners) -> tuple[np.ndarray, np.ndarray]:
    """The places of the ids that somebody owns, one for each owner, and the owners."""
    known, team, shared = owners
    if not shared:
        at = places(ids, known)
        there = np.flatnonzero(at >= 0)
        return there, team[at[there]]
    rows = pd.DataFrame({"id": ids.array, "at": np.arange(len(ids))})
    joined = rows.merge(pd.DataFrame({"id": known.array, "team": team}), on="id")
    return joined["at"].to_numpy(), joined["team"].to_numpy()


def numbers_of(cells: pd.Series) -> np.ndarray:
    """Cells of numbers, days, or yes and no as ``Comparison.numbers`` gives them, shape (rows,)."""
    if cells.dtype.kind == "M":
        days = cells.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype("float64"))
    if cells.dtype.kind == "f" and isinstance(cells.dtype, np.dtype):
        return cells.to_numpy()
    return cells.array.to_numpy(dtype="float64", na_value=np.nan)


def asked(
    key: str,
    rows: pd.DataFrame,
    id_of: str,
    now: Any,
    before: Any,
    *measures: str,
    of: str = "teams",
    together: bool = False,
) -> Iterator[Question]:
    """A question about rows that have ``team``; ``now`` and ``before`` a column's name or what holds for all.

    Parameters: ``of`` the table that the rows are of.
    """
    if rows.empty:
        return
    values = {
        name: rows[given].map(as_told)
        if isinstance(given, str) and given in rows
        else pd.Series(as_told(given), rows.index)
        for name, given in (("now", now), ("before", before))
    }
    ids = rows[id_of].astype("str").fillna("") if id_of else pd.Series("", rows.index)
    first, then = _column(of, now), _column(of, before)
    columns = (_column(of, id_of), first or then, then or first)
    told = pd.DataFrame({"team": rows["team"].astype("str"), "id": ids, **values, "row": rows.index})
    yield Question(key, measures, told, together, table=of, columns=columns)


def _column(table: str, given: Any) -> str:
    """The column of a table that something comes from, blank for none."""
    name = given.removesuffix("_before") if isinstance(given, str) else ""
    return name if name in SCHEMAS[table].columns else ""


def fewer(
    key: str,
    now: pd.Series,
    before: pd.Series,
    *measures: str,
    of: str,
    kinds: tuple[str, ...] = (),
    least: pd.Series | None = None,
) -> Iterator[Question]:
    """A question about teams that have less than before, or than ``least``; all by team.

    Parameters: ``of`` the table that is counted, ``kinds`` of its rows, none for all.
    """
    limit = before if least is None else least.astype("float64")
    now = now.reindex(limit.index, fill_value=0)
    low = now.index[(now < limit).to_numpy(dtype=bool)]
    if low.empty:
        return
    rows = pd.DataFrame(
        {"team": low, "now": [as_told(n) for n in now[low]], "before": [as_told(n) for n in before[low]]}
    )
    yield Question(key, measures, rows.assign(id=""), table=of, kinds=kinds)


def counted(rows: pd.DataFrame) -> pd.Series:
    """The number of rows of each team that has any, by its id."""
    sizes, teams = _sizes(rows["team"])
    return pd.Series(sizes[sizes > 0], teams[sizes > 0])


def _sizes(team: pd.Series, which: np.ndarray | slice = slice(None)) -> tuple[np.ndarray, pd.Index]:
    """How many of some rows each team has, shape (teams,), and all teams. Parameters: ``team`` of each row."""
    return np.bincount(team.cat.codes.to_numpy()[which], minlength=len(team.cat.categories)), team.cat.categories


def share_of(rows: pd.DataFrame, which: pd.Series) -> pd.Series:
    """The share of the rows of each team that has any for which something holds, by its id."""
    (whole, teams), (part, _) = _sizes(rows["team"]), _sizes(rows["team"], which.to_numpy(dtype=bool))
    there = whole > 0
    return pd.Series(part[there] / whole[there], teams[there])


def of_each(rows: pd.DataFrame, column: str, how: str) -> pd.Series:
    """The ``min`` or ``median`` of a column for each team that has any rows, by its id."""
    found = rows.groupby("team")[column].agg(how)
    return found.set_axis(found.index.astype("str"))


def per_team(rows: pd.DataFrame, figures: pd.Series) -> pd.Series:
    """The figure of the team of each row, blank for none; ``figures`` by team."""
    if not isinstance(rows["team"].dtype, pd.CategoricalDtype):
        return figures.reindex(rows["team"].astype("str")).set_axis(rows.index)
    team = rows["team"].cat
    return figures.reindex([*team.categories, None]).take(team.codes).set_axis(rows.index)


def registered_poor(homes: pd.DataFrame, suffix: str = "") -> pd.Series:
    """Which households are on the register in a poor category."""
    there = homes[f"registered{suffix}"].fillna(False).astype(bool)
    return there & among(homes[f"category{suffix}"], POOR_CATEGORIES)


def held_as_poor(homes: pd.DataFrame, suffix: str = "") -> pd.Series:
    """Which households are on the register in a poor category, or are 低保户 or 五保户, registered or not."""
    return registered_poor(homes, suffix) | among(homes[f"category{suffix}"], WITHOUT_REGISTER)


def measures_of(*tables: str) -> tuple[str, ...]:
    """The measures that look at one of the tables, in order."""
    return tuple(sorted(name for name, about in registered().items() if set(tables) & set(about.evidence)))


def as_told(value: Any) -> str:
    """A value as a question tells it."""
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
    if frame is None:
        return _empty(table)
    kinds = {name: DTYPES[spec.metadata["kind"]] for name, spec in SCHEMAS[table].columns.items()}
    lacking = {name: pd.Series(None, frame.index, kind) for name, kind in kinds.items() if name not in frame}
    return frame.assign(**lacking) if lacking else frame


@cache
def _empty(table: str) -> pd.DataFrame:
    return _whole(table, pd.DataFrame())
