"""Whatever is missing from the tables, every measure gives a sound outcome for every team."""

from __future__ import annotations

import sys

import pandas as pd
import pytest
from support.situations import frame

from assess_lib.indicators.measurement import Measurement, share
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


@pytest.mark.slow
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


def test_what_share_gives_is_what_its_evidence_counts(small, monkeypatch) -> None:
    """Numerator and denominator of every measure that calls ``share`` are its rows met and its rows."""
    counted: list[Measurement] = []

    def noted(*given, **more) -> Measurement:
        counted.append(share(*given, **more))
        return counted[-1]

    for name, module in list(sys.modules.items()):
        if name.startswith("assess_lib.indicators") and hasattr(module, "share"):
            monkeypatch.setattr(module, "share", noted)
    checked = set()
    for name, measure in registered().items():
        counted.clear()
        measure(small)
        for found in counted:
            counts = found.evidence.groupby("team_id")["met"].agg(["sum", "size"])
            measured = found.teams[found.teams["status"] == "measured"]
            assert len(measured) > 0 or measure.unit != "share", name
            assert (counts.loc[measured.index, "size"] == measured["denominator"]).all(), name
            assert (counts.loc[measured.index, "sum"] == measured["numerator"]).all(), name
            checked.add(name)
    assert {"household_plans", "social_security", "annual_plan"} <= checked, "also where a helper calls it"
