"""Points along two lines that meet at a value between nothing and the target."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from assess_lib.rules.fields import Number
from assess_lib.rules.kinds.base import Estimate, Floats, PerPart, RuleWords, decided, in_points, in_value


class TwoSlopes(PerPart):
    """0 at 0, ``earns`` at ``middle``, full at ``target``, straight between."""

    kind: Literal["two_slopes"]
    middle: Number = in_value(gt=0)
    earns: Number = in_points(ge=0)
    target: Number = in_value(gt=0)

    movable: ClassVar[str] = "target"

    @model_validator(mode="after")
    def _middle_comes_first(self) -> Self:
        if self.middle >= self.target:
            raise ValueError("middle_beyond_target")
        return self

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        if value >= self.target:
            return weight
        if value >= self.middle:
            return self.earns + (weight - self.earns) * (value - self.middle) / (self.target - self.middle)
        return max(Fraction(0), self.earns * value / self.middle)

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        ends = [0.0, float(self.middle), float(self.target)]
        return decided(np.interp(values, ends, [0.0, float(self.earns), weight]))

    def full_value(self, weight: Fraction) -> Fraction:
        return self.target

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        return [Fraction(0), self.middle, self.target]

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words(
            "pages.rule.two_slopes",
            middle=words.plain(self.middle),
            earns=words.number(self.earns),
            target=words.plain(self.target),
            weight=words.number(weight),
        )
