"""A rule as a sum of amounts of points, so that points can be worked out anew for another weight without the figures.

Amounts are what moves with the weight of an indicator: the weight itself, and the numbers of points that its rule
names. A team earns each of them so many times; how often follows from its figures alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Times: TypeAlias = dict[int, Fraction]  # by the place of the amount; a place that is not there is 0
WEIGHT = 0  # the place of the weight among the amounts


@dataclass(frozen=True)
class Formula:
    """The amounts of a rule, and the way from their sum to points.

    Attributes
    ----------
    amounts : from place 1 on; place 0 is the weight.
    low, high : places; the sum is at most the greatest of ``high`` and at least the least of ``low``. Empty for no end.
    above, below : places; without a weight the indicator still counts where one of these amounts is above, or below, 0.
    endless : it counts without a weight whatever the amounts are, for nothing bounds what it takes.
    as_one : another weight scales the sum of the amounts, which is then shared out; else each is scaled by itself.
    """

    amounts: tuple[Fraction, ...] = ()
    low: tuple[int, ...] = ()
    high: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    endless: bool = False
    as_one: bool = False

    @property
    def held(self) -> bool:
        """True where the sum has an end, so that parts cannot be added up before it is applied."""
        return bool(self.low or self.high)

    def points(self, parts: Sequence[Times], weight: Fraction) -> Fraction:
        """The mean of the points of all parts of a value."""
        amounts = (weight, *self.amounts)
        earned = [
            self._between(sum((amounts[at] * n for at, n in part.items()), Fraction(0)), amounts) for part in parts
        ]
        return sum(earned, Fraction(0)) / len(earned)

    def _between(self, earned: Fraction, amounts: tuple[Fraction, ...]) -> Fraction:
        if self.high:
            earned = min(earned, max(amounts[at] for at in self.high))
        return max(earned, min(amounts[at] for at in self.low)) if self.low else earned


def joined(parts: Sequence[Times]) -> Times:
    """The mean of the times of all parts."""
    places = sorted({at for part in parts for at in part})
    return {at: sum((part.get(at, Fraction(0)) for part in parts), Fraction(0)) / len(parts) for at in places}
