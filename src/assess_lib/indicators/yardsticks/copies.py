"""Tables that say the same as last year's: a sheet of last year left in this year's workbook is read in silence else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.registry import registered
from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.schemas import SCHEMAS

# Tables without a day of the year in them, whose figures are asked for anew each year, and the columns that are.
_ANEW = {
    "village_year": ("farmer_income_per_head_yuan", "collective_income_yuan", "population"),
    "households": ("income_yuan", "surveyed_on", "record_updated_on"),
    "household_measures": ("asked_on", "delivered_on"),
}


def unchanged(c: Comparison) -> Iterator[Question]:
    """Tables of a team in which every figure that is asked for anew is that of last year."""
    for table, columns in _ANEW.items():
        both = c.both(table, *columns)
        same, filled = np.ones(len(both), dtype=bool), np.zeros(len(both), dtype=bool)
        for column in columns:
            now, before = both[column], both[f"{column}_before"]
            same &= ((now == before).fillna(False) | (now.isna() & before.isna())).to_numpy(dtype=bool)
            filled |= now.notna().to_numpy()
        rows = both.loc[filled, ["team"]].assign(same=same[filled])
        alike = rows.groupby("team")["same"].agg(["all", "size"])
        teams = alike.index[alike["all"].to_numpy(dtype=bool)]
        counts = alike.loc[teams, "size"].to_numpy()
        found = pd.DataFrame({"team": teams, "table": SCHEMAS[table].metadata["zh"], "count": counts})
        waiting = sorted(name for name, measure in registered().items() if table in measure.evidence)
        yield from asked("unchanged", found, "table", "count", "count", *waiting)
