"""Points for the things of a list that are there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assess_lib.exact import apportion, round_half_up
from assess_lib.rules.fields import Number, Text
from assess_lib.rules.formula import Formula, Times
from assess_lib.rules.kinds.base import Case, Cases, Estimate, Finding, RuleWords, ScoreKind, decided


class Item(BaseModel):
    """One thing to be present, with its points."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    id: str
    name: Text
    points: Number = Field(ge=0)


class Checklist(ScoreKind):
    """The sum of the points of the items present (六个一)."""

    kind: Literal["checklist"]
    items: list[Item] = Field(min_length=1)
    better: Literal["higher"] = "higher"  # what follows from the kind

    counts_rows: ClassVar[bool] = False

    @model_validator(mode="after")
    def _items_differ(self) -> Self:
        if len({item.id for item in self.items}) < len(self.items):
            raise ValueError("duplicate_items")
        return self

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    def earned(self, case: Case, weight: Fraction) -> Fraction:
        """Points of the items whose value is above 0."""
        return sum((item.points for item in self.items if case.parts.get(item.id, 0) > 0), Fraction(0))

    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        worth = {item.id: float(item.points) for item in self.items}
        there = cases.part_values > 0
        points = np.array([worth.get(name, 0.0) for name in cases.part_names[there]], dtype="float64")
        return decided(np.bincount(cases.owner[there], points, len(cases.values)).astype("float64"))

    def most(self, weight: Fraction) -> Fraction:
        return sum((item.points for item in self.items), Fraction(0))

    def formula(self) -> Formula:
        places = tuple(range(1, len(self.items) + 1))
        return Formula(tuple(item.points for item in self.items), above=places, as_one=True)

    def times(self, case: Case) -> list[Times] | None:
        there = [at for at, item in enumerate(self.items, start=1) if case.parts.get(item.id, 0) > 0]
        return [dict.fromkeys(there, Fraction(1))]

    def full_value(self, weight: Fraction) -> Fraction:
        return Fraction(len(self.items))

    @property
    def drawable(self) -> bool:
        return False

    def target_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.target.checklist", count=len(self.items))

    def demand_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.demand.checklist", count=len(self.items))

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        items = [f"{item.name[words.lang]} {words.number(item.points)}" for item in self.items]
        return words("pages.rule.checklist", items=words.phrases("pages.comma", items))

    def scaled(self, ratio: Fraction, step: Fraction) -> Self:
        """Items together are worth the weight, so the whole is scaled and shared out again."""
        if ratio == 1:
            return self
        points = [item.points for item in self.items]
        whole = round_half_up(sum(points, Fraction(0)) * ratio, step) * step
        items = [
            item.model_copy(update={"points": number})
            for item, number in zip(self.items, apportion(whole, points, step))
        ]
        return self.model_copy(update={"items": items})

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        yield from super().misfits(weight)
        if self.most(weight) != weight:
            yield "rubric.full_mark", "score", self.most(weight), weight
