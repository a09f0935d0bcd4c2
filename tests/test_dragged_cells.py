"""Cells of days that were filled by dragging, seen by how seldom rows follow one another so; by hand, two years."""

from __future__ import annotations

import pytest
from support.two_years import Rows, compared

from assess_lib.indicators.yardsticks.dragged import cells_dragged

DAYS = ["03-05", "07-19", "04-02", "11-23", "05-14", "09-08", "02-27", "10-11"]
OTHERS = [("2016-" + day).replace("2016", year) for year in ("2014", "2013") for day in DAYS]


def promises(team: str, days: list[str | None]) -> Rows:
    return [
        {"commitment_id": f"K{team}{n}", "team_id": team, "kept_on": day, "due_on": f"2016-12-{n + 1:02d}"}
        for n, day in enumerate(days)
    ]


def asked(days: list[str | None]) -> list[tuple[str, str, str]]:
    """Team, column and rows; the due days of all go on from day to day, so they tell nothing. Nothing waits."""
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in (1, 2)]
    before = promises("T1", OTHERS) + promises("T2", OTHERS)
    now = promises("T1", days) + promises("T2", OTHERS)
    found = list(cells_dragged(compared("commitments", now, before, teams=(teams, teams))))
    assert all(not one.measures for one in found)
    return [row for one in found for row in zip(one.rows["team"], one.rows["id"], one.rows["now"])]


# Of 30 pairs of last year and 15 of T2 none follows: one does by chance with 1 / 47, four in a row with 1 in 5 million.
@pytest.mark.parametrize(
    ("days", "rows"),
    [
        (["2016-09-03"] * 5, "5"),
        (["2016-09-03", "2016-09-04", "2016-09-05", "2016-09-06", "2016-09-07"], "5"),
        (["2016-03-05", *["2016-09-03"] * 5, "2016-07-19"], "5"),
        (["2016-09-03"] * 4, "4"),  # three in a row with 1 in 100 000, among three pairs
        (["2016-09-03"] * 3, None),  # may be chance: two in a row with 1 in 2 000, among two pairs
        (["2016-09-03", "2016-09-05", "2016-09-07", "2016-09-09", "2016-09-11"], None),  # every other day
        (["2016-09-07", "2016-09-06", "2016-09-05", "2016-09-04", "2016-09-03"], None),  # backwards nobody drags
        (["2016-09-03", None, "2016-09-03", None, "2016-09-03", "2016-09-03"], None),
    ],
)
def test_days_that_are_the_same_or_one_after_the_other(days, rows) -> None:
    assert asked(days) == ([("T1", "commitments.kept_on", rows)] if rows else [])


def test_what_is_usual_is_not_asked_about() -> None:
    same = promises("T1", ["2016-09-03"] * 8)
    assert list(cells_dragged(compared("commitments", same, promises("T1", ["2015-09-03"] * 8)))) == []


def between(now: Rows, before: Rows, count: int = 2) -> list[tuple[str, str, str]]:
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in range(1, count + 1)]
    found = list(cells_dragged(compared("commitments", now, before, teams=(teams, teams))))
    return [row for one in found for row in zip(one.rows["team"], one.rows["id"], one.rows["now"])]


def test_a_run_ends_with_the_rows_of_a_team() -> None:
    day = "2016-09-03"
    now = promises("T1", [*OTHERS[:4], *[day] * 3]) + promises("T2", [*[day] * 3, *OTHERS[:4]])
    assert between(now, promises("T1", OTHERS) + promises("T2", OTHERS)) == []


def test_what_the_others_do_this_year_is_usual_too() -> None:
    """T2 has nine equal days: (8 + 1) / (30 + 8 + 2) of pairs, to the fourth .003, times four .01; T1's five are no wonder beside them."""
    before = promises("T1", OTHERS) + promises("T2", OTHERS)
    now = promises("T1", ["2016-09-03"] * 5) + promises("T2", ["2016-09-03"] * 9)
    assert between(now, before) == [("T2", "commitments.kept_on", "9")]


def test_few_rows_last_year_do_not_tell_how_seldom_it_is() -> None:
    """Of five pairs none follows: 1 / 7, to the fourth 4 in 10 000, times the four pairs of this year .0017."""
    assert between(promises("T1", ["2016-09-03"] * 5), promises("T1", OTHERS[:6]), 1) == []


def test_rows_that_were_sorted_by_their_days_stand_together_by_that() -> None:
    days = sorted(["2016-09-03"] * 5 + ["2016-03-05", "2016-11-23"])
    now = [row | {"commitment_id": f"KT1{9 - n}"} for n, row in enumerate(promises("T1", days))]
    assert between(now, promises("T1", OTHERS)) == []
