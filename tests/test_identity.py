"""A workbook tells for which year and county it was made, and identifiers that two counties use are one message with its cause."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bad_input.files import rows_of, write_rows

from assess_lib.faults import ERROR, WARNING
from assess_lib.tables.checks.identity import check_titles
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.reading.labels import Heading
from assess_lib.tables.reading.qualifiers import beside
from assess_lib.tables.template import write_template
from assess_lib.tables.template_mark import mark_of, template_version

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]
YEAR = 2016


def filled(path: Path, year: int, county: str = "云汐县") -> Path:
    """A template of a county with its team and village, opened and saved by another program."""
    teams = pd.DataFrame({"team_id": ["T1"], "unit_id": ["D1"], "village_id": ["V1"], "county": ["云汐县"]})
    villages = pd.DataFrame({"village_id": ["V1"], "name": ["菊坝"], "county": ["云汐县"], "is_poor": [True]})
    write_template(path, year, {"teams": teams, "villages": villages}, county)
    openpyxl.load_workbook(path).save(path)
    return path


@pytest.mark.parametrize(("made_for", "keys"), [(2015, {"tables.of_another_year"}), (2016, set())])
def test_a_template_of_another_year_is_refused(made_for, keys, tmp_path) -> None:
    home = tmp_path / "data" / str(YEAR)
    home.mkdir(parents=True)
    filled(home / "云汐县.xlsx", made_for)
    checked = check_year(home.parent, YEAR, {"teams"})
    told = {fault.key for fault in checked.faults if fault.severity == ERROR and "another_year" in fault.key}
    assert told == keys and (checked.data is None) == bool(keys)


def test_a_template_of_another_county_or_version_is_asked_about(tmp_path, monkeypatch) -> None:
    home = tmp_path / "data" / str(YEAR)
    home.mkdir(parents=True)
    monkeypatch.setattr("assess_lib.tables.template.template_version", lambda: "an older one")
    filled(home / "县.xlsx", YEAR, "青岚县")
    told = {fault.key for fault in check_year(home.parent, YEAR, {"teams"}).faults if fault.severity == WARNING}
    assert {"tables.of_another_county", "tables.other_template"} <= told


def test_the_mark_survives_and_names_the_version_of_the_tables(tmp_path) -> None:
    import zipfile

    with zipfile.ZipFile(filled(tmp_path / "a.xlsx", YEAR)) as book:
        mark = mark_of(book.read("docProps/custom.xml"))
    assert mark is not None
    assert (mark.year, mark.county, mark.version) == (YEAR, "云汐县", template_version())


def test_a_file_named_for_another_year_is_asked_about(home) -> None:
    shutil.move(home / "visits.csv", home / "2015_入户走访.csv")
    shutil.move(home / "diaries.csv", home / "2016_民情日记.csv")
    told = [fault for fault in check_year(home.parent, YEAR).faults if fault.key == "tables.named_for_another_year"]
    assert [Path(fault.file).name for fault in told] == ["2015_入户走访.csv"]


def part(table: str, *titles: str, sheet: str = "", county: str = "", **headings: str) -> TablePart:
    """A part of a table with lines above it, and the columns headed so."""
    columns = {
        column: Heading(n, "", years=beside(table, column, word).years)
        for n, (column, word) in enumerate(headings.items())
    }
    return TablePart(
        table,
        "f.xlsx",
        sheet,
        pd.DataFrame({c: ["x"] for c in columns} or {"year": [1]}),
        columns,
        county=county,
        titles=titles,
    )


@pytest.mark.parametrize(
    ("titles", "sheet", "told"),
    [
        (("2015年农户登记表",), "农户", ERROR),
        (("云汐县２０１５年度农户登记表", "填报日期：2016年12月30日"), "农户", ERROR),
        (("二〇一五年农户登记表",), "农户", ERROR),
        (("农户登记表",), "农户-2015", ERROR),
        (("2017年农户登记表",), "农户", WARNING),
        (("填报日期：2014年3月1日",), "农户", WARNING),
        (("2016年农户登记表", "填报日期：2017年1月5日"), "农户", None),
        (("农户登记表", "填报日期：2017年1月5日"), "农户", None),
        (("二〇一六年农户登记表",), "农户", None),
        (("2015—2016年农户变动表 2016年",), "农户", None),
        (("鄂驻村办〔2014〕5号 附件2 农户登记表",), "农户", None),
        (("2014年以来建档立卡农户",), "农户", None),
        ((), "农户", None),
    ],
)
def test_a_title_of_another_year_is_told(titles, sheet, told) -> None:
    faults = list(check_titles({"households": RawTable([part("households", *titles, sheet=sheet)])}, YEAR))
    assert [fault.severity for fault in faults] == ([told] if told else [])


@pytest.mark.parametrize(
    ("column", "word", "told"),
    [
        ("income_yuan", "2015年", True),
        ("income_yuan", "2016年", False),
        ("income_prev_yuan", "2015年", False),
        ("income_prev_yuan", "2016年度", True),
    ],
)
def test_a_heading_of_another_year_is_an_error(column, word, told) -> None:
    faults = list(check_titles({"households": RawTable([part("households", **{column: word})])}, YEAR))
    assert [fault.key for fault in faults] == ["tables.headed_for_another_year"] * told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("青岚县农户登记表", ["青岚县"]),
        ("湖北省青岚县2016年农户登记表", ["青岚县"]),
        ("填报单位：青岚县扶贫办", ["青岚县"]),
        ("云汐县农户登记表", []),
        ("湖北省云汐县2016年农户登记表", []),
        ("全县农户登记表", []),
        ("2016年县市区农户登记表", []),
        ("贫困县农户登记表", []),
        ("片区农户登记表", []),
        ("十堰市2016年农户登记表", []),
        ("十堰市青岚县2016年农户登记表", ["青岚县"]),
        ("内蒙古自治区农户登记表", []),
    ],
)
def test_a_title_of_another_county_is_asked_about(title, told) -> None:
    raw = {
        "villages": RawTable([TablePart("villages", "f.xlsx", "", pd.DataFrame({"county": ["云汐县"]}), {})]),
        "households": RawTable([part("households", title, county="云汐县")]),
    }
    assert [fault.value for fault in check_titles(raw, YEAR)] == told


def test_ids_of_two_counties_are_one_message_for_each(tmp_path) -> None:
    """Three projects numbered P1 to P3 in each of two counties, as each numbers its own."""
    home = tmp_path / "data" / str(YEAR)
    home.mkdir(parents=True)
    for county, team in (("云汐县", "T1"), ("青岚县", "T2")):
        book = openpyxl.Workbook()
        book.active.title = "工作队"
        book.active.append(["工作队编号", "县"])
        book.active.append([team, county])
        projects = book.create_sheet("帮扶项目")
        projects.append(["项目编号", "村编号", "六个一类别"])
        for number in (1, 2, 3):
            projects.append([f"P{number}", team.replace("T", "V"), "产业"])
        book.save(home / f"{county}.xlsx")
    told = [fault for fault in check_year(home.parent, YEAR, {"teams"}).faults if fault.key == "tables.colliding_ids"]
    assert sorted((Path(fault.file).stem, fault.details["count"]) for fault in told) == [("云汐县", 3), ("青岚县", 3)]
    assert "420325-" in told[0].text("zh"), "with the remedy"


def test_columns_that_a_table_lacks_are_one_warning(home) -> None:
    rows = rows_of(home, "households")
    left_out = [rows[0].index(name) for name in ("exited_on", "safe_water")]
    write_rows(home, "households", [[cell for n, cell in enumerate(row) if n not in left_out] for row in rows])
    (fault,) = [fault for fault in check_year(home.parent, YEAR).faults if fault.key == "tables.absent_columns"]
    assert "脱贫日期" in fault.text("zh") and "饮水安全" in fault.text("zh")
