"""The teams for which a condition of the rubric (``when``) holds."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.exact import NEAR
from assess_lib.rules.kinds.base import Mask
from assess_lib.rules.rubric import PEER_COLUMNS, IndicatorTest, Veto, When
from assess_lib.scoring.figures import MEASURED, NO_EVIDENCE, Figures

_COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


def holding(when: When, found: Figures) -> Mask:
    """True for the teams for which a condition holds, shape (teams,).

    Parameters: ``found`` with the columns of team and village, and measured values. A comparison with a value that was
    not measured does not hold.
    """
    tests: list[Mask] = []
    for column in PEER_COLUMNS:
        if (allowed := getattr(when, column)) is not None:
            tests.append(found.teams[column].isin(allowed).to_numpy(dtype=bool))
    for column, wanted in (when.village or {}).items():
        tests.append(_same(found.teams, column, wanted))
    if when.teams is not None:
        tests.append(found.teams.index.isin(when.teams.ids))
    if when.indicator is not None:
        tests.append(_compared(when.indicator, found))
    tests += [holding(inner, found) for inner in when.all or ()]
    if when.any is not None:
        tests.append(np.logical_or.reduce([holding(inner, found) for inner in when.any]))
    if when.negated is not None:
        tests.append(~holding(when.negated, found))
    holds: Mask = np.logical_and.reduce(tests)
    return holds


def vetoed(veto: Veto, found: Figures) -> Mask:
    """True for the teams whose grade a veto limits, shape (teams,).

    A minimum is missed by a value below it, and by a team that shows none, unless rows of its own could not be used.
    """
    if veto.minimum is None:
        assert veto.when is not None
        return holding(veto.when, found)
    name = veto.minimum.indicator
    below = _compared(IndicatorTest(id=name, op="<", value=veto.minimum.at_least), found)
    status = found.status[:, found.place[name]]
    unshown = (status == NO_EVIDENCE) & ~found.teams.index.isin(list(found.set_aside))
    missed: Mask = (below & (status == MEASURED)) | unshown
    return missed


def _compared(test: IndicatorTest, found: Figures) -> Mask:
    """Floats decide where they are far enough from the limit, else fractions."""
    column, compare = found.place[test.id], _COMPARE[test.op]
    limit = float(test.value)
    values = found.value[:, column]
    holds = np.array(compare(values, limit))
    close = np.abs(values - limit) <= NEAR * max(1.0, abs(limit))
    for team in np.flatnonzero(close):
        holds[team] = compare(found.exact[team, column], test.value)
    measured: Mask = np.array([value is not None for value in found.exact[:, column]], dtype=bool)
    decided: Mask = holds & measured
    return decided


def _same(teams: pd.DataFrame, column: str, wanted: bool | str) -> Mask:
    def same(value: Any) -> bool:
        if value is None or pd.isna(value):
            return False
        return bool(value) == wanted if isinstance(wanted, bool) else str(value) == wanted

    if column not in teams:
        return np.zeros(len(teams), dtype=bool)
    return np.array([same(value) for value in teams[column]], dtype=bool)
