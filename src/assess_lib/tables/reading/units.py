"""Units as people write them beside a name, above a table or below its heading; a word that is not understood is no unit.

Money is kept in yuan, roads in kilometres, rates as the column says. What one unit of a column is stands in one of four
places, of which the nearest counts: the heading of the column, a row of units below it, a line above the table that
speaks of the whole sheet, and nothing, which is the unit of the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assess_lib.tables.columns import Column
from assess_lib.tables.parsing import UNITS, plain

_MONEY_WORD = re.compile(r"人民币|rmb|[十百千]?[万亿]?元|[百千]?[万亿]|yuan", re.IGNORECASE)
_LENGTH_WORD = re.compile(r"公里|千米|km|华里|市里|里|米|m", re.IGNORECASE)
_WORDS = {"yuan": _MONEY_WORD, "km": _LENGTH_WORD}
# What shows that a text speaks of a size, whatever it says: a column beside it must not be taken as it stands.
_SPEAKS_OF_SIZE = re.compile(r"[十百千万亿元圆角$¥€£美港欧%‰?]|^分$|里$|米|亩|吨|km|公顷")
_NO_UNIT = frozenset({"人民币", "rmb"})
# A line about the sheet: 单位：万元, 金额单位：人民币万元, （万元）; not 填报单位, which is an office, nor 万元镇, which is a place.
_OF_SHEET = re.compile(
    r"(?<![报送填管属出])单位[:：]?(?:人民币)?[(\[]?([十百千]?[万亿]?元|[百千]?[万亿])(?![㐀-鿿])"
    r"|[(\[,，](?:单位[:：]?)?(?:人民币)?([十百千]?[万亿]元|元)[)\]]"
)


def unit_size(spec: Column, words: str) -> Decimal | None:
    """The size of one unit of a column, by the words in brackets behind its name; None where they are not understood.

    Parameters: ``words`` as ``plain`` gives them. Words that name no size say nothing: （含配套）.
    """
    about = spec.metadata
    if about["kind"] not in ("number", "whole"):
        return Decimal(1)
    unit = about.get("unit", "")
    if unit in _WORDS:
        named = [word for word in _WORDS[unit].findall(words) if word.lower() not in _NO_UNIT]
        sizes = {UNITS[unit].get(word.lower()) for word in named}
        left_over = _WORDS[unit].sub("", words)
        if len(sizes) > 1 or _SPEAKS_OF_SIZE.search(left_over):
            return None
        return sizes.pop() if sizes else Decimal(1)
    if "%" in words:
        return None if about.get("percent") is None else Decimal(str(about["percent"]))
    return None if re.search(r"[百千万亿‰]", words) else Decimal(1)


def names_a_size(spec: Column, words: str) -> bool:
    """True where words behind the name of a column of money or length name one of its units."""
    known = _WORDS.get(spec.metadata.get("unit", ""))
    return known is not None and any(word.lower() not in _NO_UNIT for word in known.findall(words))


def unit_of_sheet(lines: Sequence[Sequence[str]]) -> str:
    """The unit of money that the lines above a heading name for the whole sheet, empty for none, ``?`` for several."""
    found = {first or second for line in lines for cell in line for first, second in _OF_SHEET.findall(plain(cell))}
    return "" if not found else found.pop() if len(found) == 1 else "?"


def is_row_of_units(cells: Sequence[str]) -> bool:
    """True for a row below a heading in which nothing but units stands: 元, 万元, 人, %, 公里."""
    words = [plain(cell).strip("()[]") for cell in cells if cell.strip()]
    return bool(words) and all(_UNIT_ALONE.fullmatch(word) for word in words)


_UNIT_ALONE = re.compile(
    r"(?:单位[:：]?)?(?:[十百千]?[万亿]?元(?:/[人户年月])*|公里|千米|km|米|m|华里|%|[人户个次天日名项篇份件处组亩岁]|是/否|年月日|yyyy-mm-dd|/|-)"
)


def is_row_of_numbers(cells: Sequence[str]) -> bool:
    """True for a row below a heading that numbers the columns: 1 2 3, (1) (2) (3), 甲 乙 1 2."""
    words = [plain(cell).strip("()[]栏次第列") for cell in cells if cell.strip()]
    words = [word for word in words if word]
    lettered = [word for word in words if word in "甲乙丙丁戊己庚辛壬癸" or re.fullmatch("[a-z]", word)]
    numbers = [word for word in words if word not in lettered]
    if len(words) < 3 or not all(re.fullmatch("[0-9]{1,2}", word) for word in numbers):
        return False
    counted = [int(word) for word in numbers]
    return counted == list(range(counted[0], counted[0] + len(counted))) if counted else len(lettered) > 2
