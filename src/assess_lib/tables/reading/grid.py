"""A sheet or file as it stands: cells by row and column, before anything is known of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assess_lib.faults import Fault
from assess_lib.tables.id_lookup import NO_BYTE, arrow_column, first_bytes
from assess_lib.tables.parsing import cell_text, plain
from assess_lib.tables.reading.column_names import heading_text
from assess_lib.tables.template_mark import TemplateMark

LONGEST_CELL = 32_767  # characters, Excel's own limit
# Words at the foot of a table: of a sum, and of those who filled it in. They count only in a row that has no key.
_SUM = re.compile(
    r"其中[:].*|(?:本|全)[省市县区乡镇村](?:数|户数|人数)?[:]?|(?:总|合)?[共计][:]?\d+[户人条笔项个行篇次](?:数据|记录)?|"
    r"(?:[^\d]{0,8}?)(?:合计|总计|小计|共计|累计|汇总|平均|均值)(?:数|值|金额|户数|人数|\(.*\))?[:]?|(?:sub-?|grand)?(?:total|sum)s?[:]?|average[:]?"
)
_SIGNATURE = re.compile(
    r"\(?(?:填表|填报|填制|制表|编制|统计|审核|复核|校核|核对|核实|审批|批准|经办|经手|调查|录入|负责|分管|主管|联系|村支书|村主任|队长|"
    r"单位负责|单位\(?盖章|单位[:]|\(?盖章|\(?公章|签字|签名|签章|日期|时间|电话|手机|附注|附[:]|注[\d一二三:.、]|备注[:]|说明[:]|填表说明|"
    r"数据来源|资料来源|截[至止]|以上|以下空白|此表|本表|本页|打印|第\d+页|共\d+页|page ?\d|note|prepared|checked|signed|date[:])"
)
LABELLED = 3  # of the first cells of a line, in which names of columns are looked for
_HAS_DIGIT = re.compile("[0-9]")
_MAYBE_KEY = re.compile("[0-9a-z_.-]+")  # as ``plain`` gives it
_AN_ID = re.compile(r"[A-Za-z]{1,4}[0-9]{3,}")
_KEY_WITH_DIGIT = re.compile("[0-9A-Za-z_.-]*[0-9][0-9A-Za-z_.-]*")
_VISIBLE = (np.arange(256) > ord(" ")) & (np.arange(256) < 0x7F)  # by first byte
Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Body:
    """The rows of a table, without those that are none.

    Attributes
    ----------
    cells : the columns asked for; index: numbers of rows in the file, from 1.
    passed_over : number of a row that is none of the table -> key of what is told of it: ``sum_row``,
        ``signature_row``, ``repeated_heading``, ``stray_row``, ``second_heading``.
    too_long : (number of row, column) of cells longer than any program writes, which are emptied.
    short : (number of row, column) of the first cell that a line of a text file lacks.
    long : numbers of rows with more cells than the heading.
    without_label : place of a column without a label -> number of the first row that has something there.
    foot : the cells of the lines that were passed over, as text.
    """

    cells: pd.DataFrame
    passed_over: dict[int, str]
    too_long: list[tuple[int, str]]
    short: list[tuple[int, str]] = field(default_factory=list)
    long: list[int] = field(default_factory=list)
    without_label: dict[int, int] = field(default_factory=dict)
    foot: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class RowTest:
    """What tells a row of a table from other lines of its sheet.

    Attributes
    ----------
    keys : places, from 0, of the columns that identify a row.
    labels : of the heading, by place; ``row``: its number, from 1.
    words : the names of columns of all tables, as people write them and as ``heading_text`` gives them.
    """

    keys: tuple[int, ...]
    labels: tuple[str, ...]
    row: int
    words: frozenset[str]

    def is_row(self, row: list) -> bool:
        """True for a line whose first key has a digit and nothing that no key has: a row beyond doubt, told quickly."""
        cell = row[self.keys[0]] if self.keys else None
        if isinstance(cell, str):
            return _KEY_WITH_DIGIT.fullmatch(cell) is not None
        return isinstance(cell, (int, float)) and not isinstance(cell, bool)

    def other_line(self, row: list[str]) -> str:
        """The key of what is told of a line that is no row of the table; empty for a row. ``row``: its cells as text."""
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 1 and not any(map(_HAS_DIGIT.search, filled)):
            named = [not plain(cell).endswith(":") and heading_text(cell) in self.words for cell in filled]
            if any(named[:LABELLED]):
                own = (heading_text(cell) == heading_text(label) for cell, label in zip(row, self.labels) if label)
                if sum(own) > len(filled) / 2:
                    return "repeated_heading"
                if sum(named) > len(filled) / 2:
                    return "second_heading"
        if len(filled) == 1 and self.keys and not _MAYBE_KEY.fullmatch(plain(filled[0])):
            return _footer(filled[0]) or "stray_row"
        if any(row[place].strip() and not _footer(row[place]) for place in self.keys if place < len(row)):
            return ""
        if any(row[place].strip() for place in self.keys if place < len(row)) and any(map(_AN_ID.fullmatch, filled)):
            return ""  # it names something by its id, as no sum does
        return next(filter(None, map(_footer, filled)), "")


class Grid(Protocol):
    """Cells of a sheet or file.

    Attributes
    ----------
    sheet : name of the sheet, empty for a file without sheets.
    merged : areas of merged cells: first and last (row, column), from 0.
    trouble : cells that hold nothing that can be read: (row, column) from 0 to key of the fault and value.
    comments : what is remarked on cells: (row, column) from 0 to text.
    said : what is said of the sheet outside its cells: printed above and below it, on the cover of its workbook.
    """

    sheet: str
    merged: Sequence[Area]
    trouble: dict[tuple[int, int], tuple[str, str]]
    comments: Mapping[tuple[int, int], str]
    said: Sequence[str]

    def head(self, count: int) -> list[list[str]]:
        """The first rows as text."""

    def body(self, begins: int, columns: Mapping[str, int], row_test: RowTest) -> Body:
        """The rows from one on (from 0) that hold something; ``columns``: name to place from 0."""


@dataclass
class SheetGrid:
    """Cells of a sheet, row by row as they were read."""

    rows: list[list]
    sheet: str
    merged: Sequence[Area] = ()
    trouble: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    said: Sequence[str] = ()

    def head(self, count: int) -> list[list[str]]:
        return [[cell_text(cell) for cell in row] for row in self.rows[:count]]

    def body(self, begins: int, columns: Mapping[str, int], row_test: RowTest) -> Body:
        numbers, kept, passed_over, too_long = [], [], {}, []
        places = list(columns.values())
        for number, row in enumerate(self.rows[begins:], start=begins + 1):
            if not any(map(_is_there, row)):
                continue
            if not row_test.is_row(row) and (key := row_test.other_line([cell_text(cell) for cell in row])):
                passed_over[number] = key
                if key == "second_heading":
                    break
                continue
            numbers.append(number)
            kept.append([row[place] for place in places])
        cells = pd.DataFrame(kept, index=pd.Index(numbers, dtype="int64"), columns=list(columns), dtype=object)
        for place, column in enumerate(columns):
            for number, row in zip(numbers, kept):
                if isinstance(row[place], str) and len(row[place]) > LONGEST_CELL:
                    too_long.append((number, column))
                    cells.at[number, column] = ""
        beside = [place for place, label in enumerate(row_test.labels) if not label]
        found = {place: n for n in reversed(numbers) for place in beside if _is_there(self.rows[n - 1][place])}
        foot = [[cell_text(cell) for cell in self.rows[number - 1]] for number in passed_over]
        return Body(cells, passed_over, too_long, without_label=found, foot=foot)


@dataclass
class TextGrid:
    """Cells of a text file, column by column: it may have millions of rows.

    ``lengths``: how many cells each line has, shape (rows,); None where all have as many as there are columns.
    """

    cells: pd.DataFrame
    sheet: str = ""
    merged: Sequence[Area] = ()
    trouble: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    lengths: np.ndarray | None = None
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    said: Sequence[str] = ()

    def head(self, count: int) -> list[list[str]]:
        return [[cell_text(cell) for cell in row] for row in self.cells.head(count).to_numpy().tolist()]

    def body(self, begins: int, columns: Mapping[str, int], row_test: RowTest) -> Body:
        every = self.cells.iloc[begins:]
        every = every.set_axis(range(begins + 1, len(self.cells) + 1), axis=0)
        blank = _blank_rows(every)
        passed_over: dict[int, str] = {}
        foot = []
        for row in np.flatnonzero(_suspects(every, row_test) & ~blank).tolist():
            line = [cell_text(cell) for cell in every.iloc[row].tolist()]
            if key := row_test.other_line(line):
                passed_over[begins + 1 + row] = key
                foot.append(line)
        if second := next((number for number, key in passed_over.items() if key == "second_heading"), 0):
            every, blank = every.loc[: second - 1], blank[: second - 1 - begins]
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
        short: list[tuple[int, str]] = []
        wide = len(row_test.labels)
        if self.lengths is not None:
            wide = int(self.lengths[row_test.row - 1])
            lengths = self.lengths[every.index.to_numpy() - 1]
            for number, length in zip(every.index[lengths < wide].tolist(), lengths[lengths < wide].tolist()):
                lacking = [(place, column) for column, place in columns.items() if place >= length]
                short += [(number, min(lacking)[1])] if lacking else []
        beside = [place for place in range(every.shape[1]) if place >= wide or not row_test.labels[place]]
        filled = {place: every.index[~_blank_texts(arrow_column(every.iloc[:, place]))] for place in beside}
        found = {place: int(rows[0]) for place, rows in filled.items() if place < wide and len(rows)}
        long = sorted({int(row) for place, rows in filled.items() if place >= wide for row in rows})
        return Body(cells, passed_over, too_long, short, long, found, foot)


@dataclass
class Read:
    """A file as it was read: its sheets, what is wrong with it, whether its serial numbers of days are the usual ones, and
    the mark of the template that it was made from."""

    grids: list[Grid]
    faults: list[Fault] = field(default_factory=list)
    serials: bool = True
    made_for: TemplateMark | None = None


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


def _suspects(cells: pd.DataFrame, row_test: RowTest) -> np.ndarray:
    """True for the lines that are no rows beyond doubt: without a digit in their first key, or with what no key has.

    Returns shape (rows,). Where the table has no key, those with the name of a column among their first cells.
    """
    if first := [place for place in row_test.keys[:1] if place < cells.shape[1]]:
        keys = arrow_column(cells.iloc[:, first[0]])
        return ~np.asarray(pc.match_substring_regex(keys, pattern=f"^{_KEY_WITH_DIGIT.pattern}$"))
    words = pa.array(sorted(row_test.words), pa.large_string())
    named = [
        pc.is_in(arrow_column(cells.iloc[:, place]), value_set=words) for place in range(min(LABELLED, cells.shape[1]))
    ]
    suspects: np.ndarray = np.logical_or.reduce(named)
    return suspects


def _is_there(cell: object) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _footer(cell: str) -> str:
    """``sum_row`` or ``signature_row`` for what stands at the foot of a table, empty for all else."""
    text = plain(cell[:80])
    return "sum_row" if _SUM.fullmatch(text) else "signature_row" if _SIGNATURE.match(text) else ""


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
