"""Cells as they were written to values of the column's kind; what cannot be read is told.

Each distinct text of a column is taken apart once: plain forms (``1250``, ``2016-03-31``, ``true``), full-width digits,
thousands separators, units in the cell, Chinese dates, Excel's serial numbers.
Nothing is guessed: a form with two meanings is unreadable, and so is a number with a footnote mark (①, ³), which full-width
digits are made plain together with.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assess_lib.tables.id_lookup import among, arrow_column

DATE_DTYPE = "datetime64[us]"
TRUE = frozenset({"true", "1", "yes", "y", "是", "有", "对", "√", "✓", "✔", "1.0", "☑", "■", "●"})
FALSE = frozenset({"false", "0", "no", "n", "否", "无", "错", "×", "✗", "✘", "x", "0.0", "☒", "□", "☐", "○"})
RING, DISC = "○", "●"
NOTHING = frozenset({"/", "-", "--", "—", "——", "–", "\\"})  # what stands for an empty cell
SAYS_NOTHING = NOTHING | {"无", "暂无", "不详", "不清楚", "未知", "待定", "待补", "N/A", "?", "？"}  # in free text
_BLANK_TEXTS = ("", *sorted(SAYS_NOTHING))
YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
UNITS: dict[str, dict[str, Decimal]] = {
    "yuan": {**{name: Decimal(size) for name, size in YUAN.items()}, "万": Decimal(10_000), "yuan": Decimal(1)},
    "km": {"公里": Decimal(1), "千米": Decimal(1), "km": Decimal(1), "米": Decimal("0.001"), "m": Decimal("0.001")},
}
NO_DAY = frozenset({"无", "至今", "未", "尚未"})  # written where a day stands that has not come
TRADITIONAL = str.maketrans("萬億圓戶個項處組單為計", "万亿元户个项处组单为计")
LARGEST = 1e15  # beyond it a number of Excel has lost digits, and is no sum of money or count of anything
FIRST_SERIAL, LAST_SERIAL = 32874, 73415  # Excel's numbers of 1990-01-01 and 2100-12-31
_EPOCH, _MIDNIGHT = datetime.date(1899, 12, 30), datetime.time()

_NUMBER_FORM = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
_NUMBER = re.compile(_NUMBER_FORM)
_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00:00(?:\.0+)?)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_WITH_UNIT = re.compile(rf"({_NUMBER_FORM}|{_GROUPED.pattern})([^\d.,+-]+)")
_WRITTEN_DATE = re.compile(
    r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:(?:(?<=[日号])|[ T])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?"
)
_DITTO = re.compile(
    r"[-—－(（]*(?:(?:[同仝][上前]?|上同)[行格栏列户]?|ditto|do\.?|id\.|[\"＂'＇〃″‶′“”„‟‘’,，々↑]{1,4})[-—－)）]*"
)
TWO_NUMBERS = re.compile(r"[0-9.]\s+[0-9.]")  # a blank or a line between digits: two values in one cell
_WEEKDAY = re.compile(r"(?<=[日号0-9])(?P<open>\()?(?:周|星期|礼拜)([一二三四五六日天])(?(open)\))$")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


@dataclass(frozen=True)
class Form:
    """How the cells of a column are to be understood.

    Attributes
    ----------
    kind : text, code, number, whole, yes_no or date.
    identifier : text that names a row: full-width characters are the same as others.
    unit : of numbers (yuan, km), for units that stand in a cell.
    scale : what one unit of the column's heading is (万元: 10 000).
    percent : what 1 % is; None where a percent sign is not understood.
    codes : words of a coded column, as ``plain`` gives them, to codes; of a column of yes and no, words of its own to
        ``yes`` and ``no``.
    counted : what may stand behind a number and changes nothing: 口 behind persons, 分 behind points.
    not_yet : what says, beside ``NO_DAY``, that the day of a column has not come: 未落实.
    serials : whether a number may be Excel's serial number of a day.
    """

    kind: str
    identifier: bool = False
    unit: str = ""
    scale: Decimal = Decimal(1)
    percent: float | None = None
    codes: dict[str, str] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    not_yet: frozenset[str] = frozenset()
    serials: bool = True


def plain(text: str) -> str:
    """Text without what the eye does not tell apart: full-width forms, blanks, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def is_ditto(text: str) -> bool:
    """True for what people write where a cell is meant to say what the one above says: 同上, 〃, a quotation mark."""
    return _DITTO.fullmatch("".join(text.split()).lower()) is not None


def has_mark(text: str) -> bool:
    """True where a text has a figure that is no digit of a number, and would become one in plain writing: ①, ³, ½, ㏤."""
    return not text.isascii() and any(map(_is_mark, text))


@cache
def _is_mark(character: str) -> bool:
    if character.isdecimal() or "㐀" <= character <= "鿿":
        return False
    return character.isnumeric() or any(map(str.isdigit, unicodedata.normalize("NFKC", character)))


def parse(cells: pd.Series, form: Form | str) -> tuple[pd.Series, pd.Series]:
    """Values of a kind and which cells could not be read as it.

    Parameters: ``cells`` as read from a file, shape (rows,); ``form`` of the column, or its kind.
    Returns (values, mask of unreadable cells).
    """
    form = Form(form) if isinstance(form, str) else form
    kind = form.kind
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return _days(cells), _none(cells)
    if kind == "yes_no" and pd.api.types.is_bool_dtype(cells.dtype) and cells.dtype != object:
        return cells.astype("boolean"), _none(cells)
    if kind == "whole" and pd.api.types.is_integer_dtype(cells.dtype):
        return cells.astype("Int64"), _none(cells)
    if kind == "number" and pd.api.types.is_float_dtype(cells.dtype) and form.scale == 1:
        return cells.astype("float64"), cells.abs() > LARGEST
    if kind == "text":
        return _texts(as_text(cells), form)
    column = arrow_column(_untrimmed(cells)).dictionary_encode()  # each distinct text is taken apart once
    codes, texts = column.indices.to_numpy(), column.dictionary
    if kind in ("number", "whole") and form.scale == 1 and (plain_numbers := _plain_numbers(texts, kind)) is not None:
        values = pd.array(plain_numbers, dtype="Int64") if kind == "whole" else plain_numbers
        return pd.Series(values.take(codes), index=cells.index, name=cells.name, copy=False), _none(cells)
    return _taken_apart(cells, form, codes, [text.strip() for text in texts.to_pylist()])


def _days(cells: pd.Series) -> pd.Series:
    """The days of points in time, by the clock where they were written."""
    if cells.dtype == DATE_DTYPE and pd.DatetimeIndex(cells).is_normalized:
        return cells
    return cells.dt.tz_localize(None).astype(DATE_DTYPE).dt.normalize()


def _plain_numbers(texts: pa.Array, kind: str) -> np.ndarray | None:
    """The values of texts that are all empty or plain digits, taken together and not one by one; None for others."""
    filled = pc.if_else(pc.equal(texts, ""), None, texts)
    usual = pc.match_substring_regex(filled, r"^-?[0-9]+$" if kind == "whole" else r"^-?[0-9]+(?:\.[0-9]+)?$")
    if not pc.all(usual, min_count=0).as_py():
        return None
    values = filled.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return None if (np.abs(values) > LARGEST).any() else values


def _taken_apart(cells: pd.Series, form: Form, codes: np.ndarray, texts: list[str]) -> tuple[pd.Series, pd.Series]:
    """As ``parse``. Parameters: ``codes`` the place of each cell's text among the distinct ``texts``."""
    kind, (read, as_array) = form.kind, _KINDS[form.kind]
    nothing = NOTHING | NO_DAY | form.not_yet if kind == "date" else NOTHING
    blank = [not text or text in nothing for text in texts]
    values = [None if empty else read(text, form) for text, empty in zip(texts, blank)]
    if kind == "yes_no" and RING in texts and DISC not in texts:  # beside × a ring says yes, beside a disc no
        values = [None if text == RING else value for text, value in zip(texts, values)]
    bad = np.array([value is None and not empty for value, empty in zip(values, blank)], dtype=bool)
    column = pd.Series(as_array(values).take(codes), index=cells.index, name=cells.name, copy=False)
    return column, pd.Series(bad[codes], index=cells.index, copy=False)


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as text, trimmed; whole floats without their ``.0``, blanks as empty text."""
    return _untrimmed(cells).str.strip()


def _untrimmed(cells: pd.Series) -> pd.Series:
    if cells.dtype == "str":
        return cells.fillna("") if cells.hasnans else cells
    if not pd.api.types.is_string_dtype(cells.dtype) or cells.dtype == object:
        cells = cells.map(cell_text, na_action=None)
    cells = cells.astype("str")
    return cells.fillna("") if cells.hasnans else cells


def cell_text(cell: object) -> str:
    """One cell as text."""
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ") if cell.time() != _MIDNIGHT else cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def _texts(written: pd.Series, form: Form) -> tuple[pd.Series, pd.Series]:
    ascii_only = pc.string_is_ascii(arrow_column(written)).to_numpy(zero_copy_only=False) if form.identifier else None
    if ascii_only is not None and not ascii_only.all():
        foreign = pd.Series(~ascii_only, index=written.index)
        written = _each(written, foreign, _plain_identifier)
    blank = among(written, ("",) if form.identifier else _BLANK_TEXTS)
    return (written.mask(blank, None).astype("str") if blank.any() else written), _none(written)


def _plain_identifier(text: str) -> str:
    return text if has_mark(text) else unicodedata.normalize("NFKC", text).strip()


def _code(text: str, form: Form) -> str | None:
    return form.codes.get(plain(text), text)


def _yes_no(text: str, form: Form) -> bool | None:
    if has_mark(text):
        return None
    low = text.lower() if text.isascii() else plain(text)
    answer = form.codes.get(low)
    return True if low in TRUE or answer == "yes" else False if low in FALSE or answer == "no" else None


def _date(text: str, form: Form) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10]) if _DATE.fullmatch(text) else _date_of(text, form.serials)
    except ValueError:
        return None


def _date_of(text: str, serials: bool) -> datetime.date | None:
    """A day written in one of the usual ways: 2016年3月5日, 2016.3.5, 2016/3/5, 20160305, Excel's serial number.

    A day of the week may stand behind it and must be its own.
    """
    if has_mark(text):
        return None
    text = re.sub("[‐‑‒–−]", "-", unicodedata.normalize("NFKC", text))
    text = (" " if re.search(r"\d\s+\d", text) else "").join(text.split())  # blanks never join digits to a number
    if weekday := _WEEKDAY.search(text):
        day = _date_of(text[: weekday.start()], False)
        return day if day and day.weekday() == "一二三四五六日".index(weekday[2].replace("天", "日")) else None
    serial = _SERIAL.fullmatch(text)
    if serials and serial and FIRST_SERIAL <= int(serial[1]) <= LAST_SERIAL:
        return _EPOCH + datetime.timedelta(days=int(serial[1]))
    parts = _WRITTEN_DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        return datetime.date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def _number(text: str, form: Form) -> float | None:
    usual = _WHOLE if form.kind == "whole" else _NUMBER
    value = float(text) if form.scale == 1 and usual.fullmatch(text) else _number_of(text, form)
    return None if value is None or abs(value) > LARGEST else value


def _number_of(text: str, form: Form) -> float | None:
    """A number as people write it: full-width digits, thousands separators, a unit or a percent sign behind it."""
    if has_mark(text):
        return None
    text = unicodedata.normalize("NFKC", text).translate(TRADITIONAL)
    if TWO_NUMBERS.search(text):
        return None
    text = "".join(text.split())
    if form.unit == "yuan":
        text = re.sub(r"^(?:人民币|rmb|cny):?", "", text.replace("圆", "元"), flags=re.IGNORECASE)
        text = re.sub(r"(?<=元)[整正]$", "", text)
    text = text.removeprefix("¥")
    scale, with_unit = form.scale, _WITH_UNIT.fullmatch(text)
    if with_unit and not _NUMBER.fullmatch(text):
        text, unit = with_unit[1], with_unit[2]
        if unit in form.counted:
            scale = Decimal(1)
        elif unit == "%" and form.percent is not None:
            scale = Decimal(str(form.percent))
        elif unit.lower() in UNITS.get(form.unit, {}):
            scale = UNITS[form.unit][unit.lower()]
        else:
            return None
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text) * scale
    except InvalidOperation:
        return None
    return None if form.kind == "whole" and value != value.to_integral_value() else float(value)


def _each(written: pd.Series, which: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """The texts with some of them changed, each distinct one once."""
    which = which.astype(bool)
    if not which.any():
        return written
    changed = {text: change(text) for text in written[which].unique()}
    return written.where(~which, written.map(changed))


def _none(cells: pd.Series) -> pd.Series:
    return pd.Series(np.zeros(len(cells), dtype=bool), index=cells.index, copy=False)


# How a text of a kind is read (None where it cannot be), and the column that its values make.
_KINDS: dict[str, tuple[Callable[[str, Form], Any], Callable[[list[Any]], Any]]] = {
    "code": (_code, lambda values: pd.array(values, dtype="str")),
    "yes_no": (_yes_no, lambda values: pd.array(values, dtype="boolean")),
    "date": (_date, lambda values: np.array(values, dtype=DATE_DTYPE)),
    "number": (_number, lambda values: np.array(values, dtype="float64")),
    "whole": (_number, lambda values: pd.array(np.array(values, dtype="float64"), dtype="Int64")),
}
