"""The measured values of a peer group, as score kinds ask for them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import accumulate


class PeerValues:
    """The measured values of a peer group, in order.

    Parameters: ``values`` the values, shape (teams,), or how often each occurs.
    """

    def __init__(self, values: Iterable[Fraction] | Mapping[Fraction, int]):
        counts = Counter(values)
        self._values = sorted(counts)
        self._counts = [counts[value] for value in self._values]
        self._up_to = list(accumulate(self._counts, initial=0))

    @property
    def count(self) -> int:
        """The number of values."""
        return self._up_to[-1]

    @cached_property
    def mean(self) -> Fraction:
        """The mean, exact; numerators are added per denominator first, which keeps the sums short."""
        sums: Counter[int] = Counter()
        for value, count in zip(self._values, self._counts):
            sums[value.denominator] += value.numerator * count
        whole = sum((Fraction(top, below) for below, top in sorted(sums.items())), Fraction(0))
        return whole / self._up_to[-1]

    @cached_property
    def median(self) -> Fraction:
        low, high = (self._at((self._up_to[-1] - 1) // 2), self._at(self._up_to[-1] // 2))
        return (low + high) / 2

    def above(self, value: Fraction) -> int:
        """The number of values above a value."""
        return self._up_to[-1] - self._up_to[bisect_right(self._values, value)]

    def below(self, value: Fraction) -> int:
        """The number of values below a value."""
        return self._up_to[bisect_left(self._values, value)]

    def _at(self, place: int) -> Fraction:
        """The value at a place of the order, counted from 0."""
        return self._values[bisect_right(self._up_to, place) - 1]
