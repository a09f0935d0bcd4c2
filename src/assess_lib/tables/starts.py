"""From where villages start: what the tables of the year before say of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assess_lib.tables.checks.cells import sound_rows

STARTS = ("village_year", "benchmarks")  # tables that say where villages and the province stand


def starts_of(frames: Mapping[str, pd.DataFrame], year: int) -> dict[str, pd.DataFrame]:
    """What the tables of a year say of villages and the province: the level from which the next one starts.

    Rows that could not be used in their own year are left out.
    """
    return {name: frames[name][sound_rows(name, frames[name], year)] for name in STARTS if name in frames}
