"""The score kind: the way from a measured value to points, for one team exactly and for many at once.

A kind is a model whose fields are its numbers in the rubric, in a module of its own beside this one; being there is
all that makes it part of the rubric language. It knows nothing of tables, teams or pages: what depends on the kind
(points, bounds, its rule in words, its curve, what a what-if may move) is asked of it.

Exact points are fractions. Points of many teams are floats, each with whether it lies so near a jump of the rule that
the fraction must decide; rounding to steps happens once, in the engine.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from assess_lib.exact import round_half_up
from assess_lib.rules.formula import Formula, Times, joined
from assess_lib.rules.paths import Way
from assess_lib.rules.peer_values import PeerValues

Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
NEAR_EDGE = 1e-9  # relative; nearer to a jump of the rule than this, the fraction decides
COARSE = 1e4  # units; a value of more leaves less than twelve digits for parts of one
Finding = tuple[str, str, Fraction, Fraction | None]


@dataclass(frozen=True)
class Case:
    """The figures of one team for one indicator.

    Attributes
    ----------
    value : the measured value.
    parts : by name, where the value is made of parts (members, items).
    peers : the values of the peer group, for kinds that compare.
    """

    value: Fraction
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    peers: PeerValues | None = None


@dataclass(frozen=True)
class Cases:
    """The figures of many teams of one peer group for one indicator, under one rule.

    Attributes
    ----------
    values : shape (teams,).
    exact : the same as fractions.
    owner : of each part, the place of its team among ``values``, ascending, shape (parts,).
    part_names, part_values : shape (parts,).
    peers : the values of the peer group.
    """

    values: Floats
    exact: npt.NDArray[np.object_]
    owner: npt.NDArray[np.int64]
    part_names: npt.NDArray[np.object_]
    part_values: Floats
    peers: PeerValues | None = None


class Estimate(NamedTuple):
    """Points of many teams, NaN where the peers give no reference, and where the fraction must decide; shape (teams,)."""

    points: Floats
    undecided: Mask


class MovableRange(NamedTuple):
    """The values between which a target may be moved, and its distance from where points begin."""

    low: Fraction
    high: Fraction
    reach: Fraction


class RuleWords(Protocol):
    """Numbers and phrases of a rule in words, in one language and for one unit.

    Called with the key of an entry of the words it gives its text; ``value`` is a number in the unit of the measured
    value, ``plain`` the same where yes or no would say too little, ``number`` one of points, ``ratio`` a multiple;
    ``limit`` is a value that is to be reached, and how: higher, above, lower, below, whole (all there can be) or nothing.
    """

    @property
    def lang(self) -> str: ...
    def __call__(self, key: str, **values: object) -> str: ...
    def value(self, number: Fraction) -> str: ...
    def plain(self, number: Fraction) -> str: ...
    def ratio(self, number: Fraction) -> str: ...
    def number(self, number: Fraction) -> str: ...
    def target(self, score: ScoreKind, weight: Fraction) -> str: ...
    def interval(self, interval: Any) -> str: ...
    def limit(self, score: ScoreKind, number: Fraction) -> tuple[str, str]: ...
    def phrases(self, separator: str, parts: list[str]) -> str: ...


def in_points(default: Any = ..., **bounds: Any) -> Any:
    """A field that is a number of points: it moves with the weight of its indicator."""
    return Field(default, json_schema_extra={"unit": "points"}, **bounds)


def in_value(default: Any = ..., **bounds: Any) -> Any:
    """A field in the unit of the measured value."""
    return Field(default, json_schema_extra={"unit": "value"}, **bounds)


class ScoreKind(BaseModel):
    """The base of all kinds. ``weight`` is the full mark, in points.

    Attributes
    ----------
    in_proportion : true where all points are in proportion to the weight, so that without one there are none.
    items : ids of the things to be present, for a checklist.
    movable : name of the field that a what-if may move, empty for none.
    path : whether there is a way to its target before the year of a goal: step by step (``gradual``), or none, so that
        the target is owed in that year alone (``at_once``); empty where it has no target that could wait.
    counts_rows : true where "so many rows more" says what would reach the target.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    if TYPE_CHECKING:
        kind: str  # a field of every kind, whose name it is; not of the base, which is none
    better: Literal["higher", "lower"] = "higher"
    of_peers: Literal[False] = False

    in_proportion: ClassVar[bool] = False
    movable: ClassVar[str] = ""
    path: ClassVar[Literal["", "gradual", "at_once"]] = ""
    counts_rows: ClassVar[bool] = True

    @property
    def item_ids(self) -> tuple[str, ...]:
        return ()

    @property
    def averages_parts(self) -> bool:
        """True where each part of a value is scored by itself."""
        return False

    @property
    def beyond_target(self) -> bool:
        """True where the target itself is not enough."""
        return False

    # ---- points ------------------------------------------------------------------------------------

    @abstractmethod
    def earned(self, case: Case, weight: Fraction) -> Fraction | None:
        """The exact points of one team; None when the peers give no reference."""

    @abstractmethod
    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        """The points of many teams."""

    def most(self, weight: Fraction) -> Fraction:
        """The highest points that can be earned."""
        return weight

    def least(self, weight: Fraction) -> Fraction | None:
        """The lowest points that can be given; None for a deduction without a floor (不保底), which has no lower end."""
        return Fraction(0)

    def counts(self, weight: Fraction) -> bool:
        """True where it can change a total: by its weight, or by points beside all weights (bonus, deduction)."""
        if weight > 0 or self.in_proportion:
            return weight > 0
        least = self.least(weight)
        return self.most(weight) > 0 or least is None or least < 0

    def full_value(self, weight: Fraction) -> Fraction | None:
        """The value that earns the full mark, None where no single value does."""
        return None

    # ---- points for any weight ---------------------------------------------------------------------------

    def formula(self) -> Formula | None:
        """The rule as a sum of amounts; None for a kind that is none, whose points are not known for other weights."""
        return None

    def times(self, case: Case) -> list[Times] | None:
        """How often a team earns each amount of the formula, for every part of its value; None when peers give no reference."""
        raise NotImplementedError

    # ---- on the way to a goal of a later year -----------------------------------------------------------

    def on_the_way(self, way: Way) -> Self:
        """The kind with the target of a team that is on its way; the kind itself where its target cannot wait."""
        return self

    def as_at_the_goal(self, values: Floats, starts: Floats, years: int) -> Floats:
        """The values that earn by this kind what teams on their way earn by their own targets, shape (teams,).

        Those of a kind whose target cannot wait are as they are. Parameters: ``starts`` the values of the year before, NaN
        where not known; ``years`` that are left.
        """
        return values

    # ---- words and curve -----------------------------------------------------------------------------

    @abstractmethod
    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        """The rule by which the value becomes points, as a sentence."""

    def target_words(self, weight: Fraction, words: RuleWords) -> str | None:
        """The full mark's condition in words; None where ``full_value`` with its sign says it."""
        return None

    def demand_words(self, weight: Fraction, words: RuleWords) -> str:
        """What a team that lost points has to reach, to stand behind the name of the indicator."""
        full = self.full_value(weight)
        if full is None:
            return words("pages.demand.full")
        how, target = words.limit(self, full)
        return words(f"pages.demand.{how}", target=target)

    def full_among(self, peers: PeerValues, weight: Fraction) -> Fraction | None:
        """The value that earns the full mark among these peers; None for kinds whose full mark does not depend on them."""
        return None

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        """Values that a drawing of the curve must show."""
        full = self.full_value(weight)
        return [] if full is None else [full]

    @property
    def drawable(self) -> bool:
        """True where points follow from one value, so that there is a curve."""
        return True

    # ---- other rules -----------------------------------------------------------------------------------

    def scaled(self, ratio: Fraction, step: Fraction) -> Self:
        """The kind for a weight that is ``ratio`` times as large: fields in points move along, in whole steps."""
        if ratio == 1:
            return self
        fields = {name: scaled_points(getattr(self, name), ratio, step) for name in self._fields_in_points()}
        return self.model_copy(update=fields)

    @classmethod
    def _fields_in_points(cls) -> set[str]:
        """The fields that are numbers of points."""
        extras = {name: about.json_schema_extra for name, about in cls.model_fields.items()}
        return {name for name, extra in extras.items() if isinstance(extra, dict) and extra.get("unit") == "points"}

    def moved(self, target: Fraction) -> Self | None:
        """The kind with another target; None when it does not hold together with it."""
        return self.model_copy(update={self.movable: target})

    def movable_range(self) -> MovableRange:
        """The values between which a what-if may move the target."""
        target: Fraction = getattr(self, self.movable)
        reach = abs(target) or Fraction(1)
        return MovableRange(min(target / 20, target + reach), max(target / 20, target + reach), reach)

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        """Disagreements with the weight: key of the fault, field of the indicator, number found, number wanted."""
        written = {name: getattr(self, name) for name in sorted(self._fields_in_points())}
        most = self.most(weight)
        for name, number in written.items():
            if not number:
                continue
            if not weight and not self.counts(weight):
                yield "rubric.idle_points", "score", number, None
            elif name in ("floor", "min") and number > most:
                yield "rubric.low_above_high", "score", number, most
            elif name == "max" and number < weight:
                yield "rubric.cap_below", "score", number, weight


class ByValue(ScoreKind):
    """A kind that is decided by the team's value alone."""

    @abstractmethod
    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        """The exact points of a value."""

    @abstractmethod
    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        """The points of many values."""

    def earned(self, case: Case, weight: Fraction) -> Fraction | None:
        return self.points(case.value, weight)

    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        return self.points_of_many(cases.values, float(weight))

    def times_of(self, value: Fraction) -> Times:
        """How often a value earns each amount of the formula."""
        raise NotImplementedError

    def times(self, case: Case) -> list[Times] | None:
        return [self.times_of(case.value)]


class PerPart(ByValue):
    """A kind that may score each part (each member) by itself and then take the mean."""

    average_over: Literal["team", "parts"] = "team"

    @property
    def averages_parts(self) -> bool:
        return self.average_over == "parts"

    def earned(self, case: Case, weight: Fraction) -> Fraction | None:
        if self.averages_parts and case.parts:
            return sum((self.points(part, weight) for part in case.parts.values()), Fraction(0)) / len(case.parts)
        return self.points(case.value, weight)

    def earned_by_many(self, cases: Cases, weight: Fraction) -> Estimate:
        whole = self.points_of_many(cases.values, float(weight))
        if not self.averages_parts or not len(cases.owner):
            return whole
        parts, size = self.points_of_many(cases.part_values, float(weight)), len(cases.values)
        counts = np.bincount(cases.owner, minlength=size)
        means = np.bincount(cases.owner, parts.points, size) / np.maximum(counts, 1)
        undecided = np.bincount(cases.owner, parts.undecided, size) > 0
        return Estimate(np.where(counts, means, whole.points), np.where(counts, undecided, whole.undecided))

    def times(self, case: Case) -> list[Times] | None:
        if not (self.averages_parts and case.parts):
            return super().times(case)
        formula, parts = self.formula(), [self.times_of(part) for part in case.parts.values()]
        return parts if formula and formula.held else [joined(parts)]


def near(values: Floats, edge: Fraction) -> Mask:
    """True for each value so near an edge of the rule that fractions must decide on which side it lies."""
    at = float(edge)
    return np.abs(values - at) <= NEAR_EDGE * max(1.0, abs(at))


def coarse(values: Floats, unit: Fraction) -> Mask:
    """True for each value so large beside a unit that a float is too coarse for parts of the unit."""
    return np.abs(values) > COARSE * float(abs(unit))


def near_whole(units: Floats) -> Mask:
    """True for each number so near a whole one that fractions must decide on which side it lies."""
    return np.abs(units - np.round(units)) <= NEAR_EDGE * np.maximum(1.0, np.abs(units))


def decided(points: Floats) -> Estimate:
    """Points of a rule without jumps."""
    return Estimate(points, np.zeros(len(points), dtype=bool))


def scaled_points(number: Fraction | None, ratio: Fraction, step: Fraction) -> Fraction | None:
    """A number of points scaled, in whole steps; what is not nothing stays at least one step."""
    if number is None or ratio == 1:
        return number
    scaled = round_half_up(number * ratio, step) * step
    return scaled if scaled or not number or not ratio else (step if number > 0 else -step)
