"""A table in values of its columns' kinds, with what of it is missing or cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING, Fault
from assess_lib.tables.checks.findings import Finding, Found, finding
from assess_lib.tables.keys import ROW_KEYS, SELDOM_FILLED, SPARING_BLANKS
from assess_lib.tables.parsing import TWO_NUMBERS, as_text, is_ditto
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import SCHEMAS, words_of


@dataclass(frozen=True)
class ParsedTable:
    """A table as it was read and in values.

    Attributes
    ----------
    frame : the columns of the schema that are there, typed; a row for each of ``raw.cells``.
    unreadable : required columns that a file lacks, and cells that could not be read.
    """

    name: str
    raw: RawTable
    frame: pd.DataFrame
    unreadable: tuple[Found, ...]


def parse_table(name: str, raw: RawTable) -> ParsedTable:
    """The values of a table."""
    columns: dict[str, pd.Series] = {}
    unreadable: list[Found] = [*_lacking(name, raw), *_absent(name, raw)]
    troubled: dict[tuple[str, str], dict[int, str]] = {}
    for row, column, key, value in raw.trouble():
        troubled.setdefault((column, key), {})[row] = value
    for (column, key), values in troubled.items():
        rows = np.array(sorted(values), dtype="int64")
        unreadable.append(Finding(name, rows, column, f"reading.{key}", value=values.__getitem__))
    for column, spec in SCHEMAS[name].columns.items():
        if column in raw.cells:
            columns[column], bad = raw.parsed(column, spec)
            if not bad.any():
                continue
            key = f"tables.not_{spec.metadata['kind']}"
            ditto = bad & as_text(raw.cells[column].where(bad, "")).map(is_ditto).astype(bool)
            bad = bad & ~ditto
            if not spec.nullable or column in ROW_KEYS[name] or column in SPARING_BLANKS.get(name, ()):
                unreadable.append(finding(name, ditto, column, "tables.ditto"))
                unreadable.append(finding(name, bad, column, key))
                continue
            unreadable.append(finding(name, ditto, column, "tables.ditto_blank", WARNING))
            if bad.any():  # the cell is blank then; two values in a cell are of nobody knows which rows
                two = bad & as_text(raw.cells[column].where(bad, "")).str.contains(TWO_NUMBERS)
                unreadable.append(finding(name, two, column, key))
                unreadable.append(
                    finding(name, bad & ~two, column, f"tables.not_{spec.metadata['kind']}_blank", WARNING)
                )
    frame = pd.DataFrame({column: values.array for column, values in columns.items()}, raw.cells.index, copy=False)
    return ParsedTable(name, raw, frame, tuple(unreadable))


def _lacking(name: str, raw: RawTable) -> Iterator[Found]:
    """The required columns that a part of a table lacks."""
    for part in raw.parts:
        for column, spec in SCHEMAS[name].columns.items():
            if spec.required and column not in part.columns and column not in part.renamed:
                words = {"table": words_of(name), "name": words_of(name, column)}
                location = part.location(0, column)
                yield Fault("tables.missing_column", part.file, part.sheet, details=words, location=location)


def _absent(name: str, raw: RawTable) -> Iterator[Found]:
    """The other columns that a part of a table with rows lacks, one fault for all: what they would say counts as not known."""
    seldom = SELDOM_FILLED.get(name, frozenset())
    for part in raw.parts:
        optional = (column for column, spec in SCHEMAS[name].columns.items() if not spec.required)
        absent = [column for column in optional if column not in {*part.columns, *part.renamed, *seldom}]
        if absent and len(part.cells):
            labels = {"zh": "、".join(words_of(name, column)["zh"] for column in absent), "en": ", ".join(absent)}
            details = {"table": words_of(name), "names": labels, "ids": " ".join(absent)}
            location = part.location(0)
            yield Fault("tables.absent_columns", part.file, part.sheet, "", details, WARNING, location)
