"""Ids that pages are named by: no two may meet in one file, and none may be a name that a file cannot have everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.checks.locating import place_in_words
from assess_lib.tables.raw import RawTable

NAMED_BY = {"teams": "team_id", "units": "unit_id"}
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: devices, with any ending and in any case
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
# Files and folders of a run or an edition, in which a page of that name would be taken for another.
OWN = frozenset(
    {
        *("annual_summary", "summary", "index", "changes", "circular", "results", "scores", "points", "adjustments"),
        *(
            "manifest",
            "record",
            "notebooks",
            "teams",
            "counties",
            "units",
            "pdf",
            "verify",
            "lists",
            "rubric",
            "inputs",
        ),
    }
)


def check_file_names(name: str, frame: pd.DataFrame, raw: RawTable) -> Iterator[Finding]:
    """Ids of teams and units that are reserved names, or differ from another in capital and small letters alone."""
    column = NAMED_BY.get(name)
    if column is None or column not in frame:
        return
    ids = frame[column].dropna()
    plain = ids.str.casefold()
    for key, names in (("checks.device_name", DEVICES), ("checks.own_name", OWN)):
        yield finding(name, _over(frame, plain.isin(names)), column, key)
    first_of = ids.index.to_series().groupby(plain).transform("first")
    twins = (ids != ids.reindex(first_of).to_numpy()).groupby(plain).transform("any")
    last_of = ids.index.to_series().groupby(plain).transform("last")

    def other(row: int) -> dict:
        there = int(first_of[row]) if ids[first_of[row]] != ids[row] else int(last_of[row])
        return {"other": str(ids[there]), "first": place_in_words(raw, there)}

    yield finding(name, _over(frame, twins), column, "checks.same_but_for_case", row_details=other)


def _over(frame: pd.DataFrame, found: pd.Series) -> np.ndarray:
    return found.reindex(frame.index, fill_value=False).to_numpy(dtype=bool)
