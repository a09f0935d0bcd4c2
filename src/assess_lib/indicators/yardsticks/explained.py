"""What only looks odd because rows were set aside: their errors are told at the rows, and nothing more is asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Frames, Question
from assess_lib.tables.columns import IDENTIFIER
from assess_lib.tables.id_lookup import among
from assess_lib.tables.keys import ROW_KEYS

# Counts and sums of a table: a row of the team that cannot be read may be the one that lacks.
_OF_WHOLE_TABLE = frozenset(
    "fewer_than_owed fewer_than_before fewer_to_settle rows_fewer needs_denied needs_fewer open_needs_left_out"
    " money_unaccounted".split()
)
_NUMBERS = frozenset({"number_missing", "numbered_otherwise"})  # a row whose own number cannot be used
_LEFT_OUT = {"household_left_out": "households", "person_left_out": "persons", "member_left_out": "members"}


def unexplained(
    questions: Iterable[Question], of_whole: Iterable[Question], whole: Comparison, wrong: Frames
) -> Iterator[Question]:
    """The questions, and of each the rows, that the rows set aside do not explain.

    Parameters: ``of_whole`` what is asked of the tables with the rows that were set aside, ``whole`` these tables,
    ``wrong`` the rows by table.
    """
    known = {(one.key, *at) for one in of_whole for at in zip(one.rows["team"], one.rows["id"])}
    for one in questions:
        stays = pd.Series(
            [(one.key, *at) in known for at in zip(one.rows["team"], one.rows["id"])], one.rows.index, dtype="bool"
        )
        if one.key in _OF_WHOLE_TABLE | _NUMBERS:
            aside = _of_teams(whole, one.table, wrong)
            aside = _without_number(aside, whole, one.table) if one.key in _NUMBERS else aside
            stays &= ~one.rows["team"].isin(aside["team"].astype("str"))
        if one.key in _LEFT_OUT:
            stays &= ~_stand_there(one.rows, whole, _LEFT_OUT[one.key], wrong)
        if stays.any():
            yield replace(one, rows=one.rows[stays])


def _of_teams(whole: Comparison, table: str, wrong: Frames) -> pd.DataFrame:
    """The rows of a table that were set aside, with ``team``."""
    rows = whole.now(table)
    return rows[rows.index.isin(wrong[table].index)] if table in wrong else rows.iloc[:0]


def _without_number(aside: pd.DataFrame, whole: Comparison, table: str) -> pd.DataFrame:
    """The rows whose id is blank, cannot be one, or is another row's too."""
    (key,) = ROW_KEYS[table]
    ids = whole.table(table)[key]
    twice = among(aside[key], ids[ids.duplicated()])
    return aside[~aside[key].str.fullmatch(IDENTIFIER).fillna(False).astype(bool) | twice]


def _stand_there(rows: pd.DataFrame, whole: Comparison, table: str, wrong: Frames) -> pd.Series:
    """Which ids that are said to be gone stand in a row that was set aside, under another team or, it may be, id."""
    (key,) = ROW_KEYS[table]
    if table not in wrong or key not in wrong[table]:
        return pd.Series(False, rows.index)
    aside = _of_teams(whole, table, wrong)
    unknown = aside[~among(aside[key], whole.table(table, False)[key])]["team"].astype("str").value_counts()
    of_team = rows["team"].map(rows["team"].value_counts())
    return among(rows["id"], wrong[table][key]) | (of_team <= rows["team"].map(unknown).fillna(0))
