"""The work that is left in a review: what is in doubt, by the points that hang on it, and what applies to a team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assess_lib.indicators.registry import registered
from assess_lib.ledger.state import ReviewState
from assess_lib.scoring.adjustments import AWAITING, IN_FORCE, STALE
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.figures import CODE_OF, NO_EVIDENCE, NOT_APPLICABLE, Reason

DISPUTED, QUESTIONED, MISSING, SET_ASIDE = "disputed", "questioned", "missing", "set_aside"
DOUBTS = (DISPUTED, AWAITING, STALE, QUESTIONED, MISSING, SET_ASIDE)


@dataclass(frozen=True)
class Doubt:
    """An indicator of a team that somebody has still to settle.

    ``kind`` is the first of ``DOUBTS`` that holds: an objection that is not answered, a judgement that waits for its second
    reviewer or is stale, figures that wait until somebody has looked, no evidence, rows of its tables that were set aside.
    ``points`` hang on it: how far the points may still move at most, up or down; the effect of a judgement that waits.
    """

    team: str
    indicator: str
    kind: str
    points: float


def doubts(result: Assessment, teams: Iterable[str], by: str = "") -> list[Doubt]:
    """What is in doubt among some teams, the most points first; equal ones in the order of teams and of the rubric.

    What was judged is no doubt unless an objection came, nor is a team that is signed off. Parameters: ``by`` an evaluator,
    whose own judgements others have to agree to.
    """
    state = result.review_state or ReviewState([], result.year)
    points, names, rubric = result.in_steps, result.figures.indicators, result.rubric
    teams = [team for team in teams if team not in state.signed_off]
    rows = points.teams.get_indexer(teams)
    least = np.array([float(rule.score.least(rule.weight) or 0) for rule in rubric.indicators()]) * points.per_point
    counts = np.array([rule.score.counts(rule.weight) for rule in rubric.indicators()])
    steps = points.steps[rows]
    hangs = np.maximum(points.most[rows] - steps, steps - np.minimum(least, 0)) / points.per_point
    effects = np.zeros(steps.shape)
    kinds = np.zeros(steps.shape, dtype="int8")  # 1 and on: places in DOUBTS; 0: no doubt
    marks = {
        SET_ASIDE: _set_aside(result, teams) & (points.status[rows] != NOT_APPLICABLE),
        MISSING: (points.status[rows] == NO_EVIDENCE) & counts,
        QUESTIONED: points.reason[rows] == CODE_OF[Reason.QUESTIONED],
    }
    for kind, mark in marks.items():
        kinds[mark] = DOUBTS.index(kind) + 1
    row_of, column_of = {team: row for row, team in enumerate(teams)}, result.figures.place
    for (team, name), became in result.adjustments.states.items():
        if team in row_of and name in column_of:
            ruling = state.rulings[team, name].entry
            at = row_of[team], column_of[name]
            own = became == AWAITING and ruling.by == by
            kinds[at] = 0 if became == IN_FORCE or own else DOUBTS.index(became) + 1
            if became == AWAITING:
                effects[at] = abs(float(ruling.effect))
    for dispute in state.disputes:
        about = dispute.record.entry
        if dispute.state == "received" and about.team in row_of and about.indicator in column_of:
            kinds[row_of[about.team], column_of[about.indicator]] = DOUBTS.index(DISPUTED) + 1
    hangs = np.where(kinds == DOUBTS.index(AWAITING) + 1, effects, hangs)
    found = [
        Doubt(teams[row], names[column], DOUBTS[kinds[row, column] - 1], round(float(hangs[row, column]), 2))
        for row, column in zip(*(place.tolist() for place in kinds.nonzero()))
    ]
    return sorted(found, key=lambda doubt: -doubt.points)


def applying(result: Assessment, team: str) -> set[str]:
    """The indicators that apply to a team."""
    row = result.in_steps.teams.get_loc(team)
    return {
        name for name, code in zip(result.figures.indicators, result.in_steps.status[row]) if code != NOT_APPLICABLE
    }


def _set_aside(result: Assessment, teams: list[str]) -> np.ndarray:
    """Of which indicators rows were set aside, or a table did not come, shape (teams, indicators)."""
    measures = registered()
    evidence = lambda rule: {"entered_values"} if rule.entered else set(measures[rule.measure].evidence)
    read = [evidence(rule) for rule in result.rubric.indicators()]
    mark = np.zeros((len(teams), len(read)), dtype=bool)
    for row, team in enumerate(teams):
        if tables := result.data.set_aside.get(team):
            mark[row] = [not each.isdisjoint(tables) for each in read]
    return mark
