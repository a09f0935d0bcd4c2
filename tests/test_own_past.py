"""What a row says of its own past, or of the same money, against last year's table and against the rows beside it.

One team T1 in one village V1; each case is a table of either year by hand, and the question with both values, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import pandas as pd
import pytest

from assess_lib.indicators.yardsticks import audits, balance, copies, histories, households, lists, teams
from assess_lib.indicators.yardsticks.comparison import Comparison, Question
from assess_lib.rules.norms import Norms
from assess_lib.tables.columns import DTYPES
from assess_lib.tables.schemas import SCHEMAS

Rows = list[dict[str, object]]
TEAM: Rows = [{"team_id": "T1", "village_id": "V1"}]
HOME = {"household_id": "H1", "village_id": "V1", "category": "poor", "registered": True}
OUT = HOME | {"exited_on": "2014-11-01"}


def table(name: str, rows: Rows) -> pd.DataFrame:
    """Rows by hand as a typed table; columns that nobody names are not there."""
    frame = pd.DataFrame(rows)
    for column in frame:
        kind = DTYPES[SCHEMAS[name].columns[column].metadata["kind"]]
        frame[column] = pd.to_datetime(frame[column]) if kind.startswith("datetime") else frame[column]
        frame[column] = frame[column].astype(kind)
    return frame


def compared(name: str, now: Rows, before: Rows, norms: Norms | None = None, **others: tuple[Rows, Rows]) -> Comparison:
    years = []
    for n, rows in enumerate((now, before)):
        tables = {"teams": TEAM, name: rows} | {other: both[n] for other, both in others.items()}
        years.append({one: table(one, given) for one, given in tables.items() if given})
    return Comparison(2016, *years, norms or Norms())


def told(ask: Callable[[Comparison], Iterator[Question]], c: Comparison, key: str) -> list[tuple[str, str]]:
    """Both values of each row that is asked about under a key."""
    found = [question.rows for question in ask(c) if question.key == key]
    return [pair for rows in found for pair in zip(rows["now"], rows["before"])]


@pytest.mark.parametrize(
    ("ask", "key", "now", "before", "values"),
    [
        (histories.exits_changed, "exit_changed", {"exited_on": "2011-05-01"}, OUT, [("2011-05-01", "2014-11-01")]),
        (histories.exits_changed, "exit_changed", {"exited_on": "2016-02-01"}, OUT, [("2016-02-01", "2014-11-01")]),
        (histories.exits_changed, "exit_changed", {"exited_on": None}, OUT, [("–", "2014-11-01")]),
        (histories.exits_changed, "exit_changed", {"exited_on": "2014-11-01"}, OUT, []),
        (histories.exits_changed, "exit_changed", {"exited_on": "2016-12-01", "fell_back_on": "2015-03-01"}, OUT, []),
        (histories.exits_changed, "exit_changed", {"exited_on": "2016-12-01"}, {}, []),  # it left this year
        (histories.falls_changed, "fall_changed", {"fell_back_on": "2015-12-30"}, OUT, [("2015-12-30", "–")]),
        (histories.falls_changed, "fall_changed", {"exited_on": "2014-11-01"}, {"fell_back_on": "2015-03-01"}, [("–", "2015-03-01")]),
        (histories.falls_changed, "fall_changed", {"fell_back_on": "2016-05-01"}, OUT, []),
        (histories.poor_anew, "poor_anew", {"category_previous": "other", "category_changed_on": "2016-12-20"}, {}, [("2016-12-20", "poor")]),
        (histories.poor_anew, "poor_anew", {"fell_back_on": "2016-12-20"}, {}, [("2016-12-20", "poor")]),
        (histories.poor_anew, "poor_anew", {"fell_back_on": "2016-12-20", "exited_on": "2014-11-01"}, OUT, []),
        (histories.poor_anew, "poor_anew", {"fell_back_on": "2016-12-20", "exited_on": "2016-03-01"}, {}, []),
        (histories.poor_anew, "poor_anew", {"category_previous": "other", "category_changed_on": "2016-12-20"}, {"category": "other", "registered": False}, []),
        (histories.incomes_blank, "income_left_out", {"income_yuan": None}, {"income_yuan": 9000.0}, [("–", "9000")]),
        (histories.incomes_blank, "income_left_out", {"income_yuan": None, "income_prev_yuan": 8000.0}, {}, [("–", "8000")]),
        (histories.incomes_blank, "income_left_out", {"income_yuan": None, "category": "other"}, {"income_yuan": 9000.0}, []),
        (histories.incomes_blank, "income_left_out", {"income_yuan": 100.0}, {"income_yuan": 9000.0}, []),
        (households.register, "registration_withdrawn", {"category": "other"}, {"category": "dibao", "registered": False}, [("other", "dibao")]),
        (households.register, "registration_withdrawn", {"registered": False, "category": "dibao"}, {"category": "dibao", "registered": False}, []),
        (households.register, "registration_withdrawn", {"registered": False, "category": "dibao"}, {"category": "dibao"}, [("dibao", "dibao")]),
    ],
)  # fmt: skip
def test_the_past_of_a_household_is_last_years(ask, key, now, before, values) -> None:
    assert told(ask, compared("households", [HOME | now], [HOME | before]), key) == values


def flow(number: int, stage: str, amount: float, **more: object) -> dict[str, object]:
    day = {"allocated": "2016-02-15", "disbursed": "2016-03-20", "spent": "2016-08-01", "carried_over": "2016-12-31"}
    about = {"village_id": "V1", "source": "fiscal", "project_id": None, "allocated_on": None}
    return {"flow_id": f"F{number}", "stage": stage, "amount_yuan": amount, "on": day[stage]} | about | more


OLD = {"allocated_on": "2015-06-01"}
YEAR = [flow(1, "allocated", 1000.0), flow(2, "disbursed", 1000.0), flow(3, "spent", 800.0)]
LEFT = [
    flow(n, stage, amount)
    for n, stage, amount in ((1, "allocated", 500.0), (2, "disbursed", 400.0), (3, "spent", 350.0))
]


@pytest.mark.parametrize(
    ("ask", "key", "now", "values"),
    [
        (balance.unaccounted, "money_unaccounted", YEAR, [("200", "1000")]),
        (balance.unaccounted, "money_unaccounted", [*YEAR, flow(4, "carried_over", 100.0)], [("100", "1000")]),
        (balance.unaccounted, "money_unaccounted", [*YEAR, flow(4, "carried_over", 190.0)], []),  # 10 is one in a hundred
        (balance.unaccounted, "money_unaccounted", [*YEAR, flow(4, "carried_over", 189.0)], [("11", "1000")]),
        (balance.unaccounted, "money_unaccounted", [*YEAR, flow(4, "carried_over", 260.0)], []),  # 60 came from last year
        (balance.unaccounted, "money_unaccounted", [*YEAR, flow(4, "spent", 800.0), flow(5, "carried_over", 200.0)], []),
        (balance.older, "allocated_twice", [flow(1, "allocated", 1000.0, **OLD)], [("2016-02-15", "2015-06-01")]),
        (balance.older, "older_than_known", [flow(1, "disbursed", 101.0, **OLD)], [("101", "100")]),  # 500 − 400
        (balance.older, "older_than_known", [flow(1, "disbursed", 100.0, **OLD)], []),
        (balance.older, "older_than_known", [flow(1, "spent", 151.0, **OLD)], [("151", "150")]),  # 500 − 350
        (balance.older, "older_than_known", [flow(1, "carried_over", 300.0, **OLD)], []),
        (balance.carried_young, "carried_young", [*YEAR, flow(4, "carried_over", 200.0, allocated_on="2016-06-01")], [("2016-06-01", "–")]),
        (balance.carried_young, "carried_young", [*YEAR, flow(4, "carried_over", 200.0, allocated_on="2016-02-15")], []),
        (balance.carried_young, "carried_young", [*YEAR, flow(4, "carried_over", 200.0, allocated_on="2016-02-15", project_id="J1")], [("2016-02-15", "–")]),
    ],
)  # fmt: skip
def test_money_that_arrived_is_spent_or_carried_over(ask, key, now, values) -> None:
    assert told(ask, compared("fund_flows", now, LEFT), key) == values


def audit(number: int, audited: float, misused: float | None, findings: int | None = 0) -> dict[str, object]:
    about = {"audit_id": f"A{number}", "village_id": "V1", "on": "2016-10-20"}
    return about | {"audited_yuan": audited, "misused_yuan": misused, "findings": findings}


@pytest.mark.parametrize(
    ("key", "rows", "values"),
    [
        ("audit_beyond_money", [audit(1, 1501.0, 300.0, 1)], [("1501", "1500")]),  # 1000 this year, 500 last
        ("audit_beyond_money", [audit(1, 1500.0, 300.0, 1)], []),
        ("audit_without_result", [audit(1, 400.0, None), audit(2, 400.0, 0.0)], [("–", "2016-10-20")]),
        ("audit_without_result", [audit(1, 400.0, None)], []),  # its indicators have no evidence
        ("audit_without_finding", [audit(1, 400.0, 32.0)], [("0", "32")]),
        ("audit_without_finding", [audit(1, 400.0, 32.0, 1), audit(2, 400.0, 0.0)], []),
    ],
)
def test_audits_do_not_contradict_the_money_nor_themselves(key, rows, values) -> None:
    c = compared("audits", rows, [], fund_flows=(YEAR, LEFT))
    assert told(audits.audits, c, key) == values


def member(name: str, number: int, since: str = "2015-01-05", role: str = "member") -> dict[str, object]:
    return {"member_id": f"M{number}", "team_id": "T1", "name": name, "role": role, "on_duty_from": since}


@pytest.mark.parametrize(
    ("key", "now", "values"),
    [
        ("member_followed_late", [member("王一", 1), member("李二", 3, "2016-11-20")], [("2016-11-20", "2016-06-29")]),
        ("member_followed_late", [member("王一", 1), member("李二", 3, "2016-06-29")], []),
        ("member_followed_late", [member("王一", 1), member("张三", 2)], []),
        ("member_followed_late", [member("李二", 3, "2016-01-04"), member("赵四", 4, "2016-07-01")], [("2016-07-01", "2016-06-29")] * 2),
        ("member_left_out", [member("王一", 1)], [("1", "2")]),
        ("member_twice", [member("王一", 1, role="leader"), member("王一", 2)], [("leader", "–"), ("member", "–")]),
        ("member_twice", [member("王一", 1), member("张三", 2)], []),
    ],
)  # fmt: skip
def test_who_was_on_duty_is_followed_and_stands_once(key, now, values) -> None:
    """Last year 王一 and 张三; half a year is 180 days from 1 January."""
    assert told(teams.members, compared("members", now, [member("王一", 1), member("张三", 2)]), key) == values


def test_needs_that_were_met_on_the_last_day_are_asked_about() -> None:
    days = ["2016-12-31", "2016-12-31", "2016-05-01"]
    rows = [
        {"household_id": "H1", "measure": one, "needed": True, "delivered_on": day}
        for one, day in zip(("jobs", "industry", "housing"), days)
    ]
    c = compared("household_measures", rows, [], households=([HOME], []))
    assert told(households.dates, c, "dated_at_the_end") == [("2016-12-31", "2016-12-22")] * 2


def numbered(numbers: dict[str, list[int]], year: int) -> pd.DataFrame:
    rows = [
        {"commitment_id": f"K{team}{year % 100}{n:02d}", "team_id": team, "due_on": f"{year}-06-01"}
        for team, list_of in numbers.items()
        for n in list_of
    ]
    return table("commitments", rows)


@pytest.mark.parametrize(
    ("lists_now", "missing"),
    [
        ([[1, 2, 4, 5], [1, 3, 4, 5], [1, 2, 3, 5], [1, 2, 3, 4]], ["KT11603", "KT21602", "KT31604"]),
        ([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 3, 4]], ["KT31604"]),  # the habit of this year
        ([[1, 5, 9], [2, 6, 10], [3, 7, 11], [4, 8, 12]], []),  # numbered on from team to team
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9], [13, 14, 15]], []),
    ],
)
def test_what_a_whole_county_leaves_out_is_seen_by_last_years_numbers(lists_now, missing) -> None:
    """Last year all four teams had 1 to 5; where most of this year's lists have gaps, no habit of this year shows it."""
    names = ["T1", "T2", "T3", "T4"]
    rows = pd.DataFrame({"team_id": names}).astype("str")
    now = {"teams": rows, "commitments": numbered(dict(zip(names, lists_now)), 2016)}
    before = {"teams": rows, "commitments": numbered(dict.fromkeys(names, [1, 2, 3, 4, 5]), 2015)}
    c = Comparison(2016, now, before, Norms(serial_share=Fraction(3, 4)))
    found = [question.rows["id"].tolist() for question in lists.numbers(c)]
    assert found == ([missing] if missing else [])


PROJECT = {"village_id": "V1", "name": "修路", "due_on": "2016-06-30", "completed_on": "2016-05-01"}


@pytest.mark.parametrize(
    ("table_name", "rows", "ids"),
    [
        ("projects", [PROJECT | {"project_id": "P1"}, PROJECT | {"project_id": "P2"}], ["P1", "P2"]),
        ("projects", [PROJECT | {"project_id": "P1"}, PROJECT | {"project_id": "P2", "name": "路灯"}], []),
        ("projects", [{"project_id": "P1", "village_id": "V1", "name": "修路"}, {"project_id": "P2", "village_id": "V1", "name": "修路"}], []),
        ("audits", [{"audit_id": n, "village_id": "V1", "on": "2016-06-30", "audited_yuan": 5.0} for n in ("A1", "A2", "A3")], ["A1", "A2", "A3"]),
        ("unit_actions", [{"action_id": n, "unit_id": "U1", "village_id": "V1", "kind": "visit", "on": "2016-06-30"} for n in ("B1", "B2")], ["B1", "B2"]),
        ("meetings", [{"meeting_id": n, "village_id": "V1", "kind": "k", "due_on": "2016-06-30", "held_on": on} for n, on in (("E1", "2016-06-30"), ("E2", "2016-06-29"))], []),
    ],
)  # fmt: skip
def test_one_thing_under_two_ids_is_asked_about(table_name: str, rows: Rows, ids: list[str]) -> None:
    teams = [TEAM[0] | {"unit_id": "U1"}]
    c = Comparison(2016, {"teams": table("teams", teams), table_name: table(table_name, rows)}, {}, Norms())
    found = [question for question in copies.listed_twice(c) if question.key == "listed_twice"]
    assert sorted(one for question in found for one in question.rows["id"]) == ids
    assert all(question.measures for question in found)
