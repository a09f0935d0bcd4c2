"""What a row says of its own past, or of the same money, against last year's table and against the rows beside it.

One team T1 in one village V1; each case is a table of either year by hand, and the question with both values, or none.
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from support.two_years import HOME, LEFT, OLD, OUT, TEAM, YEAR, Rows, compared, flow, member, numbered, table, told

from assess_lib.faults import Fault
from assess_lib.indicators.yardsticks import (
    audits,
    balance,
    copies,
    done,
    elsewhere,
    histories,
    households,
    lengths,
    lists,
    province,
    teams,
)
from assess_lib.indicators.yardsticks.comparison import Comparison, Question
from assess_lib.indicators.yardsticks.wording import as_finding
from assess_lib.rules.norms import Norms


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


def said(question: Question, lang: str) -> str:
    """A question of T1 in words."""
    found = as_finding(question, Comparison(2016, {"teams": table("teams", TEAM)}, {}, Norms()))
    return Fault(found.key, details=found.row_details(0)).cause(lang)


COMMITMENTS = [{"commitment_id": f"K10{n}", "team_id": "T1", "due_on": f"{2016 + n // 9}-06-01"} for n in (1, 2, 4, 9)]
NEED = {"household_id": "H1", "measure": "jobs", "needed": True}


@pytest.mark.parametrize(
    ("ask", "c", "words"),
    [
        (lists.counts, compared("inspections", [{"inspection_id": "N1", "team_id": "T1", "kind": "work"}], [], Norms(inspections={"work": 2})),
         {"zh": "“检查督办（工作督查）”中本年到期或应办的只列了 1 条，规定至少 2 条", "en": "of the inspections (work) only 1 are listed as owed this year; the norm is at least 2"}),
        (lists.counts, compared("commitments", COMMITMENTS[:1], [], Norms(commitments=2)), {"zh": "“公开承诺”中本年到期或应办的只列了 1 条，规定至少 2 条"}),
        (lists.due_dates, compared("commitments", COMMITMENTS[3:], []), {"zh": "“公开承诺”中 1 条的期限为空或不在本年（K109）：2017-06-01，应在 2016 年"}),
        (households.register, compared("households", [HOME | {"category": "other"}], [HOME]),
         {"zh": "1 户上年在册的贫困户本年不在册或改了类别（H1）：本年 一般户，上年 贫困户", "en": "1 household on last year's register taken off it or changed in category (H1): now other, last year poor"}),
        (households.needs, compared("household_measures", [NEED | {"needed": False}], [NEED], Norms(denied_more=1), households=([HOME], [HOME])),
         {"zh": "1 项上年需要而未落实的到户措施本年填为不需要（H1）：本年 否，上年 是", "en": "1 unmet need of last year that this year's table says is not there (H1): now no, last year yes"}),
        (histories.exits_changed, compared("households", [HOME], [OUT]), {"zh": "1 户的脱贫日期与上年的表不同或没有填，又没有返贫（H1）：本年 未填，上年 2014-11-01"}),
        (done.too_early, compared("reports", [{"team_id": "T1", "kind": "h1", "recipient": "unit", "received_on": "2015-12-01"}], []),
         {"zh": "“工作报告”中 1 行的“收到日期”早于它所依据的日期（上半年报告）：2015-12-01，应不早于 2016-01-01", "en": "reports: 1 row with “received on” long before that on which it follows (first half): 2015-12-01, not before 2016-01-01"}),
        (balance.older, compared("fund_flows", [flow(1, "disbursed", 101.0, **OLD)], LEFT), {"zh": "“资金流水”中，填为往年安排的资金（财政扶贫资金）多于上年表中所余：本年 101 元，上年余 100 元"}),
        (lists.counts, compared("ledger", [{"entry_id": f"L{n}", "team_id": "T1", "category": "project" if n else "problem"} for n in range(3)], [{"entry_id": "L9", "team_id": "T1", "category": "problem"}]),
         {"zh": "台账中的问题和诉求占 0.333，上年占 1"}),
    ],
)  # fmt: skip
def test_a_question_names_its_table_and_says_both_values_in_words(ask, c, words) -> None:
    """Codes by their words, yes and no, blanks as not stated, thirds in few digits."""
    (question,) = ask(c)
    assert {lang: said(question, lang) for lang in words} == words


def test_numbers_are_told_in_full_where_few_digits_would_hide_that_they_differ() -> None:
    rows = pd.DataFrame({"team": ["T1"], "id": [""], "now": ["45.6781"], "before": ["45.6792"]})
    question = Question("needs_fewer", (), rows, table="household_measures")
    assert "45.6781" in said(question, "zh") and "45.6792" in said(question, "zh")


@pytest.mark.parametrize(
    ("spent", "carried", "asked"),
    [
        (1000.0, 200.0, []),  # 1 000 arrived, 200 were left over last year
        (1200.0, 12.0, []),  # a hundredth more
        (1200.0, 12.2, [("1212.2", "1200")]),
        (900.0, 400.0, [("1300", "1200")]),
        (500.0, 0.0, []),
    ],
)
def test_more_is_spent_than_came_and_was_left(spent, carried, asked) -> None:
    now = [flow(1, "disbursed", 1000.0), flow(2, "spent", spent), flow(3, "carried_over", carried)]
    c = compared("fund_flows", now, [flow(9, "carried_over", 200.0)])
    assert told(balance.overspent, c, "money_overspent") == asked
    assert told(balance.overspent, compared("fund_flows", now, []), "money_overspent") == []


def days(count: int, **more: object) -> Rows:
    return [{"member_id": "M1", "day": f"2016-03-{n + 1:02d}", **more} for n in range(count)]


@pytest.mark.parametrize(
    ("now", "before", "told_of"),
    [(2, 20, [("2", "20")]), (12, 20, []), (8, 19, []), (7, 19, [("7", "19")]), (2, 7, []), (0, 20, [("0", "20")])],
)
@pytest.mark.parametrize("table_name", ["attendance", "work_logs", "diaries"])
def test_registers_of_which_most_was_lost_are_asked_about(
    table_name: str, now: int, before: int, told_of: list
) -> None:
    """Below four tenths of last year's rows, where those were eight at least; below six tenths of twenty and more."""
    members: Rows = [{"member_id": "M1", "team_id": "T1"}]
    c = compared(table_name, days(now), days(before), members=(members, members))
    assert told(lengths.rows_fewer, c, "rows_fewer") == told_of


def test_the_work_of_a_unit_that_is_gone_is_asked_about_at_its_team() -> None:
    teams: Rows = [TEAM[0] | {"unit_id": "U1"}]
    work = [{"action_id": f"B{n}", "unit_id": "U1", "kind": "leadership_meeting"} for n in range(9)]
    years = [
        {"teams": table("teams", teams)} | ({"unit_actions": table("unit_actions", rows)} if rows else {})
        for rows in (work[:2], work)
    ]
    assert told(lengths.rows_fewer, Comparison(2016, *years, Norms()), "rows_fewer") == [("2", "9")]


@pytest.mark.parametrize(
    ("filled_before", "rows_now", "asked"),
    [
        (10, 10, True),  # all of them
        (7, 10, True),  # 0.3 to the tenth
        (2, 10, False),  # 0.8 to the tenth is a tenth: none may well be by chance
        (2, 40, True),  # 0.8 to the fortieth is not
        (0, 10, False),
    ],
)
def test_a_column_that_a_team_no_longer_fills_in_is_asked_about(filled_before: int, rows_now: int, asked: bool) -> None:
    flow = {"village_id": "V1", "stage": "allocated", "amount_yuan": 5.0}
    was = [flow | {"flow_id": f"F{n}", "raised_by_unit": True if n < filled_before else None} for n in range(10)]
    now = [flow | {"flow_id": f"F{n}", "raised_by_unit": None} for n in range(rows_now)]
    c = compared("fund_flows", now, was)
    assert [q.rows["id"].tolist() for q in lengths.columns_blank(c)] == (
        [["fund_flows.raised_by_unit"]] if asked else []
    )


def test_a_column_is_missed_in_the_rows_of_one_stage() -> None:
    """Money that was spent names its project, money that is carried over does not: the column as a whole is half blank."""
    of = lambda stage, project, year: [
        {"flow_id": f"{stage}{year}{n}", "village_id": "V1", "stage": stage, "project_id": project} for n in range(6)
    ]
    year = lambda spent, year: [
        *of("spent", spent, year),
        *of("disbursed", "J1", year),
        *of("carried_over", None, year),
    ]
    c = compared("fund_flows", year(None, 2016), year("J1", 2015))
    assert [(q.rows["id"].tolist(), q.kinds) for q in lengths.columns_blank(c)] == [
        (["fund_flows.project_id"], ("spent",))
    ]
    assert list(lengths.columns_blank(compared("fund_flows", year("J1", 2016), year("J1", 2015)))) == []


def test_the_year_is_no_column_that_a_team_leaves_blank() -> None:
    """The template of a county has no column for it, files for all have."""
    rows = lambda year: [HOME | {"household_id": f"H{n}", "year": year} for n in range(9)]
    c = compared("households", rows(None), rows(2015))
    assert list(lengths.columns_blank(c)) == []


@pytest.mark.parametrize(
    ("value", "key"),
    [(100.0, ["figure_unchanged"]), (101.0, []), (130.0, []), (131.0, ["figure_raised"]), (10.0, ["figure_lower"])],
)
def test_a_figure_of_the_province_many_times_that_of_last_year_is_asked_about(value: float, key: list[str]) -> None:
    figure = lambda year, number: [{"year": year, "metric": "rural_income_per_head_yuan", "value": number}]
    c = compared("benchmarks", figure(2016, value), figure(2015, 100.0))
    assert [one.key for one in province.figures(c)] == key


@pytest.mark.parametrize("name", ["修 路", "修路。", "Ｓ修路", "修\u200b路"])
def test_one_thing_in_other_blanks_and_signs_is_one_thing(name: str) -> None:
    rows = [
        PROJECT | {"project_id": "P1", "name": "S修路" if "Ｓ" in name else "修路"},
        PROJECT | {"project_id": "P2", "name": name},
    ]
    c = Comparison(2016, {"teams": table("teams", TEAM), "projects": table("projects", rows)}, {}, Norms())
    assert [q.rows["id"].tolist() for q in copies.listed_twice(c)] == [["P1", "P2"]]


def test_a_payment_for_another_villages_project_makes_both_wait_and_is_told_to_one() -> None:
    teams: Rows = [{"team_id": "T1", "village_id": "V1"}, {"team_id": "T2", "village_id": "V2"}]
    frames = {
        "teams": table("teams", teams),
        "projects": table("projects", [{"project_id": "P1", "village_id": "V2"}]),
        "fund_flows": table(
            "fund_flows", [{"flow_id": "F1", "village_id": "V1", "project_id": "P1", "stage": "spent"}]
        ),
    }
    (found,) = elsewhere.money(Comparison(2016, frames, {}, Norms()))
    assert sorted(found.rows["team"]) == ["T1", "T2"] and found.told == {"T1"}
    assert {"project_completion", "execution"} <= set(found.measures)
