"""Columns of money whose amounts are some ten thousand times those of last year, or a ten-thousandth: 万元 taken for 元, or 元 for 万元."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from assess_lib.faults import WARNING, Fault
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.raw import RawTable, place_of
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.words import LANGUAGES, translate

KEY = "checks.doubtful_unit"
_WAN = 10_000
Frames = Mapping[str, pd.DataFrame]


def check_units(raw: Mapping[str, RawTable], frames: Frames, earlier: Frames) -> Iterator[Fault]:
    """Warnings at the headings of columns whose unit may not be what it was taken for.

    Parameters: ``raw`` and ``frames`` tables as read and in values, ``earlier`` those of the year before.
    """
    about = bounds().doubtful_unit
    for table, frame in frames.items():
        before = earlier.get(table, pd.DataFrame())
        for column, spec in SCHEMAS[table].columns.items():
            if spec.metadata.get("unit") != "yuan" or column not in frame or column not in before:
                continue
            was = before[column]
            if was.count() < about.least_rows:
                continue
            usual = was.median()
            for part, rows in raw[table].spans():
                amounts = frame[column].iloc[rows]
                if column not in part.columns or amounts.count() < about.least_rows:
                    continue
                times = amounts.median() / usual if usual > 0 else math.nan
                meant = next((unit for unit, size in (("yuan", _WAN), ("wan", 1 / _WAN)) if _near(times, size)), None)
                if meant:
                    at = part.location(0, column)
                    details = {
                        "times": f"{times:,.0f}" if times > 1 else f"1/{1 / times:,.0f}",
                        "meant": {lang: translate(f"faults.money.{meant}", lang) for lang in LANGUAGES},
                    }
                    yield Fault(KEY, part.file, place_of(at), part.columns[column].label, details, WARNING, at)


def _near(times: float, size: float) -> bool:
    within = bounds().doubtful_unit.within
    return times > 0 and size / within < times < size * within
