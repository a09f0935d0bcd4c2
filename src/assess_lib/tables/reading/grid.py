"""A sheet or file as it stands: cells by row and column, before anything is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assess_lib.faults import Fault
from assess_lib.tables.id_lookup import NO_BYTE, arrow_column, first_bytes
from assess_lib.tables.parsing import cell_text, plain

LONGEST_CELL = 32_767  # characters, Excel's own limit
LABELLED = 3  # of the first columns, in which the word for a sum or a signature may stand
SUMS = frozenset({"合计", "总计", "小计", "共计", "合计:", "总计:", "total", "sum"})
_SIGNATURE = re.compile(
    r"(填表|填报|制表|审核|复核|负责人|联系电话|联系人|单位\(盖章\)|单位盖章|注|备注|说明)[人:：日期单位]*[:：]"
)
_BEGINNINGS = "合总小共tTsSＴＳ填制审复负联单注备说 　\t"
# The word for a sum has no digit in it, while most identifiers that begin like one have.
_SUSPECT = rf"^(?:[tTsSＴＳ][^0-9]*$|[{_BEGINNINGS.translate(dict.fromkeys(map(ord, 'tTsSＴＳ')))}])"
_BEGINS = np.isin(np.arange(256), [letter.encode()[0] for letter in _BEGINNINGS])  # by first byte
_VISIBLE = (np.arange(256) > ord(" ")) & (np.arange(256) < 0x7F)  # by first byte
Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Body:
    """The rows of a table, without those that are none.

    Attributes
    ----------
    cells : the columns asked for; index: numbers of rows in the file, from 1.
    passed_over : number of a row of sums or signatures -> ``sum_row`` or ``signature_row``.
    too_long : (number of row, column) of cells longer than any program writes, which are emptied.
    """

    cells: pd.DataFrame
    passed_over: dict[int, str]
    too_long: list[tuple[int, str]]


class Grid(Protocol):
    """Cells of a sheet or file.

    Attributes
    ----------
    sheet : name of the sheet, empty for a file without sheets.
    merged : areas of merged cells: first and last (row, column), from 0.
    trouble : cells that hold nothing that can be read: (row, column) from 0 to key of the fault and value.
    """

    sheet: str
    merged: Sequence[Area]
    trouble: dict[tuple[int, int], tuple[str, str]]

    def head(self, count: int) -> list[list[str]]:
        """The first rows as text."""

    def body(self, begins: int, columns: Mapping[str, int]) -> Body:
        """The rows from one on (from 0) that hold something; ``columns``: name to place from 0."""


@dataclass
class SheetGrid:
    """Cells of a sheet, row by row as they were read."""

    rows: list[list]
    sheet: str
    merged: Sequence[Area] = ()
    trouble: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def head(self, count: int) -> list[list[str]]:
        return [[cell_text(cell) for cell in row] for row in self.rows[:count]]

    def body(self, begins: int, columns: Mapping[str, int]) -> Body:
        numbers, kept, passed_over, too_long = [], [], {}, []
        places = list(columns.values())
        for number, row in enumerate(self.rows[begins:], start=begins + 1):
            if not any(map(_is_there, row)):
                continue
            if key := next(filter(None, map(_passed_over, row[:LABELLED])), ""):
                passed_over[number] = key
                continue
            numbers.append(number)
            kept.append([row[place] for place in places])
        cells = pd.DataFrame(kept, index=pd.Index(numbers, dtype="int64"), columns=list(columns), dtype=object)
        for place, column in enumerate(columns):
            for number, row in zip(numbers, kept):
                if isinstance(row[place], str) and len(row[place]) > LONGEST_CELL:
                    too_long.append((number, column))
                    cells.at[number, column] = ""
        return Body(cells, passed_over, too_long)


@dataclass
class TextGrid:
    """Cells of a text file, column by column: it may have millions of rows."""

    cells: pd.DataFrame
    sheet: str = ""
    merged: Sequence[Area] = ()
    trouble: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def head(self, count: int) -> list[list[str]]:
        return [[cell_text(cell) for cell in row] for row in self.cells.head(count).to_numpy().tolist()]

    def body(self, begins: int, columns: Mapping[str, int]) -> Body:
        every = self.cells.iloc[begins:]
        every = every.set_axis(range(begins + 1, len(self.cells) + 1), axis=0)
        blank = _blank_rows(every)
        passed_over = {
            begins + 1 + row: key
            for place in range(min(LABELLED, every.shape[1]))
            for row, key in _rows_passed_over(every.iloc[:, place])
            if not blank[row]
        }
        if blank.any() or passed_over:
            every = every[~blank & ~every.index.isin(list(passed_over))]
        cells = every.iloc[:, list(columns.values())].set_axis(list(columns), axis=1)
        too_long = []
        for column in cells:
            if (pc.max(pc.binary_length(arrow_column(cells[column]))).as_py() or 0) <= LONGEST_CELL:
                continue  # its bytes are no fewer than its characters
            for number in cells.index[(cells[column].str.len() > LONGEST_CELL).fillna(False).astype(bool)]:
                too_long.append((int(number), column))
                cells.at[number, column] = ""
        return Body(cells, passed_over, too_long)


@dataclass
class Read:
    """What was read of a file: its sheets, what is wrong with it, and whether its serial numbers of days are the usual ones."""

    grids: list[Grid]
    faults: list[Fault] = field(default_factory=list)
    serials: bool = True


def _blank_rows(cells: pd.DataFrame) -> np.ndarray:
    """The rows of texts in which nothing is written, shape (rows,)."""
    blank = np.ones(len(cells), dtype=bool)
    for place in range(cells.shape[1]):
        undecided = cells.iloc[:, place]
        blank[blank] = _blank_texts(arrow_column(undecided if blank.all() else undecided[blank]))
        if not blank.any():
            break
    return blank


def _blank_texts(texts: pa.Array) -> np.ndarray:
    """The texts in which nothing but blanks stand, shape (rows,)."""
    first = first_bytes(texts)
    blank = ~_VISIBLE[first]
    doubtful = np.flatnonzero(blank & (first != NO_BYTE))
    if len(doubtful):
        blank[doubtful] = np.asarray(pc.equal(pc.utf8_trim_whitespace(texts.take(pa.array(doubtful))), ""))
    return blank


def _rows_passed_over(column: pd.Series) -> Iterator[tuple[int, str]]:
    """The rows, from 0, in whose cell the word for a sum or a signature stands, and the key of what is told of them."""
    texts = arrow_column(column)
    rows = np.flatnonzero(_BEGINS[first_bytes(texts)])
    if not len(rows):
        return
    texts = texts.take(pa.array(rows))
    suspect = pc.match_substring_regex(texts, pattern=_SUSPECT)
    encoded = texts.filter(suspect).dictionary_encode()
    keys = [_passed_over(text) for text in encoded.dictionary.to_pylist()]  # each distinct text once
    if any(keys):
        for row, code in zip(rows[np.asarray(suspect)], encoded.indices.to_pylist()):
            if keys[code]:
                yield int(row), keys[code]


def _is_there(cell: object) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _passed_over(cell: object) -> str:
    """Whether a cell is the word for a sum or a signature: the key of what is told of its row, empty for neither."""
    if not isinstance(cell, str) or not cell or cell[0] not in _BEGINNINGS:
        return ""
    text = plain(cell)
    return "sum_row" if text in SUMS else "signature_row" if _SIGNATURE.match(text) else ""


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
