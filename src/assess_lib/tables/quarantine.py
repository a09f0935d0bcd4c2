"""The rows that were set aside, kept whole beside the data: ``<data>/quarantine/<year>.xlsx``.

It holds what was written in them, personal data too, and does not leave the data folder.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assess_lib.atomic import write_text
from assess_lib.faults import ERROR
from assess_lib.tables.input_files import file_digest
from assess_lib.tables.parsing import cell_text
from assess_lib.tables.pipeline import Checked
from assess_lib.tables.raw import place_of
from assess_lib.tables.safe_workbook import sheet_name, workbook
from assess_lib.tables.schemas import label
from assess_lib.words import translate

if TYPE_CHECKING:
    import xlsxwriter

FOLDER = "quarantine"


def quarantine_file(data: str | Path, year: int) -> Path:
    """The workbook that keeps the rows of a year that were set aside."""
    return Path(data) / FOLDER / f"{year}.xlsx"


def keep_aside(data: str | Path, year: int, checked: Checked, lang: str = "zh") -> Path | None:
    """Write the rows that were set aside, each with its place and what is wrong; None where there are none.

    What an earlier check kept is replaced, or removed. Raises OSError.
    """
    path = quarantine_file(data, year)
    if not checked.rows_set_aside:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with workbook(path, FOLDER) as book:
        _write(book, checked, lang)
    return path


def mark_aside(data: str | Path, year: int, key: str) -> None:
    """Note the key of the input whose rows the workbook of a year keeps; where that cannot be noted, nothing is."""
    with suppress(OSError):
        write_text(_mark(data, year), _words_of(data, year, key))


def aside_is_of(data: str | Path, year: int, key: str) -> bool:
    """Whether the workbook of a year is there as it was written for the input with a key."""
    try:
        return _mark(data, year).read_text(encoding="utf-8") == _words_of(data, year, key)
    except (OSError, ValueError):
        return False


def _mark(data: str | Path, year: int) -> Path:
    return quarantine_file(data, year).with_suffix(".of")


def _words_of(data: str | Path, year: int, key: str) -> str:
    return f"{key} {file_digest(quarantine_file(data, year))}\n"


def _write(book: xlsxwriter.Workbook, checked: Checked, lang: str) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#EAF2F8", "text_wrap": True, "valign": "top"})
    why: dict[tuple[str, int], list[str]] = {}
    for fault in checked.faults:
        if fault.of_row and fault.severity == ERROR:
            why.setdefault((fault.location.table, fault.location.index), []).append(
                f"{fault.where(lang)} {fault.cause(lang)}"
            )
    taken: set[str] = set()
    for name, which in checked.unusable.items():
        if not which.any():
            continue
        raw = checked.raw[name]
        sheet = book.add_worksheet(sheet_name(label(name, lang), taken))
        heads = [translate(f"pages.check.{word}", lang) for word in ("file", "place", "wrong")]
        names = [label(name, lang, column) for column in raw.cells.columns]
        sheet.write_row(0, 0, [*heads, *names], bold)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, 2, 24)
        for line, row in enumerate(np.flatnonzero(which), start=1):
            part = raw.part_of(int(row))
            told = "；".join(why.get((name, int(row)), [])) or translate("pages.check.alike", lang)
            cells = [cell_text(cell) for cell in raw.cells.iloc[int(row)]]
            place = place_of(raw.location(int(row)))
            for at, text in enumerate([Path(part.file).name, place, told, *cells]):
                sheet.write_string(line, at, text[:32_767])
