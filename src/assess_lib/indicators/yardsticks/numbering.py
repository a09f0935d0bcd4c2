"""Serial numbers at the end of ids: how nearly all lists are numbered, and which of a list are missing by that habit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison
from assess_lib.rules.norms import Norms
from assess_lib.tables.id_lookup import arrow_column, offsets_of

DIGITS = 6  # of a serial number, at most
_TOLD = 1000  # missing numbers of a list; messages name the first and count the rest
_ZERO, _NINE = ord("0"), ord("9")


@dataclass(frozen=True)
class _Lists:
    """The ids of lists, ordered by list; ``of`` the number of the list of each, all shape (rows,)."""

    ids: pd.Series
    of: np.ndarray
    count: int

    @cached_property
    def ends(self) -> np.ndarray:
        """The last bytes of each id from the last on, 0 before its first, shape (rows, most)."""
        texts = arrow_column(self.ids)
        offsets = offsets_of(texts)
        content = np.frombuffer(texts.buffers()[2] or b"", dtype="uint8")
        size = int(np.diff(offsets).max(initial=0))
        at = offsets[1:, None] - 1 - np.arange(size)
        return np.where(at >= offsets[:-1, None], content[np.maximum(at, 0)], 0)

    @cached_property
    def uniform(self) -> np.ndarray:
        """Which lists have ids of one length, shape (lists,)."""
        sizes = (self.ends > 0).sum(axis=1)
        differs = (np.diff(sizes) != 0) & (np.diff(self.of) == 0)
        return ~_any_of(self.of[1:], differs, self.count)

    @cached_property
    def width(self) -> np.ndarray:
        """The number of last characters in which the ids of a list differ, shape (lists,)."""
        differs = (self.ends[1:] != self.ends[:-1]) & (self.of[1:] == self.of[:-1])[:, None]
        width = np.where(differs.any(axis=1), differs.shape[1] - differs[:, ::-1].argmax(axis=1), 0)
        found = np.zeros(self.count, dtype="int64")
        np.maximum.at(found, self.of[1:], width)
        return found

    def of_list(self, number: int) -> pd.Series:
        """The ids of a list."""
        return self.ids.iloc[slice(*np.searchsorted(self.of, [number, number + 1]))]

    def numbers(self, width: int) -> tuple[np.ndarray, np.ndarray]:
        """The last ``width`` digits of each id, and which lists have a number there in all of theirs."""
        last = self.ends[:, :width]
        digits = (last >= _ZERO) & (last <= _NINE)
        bad = np.asarray(~digits.all(axis=1)) if last.shape[1] == width else np.ones(len(last), dtype=bool)
        serial = self.uniform & (self.width <= width) & ~_any_of(self.of, bad, self.count)
        return np.where(digits, last.astype("int64") - _ZERO, 0) @ (10 ** np.arange(last.shape[1])), serial

    def spans(self, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each list whether it is serial, its first number, and whether none is missing from there to the last."""
        numbers, serial = self.numbers(width)
        ordered = np.sort(self.of * 10**width + numbers, kind="stable")  # which it mostly is
        distinct = ordered[np.diff(ordered, prepend=-1) > 0]
        of, number = distinct // 10**width, distinct % 10**width
        first, last = (np.zeros(self.count, dtype="int64") for _ in range(2))
        begins = np.flatnonzero(np.diff(of, prepend=-1))
        first[of[begins]], last[of[begins]] = number[begins], number[np.append(begins[1:], len(of)) - 1]
        return serial, first, last - first + 1 == np.bincount(of, minlength=self.count)


def missing_numbers(c: Comparison, table: str, key: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lists of the year with a number missing, and lists that are numbered otherwise than last year's.

    Both have ``team``, ``listed`` the rows of the list and ``gap`` a number that is missing, a row for each, or the first id.
    Where fewer lists than ``serial_share`` of the norms run on without a gap, last year's alone are looked at: if nearly
    all of those do, the whole county or province may have left something out, and what has a gap within is missing a
    number. Else both are empty.
    """
    years = [rows.loc[rows[key].notna(), ["team", key]] for rows in (c.now(table), c.before(table))]
    teams = len(c.teams)
    of = np.concatenate([rows["team"].cat.codes.to_numpy(dtype="int64") + teams * n for n, rows in enumerate(years)])
    nothing = pd.DataFrame({"team": [], "gap": [], "listed": []})
    if not len(years[0]):
        return nothing, nothing
    order = np.argsort(of, kind="stable")
    lists = _Lists(pd.concat([rows[key] for rows in years], ignore_index=True).iloc[order], of[order], 2 * teams)
    sizes = np.bincount(of, minlength=2 * teams)
    share, there = float(c.norms.serial_share), sizes > 0
    width, (serial, first, whole) = _habit(lists, there, share)
    serial &= there
    odd = {n: _gaps(sorted(lists.of_list(n))) for n in _numbers(there & ~lists.uniform)}
    runs = serial & whole & (first <= 1)
    runs[[n for n, gaps in odd.items() if gaps == []]] = True
    if runs.sum() < share * there.sum():
        return _told(c, _with_gaps(lists, there, teams, c.norms), sizes), nothing
    begins = _first_numbers(first, runs & lists.uniform, teams, share)
    late = there[:teams] & serial[:teams] & (~whole[:teams] | (first[:teams] > begins))
    found = [(n, gap) for n in _numbers(late) for gap in _missing(lists.of_list(n), width, int(begins[n]))]
    found += [(n, gap) for n, gaps in odd.items() if n < teams for gap in gaps or ()]
    known = serial | np.isin(np.arange(2 * teams), [n for n, gaps in odd.items() if gaps is not None])
    other = there[:teams] & ~known[:teams] & runs[teams:]
    told = [(n, str(lists.of_list(n).min())) for n in _numbers(other)]
    return _told(c, found, sizes), _told(c, told, sizes)


def missing_in_table(ids: pd.Series, share: float) -> str:
    """The first number that is missing in a table of serial numbers, blank for none or where few of them are there."""
    ids = ids.dropna().drop_duplicates().sort_values()
    if len(ids) < 2:
        return ""
    lists = _Lists(ids, np.zeros(len(ids), dtype="int64"), 1)
    width = int(lists.width[0])
    if width > DIGITS or not lists.numbers(width)[1][0]:
        return ""
    numbers = lists.numbers(width)[0]
    begins = min(1, int(numbers.min()))
    if len(ids) < share * (int(numbers.max()) - begins + 1) or len(ids) == numbers.max() - begins + 1:
        return ""
    return _missing(ids, width, begins)[0]


def _with_gaps(lists: _Lists, there: np.ndarray, teams: int, norms: Norms) -> list[tuple[int, str]]:
    """The lists of the year with a gap within and the numbers of it, where nearly all of last year's had none.

    A list that has but few of the numbers from its first to its last is numbered otherwise, as where a county numbers on
    from team to team.
    """
    before = there & (np.arange(lists.count) >= teams)
    width, (serial, first, whole) = _habit(lists, before, float(norms.serial_share))
    if not width:
        return []
    numbers, _ = lists.numbers(width)
    last = np.zeros(lists.count, dtype="int64")
    np.maximum.at(last, lists.of, numbers)
    dense = np.bincount(lists.of, minlength=lists.count) >= float(norms.share_of_last_year) * (last - first + 1)
    found = _numbers((there & serial & ~whole & dense)[:teams])
    return [(n, gap) for n in found for gap in _missing(lists.of_list(n), width, int(first[n]))]


def _told(c: Comparison, found: list[tuple[int, str]], sizes: np.ndarray) -> pd.DataFrame:
    at = [n for n, _ in sorted(found)]
    gaps = [gap for _, gap in sorted(found)]
    return pd.DataFrame({"team": c.teams[at], "gap": gaps, "listed": sizes[at]})


def _habit(lists: _Lists, there: np.ndarray, share: float) -> tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The most digits by which nearly all lists run from 0 or 1 without a gap, 0 where none do; ``spans`` by them.

    A team alone may have ids that begin with the same digits; what all have shows where the number begins.
    """
    none = np.zeros(lists.count, dtype=bool)
    best: tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = (0, (none, none.astype("int64"), none))
    even = lists.width[there & lists.uniform]
    least = max(1, int(np.quantile(even, share, method="lower"))) if len(even) else 1
    for width in range(least, DIGITS + 1):
        serial, first, whole = lists.spans(width)
        odd = there & ~lists.uniform
        if (serial & whole & (first <= 1) & there | odd).sum() < share * there.sum():
            break
        best = width, (serial, first, whole)
    return best


def _first_numbers(first: np.ndarray, runs: np.ndarray, teams: int, share: float) -> np.ndarray:
    """The number with which the list of each team should begin, 0 or 1: as it did last year, or as nearly all do.

    Where nearly all begin with 1 nobody needs to begin with 0, whatever was last year.
    """
    now = first[:teams][runs[:teams]]
    zeros = float((now == 0).mean()) if len(now) else 0.0
    if 1 - zeros >= share:
        return np.ones(teams, dtype="int64")
    return np.where(runs[teams:], np.minimum(first[teams:], 1), 0 if zeros >= share else 1)


def _missing(ids: pd.Series, width: int, begins: int) -> list[str]:
    """The ids that are missing in a list of serial numbers that has a gap, the first of very many."""
    numbers = {int(text[-width:]) for text in ids}
    missing = (n for n in range(begins, max(numbers)) if n not in numbers)
    return [f"{ids.iloc[0][:-width]}{number:0{width}d}" for number in islice(missing, _TOLD)]


def _gaps(ids: list[str]) -> list[str] | None:
    """The numbers that are missing in ids of different lengths, the first of very many; None where they are not serial."""
    prefix = os.path.commonprefix([ids[0], ids[-1]])  # of all, since they are in order
    rest = [text[len(prefix) :] for text in ids]
    if not all(text.isdecimal() and text.isascii() for text in rest):
        return None
    found = {int(text) for text in rest}
    missing = (number for number in range(min(1, *found), max(found)) if number not in found)
    return [f"{prefix}{number:0{min(map(len, rest))}d}" for number in islice(missing, _TOLD)]


def _numbers(which: np.ndarray) -> list[int]:
    return [int(n) for n in np.flatnonzero(which)]


def _any_of(of: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """Which lists have any row for which something holds, shape (lists,)."""
    found = np.zeros(count, dtype=bool)
    found[of[which]] = True
    return found
