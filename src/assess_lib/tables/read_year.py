"""A year's folder as it was read, each file once: for its own check, and for that of the year after, which compares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assess_lib.faults import Fault
from assess_lib.tables.input_files import FolderSnapshot
from assess_lib.tables.parsed import ParsedTable, parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import FileContent, each_file_read, tables_of
from assess_lib.tables.reading.headings import table_of
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_files import WORKBOOKS, TableFile, year_files_of


class ReadYear:
    """The files of a year, read when they are asked for.

    Attributes
    ----------
    home : the folder of the year. snapshot : of its files, from before anything was read.
    layout : its files; None where there is no such folder. faults : what does not belong there.
    """

    def __init__(self, folder: str | Path, year: int):
        self.home = Path(folder) / str(year)
        self.snapshot = FolderSnapshot(self.home)
        self.layout, self.faults = year_files_of(folder, year)
        self._contents: dict[TableFile, FileContent] = {}
        self._parsed: dict[str, ParsedTable] = {}

    def tables(self, wanted: set[str] | None = None) -> tuple[dict[str, RawTable], list[Fault]]:
        """The tables as they stand in the files, and the faults of files. Parameters: ``wanted`` None for all."""
        files = list(self._files_with(wanted))
        unread = [file for file in files if file not in self._contents]
        self._contents.update(zip(unread, each_file_read(unread)))
        raw, faults = tables_of(self._contents[file] for file in files)
        return {name: table for name, table in raw.items() if wanted is None or name in wanted}, faults

    def parsed(self, raw: dict[str, RawTable]) -> list[ParsedTable]:
        """The values of tables that were read here, in the order of the schemas."""
        for name in (name for name in raw if name not in self._parsed):
            self._parsed[name] = parse_table(name, raw[name])
        return [self._parsed[name] for name in SCHEMAS if name in raw]

    def _files_with(self, wanted: set[str] | None) -> Iterator[TableFile]:
        """The files that may hold one of the tables: a file named after another does not."""
        for file in self.layout.every() if self.layout else ():
            name = file.table or ("" if file.path.suffix.lower() in WORKBOOKS else table_of(file.path.stem))
            if wanted is None or not name or name in wanted:
                yield file


class ReadYears:
    """The years of a data folder, each read once."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._years: dict[int, ReadYear] = {}

    def of(self, year: int) -> ReadYear:
        """A year as it was read."""
        if year not in self._years:
            self._years[year] = ReadYear(self.folder, year)
        return self._years[year]

    def forget(self, year: int) -> None:
        """Let a year be read anew when it is asked for."""
        self._years.pop(year, None)
