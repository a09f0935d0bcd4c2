"""The corpus: what is done to a clean sample, and the fault that must be told: key, place, words of it in Chinese.

``python tests/bad_input/corpus.py FOLDER`` writes every case into a folder of its own, for looking at.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bad_input.files import as_workbook, change, put, rows_of, with_formula, with_parts, write_rows

SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Case:
    """One bad input. ``place`` None where it does not matter; ``alone`` when nothing else may be told of it."""

    name: str
    spoil: Callable[[Path], object]
    key: str
    place: str | None = None
    words: str = ""
    severity: str = "error"
    alone: bool = True


def cell(
    table: str,
    column: str,
    value: str,
    key: str,
    words: str,
    severity: str = "error",
    row: int = 1,
    name: str = "",
    alone: bool = True,
) -> Case:
    """One cell of a CSV table."""
    place = f"row {row + 1}, column {column}"
    title = name or f"{table}-{column}-{key.rpartition('.')[2]}-{value[:12] or 'blank'}"
    return Case(title, lambda home: put(home, table, row, column, value), key, place, words, severity, alone)


def _share_in_percent(home: Path) -> None:
    """Entered values are kept as shares of one: under a heading in per cent, 0.95 is less than one per cent."""
    heading = ["team_id", "indicator", "value (%)"]
    rows = [[f"T000{number}", "survey", value] for number, value in ((1, "92"), (2, "0.95"), (3, "88"))]
    write_rows(home, "entered_values", [heading, *rows])


def _repeat(rows, number=1, **changes):
    again = list(rows[number])
    for column, value in changes.items():
        again[rows[0].index(column)] = value
    return [*rows, again]


def _replace(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _book(content: bytes) -> Callable[[Path], None]:
    return lambda home: _replace(home / "甲县.xlsx", content)


def _cut(home: Path) -> None:
    path = as_workbook(home, "inspections")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _wrong_checksum(home: Path) -> None:
    path = as_workbook(home, "inspections")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as book:
        part = book.getinfo(SHEET)
        at = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    content[at] ^= 0xFF
    path.write_bytes(bytes(content))


def _bomb(home: Path) -> None:
    with zipfile.ZipFile(home / "甲县.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open(SHEET, "w") as part:
            for _ in range(300):
                part.write(b"0" * 2**20)


def _many_parts(home: Path) -> None:
    with zipfile.ZipFile(home / "甲县.xlsx", "w") as book:
        for number in range(2_100):
            book.writestr(f"xl/media/{number}.xml", "<a/>")


def _far_cell(home: Path) -> None:
    def how(book):
        book.active["XFD1048576"] = "x"

    as_workbook(home, "inspections", how=how)


def _far_cell_in_disguise(home: Path) -> None:
    """The same written as other programs may: a prefix, single quotes, small letters, the sheet in a part of another name."""
    path = as_workbook(home, "inspections")
    cell = b"<x:row r='1048576'><x:c r = 'xfd1048576' t='inlineStr'><x:is><x:t>x</x:t></x:is></x:c></x:row></sheetData>"
    declared = b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    with zipfile.ZipFile(path) as book:
        sheet = book.read(SHEET).replace(b"</sheetData>", cell).replace(b"<worksheet ", declared, 1)
        rels = book.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"elsewhere/../other/data.bin")
    with_parts(path, {"xl/other/data.bin": sheet, "xl/_rels/workbook.xml.rels": rels})


def _merged_to_the_end(home: Path) -> None:
    """Cells merged down to the end of the sheet, and the million empty rows that openpyxl then writes."""

    def blank(book):
        for (cell,) in book.active[f"B3:B{book.active.max_row}"]:
            cell.value = None

    path = as_workbook(home, "inspections", how=blank)
    with zipfile.ZipFile(path) as book:
        last = book.read(SHEET).count(b"<row ")
    rows = b"".join(b'<row r="%d"></row>' % n for n in range(last + 1, 1_048_577))
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B2:B1048576"/></mergeCells>'
    area = b'ref="A1:F%d"'
    with_parts(
        path,
        {SHEET: lambda sheet: sheet.replace(area % last, area % 1_048_576).replace(b"</sheetData>", rows + merged)},
    )
    put(home, "fund_flows", 3, "amount_yuan", "三百")


def _empty_rows(home: Path) -> None:
    """A million rows that hold a format and nothing else, as after a fill down to the end of a sheet."""
    path = as_workbook(home, "inspections")
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(2_000, 1_048_577))
    with_parts(path, {SHEET: lambda content: content.replace(b"</sheetData>", rows + b"</sheetData>")})
    put(home, "fund_flows", 3, "amount_yuan", "三百")


def _entities(home: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'.encode()
    path = as_workbook(home, "inspections")
    with_parts(path, {SHEET: lambda content: content.replace(b"<worksheet", declared + b"<worksheet", 1)})


def _without_part(home: Path) -> None:
    path = as_workbook(home, "inspections")
    with zipfile.ZipFile(path) as book:
        held = {name: book.read(name) for name in book.namelist() if name != SHEET}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in held.items():
            book.writestr(name, content)


def _hide(book) -> None:
    book.create_sheet("front")
    book["inspections"].sheet_state = "hidden"


def _hidden_old(book) -> None:
    book.create_sheet("督查_检查督办").append(["督查编号"])
    book["督查_检查督办"].sheet_state = "veryHidden"


def _no_heading(home: Path) -> None:
    change(home, "inspections", lambda rows: rows[1:])


def _deep_heading(home: Path) -> None:
    change(home, "inspections", lambda rows: [*([["说明"]] * 25), *rows])


def _mixed(home: Path) -> None:
    path = home / "inspections.csv"
    path.write_bytes(path.read_bytes() + "N9,T0001,work,省驻村办,2016-05-05,90\n".encode("gbk"))


def _nul(home: Path) -> None:
    path = home / "inspections.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2][:4] + b"\0" + lines[2][4:], *lines[3:]]))


def _ragged(home: Path) -> None:
    change(home, "visits", lambda rows: [*rows[:80], [*rows[80], "x", "y", "z"], *rows[81:]])


def _open_quote(home: Path) -> None:
    path = home / "inspections.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("省驻村办", '"省驻村办', 1), encoding="utf-8")


def _link(home: Path) -> None:
    outside = home.parent.parent / "outside.csv"
    shutil.move(home / "inspections.csv", outside)
    (home / "inspections.csv").symlink_to(outside)


def _spread(home: Path, table: str, column: str, value: str) -> None:
    rows = rows_of(home, table)
    at = rows[0].index(column)
    first = rows[1][rows[0].index("member_id")]
    write_rows(home, table, [rows[0], *([*r[:at], value, *r[at + 1 :]] if first in r else r for r in rows[1:])])


def _days_from_1904(home: Path) -> None:
    """Serial numbers in a workbook that counts days from 1904: they would be four years off."""

    def how(book):
        book.active["D2"] = 42_434

    path = as_workbook(home, "meetings", how=how)
    with_parts(
        path, {"xl/workbook.xml": lambda content: content.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)}
    )


def _row_in_two_files(home: Path) -> None:
    rows = rows_of(home, "inspections")
    write_rows(home, "乙县_检查督办", rows[:2])


def _days(home: Path) -> None:
    rows = rows_of(home, "attendance")
    mine = [row for row in rows[1:] if row[0] == rows[1][0]]
    write_rows(home, "attendance", [*rows, *(mine * 2)])


def _secretaries(home: Path) -> None:
    put(home, "members", 2, "role", "first_secretary")


def _id_twice(home: Path) -> None:
    rows = rows_of(home, "persons")
    put(home, "persons", 1, "id_number", rows[2][rows[0].index("id_number")])


def _early_visit(home: Path) -> None:
    change(home, "visits", lambda rows: [rows[0], [*rows[1][:2], "2016-06-01"], *rows[2:]])
    homes = rows_of(home, "visits")[1]
    rows = rows_of(home, "pairings")
    for row in rows[1:]:
        if row[:2] == homes[:2]:
            row[rows[0].index("paired_from")] = "2016-06-02"
    write_rows(home, "pairings", rows)


_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_VALID_ID = "990000195407090004"

CASES: tuple[Case, ...] = (
    # ---- cells ----
    cell("fund_flows", "amount_yuan", "三百", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "约5000", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "12%", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "1,23,4", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "inf", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "500美元", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "=1+1", "tables.not_number", "不是数"),
    cell("fund_flows", "amount_yuan", "-300", "tables.refund", "小于 0"),
    cell("fund_flows", "amount_yuan", "", "tables.blank", "必填而未填"),
    cell("fund_flows", "on", "2016-02-30", "tables.not_date", "不是日期"),
    cell("fund_flows", "on", "16.3.5", "tables.not_date", "不是日期"),
    cell("fund_flows", "on", "05/03/2016", "tables.not_date", "不是日期"),
    cell("fund_flows", "on", "2016年3月", "tables.not_date", "不是日期"),
    cell("fund_flows", "on", "3月5日-8日", "tables.not_date", "不是日期"),
    cell("fund_flows", "on", "2015-12-31", "tables.outside_year", "不在 2016 年内"),
    cell("fund_flows", "source", "礼金", "tables.code", "涉农专项资金"),
    cell("fund_flows", "under_plan", "部分", "tables.not_yes_no_blank", "按空白处理", "warning"),
    cell(
        "persons", "able_to_work", "也许", "tables.not_yes_no", "不是“是/否”"
    ),  # a blank would spare the team something
    cell("households", "surveyed_on", "2016年3月", "tables.not_date_blank", "按空白处理", "warning"),
    cell("households", "surveyed_on", "2016-02-30", "tables.not_date_blank", "按空白处理", "warning"),
    cell("households", "persons", "2.5", "tables.not_whole", "不是整数"),
    cell("households", "persons", "两口", "tables.not_whole", "不是整数"),
    cell("households", "year", "2015", "tables.outside_year", "不在 2016 年内"),
    cell("inspections", "rating", "101", "tables.high", "大于 100"),
    cell("inspections", "inspection_id", "督查1号", "tables.identifier", "编号写法不对"),
    cell("inspections", "inspection_id", "../../etc/passwd", "tables.identifier", "编号写法不对"),
    cell(
        "inspections",
        "inspection_id",
        _VALID_ID,
        "checks.personal_identifier",
        "做编号",
        name="inspections-id-number",
    ),
    cell("inspections", "team_id", "T9999", "tables.points_at_nothing", "在“工作队”表的“工作队编号”列里找不到"),
    cell("village_year", "groups_broadband", "99", "tables.part_over_whole", "大于“村民小组数”"),
    cell("members", "on_duty_to", "2014-12-31", "tables.before", "早于“驻村起”（2016-01-05）", row=2, alone=False),
    cell(
        "inspections",
        "inspector",
        "长" * 40_000,
        "reading.cell_too_long",
        "超过 32767",
        name="inspections-cell-too-long",
    ),
    Case(
        "a-key-with-two-meanings",
        lambda home: change(home, "inspections", lambda rows: _repeat(rows, rating="1")),
        "tables.duplicate_key",
        "row 2, column inspection_id",
        "内容不一致",
        alone=False,
    ),
    # ---- what is suspicious ----
    Case(
        "a-row-twice",
        lambda home: change(home, "inspections", _repeat),
        "checks.repeated_row",
        None,
        "只采用一次",
        "warning",
    ),
    cell("persons", "id_number", "990000195407090005", "checks.id_number", "GB 11643", "warning"),
    cell("persons", "id_number", "990000195413090004", "checks.id_number", "GB 11643", "warning"),
    cell("persons", "id_number", "9.90000E+17", "checks.id_lost_digits", "被 Excel 变成了数值", "warning"),
    Case(
        "two-people-one-number",
        _id_twice,
        "checks.id_twice",
        "row 2, column id_number",
        "身份证号相同",
        "warning",
        alone=False,
    ),
    cell("households", "income_yuan", "350000", "checks.far_above_median", "中位数", "warning", alone=False),
    cell("households", "income_yuan", "98765432", "checks.impossible_per", "不可能"),
    cell("village_year", "farmer_income_per_head_yuan", "1092300", "checks.impossible", "不可能"),
    cell(
        "village_year",
        "farmer_income_per_head_yuan",
        "150000",
        "checks.far_above_median",
        "中位数",
        "warning",
        alone=False,
    ),
    cell("visits", "cadre_id", "C999", "checks.visit_without_pairing", "没有结对记录", "warning"),
    Case(
        "a-visit-before-the-pairing",
        _early_visit,
        "checks.visit_before_pairing",
        "row 2, column visited_on",
        "早于结对日期",
        "warning",
        alone=False,
    ),
    Case(
        "one-text-for-every-day",
        lambda home: _spread(home, "work_logs", "entry", "入户走访"),
        "checks.same_text",
        "row 2, column entry",
        "内容相同",
        "warning",
    ),
    Case(
        "more-days-than-a-year",
        _days,
        "checks.days_over_year",
        "row 2, column member_id",
        "一年只有 366 天",
        "warning",
        alone=False,
    ),
    Case("two-first-secretaries", _secretaries, "checks.second_first_secretary", None, "两名第一书记", "warning"),
    Case(
        "accepted-before-completed",
        lambda home: put(home, "projects", 1, "accepted_on", "2016-01-02"),
        "tables.before",
        "row 2, column accepted_on",
        "早于“完成日期”",
    ),
    Case(
        "off-duty",
        lambda home: put(home, "members", 1, "on_duty_to", "2016-12-20"),
        "checks.off_duty",
        None,
        "不在队员的任职期",
        "warning",
        alone=False,
    ),
    # ---- headings ----
    Case("no-heading", _no_heading, "reading.no_known_heading", "", "找不到表头", alone=False),
    Case("heading-too-deep", _deep_heading, "reading.no_known_heading", "", "找不到表头", alone=False),
    Case(
        "a-column-twice",
        lambda home: change(home, "inspections", lambda rows: [[*row, row[5]] for row in rows]),
        "tables.repeated_column",
        "column rating",
        "同名的列",
    ),
    Case(
        "a-column-missing",
        lambda home: change(home, "inspections", lambda rows: [row[:5] for row in rows]),
        "tables.missing_column",
        "",
        "缺少“评分”列",
    ),
    Case(
        "a-column-of-nobody",
        lambda home: change(
            home, "inspections", lambda rows: [[*row, "x" if n else "天气"] for n, row in enumerate(rows)]
        ),
        "tables.unknown_column",
        "column 天气",
        "没有这一列",
        "warning",
    ),
    Case(
        "dollars",
        lambda home: change(
            home, "fund_flows", lambda rows: [[c if c != "amount_yuan" else "金额（美元）" for c in rows[0]], *rows[1:]]
        ),
        "reading.unknown_unit",
        "column 金额（美元）",
        "单位不认识",
        alone=False,
    ),
    Case(
        "only-a-heading",
        lambda home: change(home, "inspections", lambda rows: rows[:1]),
        "tables.empty_table",
        None,
        "没有任何行",
    ),
    Case(
        "a-sheet-of-no-table",
        lambda home: as_workbook(home, "inspections", "天气记录"),
        "tables.misnamed_sheet",
        "天气记录",
        "工作表名不是任何一个数据表",
        alone=False,
    ),
    # ---- text files ----
    Case(
        "gbk",
        lambda home: write_rows(home, "inspections", rows_of(home, "inspections"), "gbk"),
        "reading.gb18030",
        None,
        "GB 18030",
        "note",
    ),
    Case("two-encodings", _mixed, "reading.encoding", None, "编码混乱", alone=False),
    Case("nul", _nul, "reading.nul", "row 3", "空字符", alone=False),
    Case(
        "empty-file",
        lambda home: _replace(home / "inspections.csv", b""),
        "reading.no_heading",
        None,
        "文件是空的",
        alone=False,
    ),
    Case(
        "blank-lines",
        lambda home: _replace(home / "inspections.csv", b"\n\n \n"),
        "reading.no_heading",
        None,
        "文件是空的",
        alone=False,
    ),
    Case("ragged", _ragged, "reading.long_row", "row 81, column household_id", "格数比表头多"),
    Case("open-quote", _open_quote, "reading.ragged", None, "引号没有成对", alone=False),
    # ---- workbooks ----
    Case("empty-workbook", _book(b""), "reading.empty", None, "文件是空的"),
    Case("noise", _book(bytes(range(256)) * 40), "reading.no_workbook", None, "内容不是工作簿"),
    Case("cut-off", _cut, "reading.damaged", None, "损坏或不完整", alone=False),
    Case("wrong-checksum", _wrong_checksum, "reading.damaged", None, "损坏或不完整", alone=False),
    Case("part-missing", _without_part, "reading.damaged", None, "损坏或不完整", alone=False),
    Case("old-workbook", _book(_OLE + bytes(4000)), "reading.old_workbook", None, "旧格式"),
    Case(
        "locked",
        _book(_OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le") + bytes(900)),
        "reading.locked",
        None,
        "打开密码",
    ),
    Case(
        "web-page",
        _book("\ufeff<html><table><tr><td>工作队</td></tr></table></html>".encode()),
        "reading.web_page",
        None,
        "网页",
    ),
    Case(
        "another-zip",
        lambda home: with_parts(as_workbook(home, "inspections"), {}) and _only(home, "word/document.xml"),
        "reading.no_workbook",
        None,
        "内容不是工作簿",
        alone=False,
    ),
    Case("bomb", _bomb, "reading.too_large", None, "300 MB"),
    Case("many-parts", _many_parts, "reading.too_large", None, "不打开"),
    Case("far-cell", _far_cell, "reading.far_cell", "inspections!XFD1048576", "延伸到 XFD1048576", alone=False),
    Case(
        "far-cell-in-disguise",
        _far_cell_in_disguise,
        "reading.far_cell",
        "inspections!XFD1048576",
        "延伸到 XFD1048576",
        alone=False,
    ),
    Case("merged-to-the-end", _merged_to_the_end, "tables.not_number", "row 4, column amount_yuan", "不是数"),
    Case("a-million-empty-rows", _empty_rows, "tables.not_number", "row 4, column amount_yuan", "不是数"),
    Case("entities", _entities, "reading.entities", None, "可扩展实体", alone=False),
    Case(
        "a-share-in-per-cent",
        _share_in_percent,
        "reading.share_in_percent",
        "row 3, column value",
        "按 0.95% 采用",
        "warning",
    ),
    Case(
        "macros",
        lambda home: with_parts(as_workbook(home, "inspections"), {"xl/vbaProject.bin": b"x"}),
        "reading.macros",
        None,
        "宏不会运行",
        "warning",
    ),
    Case(
        "external-links",
        lambda home: with_parts(as_workbook(home, "inspections"), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "reading.external_links",
        None,
        "不访问链接",
        "warning",
    ),
    Case(
        "hidden-table",
        lambda home: as_workbook(home, "inspections", how=_hide),
        "tables.hidden_table",
        "inspections",
        "缺少数据表“检查督办”：这张工作表是隐藏的",
    ),
    Case(
        "hidden-old-table",
        lambda home: as_workbook(home, "inspections", how=_hidden_old),
        "reading.hidden_sheet",
        "督查_检查督办",
        "隐藏的",
        "warning",
    ),
    Case(
        "error-of-a-formula",
        lambda home: with_formula(home, "inspections", "rating", "=1/0", "#DIV/0!"),
        "reading.error_value",
        "inspections!F2",
        "公式出错",
        alone=False,
    ),
    Case(
        "formula-without-value",
        lambda home: with_formula(home, "inspections", "rating", "=A1", ""),
        "reading.no_value",
        "inspections!F2",
        "没有保存计算结果",
        alone=False,
    ),
    Case("days-from-1904", _days_from_1904, "tables.not_date", "meetings!D2", "不是日期", alone=False),
    # ---- what lies in the folder ----
    Case("a-row-in-two-files", _row_in_two_files, "checks.repeated_row", None, "检查督办.csv 第 2 行", "warning"),
    Case("xls", lambda home: _replace(home / "甲县.xls", _OLE), "tables.unknown_file", None, "不能读取这种文件"),
    Case(
        "a-letter",
        lambda home: _replace(home / "来函.docx", b"PK"),
        "tables.unknown_file",
        None,
        "不能读取这种文件",
        "note",
    ),
    Case(
        "a-table-of-nobody",
        lambda home: _replace(home / "天气.csv", b"a\n1\n"),
        "tables.unknown_table",
        "",
        "文件名不是任何一个数据表",
    ),
    Case(
        "a-name-that-steers",
        lambda home: _replace(home / "a\x1b[31m\u202e=cmd.csv", b"a\n1\n"),
        "tables.unknown_table",
        "",
        "文件名不是",
    ),
    Case("a-link-to-elsewhere", _link, "tables.outside", None, "链接", alone=False),
    Case("a-pipe", lambda home: os.mkfifo(home / "pipe.csv"), "tables.unknown_file", None, "不能读取这种文件"),
)


def _only(home: Path, part: str) -> None:
    with zipfile.ZipFile(home / "甲县.xlsx", "w") as book:
        book.writestr(part, "<a/>")


if __name__ == "__main__":
    from assess_lib.sample.dataset import write_sample

    for case in CASES:
        case.spoil(write_sample(Path(sys.argv[1]) / case.name, 3, 5, [2016]) / "2016")
