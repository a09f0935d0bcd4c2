"""Points for each occurrence, on top of the weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import Formula, Times
from assess_lib.rules.kinds.base import ByValue, Estimate, Finding, Floats, RuleWords, in_points, near_whole


class Add(ByValue):
    """0 plus ``per`` for each occurrence up to ``cap`` (a bonus; the weight is 0)."""

    kind: Literal["add"]
    per: Number = in_points(gt=0)
    cap: Number = in_points(gt=0)
    better: Literal["higher"] = "higher"  # what follows from the kind

    counts_rows: ClassVar[bool] = False

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        return max(Fraction(0), min(self.per * math.floor(value), self.cap))

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        return Estimate(np.clip(float(self.per) * np.floor(values), 0.0, float(self.cap)), near_whole(values))

    def most(self, weight: Fraction) -> Fraction:
        return self.cap

    def formula(self) -> Formula:
        return Formula((self.per, self.cap), high=(2,), above=(2,))

    def times_of(self, value: Fraction) -> Times:
        return {1: Fraction(max(0, math.floor(value)))}

    def full_value(self, weight: Fraction) -> Fraction:
        return Fraction(math.ceil(self.cap / self.per))

    def target_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.target.add", per=words.number(self.per), cap=words.number(self.cap))

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.rule.add", per=words.number(self.per), cap=words.number(self.cap))

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        yield from super().misfits(weight)
        if weight != 0:
            yield "rubric.bonus_weight", "weight", weight, None
