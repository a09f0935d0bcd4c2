"""Digests of rows: what says, without keeping the rows, whether a table is still what it was and which row is not.

A row's digest is the sum of those of its cells, each salted with the name of its column, so that a column without
values, or in another place, changes nothing. It tells accidents and edits; files have digests of their own against malice.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype


def row_hashes(table: pd.DataFrame) -> np.ndarray:
    """The digest of every row, shape (rows,), unsigned 64 bit. Cells count as text; blank ones do not count."""
    total = np.zeros(len(table), dtype="uint64")
    for name in table.columns:
        known = table[name].notna().to_numpy(dtype=bool)
        column = table[name] if known.all() else table[name][known]
        if is_float_dtype(column.dtype) and isinstance(column.dtype, np.dtype):
            codes, bits = pd.factorize(column.to_numpy().view(f"int{column.dtype.itemsize * 8}"))
            distinct = bits.view(column.dtype)  # by their bits, since 0.0 and -0.0 are written differently
        else:
            codes, distinct = pd.factorize(column)
        if len(codes):  # each distinct cell is written and hashed once
            texts = pd.Series(distinct).astype("str").to_numpy(dtype=object)
            total[known] += pd.util.hash_array(texts, hash_key=_salt(str(name)), categorize=False)[codes]
    return total


def marks(hashes: np.ndarray) -> np.ndarray:
    """Each digest cut to 24 bits, shape (rows, 3) bytes: enough to tell rows of one team apart, too little to guess from."""
    return np.ascontiguousarray(hashes.astype(">u8")).view("uint8").reshape(-1, 8)[:, 5:]


def digest(hashes: np.ndarray) -> str:
    """One digest for all rows, in whatever order."""
    return hashlib.sha256(np.sort(hashes).astype("<u8").tobytes()).hexdigest()[:16]


@cache
def _salt(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
