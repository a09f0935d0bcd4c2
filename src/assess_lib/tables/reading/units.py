"""Units as people write them beside a name, above a table or below its heading; a word that is not understood is no unit.

Money is kept in yuan, roads in kilometres, rates as the column says. What one unit of a column is stands in one of four
places, of which the nearest counts: the heading of the column, a row of units below it, a line above the table that
speaks of the whole sheet, and nothing, which is the unit of the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from assess_lib.tables.columns import Column
from assess_lib.tables.parsing import TRADITIONAL, UNITS, plain

_MONEY_WORD = re.compile(r"人民币|rmb|cny|[十百千]?[万亿]?元|[百千]?[万亿]|yuan", re.IGNORECASE)
_LENGTH_WORD = re.compile(r"公里|千米|km|华里|市里|里|米|m", re.IGNORECASE)
_WORDS = {"yuan": _MONEY_WORD, "km": _LENGTH_WORD}
# What shows that a text speaks of a size, whatever it says: a column beside it must not be taken as it stands.
_SPEAKS_OF_SIZE = re.compile(r"[十百千万亿拾佰仟元圆角$¥€£美港欧%‰?]|^分$|里$|米|亩|吨|km|公顷")
_NO_UNIT = frozenset({"人民币", "rmb", "cny"})
# Letters, digits and signs of arithmetic are no words: W, 10k, ×10, wan; a year says no size.
_NOT_WORDS = re.compile(r"[a-z0-9×*^]", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-~至到][0-9]{1,4}|[年.][0-9]{1,2})?|[0-9]{1,2}(?:[-~至到][0-9]{1,2})?(?=[月季日])"
)
_OF_HUNDRED = re.compile(r"百分[制比率数]|100分制")
_AMOUNT = r"[十百千]?[万亿]?元|[百千]?[万亿]"
# A line about the sheet: 单位：万元, 金额单位：人民币万元, 以万元计, （万元）; not 填报单位, which is an office.
_UNIT_OF = re.compile(r"(?<![报送填管属出派驻])单位[:为是]+([^()（）\[\]。;；]*)")
_COUNTED_IN = re.compile(r"[以按]([^以按(（\[\s,，。;；]{1,9}?)(?:为单位|计|填写|填报|填列|录入|表示)")
_BRACKETED = re.compile(r"[(\[【,，、]([^()\[\]【】,，、]{1,9})(?=[)\]】,，、])")
_WITHOUT_COLON = re.compile(r"(?:注|说明|备注)?[:]?(?:本表|金额|计量|货币)*单位[(\[]?([^:为是()（）]{1,6})[)\]]?")
_ALONE = re.compile(r"(?:注|说明|备注)?[:]?[(\[]?(?:金额)?均?(?:单位)?[:为]?([^()\[\]]{1,9}?)[)\]]?。?")
# A word that is an amount of money and nothing else, whether we know it or not.
_LIKE_AMOUNT = re.compile(
    r"(?:人民币|rmb|cny|[¥$])?((?:[十拾百佰千仟]|[0-9]+)?[万亿]?[美港欧日]?[元圆角]|[十拾百佰千仟]?[万亿]|[百佰千仟wk]|wan)(?:整|人民币|rmb|cny)?"
)
# A part of a name that is an amount in no usual form, and an end of one that may be: 10k, 万单位, 元千, 甲县W.
_ODD_AMOUNT = re.compile(
    r"(?:人民币|rmb|cny)?(?:[0-9×*]*(?:[wk]|wan)元?|wan ?yuan|[百佰千仟万亿]?元?[百佰千仟万亿]元?(?:版|制|单位|表|计|口径)?)"
)
_ENDS_IN_AMOUNT = re.compile(r"(?:[十拾百佰千仟]?[万亿]|[十拾百佰千仟])[元圆]$|(?<=[㐀-鿿])(?:10*)?(?:w|k|wan)元?$")
_STARTS_WITH_AMOUNT = re.compile(rf"(?:人民币)?({_AMOUNT})(?=$|[^㐀-鿿]|填|制|审|报|日期|时间)")


def unit_size(spec: Column, words: str) -> Decimal | None:
    """The size of one unit of a column, by the words in brackets behind its name; None where they are not understood.

    Parameters: ``words`` as ``plain`` gives them. Words that name no size say nothing: （含配套）.
    """
    about, words = spec.metadata, words.translate(TRADITIONAL)
    if about["kind"] not in ("number", "whole"):
        return Decimal(1)
    unit = about.get("unit", "")
    if unit in _WORDS:
        named = [word for word in _WORDS[unit].findall(words) if word.lower() not in _NO_UNIT]
        sizes = {UNITS[unit].get(word.lower()) for word in named}
        left_over = _YEAR.sub("", _WORDS[unit].sub("", words))
        if len(sizes) > 1 or _SPEAKS_OF_SIZE.search(left_over) or _NOT_WORDS.search(left_over):
            return None
        return sizes.pop() if sizes else Decimal(1)
    if "%" in words:
        return None if about.get("percent") is None else Decimal(str(about["percent"]))
    left_over = _YEAR.sub("", _OF_HUNDRED.sub("", words))
    return None if re.search(r"[百千万亿‰×*^]|分制|10", left_over) else Decimal(1)


def names_a_size(spec: Column, words: str) -> bool:
    """True where words behind the name of a column of money or length name one of its units."""
    known = _WORDS.get(spec.metadata.get("unit", ""))
    return known is not None and any(
        word.lower() not in _NO_UNIT for word in known.findall(words.translate(TRADITIONAL))
    )


def unit_of_sheet(lines: Sequence[Sequence[str]], brackets: bool = True) -> str:
    """The unit of money that the lines above a heading name for the whole sheet, empty for none, ``?`` for what is not clear.

    It may stand behind 单位： with others beside it (人、万元), in the next cell, alone in its line, or in ``brackets``, which
    in a line below the rows may be about a sum alone.
    """
    found: set[str] = set()
    for line in lines:
        cells = [unicodedata.normalize("NFKC", cell).translate(TRADITIONAL).strip() for cell in line if cell.strip()]
        if len(cells) == 1 and (alone := _ALONE.fullmatch(plain(cells[0]))) and (amount := _amount(alone[1])):
            found.add(amount)
            continue
        found |= {
            word for cell in cells if (bare := _WITHOUT_COLON.fullmatch(plain(cell))) for word in _amounts(bare[1])
        }
        text = re.sub(r"([::为])\s+", r"\1", " ".join(cells)).lower()
        found |= {word for match in _UNIT_OF.findall(text) for word in _amounts(match)}
        found |= _counted_in(plain(text), brackets)
    return "" if not found else found.pop() if len(found) == 1 else "?"


def unit_of_label_comment(text: str) -> str:
    """The unit in a comment on a heading, as ``unit_of_sheet``; ``?`` where an amount stands in prose."""
    said = unit_of_sheet([[line] for line in text.splitlines()])
    return said or "?" * bool(re.search("[十拾百佰千仟万亿][元圆]", plain(text).translate(TRADITIONAL)))


def _counted_in(text: str, brackets: bool = True) -> set[str]:
    """The units of money of 以万元计 and （万元） in a text as ``plain`` gives it."""
    words = _COUNTED_IN.findall(text) + (_BRACKETED.findall(text) if brackets else [])
    return set(filter(None, map(_amount, words)))


def _amount(word: str) -> str:
    """The unit of money that a word is, ``?`` for one that is not known, empty for no unit."""
    match = _LIKE_AMOUNT.fullmatch(word)
    if match is None:
        return ""
    unit = match[1].replace("圆", "元")
    return unit if unit in UNITS["yuan"] and "$" not in word else "?"


def is_unit_of_name(word: str) -> bool:
    """True for a bracket in the name of a sheet or file that names a unit of money, known or not: 万元, 单位：元."""
    return bool(unit_in_name(f"({word})"))


def unit_in_name(name: str) -> str:
    """The unit of money in the name of a sheet or file: in brackets, as a part of it, ``?`` at its end; else empty."""
    text = plain(name).translate(TRADITIONAL)
    found = _counted_in(re.sub("(?:计量|金额)?单位[:为]?|金额[:]?", "", text))
    for part in re.split(r"[_\-—－.·\s()（）\[\]【】]+", name):
        part = re.sub("^(?:计量|金额)?(?:单位)?[:为]?|以|计$", "", plain(part).translate(TRADITIONAL))
        found.add(_amount(part) or "?" * bool(_ODD_AMOUNT.fullmatch(part)))
    found -= {""}
    if not found and _ENDS_IN_AMOUNT.search(text):
        return "?"  # who knows whether it is a name
    return "" if not found else found.pop() if len(found) == 1 else "?"


def _amounts(words: str) -> set[str]:
    """The units of money among words behind 单位：, ``?`` for one that speaks of a size and is not known."""
    found = set()
    for word in filter(None, re.split(r"[、,，/和及与\s]", words)):
        if same := _amount(word):
            found.add(same)
        elif amount := _STARTS_WITH_AMOUNT.match(word):
            found.add(amount[1])
        elif re.fullmatch(r"[0-9a-z.×*^]+[百千万亿]?元?|.?[百千万亿].?元?|.元", word) and word not in ("km", "m"):
            found.add("?")
    return found


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
