"""Points by value under the rule of an indicator, with the team and its peers on the curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from assess_lib.indicators.measurement import MEASURED
from assess_lib.rules.kinds.base import Case
from assess_lib.rules.peer_values import PeerValues
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import unit_of

SAMPLES = 160
TRIMMED = 0.02  # of the peers at either end may lie outside the curve


@dataclass(frozen=True)
class ScoreCurve:
    """The curve of an indicator for one team, in points of the weight in force for it.

    Attributes
    ----------
    values, points : of the curve, shape (samples,). unit : of the values.
    peer_values, peer_points : of the other teams of the peer group, shape (peers − 1,).
    team : value and points of the team itself; None where it was not measured.
    """

    values: np.ndarray
    points: list[float]
    unit: str
    peer_values: pd.Series
    peer_points: pd.Series
    team: tuple[float, float] | None

    @property
    def teams(self) -> int:
        """The number of teams that were measured."""
        return len(self.peer_values) + (self.team is not None)


def score_curve(card: Scorecard, line: IndicatorLine) -> ScoreCurve | None:
    """The curve; None where points do not follow from one value (items), or nothing was measured."""
    indicator = card.rubric.indicator(line.id)
    full, score = card.rule_of(indicator)
    rows = card.now.points[card.now.points["indicator"] == line.id].set_index("team_id")
    rows = rows[(rows["status"] == MEASURED) & rows["value"].notna()]
    peers = rows.loc[rows.index.intersection(card.peer_ids)]
    if not score.drawable or peers.empty:
        return None
    own = peers.loc[card.team_id] if card.team_id in peers.index else None
    marks = [*score.landmarks(full), *([] if own is None else [own["value"]])]
    values = np.linspace(*_ends(peers["value"], marks), SAMPLES)
    group = PeerValues(Fraction(repr(float(value))) for value in peers["value"]) if score.of_peers else None
    earned = [score.earned(Case(Fraction(x).limit_denominator(10**6), peers=group), full) for x in values]
    scale = line.weight / float(full) if full and line.weight else 1.0
    others = peers[peers.index != card.team_id]
    weighed = others["weight"] > 0
    ratio = np.where(weighed, (line.weight or 1.0) / others["weight"].where(weighed, 1), 1)
    return ScoreCurve(
        values,
        [float(points or 0) * scale for points in earned],
        unit_of(indicator),
        others["value"],
        others["points"] * ratio,
        None if own is None else (float(own["value"]), float(own["points"])),
    )


def _ends(values: pd.Series, marks: Iterable[float | Fraction]) -> tuple[float, float]:
    """The values between which the curve is drawn: around most peers and all marks."""
    ends = [float(values.quantile(TRIMMED)), float(values.quantile(1 - TRIMMED)), *map(float, marks)]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1))
