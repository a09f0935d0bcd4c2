"""Faults of an input, worded so that an evaluator can put them right: file, place, value, cause, remedy.

Every part of the workbench that reads something (tables, rubrics, parameters) collects `Fault`s,
goes on to the end, and raises one `UnusableInput` with all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assess_lib.words import in_language, translate

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
_BLANK = re.compile(r"\{\w+(?::([^{}]*))?\}")  # of an entry, with the forms of a word
_WRITTEN = re.compile(r"(?:row ([0-9]+))?(?:(?:^|, )column (.+))?")  # a place as readers of text files give it


@dataclass(frozen=True)
class Location:
    """The place of a row or cell in a file of tables; what is not known is blank.

    Attributes
    ----------
    table, column : names by the schema.
    row : number in the file or sheet, from 1; 0 for none.
    sheet, cell : the sheet of a workbook and the address in it (F17).
    index : number of the row among those of the table as read, from 0; -1 for none.
    team, county : the team to which the row belongs; the county of that team, or of the file.
    heading : what stands above the column in a file without sheets; blank for the name of the column.
    """

    table: str = ""
    row: int = 0
    column: str = ""
    sheet: str = ""
    cell: str = ""
    index: int = -1
    team: str = ""
    county: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Fault:
    """One fault of an input.

    Attributes
    ----------
    key : entry below ``faults`` in the words, which has the cause (``wrong``) and the remedy (``right``).
    file : the file as the reader knows it.
    place : line, row and column, or address of a cell; blank for the file as a whole.
    value : the value as it is written there; blank for none.
    details : values for the blanks of the entry; a text that differs between languages as ``{"zh": …, "en": …}``.
    severity : ``error``, cannot be used; ``warning``, used and suspicious; ``note``.
    location : the place in parts, for a fault in a table.
    more : what else shows the same cause, in words by language, behind the cause; empty for nothing.
    of_county : an error of one county, ``location.county``: the year is used, and the teams of the county are provisional.
    """

    key: str
    file: str = ""
    place: str = ""
    value: str = ""
    details: dict[str, Any] = field(default_factory=dict, hash=False)
    severity: str = ERROR
    location: Location = Location()
    of_county: bool = False
    more: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def of_row(self) -> bool:
        """True for a fault of one row, False for one of a file or table as a whole."""
        return self.location.index >= 0

    def where(self, lang: str = "zh") -> str:
        """The place in the file in words, a column under what stands above it there; the address of a cell as it is."""
        at = self.location
        if at.row and not at.sheet:
            return _row_and_column(str(at.row), at.heading or at.column, lang)
        if at.sheet and at.cell:
            return f"{at.sheet}!{at.cell}"
        written = _WRITTEN.fullmatch(self.place)
        return _row_and_column(written[1] or "", written[2] or "", lang) if written else self.place

    def cause(self, lang: str = "zh") -> str:
        """The cause: what is wrong."""
        return translate(f"faults.{self.key}.wrong", lang, **self._filled(lang)) + self.more.get(lang, "")

    def kind(self, lang: str = "zh") -> str:
        """The cause without what differs from case to case, for which dots stand."""
        text = translate(f"faults.{self.key}.wrong", lang)
        return _BLANK.sub(lambda found: found[1].rpartition("|")[2] if found[1] else "…", text)

    def remedy(self, lang: str = "zh") -> str:
        """The remedy: what would be right."""
        return translate(f"faults.{self.key}.right", lang, **self._filled(lang))

    def short_value(self) -> str:
        """The value, short and in one line."""
        return printable(self.value)

    def text(self, lang: str = "zh") -> str:
        """The fault in one line: file, place, value, cause, remedy."""
        where = " ".join(part for part in (printable(self.file, 400), printable(self.where(lang))) if part)
        found = translate("faults.found", lang, value=self.short_value()) if self.value else ""
        parts = {"where": where, "found": found, "wrong": self.cause(lang), "right": self.remedy(lang)}
        return translate("faults.line", lang, **parts).strip(" ,，:：")

    def _filled(self, lang: str) -> dict[str, Any]:
        """The details in a language, texts in one harmless line each."""
        chosen = {
            name: in_language(value, lang) if isinstance(value, dict) else value for name, value in self.details.items()
        }
        return {name: printable(value, 400) if isinstance(value, str) else value for name, value in chosen.items()}


class UnusableInput(Exception):
    """An input that cannot be used as it is, with every fault found in it.

    ``lang`` is the language of ``str()``; code that knows the reader's language sets it.
    """

    lang = "zh"

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.text(self.lang)

    def text(self, lang: str = "zh") -> str:
        """All faults, a line each, headed by their number."""
        head = translate("faults.head", lang, count=len(self.faults))
        return "\n".join([head, *(f"  {fault.text(lang)}" for fault in self.faults)])

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows in a notebook instead of a traceback: the faults in words."""
        return [str(self)]


def _row_and_column(row: str, column: str, lang: str) -> str:
    """A row and a column in words; of what is blank, nothing."""
    if not row:
        return translate("faults.column_alone", lang, column=column) if column else ""
    return translate("faults.row", lang, row=row) + (translate("faults.column", lang, column=column) if column else "")


def printable(value: str, limit: int = 60) -> str:
    """Text in one line, not too long, without characters that steer a terminal or turn its direction."""
    flat = " ".join(str(value).split())
    flat = "".join(character if character.isprintable() else "�" for character in flat)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
