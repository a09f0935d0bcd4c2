"""Files of a year as tables of named columns: each is read, and its sheets are recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from assess_lib.faults import ERROR, NOTE, WARNING, Fault, Location, UnusableInput
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsing import plain
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.bounded import each_read_apart
from assess_lib.tables.reading.delimited import read_delimited
from assess_lib.tables.reading.grid import Grid, Read
from assess_lib.tables.reading.headings import (
    SEARCHED_ROWS,
    TablePart,
    named_anywhere,
    recognise,
    table_by_heading,
    table_of,
)
from assess_lib.tables.reading.labels import Heading, names_of
from assess_lib.tables.reading.qualifiers import doubt_in_name
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.year_files import PARQUET, WORKBOOKS, TableFile, names_a_table

ALL_TABLES = {
    "zh": "、".join(schema.metadata["zh"] for schema in SCHEMAS.values()),
    "en": ", ".join(SCHEMAS),
}
FileContent: TypeAlias = tuple[list[TablePart], list[Fault]]  # the tables in a file, and what is told of it
SIDE_SHEETS = frozenset({"填写说明", "说明", "填表说明", "instructions", "目录", "封面", "封皮", "首页", "填报说明"})


def read_files(files: Iterable[TableFile]) -> tuple[dict[str, RawTable], list[Fault]]:
    """The tables in files as they stand there, by name, and the faults of files."""
    return tables_of(each_file_read(list(files)))


def each_file_read(files: Sequence[TableFile]) -> Iterator[FileContent]:
    """The content of each file."""
    for outcome in each_read_apart(_read_file, files, lambda file: file.path):
        yield ([], outcome.faults) if isinstance(outcome, UnusableInput) else outcome


def tables_of(contents: Iterable[FileContent]) -> tuple[dict[str, RawTable], list[Fault]]:
    """The tables in what was read of files, by name, and the faults of files."""
    by_table: dict[str, list[TablePart]] = {}
    faults: list[Fault] = []
    for found, told in contents:
        faults += told
        for part in (one for one in found if not one.misnamed):
            by_table.setdefault(part.table, []).append(part)
    return {name: RawTable(parts) for name, parts in by_table.items()}, faults


def _read_file(file: TableFile) -> FileContent:
    """What a file holds of tables, and what is told of it. Runs in a process of its own."""
    path, suffix = file.path, file.path.suffix.lower()
    if suffix == PARQUET:
        return _parquet(file)
    read: Read = _workbook(path) if suffix in WORKBOOKS else read_delimited(path, named_anywhere)
    unknown: list[Grid] = []
    parts, faults = (
        [],
        [*read.faults, *_doubts(path, names_of(path), "" if suffix in WORKBOOKS else table_of(path.stem))],
    )
    sides = [grid for grid in read.grids if plain(grid.sheet) in SIDE_SHEETS]
    cover = [" ".join(filter(None, line)) for grid in sides for line in grid.head(SEARCHED_ROWS)]
    for grid in read.grids:
        grid.said = [*grid.said, *cover]
        table = table_of(grid.sheet) if grid.sheet else table_of(path.stem)
        if not table and len(read.grids) == 1:
            table = table_of(path.stem)
        if not table:
            if grid.sheet and plain(grid.sheet) not in SIDE_SHEETS:
                unknown.append(grid)
            if grid.sheet and any(map(any, grid.head(SEARCHED_ROWS))) and plain(grid.sheet) not in SIDE_SHEETS:
                others = any(table_of(other.sheet) for other in read.grids)
                severity = ERROR if not others else WARNING if names_a_table(grid.sheet) else NOTE
                name = scrubbed(grid.sheet)
                where, details = Location(sheet=name), {"tables": ALL_TABLES}
                faults.append(Fault("tables.unknown_sheet", str(path), name, name, details, severity, where))
            elif not grid.sheet:
                faults.append(Fault("tables.unknown_table", str(path), "", path.stem, {"tables": ALL_TABLES}))
            continue
        part, told = recognise(grid, table, str(path))
        faults += [*told, *_doubts(path, [grid.sheet], table, grid.sheet)]
        parts += [part] if part else []
    sent = {part.table for part in parts if len(part.cells)}
    county = file.county or (_county(parts) or path.stem if suffix in WORKBOOKS else "")
    misnamed, looked_at = _misnamed(path, unknown, sent, county)
    for part in (*parts, *looked_at):
        part.county, part.serials, part.made_for = county, read.serials, read.made_for
    named = {fault.location.sheet for fault in misnamed}
    faults = [fault for fault in faults if fault.key != "tables.unknown_sheet" or fault.location.sheet not in named]
    return [*parts, *looked_at], [*faults, *misnamed]


def _misnamed(
    path: Path, grids: Iterable[Grid], sent: Collection[str], county: str
) -> tuple[list[Fault], list[TablePart]]:
    """Sheets under a name that is none with the heading of a table: one that no other has, else a further one of a table sent."""
    lacking, grids = [name for name in SCHEMAS if name not in sent], list(grids)
    tables = [table_by_heading(grid, lacking) for grid in grids]
    once = Counter(tables)
    faults, parts = list[Fault](), list[TablePart]()
    for grid, table in zip(grids, tables):
        further = not table
        table = table or table_by_heading(grid, sent)
        if not table or (once[table] > 1 and not further):
            continue
        name, details = scrubbed(grid.sheet), {"table": words_of(table)}
        where = Location(table, sheet=name, county=county)
        key = "tables.further_sheet" if further else "tables.misnamed_sheet"
        severity = ERROR if further or not sent else WARNING
        faults.append(Fault(key, str(path), name, name, details, severity, where, of_county=further))
        part, _ = recognise(grid, table, str(path))
        parts += [replace(part, misnamed=True)] if part else []
    return faults, parts


def _doubts(path: Path, names: Iterable[str], table: str, sheet: str = "") -> Iterator[Fault]:
    """What is asked of names, of a file and its folders or of a sheet, by which a table may not be that of the year."""
    where = Location(table if sheet else "", sheet=sheet)
    for word in filter(None, (doubt_in_name(name, table) for name in names)):
        yield Fault("reading.doubtful_name", str(path), sheet, word, {"word": word}, WARNING, where)


def _workbook(path: Path) -> Read:
    from assess_lib.tables.reading.workbooks import read_workbook  # loads what other files do without

    return read_workbook(path, table_of)


def _county(parts: list[TablePart]) -> str:
    """The one county of the teams or villages of a workbook; empty where there are several."""
    for table in ("teams", "villages"):
        named = [part.cells["county"] for part in parts if part.table == table and "county" in part.cells]
        known = {str(name).strip() for column in named for name in column if str(name).strip()}
        if len(known) == 1:
            return known.pop()
    return ""


def _parquet(file: TableFile) -> FileContent:
    from assess_lib.tables.reading.parquet import read_parquet  # as above

    table = file.table or table_of(file.path.stem)
    if not table:
        return [], [Fault("tables.unknown_table", str(file.path), "", file.path.stem, {"tables": ALL_TABLES})]
    cells, faults = read_parquet(file.path, table)
    faults += _doubts(file.path, names_of(file.path), table)
    if file.county is not None and "county" in SCHEMAS[table].columns and "county" not in cells:
        cells["county"] = file.county
    columns = {column: Heading(place, column) for place, column in enumerate(cells.columns)}
    return [TablePart(table, str(file.path), "", cells, columns, county=file.county or "")], faults
