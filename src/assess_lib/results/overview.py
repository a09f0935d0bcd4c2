"""What is told of all teams at once: their results, without the rows and figures behind them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from assess_lib.faults import Fault
from assess_lib.results.assessment import Assessment
from assess_lib.rules.rubric import Rubric

NAMES = ["name", "unit_name", "village_name", "county", "area", "unit_type"]


@dataclass(frozen=True)
class Overview:
    """The results of all teams of a year.

    Attributes
    ----------
    fingerprint : of the data.
    scores : as in ``Assessment``.
    teams : one row per team (index team_id): its names and peer groups, blank text where not known.
    weights : weight in force per focal point (columns) and team (index).
    rows_set_aside : how many rows of the data have an error and were not used, counted once for each team that they
        concern; ``lost_teams`` those whose own row was among them.
    """

    year: int
    rubric: Rubric
    fingerprint: str
    scores: pd.DataFrame
    teams: pd.DataFrame
    weights: pd.DataFrame
    rows_set_aside: int = 0
    lost_teams: tuple[str, ...] = ()


def overview(result: Assessment) -> Overview:
    """The overview of an assessment."""
    weights = result.points.groupby(["team_id", "dimension"])["weight"].sum().unstack()
    teams = result.data.teams()[NAMES].fillna("")
    aside = sum(sum(counts.values()) for counts in result.data.set_aside.values())
    return Overview(
        result.year,
        result.rubric,
        result.data.fingerprint,
        result.scores,
        teams,
        weights,
        aside,
        tuple(result.data.lost_teams),
    )


def unknown_team(team_id: str, known: Iterable[str]) -> Fault | None:
    """A fault with similar ids for a team that there is not."""
    known = list(known)
    if team_id in known:
        return None
    near = difflib.get_close_matches(str(team_id), known, n=3) or known[:3]
    return Fault("run.unknown_team", value=str(team_id), details={"near": ", ".join(near)})
