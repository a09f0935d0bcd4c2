"""Rows of text as columns, block by block: cells as Python's own texts take ten times the memory of a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa

BLOCK = 20_000  # rows


def columns_of(rows: Iterator[list[str]]) -> tuple[pd.DataFrame, np.ndarray]:
    """The cells of rows by place, and how many cells each row has, shape (rows,); what a row lacks is empty text."""
    blocks: list[list[pa.Array]] = []
    heights: list[int] = []
    lengths: list[np.ndarray] = []
    while block := list(islice(rows, BLOCK)):
        blocks.append([pa.array(column, pa.large_string()) for column in zip_longest(*block, fillvalue="")])
        heights.append(len(block))
        lengths.append(np.fromiter(map(len, block), dtype="int64", count=len(block)))
    width = max(map(len, blocks), default=0)
    columns = {}
    for place in range(width):
        parts = [
            block[place] if place < len(block) else pa.array([""] * height, pa.large_string())
            for block, height in zip(blocks, heights)
        ]
        columns[place] = pd.Series(pa.chunked_array(parts).combine_chunks(), dtype="str")
    return pd.DataFrame(columns), np.concatenate(lengths) if lengths else np.zeros(0, dtype="int64")
