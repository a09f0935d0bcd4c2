"""Columns that stand a row off, seen by last year's cells of the rows beside; by hand, two years."""

from __future__ import annotations

import numpy as np
import pytest
from support.two_years import HOME, Rows, compared

from assess_lib.indicators.yardsticks.shifted import _correlation, columns_out_of_order, columns_shifted

TEAMS: Rows = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in (1, 2, 3, 4)]
INCOMES = [9000.0, 15000.0, 11000.0, 30000.0, 20000.0, 26000.0, 8000.0, 17000.0, 12000.0, 22000.0]
SIGNS = "-+-+--+-+-"


def homes(village: str, incomes: list[float], answers: str = SIGNS) -> Rows:
    return [
        HOME
        | {"household_id": f"{village}{n}", "village_id": village, "income_yuan": income, "electricity": sign == "+"}
        for n, (income, sign) in enumerate(zip(incomes, answers))
    ]


def grown(incomes: list[float]) -> list[float]:
    return [income * 1.1 for income in incomes]


def asked(now: Rows, before: Rows) -> list[tuple[str, str]]:
    """Team and column, beside a team of which all rows stand where they stood; nothing waits."""
    others = homes("V2", INCOMES)
    grew = [row | {"income_yuan": row["income_yuan"] * 1.1} for row in others]
    found = list(columns_shifted(compared("households", now + grew, before + others, teams=(TEAMS, TEAMS))))
    assert all(not one.measures and not one.together for one in found)
    return [pair for one in found for pair in zip(one.rows["team"], one.rows["id"])]


INCOME = [("T1", "households.income_yuan")]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (grown(INCOMES), []),
        (grown([*INCOMES[1:], 12000.0]), INCOME),  # a cell was deleted: all moved up
        (grown([12000.0, *INCOMES[:-1]]), INCOME),  # a cell was inserted: all moved down
        (grown(list(reversed(INCOMES))), []),
        (grown([12000.0, *INCOMES[:5]]), []),  # of six rows five have a row above: too few
    ],
)
def test_numbers_a_row_too_high_or_too_low(now, told) -> None:
    assert asked(homes("V1", now), homes("V1", INCOMES)) == told


def test_answers_of_yes_and_no_may_agree_by_chance() -> None:
    assert asked(homes("V1", INCOMES, "+" + SIGNS[:-1]), homes("V1", INCOMES)) == []


def test_a_table_of_which_all_rows_are_off_is_told_once() -> None:
    """Villages of two counties stand in turn, so that no county alone would show it."""
    teams = [{"team_id": f"T{n:02}", "village_id": f"V{n}", "county": "东县" if n % 2 else "西县"} for n in range(13)]
    year = lambda incomes: [
        {"village_id": f"V{n}", "collective_income_yuan": income} for n, income in enumerate(incomes)
    ]
    before = [10_000.0 * (1 + n * 5 % 13) for n in range(13)]
    c = lambda now: compared("village_year", year(now), year(before), teams=(teams, teams))
    (one,) = columns_shifted(c([50_000.0, *grown(before)[:-1]]))
    assert one.together and set(one.rows["id"]) == {"village_year.collective_income_yuan"} and len(one.rows) == 13
    assert list(columns_shifted(c(grown(before)))) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [2, 4, 6], 1),
        ([1, 2, 3], [3, 2, 1], -1),
        (
            [1, 2, 3, 4],
            [1, 3, 2, 4],
            0.8,
        ),  # deviations -1.5 -.5 .5 1.5 and -1.5 .5 -.5 1.5: (2.25 - .25 - .25 + 2.25) / 5
        ([1, 2, 3], [5, 5, 5], 0),
    ],
)
def test_correlation_within_the_rows_of_an_owner(one, other, expected) -> None:
    both = [np.array(values + [7.0, 9.0]) for values in (one, other)]
    owner = np.array([0] * len(one) + [1, 1])
    found, count = _correlation(*both, owner, 2)
    assert found == pytest.approx([expected, 1]) and count.tolist() == [len(one), 2]


def out_of_order(
    now: Rows, of_others: list[float] = INCOMES, villages: tuple[str, ...] = ("V2", "V3", "V4")
) -> list[tuple[str, str]]:
    """Team and column, beside other teams, of which ``of_others`` is what each says now; nothing waits."""
    others = lambda incomes: [row for village in villages for row in homes(village, incomes)]
    before = homes("V1", INCOMES) + others(INCOMES)
    found = list(columns_out_of_order(compared("households", now + others(of_others), before, teams=(TEAMS, TEAMS))))
    assert all(not one.measures for one in found)
    return [pair for one in found for pair in zip(one.rows["team"], one.rows["id"])]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (grown(INCOMES), []),
        (sorted(grown(INCOMES)), INCOME),
        (grown([INCOMES[1], INCOMES[0], *INCOMES[2:]]), []),  # two cells changed places
        (sorted(grown(INCOMES[:5])), []),  # too few rows
    ],
)
def test_a_column_that_was_sorted_by_itself(now, told) -> None:
    assert out_of_order(homes("V1", now)) == told


def test_where_nobody_s_column_stays_none_is_out_of_order() -> None:
    """That of the others goes with last year's by 0.2, so that one turned round is no wonder."""
    weak = [12.0, 15.0, 11.0, 13.0, 20.0, 9.0, 19.0, 17.0, 16.0, 10.0]
    assert out_of_order(homes("V1", INCOMES[::-1]), [1000 * one for one in weak]) == []


def test_a_column_in_which_all_rows_resemble_their_neighbours_is_not_off() -> None:
    up = sorted(INCOMES)
    assert asked(homes("V1", grown(up)), homes("V1", up)) == []


@pytest.mark.parametrize(
    ("now", "of_others"),
    [
        ([40_000.0 - income for income in INCOMES], [5000.0] * 10),  # of the others nothing is known: all say the same
        ([40_000.0 - income for income in INCOMES[:5]], INCOMES),  # five rows do not tell, whatever they say
    ],
)
def test_a_column_turned_round_is_out_of_order_only_beside_others_that_stay(now, of_others) -> None:
    assert out_of_order(homes("V1", now), of_others) == []


def test_answers_of_yes_and_no_have_no_order() -> None:
    assert out_of_order(homes("V1", grown(INCOMES), "+-+-++-+-+")) == []


def test_two_other_teams_do_not_tell_what_is_usual() -> None:
    assert out_of_order(homes("V1", sorted(grown(INCOMES))), villages=("V2", "V3")) == []
