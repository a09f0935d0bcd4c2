"""Two years of one team side by side; an indicator whose definition changed is never silently compared."""

from __future__ import annotations

import pandas as pd

from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD


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
