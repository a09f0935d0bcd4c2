"""Cells of identifiers, days, numbers and codes that hold something else are told as what it is, with what to do."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.faults import ERROR, WARNING
from assess_lib.tables.checks.cells import check_cells
from assess_lib.tables.checks.id_forms import MISSPELT, KnownIds, explained, form_of_id
from assess_lib.tables.checks.keys import check_references
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.parsing import is_ditto
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.grid import SheetGrid
from assess_lib.tables.reading.headings import recognise
from assess_lib.tables.schemas import SCHEMAS

KNOWN = {"h0001001": "H0001001", "420325-h1": "420325-H1", "1002": "1002"}


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("C000104、C000105", "two_ids", ""),
        ("C000104,C000105", "two_ids", ""),
        ("C000104；C000105；C000106", "two_ids", ""),
        ("C000104/C000105", "two_ids", ""),
        ("C000104/105", "two_ids", ""),
        ("C000104和C000105", "two_ids", ""),
        ("C000104及 C000105", "two_ids", ""),
        ("C000104\nC000105", "two_ids", ""),
        ("C000104 C000105", "two_ids", ""),
        ("H0001至H0005", "two_ids", ""),
        ("Ｃ０００１０４、Ｃ０００１０５", "two_ids", ""),
        ("H000 1001", "sign_in_id", "H0001001"),
        ("H0001001.", "sign_in_id", "H0001001"),
        ("h0001\u3000001", "sign_in_id", "H0001001"),
        ("'H0001001", "sign_in_id", "H0001001"),
        ("420325—H1", "sign_in_id", "420325-H1"),
        ("H0001001、", "sign_in_id", "H0001001"),
        ("10 02", "sign_in_id", "1002"),  # and not 10 and 02: the one without the blank is there
        ("H999 9", "sign_in_id", ""),
        ("H0001001（新）", "words_in_id", "H0001001"),
        ("户H0001001", "words_in_id", "H0001001"),
        ("王芳", "identifier", ""),
        ("督查1号", "identifier", ""),
        ("../../x", "identifier", ""),
        ("–", "identifier", ""),
        ("同上", "ditto", ""),
        ("〃", "ditto", ""),
    ],
)
def test_what_stands_where_an_id_belongs(text, form, meant) -> None:
    assert form_of_id(text, lambda form: KNOWN.get(form.lower(), "")) == (form, meant)


@pytest.mark.parametrize(
    "text",
    [
        "同上",
        "同 上",
        "（同上）",
        "同上行",
        "同前",
        "〃",
        "〃〃",
        "″",
        '"',
        "“",
        "”",
        "''",
        ",,",
        "，，",
        "-〃-",
        "ditto",
        "仝上",
        "同",
    ],
)
def test_ditto_marks(text) -> None:
    assert is_ditto(text)


@pytest.mark.parametrize("text", ["", "-", "同意", "同上年", "上", "H1", "2016-03-01", "、", "同应开日期", "无"])
def test_what_is_no_ditto_mark(text) -> None:
    assert not is_ditto(text)


def table(name: str, *rows: dict[str, str]) -> RawTable:
    columns = list(rows[0])
    head = [SCHEMAS[name].columns[column].metadata["zh"] for column in columns]
    part, _ = recognise(SheetGrid([head, *([row[column] for column in columns] for row in rows)], name), name, "f.xlsx")
    return RawTable([part])


MEASURE = {
    "household_id": "H1",
    "measure": "发展产业",
    "needed": "是",
    "asked_on": "2016-03-01",
    "delivered_on": "2016-05-01",
}


@pytest.mark.parametrize(
    ("column", "key", "severity"),
    [
        ("household_id", "tables.ditto", ERROR),
        ("measure", "tables.ditto", ERROR),
        ("asked_on", "tables.ditto", ERROR),  # a blank spares the county something
        ("delivered_on", "tables.ditto_blank", WARNING),
        ("needed", "tables.ditto", ERROR),
    ],
)
def test_a_ditto_mark_is_told_once_whatever_the_column_holds(column, key, severity) -> None:
    raw = table("household_measures", MEASURE, MEASURE | {"household_id": "H2", column: "同上"})
    parsed = parse_table("household_measures", raw)
    found = faults_of([*parsed.unreadable, *check_cells(parsed, 2016)], {"household_measures": raw})
    (fault,) = [one for one in found if one.of_row]
    assert (fault.key, fault.severity, fault.location.row, fault.location.column) == (key, severity, 3, column)
    assert "同上不认" in fault.remedy("zh")


def test_a_blank_in_an_id_is_told_with_the_household_that_is_meant() -> None:
    raw = table("household_measures", MEASURE | {"household_id": "H000 1001"})
    parsed = parse_table("household_measures", raw)
    homes = pd.DataFrame({"household_id": ["H0001001", "H0001002"]})
    found = check_cells(parsed, 2016, {"household_measures": parsed.frame, "households": homes})
    (fault,) = faults_of(found, {"household_measures": raw})
    assert fault.key == "tables.sign_in_id" and fault.remedy("zh").endswith("是否指 H0001001")


@pytest.mark.parametrize(("named", "meant"), [(["H0001001"], "，是否指 H0001001"), (["H2"], "")])
def test_a_blank_in_the_id_of_a_row_is_told_with_the_id_that_others_name(named, meant) -> None:
    """The household H000 1001 is not there for its people, who name H0001001; H2 is there."""
    raw = table("households", *({"household_id": one, "village_id": "V1"} for one in ("H000 1001", "H2")))
    parsed = parse_table("households", raw)
    people = pd.DataFrame({"household_id": named})
    found = check_cells(parsed, 2016, {"households": parsed.frame, "persons": people})
    (fault,) = [one for one in faults_of(found, {"households": raw}) if one.key == "tables.sign_in_id"]
    assert fault.remedy("zh") == f"去掉空格和符号，只留字母、数字、- 和 _{meant}"


FLOW = {"flow_id": "F1", "village_id": "V1", "project_id": "", "household_id": ""}
KEYS = {"villages": ["V1"], "projects": ["J1", "J2"], "households": ["H1"], "members": ["M1"], "teams": ["T1"]}


@pytest.mark.parametrize(
    ("cells", "key", "words"),
    [
        ({"household_id": "J1"}, "id_of_another", "这是“帮扶项目”的编号，不是“农户”的"),
        ({"project_id": "H1"}, "id_of_another", "本列填“帮扶项目”表里的“项目编号”；它写在“户编号”列"),
        ({"household_id": "M1"}, "id_of_another", "这是“工作队员”的编号"),
        ({"household_id": "j1"}, "points_at_nothing", "在“农户”表的“户编号”列里找不到"),
        ({"household_id": "H9"}, "points_at_nothing", "找不到"),
        ({"household_id": "H1、H2"}, "two_ids", "一行填一个"),
        ({"household_id": "同上"}, "ditto", "同上不认"),
        ({"village_id": "T1"}, "id_of_another", "这是“工作队”的编号，不是“驻点村”的"),
    ],
)
def test_an_id_of_another_thing_is_told_as_that(cells, key, words) -> None:
    raw = {"fund_flows": table("fund_flows", FLOW | cells)}
    frames = {name: pd.DataFrame({f"{name[:-1]}_id": ids}) for name, ids in KEYS.items()}
    frames["fund_flows"] = parse_table("fund_flows", raw["fund_flows"]).frame
    (fault,) = faults_of(explained(check_references(frames, frames), frames), raw)
    assert fault.key == f"tables.{key}" and words in fault.text("zh") and fault.text("en")


def test_ids_of_another_thing_do_not_hide_those_of_nothing() -> None:
    raw = {
        "fund_flows": table(
            "fund_flows",
            *(FLOW | {"flow_id": f"F{n}", "household_id": one} for n, one in enumerate(("J1", "H9", "J2", "H1"))),
        )
    }
    frames = {name: pd.DataFrame({f"{name[:-1]}_id": ids}) for name, ids in KEYS.items()}
    frames["fund_flows"] = parse_table("fund_flows", raw["fund_flows"]).frame
    found = {one.key: one.rows.tolist() for one in explained(check_references(frames, frames), frames) if len(one.rows)}
    assert found == {"tables.id_of_another": [0, 2], "tables.points_at_nothing": [1]}


@pytest.mark.parametrize(
    ("own", "named", "told"),
    [
        (["H0001", "HO002", "H0003"], ["H0001", "H0002", "H0003"], {"HO002": "H0002"}),  # an O among noughts
        (["H0001", "H0l02", "H0003"], ["H0102"], {"H0l02": "H0102"}),
        (["H0001", "H0002", "H0003"], ["HO002"], {}),  # the row that names it is wrong
        (["H0001", "H0902"], ["H0001", "H0002", "H0002"], {"H0902": "H0002"}),  # nobody names H0902
        (["H0001", "H0902"], ["H0001", "H0002"], {}),  # one row may be the wrong one
        (["H0001", "H0902"], ["H0001", "H0902", "H0002", "H0002"], {}),  # H0902 is named
        (["H0012", "H0902"], ["H0002", "H0002"], {}),  # it may be either
        (["H0001", "H00021", "H20"], ["H0001", "H0002", "H0002"], {"H00021": "H0002"}),
        (["H0001", "H2000"], ["H0001", "H0002", "H0002"], {}),
    ],
)
def test_an_id_typed_wrong_in_its_own_table_is_told_there(own, named, told) -> None:
    frames = {"households": pd.DataFrame({"household_id": own}), "persons": pd.DataFrame({"household_id": named})}
    found = [one for one in explained(check_references(frames, frames), frames) if one.key == MISSPELT]
    assert {own[row]: one.row_details(row)["named"] for one in found for row in one.rows} == told
    assert all(one.table == "households" and one.severity == ERROR for one in found)


def test_an_id_of_last_year_is_no_slip() -> None:
    frames = {
        "households": pd.DataFrame({"household_id": ["H0001", "H0902"]}),
        "persons": pd.DataFrame({"household_id": ["H0001", "H0002", "H0002"]}),
    }
    told = lambda *ids: [
        one.key
        for one in explained(
            check_references(frames, frames), frames, {"households": pd.DataFrame({"household_id": ids})}
        )
    ]
    assert MISSPELT in told("H0001", "H0002") and MISSPELT not in told("H0001", "H0902")


@pytest.mark.parametrize(
    ("own", "named", "asked"),
    [(["H0001", "H0002"], "HO002", "，是否指 H0002"), (["H0001", "H0003", "HO002"], "H0002", "")],
)
def test_what_is_typed_wrong_is_not_given_as_what_is_meant(own, named, asked) -> None:
    frames = {"households": pd.DataFrame({"household_id": own}), "persons": pd.DataFrame({"household_id": [named]})}
    (lost,) = [one for one in explained(check_references(frames, frames), frames) if one.table == "persons"]
    meant = lost.row_details(0)["meant"]
    assert (meant["zh"] if meant else "") == asked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("V001", "V0001"),
        ("v1", "V0001"),
        ("V00001", "V0001"),
        ("V1", "V0001"),
        ("V010", "V0010"),
        ("V2", ""),
        ("W1", ""),
    ],
)
def test_zeros_before_the_number_are_told_apart_by_nobody(typed, meant) -> None:
    known = KnownIds({"villages": pd.DataFrame({"village_id": ["V0001", "V0010", "V0011", "V02", "V002"]})})
    assert known.numbered_as("villages", typed) == meant


def test_an_id_that_is_numbered_otherwise_is_no_slip_of_another() -> None:
    """T20 is a team of its own; T0020, whose row was left out, is told where it is named."""
    teams = pd.DataFrame({"team_id": ["T20", "T0001", "T0002"]})
    frames = {"teams": teams, "members": pd.DataFrame({"member_id": ["M1", "M2"], "team_id": ["T0020", "T0020"]})}
    others = pd.DataFrame({"member_id": ["M3", "M4", "M5"], "team_id": list(teams["team_id"])})
    frames["members"] = pd.concat([frames["members"], others], ignore_index=True)
    found = list(explained(check_references(frames, frames), frames))
    assert [one.key for one in found] == ["tables.points_at_nothing"]
    assert {one.row_details(int(row))["meant"] for one in found for row in one.rows} == {""}
