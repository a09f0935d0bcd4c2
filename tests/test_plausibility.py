"""What cannot be is an error of its row; what is unusual is asked about once for each cause; what is usual is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bad_input.files import rows_of, write_rows
from support.situations import ROOT

from assess_lib.faults import ERROR, WARNING, Fault, UnusableInput
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.id_forms import explained
from assess_lib.tables.checks.keys import check_references
from assess_lib.tables.checks.names import is_slip, near_names
from assess_lib.tables.checks.plausibility import (
    Context,
    incomes_beside_those_before,
    rows_of_people,
    sums_of_projects,
    visits_and_pairings,
)
from assess_lib.tables.checks.value_ranges import check_ranges
from assess_lib.tables.parsed import ParsedTable
from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]

YEAR = 2016


def changed(home: Path, table: str, column: str, change) -> Checked:
    """The check after a column of a table was changed: ``change`` of its texts, in order."""
    rows = rows_of(home, table)
    at = rows[0].index(column)
    texts = change([row[at] for row in rows[1:]])
    for row, text in zip(rows[1:], texts, strict=True):
        row[at] = text
    write_rows(home, table, rows)
    return check_year(home.parent, YEAR)


def told(found: Checked, severity: str) -> list[Fault]:
    return [fault for fault in found.faults if fault.severity == severity]


def first(value: str):
    return lambda texts: [value, *texts[1:]]


@pytest.mark.parametrize(
    ("table", "column", "value", "key"),
    [
        ("households", "income_yuan", "9000000", "checks.impossible_per"),
        ("village_year", "farmer_income_per_head_yuan", "1.8", "checks.impossible"),
        ("village_year", "population", "2000000", "checks.impossible"),
        ("exit_plans", "village_exit_year", "2106", "checks.impossible"),
        ("exit_plans", "village_exit_year", "2081", "checks.impossible"),
        ("pairings", "paired_from", "1916-03-01", "checks.impossible_day"),
        ("projects", "due_on", "2061-03-01", "checks.impossible_day"),
        ("households", "persons", "333", "checks.impossible"),
    ],
)
def test_what_cannot_be_is_an_error_of_its_row(table, column, value, key, home) -> None:
    found = changed(home, table, column, first(value))
    (fault,) = [fault for fault in told(found, ERROR) if fault.key == key]
    assert fault.location.row == 2 and fault.location.column == column
    assert found.rows_set_aside == 1 and found.data is not None and found.data.set_aside


@pytest.mark.parametrize(
    ("table", "column", "value", "key"),
    [
        ("households", "income_yuan", "5.4", "checks.asked_per"),
        ("village_year", "farmer_income_per_head_yuan", "812", "checks.asked"),
        ("households", "exited_on", "2018-06-01", "checks.after_the_year"),
        ("fund_flows", "amount_yuan", "0.5", "checks.asked"),
        ("village_year", "collective_income_yuan", "6.7", "checks.asked"),
    ],
)
def test_what_is_unusual_is_asked_about_and_used(table, column, value, key, home) -> None:
    found = changed(home, table, column, first(value))
    assert key in {fault.key for fault in told(found, WARNING)}
    assert not told(found, ERROR) and found.rows_set_aside == 0


@pytest.mark.parametrize(
    ("year", "planned", "key"),
    [
        (2016, 2021, "checks.asked"),  # 4 years ahead are usual
        (2016, 2020, None),
        (2031, 2035, None),  # of 2016 it would be asked about, and be impossible
        (2031, 2046, "checks.impossible"),  # 14 years ahead may be
        (2031, 2016, "checks.impossible"),
    ],
)
def test_bounds_of_a_year_are_counted_from_the_year_assessed(year, planned, key) -> None:
    frame = pd.DataFrame({"village_exit_year": pd.Series([planned], dtype="Int64")})
    found = check_ranges(ParsedTable("exit_plans", None, frame, ()), year)  # the cells as read are not looked at
    told = [(one.key, one.details) for one in found if len(one.rows)]
    assert [name for name, _ in told] == ([key] if key else [])
    if key == "checks.impossible":
        assert told[0][1]["range"] == {"zh": "2028 到 2045", "en": "2028 to 2045"}


@pytest.mark.parametrize(
    ("table", "column", "value", "key", "words"),
    [
        ("audits", "misused_yuan", 3.2, "checks.asked", {"zh": "50 到 100,000,000", "en": "50 to 100,000,000"}),
        ("audits", "misused_yuan", 0.0, None, None),
        ("audits", "misused_yuan", 32_000.0, None, None),
        (
            *("fund_flows", "amount_yuan", 2e10, "checks.impossible"),
            {"zh": "10,000,000,000 或以下", "en": "10,000,000,000 or less"},
        ),
        ("audits", "findings", 60.0, "checks.asked", {"zh": "50 或以下", "en": "50 or less"}),
    ],
)
def test_bounds_are_told_in_words_also_where_there_is_one(table, column, value, key, words) -> None:
    frame = pd.DataFrame({column: pd.Series([value], dtype="float64")})
    found = [one for one in check_ranges(ParsedTable(table, None, frame, ()), 2016) if len(one.rows)]
    assert [(one.key, one.details["range"]) for one in found] == ([(key, words)] if key else [])


def test_a_column_ten_thousand_times_too_small_is_one_message_a_village(home) -> None:
    found = changed(home, "households", "income_yuan", lambda texts: [f"{float(text) / 10_000:.4f}" for text in texts])
    asked = [fault for fault in told(found, WARNING) if fault.key == "checks.asked_per"]
    villages = {row[1] for row in rows_of(home, "households")[1:]}
    assert len(asked) == len(villages) == 3
    assert sum(fault.details["count"] for fault in asked) == len(rows_of(home, "households")) - 1


def test_no_collective_income_at_all_is_usual(home) -> None:
    found = changed(home, "village_year", "collective_income_yuan", first("0"))
    assert not [fault for fault in found.faults if fault.location.column == "collective_income_yuan"]


def test_what_is_planned_may_lie_ahead(home) -> None:
    found = changed(home, "projects", "due_on", first("2018-06-01"))
    assert not [fault for fault in found.faults if fault.location.column == "due_on"]


def test_a_share_among_rates_in_percent_is_asked_about(home) -> None:
    rows = rows_of(home, "inspections")
    at = rows[0].index("rating")
    rows[1][at] = "0.98"
    write_rows(home, "inspections", rows)
    keys = [fault.key for fault in check_year(home.parent, YEAR).faults]
    assert keys == ["checks.share_among_percents"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([88.0, 90.0, 95.0, 8.8], [3]),
        ([88.0, 90.0, 95.0, 17.7], [3]),  # less than a fifth of 89
        ([88.0, 90.0, 95.0, 20.0], []),
        ([60.0, 59.0, 61.0, 599.4], [3]),
        ([6.0, 5.9, 6.1, 59.9], []),  # no rates in per cent
        ([88.0, 90.0, 95.0, 0.0], []),  # nothing at all is a value
    ],
)
def test_a_decimal_point_that_slipped_is_asked_about(values, told) -> None:
    frame = pd.DataFrame({"service": "供水", "value": pd.Series(values, dtype="float64")}).astype({"service": "str"})
    found = [one for one in check_ranges(ParsedTable("village_services", None, frame, ()), YEAR) if len(one.rows)]
    assert [(one.key, one.rows.tolist()) for one in found] == ([("checks.slipped_point", told)] if told else [])


def test_the_money_of_a_county_in_another_unit_is_asked_about(home) -> None:
    villages = rows_of(home, "villages")
    county = villages[0].index("county")
    for row, name in zip(villages[1:], ("云汐县", "云汐县", "青岚县"), strict=True):
        row[county] = name
    write_rows(home, "villages", villages)
    other = villages[3][0]
    flows = rows_of(home, "fund_flows")
    village, amount = flows[0].index("village_id"), flows[0].index("amount_yuan")
    for row in flows[1:]:
        if row[village] == other:
            row[amount] = f"{float(row[amount]) / 10_000:.6f}"
    write_rows(home, "fund_flows", flows)
    told = [fault for fault in check_year(home.parent, YEAR).faults if fault.key == "checks.money_of_county"]
    assert "青岚县" in {fault.details["county"] for fault in told}
    assert len(told) == 2, "of two counties neither is known to be right"


def test_rows_of_people_are_held_against_the_persons_of_their_household(home) -> None:
    people = rows_of(home, "persons")
    household = people[1][people[0].index("household_id")]
    write_rows(home, "persons", [people[0], *people[2:]])
    found = [fault for fault in check_year(home.parent, YEAR).faults if fault.key == "checks.rows_of_people"]
    homes = rows_of(home, "households")
    row = next(number for number, line in enumerate(homes, start=1) if household in line)
    persons = int(homes[row - 1][homes[0].index("persons")])
    assert [(fault.location.row, fault.details["rows"]) for fault in found] == [(row, persons - 1)]


@pytest.mark.parametrize(
    ("homes", "people", "wrong", "told"),
    [
        # household: persons; people: household of each row; wrong: which of them have an error
        ({"H1": 2, "H2": 1}, ["H1", "H1", "H2"], [], []),
        ({"H1": 2, "H2": 1}, ["H1", "H2"], [], ["H1"]),
        ({"H1": 2, "H2": 1}, ["H1", "H1", "H2"], [1], []),  # its own row, wrong in another column
        ({"H1": 2, "H2": 1}, ["H1", "X9", "H2"], [1], []),  # the one that H1 lacks names nobody
        ({"H1": 2, "H2": 1}, ["H1", "H2", "H2"], [1], []),  # or another household, which has its own
        ({"H1": 2, "H2": 1}, ["H1", "H2", "H2"], [], ["H1"]),  # told at the first of the village
        ({"H1": 4, "H2": 1}, ["H1", "X9", "H2"], [1], ["H1"]),  # one row does not explain three
        ({"H1": 5, "H2": 2}, ["H1", "X9", "H2"], [1], ["H1"]),  # nor both
        ({"H1": 2, "H2": 2}, ["H1", "X9", "H2"], [1], ["H1"]),
    ],
)
def test_rows_of_people_with_an_error_explain_what_lacks(homes, people, wrong, told) -> None:
    frames = {
        "households": pd.DataFrame({"household_id": list(homes), "village_id": "V1", "persons": list(homes.values())}),
        "persons": pd.DataFrame({"household_id": people}),
    }
    unusable = {name: np.zeros(len(frame), dtype=bool) for name, frame in frames.items()}
    unusable["persons"][wrong] = True
    (found,) = rows_of_people(frames, Context(2016, unusable))
    assert [list(homes)[row] for row in found.rows] == told


def test_an_income_many_times_that_of_the_year_before_in_its_row_is_asked_about() -> None:
    pairs = [
        (40_000, 10_000),
        (40_001, 10_000),
        (10_000, 40_001),
        (10_000, None),
        (0, 10_000),
        (10_000, 0),
        (90_000, 9_000),
    ]
    homes = pd.DataFrame(pairs, columns=["income_yuan", "income_prev_yuan"], dtype="float64")
    wrong = np.array([False] * 6 + [True])  # its row has an error
    (found,) = incomes_beside_those_before({"households": homes}, Context(2016, {"households": wrong}))
    assert found.rows.tolist() == [1, 2] and found.row_details(2) == {"before": "40,001"}


VISITS = [("H1", "C1")] * 3 + [("H2", "C2")] * 2


@pytest.mark.parametrize(
    ("pairings", "told"),
    [
        ([("H1", "C1"), ("H2", "C2")], []),
        ([("H1", "CO1"), ("H2", "C2")], [("pairings", "cadre_id", [0])]),  # an O for a nought: told where it was typed
        ([("H9", "C1"), ("H2", "C2")], [("pairings", "household_id", [0])]),
        ([("H1", "C9"), ("H1", "C8"), ("H2", "C2")], [("visits", "cadre_id", [0, 1, 2])]),  # either may be meant
        ([("H2", "C2")], [("visits", "cadre_id", [0, 1, 2])]),  # none is there
        ([("H1", "C2"), ("H2", "C2")], [("pairings", "cadre_id", [0])]),
        ([("H1", "C2"), ("H2", "C1")], [("pairings", "cadre_id", [0]), ("pairings", "cadre_id", [1])]),
    ],
)
def test_a_pairing_typed_wrong_is_told_and_not_the_visits(pairings, told) -> None:
    frames = {
        "visits": pd.DataFrame(VISITS, columns=["household_id", "cadre_id"]).assign(
            visited_on=pd.Timestamp("2016-05-01")
        ),
        "pairings": pd.DataFrame(pairings, columns=["household_id", "cadre_id"]).assign(
            paired_from=pd.Timestamp("2015-01-01")
        ),
    }
    found = [one for one in visits_and_pairings(frames, Context(2016, {})) if len(one.rows)]
    assert [(one.table, one.column, one.rows.tolist()) for one in found] == told


def test_one_visit_without_a_pairing_is_told_itself() -> None:
    frames = {
        "visits": pd.DataFrame({"household_id": ["H1"], "cadre_id": ["C1"], "visited_on": pd.Timestamp("2016-05-01")}),
        "pairings": pd.DataFrame(
            {"household_id": ["H1"], "cadre_id": ["C9"], "paired_from": pd.Timestamp("2015-01-01")}
        ),
    }
    found = [one for one in visits_and_pairings(frames, Context(2016, {})) if len(one.rows)]
    assert [one.table for one in found] == ["visits"]


def test_what_is_spent_too_much_is_told_at_the_largest_amount() -> None:
    flow = lambda number, stage, amount: {
        "flow_id": number,
        "project_id": "J1",
        "stage": stage,
        "amount_yuan": amount,
        "on": pd.Timestamp("2016-05-01"),
    }
    flows = pd.DataFrame([flow("F1", "disbursed", 100.0), flow("F2", "spent", 900.0), flow("F3", "spent", 5.0)])
    found = sums_of_projects({"fund_flows": flows}, Context(2016, {"fund_flows": np.zeros(3, dtype=bool)}))
    assert [one.rows.tolist() for one in found if one.key == "checks.spent_over_disbursed"] == [[1]]


def test_more_is_spent_than_came_earns_nothing(home) -> None:
    flows = rows_of(home, "fund_flows")
    stage, amount, project, allocated = (
        flows[0].index(name) for name in ("stage", "amount_yuan", "project_id", "allocated_on")
    )
    older = {row[project] for row in flows[1:] if row[allocated][:4] not in ("", str(YEAR))}
    received = {row[project] for row in flows[1:] if row[stage] == "disbursed"}
    row = next(row for row in flows[1:] if row[stage] == "spent" and row[project] in received - older)
    row[amount] = f"{float(row[amount]) + 5_000_000:.2f}"
    write_rows(home, "fund_flows", flows)
    found = check_year(home.parent, YEAR)
    assert [fault.key for fault in told(found, ERROR)] == ["checks.spent_over_disbursed"]
    assert found.rows_set_aside == 1


def test_what_is_asked_about_lies_within_what_can_be() -> None:
    for about in bounds().values.values():
        for outer, inner, sign in ((about.impossible[0], about.asked[0], 1), (about.impossible[1], about.asked[1], -1)):
            assert outer is None or inner is None or sign * outer <= sign * inner


@pytest.mark.parametrize("change", [("years_after: 5", ""), ("times: 50", "times: many"), ("[1, 40]", "[40, 1]")])
def test_a_file_of_bounds_that_is_not_right_is_told(change, tmp_path, monkeypatch) -> None:
    text = (ROOT / "parameters" / "plausibility.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "parameters" / "rubrics").mkdir(parents=True)
    (tmp_path / "parameters" / "plausibility.yaml").write_text(text.replace(*change, 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableInput) as refused:
        bounds()
    assert [fault.key for fault in refused.value.faults] == ["tables.bounds"]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("云汐县", "云夕县", True),
        ("自来水普及率", "自来水普极率", True),
        ("自来水普及率", "自来水普及", True),
        ("自来水普及率", "自来水及普率", True),
        ("自来水普及率", "垃圾处理率", False),
        ("第1组", "第2组", False),
        ("甲县", "乙县", False),
    ],
)
def test_a_slip_is_one_character(one, other, slip) -> None:
    assert is_slip(one, other) is slip


def test_a_name_in_traditional_or_full_width_form_is_asked_about() -> None:
    import pandas as pd

    names = pd.Series(["万元村", "萬元村", "A类", "Ａ类", "A类", None])
    assert near_names(names) == {"萬元村": "万元村", "Ａ类": "A类"}


def test_a_county_that_differs_from_that_of_its_village_is_asked_about(home) -> None:
    found = changed(home, "teams", "county", first("云夕县"))
    assert "checks.other_county" in {fault.key for fault in told(found, WARNING)}


@pytest.mark.parametrize(("population", "key"), [("20000", "checks.few_people"), ("50", "checks.many_people")])
def test_a_population_that_does_not_fit_the_households_is_asked_about(population, key, home) -> None:
    found = changed(home, "village_year", "population", first(population))
    (fault,) = [fault for fault in told(found, WARNING) if fault.key == key]
    assert fault.location.row == 2


def test_a_name_near_to_a_frequent_one_is_asked_about_at_its_row(home) -> None:
    rows = rows_of(home, "village_services")
    at = rows[0].index("service")
    name = rows[1][at]
    assert sum(row[at] == name for row in rows) >= 3
    rows[1][at] = name[:-1] + "卒"
    write_rows(home, "village_services", rows)
    found = [fault for fault in check_year(home.parent, YEAR).faults if fault.key == "checks.near_name"]
    assert [fault.location.row for fault in found] == ([2] if sum(row[at] == name for row in rows) >= 3 else [])


def test_numbered_areas_are_no_slips() -> None:
    assert not is_slip("第一片区", "第二片区") and not is_slip("第1片区", "第2片区")


def test_days_before_a_member_came_are_told_for_registers_and_diaries(home) -> None:
    found = told(changed(home, "members", "on_duty_from", first("2016-07-01")), WARNING)
    off_duty = {fault.location.table for fault in found if fault.key == "checks.off_duty"}
    assert off_duty == {"attendance", "work_logs", "diaries"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("云峰村", "是否指 V0001"),
        (" 云 峰村", "是否指 V0001"),
        ("v0002", "是否指 V0002"),
        ("Ｖ０００２", "是否指 V0002"),
        ("石桥村", ""),  # two villages have the name
        ("V0009", ""),
    ],
)
def test_an_id_that_nothing_has_is_told_with_the_one_that_is_meant(written: str, meant: str) -> None:
    villages = pd.DataFrame(
        {"village_id": ["V0001", "V0002", "V0003", "V0004"], "name": ["云峰村", None, "石桥村", "石桥村"]}
    )
    pointing = pd.DataFrame({"meeting_id": ["E1", "E2"], "village_id": [written, "V0002"]}, dtype="str")
    frames = {"meetings": pointing, "villages": villages}
    (found,) = explained(check_references(frames, frames), frames)
    assert list(found.rows) == [0] and found.row_details is not None
    asked = found.row_details(0)["meant"]
    assert (meant in asked["zh"]) if meant else asked == ""


def test_nobody_is_named_where_an_id_is_wanted() -> None:
    """The names of members are not offered, since a message goes to others than those who sent the table."""
    members = pd.DataFrame({"member_id": ["M1"], "name": ["王一"]})
    rows = pd.DataFrame({"team_id": ["T1"], "leader_member_id": ["王一"]}, dtype="str")
    frames = {"teams": rows, "members": members}
    (found,) = explained(check_references(frames, frames), frames)
    assert found.row_details is not None and found.row_details(0)["meant"] == ""
