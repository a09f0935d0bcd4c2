"""A table as it was read, with the place of every row in its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from assess_lib.faults import Location
from assess_lib.tables.columns import Column, form_of
from assess_lib.tables.parsing import parse
from assess_lib.tables.reading.headings import TablePart


class RawTable:
    """A table as read, with where each of its rows stands.

    Parameters: what was read of each file or sheet. ``cells`` has a row for each row of the files, one after the
    other, and their columns under the names of the table.
    """

    def __init__(self, parts: Sequence[TablePart]):
        self.parts = list(parts)
        cells = [part.cells for part in self.parts]
        self.cells = pd.concat(cells, ignore_index=True) if len(cells) > 1 else cells[0].reset_index(drop=True)
        self._starts = [0]
        for part in self.parts:
            self._starts.append(self._starts[-1] + len(part.cells))

    @property
    def read_from(self) -> list[str]:
        """The files."""
        return list(dict.fromkeys(part.file for part in self.parts))

    def part_of(self, row: int) -> TablePart:
        """The sheet that a row of the table was read from."""
        return self.parts[bisect_right(self._starts, row) - 1]

    def by_part(self, rows: np.ndarray) -> list[np.ndarray]:
        """Rows of the table, in order, parted by what they were read of."""
        return [rows_ for rows_ in np.split(rows, np.searchsorted(rows, self._starts[1:-1])) if len(rows_)]

    def spans(self) -> Iterator[tuple[TablePart, slice]]:
        """Every part, and its rows in ``cells``."""
        for part, start in zip(self.parts, self._starts):
            yield part, slice(start, start + len(part.cells))

    def parsed(self, column: str, spec: Column) -> tuple[pd.Series, pd.Series]:
        """The values of a column and which of its cells could not be read, each part in its own unit."""
        ways = [(p.columns[column].scale, p.serials) if column in p.columns else None for p in self.parts]
        known = list(dict.fromkeys(way for way in ways if way is not None)) or [(Decimal(1), True)]
        values, bad = parse(self.cells[column], form_of(spec, *known[0]))
        for way in known[1:]:
            of_way = np.concatenate([np.full(len(part.cells), own == way) for part, own in zip(self.parts, ways)])
            values[of_way], bad[of_way] = parse(self.cells.loc[of_way, column], form_of(spec, *way))
        return values, bad

    def location(self, row: int, column: str = "") -> Location:
        """The place of a row: its file, sheet and line."""
        part = self.part_of(row)
        number = int(part.cells.index[row - self._starts[bisect_right(self._starts, row) - 1]])
        return part.location(number, column, row)

    def place(self, row: int, column: str = "") -> tuple[str, str]:
        """File and place (sheet and cell, or row and column) of a row of the table."""
        return self.part_of(row).file, place_of(self.location(row, column))

    def trouble(self) -> Iterator[tuple[int, str, str, str]]:
        """Cells with nothing that can be read: row of the table, column, key of the fault, value."""
        for part, rows in self.spans():
            for (number, column), (key, value) in part.trouble.items():
                yield rows.start + part.cells.index.get_loc(number), column, key, value


def place_of(location: Location) -> str:
    """A location as it is told: sheet and cell, or row and column."""
    if location.sheet:
        return f"{location.sheet}!{location.cell or location.row}"
    return f"row {location.row}" + (f", column {location.column}" if location.column else "")
