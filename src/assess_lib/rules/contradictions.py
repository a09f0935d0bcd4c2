"""Numbers and dates of a rubric that contradict one another or can have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from assess_lib.exact import decimal_text
from assess_lib.rules.references import Finding, conditions, placed_indicators
from assess_lib.rules.rubric import DimensionVariant, Group, IndicatorVariant, Place, Rubric
from assess_lib.rules.vocabulary import ENTERED_RANGES

_NO_LEAP_YEAR = 2015
_DECISION = 'names_decided: {by: {zh: 机关名称, en: name of the office}, on: "2017-02-10"}'


def contradictions(rubric: Rubric) -> Iterator[Finding]:
    """Everything of a well-formed rubric that cannot be meant as it stands."""
    yield from _weights_and_points(rubric)
    yield from _out_of_reach(rubric)
    for d, dimension in enumerate(rubric.dimensions):
        for g, group in enumerate(dimension.groups):
            yield from _limits(("dimensions", d, "groups", g), group)
        yield from _never_reached(("dimensions", d, "variants"), dimension.variants)
    for loc, indicator in placed_indicators(rubric):
        yield from _never_reached((*loc, "variants"), indicator.variants)
    for n, veto in enumerate(rubric.veto):
        if veto.limit == rubric.grades.bands[0].id:
            yield "rubric.limits_nothing", ("veto", n, "limit"), veto.limit, {}
    years = rubric.in_force
    if years.until is not None and years.until < years.since:
        yield "rubric.ends_before", ("in_force", "until"), years.until, {"wanted": str(years.since)}
    shares = sorted(rubric.norms.households_out.items())
    for (_, before), (year, share) in pairwise(shares):
        if share < before:
            yield "rubric.norm_falls", ("norms", "households_out"), str(year), {"wanted": decimal_text(before)}
    if rubric.publish_names and not rubric.names_decided:
        yield "rubric.names_undecided", ("publish_names",), "true", {"wanted": _DECISION}
    if rubric.rectification:
        try:
            date.fromisoformat(f"{_NO_LEAP_YEAR}-{rubric.rectification.deadline}")
        except ValueError:
            yield "rubric.no_such_day", ("rectification", "deadline"), rubric.rectification.deadline, {}


def _never_reached(loc: Place, variants: Sequence[DimensionVariant | IndicatorVariant]) -> Iterator[Finding]:
    """Variants of which every peer group has an earlier one, which counts instead."""
    for n, variant in enumerate(variants):
        for earlier in variants[:n]:
            wider = {column: names for column, names in earlier.peers if names is not None}
            narrow = {column: names for column, names in variant.peers if names is not None}
            if all(column in narrow and set(narrow[column]) <= set(names) for column, names in wider.items()):
                yield "rubric.never_reached", (*loc, n), "", {}
                break


def _weights_and_points(rubric: Rubric) -> Iterator[Finding]:
    """Weights fall on the rounding step, and points written out agree with their weight."""
    for loc, indicator in placed_indicators(rubric):
        cases = [(indicator.weight, indicator.score, loc)]
        for n, variant in enumerate(indicator.variants):
            weight = indicator.weight if variant.weight is None else variant.weight
            cases.append((weight, variant.score or indicator.score, (*loc, "variants", n)))
        for weight, score, where in cases:
            if (weight / rubric.step).denominator != 1:
                yield "rubric.weight_step", (*where, "weight"), decimal_text(weight), {"step": rubric.rounding.step}
            for key, field, number, wanted in score.misfits(weight):
                details = {} if wanted is None else {"wanted": decimal_text(wanted)}
                yield key, (*where, field), decimal_text(number), details
            if indicator.missing == "exclude" and weight == 0 and score.counts(weight):
                yield "rubric.exclude_bonus", (*loc, "missing"), indicator.missing, {}


def _out_of_reach(rubric: Rubric) -> Iterator[Finding]:
    """Targets that no value typed in can reach, and comparisons with what none can be: 95 where a share goes from 0 to 1."""
    ranges = {i.id: ENTERED_RANGES.get(i.unit or "") for i in rubric.indicators() if i.entered}
    for loc, rule in placed_indicators(rubric):
        scores = [((*loc, "score"), rule.score)]
        scores += [((*loc, "variants", n, "score"), v.score) for n, v in enumerate(rule.variants) if v.score]
        for place, score in scores:
            if score.movable and (known := ranges.get(rule.id)):
                target: Fraction = getattr(score, score.movable)
                if (known[1] is not None and target > known[1]) or target < known[0]:
                    yield _beyond((*place, score.movable), target, known)
    for loc, when in conditions(rubric):
        if when.indicator and (known := ranges.get(when.indicator.id)):
            limit = when.indicator.value
            if (known[1] is not None and limit > known[1]) or limit < known[0]:
                yield _beyond((*loc, "indicator", "value"), limit, known)


def _beyond(place: Place, number: Fraction, known: tuple[int, int | None]) -> Finding:
    low, high = known
    return "rubric.out_of_reach", place, decimal_text(number), {"wanted": f"{low}–{'∞' if high is None else high}"}


def _limits(loc: Place, group: Group) -> Iterator[Finding]:
    """The floor of a group that its cap or its indicators never let it reach, for the rules of any peer group."""
    if group.cap is None and group.floor is None:
        if "limits" in group.model_fields_set:
            yield "rubric.held_at_nothing", (*loc, "limits"), group.limits, {}
        return
    highest = Fraction(0)
    for rule in group.indicators:
        own = rule.score.most(rule.weight) if rule.score.counts(rule.weight) else Fraction(0)
        others = [(v.score or rule.score, rule.weight if v.weight is None else v.weight) for v in rule.variants]
        highest += max([own, *(score.most(weight) for score, weight in others if score.counts(weight))])
    highest = highest if group.cap is None else min(highest, group.cap)
    if group.floor is not None and group.floor > highest:
        yield "rubric.floor_out_of_reach", (*loc, "floor"), decimal_text(group.floor), {"wanted": decimal_text(highest)}
