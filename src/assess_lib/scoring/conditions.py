"""Whether a condition of the rubric (``when``) holds for a team."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from assess_lib.rules.rubric import IndicatorTest, When

_COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


def holds(when: When, team: Mapping[str, Any], values: Mapping[str, Fraction | None]) -> bool:
    """Whether a condition holds.

    Parameters: ``team`` a row with team_id, county, area, unit_type and the columns of its village;
    ``values`` the measured value per indicator, None where not measured. A comparison with a value
    that was not measured does not hold.
    """
    tests = []
    for column in ("county", "area", "unit_type"):
        if (allowed := getattr(when, column)) is not None:
            tests.append(team.get(column) in allowed)
    if when.village is not None:
        tests += [_same(team.get(column), wanted) for column, wanted in when.village.items()]
    if when.teams is not None:
        tests.append(team.get("team_id") in when.teams.ids)
    if when.indicator is not None:
        tests.append(_compared(when.indicator, values))
    if when.all is not None:
        tests += [holds(inner, team, values) for inner in when.all]
    if when.any is not None:
        tests.append(any(holds(inner, team, values) for inner in when.any))
    if when.negated is not None:
        tests.append(not holds(when.negated, team, values))
    return all(tests)


def _compared(test: IndicatorTest, values: Mapping[str, Fraction | None]) -> bool:
    value = values.get(test.id)
    return value is not None and _COMPARE[test.op](value, test.value)


def _same(found: Any, wanted: bool | str) -> bool:
    if found is None or pd.isna(found):
        return False
    return bool(found) == wanted if isinstance(wanted, bool) else str(found) == wanted
