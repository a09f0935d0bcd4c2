"""Ways to goals that cannot be meant as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from assess_lib.exact import decimal_text
from assess_lib.rules.kinds import Score
from assess_lib.rules.paths import PathToGoal
from assess_lib.rules.references import Finding, placed_indicators
from assess_lib.rules.rubric import Indicator, Place, Rubric
from assess_lib.rules.vocabulary import Vocabulary


def path_faults(rubric: Rubric, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """Paths of indicators whose target cannot wait or whose start no table shows, and years in which they say nothing."""
    for loc, indicator in placed_indicators(rubric):
        if indicator.path:
            yield from _kinds((*loc, "path"), indicator)
            yield from _years((*loc, "path"), indicator.path, rubric)
            yield from _targets((*loc, "path"), indicator)
            if indicator.path.start and vocabulary and indicator.measure not in vocabulary.of_villages:
                known = {"known": ", ".join(vocabulary.of_villages)}
                yield "rubric.path_without_start", (*loc, "path", "start"), indicator.measure, known


def _scores(indicator: Indicator) -> list[tuple[Fraction, Score]]:
    """The weights and scores of an indicator, of its variants too."""
    own = indicator.weight, indicator.score
    return [own, *((own[0] if one.weight is None else one.weight, one.score or own[1]) for one in indicator.variants)]


def _kinds(loc: Place, indicator: Indicator) -> Iterator[Finding]:
    """Kinds without a target that could wait, and points beyond it, which a target on the way would give away."""
    for weight, score in _scores(indicator):
        if not score.path or score.averages_parts:
            yield "rubric.path_kind", loc, score.kind, {}
        elif score.most(weight) > weight:
            yield "rubric.path_bonus", loc, decimal_text(score.most(weight)), {"wanted": decimal_text(weight)}


def _years(loc: Place, path: PathToGoal, rubric: Rubric) -> Iterator[Finding]:
    since, until = rubric.in_force.since, rubric.in_force.until
    if path.goal_year is not None and path.goal_year <= since:
        yield "rubric.path_goal_past", (*loc, "goal_year"), path.goal_year, {"wanted": str(since)}
    years = [year for year, _ in path.by_year()]
    for year, following in zip(years, years[1:]):
        if following != year + 1:
            yield "rubric.path_gap", (*loc, "targets"), following, {"wanted": str(year + 1)}
    for year in years:
        if year < since or (until is not None and year > until):
            yield "rubric.path_not_in_force", (*loc, "targets", year), year, {"wanted": f"{since}–{until or ''}"}


def _targets(loc: Place, indicator: Indicator) -> Iterator[Finding]:
    """Targets of years that the score cannot have, or that come no nearer to the goal from one year to the next."""
    for _, score in _scores(indicator):
        if not score.movable or not indicator.path:
            continue
        nearest = goal = getattr(score, score.movable)
        for year, target in reversed(list(indicator.path.by_year())):
            beyond = target > nearest if score.better == "higher" else target < nearest
            if beyond or score.moved(target) is None:
                details = {"wanted": decimal_text(goal)}
                yield "rubric.path_target", (*loc, "targets", year), decimal_text(target), details
            nearest = target
