"""What a cell shows beside its value: a number format that writes % or 万元 behind it, a line through it, a hidden row.

Such marks mean something to whoever looks at the sheet, and are not in the value that a reader gets.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from assess_lib.tables.reading.grid import position

_PERCENT = {9: "0%", 10: "0.00%"}  # formats that need no entry in the file
_CELL = re.compile(rb"<(?:\w{1,20}:)?c\s([^<>]{0,500}?)(/?)>")
_ADDRESS, _STYLE, _TYPE = (re.compile(rb"\b%s\s{0,9}=\s{0,9}[\"']([^\"']*)[\"']" % name) for name in (b"r", b"s", b"t"))
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s([^<>]{0,500}[^/<>])>")  # with cells
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_RULE = re.compile(
    rb"<(?:\w{1,20}:)?(?:conditionalFormatting\s[^<>]{0,200}?sqref=[\"']([A-Z0-9]{2,10})[^<>]{0,5000}|cfRule\s[^<>]{0,200}?dxfId=[\"']([0-9]{1,6})[\"'][^<>]{0,300})>"
)
_TEXT = re.compile(r'"([^"]*)"|\\(.)|([㐀-鿿]+)')
_OF_DAYS = re.compile(r"[ymdhs]|[年月日时分秒]|AM/PM", re.IGNORECASE)
_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
_CURRENCY, _OURS = re.compile(r"\[\$([^\]-]*)"), ("", "¥", "￥", "CNY", "RMB", "元")
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])+')
_SCALED = re.compile(r"[0#?],+(?![0#?,])|!\.|\\\.")
Place = tuple[int, int]


@dataclass(frozen=True)
class Styles:
    """The styles of a workbook that say something of the cells that have them.

    Attributes
    ----------
    suffix : number of a style -> what its format writes behind a number.
    scaled : numbers of styles whose format shows another number than there is, or writes a word before it.
    struck_out : numbers of styles with a line through the text.
    by_rule : numbers of formats of conditional formatting that show numbers as others, or with words.
    """

    suffix: dict[int, str] = field(default_factory=dict)
    scaled: frozenset[int] = frozenset()
    struck_out: frozenset[int] = frozenset()
    by_rule: frozenset[int] = frozenset()

    def suffixed(self, sheet: bytes) -> Iterator[tuple[Place, str]]:
        """The numbers of a sheet behind which their format writes something: (row, column) from 0, and what."""
        for place, style in _numbers(sheet) if self.suffix else ():
            if style in self.suffix:
                yield place, self.suffix[style]

    def misleading(self, sheet: bytes) -> Iterator[tuple[Place, tuple[str, str]]]:
        """The numbers of a sheet that are shown as others: (row, column) from 0, key of the fault and value."""
        for place, style in _numbers(sheet) if self.scaled else ():
            if style in self.scaled:
                yield place, ("shown_otherwise", "")

    def shown_by_rule(self, sheet: bytes) -> list[str]:
        """The first cell of every area of a sheet in which conditional formatting shows numbers as others."""
        found, area = [], ""
        for match in _RULE.finditer(sheet) if self.by_rule else ():
            area = match[1].decode() if match[1] else area
            if match[2] and int(match[2]) in self.by_rule:
                found.append(area)
        return list(dict.fromkeys(found))

    def struck(self, sheet: bytes) -> list[str]:
        """The addresses of the filled cells of a sheet with a line through them."""
        if not self.struck_out:
            return []
        return [address for address, style, _, filled in _cells(sheet) if filled and style in self.struck_out]


def styles_of(content: bytes) -> Styles:
    """The styles that say something, of the part of a workbook that holds them. Raises ET.ParseError."""
    root = ET.fromstring(content)
    formats = {
        int(node.get("numFmtId", -1)): node.get("formatCode", "") for node in root.iter() if _tag(node) == "numFmt"
    }
    fonts = [
        any(_tag(mark) == "strike" and mark.get("val", "1") not in ("0", "false") for mark in font)
        for node in root
        if _tag(node) == "fonts"
        for font in node
    ]
    suffix: dict[int, str] = {}
    scaled, struck = set(), set()
    for number, style in enumerate(style for node in root if _tag(node) == "cellXfs" for style in node):
        identity = int(style.get("numFmtId", 0))
        written, is_other = _meaning(_PERCENT.get(identity) or formats.get(identity, ""))
        if is_other:
            scaled.add(number)
        elif written:
            suffix[number] = written
        font = int(style.get("fontId", 0))
        if font < len(fonts) and fonts[font]:
            struck.add(number)
    rules = (rule for node in root if _tag(node) == "dxfs" for rule in node)
    codes = [next((part.get("formatCode", "") for part in rule if _tag(part) == "numFmt"), "") for rule in rules]
    by_rule = frozenset(number for number, code in enumerate(codes) if _meaning(code) != ("", False))
    return Styles(suffix, frozenset(scaled), frozenset(struck), by_rule)


def hidden_rows(sheet: bytes) -> list[str]:
    """The addresses of the first cells of the rows of a sheet that are hidden, by hand or by a filter."""
    if b"hidden=" not in sheet:
        return []
    hidden = (row for row in _ROW.findall(sheet) if _HIDDEN.search(row))
    return [f"A{number[1].decode()}" for row in hidden if (number := _ADDRESS.search(row))]


def _meaning(code: str) -> tuple[str, bool]:
    """The words that a number format writes behind a number; true where it shows another number or a word before it.

    A format has parts for positive and negative numbers, or for those of a size: one way for all of them is a way.
    """
    parts = _SECTION.findall(code)[:3]
    meanings = [_meaning_of_part(part) for part in parts if re.search(r"[0#?]", _TEXT.sub("", _general(part)))]
    if any(is_other for _, is_other in meanings) or len(set(meanings)) > 1:
        return "", True
    return meanings[0] if meanings else ("", False)


def _general(part: str) -> str:
    return re.sub("general", "0", part, flags=re.IGNORECASE)


def _meaning_of_part(code: str) -> tuple[str, bool]:
    currency = _CURRENCY.search(code)
    if currency and currency[1] not in _OURS:
        return "", True
    first = _ASIDE.sub("", _general(code))
    words = ["".join(found) for found in _TEXT.findall(first)]
    bare = _TEXT.sub("", first)
    if not re.search(r"[0#?]", bare) or (_OF_DAYS.search(bare) and not re.search(r"[#?]|0\.0", bare)):
        return "", False  # of days, or of text
    written = "".join(word.strip() for word in words if word.strip(" ¥￥-+()/,.（）"))
    begins = _TEXT.search(first)
    digit = re.search(r"[0#?]", _TEXT.sub(lambda found: " " * len(found[0]), first))
    before = bool(written and begins and digit and begins.start() < digit.start())
    if _SCALED.search(first) or before or any(map(str.isdecimal, written)):
        return "", True
    return ("%" if "%" in bare else "") + written, False


def _numbers(sheet: bytes) -> Iterator[tuple[Place, int]]:
    for address, style, kind, filled in _cells(sheet):
        if filled and kind in ("", "n"):
            letters = address.rstrip("0123456789")
            yield (int(address[len(letters) :]) - 1, position(letters.upper())), style


def _cells(sheet: bytes) -> Iterator[tuple[str, int, str, bool]]:
    """The cells of a sheet: address, number of style, type, and whether there is anything in it."""
    for match in _CELL.finditer(sheet):
        style, address = _STYLE.search(match[1]), _ADDRESS.search(match[1])
        if style and address:
            kind = _TYPE.search(match[1])
            yield address[1].decode(), int(style[1]), kind[1].decode() if kind else "", not match[2]


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
