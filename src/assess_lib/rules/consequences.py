"""What follows from the points, as data: commendation, rectification, and how people may change what was computed."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from assess_lib.rules.fields import Number, PeerGroup, RuleModel


class CommendTeams(RuleModel):
    grades: list[str] = Field(min_length=1)
    top_share: Annotated[Number, Field(gt=0, le=1)] = Fraction(1)
    by: PeerGroup = "all"


class CommendMembers(RuleModel):
    """Members ranked on the parts of these indicators, in order; each must reach its minimum."""

    rank_on: list[str] = Field(min_length=1)
    at_least: dict[str, Number] = Field(default_factory=dict)
    top_share: Annotated[Number, Field(gt=0, le=1)]
    by: PeerGroup = "all"


class CommendUnits(RuleModel):
    dimension: str
    at_least: Annotated[Number, Field(ge=0, le=1)]
    top_share: Annotated[Number, Field(gt=0, le=1)]


class Commendation(RuleModel):
    """The three commendation lists (通报表扬)."""

    basis: Literal["regulation", "proposal"] = "proposal"
    teams: CommendTeams
    members: CommendMembers | None = None
    units: CommendUnits | None = None


class Below(RuleModel):
    """A focal point of which less than a share was earned."""

    dimension: str
    share: Annotated[Number, Field(gt=0, le=1)]


class Rectification(RuleModel):
    """The rules by which teams and units must rectify (限期整改, clause 三.5). The deadline falls in the year after.

    A team must, by its grade, by its share of a focal point, by a veto; a unit by the share that its teams have on
    average, or by a veto of one of them.
    """

    basis: Literal["regulation", "proposal"] = "proposal"
    deadline: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
    reasons: Annotated[int, Field(ge=1, le=10)] = 3
    team_grades: list[str] = Field(default_factory=list)
    team_below: list[Below] = Field(default_factory=list)
    unit_below: list[Below] = Field(default_factory=list)
    team_vetoes: list[str] = Field(default_factory=list)
    unit_vetoes: list[str] = Field(default_factory=list)


class ReviewRules(RuleModel):
    """The rules by which people may change computed points.

    ``second_over``: a change of a team's total beyond it takes a second reviewer, null for never;
    ``independent_audit``: who judged a team before does not judge it in the audit; ``reply_days``: how long a team and
    its unit have to reply.
    """

    basis: Literal["regulation", "proposal"] = "proposal"
    second_over: Annotated[Number, Field(ge=0)] | None = None
    independent_audit: bool = True
    reply_days: Annotated[int, Field(ge=1, le=365)] = 15
