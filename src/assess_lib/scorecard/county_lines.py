"""The counties side by side: mean totals, shares of the points of each focal point, and where most is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.heat import losing, points_lost
from assess_lib.scorecard.wording import mean_hundredths

NAMED = 2  # indicators of a county


@dataclass(frozen=True)
class CountyLine:
    """The teams of a county together.

    Attributes
    ----------
    name : of the county. teams : how many. mean : of their totals.
    shares : of the points that its teams could earn the part they earned, 0 to 1, per focal point; None where it applies
        to none of them.
    lost : the indicators on which they lose most: id, mean loss of its teams to which it applies, and of all, and how many
        of its teams these are; the largest first.
    """

    name: str
    teams: int
    mean: float
    shares: dict[str, float | None]
    lost: tuple[tuple[str, float, float, int], ...]


def county_lines(
    scores: pd.DataFrame, weights: pd.DataFrame, counties: pd.Series, points: pd.DataFrame, rubric: Rubric
) -> tuple[CountyLine, ...]:
    """The counties that have a name, the best mean first, then by name.

    Parameters: ``scores`` and ``weights`` as in ``Overview``, ``counties`` the name of the county of each team, blank for none,
    ``points`` as in ``points.csv``.
    """
    lost = points_lost(points, rubric, scores.index)[[one.id for one in losing(rubric)]]
    of_all = lost.mean()
    lines = []
    named_counties = counties.reindex(scores.index).replace("", None).dropna()
    for name, teams in named_counties.groupby(named_counties):
        mine = scores.loc[teams.index]
        shares: dict[str, float | None] = {}
        for dimension in (one.id for one in rubric.dimensions):
            earned = mine[dimension].astype(float).dropna()
            full = weights[dimension].reindex(earned.index).sum()
            shares[dimension] = round(float(earned.sum() / full), 6) if full > 0 else None
        most = lost.loc[teams.index].mean().round(6).dropna()
        most = most[most.map(mean_hundredths) > 0].sort_values(ascending=False, kind="stable").head(NAMED)
        count = lost.loc[teams.index].notna().sum()
        named = tuple((str(one), float(mean), float(of_all[one]), int(count[one])) for one, mean in most.items())
        lines.append(CountyLine(str(name), len(mine), round(float(mine["total"].mean()), 6), shares, named))
    return tuple(sorted(lines, key=lambda line: (-line.mean, line.name)))
