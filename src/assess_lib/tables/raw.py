"""A table as it was read, with the place of every row in its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import pandas as pd

FIRST_ROW = 2  # the first row of a file holds the names of the columns


class RawTable:
    """A table as read, with where each of its rows stands.

    Parameters: what was read of each file or sheet: cells (index: number of the row below the
    heading, from 0), file, and sheet (empty where there are none).
    """

    def __init__(self, pieces: Sequence[tuple[pd.DataFrame, str, str]]):
        self.cells = pd.concat([cells for cells, _, _ in pieces], ignore_index=True)
        self._pieces = [(cells.index, file, sheet) for cells, file, sheet in pieces]
        self._starts = [0]
        for index, _, _ in self._pieces:
            self._starts.append(self._starts[-1] + len(index))

    @property
    def read_from(self) -> list[str]:
        """The files."""
        return [file for _, file, _ in self._pieces]

    def place(self, row: int, column: str = "") -> tuple[str, str]:
        """File and place (sheet and cell, or row and column) of a row of the table."""
        piece = bisect_right(self._starts, row) - 1
        index, file, sheet = self._pieces[piece]
        number = int(index[row - self._starts[piece]]) + FIRST_ROW
        if sheet and column in self.cells.columns:
            letter = _letter(self.cells.columns.get_loc(column))
            return file, f"{sheet}!{letter}{number}"
        return file, f"row {number}" + (f", column {column}" if column else "")


def _letter(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
