"""Which table a sheet or file holds, where its heading stands, and which column is which.

Names are those of the schemas, the one dictionary: the id, the Chinese and the English name of every table and
column. Units stand in brackets behind a name. Above a heading there may be a title, below the rows a sum and
signatures; a heading may take two rows, with cells merged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from assess_lib.faults import ERROR, NOTE, WARNING, Fault, Location
from assess_lib.tables.columns import form_of
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsing import cell_text, parse, plain
from assess_lib.tables.reading.column_names import heading_text
from assess_lib.tables.reading.grid import Grid, RowTest, SheetGrid, letters
from assess_lib.tables.reading.labels import (
    Heading,
    cells_above,
    column_of,
    columns_headed,
    further_unit,
    names_of_columns,
    near_column,
    strange_places,
)
from assess_lib.tables.reading.look_alikes import look_alikes, may_be_known
from assess_lib.tables.reading.units import is_row_of_numbers, is_row_of_units, is_unit_of_name, unit_of_sheet
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.template_mark import TemplateMark

_OF_ITS_OWN = ("number", "whole", "date")  # kinds of which cells merged over rows say nothing of each
SEARCHED_ROWS = 20  # in which a heading is looked for
FEWEST_NAMED = 3  # columns by which the table of a sheet is known
_SHEET_NUMBER = re.compile(r"^(?:附?表)?[0-9一二三四五六七八九十]*[.、_\-:：]*")
_BRACKET = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_PARTS = re.compile(r"[_\-—－.·\s]+")


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
    made_for : the mark of the template that its workbook was made from.
    titles : what stands above the heading, line by line.
    above : the cells above the heading in which something stands: number of the row from 1, place from 0, text.
    heading_row : number of the row that names the columns, from 1; 0 where there is none.
    renamed : columns that stand under a name that is none, of which that is told.
    unused : what required columns that are missing may hold, under names that are none: cells that are looked at and not used.
    misnamed : whether its sheet has a name that is none, so that it is looked at and not used.
    """

    table: str
    file: str
    sheet: str
    cells: pd.DataFrame
    columns: dict[str, Heading]
    trouble: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    county: str = ""
    serials: bool = True
    made_for: TemplateMark | None = None
    titles: tuple[str, ...] = ()
    above: tuple[tuple[int, int, str], ...] = ()
    heading_row: int = 0
    renamed: frozenset[str] = frozenset()
    unused: dict[str, tuple[Heading, pd.Series]] = field(default_factory=dict)
    misnamed: bool = False

    def location(self, row: int, column: str = "", index: int = -1) -> Location:
        """The place of a row (its number in the file) and a column; of row 0 that of the heading of a column that is there."""
        cell, heading = "", ""
        if column in self.columns:
            row = row or self.heading_row
            if self.sheet:
                cell = f"{letters(self.columns[column].position)}{row}" if row else ""
            elif self.columns[column].label != column:
                heading = scrubbed(self.columns[column].label, prose=True)
        return Location(self.table, row, column, self.sheet, cell, index, county=self.county, heading=heading)


@cache
def table_names() -> dict[str, str]:
    """The names of the tables, as ``plain`` gives them -> their ids."""
    return {
        plain(word): name
        for name, schema in SCHEMAS.items()
        for word in (name, schema.metadata["zh"], schema.metadata["en"])
    }


def table_of(name: str) -> str:
    """The table that a sheet or file is named after; empty for none.

    A number before the name, 表 or a unit of money behind it do not matter, nor what else stands in the name of a file
    (云汐县_农户) as long as one part of it names a table.
    """
    name = _BRACKET.sub(lambda found: "" if is_unit_of_name(found[1]) else found[0], name)
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


def table_by_heading(grid: Grid, tables: Collection[str]) -> str:
    """The one of some tables whose heading a grid has, whatever it is called; empty for none and for several.

    A heading is that of a table where it names all columns that the table must have, and hardly any that it has not.
    """
    rows, known = grid.head(SEARCHED_ROWS + 4), dict[str, int]()
    for table in tables:
        _, labels = _heading(rows, grid, table)
        named = {column_of(table, label)[0] for label in labels if label} - {""}
        required = {column for column, spec in SCHEMAS[table].columns.items() if spec.required}
        if required <= named and len(strange_places(table, labels)) <= len(named) // 4:
            known[table] = len(named)
    most = max(known.values(), default=0)
    best = [table for table, count in known.items() if count == most]
    return best[0] if len(best) == 1 and most >= FEWEST_NAMED else ""


def recognise(grid: Grid, table: str, file: str) -> tuple[TablePart | None, list[Fault]]:
    """The rows of a table in a grid, and the faults of its heading and of rows that are passed over."""
    rows = grid.head(SEARCHED_ROWS + 4)
    begins, labels = _heading(rows, grid, table)
    if begins is None:
        if not any(any(row) for row in rows):
            return None, [_about(grid, table, file, "tables.no_heading")]
        return None, [_about(grid, table, file, "reading.no_known_heading", columns=names_of_columns(table))]
    units, first, lines = _below_heading(rows, begins, len(labels))
    for line in () if any(units) else rows[max(0, begins - 3) : begins - 1]:
        if is_row_of_units(line) and sum(map(bool, line)) > 1:
            units = _units_by_place(line, len(labels))
    columns, _ = columns_headed(grid, table, file, begins, labels, units)
    places = {column: heading.position for column, heading in columns.items()}
    keys = tuple(places[column] for column in ROW_KEYS[table] if column in places)
    row_test = RowTest(keys, tuple(labels), begins, all_names())
    body = grid.body(first, places, row_test)
    alike = _look_alikes(grid, table, first, labels, columns, row_test)
    above = rows[: begins - 1]
    if above and _is_upper_part(above[-1], labels):  # what it says of one column is not said of the sheet
        above = above[:-1]
    of_sheet, further = unit_of_sheet(above), further_unit(grid, file, begins, body.foot)
    columns, faults = columns_headed(
        grid, table, file, begins, labels, units, of_sheet, further, cells_above(rows, begins, grid), alike
    )
    part = TablePart(table, file, grid.sheet, body.cells[list(columns)], columns, heading_row=begins)
    part.titles = tuple(" ".join(filter(None, row)) for row in above if any(row))
    part.renamed = frozenset(alike.values())
    part.unused = _unused(grid, table, first, labels, columns, alike, row_test, body.cells.index)
    part.above = tuple(
        (number, place, cell)
        for number, row in enumerate(above, start=1)
        for place, cell in enumerate(row)
        if cell.strip()
    )
    part.trouble = _take_merged(part, grid) | _trouble(part, grid)
    part.trouble |= {cell: ("cell_too_long", "") for cell in body.too_long}
    part.trouble |= {cell: ("short_row", "") for cell in body.short}
    part.trouble |= {(row, next(iter(columns))): ("long_row", "") for row in body.long}
    faults += _shares_in_percent(part, grid)
    for place, row in body.without_label.items():
        cell = f"{grid.sheet}!{letters(place)}{row}" if grid.sheet else f"row {row}"
        where = Location(table, row, "", grid.sheet, f"{letters(place)}{row}" if grid.sheet else "")
        faults.append(Fault("reading.no_label", file, cell, severity=WARNING, location=where))
    lines |= body.passed_over
    return part, faults + [_passed_over(grid, table, file, row, key) for row, key in lines.items()]


def _is_upper_part(row: Sequence[str], labels: Sequence[str]) -> bool:
    """True for the upper row of a heading of two: several of its cells are labels themselves."""
    return sum(bool(cell.strip()) and cell == label for cell, label in zip(row, labels)) > 1


def _look_alikes(
    grid: Grid, table: str, first: int, labels: list[str], columns: dict[str, Heading], row_test: RowTest
) -> dict[int, str]:
    """By place of a column under a name that is none the missing column whose values it has."""
    strange = strange_places(table, labels)
    if not strange or not may_be_known(table, columns):
        return {}
    cells = grid.body(first, {str(place): place for place in strange}, row_test).cells
    return look_alikes(table, columns, {place: cells[str(place)] for place in strange})


def _unused(
    grid: Grid,
    table: str,
    first: int,
    labels: list[str],
    columns: dict[str, Heading],
    alike: dict[int, str],
    row_test: RowTest,
    rows: pd.Index,
) -> dict[str, tuple[Heading, pd.Series]]:
    """By required column that is missing, how the column is headed that may be it, and its cells in the rows of the table.

    It may be it where its values say so, its name is near, or no other of either kind is left, and most of its cells can be read.
    """
    specs, strange = SCHEMAS[table].columns, strange_places(table, labels)
    missing = [column for column, spec in specs.items() if spec.required and column not in columns]
    if not missing or not strange:
        return {}
    meant = {place: alike.get(place) or near_column(table, labels[place], columns) for place in strange}
    if len(missing) == len(strange) == 1:
        meant = {strange[0]: missing[0]}
    found = {}
    for column in missing:
        places = [place for place, name in meant.items() if name == column]
        if len(places) == 1:
            cells = grid.body(first, {"": places[0]}, row_test).cells[""].reindex(rows)
            _, bad = parse(cells, form_of(specs[column]))
            if bad.sum() <= cells.notna().sum() / 2:
                found[column] = Heading(places[0], labels[places[0]]), cells
    return found


@cache
def all_names() -> frozenset[str]:
    """The names of all columns of all tables, as they are written and as ``heading_text`` gives them."""
    return frozenset(
        form
        for schema in SCHEMAS.values()
        for column, spec in schema.columns.items()
        for name in (column, spec.metadata["zh"], spec.metadata["en"])
        for form in (name, heading_text(name))
    )


def named_anywhere(labels: Sequence[str]) -> int:
    """The number of labels that are names of columns of any table."""
    return sum(heading_text(label.strip("\ufeff")) in all_names() for label in labels)


def _shares_in_percent(part: TablePart, grid: Grid) -> Iterator[Fault]:
    """Columns headed with % that have numbers up to 1: 0.95 may be 95 % or less than one; told at the first of each."""
    for column, heading in part.columns.items():
        if heading.unit != "%":
            continue
        cells = part.cells[column]
        numbers = pd.to_numeric(cells, errors="coerce")
        small = part.cells.index[(numbers.abs() > 0) & (numbers.abs() <= 1)]
        if len(small):
            where = part.location(int(small[0]), column)
            details = {"count": len(small), "least": f"{numbers[small[0]]:.4g}"}
            place = f"{grid.sheet}!{where.cell}" if grid.sheet else f"row {small[0]}, column {column}"
            yield Fault("reading.share_in_percent", part.file, place, details=details, severity=WARNING, location=where)


def _below_heading(rows: list[list[str]], begins: int, width: int) -> tuple[list[str], int, dict[int, str]]:
    """The words of a row of units by place, the rows above the first of the table, and rows that are passed over.

    Below a heading there may be a row of units and one that numbers the columns, in either order.
    """
    units, passed_over = [""] * width, dict[int, str]()
    for row in rows[begins : begins + 2]:
        if is_row_of_units(row) and not any(units):
            units = _units_by_place(row, width)
            passed_over[begins + 1] = "unit_row"
        elif is_row_of_numbers(row):
            passed_over[begins + 1] = "numbered_row"
        else:
            break
        begins += 1
    return units, begins, passed_over


def _units_by_place(row: list[str], width: int) -> list[str]:
    return [plain(cell).strip("()[]") for cell in row[:width]] + [""] * (width - len(row))


def _trouble(part: TablePart, grid: Grid) -> dict[tuple[int, str], tuple[str, str]]:
    """The cells of a part that hold nothing that can be read: (row number, column) to key of the fault and value."""
    at = {heading.position: column for column, heading in part.columns.items()}
    of_columns = {(row + 1, at[place]): what for (row, place), what in grid.trouble.items() if place in at}
    return {cell: what for cell, what in of_columns.items() if cell[0] in part.cells.index}


def _passed_over(grid: Grid, table: str, file: str, row: int, key: str) -> Fault:
    where = f"{grid.sheet}!{row}" if grid.sheet else f"row {row}"
    severity = {"second_heading": ERROR, "stray_row": WARNING}.get(key, NOTE)
    return Fault(f"reading.{key}", file, where, severity=severity, location=Location(table, row, "", grid.sheet))


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


def _take_merged(part: TablePart, grid: Grid) -> dict[tuple[int, str], tuple[str, str]]:
    """Give every row of merged cells their text; a number or day merged over rows is no row's own, and is told in each."""
    at = {heading.position: column for column, heading in part.columns.items()}
    trouble: dict[tuple[int, str], tuple[str, str]] = {}
    for (top, left), (bottom, right) in grid.merged:
        for place in range(left, right + 1):
            if (column := at.get(place)) is None:
                continue
            if place > left and not _is_free_text(part.table, column) and _text_at(grid, top, left):
                rows = part.cells.index[(part.cells.index > top) & (part.cells.index <= bottom + 1)]
                trouble |= {(int(row), column): ("merged_over_columns", "") for row in rows}
                continue
            rows = part.cells.index[(part.cells.index > top) & (part.cells.index <= bottom + 1)]
            if len(rows) < 2 or not (text := cell_text(part.cells.at[rows[0], column])):
                continue
            part.cells.loc[rows[1:], column] = part.cells.at[rows[0], column]
            if SCHEMAS[part.table].columns[column].metadata["kind"] in _OF_ITS_OWN:
                trouble |= {(int(row), column): ("merged_value", text) for row in rows}
    return trouble


def _is_free_text(table: str, column: str) -> bool:
    about = SCHEMAS[table].columns[column].metadata
    return about["kind"] == "text" and not about.get("identifier")


def _text_at(grid: Grid, row: int, place: int) -> str:
    """The text of a cell of a sheet; merged cells stand in sheets alone."""
    rows = grid.rows if isinstance(grid, SheetGrid) else []
    return cell_text(rows[row][place]) if row < len(rows) and place < len(rows[row]) else ""


def _about(grid: Grid, table: str, file: str, key: str, **details: object) -> Fault:
    return Fault(key, file, grid.sheet, details=details, location=Location(table, sheet=grid.sheet))
