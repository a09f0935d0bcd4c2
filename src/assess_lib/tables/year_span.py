"""The first and the last day of a year of tables, and which days lie in it."""

from __future__ import annotations

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
        return (days.dt.year == self.year).fillna(False).astype(bool)

    def by_year_end(self, days: pd.Series) -> pd.Series:
        """True for dates on or before 31 December, false for blank ones, shape of ``days``."""
        return (days <= self.year_end).fillna(False).astype(bool)

    def before_year(self, days: pd.Series) -> pd.Series:
        """True for dates before 1 January, false for blank ones, shape of ``days``."""
        return (days < self.year_start).fillna(False).astype(bool)
