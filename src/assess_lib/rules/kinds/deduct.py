"""Points lost for every unit beyond a target."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import (
    ByValue,
    Estimate,
    Floats,
    RuleWords,
    coarse,
    in_points,
    in_value,
    near_whole,
)


class Deduct(ByValue):
    """Full, less ``per`` points for each ``every`` units beyond the target, down to ``floor``.

    ``floor`` may be 0, negative, or null for none (不保底). ``partial`` says what a unit not yet
    full costs: ``none`` nothing, ``started`` a whole one, ``pro_rata`` its share.
    """

    kind: Literal["deduct"]
    target: Number = in_value(Fraction(0))
    every: Number = in_value(Fraction(1), gt=0)
    per: Number = in_points(gt=0)
    floor: Number | None = in_points(Fraction(0))
    partial: Literal["none", "started", "pro_rata"] = "none"
    better: Literal["higher", "lower"] = "lower"

    movable: ClassVar[str] = "target"

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        left = weight - self.per * self._units(value)
        return left if self.floor is None else max(self.floor, left)

    def _units(self, value: Fraction) -> Fraction:
        """The number of units beyond the target that cost points."""
        beyond = value - self.target if self.better == "lower" else self.target - value
        units = max(Fraction(0), beyond / self.every)
        return Fraction(
            math.floor(units) if self.partial == "none" else math.ceil(units) if self.partial == "started" else units
        )

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        beyond = values - float(self.target) if self.better == "lower" else float(self.target) - values
        units = np.maximum(0.0, beyond / float(self.every))
        count = {"none": np.floor, "started": np.ceil, "pro_rata": np.positive}[self.partial](units)
        left = weight - float(self.per) * count
        points = left if self.floor is None else np.maximum(float(self.floor), left)
        undecided = coarse(values, self.every)
        return Estimate(points, undecided if self.partial == "pro_rata" else undecided | near_whole(units))

    def formula(self) -> Formula:
        if self.floor is None:
            return Formula((self.per,), endless=True)
        return Formula((self.per, self.floor), low=(2,), below=(2,))

    def times_of(self, value: Fraction) -> Times:
        return {WEIGHT: Fraction(1), 1: -self._units(value)}

    def least(self, weight: Fraction) -> Fraction | None:
        return None if self.floor is None else min(self.floor, weight)

    def full_value(self, weight: Fraction) -> Fraction:
        return self.target

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        """The target, and the first value of which the points are the lowest, where there is a lowest."""
        if self.floor is None or self.floor >= weight:
            return [self.target]
        beyond = self.every * math.ceil((weight - self.floor) / self.per)
        return [self.target, self.target + (beyond if self.better == "lower" else -beyond)]

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        down_to = (
            words("pages.rule.no_floor")
            if self.floor is None
            else words("pages.rule.down_to", floor=words.number(self.floor))
        )
        return words(
            "pages.rule.deduct",
            weight=words.number(weight),
            target=words.plain(self.target),
            every=words.plain(self.every),
            per=words.number(self.per),
            floor=down_to,
            partial=words(f"pages.rule.partial_{self.partial}"),
        )
