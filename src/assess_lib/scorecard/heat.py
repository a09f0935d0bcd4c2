"""Shares of points as signs: the cells of a heat map of indicators and teams."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from assess_lib.indicators.measurement import NOT_APPLICABLE as NOT_APPLICABLE_STATUS
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.tables import HELD

NOT_APPLICABLE, MISSING, TENTHS = "-", "?", "0123456789a"
_SHADE_OF_TENTH = (0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5)


def losing(rubric: Rubric) -> list[Indicator]:
    """The indicators on which points can be lost, in the order of the rubric: those with a weight, and deductions."""
    return [one for one in rubric.indicators() if one.weight > 0 or _deducts(one)]


def _deducts(indicator: Indicator) -> bool:
    least = indicator.score.least(indicator.weight)
    return indicator.weight == 0 and (least is None or least < 0)


def heat_signs(points: pd.DataFrame, rubric: Rubric, teams: pd.Index) -> dict[str, str]:
    """Of each team a sign per indicator on which points can be lost, in the order of the rubric.

    Parameters: ``points`` as in ``points.csv``: team_id, indicator, points, weight, status.
    Returns tenths of the points that could be earned, of a deduction those of its most that were not taken, ``a`` for all,
    ``?`` without evidence, ``-`` where it does not apply.
    """
    weighty = [indicator.id for indicator in losing(rubric)]
    rows = points[points["indicator"].isin(weighty)]
    share = (rows["points"] / rows["weight"].where(rows["weight"] > 0)).round(6).fillna(_left(rows, rubric))
    tenth = (share * 10).clip(0, 10).fillna(0).astype(int)
    sign = tenth.map(dict(enumerate(TENTHS)))
    sign = sign.mask(rows["status"] == "no_evidence", MISSING).mask(share.isna(), NOT_APPLICABLE)
    table = rows.assign(sign=sign).pivot(index="team_id", columns="indicator", values="sign")
    table = table.reindex(index=teams, columns=weighty, fill_value=NOT_APPLICABLE).fillna(NOT_APPLICABLE)
    return {team: "".join(signs) for team, signs in zip(teams, table.to_numpy().tolist())}


def _left(rows: pd.DataFrame, rubric: Rubric) -> pd.Series:
    """Of deductions that apply the share of their most that was not taken; of one without an end all or nothing."""
    least = {one.id: one.score.least(one.weight) for one in losing(rubric) if _deducts(one)}
    most = rows["indicator"].map({name: math.inf if one is None else -float(one) for name, one in least.items()})
    left = (1 + rows["points"] / most).where(most != math.inf, (rows["points"] == 0).astype("float64"))
    return left.where(most.notna() & (rows["status"] != NOT_APPLICABLE_STATUS)).round(6)


def points_lost(points: pd.DataFrame, rubric: Rubric, teams: pd.Index) -> pd.DataFrame:
    """The points that each team lost on each indicator, at least 0, blank where none can be lost by it; shape (teams, indicators).

    Parameters: ``points`` a row per team and indicator as in ``points.csv``.
    """
    deducts = points["indicator"].isin([one.id for one in rubric.indicators() if _deducts(one)])
    deducts &= points["status"] != NOT_APPLICABLE_STATUS
    counted = points[(points["status"] != HELD) & ((points["weight"] > 0) | deducts)]
    lost = (counted["weight"] - counted["points"]).clip(lower=0).round(2)
    table = counted.assign(lost=lost).pivot(index="team_id", columns="indicator", values="lost")
    return table.reindex(index=teams, columns=[indicator.id for indicator in rubric.indicators()])


class HeatRow(NamedTuple):
    """A team in the heat map: a sign per indicator on which points can be lost, and the points lost in hundredths with commas between, blank for none."""

    signs: str
    lost: str


def heat_map(points: pd.DataFrame, rubric: Rubric, teams: pd.Index) -> dict[str, HeatRow]:
    """The rows of the heat map by team. Parameters: as for ``heat_signs``."""
    signs = heat_signs(points, rubric, teams)
    lost = points_lost(points, rubric, teams)[[one.id for one in losing(rubric)]]
    hundredths = (lost.fillna(0) * 100).round().astype("int64").to_numpy().tolist()
    return {
        team: HeatRow(signs[team], ",".join(str(one) if one else "" for one in row))
        for team, row in zip(teams, hundredths)
    }


def shade(sign: str) -> int:
    """The place of a sign's shade, 0 for the fewest points; −1 for missing evidence, −2 where it does not apply."""
    if sign in (MISSING, NOT_APPLICABLE):
        return -1 if sign == MISSING else -2
    return _SHADE_OF_TENTH[TENTHS.index(sign)]


def heat_rows(rubric: Rubric, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Focal points with their indicators on which points can be lost: name, then (id, name) of each."""
    there = {one.id for one in losing(rubric)}
    return [
        (dimension.name[lang], [(i.id, i.name[lang]) for i in dimension.indicators() if i.id in there])
        for dimension in rubric.dimensions
    ]


def share_text(sign: str) -> str:
    """A sign in figures: the tenth that the share of points is in."""
    tenth = TENTHS.index(sign)
    return "100%" if tenth == 10 else f"{tenth}0%+" if tenth else "<10%"
