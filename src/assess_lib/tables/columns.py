"""The kinds of columns that the input tables are made of.

Each function gives a pandera column with what every reader of the table needs beside the type:
the names in both languages, the kind, and whether it holds personal data.
"""

from __future__ import annotations

from decimal import Decimal

import pandera.pandas as pa

from assess_lib.tables.parsing import DATE_DTYPE, Form, plain

DTYPES = {"text": "str", "code": "str", "number": "float64", "whole": "Int64", "yes_no": "boolean", "date": DATE_DTYPE}


def key(zh: str, en: str) -> pa.Column:
    """An identifier: letters, digits, ``-`` and ``_``, so that it may stand in a file name."""
    check = pa.Check.str_matches(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", name="identifier", error="identifier")
    return _column("text", str, zh, en, checks=[check], identifier=True)


def link(zh: str, en: str) -> pa.Column:
    """The identifier of a row of another table or of a paper, blank where there is none."""
    return _column("text", str, zh, en, blank=True, required=False, identifier=True)


def text(
    zh: str,
    en: str,
    *,
    blank: bool = True,
    required: bool = False,
    personal: str | None = None,
    remark: bool = False,
) -> pa.Column:
    """Free text. ``personal`` names how it is masked: ``name``, ``id_number`` or ``prose``, which may name anybody.

    ``remark``: words about a thing, in which the names of household members are masked.
    """
    return _column("text", str, zh, en, blank=blank, required=required, personal=personal, remark=remark)


def code(
    zh: str, en: str, codes: dict[str, tuple[str, str]], *, blank: bool = False, required: bool = True
) -> pa.Column:
    """One of the listed codes; each has its words in Chinese and English."""
    check = pa.Check.isin(list(codes), name="code", error="code")
    return _column("code", str, zh, en, blank=blank, required=required, checks=[check], codes=codes)


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
) -> pa.Column:
    """A number with bounds, in the unit named; money is in yuan, rates are fractions.

    ``percent``: what 1 % is in this column; without it a percent sign is not understood.
    """
    checks = []
    if low is not None:
        checks.append(pa.Check.ge(low, name="low", error="low"))
    if high is not None:
        checks.append(pa.Check.le(high, name="high", error="high"))
    return _column(
        "number", "float64", zh, en, blank=blank, required=required, checks=checks, unit=unit, percent=percent
    )


def money(zh: str, en: str, *, low: float | None = 0, blank: bool = True, required: bool = False) -> pa.Column:
    """Yuan."""
    return number(zh, en, low=low, blank=blank, required=required, unit="yuan")


def count(zh: str, en: str, *, blank: bool = True, required: bool = False) -> pa.Column:
    """A whole number from 0."""
    checks = [pa.Check.ge(0, name="low", error="low")]
    return _column("whole", "Int64", zh, en, blank=blank, required=required, checks=checks)


def yes_no(zh: str, en: str, *, blank: bool = True, required: bool = False) -> pa.Column:
    """True or false; blank where nobody recorded it."""
    return _column("yes_no", "boolean", zh, en, blank=blank, required=required)


def date(zh: str, en: str, *, blank: bool = True, required: bool = False, in_year: bool = False) -> pa.Column:
    """A day. ``in_year``: it must fall in the year of the data folder."""
    return _column("date", DATE_DTYPE, zh, en, blank=blank, required=required, in_year=in_year)


def _column(kind, dtype, zh, en, *, blank=False, required=True, checks=(), **more) -> pa.Column:
    metadata = {"kind": kind, "zh": zh, "en": en, **more}
    return pa.Column(dtype, checks=list(checks), nullable=blank, required=required, metadata=metadata)


def form_of(spec: pa.Column, scale: Decimal = Decimal(1), serials: bool = True) -> Form:
    """How the cells of a column are to be understood, with what a unit of its heading is.

    Parameters: ``serials`` whether numbers may be serial numbers of days.
    """
    about = spec.metadata
    codes = {}
    for name, words in (about.get("codes") or {}).items():
        codes |= {plain(form): name for form in (*words, name)}
    return Form(
        about["kind"],
        about.get("identifier", False),
        about.get("unit", ""),
        scale,
        about.get("percent"),
        codes,
        serials,
    )
