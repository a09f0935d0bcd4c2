"""Two years of one team side by side; an indicator whose definition changed is never silently compared.

Where the same value would earn other points because the weight of others was shared out otherwise, the points of this
year are brought to the weight of last year, so that what differs is what the team did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD
from assess_lib.scoring.weights import Steps

MOST_IMPROVED = 5
POINTS, LAST_WEIGHT, VALUES, NOTHING = "points", "last_weight", "values", "nothing"
_MEASURED_OTHERWISE = ("new", "measure", "applies")  # not even the values compare


@dataclass(frozen=True)
class Improved:
    """A team that gained: points more than last year over the indicators that can be compared, and how many these are."""

    team_id: str
    change: float
    compared: int


@dataclass(frozen=True)
class Comparable:
    """How many indicators compare with last year in points, how many do not, and the change over the former."""

    indicators: int
    others: int
    change: float


def changed_definitions(now: Assessment, before: Assessment) -> dict[str, str]:
    """Indicators whose points cannot be compared between two years, each with the part of its definition that changed:

    ``new``, ``measure`` (what is measured), ``score`` (target or kind), ``weight``, or ``rules``
    (missing-data policy or condition).
    """
    return changed_rules(now.rubric, before.rubric)


def changed_rules(now: Rubric, before: Rubric) -> dict[str, str]:
    """As ``changed_definitions``, of two rubrics."""
    earlier = {indicator.id: indicator for indicator in before.indicators()}
    changed = {}
    for indicator in now.indicators():
        if indicator.id not in earlier:
            changed[indicator.id] = "new"
            continue
        definition, former = indicator.definition(), earlier[indicator.id].definition()
        different = [key for key in definition if definition[key] != former[key]]
        if different:
            kind = next((k for k in ("measure", "options", "score", "path", "weight") if k in different), "rules")
            changed[indicator.id] = {"options": "measure", "path": "score"}.get(kind, kind)
    return changed


def compare_team(now: Assessment, before: Assessment, team_id: str) -> pd.DataFrame | None:
    """Points of a team in two years per indicator; None for a team that was not assessed before.

    Columns: points, points_before, weight, weight_before, value, value_before, changed (what differs, blank where nothing
    does), compared (what compares), change (in points, blank where these do not). ``compared`` is ``points``;
    ``last_weight`` where the weight alone was shared out differently (``changed`` is ``shared``), with a change in points of
    last year's weight; ``values`` where target, rule, weight or conditions differ; ``nothing`` where another thing is
    measured, or where the indicator counts in one of the years alone (``applies``).
    """
    if team_id not in before.scores.index:
        return None
    columns = ["points", "weight", "value", "status", "dimension"]
    rows, former = (
        points.loc[points["status"] != HELD, columns] for points in (now.points_of(team_id), before.points_of(team_id))
    )
    table = rows.join(former.add_suffix("_before"))
    moved = {name: "score" for name in _moved_targets(now, before, team_id)}
    changed = pd.Series(moved | changed_definitions(now, before), dtype="str").reindex(table.index)
    unequal = changed.isna() & (table["weight"] != table["weight_before"])
    once = (table["weight"] > 0) != (table["weight_before"] > 0)
    changed = changed.mask(unequal, "shared").mask(unequal & once, "applies")
    table["changed"] = changed
    table["compared"] = [_compared(what) for what in changed]
    units, units_before = (result.in_steps.per_point for result in (now, before))
    steps = at_last_weight(
        _whole(table["points"], units), _whole(table["weight"], units), _whole(table["weight_before"], units_before)
    )
    brought = pd.Series(steps / units_before, index=table.index).where(
        table["compared"] == LAST_WEIGHT, table["points"]
    )
    table["change"] = (brought - table["points_before"]).round(2).where(table["compared"].isin([POINTS, LAST_WEIGHT]))
    return table


def at_last_weight(points: Steps, weight: Steps, weight_before: Steps) -> Steps:
    """Points of this year as they would be at last year's weight, in whole steps of last year, halves away from zero; 0 without a weight."""
    there: Steps = np.where(weight > 0, weight, 1)
    size = (2 * np.abs(points) * weight_before + there) // (2 * there)
    brought: Steps = np.where(weight > 0, np.sign(points) * size, 0)
    return brought


def _compared(changed: object) -> str:
    """What compares where that differs; all points where nothing does."""
    if pd.isna(changed):
        return POINTS
    return LAST_WEIGHT if changed == "shared" else NOTHING if changed in _MEASURED_OTHERWISE else VALUES


def _whole(points: pd.Series, per_point: int) -> Steps:
    """Points as whole steps; 0 where there are none."""
    steps: Steps = np.rint(points.fillna(0).to_numpy(dtype="float64") * per_point).astype("int64")
    return steps


def most_improved(now: Assessment, before: Assessment | None, most: int = MOST_IMPROVED) -> tuple[Improved, ...]:
    """The teams that gained most since last year over what can be compared, the first first; of equal ones the better ranked.

    An indicator counts for a team where its points compare, as in ``compare_team``. Parameters: ``most`` how many; none that
    did not gain.
    """
    if before is None:
        return ()
    changed, ids = changed_definitions(now, before), [one.id for one in now.rubric.indicators()]
    earlier = [one.id for one in before.rubric.indicators()]
    same = [name for name in ids if name not in changed]
    teams = now.scores.index[now.scores.index.isin(before.scores.index)]
    if not same or not len(teams):
        return ()
    points = []
    for result, names in ((now, ids), (before, earlier)):
        cells = np.ix_(result.in_steps.teams.get_indexer(teams), [names.index(name) for name in same])
        points.append((result.in_steps.steps[cells], result.in_steps.weight[cells]))
    (steps, weight), (steps_before, weight_before) = points
    deducted = (weight == 0) & (weight_before == 0) & ((steps != 0) | (steps_before != 0))  # deductions have no weight
    alike = (weight > 0) & (weight_before > 0) | deducted
    for at, name in enumerate(same):
        if now.rubric.indicator(name).path or before.rubric.indicator(name).path:
            alike[:, at] &= [name not in _moved_targets(now, before, team) for team in teams]
    as_they_are = steps * before.in_steps.per_point / now.in_steps.per_point
    gained = np.where(deducted, as_they_are, at_last_weight(steps, weight, weight_before)) - steps_before
    change = (np.where(alike, gained, 0).sum(axis=1) / before.in_steps.per_point).round(2)
    table = pd.DataFrame(
        {"change": change, "compared": alike.sum(axis=1), "rank": now.scores.loc[teams, "overall_rank"]}, index=teams
    )
    first = table[table["change"] > 0].sort_values(["change", "rank"], ascending=[False, True]).head(most)
    return tuple(Improved(str(row.Index), float(row.change), int(row.compared)) for row in first.itertuples())


def _moved_targets(now: Assessment, before: Assessment, team_id: str) -> list[str]:
    """The indicators on the way to a goal of which the team has another target in each year."""
    rows = [result.figures.rows[team_id] for result in (now, before)]
    earlier = {indicator.id: indicator for indicator in before.rubric.indicators()}
    ways = [(indicator, earlier[indicator.id]) for indicator in now.rubric.indicators() if indicator.id in earlier]
    return [
        rule.id
        for rule, former in ways
        if (rule.path or former.path) and rule.for_team(rows[0])[1] != former.for_team(rows[1])[1]
    ]
