"""Files that many checks find as they were, byte for byte, are read once; what a test changed is read anew.

The same of whole years: a year of which no byte has changed, nor one of the year before, is checked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from assess_lib import api
from assess_lib.assessment_cache import cache_key
from assess_lib.faults import Fault
from assess_lib.resources import data_folder
from assess_lib.rules.rubric import Rubric
from assess_lib.runs import recomputing
from assess_lib.tables import read_year
from assess_lib.tables.checks.findings import Finding, Found
from assess_lib.tables.dataset import YearData
from assess_lib.tables.input_files import file_digest
from assess_lib.tables.parsed import ParsedTable
from assess_lib.tables.pipeline import Checked
from assess_lib.tables.raw import RawTable
from assess_lib.tables.read_files import FileContent
from assess_lib.tables.read_year import ReadYears
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.year_files import TableFile

Key = tuple[str, str, str, str | None]  # digest, name, table, county


class ReadOnce:
    """Files as they were read and parsed, whatever folder they are copied to next.

    Checks get frames of their own over the same values; ``prove`` that nobody changed these.
    """

    def __init__(self) -> None:
        self._parts_of: dict[Key, tuple[list[TablePart], list[Fault]]] = {}
        self._parsed: dict[tuple[str, tuple[int, ...]], tuple[ParsedTable, int]] = {}
        self._kept: set[int] = set()  # the ids of the cells in ``_parts_of``, which lie there as long as this
        self._read, self._parse = read_year.each_file_read, read_year.parse_table

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Within it, what is known is not read again, and what is read is known from then on."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(read_year, "each_file_read", self._each_file_read)
            patch.setattr(read_year, "parse_table", self._parse_table)
            yield

    def prove(self) -> None:
        """Fails if a check changed what it was given."""
        known = self._parsed.values()
        assert all(_digest(table.frame) == digest for table, digest in known), "a check changed what it was given"

    def _each_file_read(self, files: Sequence[TableFile]) -> Iterator[FileContent]:
        keys = [_key(file) for file in files]
        known = [self._parts_of.get(key) if key else None for key in keys]
        new = iter(self._read([file for file, content in zip(files, known) if content is None]))
        for file, key, content in zip(files, keys, known):
            if content is not None:
                yield (
                    [replace(one, file=str(file.path)) for one in content[0]],
                    [replace(one, file=str(file.path)) for one in content[1]],
                )
                continue
            parts, faults = next(new)
            if key and all(_of_the_file(fault, file) for fault in faults):
                self._parts_of[key] = parts, faults
                self._kept.update(id(part.cells) for part in parts)
            yield parts, faults

    def _parse_table(self, name: str, raw: RawTable) -> ParsedTable:
        cells = tuple(id(part.cells) for part in raw.parts)
        if (name, cells) in self._parsed:
            table = self._parsed[name, cells][0]
            return replace(table, raw=raw, frame=table.frame.copy(deep=False))
        table = self._parse(name, raw)
        if self._kept.issuperset(cells) and not any(_of_a_place(one) for one in table.unreadable):
            self._parsed[name, cells] = replace(table, frame=table.frame.copy(deep=False)), _digest(table.frame)
        return table


@contextmanager
def same_files_read_once() -> Iterator[None]:
    """Within it, files are read and parsed once, whatever folder they were copied to."""
    once = ReadOnce()
    with once.in_use():
        yield
    once.prove()


@contextmanager
def same_years_loaded_once() -> Iterator[None]:
    """Within it, a year without rows to set aside is checked once for each rubric, whatever folder it was copied to.

    Measures and points are computed each time. At the end it is proved that nobody changed the tables.
    """
    load = api.load_data
    known: dict[str, tuple[YearData, str]] = {}

    def load_data(
        data: str | Path,
        year: int,
        rubric: Rubric | None = None,
        aside: api.Aside | None = None,
        years: ReadYears | None = None,
    ) -> YearData:
        folder = data_folder(data)
        key = f"{year} {cache_key(folder, year, (rubric,))}"
        if key not in known:
            found = load(data, year, rubric, aside, years)
            if not found.set_aside and f"{year} {cache_key(folder, year, (rubric,))}" == key:
                known[key] = found, found.fingerprint
            return found
        if aside:
            aside(folder, year, Checked(known[key][0], []))
        return known[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "load_data", load_data)
        patch.setattr(recomputing, "load_data", load_data)
        yield
    assert all(replace(data, _cache={}).fingerprint == digest for data, digest in known.values()), "a table was changed"


def _key(file: TableFile) -> Key | None:
    """None for what is no plain file, which its reader tells."""
    return (file_digest(file.path), file.path.name, file.table, file.county) if file.path.is_file() else None


def _of_the_file(fault: Fault, file: TableFile) -> bool:
    """True if another copy of the file has the same fault: nothing but its name says where it lies."""
    return fault.file == str(file.path) and str(file.path.parent) not in f"{fault.details} {fault.value} {fault.place}"


def _of_a_place(found: Found) -> bool:
    """True if it names a file or a row: another copy of the file has its own."""
    return not isinstance(found, Finding) or len(found.rows) > 0


def _digest(frame: pd.DataFrame) -> int:
    return int(pd.util.hash_pandas_object(frame.astype("str")).sum())
