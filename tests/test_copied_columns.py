"""Columns that say what another says, or the same in every row, though last year's did not; by hand, two years."""

from __future__ import annotations

import pytest
from support.two_years import HOME, Rows, compared

from assess_lib.indicators.yardsticks.copied import columns_copied


def asked(table: str, now: Rows, before: Rows, **others) -> list[tuple[str, str, str]]:
    c = compared(table, now, before, **others)
    return [row for one in columns_copied(c) for row in zip([one.key] * len(one.rows), one.rows["id"], one.rows["now"])]


def homes(pairs: list[tuple[float | None, float | None]]) -> Rows:
    names = ("income_yuan", "income_prev_yuan")
    return [HOME | {"household_id": f"H{n}"} | dict(zip(names, pair)) for n, pair in enumerate(pairs)]


GREW = homes([(1000.0 + n, 900.0 + n) for n in range(10)])
SAME = [(1000.0 + n, 1000.0 + n) for n in range(5)]


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (homes(SAME), GREW, True),
        (homes([*SAME[:4], (1.0, 2.0)]), GREW, False),  # not in all rows
        (homes([*SAME, (1.0, None)]), GREW, True),  # in five of six rows both stand
        (homes([*SAME, (1.0, None), (1.0, None)]), GREW, False),  # in five of seven
        (homes(SAME[:4]), GREW, False),  # too few
        (homes(SAME), homes(SAME * 2), False),  # they were equal last year
        (homes(SAME), homes([*SAME, *[(1.0, 2.0)] * 2]), False),  # by last year's five of seven rows, likely
    ],
)
def test_two_columns_that_are_equal_in_every_row(now, before, found) -> None:
    told = ("columns_copied", "households.income_yuan", "households.income_prev_yuan")
    assert asked("households", now, before) == ([told] if found else [])


def surveyed(days: list[str | None]) -> Rows:
    return [HOME | {"household_id": f"H{n}", "surveyed_on": day} for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (["2016-12-10"] * 5, ["2015-05-01", "2015-05-02", "2015-05-03"], True),
        (["2016-12-10"] * 4, ["2015-05-01", "2015-05-02", "2015-05-03"], False),
        (["2016-12-10"] * 5, ["2015-05-01", "2015-05-01", "2015-05-02"], False),  # two days last year
        (["2016-12-10"] * 5 + [None], ["2015-05-01", "2015-05-02", "2015-05-03"], True),  # five of six are filled in
        (["2016-12-10"] * 5 + [None] * 2, ["2015-05-01", "2015-05-02", "2015-05-03"], False),  # five of seven
        (["2016-12-10"] * 5 + ["2016-12-11"], ["2015-05-01", "2015-05-02", "2015-05-03"], False),
    ],
)
def test_a_column_with_one_value_in_every_row(now, before, found) -> None:
    told = ("column_of_one_value", "households.surveyed_on", "–")
    assert asked("households", surveyed(now), surveyed(before)) == ([told] if found else [])


def test_two_columns_of_one_value_are_not_called_copies_of_each_other() -> None:
    both = [row | {"record_updated_on": "2016-12-10"} for row in surveyed(["2016-12-10"] * 10)]
    before = [
        row | {"record_updated_on": f"2015-06-{n + 1:02d}"}
        for n, row in enumerate(surveyed([f"2015-05-{n + 1:02d}" for n in range(10)]))
    ]
    assert {key for key, *_ in asked("households", both, before)} == {"column_of_one_value"}


def test_columns_filled_down_are_one_question_and_nothing_waits() -> None:
    both = [row | {"record_updated_on": "2016-12-10"} for row in surveyed(["2016-12-10"] * 10)]
    before = [
        row | {"record_updated_on": f"2015-06-{n + 1:02d}"}
        for n, row in enumerate(surveyed([f"2015-05-{n + 1:02d}" for n in range(10)]))
    ]
    (one,) = columns_copied(compared("households", both, before))
    assert one.rows["id"].tolist() == ["households.surveyed_on", "households.record_updated_on"] and not one.measures


def test_answers_of_yes_may_all_be_equal() -> None:
    people = lambda employed: [
        {"person_id": f"P{n}", "household_id": "H1", "able_to_work": True, "employed": employed or n % 2 == 0}
        for n in range(20)
    ]
    assert asked("persons", people(True), people(False), households=([HOME], [HOME])) == []


def test_rows_of_villages_are_looked_at_county_by_county() -> None:
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}", "county": "东县"} for n in range(5)]
    year = lambda incomes: [
        {"village_id": f"V{n}", "collective_income_yuan": income} for n, income in enumerate(incomes)
    ]
    found = asked("village_year", year([50_000.0] * 5), year([1.0, 2.0, 3.0, 4.0, 5.0]), teams=(teams, teams))
    assert found == [("column_of_one_value", "village_year.collective_income_yuan", "–")]  # told once


@pytest.mark.parametrize(
    ("now", "told"), [([80.0] * 6, True), ([80.0] * 5 + [81.0], False), ([80.0] * 4 + [None] * 2, False)]
)
def test_what_a_team_has_seldom_is_looked_at_county_by_county(now, told) -> None:
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}", "county": "东县"} for n in range(3)]
    year = lambda ratings: [
        {"inspection_id": f"K{n}", "team_id": f"T{n % 3}", "rating": rating} for n, rating in enumerate(ratings)
    ]
    found = asked("inspections", year(now), year([80.0, 85.0, 90.0, 80.0, 70.0]), teams=(teams, teams))
    assert found == ([("column_of_one_value", "inspections.rating", "–")] if told else [])


def test_a_column_copied_from_another_takes_enough_rows_of_last_year() -> None:
    assert asked("households", homes(SAME), GREW[:4]) == []


def last_years(teams: int, changed: set[int], short: int = 0) -> list[tuple[str, str]]:
    """Question and team, where the incomes of six households (four of team ``short``) of some teams changed and those of others did not."""
    listed = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in range(1, teams + 1)]
    rows = lambda n, first: [
        HOME | {"household_id": f"{n}-{k}", "village_id": f"V{n}", "income_yuan": first + 37.0 * k}
        for k in range(4 if n == short else 6)
    ]
    before = [row for n in range(1, teams + 1) for row in rows(n, 5000)]
    now = [row for n in range(1, teams + 1) for row in rows(n, 7700 if n in changed else 5000)]
    found = columns_copied(compared("households", now, before, teams=(listed, listed)))
    return [(one.key, team) for one in found for team in one.rows["team"]]


@pytest.mark.parametrize(
    ("teams", "changed", "short", "told"),
    [
        (6, {2, 3, 4, 5, 6}, 0, True),  # 1 of 32 by chance, to the sixth
        (9, {3, 4, 5, 6, 7, 8, 9}, 2, True),  # T2 too has last year's, in four rows: too few for it
        (4, {2, 3, 4}, 0, False),  # 18 rows of others do not tell
        (1, set(), 0, False),  # nobody else is there
    ],
)
def test_last_year_s_column_is_told_of_the_team_that_has_it(teams, changed, short, told) -> None:
    assert last_years(teams, changed, short) == ([("column_of_last_year", "T1")] if told else [])
