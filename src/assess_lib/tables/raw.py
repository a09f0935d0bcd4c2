"""A table as it was read, with the place of every row in its file."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class RawTable:
    """A table as read, with where each of its rows stands; shape of both: (rows, …)."""

    cells: pd.DataFrame
    read_from: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    def place(self, row: int, column: str = "") -> tuple[str, str]:
        """File and place (sheet and cell, or row and column) of a row of the table."""
        sheet = self.sheets[row]
        if sheet and column in self.cells.columns:
            letter = _letter(self.cells.columns.get_loc(column))
            return self.files[row], f"{sheet}!{letter}{self.rows[row]}"
        return self.files[row], f"row {self.rows[row]}" + (f", column {column}" if column else "")


def _letter(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
