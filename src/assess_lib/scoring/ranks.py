"""Ranks with tie-breakers, and grades with bands, quotas and vetoes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from assess_lib.exact import NEAR, exact
from assess_lib.rules.fields import PeerGroup
from assess_lib.rules.kinds.base import Floats
from assess_lib.rules.rubric import Grade, Rubric
from assess_lib.scoring.figures import Places
from assess_lib.scoring.quotas import Quota, edge

TIE = "tie:"


def rank_and_grade(rubric: Rubric, scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of all teams with rank, overall_rank and grade.

    Parameters: ``scores`` (index team_id) with the focal points, the total, vetoes, peer groups,
    and ``tie:<indicator>`` where an indicator breaks ties; these columns are left out of the result.
    """
    scores = scores.assign(rank=ranked(rubric, scores, rubric.ranking.by), overall_rank=ranked(rubric, scores, "all"))
    scores["grade"] = graded(rubric, scores)
    return scores[[name for name in scores if not name.startswith(TIE)]]


def ranked(rubric: Rubric, scores: pd.DataFrame, by: PeerGroup) -> pd.Series:
    """Rank of each team within its group of ``by``; equal in total and every tie-breaker means equal rank.

    Ranks are taken from the points shown. Two who share place 1 are followed by place 3.
    Parameters: ``scores`` as for ``rank_and_grade``. Returns whole numbers, index team_id.
    """
    keys = scores[["total"]].copy()
    for name in rubric.ranking.tie_breakers:
        keys[name] = (
            scores[name].fillna(0) if name in scores else scores[TIE + name]
        )  # what does not apply earned nothing
    group = pd.factorize(_groups(by, scores))[0]
    columns = [-keys[name].to_numpy(dtype="float64", na_value=-np.inf) for name in keys]
    order = np.lexsort([*reversed(columns), group])
    sorted_group, sorted_keys = group[order], np.column_stack(columns)[order]
    place = np.arange(len(order))
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = sorted_group[1:] != sorted_group[:-1]
    differs = starts.copy()
    differs[1:] |= (sorted_keys[1:] != sorted_keys[:-1]).any(axis=1)
    first_of_group = np.maximum.accumulate(np.where(starts, place, 0))
    first_of_ties = np.maximum.accumulate(np.where(differs, place, 0))
    ranks = np.empty(len(order), dtype="int64")
    ranks[order] = first_of_ties - first_of_group + 1
    return pd.Series(ranks, index=keys.index)


def graded(rubric: Rubric, scores: pd.DataFrame) -> pd.Series:
    """The grade id of each team: its band, lowered by vetoes and by full quotas.

    The places of a quota are the whole part of share × teams of the quota group. Teams take them
    in order of rank; teams that share a rank at the edge are all out, or all in, as the rubric
    says. Who is out falls to the next grade, whose quota then counts in the same way.
    """
    return _graded(rubric, scores)[0]


def grade_quotas(rubric: Rubric, scores: pd.DataFrame) -> list[Quota]:
    """For every grade with a quota and every group: how many reached it, who has it, whom a tie at the edge concerns.

    Parameters: ``scores`` as in ``Assessment``. By ``ties_over_quota`` those tied are all out, or all in.
    """
    return _graded(rubric, scores)[1]


def _graded(rubric: Rubric, scores: pd.DataFrame) -> tuple[pd.Series, list[Quota]]:
    bands, quotas = rubric.grades.bands, []
    order = {grade.id: place for place, grade in enumerate(bands)}
    limits = {veto.id: order[veto.limit] for veto in rubric.veto}
    place = pd.Series(_band_of(bands, scores["total"].to_numpy()), index=scores.index)
    for team, vetoes in scores["vetoes"][scores["vetoes"].map(bool)].items():
        place[team] = max([place[team], *(limits[veto] for veto in vetoes)])
    groups = _groups(rubric.grades.quota_by, scores)
    for n, grade in enumerate(bands):
        if grade.quota is None:
            continue
        for name, members in scores.groupby(groups):
            places, able = math.floor(grade.quota * len(members)), members[place[members.index] == n]
            out = _over_quota(able, places, rubric.grades.ties_over_quota)
            place[out] = n + 1
            chosen = able.index.difference(out, sort=False)
            quotas.append(
                Quota(str(name), len(members), places, len(able), tuple(chosen), _tied(able, chosen, places), grade.id)
            )
    return place.map(lambda n: bands[n].id), quotas


def _tied(able: pd.DataFrame, chosen: pd.Index, places: int) -> tuple[str, ...]:
    """The teams that share the rank at the edge of a quota, let in or not."""
    if len(chosen) <= places:
        return edge(able["overall_rank"], list(chosen), places)
    last = able.loc[chosen, "overall_rank"].max()
    return tuple(able.index[able["overall_rank"] == last])


def _band_of(bands: Sequence[Grade], totals: Floats) -> Places:
    """The place of the band of every total; bands go down and leave no hole."""
    place = np.full(len(totals), len(bands) - 1, dtype="int64")
    for n in range(len(bands) - 2, -1, -1):
        low = bands[n].range.low or Fraction(0)
        above = totals - float(low)
        reached = above > 0
        for near in np.flatnonzero(np.abs(above) < NEAR):
            reached[near] = exact(totals[near]) in bands[n].range or exact(totals[near]) > low
        place[reached] = n
    return place


def _over_quota(candidates: pd.DataFrame, places: int, ties: str) -> list[str]:
    """The candidates left without a place; teams of one rank stand or fall together."""
    tied = candidates["overall_rank"].value_counts().sort_index()
    taken = tied.cumsum()
    out = tied.index[(taken > places) if ties == "out" else (taken - tied >= places)]
    return list(candidates.index[candidates["overall_rank"] >= out[0]]) if len(out) else []


def _groups(by: str, scores: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=scores.index) if by == "all" else scores[by].fillna("").astype(str)
