"""The one engine: from figures to points, for all teams at once, in whole rounding steps.

Official scoring, scoring with what people judged, what-if and analyses call it. Points are computed as floats for all
teams and rounded half up to steps; where a number lies so near a half, or near a jump of its rule, that a float could
fall on the wrong side, the fraction decides. So the result is that of exact arithmetic.

Reads from the top: :func:`score_points` is the pipeline, each step a function below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from assess_lib.exact import round_half_up
from assess_lib.rules.kinds import Score
from assess_lib.rules.kinds.base import Floats, Mask
from assess_lib.rules.rubric import PEER_COLUMNS, Group, Indicator, PeerFilter, Rubric
from assess_lib.scoring.figures import (
    CODE_OF,
    MEASURED,
    NO_EVIDENCE,
    NOT_APPLICABLE,
    Codes,
    Figures,
    PeerGroups,
    Places,
    Reason,
    peer_groups,
)
from assess_lib.scoring.goals import on_the_way, ways_of
from assess_lib.scoring.weights import Steps, shared_out

NEAR_HALF = 1e-6  # of a step; nearer to a half than this, the fraction decides
LARGEST = 1e8  # steps; beyond it a float is too coarse to be rounded
NO_END = Fraction(-(10**12))  # points where a deduction has no floor: below all that is not without end
Given: TypeAlias = Mapping[tuple[str, str], Fraction]
Bound: TypeAlias = Literal["least", "most"]
_BOUNDS: tuple[Bound, Bound] = ("least", "most")
NOTHING_GIVEN: Given = MappingProxyType({})


@dataclass(frozen=True)
class Points:
    """Points of teams in whole rounding steps; arrays of the shape (teams, indicators) but where it is said.

    Attributes
    ----------
    teams : ids, shape (teams,). step : the rounding step in points.
    steps : points earned. weight : the weight in force. most : the most that can be earned.
    held : what the cap or floor of each group adds or takes, shape (teams, groups).
    status, reason : as in ``Figures``; where peers give no reference, not applicable.
    """

    teams: pd.Index
    step: Fraction
    steps: Steps
    weight: Steps
    most: Steps
    held: Steps
    status: Codes
    reason: Codes

    @property
    def per_point(self) -> int:
        """The number of steps in a point."""
        return int(1 / self.step)

    def by_dimension(self, rubric: Rubric) -> Steps:
        """Points per focal point, shape (teams, focal points)."""
        return _summed(self.steps, _sizes(rubric)) + _summed(self.held, [len(d.groups) for d in rubric.dimensions])

    def weight_by_dimension(self, rubric: Rubric) -> Steps:
        """Weights in force per focal point, shape (teams, focal points)."""
        return _summed(self.weight, _sizes(rubric))

    def total(self) -> Steps:
        """Points in all, shape (teams,)."""
        totals: Steps = self.steps.sum(axis=1) + self.held.sum(axis=1)
        return totals

    def put(self, teams: Places, others: Points) -> Points:
        """The points with those of some teams, by their places, exchanged."""
        changed = {}
        for name in ("steps", "weight", "most", "held", "status", "reason"):
            changed[name] = getattr(self, name).copy()
            changed[name][teams] = getattr(others, name)
        return replace(self, **changed)


def score_points(rubric: Rubric, found: Figures, peers: PeerGroups, given: Given = NOTHING_GIVEN) -> Points:
    """Points of teams by a rubric.

    Parameters: ``found`` the figures of these teams, ``peers`` the values of every peer group of all teams, ``given``
    points at nominal weight that a reviewer set, by team and indicator.
    """
    return _scored(rubric, found, peers, given)[0]


def score_with_bounds(
    rubric: Rubric, found: Figures, peers: PeerGroups, given: Given = NOTHING_GIVEN
) -> tuple[Points, Floats, Floats]:
    """Points of teams, and the totals if all missing evidence came in at its worst, and at its best, shape (teams,).

    They are steps; minus infinity where a deduction without a floor, which its group does not hold, may still come. What is
    questioned may come out at its worst and at its best like what is missing.
    Parameters: as for :func:`score_points`.
    """
    points, rules, raw = _scored(rubric, found, peers, given)
    bounds: list[Floats] = []
    unknown = (points.status == NO_EVIDENCE) | (points.reason == CODE_OF[Reason.QUESTIONED])
    waiting = np.flatnonzero(unknown.any(axis=1))
    lacking = unknown[waiting]
    status, reason = np.where(lacking, MEASURED, points.status[waiting]), points.reason[waiting]
    floorless = [g.floor is None for d in rubric.dimensions for g in d.groups for _ in g.indicators]
    for which in _BOUNDS:
        totals, endless = points.total(), np.zeros(len(points.teams), dtype=bool)
        if len(waiting):
            some = rules.take(waiting)
            filled = raw.take(waiting).filled(lacking, some, some.bound(which))
            totals[waiting] = _in_steps(rubric, some, filled, status, reason, points.teams[waiting]).total()
            endless[waiting] = (lacking & some.endless(which, floorless)).any(axis=1)
        bounds.append(np.where(endless, -np.inf, totals))
    return points, bounds[0], bounds[1]


def _scored(rubric: Rubric, found: Figures, peers: PeerGroups, given: Given) -> tuple[Points, _Rules, _Raw]:
    rules = _rules_in_force(rubric, found)
    raw = _raw_points(rubric, rules, found, peers, given)
    status, reason = found.status.copy(), found.reason.copy()
    status[raw.no_reference], reason[raw.no_reference] = NOT_APPLICABLE, CODE_OF[Reason.NO_REFERENCE]
    return _in_steps(rubric, rules, raw, status, reason, found.teams.index), rules, raw


# ---- rules in force ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rules:
    """The weight and score in force for each team.

    ``variant`` places in ``weights`` and ``scores`` of an indicator, shape (teams, indicators): 0 is the indicator's
    own, then come its variants.
    """

    indicators: list[Indicator]
    variant: Codes
    weights: list[list[Fraction]]
    scores: list[list[Score]]

    def take(self, teams: Places) -> _Rules:
        """The rules of some teams."""
        return replace(self, variant=self.variant[teams])

    def pairs(self) -> list[list[tuple[Score, Fraction]]]:
        """Score and weight, by indicator and variant."""
        return [list(zip(*pair)) for pair in zip(self.scores, self.weights)]

    def bound(self, which: Bound) -> list[list[Fraction]]:
        """The most or least points at nominal weight, by indicator and variant; ``NO_END`` where there is no least."""
        bounds = [[getattr(s, which)(w) for s, w in pair] for pair in self.pairs()]
        return [[NO_END if number is None else number for number in found] for found in bounds]

    def endless(self, which: Bound, floorless: list[bool]) -> Mask:
        """True where an indicator has no bound and its group does not hold it, shape (teams, indicators)."""
        found = [
            [free and getattr(s, which)(w) is None for s, w in pair] for pair, free in zip(self.pairs(), floorless)
        ]
        mask: Mask = self.picked(found, self.variant)
        return mask

    def of_each(self, by_variant: list[list[Fraction]], variant: Codes) -> Floats:
        """A number for each cell of an array of variants, as floats."""
        return self.picked([[float(number) for number in found] for found in by_variant], variant)

    def picked(self, by_variant: Sequence[Sequence[Any]], variant: Codes) -> npt.NDArray[Any]:
        """What is said of an indicator and variant, for each cell of an array of variants."""
        return np.column_stack([np.array(found)[variant[:, n]] for n, found in enumerate(by_variant)])


def _rules_in_force(rubric: Rubric, found: Figures) -> _Rules:
    indicators = list(rubric.indicators())
    variant = np.zeros(found.status.shape, dtype="int8")
    for column, rule in enumerate(indicators):
        for number in range(len(rule.variants), 0, -1):  # the first that includes a team decides
            variant[_includes(rule.variants[number - 1].peers, found.teams), column] = number
    weights = [[i.weight, *(i.weight if v.weight is None else v.weight for v in i.variants)] for i in indicators]
    scores = [[i.score, *(v.score or i.score for v in i.variants)] for i in indicators]
    return _Rules(indicators, variant, weights, scores)


# ---- points at nominal weight ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Raw:
    """Points at nominal weight, shape (teams, indicators), as floats and as fractions; NaN never.

    ``no_reference`` says where the peers say nothing.
    """

    points: Floats
    no_reference: Mask
    exact: Callable[[int, int], Fraction]

    def take(self, teams: Places) -> _Raw:
        """The points of some teams."""
        return _Raw(
            self.points[teams],
            self.no_reference[teams],
            lambda team, column: self.exact(int(teams[team]), column),
        )

    def filled(self, lacking: Mask, rules: _Rules, bound: list[list[Fraction]]) -> _Raw:
        """The same with a bound where evidence is lacking."""

        def exact(team: int, column: int) -> Fraction:
            return bound[column][rules.variant[team, column]] if lacking[team, column] else self.exact(team, column)

        return replace(self, points=np.where(lacking, rules.of_each(bound, rules.variant), self.points), exact=exact)


def _raw_points(rubric: Rubric, rules: _Rules, found: Figures, peers: PeerGroups, given: Given) -> _Raw:
    points, measured = np.zeros(found.status.shape), found.status == MEASURED
    undecided = np.zeros(points.shape, dtype=bool)
    set_by_people = _placed(found, given)
    for cell in set_by_people:
        undecided[cell], measured[cell] = True, False
    groups = list(peer_groups(rubric, found.teams)) if any(rule.of_peers for rule in rules.indicators) else []
    everybody = [(None, np.ones(len(points), dtype=bool))]
    for column, rule in enumerate(rules.indicators):
        for number, (score, weight) in enumerate(zip(rules.scores[column], rules.weights[column])):
            those = measured[:, column] & (rules.variant[:, column] == number)
            for group, inside in groups if score.of_peers else everybody:
                teams = np.flatnonzero(those & inside)
                if len(teams):
                    values = peers[rule.id][group] if score.of_peers else None
                    kind, cases = on_the_way(rule, score, found, teams, found.cases(teams, column, values))
                    estimate = kind.earned_by_many(cases, weight)
                    points[teams, column], undecided[teams, column] = estimate
    no_reference = np.isnan(points)
    points[no_reference] = 0.0
    exact = _exactly(rules, found, peers, groups, set_by_people)
    for team, column in np.argwhere(undecided).tolist():
        points[team, column] = float(exact(team, column))
    return _Raw(points, no_reference, exact)


def _exactly(
    rules: _Rules,
    found: Figures,
    peers: PeerGroups,
    groups: list[tuple[Any, Mask]],
    set_by_people: Mapping[tuple[int, int], Fraction],
) -> Callable[[int, int], Fraction]:
    """The exact points at nominal weight of a team and an indicator; those of each value are found once."""
    group_of = {int(team): group for group, inside in groups for team in np.flatnonzero(inside)}
    ways = [ways_of(rule, found) for rule in rules.indicators]
    known: dict[tuple[Any, ...], Fraction] = {}

    def exact(team: int, column: int) -> Fraction:
        if (team, column) in set_by_people:
            return set_by_people[team, column]
        rule, number = rules.indicators[column], rules.variant[team, column]
        score, weight = rules.scores[column][number], rules.weights[column][number]
        group, way = group_of[team] if score.of_peers else None, ways[column][team]
        score = score.on_the_way(way) if way else score
        key = (column, number, group, way, found.exact[team, column].as_integer_ratio())
        if rule.id in found.parts or key not in known:
            values = peers[rule.id][group] if score.of_peers else None
            known[key] = score.earned(found.case(team, column, values), weight) or Fraction(0)
        return known[key]

    return exact


def _placed(found: Figures, given: Given) -> dict[tuple[int, int], Fraction]:
    """Points that people set, by place of team and indicator, of the teams that there are."""
    at = {found.at(team, name): number for (team, name), number in given.items() if team in found.teams.index}
    return {cell: number for cell, number in at.items() if found.status[cell] == MEASURED}


# ---- rounded to steps, at the weight in force ------------------------------------------------------------


def _in_steps(rubric: Rubric, rules: _Rules, raw: _Raw, status: Codes, reason: Codes, teams: pd.Index) -> Points:
    step, size = rubric.step, int(1 / rubric.step)
    shared = np.array([rule.missing != "exclude" for rule in rules.indicators])
    counts = (status == MEASURED) | ((status == NO_EVIDENCE) & shared)
    alike = np.concatenate([rules.variant, counts.astype("int8")], axis=1)
    pattern, distinct = pd.factorize(np.array([row.tobytes() for row in alike], dtype=object))
    patterns = np.frombuffer(b"".join(distinct), dtype="int8").reshape(len(distinct), -1)
    variant, counted = patterns[:, : len(rules.indicators)], patterns[:, len(rules.indicators) :].astype(bool)
    in_steps = [[round_half_up(weight, step) for weight in weights] for weights in rules.weights]
    nominal = np.column_stack([np.array(found)[variant[:, n]] for n, found in enumerate(in_steps)])
    force = shared_out(rubric, nominal, counted)
    scale = np.where(nominal > 0, force / np.where(nominal, nominal, 1), 1.0)
    counted &= rules.picked([[s.counts(w) for s, w in pair] for pair in rules.pairs()], variant)

    bound = rules.bound("most")
    most = _rounded(
        np.where(counted, rules.of_each(bound, variant) * scale * size, 0.0),
        lambda row, column: bound[column][variant[row, column]],
        lambda row, column: (force[row, column], nominal[row, column]),
        size,
    )
    steps = _rounded(
        np.where((status == MEASURED) & counted[pattern], raw.points * scale[pattern] * size, 0.0),
        raw.exact,
        lambda team, column: (force[pattern[team], column], nominal[pattern[team], column]),
        size,
    )
    held = _held(rubric, steps, force[pattern], nominal[pattern])
    return Points(teams, step, steps, force[pattern], most[pattern], held, status, reason)


def _rounded(
    numbers: Floats,
    exact: Callable[[int, int], Fraction],
    weight: Callable[[int, int], tuple[np.int64, np.int64]],
    size: int,
) -> Steps:
    """Numbers of steps rounded half up, away from zero; where a float might fall on the wrong side, the fraction decides.

    Parameters: ``exact`` the points at nominal weight and ``weight`` the weight in force and the nominal one of a place,
    ``size`` the steps of a point.
    """
    above = np.abs(numbers)
    steps: Steps = (np.sign(numbers) * np.floor(above + 0.5)).astype("int64")
    close = (np.abs(above - np.floor(above) - 0.5) < NEAR_HALF) | (above > LARGEST)
    for row, column in np.argwhere(close).tolist():
        points, (force, nominal) = exact(row, column), map(int, weight(row, column))
        ratio = Fraction(force, nominal) if nominal else 1
        steps[row, column] = round_half_up(points * ratio, Fraction(1, size))
    return steps


def _held(rubric: Rubric, steps: Steps, force: Steps, nominal: Steps) -> Steps:
    """The steps that the cap or floor of each group adds or takes, shape (teams, groups).

    Parameters: points, weights in force and nominal ones in steps, shape (teams, indicators).
    """
    groups = [group for dimension in rubric.dimensions for group in dimension.groups]
    sizes = [len(group.indicators) for group in groups]
    sums, given, own = (_summed(numbers, sizes) for numbers in (steps, force, nominal))
    kept = sums.copy()
    for n, group in enumerate(groups):
        for limit, hold in ((group.cap, np.minimum), (group.floor, np.maximum)):
            if limit is not None:
                kept[:, n] = hold(kept[:, n], _limit(group, limit / rubric.step, given[:, n], own[:, n]))
    return kept - sums


def _limit(group: Group, limit: Fraction, given: Steps, own: Steps) -> Steps:
    """The limit of a group for each team in whole steps, half up, shape (teams,); in proportion to its weight if so said."""
    grows = (own > 0) & (group.limits == "with_weight")
    above = np.where(grows, given, 1) * abs(limit.numerator)
    below = np.where(grows, own, 1) * limit.denominator
    steps: Steps = (2 * above + below) // (2 * below) * (1 if limit >= 0 else -1)
    return steps


def _summed(numbers: Steps, sizes: list[int]) -> Steps:
    """Sums of neighbouring columns, so many at a time."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype("int64")
    sums: Steps = np.add.reduceat(numbers, starts, axis=1)
    return sums


def _sizes(rubric: Rubric) -> list[int]:
    """The number of indicators of each focal point."""
    return [sum(len(group.indicators) for group in dimension.groups) for dimension in rubric.dimensions]


def _includes(chosen: PeerFilter, teams: pd.DataFrame) -> Mask:
    """True for the teams of the peer group that a rule is for."""
    inside = np.ones(len(teams), dtype=bool)
    for column in PEER_COLUMNS:
        if (allowed := getattr(chosen, column)) is not None:
            inside &= teams[column].isin(allowed).to_numpy(dtype=bool)
    return inside
