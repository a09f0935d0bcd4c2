"""The county of a row by what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assess_lib.tables.raw import RawTable

_OWNERS = ("team_id", "village_id", "household_id", "member_id")


def owner_column(frame: pd.DataFrame) -> str:
    """The column that says whose a row is, blank for none."""
    return next((one for one in _OWNERS if one in frame), "")


def counties_of(
    raw: Mapping[str, RawTable], teams: pd.DataFrame, owned: Mapping[str, pd.DataFrame]
) -> dict[str, pd.Series]:
    """By column of owners, the county of each: that of the file with the team's row, or the one that the row names.

    Parameters: ``owned`` tables, of this year or the one before, with households and members.
    """
    of_row = pd.Series("", teams.index, dtype="str")
    for part, rows in raw["teams"].spans():
        of_row.iloc[rows] = part.county
    if "county" in teams:
        of_row = of_row.where(of_row != "", teams["county"].fillna(""))
    found = {
        column: pd.Series(of_row.array, teams[column].array).groupby(level=0).first()
        for column in ("team_id", "village_id")
        if column in teams
    }
    for table, key, of in (("households", "household_id", "village_id"), ("members", "member_id", "team_id")):
        rows_of = owned.get(table)
        if rows_of is not None and {key, of} <= set(rows_of) and of in found:
            found[key] = rows_of.dropna(subset=[key]).drop_duplicates(key).set_index(key)[of].map(found[of])
    return found
