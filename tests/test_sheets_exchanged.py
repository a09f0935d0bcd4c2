"""Work logs and diaries in each other's sheet, seen by the numbers of rows of last year; by hand."""

from __future__ import annotations

import pytest
from support.two_years import Rows, compared, member

from assess_lib.indicators.yardsticks import without_what_is_told
from assess_lib.indicators.yardsticks.lengths import rows_fewer, sheets_exchanged


def days(count: int) -> Rows:
    return [{"member_id": "M1", "day": f"2016-{1 + n // 28:02d}-{1 + n % 28:02d}", "entry": "记"} for n in range(count)]


@pytest.mark.parametrize(
    ("logs", "diaries", "told"),
    [
        (12, 200, True),
        (200, 12, False),
        (12, 12, False),  # logs are lost
        (200, 200, False),
        (30, 150, False),  # not the other's number
        (10, 220, True),
    ],
)
def test_each_has_the_other_s_number_of_rows(logs, diaries, told) -> None:
    members = ([member("甲", 1)],) * 2
    c = compared("work_logs", days(logs), days(210), diaries=(days(diaries), days(12)), members=members)
    found = list(sheets_exchanged(c))
    assert [one.table for one in found] == (["work_logs", "diaries"] if told else [])
    assert all(one.measures for one in found)  # they wait
    if told:
        assert [one.key for one in without_what_is_told([*found, *rows_fewer(c)])] == ["sheets_exchanged"] * 2
