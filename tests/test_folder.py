"""What lies in the folder of a year beside the tables, or below it, is read or told, each cause once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bad_input.files import as_workbook, put

from assess_lib.api import check_data, load_rubric
from assess_lib.faults import ERROR, NOTE, WARNING
from assess_lib.scoring.assessment import assess
from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]

YEAR = 2016


@pytest.fixture(scope="module")
def fingerprint(three_teams) -> str:
    return check_year(three_teams, YEAR).data.fingerprint


def checked(home: Path) -> Checked:
    return check_year(home.parent, YEAR)


def told(found: Checked) -> list[tuple[str, str, str]]:
    return [(fault.key, fault.severity, Path(fault.file).name) for fault in found.faults]


@pytest.mark.parametrize("folder", ["云汐县", "云汐县/资金", "第一批 (2016)"])
def test_files_in_sub_folders_are_read(folder, home, fingerprint) -> None:
    (home / folder).mkdir(parents=True)
    for name in ("fund_flows", "visits", "households"):
        shutil.move(home / f"{name}.csv", home / folder)
    found = checked(home)
    assert told(found) == [] and found.data.fingerprint == fingerprint


def test_a_folder_too_deep_and_one_that_is_a_link_are_told(home, tmp_path) -> None:
    deep = home.joinpath(*"abcdefgh")
    deep.mkdir(parents=True)
    shutil.move(home / "audits.csv", deep)
    (home / "loop").symlink_to(home, target_is_directory=True)
    assert told(checked(home)) == [("tables.too_deep", ERROR, "g"), ("tables.outside", ERROR, "loop")]


@pytest.mark.parametrize(
    "name", ["农户.bak", "说明.html", "~tmp.tmp", "快捷方式.lnk", "盖章扫描.tif", "导出.log", "网址.url", "通知.PDF"]
)
def test_stray_files_do_not_block_a_year(name, home) -> None:
    (home / name).write_bytes(b"x")
    found = checked(home)
    assert told(found) == [("tables.unknown_file", NOTE, name)] and found.data is not None


@pytest.mark.parametrize(
    "name",
    [
        "甲县 - 副本.xlsx",
        "甲县(1).xlsx",
        "甲县 (2).xlsx",
        "复件 甲县.xlsx",
        "甲县_备份.xlsx",
        "Copy of 甲县.xlsx",
        "甲县终稿.xlsx",
    ],
)
def test_a_file_with_the_same_bytes_is_one_line_and_counts_once(name, home, fingerprint) -> None:
    shutil.copy(as_workbook(home, "visits"), home / name)
    found = checked(home)
    assert told(found) == [("tables.same_file", WARNING, name)] and found.data.fingerprint == fingerprint


@pytest.mark.parametrize("name", ["visits - 副本.csv", "visits(1).csv", "visits_copy.csv"])
def test_a_copy_that_says_something_else_is_one_error(name, home) -> None:
    shutil.copy(home / "visits.csv", home / "kept.csv")
    put(home, "visits", 1, "visited_on", "2016-12-30")
    (home / "kept.csv").rename(home / name)
    assert told(checked(home)) == [("tables.other_copy", ERROR, name)]


@pytest.mark.parametrize("name", ["甲县.xls", "甲县.xlsb", "甲县.ods", "甲县.et", "甲县.zip", "甲县.rar"])
def test_nothing_but_files_that_cannot_be_read_is_all_that_is_said(name, home) -> None:
    for path in home.iterdir():
        path.unlink()
    (home / name).write_bytes(b"x")
    (home / "通知.pdf").write_bytes(b"x")
    assert [key for key, severity, _ in told(checked(home)) if severity == ERROR] == [
        "tables.unknown_file",
        "tables.no_files",
    ]


def test_an_empty_folder_is_one_error(home) -> None:
    for path in home.iterdir():
        path.unlink()
    assert told(checked(home)) == [("tables.no_files", ERROR, str(YEAR))]


@pytest.mark.parametrize(
    "row, key, column",
    [
        ("T0001,no_such,,1,,", "tables.entered_indicator", "indicator"),
        ("T0001,{asked},,,,", "tables.entered_blank", "value"),
        ("T0001,{asked},,200,,", "tables.entered_range", "value"),
        ("T0001,{asked},extra,50,,", "tables.entered_item", "item"),
        ("T0099,{asked},,50,,", "tables.points_at_nothing", "team_id"),
    ],
)
def test_entered_values_are_checked_like_every_table(row, key, column, home, tmp_path) -> None:
    """One wrong row names its cell and marks its team; the others are scored."""
    rubric = load_rubric(None, YEAR)
    asked = next(i.id for i in rubric.indicators() if i.entered and i.unit == "rating")
    lines = ["team_id,indicator,item,value,status,note", f"T0002,{asked},,80,,", row.format(asked=asked)]
    (home / "entered_values.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = check_data(home.parent, YEAR, rubric)
    assert [(fault.key, fault.location.row, fault.location.column) for fault in found.errors()] == [(key, 3, column)]
    assert found.data is not None and found.data.tables["entered_values"]["team_id"].tolist() == ["T0002"]
    scores = assess(rubric, found.data).scores
    assert scores.at["T0001", "provisional"] or row.startswith("T0099")
    assert len(scores) == 3
