"""From the tables of a year to the figures of its teams."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.measurement import NO_ROWS, Measurement
from assess_lib.indicators.registry import registered
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.conditions import holding, with_conditions
from assess_lib.scoring.entered_values import entered_measurement
from assess_lib.scoring.figures import CODE_OF, NOT_APPLICABLE, PLAIN_REASON, STATUSES, Figures, Parts, Reason
from assess_lib.scoring.goals import leave_out_what_is_not_due, ways
from assess_lib.tables.dataset import YearData


def measure_all(rubric: Rubric, data: YearData, evidence: bool = True) -> dict[str, Measurement]:
    """Every indicator of the rubric, measured for all teams; without ``evidence`` the rows behind are let go of."""
    known, found = registered(), {}
    for indicator in rubric.indicators():
        if indicator.entered:
            measured = entered_measurement(indicator, data)
        else:
            measured = known[indicator.measure](data, **indicator.options)
        found[indicator.id] = measured if evidence else replace(measured, lazy_evidence=NO_ROWS)
    return found


def tables_needed(rubric: Rubric) -> set[str]:
    """The tables without which a rubric cannot be applied."""
    known, needed = registered(), {"teams"}
    for indicator in rubric.indicators():
        if not indicator.entered:
            needed |= {"units", "villages", *known[indicator.measure].evidence}
        elif indicator.weight > 0:
            needed.add("entered_values")
    return needed


def figures_of(rubric: Rubric, data: YearData, measurements: dict[str, Measurement]) -> Figures:
    """The figures of measurements, with what the rubric's conditions make of them."""
    teams = data.teams().assign(**ways(rubric, data))
    tables = [found.teams for found in measurements.values()]
    numerator, denominator, value = (
        np.column_stack([table[name].to_numpy(dtype="float64", na_value=np.nan) for table in tables])
        for name in ("numerator", "denominator", "value")
    )
    status = np.column_stack([pd.Index(STATUSES).get_indexer(table["status"]) for table in tables]).astype("int8")
    parts = {name: _parts(found.parts, teams.index) for name, found in measurements.items() if found.parts is not None}
    measured = np.column_stack([table["exact"].to_numpy(dtype=object) for table in tables])
    found = Figures(
        teams, tuple(measurements), numerator, denominator, value, measured, status, PLAIN_REASON[status], parts,
        frozenset(data.set_aside),
    )  # fmt: skip
    for column, indicator in enumerate(rubric.indicators()):
        asked = [team for team, names in data.questioned.items() if indicator.measure in names]
        found.reason[teams.index.isin(asked), column] = CODE_OF[Reason.QUESTIONED]
    for column, _, when in with_conditions(rubric):
        outside = ~holding(when, found)
        status[outside, column], found.reason[outside, column] = NOT_APPLICABLE, CODE_OF[Reason.CONDITION]
    leave_out_what_is_not_due(rubric, found)
    return found


def _parts(found: pd.DataFrame, teams: pd.Index) -> Parts:
    """The parts of a measurement in the order of the teams; of two with one name the later counts."""
    found = found.assign(owner=teams.get_indexer(found["team_id"]))
    found = found[found["owner"] >= 0]
    found = found[~found.duplicated(["owner", "part"], keep="last")].sort_values("owner", kind="stable")
    fractions = np.array([exact(value) for value in found["exact"]], dtype=object)
    values = np.array([float(value) for value in fractions], dtype="float64")
    return Parts(found["owner"].to_numpy("int64"), found["part"].to_numpy(dtype=object), fractions, values)
