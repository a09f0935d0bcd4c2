"""Intervals as written in a rubric: ``[0.9, 1.0)``, ``(-inf, 60)``, ``[90, inf)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

_NUMBER = r"[-+]?\d{1,15}(?:\.\d{1,15})?"
_WRITTEN = re.compile(rf"^\s*([\[(])\s*(-inf|{_NUMBER})\s*,\s*({_NUMBER}|\+?inf)\s*([\])])\s*$")


@dataclass(frozen=True)
class Interval:
    """A range of values; ``low`` or ``high`` is None where it has no end on that side."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool

    @classmethod
    def written(cls, text: str) -> Interval:
        """Read an interval; raises ValueError("interval") when it is not one."""
        match = _WRITTEN.match(text) if isinstance(text, str) else None
        if not match:
            raise ValueError("interval")
        opening, low, high, closing = match.groups()
        interval = cls(
            None if low == "-inf" else Fraction(low),
            None if high.endswith("inf") else Fraction(high),
            opening == "[" and low != "-inf",
            closing == "]" and not high.endswith("inf"),
        )
        if interval.low is not None and interval.high is not None:
            point = interval.low == interval.high and interval.low_closed and interval.high_closed
            if not (interval.low < interval.high or point):
                raise ValueError("interval")
        return interval

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (value == self.low and self.low_closed)
        below = self.high is None or value < self.high or (value == self.high and self.high_closed)
        return above and below

    def __str__(self) -> str:
        low = "-inf" if self.low is None else _plain(self.low)
        high = "inf" if self.high is None else _plain(self.high)
        return f"{'[' if self.low_closed else '('}{low}, {high}{']' if self.high_closed else ')'}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.written(value),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )


def lowest_first(interval: Interval) -> tuple[bool, Fraction, bool]:
    """The key that puts intervals in the order of their numbers."""
    return interval.low is not None, interval.low or Fraction(0), not interval.low_closed


def fault_in_cover(intervals: list[Interval]) -> str | None:
    """The fault that keeps intervals from covering every number once: None, ``bands_overlap`` or ``bands_hole``."""
    ordered = sorted(intervals, key=lowest_first)
    if ordered[0].low is not None or ordered[-1].high is not None:
        ends_open = sum(i.high is None for i in ordered) > 1 or sum(i.low is None for i in ordered) > 1
        return "bands_overlap" if ends_open else "bands_hole"
    for left, right in zip(ordered, ordered[1:]):
        if left.high is None or right.low is None or left.high > right.low:
            return "bands_overlap"
        if left.high < right.low:
            return "bands_hole"
        if left.high_closed and right.low_closed:
            return "bands_overlap"
        if not left.high_closed and not right.low_closed:
            return "bands_hole"
    return None


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else format(Decimal(repr(float(number))), "f")
