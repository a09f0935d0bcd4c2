"""Points by bands of the value."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assess_lib.rules.fields import Number
from assess_lib.rules.formula import Formula, Times
from assess_lib.rules.intervals import Interval, fault_in_cover, lowest_first
from assess_lib.rules.kinds.base import Estimate, Finding, Floats, PerPart, RuleWords, near, scaled_points


class Band(BaseModel):
    """One step: the interval as written, e.g. ``[0.9, 1.0)``, and its points."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    range: Interval
    points: Number


class Steps(PerPart):
    """Bands of value, each with its points; each end open or closed as written."""

    kind: Literal["steps"]
    bands: list[Band] = Field(min_length=1)

    @model_validator(mode="after")
    def _bands_cover(self) -> Self:
        if fault := fault_in_cover([band.range for band in self.bands]):
            raise ValueError(fault)
        upwards = [band.points for band in sorted(self.bands, key=lambda band: lowest_first(band.range))]
        if upwards != sorted(upwards, reverse=self.better == "lower"):
            raise ValueError("bands_against_better")
        return self

    def points(self, value: Fraction, weight: Fraction) -> Fraction:
        return next(band.points for band in self.bands if value in band.range)

    def points_of_many(self, values: Floats, weight: float) -> Estimate:
        points, undecided = np.zeros(len(values)), np.zeros(len(values), dtype=bool)
        for band in self.bands:
            low, high = band.range.low, band.range.high
            inside = np.ones(len(values), dtype=bool)
            if low is not None:
                inside &= values > float(low)
                undecided |= near(values, low)
            if high is not None:
                inside &= values < float(high)
            points[inside] = float(band.points)
        return Estimate(points, undecided)

    def most(self, weight: Fraction) -> Fraction:
        return max(band.points for band in self.bands)

    def least(self, weight: Fraction) -> Fraction:
        return min(band.points for band in self.bands)

    def formula(self) -> Formula:
        places = tuple(range(1, len(self.bands) + 1))
        return Formula(tuple(band.points for band in self.bands), above=places, below=places)

    def times_of(self, value: Fraction) -> Times:
        return {next(at for at, band in enumerate(self.bands, start=1) if value in band.range): Fraction(1)}

    @property
    def _best(self) -> Interval:
        return max(self.bands, key=lambda band: band.points).range

    @property
    def beyond_target(self) -> bool:
        return not (self._best.low_closed if self.better == "higher" else self._best.high_closed)

    def full_value(self, weight: Fraction) -> Fraction | None:
        return self._best.low if self.better == "higher" else self._best.high

    def landmarks(self, weight: Fraction) -> list[Fraction]:
        ends = (end for band in self.bands for end in (band.range.low, band.range.high))
        return sorted({end for end in ends if end is not None})

    def rule_words(self, weight: Fraction, words: RuleWords) -> str:
        bands = [
            words("pages.rule.band", range=words.interval(band.range), points=words.number(band.points))
            for band in self.bands
        ]
        return words("pages.rule.steps", bands=words.phrases("pages.semicolon", bands))

    def scaled(self, ratio: Fraction, step: Fraction) -> Self:
        if ratio == 1:
            return self
        bands = [band.model_copy(update={"points": scaled_points(band.points, ratio, step)}) for band in self.bands]
        return self.model_copy(update={"bands": bands})

    def misfits(self, weight: Fraction) -> Iterator[Finding]:
        yield from super().misfits(weight)
        if self.most(weight) != weight:
            yield "rubric.full_mark", "score", self.most(weight), weight
