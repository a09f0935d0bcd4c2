"""XLSX workbooks, read by calamine."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from assess_lib.faults import WARNING, Fault, Spot, UnusableInput
from assess_lib.tables.reading.grid import Grid, Read
from assess_lib.tables.reading.guards import examine


def read_workbook(path: Path, wanted) -> Read:
    """The sheets of a workbook that can be seen.

    Parameters: ``wanted`` says of a sheet's name whether it is that of a table; a hidden one is told.
    Raises UnusableInput when the workbook must not or cannot be opened.
    """
    seen = examine(path)
    read = Read([], seen.faults)
    try:
        with load_workbook(path) as book:
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                if about.visible != SheetVisibleEnum.Visible:
                    if wanted(about.name):
                        spot = Spot(sheet=about.name)  # it names a table, and nobody
                        read.faults.append(Fault("reading.hidden_sheet", str(path), about.name, severity=WARNING, spot=spot))
                    continue
                read.grids.append(_grid(book.get_sheet_by_name(about.name), seen.trouble.get(about.name, {})))
    except (CalamineError, OSError, ValueError) as error:
        raise UnusableInput([Fault("reading.damaged", str(path), details={"why": str(error)[:120]})]) from None
    return read


def _grid(sheet: CalamineSheet, trouble: dict) -> Grid:
    rows = sheet.to_python(skip_empty_area=False)
    cells = pd.DataFrame(rows, dtype=object)
    for row, column in trouble:
        if row < cells.shape[0] and column < cells.shape[1]:
            cells.iat[row, column] = ""
    return Grid(cells, sheet.name, sheet.merged_cell_ranges or (), trouble)


def is_day(cell) -> bool:
    """Whether a workbook holds a cell as a day."""
    return isinstance(cell, (datetime.date, datetime.datetime))
