"""Two years of one team side by side; what changed its definition is never silently compared."""

from __future__ import annotations

import pandas as pd

from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD


def changed_definitions(now: Assessment, before: Assessment) -> dict[str, str]:
    """Indicators whose points cannot be compared between two years, each with what changed.

    ``new``, ``measure`` (what is measured), ``score`` (target or kind), ``weight``, or ``rules``
    (missing-data policy or condition).
    """
    earlier = {indicator.id: indicator for indicator in before.rubric.indicators()}
    changed = {}
    for indicator in now.rubric.indicators():
        if indicator.id not in earlier:
            changed[indicator.id] = "new"
            continue
        mine, theirs = indicator.definition(), earlier[indicator.id].definition()
        different = [key for key in mine if mine[key] != theirs[key]]
        if different:
            kind = next((k for k in ("measure", "options", "score", "weight") if k in different), "rules")
            changed[indicator.id] = "measure" if kind == "options" else kind
    return changed


def compare_team(now: Assessment, before: Assessment, team_id: str) -> pd.DataFrame | None:
    """Points of a team in two years per indicator; None for a team that was not assessed before.

    Columns: points, points_before, weight, weight_before, value, value_before, change (points,
    blank where not comparable), changed (what differs, blank where comparable). A weight that was
    shared out differently makes the points of a team incomparable too.
    """
    if team_id not in before.scores.index:
        return None
    mine, theirs = now.points_of(team_id), before.points_of(team_id)
    mine, theirs = mine[mine["status"] != HELD], theirs[theirs["status"] != HELD]
    shown = ["points", "weight", "value", "status"]
    table = mine[shown].join(theirs[shown].add_suffix("_before"))
    changed = pd.Series(changed_definitions(now, before), dtype="str").reindex(table.index)
    unequal = changed.isna() & (table["weight"] != table["weight_before"])
    changed = changed.mask(unequal, "shared")
    table["changed"] = changed
    table["change"] = (table["points"] - table["points_before"]).round(2).where(changed.isna())
    return table
