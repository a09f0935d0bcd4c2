"""Tables and workbooks that are written: nothing in them comes alive, and the same content gives the same bytes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assess_lib.atomic import replacing
from assess_lib.characters import legible

if TYPE_CHECKING:
    import xlsxwriter

# Data never becomes a formula, a link or a number that it was not.
_NOTHING_ALIVE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_CREATED = datetime.datetime(2000, 1, 1)  # a workbook carries no time of its making
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_NAME = 31


@contextmanager
def workbook(path: Path, title: str) -> Iterator[xlsxwriter.Workbook]:
    """A workbook to be written to; put in place when whole. Raises OSError when it cannot be."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    try:
        with replacing(path) as written, xlsxwriter.Workbook(written, _NOTHING_ALIVE) as book:
            book.set_properties({"title": title, "author": "assess", "created": _CREATED})
            yield book
    except FileCreateError as error:
        why = error.args[0]
        raise OSError(why.errno, why.strerror, str(path)) from None


def sheet_name(text: str, taken: set[str]) -> str:
    """A name for a sheet that no other has, made of a text; ``taken`` takes it in."""
    name = _NOT_IN_NAMES.sub("_", text).strip("'")[:LONGEST_NAME] or "_"
    number = 1
    while name.lower() in taken:
        number += 1
        name = f"{name[: LONGEST_NAME - 3]}_{number}"
    taken.add(name.lower())
    return name


def width_of(texts: Iterable[str], least: int = 6, most: int = 40) -> float:
    """The width of a column that shows texts: a Chinese character takes two places."""
    places = max((sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text) for text in texts), default=0)
    return min(most, max(least, 1.1 * places + 2))


def harmless(text: str) -> str:
    """A text of people in a CSV file, which Excel must not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def as_it_was(text: str) -> str:
    """A text of a CSV file before it was made harmless."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r") else text


def without_controls(text: str) -> str:
    """Text without the characters that no workbook or document can hold, and those that nobody sees."""
    return _NOT_IN_XML.sub("", legible(text))
