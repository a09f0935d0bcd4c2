"""What nearly all rows of two years keep to, and some of a team do not: cells that were copied, slipped or filled in later.

Nothing waits for an answer: each may be so by work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.indicators.yardsticks.exchanged import at_least, counties_of
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.schemas import SCHEMAS

_ASKED_BY_THEMSELVES = frozenset({"households.registered", "villages.is_poor"})  # where these change, that is the cause


def days_alike(c: Comparison) -> Iterator[Question]:
    """Rows of a team, or of a county, with the same day in two columns, where hardly any others of both years have it."""
    for table, rows, _ in c.tables_of_both():
        owners = (rows["team"].cat.codes.to_numpy(), len(c.teams)), counties_of(c, rows)
        for one, other in combinations(_columns(c, table, "date"), 2):
            (now, then), (before, then_before) = (
                [c.numbers(table, name, of_year) for name in (one, other)] for of_year in (True, False)
            )
            alike, both = now == then, ~np.isnan(now + then)
            if not alike.any():
                continue
            was = int((before == then_before).sum()), int((~np.isnan(before + then_before)).sum())
            told = _breaking(alike, both, owners, was)
            if not told.any():
                continue
            found = rows[told].assign(second=f"{table}.{one}")
            yield from asked("days_alike", found, ROW_KEYS[table][0], other, "second", of=table)


def days_at_the_end(c: Comparison) -> Iterator[Question]:
    """Rows of a team, or of a county, dated the last day of the year, where hardly any others of both years are."""
    ends = [np.datetime64(f"{year}-12-31", "D").astype("float64") for year in (c.year, c.year - 1)]
    for table, rows, _ in c.tables_of_both():
        owners = (rows["team"].cat.codes.to_numpy(), len(c.teams)), counties_of(c, rows)
        for name in _columns(c, table, "date"):
            now, before = (c.numbers(table, name, of_year) for of_year in (True, False))
            at_end = now == ends[0]
            if not at_end.any():
                continue
            was = int((before == ends[1]).sum()), int((~np.isnan(before)).sum())
            found = rows[_breaking(at_end, ~np.isnan(now), owners, was)]
            if len(found):
                yield from asked("days_at_the_end", found, ROW_KEYS[table][0], name, None, of=table)


def _breaking(
    broken: np.ndarray, known: np.ndarray, owners: Iterable[tuple[np.ndarray, int]], before: tuple[int, int]
) -> np.ndarray:
    """Which rows break a habit that too many of one of their owners break, shape (rows,).

    Parameters: ``owners`` of each row, by team and by county, and how many these are; the others as for ``_unlikely``.
    """
    told = np.zeros(len(broken), dtype=bool)
    for owner, count in owners:
        told |= broken & np.isin(owner, _unlikely(broken, known, owner, count, before)) & (owner >= 0)
    return told


def _unlikely(
    broken: np.ndarray, known: np.ndarray, owner: np.ndarray, owners: int, before: tuple[int, int]
) -> list[int]:
    """Owners of so many rows that break a habit that, by last year's rows and the others', it is no chance.

    Parameters: which rows break it and which could, and whose they are, shape (rows,); how many of last year's did and could.
    """
    about = bounds().habits
    count, every = (np.bincount(owner[which & (owner >= 0)], minlength=owners) for which in (broken, known))
    rest, of = count.sum() - count, every.sum() - every  # this year's of the others
    chance = (before[0] + rest + 1) / (before[1] + of + 2)
    chance = np.maximum(chance, np.minimum(rest / np.maximum(of, 1), 0.99))  # what all do now was done otherwise before
    many = (count >= about.least_rows) & (before[1] + of >= about.rows_of_others)
    return [
        int(n)
        for n in np.flatnonzero(many)
        if at_least(int(count[n]), int(every[n]), float(chance[n])) < about.by_chance
    ]


def answered_where(c: Comparison) -> Iterator[Question]:
    """Cells that are filled in, or blank, in rows of which the answer in another column decided it in nearly all of last year's."""
    about = bounds().habits
    for table, rows, _ in c.tables_of_both():
        answers, owned = _columns(c, table, "yes_no"), rows["team"].cat.codes.to_numpy() >= 0
        for name in [*answers, *_columns(c, table, "date")]:
            filled, filled_before = (~np.isnan(c.numbers(table, name, of_year)) for of_year in (True, False))
            wrong = np.zeros(len(rows), dtype=bool)
            by = np.full(len(rows), "", dtype=object)
            for condition in (one for one in answers if one != name and f"{table}.{one}" not in _ASKED_BY_THEMSELVES):
                said, said_before = (c.numbers(table, condition, of_year) for of_year in (True, False))
                for answer in (0.0, 1.0):
                    usual = _usual(said_before, answer, filled_before)
                    against = (said == answer) & (filled != usual) & owned
                    if usual is not None and against.any() and against.sum() <= about.share * (said == answer).sum():
                        by[against & ~wrong] = f"{table}.{condition}"
                        wrong |= against
            if wrong.any():
                found = rows[wrong].assign(second=by[wrong])
                yield from asked("answered_where", found, ROW_KEYS[table][0], name, "second", of=table)


def amounts_tiny(c: Comparison) -> Iterator[Question]:
    """Amounts of a team below what nearly all others of both years have: they may be in another unit."""
    about = bounds().habits
    for table, rows, _ in c.tables_of_both():
        team, teams = rows["team"].cat.codes.to_numpy(), len(c.teams)
        for name in _columns(c, table, "number"):
            now, before = c.numbers(table, name), c.numbers(table, name, False)
            known = before[before > 0]
            if SCHEMAS[table].columns[name].metadata.get("unit") != "yuan" or len(known) < about.rows_of_others:
                continue
            least = float(np.quantile(known, about.tiny))
            small, there = (now > 0) & (now < least), (now > 0) & (team >= 0)
            unlikely = _unlikely(small, there, team, teams, (int((known < least).sum()), len(known)))
            if not unlikely:
                continue
            found = rows[small & np.isin(team, unlikely) & (team >= 0)].assign(least=least)
            yield from asked("amount_tiny", found, ROW_KEYS[table][0], name, "least", of=table)


def _columns(c: Comparison, table: str, kind: str) -> list[str]:
    """The columns of a kind that a table of the year has, keys apart."""
    there = c.frames.get(table, ())
    return [
        name
        for name, spec in SCHEMAS[table].columns.items()
        if spec.metadata["kind"] == kind and name in there and name not in ROW_KEYS[table]
    ]


def _usual(said: np.ndarray, answer: float, filled: np.ndarray) -> bool | None:
    """Whether cells are filled in, or blank, in nearly all rows in which another column has that answer; None where it does not tell.

    It tells where there are many such rows, and many with the other answer, of which not nearly all are the same.
    """
    about = bounds().habits
    mine, others = said == answer, ~np.isnan(said) & (said != answer)
    if min(mine.sum(), others.sum()) < about.least_answers:
        return None
    share, other = filled[mine].mean(), filled[others].mean()
    if min(share, 1 - share) > about.against or abs(share - other) < about.share:
        return None
    return bool(share > 0.5)
