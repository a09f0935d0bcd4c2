"""One indicator and one focal point of a team, in words and numbers: the lines of a scorecard."""

from __future__ import annotations

from dataclasses import dataclass

from assess_lib.scorecard.wording import points_text, tenths_of_percent


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of a team in words; points and weights as numbers and as text.

    ``peer_median`` is in points, ``peer_share`` the median of the peers' points ÷ weight, 0 where it has a weight for none.
    """

    id: str
    dimension: str
    name: str
    clause_section: str
    clause_words: str
    basis: str
    note: str
    numerator: str
    denominator: str
    numerator_words: str
    denominator_words: str
    value: str
    target: str
    goal: str
    rule: str
    points: float
    weight: float
    nominal: float
    most: float
    peer_median: float
    peer_share: float
    status: str
    status_words: str
    waits: bool
    counts: bool
    missing: str
    remedy: str
    value_before: str
    change: float | None
    changed: str
    comparability: str  # points, last_weight, values or nothing; blank without a year before
    computed_value: str = ""
    computed_points: float | None = None
    judgement: str = ""  # its state: in_force, stale or awaiting

    @property
    def lost(self) -> float:
        """Points short of the full mark; a bonus above it that was not earned is no loss."""
        return max(0.0, round(min(self.most, self.weight) - self.points, 2))

    @property
    def full_mark(self) -> bool:
        """True where the rule gave all that can be earned, a bonus too, and nobody changed it on review."""
        by_rule = self.weight > 0 and self.status == "measured" and self.computed_points is None
        return by_rule and round(max(self.most, self.weight) - self.points, 2) <= 0

    @property
    def share(self) -> float:
        """Points ÷ weight in force; 0 without a weight."""
        return round(self.points / self.weight, 6) if self.weight else 0.0

    @property
    def lead(self) -> float:
        """The share less the median of the peers for whom the indicator has a weight."""
        return round(self.share - self.peer_share, 6)

    @property
    def shared(self) -> bool:
        """True where the weight in force differs from the nominal one, because weight of others was shared out."""
        return self.weight > 0 and self.weight != self.nominal

    @property
    def points_words(self) -> str:
        """The points, a dash where the indicator does not count for the team."""
        return points_text(self.points) if self.weight or self.points else "–"

    @property
    def weight_words(self) -> str:
        """The weight in force, a dash where there is none: of a deduction, of a bonus, of what does not apply."""
        return points_text(self.weight) if self.weight else "–"


@dataclass(frozen=True)
class DimensionLine:
    """One focal point of a team; ``share`` and the peers' shares are points ÷ weight, 0–1.

    ``peers`` has their ``worst``, ``lower`` quartile, ``median``, ``upper`` quartile and ``best``; it is empty where the
    focal point applies to none of them.
    """

    id: str
    name: str
    points: float
    weight: float
    share: float
    peers: dict[str, float]
    points_before: float | None
    weight_before: float | None
    held: float

    @property
    def applies(self) -> bool:
        """False for a focal point of which nothing counts for the team: its weight is shared out."""
        return self.weight > 0 or self.points != 0

    @property
    def lead(self) -> float:
        """The share less the peers' median, both as they are shown: in tenths of a per cent."""
        return (tenths_of_percent(self.share) - tenths_of_percent(self.peers["median"])) / 1000
