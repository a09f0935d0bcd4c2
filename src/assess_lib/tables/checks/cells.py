"""A table by itself: its columns, what its cells hold, and what the cells of a row say of each other."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Finding, finding, shown, shown_number
from assess_lib.tables.checks.id_forms import KnownIds, odd_ids
from assess_lib.tables.columns import Column
from assess_lib.tables.id_lookup import arrow_column, byte_counts, offsets_of
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.parsed import ParsedTable
from assess_lib.tables.parsing import as_text, is_ditto
from assess_lib.tables.personal_numbers import ID_OR_PHONE, PHONE
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import SCHEMAS, words_of

YEAR_COLUMN = "year"
PARTS_OF_WHOLES = {
    "village_year": (
        ("groups_hardened_road", "groups"),
        ("groups_broadband", "groups"),
        ("road_km_hardened", "road_km"),
    ),
    "audits": (("misused_yuan", "audited_yuan"),),
}
# The later day must not lie before the earlier one: where it does the row contradicts itself.
SPANS = {
    "teams": (("started_on", "ended_on"),),
    "members": (("on_duty_from", "on_duty_to"),),
    "pairings": (("paired_from", "paired_to"),),
    "household_measures": (("asked_on", "delivered_on"),),
    "projects": (("completed_on", "accepted_on"),),
}
LENGTH = 18  # of an ID number
ID_WEIGHTS = np.array(
    [2**power % 11 for power in range(17, 0, -1)]
)  # GB 11643: the sum with the check digit is 1 mod 11
DAYS_OF_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0])  # by number of the month
_SCIENTIFIC = re.compile(r"[0-9.]+[eE]\+?[0-9]+")


def check_cells(parsed: ParsedTable, year: int, frames: Mapping[str, pd.DataFrame] | None = None) -> Iterator[Finding]:
    """The faults of the cells of a table by themselves and within their row.

    Parameters: ``frames`` all tables of the year, among whose ids the one is sought that is meant.
    """
    name, raw, typed, schema = parsed.name, parsed.raw, parsed.frame, SCHEMAS[parsed.name]
    yield from _by_schema(parsed, KnownIds(frames if frames is not None else {name: typed}))
    for column, spec in schema.columns.items():
        if column in typed and (spec.metadata.get("in_year") or (column == YEAR_COLUMN and name != "benchmarks")):
            years = typed[column].dt.year if spec.metadata["kind"] == "date" else typed[column]
            yield finding(
                name, (years.notna() & (years != year)).fillna(False), column, "tables.outside_year", year=year
            )
    yield from _within_rows(name, typed)
    for column, spec in schema.columns.items():
        if column in typed and spec.metadata.get("identifier"):
            yield finding(name, _names_people(typed[column]), column, "checks.personal_identifier")
    if "id_number" in typed:
        yield from _id_numbers(name, typed, raw)


def sound_rows(name: str, typed: pd.DataFrame, year: int) -> np.ndarray:
    """Rows of which no cell breaks a rule and that no other contradicts, shape (rows,): for a year that is not checked here."""
    again, key = typed.duplicated().to_numpy(), [column for column in ROW_KEYS[name] if column in typed]
    wrong = again.copy()
    wrong[~again] = typed[~again].duplicated(key, keep=False)
    for column, spec in SCHEMAS[name].columns.items():
        if column in typed:
            for _, which in spec.violations(typed[column]):
                wrong |= np.asarray(which, dtype=bool)
            if column == YEAR_COLUMN and name != "benchmarks":
                wrong |= (typed[column] != year).fillna(False).to_numpy(dtype=bool)
    for one in _within_rows(name, typed):
        wrong[one.rows] = True
    sound: np.ndarray = ~wrong
    return sound


def _by_schema(parsed: ParsedTable, ids: KnownIds) -> Iterator[Finding]:
    """The cells that break a rule of their column: bounds, codes, identifiers, blanks."""
    name, typed = parsed.name, parsed.frame
    for column, spec in SCHEMAS[name].columns.items():
        if column not in typed:
            continue
        for rule, which in spec.violations(typed[column]):
            if not which.any():
                continue
            if rule == "blank":  # also where something stands that says nothing, such as /
                which = which & ~_of_lacking(parsed.raw, column, len(typed))
                for other in parsed.unreadable:  # which is told by itself
                    if isinstance(other, Finding) and other.column == column:
                        which[other.rows] = False
            key = "tables.refund" if rule == "low" and name == "fund_flows" else f"tables.{rule}"
            found = finding(name, which, column, key, **_limits(spec))
            if rule == "identifier":
                yield from odd_ids(found, typed[column], ids)
            elif rule == "code":
                ditto = typed[column].iloc[found.rows].map(is_ditto).to_numpy(dtype=bool)
                yield replace(found, rows=found.rows[ditto], key="tables.ditto")
                yield replace(found, rows=found.rows[~ditto])
            else:
                yield found


def _of_lacking(raw: RawTable, column: str, size: int) -> np.ndarray:
    """Rows of parts that lack the column, which is told once."""
    lacking = pd.Series(False, index=range(size))
    for part, rows in raw.spans():
        lacking.iloc[rows] = column not in part.columns
    return lacking.to_numpy()


def _within_rows(name: str, typed: pd.DataFrame) -> Iterator[Finding]:
    for part, whole in PARTS_OF_WHOLES.get(name, ()):
        if part in typed and whole in typed:
            over = (typed[part] > typed[whole]).fillna(False).astype(bool)
            row_details = lambda row, whole=whole: {"limit": shown(typed.at[row, whole])}
            yield finding(
                name, over, part, "tables.part_over_whole", row_details=row_details, whole=words_of(name, whole)
            )
    for first, last in SPANS.get(name, ()):
        if first in typed and last in typed:
            wrong = (typed[last] < typed[first]).fillna(False).astype(bool)
            row_details = lambda row, first=first: {"day": shown(typed.at[row, first])}
            yield finding(name, wrong, last, "tables.before", row_details=row_details, first=words_of(name, first))


def _id_numbers(name: str, typed: pd.DataFrame, raw: RawTable) -> Iterator[Finding]:
    """ID numbers that are none: digits lost to Excel, a wrong check digit (GB 11643), one that two people have."""
    written = as_text(raw.cells["id_number"])
    lost = written.str.fullmatch(_SCIENTIFIC)
    if raw.cells["id_number"].dtype == object:  # of a workbook, in which a number may be one
        lost |= (
            raw.cells["id_number"].map(lambda cell: isinstance(cell, (int, float)) and abs(cell) >= 1e15).astype(bool)
        )
    yield finding(name, lost, "id_number", "checks.id_lost_digits", WARNING)
    asked = (written != "") & ~lost
    wrong = asked & ~are_id_numbers(written)
    yield finding(name, wrong, "id_number", "checks.id_number", WARNING)
    known = written[asked & ~wrong].str.upper()
    twice = known[known.duplicated(keep=False)]
    if "person_id" in typed:  # the same person told twice is told as such
        twice = twice[~typed.loc[twice.index].duplicated(["person_id"], keep=False)]
    yield finding(name, typed.index.isin(twice.index), "id_number", "checks.id_twice", WARNING)


def is_id_number(text: str) -> bool:
    """True for an ID number with its date and check digit (GB 11643).

    Which division it names is not asked: codes are given up and made in the course of the years.
    """
    from stdnum.cn import ric  # loads what a network needs; only unusual numbers ask for it

    number = text.upper() if len(text) == 18 else ric.compact(text)
    if len(number) != 18 or not (number.isascii() and number[:17].isdigit()):
        return False
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return ric.calc_check_digit(number) == number[-1]


def are_id_numbers(texts: pd.Series) -> np.ndarray:
    """Those of a column of texts that are ID numbers, as ``is_id_number`` says; shape (rows,)."""
    column = arrow_column(texts)
    sizes = np.diff(offsets_of(column))
    valid = np.zeros(len(texts), dtype=bool)
    usual = sizes == LENGTH
    for row in np.flatnonzero(~usual & (sizes > 0)):
        valid[row] = is_id_number(texts.iat[row])
    if usual.any():
        numbers = column if usual.all() else column.filter(pa.array(usual))
        first = offsets_of(numbers)[0]
        content = np.frombuffer(numbers.buffers()[2], dtype="uint8")[first : first + LENGTH * len(numbers)]
        valid[usual] = _are_valid(content.reshape(-1, LENGTH).astype("int64") - ord("0"))
    return valid


def _are_valid(digits: np.ndarray) -> np.ndarray:
    """The ID numbers among rows of 18 digits, the last of which may be an X; shape (rows,)."""
    body, last = digits[:, :-1], digits[:, -1]
    last = np.where((last == ord("X") - ord("0")) | (last == ord("x") - ord("0")), 10, last)
    year, month, day = body[:, 6:10] @ (1000, 100, 10, 1), body[:, 10:12] @ (10, 1), body[:, 12:14] @ (10, 1)
    plain_digits = ((body >= 0) & (body <= 9)).all(axis=1) & (last >= 0) & (last <= 10)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = DAYS_OF_MONTH[np.clip(month, 0, 13)] + (leap & (month == 2))
    dated = (year >= 1) & (day >= 1) & (day <= days)
    return plain_digits & dated & ((12 - body @ ID_WEIGHTS % 11) % 11 == last)


def _names_people(identifiers: pd.Series) -> pd.Series:
    """The identifiers that are or hold an ID number or a phone: they would be shown wherever a row is named.

    Numbers of eleven digits that all begin with the same six are codes of a division with a number behind.
    """
    if byte_counts(identifiers).max(initial=0) < 11:
        return pd.Series(np.zeros(len(identifiers), dtype=bool), index=identifiers.index)
    long = (identifiers.str.len() >= 11).fillna(False).astype(bool)
    if not long.any():
        return long
    named = long & identifiers.str.contains(ID_OR_PHONE, na=False).astype(bool)
    phones = identifiers[named].str.extract(PHONE, expand=False)
    if len(phones) > 2 and phones.notna().all() and phones.str[:6].nunique() == 1:
        return named & False
    return named


def _limits(spec: Column) -> dict[str, Any]:
    """The values that the wording of a bound or code needs."""
    codes = spec.metadata.get("codes") or {}
    words = {"zh": "、".join(words[0] for words in codes.values()), "en": ", ".join(codes)}
    bounds = {"low": spec.low, "high": spec.high}
    return {"codes": words} | {name: shown_number(bound) for name, bound in bounds.items() if bound is not None}
