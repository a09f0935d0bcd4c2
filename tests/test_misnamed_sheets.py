"""A sheet with the heading of a table under another name: it is not used, and its cells are looked at all the same."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from assess_lib.faults import ERROR
from assess_lib.sample.dataset import write_sample
from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow]
YEAR = 2016


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """A year without mistakes."""
    home = tmp_path_factory.mktemp("misnamed") / "data"
    write_sample(home, 2, 7, [YEAR])
    return home


def one_workbook(data: Path, to: Path, name: str, table: str, **cells: object) -> Checked:
    """The check of all tables in a workbook, of which one has another name and in its second row other cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for file in sorted((data / str(YEAR)).glob("*")):
        rows = pd.read_csv(file, dtype="str") if file.suffix == ".csv" else pd.read_parquet(file).astype("str")
        sheet = book.create_sheet(name if file.stem == table else file.stem)
        sheet.append(list(rows))
        for line in rows.astype(object).where(rows.notna(), None).values.tolist():
            sheet.append(line)
        if file.stem == table:
            for column, value in cells.items():
                sheet.cell(2, list(rows).index(column) + 1).value = value
    (to / str(YEAR)).mkdir(parents=True)
    book.save(to / str(YEAR) / "all.xlsx")
    return check_year(to, YEAR)


@pytest.mark.parametrize(
    ("table", "cells", "told"),
    [
        ("meetings", {}, {}),
        ("meetings", {"due_on": "2016-06-31"}, {"D2": "tables.not_date"}),
        ("meetings", {"village_id": "V9999"}, {"B2": "tables.points_at_nothing"}),
        ("reports", {"kind": "x"}, {"B2": "tables.code"}),
        ("visits", {"visited_on": None}, {"C2": "tables.blank"}),
    ],
)
def test_what_is_wrong_in_a_sheet_of_another_name_is_told_at_once(clean, tmp_path, table, cells, told) -> None:
    checked = one_workbook(clean, tmp_path / "data", "年度材料", table, **cells)
    assert checked.data is None  # the table is not there
    sheet = [fault for fault in checked.errors() if fault.location.sheet == "年度材料"]
    assert {f.location.cell: f.key for f in sheet if f.location.cell} == told
    assert "tables.misnamed_sheet" in {fault.key for fault in sheet}


@pytest.mark.parametrize(
    ("column", "heading", "value", "told"),
    [
        ("due_on", "最晚日子", "2016-06-31", "tables.not_date"),  # the only one that is missing
        ("due_on", "最晚日子", None, "tables.blank"),
        ("village_id", "村子", "V9999", "tables.points_at_nothing"),
        ("kind", "种类", "x", "tables.code"),
        ("meeting_id", "会议序码", "G 1", "tables.sign_in_id"),
        ("due_on", "最晚日子", "2016-06-30", ""),
    ],
)
def test_what_is_wrong_in_a_column_of_another_name_is_told_at_once(
    clean, tmp_path, column, heading, value, told
) -> None:
    one_workbook(clean, tmp_path / "data", "meetings", "meetings", **{column: value})
    path = tmp_path / "data" / str(YEAR) / "all.xlsx"
    book = openpyxl.load_workbook(path)
    label = next(cell for cell in book["meetings"][1] if cell.value == column)
    label.value = heading
    book.save(path)
    checked = check_year(tmp_path / "data", YEAR)
    cell = f"{label.column_letter}2"
    assert [f.key for f in checked.errors() if f.location.cell == cell] == ([told] if told else [])
    assert any(f.key in ("tables.renamed_column", "tables.missing_column") for f in checked.errors())


def test_cells_of_a_column_that_may_be_another_are_not_looked_at(clean, tmp_path) -> None:
    """Two columns under names that are none, and one that is missing: nobody knows which it is."""
    one_workbook(clean, tmp_path / "data", "meetings", "meetings")
    path = tmp_path / "data" / str(YEAR) / "all.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["meetings"]
    label = next(cell for cell in sheet[1] if cell.value == "due_on")
    label.value = "日子甲"
    sheet.cell(1, sheet.max_column + 1).value = "日子乙"
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, sheet.max_column).value = "2016-06-30"
    sheet.cell(2, label.column).value = sheet.cell(3, sheet.max_column).value = "2016-06-31"
    book.save(path)
    found = check_year(tmp_path / "data", YEAR).errors()
    assert {f.location.cell for f in found if f.location.sheet == "meetings"} == {""}


@pytest.mark.parametrize(("name", "used"), [("家庭成员续表", False), ("家庭成员 (2)", True)])
def test_a_table_that_goes_on_in_a_sheet_of_another_name_is_told_with_the_name_to_give_it(
    clean, tmp_path, name, used
) -> None:
    whole = one_workbook(clean, tmp_path / "whole", "x", "no table")
    path = tmp_path / "whole" / str(YEAR) / "all.xlsx"
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["persons"]]
    further = book.create_sheet(name)
    for row in (rows[0], *rows[-3:]):
        further.append(row)
    book["persons"].delete_rows(len(rows) - 2, 3)
    book.save(path)
    checked = check_year(tmp_path / "whole", YEAR)
    told = [(fault.key, fault.severity) for fault in checked.faults if fault.location.sheet == name]
    assert told == ([] if used else [("tables.further_sheet", ERROR)])
    count = lambda of: len(of.tables.frames["persons"])
    assert count(checked) == count(whole) - (0 if used else 3)
    waiting = set() if used else set(checked.data.team_ids)
    assert {team for team, tables in checked.data.set_aside.items() if "persons" in tables} == waiting
