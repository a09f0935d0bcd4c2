"""Which ids of one column stand in another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()
Texts: TypeAlias = pd.Series | pd.Index | Collection[str] | pa.ChunkedArray
NO_BYTE = 0xFF  # which stands in no text in UTF-8


def among(ids: pd.Series, known: Texts) -> pd.Series:
    """True for each id that is among the known ones, false for a blank.

    The same as ``isin``, which takes columns of text apart cell by cell. Parameters: ``ids`` a
    column of text, ``known`` a column, index or array of text. Returns True or False, index of ``ids``.
    """
    found = pc.is_in(arrow_column(ids), value_set=arrow_column(known), skip_nulls=True)
    return pd.Series(np.asarray(found), index=ids.index, copy=False)


def places(ids: pd.Series, known: pd.Series) -> np.ndarray:
    """The place of each id among the known ones, which differ; -1 for one that is not there, and for a blank."""
    found = pc.index_in(arrow_column(ids), value_set=arrow_column(known), skip_nulls=True)
    return found.fill_null(-1).to_numpy()


def byte_counts(texts: pd.Series) -> np.ndarray:
    """The number of bytes that each text of a column takes in UTF-8, which is at least that of its characters; shape (rows,)."""
    return np.diff(offsets_of(arrow_column(texts)))


def arrow_column(values: Texts) -> pa.Array:
    """Text in a column, of one piece."""
    return _of_one_piece(values if isinstance(values, pa.ChunkedArray) else _as_arrow(values, TEXT))


def _of_one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)  # combined, it would be copied
    return (
        column.combine_chunks()
        if len({piece.type for piece in column.chunks}) == 1
        else column.cast(TEXT).combine_chunks()
    )


def _as_arrow(values: pd.Series | pd.Index | Collection[str], kind: pa.DataType | None = None) -> pa.Array:
    """A column for Arrow; text of pandas is one already, which is asked of it first, since it takes a tenth of the time."""
    if isinstance(values, pd.Series | pd.Index) and isinstance(values.dtype, pd.StringDtype):
        if values.dtype.storage == "pyarrow":
            return values.array.__arrow_array__()
    return pa.array(values, type=kind, from_pandas=True)


def plain_texts(texts: Texts) -> list[Any]:
    """The texts of a column in a list, None for a blank; pandas gives them out one by one, which takes ten times as long."""
    found: list[Any] = arrow_column(texts).to_pylist()
    return found


def distinct_texts(texts: pd.Series) -> list[str]:
    """The texts that stand in a column, each once, in their order."""
    found: list[str] = arrow_column(texts).drop_null().unique().to_pylist()
    return found


def row_codes(columns: pd.DataFrame) -> np.ndarray:
    """A number for each row, the same for rows that say the same in all columns, shape (rows,).

    Blanks are the same as each other. The numbers are below a small multiple of the number of rows.
    """
    codes, size = np.zeros(len(columns), dtype="int64"), 1
    for name in columns:
        encoded = _of_one_piece(_as_arrow(columns[name])).dictionary_encode(null_encoding="encode")
        codes, size = codes * len(encoded.dictionary) + encoded.indices.to_numpy(), size * len(encoded.dictionary)
        if size > 4 * len(codes):
            codes, distinct = pd.factorize(codes)
            size = len(distinct)
    return codes


def ascending(rows: pd.DataFrame, columns: Iterable[str]) -> bool:
    """True for each row above the one before by some columns, of which the first that differs decides.

    True only where no cell is blank, so that no two rows are alike.
    """
    undecided = np.ones(max(0, len(rows) - 1), dtype=bool)
    for name in columns:
        column = _of_one_piece(_as_arrow(rows[name]))
        if column.null_count:
            return False
        before, after = column[:-1], column[1:]
        undecided &= ~np.asarray(pc.less(before, after))
        if not undecided.any():
            return True
        if (undecided & ~np.asarray(pc.equal(before, after))).any():
            return False
    return not undecided.any()


def first_bytes(texts: pa.Array) -> np.ndarray:
    """The first byte of each text in UTF-8, ``NO_BYTE`` for an empty or missing one, shape (rows,)."""
    first = np.full(len(texts), NO_BYTE, dtype="uint8")
    if content := texts.buffers()[2]:
        offsets = offsets_of(texts)
        filled = offsets[1:] > offsets[:-1]
        first[filled] = np.frombuffer(content, dtype="uint8")[offsets[:-1][filled]]
    return first


def offsets_of(texts: pa.Array) -> np.ndarray:
    """The offset of each text in the bytes of all, and at last their end, shape (rows + 1,)."""
    return np.frombuffer(texts.buffers()[1], dtype="int64")[texts.offset : texts.offset + len(texts) + 1]
