"""A finding as a check returns it: rows of a table, the column, and what is wrong with it. Nothing in it is worded yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, Fault


@dataclass(frozen=True)
class Spots:
    """Cells of a table of which the rows of a finding are spoken to: what is asked of a team, of its households.

    Attributes
    ----------
    table : where they stand.
    of_row : by row of the finding, numbers of rows of ``table``, from 0, each with its column; a blank column stands
        for the whole table, in the file that has the row. A row that is not there is told at its own place.
    named : whether the team is named, for which the one that is told does not stand for others.
    """

    table: str
    of_row: Mapping[int, Sequence[tuple[int, str]]]
    named: bool = True


@dataclass(frozen=True)
class Finding:
    """What is wrong with a column of some rows.

    Attributes
    ----------
    table, column : where; ``column`` may be one that the files do not have.
    rows : numbers of the rows of the table, from 0.
    key, severity, details : of the faults; ``details`` are the same for all rows.
    row_details, value : what the fault of one row is worded with beside that, and what it shows instead of the cell
        as it was written.
    repeats : whether the rows say once more what another says, so that they are left out without being wrong.
    told : the rows that are told, where one stands for others of the same cause; None for each by itself.
    measures : what is measured from it waits, for the teams of the rows, until somebody has looked at it.
    spots : for a finding of teams, the rows that it is told at instead.
    """

    table: str
    rows: np.ndarray
    column: str
    key: str
    severity: str = ERROR
    details: dict = field(default_factory=dict)
    row_details: Callable[[int], dict] | None = None
    value: Callable[[int], str] | None = None
    repeats: bool = False
    told: np.ndarray | None = None
    measures: tuple[str, ...] = ()
    spots: Spots | None = None


Found = Finding | Fault  # a fault is that of a file, sheet or table as a whole


def finding(
    table: str,
    which: pd.Series | np.ndarray,
    column: str,
    key: str,
    severity: str = ERROR,
    /,
    row_details: Callable[[int], dict] | None = None,
    value: Callable[[int], str] | None = None,
    repeats: bool = False,
    told: np.ndarray | None = None,
    measures: tuple[str, ...] = (),
    **details: object,
) -> Finding:
    """A finding of the rows for which ``which`` is True, shape (rows,). Parameters: ``told`` numbers of rows."""
    rows = np.flatnonzero(np.asarray(which, dtype=bool))
    return Finding(table, rows, column, key, severity, details, row_details, value, repeats, told, measures)


def rows_with_errors(found: Iterable[Found], sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """By table, which rows have an error, shape (rows,). Parameters: ``sizes`` numbers of rows by table."""
    return _masks((one for one in found if isinstance(one, Finding) and one.severity == ERROR), sizes)


def repeated_rows(found: Iterable[Found], sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """By table, which rows say once more what another says, shape (rows,)."""
    return _masks((one for one in found if isinstance(one, Finding) and one.repeats), sizes)


def _masks(findings: Iterable[Finding], sizes: dict[str, int]) -> dict[str, np.ndarray]:
    masks = {table: np.zeros(size, dtype=bool) for table, size in sizes.items()}
    for one in findings:
        masks[one.table][one.rows] = True
    return masks


def shown(value: object) -> str:
    """A typed value as it is told."""
    if pd.isna(value):
        return "–"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return shown_number(value) if isinstance(value, float) else str(value)


def shown_number(value: float, grouped: bool = False) -> str:
    """A number as it is told: of one or more two decimals at most, of a smaller one four digits, none that are zeros."""
    digits = 2 if abs(value) >= 1 else 10
    number = value if digits == 2 else float(f"{value:.4g}")
    text = f"{number:,.{digits}f}" if grouped else f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".")
