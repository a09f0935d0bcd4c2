"""All teams of a year at once: their results, without the rows and figures behind them."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from assess_lib.faults import Fault
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.comparison import Improved, most_improved
from assess_lib.scorecard.county_lines import CountyLine, county_lines
from assess_lib.scorecard.grade_reasons import GradeReasons
from assess_lib.scorecard.heat import HeatRow, heat_map
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.awards import commended_teams, rectification, units_to_rectify

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
    rows_set_aside : how many rows of the data have an error and were not used; ``lost_teams`` the teams whose own row was
        among them.
    teams_without_tables : how many teams there are whose county did not send a table.
    rectify, rectify_units : the reasons of the teams and of the units, by id, that must rectify, as in ``why`` of that list.
    reviewed : as ``review_marks`` gives it. improved : the teams that gained most since last year, the first first.
    heat, counties : as ``heat_map`` and ``county_lines`` give them, empty without ``with_points``.
    """

    year: int
    rubric: Rubric
    fingerprint: str
    scores: pd.DataFrame
    teams: pd.DataFrame
    weights: pd.DataFrame
    rows_set_aside: int = 0
    lost_teams: tuple[str, ...] = ()
    teams_without_tables: int = 0
    reviewed: dict[str, str] = field(default_factory=dict)
    rectify: dict[str, tuple[tuple[str | float, ...], ...]] = field(default_factory=dict)
    rectify_units: dict[str, tuple[tuple[str | float, ...], ...]] = field(default_factory=dict)
    improved: tuple[Improved, ...] = ()
    heat: dict[str, HeatRow] = field(default_factory=dict)
    counties: tuple[CountyLine, ...] = ()

    @property
    def order(self) -> pd.Index:
        """The teams by their rank among all."""
        return self.scores.sort_values("overall_rank", kind="stable").index


def overview(result: Assessment, before: Assessment | None = None) -> Overview:
    """The overview of an assessment. Parameters: ``before`` that of the year before, where there is one."""
    listed = list(rectification(result).itertuples())
    return Overview(
        year=result.year,
        rubric=result.rubric,
        fingerprint=result.data.fingerprint,
        scores=result.scores,
        teams=result.data.teams()[NAMES].fillna(""),
        weights=result.points.groupby(["team_id", "dimension"])["weight"].sum().unstack(),
        rows_set_aside=result.data.rows_set_aside,
        lost_teams=tuple(result.data.lost_teams),
        teams_without_tables=result.data.teams_without_tables,
        reviewed=review_marks(result),
        rectify={row.id: row.why for row in listed if row.kind == "team"},
        rectify_units={row.id: row.why for row in listed if row.kind == "unit"},
        improved=most_improved(result, before),
    )


def with_points(of_year: Overview, points: pd.DataFrame) -> Overview:
    """The overview with what the list of teams shows of all their points. Parameters: ``points`` as in ``points.csv``."""
    rubric, scores = of_year.rubric, of_year.scores
    return replace(
        of_year,
        heat=heat_map(points, rubric, scores.index),
        counties=county_lines(scores, of_year.weights, of_year.teams["county"], points, rubric),
    )


def review_marks(result: Assessment) -> dict[str, str]:
    """Digests by team of the part of its scorecard that a review changes: entries, points and rank, its own and its peers'.

    Under ``""`` stands that of all; there is none where nothing was judged. A scorecard is made again when its digest
    changes.
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
    entries = {team: listed for team, listed in entries.items() if listed}
    changed: dict[str, str] = {}
    if result.computed is not None:
        computed, now = _number_digests(result.computed), _number_digests(result)
        changed = {team: now[team] for team in now if now[team] != computed[team]}
    marks = {
        team: _digest([entries.get(team), changed.get(team)])
        for team in result.scores.index
        if team in {*entries, *changed}
    }
    return marks | {"": _digest([entries, changed])} if marks else {}


def _number_digests(result: Assessment) -> dict[str, str]:
    """A digest of the numbers on each team's scorecard: its points, rank and lists, and what of others stands there."""
    points = result.points.groupby("team_id").indices
    groups: dict[str, str] = {}
    numbers = result.points.drop(columns=["team_id"]).to_csv(header=False, lineterminator="\n").splitlines()
    numbers = [line.split(",", 1)[1] for line in numbers]  # without the number of the row
    last: dict[int, str] = {}  # the lowest total within a quota
    digests, reasons, commended = {}, GradeReasons.of_year(result), commended_teams(result).index
    unit_of, low_units = result.figures.teams["unit_id"], set(units_to_rectify(result))
    for team, row in zip(result.scores.index, result.scores.itertuples()):
        peers = result.peers(team)
        if (group := peers[0]) not in groups:
            totals, shares = result.scores.loc[peers, "total"], result.shares.loc[peers]
            of_peers = [numbers[n] for peer in peers for n in points[peer]]  # which stand among similar teams
            groups[group] = _digest([totals.to_csv(), shares.to_csv(), result.peer_medians(team).to_csv(), of_peers])
        quota = reasons.of(team).quota
        if quota and id(quota) not in last:
            last[id(quota)] = str(result.scores.loc[list(quota.chosen), "total"].min())
        places = [str(quota), last[id(quota)]] if quota else []
        listed = [*places, team in commended, int(result.sharing_rank[team]), unit_of[team] in low_units]
        digests[team] = _digest([str(row), [numbers[n] for n in points[team]], groups[group], listed])
    return digests


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()[:16]


def unknown_team(team_id: str, known: Iterable[str]) -> Fault | None:
    """A fault that names similar ids, None for a team that is among those known."""
    ids = list(known)
    if team_id in ids:
        return None
    near = difflib.get_close_matches(str(team_id), ids, n=3) or ids[:3]
    return Fault("run.unknown_team", value=str(team_id), details={"near": ", ".join(near)})
