"""The kinds of columns that the input tables are made of.

Each function returns a column with what every reader of the table needs beside the type: the names in both languages,
the kind, and whether it holds personal data. What a table's cells must satisfy is said here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from assess_lib.tables.id_lookup import among, arrow_column
from assess_lib.tables.parsing import DATE_DTYPE, Form, plain

DTYPES = {"text": "str", "code": "str", "number": "float64", "whole": "Int64", "yes_no": "boolean", "date": DATE_DTYPE}
# What may stand behind the numbers of columns whose name ends so: another word would count something else.
COUNTERS = {
    "人口": ("人", "口", "名", "个"),
    "干部数": ("人", "名", "个"),
    "小组数": ("组", "个"),
    "户数": ("户", "个"),
    "问题数": ("个", "项", "条", "件", "处"),
    "年度": ("年", "年度"),
    "评分": ("分",),
}
# What also says no in columns of yes and no whose name ends so; the ending itself says yes.
DENIALS = {
    "安全": ("不安全", "未安全"),
    "达标": ("不达标", "未达标"),
    "通电": ("不通电", "未通电"),
    "在用": ("不在用", "未在用", "未用"),
    "在运营": ("不在运营", "未在运营", "未运营"),
    "已发放": ("未发放",),
    "贫困村": ("非贫困村",),
    "党员": ("非党员",),
    "建档立卡": ("非建档立卡", "未建档立卡"),
    "需要": ("不需要",),
}
IDENTIFIER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"


@dataclass(frozen=True)
class Column:
    """A column of an input table.

    Attributes
    ----------
    metadata : ``kind``, the names ``zh`` and ``en``, and what is said of some columns only: ``identifier``,
        ``personal``, ``codes``, ``unit``, ``percent``, ``in_year``.
    nullable : whether a cell may be blank.
    required : whether the column must be there.
    low, high : bounds of its numbers, None for no bound.
    pattern : regular expression that the whole of a text must match, empty for none.
    """

    metadata: dict[str, Any]
    nullable: bool
    required: bool
    low: float | None = None
    high: float | None = None
    pattern: str = ""

    def violations(self, values: pd.Series) -> Iterator[tuple[str, np.ndarray]]:
        """The rules that some values break: ``blank``, ``low``, ``high``, ``code`` or ``identifier``, and where.

        Parameters: ``values`` of the column's kind, shape (rows,). Each mask has the shape (rows,).
        """
        if not self.nullable:
            yield "blank", values.isna().to_numpy()
        if self.low is not None:
            yield "low", (values < self.low).to_numpy(dtype=bool, na_value=False)
        if self.high is not None:
            yield "high", (values > self.high).to_numpy(dtype=bool, na_value=False)
        if codes := self.metadata.get("codes"):
            yield "code", (values.notna() & ~among(values, list(codes))).to_numpy()
        if self.pattern:
            ids = arrow_column(values)
            told = pc.match_substring_regex(ids, f"^(?:{self.pattern})$").fill_null(True)
            yield "identifier", ~told.to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Schema:
    """An input table: its columns by name, in the order of the template, and its names ``zh`` and ``en``."""

    columns: dict[str, Column]
    metadata: dict[str, str]


def key(zh: str, en: str) -> Column:
    """An identifier: letters, digits, ``-`` and ``_``, so that it may stand in a file name."""
    about = {"kind": "text", "zh": zh, "en": en, "identifier": True}
    return Column(about, nullable=False, required=True, pattern=IDENTIFIER)


def link(zh: str, en: str) -> Column:
    """The identifier of a row of another table or of a paper, blank where there is none."""
    return Column({"kind": "text", "zh": zh, "en": en, "identifier": True}, nullable=True, required=False)


def text(
    zh: str,
    en: str,
    *,
    blank: bool = True,
    required: bool = False,
    personal: str | None = None,
) -> Column:
    """Free text, in which the names of household members are masked.

    ``personal`` names how it is masked as a whole: ``name``, ``id_number`` or ``prose``, which may name anybody.
    """
    about = {"kind": "text", "zh": zh, "en": en, "personal": personal}
    return Column(about, nullable=blank, required=required)


def code(zh: str, en: str, codes: dict[str, tuple[str, str]], *, blank: bool = False, required: bool = True) -> Column:
    """One of the listed codes; each has its words in Chinese and English."""
    return Column({"kind": "code", "zh": zh, "en": en, "codes": codes}, nullable=blank, required=required)


def number(
    zh: str,
    en: str,
    *,
    low: float | None = 0,
    high: float | None = None,
    blank: bool = True,
    required: bool = False,
    unit: str = "",
    percent: float | None = None,
) -> Column:
    """A number with bounds, in the unit named; money is in yuan, rates are fractions.

    ``percent``: what 1 % is in this column; without it a percent sign is not understood.
    """
    about = {"kind": "number", "zh": zh, "en": en, "unit": unit, "percent": percent}
    return Column(about, nullable=blank, required=required, low=low, high=high)


def money(zh: str, en: str, *, low: float | None = 0, blank: bool = True, required: bool = False) -> Column:
    """Yuan."""
    return number(zh, en, low=low, blank=blank, required=required, unit="yuan")


def count(zh: str, en: str, *, blank: bool = True, required: bool = False) -> Column:
    """A whole number from 0."""
    return Column({"kind": "whole", "zh": zh, "en": en}, nullable=blank, required=required, low=0)


def yes_no(zh: str, en: str, *, blank: bool = True, required: bool = False) -> Column:
    """True or false; blank where nobody recorded it."""
    return Column({"kind": "yes_no", "zh": zh, "en": en}, nullable=blank, required=required)


def date(zh: str, en: str, *, blank: bool = True, required: bool = False, in_year: bool = False) -> Column:
    """A day. ``in_year``: it must fall in the year of the data folder."""
    return Column({"kind": "date", "zh": zh, "en": en, "in_year": in_year}, nullable=blank, required=required)


def form_of(spec: Column, scale: Decimal = Decimal(1), serials: bool = True) -> Form:
    """The way to read the cells of a column, with the size of the unit in its heading.

    Parameters: ``serials`` whether numbers may be serial numbers of days.
    """
    about = spec.metadata
    codes: dict[str, str] = {}
    for name, words in (about.get("codes") or {}).items():
        codes |= {plain(form): name for form in (*words, name)}
    named = about["zh"]
    for ending in (ending for ending in DENIALS if about["kind"] == "yes_no" and named.endswith(ending)):
        codes |= {ending: "yes"} | dict.fromkeys(DENIALS[ending], "no")
    not_yet = (
        {before + named.removesuffix("日期") for before in ("未", "尚未", "还未")} if about["kind"] == "date" else ()
    )
    return Form(
        about["kind"],
        about.get("identifier", False),
        about.get("unit", ""),
        scale,
        about.get("percent"),
        codes,
        counters_of(spec),
        frozenset(not_yet),
        serials,
    )


def counters_of(spec: Column) -> frozenset[str]:
    """What may stand behind a number of a column, or as its unit, and changes nothing."""
    named = spec.metadata["zh"]
    return frozenset(word for ending, words in COUNTERS.items() if named.endswith(ending) for word in words)
