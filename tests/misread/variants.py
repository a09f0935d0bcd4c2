"""Files as counties send them, made from a clean table: each is one way of writing, with what must become of it.

A variant is read as the clean table is (``READ``), or something is told of it under the key that stands with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from assess_lib.tables.schemas import SCHEMAS

Rows = list[list[str]]
Sheet = openpyxl.worksheet.worksheet.Worksheet
READ, DIFFERS = "", "differs"


@dataclass(frozen=True)
class Variant:
    """One way of writing a table. ``write`` is given the clean cells, heading first, and a folder, and gives the file."""

    name: str
    table: str
    write: Callable[[Rows, Path], Path]
    key: str = READ

    @property
    def of_unit(self) -> bool:
        """True for a way that writes numbers in another unit: two such ways contradict each other."""
        return any(
            word in self.name for word in ("heading", "above", "own unit", "units", "number format", "another column")
        )


def chinese(table: str, rows: Rows) -> Rows:
    """The cells under the Chinese names of their columns."""
    return [[SCHEMAS[table].columns[column].metadata["zh"] for column in rows[0]], *map(list, rows[1:])]


def _typed(table: str, column: str, text: str) -> object:
    kind = SCHEMAS[table].columns[column].metadata["kind"] if column in SCHEMAS[table].columns else "text"
    return float(text) if kind in ("number", "whole") and text else text or None


def in_sheet(table: str, how: Callable[[Sheet, Rows], object], named: str = "") -> Callable[[Rows, Path], Path]:
    """A workbook with the table in a sheet, numbers as numbers, to which something is done."""

    def write(rows: Rows, folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = named or SCHEMAS[table].metadata["zh"]
        sheet.append(chinese(table, rows)[0])
        for row in rows[1:]:
            sheet.append([_typed(table, column, cell) for column, cell in zip(rows[0], row)])
        how(sheet, rows)
        book.save(folder / "甲县.xlsx")
        return folder / "甲县.xlsx"

    write.how, write.named = how, named
    return write


def in_text(
    how: Callable[[list[str]], list[str]], encoding: str = "utf-8", end: str = "\n"
) -> Callable[[Rows, Path], Path]:
    """A CSV file, of which the lines are changed; its name is that of the table."""

    def write(rows: Rows, folder: Path) -> Path:
        import csv
        import io

        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path = folder / "table.csv"
        path.write_bytes("".join(line + end for line in how(text.getvalue().splitlines())).encode(encoding))
        return path

    return write


def without_end(how: Callable[[str], str]) -> Callable[[Rows, Path], Path]:
    """A CSV file that was cut."""

    def write(rows: Rows, folder: Path) -> Path:
        path = in_text(lambda lines: lines)(rows, folder)
        path.write_text(how(path.read_text(encoding="utf-8")), encoding="utf-8")
        return path

    return write


def odd_line(odd: str, usual: str = "utf-8") -> Callable[[Rows, Path], Path]:
    """A CSV file with a line in another encoding."""

    def write(rows: Rows, folder: Path) -> Path:
        path = in_text(lambda lines: lines)(rows, folder)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[2] = lines[2].rsplit(",", 1)[0] + ",入户走访贫困户并座谈\n"
        path.write_bytes(b"".join(line.encode(odd if n == 2 else usual) for n, line in enumerate(lines)))
        return path

    return write


def place(rows: Rows, column: str) -> int:
    """The number of a column in a sheet, from 1."""
    return rows[0].index(column) + 1


def scaled(sheet: Sheet, rows: Rows, column: str, by: float) -> None:
    """Write the numbers of a column in another unit."""
    if by == 1:
        return
    for cell in sheet.iter_rows(2, sheet.max_row, place(rows, column), place(rows, column)):
        if cell[0].value is not None:
            cell[0].value = round(cell[0].value / by, 10)


def headed(column: str, label: str, by: float = 1) -> Callable[[Sheet, Rows], None]:
    """Another label for a column, and its numbers in the unit that it names."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, column, by)
        sheet.cell(1, place(rows, column)).value = label

    return how


def above(*lines: list[object], column: str = "", by: float = 1) -> Callable[[Sheet, Rows], None]:
    """Lines above the heading, and the numbers of a column in the unit that they name."""

    def how(sheet: Sheet, rows: Rows) -> None:
        if column:
            scaled(sheet, rows, column, by)
        sheet.insert_rows(1, len(lines))
        for number, line in enumerate(lines, start=1):
            for at, value in enumerate(line, start=1):
                sheet.cell(number, at).value = value

    return how


def below(line: Callable[[Rows], list[object]], column: str = "", by: float = 1) -> Callable[[Sheet, Rows], None]:
    """A line right below the heading."""

    def how(sheet: Sheet, rows: Rows) -> None:
        if column:
            scaled(sheet, rows, column, by)
        sheet.insert_rows(2)
        for at, value in enumerate(line(rows), start=1):
            sheet.cell(2, at).value = value

    return how


def footer(*line: object) -> Callable[[Sheet, Rows], None]:
    """A line below the rows."""
    return lambda sheet, rows: sheet.append(list(line))


def put(column: str, value: object, row: int = 0) -> Callable[[Sheet, Rows], None]:
    """One cell. Parameters: ``row`` of the sheet; without it that of the first row of the table, wherever it stands now."""

    def how(sheet: Sheet, rows: Rows) -> None:
        first = next((cell.row for cell in sheet["A"] if cell.value == rows[1][0]), 2)
        sheet.cell(row or first, place(rows, column)).value = value

    return how


def merged(column: str, first: int = 2, last: int = 4) -> Callable[[Sheet, Rows], None]:
    """Cells of a column merged over rows, as Excel leaves them: the first keeps its value."""

    def how(sheet: Sheet, rows: Rows) -> None:
        at = place(rows, column)
        sheet.merge_cells(start_row=first, end_row=last, start_column=at, end_column=at)

    return how


def _units_row(unit: str) -> Callable[[Rows], list[object]]:
    return lambda rows: [unit if column == "amount_yuan" else None for column in rows[0]]


def _second_table(sheet: Sheet, rows: Rows) -> None:
    sheet.append([])
    sheet.append(["考核工作记录"])
    sheet.append(["队员编号", "日期", "夜宿"])
    sheet.append(["M1", "2016-03-01", "是"])


def _starred_table(sheet: Sheet, rows: Rows) -> None:
    for line in ([], ["*村编号", "人口", "上年人口"], ["V1", "100", "99"]):
        sheet.append(line)


def _comment(sheet: Sheet, rows: Rows) -> None:
    sheet.cell(3, 1).comment = Comment("已注销", "县扶贫办")


def _unit_comment(at: str, text: str, by: float) -> Callable[[Sheet, Rows], None]:
    """A comment on the heading of the amounts or on the first of them, which are written in the unit that it names."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, "amount_yuan", by)
        sheet.cell(1 if at == "the heading" else 2, place(rows, "amount_yuan")).comment = Comment(text, "县扶贫办")

    return how


def _over(text: str) -> Callable[[Sheet, Rows], None]:
    """A line right above the heading, with a word above the amounts and another above the first column."""

    def how(sheet: Sheet, rows: Rows) -> None:
        sheet.insert_rows(1)
        sheet.cell(1, 1).value = "基本情况"
        sheet.cell(1, place(rows, "amount_yuan")).value = text

    return how


def _struck(sheet: Sheet, rows: Rows) -> None:
    for cell in sheet[3]:
        cell.font = Font(strike=True)


def _hidden_row(sheet: Sheet, rows: Rows) -> None:
    sheet.row_dimensions[3].hidden = True


def _hidden_column(sheet: Sheet, rows: Rows) -> None:
    sheet.column_dimensions["B"].hidden = True


def _number_format(shape: str, by: float = 1) -> Callable[[Sheet, Rows], None]:
    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, "amount_yuan", by)
        for row in sheet.iter_rows(2, sheet.max_row, place(rows, "amount_yuan"), place(rows, "amount_yuan")):
            row[0].number_format = shape

    return how


def _units_above(unit: str, by: float) -> Callable[[Sheet, Rows], None]:
    def how(sheet: Sheet, rows: Rows) -> None:
        line = [unit if column == "amount_yuan" else "是/否" if column == "under_plan" else None for column in rows[0]]
        above(line, column="amount_yuan", by=by)(sheet, rows)

    return how


def _merged_across(sheet: Sheet, rows: Rows) -> None:
    at = place(rows, "amount_yuan")
    sheet.merge_cells(start_row=3, end_row=3, start_column=at - 1, end_column=at)


MONEY = {
    "金额（万元）": (10_000, READ),
    "金额（万元，含配套）": (10_000, READ),
    "金额（以万元计）": (10_000, READ),
    "金额（单位：万元）": (10_000, READ),
    "金额（人民币万元）": (10_000, READ),
    "金额（万元/年）": (10_000, READ),
    "金额【万元】": (10_000, READ),
    "金额[万元]": (10_000, READ),
    "金额\n（万元）": (10_000, READ),
    "金额/万元": (10_000, READ),
    "金额万元": (10_000, READ),
    "金额（千元）": (1_000, READ),
    "金额（亿元）": (100_000_000, READ),
    "金额（元）": (1, READ),
    "金额（元/年）": (1, READ),
    "金额（含配套）": (1, READ),
    "金额（萬元）": (10_000, READ),
    "金额（万元，2016年度）": (10_000, READ),
    "金额（2016年）": (1, READ),
    "★金额（必填）": (1, READ),
    "资金金额（万元）": (10_000, READ),
    "金额（W）": (10_000, "reading.unknown_unit"),
    "金额（10k）": (10_000, "reading.unknown_unit"),
    "金额（×10⁴元）": (10_000, "reading.unknown_unit"),
    "金额（wan yuan）": (10_000, "reading.unknown_unit"),
    "金额（10000元）": (10_000, "reading.unknown_unit"),
    "金额（百元）": (100, "reading.unknown_unit"),
    "金额（十万元）": (100_000, "reading.unknown_unit"),
    "金额（美元）": (1, "reading.unknown_unit"),
    "金额（万美元）": (10_000, "reading.unknown_unit"),
    "金额（港元）": (1, "reading.unknown_unit"),
    "金额（$）": (1, "reading.unknown_unit"),
    "金额（元或万元）": (1, "reading.unknown_unit"),
    "金额（%）": (1, "reading.unknown_unit"),
    "资金数": (1, "tables.missing_column"),
    "金额（拾万元）": (100_000, "reading.unknown_unit"),
    "金额（元整）": (1, READ),
    "金额（元/人）": (1, "reading.other_figure"),
    "金额（万元/月）": (10_000, "reading.other_figure"),
    "金额（万元，计划）": (10_000, "reading.other_figure"),
    "金额（万元）（上年）": (10_000, "reading.other_figure"),
    "金额（到账数）": (1, "reading.unknown_remark"),
    "金额（单位：元，必填）": (1, READ),
    "⑫金额（元）": (1, READ),
}
FOOTERS = (
    ("合计", None, None, 1_000_000),
    ("本页合计",),
    ("云汐县合计", None, None, 99),
    ("小计：",),
    (None, "合计", None, 5),
    ("平均", None, None, 5),
    ("填表人：张三",),
    ("说明：", None, None, "日期："),
    ("填表人：张三", None, "审核人：李四", None, "日期：2016年12月31日"),
    ("单位负责人：", None, None),
    ("（盖章）",),
    ("制表日期：2016年12月30日",),
    (None, None, None, "填报日期：2016.12.30"),
    ("联系电话：027-12345678",),
    ("注：1.本表由县扶贫办填报",),
    ("说明：金额为实际到账数",),
    ("数据来源：县财政局",),
    ("以上数据截至2016年12月31日",),
    ("审核： 校核： 制表：",),
    ("第1页 共2页",),
    ("其中：财政专项资金 12 笔", None, None, None, 3_000),
    ("共161条",),
    ("合计：161笔", None, None, None, 3_000),
    ("全县", None, None, None, 3_000),
)
DIARY = "diaries"

VARIANTS: list[Variant] = [
    *(
        Variant(f"heading {label!r}", "fund_flows", in_sheet("fund_flows", headed("amount_yuan", label, by)), key)
        for label, (by, key) in MONEY.items()
    ),
    *(
        Variant(
            f"line above {line[-1]!r}", "fund_flows", in_sheet("fund_flows", above(line, column="amount_yuan", by=by))
        )
        for line, by in (
            ([None, None, "单位：万元"], 10_000),
            (["2016年资金流水（单位：万元）"], 10_000),
            (["2016年资金流水（万元）"], 10_000),
            (["单位:元"], 1),
            (["金额单位：人民币万元"], 10_000),
            (["填报单位：云汐县扶贫办"], 1),
            (["单位：人、万元"], 10_000),
            (["单位：万元 填报单位：云汐县"], 10_000),
            (["单位：", "万元"], 10_000),
            (["金额單位：萬元"], 10_000),
            (["本表金额以万元计"], 10_000),
            (["金额单位为千元"], 1_000),
            ([None, None, None, "万元"], 10_000),
        )
    ),
    Variant(
        "line above with two units",
        "fund_flows",
        in_sheet("fund_flows", above(["单位：万元"], ["单位：元"], column="amount_yuan")),
        "reading.unknown_unit",
    ),
    *(
        Variant(
            f"line above {text!r}",
            "fund_flows",
            in_sheet("fund_flows", above([text], column="amount_yuan", by=10_000)),
            "reading.unknown_unit",
        )
        for text in ("单位：W", "单位：百元", "单位：10k元")
    ),
    Variant(
        "units in a row above the heading",
        "fund_flows",
        in_sheet("fund_flows", _units_above("万元", 10_000)),
    ),
    Variant(
        "amount merged with the cell before it",
        "fund_flows",
        in_sheet("fund_flows", _merged_across),
        "reading.merged_over_columns",
    ),
    *(
        Variant(f"line below the heading's own unit {text!r}", "fund_flows", in_sheet("fund_flows", how), key)
        for text, how, key in (
            ("万元", lambda s, r: (scaled(s, r, "amount_yuan", 10_000), footer("单位：万元")(s, r)), READ),
            ("以万元计", lambda s, r: (scaled(s, r, "amount_yuan", 10_000), footer("注：以万元计")(s, r)), READ),
            ("百元", lambda s, r: footer("单位：百元")(s, r), "reading.unknown_unit"),
            (
                "元, 万元",
                lambda s, r: (headed("amount_yuan", "金额（元）")(s, r), footer("单位：万元")(s, r)),
                "reading.units_differ",
            ),
            (
                "above 元, below 万元",
                lambda s, r: (above(["单位：元"])(s, r), footer("单位：万元")(s, r)),
                "reading.units_beside_differ",
            ),
            ("sum", lambda s, r: footer("合计（万元）", None, None, 3)(s, r), READ),
        )
    ),
    *(
        Variant(
            f"sheet with units {named!r}",
            "fund_flows",
            in_sheet("fund_flows", lambda sheet, rows, by=by: scaled(sheet, rows, "amount_yuan", by), named),
            key,
        )
        for named, by, key in (
            ("资金流水（万元）", 10_000, READ),
            ("3.资金流水表(单位 元)", 1, READ),
            ("资金流水_万元", 10_000, READ),
            ("资金流水【元】", 1, READ),
            ("资金流水（百元）", 100, "reading.unknown_unit"),
            ("资金流水（修改稿）", 1, "tables.misnamed_sheet"),
        )
    ),
    *(
        Variant(f"comment with units on {at}", "fund_flows", in_sheet("fund_flows", _unit_comment(at, text, by)), key)
        for at, text, by, key in (
            ("the heading", "县扶贫办：\n单位：万元", 10_000, "reading.comments"),
            ("the heading", "万元", 10_000, "reading.comments"),
            ("the heading", "单位：百元", 1, "reading.unknown_unit"),
            ("an amount", "单位：万元", 1, "reading.unit_not_said"),
        )
    ),
    Variant(
        "comment with units on the heading of another column",
        "audits",
        in_sheet(
            "audits",
            lambda sheet, rows: setattr(
                sheet.cell(1, place(rows, "audited_yuan")), "comment", Comment("单位：万元", "县")
            ),
        ),
        "reading.unit_not_said",
    ),
    Variant(
        "row of units beside a remark in the heading",
        "fund_flows",
        in_sheet(
            "fund_flows",
            lambda sheet, rows: (
                headed("amount_yuan", "金额（含配套）")(sheet, rows),
                below(_units_row("万元"), "amount_yuan", 10_000)(sheet, rows),
            ),
        ),
    ),
    *(
        Variant(f"{text!r} above the heading of a column", "fund_flows", in_sheet("fund_flows", _over(text)), key)
        for text, key in (
            ("上年", "reading.other_figure"),
            ("计划数", "reading.other_figure"),
            ("一季度", "reading.other_figure"),
            ("资金情况", READ),
        )
    ),
    Variant(
        "own unit goes before that of the sheet",
        "fund_flows",
        in_sheet(
            "fund_flows",
            lambda sheet, rows: (headed("amount_yuan", "金额（元）")(sheet, rows), above(["单位：万元"])(sheet, rows)),
        ),
    ),
    Variant(
        "row of units", "fund_flows", in_sheet("fund_flows", below(_units_row("万元"), "amount_yuan", 10_000)), READ
    ),
    Variant("row of units in brackets", "fund_flows", in_sheet("fund_flows", below(_units_row("（元）"))), READ),
    Variant(
        "row of unknown units", "fund_flows", in_sheet("fund_flows", below(_units_row("百元"))), "reading.unknown_unit"
    ),
    Variant("numbered row", "fund_flows", in_sheet("fund_flows", below(lambda rows: list(range(1, len(rows[0]) + 1))))),
    Variant(
        "row of 甲乙丙",
        "fund_flows",
        in_sheet("fund_flows", below(lambda rows: ["甲", "乙", *range(1, len(rows[0]) - 1)])),
    ),
    Variant(
        "row of (1) (2)",
        "fund_flows",
        in_sheet("fund_flows", below(lambda rows: [f"（{n}）" for n in range(1, len(rows[0]) + 1)])),
    ),
    *(Variant(f"footer {line!r}", "fund_flows", in_sheet("fund_flows", footer(*line))) for line in FOOTERS),
    Variant("a stray word", "fund_flows", in_sheet("fund_flows", footer("见附件")), "reading.stray_row"),
    Variant(
        "the heading again",
        "fund_flows",
        in_sheet("fund_flows", lambda sheet, rows: sheet.append(chinese("fund_flows", rows)[0])),
    ),
    *(
        Variant(
            f"the heading again, {how}",
            "fund_flows",
            in_sheet(
                "fund_flows",
                lambda sheet, rows, mark=mark: sheet.append([mark(name) for name in chinese("fund_flows", rows)[0]]),
            ),
        )
        for how, mark in (
            ("spaced", " ".join),
            ("starred", lambda name: f"{name}*"),
            ("必填", lambda name: f"{name}（必填）"),
        )
    ),
    Variant("a second table, starred", "fund_flows", in_sheet("fund_flows", _starred_table), "reading.second_heading"),
    Variant("a second table", "fund_flows", in_sheet("fund_flows", _second_table), "reading.second_heading"),
    Variant("merged money", "fund_flows", in_sheet("fund_flows", merged("amount_yuan")), "reading.merged_value"),
    Variant("merged days", "fund_flows", in_sheet("fund_flows", merged("on")), "reading.merged_value"),
    *(
        Variant(f"amount {text!r}", "fund_flows", in_sheet("fund_flows", put("amount_yuan", text)), "tables.not_number")
        for text in (
            "1200\n1500",
            "1200 1500",
            "1200/1500",
            "约1200",
            "1200-1500",
            "1,20",
            "1200左右",
            "$1200",
            "1200①",
            "10³",
            "1½",
        )
    ),
    *(
        Variant(f"day {text!r}", "fund_flows", in_sheet("fund_flows", put("on", text)), key)
        for text, key in (
            ("2016-03-05\n2016-03-06", "tables.not_date"),
            ("2016.3", "tables.not_date"),
            ("16.3.5", "tables.not_date"),
            ("3月5日", "tables.not_date"),
            ("2016/3/112:30", "tables.not_date"),
        )
    ),
    *(
        Variant(
            f"nothing in {column} {text!r}", "fund_flows", in_sheet("fund_flows", put(column, text)), "tables.blank"
        )
        for column, text in (("amount_yuan", "/"), ("amount_yuan", "—"), ("on", "无"), ("on", "/"), ("stage", "-"))
    ),
    *(
        Variant(f"number format {shape!r}", "fund_flows", in_sheet("fund_flows", _number_format(shape)), key)
        for shape, key in (
            ("[$$-409]#,##0.00", "reading.shown_otherwise"),
            ('"$"#,##0.00', "reading.shown_otherwise"),
            ("0.00,", "reading.shown_otherwise"),
            ('0!.0,"万元"', "reading.shown_otherwise"),
            ('"约"0', "reading.shown_otherwise"),
            ("[$¥-804]#,##0.00", READ),
            ('_ "¥"* #,##0.00_ ', READ),
            ("#,##0.00;[Red]-#,##0.00", READ),
        )
    ),
    *(
        Variant(f"line above that names no unit {text!r}", "fund_flows", in_sheet("fund_flows", above([text])))
        for text in ("填报单位：万元镇人民政府", "主管单位：万元", "派出单位：省政府")
    ),
    Variant("English total in a text file", DIARY, in_text(lambda lines: [*lines, "Total,,"])),
    Variant("a sum in a text file", DIARY, in_text(lambda lines: [*lines, "合计,,"])),
    Variant("another column", "fund_flows", in_sheet("fund_flows", headed("on", "日期时间")), "tables.renamed_column"),
    Variant(
        "content beside the table",
        "fund_flows",
        in_sheet("fund_flows", lambda sheet, rows: sheet.cell(3, len(rows[0]) + 2, "已退回")),
        "reading.no_label",
    ),
    Variant("a comment", "fund_flows", in_sheet("fund_flows", _comment), "reading.comments"),
    Variant("a struck-through row", "fund_flows", in_sheet("fund_flows", _struck), "reading.struck_out"),
    Variant("a hidden row", "fund_flows", in_sheet("fund_flows", _hidden_row), "reading.hidden_rows"),
    Variant("number format 万元", "fund_flows", in_sheet("fund_flows", _number_format('0.00"万元"', 10_000))),
    Variant("number format 元", "fund_flows", in_sheet("fund_flows", _number_format('#,##0.00"元"'))),
    Variant(
        "number format that writes a digit",
        "fund_flows",
        in_sheet("fund_flows", _number_format('0"0"')),
        "reading.shown_otherwise",
    ),
    Variant(
        "number format of another unit",
        "fund_flows",
        in_sheet("fund_flows", _number_format('0.00"箱"')),
        "tables.not_number",
    ),
    Variant("number format %", "fund_flows", in_sheet("fund_flows", _number_format("0.00%", 1)), "tables.not_number"),
    # ---- text files ----
    Variant(
        "a short line",
        DIARY,
        in_text(lambda lines: [lines[0], lines[1].rsplit(",", 1)[0], *lines[2:]]),
        "reading.short_row",
    ),
    Variant(
        "a long line", DIARY, in_text(lambda lines: [lines[0], lines[1] + ",下乡", *lines[2:]]), "reading.long_row"
    ),
    Variant("a line with empty cells more", DIARY, in_text(lambda lines: [lines[0], lines[1] + ",,", *lines[2:]])),
    Variant(
        "a comma in a text without quotes",
        DIARY,
        in_text(lambda lines: [lines[0], lines[1] + ",走访", *lines[2:]]),
        "reading.long_row",
    ),
    Variant("written with semicolons", DIARY, in_text(lambda lines: [line.replace(",", ";") for line in lines])),
    Variant("written with tabs", DIARY, in_text(lambda lines: [line.replace(",", "\t") for line in lines])),
    Variant("with a title and signatures", DIARY, in_text(lambda lines: ["民情日记,,", "", *lines, "填表人：张三,,"])),
    Variant("GB 18030", DIARY, in_text(lambda lines: lines, "gb18030")),
    Variant("UTF-16", DIARY, in_text(lambda lines: lines, "utf-16")),
    Variant("Windows line ends", DIARY, in_text(lambda lines: lines, end="\r\n")),
    Variant("cut in the last line", DIARY, without_end(lambda text: text[: len(text) - 3]), "reading.no_line_end"),
    Variant(
        "cut in the middle", DIARY, without_end(lambda text: text[: text.rindex("\n", 0, -1) + 8]), "reading.short_row"
    ),
    Variant("one line of another encoding", DIARY, odd_line("gb18030"), "reading.encoding"),
    Variant("one line of UTF-8 among others", DIARY, odd_line("utf-8", "gb18030"), "reading.encoding"),
    Variant(
        '="H0001"',
        DIARY,
        in_text(
            lambda lines: [
                lines[0],
                '"=""' + lines[1].split(",")[0] + '"""' + lines[1][lines[1].index(",") :],
                *lines[2:],
            ]
        ),
        "reading.formula_text",
    ),
    Variant(
        "a quotation mark that is never closed until the next one",
        DIARY,
        in_text(
            lambda lines: [
                *lines[:2],
                lines[2].rsplit(",", 1)[0] + ',"走访',
                *lines[3:6],
                lines[6].rsplit(",", 1)[0] + ',走访"',
                *lines[7:],
            ]
        ),
        "reading.ragged",
    ),
    Variant(
        "a diary that begins with 说明：",
        DIARY,
        in_text(lambda lines: [lines[0], lines[1].rsplit(",", 1)[0] + ",说明：入户走访", *lines[2:]]),
        DIFFERS,
    ),
    Variant(
        "a diary of 合计",
        DIARY,
        in_text(lambda lines: [lines[0], lines[1].rsplit(",", 1)[0] + ",合计", *lines[2:]]),
        DIFFERS,
    ),
    Variant(
        "a diary full of semicolons",
        DIARY,
        in_text(lambda lines: [lines[0], *(line + ";;走访;;座谈;;" * 9 for line in lines[1:])]),
        DIFFERS,
    ),
]
