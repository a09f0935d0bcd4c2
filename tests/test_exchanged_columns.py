"""Columns of one kind that changed places, seen by the order that they had in last year's rows; by hand, two years."""

from __future__ import annotations

import pytest
from support.two_years import HOME, Rows, compared

from assess_lib.indicators.yardsticks.exchanged import at_least, columns_exchanged

TEAMS: Rows = [
    {"team_id": f"T{n}", "village_id": f"V{n}", "unit_id": "U1", "county": "东县" if n < 6 else "西县"}
    for n in range(1, 11)
]


def projects(year: int, due: str, done: str, count: int = 5, turned: int = 0) -> Rows:
    """Projects of T1, of which the first ones have both days in each other's place."""
    days = [
        (f"{year}-{due}", f"{year}-{done}") if n >= turned else (f"{year}-{done}", f"{year}-{due}")
        for n in range(count)
    ]
    return [
        {"project_id": f"P{year}{n}", "village_id": "V1", "due_on": first, "completed_on": then}
        for n, (first, then) in enumerate(days)
    ]


def asked(table: str, now: Rows, before: Rows, **others) -> list[tuple[str, str, str]]:
    """Team, and both columns."""
    c = compared(table, now, before, teams=(TEAMS, TEAMS), **others)
    found = [row for one in columns_exchanged(c) for row in zip(one.rows["team"], one.rows["id"], one.rows["now"])]
    assert all(one.measures for one in columns_exchanged(c))
    return found


# Last year 20 of 20 projects were done before they were due: a row is otherwise with the chance 1 / 22, five with 2 in 10 million.
BEFORE = projects(2015, "09-30", "08-15", 20)
PAIR = ("T1", "projects.due_on", "projects.completed_on")


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (projects(2016, "09-30", "08-15"), BEFORE, []),
        (projects(2016, "08-15", "09-30"), BEFORE, [PAIR]),
        (projects(2016, "09-30", "08-15", 5, 4), BEFORE, [PAIR]),  # four of five, by chance 2 in 100 000
        (projects(2016, "09-30", "08-15", 8, 4), BEFORE, []),  # as many are as always
        (projects(2016, "08-15", "09-30", 3), BEFORE, []),  # too few
        (projects(2016, "08-15", "09-30"), projects(2015, "09-30", "08-15", 20, 5), []),  # no order last year
        (projects(2016, "08-15", "09-30"), projects(2015, "08-15", "09-30", 20), []),  # it was so last year
        (projects(2016, "08-15", "09-30"), projects(2015, "09-30", "08-15", 3), []),  # too few last year
        (projects(2016, "08-15", "08-15"), BEFORE, []),  # the same day is no order
    ],
)  # fmt: skip
def test_days_in_each_others_place(now, before, found) -> None:
    assert asked("projects", now, before) == found


def test_what_stays_from_table_to_table_is_of_no_order() -> None:
    """Last year's exits came after the survey of their year, and come before this year's; nothing changed places."""
    homes = lambda year, out: [
        HOME | {"household_id": f"H{n}", "surveyed_on": f"{year}-08-01", "exited_on": out} for n in range(9)
    ]
    assert asked("households", homes(2016, "2015-12-01"), homes(2015, "2015-12-01")) == []
    pair = ("T1", "households.exited_on", "households.surveyed_on")
    assert asked("households", homes(2016, "2016-02-01"), homes(2015, "2015-12-01")) == [pair]


def test_the_first_day_of_the_next_year_is_not_of_the_year() -> None:
    """Exits of 1 January 2017 are none of 2016, a year of 366 days, nor those of 1 January 2016 of 2015."""
    homes = lambda year, out: [
        HOME | {"household_id": f"H{n}", "surveyed_on": f"{year}-08-01", "exited_on": out} for n in range(9)
    ]
    assert asked("households", homes(2016, "2016-02-01"), homes(2015, "2016-01-01")) == []
    assert asked("households", homes(2016, "2017-01-01"), homes(2015, "2015-02-01")) == []


def homes(year: int, ill: bool, turned: bool = False) -> Rows:
    both = (ill, True) if not turned else (True, ill)
    return [
        {"person_id": f"{year}{n}", "household_id": "H1", "serious_illness": both[0], "ncms": both[1]} for n in range(9)
    ]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (homes(2016, False), []),
        (homes(2016, False, True), [("T1", "persons.ncms", "persons.serious_illness")]),
        # all fell ill and nobody is insured: as if exchanged; all fell ill and all are insured is no exchange
        ([row | {"serious_illness": True} for row in homes(2016, False)], []),
        ([row | {"ncms": False} for row in homes(2016, True)[:4]] + homes(2016, False)[:5], []),
    ],
)
def test_yes_and_no_in_each_others_place(now, found) -> None:
    assert asked("persons", now, homes(2015, False), households=([HOME], [HOME])) == found


def insured(year: int, answers: str, turned: bool = False) -> Rows:
    """The same persons in either year, each insured by one of two: + by the first, - by the second, 2 by both."""
    columns = ("ncms", "social_security")
    pairs = [dict(zip(columns[:: -1 if turned else 1], (sign in "+2", sign in "-2"))) for sign in answers]
    return [{"person_id": f"P{n}", "household_id": "H1"} | pair for n, pair in enumerate(pairs)]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (insured(2016, "++--2222"), False),
        (insured(2016, "++--2222", turned=True), True),  # as many of either, and each person has the other
        (insured(2016, "++-+2222", turned=True), False),  # three of the four that differ, where four are wanted
        (insured(2016, "--++2222"), True),
        (insured(2016, "22222222"), False),
    ],
)
def test_each_row_has_in_the_one_what_it_had_in_the_other(now, told) -> None:
    found = asked("persons", now, insured(2015, "++--2222"), households=([HOME], [HOME]))
    assert found == ([("T1", "persons.ncms", "persons.social_security")] if told else [])


def test_a_table_with_a_row_for_a_team_is_looked_at_county_by_county() -> None:
    year = lambda turned: [
        {"village_id": f"V{n}", "groups": 5, "groups_broadband": 3}
        if n not in turned
        else {"village_id": f"V{n}", "groups": 3, "groups_broadband": 5}
        for n in range(1, 11)
    ]
    columns = ("village_year.groups", "village_year.groups_broadband")
    assert asked("village_year", year({1, 2, 3, 4, 5}), year(())) == [(f"T{n}", *columns) for n in range(1, 6)]
    assert asked("village_year", year({1, 2, 3, 9}), year(())) == []


def test_each_column_is_told_in_one_pair() -> None:
    """The days of two columns exchanged turn both round against a third one, too."""
    row = lambda year, n, due, done: {
        "project_id": f"P{year}{n}", "village_id": "V1", "due_on": f"{year}-{due}", "completed_on": f"{year}-{done}",
        "posted_on": f"{year}-08-31",
    }  # fmt: skip
    before = [row(2015, n, "09-30", "08-15") for n in range(20)]
    now = [row(2016, n, "08-15", "09-30") for n in range(5)]
    assert asked("projects", now, before) == [PAIR]


@pytest.mark.parametrize(
    ("count", "every", "chance", "likely"), [(1, 1, 0.25, 0.25), (1, 2, 0.5, 0.75), (2, 3, 0.5, 0.5), (0, 4, 0.1, 1)]
)
def test_the_chance_of_so_many_of_all(count, every, chance, likely) -> None:
    assert at_least(count, every, chance) == pytest.approx(likely)


def of_second_team(rows: Rows) -> Rows:
    return [row | {"project_id": f"Q{row['project_id']}", "village_id": "V2"} for row in rows]


def test_every_team_that_exchanged_is_told() -> None:
    now = projects(2016, "08-15", "09-30")
    assert asked("projects", now + of_second_team(now), BEFORE + of_second_team(BEFORE)) == [PAIR, ("T2", *PAIR[1:])]


def test_a_team_that_always_had_it_the_other_way_round_is_not() -> None:
    before = projects(2015, "08-15", "09-30", 5) + of_second_team(projects(2015, "09-30", "08-15", 40))
    assert asked("projects", projects(2016, "08-15", "09-30"), before) == []


def test_of_two_pairs_the_columns_furthest_apart_are_told() -> None:
    """Completed and posted days changed places, 46 days apart; each also stands on the other side of the due day."""
    row = lambda year, n, done, posted: {
        "project_id": f"P{year}{n}", "village_id": "V1", "due_on": f"{year}-08-31",
        "completed_on": f"{year}-{done}", "posted_on": f"{year}-{posted}",
    }  # fmt: skip
    before = [row(2015, n, "08-15", "09-30") for n in range(20)]
    now = [row(2016, n, "09-30", "08-15") for n in range(5)]
    assert asked("projects", now, before) == [("T1", "projects.completed_on", "projects.posted_on")]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        # illness grew from none to 15% and is nearer to itself than to the half that were insured, though 6 of 6 are turned
        ([(n < 6, False) for n in range(40)], [(False, n < 20) for n in range(40)]),
        # six of nine are turned: less than four fifths
        ([(True, False)] * 6 + [(False, True)] * 3, [(False, True)] * 9),
    ],
)
def test_what_people_answer_is_exchanged_only_as_a_whole(now, before) -> None:
    year = lambda of, pairs: [
        {"person_id": f"{of}{n}", "household_id": "H1", "serious_illness": ill, "ncms": insured}
        for n, (ill, insured) in enumerate(pairs)
    ]
    assert asked("persons", year(2016, now), year(2015, before), households=([HOME], [HOME])) == []


@pytest.mark.parametrize(("now", "before"), [("  222222", "++--2222"), ("--++++--", "++--++--")])
def test_half_of_an_exchange_is_none(now, before) -> None:
    both = insured(2016, now), insured(2015, before)
    assert asked("persons", *both, households=([HOME], [HOME])) == []
