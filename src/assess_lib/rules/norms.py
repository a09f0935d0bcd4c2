"""What is owed in a year, as data: the norms against which the lists of the assessed are held."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from assess_lib.rules.fields import Number, RuleModel

Days = Annotated[int, Field(ge=0, le=366)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[Number, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=1949, le=2199)]


class AuditsOwed(RuleModel):
    """Audits that the province knows of, whatever the table of audits says.

    ``villages`` that the plan of the year has audited; ``over_yuan`` money of the year from which a team is audited;
    ``number`` of audits of all teams.
    """

    villages: tuple[str, ...] = ()
    over_yuan: Number | None = None
    number: Count | None = None


class Norms(RuleModel):
    """What is owed in a year, whatever the assessed write into their own tables. What is not named is not held against anything.

    ``reports`` days after the end of the half-year (h1, h2) or year (annual) within which a report is due; ``meetings``
    and ``inspections`` of each kind in a year; ``commitments``, ``problems`` (requests among them) and ``projects`` the
    least that a team has due in a year; ``audits`` that are known of; ``budget`` the sources that are public money, which
    nobody raised; ``households_out`` by year the share of registered households that a timetable
    has out by its end; ``release_days`` after coming on duty within which a member is released; ``followed_days`` of the
    year within which somebody follows a member who is not listed any more; ``last_days`` of a year
    in which what is dated is asked about, where more than ``last_days_share`` of a team's dates lie there;
    ``share_of_last_year`` below which a list is asked about; ``denied_more`` by how much the share of needs that are
    denied may rise; ``needs_least`` the needs that a team's households would have by last year's rate, from which fewer
    are asked about; ``open_needs`` the share of last year's needs that were not met which this year's list must have;
    ``new_share`` of last year's households or persons above which new ones are asked about; ``share_shift`` by how much
    the share of problems and requests in the work ledger may fall; ``figure_drop`` by which share a provincial figure may
    fall; ``unaccounted_share`` of the money that arrived up to which it need not have been spent or carried over;
    ``report_lead_days`` before the end of its half-year or year from which a report can have come in; ``serial_share``
    of the lists without a gap from which numbers count as serial.
    """

    basis: Literal["regulation", "proposal"] = "proposal"
    reports: dict[str, Days] = Field(default_factory=dict)
    meetings: dict[str, Count] = Field(default_factory=dict)
    inspections: dict[str, Count] = Field(default_factory=dict)
    commitments: Count | None = None
    problems: Count | None = None
    projects: Count | None = None
    audits: AuditsOwed = AuditsOwed()
    budget: tuple[str, ...] = ("agricultural", "fiscal")
    households_out: dict[Year, Share] = Field(default_factory=dict)
    release_days: Days | None = None
    followed_days: Days = 180
    last_days: Days = 10
    last_days_share: Share = Fraction(1, 2)
    share_of_last_year: Share = Fraction(2, 5)
    denied_more: Share = Fraction(1, 10)
    needs_least: Count = 20
    open_needs: Share | None = None
    new_share: Share = Fraction(1, 10)
    share_shift: Share = Fraction(1, 5)
    figure_drop: Share = Fraction(1, 10)
    report_lead_days: Days | None = None
    serial_share: Share = Fraction(3, 4)
    unaccounted_share: Share = Fraction(1, 100)
