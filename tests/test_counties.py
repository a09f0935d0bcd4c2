"""A table that a county did not send, or that was not understood, is an error of its workbook and marks its teams."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from assess_lib import open_scorecard
from assess_lib.cli import main
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.tables.pipeline import check_year

YEAR, TEAMS = 2016, 8
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("counties"),
    pytest.mark.usefixtures("same_files_read_once"),
]


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    return write_workbooks(tmp_path_factory.mktemp("clean") / "data", TEAMS, YEAR, [YEAR], planted=False)


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def scores(data: Path, out: Path) -> pd.DataFrame:
    run("score", data, "--year", YEAR, "--out", out)
    return pd.read_csv(out / "scores.csv", index_col="team_id")


@pytest.fixture(scope="module")
def right(clean, tmp_path_factory) -> pd.DataFrame:
    """The scores of what all have sent."""
    return scores(clean, tmp_path_factory.mktemp("right"))


def county_book(home: Path) -> tuple[Path, str, list[str]]:
    """A workbook of a county, the county, and the ids of its teams."""
    for path in sorted(home.glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        if any("工作队" == name.strip("0123456789.、表 ") for name in book.sheetnames):
            county = path.stem
            checked = check_year(home.parent, YEAR)
            teams = checked.data.teams()
            return path, county, teams.index[teams["county"] == county].tolist()
    raise AssertionError("no county")


def sheet_of(book: openpyxl.Workbook, word: str) -> openpyxl.worksheet.worksheet.Worksheet:
    return next(sheet for sheet in book if word in sheet.title)


def _rename(title: str) -> Callable[[openpyxl.Workbook], None]:
    def how(book: openpyxl.Workbook) -> None:
        sheet_of(book, "资金流水").title = title

    return how


def _delete(book: openpyxl.Workbook) -> None:
    del book[sheet_of(book, "资金流水").title]


def _empty(book: openpyxl.Workbook) -> None:
    sheet = sheet_of(book, "资金流水")
    heading = next(
        row[0].row for row in sheet.iter_rows() if any(cell.value and "流水编号" in str(cell.value) for cell in row)
    )
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row > heading:
            sheet.unmerge_cells(str(merged))
    sheet.delete_rows(heading + 1, sheet.max_row)


def _hide(book: openpyxl.Workbook) -> None:
    sheet = sheet_of(book, "资金流水")
    sheet.title, sheet.sheet_state = "资金流水", "hidden"


RENAMED = (_rename("资金流水（修改稿）"), _rename("资金1-12月"), _rename("Sheet7"))


@pytest.mark.parametrize(
    "how",
    [*RENAMED, _delete, _empty, _hide],
    ids=["renamed", "other word", "Sheet7", "deleted", "heading alone", "hidden"],
)
def test_a_table_that_a_county_lacks_is_told_and_marks_its_teams(how, clean, right, tmp_path) -> None:
    data = Path(shutil.copytree(clean, tmp_path / "data"))
    path, county, teams = county_book(data / str(YEAR))
    assert teams and len(teams) < TEAMS
    book = openpyxl.load_workbook(path, data_only=True)  # a formula that is saved anew has no value
    how(book)
    book.save(path)

    told = [fault for fault in check_year(data, YEAR).faults if fault.of_county]
    word = "misnamed" if how in RENAMED else "hidden" if how is _hide else "lacks"
    assert {fault.key for fault in told} == {f"tables.county_{word}"}
    assert [(Path(fault.file).name, fault.location.county, fault.location.table) for fault in told] == [
        (path.name, county, "fund_flows")
    ]
    assert "资金流水" in told[0].text("zh") and county in told[0].text("zh")
    code, said = run("check", data, "--year", YEAR)
    assert code == 1 and county in said and len(re.findall("(?:错误|存疑) .*资金流水", said)) == 1
    code, said = run("score", data, "--year", YEAR, "--out", tmp_path / "out")
    assert code == 1 and str(len(teams)) in said
    wrong = pd.read_csv(tmp_path / "out" / "scores.csv", index_col="team_id")
    assert wrong.loc[teams, "provisional"].all()
    others = wrong.index.difference(teams)
    assert not wrong.loc[others, "provisional"].any()
    pd.testing.assert_series_equal(wrong.loc[others, "total"], right.loc[others, "total"])
    assert any("整张表" in words for words in open_scorecard(teams[0], YEAR, data).set_aside)


def test_all_sent_is_nothing_told(clean) -> None:
    assert run("check", clean, "--year", YEAR)[0] == 0


@pytest.mark.parametrize("others", ["rows of all", "rows of the others", "heading alone"])
def test_an_empty_sheet_beside_a_file_for_all_counties_is_told_where_that_has_no_rows_either(
    others, clean, tmp_path
) -> None:
    """The visits of all counties come from a system as one file; a county whose households are not in it lacks the table."""
    data = Path(shutil.copytree(clean, tmp_path / "data"))
    path, county, teams = county_book(data / str(YEAR))
    whole = check_year(data, YEAR).data.rows("visits")
    kept = {
        "rows of all": whole,
        "rows of the others": whole[~whole["team_id"].isin(teams)],
        "heading alone": whole.iloc[:0],
    }[others]
    kept.drop(columns=["team_id"]).to_csv(data / str(YEAR) / "visits.csv", index=False)
    for book_path in (data / str(YEAR)).glob("*.xlsx"):
        book = openpyxl.load_workbook(book_path)
        if sheets := [
            sheet for sheet in book if "走访" in sheet.title and (others != "heading alone" or book_path == path)
        ]:
            sheets[0].delete_rows(1, sheets[0].max_row)
            for row, name in enumerate(("户编号", "干部编号", "走访日期"), 1):
                sheets[0].cell(1, row, name)
            book.save(book_path)
    told = [f for f in check_year(data, YEAR).faults if f.key == "tables.county_lacks" and f.location.table == "visits"]
    assert [f.location.county for f in told] == ([] if others == "rows of all" else [county])
