"""Is a workbook what it says it is, and small enough to be opened? Looked at before any reader takes it.

A workbook is a zip file of XML. What comes may be damaged, locked, another kind of file under this name, or made to
exhaust the memory of whoever opens it. Each is told in words; the other files are read all the same.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from assess_lib.faults import WARNING, Fault, Location, UnusableInput
from assess_lib.tables.reading.grid import letters, position
from assess_lib.tables.reading.styles import Styles, hidden_rows, styles_of
from assess_lib.tables.template_mark import TemplateMark, mark_of

LARGEST_UNPACKED = 256 * 2**20  # bytes of all parts together
MOST_PARTS = 2_000
MOST_CELLS = 5_000_000  # of the area that holds a sheet's cells
_OLE, _ZIP = bytes.fromhex("D0CF11E0A1B11AE1"), b"PK\x03\x04"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# No expression goes far over the same bytes twice, whatever they are: each stops at the next tag, and a tag that is longer
# than any program writes is refused.
_LONG_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:c|row|f)\s[^<>]{500}")
# Cells with content; XML lets a name have a prefix, and a value either quotes and blanks before it.
_FILLED = re.compile(
    rb"""<(?:\w{1,20}:)?c\s(?:[^<>]{0,500}?\s)?r\s{0,9}=\s{0,9}["']([A-Za-z]{1,3})([0-9]{1,7})["'][^<>/]{0,500}>"""
)
# A cell that is not empty, what its attributes may say, and what may stand in it.
_CELL = re.compile(rb"<((?:\w{1,20}:)?)c(\s[^<>]{0,500}|)>(?<!/>)")
_IS_ERROR = re.compile(rb"""\st\s{0,9}=\s{0,9}["']e["']""")
_ADDRESS = re.compile(rb"""\sr\s{0,9}=\s{0,9}["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f(?:\s[^<>]{0,500})?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w{1,20}:)?(?:v|t)(?:\s[^<>]{0,500})?>([^<]*)<")
_HAS_ERROR, _HAS_FORMULA = re.compile(rb"""["']e["']"""), re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_TARGET, _REF = re.compile(rb'Target="([^"]+)"'), re.compile(rb'\bref="([A-Z]{1,3})([0-9]{1,7})"')
_ROW_OF_ADDRESS = re.compile("[1-9][0-9]{0,6}$")
# Why a workbook cannot be opened, by what is raised: the words of libraries are English.
_WHY: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    ((zipfile.BadZipFile, zlib.error, EOFError), "压缩的内容不完整或被改坏"),
    (ET.ParseError, "内部的 XML 不完整"),
    (KeyError, "缺少必需的部分"),
    (Exception, "压缩方式不支持，或已加密"),
)
_PRINTED = re.compile(rb"<(?:\w{1,20}:)?(?:odd|even|first)(?:Header|Footer)>([^<]{1,2000})<")
_CHECKED = re.compile(rb"<(?:\w{1,20}:)?dataValidation\s([^<>]{1,5000})>")
_AREA, _PROMPT = re.compile(rb'\bsqref="([A-Z]{1,3})([0-9]{1,7})'), re.compile(rb'\bprompt="([^"]{1,1000})"')
_TEXT = re.compile(rb"<(?:\w{1,20}:)?t(?:\s[^<>]{0,500})?>([^<]*)<")
LONGEST_COMMENT = 1_000  # characters of a comment that are looked at
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Examined:
    """What a look at a workbook showed.

    Attributes
    ----------
    trouble : by name of sheet, cells without a value that can be read: (row, column) from 0 to key and value.
    suffixes : by name of sheet, what the format of a number writes behind it: (row, column) from 0 to ``%`` or a word.
    comments : by name of sheet, comments on cells and what a cell asks for when it is chosen: (row, column) from 0 to text.
    said : by name of sheet, what is printed above and below it.
    dates_from_1904 : whether serial numbers of days count from another day than Excel's usual one.
    made_for : the mark of the template that it was made from, None for another workbook.
    faults : that do not keep the workbook from being read.
    """

    trouble: dict[str, dict[tuple[int, int], tuple[str, str]]] = field(default_factory=dict)
    suffixes: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    comments: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    dates_from_1904: bool = False
    made_for: TemplateMark | None = None
    faults: list[Fault] = field(default_factory=list)


def examine(path: Path) -> Examined:
    """Look at a workbook without opening it. Raises UnusableInput when it must not or cannot be opened."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise _refused("empty", path)
    if start.startswith(_OLE):
        raise _refused("locked" if _LOCKED in path.read_bytes() else "old_workbook", path)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise _refused("web_page", path)
    if not start.startswith(_ZIP):
        raise _refused("no_workbook", path)
    try:
        with zipfile.ZipFile(path) as book:
            return _examined(path, book)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ET.ParseError,
        NotImplementedError,
        RuntimeError,
        KeyError,
    ) as error:
        why = next(words for kinds, words in _WHY if isinstance(error, kinds))
        raise _refused("damaged", path, why={"zh": why, "en": str(error)[:120]}) from None


def _examined(path: Path, book: zipfile.ZipFile) -> Examined:
    parts = {part.filename: part for part in book.infolist()}
    size = sum(part.file_size for part in parts.values())
    if size > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise _refused("too_large", path, size=f"{size / 2**20:,.0f}", most=LARGEST_UNPACKED // 2**20)
    if "xl/workbook.xml" not in parts:
        raise _refused("no_workbook", path)
    found = Examined()
    for part, key in (("xl/vbaProject.bin", "macros"), ("xl/externalLinks/", "external_links")):
        if any(name.startswith(part) for name in parts):
            found.faults.append(Fault(f"reading.{key}", str(path), severity=WARNING))
    for name in parts:
        if not name.startswith("xl/media/") and b"<!" in (content := book.read(name)):
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise _refused("entities", path, part=name)
    workbook = ET.fromstring(book.read("xl/workbook.xml"))
    found.dates_from_1904 = any(
        node.get("date1904") in ("1", "true") for node in workbook.iter() if node.tag.endswith("}workbookPr")
    )
    if "docProps/custom.xml" in parts:
        found.made_for = mark_of(book.read("docProps/custom.xml"))
    sheets = _sheets(book, workbook)
    styles = styles_of(book.read("xl/styles.xml")) if "xl/styles.xml" in parts else Styles()
    for name in sorted({*filter(_SHEET.fullmatch, parts), *(sheets.keys() & parts.keys())}):
        content = book.read(name)
        if _LONG_TAG.search(content):
            raise _refused(
                "damaged",
                path,
                why={"zh": f"{name}：标记超过 500 个字符", "en": f"{name}: a tag of more than 500 characters"},
            )
        _bounded(path, sheets.get(name, name), content)
        if name in sheets:
            sheet = sheets[name]
            found.trouble[sheet] = dict(_trouble(content)) | dict(styles.misleading(content))
            found.suffixes[sheet] = dict(styles.suffixed(content))
            comments = _comments(book, parts, name)
            asked = {
                "struck_out": styles.struck(content),
                "hidden_rows": hidden_rows(content),
                "conditional_format": styles.shown_by_rule(content),
                "comments": [f"{letters(column)}{row + 1}" for row, column in comments],
            }
            found.comments[sheet] = dict(_prompts(content)) | comments
            found.said[sheet] = [unescape(text.decode("utf-8", "replace")) for text in _PRINTED.findall(content)]
            for key, cells in asked.items():
                if cells:
                    place, count = f"{sheet}!{cells[0]}", len(cells)
                    row = _ROW_OF_ADDRESS.search(cells[0])
                    where = Location(sheet=sheet, row=int(row[0]) if row else 0, cell=cells[0])
                    found.faults.append(
                        Fault(
                            f"reading.{key}",
                            str(path),
                            place,
                            details={"count": count},
                            severity=WARNING,
                            location=where,
                        )
                    )
    return found


def _sheets(book: zipfile.ZipFile, workbook: ET.Element) -> dict[str, str]:
    """Part -> name of the sheet that it holds."""
    goals = {
        node.get("Id"): node.get("Target", "").lstrip("/").removeprefix("xl/")
        for node in ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    }
    return {
        posixpath.normpath(f"xl/{goals[node.get(_RELATION)]}"): node.get("name", "")
        for node in workbook.iter()
        if node.tag.endswith("}sheet") and node.get(_RELATION) in goals
    }


def _comments(book: zipfile.ZipFile, parts: Container[str], sheet: str) -> dict[tuple[int, int], str]:
    """The comments on the cells of a sheet, in order: (row, column) from 0 to text."""
    folder, _, name = sheet.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in parts:
        return {}
    goals = {
        posixpath.normpath(posixpath.join(f"/{folder}", goal.decode())).lstrip("/")
        for goal in _TARGET.findall(book.read(relations))
    }
    found: dict[tuple[int, int], str] = {}
    for part in (goal for goal in goals if "/comments" in goal and goal in parts):
        content = book.read(part)
        refs = list(_REF.finditer(content))
        for ref, end in zip(refs, [*(following.start() for following in refs[1:]), len(content)]):
            words = b"".join(_TEXT.findall(content[ref.end() : end])).decode("utf-8", "replace")
            found[int(ref[2]) - 1, position(ref[1].decode())] = unescape(words)[:LONGEST_COMMENT]
    return dict(sorted(found.items()))


def _prompts(sheet: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """What cells ask for when they are chosen, at the first of each area: (row, column) from 0, and text."""
    for rule in _CHECKED.findall(sheet):
        area, words = _AREA.search(rule), _PROMPT.search(rule)
        if area and words:
            yield (int(area[2]) - 1, position(area[1].decode())), unescape(words[1].decode("utf-8", "replace"))


def _bounded(path: Path, sheet: str, content: bytes) -> None:
    """Refuse a sheet whose area would not fit in memory: a lone cell far out is enough for that."""
    cells = {(column.upper(), row) for column, row in _FILLED.findall(content)}
    if not cells:
        return
    width = max(position(column.decode()) for column in {column for column, _ in cells}) + 1
    height = max(int(row) for _, row in cells)
    if width * height > MOST_CELLS:
        last = max(cells, key=lambda cell: (int(cell[1]) * position(cell[0].decode()), int(cell[1])))
        address = f"{sheet}!{last[0].decode()}{last[1].decode()}"
        details = {"filled": f"{len(cells):,}", "area": f"{letters(width - 1)}{height}"}
        where = Location(sheet=sheet, row=int(last[1]), cell=address.rpartition("!")[2])
        raise UnusableInput([Fault("reading.far_cell", str(path), address, details=details, location=where)])


def _trouble(content: bytes) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Cells that show an error, and formulas whose value was not kept. Raises KeyError for one without an address."""
    if not (_HAS_ERROR.search(content) or _HAS_FORMULA.search(content)):
        return
    cells = _CELL.finditer(content)
    following = next(cells, None)
    while match := following:
        following = next(cells, None)
        inner = content[match.end() : following.start() if following else len(content)]
        inner = inner.partition(b"</%bc>" % match[1])[0]
        formula, value = _FORMULA.search(inner), _VALUE.search(inner)
        shown = value[1].strip() if value else b""
        if not (is_error := _IS_ERROR.search(match[2])) and (formula is None or shown):
            continue
        if (address := _ADDRESS.search(match[2])) is None:
            raise KeyError("a cell without an address")
        if is_error:
            yield _place(address), ("error_value", shown.decode("utf-8", "replace"))
        elif formula is not None:
            yield _place(address), ("no_value", f"={(formula[1] or b'').decode('utf-8', 'replace')}")


def _place(match: re.Match) -> tuple[int, int]:
    return int(match[2]) - 1, position(match[1].decode().upper())


def _refused(key: str, path: Path, **details: object) -> UnusableInput:
    return UnusableInput([Fault(f"reading.{key}", str(path), details=details)])
