"""What a check gives to send back, what becomes of rows that are set aside, and what a scorecard says of them."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bad_input.files import change, put, rows_of, write_rows
from click.testing import CliRunner
from support.situations import SAMPLE

from assess_lib.api import load_data, load_rubric, load_years
from assess_lib.cli import main
from assess_lib.faults import Fault, Location
from assess_lib.pages.documents.check_page import check_page
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.tables.checks.report import Report

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]
ALIVE = "=cmd|' /C calc'!A0"


@pytest.fixture
def data(tmp_path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "data")
    return tmp_path / "data"


def assess(*arguments) -> tuple[int, str]:
    run = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert "Traceback" not in run.output
    return run.exit_code, run.output


def check(data: Path, *more) -> tuple[int, str]:
    return assess("check", data, "--year", 2016, *more)


def test_the_workbook_has_a_sheet_for_each_county_and_nothing_in_it_is_alive(data, tmp_path) -> None:
    home = data / "2016"
    put(home, "fund_flows", 1, "amount_yuan", ALIVE)  # T0001, 云汐县
    put(home, "households", 30, "main_business", "@SUM(1+1)*cmd|' /C calc'!A0")
    rows = rows_of(home, "teams")
    rows[2][rows[0].index("county")] = "-2+3[县]"  # T0002
    rows[2][rows[0].index("started_on")] = ALIVE
    write_rows(home, "teams", rows)
    code, said = check(data, "--out", tmp_path / "report")
    assert code == 1 and "错误 2 项" in said
    path = tmp_path / "report" / "check.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "收到的数据", "-2+3_县_", "云汐县"]
    assert [[cell.value for cell in row] for row in book["汇总"].iter_rows(min_row=2)] == [
        ["-2+3[县]", 1, 1, 0],  # and another county than that of its village
        ["云汐县", 1, 0, 0],
    ]
    line = dict(zip([c.value for c in book["云汐县"][1]], [c.value for c in book["云汐县"][2]]))
    assert (line["级别"], line["文件"], line["行"], line["列"], line["工作队"]) == (
        "错误",
        "fund_flows.csv",
        "2",
        "金额",
        "T0001",
    )
    assert line["填写值"] == ALIVE and line["问题"] == "不是数" and line["改法"].startswith("如 1250")
    for report in (path, data / "quarantine" / "2016.xlsx"):
        with zipfile.ZipFile(report) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/"))
        assert "<f>" not in text and "<hyperlink" not in text
        assert all(
            cell.data_type != "f"
            for sheet in openpyxl.load_workbook(report).worksheets
            for row in sheet
            for cell in row
        )


def test_the_page_shows_values_as_text_and_reaches_for_nothing(data, tmp_path) -> None:
    put(data / "2016", "fund_flows", 1, "amount_yuan", "<script>alert(1)</script>")
    check(data, "--out", tmp_path)
    html = (tmp_path / "check.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html
    assert html.count("<script>") == 1 and "default-src 'none'" in html and "http" not in html.replace("http-equiv", "")
    assert str(tmp_path) not in html, "no address of this machine"
    before = html, (tmp_path / "check.xlsx").read_bytes()
    check(data, "--out", tmp_path)
    assert before == ((tmp_path / "check.html").read_text(encoding="utf-8"), (tmp_path / "check.xlsx").read_bytes())


def test_in_english_too(data, tmp_path) -> None:
    put(data / "2016", "fund_flows", 1, "amount_yuan", "三百")
    code, said = check(data, "--out", tmp_path, "--lang", "en")
    assert code == 1 and "1 error, " in said and "not a number" in said
    assert "What is wrong" in (tmp_path / "check.html").read_text(encoding="utf-8")
    assert openpyxl.load_workbook(tmp_path / "check.xlsx").sheetnames[0] == "Summary"


def test_rows_set_aside_are_kept_whole_and_let_go_when_they_are_mended(data) -> None:
    home = data / "2016"
    clean = rows_of(home, "persons")
    put(home, "persons", 4, "able_to_work", "也许")
    assert check(data)[0] == 1
    kept = data / "quarantine" / "2016.xlsx"
    sheet = openpyxl.load_workbook(kept)["家庭成员"]
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows(max_row=2))
    assert dict(zip(head, row))["姓名"] == clean[4][clean[0].index("name")], "whole, in the data folder"
    assert row[:2] == ["persons.csv", "row 5"] and "也许" in row and "不是“是/否”" in row[2]
    assert sheet.max_row == 2
    write_rows(home, "persons", clean)
    assert check(data)[0] == 0 and not kept.exists()


def test_a_team_with_rows_set_aside_is_provisional_and_its_card_says_why(data) -> None:
    home = data / "2016"
    put(home, "households", 2, "persons", "两口")  # both of T0001
    put(home, "visits", 3, "visited_on", "去年")
    now, before = load_years(data, 2016)
    clean, _ = load_years(SAMPLE, 2016)
    touched = now.scores.index[now.scores["provisional"] & ~clean.scores["provisional"]]
    assert list(touched) == ["T0001"]
    card = Scorecard(now, before, "T0001")
    assert card.set_aside == ["“农户”1 行", "“入户走访”1 行"]
    assert Scorecard(now, before, "T0002").set_aside == []
    from assess_lib.pages import blocks

    assert "“农户”1 行、“入户走访”1 行有错误，未采用" in blocks.head(card).html
    assert now.data.fingerprint != clean.data.fingerprint


def test_a_row_of_a_unit_concerns_all_its_teams(data) -> None:
    rows = rows_of(data / "2016", "teams")
    at = rows[0].index("unit_id")
    unit = next(row[at] for row in rows[1:] if [other[at] for other in rows].count(row[at]) > 1)
    number = next(n for n, row in enumerate(rows_of(data / "2016", "unit_actions")) if row[1] == unit)
    put(data / "2016", "unit_actions", number, "on", "年初")
    assert set(load_data(data, 2016, load_rubric(None, 2016)).set_aside) == {
        row[0] for row in rows[1:] if row[at] == unit
    }


def test_scores_and_runs_go_on_without_the_rows_and_say_so(data, tmp_path) -> None:
    put(data / "2016", "households", 2, "persons", "两口")
    code, said = assess("score", data, "--year", 2016, "--out", tmp_path / "score")
    assert code == 1 and "1 行有错误，未采用" in said and str(data / "quarantine" / "2016.xlsx") in said
    scores = pd.read_csv(tmp_path / "score" / "scores.csv").set_index("team_id")
    assert scores.at["T0001", "provisional"] and len(scores) == 24
    code, said = assess("run", data, "--year", 2016, "--out", tmp_path / "run", "--teams", "T0001", "--jobs", 1)
    assert code == 1 and "1 行有错误，未采用" in said and "失败 0 张" in said
    assert "有错误，未采用" in (tmp_path / "run" / "teams" / "T0001.html").read_text(encoding="utf-8")
    assert (tmp_path / "run" / "scores.csv").read_bytes() == (tmp_path / "score" / "scores.csv").read_bytes()


def test_a_team_whose_own_row_cannot_be_used_is_named(data, tmp_path) -> None:
    put(data / "2016", "teams", 1, "village_id", "V9999")
    code, said = assess("run", data, "--year", 2016, "--out", tmp_path / "run", "--teams", "T0002", "--jobs", 1)
    assert code == 1 and "T0001" in said
    assert "T0001" not in pd.read_csv(tmp_path / "run" / "scores.csv")["team_id"].tolist()
    assert "T0001" in (tmp_path / "run" / "index.html").read_text(encoding="utf-8"), "it does not vanish in silence"


def test_the_order_of_contradicting_rows_does_not_matter(data, tmp_path) -> None:
    home = data / "2016"
    rows = rows_of(home, "inspections")
    other = list(rows[1])
    other[rows[0].index("rating")] = "1"
    prints = []
    for order in ([*rows, other], [rows[0], other, *rows[1:]]):
        write_rows(home, "inspections", order)
        prints.append(load_data(data, 2016, load_rubric(None, 2016)).fingerprint)
    assert prints[0] == prints[1]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_that_cannot_be_written_is_told(data) -> None:
    put(data / "2016", "households", 2, "persons", "两口")
    data.chmod(0o500)
    try:
        assert check(data)[0] == 2
    finally:
        data.chmod(0o700)


def test_suspicious_data_are_used_and_told(data, tmp_path) -> None:
    change(data / "2016", "visits", lambda rows: [*rows, rows[1]])
    code, said = check(data)
    assert code == 0 and "存疑 1 项" in said and "只采用一次" in said
    rules = load_rubric(None, 2016)
    assert load_data(data, 2016, rules).fingerprint == load_data(SAMPLE, 2016, rules).fingerprint


def test_partitioned_data_get_a_report_too(tmp_path) -> None:
    from assess_lib.sample.dataset import write_sample

    data = write_sample(tmp_path / "data", 8, 5, [2016], partitioned=True, jobs=1)
    path = sorted((data / "2016" / "households").glob("*/*.parquet"))[0]
    frame = pd.read_parquet(path, partitioning=None)
    frame.loc[3, "persons"] = -2
    frame.to_parquet(path, index=False)
    code, said = check(data, "--out", tmp_path / "report", "--jobs", 1)
    assert code == 2 and "错误 1 项" in said
    assert openpyxl.load_workbook(tmp_path / "report" / "check.xlsx").sheetnames[1].endswith(("县", "市", "区"))


def test_the_screen_shows_a_page_and_counts_notes_by_kind(data, tmp_path) -> None:
    for row in range(1, 61):  # each another amount that cannot be
        put(data / "2016", "fund_flows", row, "amount_yuan", f"{20 + row}000000000")
    rows = rows_of(data / "2016", "households")
    write_rows(data / "2016", "households", [*rows, ["合计"] + [""] * 5, ["填表人：", *[""] * 5], ["合计"] + [""] * 5])
    code, said = check(data)
    assert code == 1 and said.count("  错误 ") + said.count("  存疑 ") == 40
    assert "另有错误和存疑" in said and "加 --out 文件夹 写出全部" in said
    assert "说明 合计行，不是数据，已跳过（2 项）" in said and said.count("合计行") == 1
    _, said = check(data, "--out", tmp_path / "report")
    assert f"全部见 {tmp_path / 'report' / 'check.xlsx'}" in said
    page = (tmp_path / "report" / "check.html").read_text(encoding="utf-8")
    assert page.count("000,000,000 不可能") == 60 and "<b>60 项</b>" in page
    assert "云汐县</small>" in page  # who puts it right


def test_what_is_frequent_leaves_room_on_the_page_for_the_rest(tmp_path) -> None:
    where = lambda row: Location("households", row, "persons", "农户", f"D{row}", row, "T0001", "云汐县")
    many = [
        Fault(
            "tables.low",
            "县.xlsx",
            f"农户!D{n}",
            f"值{n}",
            {"low": "0", "high": "9"},
            "error",
            where(n),
            more={"zh": f"{n}"},
        )
        for n in range(2, 702)
    ]
    other = Fault("tables.not_whole", "县.xlsx", "农户!D900", "两口", {}, "warning", where(900))
    report = Report(str(tmp_path), 2016, [*many, other], True, teams=1)
    page = check_page(report, "zh")
    assert len(report.causes) == 701
    assert page.count('<tr data-severity="error"') == 500 and page.count('<tr data-severity="warning"') == 1
    assert "700 项" in page and "另有 200 条，见 check.xlsx" in page and "显示 501 / 501 条" in page
