"""Working days in the Chinese calendar: neither weekend nor public holiday, moved weekends included."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import chinese_calendar
import numpy as np
import yaml

from assess_lib.faults import Fault, UnusableInput
from assess_lib.resources import CALENDAR, shipped
from assess_lib.tables.columns import DATE_DTYPE

LARGEST = 2**20  # bytes of the file of corrections


def working_days(year: int, calendar: str | Path | None = None) -> np.ndarray:
    """The working days of a year, in order.

    Source: the State Council's yearly notices on public holidays, as kept by the package
    ``chinesecalendar``, with the corrections of ``parameters/calendar.yaml``.

    Returns an array of dates (datetime64[us]), shape (days,). Raises UnusableInput for a year that
    neither knows.
    """
    path = Path(calendar) if calendar else shipped(CALENDAR)
    return _working_days(year, path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=32)
def _working_days(year: int, path: Path, _changed: int) -> np.ndarray:
    corrections = _corrections(path).get(year)
    try:
        known = set(chinese_calendar.get_workdays(date(year, 1, 1), date(year, 12, 31)))
    except NotImplementedError:
        if corrections is None:
            raise UnusableInput([Fault("calendar.unknown_year", str(path), value=str(year))]) from None
        first = date(year, 1, 1)
        every = (first + timedelta(n) for n in range(366))
        known = {day for day in every if day.year == year and day.weekday() < 5}
    if corrections:
        known = known - set(corrections.get("holidays") or ()) | set(corrections.get("working_weekends") or ())
    days = np.array(sorted(known), dtype="datetime64[D]").astype(DATE_DTYPE)
    days.flags.writeable = False
    return days


def _corrections(path: Path) -> dict:
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"> {LARGEST} bytes")
        years = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("years") or {}
        for entry in years.values():
            if not set(entry) <= {"holidays", "working_weekends"}:
                raise ValueError(", ".join(map(str, entry)))
            for days in entry.values():
                if not all(isinstance(day, date) for day in days):
                    raise ValueError(str(days))
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError, OSError) as error:
        raise UnusableInput([Fault("calendar.invalid", str(path), value=str(error).splitlines()[0])]) from None
    return years
