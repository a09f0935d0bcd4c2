"""What is to be said of a county or a unit: its place among its like, and where its teams lose points, more than others."""

from __future__ import annotations

import pandas as pd

from assess_lib.scorecard.wording import mean_hundredths, mean_text
from assess_lib.words import join_list, translate

NAMED = 3  # indicators, or counties, in a sentence


class GroupFindings:
    """Sentences on the groups of one kind.

    Parameters: ``totals`` the total of each team, ``group`` the group of each, blank for none, ``lost`` as ``points_lost``
    gives it; all with the same index.
    """

    def __init__(self, totals: pd.Series, group: pd.Series, lost: pd.DataFrame, names: dict[str, str], lang: str):
        means = totals.groupby(group.where(group != "")).mean().round(6)
        self._ranks, self._count = means.rank(ascending=False, method="min").astype("int64"), len(means)
        self._tied = means.duplicated(keep=False)
        self._lost, self._of_all, self._names, self._lang = lost, lost.mean().round(6), names, lang

    def sentences(self, kind: str, group: str, teams: pd.Index) -> list[str]:
        """Its rank by the mean of totals, where it loses most, and where it loses more than all teams do.

        Parameters: ``kind`` ``county`` or ``unit``.
        """
        told = []
        if self._count > 1 and group in self._ranks.index:
            key = "tied" if self._tied[group] else "rank"
            told.append(self._say(f"{key}.{kind}", count=self._count, rank=int(self._ranks[group])))
        mean = self._lost.loc[teams].mean().round(6)
        if (most := _first(mean)).empty:
            return [*told, self._say("nothing_lost")]
        told.append(self._say("lost", list=self._listed(most)))
        if len(more := _first(mean - self._of_all)):
            told.append(self._say("more", list=join_list([self._names[name] for name in more.index], self._lang)))
        return told

    def _listed(self, mean: pd.Series) -> str:
        about = [
            self._say("loss", name=self._names[name], mean=mean_text(one), all=mean_text(self._of_all[name]))
            for name, one in mean.items()
        ]
        return join_list(about, self._lang)

    def _say(self, key: str, **values: object) -> str:
        return translate(f"site.group.{key}", self._lang, **values)


def _first(numbers: pd.Series) -> pd.Series:
    """The largest numbers that show as more than nothing, the first first."""
    shown = numbers.fillna(0).map(mean_hundredths) > 0
    return numbers[shown].sort_values(ascending=False, kind="stable").head(NAMED)
