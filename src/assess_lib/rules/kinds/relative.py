"""Points in proportion to the mean or median of the peer group."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import Case, Cases, Estimate, Finding, RuleWords, ScoreKind, decided, in_points
from assess_lib.rules.peer_values import PeerValues


class Relative(ScoreKind):
    """``base`` points at the mean or median of the peer group, more or less in proportion.

    Held between ``min`` and ``max`` (the weight when not given). Where lower is better the
    proportion is turned round: points are base × reference ÷ value.
    """

    kind: Literal["relative"]
    to: Literal["mean", "median"]
    base: Number = in_points(gt=0)
    min: Number = in_points(Fraction(0))
    max: Number | None = in_points(None)
    of_peers: Literal[True] = True  # type: ignore[assignment]  # a closed choice in every kind

    counts_rows: ClassVar[bool] = False

    def _reference(self, peers: PeerValues | None) -> Fraction | None:
        """The mean or median of the peers; None when it is not above 0 and says nothing."""
        if peers is None:
            return None
        reference = peers.mean if self.to == "mean" else peers.median
        return reference if reference > 0 else None

    def earned(self, case: Case, weight: Fraction) -> Fraction | None:
        reference = self._reference(case.peers)
        if reference is None:
            return None
        if self.better == "higher":
            earned = self.base * case.value / reference
        else:
            earned = self.base * reference / case.value if case.value > 0 else self.most(weight)
        return max(self.min, min(earned, self.most(weight)))

    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        reference = self._reference(cases.peers)
        if reference is None:
            return decided(np.full(len(cases.values), np.nan))
        most = float(self.most(weight))
        if self.better == "higher":
            earned = float(self.base / reference) * cases.values
        else:
            above = cases.values > 0
            earned = np.where(above, float(self.base * reference) / np.where(above, cases.values, 1.0), most)
        return decided(np.maximum(float(self.min), np.minimum(earned, most)))

    def most(self, weight: Fraction) -> Fraction:
        return weight if self.max is None else self.max

    def least(self, weight: Fraction) -> Fraction:
        return self.min

    def formula(self) -> Formula:
        if self.max is None:
            return Formula((self.base, self.min), low=(2,), high=(WEIGHT,), below=(2,))
        return Formula((self.base, self.min, self.max), low=(2,), high=(3,), above=(3,), below=(2,))

    def times(self, case: Case) -> list[Times] | None:
        reference = self._reference(case.peers)
        if reference is None:
            return None
        if self.better == "higher":
            return [{1: case.value / reference}]
        most = WEIGHT if self.max is None else 3
        return [{1: reference / case.value} if case.value > 0 else {most: Fraction(1)}]

    def full_among(self, peers: PeerValues, weight: Fraction) -> Fraction | None:
        reference, times = self._reference(peers), self.most(weight) / self.base
        return None if reference is None else reference * (times if self.better == "higher" else 1 / times)

    def target_words(self, weight: Fraction, words: RuleWords) -> str:
        times = self.most(weight) / self.base
        return words(f"pages.target.{self.to}", times=words.ratio(times if self.better == "higher" else 1 / times))

    def demand_words(self, weight: Fraction, words: RuleWords) -> str:
        return words(f"pages.demand.peers_{self.better}", target=self.target_words(weight, words))

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words(
            "pages.rule.relative",
            to=words({"mean": "pages.mean", "median": "pages.median"}[self.to]),
            base=words.number(self.base),
            least=words.number(self.min),
            most=words.number(self.most(weight)),
        )

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        yield from super().misfits(weight)
        if self.counts(weight) and self.base > self.most(weight):
            yield "rubric.full_mark", "score", self.base, weight
