"""Answers that are turned round, in nearly all rows of a team or by their shares, or that are the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import ROW_KEYS
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


def answers_alike(c: Comparison) -> Iterator[Question]:
    """Columns of answers or codes with one value in all rows of a team, which by its last year's rows and the others' is no chance.

    Nothing waits for it.
    """
    about = bounds().answers_reversed
    for table, now, was in c.tables_of_both():
        teams, codes, codes_before = len(c.teams), _owner(now), _owner(was)
        for name in _answers(table, c.frames[table]):
            values = pd.factorize(pd.concat([now[name], was[name]], ignore_index=True))[0]
            if not (kinds := int(values.max()) + 1):
                continue
            (counts, before) = (
                _counted(of, owner, teams, kinds)
                for of, owner in ((values[: len(now)], codes), (values[len(now) :], codes_before))
            )
            every, every_before, most = counts.sum(axis=1), before.sum(axis=1), counts.argmax(axis=1)
            alike = (counts.max(axis=1, initial=0) == every) & (every >= about.least_rows)
            alike &= every_before >= about.least_rows
            mine, others = before[range(teams), most], counts.sum(axis=0)[most] - counts[range(teams), most]
            chance = np.maximum((mine + 1) / (every_before + 2), others / np.maximum(every.sum() - every, 1))
            told = alike & (chance**every < about.by_chance)
            if told.any():
                rows = pd.DataFrame({"team": c.teams[told], "column": f"{table}.{name}"}, index=range(int(told.sum())))
                yield from asked("answers_alike", rows, "column", None, None, of=table)


def _answers(table: str, rows: pd.DataFrame) -> list[str]:
    """The columns of yes and no and of codes that a table has, without keys and those of which something else asks."""
    kinds = {name: spec.metadata["kind"] for name, spec in SCHEMAS[table].columns.items()}
    return [
        name
        for name, kind in kinds.items()
        if kind in ("yes_no", "code") and name in rows and name not in ROW_KEYS[table]
        if f"{table}.{name}" not in _ASKED_BY_ITSELF
    ]


def _counted(values: np.ndarray, owner: np.ndarray, owners: int, kinds: int) -> np.ndarray:
    """The rows of each owner with each value, shape (owners, kinds). Parameters: the place of each row's value, -1 for none."""
    there = (values >= 0) & (owner >= 0)
    return np.bincount(owner[there].astype("int64") * kinds + values[there], minlength=owners * kinds).reshape(
        owners, kinds
    )


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
