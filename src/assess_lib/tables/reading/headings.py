"""Which table a sheet or file holds, where its heading stands, and which column is which.

Names are those of the schemas, the one dictionary: the id, the Chinese and the English name of every table and
column. Units stand in brackets behind a name. Above a heading there may be a title, below the rows a sum and
signatures; a heading may take two rows, with cells merged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial

import pandas as pd

from assess_lib.faults import NOTE, WARNING, Fault, Location
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsing import UNITS, plain
from assess_lib.tables.reading.grid import Grid, letters
from assess_lib.tables.schemas import SCHEMAS

SEARCHED_ROWS = 20  # in which a heading is looked for
SIDE_COLUMNS = frozenset(map(plain, ("序号", "编号序号", "备注", "说明", "no.", "no", "remarks", "remark", "notes")))
_UNIT = re.compile(r"^(.*?)[(\[/,:](?:单位[:：]?)?([^()\[\]]+?)[)\]]?$")
_ADORNMENT = re.compile(r"[*＊:：]")
_SHEET_NUMBER = re.compile(r"^(?:附?表)?[0-9一二三四五六七八九十]*[.、_\-:：]*")
_PARTS = re.compile(r"[_\-—－.·\s]+")


@dataclass(frozen=True)
class Heading:
    """A column as a file heads it: its place from 0, what stands there, and what a unit of it is."""

    position: int
    label: str
    scale: Decimal = Decimal(1)


@dataclass
class TablePart:
    """The rows of one table in one sheet or file.

    Attributes
    ----------
    cells : a column for each column of the table that is there, in the order of the file; index: numbers of rows
        in the file, from 1.
    columns : how each is headed.
    trouble : cells that hold nothing that can be read: (row number, column) to key of the fault and value.
    county : that the file is of, empty where it is of none or several.
    serials : whether a number in a column of days may be Excel's serial number.
    """

    table: str
    file: str
    sheet: str
    cells: pd.DataFrame
    columns: dict[str, Heading]
    trouble: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    county: str = ""
    serials: bool = True

    def location(self, row: int, column: str = "", index: int = -1) -> Location:
        """Where a row (its number in the file) and a column stand."""
        cell = ""
        if self.sheet and column in self.columns:
            cell = f"{letters(self.columns[column].position)}{row}"
        return Location(self.table, row, column, self.sheet, cell, index, county=self.county)


@cache
def table_names() -> dict[str, str]:
    """What a table may be called, as ``plain`` gives it -> its id."""
    return {
        plain(word): name
        for name, schema in SCHEMAS.items()
        for word in (name, schema.metadata["zh"], schema.metadata["en"])
    }


def table_of(name: str) -> str:
    """The table that a sheet or file is named after; empty for none.

    A number before the name and 表 behind it do not matter, nor what else stands in the name of a file
    (云汐县_农户) as long as one part of it names a table.
    """
    known, title = table_names(), plain(name)
    for form in (title, _SHEET_NUMBER.sub("", title), _SHEET_NUMBER.sub("", title).removesuffix("表")):
        if form in known:
            return known[form]
    candidates = {
        known[form]
        for part in _PARTS.split(name)
        for form in (plain(part), plain(part).removesuffix("表"))
        if form in known
    }
    return candidates.pop() if len(candidates) == 1 else ""


@cache
def column_names(table: str) -> dict[str, str]:
    """What a column of a table may be called, as ``plain`` gives it -> its id."""
    names: dict[str, str] = {}
    for about in ("zh", "en"):
        for column, spec in SCHEMAS[table].columns.items():
            names.setdefault(_name(spec.metadata[about]), column)
    return names | {_name(column): column for column in SCHEMAS[table].columns}


def column_of(table: str, label: str) -> tuple[str, Decimal | None]:
    """The column that a label names, empty for none, and what a unit of it is, None for a unit that is not known."""
    names, heading = column_names(table), _name(label)
    if heading in names:
        return names[heading], Decimal(1)
    with_unit = _UNIT.match(heading)
    if not with_unit or with_unit[1] not in names:
        return "", Decimal(1)
    column = names[with_unit[1]]
    unit = SCHEMAS[table].columns[column].metadata.get("unit", "")
    if not unit:
        return column, Decimal(1)
    written = with_unit[2]
    return column, UNITS[unit].get(written, None if written.endswith(("元", "米", "里", "$")) else Decimal(1))


def recognise(grid: Grid, table: str, file: str) -> tuple[TablePart | None, list[Fault]]:
    """The rows of a table in a grid, and the faults of its heading and of rows that are passed over."""
    rows = grid.head(SEARCHED_ROWS + 2)
    begins, labels = _heading(rows, grid, table)
    if begins is None:
        if not any(any(row) for row in rows):
            return None, [_about(grid, table, file, "tables.no_heading")]
        return None, [_about(grid, table, file, "reading.no_known_heading", columns=_columns(table))]
    columns: dict[str, Heading] = {}
    faults: list[Fault] = []
    for place, label in enumerate(labels):
        column, scale = column_of(table, label)
        location = Location(table, begins, column, grid.sheet, f"{letters(place)}{begins}" if grid.sheet else "")
        shown = scrubbed(label)  # a sheet without a heading has people in its first row
        fault_here = partial(Fault, file=file, place=_place(location, shown), value=shown, location=location)
        if column and column in columns:
            faults.append(fault_here("tables.repeated_column"))
        elif column and scale is None:
            faults.append(fault_here("reading.unknown_unit", details={"units": "、".join(UNITS[_unit(table, column)])}))
        elif column and scale is not None:
            columns[column] = Heading(place, label, scale)
        elif _name(label) in SIDE_COLUMNS or not label:
            continue
        else:
            faults.append(fault_here("tables.unknown_column", details={"columns": _columns(table)}, severity=WARNING))
    body = grid.body(begins, {column: heading.position for column, heading in columns.items()})
    part = TablePart(table, file, grid.sheet, body.cells, columns)
    _take_merged(part, grid)
    part.trouble = _trouble(part, grid)
    part.trouble |= {cell: ("cell_too_long", "") for cell in body.too_long}
    return part, faults + [_passed_over(grid, table, file, row, key) for row, key in body.passed_over.items()]


def _trouble(part: TablePart, grid: Grid) -> dict[tuple[int, str], tuple[str, str]]:
    """The cells of a part that hold nothing that can be read: (row number, column) to key of the fault and value."""
    at = {heading.position: column for column, heading in part.columns.items()}
    of_columns = {(row + 1, at[place]): what for (row, place), what in grid.trouble.items() if place in at}
    return {cell: what for cell, what in of_columns.items() if cell[0] in part.cells.index}


def _passed_over(grid: Grid, table: str, file: str, row: int, key: str) -> Fault:
    where = f"{grid.sheet}!{row}" if grid.sheet else f"row {row}"
    return Fault(f"reading.{key}", file, where, severity=NOTE, location=Location(table, row, "", grid.sheet))


def _heading(rows: list[list[str]], grid: Grid, table: str) -> tuple[int | None, list[str]]:
    """Number of rows above the first below the heading, and the labels; None where there is no heading.

    Of the first rows, and of two rows taken together, those that name most columns.
    """
    best, begins, labels = 0, None, []
    for row in range(min(SEARCHED_ROWS, len(rows))):
        single = [label.strip() for label in rows[row]]
        count = _named(table, single)
        if count > best:
            best, begins, labels = count, row + 1, single
        if row + 1 < len(rows) and 0 < count:
            both = _two_rows(rows, row, grid, table)
            if both and _named(table, both) > max(best, count):
                best, begins, labels = _named(table, both), row + 2, both
    return begins, labels


def _two_rows(rows: list[list[str]], row: int, grid: Grid, table: str) -> list[str]:
    """Labels of a heading of two rows: the lower where it names a column, the two together, or the upper merged over both."""
    upper, lower = list(rows[row]), list(rows[row + 1])
    for (top, left), (bottom, right) in grid.merged:
        if top <= row <= bottom:
            for place in range(left, min(right, len(upper) - 1) + 1):
                upper[place] = rows[top][left]
                if bottom > row:
                    lower[place] = ""
    labels = []
    for above, below in zip(upper, lower):
        forms = [below, above + below, above] if below else [above]
        labels.append(next((form.strip() for form in forms if column_of(table, form)[0]), (below or above).strip()))
    return labels


def _named(table: str, labels: list[str]) -> int:
    return len({column for label in labels if label and (column := column_of(table, label)[0])})


def _take_merged(part: TablePart, grid: Grid) -> None:
    """Give every row of merged cells their text; a number merged over rows is no row's own and stays with the first."""
    at = {heading.position: column for column, heading in part.columns.items()}
    for (top, left), (bottom, right) in grid.merged:
        for place in range(left, right + 1):
            column = at.get(place)
            if column is None or SCHEMAS[part.table].columns[column].metadata["kind"] in ("number", "whole"):
                continue
            rows = part.cells.index[(part.cells.index > top) & (part.cells.index <= bottom + 1)]
            if len(rows) > 1:
                part.cells.loc[rows[1:], column] = part.cells.at[rows[0], column]


def _about(grid: Grid, table: str, file: str, key: str, **details: object) -> Fault:
    return Fault(key, file, grid.sheet, details=details, location=Location(table, sheet=grid.sheet))


def _place(location: Location, label: str) -> str:
    return f"{location.sheet}!{location.cell}" if location.sheet else f"column {label}"


def _columns(table: str) -> str:
    return "、".join(spec.metadata["zh"] for spec in SCHEMAS[table].columns.values())


def _unit(table: str, column: str) -> str:
    return SCHEMAS[table].columns[column].metadata.get("unit", "")


def _name(label: str) -> str:
    return _ADORNMENT.sub("", plain(label))
