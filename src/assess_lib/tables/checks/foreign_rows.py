"""Rows that stand in the workbook of one county and belong to another: an id was typed wrong, or a row sent by the wrong county.

Whose an id is says the workbook in which it is defined; of what stands in a file for all counties, the county there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from assess_lib.tables.checks.findings import Finding, Found, finding, rows_with_errors
from assess_lib.tables.checks.row_counties import OWNERS, Frames, Homes
from assess_lib.tables.keys import OF_PROVINCE
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import words_of

KEY = "tables.of_other_county"
_TOLD_OTHERWISE = ("teams", "villages", *OF_PROVINCE)


def check_foreign_rows(frames: Frames, raw: Mapping[str, RawTable]) -> Iterator[Finding]:
    """Rows of the workbook of a county whose team, member, village or household is another county's.

    Parameters: ``frames`` the tables in values, ``raw`` the same as they were read.
    """
    homes = Homes(frames, raw)
    if len(homes.counties) < 2:
        return
    for table in (name for name in frames if name not in _TOLD_OTHERWISE):
        if homes.counties.isdisjoint(part.county for part in raw[table].parts):
            continue
        here, told = homes.of_files(table), np.zeros(len(frames[table]), dtype=bool)
        for column, goal in OWNERS.items():
            if table == goal or column not in frames[table]:
                continue
            linked = frames[table][column].notna().to_numpy()
            there = homes.of_ids(goal, frames[table][column])
            foreign = linked & ~told & (here != "") & (there != "") & (there != here)
            told |= linked
            if foreign.any():
                details = lambda row, there=there, here=here: {"county": there[row], "here": here[row]}
                yield finding(table, foreign, column, KEY, row_details=details, goal=words_of(goal))


def foreign_rows(found: Iterable[Found], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """By table, which rows are another county's, shape (rows,). Parameters: ``sizes`` numbers of rows by table."""
    mine = (one for one in found if isinstance(one, Finding) and one.key == KEY)
    return rows_with_errors(mine, dict(sizes))
