"""The receipt says of every table in every file what was found and used, in what unit, and what it adds up to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bad_input.files import as_workbook, put, rows_of, write_rows
from click.testing import CliRunner

from assess_lib.api import check_data, compute_years, load_rubric
from assess_lib.cli import main
from assess_lib.records.record import write_record
from assess_lib.runs.fingerprints import current_program, files_read
from assess_lib.sample.dataset import write_sample
from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]

YEAR = 2016


def checked(data: Path) -> Checked:
    return check_data(data, YEAR, load_rubric(None, YEAR))


def money(home: Path) -> tuple[int, Decimal]:
    """Rows and yuan of the table of flows, added up from its text."""
    rows = rows_of(home, "fund_flows")
    at = rows[0].index("amount_yuan")
    return len(rows) - 1, sum((Decimal(row[at]) for row in rows[1:]), Decimal(0))


def test_rows_sums_and_units_are_those_of_the_files(home) -> None:
    count, total = money(home)
    lines = {line.table: line for line in check_year(home.parent, YEAR).receipt()}
    flows = lines["fund_flows"]
    assert (flows.rows, flows.used, flows.set_aside) == (count, count, 0)
    assert flows.sums == {"amount_yuan": total} and flows.units == {"amount_yuan": ""}
    assert all(line.used == line.rows for line in lines.values())


def test_a_unit_in_the_heading_stands_in_the_receipt_and_the_sum_is_in_yuan(home) -> None:
    count, total = money(home)

    def in_ten_thousands(book: openpyxl.Workbook) -> None:
        sheet = book.active
        at = next(cell.column for cell in sheet[1] if cell.value == "amount_yuan")
        sheet.cell(1, at).value = "金额（万元）"
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at).value = float(Decimal(sheet.cell(row, at).value) / 10_000)

    as_workbook(home, "fund_flows", "资金流水", in_ten_thousands)
    flows = next(line for line in check_year(home.parent, YEAR).receipt() if line.table == "fund_flows")
    assert flows.units == {"amount_yuan": "万元"} and flows.sums == {"amount_yuan": total} and flows.rows == count


def test_rows_that_are_not_used_and_columns_that_are_not_there_are_counted(home) -> None:
    count, total = money(home)
    first = Decimal(rows_of(home, "fund_flows")[1][rows_of(home, "fund_flows")[0].index("amount_yuan")])
    put(home, "fund_flows", 1, "amount_yuan", "很多")
    rows = rows_of(home, "visits")
    (home / "visits.csv").write_text("".join(",".join(row) + "\n" for row in [*rows, rows[-1]]), encoding="utf-8")
    lines = {line.table: line for line in check_year(home.parent, YEAR).receipt()}
    assert (lines["fund_flows"].rows, lines["fund_flows"].used) == (count, count - 1)
    assert lines["fund_flows"].sums["amount_yuan"] == total - first
    visits, flows = lines["visits"], lines["fund_flows"]
    assert (visits.rows, visits.used, visits.again, visits.set_aside) == (len(rows), len(rows) - 1, 1, 0)
    assert (flows.rows, flows.used, flows.again, flows.set_aside) == (count, count - 1, 0, 1)
    done = CliRunner().invoke(main, ["check", str(home.parent), "--year", str(YEAR), "--out", str(home.parent / "out")])
    assert "另有 1 行与别的行完全相同，只采用一次" in done.output and "1 行未采用" in done.output
    sheet = openpyxl.load_workbook(home.parent / "out" / "check.xlsx")["收到的数据"]
    heads = [cell.value for cell in sheet[1]]
    at = {row[heads.index("数据表")].value: row[heads.index("重复")].value for row in sheet.iter_rows(2)}
    assert (at["入户走访"], at["资金流水"]) == (1, 0)
    assert set(lines["visits"].absent).isdisjoint(rows[0])


def test_it_stands_on_the_screen_on_the_page_and_in_the_workbook(home, tmp_path) -> None:
    count, total = money(home)
    done = CliRunner().invoke(main, ["check", str(home.parent), "--year", str(YEAR), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0 and "收到" in done.output and "采用" in done.output
    page = (tmp_path / "out" / "check.html").read_text(encoding="utf-8")
    assert "收到的数据" in page and f"{total:,.2f}" in page and str(tmp_path) not in page
    sheet = openpyxl.load_workbook(tmp_path / "out" / "check.xlsx")["收到的数据"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row))) for row in sheet.iter_rows(2)]
    flows = next(row for row in rows if row["数据表"] == "资金流水")
    assert flows["读到"] == flows["采用"] == count and f"{total:,.2f}" in flows["合计（元）"]
    assert {row["文件"] for row in rows} == {path.name for path in home.iterdir()}


def test_last_years_rows_stand_beside_and_a_table_of_half_of_them_is_asked_about(tmp_path) -> None:
    data = write_sample(tmp_path / "data", 3, 5, [2015, 2016])
    assert not [fault for fault in checked(data).faults if fault.key == "checks.far_fewer_rows"]
    lines = {line.table: line for line in checked(data).receipt()}
    assert lines["fund_flows"].before == len(rows_of(data / "2015", "fund_flows")) - 1
    assert lines["diaries"].before == len(rows_of(data / "2015", "diaries")) - 1
    rows = rows_of(data / "2016", "household_measures")
    kept = len(rows_of(data / "2015", "household_measures")) // 2 - 1
    write_rows(data / "2016", "household_measures", rows[: 1 + kept])
    (fault,) = [fault for fault in checked(data).faults if fault.key == "checks.far_fewer_rows"]
    assert fault.details["count"] == kept and Path(fault.file).name == "household_measures.csv"


def test_the_receipt_stands_in_the_record_of_a_run(tmp_path) -> None:
    data = write_sample(tmp_path / "data", 3, 5, [2015, 2016])
    years = compute_years(data, 2016)
    write_record(tmp_path, years, current_program(), files_read(years))
    lines = pd.read_csv(tmp_path / "record" / "receipt.csv", dtype=str, keep_default_na=False)
    flows = lines[(lines["year"] == "2016") & (lines["table"] == "fund_flows")].iloc[0]
    count, total = money(data / "2016")
    assert flows[["file", "rows", "used"]].tolist() == ["fund_flows.csv", str(count), str(count)]
    assert flows["sums"].startswith("amount_yuan=") and Decimal(flows["sums"].removeprefix("amount_yuan=")) == total
    assert str(tmp_path) not in (tmp_path / "record" / "receipt.csv").read_text(encoding="utf-8")
