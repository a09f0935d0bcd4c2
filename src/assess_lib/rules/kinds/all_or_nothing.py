"""Full marks for a target that is met, else none."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal, Self

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import Estimate, Floats, PerPart, RuleWords, in_value, near
from assess_lib.rules.paths import Way


class AllOrNothing(PerPart):
    """Full when the target is met, else 0. ``beyond: true`` means strictly better than the target."""

    kind: Literal["all_or_nothing"]
    target: Number = in_value()
    beyond: bool = False

    in_proportion: ClassVar[bool] = True
    movable: ClassVar[str] = "target"
    path: ClassVar[Literal["", "gradual", "at_once"]] = "at_once"

    @property
    def beyond_target(self) -> bool:
        return self.beyond

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        ahead = value - self.target if self.better == "higher" else self.target - value
        return weight if ahead > 0 or (ahead == 0 and not self.beyond) else Fraction(0)

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        ahead = values - float(self.target) if self.better == "higher" else float(self.target) - values
        return Estimate(np.where(ahead > 0, weight, 0.0), near(values, self.target))

    def formula(self) -> Formula:
        return Formula()

    def times_of(self, value: Fraction) -> Times:
        return {WEIGHT: self.points(value, Fraction(1))}

    def full_value(self, weight: Fraction) -> Fraction:
        return self.target

    def on_the_way(self, way: Way) -> Self:
        return self if way.target is None else self.model_copy(update={"target": way.target})

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.rule.all_or_nothing", target=words.target(self, weight), weight=words.number(weight))
