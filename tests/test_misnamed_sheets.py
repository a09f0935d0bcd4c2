"""A sheet with the heading of a table under another name: it is not used, and its cells are looked at all the same."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from assess_lib.sample.dataset import write_sample
from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow]
YEAR = 2016


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """A year without mistakes."""
    home = tmp_path_factory.mktemp("misnamed") / "data"
    write_sample(home, 6, 7, [YEAR])
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
