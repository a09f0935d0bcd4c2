"""Teams on their way to a goal of a later year: the starts of their villages, and what is not due yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from assess_lib.faults import NOTE, Fault
from assess_lib.indicators.measurement import Status
from assess_lib.indicators.registry import registered
from assess_lib.rules.kinds import Score
from assess_lib.rules.kinds.base import Case, Cases
from assess_lib.rules.paths import Way, way_column
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.figures import CODE_OF, MEASURED, NOT_APPLICABLE, Figures, Places, Reason
from assess_lib.tables.dataset import YearData
from assess_lib.words import LANGUAGES, join_list


def ways(rubric: Rubric, data: YearData) -> dict[str, list[Way | None]]:
    """By column the way of each team to the goal of an indicator, None where the goal itself is its target."""
    found: dict[str, list[Way | None]] = {}
    for indicator in rubric.indicators():
        if indicator.path:
            starts = starting_values(indicator, data) if indicator.path.years_left(data.year) > 1 else None
            starts = starts or [None] * len(data.team_ids)
            found[way_column(indicator.id)] = [indicator.path.way(data.year, start) for start in starts]
    return found


def check_starts(rubric: Rubric, earlier: Mapping[str, pd.DataFrame], year: int) -> Iterator[Fault]:
    """A note where no tables of the year before say from where villages start, so that goals of later years count at once."""
    waiting = [i for i in rubric.indicators() if i.path and i.path.start and i.path.years_left(year) > 1]
    if waiting and "village_year" not in earlier:
        names = {lang: join_list([indicator.name[lang] for indicator in waiting], lang) for lang in LANGUAGES}
        yield Fault("checks.no_starts", str(year - 1), "", rubric.id, {"names": names}, NOTE)


def starting_values(indicator: Indicator, data: YearData) -> list[Fraction | None] | None:
    """What the villages of the teams were measured at in the year before; None where no tables of it are known."""
    if (before := data.at_the_start()) is None:
        return None
    teams = registered()[indicator.measure](before, **indicator.options).teams
    return [value if status == Status.MEASURED else None for value, status in zip(teams["exact"], teams["status"])]


def ways_of(indicator: Indicator, found: Figures) -> Sequence[Way | None]:
    """The way of each team to the goal of an indicator, shape (teams,)."""
    return found.teams[way_column(indicator.id)].to_numpy() if indicator.path else [None] * len(found.teams)


def on_the_way(indicator: Indicator, score: Score, found: Figures, teams: Places, cases: Cases) -> tuple[Score, Cases]:
    """The rule in force for teams on their way and figures that earn by it what theirs earn.

    A team with a start of its own has a target of its own; its value is taken to where one as near to the goal would be.
    """
    of_all = ways_of(indicator, found)
    ways = [of_all[team] for team in teams] if indicator.path else []
    known = next((way for way in ways if way), None)
    if known is None:
        return score, cases
    if known.target is not None:
        return score.on_the_way(known), cases
    starts = np.array([np.nan if way.start is None else float(way.start) for way in ways])
    return score, replace(cases, values=score.as_at_the_goal(cases.values, starts, known.years))


def leave_out_what_is_not_due(rubric: Rubric, found: Figures) -> None:
    """Take for not applicable what is not there, was not there at the start, and is owed in a later year only.

    What is questioned stays so until somebody has looked at it.
    """
    for column, indicator in enumerate(rubric.indicators()):
        if not indicator.path or indicator.path.start is None:
            continue
        ways, earns = ways_of(indicator, found), cache(_earns)
        asked = found.reason[:, column] == CODE_OF[Reason.QUESTIONED]
        for team in np.flatnonzero((found.status[:, column] == MEASURED) & ~asked).tolist():
            way, score = ways[team], indicator.score
            if way is None or way.start is None:
                continue
            if indicator.variants:
                _, score = indicator.for_team(found.rows[found.teams.index[team]])
            if score.path == "at_once" and not earns(score, way.start) and not earns(score, found.exact[team, column]):
                found.status[team, column], found.reason[team, column] = NOT_APPLICABLE, CODE_OF[Reason.NOT_DUE]


def _earns(score: Score, value: Fraction) -> bool:
    return bool(score.earned(Case(value), Fraction(1)))
