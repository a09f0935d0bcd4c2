"""The year of all teams together: focal points, what was lost most, counties, change since last year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assess_lib.scorecard.comparison import changed_definitions
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.tables import HELD


@dataclass(frozen=True)
class Change:
    """The change of totals since last year over the teams assessed in both.

    ``teams`` how many; ``median`` of their changes in points; ``rose``, ``fell`` how many; ``changed`` how many
    indicators with a weight are not comparable.
    """

    teams: int
    median: float
    rose: int
    fell: int
    changed: int


def shares_of(result: Assessment) -> pd.DataFrame:
    """Points ÷ weight per team (index) and focal point (columns), blank where nothing counts."""
    return result.shares.astype(float)


def losses(result: Assessment) -> pd.DataFrame:
    """Per indicator that lost points: mean loss, teams with full marks (``full``), teams (``size``); the largest first."""
    points = result.points[(result.points["status"] != HELD) & (result.points["most"] > 0)]
    lost = (points["most"] - points["points"]).clip(lower=0).round(2)
    table = lost.groupby(points["indicator"], sort=False).agg(["mean", lambda column: int((column == 0).sum()), "size"])
    table.columns = ["mean", "full", "size"]
    return table[table["mean"] > 0].sort_values("mean", ascending=False, kind="stable")


def counties(result: Assessment) -> pd.DataFrame:
    """Per county: teams, mean, lowest and highest total, teams in the best grade; the best mean first, then by name."""
    names = result.data.teams()["county"].fillna("")
    rows = result.scores.assign(
        county=names.reindex(result.scores.index), best=result.scores["grade"] == result.rubric.grades.bands[0].id
    )
    rows = rows[rows["county"] != ""]
    table = rows.groupby("county").agg(
        teams=("total", "size"),
        mean=("total", "mean"),
        low=("total", "min"),
        high=("total", "max"),
        best=("best", "sum"),
    )
    return table.assign(mean=table["mean"].round(6)).sort_index().sort_values("mean", ascending=False, kind="stable")


def change_of(now: Assessment, before: Assessment | None) -> Change | None:
    """The change since last year; None where no team was assessed in both."""
    if before is None:
        return None
    both = now.scores.index.intersection(before.scores.index)
    if not len(both):
        return None
    moved = (now.scores.loc[both, "total"] - before.scores.loc[both, "total"]).round(2)
    changed = [name for name in changed_definitions(now, before) if now.rubric.indicator(name).weight > 0]
    return Change(len(both), float(moved.median()), int((moved > 0).sum()), int((moved < 0).sum()), len(changed))
