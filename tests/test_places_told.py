"""Where a fault is told: the cell of it, in words of the reader's language, with numbers as people write them."""

from __future__ import annotations

import math
import re

import openpyxl
import pandas as pd
import pytest

from assess_lib.faults import Fault, Location
from assess_lib.indicators.yardsticks.comparison import Comparison, Question
from assess_lib.indicators.yardsticks.wording import as_finding
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.findings import shown, shown_number
from assess_lib.tables.checks.identity import check_titles
from assess_lib.tables.checks.keys import check_uniqueness
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.value_ranges import _beyond
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import read_files
from assess_lib.tables.reading.grid import SheetGrid
from assess_lib.tables.reading.headings import TablePart, recognise
from assess_lib.tables.reading.labels import Heading
from assess_lib.tables.year_files import TableFile


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.3633333333, "0.3633"),
        (0.00123456, "0.001235"),
        (300.0, "300"),
        (12.345678, "12.35"),
        (99.999, "100"),
        (1e6, "1,000,000"),
        (342860000.0, "342,860,000"),
        (1234567.5, "1,234,567.5"),
        (0.0, "0"),
        (-2.5, "-2.5"),
    ],
)
def test_a_number_has_two_decimals_or_four_digits(number, text) -> None:
    assert shown_number(number, grouped=True) == text


@pytest.mark.parametrize("nothing", [None, math.nan, pd.NaT, pd.NA])
def test_what_is_not_there_is_a_dash(nothing) -> None:
    assert shown(nothing) == "–"


def test_a_number_just_beyond_its_bound_does_not_look_like_it() -> None:
    homes = pd.DataFrame({"income_yuan": [400_001.0, 1.0901], "persons": [4, 3], "village_id": ["V1", "V2"]})
    told = {}
    for found in _beyond("households", homes, "income_yuan", bounds().values["households.income_yuan"], 2016):
        told |= {row: found.row_details(row) | found.details for row in found.rows}
    # 400,001 by 4 persons is 100,000.25 a head, and the bound is 100,000; 1.0901 by 3 is 0.3634 rounded
    assert [told[row]["number"] for row in (0, 1)] == ["100,000.25", "0.3634"]
    assert [told[row]["range"]["en"] for row in (0, 1)] == ["300 to 100,000"] * 2


def test_a_phone_in_a_column_of_numbers_is_not_told() -> None:
    projects = pd.DataFrame(
        {"beneficiaries": pd.array([13912345678, 250000], dtype="Int64"), "village_id": ["V1", "V1"]}
    )
    told = {}
    for found in _beyond("projects", projects, "beneficiaries", bounds().values["projects.beneficiaries"], 2016):
        told |= {row: found.row_details(row)["number"] for row in found.rows.tolist()}
    assert told == {0: "***", 1: "250,000"}


@pytest.mark.parametrize(
    ("place", "at", "zh", "en"),
    [
        ("row 3, column 户编号", Location(), "第 3 行，户编号 列", "row 3, column 户编号"),
        ("row 7", Location(), "第 7 行", "row 7"),
        ("column measure", Location(), "measure 列", "column measure"),
        (
            "column x",
            Location("visits", 4, "visited_on", heading="走访日期"),
            "第 4 行，走访日期 列",
            "row 4, column 走访日期",
        ),
        ("column x", Location("visits", 1, "visited_on", "走访", "C1"), "走访!C1", "走访!C1"),
        ("农户!K2", Location("households", 2, "income_yuan", "农户", "K2"), "农户!K2", "农户!K2"),
        ("农户", Location("households", sheet="农户"), "农户", "农户"),
        ("", Location(), "", ""),
    ],
)
def test_a_place_is_said_in_the_language_of_the_reader(place, at, zh, en) -> None:
    fault = Fault("tables.blank", "f.csv", place, location=at)
    assert (fault.where("zh"), fault.where("en")) == (zh, en)


def households(*above: list[str], heading: str = "家庭可支配收入", sheet: str = "农户") -> RawTable:
    rows = [*above, ["户编号", "村编号", heading], ["H1", "V1", "9000"], ["H2", "V1", "8000"]]
    part, _ = recognise(SheetGrid(rows, sheet), "households", "甲县.xlsx")
    part.county = "云汐县"
    return RawTable([part])


@pytest.mark.parametrize(
    ("above", "cell"),
    [
        ([["2015年农户登记表", "", ""]], "A1"),
        ([["农户登记表", "", ""], ["", "二〇一五年度", ""]], "B2"),
        ([["甲县农户", "", ""], ["填报单位", "", "２０１５年"]], "C2"),
    ],
)
def test_a_title_of_another_year_is_told_at_its_cell(above, cell) -> None:
    raw = {"households": households(*above)}
    (fault,) = check_titles(raw, 2016)
    assert (fault.key, fault.place) == ("tables.titled_for_another_year", f"农户!{cell}")
    assert (fault.location.cell, fault.location.row) == (cell, int(cell[1]))


def test_a_year_in_the_name_of_the_sheet_has_no_cell() -> None:
    raw = {"households": households(["农户登记表", "", ""], sheet="农户2015")}
    (fault,) = check_titles(raw, 2016)
    assert (fault.place, fault.location.cell) == ("农户2015", "")


def test_a_heading_of_another_year_is_told_at_its_cell() -> None:
    raw = {"households": households(["农户登记表", "", ""], heading="家庭可支配收入（2015年）")}
    (fault,) = check_titles(raw, 2016)
    assert (fault.key, fault.where(), fault.location.row) == ("tables.headed_for_another_year", "农户!C2", 2)


def twins(rows: list[list[str]]) -> list[tuple[str, list[int]]]:
    grid = SheetGrid([["户编号", "措施", "需要"], *rows], "到户措施")
    part, _ = recognise(grid, "household_measures", "甲县.xlsx")
    table = parse_table("household_measures", RawTable([part]))
    return [(f.key, f.rows.tolist()) for f in check_uniqueness(table.name, table.frame, table.raw) if len(f.rows)]


def test_a_key_is_told_with_its_codes_as_they_were_written() -> None:
    grid = SheetGrid([["户编号", "措施", "需要"], ["H1", "社会保障", "是"], ["H1", "社会保障", "否"]], "到户措施")
    part, _ = recognise(grid, "household_measures", "甲县.xlsx")
    raw = RawTable([part])
    table = parse_table("household_measures", raw)
    found = faults_of(check_uniqueness(table.name, table.frame, raw), {"household_measures": raw})
    assert [fault.value for fault in found] == ["H1, 社会保障"] * 2


def test_rows_without_a_whole_key_are_no_twins() -> None:
    """Where the second key is blank, that is told; two rows of one household are not the same for that."""
    assert twins([["H1", "", "是"], ["H1", "", "否"], ["H2", "", "是"], ["H2", "", "是"]]) == []
    assert twins([["H1", "发展产业", "是"], ["H1", "发展产业", "否"], ["H1", "", "否"]]) == [
        ("tables.duplicate_key", [0, 1])
    ]
    assert twins([["H1", "发展产业", "是"], ["H1", "发展产业", "是"]]) == [("checks.repeated_row", [1])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + b"x" * 200, "压缩的内容不完整或被改坏"),
        (b'a,b\n"1,2\n3,4\n', "按 CSV 的写法读不下去"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_the_language_of_the_reader(content, words, tmp_path) -> None:
    path = tmp_path / ("农户.xlsx" if content.startswith(b"PK") else "households.csv")
    path.write_bytes(content)
    _, (fault, *_) = read_files([TableFile(path)])
    told = fault.text("zh").replace(str(path), "")
    assert words in told and not re.search("[a-z]{4}", told) and words not in fault.text("en")


def test_the_name_of_a_sheet_that_may_not_be_of_the_year_is_told_at_the_sheet(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "农户_草稿"
    for row in (["户编号", "村编号", "户类别"], ["H1", "V1", "贫困户"]):
        book.active.append(row)
    book.save(tmp_path / "甲县.xlsx")
    _, faults = read_files([TableFile(tmp_path / "甲县.xlsx")])
    (fault,) = [one for one in faults if one.key == "reading.doubtful_name"]
    assert (fault.where(), fault.location.sheet) == ("农户_草稿", "农户_草稿")


@pytest.mark.parametrize(("title", "of_second"), [("村年度情况表", 1), ("单位：万元", 10_000)])
def test_a_unit_in_the_upper_row_of_a_heading_is_that_of_its_column_alone(tmp_path, title, of_second) -> None:
    """A heading of two rows, of which the upper has （万元） beside one name: it is no line about the sheet; 单位：万元 is."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "村年度情况"
    for row in (
        [title],
        ["村编号", "年度", "农民人均可支配收入（万元）", "集体经济收入", "人口", "通达情况"],
        [None, None, None, None, None, "村民小组数"],
        ["V0005", 2016, 0.9879, 58475, 1001, 9],
    ):
        sheet.append(row)
    for place in "ABCDE":
        sheet.merge_cells(f"{place}2:{place}3")
    book.save(tmp_path / "东县.xlsx")
    raw, _ = read_files([TableFile(tmp_path / "东县.xlsx")])
    columns = raw["village_year"].parts[0].columns
    assert (columns["farmer_income_per_head_yuan"].scale, columns["collective_income_yuan"].scale) == (
        10_000,
        of_second,
    )


SENT = {
    "teams": [{"team_id": "T1", "village_id": "V1"}, {"team_id": "T2", "village_id": "V2"}],
    "households": [
        {"household_id": f"H{n}", "village_id": "V2" if n == 9 else "V1", "category": "other"} for n in range(1, 10)
    ],
}


def frames_of(raw: dict[str, RawTable]) -> dict[str, pd.DataFrame]:
    return {name: one.cells for name, one in raw.items()}


def sent(sheet: str) -> dict[str, RawTable]:
    """Two teams, the one with eight households and the other with one, in a workbook, or a file for each table."""
    raw = {}
    for name, rows in SENT.items():
        cells = pd.DataFrame(rows, dtype="str", index=range(2, 2 + len(rows)))
        columns = {column: Heading(place, column) for place, column in enumerate(cells)}
        raw[name] = RawTable([TablePart(name, f"{name}.x", sheet and name, cells, columns)])
    return raw


@pytest.mark.parametrize("homes", [["H2"], ["H2", "H3"], [f"H{n}" for n in range(1, 9)], ["H7", "H0"]])
@pytest.mark.parametrize("sheet", ["s", ""])
def test_what_is_asked_of_a_team_is_told_at_the_rows_that_it_speaks_of(sheet, homes) -> None:
    raw = sent(sheet)
    frames = frames_of(raw)
    at = [int(one[1:]) - 1 for one in homes]  # H0 is a household of last year, which happened to be in row 6 there
    rows = pd.DataFrame({"team": "T1", "id": homes, "now": "other", "before": "poor", "row": at})
    rows["row"] = rows["row"].where(rows["row"] >= 0, 5)
    question = Question(
        "household_left_out", ("coverage",), rows, table="households", columns=("household_id", "category", "category")
    )
    (fault,) = faults_of([as_finding(question, Comparison(2016, frames, {}, Norms()))], raw)
    lines = [n + 2 for n in at if n >= 0]
    assert (fault.file, fault.location.table, fault.location.team) == ("households.x", "households", "T1")
    assert (fault.location.row, fault.location.column, fault.value) == (lines[0], "category", "other")
    assert fault.location.cell == (f"C{lines[0]}" if sheet else "")
    named = [f"C{line}" if sheet else f"第 {line} 行" for line in lines[1:4]] + ["…"] * (len(lines) > 4)
    assert fault.cause("zh").endswith("（T1）" + ("；另见 " + "、".join(named) if named else ""))
    assert ("另见" in fault.cause("zh")) == bool(named)


def test_an_id_that_several_teams_have_is_told_at_a_row_of_the_team_or_at_none() -> None:
    """A service that a village lacks stands in the rows of the others."""
    rows = [("V1", "供水"), ("V1", "供电"), ("V2", "供水")]
    cells = pd.DataFrame(rows, columns=["village_id", "service"], dtype="str", index=[2, 3, 4])
    columns = {column: Heading(place, column) for place, column in enumerate(cells)}
    raw = sent("s") | {"village_services": RawTable([TablePart("village_services", "s.x", "s", cells, columns)])}
    frames = frames_of(raw)

    def told(team: str, service: str) -> str:
        lacking = pd.DataFrame({"team": [team], "id": [service], "now": ["–"], "before": ["2"]})
        question = Question("service_left_out", (), lacking, table="village_services", columns=("service", "", ""))
        (fault,) = faults_of([as_finding(question, Comparison(2016, frames, {}, Norms()))], raw)
        return fault.location.cell or fault.location.sheet

    assert told("T2", "供电") == "s"  # not the row of the other team
    assert told("T2", "供水") == "B4" and told("T1", "供水") == "B2"


@pytest.mark.parametrize(
    ("about", "of", "place"),
    [
        ("", "households", ("households.x", "households", 0, "", "")),  # the sheet in which rows lack
        ("households.category", "households", ("households.x", "households!C10", 10, "C10", "other")),
        ("", "visits", ("teams.x", "teams!A3", 3, "A3", "T2")),  # which the team has none of
        ("", "teams", ("teams.x", "teams!A3", 3, "A3", "T2")),
    ],
)
def test_what_is_asked_of_a_team_as_a_whole_is_told_at_the_table(about, of, place) -> None:
    raw = sent("s")
    rows = pd.DataFrame({"team": ["T2"], "id": [about], "now": ["1"], "before": ["2"]})
    question = Question("rows_fewer", (), rows, table=of)
    (fault,) = faults_of([as_finding(question, Comparison(2016, frames_of(raw), {}, Norms()))], raw)
    at = fault.location
    assert (fault.file, fault.place, at.row, at.cell, fault.value) == place and (at.team or fault.value) == "T2"


def test_a_figure_of_the_province_is_told_at_its_cell_and_of_no_team() -> None:
    cells = pd.DataFrame({"year": ["2016"] * 2, "metric": ["income", "beds"], "value": ["9000", "3"]}, index=[2, 3])
    columns = {column: Heading(place, column) for place, column in enumerate(cells)}
    raw = sent("") | {"benchmarks": RawTable([TablePart("benchmarks", "benchmarks.x", "全省指标", cells, columns)])}
    rows = pd.DataFrame({"team": ["T1", "T2"], "id": "beds", "now": "3", "before": "9"})
    question = Question(
        "figure_lowered", (), rows, together=True, table="benchmarks", columns=("metric", "value", "value")
    )
    (fault,) = faults_of([as_finding(question, Comparison(2016, frames_of(raw), {}, Norms()))], raw)
    assert (fault.file, fault.place, fault.value) == ("benchmarks.x", "全省指标!C3", "3") and not fault.more
