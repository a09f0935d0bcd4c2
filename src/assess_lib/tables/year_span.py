"""The first and the last day of a year of tables, and which days lie in it."""

from __future__ import annotations

import numpy as np
import pandas as pd


class YearSpan:
    """A base of what has a ``year``."""

    year: int

    @property
    def year_start(self) -> pd.Timestamp:
        return pd.Timestamp(self.year, 1, 1)

    @property
    def year_end(self) -> pd.Timestamp:
        return pd.Timestamp(self.year, 12, 31)

    def in_year(self, days: pd.Series) -> pd.Series:
        """True for dates within the year, shape of ``days``."""
        values = _days(days)
        inside = (values >= np.datetime64(self.year_start)) & (values < np.datetime64(f"{self.year + 1:04}-01-01"))
        return pd.Series(inside, days.index, name=days.name)

    def by_year_end(self, days: pd.Series) -> pd.Series:
        """True for dates on or before 31 December, false for blank ones, shape of ``days``."""
        return pd.Series(_days(days) <= np.datetime64(self.year_end), days.index, name=days.name)

    def before_year(self, days: pd.Series) -> pd.Series:
        """True for dates before 1 January, false for blank ones, shape of ``days``."""
        return pd.Series(_days(days) < np.datetime64(self.year_start), days.index, name=days.name)


def _days(days: pd.Series) -> np.ndarray:
    """Days as an array, in which a blank is neither before nor after any day."""
    return days.to_numpy(dtype="datetime64[us]")
