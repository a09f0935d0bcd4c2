"""What is told of all teams at once: their results, without the rows and figures behind them."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from assess_lib.faults import Fault
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment

NAMES = ["name", "unit_id", "unit_name", "village_name", "county", "area", "unit_type"]


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
    reviewed : digests of what the review made of each team's scorecard, and under ``""`` of all; empty where nobody
        judged anything.
    """

    year: int
    rubric: Rubric
    fingerprint: str
    scores: pd.DataFrame
    teams: pd.DataFrame
    weights: pd.DataFrame
    rows_set_aside: int = 0
    lost_teams: tuple[str, ...] = ()
    reviewed: dict[str, str] = field(default_factory=dict)


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
        review_marks(result),
    )


def review_marks(result: Assessment) -> dict[str, str]:
    """Digests of what a review makes of the scorecard of each team: its own entries, points and place, and its peers'.

    A scorecard is made again when its digest changed; the others are as they were.
    """
    review_state = result.review_state
    if review_state is None:
        return {}
    entries = {
        team: [
            (r.number, r.at, r.entry.model_dump_json(), r.number in review_state.undone)
            for r in review_state.of_team(team)
        ]
        for team in result.scores.index
    }
    mine, shown = {team: told for team, told in entries.items() if told}, {}
    if result.computed is not None:
        plain, now = _shown(result.computed), _shown(result)
        shown = {team: now[team] for team in now if now[team] != plain[team]}
    marks = {
        team: _digest([mine.get(team), shown.get(team)]) for team in result.scores.index if team in {*mine, *shown}
    }
    return marks | {"": _digest([mine, shown])} if marks else {}


def _shown(result: Assessment) -> dict[str, str]:
    """A digest of the numbers on each team's scorecard: its points and place, and the totals and medians of its peers."""
    points, groups = result.points.groupby("team_id").indices, {}
    numbers = result.points.drop(columns=["team_id"]).to_csv(header=False, lineterminator="\n").splitlines()
    numbers = [line.split(",", 1)[1] for line in numbers]  # without the number of the row
    found = {}
    for team, row in zip(result.scores.index, result.scores.itertuples()):
        peers = result.peers(team)
        if (group := peers[0]) not in groups:
            totals, shares = result.scores.loc[peers, "total"], result.shares.loc[peers]
            groups[group] = _digest([totals.to_csv(), shares.to_csv(), result.peer_medians(team).to_csv()])
        found[team] = _digest([str(row), [numbers[n] for n in points[team]], groups[group]])
    return found


def _digest(told) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:16]


def unknown_team(team_id: str, known: Iterable[str]) -> Fault | None:
    """A fault with similar ids for a team that there is not."""
    known = list(known)
    if team_id in known:
        return None
    near = difflib.get_close_matches(str(team_id), known, n=3) or known[:3]
    return Fault("run.unknown_team", value=str(team_id), details={"near": ", ".join(near)})
