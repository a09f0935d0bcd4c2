"""The focal points of a team, each against its peers and the year before."""

from __future__ import annotations

import math

from assess_lib.scorecard.lines import DimensionLine
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD

_QUANTILES = {"worst": 0.0, "lower": 0.25, "median": 0.5, "upper": 0.75, "best": 1.0}


def dimension_lines(now: Assessment, before: Assessment | None, team_id: str, lang: str) -> list[DimensionLine]:
    """All focal points of a team in the order of the rubric.

    Parameters: ``before`` the assessment of last year, None where the team was not assessed in it.
    """
    shares, points = now.shares.loc[now.peers(team_id)], now.points_of(team_id)
    weights_before = before.points_of(team_id).groupby("dimension")["weight"].sum() if before else {}
    lines = []
    for dimension in now.rubric.dimensions:
        column, own = shares[dimension.id].dropna(), points[points["dimension"] == dimension.id]
        earned, weight = round(own["points"].sum(), 2), round(own["weight"].sum(), 2)
        earlier = before.scores.at[team_id, dimension.id] if before and dimension.id in before.scores else math.nan
        known = not math.isnan(earlier)
        lines.append(
            DimensionLine(
                dimension.id,
                dimension.name[lang],
                points=earned,
                weight=weight,
                share=earned / weight if weight else 0.0,
                peers={name: float(column.quantile(q)) for name, q in _QUANTILES.items()} if len(column) else {},
                points_before=float(earlier) if known else None,
                weight_before=round(float(weights_before[dimension.id]), 2) if known else None,
                held=float(own.loc[own["status"] == HELD, "points"].sum()),
            )
        )
    return lines
