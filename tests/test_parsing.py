"""Cells and headings in the many ways in which people write them, over random values."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assess_lib.tables.columns import form_of
from assess_lib.tables.parsing import FALSE, TRUE, UNITS, Form, parse, plain
from assess_lib.tables.reading.column_names import column_names
from assess_lib.tables.reading.grid import SheetGrid, letters, position
from assess_lib.tables.reading.headings import recognise, table_of
from assess_lib.tables.reading.labels import column_of
from assess_lib.tables.reading.qualifiers import Beside, beside
from assess_lib.tables.reading.units import unit_in_name, unit_of_sheet
from assess_lib.tables.schemas import SCHEMAS

WIDE = str.maketrans(
    "0123456789-./,ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "０１２３４５６７８９－．／，ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ",
)
EPOCH = datetime.date(1899, 12, 30)
days = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))
amounts = st.decimals(Decimal("0"), Decimal("99999999.99"), places=2)
columns = st.sampled_from([(name, column) for name, schema in SCHEMAS.items() for column in schema.columns])


def one(cell, form) -> tuple[object, bool]:
    values, bad = parse(pd.Series([cell], dtype=object), form)
    return (None if pd.isna(values.iloc[0]) else values.iloc[0]), bool(bad.iloc[0])


DATES = {
    "iso": lambda day: day.isoformat(),
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "slashes": lambda day: f"{day.year}/{day.month:02d}/{day.day:02d}",
    "digits": lambda day: f"{day:%Y%m%d}",
    "number": lambda day: int(f"{day:%Y%m%d}"),
    "serial": lambda day: (day - EPOCH).days,
    "serial as text": lambda day: str((day - EPOCH).days),
    "float serial": lambda day: float((day - EPOCH).days),
    "a day": lambda day: day,
    "a moment": lambda day: datetime.datetime(day.year, day.month, day.day),
    "full width": lambda day: day.isoformat().translate(WIDE),
    "blanks": lambda day: f" {day.year} 年 {day.month} 月 {day.day} 日 ",
    "with midnight": lambda day: f"{day.year}-{day.month}-{day.day} 00:00:00",
}


@pytest.mark.parametrize("way", DATES)
@given(day=days)
@settings(max_examples=40, deadline=None)
def test_a_day_is_the_same_in_every_way_of_writing(way, day) -> None:
    assert one(DATES[way](day), "date") == (pd.Timestamp(day), False)


@given(text=st.text(alphabet="0123456789年月日.-/: ", max_size=12))
@example(text="3300  0")
@settings(max_examples=300, deadline=None)
def test_what_is_read_as_a_day_is_that_day_and_all_else_is_told(text) -> None:
    value, bad = one(text, "date")
    if value is None:
        assert bad or text.strip() in ("", "/", "-", "--")
    else:
        assert not bad
        numbers = [int(part) for part in re.findall(r"[0-9]+", text)]
        serial, day = (value.date() - EPOCH).days, (value.year, value.month, value.day)
        assert tuple(numbers[:3]) == day or numbers[0] == serial or numbers == [int(f"{value:%Y%m%d}")]


@given(amount=amounts)
@settings(max_examples=100, deadline=None)
def test_money_is_the_same_in_every_way_of_writing(amount) -> None:
    ten_thousands = amount / 10_000
    in_yuan = [
        str(amount),
        f"{amount:,}",
        str(amount).translate(WIDE),
        f"{amount:,}".translate(WIDE),
        f"¥{amount}",
        f"￥{amount:,}",
        f"{amount}元",
        f" {amount} 元 ",
        f"{ten_thousands}万元",
        f"{ten_thousands} 万",
    ]
    scaled = [str(ten_thousands), f"{ten_thousands:,}", f"{amount}元", f"{ten_thousands}万元"]
    for written, scale in ((in_yuan, Decimal(1)), (scaled, Decimal(10_000))):
        values, bad = parse(pd.Series(written, dtype=object), Form("number", unit="yuan", scale=scale))
        assert not bad.any() and values.tolist() == [float(amount)] * len(written), written


@given(amount=amounts)
@settings(max_examples=60, deadline=None)
def test_a_number_of_excel_is_scaled_exactly(amount) -> None:
    assert one(float(amount / 10_000), Form("number", unit="yuan", scale=Decimal(10_000))) == (float(amount), False)


@given(share=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_percent_signs_where_they_are_understood(share) -> None:
    text = f"{share / 100}%"
    assert one(text, Form("number", percent=1)) == (share / 100, False)
    assert one(text, Form("number", percent=0.01)) == (float(Decimal(str(share / 100)) * Decimal("0.01")), False)
    assert one(text, Form("number")) == (None, True)


@given(text=st.text(max_size=8))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_in_silence(text) -> None:
    """Whatever is written is a value, a blank, or told; and never breaks the reader."""
    for kind in ("number", "whole", "date", "yes_no"):
        value, bad = one(text, Form(kind, unit="yuan"))
        nothing = plain(text) in ("", "/", "-", "--", "—", "——", "–", "\\") or not text.strip()
        assert (value is not None) + bad + (nothing and value is None and not bad) == 1, (kind, text)


def in_column(table: str, column: str, text: str) -> tuple[object, bool]:
    """What is read of a text in a column of a table."""
    return one(text, form_of(SCHEMAS[table].columns[column]))


@pytest.mark.parametrize("mark", "①²³½㊿⒈❷🄀Ⅻ㈠㏤")
@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("fund_flows", "amount_yuan", "1200{}"),
        ("fund_flows", "amount_yuan", "{}1200元"),
        ("inspections", "rating", "9{}"),
        ("households", "persons", "{}"),
        ("households", "safe_water", "{}"),
        ("fund_flows", "on", "2016-3-1{}"),
        ("fund_flows", "on", "2016年3月5{}日"),
    ],
)
def test_a_mark_beside_a_number_is_no_digit_of_it(table, column, text, mark) -> None:
    assert in_column(table, column, text.format(mark)) == (None, True)


def test_a_mark_makes_no_other_identifier() -> None:
    spec = SCHEMAS["households"].columns["household_id"]
    values, _ = parse(pd.Series(["H1①", "Ｈ１"], dtype=object), form_of(spec))
    assert values.tolist() == ["H1①", "H1"] and dict(spec.violations(values))["identifier"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("inspections", "rating", "93.78分", 93.78),
        ("inspections", "rating", "93.78人", None),
        ("fund_flows", "amount_yuan", "1200元整", 1200),
        ("fund_flows", "amount_yuan", "人民币3.5万元正", 35_000),
        ("fund_flows", "amount_yuan", "1200整", None),
        ("fund_flows", "amount_yuan", "1200分", None),
        ("households", "persons", "4口", 4),
        ("households", "persons", "4 人", 4),
        ("households", "persons", "4户", None),
        ("projects", "beneficiaries", "12户", 12),
        ("projects", "beneficiaries", "12人", None),
        ("village_year", "groups", "5组", 5),
        ("village_year", "groups", "5户", None),
        ("households", "year", "2016年", 2016),
        ("households", "safe_water", "安全", True),
        ("households", "safe_water", "不安全", False),
        ("households", "safe_water", "达标", None),
        ("village_year", "clinic", "达标", True),
        ("village_year", "clinic", "未达标", False),
        ("village_year", "clinic", "基本达标", None),
        ("fund_flows", "on", "2016-03-05(周六)", pd.Timestamp(2016, 3, 5)),
        ("fund_flows", "on", "2016年3月5日（星期六）", pd.Timestamp(2016, 3, 5)),
        ("fund_flows", "on", "2016/3/6 星期天", pd.Timestamp(2016, 3, 6)),
        ("fund_flows", "on", "2016-03-05(周日)", None),
        ("fund_flows", "on", "2016-03-05(周六", None),
        ("household_measures", "delivered_on", "落实", None),
        ("household_measures", "delivered_on", "不详", None),
        ("household_measures", "delivered_on", "未验收", None),
    ],
)
def test_what_stands_beside_a_value_is_understood_where_its_column_says_what_it_is(table, column, text, value) -> None:
    assert in_column(table, column, text) == (value, value is None)


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("household_measures", "delivered_on", "未落实"),
        ("ledger", "settled_on", "尚未办结"),
        ("households", "exited_on", "未脱贫"),
    ],
)
def test_a_day_that_has_not_come_is_blank(table, column, text) -> None:
    assert in_column(table, column, text) == (None, False)


def test_yes_and_no() -> None:
    assert not TRUE & FALSE
    for word in (*TRUE, "ＹＥＳ", " 是 ", True, 1, 1.0):
        assert one(word, "yes_no") == (True, False), word
    for word in (*FALSE - {"○"}, "Ｎ", "否 ", False, 0, 0.0):
        assert one(word, "yes_no") == (False, False), word


def test_a_ring_is_a_no_beside_a_disc_alone() -> None:
    for signs, unread in ((["●", "○"], [False, False]), (["○", "×"], [True, False]), (["○", "√"], [True, False])):
        assert parse(pd.Series(signs), "yes_no")[1].tolist() == unread, signs


def test_codes_by_their_words_in_both_languages() -> None:
    form = form_of(SCHEMAS["households"].columns["category"])
    for written in ("poor", "贫困户", " 贫 困 户 ", "Ｐｏｏｒ", "POOR"):
        assert one(written, form) == ("poor", False)
    assert one("困难户", form) == ("困难户", False), "for the check of codes to tell"


# ---- headings ----


def test_no_two_columns_of_a_table_share_a_name() -> None:
    for name, schema in SCHEMAS.items():
        for lang in ("zh", "en"):
            words = [plain(spec.metadata[lang]) for spec in schema.columns.values()]
            assert len(set(words)) == len(words), (name, lang)
        for column, spec in schema.columns.items():
            for word in (column, spec.metadata["zh"], spec.metadata["en"]):
                assert column_of(name, word)[0] == column
        assert len(set(column_names(name).values())) == len(schema.columns)


@given(
    where=columns,
    star=st.booleans(),
    wide=st.booleans(),
    gap=st.sampled_from(["", " ", "　", "\n"]),
    lang=st.sampled_from(["zh", "en", "id"]),
)
@settings(max_examples=200, deadline=None)
def test_a_heading_is_known_however_it_is_adorned(where, star, wide, gap, lang) -> None:
    table, column = where
    word = column if lang == "id" else SCHEMAS[table].columns[column].metadata[lang]
    label = ("*" if star else "") + gap.join(word) + gap
    assert column_of(table, label.upper().translate(WIDE) if wide else label) == (column, 1)


@pytest.mark.parametrize(
    "form", ["①{}", "⑳ {}", "⑴{}", "{}㉑", "3.{}", "栏3 {}", "❷{}（元）", "{}⑫（元）", "{}（元）③"]
)
def test_a_heading_is_known_with_the_number_of_its_column(form) -> None:
    assert column_of("fund_flows", form.format("金额")) == ("amount_yuan", 1)


@pytest.mark.parametrize("form", ["金额（②元）", "金额（10④元）", "金额（元³）"])
def test_a_circled_number_within_a_unit_is_no_number_of_a_column(form) -> None:
    assert column_of("fund_flows", form) == ("amount_yuan", None)


@pytest.mark.parametrize(
    "form",
    [
        "{name}（{unit}）",
        "{name}({unit})",
        "{name}（单位：{unit}）",
        "{name}/{unit}",
        "{name} [{unit}]",
        "{name}，{unit}",
    ],
)
@pytest.mark.parametrize("unit", ["元", "万元", "亿元", "千元"])
def test_a_unit_behind_a_name_is_the_unit_of_the_column(form, unit) -> None:
    assert column_of("fund_flows", form.format(name="金额", unit=unit)) == ("amount_yuan", UNITS["yuan"][unit])


def test_units_that_nobody_knows_and_remarks_that_are_none() -> None:
    assert column_of("fund_flows", "金额（美元）") == ("amount_yuan", None)
    assert column_of("fund_flows", "金额（含配套）") == ("amount_yuan", 1)
    assert column_of("village_year", "村组公路里程（米）") == ("road_km", Decimal("0.001"))
    assert column_of("households", "入户调查日期（年-月-日）") == ("surveyed_on", 1)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("2016年资金流水（户、万元）", "万元"),
        ("本表单位：万元人民币", "万元"),
        ("单位万圆", "万元"),
        ("以万元计", "万元"),
        ("单位：拾万元", "?"),
        ("2016年审计（十元）", "?"),
        ("以角计", "?"),
        ("单位 wan", "?"),
        ("2016年（第一批）", ""),
        ("填报单位：万元镇人民政府", ""),
        ("单位负责人：", ""),
        ("资金（2016）", ""),
    ],
)
def test_a_line_of_the_sheet_names_its_unit(line, unit) -> None:
    assert unit_of_sheet([[line]]) == unit


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("资金流水（万元）", "万元"),
        ("云汐县_资金流水_万元", "万元"),
        ("甲县审计（单位 万元人民币）", "万元"),
        ("甲县审计以千元计", "千元"),
        ("甲县审计（拾万元）", "?"),
        ("甲县审计（￥万）", "万"),
        ("甲县审计万元", "?"),
        ("万元镇_农户", ""),
        ("资金流水（修改稿）", ""),
        ("农户(2)", ""),
    ],
)
def test_a_name_names_a_unit(name, unit) -> None:
    assert unit_in_name(name) == unit


@pytest.mark.parametrize(
    ("table", "column", "words", "said"),
    [
        ("village_year", "farmer_income_per_head_yuan", "元/人", Beside(unit="元/人")),
        ("village_year", "farmer_income_per_head_yuan", "人均", Beside()),
        ("village_year", "collective_income_yuan", "人均", Beside(changing=("人均",))),
        ("households", "income_yuan", "元/人", Beside(unit="元/人", changing=("元/人",))),
        ("households", "income_yuan", "元/户", Beside(unit="元/户")),
        ("households", "income_yuan", "上年度", Beside(changing=("上年度",))),
        ("households", "income_prev_yuan", "上年", Beside()),
        ("households", "income_prev_yuan", "本年", Beside(changing=("本年",))),
        ("households", "persons", "人", Beside(unit="人")),
        ("households", "persons", "户", Beside(size=None, unknown=("户",))),
        ("households", "persons", "贫困人口", Beside(changing=("贫困人口",))),
        ("households", "safe_water", "1是0否", Beside()),
        ("households", "safe_water", "是填1，否填0", Beside()),
        ("households", "safe_water", "1否2是", Beside(changing=("1否2是",))),
        ("households", "safe_water", "安全/不安全", Beside()),
        ("households", "category", "贫困户/五保户?", Beside(changing=("贫困户/五保户?",))),
        ("inspections", "rating", "分", Beside(unit="分")),
        ("inspections", "rating", "百分制", Beside()),
        ("inspections", "rating", "5分", Beside(size=None, unknown=("5分",))),
        ("inspections", "rating", "扣分", Beside(changing=("扣分",))),
        ("fund_flows", "amount_yuan", "一季度", Beside(changing=("一季度",))),
        ("fund_flows", "amount_yuan", "1-6月", Beside(changing=("1-6月",))),
        ("fund_flows", "amount_yuan", "2016年1-12月", Beside(years=(2016,))),
        ("fund_flows", "amount_yuan", "到账数", Beside(unknown=("到账数",))),
        ("fund_flows", "on", "农历", Beside(changing=("农历",))),
        ("fund_flows", "on", "公历，年-月-日", Beside()),
        ("households", "exited_on", "未脱贫不填", Beside()),
        ("fund_flows", "on", "5分", Beside(unknown=("5分",))),
        ("meetings", "due_on", "计划", Beside()),
        ("meetings", "held_on", "计划", Beside(changing=("计划",))),
        ("attendance", "night", "√", Beside()),
        ("teams", "county", "市、区", Beside()),
        ("fund_flows", "on", "如2016-03-05", Beside()),
        ("exit_plans", "households_due_out", "累计，户", Beside(unit="户")),
    ],
)
def test_a_word_beside_a_name_is_understood_or_stops_the_column_or_is_asked_about(table, column, words, said) -> None:
    assert beside(table, column, plain(words)) == said


@pytest.mark.parametrize(
    "name",
    [
        "农户",
        "households",
        "Households",
        "1.农户",
        "表3 农户",
        "农户表",
        "附表2：农户",
        "云汐县_农户",
        "农户-2016",
        " 农 户 ",
    ],
)
def test_a_table_is_known_by_its_name(name) -> None:
    assert table_of(name) == "households"


@pytest.mark.parametrize("name", ["", "天气", "农户走访", "农户_工作队"])
def test_what_names_no_table_or_two_is_none(name) -> None:
    assert table_of(name) == ""


@given(
    titles=st.integers(0, 6),
    gaps=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    below=st.lists(st.sampled_from(["合计", " 总 计 ", "填表人：王某", "审核：", "注：以上"]), max_size=2),
)
@settings(max_examples=80, deadline=None)
def test_titles_gaps_sums_and_signatures_are_told_apart_from_rows(titles, gaps, below) -> None:
    wide = ["", "", "", ""]
    rows = [["2016 年检查督办情况表", "", "", ""]] * titles + [["督查编号", "工作队编号", "评分", "备注"]]
    for number, gap in enumerate(gaps):
        rows += [wide] * gap + [[f"N{number}", "T1", 80.0 + number, "合计正确"]]
    rows += [[words, "", 332.0, ""] for words in below]
    piece, faults = recognise(SheetGrid([list(row) for row in rows], "检查督办"), "inspections", "f.xlsx")
    assert list(piece.cells["inspection_id"]) == ["N0", "N1", "N2", "N3"]
    assert [rows[row - 1][0] for row in piece.cells.index] == ["N0", "N1", "N2", "N3"], "rows keep their numbers"
    assert len(faults) == len(below) and {fault.severity for fault in faults} <= {"note"}


@pytest.mark.parametrize("words", ["合计", "A小计", "小计"])
def test_a_row_whose_id_says_sum_and_that_names_a_team_is_a_row(words) -> None:
    rows = [["督查编号", "工作队编号", "评分"], ["N0", "T0001", 80.0], [words, "T0002", 90.0], [words, "", 170.0]]
    piece, faults = recognise(SheetGrid(rows, "检查督办"), "inspections", "f.xlsx")
    assert list(piece.cells["inspection_id"]) == ["N0", words]  # the last one is a sum
    assert [fault.key for fault in faults] == ["reading.sum_row"]


def test_a_heading_of_two_rows_with_merged_cells() -> None:
    rows = [
        ["村编号", "通达情况", "", "", "人口（人）"],
        ["", "村民小组数", "通硬化路小组数", "通宽带小组数", ""],
        ["V1", 5, 4, 5, 812],
    ]
    merged = [((0, 0), (1, 0)), ((0, 1), (0, 3)), ((0, 4), (1, 4))]
    piece, faults = recognise(SheetGrid(rows, "村年度情况", merged), "village_year", "f.xlsx")
    assert faults == [] and piece.cells.to_dict("records") == [
        {"village_id": "V1", "groups": 5, "groups_hardened_road": 4, "groups_broadband": 5, "population": 812}
    ]
    assert piece.location(3, "groups_broadband").cell == "D3"


def test_merged_text_holds_for_all_its_rows_and_a_merged_number_is_told_in_each() -> None:
    rows = [["流水编号", "村编号", "金额"], ["F1", "V1", 300.0], ["F2", "", ""], ["F3", "", ""]]
    piece, _ = recognise(SheetGrid(rows, "资金流水", [((1, 1), (3, 1)), ((1, 2), (3, 2))]), "fund_flows", "f.xlsx")
    assert list(piece.cells["village_id"]) == ["V1"] * 3
    assert piece.trouble == {(row, "amount_yuan"): ("merged_value", "300") for row in (2, 3, 4)}


@given(place=st.integers(0, 16_383))
def test_letters_of_columns(place) -> None:
    assert position(letters(place)) == place
    assert (letters(0), letters(25), letters(26), letters(16_383)) == ("A", "Z", "AA", "XFD")


PLAIN = st.sampled_from(
    ["", "0", "-0", "007", "12.5", "-3", "1e3", "1.", ".5", "+4", " 6", "1e400", "９", "4人", "0.1", "x"]
)
DIGITS = st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{1,12})?", fullmatch=True)


@pytest.mark.parametrize("kind", ["number", "whole"])
@given(texts=st.lists(PLAIN | DIGITS, max_size=6))
@settings(max_examples=150)
def test_numbers_taken_together_are_those_taken_one_by_one(kind, texts) -> None:
    together, unread = parse(pd.Series(texts, dtype="str"), kind)
    alone, unread_alone = parse(pd.Series([*texts, "？"], dtype="str"), kind)  # no number, so that each is taken apart
    assert unread_alone.iloc[-1] and unread.tolist() == unread_alone.tolist()[:-1]
    pd.testing.assert_series_equal(together, alone.iloc[:-1])
