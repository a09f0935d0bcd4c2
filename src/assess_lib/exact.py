"""Exact numbers: what a reader adds up and divides by hand comes out the same here.

Points are decided on fractions, never on binary floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import SupportsFloat

NEAR = 1e-9  # floats nearer than this are compared as fractions
DIGITS = 12  # significant digits of a value; what a spreadsheet adds beyond them is noise of binary sums


def exact(number: Fraction | SupportsFloat) -> Fraction:
    """The number that was meant: its first 12 significant digits, a whole number whole.

    ``exact(0.1)`` is 1/10, not the nearest binary float; ``exact(0.57 + 0.33)`` is 9/10. A fraction is exact already.
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, int):
        return Fraction(number)
    value = float(number)
    if value.is_integer():
        return Fraction(int(value))
    if abs(value) >= 10 ** (DIGITS - 1):  # so that a larger number is never taken for a smaller one
        return Fraction(round(value))
    return Fraction(f"{value:.{DIGITS}g}")


def as_written(number: float) -> Fraction:
    """The number of a rule: every digit that stands in its file."""
    return Fraction(int(number)) if float(number).is_integer() else Fraction(repr(number))


def round_half_up(number: Fraction, step: Fraction = Fraction(1, 100)) -> int:
    """Nearest whole number of steps, halves away from zero (四舍五入).

    Parameters: ``number`` in points, ``step`` in points. Returns the count of steps.
    """
    above, below = abs(number.numerator) * step.denominator, number.denominator * step.numerator
    whole = (2 * above + below) // (2 * below)
    return whole if number >= 0 else -whole


def decimal_text(number: Fraction, digits: int | None = None) -> str:
    """A fraction as decimal text, half up; without ``digits`` as short as it is exact (at most 6)."""
    if digits is None:
        digits = next((d for d in range(7) if (number * 10**d).denominator == 1), 6)
    scaled = round_half_up(number, Fraction(1, 10**digits))
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    whole, rest = divmod(scaled, 10**digits)
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def apportion(whole: Fraction, parts: Sequence[Fraction], step: Fraction) -> list[Fraction]:
    """Split a whole in proportion to the parts, in multiples of the step (largest remainder).

    Equal remainders go to the earlier part. Nothing to split among gives nothing.
    """
    total = sum(parts, Fraction(0))
    if total == 0:
        return [Fraction(0)] * len(parts)
    if whole == total:
        return list(parts)
    exact_steps = [whole * part / total / step for part in parts]
    steps = [math.floor(share) for share in exact_steps]
    left = int(whole / step) - sum(steps)
    order = sorted(range(len(parts)), key=lambda n: (steps[n] - exact_steps[n], n))
    for n in order[:left]:
        steps[n] += 1
    return [count * step for count in steps]
