"""Two years of one team side by side; an indicator whose definition changed is never silently compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD

MOST_IMPROVED = 5


@dataclass(frozen=True)
class Improved:
    """A team that gained: points more than last year over the indicators that can be compared, and how many these are."""

    team_id: str
    change: float
    compared: int


def changed_definitions(now: Assessment, before: Assessment) -> dict[str, str]:
    """Indicators whose points cannot be compared between two years, each with the part of its definition that changed:

    ``new``, ``measure`` (what is measured), ``score`` (target or kind), ``weight``, or ``rules``
    (missing-data policy or condition).
    """
    earlier = {indicator.id: indicator for indicator in before.rubric.indicators()}
    changed = {}
    for indicator in now.rubric.indicators():
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

    Columns: points, points_before, weight, weight_before, value, value_before, change (points,
    blank where not comparable), changed (what differs, blank where comparable). A weight that was
    shared out differently makes the points of a team incomparable too, as does a target on its way to a goal.
    """
    if team_id not in before.scores.index:
        return None
    columns = ["points", "weight", "value", "status"]
    rows, former = (
        points.loc[points["status"] != HELD, columns] for points in (now.points_of(team_id), before.points_of(team_id))
    )
    table = rows.join(former.add_suffix("_before"))
    moved = {name: "score" for name in _moved_targets(now, before, team_id)}
    changed = pd.Series(moved | changed_definitions(now, before), dtype="str").reindex(table.index)
    unequal = changed.isna() & (table["weight"] != table["weight_before"])
    changed = changed.mask(unequal, "shared")
    table["changed"] = changed
    table["change"] = (table["points"] - table["points_before"]).round(2).where(changed.isna())
    return table


def most_improved(now: Assessment, before: Assessment | None, most: int = MOST_IMPROVED) -> tuple[Improved, ...]:
    """The teams that gained most since last year over what can be compared, the first first; of equal ones the better ranked.

    An indicator counts for a team where its definition, the weight in force and the target are those of last year, as in
    ``compare_team``. Parameters: ``most`` how many; none that did not gain.
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
        points.append(
            (
                result.in_steps.steps[cells] / result.in_steps.per_point,
                result.in_steps.weight[cells] / result.in_steps.per_point,
            )
        )
    (steps, weight), (steps_before, weight_before) = points
    alike = (weight == weight_before) & ((weight > 0) | (steps != 0) | (steps_before != 0))  # deductions have no weight
    for at, name in enumerate(same):
        if now.rubric.indicator(name).path or before.rubric.indicator(name).path:
            alike[:, at] &= [name not in _moved_targets(now, before, team) for team in teams]
    change = np.where(alike, steps - steps_before, 0.0).sum(axis=1).round(2)
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
