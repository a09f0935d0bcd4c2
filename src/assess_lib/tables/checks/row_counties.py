"""The county of a row by what it belongs to, and rows in the file of a county that belong to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.keys import OF_PROVINCE
from assess_lib.tables.raw import RawTable

_OWNERS = ("team_id", "village_id", "household_id", "member_id")
_ITSELF = ("teams", "villages")  # which say themselves whose they are
MOST = 0.5  # of the rows of a file: where more belong elsewhere, it is the file that is named otherwise


def check_counties_of_rows(raw: Mapping[str, RawTable], frames: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Rows in the file of a county with teams that name a team, village, household or member of another county."""
    if "teams" not in frames:
        return
    senders = {part.county for part in raw["teams"].parts if part.county and len(part.cells)}
    counties: dict[str, pd.Series] = {}
    for name, frame in frames.items():
        column = owner_column(frame)
        if not column or name in (*OF_PROVINCE, *_ITSELF) or senders.isdisjoint(one.county for one in raw[name].parts):
            continue
        counties = counties or counties_of(raw, frames["teams"], frames)
        if column not in counties:
            continue
        which, of = np.zeros(len(frame), dtype=bool), frame[column].map(counties[column]).fillna("").to_numpy()
        for part, rows in raw[name].spans():
            other = (of[rows] != "") & (of[rows] != part.county)
            if part.county in senders and other.sum() <= MOST * len(other):
                which[rows] = other
        details = lambda row, of=of: {"county": of[row]}
        if which.any():
            yield finding(name, which, column, "checks.of_other_county", WARNING, row_details=details)


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
