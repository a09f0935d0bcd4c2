"""Tables that repeat last year's: otherwise a sheet of last year, left in this year's workbook, would go unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, counted, measures_of, per_team
from assess_lib.tables.checks.bounds import AnewBounds, bounds
from assess_lib.tables.schemas import SCHEMAS


def unchanged(c: Comparison) -> Iterator[Question]:
    """Tables of a team or county in which everything that is filled in anew each year repeats last year's table."""
    for table, about in bounds().filled_anew.items():
        rows = _same_and_filled(c, table, about)
        by = per_team(rows, c.counties) if about.county else rows["team"]
        alike = rows["same"].groupby(by).agg(["all", "size"])
        again = alike.index[alike["all"].to_numpy(dtype=bool) & (alike["size"] >= about.least).to_numpy()]
        found = counted(rows[by.isin(again)]).rename("count").rename_axis("team").reset_index()
        found["table"] = SCHEMAS[table].metadata["zh"]
        yield from asked("unchanged", found, "table", "count", "count", *measures_of(table))


def _same_and_filled(c: Comparison, table: str, about: AnewBounds) -> pd.DataFrame:
    """The rows of both years that are filled in, with ``team`` and ``same`` as last year."""
    both = c.both(table, *about.columns)
    same, filled = np.ones(len(both), dtype=bool), np.zeros(len(both), dtype=bool)
    for column in about.columns:
        now, before = both[column], both[f"{column}_before"]
        same &= ((now == before).fillna(False) | (now.isna() & before.isna())).to_numpy(dtype=bool)
        filled |= now.notna().to_numpy()
    return both.loc[filled, ["team"]].assign(same=same[filled])
