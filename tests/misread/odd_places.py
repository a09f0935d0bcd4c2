"""More files as counties send them: units and remarks where few look for them, and names that say what a table is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from misread.variants import READ, Rows, Sheet, Variant, headed, in_sheet, place, put, scaled

MONEY, UNIT = "amount_yuan", "reading.unknown_unit"


def named(name: str, by: float = 1, folder: str = "") -> Callable[[Rows, Path], Path]:
    """The workbook under another name, or in a folder below that of its year."""

    def write(rows: Rows, home: Path) -> Path:
        file = in_sheet("fund_flows", lambda sheet, rows: scaled(sheet, rows, MONEY, by))(rows, home)
        goal = home / "2016" / folder / name
        goal.parent.mkdir(parents=True)
        return file.rename(goal)

    return write


def sheet_named(name: str, by: float = 1) -> Callable[[Rows, Path], Path]:
    return in_sheet("fund_flows", lambda sheet, rows: scaled(sheet, rows, MONEY, by), name)


def printed(text: str, by: float) -> Callable[[Sheet, Rows], None]:
    """A line at the head of every page that is printed."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, MONEY, by)
        sheet.oddHeader.right.text = text

    return how


def asked_for(text: str, by: float) -> Callable[[Sheet, Rows], None]:
    """What the cells of the amounts ask for when they are chosen."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, MONEY, by)
        rule = DataValidation(type="decimal", operator="greaterThan", formula1="0", showInputMessage=True, prompt=text)
        letter = get_column_letter(place(rows, MONEY))
        rule.add(f"{letter}2:{letter}900")
        sheet.add_data_validation(rule)

    return how


def beside(name: str, text: str, by: float) -> Callable[[Sheet, Rows], None]:
    """Another sheet of the workbook, which is no table."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, MONEY, by)
        sheet.parent.create_sheet(name)["A1"] = text

    return how


def over(text: str, by: float = 1) -> Callable[[Sheet, Rows], None]:
    """A lone cell above the heading, merged over the amounts and the column behind them."""

    def how(sheet: Sheet, rows: Rows) -> None:
        scaled(sheet, rows, MONEY, by)
        sheet.insert_rows(1)
        at = place(rows, MONEY)
        sheet.cell(1, at).value = text
        sheet.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 1)

    return how


def by_rule(shape: str) -> Callable[[Sheet, Rows], None]:
    """Conditional formatting that shows the amounts in another format."""

    def how(sheet: Sheet, rows: Rows) -> None:
        look = DifferentialStyle(numFmt=NumberFormat(200, shape))
        letter = get_column_letter(place(rows, MONEY))
        rule = Rule(type="cellIs", operator="greaterThan", formula=["0"], dxf=look)
        sheet.conditional_formatting.add(f"{letter}2:{letter}900", rule)

    return how


def shaped(shape: str) -> Callable[[Sheet, Rows], None]:
    def how(sheet: Sheet, rows: Rows) -> None:
        for row in sheet.iter_rows(2, sheet.max_row, place(rows, MONEY), place(rows, MONEY)):
            row[0].number_format = shape

    return how


def _answers(yes: str, no: str) -> Callable[[Sheet, Rows], None]:
    """Other signs in a column of yes and no, both of which stand in it."""

    def how(sheet: Sheet, rows: Rows) -> None:
        at = rows[0].index("under_plan")
        for number, row in enumerate(rows[1:], start=2):
            sheet.cell(number, at + 1).value = {"true": yes, "false": no}.get(row[at])

    return how


def in_parquet(column: str, change: Callable[[pd.Series], pd.Series]) -> Callable[[Rows, Path], Path]:
    """A Parquet file in which a column is of another kind."""

    def write(rows: Rows, folder: Path) -> Path:
        frame = pd.DataFrame(rows[1:], columns=rows[0]).replace("", None)
        path = folder / "fund_flows.parquet"
        frame.assign(**{column: change(frame[column])}).to_parquet(path)
        return path

    return write


def _in_shanghai(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).dt.tz_localize("Asia/Shanghai")


def _shares(sheet: Sheet, rows: Rows) -> None:
    headed("value", "数值（%）")(sheet, rows)
    scaled(sheet, rows, "value", 100)


ODD_PLACES: list[Variant] = [
    *(
        Variant(f"file with units {name!r}", "fund_flows", named(f"{name}.xlsx", by), key)
        for name, by, key in (
            ("甲县_W", 10_000, UNIT),
            ("甲县 wan", 10_000, UNIT),
            ("甲县-百", 100, UNIT),
            ("甲县_千", 1_000, UNIT),
            ("甲县_10K", 10_000, UNIT),
            ("甲县W", 10_000, UNIT),
            ("甲县_万元版", 10_000, UNIT),
            ("甲县_元千", 1_000, UNIT),
            ("甲县_以万计", 10_000, READ),
            ("甲县_万", 10_000, READ),
            ("百色_千阳县", 1, READ),
            ("甲县_万户移民", 1, READ),
        )
    ),
    *(
        Variant(f"folder with units {name!r}", "fund_flows", named("甲县.xlsx", by, name), key)
        for name, by, key in (("资金（万元）", 10_000, READ), ("千元", 1_000, READ), ("W", 10_000, UNIT), ("甲县", 1, READ))
    ),
    *(
        Variant(f"sheet with units in its own part {name!r}", "fund_flows", sheet_named(name, by), key)
        for name, by, key in (("资金流水_W", 10_000, UNIT), ("资金流水 千", 1_000, UNIT), ("资金流水-甲县", 1, READ))
    ),
    *(
        Variant(f"name {name!r} of a sheet", "fund_flows", sheet_named(name), "reading.doubtful_name")
        for name in ("资金流水-计划", "上年_资金流水", "资金流水_上年数", "草稿_资金流水", "资金流水.旧", "资金流水 示例")
    ),
    *(
        Variant(f"name {name!r} of a file", "fund_flows", named(f"{name}.xlsx"), key)
        for name, key in (
            ("甲县（作废）", "reading.doubtful_name"),
            ("上年资金流水", "reading.doubtful_name"),
            ("甲县_一季度", READ),
            ("甲县_脱贫计划", READ),
            ("旧县镇", READ),
        )
    ),
    Variant("folder of old files", "fund_flows", named("甲县.xlsx", 1, "旧"), "reading.doubtful_name"),
    *(
        Variant(f"units printed above the heading {text!r}", "fund_flows", in_sheet("fund_flows", printed(text, by)), key)
        for text, by, key in (("单位：万元", 10_000, READ), ("单位：百元", 100, UNIT), ("第&P页", 1, READ))
    ),
    *(
        Variant(f"units that cells ask for {text!r}", "fund_flows", in_sheet("fund_flows", asked_for(text, by)), key)
        for text, by, key in (
            ("请以万元填写", 10_000, "reading.unit_not_said"),
            ("单位：千元", 1_000, "reading.unit_not_said"),
            ("请以元填写", 1, READ),
            ("大于 0 的数，如 3.5万元", 1, READ),
        )
    ),
    *(
        Variant(
            f"units on the sheet {sheet!r}: {text!r}", "fund_flows", in_sheet("fund_flows", beside(sheet, text, by)), key
        )
        for sheet, text, by, key in (
            ("封面", "金额单位：万元", 10_000, READ),
            ("填写说明", "本工作簿金额按千元填报", 1_000, READ),
            ("封面", "金额单位：百元", 100, UNIT),
            ("汇总", "单位：万元", 1, READ),
        )
    ),
    *(
        Variant(f"{text!r} merged above the heading of two columns", "fund_flows", in_sheet("fund_flows", over(text)), key)
        for text, key in (
            ("上年", "reading.other_figure"),
            ("上半年", "reading.other_figure"),
            ("上年同期", "reading.unknown_remark"),
            ("其中：贫困村", "reading.unknown_remark"),
            ("填报单位：贫困村办公室", READ),  # a line about the sheet
            ("其中贫困村", "reading.unknown_remark"),
            ("截至6月", "reading.unknown_remark"),
            ("按千计", UNIT),
            ("资金情况", READ),
            ("2016年", READ),
        )
    ),
    *(
        Variant(f"rule of number format {shape!r}", "fund_flows", in_sheet("fund_flows", by_rule(shape)), key)
        for shape, key in (('0"万元"', "reading.conditional_format"), ("0.0,", "reading.conditional_format"), ("0.00", READ))
    ),
    *(
        Variant(f"number format in parts {shape!r}", "fund_flows", in_sheet("fund_flows", shaped(shape)), key)
        for shape, key in (
            ('[<1000]0;0"万元"', "reading.shown_otherwise"),
            ('[>=10000]0!.0,"万";0', "reading.shown_otherwise"),
            ('0.00"元";-0.00"元"', READ),
            ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', READ),
            ("#,##0.00_);(#,##0.00)", READ),
            ('[=0]"无";General', READ),
        )
    ),
    Variant("shares below per cent", "village_services", in_sheet("village_services", _shares), "reading.share_in_percent"),
    *(
        Variant(f"number {form!r}", "fund_flows", lambda rows, folder, form=form: in_sheet("fund_flows", put(MONEY, form.format(rows[1][rows[0].index(MONEY)])))(rows, folder))
        for form in ("RMB {}", "CNY{}元", "{}圆整", "人民币：{}元")
    ),
    Variant(
        "dashes of printers in days",
        "fund_flows",
        lambda rows, folder: in_sheet("fund_flows", put("on", rows[1][rows[0].index("on")].replace("-", "−")))(rows, folder),
    ),
    *(
        Variant(f"yes {yes!r} and no {no!r}", "fund_flows", in_sheet("fund_flows", _answers(yes, no)), key)
        for yes, no, key in (("○", "×", "tables.not_yes_no_blank"), ("●", "○", READ), ("√", "×", READ))
    ),
    Variant("Parquet with days in the zone of their writer", "fund_flows", in_parquet("on", _in_shanghai)),
    Variant(
        "Parquet with the same moments in another zone",
        "fund_flows",
        in_parquet("on", lambda days: _in_shanghai(days).dt.tz_convert("UTC")),
        "reading.odd_kind",
    ),
    Variant(
        "Parquet with numbers of three digits",
        "fund_flows",
        in_parquet(MONEY, lambda amounts: amounts.astype(float).clip(upper=1_000).astype("float16")),
        "reading.odd_kind",
    ),
]  # fmt: skip
