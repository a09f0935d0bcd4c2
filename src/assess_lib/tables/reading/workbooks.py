"""XLSX workbooks, read by calamine."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from assess_lib.faults import WARNING, Fault, Location, UnusableInput
from assess_lib.tables.reading.grid import Read, SheetGrid
from assess_lib.tables.reading.guards import examine

MOST_SHEETS = 500


def read_workbook(path: Path, wanted: Callable[[str], str]) -> Read:
    """The sheets of a workbook that can be seen.

    Parameters: ``wanted`` says of a sheet's name whether it is that of a table; a hidden one is told.
    Raises UnusableInput when the workbook must not or cannot be opened.
    """
    seen = examine(path)
    read = Read([], seen.faults, serials=not seen.dates_from_1904, made_for=seen.made_for)
    try:
        with load_workbook(path) as book:
            if len(book.sheets_metadata) > MOST_SHEETS:
                details = {"count": len(book.sheets_metadata), "most": MOST_SHEETS}
                raise UnusableInput([Fault("reading.too_many_sheets", str(path), details=details)])
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                if about.visible != SheetVisibleEnum.Visible:
                    if table := wanted(about.name):
                        location = Location(table, sheet=about.name)  # it names a table, and nobody
                        read.faults.append(
                            Fault("reading.hidden_sheet", str(path), about.name, severity=WARNING, location=location)
                        )
                    continue
                trouble, suffixes = seen.trouble.get(about.name, {}), seen.suffixes.get(about.name, {})
                grid = _grid(book.get_sheet_by_name(about.name), trouble, suffixes)
                grid.comments = seen.comments.get(about.name, {})
                grid.said = [re.sub('&[A-Z]|&"[^"]*"', " ", text).strip() for text in seen.said.get(about.name, ())]
                read.grids.append(grid)
    except (CalamineError, OSError, ValueError) as error:
        raise UnusableInput(
            [
                Fault(
                    "reading.damaged",
                    str(path),
                    details={"why": {"zh": "工作表的内容读不出来", "en": str(error)[:120]}},
                )
            ]
        ) from None
    return read


def _grid(sheet: CalamineSheet, trouble: dict, suffixes: dict[tuple[int, int], str]) -> SheetGrid:
    rows = sheet.to_python(skip_empty_area=False)
    for row, column in trouble:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = ""
    for (row, column), suffix in suffixes.items():
        if row < len(rows) and column < len(rows[row]) and isinstance(value := rows[row][column], (int, float)):
            rows[row][column] = _as_shown(value, suffix)
    return SheetGrid(rows, sheet.name, sheet.merged_cell_ranges or (), trouble)


def _as_shown(value: float, suffix: str) -> str:
    """A number with what its format writes behind it: 0.95 with % is 95%."""
    number = Decimal(repr(value)) * (100 if suffix.startswith("%") else 1)
    return f"{number.normalize():f}{suffix}"
