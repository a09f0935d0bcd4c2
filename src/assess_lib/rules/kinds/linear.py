"""Points in proportion between a value that earns nothing and one that earns all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import (
    Estimate,
    Finding,
    Floats,
    MovableRange,
    PerPart,
    RuleWords,
    coarse,
    in_points,
    in_value,
)
from assess_lib.rules.paths import Way


class Linear(PerPart):
    """0 at ``floor``, full at ``target``, straight between; beyond it up to ``cap`` points."""

    kind: Literal["linear"]
    floor: Number = in_value()
    target: Number = in_value()
    cap: Number | None = in_points(None)

    in_proportion: ClassVar[bool] = True
    movable: ClassVar[str] = "target"
    path: ClassVar[Literal["", "gradual", "at_once"]] = "gradual"

    @model_validator(mode="before")
    @classmethod
    def _direction(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "better" not in data:
            try:
                data = {**data, "better": "higher" if data["floor"] < data["target"] else "lower"}
            except (KeyError, TypeError):
                pass
        return data

    @model_validator(mode="after")
    def _ends_differ(self) -> Self:
        if not self._holds_together:
            raise ValueError("linear_ends")
        return self

    @property
    def _holds_together(self) -> bool:
        return self.floor != self.target and (self.better == "higher") == (self.floor < self.target)

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        earned = weight * (value - self.floor) / (self.target - self.floor)
        return max(Fraction(0), min(earned, self.most(weight)))

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        span = self.target - self.floor
        earned = weight * (values - float(self.floor)) / float(span)
        most = weight if self.cap is None else max(float(self.cap), weight)
        inside = (earned > -weight) & (earned < most + weight)
        return Estimate(np.clip(earned, 0.0, most), coarse(values, span) & inside)

    def most(self, weight: Fraction) -> Fraction:
        return weight if self.cap is None else max(self.cap, weight)

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        yield from super().misfits(weight)
        if weight and self.cap is not None and self.cap < weight:
            yield "rubric.cap_below", "score", self.cap, weight

    def formula(self) -> Formula:
        return Formula() if self.cap is None else Formula((self.cap,), high=(WEIGHT, 1))

    def times_of(self, value: Fraction) -> Times:
        if self.cap is None:
            return {WEIGHT: self.points(value, Fraction(1))}
        return {WEIGHT: max(Fraction(0), (value - self.floor) / (self.target - self.floor))}

    def full_value(self, weight: Fraction) -> Fraction:
        return self.target

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        return [self.target, self.floor]

    def on_the_way(self, way: Way) -> Self:
        if way.target is not None:
            return self.model_copy(update={"target": way.target})
        if way.start is None or way.start == self.target or (way.start > self.target) == (self.better == "higher"):
            return self
        lowest = min if self.better == "higher" else max
        target = way.start + (self.target - way.start) / way.years
        return self.model_copy(update={"target": target, "floor": lowest(self.floor, way.start)})

    def as_at_the_goal(self, values: Floats, starts: Floats, years: int) -> Floats:
        target, floor = float(self.target), float(self.floor)
        short = starts < target if self.better == "higher" else starts > target
        start = np.where(short, starts, target)
        aim = start + (target - start) / years
        foot = np.where(short, (np.minimum if self.better == "higher" else np.maximum)(floor, start), floor)
        reached: Floats = floor + (values - foot) / (aim - foot) * (target - floor)
        return reached

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        text = words(
            "pages.rule.linear",
            floor=words.plain(self.floor),
            target=words.plain(self.target),
            weight=words.number(weight),
        )
        return text if self.cap is None else text + words("pages.rule.linear_cap", cap=words.number(self.cap))

    def moved(self, target: Fraction) -> Self | None:
        other = self.model_copy(update={"target": target})
        return other if other._holds_together else None

    def movable_range(self) -> MovableRange:
        span = self.target - self.floor
        ends = self.floor + span / 20, self.target + span
        return MovableRange(min(ends), max(ends), abs(span))
