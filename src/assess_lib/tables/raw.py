"""A table as it was read, with the place of every row in its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from assess_lib.faults import Location
from assess_lib.tables.columns import form_of
from assess_lib.tables.parsing import parse
from assess_lib.tables.reading.headings import TablePart


class RawTable:
    """A table as read, with where each of its rows stands.

    Parameters: what was read of each file or sheet. ``cells`` has a row for each row of the files, one after the
    other, and their columns under the names of the table.
    """

    def __init__(self, pieces: Sequence[TablePart]):
        self.pieces = list(pieces)
        parts = [piece.cells for piece in self.pieces]
        self.cells = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)
        self._starts = [0]
        for piece in self.pieces:
            self._starts.append(self._starts[-1] + len(piece.cells))

    @property
    def read_from(self) -> list[str]:
        """The files."""
        return list(dict.fromkeys(piece.file for piece in self.pieces))

    def piece_of(self, row: int) -> TablePart:
        """What a row of the table was read of."""
        return self.pieces[bisect_right(self._starts, row) - 1]

    def by_piece(self, rows: np.ndarray) -> list[np.ndarray]:
        """Rows of the table, in order, parted by what they were read of."""
        return [part for part in np.split(rows, np.searchsorted(rows, self._starts[1:-1])) if len(part)]

    def spans(self) -> Iterator[tuple[TablePart, slice]]:
        """Every piece, and its rows in ``cells``."""
        for piece, start in zip(self.pieces, self._starts):
            yield piece, slice(start, start + len(piece.cells))

    def parsed(self, column: str, spec) -> tuple[pd.Series, pd.Series]:
        """The values of a column and which of its cells could not be read, each piece in its own unit."""
        ways = [(p.columns[column].scale, p.serials) if column in p.columns else None for p in self.pieces]
        known = list(dict.fromkeys(way for way in ways if way is not None)) or [(Decimal(1), True)]
        values, bad = parse(self.cells[column], form_of(spec, *known[0]))
        for way in known[1:]:
            mine = np.concatenate([np.full(len(piece.cells), own == way) for piece, own in zip(self.pieces, ways)])
            values[mine], bad[mine] = parse(self.cells.loc[mine, column], form_of(spec, *way))
        return values, bad

    def location(self, row: int, column: str = "") -> Location:
        """Where a row of the table stands."""
        piece = self.piece_of(row)
        number = int(piece.cells.index[row - self._starts[bisect_right(self._starts, row) - 1]])
        return piece.location(number, column, row)

    def place(self, row: int, column: str = "") -> tuple[str, str]:
        """File and place (sheet and cell, or row and column) of a row of the table."""
        return self.piece_of(row).file, place_of(self.location(row, column))

    def trouble(self) -> Iterator[tuple[int, str, str, str]]:
        """Cells with nothing that can be read: row of the table, column, key of the fault, value."""
        for piece, rows in self.spans():
            for (number, column), (key, value) in piece.trouble.items():
                yield rows.start + piece.cells.index.get_loc(number), column, key, value


def place_of(location: Location) -> str:
    """A location as it is told: sheet and cell, or row and column."""
    if location.sheet:
        return f"{location.sheet}!{location.cell or location.row}"
    return f"row {location.row}" + (f", column {location.column}" if location.column else "")
