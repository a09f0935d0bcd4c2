"""The rubric: focal points, indicators, weights, targets, clause words, grades, as data.

Read with :func:`assess_lib.rules.loading.read_rubric`; the language is described in
``docs/rubric-language.md``. A rubric knows nothing of any team's data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, model_validator

from assess_lib.exact import decimal_text
from assess_lib.html_table import html_table, weighted
from assess_lib.rules.consequences import Commendation, Rectification, ReviewRules
from assess_lib.rules.fields import Number, PeerGroup, RuleModel, Text
from assess_lib.rules.intervals import Interval, fault_in_cover
from assess_lib.rules.issuing import Issuer, NamesDecision
from assess_lib.rules.kinds import Score
from assess_lib.rules.norms import Norms
from assess_lib.rules.paths import PathToGoal, way_column
from assess_lib.words import translate

Place: TypeAlias = tuple[str | int, ...]
PEER_COLUMNS = ("county", "area", "unit_type")
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Weight = Annotated[Number, Field(ge=0)]
Names = Annotated[list[str], Field(min_length=1)]


class Clause(RuleModel):
    """The section of the source document and its exact words."""

    section: str
    words: str


class NamedTeams(RuleModel):
    """A list of teams by name, never without the reason."""

    ids: list[str] = Field(min_length=1)
    reason: Text


class IndicatorTest(RuleModel):
    """A comparison with the value of another indicator."""

    id: str
    op: Literal[">", ">=", "<", "<=", "=="]
    value: Number


class When(RuleModel):
    """A condition; its keys hold together (and), ``any`` and ``not`` combine others."""

    county: Names | None = None
    area: Names | None = None
    unit_type: Names | None = None
    village: Annotated[dict[str, StrictBool | str], Field(min_length=1)] | None = None
    teams: NamedTeams | None = None
    indicator: IndicatorTest | None = None
    all: Annotated[list[When], Field(min_length=1)] | None = None
    any: Annotated[list[When], Field(min_length=1)] | None = None
    negated: When | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(value is None for _, value in self):
            raise ValueError("empty_condition")
        return self

    def placed(self, place: Place = ()) -> Iterator[tuple[Place, When]]:
        """The condition and those inside it, each with its place in the file."""
        yield place, self
        for key in ("all", "any"):
            for n, inner in enumerate(getattr(self, key) or ()):
                yield from inner.placed((*place, key, n))
        if self.negated:
            yield from self.negated.placed((*place, "not"))

    def indicator_ids(self) -> Iterator[str]:
        """The indicators whose values the condition asks for."""
        return (inner.indicator.id for _, inner in self.placed() if inner.indicator)


class PeerFilter(RuleModel):
    """A peer group, chosen by county, area or unit type."""

    county: Names | None = None
    area: Names | None = None
    unit_type: Names | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(value is None for _, value in self):
            raise ValueError("empty_condition")
        return self

    def include(self, team: Mapping[str, Any]) -> bool:
        """True where a team (a row with county, area, unit_type) belongs to the group."""
        chosen = ((team.get(column), getattr(self, column)) for column in PEER_COLUMNS)
        return all(allowed is None or value in allowed for value, allowed in chosen)


class DimensionVariant(RuleModel):
    peers: PeerFilter
    weight: Weight


class IndicatorVariant(RuleModel):
    """The weight, the score, or both, that are different for a peer group."""

    peers: PeerFilter
    weight: Weight | None = None
    score: Score | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.weight is None and self.score is None:
            raise ValueError("variant_says_nothing")
        return self


ValueUnit = Literal["share", "points_pp", "yuan", "days", "times", "items", "count", "rating", "yes_no", "per_yuan"]


class Indicator(RuleModel):
    """One indicator: what is measured, how it earns points, and where that stands in the source."""

    id: Identifier
    name: Text
    weight: Weight
    basis: Literal["regulation", "proposal"]
    clause: Clause
    measure: str
    options: dict[str, int | float] = Field(default_factory=dict)
    unit: ValueUnit | None = None
    score: Score
    path: PathToGoal | None = Field(None, exclude_if=lambda path: path is None)
    missing: Literal["zero", "exclude", "provisional"] = "zero"
    when: When | None = None
    variants: list[IndicatorVariant] = Field(default_factory=list)
    note: Text | None = None

    @property
    def entered(self) -> bool:
        """True where the value is typed in by evaluators (table ``entered_values``)."""
        return self.measure == "entered"

    @property
    def of_peers(self) -> bool:
        """True where the points of any team depend on the values of its peers."""
        return any(score.of_peers for score in (self.score, *(variant.score for variant in self.variants)) if score)

    def for_team(self, team: Mapping[str, Any]) -> tuple[Fraction, Score]:
        """Weight and score in force for a team; the first variant that includes it decides.

        Parameters: the row of the team, as ``Figures.rows`` has it, with its way to a goal where there is one.
        """
        weight, score = self.weight, self.score
        for variant in self.variants:
            if variant.peers.include(team):
                weight, score = weight if variant.weight is None else variant.weight, variant.score or score
                break
        way = team.get(way_column(self.id)) if self.path else None
        return weight, score.on_the_way(way) if way else score

    def definition(self) -> dict[str, Any]:
        """The definition that must be the same in two years for their values and points to be comparable."""
        parts = ("measure", "options", "score", "path", "weight", "when", "variants", "missing")
        found = self.model_dump(mode="json", include=set(parts))
        return {part: found.get(part) for part in parts}


class Group(RuleModel):
    """Indicators that share a part of a focal point; ``cap`` and ``floor`` hold their sum, as ``limits`` says."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
    name: Text
    section: str = ""
    cap: Annotated[Number, Field(ge=0)] | None = None
    floor: Number | None = None
    limits: Literal["fixed", "with_weight"] = Field("fixed", exclude_if=lambda limits: limits == "fixed")
    indicators: list[Indicator] = Field(min_length=1)


class Dimension(RuleModel):
    """A focal point (考核重点)."""

    id: Identifier
    name: Text
    weight: Weight
    variants: list[DimensionVariant] = Field(default_factory=list)
    groups: list[Group] = Field(min_length=1)

    def indicators(self) -> Iterator[Indicator]:
        for group in self.groups:
            yield from group.indicators


class Rounding(RuleModel):
    """The step to which the points of each indicator are rounded, half up (四舍五入)."""

    at: Literal["indicator"] = "indicator"
    mode: Literal["half_up"] = "half_up"
    step: Literal["0.01", "0.1", "1"] = "0.01"


class RankingRules(RuleModel):
    """The group within which teams are ranked, and the tie-breakers between equal totals, in order."""

    by: PeerGroup = "all"
    tie_breakers: list[str] = Field(default_factory=list)


class Grade(RuleModel):
    """A grade: its band of totals, and at most which share of the quota group may have it."""

    id: Identifier
    name: Text
    range: Interval
    quota: Annotated[Number, Field(gt=0, le=1)] | None = None

    def label(self, lang: str) -> str:
        """The name as a label, with a capital where the script has them; within a sentence it is as the rubric writes it."""
        name = self.name[lang]
        return name[:1].upper() + name[1:]


def descend(limits: list[Fraction]) -> bool:
    """True where each limit lies below the one before."""
    return all(above > below for above, below in zip(limits, limits[1:]))


class Grades(RuleModel):
    """The grades, best first."""

    quota_by: PeerGroup = "all"
    ties_over_quota: Literal["out", "in"] = "out"
    bands: list[Grade] = Field(min_length=1)

    @model_validator(mode="after")
    def _bands_cover(self) -> Self:
        if fault := fault_in_cover([band.range for band in self.bands]):
            raise ValueError(fault)
        starts = [band.range.low for band in self.bands if band.range.low is not None]
        if len(starts) != len(self.bands) - 1 or self.bands[-1].range.low is not None or not descend(starts):
            raise ValueError("grades_order")
        if len({band.id for band in self.bands}) < len(self.bands):
            raise ValueError("duplicate_items")
        if self.bands[-1].quota is not None:
            raise ValueError("last_quota")
        return self


class Minimum(RuleModel):
    """The least value of an indicator that is demanded of a team; a value that nothing shows does not reach it."""

    indicator: str
    at_least: Number


class Veto(RuleModel):
    """Limits the grade whatever the points: where a condition holds, or a minimum is not reached."""

    id: Identifier
    name: Text
    when: When | None = None
    minimum: Minimum | None = None
    limit: str
    basis: Literal["regulation", "proposal"]
    clause: Clause | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.when is None) == (self.minimum is None):
            raise ValueError("when_or_minimum")
        return self


class InForce(RuleModel):
    """The years in which the version is in force; ``until`` null while no end is known."""

    since: int
    until: int | None = None

    def covers(self, year: int) -> bool:
        return self.since <= year and (self.until is None or year <= self.until)


class NotMeasured(RuleModel):
    """A clause that no indicator measures, and why."""

    clause: Clause
    why: Text


class Source(RuleModel):
    """The document that the rubric carries out."""

    title: Text
    number: str
    issued_on: str


class Rubric(RuleModel):
    """A dated version of the assessment rules (考核细则)."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    version: str
    note: str = ""
    name: Text
    source: Source
    issuer: Issuer | None = None
    publish_names: StrictBool = False
    names_decided: NamesDecision | None = None
    in_force: InForce
    total: Annotated[Number, Field(gt=0)] = Fraction(100)
    peer_group: PeerGroup = "all"
    rounding: Rounding = Rounding()
    ranking: RankingRules = RankingRules()
    options: dict[str, int | float] = Field(default_factory=dict)
    dimensions: list[Dimension] = Field(min_length=1)
    not_measured: list[NotMeasured] = Field(default_factory=list)
    veto: list[Veto] = Field(default_factory=list)
    norms: Norms = Norms()
    grades: Grades
    commendation: Commendation | None = None
    rectification: Rectification | None = None
    review: ReviewRules = ReviewRules()
    appeal: Text | None = None

    def __repr__(self) -> str:
        return f"<Rubric {self.id} {self.version}: {len(list(self.indicators()))} indicators, {self.total} points>"

    def _repr_html_(self, lang: str = "zh") -> str:
        """The indicators by focal point, each with its weight, its direction and its kind of score."""
        rows = [
            (
                weighted(dimension.name[lang], decimal_text(dimension.weight), lang),
                weighted(indicator.name[lang], decimal_text(indicator.weight), lang, indicator.score.better),
                indicator.score.kind,
            )
            for dimension in self.dimensions
            for indicator in dimension.indicators()
        ]
        about = {"rubric": self.name[lang], "version": self.version, "total": decimal_text(self.total)}
        headings = [translate(f"library.{word}", lang) for word in ("dimension", "indicator", "scored")]
        return html_table(translate("library.rubric", lang, **about), headings, rows)

    def indicators(self) -> Iterator[Indicator]:
        """All indicators in the order of the rubric."""
        for dimension in self.dimensions:
            yield from dimension.indicators()

    def indicator(self, indicator_id: str) -> Indicator:
        """One indicator by its id; KeyError when the rubric has none of that name."""
        for indicator in self.indicators():
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with changes; what was worked out of the original is worked out anew."""
        made = super().model_copy(update=update, deep=deep)
        for name in ("fingerprint", "step"):
            made.__dict__.pop(name, None)
        return made

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all rules."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @cached_property
    def step(self) -> Fraction:
        """The rounding step in points."""
        return Fraction(self.rounding.step)
