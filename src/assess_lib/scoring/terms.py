"""The exact terms of points: what is left of the figures of a team when the weights are still open.

With the formula of its rule (``assess_lib.rules.formula``) a cell gives the points of a team and an indicator for any
weight, without figures: ``0:1 1:-3/2`` is the weight once, less one and a half times the amount at place 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assess_lib.rules.formula import WEIGHT, Times
from assess_lib.rules.kinds import Score
from assess_lib.rules.kinds.base import Case
from assess_lib.rules.paths import way_column
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.engine import Given
from assess_lib.scoring.figures import MEASURED, Figures, PeerGroups, peer_groups

GIVEN, FIXED = "given", "fixed"  # points that people set: so many times the weight; the same by any weight
UNKNOWN = "?"  # of a rule that has no formula


def exact_terms(rubric: Rubric, found: Figures, peers: PeerGroups, given: Given) -> pd.DataFrame:
    """One row per team (index team_id) with a text per indicator; blank where points do not come from a value.

    The terms ``place:times`` of a part stand with blanks between, parts with ``|``.
    Parameters: as for :func:`assess_lib.scoring.engine.score_points`.
    """
    group_of: dict[int, Any] = {}
    if any(rule.of_peers for rule in rubric.indicators()):
        group_of = {
            int(team): group for group, inside in peer_groups(rubric, found.teams) for team in np.flatnonzero(inside)
        }
    columns = {}
    for column, rule in enumerate(rubric.indicators()):
        texts = np.full(len(found.teams), "", dtype=object)
        known: dict[Any, str] = {}
        for team in np.flatnonzero(found.status[:, column] == MEASURED).tolist():
            texts[team] = _of_team(rule, found, peers, group_of.get(team), (team, column), known)
        columns[rule.id] = texts
    table = pd.DataFrame(columns, index=found.teams.index)
    for (judged, name), number in given.items():
        if judged in found.teams.index and found.status[found.at(judged, name)] == MEASURED:
            weight = rubric.indicator(name).for_team(found.rows[judged])[0]
            table.loc[judged, name] = f"{GIVEN}:{number / weight}" if weight else f"{FIXED}:{number}"
    return table


def _of_team(
    rule: Indicator, found: Figures, peers: PeerGroups, group: Any, place: tuple[int, int], known: dict[Any, str]
) -> str:
    """The text of a cell; those of each value under each rule are found once."""
    team, column = place
    value = found.exact[place]
    if value is None:
        return ""  # people set the points
    score: Score = rule.score
    key: tuple[Any, ...] = value.as_integer_ratio()
    if rule.variants or rule.path:
        row = found.rows[found.teams.index[team]]
        score = rule.for_team(row)[1]
        key = (*key, *(variant.peers.include(row) for variant in rule.variants), row.get(way_column(rule.id)))
    if score.of_peers:
        key = (*key, group)
    if rule.id in found.parts:
        key = (*key, team)
    if key not in known:
        known[key] = _text(score, found.case(team, column, peers[rule.id].get(group) if score.of_peers else None))
    return known[key]


def _text(score: Score, case: Case) -> str:
    """The terms of a case under a rule; blank where peers give no reference, ``?`` for a rule without a formula."""
    if score.formula() is None:
        return UNKNOWN
    parts = score.times(case)
    return "" if parts is None else "|".join(map(_part_text, parts))


def _part_text(times: Times) -> str:
    return " ".join(f"{at}:{number}" for at, number in sorted(times.items()) if number) or f"{WEIGHT}:0"
