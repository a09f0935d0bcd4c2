"""Digests of rows: what says, without keeping the rows, whether a table is still what it was and which row is not.

A row's digest is the sum of those of its cells, each salted with the name of its column, so that a column without
values, or in another place, changes nothing. It tells accidents and edits; files have digests of their own against malice.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pandas as pd


def row_hashes(table: pd.DataFrame) -> np.ndarray:
    """The digest of every row, shape (rows,), unsigned 64 bit. Cells count as text; blank ones do not count."""
    total = np.zeros(len(table), dtype="uint64")
    for name in table.columns:
        places, values = _distinct(table[name])
        if len(values):
            texts = values.astype("str").to_numpy(dtype=object)
            hashes = pd.util.hash_array(texts, hash_key=_salt(str(name)), categorize=False)
            total += np.append(hashes, np.uint64(0))[places]
    return total


def _distinct(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """The values of a column, each once, and of every row the place of its value, -1 for a blank one.

    Numbers with a fraction and objects are taken one by one, for equal ones (0.0 and -0.0) may differ as text.
    """
    if column.dtype.kind in "fO" and column.dtype != "str":
        known = column.notna().to_numpy(dtype=bool)
        return np.where(known, np.cumsum(known) - 1, -1), column[known]
    places, values = pd.factorize(column)
    return places, pd.Series(values, dtype=column.dtype)


def marks(hashes: np.ndarray) -> np.ndarray:
    """Each digest cut to 24 bits, shape (rows, 3) bytes: enough to tell rows of one team apart, too little to guess from."""
    return np.ascontiguousarray(hashes.astype(">u8")).view("uint8").reshape(-1, 8)[:, 5:]


def digest(hashes: np.ndarray) -> str:
    """One digest for all rows, in whatever order."""
    return hashlib.sha256(np.sort(hashes).astype("<u8").tobytes()).hexdigest()[:16]


@cache
def _salt(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
