"""A year's folder as it was read, each file once: for its own check, and for that of the year after, which compares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Self

from assess_lib.faults import Fault
from assess_lib.progress import Tell, silent
from assess_lib.tables.input_files import FolderSnapshot
from assess_lib.tables.parsed import ParsedTable, parse_table
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import FileContent, each_file_read, tables_of
from assess_lib.tables.reading.headings import TablePart, table_of
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_files import WORKBOOKS, TableFile, year_files_of


class ReadYear:
    """The files of a year, read when they are asked for, unless they are on their way.

    Attributes
    ----------
    home : the folder of the year. snapshot : of its files, from before anything was read.
    layout : its files; None where there is no such folder. faults : what does not belong there.
    """

    def __init__(self, folder: str | Path, year: int, coming: Iterator[None] | None = None, tell: Tell = silent):
        """Parameters: ``coming`` gives one file after the other its content, of this year and others; ``tell`` how far it is."""
        self.home = Path(folder) / str(year)
        self.snapshot = FolderSnapshot(self.home)
        self.layout, self.faults = year_files_of(folder, year)
        self._coming, self._tell = coming or iter(()), tell
        self._contents: dict[TableFile, FileContent] = {}
        self._parsed: dict[str, ParsedTable] = {}

    def tables(self, wanted: set[str] | None = None) -> tuple[dict[str, RawTable], list[Fault]]:
        """The tables as they stand in the files, and the faults of files. Parameters: ``wanted`` None for all."""
        if not (files := list(self._files_with(wanted))):
            return {}, []
        tables = Counter(map(_table_named_by, files))
        for file in self._arriving(files):
            if tables[_table_named_by(file)] == 1 and not tables[""]:  # the whole table, while others are read
                parts, _ = self._contents[file]
                self.parsed({part.table: RawTable([part]) for part in parts if not part.misnamed})
        self._tell("check")
        raw, faults = tables_of(self._contents[file] for file in files)
        raw |= {name: table.raw for name, table in self._parsed.items() if name in raw}
        return {name: table for name, table in raw.items() if wanted is None or name in wanted}, faults

    def misnamed(self) -> list[TablePart]:
        """The sheets of what was read that have the heading of a table that their workbook lacks, and another name."""
        return [part for parts, _ in self._contents.values() for part in parts if part.misnamed]

    def parsed(self, raw: dict[str, RawTable]) -> list[ParsedTable]:
        """The values of tables that were read here, in the order of the schemas."""
        for name in (name for name in raw if name not in self._parsed):
            self._parsed[name] = parse_table(name, raw[name])
        return [self._parsed[name] for name in SCHEMAS if name in raw]

    def take(self, file: TableFile, content: FileContent) -> None:
        """Keep the content of a file for when it is asked for."""
        self._contents[file] = content

    def _arriving(self, files: list[TableFile]) -> Iterator[TableFile]:
        """Files, each as soon as its content is there."""
        for file in files:
            while file not in self._contents and next(self._coming, True) is None:
                pass
            if file in self._contents:
                yield file
        unread = [file for file in files if file not in self._contents]
        for number, (file, content) in enumerate(zip(unread, each_file_read(unread)), start=1):
            self._tell("files", number, len(unread))
            self.take(file, content)
            yield file

    def _files_with(self, wanted: set[str] | None) -> Iterator[TableFile]:
        """The files that may hold one of the tables: a file named after another does not."""
        for file in self.layout.every() if self.layout else ():
            name = _table_named_by(file)
            if wanted is None or not name or name in wanted:
                yield file


def _table_named_by(file: TableFile) -> str:
    """The only table that a file may hold by its name; empty where it may hold any."""
    return file.table or ("" if file.path.suffix.lower() in WORKBOOKS else table_of(file.path.stem))


class ReadYears:
    """The years of a data folder, each read once.

    Parameters: ``ahead`` years that will all be asked for, in this order: while one is checked the next is read, by a process
    beside this one. ``tell`` how far it is.
    """

    def __init__(self, folder: str | Path, ahead: Iterable[int] = (), tell: Tell = silent):
        self.folder, self._tell = Path(folder), tell
        self._coming = self._read_ahead(list(ahead))
        self._years: dict[int, ReadYear] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._coming.close()

    def of(self, year: int) -> ReadYear:
        """A year as it was read."""
        if year not in self._years:
            self._years[year] = ReadYear(self.folder, year, self._coming, self._tell)
        return self._years[year]

    def forget(self, year: int) -> None:
        """Let a year be read anew when it is asked for."""
        self._years.pop(year, None)

    def _read_ahead(self, years: list[int]) -> Generator[None]:
        """Give one file after the other its content. All years are looked at before any file is read."""
        begun = [self.of(year) for year in years]
        files = [(year, file) for year in begun for file in (year.layout.every() if year.layout else ())]
        for number, ((year, file), content) in enumerate(zip(files, each_file_read([f for _, f in files])), start=1):
            self._tell("files", number, len(files))
            year.take(file, content)
            yield
