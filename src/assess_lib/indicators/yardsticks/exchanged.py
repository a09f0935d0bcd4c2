"""Two columns of one kind that stand in each other's place: what came first last year comes last, or each has the other's cells."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, measures_of
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.schemas import SCHEMAS

_KINDS = ("date", "number", "whole", "yes_no")
# Days of what happened once and stays in later tables: those of the year alone stand in its order.
_EVENTS = frozenset({"exited_on", "fell_back_on", "category_changed_on", "delisted_on"})
_OF_A_COUNTY = frozenset({"village_year", "exit_plans", "teams"})  # a row for a team


def columns_exchanged(c: Comparison) -> Iterator[Question]:
    """Columns whose order by size is turned round in most rows of a team, which by last year's rows is no chance."""
    for table, now, was in c.tables_of_both():
        columns = by_kind(table, c.frames.get(table, ()))
        if not columns:
            continue
        years = ((now, True), (was, False))
        values, before = (
            {name: _of_its_year(c, table, name, of_year) for of in columns for name in of} for _, of_year in years
        )
        (owner, owners), (owner_before, _) = (owners_of(c, table, rows) for rows, _ in years)
        found: list[tuple[float, float, int, str, str]] = []
        for one, other in (pair for of in columns for pair in combinations(of, 2)):
            habit = _Order.of(before[one], before[other], owner_before)
            nearly_all = now[one].dtype.kind == "b"  # what people do changes, days and amounts keep their order
            turned = habit.turned_for(values[one], values[other], owner, owners, nearly_all) if habit else {}
            if turned and nearly_all:
                sides = ((values, owner), (before, owner_before))
                shares = [_means(of[name], of_owner, owners) for name in (one, other) for of, of_owner in sides]
                changed = _changed_places(*shares)
                turned = {place: chance for place, chance in turned.items() if changed[place]}
            apart = np.nanmean(np.abs(before[one] - before[other])) if turned else 0.0
            found += [(chance, -apart, place, one, other) for place, chance in turned.items()]
        found += [(0.0, 0.0, *of_both) for of_both in _holding_each_other(c, table, columns, owner, owners)]
        for place, one, other in _unlikeliest(found):
            rows = now[owner == place].drop_duplicates("team")
            rows = rows.assign(one=f"{table}.{one}", other=f"{table}.{other}")
            yield from asked("columns_exchanged", rows, "one", "other", None, *measures_of(table), of=table)


def _holding_each_other(
    c: Comparison, table: str, columns: list[list[str]], owner: np.ndarray, owners: int
) -> Iterator[tuple[int, str, str]]:
    """Owners, and two columns of which nearly each row has in the one what it had in the other last year."""
    here, there = c.pairs(table)
    about, owner = bounds().exchanged_columns, owner[here]
    blank = lambda numbers: np.nan_to_num(numbers, nan=-np.inf)
    now = {name: blank(c.numbers(table, name)[here]) for of in columns for name in of}
    was = {name: blank(c.numbers(table, name, False)[there]) for of in columns for name in of}
    for one, other in (pair for of in columns for pair in combinations(of, 2)):
        turned = (now[one] == was[other]) & (now[other] == was[one]) & (was[one] != was[other]) & (owner >= 0)
        if np.count_nonzero(turned) >= about.least_rows:
            differ = (was[one] != was[other]) & (owner >= 0)
            every, count = (np.bincount(owner[which], minlength=owners) for which in (differ, turned))
            for place in np.flatnonzero((count >= about.least_rows) & (count >= (1 - about.share) * every)):
                yield int(place), one, other


def _unlikeliest(found: list[tuple[float, float, int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """Of the pairs of an owner those that are least likely by chance, then furthest apart, each column in one alone."""
    taken: set[tuple[int, str]] = set()
    for _, _, place, one, other in sorted(found):
        if (place, one) not in taken and (place, other) not in taken:
            taken |= {(place, one), (place, other)}
            yield place, one, other


def by_kind(table: str, there: Collection[str], least: int = 2) -> list[list[str]]:
    """Columns of a table of one kind each, those with an order; keys and the year are none.

    Parameters: ``least`` how many of a kind there must be.
    """
    specs = SCHEMAS[table].columns
    own = [name for name in specs if name in there and name not in (*ROW_KEYS[table], "year")]
    found = [[name for name in own if specs[name].metadata["kind"] == kind] for kind in _KINDS]
    numbers = [*found[1], *found[2]]
    return [names for names in (found[0], numbers, found[3]) if len(names) >= least]


def days_and_numbers(c: Comparison, table: str) -> list[list[str]]:
    """The columns of days and of numbers that a table of the year has, those of a kind together."""
    return [of for of in by_kind(table, c.frames.get(table, ()), least=1) if c.now(table)[of[0]].dtype != "boolean"]


def _of_its_year(c: Comparison, table: str, column: str, of_year: bool) -> np.ndarray:
    """The numbers of a column, of days of what happened once those of the year alone; shape (rows,)."""
    values = c.numbers(table, column, of_year)
    if column not in _EVENTS:
        return values
    year = c.year if of_year else c.year - 1
    first, after = (np.datetime64(str(one), "D").astype("float64") for one in (year, year + 1))
    return np.where((values >= first) & (values < after), values, np.nan)


def owners_of(c: Comparison, table: str, rows: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The team of each row, or its county where a team has but one row, as numbers, and how many there are."""
    if table in _OF_A_COUNTY:
        return counties_of(c, rows)
    return rows["team"].cat.codes.to_numpy(), len(rows["team"].cat.categories)


def counties_of(c: Comparison, rows: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The county of the team of each row, as numbers, -1 where none is known, and how many counties there are."""
    counties = pd.Index(c.counties[c.counties != ""].unique())
    of_team = counties.get_indexer(c.counties.reindex(rows["team"].cat.categories.astype("str")))
    return np.append(of_team, -1)[rows["team"].cat.codes.to_numpy()], len(counties)


def _means(values: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """The mean of each owner's numbers, not a number for none, shape (owners,)."""
    there = ~np.isnan(values) & (owner >= 0)
    count = np.bincount(owner[there], minlength=owners)
    return np.bincount(owner[there], values[there], minlength=owners) / np.where(count, count, np.nan)


def _changed_places(one: np.ndarray, one_was: np.ndarray, other: np.ndarray, other_was: np.ndarray) -> np.ndarray:
    """Which owners have in each of two columns what is nearer to the other of last year than to itself, shape (owners,)."""
    nearer = lambda now, itself, instead: np.abs(now - instead) < np.abs(now - itself)
    return nearer(one, one_was, other_was) & nearer(other, other_was, one_was)


@dataclass(frozen=True)
class _Order:
    """Which of two columns is the smaller one in nearly all rows of last year, and how likely a row has it otherwise.

    ``one``, ``other``: the columns last year, and ``owner`` the place of the owner of each row, shape (rows,).
    """

    one: np.ndarray
    other: np.ndarray
    owner: np.ndarray
    first_is_less: bool
    chance: float

    @classmethod
    def of(cls, one: np.ndarray, other: np.ndarray, owner: np.ndarray) -> _Order | None:
        """The order, None where none holds. Parameters as the fields."""
        less, more = int(np.count_nonzero(one < other)), int(np.count_nonzero(one > other))
        if less == more or min(less, more) > bounds().exchanged_columns.share * (less + more):
            return None
        return cls(one, other, owner, less > more, (min(less, more) + 1) / (less + more + 2))

    def turned_for(
        self, one: np.ndarray, other: np.ndarray, owner: np.ndarray, owners: int, nearly_all: bool
    ) -> dict[int, float]:
        """The owners in most, or nearly all, of whose rows it is the other way round, and how likely that is by chance.

        Those of too few rows last year, or of whom most were otherwise then, are none of them.
        """
        about = bounds().exchanged_columns
        least = 1 - about.share if nearly_all else 0.5
        turned, every = self._counts(one, other, owner, owners)
        many = (turned >= about.least_rows) & (turned > least * every)
        if not many.any():
            return {}
        turned_before, every_before = self._counts(self.one, self.other, self.owner, owners)
        many &= (every_before >= about.least_rows) & (turned_before < every_before / 2)
        chances = {int(n): at_least(int(turned[n]), int(every[n]), self.chance) for n in np.flatnonzero(many)}
        return {place: chance for place, chance in chances.items() if chance < about.by_chance}

    def _counts(
        self, one: np.ndarray, other: np.ndarray, owner: np.ndarray, owners: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of each owner the rows that have another order, and those that have any, shapes (owners,)."""
        less, more = ((one < other) & (owner >= 0), (one > other) & (owner >= 0))
        turned, as_always = (
            np.bincount(owner[which], minlength=owners) for which in (more, less)[:: 1 if self.first_is_less else -1]
        )
        return turned, turned + as_always


def at_least(count: int, every: int, chance: float) -> float:
    """How likely so many of all are by chance, each alike."""
    whole, of, rest = math.lgamma(every + 1), math.log(chance), math.log1p(-chance)
    logs = (
        whole - math.lgamma(n + 1) - math.lgamma(every - n + 1) + n * of + (every - n) * rest
        for n in range(count, every + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))
