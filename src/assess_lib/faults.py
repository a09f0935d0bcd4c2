"""What is wrong with an input, said so that an evaluator can put it right.

Every part of the workbench that reads something (tables, rubrics, parameters) collects `Fault`s,
goes on to the end, and raises one `UnusableInput` with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from assess_lib.words import in_language, translate

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)


@dataclass(frozen=True)
class Location:
    """Where in a file of tables something stands.

    Attributes
    ----------
    table : the table's name; ``row`` number in the file or sheet, from 1; ``column`` of the table.
    sheet, cell : of a workbook: the sheet, and the address of the cell (F17).
    index : number of the row among those of the table as it was read, -1 for none.
    team : the team that the row belongs to, ``county`` that of the team or of the file; blank where not known.
    """

    table: str = ""
    row: int = 0
    column: str = ""
    sheet: str = ""
    cell: str = ""
    index: int = -1
    team: str = ""
    county: str = ""


@dataclass(frozen=True)
class Fault:
    """One fault: the file, the place in it, the value found, and the key of its wording.

    Parameters
    ----------
    key : entry under ``faults`` in the word list; it says what is wrong and what would be right.
    file : the file as the reader knows it.
    place : line, row and column, or cell address; empty when the file as a whole is meant.
    value : what was found there, as written; empty when nothing was found.
    details : what the wording fills in; a text that differs between languages as ``{"zh": …, "en": …}``.
    severity : ``error``: it cannot be used; ``warning``: it is used, and suspicious; ``note``.
    location : the place in parts, of a fault in a table.
    """

    key: str
    file: str = ""
    place: str = ""
    value: str = ""
    details: dict = field(default_factory=dict, hash=False)
    severity: str = ERROR
    location: Location = Location()

    @property
    def of_row(self) -> bool:
        """Whether it concerns one row of a table; if not, the file or table as a whole."""
        return self.location.index >= 0

    def where(self, lang: str = "zh") -> str:
        """The place in the file in words; the address of a cell as it is."""
        if self.location.row and not self.location.sheet:
            column = translate("faults.column", lang, column=self.location.column) if self.location.column else ""
            return translate("faults.row", lang, row=self.location.row) + column
        return self.place

    def wrong(self, lang: str = "zh") -> str:
        """What is wrong."""
        return translate(f"faults.{self.key}.wrong", lang, **self._filled(lang))

    def right(self, lang: str = "zh") -> str:
        """What would be right."""
        return translate(f"faults.{self.key}.right", lang, **self._filled(lang))

    def shown(self) -> str:
        """The value, short and in one line."""
        return printable(self.value)

    def text(self, lang: str = "zh") -> str:
        """The fault in one line: place, value, what is wrong, what would be right."""
        where = " ".join(part for part in (printable(self.file, 400), printable(self.where(lang))) if part)
        found = translate("faults.found", lang, value=self.shown()) if self.value else ""
        said = {"where": where, "found": found, "wrong": self.wrong(lang), "right": self.right(lang)}
        return translate("faults.line", lang, **said).strip(" :：")

    def _filled(self, lang: str) -> dict:
        """The details as text; one that is there in both languages in the one that is asked for."""
        chosen = {
            name: in_language(value, lang) if isinstance(value, dict) else value for name, value in self.details.items()
        }
        return {name: printable(value, 400) if isinstance(value, str) else value for name, value in chosen.items()}


class UnusableInput(Exception):
    """Raised with every fault found when an input cannot be used as it is.

    ``lang`` is the language in which it speaks; whoever knows the reader's sets it.
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
        """What IPython shows in a notebook: the faults in words instead of a traceback."""
        return [str(self)]


def printable(value: str, limit: int = 60) -> str:
    """Text in one line, not too long, without characters that steer a terminal or turn its direction."""
    flat = " ".join(str(value).split())
    flat = "".join(character if character.isprintable() else "�" for character in flat)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
