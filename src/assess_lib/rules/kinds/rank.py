"""Points by place in the peer group."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import WEIGHT, Formula, Times
from assess_lib.rules.kinds.base import Case, Cases, Estimate, RuleWords, ScoreKind, decided, in_points
from assess_lib.rules.peer_values import PeerValues


class Rank(ScoreKind):
    """Full for the first in the peer group, ``per_place`` less for each place, down to ``floor``."""

    kind: Literal["rank"]
    per_place: Number = in_points(gt=0)
    floor: Number = in_points(Fraction(0))
    of_peers: Literal[True] = True  # type: ignore[assignment]  # a closed choice in every kind

    counts_rows: ClassVar[bool] = False

    def _ahead(self, value: Fraction, peers: PeerValues) -> int:
        """The number of better peers; teams with the same value share the better place."""
        return peers.above(value) if self.better == "higher" else peers.below(value)

    def earned(self, case: Case, weight: Fraction) -> Fraction | None:
        if case.peers is None:
            return None
        return max(self.least(weight), weight - self.per_place * self._ahead(case.value, case.peers))

    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        if cases.peers is None:
            return decided(np.full(len(cases.values), np.nan))
        ahead = np.array([self._ahead(value, cases.peers) for value in cases.exact], dtype="float64")
        return decided(np.maximum(float(self.least(weight)), float(weight) - float(self.per_place) * ahead))

    def formula(self) -> Formula:
        return Formula((self.per_place, self.floor), low=(WEIGHT, 2), below=(2,))

    def times(self, case: Case) -> list[Times] | None:
        if case.peers is None:
            return None
        return [{WEIGHT: Fraction(1), 1: Fraction(-self._ahead(case.value, case.peers))}]

    def least(self, weight: Fraction) -> Fraction:
        return min(self.floor, weight)

    def target_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.target.rank")

    def demand_words(self, weight: Fraction, words: RuleWords) -> str:
        return words("pages.demand.rank")

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        return words(
            "pages.rule.rank",
            weight=words.number(weight),
            per=words.number(self.per_place),
            floor=words.number(self.floor),
        )
