"""What another question explains, or the error of a row that was set aside: it is told there, and nothing more is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Frames, Question
from assess_lib.tables.columns import IDENTIFIER
from assess_lib.tables.id_lookup import among
from assess_lib.tables.keys import ROW_KEYS

# Counts and sums of a table: a row of the team that cannot be read may be the one that lacks.
_OF_WHOLE_TABLE = frozenset(
    "fewer_than_owed fewer_than_before fewer_to_settle rows_fewer needs_denied needs_fewer open_needs_left_out"
    " member_rows_fewer money_unaccounted money_overspent".split()
)
_NUMBERS = frozenset({"number_missing", "numbered_otherwise"})  # a row whose own number cannot be used
_TELL_OF_FEWER = frozenset({"fewer_than_owed", "needs_fewer", "open_needs_left_out", "number_missing"})
_LEFT_OUT = {"household_left_out": "households", "person_left_out": "persons", "member_left_out": "members"}


def without_what_is_told(questions: Iterable[Question]) -> list[Question]:
    """The questions without what others about the same table of a team explain."""
    found = list(questions)
    doubtful = {at for one in found if one.key in _EXPLAINED for at in _asked_of(one)}
    others: dict[tuple[str, str], list[Question]] = {}
    for one in found if doubtful else ():
        for at in doubtful.intersection(_asked_of(one)):
            others.setdefault(at, []).append(one)
    kept = []
    for one in found:
        if explains := _EXPLAINED.get(one.key):
            told = {team for table, team in _asked_of(one) if any(explains(one, by) for by in others[table, team])}
            one = replace(one, rows=one.rows[~one.rows["team"].isin(told)])
        if len(one.rows):
            kept.append(one)
    return kept


def _asked_of(question: Question) -> set[tuple[str, str]]:
    return {(question.table, team) for team in question.rows["team"].unique()}


def _of_rows_lost(question: Question, other: Question) -> bool:
    return other.key in _TELL_OF_FEWER or other.key == "sheets_exchanged"


def _of_whole_team(question: Question, other: Question) -> bool:
    return other.key in ("rows_fewer", "member_left_out", "sheets_exchanged")


def _of_one_thing(question: Question, other: Question) -> bool:
    """True where a number is missing between the two ids of one thing, for which no less waits."""
    return other.key == "listed_twice" and set(other.measures) >= set(question.measures)


def _of_its_columns(question: Question, other: Question) -> bool:
    """True where what stands in one of two columns is asked about by itself."""
    columns = {f"{question.table}.{name}" for name in other.columns if name}
    return other.key != question.key and not columns.isdisjoint({*question.rows["id"], *question.rows["now"]})


def _of_exchanged(question: Question, other: Question) -> bool:
    """True where the column is said to stand in the place of another."""
    return other.key == "columns_exchanged" and bool({*question.rows["id"]} & {*other.rows["id"], *other.rows["now"]})


def _of_turned_columns(question: Question, other: Question) -> bool:
    """True where whole columns of the table are said to stand wrongly."""
    return other.key in ("columns_exchanged", "answers_reversed")


def _of_its_column(question: Question, other: Question) -> bool:
    """True where the cells are asked about otherwise, or their whole column is."""
    name = question.columns[1] or question.columns[0]
    columns = {f"{question.table}.{name}"} if question.columns[1] else {*question.rows["id"]}
    of_cells = other.columns[1] == name and bool(question.columns[1])
    return other.key != question.key and (of_cells or bool(columns & {*other.rows["id"], *other.rows["now"]}))


def _of_needs_left_out(question: Question, other: Question) -> bool:
    return other.key in ("needs_fewer", "open_needs_left_out", "rows_fewer", "need_denied")


def _of_pairings_lost(question: Question, other: Question) -> bool:
    return other.key == "rows_fewer"


def _of_whole_table_again(question: Question, other: Question) -> bool:
    """True where everything that is filled in anew is said to be last year's, or the column to stand in other rows."""
    return other.key in ("unchanged", "column_shifted")


_EXPLAINED: dict[str, Callable[[Question, Question], bool]] = {
    "rows_fewer": _of_rows_lost,
    "member_rows_fewer": _of_whole_team,
    "number_missing": _of_one_thing,
    "columns_exchanged": _of_its_columns,
    "answers_reversed": _of_exchanged,
    "many_changed": _of_turned_columns,
    "column_of_last_year": _of_whole_table_again,
    "column_out_of_order": _of_whole_table_again,
    "log_without_attendance": _of_whole_team,
    "pairing_gone": _of_pairings_lost,
    "days_at_the_end": _of_its_column,
    "answers_alike": _of_its_column,
    "needs_met_where_fewer": _of_needs_left_out,
}


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
            stays &= ~one.rows["team"].isin(aside["team"].astype("str")) & ~_may_be_of_nobody(one, whole, wrong)
        if one.key in _LEFT_OUT:
            stays &= ~_stand_there(one.rows, whole, _LEFT_OUT[one.key], wrong)
        if stays.any():
            yield replace(one, rows=one.rows[stays])


def _of_teams(whole: Comparison, table: str, wrong: Frames) -> pd.DataFrame:
    """The rows of a table that were set aside, with ``team``."""
    rows = whole.now(table)
    return rows[rows.index.isin(wrong[table].index)] if table in wrong else rows.iloc[:0]


def _may_be_of_nobody(question: Question, whole: Comparison, wrong: Frames) -> pd.Series:
    """Which rows of a question lack what rows may have that were set aside and of which nobody can say whose they are."""
    aside = wrong.get(question.table, pd.DataFrame())
    nobody, rows = aside[~aside.index.isin(whole.now(question.table).index)], question.rows
    if question.key in _NUMBERS:
        return among(rows["id"], nobody[ROW_KEYS[question.table][0]]) if len(nobody) else pd.Series(False, rows.index)
    lacking = pd.to_numeric(rows["before"], errors="coerce") - pd.to_numeric(rows["now"], errors="coerce")
    few = lacking <= len(nobody)
    return few & (lacking[few].sum() <= len(nobody))


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
