"""Which ids of one column stand in another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()


def among(ids: pd.Series, known) -> pd.Series:
    """Whether each id is among the known ones; a blank is not.

    The same as ``isin``, which takes columns of text apart cell by cell. Parameters: ``ids`` a
    column of text, ``known`` a column, index or array of text. Returns True or False, index of ``ids``.
    """
    found = pc.is_in(arrow_column(ids), value_set=arrow_column(known), skip_nulls=True)
    return pd.Series(np.asarray(found), index=ids.index)


def places(ids: pd.Series, known: pd.Series) -> np.ndarray:
    """The place of each id among the known ones, which differ; -1 for one that is not there, and for a blank."""
    found = pc.index_in(arrow_column(ids), value_set=arrow_column(known), skip_nulls=True)
    return found.fill_null(-1).to_numpy()


def arrow_column(values) -> pa.Array:
    """Text in a column, as compact as it can be."""
    column = values if isinstance(values, pa.ChunkedArray) else pa.array(values, type=TEXT, from_pandas=True)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def codes_of(texts: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """The number of each text among the distinct ones, shape (rows,), and the distinct ones in order of appearance.

    Parameters: ``texts`` a column of text without blanks.
    """
    encoded = arrow_column(texts).dictionary_encode()
    return encoded.indices.to_numpy(), encoded.dictionary.to_pandas()


def row_codes(columns: pd.DataFrame) -> pd.Index:
    """A number for each row, the same for rows that say the same in all columns, shape (rows,)."""
    codes: np.ndarray | None = None
    for name in columns:
        own, distinct = pd.factorize(columns[name], use_na_sentinel=False)
        codes = own if codes is None else pd.factorize(codes * len(distinct) + own)[0]
    return pd.Index(codes)
