"""Points in proportion to a reference."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import Estimate, Floats, PerPart, RuleWords, decided, in_points, in_value


class Proportional(PerPart):
    """weight × value ÷ ``reference``, held between ``min`` and ``max``."""

    kind: Literal["proportional"]
    reference: Number = in_value(gt=0)
    min: Number = in_points(Fraction(0))
    max: Number | None = in_points(None)
    better: Literal["higher"] = "higher"  # what follows from the kind

    in_proportion: ClassVar[bool] = True
    movable: ClassVar[str] = "reference"

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        earned = weight * value / self.reference
        return max(self.min, min(earned, self.most(weight)))

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        most = weight if self.max is None else float(self.max)
        return decided(np.maximum(float(self.min), np.minimum(weight * values / float(self.reference), most)))

    def most(self, weight: Fraction) -> Fraction:
        return weight if self.max is None else self.max

    def least(self, weight: Fraction) -> Fraction:
        return self.min

    def formula(self) -> Formula:
        if not self.min and self.max is None:
            return Formula()
        ends = (self.min,) if self.max is None else (self.min, self.max)
        return Formula(ends, low=(1,), high=(WEIGHT,) if self.max is None else (2,))

    def times_of(self, value: Fraction) -> Times:
        share = value / self.reference
        return {WEIGHT: share if self.formula().held else max(Fraction(0), min(share, Fraction(1)))}

    def full_value(self, weight: Fraction) -> Fraction:
        return self.reference

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        return [Fraction(0), self.reference]

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words(
            "pages.rule.proportional",
            reference=words.value(self.reference),
            weight=words.number(weight),
            least=words.number(self.min),
            most=words.number(self.most(weight)),
        )
