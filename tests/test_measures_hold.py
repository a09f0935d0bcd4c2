"""Whatever is missing from the tables, every measure gives a sound outcome for every team."""

from __future__ import annotations

import pandas as pd
import pytest
from support.situations import frame

from assess_lib.indicators.registry import registered
from assess_lib.sample.dataset import sample_tables
from assess_lib.tables.dataset import YearData
from assess_lib.tables.schemas import SCHEMAS

STATUSES = {"measured", "no_evidence", "not_applicable"}


@pytest.fixture(scope="module")
def small() -> YearData:
    """Six teams as they come from files."""
    from assess_lib.tables.parsing import parse

    frames = {}
    for name, table in sample_tables(6, 3, [2015, 2016])[2016].items():
        kinds = {column: SCHEMAS[name].columns[column].metadata["kind"] for column in table}
        frames[name] = pd.DataFrame(
            {column: parse(table[column].astype(object), kind)[0] for column, kind in kinds.items()}
        )
    return YearData.of(2016, frames)


def outcome(measure, data: YearData) -> pd.DataFrame:
    teams = measure(data).teams
    assert list(teams.index) == list(data.team_ids) and set(teams["status"]) <= STATUSES
    measured = teams["status"] == "measured"
    assert teams.loc[measured, ["numerator", "value"]].notna().all(axis=None)
    assert teams.loc[~measured, ["numerator", "value"]].isna().all(axis=None)
    assert not (teams.loc[measured, "denominator"] <= 0).any()
    assert all((exact is not None) == done for exact, done in zip(teams["exact"], measured))
    assert teams.loc[teams["status"] == "no_evidence", "denominator"].isna().all()
    return teams


@pytest.mark.parametrize("name", list(registered()))
def test_a_measure_holds_when_tables_or_columns_are_missing(name, small) -> None:
    measure = registered()[name]
    outcome(measure, small)
    for table in (*measure.evidence, "households", "members"):
        without = {**small.tables, table: small.tables[table].iloc[0:0]}
        if table not in ("villages", "units", "teams"):
            outcome(measure, YearData(2016, without))
        for column, spec in SCHEMAS[table].columns.items():
            if spec.nullable and column in small.tables[table] and column not in ("unit_id", "village_id"):
                cells = small.tables[table][column]
                blank = small.tables[table].assign(**{column: cells.mask(pd.Series(True, index=cells.index))})
                outcome(measure, YearData(2016, {**small.tables, table: blank}))


@pytest.mark.parametrize("name", list(registered()))
def test_a_measure_holds_with_no_rows_at_all(name) -> None:
    data = YearData.of(
        2016,
        {
            "teams": frame("teams", [{}, {"village_id": "V2"}]),
            "villages": frame("villages", [{}, {}]),
            "units": frame("units", [{}]),
        },
    )
    assert set(outcome(registered()[name], data)["status"]) <= {"no_evidence", "not_applicable"}


# Shares that are not rows ÷ rows: means of rates, sums of money or groups, counts beside a timetable or a unit.
NOT_ROWS = {
    "party_building",
    "relapse",
    "cadre_participation",
    "exit_plan_completion",
    "income_ratio",
    "road_hardening",
    "broadband",
    "execution",
    "targeting",
    "planned_integration",
    "carry_over",
    "leverage",
    "audit_findings",
}
OF_ROWS = [name for name, measure in registered().items() if measure.unit == "share" and name not in NOT_ROWS]


@pytest.mark.parametrize("name", OF_ROWS)
def test_a_share_of_rows_is_that_of_its_evidence(name, small) -> None:
    found = registered()[name](small)
    counts = found.evidence.groupby("team_id")["met"].agg(["sum", "size"])
    measured = found.teams[found.teams["status"] == "measured"]
    assert len(measured) > 0
    assert (counts.loc[measured.index, "size"] == measured["denominator"]).all()
    assert (counts.loc[measured.index, "sum"] == measured["numerator"]).all()
