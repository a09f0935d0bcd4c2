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
