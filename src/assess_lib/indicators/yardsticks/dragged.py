"""Cells that were filled by dragging the first of them: the same value, or one day after the other, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.indicators.yardsticks.exchanged import days_and_numbers
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import ROW_KEYS

_STEPS = (0, 1)  # from a row to the next: the same, or the next day


def cells_dragged(c: Comparison) -> Iterator[Question]:
    """Runs of rows of a team of which each says what the row above says, or the day after, where hardly any others do.

    How often two rows that follow one another do so is seen by last year's rows and by this year's of the others. Nothing waits
    for an answer, and nothing is asked of a team whose rows do not stand in the order of their keys.
    """
    about = bounds().dragged_cells
    for table, rows, earlier in c.tables_of_both():
        team, teams = rows["team"].cat.codes.to_numpy(), len(c.teams)
        team_before = earlier["team"].cat.codes.to_numpy()
        in_order = _in_order_of_key(rows[ROW_KEYS[table][0]], team, teams)
        found = []
        for name in chain(*days_and_numbers(c, table)):
            if rows[name].dtype.kind != "M":
                continue
            now, before = c.numbers(table, name), c.numbers(table, name, False)
            for step in _STEPS:
                follows, pairs = _follows(now, team, step)
                starts, lengths = _runs(follows)
                if not (lengths >= about.least_rows - 1).any():
                    continue
                was, pairs_before = _follows(before, team_before, step)
                every = np.bincount(team[1:][pairs], minlength=teams)
                mine = np.bincount(team[1:][follows], minlength=teams)
                rest = was.sum() + mine.sum() - mine
                chance = (rest + 1) / (pairs_before.sum() + every.sum() - every + 2)
                of = team[starts]
                unlikely = in_order[of] & (chance[of] ** lengths * every[of] < about.by_chance)
                at = starts[unlikely & (lengths >= about.least_rows - 1)]
                count = lengths[unlikely & (lengths >= about.least_rows - 1)] + 1
                found.append(rows.iloc[at].assign(one=f"{table}.{name}", count=count))
        if found:
            yield from asked("cells_dragged", pd.concat(found), "one", "count", None, of=table)


def _in_order_of_key(keys: pd.Series, team: np.ndarray, teams: int) -> np.ndarray:
    """Which teams have their rows in the order of their keys; in a table that was sorted by something else days stand together by that."""
    texts = keys.fillna("").astype(str).to_numpy(dtype=str)
    falls = (team[1:] == team[:-1]) & (texts[1:] < texts[:-1]) & (team[1:] >= 0)
    return np.bincount(team[1:][falls], minlength=teams) == 0


def _follows(values: np.ndarray, team: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each row but the first whether it is ``step`` more than the one above of the same team; and whether both are known; shape (rows - 1,)."""
    pairs = (team[1:] == team[:-1]) & (team[1:] >= 0) & ~np.isnan(values[1:]) & ~np.isnan(values[:-1])
    return pairs & (np.diff(values) == step), pairs


def _runs(follows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows with which runs begin, and how many rows follow each; shape (runs,) each."""
    edges = np.diff(np.concatenate([[False], follows, [False]]).astype("int8"))
    starts = np.flatnonzero(edges == 1)
    return starts, np.flatnonzero(edges == -1) - starts
