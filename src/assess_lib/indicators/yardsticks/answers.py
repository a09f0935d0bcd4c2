"""Answers of yes and no that are turned round: in nearly all rows of a team, or by their shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.schemas import SCHEMAS

_ASKED_BY_ITSELF = frozenset({"household_measures.needed"})  # as needs that are denied


def answers_reversed(c: Comparison) -> Iterator[Question]:
    """Columns of yes and no that nearly all rows of a team answer otherwise than last year. Nothing waits for it."""
    about = bounds().answers_reversed
    for table, now, was in c.tables_of_both():
        names = _yes_or_no(table, c.frames[table])
        (here, there), codes, codes_before = c.pairs(table), _owner(now), _owner(was)
        for name in names:
            values, earlier = (c.numbers(table, name, of_year) for of_year in (True, False))
            changed, known = _share(np.abs(values[here] - earlier[there]), codes[here], len(c.teams))
            (share, enough), (before, enough_before) = (
                _share(of, owner, len(c.teams)) for of, owner in ((values, codes), (earlier, codes_before))
            )
            turned = (before <= about.share) & (share >= 1 - about.share)
            turned |= (before >= 1 - about.share) & (share <= about.share)
            turned = turned & enough & enough_before | (changed >= about.changed) & known
            if not turned.any():
                continue
            teams = c.teams[turned]
            rows = pd.DataFrame({"team": teams, "column": f"{table}.{name}"}, index=range(len(teams)))
            shares = {"now": share[turned], "before": before[turned]}
            rows = rows.assign(**{which: [f"{of_one:.0%}" for of_one in of] for which, of in shares.items()})
            yield from asked("answers_reversed", rows, "column", "now", "before", of=table)


def _yes_or_no(table: str, rows: pd.DataFrame) -> list[str]:
    """The columns of yes and no that a table has, without those of which something else asks."""
    kinds = {name: spec.metadata["kind"] for name, spec in SCHEMAS[table].columns.items()}
    return [n for n, kind in kinds.items() if kind == "yes_no" and n in rows and f"{table}.{n}" not in _ASKED_BY_ITSELF]


def _owner(rows: pd.DataFrame) -> np.ndarray:
    """The place of the team of each row, shape (rows,)."""
    return rows["team"].cat.codes.to_numpy()


def _share(answers: np.ndarray, owner: np.ndarray, owners: int) -> tuple[np.ndarray, np.ndarray]:
    """The share of yes (1) among the answers of each team, not a number for none, and which teams have enough, shape (teams,) each."""
    there = ~np.isnan(answers)
    every = np.bincount(owner[there], minlength=owners)
    yes = np.bincount(owner[there], answers[there], minlength=owners)
    return yes / np.where(every, every, np.nan), every >= bounds().answers_reversed.least_rows
