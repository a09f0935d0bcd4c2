"""What stays from year to year: rows, days on record, roads, and cells in their columns; two years by hand."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from support.two_years import HOME, Rows, compared, told

from assess_lib.indicators.yardsticks import kept
from assess_lib.indicators.yardsticks.comparison import Comparison

TEAMS: Rows = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in range(1, 5)]
WHICH = {
    "row_gone": kept.rows_gone,
    "reports_gone": kept.rows_gone,
    "pairing_gone": kept.rows_gone,
    "fact_gone": kept.facts_gone,
    "built_gone": kept.built_gone,
    "cell_gone": kept.built_gone,
    "category_undated": kept.categories_undated,
    "many_changed": kept.many_changed,
    "log_without_attendance": kept.logs_without_attendance,
}


def asked(key: str, c) -> list[tuple[str, str, str, str]]:
    """Team, id and both values of each row that is asked about under a key; nothing waits for it."""
    found = [one for one in WHICH[key](c) if one.key == key]
    assert all(one.measures == () for one in found)
    return [row for one in found for row in zip(one.rows["team"], one.rows["id"], one.rows["now"], one.rows["before"])]


@pytest.mark.parametrize("table", ["village_year", "exit_plans"])
def test_a_village_without_the_row_that_it_had_is_asked_about(table) -> None:
    villages = lambda *names: [{"village_id": name} for name in names]
    c = compared(table, villages("V1"), villages("V1", "V2"), teams=(TEAMS, TEAMS))
    assert asked("row_gone", c) == [("T2", "V2", "–", "–")]
    assert asked("row_gone", compared(table, villages("V1", "V2"), villages("V1"), teams=(TEAMS, TEAMS))) == []


def test_a_report_that_most_teams_list_is_missed() -> None:
    reports = lambda **of: [
        {"team_id": team, "kind": kind, "recipient": "office"} for team, kinds in of.items() for kind in kinds
    ]
    before = reports(T1=["h1", "annual"], T2=["h1", "annual"], T3=["h1", "annual"], T4=["h1", "annual"])
    now = reports(T1=["annual"], T2=["annual"], T3=["annual"], T4=["h1"])
    # the yearly one is listed by three of four; that of the half-year by one, so the form has changed
    c = compared("reports", now, before, teams=(TEAMS, TEAMS))
    assert asked("reports_gone", c) == [("T4", "annual", "–", "office")]


@pytest.mark.parametrize(
    ("now", "was", "home", "missed"),
    [
        ([], {}, {}, True),
        ([{"household_id": "H1", "cadre_id": "C2"}], {}, {}, False),  # another cadre
        ([], {"paired_to": "2015-06-30"}, {}, False),  # ended last year
        ([], {}, {"exited_on": "2015-11-01"}, True),  # out of poverty, and followed still
        ([], {}, {"registered": False}, False),
    ],
)
def test_a_poor_household_is_paired_still(now, was, home, missed) -> None:
    homes = [HOME | home]
    before = [{"household_id": "H1", "cadre_id": "C1"} | was]
    other = [{"household_id": "H9", "cadre_id": "C9"}]
    c = compared("pairings", now + other, before + other, households=(homes, homes))
    assert asked("pairing_gone", c) == ([("T1", "H1", "–", "C1")] if missed else [])


def test_a_pairing_that_is_gone_is_asked_of_each_team_of_the_village() -> None:
    teams = [{"team_id": f"T{n}", "village_id": "V1"} for n in (1, 2)]
    pairs = [{"household_id": "H1", "cadre_id": "C1"}, {"household_id": "H1", "cadre_id": "C2"}]
    other = [{"household_id": "H9", "cadre_id": "C9"}]
    c = compared("pairings", other, pairs + other, households=([HOME], [HOME]), teams=(teams, teams))
    assert asked("pairing_gone", c) == [("T1", "H1", "–", "C1"), ("T2", "H1", "–", "C1")]


def plans(first: str | None, others: str = "2015-03-01", count: int = 20) -> Rows:
    """Households with the day of their plan, of which the first has another."""
    days = [first, *[others] * (count - 1)]
    return [HOME | {"household_id": f"H{n}", "plan_made_on": day} for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (plans(None), plans("2015-03-01"), [("T1", "H0", "–", "2015-03-01")]),
        (plans("2015-03-02"), plans("2015-03-01"), [("T1", "H0", "2015-03-02", "2015-03-01")]),
        (plans("2016-03-01"), plans(None), []),  # what is new is not asked about
        (plans(None, count=19), plans("2015-03-01", count=19), []),  # too few rows to know that it stays
        (plans(None, "2016-05-05"), plans("2015-03-01"), []),  # it changes everywhere
    ],
)
def test_a_day_that_stays_is_missed(now, before, found) -> None:
    assert asked("fact_gone", compared("households", now, before)) == found


def test_an_answer_that_turned_to_no_is_not_missed_but_one_that_is_gone_is() -> None:
    people = lambda first: [
        {"person_id": f"P{n}", "household_id": "H1", "ncms": first if not n else True} for n in range(20)
    ]
    c = lambda now: compared("persons", people(now), people(True), households=([HOME], [HOME]))
    assert asked("fact_gone", c(False)) == []
    assert asked("fact_gone", c(None)) == [("T1", "P0", "–", "✓")]


@pytest.mark.parametrize(
    ("key", "now", "before", "found"),
    [
        ("built_gone", {"groups_hardened_road": 2}, {"groups_hardened_road": 6}, ("2", "6")),
        ("built_gone", {"groups_broadband": 7}, {"groups_broadband": 6}, None),
        ("cell_gone", {"groups_hardened_road": None}, {"groups_hardened_road": 6}, ("–", "6")),
        ("built_gone", {"groups_hardened_road": None}, {"groups_hardened_road": 6}, None),
        ("cell_gone", {"service_centre_in_use": None}, {"service_centre_in_use": False}, ("–", "✗")),
        ("cell_gone", {"clinic": True}, {"clinic": None}, None),
    ],
)
def test_what_was_built_stays_and_a_cell_that_was_filled_in_is_missed(key, now, before, found) -> None:
    c = compared("village_year", [{"village_id": "V1"} | now], [{"village_id": "V1"} | before])
    assert asked(key, c) == ([("T1", "V1", *found)] if found else [])


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ({"category": "dibao"}, True),
        ({"category": "dibao", "category_changed_on": "2016-03-01"}, False),
        ({"category": "dibao", "category_changed_on": "2015-03-01"}, True),  # last year's table would have it
        ({"category": "other"}, False),
    ],
)
def test_another_category_needs_the_day_on_which_it_changed(now, missing) -> None:
    c = compared("households", [HOME | now], [HOME | {"category": "other"}])
    assert asked("category_undated", c) == ([("T1", "H1", "dibao", "other")] if missing else [])


def test_a_row_whose_cells_slipped_has_many_other_answers() -> None:
    names = ("able_to_work", "trained_skill", "employed", "ncms", "social_security", "serious_illness")
    row = lambda *answers: [{"person_id": "P1", "household_id": "H1"} | dict(zip(names, answers))]
    before = row(True, True, False, True, False, False)
    c = lambda *now: compared("persons", row(*now), before, households=([HOME], [HOME]))
    assert asked("many_changed", c(True, False, True, False, False, None)) == [("T1", "P1", "4", "–")]
    assert asked("many_changed", c(True, False, True, False, False, False)) == []  # three


def test_answers_of_a_column_that_is_not_there_have_not_changed() -> None:
    names = ("able_to_work", "trained_skill", "employed", "ncms")
    before = [{"person_id": "P1", "household_id": "H1"} | dict.fromkeys(names, True)]
    now = [{"person_id": "P1", "household_id": "H1"}]
    assert asked("many_changed", compared("persons", now, before, households=([HOME], [HOME]))) == []


def days(of_month: range, left: Collection[tuple[int, int]] = ()) -> Rows:
    """Days of March of ten members, without some."""
    return [
        {"member_id": f"M{n}", "day": f"2016-03-0{day}"} for n in range(10) for day in of_month if (n, day) not in left
    ]


def logs_beside_register(of_month: range, left: Collection[tuple[int, int]]) -> Comparison:
    """Work logs of all the days, and a register that lacks some of them."""
    members = [{"member_id": f"M{n}", "team_id": "T1", "on_duty_from": "2016-01-01"} for n in range(10)]
    every = days(of_month)
    register = (days(of_month, left), every)
    return compared("work_logs", every, every, attendance=register, members=(members, members))


def test_a_log_on_a_day_that_the_register_lacks_is_asked_about_where_hardly_anybody_has_one() -> None:
    found = lambda left: asked("log_without_attendance", logs_beside_register(range(1, 6), left))
    assert found({(0, 2), (0, 3)}) == [("T1", "M0", "2016-03-02", "2")]
    assert found({(n, 1) for n in range(3)}) == []  # three of ten: it is usual here
    assert found({(1, day) for day in range(1, 6)}) == []  # no register at all: told by itself


def test_members_with_such_days_are_one_question() -> None:
    (one,) = kept.logs_without_attendance(logs_beside_register(range(1, 4), {(0, 2), (1, 1), (1, 3)}))
    assert list(zip(one.rows["id"], one.rows["now"], one.rows["before"])) == [
        ("M0", "2016-03-02", "1"),
        ("M1", "2016-03-01", "2"),
    ]


def test_what_is_asked_is_told_with_both_values() -> None:
    c = compared("households", plans(None), plans("2015-03-01"))
    assert told(kept.facts_gone, c, "fact_gone") == [("–", "2015-03-01")]


FOUR = ("able_to_work", "trained_skill", "employed", "ncms")


def person(name: str, answer: bool | None) -> dict[str, object]:
    return {"person_id": name, "household_id": "H1"} | dict.fromkeys(FOUR, answer)


def test_answers_that_were_blank_have_not_changed_and_the_person_is_named_in_any_order() -> None:
    home = {"households": ([HOME], [HOME])}
    assert asked("many_changed", compared("persons", [person("P1", True)], [person("P1", None)], **home)) == []
    now, before = [person("P2", True), person("P1", False)], [person("P1", True), person("P2", True)]
    assert asked("many_changed", compared("persons", now, before, **home)) == [("T1", "P1", "4", "–")]


def test_households_with_many_other_answers_are_asked_about_too() -> None:
    names = ("registered", "electricity", "safe_water", "safe_housing")
    c = compared("households", [HOME | dict.fromkeys(names, False)], [HOME | dict.fromkeys(names, True)])
    assert asked("many_changed", c) == [("T1", "H1", "4", "–")]


def test_a_report_that_all_send_to_another_now_is_not_missed() -> None:
    reports = lambda to: [{"team_id": f"T{n}", "kind": "annual", "recipient": to} for n in range(1, 5)]
    assert asked("reports_gone", compared("reports", reports("county"), reports("office"), teams=(TEAMS, TEAMS))) == []


@pytest.mark.parametrize(
    ("order", "left", "told"),
    [
        ((1, 2, 2, 3), {(0, 2)}, ("2016-03-02", "1")),  # a log that stands twice is one day
        ((3, 2, 1), {(0, 2), (0, 3)}, ("2016-03-02", "2")),  # the first of the days, however they stand
    ],
)
def test_days_of_logs_are_counted_once_and_told_from_the_first(order, left, told) -> None:
    members = [{"member_id": f"M{n}", "team_id": "T1", "on_duty_from": "2016-01-01"} for n in range(10)]
    every = days(range(1, 4))
    logs = [{"member_id": f"M{n}", "day": f"2016-03-0{day}"} for n in range(10) for day in order]
    register = (days(range(1, 4), left), every)
    c = compared("work_logs", logs, every, attendance=register, members=(members, members))
    assert asked("log_without_attendance", c) == [("T1", "M0", *told)]
