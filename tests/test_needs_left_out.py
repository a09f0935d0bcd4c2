"""Needs that were not met and are not listed: seen where fewer are listed than last year and far more of them are met; by hand."""

from __future__ import annotations

import pytest
from support.two_years import HOME, Rows, compared

from assess_lib.indicators.yardsticks import without_what_is_told
from assess_lib.indicators.yardsticks.households import needs

MEASURES = ("production", "jobs", "relocation", "micro_loan", "education", "medical")
HOMES: Rows = [HOME | {"household_id": f"H{n}"} for n in range(10)]


def listed(year: int, count: int, met: int) -> Rows:
    """So many needs of ten households, of which so many are met."""
    rows: Rows = []
    for n in range(count):
        row = {"household_id": f"H{n % 10}", "measure": MEASURES[n // 10], "needed": True, "year": year}
        rows.append(row | {"asked_on": f"{year}-02-01", "delivered_on": f"{year}-06-01" if n < met else None})
    return rows


def asked(now: tuple[int, int], before: tuple[int, int]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Both shares of needs that were met, and what waits. Parameters: how many needs are listed, and how many of these are met."""
    c = compared("household_measures", listed(2016, *now), listed(2015, *before), households=(HOMES, HOMES))
    found = [one for one in without_what_is_told(needs(c)) if one.key == "needs_met_where_fewer"]
    return [(*told, one.measures) for one in found for told in zip(one.rows["now"], one.rows["before"])]


# Last year 12 of 20 were met, so 13 / 22: fifteen of fifteen by chance with 4 in 10 000, of which fifteen of seventeen has 1 in 100.
@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        ((15, 15), (20, 12), [("100%", "60%", ("ten_measures",))]),
        ((19, 19), (20, 12), [("100%", "60%", ("ten_measures",))]),  # all that are listed, and one fewer
        ((17, 15), (20, 12), []),  # may be chance
        ((20, 20), (20, 12), []),  # as many as last year: what was open was met
        ((15, 15), (20, 18), []),  # most were met last year too
        ((9, 9), (20, 2), []),  # too few to tell
    ],
)
def test_more_are_met_where_fewer_are_listed(now, before, told) -> None:
    assert asked(now, before) == told
