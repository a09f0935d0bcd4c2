"""Workbooks spoilt at random: whatever is done to them, the check ends with words, and what is left can be scored."""

from __future__ import annotations

import datetime
import random
import shutil
from pathlib import Path

import openpyxl
import pytest

from assess_lib.api import load_rubric
from assess_lib.faults import UnusableInput
from assess_lib.pages.documents.check_page import check_page, write_book
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.scoring.assessment import assess
from assess_lib.tables.checks.report import Report
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.quarantine import keep_aside

FEW, MANY = 6, 60
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]
VALUES = (
    None,
    "",
    0,
    -1,
    1e300,
    float(2**60),
    "x",
    "是",
    "=1+1",
    "#N/A",
    "2016年2月30日",
    "1900-01-01",
    "9999-12-31",
    "0001-01-01",
    20160101,
    42370,
    99999,
    "１２",
    "１，０００",
    "万元",
    "3万",
    "-5%",
    "合计",
    "小计",
    "T0001",
    "V0001",
    "H0001000",
    "😀" * 3,
    "a" * 40_000,
    "王小明",
    "990000195407090004",
    datetime.datetime(1950, 1, 1),
    datetime.time(3, 4),
    True,
    "null",
    "NaN",
    "inf",
    "1e5",
    "½",
)


def pytest_generate_tests(metafunc) -> None:
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(MANY if metafunc.config.getoption("--all-faults") else FEW))


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> Path:
    return write_workbooks(tmp_path_factory.mktemp("books"), 4, 3, [2016], planted=False)


def spoil(path: Path, chance: random.Random) -> None:
    """Change cells, rows, columns, merged areas and sheets, and now and then bytes of the file."""
    book = openpyxl.load_workbook(path, data_only=True)
    for _ in range(chance.randint(1, 40)):
        sheet = chance.choice(book.worksheets)
        what = chance.random()
        if what < 0.75:
            row = chance.randint(1, min(sheet.max_row, chance.choice([5, 60, 2000])))
            cell = sheet.cell(row, chance.randint(1, sheet.max_column + 1))
            if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                cell.value = chance.choice(VALUES)
        elif what < 0.82:
            sheet.delete_rows(chance.randint(1, 6), chance.randint(1, 3))
        elif what < 0.88:
            sheet.delete_cols(chance.randint(1, sheet.max_column), 1)
        elif what < 0.94:
            sheet.insert_rows(chance.randint(1, 8), chance.randint(1, 5))
        elif len(book.sheetnames) > 2 and what < 0.97:
            del book[sheet.title]
        else:
            sheet.title = chance.choice(["天气", "工作队", "农户表 2", "x" * 20])
    book.save(path)
    if chance.random() < 0.3:
        content = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 20)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(bytes(content))


def test_the_check_ends_with_words_and_what_is_left_is_scored(turn, books, tmp_path) -> None:
    data, chance = tmp_path / "data", random.Random(turn)
    shutil.copytree(books, data)
    try:
        spoil(chance.choice(sorted((data / "2016").glob("*.xlsx"))), chance)
    except (AttributeError, KeyError, ValueError, TypeError):
        pytest.skip("openpyxl cannot write what was done")
    checked = check_year(data, 2016)
    assert all(fault.key != "reading.unreadable" for fault in checked.faults), "an exception that nobody foresaw"
    report = Report(
        str(data), 2016, checked.faults, checked.data is not None, 0, checked.rows_set_aside, checked.unowned
    )
    for lang in ("zh", "en"):
        assert check_page(report, lang)
        assert write_book(tmp_path / f"{lang}.xlsx", report, lang).exists()
    keep_aside(data, 2016, checked)
    if checked.data is not None:
        try:
            assess(load_rubric(None, 2016), checked.data)
        except UnusableInput as unusable:
            assert unusable.faults
