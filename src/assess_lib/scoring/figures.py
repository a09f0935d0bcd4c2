"""What was measured of teams: the figures of every indicator, without the rows behind them.

It is all that points are made from, so it is what many partitions of a country hand on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.measurement import MEASURED, NOT_APPLICABLE, Measurement
from assess_lib.indicators.registry import registered
from assess_lib.rules.points import PeerValues
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.conditions import holds
from assess_lib.scoring.entered_values import entered_measurement
from assess_lib.tables.dataset import YearData

PeerCounts = dict[str, dict[Any, Counter]]
PeerGroups = dict[str, dict[Any, PeerValues]]


@dataclass(frozen=True)
class Figures:
    """The figures of some teams.

    Attributes
    ----------
    teams : one row per team (index team_id): its names, peer groups and columns of its village.
    values : exact value by indicator and team, None where not measured.
    statuses : status and its reason by indicator and team; what a condition of the rubric leaves
        out is not applicable.
    numbers : numerator, denominator and value by indicator, index team_id.
    parts : by indicator, team and part, where a value is made of parts.
    set_aside : the teams of which rows could not be used.
    """

    teams: pd.DataFrame
    values: dict[str, dict[str, Fraction | None]]
    statuses: dict[str, dict[str, tuple[str, str]]]
    numbers: dict[str, pd.DataFrame]
    parts: dict[str, dict[str, dict[str, Fraction]]]
    set_aside: frozenset[str] = frozenset()

    @cached_property
    def rows(self) -> dict[str, dict]:
        """The row of every team, ``team_id`` among its columns."""
        return self.teams.assign(team_id=self.teams.index).to_dict("index")


def measure_all(rubric: Rubric, data: YearData, evidence: bool = True) -> dict[str, Measurement]:
    """Every indicator of the rubric, measured for all teams; without ``evidence`` the rows behind are let go of."""
    known, found = registered(), {}
    for indicator in rubric.indicators():
        if indicator.entered:
            measured = entered_measurement(indicator, data)
        else:
            measured = known[indicator.measure](data, **indicator.options)
        found[indicator.id] = measured if evidence else replace(measured, evidence=measured.evidence.head(0).copy())
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


def figures(rubric: Rubric, data: YearData, measurements: dict[str, Measurement]) -> Figures:
    """The figures of measurements, with what the rubric's conditions make of them."""
    teams = data.teams()
    values = {name: dict(zip(found.teams.index, found.teams["exact"])) for name, found in measurements.items()}
    rows = teams.assign(team_id=teams.index).to_dict("index")
    statuses = {
        indicator.id: _statuses(indicator, rows, measurements[indicator.id].teams["status"], values)
        for indicator in rubric.indicators()
    }
    numbers = {name: found.teams[["numerator", "denominator", "value"]] for name, found in measurements.items()}
    parts = {name: _parts(found) for name, found in measurements.items()}
    return Figures(teams, values, statuses, numbers, parts, frozenset(data.set_aside))


def peer_counts(rubric: Rubric, found: Figures) -> PeerCounts:
    """How often each value was measured in each peer group, for the indicators scored against peers."""
    counts: PeerCounts = {}
    for indicator in rubric.indicators():
        if indicator.of_peers:
            groups = counts.setdefault(indicator.id, {})
            values = found.values[indicator.id]
            for team, (status, _) in found.statuses[indicator.id].items():
                if status == MEASURED:
                    groups.setdefault(peer_of(rubric, found.rows[team]), Counter())[values[team]] += 1
    return counts


def peers_from(counts: Iterable[PeerCounts]) -> PeerGroups:
    """The peers of every team, from the counts of one part of the teams or of many."""
    whole: PeerCounts = {}
    for part in counts:
        for name, groups in part.items():
            for group, values in groups.items():
                whole.setdefault(name, {}).setdefault(group, Counter()).update(values)
    return {name: {group: PeerValues(found) for group, found in groups.items()} for name, groups in whole.items()}


def peer_of(rubric: Rubric, row: dict):
    """The peer group of a team, None for all or where it is not known."""
    if rubric.peer_group == "all":
        return None
    mine = row[rubric.peer_group]
    return None if pd.isna(mine) else mine


def _statuses(indicator: Indicator, rows, measured: pd.Series, values) -> dict[str, tuple[str, str]]:
    statuses = {}
    for team, status in measured.items():
        asked = {name: found.get(team) for name, found in values.items()} if indicator.when else {}
        if indicator.when and not holds(indicator.when, rows[team], asked):
            statuses[team] = (NOT_APPLICABLE, "condition")
        else:
            statuses[team] = (status, "" if status == MEASURED else status)
    return statuses


def _parts(found: Measurement) -> dict[str, dict[str, Fraction]]:
    parts: dict[str, dict[str, Fraction]] = {}
    if found.parts is not None:
        for team, part, value in zip(found.parts["team_id"], found.parts["part"], found.parts["exact"]):
            parts.setdefault(team, {})[part] = exact(value)
    return parts
