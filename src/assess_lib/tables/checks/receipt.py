"""The receipt: what was found of every table in every file, how much of it is used, in what unit, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.schemas import SCHEMAS

_TEN_THOUSANDTHS = 10**4


@dataclass(frozen=True)
class ReceiptLine:
    """A table as one sheet or file holds it.

    Attributes
    ----------
    county : that the file is of; empty where it is of none or several.
    table, file, sheet : where.
    rows, used, again : how many rows were found, how many of them are used, and how many say once more what another says;
        the others have an error.
    units : by column of money, length or rate, the word by which its numbers were understood; empty for the table's own.
    sums : by column of money, the sum of the rows that are used, in yuan.
    absent : the columns of the table that the file does not have.
    before : how many rows the county's table had in the year before; None where that is not known.
    """

    county: str
    table: str
    file: str
    sheet: str
    rows: int
    used: int
    again: int
    units: dict[str, str]
    sums: dict[str, Decimal]
    absent: tuple[str, ...]
    before: int | None = None

    @property
    def set_aside(self) -> int:
        """The number of rows with an error."""
        return self.rows - self.used - self.again

    def as_record(self, home: Path) -> dict[str, str]:
        """The line as the record of a run keeps it: texts by column, the file by its name in the folder of the year."""
        words: dict[str, Mapping[str, object]] = {"units": self.units, "sums": self.sums}
        lists = {
            name: "; ".join(f"{column}={value}" for column, value in of.items() if value != "")
            for name, of in words.items()
        }
        counts = {"rows": self.rows, "used": self.used, "rows_before": "" if self.before is None else self.before}
        about = {"county": self.county, "table": self.table, "file": Path(self.file).relative_to(home).as_posix()}
        return about | {name: str(count) for name, count in counts.items()} | lists | {"absent": "; ".join(self.absent)}


def receipt_of(
    raw: Mapping[str, RawTable],
    frames: Mapping[str, pd.DataFrame],
    wrong: Mapping[str, np.ndarray],
    again: Mapping[str, np.ndarray],
    before: Mapping[tuple[str, str], int],
) -> Iterator[ReceiptLine]:
    """A line for each table of each file, in the order of the tables.

    Parameters: tables as read and in values; ``wrong`` which of their rows have an error, ``again`` which say once more what
    another says, shape (rows,) each; ``before`` the rows of the year before by county and table.
    """
    for name in (name for name in SCHEMAS if name in frames):
        for part, rows in raw[name].spans():
            of_wrong, repeated = wrong[name][rows], again[name][rows] & ~wrong[name][rows]
            used = frames[name].iloc[rows][~of_wrong & ~repeated]
            yield _line(name, part, used, int(repeated.sum()), before.get((part.county, name)))


def _line(name: str, part: TablePart, used: pd.DataFrame, again: int, before: int | None) -> ReceiptLine:
    columns = SCHEMAS[name].columns
    measured = [column for column in part.columns if columns[column].metadata.get("unit") or _is_rate(name, column)]
    money = [column for column in measured if columns[column].metadata.get("unit") == "yuan" and column in used]
    return ReceiptLine(
        part.county,
        name,
        part.file,
        part.sheet,
        len(part.cells),
        len(used),
        again,
        {column: part.columns[column].unit for column in measured},
        {column: _sum(used[column]) for column in money},
        tuple(column for column in columns if column not in part.columns and not _not_asked(part, column)),
        before,
    )


def _not_asked(part: TablePart, column: str) -> bool:
    """Whether it is the year, for which our own template has no column: it says so in its mark."""
    return part.made_for is not None and column == "year" and part.table != "benchmarks"


def _is_rate(table: str, column: str) -> bool:
    return SCHEMAS[table].columns[column].metadata.get("percent") is not None


def _sum(amounts: pd.Series) -> Decimal:
    """The sum of money, exact whatever the order of rows."""
    whole = (amounts.astype("float64").fillna(0) * _TEN_THOUSANDTHS).round().astype("int64").sum()
    return Decimal(int(whole)) / _TEN_THOUSANDTHS
