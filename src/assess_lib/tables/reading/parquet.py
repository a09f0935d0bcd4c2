"""Parquet files: columns under the names of the schemas, a value in each cell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assess_lib.faults import ERROR, WARNING, Fault
from assess_lib.tables.reading.labels import columns_wanted
from assess_lib.tables.schemas import SCHEMAS

_BYTES_OF_A_REPEATED_TEXT = 4  # in a file: its place among the distinct ones


def read_parquet(path: Path, table: str) -> tuple[pd.DataFrame, list[Fault]]:
    """The columns of a table in a file, and what is told of others.

    The index of the frame numbers the rows as if the names of the columns stood in a first one; rows without any value
    are left out, as they are in a sheet.
    """
    metadata = pq.read_metadata(path)
    schema = metadata.schema.to_arrow_schema()
    known, faults = SCHEMAS[table].columns, []
    names = {"columns": columns_wanted(table, schema.names, ids=True)}
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
    cells = _content(path, wanted, [name for name in wanted if _repeats(metadata, name)])
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


def _content(path: Path, wanted: list[str], repeating: list[str]) -> pd.DataFrame:
    """Columns of a file. Parameters: ``repeating`` those of text that are read as numbers of few distinct ones."""
    # the folder's name is no column of every table
    content = pq.read_table(
        path, columns=wanted, partitioning=None, read_dictionary=repeating, use_pandas_metadata=True
    )
    for name in repeating:
        place = content.schema.get_field_index(name)
        content = content.set_column(place, name, content.column(name).cast(pa.large_string()))
    return content.to_pandas()


def _repeats(metadata: pq.FileMetaData, name: str) -> bool:
    """True for a column of text without blanks that says few things many times: it takes little room in its file."""
    kind = metadata.schema.to_arrow_schema().field(name).type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return False
    place = next(n for n in range(metadata.num_columns) if metadata.schema.column(n).path == name)
    groups = [metadata.row_group(n).column(place) for n in range(metadata.num_row_groups)]
    if any(group.statistics is None or group.statistics.null_count != 0 for group in groups):
        return False
    return sum(g.total_uncompressed_size for g in groups) <= _BYTES_OF_A_REPEATED_TEXT * sum(
        g.num_values for g in groups
    )


def _may_be_blank(cells: pd.DataFrame) -> bool:
    """False where some column has a value in every row, as keys have."""
    return all(cells[column].hasnans for column in cells)


def _fault(key: str, path: Path, column: str, severity: str, **details: object) -> Fault:
    return Fault(key, str(path), f"column {column}", column, details, severity)
