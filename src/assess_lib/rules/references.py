"""What a rubric names must be there: indicators, focal points, grades, parts of a value, columns of a village."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeAlias

from assess_lib.rules.rubric import Indicator, Place, Rubric, When
from assess_lib.rules.vocabulary import Vocabulary

Finding: TypeAlias = tuple[str, Place, Any, dict[str, str]]
_WANTED = {"yes_no": "true / false", "text": '"…"'}


def references(rubric: Rubric, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """Everything named that is not there, or that could never hold; without a vocabulary what lies outside is left."""
    yield from _unknown_ids(rubric)
    yield from _circles(rubric)
    yield from _members(rubric, vocabulary)
    if vocabulary is not None:
        yield from _parts(rubric, vocabulary)
        yield from _villages(rubric, vocabulary)
        yield from _norms(rubric, vocabulary)


def placed_indicators(rubric: Rubric) -> Iterator[tuple[Place, Indicator]]:
    """Every indicator with its place in the file."""
    for d, dimension in enumerate(rubric.dimensions):
        for g, group in enumerate(dimension.groups):
            for i, indicator in enumerate(group.indicators):
                yield ("dimensions", d, "groups", g, "indicators", i), indicator


def conditions(rubric: Rubric) -> Iterator[tuple[Place, When]]:
    """Every condition and those inside it, with their places."""
    for loc, indicator in placed_indicators(rubric):
        if indicator.when:
            yield from indicator.when.placed((*loc, "when"))
    for n, veto in enumerate(rubric.veto):
        if veto.when:
            yield from veto.when.placed(("veto", n, "when"))


def _unknown_ids(rubric: Rubric) -> Iterator[Finding]:
    """Ids in conditions, tie-breakers and lists that nothing in the rubric has."""
    indicators = {indicator.id for indicator in rubric.indicators()}
    dimensions = {dimension.id for dimension in rubric.dimensions}
    grades = {grade.id for grade in rubric.grades.bands}
    named: list[tuple[Place, str, set[str]]] = []
    for loc, indicator in placed_indicators(rubric):
        named += [((*loc, "when"), name, indicators - {indicator.id}) for name in _asked(indicator.when)]
    for n, veto in enumerate(rubric.veto):
        named += [(("veto", n, "when"), name, indicators) for name in _asked(veto.when)]
        if veto.minimum:
            named.append((("veto", n, "minimum", "indicator"), veto.minimum.indicator, indicators))
        named.append((("veto", n, "limit"), veto.limit, grades))
    named += [
        (("ranking", "tie_breakers", n), name, indicators | dimensions)
        for n, name in enumerate(rubric.ranking.tie_breakers)
    ]
    if lists := rubric.commendation:
        named += [(("commendation", "teams", "grades", n), name, grades) for n, name in enumerate(lists.teams.grades)]
        if lists.members:
            named += [(("commendation", "members", "rank_on"), name, indicators) for name in lists.members.rank_on]
        if lists.units:
            named.append((("commendation", "units", "dimension"), lists.units.dimension, dimensions))
    if rules := rubric.rectification:
        named += [(("rectification", "team_grades", n), name, grades) for n, name in enumerate(rules.team_grades)]
        for field in ("team_below", "unit_below"):
            named += [
                (("rectification", field, n, "dimension"), rule.dimension, dimensions)
                for n, rule in enumerate(getattr(rules, field))
            ]
        vetoes = {veto.id for veto in rubric.veto}
        for field in ("team_vetoes", "unit_vetoes"):
            named += [(("rectification", field, n), name, vetoes) for n, name in enumerate(getattr(rules, field))]
    for loc, name, known in named:
        if name not in known:
            yield "rubric.unknown_reference", loc, name, {}


def _asked(when: When | None) -> list[str]:
    return list(when.indicator_ids()) if when else []


def _circles(rubric: Rubric) -> Iterator[Finding]:
    """Conditions that ask for one another's values, so that none can be decided first."""
    try:
        TopologicalSorter({i.id: set(_asked(i.when)) - {i.id} for i in rubric.indicators()}).prepare()
    except CycleError as error:
        circle = error.args[1]
        loc = next(loc for loc, indicator in placed_indicators(rubric) if indicator.id == circle[0])
        yield "rubric.circular_conditions", (*loc, "when"), " → ".join(circle), {}


def _villages(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Columns of a village that do not exist, and values that they never have."""
    for loc, when in conditions(rubric):
        for column, wanted in (when.village or {}).items():
            place, kind = (*loc, "village", column), vocabulary.village.get(column)
            if kind is None:
                yield "rubric.unknown_column", place, column, {"known": ", ".join(vocabulary.village)}
            elif isinstance(wanted, bool) != (kind == "yes_no") or wanted == "":
                yield "rubric.impossible_value", place, wanted, {"wanted": _WANTED[kind]}


def _norms(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Kinds and sources that norms name and no table has, so that nothing would be held against them."""
    for norm, known in vocabulary.norms.items():
        for name in getattr(rubric.norms, norm):
            if name not in known:
                yield "rubric.unknown_code", ("norms", norm), name, {"known": ", ".join(known)}


def _parts(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Means over parts, and checklists, of values that are not made of such parts."""
    for loc, rule in placed_indicators(rubric):
        items = vocabulary.items.get(rule.measure)
        scores = [((*loc, "score"), rule.score)]
        scores += [((*loc, "variants", n, "score"), v.score) for n, v in enumerate(rule.variants) if v.score]
        for place, score in scores:
            if score.averages_parts and items is None and rule.measure not in vocabulary.members:
                known = ", ".join([*vocabulary.members, *vocabulary.items])
                yield "rubric.no_parts", (*place, "average_over"), rule.measure, {"known": known}
            if rule.measure == "entered":
                continue
            if score.item_ids and items is None:
                yield "rubric.no_items", place, rule.measure, {"known": ", ".join(vocabulary.items)}
            for n, item in enumerate(score.item_ids if items is not None else ()):
                if item not in (items or ()):
                    yield "rubric.unknown_item", (*place, "items", n, "id"), item, {"known": ", ".join(items or ())}


def _members(rubric: Rubric, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """Lists of members that rank on what is not measured member by member, or ask for what they do not rank on."""
    rules = rubric.commendation and rubric.commendation.members
    if not rules:
        return
    loc: Place = ("commendation", "members")
    for name in rules.at_least:
        if name not in rules.rank_on:
            yield "rubric.not_ranked_on", (*loc, "at_least", name), name, {"known": ", ".join(rules.rank_on)}
    measures = {indicator.id: indicator.measure for indicator in rubric.indicators()}
    for n, name in enumerate(rules.rank_on):
        if vocabulary and name in measures and measures[name] not in vocabulary.members:
            known = ", ".join(i for i, measure in measures.items() if measure in vocabulary.members) or "-"
            yield "rubric.no_members", (*loc, "rank_on", n), name, {"known": known}
