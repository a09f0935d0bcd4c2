"""Rows in the workbook of one county that belong to another: told at their cell, and nobody else is blamed."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.tables.checks.causes import causes_of
from assess_lib.tables.checks.findings import finding
from assess_lib.tables.checks.foreign_rows import check_foreign_rows, foreign_rows
from assess_lib.tables.checks.keys import check_uniqueness, rows_of_last_year
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.owners import Owners
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.reading.labels import Heading

EAST, WEST = "东县", "西县"
Rows = list[dict[str, object]]
# Two counties with a village, team, member and household each: those of the east end in 1, of the west in 2.
BOTH: dict[str, dict[str, Rows]] = {
    county: {
        "villages": [{"village_id": f"V{n}", "county": county}],
        "teams": [{"team_id": f"T{n}", "village_id": f"V{n}", "county": county}],
        "members": [{"member_id": f"M{n}", "team_id": f"T{n}"}],
        "households": [{"household_id": f"H{n}", "village_id": f"V{n}"}],
    }
    for n, county in enumerate((EAST, WEST), start=1)
}


def tables(*sent: tuple[str, dict[str, Rows]]) -> tuple[dict[str, pd.DataFrame], dict[str, RawTable]]:
    """The tables in values and as read; each sent by a county, or under an empty name for all."""
    parts: dict[str, list[TablePart]] = {}
    for county, content in sent:
        for table, rows in content.items():
            cells = pd.DataFrame(rows, dtype="str")
            columns = {name: Heading(place, name) for place, name in enumerate(cells)}
            parts.setdefault(table, []).append(
                TablePart(table, f"{county or table}.xlsx", "s" if county else "", cells, columns, county=county)
            )
    raw = {table: RawTable(of_table) for table, of_table in parts.items()}
    return {table: one.cells.copy() for table, one in raw.items()}, raw


def with_row(county: str, table: str, row: dict[str, object]) -> list[tuple[str, dict[str, Rows]]]:
    sent = {name: {one: list(rows) for one, rows in content.items()} for name, content in BOTH.items()}
    sent[county].setdefault(table, []).append(row)
    return list(sent.items())


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("audits", {"audit_id": "A1", "village_id": "V2"}, "village_id"),
        ("projects", {"project_id": "J1", "village_id": "V2"}, "village_id"),
        ("households", {"household_id": "H9", "village_id": "V2"}, "village_id"),
        ("village_year", {"village_id": "V2"}, "village_id"),
        ("exit_plans", {"village_id": "V2"}, "village_id"),
        ("fund_flows", {"flow_id": "F1", "village_id": "V2", "household_id": "H1"}, "village_id"),
        ("commitments", {"commitment_id": "K1", "team_id": "T2"}, "team_id"),
        ("inspections", {"inspection_id": "N1", "team_id": "T2"}, "team_id"),
        ("members", {"member_id": "M9", "team_id": "T2"}, "team_id"),
        ("attendance", {"member_id": "M2", "day": "2016-03-01"}, "member_id"),
        ("household_measures", {"household_id": "H2", "measure": "x"}, "household_id"),
        ("persons", {"person_id": "P1", "household_id": "H2"}, "household_id"),
        ("pairings", {"household_id": "H2", "cadre_id": "C1"}, "household_id"),
    ],
)
@pytest.mark.parametrize("others_in_workbooks", [True, False])
def test_a_row_of_another_county_is_an_error_at_its_cell(table, row, column, others_in_workbooks) -> None:
    """Also where the other county is known from files for all counties, by the county of the village or team."""
    sent = with_row(EAST, table, row)
    frames, raw = tables(*(sent if others_in_workbooks else [sent[0], ("", sent[1][1])]))
    found = list(check_foreign_rows(frames, raw))
    assert [(one.table, one.column, one.severity) for one in found] == [(table, column, "error")]
    (place,) = found[0].rows
    assert found[0].row_details(place) == {"county": WEST, "here": EAST}
    assert raw[table].part_of(place).county == EAST and frames[table].loc[place, column] == row[column]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("audits", {"audit_id": "A1", "village_id": "V1"}),
        ("audits", {"audit_id": "A1", "village_id": "V7"}),  # which nobody knows: told as that
        ("audits", {"audit_id": "A1", "village_id": None}),
        ("unit_actions", {"action_id": "B1", "unit_id": "D1", "village_id": "V2"}),  # units work in many counties
        ("attendance", {"member_id": "M1", "day": "2016-03-01"}),
    ],
)
def test_a_row_of_the_county_is_none(table, row) -> None:
    assert list(check_foreign_rows(*tables(*with_row(EAST, table, row)))) == []


def test_files_for_all_counties_have_the_rows_of_all() -> None:
    row = {"audits": [{"audit_id": "A1", "village_id": "V2"}, {"audit_id": "A2", "village_id": "V1"}]}
    for name in ("", "全省"):
        assert list(check_foreign_rows(*tables(*BOTH.items(), (name, row)))) == []


def test_an_id_that_two_workbooks_define_is_nobodys() -> None:
    sent = with_row(EAST, "households", {"household_id": "H2", "village_id": "V1"})
    sent[0][1]["persons"] = [{"person_id": "P1", "household_id": "H2"}]
    assert list(check_foreign_rows(*tables(*sent))) == [], "that the ids collide is told, and not guessed from"


def test_the_county_whose_id_was_typed_by_mistake_keeps_its_row() -> None:
    """The measure of the household stands in both workbooks; the row of the wrong one has the error, and no key is twice."""
    sent = with_row(EAST, "household_measures", {"household_id": "H2", "measure": "x", "needed": "yes"})
    sent[1][1]["household_measures"] = [{"household_id": "H2", "measure": "x", "needed": "no"}]
    frames, raw = tables(*sent)
    foreign = foreign_rows(check_foreign_rows(frames, raw), {name: len(frame) for name, frame in frames.items()})
    measures = frames["household_measures"]
    assert foreign["household_measures"].tolist() == [True, False]
    told = list(
        check_uniqueness("household_measures", measures, raw["household_measures"], foreign["household_measures"])
    )
    assert not any(len(one.rows) for one in told)
    without = list(check_uniqueness("household_measures", measures, raw["household_measures"]))
    assert any(one.key == "tables.colliding_ids" and len(one.rows) == 2 for one in without)
    owners = Owners(frames, raw, foreign)
    assert owners.teams("household_measures", 0) == [] and owners.county("household_measures", 0) == EAST
    assert owners.teams("household_measures", 1) == ["T2"] and owners.county("household_measures", 1) == WEST


@pytest.mark.parametrize("days", [[None, None], ["2016-03-01", None]])
def test_rows_without_a_whole_key_are_no_twins(days) -> None:
    """Days that cannot be read, or a column of days that is not there, say nothing of other rows."""
    rows = [{"member_id": "M1", "day": day, "night": "yes"} for day in days]
    frames, raw = tables((EAST, {"attendance": rows}))
    assert not any(len(one.rows) for one in check_uniqueness("attendance", frames["attendance"], raw["attendance"]))


def test_a_row_of_last_year_is_told_as_that_and_nothing_else_of_it() -> None:
    rows = [{"flow_id": "F1", "on": "2015-11-30"}, {"flow_id": "F2", "on": "2015-11-30"}]
    frames, raw = tables((EAST, {"fund_flows": rows, "households": [{"household_id": "H1", "year": "2015"}]}))
    outside = [
        finding(table, [True] * len(frames[table]), column, "tables.outside_year", year=2016)
        for table, column in (("fund_flows", "on"), ("households", "year"))
    ]
    earlier = {"fund_flows": frames["fund_flows"].head(1), "households": frames["households"]}
    found = list(rows_of_last_year(outside, frames, earlier))
    assert [(one.table, one.column, one.rows.tolist()) for one in found] == [("fund_flows", "flow_id", [0])]
    told = causes_of(faults_of([*outside, *found], raw))
    assert [(fault.key.split(".")[1], fault.value) for fault in told] == [
        ("outside_year", "2015-11-30"),  # of F2, which is new and dated wrong
        ("outside_year", "2015"),  # a household stays, and its year was not changed
        ("row_of_last_year", "F1"),
    ]
