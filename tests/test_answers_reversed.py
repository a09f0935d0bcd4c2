"""Answers of yes and no that are turned round, in the same rows as last year or by their shares; by hand."""

from __future__ import annotations

import pytest
from support.two_years import HOME, Rows, compared, flow

from assess_lib.indicators.yardsticks import without_what_is_told
from assess_lib.indicators.yardsticks.answers import answers_alike, answers_reversed
from assess_lib.indicators.yardsticks.exchanged import columns_exchanged
from assess_lib.indicators.yardsticks.kept import many_changed


def homes(answers: str) -> Rows:
    """Households, each with its answer: + for yes, - for no, blank for none."""
    known = {"+": True, "-": False, " ": None}
    return [HOME | {"household_id": f"H{n}", "electricity": known[sign]} for n, sign in enumerate(answers)]


def flows(year: int, planned: int, count: int) -> Rows:
    return [flow(year * 100 + n, "allocated", 1000.0) | {"under_plan": n < planned} for n in range(count)]


def asked(table: str, now: Rows, before: Rows) -> list[tuple[str, str, str]]:
    """Column, and the share of yes in both years."""
    found = list(answers_reversed(compared(table, now, before)))
    assert all(not one.measures for one in found)
    return [row for one in found for row in zip(one.rows["id"], one.rows["now"], one.rows["before"])]


@pytest.mark.parametrize(
    ("now", "before", "shares"),
    [
        ("-----", "+++++", ("0%", "100%")),
        ("+++++", "-----", ("100%", "0%")),
        ("--+++", "++---", ("60%", "40%")),  # every household the other way round, whatever the shares
        ("--+++", "++--+", ("60%", "60%")),  # four of five
        ("--+++", "++-++", None),  # three of five
        ("----", "++++", None),  # too few
        ("---- ", "+++++", None),  # a blank is no answer
        ("-----", "++++ ", None),
        ("+++++", "+++++", None),
    ],
)
def test_households_that_answer_otherwise_than_last_year(now, before, shares) -> None:
    expected = [("households.electricity", *shares)] if shares else []
    assert asked("households", homes(now), homes(before)) == expected


@pytest.mark.parametrize(
    ("planned", "before", "shares"),
    [
        (0, 10, ("0%", "100%")),
        (1, 9, ("10%", "90%")),
        (2, 9, None),  # a fifth is more than few
        (1, 8, None),
        (10, 1, ("100%", "10%")),
        (9, 1, ("90%", "10%")),
    ],
)
def test_rows_that_are_new_each_year_by_their_shares(planned, before, shares) -> None:
    expected = [("fund_flows.under_plan", *shares)] if shares else []
    assert asked("fund_flows", flows(2016, planned, 10), flows(2015, before, 10)) == expected


def test_what_needs_are_asked_for_by_themselves() -> None:
    needs = lambda needed: [{"household_id": "H1", "measure": f"M{n}", "needed": needed} for n in range(9)]
    years = {"households": ([HOME], [HOME])}
    assert list(answers_reversed(compared("household_measures", needs(False), needs(True), **years))) == []


def test_columns_in_each_others_place_are_told_and_not_each_as_turned_round() -> None:
    row = lambda water, power: [
        HOME | {"household_id": f"H{n}", "safe_water": water, "electricity": power} for n in range(6)
    ]
    c = compared("households", row(False, True), row(True, False))
    found = [*columns_exchanged(c), *answers_reversed(c)]
    assert [one.key for one in found] == ["columns_exchanged", "answers_reversed", "answers_reversed"]
    assert [one.key for one in without_what_is_told(found)] == ["columns_exchanged"]


def test_rows_of_columns_turned_round_are_not_told_as_slipped() -> None:
    names = ("able_to_work", "trained_skill", "employed", "ncms")
    people = lambda says: [{"person_id": f"P{n}", "household_id": "H1"} | dict.fromkeys(names, says) for n in range(6)]
    c = compared("persons", people(False), people(True), households=([HOME], [HOME]))
    found = [*answers_reversed(c), *many_changed(c)]
    assert {one.key for one in found} == {"answers_reversed", "many_changed"}
    assert {one.key for one in without_what_is_told(found)} == {"answers_reversed"}


def test_each_year_s_rows_are_those_of_their_own_teams() -> None:
    """Last year the rows of both teams stood the other way round in the table; T1 turned from yes to no, T2 said no in both."""
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in (1, 2)]
    rows = lambda year, order, yes: [
        flow(year * 100 + n, "allocated", 1.0) | {"village_id": village, "under_plan": village in yes}
        for n, village in enumerate(order)
    ]
    now, before = rows(2016, ["V1"] * 6 + ["V2"] * 6, ()), rows(2015, ["V2"] * 6 + ["V1"] * 6, ("V1",))
    (one,) = answers_reversed(compared("fund_flows", now, before, teams=(teams, teams)))
    assert list(zip(one.rows["team"], one.rows["now"], one.rows["before"])) == [("T1", "0%", "100%")]


def alike(now: dict[str, str], before: dict[str, str], column: str = "electricity") -> list[tuple[str, str]]:
    """Team and column of what is asked: answers of T1 and T2, each sign a household; m and d for codes of a pairing's mode."""
    teams = [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in (1, 2)]
    known = {"+": True, "-": False, " ": None, "l": "leader", "o": "one_on_one"}

    def rows(of: dict[str, str]) -> tuple[Rows, Rows]:
        homes, pairs = [], []
        for team, answers in of.items():
            for n, sign in enumerate(answers):
                home = HOME | {"household_id": f"H{team}{n}", "village_id": f"V{team[1:]}"}
                homes.append(home | {"electricity": known[sign] if column == "electricity" else None})
                pairs.append({"household_id": home["household_id"], "cadre_id": f"C{n}", "mode": known[sign]})
        return homes, pairs

    (homes, pairs), (homes_before, pairs_before) = rows(now), rows(before)
    if column == "electricity":
        c = compared("households", homes, homes_before, teams=(teams, teams))
    else:
        c = compared("pairings", pairs, pairs_before, teams=(teams, teams), households=(homes, homes_before))
    found = list(answers_alike(c))
    assert all(not one.measures for one in found)
    return [row for one in found for row in zip(one.rows["team"], one.rows["id"])]


MIXED = "+-" * 8


# Last year 8 of 16, so 9 / 18; of T2 half: sixteen alike by chance with 1 in 65 000, thirteen with 1 in 8 000.
@pytest.mark.parametrize(
    ("now", "before", "asked_about"),
    [
        ({"T1": "+" * 16, "T2": MIXED}, {"T1": MIXED, "T2": MIXED}, [("T1", "households.electricity")]),
        ({"T1": "-" * 16, "T2": MIXED}, {"T1": MIXED, "T2": MIXED}, [("T1", "households.electricity")]),
        ({"T1": "+" * 13, "T2": MIXED}, {"T1": MIXED, "T2": MIXED}, []),
        ({"T1": "+" * 15 + "-", "T2": MIXED}, {"T1": MIXED, "T2": MIXED}, []),  # not all
        ({"T1": "+" * 16, "T2": "+" * 16}, {"T1": MIXED, "T2": MIXED}, []),  # all say so now
        ({"T1": "+" * 16, "T2": MIXED}, {"T1": "+" * 15 + "-", "T2": MIXED}, []),  # it nearly did last year
        ({"T1": "+" * 16, "T2": MIXED}, {"T1": "+-+-", "T2": MIXED}, []),  # too few last year
        ({"T1": " " * 16, "T2": MIXED}, {"T1": MIXED, "T2": MIXED}, []),  # blanks are asked about elsewhere
    ],
)
def test_answers_that_are_all_alike_as_neither_last_year_s_nor_the_others_are(now, before, asked_about) -> None:
    assert alike(now, before) == asked_about


def test_codes_that_are_all_alike() -> None:
    mixed = "lo" * 8
    assert alike({"T1": "o" * 16, "T2": mixed}, {"T1": mixed, "T2": mixed}, "mode") == [("T1", "pairings.mode")]
