"""Values that cannot be, and values that are asked about, by the bounds of ``parameters/plausibility.yaml``.

What cannot be is an error: such a row earns nothing, and its team waits. What is asked about is used as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, WARNING
from assess_lib.tables.checks.bounds import DayBounds, Limits, PercentBounds, ValueBounds, bounds
from assess_lib.tables.checks.findings import Finding, finding, shown_number
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsed import ParsedTable
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.words import LANGUAGES, translate

_FIRST_DAYS = pd.Timestamp(1901, 1, 1)  # before it, a cell formatted as a day holds a small number


def check_ranges(parsed: ParsedTable, year: int) -> Iterator[Finding]:
    """The numbers and days of a table that lie beyond the bounds."""
    name, typed, known = parsed.name, parsed.frame, bounds()
    for column, about in (
        (key.split(".")[1], about) for key, about in known.values.items() if key.startswith(f"{name}.")
    ):
        if column in typed:
            yield from _beyond(name, typed, column, about, year)
    for column, spec in SCHEMAS[name].columns.items():
        if column in typed and spec.metadata["kind"] == "date":
            yield from _days(name, typed[column], column, known.days, year)
        if column in typed and spec.metadata["kind"] == "number" and not spec.metadata.get("unit"):
            yield from _shares(name, typed, column, known.share_among_percents)


def _beyond(name: str, typed: pd.DataFrame, column: str, about: ValueBounds, year: int) -> Iterator[Finding]:
    values = typed[column].astype("float64")
    if per := about.per:
        if per not in typed:
            return
        values = values / typed[per].astype("float64").where(lambda counts: counts > 0)
    per_words = words_of(name, per) if per else {"zh": "", "en": ""}
    spec = SCHEMAS[name].columns[column]
    told = _outside(typed[column].astype("float64"), (spec.low, spec.high))  # by the schema
    impossible, usual = (_of_year(limits, year if about.from_year else 0) for limits in (about.impossible, about.asked))
    beyond = _outside(values, impossible) & ~told
    number = lambda row: _beside(values[row], (*impossible, *usual), not about.from_year)
    shown = lambda row: {"number": number(row)}
    limits = _limits(impossible, about.from_year)
    key = "checks.impossible_per" if per else "checks.impossible"
    yield finding(name, beyond, column, key, ERROR, row_details=shown, per=per_words, **limits)
    asked = _outside(values, usual) & ~beyond & ~told
    if about.zero:
        asked &= (values != 0).to_numpy()
    if asked.any():
        first, count = _first_of_village(typed, asked)
        details = lambda row: {"number": number(row), "count": int(count[row])}
        key = "checks.asked_per" if per else "checks.asked"
        yield finding(
            name, first, column, key, WARNING, row_details=details, per=per_words, **_limits(usual, about.from_year)
        )


def _outside(values: pd.Series, limits: Limits) -> np.ndarray:
    low, high = limits
    outside = np.zeros(len(values), dtype=bool)
    if low is not None:
        outside |= (values < low).to_numpy()
    if high is not None:
        outside |= (values > high).to_numpy()
    return outside


def _of_year(limits: Limits, year: int) -> Limits:
    low, high = limits
    return None if low is None else low + year, None if high is None else high + year


def _limits(limits: Limits, years: bool) -> dict[str, Any]:
    """Both bounds in words, or the one there is."""
    low, high = ("" if limit is None else shown_number(limit, not years) for limit in limits)
    word = "between" if low and high else "at_least" if low else "at_most"
    return {"range": {lang: translate(f"faults.range.{word}", lang, low=low, high=high) for lang in LANGUAGES}}


def _beside(value: float, limits: Iterable[float | None], grouped: bool) -> str:
    """A number as it is told beside bounds: in full where it would be shown as one of them and is none; no phone or ID number."""
    bare = shown_number(value)
    if (masked := scrubbed(bare)) != bare:
        return masked  # grouped like money it would not be known
    text = shown_number(value, grouped)
    same = any(limit is not None and limit != value and shown_number(limit, grouped) == text for limit in limits)
    return f"{value:,.10g}" if same else text


def _first_of_village(typed: pd.DataFrame, which: np.ndarray) -> tuple[np.ndarray, pd.Series]:
    """The first of the rows of each village, and how many there are of it: one message for one cause."""
    village = typed["village_id"] if "village_id" in typed else pd.Series("", index=typed.index)
    rows = village[which].fillna("")
    first = np.zeros(len(typed), dtype=bool)
    first[rows.index[~rows.duplicated()]] = True
    return first, rows.groupby(rows).transform("size")


def _days(name: str, days: pd.Series, column: str, about: DayBounds, year: int) -> Iterator[Finding]:
    earliest, last = pd.Timestamp(about.earliest), pd.Timestamp(year + about.years_after, 12, 31)
    end = pd.Timestamp(year, 12, 31) + pd.Timedelta(days=about.happened_days_after)
    if not len(days) or not (days.min() < max(earliest, _FIRST_DAYS) or days.max() > min(last, end)):
        return
    impossible = ((days < earliest) | (days > last)).to_numpy()
    serials = (days < _FIRST_DAYS).to_numpy()

    def number(row: int) -> dict[str, Any]:
        return {"number": _serial(days[row]), "day": days[row].date().isoformat(), "year": year}

    number_of = lambda row: str(_serial(days[row]))
    yield finding(name, serials, column, "checks.number_for_day", ERROR, row_details=number, value=number_of)
    limits: dict[str, Any] = {"low": earliest.date().isoformat(), "high": last.date().isoformat()}
    yield finding(name, impossible & ~serials, column, "checks.impossible_day", ERROR, **limits)
    if column not in about.planned:
        ahead = (days > end).to_numpy() & ~impossible
        yield finding(name, ahead, column, "checks.after_the_year", WARNING, year=year)


def _serial(day: pd.Timestamp) -> int:
    """The number that Excel shows as a day; it counts a 29 February 1900 that was none."""
    return (day - pd.Timestamp(1899, 12, 31)).days + int(day >= pd.Timestamp(1900, 3, 1))


def _shares(name: str, typed: pd.DataFrame, column: str, about: PercentBounds) -> Iterator[Finding]:
    """Numbers up to 1 among much larger ones of the same thing: 0.98 among 95 to 99."""
    thing = next((key for key in ("service", "metric", "indicator", "kind") if key in typed), None)
    values = typed[column].astype("float64")
    groups = typed[thing].astype("str").fillna("") if thing else pd.Series("", index=typed.index)
    median = values.groupby(groups).transform("median")
    small = (values > 0) & (values <= 1) & (median > about.median_above) & (median <= 100)
    details = lambda row: {"median": shown_number(median[row])}
    yield finding(name, small.to_numpy(), column, "checks.share_among_percents", WARNING, row_details=details)
    far = (values * about.times < median) | (values > median * about.times)
    far &= ~small & (values > 0) & (median > about.median_of_times_above) & (median <= 100)
    yield finding(name, far.to_numpy(), column, "checks.slipped_point", WARNING, row_details=details)
