"""What rows of different places say of each other by their keys: a key that stands twice, a row that points at nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assess_lib.faults import WARNING
from assess_lib.tables.checks.file_names import NAMED_BY
from assess_lib.tables.checks.findings import Finding, Found, finding, shown
from assess_lib.tables.checks.locating import place_in_words
from assess_lib.tables.id_lookup import among, arrow_column, ascending, row_codes
from assess_lib.tables.keys import REFERENCES, ROW_KEYS
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import SCHEMAS, words_of

_OUTSIDE = "tables.outside_year"
_OF_ONE_YEAR = frozenset({"fund_flows", "audits", "meetings", "inspections", "unit_actions"})  # ids come once


def check_uniqueness(
    name: str, frame: pd.DataFrame, raw: RawTable, others: np.ndarray | None = None
) -> Iterator[Finding]:
    """Rows whose key another row has too.

    One that says the same in all its columns is taken once; of those that contradict each other none can be used. Where
    a part of the key is not there or cannot be read nothing is known of it.

    Parameters: ``others`` which rows have an error by which their key is not theirs, shape (rows,).
    """
    columns = [column for column in ROW_KEYS[name] if column in frame]
    if not columns or frame.empty:
        return
    yield from _same_but_for_case(name, frame, raw)
    if ascending(frame, columns):
        return
    keyed = frame[[column for column in columns if not SCHEMAS[name].columns[column].nullable]].notna().all(axis=1)
    keyed &= True if others is None else ~others
    if np.bincount(row_codes(frame[columns])[keyed.to_numpy()], minlength=1).max() < 2:
        return
    twins = frame[keyed]
    twins = twins[twins.duplicated(columns, keep=False)]
    numbers = pd.Series(twins.index, index=twins.index)
    groups = numbers.groupby([twins[column] for column in columns], dropna=False, sort=False)
    first, last = groups.transform("first"), groups.transform("last")
    alike = twins.duplicated(keep=False)
    agree = alike.groupby([twins[column] for column in columns], dropna=False, sort=False).transform("all")
    distinct = (
        (~twins.duplicated(keep="first"))
        .groupby([twins[c] for c in columns], dropna=False, sort=False)
        .transform("sum")
    )
    agree &= distinct == 1

    def other(row: int) -> dict:
        there = int(first[row]) if first[row] != row else int(last[row])
        return {"first": place_in_words(raw, there), "key": _names(name, columns)}

    def key(row: int) -> str:
        return ", ".join(shown(frame.at[row, column]) for column in columns)

    again = _over(frame, agree & (first != numbers))
    told, counts = _first_of_parts(raw, np.flatnonzero(again))
    yield finding(
        name,
        again,
        columns[0],
        "checks.repeated_row",
        WARNING,
        row_details=lambda row: other(row) | {"count": counts[row]},
        value=key,
        repeats=True,
        told=told,
    )
    counties = pd.Series([raw.part_of(row).county for row in twins.index], index=twins.index)
    between = (
        ~agree
        & (counties != "")
        & (counties.groupby([twins[c] for c in columns], dropna=False).transform("nunique") > 1)
    )
    yield finding(
        name, _over(frame, ~agree & ~between), columns[0], "tables.duplicate_key", row_details=other, value=key
    )
    told, numbers_of = _first_of_parts(raw, np.flatnonzero(_over(frame, between)))

    def collision(row: int) -> dict:
        return other(row) | {"count": numbers_of[row], "county": counties[row]}

    yield finding(
        name, _over(frame, between), columns[0], "tables.colliding_ids", row_details=collision, value=key, told=told
    )


def _same_but_for_case(name: str, frame: pd.DataFrame, raw: RawTable) -> Iterator[Finding]:
    """Ids of one thing written in capital and in small letters, by which it would count twice.

    Those of teams and units are told as names of files.
    """
    column = ROW_KEYS[name][0]
    if len(ROW_KEYS[name]) > 1 or name in NAMED_BY or not SCHEMAS[name].columns[column].metadata.get("identifier"):
        return
    ids = frame[column]
    written = arrow_column(ids)
    if any(
        pc.all(pc.equal(change(written), written), min_count=0).as_py() for change in (pc.utf8_upper, pc.utf8_lower)
    ):
        return
    lower = ids.str.lower()
    spellings = pd.DataFrame({"id": ids, "lower": lower})[ids.notna()].drop_duplicates()
    twice = spellings[spellings.duplicated("lower", keep=False)]
    others = twice.groupby("lower").groups

    def other(row: int) -> dict:
        there = next(int(n) for n in others[lower[row]] if ids[n] != ids[row])
        return {"other": str(ids[there]), "first": place_in_words(raw, there)}

    named = among(lower, twice["lower"])
    yield finding(name, named, column, "checks.twice_but_for_case", row_details=other)


def _first_of_parts(raw: RawTable, rows: np.ndarray) -> tuple[np.ndarray, dict[int, int]]:
    """The first of some rows in each file or sheet, and how many there are in it."""
    counts = {int(group[0]): len(group) for group in raw.by_part(rows)}
    return np.array(sorted(counts), dtype="int64"), counts


def check_references(frames: dict[str, pd.DataFrame], goals: dict[str, pd.DataFrame]) -> Iterator[Finding]:
    """Rows that point at nothing; a goal that is missing is not held against others."""
    for name, columns in REFERENCES.items():
        for column, goal in columns.items():
            if name not in frames or goal not in goals or column not in frames[name]:
                continue
            goal_key = ROW_KEYS[goal][0]
            if goal_key in goals[goal]:
                yield points_at_nothing(name, frames[name][column], goals[goal][goal_key], goal)


def rows_of_last_year(
    found: Iterable[Found], frames: Mapping[str, pd.DataFrame], earlier: Mapping[str, pd.DataFrame]
) -> Iterator[Finding]:
    """Rows dated in another year whose id stands in last year's table: they were left from it.

    Parameters: ``found`` what was found of the tables, ``earlier`` those of the year before.
    """
    for one in found:
        if not isinstance(one, Finding) or one.key != _OUTSIDE or one.table not in _OF_ONE_YEAR:
            continue
        (key,) = ROW_KEYS[one.table]
        if key not in frames[one.table] or key not in earlier.get(one.table, ()):
            continue
        left = np.zeros(len(frames[one.table]), dtype=bool)
        left[one.rows] = among(frames[one.table][key].iloc[one.rows], earlier[one.table][key]).to_numpy()
        yield finding(one.table, left, key, "tables.row_of_last_year", table=words_of(one.table))


def points_at_nothing(name: str, pointing: pd.Series, known: pd.Series | pa.ChunkedArray, goal: str) -> Finding:
    """Cells of a column that name none of the known keys of another table; blanks name none and need not."""
    lost = pointing.notna() & ~among(pointing, known)
    about = {"table": words_of(goal), "goal_key": words_of(goal, ROW_KEYS[goal][0]), "meant": ""}
    return replace(finding(name, lost, str(pointing.name), "tables.points_at_nothing"), details=about)


def _over(frame: pd.DataFrame, found: pd.Series) -> np.ndarray:
    return found.reindex(frame.index, fill_value=False).to_numpy(dtype=bool)


def _names(table: str, columns: list[str]) -> dict[str, str]:
    specs = [SCHEMAS[table].columns[column].metadata for column in columns]
    return {"zh": "、".join(spec["zh"] for spec in specs), "en": ", ".join(columns)}
