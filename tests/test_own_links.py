"""What a row is called and whose it is, tables that became short, and what rows that were set aside explain; by hand, two years."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from support.two_years import HOME, YEAR, Rows, compared, member, numbered, table, told

from assess_lib.indicators import yardsticks
from assess_lib.indicators.yardsticks import elsewhere, households, lengths, links
from assess_lib.indicators.yardsticks.comparison import Comparison, Question
from assess_lib.indicators.yardsticks.explained import without_what_is_told
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.findings import Finding
from assess_lib.tables.year_before import YearBefore, far_fewer, rows_by_county

LAST_YEAR = {
    "villages": [{"village_id": "V1", "name": "菊家坝村"}, {"village_id": "V2", "name": "东山村"}],
    "teams": [
        {"team_id": "T1", "village_id": "V1", "name": "省财政厅驻菊家坝村工作队", "unit_id": "U1"},
        {"team_id": "T2", "village_id": "V2", "name": "省林业厅驻东山工作队", "unit_id": "U2"},
    ],
}


def renamed(**names: str) -> list[tuple[str, str, int]]:
    """What is asked about two villages and teams of which some have another name: table, key and row."""
    frames = {
        name: [row | {"name": names.get(str(row[f"{name[:-1]}_id"]), row["name"])} for row in rows]
        for name, rows in LAST_YEAR.items()
    }
    years = [{name: table(name, rows) for name, rows in of.items()} for of in (frames, LAST_YEAR)]
    found = links.renamed(Comparison(2016, *years, Norms()))
    return [(one.table, one.key.removeprefix("checks."), int(row)) for one in found for row in one.rows]


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        ({}, []),
        ({"V1": "菊家垻村"}, [("villages", "renamed", 0)]),
        ({"V1": "菊家壩村"}, [("villages", "renamed", 0)]),  # the traditional form
        ({"V2": "西关村"}, [("villages", "renamed", 1)]),  # wholly another
        ({"T2": "省林业厅驻东山村工作队"}, [("teams", "renamed", 1)]),
        ({"T1": "省财政厅驻菊家垻村工作队"}, [("teams", "renamed", 0)]),  # and the village is not asked about for it
    ],
)
def test_names_are_held_against_last_years(names, asked) -> None:
    assert renamed(**names) == asked


@pytest.mark.parametrize(
    ("village", "team", "slip"),
    [
        ("菊家垻村", "省财政厅驻菊家坝村工作队", True),
        ("菊家壩村", "省财政厅驻菊家坝村工作队", True),
        ("菊家坝村", "省财政厅驻菊家坝村工作队", False),
        ("菊家坝村", "省财政厅驻菊家坝工作队", False),
        ("菊家坝村", "省财政厅驻村工作队", False),
        ("菊家坝村", "省财政厅驻大桥村工作队", False),
        ("三组村", "省财政厅驻二组村工作队", False),  # numbered
        ("王村", "省财政厅驻李村工作队", False),  # too short to tell a slip from another name
    ],
)
def test_a_team_names_its_village_as_the_village_is_named(village, team, slip) -> None:
    assert links.named_with_a_slip(village, team) is slip


TWO = [{"team_id": "T1", "village_id": "V1", "unit_id": "U1"}, {"team_id": "T2", "village_id": "V2", "unit_id": "U2"}]
AWAY = HOME | {"village_id": "V2"}


def of_two(ask, **tables: tuple[Rows, Rows]) -> list[tuple[str, ...]]:
    """What is asked of two teams in two villages: key, team, id and both values."""
    years = [{"teams": table("teams", tables.get("teams", (TWO, TWO))[n])} for n in (0, 1)]
    for n, frames in enumerate(years):
        frames |= {name: table(name, of[n]) for name, of in tables.items() if of[n]}
    found = list(ask(Comparison(2016, *years, Norms())))
    columns = ["team", "id", "now", "before"]
    return [(one.key, *row) for one in found for row in one.rows[columns].sort_values("team").itertuples(index=False)]


@pytest.mark.parametrize(
    ("name", "now", "before", "asked"),
    [
        ("households", [AWAY], [HOME], [("moved", "T1", "H1", "V2", "V1"), ("moved", "T2", "H1", "V2", "V1")]),
        ("households", [HOME], [HOME], []),
        ("households", [AWAY | {"household_id": "H2"}], [HOME], []),  # gone, which is asked elsewhere
        ("members", [{"member_id": "M1", "team_id": "T2"}], [{"member_id": "M1", "team_id": "T1"}], [("moved", "T1", "M1", "T2", "T1"), ("moved", "T2", "M1", "T2", "T1")]),
        ("projects", [{"project_id": "P1", "village_id": "V2", "name": "修路"}], [{"project_id": "P1", "village_id": "V1", "name": "修路"}], [("moved", "T1", "P1", "V2", "V1"), ("moved", "T2", "P1", "V2", "V1")]),
        ("projects", [{"project_id": "P1", "village_id": "V2", "name": "路灯"}], [{"project_id": "P1", "village_id": "V1", "name": "修路"}], []),  # numbered anew
    ],
)  # fmt: skip
def test_what_belongs_to_another_than_last_year_is_told_as_moved(name, now, before, asked) -> None:
    assert of_two(links.moved, **{name: (now, before)}) == asked


def test_who_moved_is_not_said_to_be_gone() -> None:
    people = [{"person_id": "P1", "household_id": "H1"}]
    tables = {"households": ([AWAY], [HOME]), "persons": (people, people)}
    assert of_two(households.register, **tables) == [] and of_two(households.people, **tables) == []
    assert of_two(households.register, households=([AWAY | {"household_id": "H2"}], [HOME]))[0][:3] == (
        "household_left_out",
        "T1",
        "H1",
    )
    other = [{"person_id": "P1", "household_id": "H2"}]
    homes = [HOME, AWAY | {"household_id": "H2"}]
    asked = of_two(links.moved, households=(homes, homes), persons=(other, people))
    assert asked == [("person_moved", "T1", "P1", "H2", "H1"), ("person_moved", "T2", "P1", "H2", "H1")]


def pair(home: str = "H1", unit: str = "U1", name: str = "陈一", cadre: str = "C1") -> dict[str, object]:
    return {"household_id": home, "cadre_id": cadre, "cadre_name": name, "unit_id": unit}


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        ([pair()], [pair()], []),
        ([pair(unit="U2")], [pair()], [("T1", "C1", "U2", "U1"), ("T2", "C1", "U2", "U1")]),  # both units' teams wait
        ([pair(), pair("H3", "U2")], [], [("T1", "C1", "U1", "U2"), ("T2", "C1", "U1", "U2")]),
        ([pair("H3", "U2")], [pair()], [("T1", "C1", "U2", "U1"), ("T2", "C1", "U2", "U1")]),  # the same cadre by name
        ([pair("H3", "U2", "李二")], [pair()], []),  # a number given anew
        ([pair(), pair("H3", "U2", "李二", "C2")], [pair()], []),
    ],
)  # fmt: skip
def test_a_cadre_is_of_one_unit(now, before, asked) -> None:
    homes = [HOME, HOME | {"household_id": "H3"}]
    found = of_two(links.units_of_cadres, pairings=(now, before), households=(homes, homes))
    assert [one[1:] for one in found] == asked and {one[0] for one in found} <= {"unit_of_cadre"}


PAID = {"flow_id": "F1", "village_id": "V1"}


@pytest.mark.parametrize(
    ("tables", "asked"),
    [
        ({"teams": [TWO[0] | {"leader_member_id": "M1"}, TWO[1]], "members": [{"member_id": "M1", "team_id": "T2"}]}, [("leader_elsewhere", "T1", "M1", "T2", "–")]),
        ({"teams": [TWO[0] | {"leader_member_id": "M1"}, TWO[1]], "members": [{"member_id": "M1", "team_id": "T1"}]}, []),
        ({"fund_flows": [PAID | {"project_id": "P1"}], "projects": [{"project_id": "P1", "village_id": "V2"}]}, [("flow_elsewhere_projects", team, "F1", "V1", "V2") for team in ("T1", "T2")]),
        ({"fund_flows": [PAID | {"project_id": "P1"}], "projects": [{"project_id": "P1", "village_id": "V1"}]}, []),
        ({"fund_flows": [PAID | {"household_id": "H1"}], "households": [AWAY]}, [("flow_elsewhere_households", team, "F1", "V1", "V2") for team in ("T1", "T2")]),
        ({"fund_flows": [PAID | {"household_id": "H1"}], "households": [HOME]}, []),
        ({"unit_actions": [{"action_id": "A1", "unit_id": "U2", "village_id": "V1"}]}, [("action_elsewhere", team, "A1", "U2", "U1") for team in ("T1", "T2")]),
        ({"unit_actions": [{"action_id": "A1", "unit_id": "U1", "village_id": "V1"}, {"action_id": "A2", "unit_id": "U1", "village_id": "V9"}]}, []),
    ],
)  # fmt: skip
def test_two_links_of_a_row_do_not_contradict_each_other(tables, asked) -> None:
    both = {name: (rows, []) for name, rows in tables.items()} | {"teams": (tables.get("teams", TWO), TWO)}
    asking = (elsewhere.leaders, elsewhere.money, elsewhere.actions)
    assert [one for ask in asking for one in of_two(ask, **both)] == asked


def test_an_action_in_another_units_village_is_told_to_the_unit_whose_action_it_is() -> None:
    action = {"action_id": "A1", "unit_id": "U2", "village_id": "V1", "kind": "leader_visit", "on": "2016-03-01"}
    c = compared("unit_actions", [action], [], teams=(TWO, TWO))
    (found,) = elsewhere.actions(c)
    assert sorted(found.rows["team"]) == ["T1", "T2"] and found.told == {"T2"}
    of_nobody = compared("unit_actions", [action | {"unit_id": "U9"}], [], teams=(TWO, TWO))
    assert [q.told for q in elsewhere.actions(of_nobody)] == [{"T1"}]


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        ([pair()], [], []),
        ([pair(unit="U2")], [], [("T1", "H1", "U2", "U1"), ("T2", "H1", "U2", "U1")]),
        ([pair("H2")], [pair()], [("T2", "H2", "U1", "U2"), ("T1", "H2", "U1", "U2")]),  # moved to another's household
        ([pair("H2")], [pair("H2")], []),  # as it was last year
        ([pair(unit="U9")], [], []),  # no unit of a team
        ([pair(unit="U2")], [pair()], []),  # told of the cadre
    ],
)
def test_a_pairing_in_another_units_village_makes_both_wait(now, before, asked) -> None:
    homes = [HOME, AWAY | {"household_id": "H2"}]
    found = of_two(elsewhere.pairings, pairings=(now, before), households=(homes, homes))
    assert sorted(one[1:] for one in found) == sorted(asked) and {one[0] for one in found} <= {"pairing_elsewhere"}


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        (3, 10, [("3", "10")]),  # 0.4 of 10 is 4
        (4, 10, []),
        (0, 8, [("0", "8")]),
        (0, 7, []),  # too few to tell
        (30, 10, []),
        (14, 25, [("14", "25")]),  # 0.6 of 25 is 15
        (15, 25, []),
        (9, 19, []),  # 0.4 of 19 is 7.6
    ],
)
def test_a_team_with_far_fewer_rows_than_last_year_is_told(now, before, asked) -> None:
    visits = lambda n, year: [
        {"household_id": "H1", "cadre_id": "C1", "visited_on": f"{year}-03-{day:02d}"} for day in range(1, n + 1)
    ]
    c = compared("visits", visits(now, 2016), visits(before, 2015), households=([HOME], [HOME]))
    assert told(lengths.rows_fewer, c, "rows_fewer") == asked
    assert all(question.measures == () for question in lengths.rows_fewer(c))


@pytest.mark.parametrize(
    ("rows", "rows_before", "duty", "asked"),
    [
        (59, 100, ("2014-01-01", None), [("59", "100")]),  # 0.6 of 100, in 366 days for 365
        (61, 100, ("2014-01-01", None), []),
        (0, 100, ("2014-01-01", None), [("0", "100")]),
        (59, 100, ("2014-01-01", "2016-06-30"), []),  # 182 of 366 days: 0.6 of 50
        (29, 100, ("2014-01-01", "2016-06-30"), [("29", "100")]),
        (0, 100, ("2014-01-01", "2015-12-31"), []),  # left before the year
        (1, 19, ("2014-01-01", None), []),
        (0, 8, ("2014-01-01", None), [("0", "8")]),  # none at all
        (0, 7, ("2014-01-01", None), []),
    ],
)
@pytest.mark.parametrize("name", ["attendance", "work_logs", "diaries"])
def test_a_member_with_far_fewer_days_than_last_year_is_told(name, rows, rows_before, duty, asked) -> None:
    days = lambda n, year: [
        {"member_id": "M1", "day": str(day)[:10]} for day in pd.date_range(f"{year}-01-01", periods=n)
    ]
    was = {"member_id": "M1", "team_id": "T1", "on_duty_from": "2014-01-01"}
    now = was | {"on_duty_from": duty[0], "on_duty_to": duty[1]}
    c = compared(name, days(rows, 2016), days(rows_before, 2015), members=([now], [was]))
    assert told(lengths.rows_of_members_fewer, c, "member_rows_fewer") == asked


def test_needs_that_were_met_are_no_rows_lost() -> None:
    need = lambda n: [{"household_id": "H1", "measure": f"m{one}", "needed": True} for one in range(n)]
    for left, asked in ((13, []), (9, [("9", "25")])):  # 0.4 of 25 is 10
        c = compared("household_measures", need(left), need(25), households=([HOME], [HOME]))
        assert told(lengths.rows_fewer, c, "rows_fewer") == asked


def test_fewer_rows_are_not_told_beside_what_says_so_already() -> None:
    of = lambda key, *teams, table="fund_flows": Question(
        key, (), pd.DataFrame({"team": teams, "id": "", "now": "1", "before": "9"}), table=table
    )
    found = [of("number_missing", "T1"), of("rows_fewer", "T1", "T2"), of("rows_fewer", "T1", table="visits")]
    kept = without_what_is_told(found)
    assert [(one.key, one.table, list(one.rows["team"])) for one in kept] == [
        ("number_missing", "fund_flows", ["T1"]),
        ("rows_fewer", "fund_flows", ["T2"]),
        ("rows_fewer", "visits", ["T1"]),
    ]


@pytest.mark.parametrize(
    ("twice", "waits", "missing_of"),
    [("meetings", ("party_building",), []), ("ledger", ("party_building",), ["T1"]), ("meetings", ("x",), ["T1"])],
)
def test_a_number_that_is_missing_between_two_ids_of_one_thing_is_not_told_again(twice, waits, missing_of) -> None:
    of = lambda key, table, team, *measures: Question(
        key, measures, pd.DataFrame({"team": [team], "id": "G9", "now": "1", "before": "–"}), table=table
    )
    found = [
        of("listed_twice", twice, "T1", *waits, "visits_done"),
        of("number_missing", "meetings", "T1", "party_building"),
        of("number_missing", "meetings", "T2", "party_building"),
    ]
    kept = [team for one in without_what_is_told(found) if one.key == "number_missing" for team in one.rows["team"]]
    assert kept == [*missing_of, "T2"]


@pytest.mark.parametrize(
    ("county", "asked_of", "told_of"),
    [("甲县", "visits", []), ("甲县", "reports", ["visits"]), ("", "visits", ["visits"])],
)
def test_a_table_of_a_county_is_not_told_beside_its_teams(county, asked_of, told_of) -> None:
    """10 of last year's 30 rows; where a file holds all counties, what is said of a team does not say it of the table."""
    part = SimpleNamespace(county=county, cells=range(10), sheet="", file="a.xlsx")
    raw = {name: SimpleNamespace(parts=[part], part_of=lambda row: part) for name in ("teams", "visits")}
    found = [Finding("teams", np.array([0]), "team_id", "checks.owed.rows_fewer", details={"of": asked_of})]
    before = YearBefore(rows={(county, "visits"): 30, (county, "teams"): 10})
    assert [fault.location.table for fault in far_fewer(raw, before, found)] == told_of


def sent(*parts: tuple[str, int]) -> SimpleNamespace:
    """A table as files of counties (empty for all) with so many rows hold it."""
    ends = np.cumsum([0, *(count for _, count in parts)])
    spans = [
        (SimpleNamespace(county=of, cells=range(ends[n], ends[n + 1])), slice(ends[n], ends[n + 1]))
        for n, (of, _) in enumerate(parts)
    ]
    return SimpleNamespace(parts=[part for part, _ in spans], spans=lambda: spans)


@pytest.mark.parametrize(
    ("now", "was", "rows"),
    [
        ([("甲县", 1), ("乙县", 1)], [("", 4)], {"甲县": 3, "乙县": 1, "": 0}),  # from one file to workbooks
        ([("甲县", 1), ("", 1)], [("", 4)], {"甲县": 3, "": 1}),
        ([("", 2)], [("甲县", 3), ("乙县", 1)], {"": 4}),
        ([("甲县", 1), ("乙县", 1)], [("甲县", 2), ("乙县", 2)], {"甲县": 2, "乙县": 2}),  # as the files had them
    ],
)
def test_last_years_rows_are_those_of_the_county_whatever_files_held_them(now, was, rows) -> None:
    """V1 in 甲县 and V2 in 乙县; last year four visits, three of them to H1 in V1."""
    teams = table("teams", TWO)
    frames = {
        "households": table("households", [HOME, AWAY | {"household_id": "H2"}]),
        "visits": table("visits", [{"household_id": home} for home in ("H1", "H1", "H1", "H2")]),
    }
    before = YearBefore(frames, {(county, "visits"): count for county, count in was})
    raw = {"teams": sent(("甲县", 1), ("乙县", 1)), "visits": sent(*now)}
    villages = table("villages", [{"village_id": "V1", "county": "甲县"}, {"village_id": "V2", "county": "乙县"}])
    found = rows_by_county(raw, {"teams": teams, "villages": villages}, before)
    assert {county: count for (county, name), count in found.items() if name == "visits"} == rows


def asked_beside(
    aside: Rows, name: str, rows: Rows, before: Rows, norms: Norms, **others: tuple[Rows, Rows]
) -> set[str]:
    """The keys of what is asked where some rows of a table were set aside."""
    c = compared(name, rows, before, norms, **others)
    wrong = {name: table(name, aside).set_index(pd.RangeIndex(100, 100 + len(aside)))} if aside else {}
    found = yardsticks.questions(norms, c.frames, wrong, c.earlier, 2016)
    return {one.key.rpartition(".")[2] for one in found}


WORK = {"inspection_id": "N1", "team_id": "T1", "kind": "work"}
KING, ZHANG = member("王一", 1), member("张三", 2)
PERSONS = [{"person_id": f"P{n}", "household_id": "H1"} for n in (1, 2)]
IN_H1 = {"households": ([HOME | {"persons": 2}],) * 2}


@pytest.mark.parametrize(
    ("key", "aside", "name", "rows", "before", "others", "asked"),
    [
        ("money_unaccounted", [], "fund_flows", YEAR[:2], [], {}, True),
        ("money_unaccounted", [YEAR[2] | {"amount_yuan": None}], "fund_flows", YEAR[:2], [], {}, False),  # an amount that is no number
        ("fewer_than_owed", [], "inspections", [WORK], [], {}, True),
        ("fewer_than_owed", [WORK | {"inspection_id": "N2", "kind": None}], "inspections", [WORK], [], {}, False),
        ("fewer_than_owed", [WORK | {"inspection_id": "N2", "team_id": "T2"}], "inspections", [WORK], [], {}, False),  # of a team that nobody has
        ("fewer_than_owed", [WORK | {"inspection_id": "N2", "team_id": "T2"}], "inspections", [WORK], [], {"teams": (TWO, TWO)}, True),  # another team's
        ("member_left_out", [], "members", [KING], [KING, ZHANG], {}, True),
        ("member_left_out", [ZHANG | {"team_id": "T41"}], "members", [KING], [KING, ZHANG], {}, False),  # a team that nobody has
        ("person_left_out", [], "persons", PERSONS[:1], PERSONS, IN_H1, True),
        ("person_left_out", [PERSONS[1] | {"person_id": None}], "persons", PERSONS[:1], PERSONS, IN_H1, False),
        ("person_left_out", [PERSONS[1] | {"person_id": None}], "persons", PERSONS[:1], [*PERSONS, PERSONS[1] | {"person_id": "P3"}], IN_H1, True),  # two are gone
    ],
)  # fmt: skip
def test_what_follows_from_rows_that_were_set_aside_is_not_asked(key, aside, name, rows, before, others, asked) -> None:
    norms = Norms(inspections={"work": 2})
    assert (key in asked_beside(aside, name, rows, before, norms, **others)) == asked


@pytest.mark.parametrize(
    ("number", "team", "asked"),
    [
        ("KT1 1603", "T1", False),
        ("KT11602", "T1", False),
        ("KT11606", "T1", True),
        ("KT11603", "T9", False),  # the number that is missing, of a team that nobody has
        ("KT11606", "T9", True),
    ],
)
def test_a_number_that_cannot_be_used_is_not_missing(number, team, asked) -> None:
    """KT11603 is missing; the row set aside has an id that is none, one that stands twice, or its own."""
    names = ["T1", "T2", "T3", "T4"]
    rows = pd.DataFrame({"team_id": names}).astype("str")
    lists_of = dict.fromkeys(names, [1, 2, 3, 4, 5]) | {"T1": [1, 2, 4, 5]}
    frames = {"teams": rows, "commitments": numbered(lists_of, 2016)}
    wrong = table("commitments", [{"commitment_id": number, "team_id": team, "due_on": "2016-06-01"}])
    found = yardsticks.questions(
        Norms(serial_share=Fraction(3, 4)), frames, {"commitments": wrong.set_index(pd.Index([99]))}, {}, 2016
    )
    assert ("checks.owed.number_missing" in {one.key for one in found}) == asked


def test_columns_are_not_said_to_be_exchanged_where_one_of_them_is_asked_about() -> None:
    pair = lambda team: Question(
        "columns_exchanged",
        ("plans",),
        pd.DataFrame({"team": [team], "id": "pairings.paired_from", "now": "pairings.plan_made_on", "before": "–"}),
        table="pairings",
    )
    late = Question(
        "paired_late",
        (),
        pd.DataFrame({"team": ["T1"], "id": "H1", "now": "x", "before": "y"}),
        table="pairings",
        columns=("household_id", "paired_from", ""),
    )
    other = replace(late, columns=("household_id", "unit_id", ""))
    keys = lambda *found: [one.key for one in without_what_is_told(found)]
    assert keys(pair("T1"), late) == ["paired_late"]
    assert keys(pair("T2"), late) == keys(pair("T1"), other) == ["columns_exchanged", "paired_late"]
