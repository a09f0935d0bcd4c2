"""Files that many checks find as they were, byte for byte, are read once; what a test changed is read anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import pytest

from assess_lib.tables import read_year
from assess_lib.tables.checks.findings import Finding, Found
from assess_lib.tables.input_files import file_digest
from assess_lib.tables.parsed import ParsedTable
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import FileContent
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.year_files import TableFile

Key = tuple[str, str, str, str | None]  # digest, name, table, county


@contextmanager
def same_files_read_once() -> Iterator[None]:
    """Within it, files without a fault of their own are read and parsed once, whatever folder they were copied to.

    Checks get frames of their own over the same values; at the end it is proved that nobody changed these.
    """
    read, parse = read_year.each_file_read, read_year.parse_table
    parts_of: dict[Key, list[TablePart]] = {}
    parsed: dict[tuple[str, tuple[int, ...]], tuple[ParsedTable, int]] = {}
    kept: set[int] = set()  # the ids of the cells in ``parts_of``, which lie there until the end

    def each_file_read(files: Sequence[TableFile]) -> Iterator[FileContent]:
        keys = [_key(file) for file in files]
        known = [parts_of.get(key) if key else None for key in keys]
        new = iter(read([file for file, parts in zip(files, known) if parts is None]))
        for file, key, parts in zip(files, keys, known):
            if parts is not None:
                yield [replace(part, file=str(file.path)) for part in parts], []
                continue
            parts, faults = next(new)
            if key and not faults:
                parts_of[key] = parts
                kept.update(id(part.cells) for part in parts)
            yield parts, faults

    def parse_table(name: str, raw: RawTable) -> ParsedTable:
        cells = tuple(id(part.cells) for part in raw.parts)
        if (name, cells) in parsed:
            table = parsed[name, cells][0]
            return replace(table, raw=raw, frame=table.frame.copy(deep=False))
        table = parse(name, raw)
        if kept.issuperset(cells) and not any(_of_a_place(one) for one in table.unreadable):
            parsed[name, cells] = replace(table, frame=table.frame.copy(deep=False)), _digest(table.frame)
        return table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_year, "each_file_read", each_file_read)
        patch.setattr(read_year, "parse_table", parse_table)
        yield
    assert all(_digest(table.frame) == digest for table, digest in parsed.values()), "a check changed what it was given"


def _key(file: TableFile) -> Key | None:
    """None for what is no plain file, which its reader tells."""
    return (file_digest(file.path), file.path.name, file.table, file.county) if file.path.is_file() else None


def _of_a_place(found: Found) -> bool:
    """True if it names a file or a row: another copy of the file has its own."""
    return not isinstance(found, Finding) or len(found.rows) > 0


def _digest(frame: pd.DataFrame) -> int:
    return int(pd.util.hash_pandas_object(frame.astype("str")).sum())
