"""A sheet or file as it stands: cells by row and column, before anything is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from assess_lib.faults import Fault

LONGEST_CELL = 32_767  # characters, Excel's own limit
Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Grid:
    """Cells of a sheet or file.

    Attributes
    ----------
    cells : shape (rows, columns); row n of the file is row n - 1 here.
    sheet : name of the sheet, empty for a file without sheets.
    merged : areas of merged cells: first and last (row, column), from 0.
    trouble : cells that hold nothing that can be read: (row, column) from 0 to key of the fault and value.
    """

    cells: pd.DataFrame
    sheet: str = ""
    merged: Sequence[Area] = ()
    trouble: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


@dataclass
class Read:
    """What was read of a file: its sheets, and what is wrong with the file."""

    grids: list[Grid]
    faults: list[Fault] = field(default_factory=list)


def letters(position: int) -> str:
    """The letters of a column of a sheet: 0 is A."""
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(65 + rest) + found
    return found


def position(letters_: str) -> int:
    """The position of a column from its letters: A is 0."""
    place = 0
    for letter in letters_:
        place = place * 26 + ord(letter) - 64
    return place - 1
