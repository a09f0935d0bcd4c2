"""Columns whose cells stand in other rows: a row too high or too low, as where one was inserted or deleted, or sorted by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.indicators.yardsticks.exchanged import days_and_numbers, owners_of
from assess_lib.tables.checks.bounds import bounds

_LARGEST = 1 - 1e-9  # of a correlation: the inverse hyperbolic tangent of 1 is infinite
_CAPPED = 0.95  # else one changed cell among perfect rows would stand out


def columns_shifted(c: Comparison) -> Iterator[Question]:
    """Columns of days or numbers that go with last year's cells of the row above, or below, and not with their own.

    How two columns go together is the correlation of their ranks; rows stand in the order of this year's table. A column that is
    off in the whole table is told once. Nothing waits for an answer.
    """
    about = bounds().shifted_columns
    for table, rows, _ in c.tables_of_both():
        at = c.places(table)
        columns = list(chain(*days_and_numbers(c, table)))  # few answers of yes and no differ, and may do so by chance
        if np.count_nonzero(at >= 0) < about.least_rows or not columns:
            continue
        owner, owners = owners_of(c, table, rows)
        every = np.zeros(len(rows), dtype="int64")
        found = []
        for name in columns:
            now, before = _ranks(c.numbers(table, name)), np.append(_ranks(c.numbers(table, name, False)), np.nan)[at]
            for step in (1, -1):
                if _off(now, before, step, every, 1)[0]:
                    first = rows.drop_duplicates("team").assign(one=f"{table}.{name}")
                    yield from asked("column_shifted", first, "one", None, None, of=table, together=True)
                    break
                off = np.flatnonzero(_off(now, before, step, owner, owners))
                if len(off):
                    found.append(rows[np.isin(owner, off)].drop_duplicates("team").assign(one=f"{table}.{name}"))
        if found:
            yield from asked("column_shifted", pd.concat(found), "one", None, None, of=table)


def columns_out_of_order(c: Comparison) -> Iterator[Question]:
    """Columns of days or numbers that go with last year's cells far less in the rows of a team than in those of the others.

    So it is where one column was sorted by itself. Nothing waits for an answer.
    """
    about = bounds().shifted_columns
    for table, rows, _ in c.tables_of_both():
        at = c.places(table)
        owner, owners = owners_of(c, table, rows)
        found = []
        for name in chain(*days_and_numbers(c, table)):
            now, before = _ranks(c.numbers(table, name)), np.append(_ranks(c.numbers(table, name, False)), np.nan)[at]
            there = (owner >= 0) & ~(np.isnan(now) | np.isnan(before))
            own, count = _correlation(now[there], before[there], owner[there], owners)
            freedom = np.maximum(count - 3, 0)
            sure = np.arctanh(np.minimum(own, _CAPPED))
            others = ((sure * freedom).sum() - sure * freedom) / np.maximum(freedom.sum() - freedom, 1)
            apart = (others - sure) * np.sqrt(freedom)
            compared = np.count_nonzero(count >= about.least_rows) - (count >= about.least_rows)
            off = (
                (count >= about.least_rows)
                & (compared >= about.least_others)
                & (np.tanh(others) >= about.others)
                & (apart >= about.deviations_of_order)
            )
            if off.any():
                first = rows[np.isin(owner, np.flatnonzero(off))].drop_duplicates("team")
                found.append(first.assign(one=f"{table}.{name}"))
        if found:
            yield from asked("column_out_of_order", pd.concat(found), "one", None, None, of=table)


def _ranks(numbers: np.ndarray) -> np.ndarray:
    """The place of each number by size, that of equal ones their mean; shape (rows,)."""
    return pd.Series(numbers).rank().to_numpy()


def _off(now: np.ndarray, before: np.ndarray, step: int, owner: np.ndarray, owners: int) -> np.ndarray:
    """Which owners have cells that go with last year's of the row ``step`` further up, and far less with their own, shape (owners,).

    Parameters: this year's and last year's cells and the place of the owner of each row, shape (rows,) each.
    """
    about, other = bounds().shifted_columns, np.roll(before, step)
    other[slice(step) if step > 0 else slice(step, None)] = np.nan
    rows = (owner >= 0) & ~(np.isnan(now) | np.isnan(before) | np.isnan(other))
    own, count = _correlation(now[rows], before[rows], owner[rows], owners)
    beside, _ = _correlation(now[rows], other[rows], owner[rows], owners)
    freedom = np.sqrt(np.maximum(count - 3, 0))  # Fisher's transformation: its deviation is 1 by that
    surely = np.arctanh(beside) * freedom >= about.deviations
    return (count >= about.least_rows) & surely & ((np.arctanh(beside) - np.arctanh(own)) * freedom >= about.deviations)


def _correlation(one: np.ndarray, other: np.ndarray, owner: np.ndarray, owners: int) -> tuple[np.ndarray, np.ndarray]:
    """Pearson's correlation of two columns within the rows of each owner, 0 where one is constant, and how many rows there are."""
    total = lambda values: np.bincount(owner, values, minlength=owners)
    count = np.bincount(owner, minlength=owners)
    some = np.maximum(count, 1)
    one, other = one - (total(one) / some)[owner], other - (total(other) / some)[owner]
    spread = np.sqrt(total(one * one) * total(other * other))
    found = np.divide(total(one * other), spread, out=np.zeros(owners), where=spread > 0)
    return np.clip(found, -_LARGEST, _LARGEST), count
