"""Columns of a table in the values of their kinds, without the checks of a whole table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from assess_lib.tables.columns import DTYPES
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import SCHEMAS


def of_kind(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of a table as they were laid ready, in the kinds of its columns."""
    kinds = {column: DTYPES[SCHEMAS[name].columns[column].metadata["kind"]] for column in frame}
    return frame.reset_index(drop=True).astype(kinds)


def typed(raw: RawTable, columns: Iterable[str], name: str) -> pd.DataFrame:
    """Some columns of a table, typed; one that is not there is blank."""
    found = {}
    for column in columns:
        spec, index = SCHEMAS[name].columns[column], raw.cells.index
        known = column in raw.cells
        found[column] = raw.parsed(column, spec)[0] if known else pd.Series(None, index, DTYPES[spec.metadata["kind"]])
    return pd.DataFrame(found, index=raw.cells.index)
