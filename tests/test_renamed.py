"""A column or sheet under another name is told as the one that it is by its values or headings, once, and not guessed."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.checks.counties import told_at_sheets
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.grid import SheetGrid, TextGrid
from assess_lib.tables.reading.headings import recognise, table_by_heading
from assess_lib.tables.schemas import words_of

MEASURES = ["户编号", "年度", "措施", "需要", "申请日期", "落实日期"]
ROWS = [["H1", "2016", "发展产业", "是", "2016-03-01", "2016-05-01"], ["H2", "2016", "小额贷款", "否", "", ""]]
FLOWS = ["流水编号", "村编号", "来源", "环节", "金额", "日期"]


def told(table: str, heading: list[str], rows: list[list[str]], text: bool = False) -> list[tuple[str, str, str]]:
    """What is told of a table as a whole: key, severity, cell or column."""
    grid = TextGrid(pd.DataFrame([heading, *rows])) if text else SheetGrid([heading, *rows], "表")
    part, faults = recognise(grid, table, "甲县.xlsx")
    faults += [f for f in parse_table(table, RawTable([part])).unreadable if hasattr(f, "location")]
    return [(f.key.partition(".")[2], f.severity, f.location.cell or f.value) for f in faults]


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("words", [("发展产业", "小额贷款"), ("industry", "micro_loan"), ("发展产业", "")])
def test_a_column_of_codes_under_another_name_is_one_error(words, text) -> None:
    rows = [[*row[:2], word, *row[3:]] for row, word in zip(ROWS, words)]
    heading = ["帮扶方式" if name == "措施" else name for name in MEASURES]
    assert told("household_measures", heading, rows, text) == [("renamed_column", ERROR, "帮扶方式" if text else "C1")]


def test_its_words_say_what_to_do() -> None:
    grid = SheetGrid([["帮扶方式" if name == "措施" else name for name in MEASURES], *ROWS], "到户措施")
    _, (fault,) = recognise(grid, "household_measures", "甲县.xlsx")
    assert fault.cause("zh") == "没有名为“措施”的列，而这一列的值都是它的名称或代码"
    assert fault.remedy("zh").startswith("列名改回“措施”") and "measure" in fault.text("en")


@pytest.mark.parametrize(
    ("column", "name", "values", "keys"),
    [
        ("户编号", "编码", ["H1", "H2"], ["renamed_column"]),  # ids, and the only required column that is missing
        ("户编号", "编码", ["H1", "王某"], ["unknown_column", "missing_column"]),
        ("户编号", "人数", ["4", "3"], ["unknown_column", "missing_column"]),  # numbers are no ids
        ("措施", "帮扶方式", ["发展产业", "养猪"], ["unknown_column", "missing_column"]),
        ("措施", "帮扶方式", ["", ""], ["unknown_column", "missing_column"]),
        (
            "落实日期",
            "何时",
            ["2016-05-01", ""],
            ["unknown_column", "absent_columns"],
        ),  # an optional one may be another day
    ],
)
def test_values_decide(column, name, values, keys) -> None:
    place = MEASURES.index(column)
    rows = [[*row[:place], value, *row[place + 1 :]] for row, value in zip(ROWS, values)]
    heading = [name if one == column else one for one in MEASURES]
    assert [key for key, _, _ in told("household_measures", heading, rows)] == keys


def test_a_required_day_is_known_where_it_alone_is_missing() -> None:
    row = ["F1", "V1", "涉农专项资金", "支出", "300", "2016-03-01"]
    heading = [*FLOWS[:-1], "何时"]
    assert told("fund_flows", heading, [row])[0] == ("renamed_column", ERROR, "F1")
    both = ["号码", *heading[1:]]  # the id and the day: which is which is seen by their values, but two are missing
    assert [key for key, _, _ in told("fund_flows", both, [row])][:2] == ["unknown_column"] * 2


def test_two_columns_that_could_be_it_are_not_guessed_between() -> None:
    heading = ["户编号", "方式一", "方式二", "需要"]
    rows = [["H1", "发展产业", "小额贷款", "是"]]
    keys = [key for key, _, _ in told("household_measures", heading, rows)]
    assert keys.count("unknown_column") == 2 and "missing_column" in keys and "renamed_column" not in keys


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        (["户编号", "措施", "需要", "天气"], "下列之一（表中还没有的列）：申请日期、落实日期"),
        (["户编号", "措施", "需要", "申请日期", "落实日期", "天气"], "本表的列都有了；不用的列删去"),
    ],
)
def test_only_columns_that_are_not_there_are_named(heading, names) -> None:
    grid = SheetGrid([heading, ["H1", "发展产业", "是", "晴", "", ""][: len(heading)]], "到户措施")
    _, (fault,) = recognise(grid, "household_measures", "甲县.xlsx")
    assert (fault.key, fault.severity, fault.remedy("zh")) == ("tables.unknown_column", WARNING, names)


MEETINGS = ["会议编号", "村编号", "类别", "应开日期", "召开日期"]


@pytest.mark.parametrize(
    ("heading", "without", "table"),
    [
        (MEETINGS, {"meetings", "reports", "visits"}, "meetings"),
        (MEETINGS, {"reports", "visits"}, ""),  # the table is there already
        ([*MEETINGS, "备注"], {"meetings"}, "meetings"),
        ([*MEETINGS, "天气", "心情", "地点"], {"meetings"}, ""),  # too much of something else
        (MEETINGS[:2], {"meetings"}, ""),
        (["户编号", "干部编号", "走访日期"], {"visits", "meetings"}, "visits"),
        (["队员编号", "日期", "内容"], {"work_logs", "diaries"}, ""),  # either of them
        (["队员编号", "日期", "内容"], {"diaries", "visits"}, "diaries"),
        (["天气", "心情"], {"meetings"}, ""),
    ],
)
def test_a_sheet_is_known_by_its_heading(heading, without, table) -> None:
    names = sorted(without)
    assert table_by_heading(SheetGrid([["2016年统计表"], heading], "三会一课"), names) == table


def fault(key: str, file: str, table: str, sheet: str = "", severity: str = ERROR, **more) -> Fault:
    words = {"table": words_of(table), "county": "云汐县"}
    return Fault(f"tables.{key}", file, sheet, sheet, words, severity, Location(table, sheet=sheet), **more)


def test_a_table_that_stands_under_another_name_is_told_at_its_sheet_alone() -> None:
    lack = fault("county_lacks", "甲.xlsx", "meetings", of_county=True)
    sheet = fault("misnamed_sheet", "甲.xlsx", "meetings", "三会一课", WARNING)
    other = fault("misnamed_sheet", "乙.xlsx", "meetings", "会", WARNING)
    (one, two) = told_at_sheets([sheet, other, lack])
    assert (one.key, one.severity, one.of_county, one.place) == ("tables.county_misnamed", ERROR, True, "三会一课")
    assert "改名为“会议与公开”" in one.remedy("zh") and two is other, "its rows may come from a file for all counties"
    assert told_at_sheets([lack]) == [lack]


def test_a_table_that_nobody_sent_is_told_at_the_sheets_that_have_its_heading() -> None:
    missing, sheet = (
        fault("missing_table", "2016", "meetings"),
        fault("misnamed_sheet", "甲.xlsx", "meetings", "会", WARNING),
    )
    assert [(one.key, one.severity) for one in told_at_sheets([sheet, missing])] == [("tables.misnamed_sheet", ERROR)]
    assert told_at_sheets([missing]) == [missing]
