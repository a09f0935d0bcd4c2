"""Parquet files: columns under the names of the schemas, a value in each cell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assess_lib.faults import ERROR, WARNING, Fault
from assess_lib.tables.schemas import SCHEMAS


def read_parquet(path: Path, table: str) -> tuple[pd.DataFrame, list[Fault]]:
    """The columns of a table in a file, and what is told of others.

    The index of the frame numbers the rows as if the names of the columns stood in a first one; rows without any value
    are left out, as they are in a sheet.
    """
    schema = pq.read_schema(path)
    known, faults = SCHEMAS[table].columns, []
    names = {"columns": {"zh": "、".join(known), "en": ", ".join(known)}}
    wanted = []
    for name, count in Counter(schema.names).items():
        if name.startswith("__index_level_"):
            continue
        if name not in known:
            faults.append(_fault("tables.unknown_column", path, name, WARNING, **names))
        elif count > 1:
            faults.append(_fault("tables.repeated_column", path, name, ERROR))
        elif pa.types.is_float16(kind := schema.field(name).type):
            faults.append(_fault("reading.odd_kind", path, name, ERROR, kind=str(kind)))
        elif pa.types.is_nested(kind):
            faults.append(_fault("reading.nested_column", path, name, ERROR, kind=str(kind)))
        else:
            wanted.append(name)
    # the folder's name is no column of every table
    cells = pd.read_parquet(path, columns=wanted, partitioning=None)
    cells = cells.reset_index(drop=True) if cells.index.name is None else cells.reset_index()
    cells = cells[[column for column in cells.columns if column in known]]
    for column in cells.select_dtypes("datetimetz"):  # where a day begins is not known where it does so in no zone
        if (cells[column] != cells[column].dt.normalize()).where(cells[column].notna(), False).any():
            faults.append(_fault("reading.odd_kind", path, column, ERROR, kind=str(cells[column].dtype)))
            cells = cells.drop(columns=column)
    for column in cells.select_dtypes("category"):
        cells[column] = cells[column].astype(cells[column].cat.categories.dtype)  # as long as it is, here and not later
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    blank = cells.isna().all(axis=1) if _may_be_blank(cells) else None
    return (cells if blank is None else cells[~blank]), faults


def _may_be_blank(cells: pd.DataFrame) -> bool:
    """False where some column has a value in every row, as keys have."""
    return all(cells[column].hasnans for column in cells)


def _fault(key: str, path: Path, column: str, severity: str, **details: object) -> Fault:
    return Fault(key, str(path), f"column {column}", column, details, severity)
