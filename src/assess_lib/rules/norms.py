"""What is owed in a year, as data: the norms against which the lists of the assessed are held."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from assess_lib.rules.fields import Number, RuleModel

Days = Annotated[int, Field(ge=0, le=366)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[Number, Field(ge=0, le=1)]


class Norms(RuleModel):
    """What is owed in a year, whatever the assessed write into their own tables. What is not named is not held against anything.

    ``reports`` days after the end of the half-year (h1, h2) or year (annual) within which a report is due; ``meetings``
    and ``inspections`` of each kind in a year; ``commitments``, ``problems`` (requests among them) and ``projects`` the
    least that a team has due in a year; ``households_out`` by year the share of registered households that a timetable
    has out by its end; ``release_days`` after coming on duty within which a member is released; ``last_days`` of a year
    in which what is dated is asked about, where more than ``last_days_share`` of a team's dates lie there;
    ``share_of_last_year`` below which a list is asked about; ``denied_more`` by how much the share of needs that are
    denied may rise; ``serial_share`` of the lists without a gap from which
    numbers count as serial.
    """

    basis: Literal["regulation", "proposal"] = "proposal"
    reports: dict[str, Days] = Field(default_factory=dict)
    meetings: dict[str, Count] = Field(default_factory=dict)
    inspections: dict[str, Count] = Field(default_factory=dict)
    commitments: Count | None = None
    problems: Count | None = None
    projects: Count | None = None
    households_out: dict[int, Share] = Field(default_factory=dict)
    release_days: Days | None = None
    last_days: Days = 10
    last_days_share: Share = Fraction(1, 2)
    share_of_last_year: Share = Fraction(2, 5)
    denied_more: Share = Fraction(1, 10)
    serial_share: Share = Fraction(3, 4)
