"""Columns that were filled in by copying: what another says, what last year's table says, or the same in every row.

Nothing waits for an answer: days and amounts may be equal by work.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.indicators.yardsticks.exchanged import counties_of, days_and_numbers, owners_of
from assess_lib.tables.checks.bounds import bounds


def columns_copied(c: Comparison) -> Iterator[Question]:
    """Columns of days or numbers that are equal in all rows of a team, and columns with one value, where last year's hardly ever were."""
    about = bounds().copied_columns
    for table, now, was in c.tables_of_both():
        columns = days_and_numbers(c, table)  # all may say yes by work
        if not columns:
            continue
        (owner, owners), (owner_before, _) = (owners_of(c, table, rows) for rows in (now, was))
        values, before = (
            {name: c.numbers(table, name, of_year) for of in columns for name in of} for of_year in (True, False)
        )
        rows_of = np.bincount(owner[owner >= 0], minlength=owners)
        one_value = {name: _of_one_value(values[name], owner, owners) for name in values}
        for one, other in (pair for of in columns for pair in combinations(of, 2)):
            every, alike = _alike(values[one], values[other], owner, owners)
            if not ((every >= about.least_rows) & (alike == every)).any():
                continue
            every_before, alike_before = _alike(before[one], before[other], owner_before, owners)
            chance = (alike_before + 1) / (every_before + 2)
            copied = (every >= about.least_rows) & (alike == every) & (every_before >= about.least_rows)
            copied &= every >= about.filled * rows_of
            copied &= (chance**every < about.by_chance) & ~(one_value[one] & one_value[other])
            if not copied.any():
                continue
            rows = _first_rows(now, owner, np.flatnonzero(copied))
            rows = rows.assign(one=f"{table}.{one}", other=f"{table}.{other}")
            yield from asked("columns_copied", rows, "one", "other", None, of=table)
        yield from _of_last_year(c, table, now, values, before, (owner, owners))
        (county, counties), (county_before, _) = (counties_of(c, rows) for rows in (now, was))
        by = [(owner, owner_before, owners), (county, county_before, counties)]
        yield from _filled_down(table, now, values, before, by)


def _of_last_year(
    c: Comparison,
    table: str,
    now: pd.DataFrame,
    values: dict[str, np.ndarray],
    before: dict[str, np.ndarray],
    by: tuple[np.ndarray, int],
) -> Iterator[Question]:
    """Columns that say in all rows of an owner what last year's table says of them, where those of the others hardly do."""
    about, (here, there), (owner, owners) = bounds().copied_columns, c.pairs(table), by
    owner = owner[here]
    found = []
    for name in values:
        every, alike = _alike(values[name][here], before[name][there], owner, owners)
        if not ((every >= about.least_rows) & (alike == every)).any():
            continue
        chance = (alike.sum() - alike + 1) / (every.sum() - every + 2)
        again = (every >= about.least_rows) & (alike == every) & (chance**every < about.by_chance)
        again &= every.sum() - every >= about.rows_of_others
        if not again.any():
            continue
        rows = now.iloc[here]
        found.append(_first_rows(rows, owner, np.flatnonzero(again)).assign(one=f"{table}.{name}"))
    if found:
        yield from asked("column_of_last_year", pd.concat(found), "one", None, None, of=table)


def _filled_down(
    table: str,
    now: pd.DataFrame,
    values: dict[str, np.ndarray],
    before: dict[str, np.ndarray],
    by: list[tuple[np.ndarray, np.ndarray, int]],
) -> Iterator[Question]:
    """Columns that have one value in all rows of a team, or of a county, and had several; told at the first of them.

    Parameters: cells of both years by column; ``by`` the places of the owners in both years, and how many there are, by team
    and by county.
    """
    found = []
    for name in values:
        told = np.zeros(len(now), dtype=bool)
        for owner, owner_before, owners in by:
            alike = _of_one_value(values[name], owner, owners)
            if alike.any():
                alike &= _kinds_of(before[name], owner_before, owners) >= bounds().copied_columns.values_before
                of = np.isin(owner, np.flatnonzero(alike)) & ~told
                if not of.any():
                    continue
                again = pd.Series(owner).mask(told).duplicated().to_numpy()
                found.append(now[of & ~again].assign(one=f"{table}.{name}"))
                told |= of
    if found:
        yield from asked("column_of_one_value", pd.concat(found), "one", None, None, of=table)


def _first_rows(rows: pd.DataFrame, owner: np.ndarray, which: np.ndarray) -> pd.DataFrame:
    """The first row of each team of some owners."""
    return rows[np.isin(owner, which)].drop_duplicates("team")


def _alike(one: np.ndarray, other: np.ndarray, owner: np.ndarray, owners: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each owner the rows in which both stand, and those in which they are equal, shape (owners,) each."""
    there = ~np.isnan(one) & ~np.isnan(other) & (owner >= 0)
    return tuple(np.bincount(owner[which], minlength=owners) for which in (there, there & (one == other)))  # type: ignore[return-value]


def _of_one_value(values: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """Which owners have one value in all their cells, of which most are filled in, shape (owners,)."""
    about = bounds().copied_columns
    least = np.maximum(about.least_rows, about.filled * np.bincount(owner[owner >= 0], minlength=owners))
    there = ~np.isnan(values) & (owner >= 0)
    mine, whose = values[there], owner[there]
    first = np.full(owners, np.nan)
    first[whose[::-1]] = mine[::-1]
    return (np.bincount(whose, minlength=owners) >= least) & (
        np.bincount(whose[mine != first[whose]], minlength=owners) == 0
    )


def _kinds_of(values: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """The number of different values of each owner, shape (owners,)."""
    there = ~np.isnan(values) & (owner >= 0)
    distinct = np.unique(np.column_stack([owner[there].astype("float64"), values[there]]), axis=0)
    return np.bincount(distinct[:, 0].astype("int64"), minlength=owners)
