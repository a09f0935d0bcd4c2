"""What stands there once more: tables that repeat last year's, and one thing listed under two ids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, counted, measures_of, per_team
from assess_lib.tables.checks.bounds import AnewBounds, bounds
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.parsing import plain

# Lists of what a team has or did, each thing under an id of its own.
_LISTED_ONCE = (
    *("households", "projects", "fund_flows", "audits", "ledger"),
    *("commitments", "meetings", "inspections", "unit_actions"),
)
_FILLED = 3  # columns beside the id from which rows that agree are one thing


def unchanged(c: Comparison) -> Iterator[Question]:
    """Tables of a team or county in which everything that is filled in anew each year repeats last year's table."""
    for table, about in bounds().filled_anew.items():
        rows = _same_and_filled(c, table, about)
        by = per_team(rows, c.counties) if about.county else rows["team"]
        alike = rows["same"].groupby(by).agg(["all", "size"])
        again = alike.index[alike["all"].to_numpy(dtype=bool) & (alike["size"] >= about.least).to_numpy()]
        found = counted(rows[by.isin(again)]).rename("count").rename_axis("team").reset_index()
        yield from asked("unchanged", found, "", "count", "count", *measures_of(table), of=table)


def _same_and_filled(c: Comparison, table: str, about: AnewBounds) -> pd.DataFrame:
    """The rows of both years that are filled in, with ``team`` and ``same`` as last year."""
    both = c.both(table, *about.columns)
    same, filled = np.ones(len(both), dtype=bool), np.zeros(len(both), dtype=bool)
    for column in about.columns:
        now, before = both[column], both[f"{column}_before"]
        same &= ((now == before).fillna(False) | (now.isna() & before.isna())).to_numpy(dtype=bool)
        filled |= now.notna().to_numpy()
    return both.loc[filled, ["team"]].assign(same=same[filled])


def listed_twice(c: Comparison) -> Iterator[Question]:
    """Rows of a team that agree in everything but their id."""
    for table in _LISTED_ONCE:
        rows, (key,) = c.now(table), ROW_KEYS[table]
        others = [name for name in rows if name != key]
        # dates and numbers part nearly all rows, and are compared fast
        fast = ["team", *(name for name in others if rows[name].dtype.kind in "iufbM")]
        alike = rows.duplicated(fast, keep=False).to_numpy()
        if not alike.any():
            continue
        rows = rows[alike]
        rows = rows[rows[others].drop(columns="team").notna().sum(axis=1) >= _FILLED]
        again = rows[_as_read(rows[others]).duplicated(keep=False).to_numpy()]
        yield from asked("listed_twice", again, key, None, None, *measures_of(table), of=table)


def _as_read(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without what the eye does not tell apart in texts: blanks, signs, full-width forms, capitals."""
    texts = [name for name in rows if rows[name].dtype.kind not in "iufbM" and name != "team"]
    return rows.assign(**{name: _letters(rows[name]) for name in texts})


def _letters(texts: pd.Series) -> pd.Series:
    """The letters and digits of each text, of each distinct one once, blank for a blank."""
    letters = {text: "".join(filter(str.isalnum, plain(str(text)))) for text in texts.dropna().unique()}
    return texts.map(letters)
