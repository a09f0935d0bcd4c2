"""The teams for which a condition of the rubric (``when``) holds.

What is not known decides nothing: a comparison with a value that was not measured or does not apply, or with a blank,
neither holds nor fails, and ``not`` of it does not hold either.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import NamedTuple

import numpy as np

from assess_lib.exact import NEAR
from assess_lib.rules.kinds.base import Mask
from assess_lib.rules.rubric import PEER_COLUMNS, Indicator, IndicatorTest, Rubric, Veto, When
from assess_lib.scoring.figures import MEASURED, NO_EVIDENCE, Figures

_COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}
_OF_VILLAGE = {"name": "village_name"}  # columns of a village that stand among those of teams under another name


class _Answer(NamedTuple):
    """Where a condition holds and where it fails, shape (teams,) each; neither where that is not known."""

    holds: Mask
    fails: Mask


def holding(when: When, found: Figures) -> Mask:
    """True for the teams for which a condition holds, shape (teams,).

    Parameters: ``found`` with the columns of team and village, and measured values.
    """
    return _answer(when, found).holds


def with_conditions(rubric: Rubric) -> Iterator[tuple[int, Indicator, When]]:
    """Every indicator that has a condition, with its column, after those for whose values its condition asks.

    Raises graphlib.CycleError where conditions ask for one another.
    """
    indicators = list(rubric.indicators())
    column = {indicator.id: place for place, indicator in enumerate(indicators)}
    asked = {one.id: set(one.when.indicator_ids()) if one.when else set() for one in indicators}
    for name in TopologicalSorter(asked).static_order():
        indicator = indicators[column[name]]
        if indicator.when:
            yield column[name], indicator, indicator.when


def _answer(when: When, found: Figures) -> _Answer:
    tests = [_among(found, column, names) for column in PEER_COLUMNS if (names := getattr(when, column)) is not None]
    tests += [_among(found, _OF_VILLAGE.get(name, name), [wanted]) for name, wanted in (when.village or {}).items()]
    if when.teams is not None:
        named = found.teams.index.isin(when.teams.ids)
        tests.append(_Answer(named, ~named))
    if when.indicator is not None:
        tests.append(_compared(when.indicator, found))
    tests += [_answer(inner, found) for inner in when.all or ()]
    if when.any is not None:
        inner = [_answer(one, found) for one in when.any]
        tests.append(_Answer(_any([one.holds for one in inner]), _all([one.fails for one in inner])))
    if when.negated is not None:
        tests.append(_Answer(*reversed(_answer(when.negated, found))))
    return _Answer(_all([one.holds for one in tests]), _any([one.fails for one in tests]))


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
    missed: Mask = below.holds | unshown
    return missed


def _compared(test: IndicatorTest, found: Figures) -> _Answer:
    """Floats decide where they are far enough from the limit, else fractions."""
    column, compare = found.place[test.id], _COMPARE[test.op]
    limit = float(test.value)
    values = found.value[:, column]
    holds = np.array(compare(values, limit))
    close = np.abs(values - limit) <= NEAR * max(1.0, abs(limit))
    for team in np.flatnonzero(close):
        holds[team] = compare(found.exact[team, column], test.value)
    known = np.array([value is not None for value in found.exact[:, column]], dtype=bool)
    known &= found.status[:, column] == MEASURED
    return _Answer(holds & known, ~holds & known)


def _among(found: Figures, column: str, allowed: list[str] | list[bool | str]) -> _Answer:
    """Whether a column of team or village has one of the values; not known where it is blank."""
    if column not in found.teams:
        nobody = np.zeros(len(found.teams), dtype=bool)
        return _Answer(nobody, nobody)
    values = found.teams[column]
    blank, inside = values.isna().to_numpy(dtype=bool), values.isin(allowed).to_numpy(dtype=bool)
    return _Answer(inside & ~blank, ~inside & ~blank)


def _all(masks: list[Mask]) -> Mask:
    every: Mask = np.logical_and.reduce(masks)
    return every


def _any(masks: list[Mask]) -> Mask:
    some: Mask = np.logical_or.reduce(masks)
    return some
