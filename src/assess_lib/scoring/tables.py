"""The two tables of an assessment, described once: points per team and indicator, scores per team."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from assess_lib.rules.kinds.base import Floats
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.conditions import vetoed
from assess_lib.scoring.engine import Points
from assess_lib.scoring.figures import CODE_OF, NO_EVIDENCE, REASONS, STATUSES, Figures, Reason
from assess_lib.scoring.figures import MEASURED as MEASURED_CODE
from assess_lib.scoring.ranks import TIE

HELD = "held"  # the status of a row with what the cap or floor of a group adds or takes


def point_table(rubric: Rubric, found: Figures, points: Points) -> pd.DataFrame:
    """One row per team and indicator, and one where the cap or floor of a group adds or takes something.

    Columns: team_id, dimension, group, indicator (``<group>:held`` for the latter), numerator, denominator, value (NaN
    where there is none), points, weight, most, status, reason. The rows of a team stand in the order of the rubric.
    """
    slots = _slots(rubric)
    sources = np.array([slot[4] for slot in slots])
    held = np.array([slot[3] for slot in slots])
    shape = (len(points.teams), len(slots))
    there = np.ones(shape, dtype=bool)
    there[:, held] = points.held != 0

    def laid_out(numbers: npt.NDArray[Any], of_groups: Any) -> npt.NDArray[Any]:
        """An array of teams × indicators with the columns of groups put between, rows that are there one by one."""
        table = np.empty(shape, dtype=numbers.dtype)
        table[:, ~held] = numbers[:, sources[~held]]
        table[:, held] = of_groups
        return table[there]

    def named(names: list[str]) -> pd.Series:
        places = np.broadcast_to(np.arange(len(slots)), shape)[there]
        return pd.Series(pd.array(names, dtype="str").take(places))

    def worded(codes: npt.NDArray[Any], words: tuple[str, ...]) -> pd.Series:
        places = laid_out(codes, len(words))
        return pd.Series(pd.array([*map(str, words), HELD], dtype="str").take(places))

    number, nan = float(points.per_point), float("nan")
    outside = (points.status != MEASURED_CODE) & (points.reason == CODE_OF[Reason.CONDITION])
    teams = pd.array(points.teams, dtype="str").take(np.repeat(np.arange(shape[0]), there.sum(axis=1)))
    columns = {
        "team_id": teams,
        "dimension": named([slot[0] for slot in slots]),
        "group": named([slot[1] for slot in slots]),
        "indicator": named([slot[2] for slot in slots]),
        **{
            name: laid_out(np.where(outside, nan, getattr(found, name)), nan)
            for name in ("numerator", "denominator", "value")
        },
        "points": laid_out(points.steps, points.held) / number,
        "weight": laid_out(points.weight, 0) / number,
        "most": laid_out(points.most, 0) / number,
        "status": worded(points.status, STATUSES),
        "reason": worded(points.reason, REASONS),
    }
    return pd.DataFrame(columns)


def score_table(rubric: Rubric, found: Figures, points: Points, totals: dict[str, Floats]) -> pd.DataFrame:
    """One row per team (index team_id), before ranks and grades.

    Columns: points per focal point (NaN where it does not apply), total, lowest and highest (the totals that missing evidence leaves open,
    minus infinity where nothing bounds them), provisional, county, area, unit_type, ``tie:<indicator>`` in steps for every tie-breaker that is an indicator, and
    vetoes (ids). Parameters: ``totals`` in steps, as ``lowest`` and ``highest``, shape (teams,).
    """
    scores = dimension_table(rubric, points)
    for name, total in totals.items():
        scores[name] = total / points.per_point
    waiting = np.array([rule.missing == "provisional" for rule in rubric.indicators()])
    awaited = ((points.status == NO_EVIDENCE) & waiting).any(axis=1)
    awaited |= (points.reason == CODE_OF[Reason.QUESTIONED]).any(axis=1)
    scores["provisional"] = awaited | scores.index.isin(list(found.set_aside))
    scores = scores.join(found.teams[["county", "area", "unit_type"]])
    add_tie_breakers(rubric, scores, points)
    vetoes = {veto.id: vetoed(veto, found) for veto in rubric.veto}
    scores["vetoes"] = [tuple(name for name, holds in vetoes.items() if holds[n]) for n in range(len(scores))]
    return scores


def dimension_table(rubric: Rubric, points: Points) -> pd.DataFrame:
    """Points per focal point, NaN where it does not apply to the team, and in total; index team_id."""
    names, steps = [dimension.id for dimension in rubric.dimensions], points.by_dimension(rubric)
    applies = (points.weight_by_dimension(rubric) > 0) | (steps != 0)
    table = pd.DataFrame(np.where(applies, steps / points.per_point, np.nan), index=points.teams, columns=names)
    table["total"] = points.total() / points.per_point
    return table


def add_tie_breakers(rubric: Rubric, scores: pd.DataFrame, points: Points) -> None:
    """Put the steps of every indicator that breaks ties into a table of scores."""
    order = [indicator.id for indicator in rubric.indicators()]
    for name in rubric.ranking.tie_breakers:
        if name not in scores:
            scores[TIE + name] = points.steps[:, order.index(name)]


def _slots(rubric: Rubric) -> list[tuple[str, str, str, bool, int]]:
    """The rows of a team in order: focal point, group, indicator, whether it is of a group, column of the array."""
    slots: list[tuple[str, str, str, bool, int]] = []
    indicator = group_number = 0
    for dimension in rubric.dimensions:
        for group in dimension.groups:
            for rule in group.indicators:
                slots.append((dimension.id, group.id, rule.id, False, indicator))
                indicator += 1
            slots.append((dimension.id, group.id, f"{group.id}:{HELD}", True, group_number))
            group_number += 1
    return slots
