"""Teams that began under like conditions, and those of them that earned more."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.figures import MEASURED

LEAST_NEAR = 0.5  # nearness of a team that may be called similar


def nearness(conditions: pd.DataFrame, team: str) -> pd.Series:
    """How near the starting conditions of each team are to those of one, 0 to 1; index as given, blank where nothing is comparable.

    It is 1 less the mean of the differences, each as a share of the range of that condition among all teams (the similarity
    of Gower 1971 for numbers). A condition that is not known of the one team, or the same for all, does not count; one that is
    not known of the other counts as the furthest, so that nobody is near because little is known.

    Parameters: ``conditions`` as ``starting_conditions`` gives them.
    """
    spread = conditions.max() - conditions.min()
    varied = conditions.loc[:, (spread > 0) & conditions.loc[team].notna()]
    apart = (varied - varied.loc[team]).abs() / spread[varied.columns]
    return 1 - apart.fillna(1).mean(axis=1)


def nearest_with_more(
    result: Assessment, team: str, indicator: str, near: pd.Series, most: int, among: Collection[str]
) -> list[str]:
    """The nearest teams that earned a larger share of the full mark of an indicator, by its measured value, the nearest first.

    None is less near than ``LEAST_NEAR``. Teams that are equally near stand by what they earned, then by id.

    Parameters: ``near`` as ``nearness`` gives it; ``most`` how many; ``among`` the teams that are compared.
    """
    at = [one.id for one in result.rubric.indicators()].index(indicator)
    points, teams = result.in_steps, result.in_steps.teams
    steps, weight = points.steps[:, at].astype("float64"), points.weight[:, at].astype("float64")
    earned = pd.Series(np.divide(steps, weight, out=np.full(len(teams), np.nan), where=weight > 0), teams)
    better = earned[(points.status[:, at] == MEASURED) & (earned > earned[team]).to_numpy()]
    known = near.reindex(better.index.intersection(pd.Index(among)))
    known = known[known >= LEAST_NEAR]
    order = pd.DataFrame({"near": -known, "earned": -better[known.index], "id": known.index})
    return order.sort_values(["near", "earned", "id"]).index[:most].tolist()
