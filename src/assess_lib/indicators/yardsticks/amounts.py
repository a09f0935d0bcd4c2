"""Amounts of a village: held against its own of last year, as where a zero was written too many."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, measures_of, of_each
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import OF_PROVINCE


def amounts(c: Comparison) -> Iterator[Question]:
    """Amounts whose median of a team is many times what it was last year, or a small part of it."""
    for name, about in bounds().own_last_year.items():
        table, column = name.split(".")
        if table in OF_PROVINCE:
            continue
        medians = [of_each(rows, column, "median").astype("float64") for rows in (c.now(table), c.before(table))]
        both = pd.concat(medians, axis=1, keys=["now", "before"]).dropna().rename_axis("team").reset_index()
        above = both["now"] > about.times * both["before"].clip(lower=about.least)
        small = (both["now"] > 0) & ((about.fall or 0) * both["now"] < both["before"])
        below = small & (both["before"] > about.least) & bool(about.fall)
        for key, far in (("far_above_last_year", above), ("far_below_last_year", below)):
            yield from asked(
                key, both[far].assign(column=name), "column", "now", "before", *measures_of(table), of=table
            )
