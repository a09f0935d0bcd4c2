"""How a measured value becomes points: the nine score kinds of the rubric language.

Each kind is a small model whose fields are its numbers in the rubric and whose ``points`` reads
like the rule it stands for. Values, weights and points are exact fractions; rounding happens once,
in the assessment. A kind knows nothing of tables, teams or pages.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from assess_lib.exact import exact
from assess_lib.rules.intervals import Interval, fault_in_cover


def _to_exact(value) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise ValueError("number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("number")
    return exact(value)


def _written(number: Fraction) -> int | float:
    """The number as a rubric file has it; read again it is the same."""
    return int(number) if number.denominator == 1 else float(number)


Number = Annotated[Fraction, BeforeValidator(_to_exact), PlainSerializer(_written, return_type=int | float)]


class Text(BaseModel):
    """A name or sentence in both languages of the interface."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """The text in a language; in English where the rubric does not have that language."""
        return getattr(self, lang, self.en)


class _Kind(BaseModel):
    """What all kinds share. ``weight`` is the full mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    better: Literal["higher", "lower"] = "higher"
    of_peers: Literal[False] = False

    def most(self, weight: Fraction) -> Fraction:
        """The highest points that can be earned."""
        return weight

    def least(self, weight: Fraction) -> Fraction:
        """The lowest points that can be given; a deduction without floor has none and says its full mark."""
        return Fraction(0)

    def full_value(self, weight: Fraction) -> Fraction | None:
        """The value that earns the full mark, None where no single value does."""
        return None


class _PerPart(_Kind):
    """A kind that may score each part (each member) by itself and then take the mean."""

    average_over: Literal["team", "parts"] = "team"


class Linear(_PerPart):
    """0 at ``floor``, full at ``target``, straight between; beyond it up to ``cap`` points."""

    kind: Literal["linear"]
    floor: Number
    target: Number
    cap: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _direction(cls, data):
        if isinstance(data, Mapping) and "better" not in data:
            try:
                data = {**data, "better": "higher" if data["floor"] < data["target"] else "lower"}
            except (KeyError, TypeError):
                pass
        return data

    @model_validator(mode="after")
    def _ends_differ(self):
        if self.floor == self.target or (self.better == "higher") != (self.floor < self.target):
            raise ValueError("linear_ends")
        return self

    def points(self, value, weight):
        earned = weight * (value - self.floor) / (self.target - self.floor)
        return max(Fraction(0), min(earned, self.most(weight)))

    def most(self, weight):
        return weight if self.cap is None else max(self.cap, weight)

    def full_value(self, weight):
        return self.target


class Band(BaseModel):
    """One step: the interval as written, e.g. ``[0.9, 1.0)``, and its points."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    range: Interval
    points: Number


class Steps(_PerPart):
    """Bands of value, each with its points; each end open or closed as written."""

    kind: Literal["steps"]
    bands: list[Band] = Field(min_length=1)

    @model_validator(mode="after")
    def _bands_cover(self):
        if fault := fault_in_cover([band.range for band in self.bands]):
            raise ValueError(fault)
        return self

    def points(self, value, weight):
        return next(band.points for band in self.bands if value in band.range)

    def most(self, weight):
        return max(band.points for band in self.bands)

    def least(self, weight):
        return min(band.points for band in self.bands)

    def full_value(self, weight):
        best = max(self.bands, key=lambda band: band.points).range
        edge = best.low if self.better == "higher" else best.high
        return None if edge is None else edge


class AllOrNothing(_PerPart):
    """Full when the target is met, else 0. ``beyond: true`` means strictly better than the target."""

    kind: Literal["all_or_nothing"]
    target: Number
    beyond: bool = False

    def points(self, value, weight):
        ahead = value - self.target if self.better == "higher" else self.target - value
        return weight if ahead > 0 or (ahead == 0 and not self.beyond) else Fraction(0)

    def full_value(self, weight):
        return self.target


class Proportional(_PerPart):
    """weight × value ÷ ``reference``, held between ``min`` and ``max``."""

    kind: Literal["proportional"]
    reference: Annotated[Number, Field(gt=0)]
    min: Number = Fraction(0)
    max: Number | None = None

    def points(self, value, weight):
        return max(self.min, min(weight * value / self.reference, self.most(weight)))

    def most(self, weight):
        return weight if self.max is None else self.max

    def least(self, weight):
        return self.min

    def full_value(self, weight):
        return self.reference


class Deduct(_Kind):
    """Full, less ``per`` points for each ``every`` units beyond the target, down to ``floor``.

    ``floor`` may be 0, negative, or null for none (不保底). ``partial`` says what a unit not yet
    full costs: ``none`` nothing, ``started`` a whole one, ``pro_rata`` its share.
    """

    kind: Literal["deduct"]
    target: Number = Fraction(0)
    every: Annotated[Number, Field(gt=0)] = Fraction(1)
    per: Annotated[Number, Field(gt=0)]
    floor: Number | None = Fraction(0)
    partial: Literal["none", "started", "pro_rata"] = "none"
    better: Literal["higher", "lower"] = "lower"

    def points(self, value, weight):
        beyond = value - self.target if self.better == "lower" else self.target - value
        units = max(Fraction(0), beyond / self.every)
        count = {"none": math.floor, "started": math.ceil, "pro_rata": Fraction}[self.partial](units)
        left = weight - self.per * count
        return left if self.floor is None else max(self.floor, left)

    def least(self, weight):
        return weight if self.floor is None else min(self.floor, weight)

    def full_value(self, weight):
        return self.target


class Add(_Kind):
    """0 plus ``per`` for each occurrence up to ``cap`` (a bonus; the weight is 0)."""

    kind: Literal["add"]
    per: Annotated[Number, Field(gt=0)]
    cap: Annotated[Number, Field(gt=0)]

    def points(self, value, weight):
        return max(Fraction(0), min(self.per * math.floor(value), self.cap))

    def most(self, weight):
        return self.cap

    def full_value(self, weight):
        return Fraction(math.ceil(self.cap / self.per))


class PeerValues:
    """The measured values of a peer group, with what kinds ask of them, found once.

    Parameters: ``values`` the values, shape (teams,), or how often each occurs.
    """

    def __init__(self, values: Iterable[Fraction] | Mapping[Fraction, int]):
        counts = Counter(values)
        self._values = sorted(counts)
        self._counts = [counts[value] for value in self._values]
        self._up_to = list(accumulate(self._counts, initial=0))

    @cached_property
    def mean(self) -> Fraction:
        whole = sum((value * count for value, count in zip(self._values, self._counts)), Fraction(0))
        return whole / self._up_to[-1]

    @cached_property
    def median(self) -> Fraction:
        low, high = (self._at((self._up_to[-1] - 1) // 2), self._at(self._up_to[-1] // 2))
        return (low + high) / 2

    def above(self, value: Fraction) -> int:
        """How many values are above a value."""
        return self._up_to[-1] - self._up_to[bisect_right(self._values, value)]

    def below(self, value: Fraction) -> int:
        """How many values are below a value."""
        return self._up_to[bisect_left(self._values, value)]

    def _at(self, place: int) -> Fraction:
        """The value at a place of the order, counted from 0."""
        return self._values[bisect_right(self._up_to, place) - 1]


class Relative(_Kind):
    """``base`` points at the mean or median of the peer group, more or less in proportion.

    Held between ``min`` and ``max`` (the weight when not given). Where lower is better the
    proportion is turned round: points are base × reference ÷ value.
    """

    kind: Literal["relative"]
    to: Literal["mean", "median"]
    base: Annotated[Number, Field(gt=0)]
    min: Number = Fraction(0)
    max: Number | None = None
    of_peers: Literal[True] = True

    def points_among(self, value: Fraction, weight: Fraction, peers: PeerValues) -> Fraction | None:
        """Points against the peers; None when the reference is not above 0 and says nothing."""
        reference = peers.mean if self.to == "mean" else peers.median
        if reference <= 0:
            return None
        if self.better == "higher":
            earned = self.base * value / reference
        else:
            earned = self.base * reference / value if value > 0 else self.most(weight)
        return max(self.min, min(earned, self.most(weight)))

    def most(self, weight):
        return weight if self.max is None else self.max

    def least(self, weight):
        return self.min


class Rank(_Kind):
    """Full for the first in the peer group, ``per_place`` less for each place, down to ``floor``."""

    kind: Literal["rank"]
    per_place: Annotated[Number, Field(gt=0)]
    floor: Number = Fraction(0)
    of_peers: Literal[True] = True

    def points_among(self, value: Fraction, weight: Fraction, peers: PeerValues) -> Fraction:
        """Points by place; teams with the same value share the better place."""
        ahead = peers.above(value) if self.better == "higher" else peers.below(value)
        return max(min(self.floor, weight), weight - self.per_place * ahead)

    def least(self, weight):
        return min(self.floor, weight)


class Item(BaseModel):
    """One thing to be present, with its points."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    name: Text
    points: Annotated[Number, Field(ge=0)]


class Checklist(_Kind):
    """The sum of the points of the items present (六个一)."""

    kind: Literal["checklist"]
    items: list[Item] = Field(min_length=1)

    @model_validator(mode="after")
    def _items_differ(self):
        if len({item.id for item in self.items}) < len(self.items):
            raise ValueError("duplicate_items")
        return self

    def points_for(self, present: Mapping[str, Fraction]) -> Fraction:
        """Points of the items whose value is above 0."""
        return sum((item.points for item in self.items if present.get(item.id, 0) > 0), Fraction(0))

    def most(self, weight):
        return sum((item.points for item in self.items), Fraction(0))

    def full_value(self, weight):
        return Fraction(len(self.items))


Score = Annotated[
    Linear | Steps | AllOrNothing | Proportional | Deduct | Add | Relative | Rank | Checklist,
    Field(discriminator="kind"),
]

KINDS: tuple[str, ...] = (
    "linear",
    "steps",
    "all_or_nothing",
    "proportional",
    "deduct",
    "add",
    "relative",
    "rank",
    "checklist",
)
BONUS_KINDS = ("add", "deduct")
