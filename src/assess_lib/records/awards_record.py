"""The content of ``lists.json``: commendations and rectification with quotas and ties, and the year of the province."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from assess_lib.exact import decimal_text, exact
from assess_lib.records.provenance import FrozenModel
from assess_lib.scorecard import year_summary
from assess_lib.scorecard.comparison import Improved, most_improved
from assess_lib.scoring import awards
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.quotas import Quota
from assess_lib.scoring.ranks import grade_quotas
from assess_lib.tables.masking import mask

DecimalText = str  # a number with six decimals


class CommendedMember(FrozenModel):
    """A commended member: ``name`` masked unless the rules publish names, ``place``, ``values`` of the indicators ranked on."""

    member_id: str
    name: str
    team_id: str
    place: int
    values: dict[str, DecimalText]


class CommendedUnit(FrozenModel):
    """A commended unit: its teams, and its share of the points."""

    unit_id: str
    name: str
    teams: tuple[str, ...]
    share: DecimalText


class Rectification(FrozenModel):
    """A team or unit that must rectify.

    ``why`` a line per reason: ``grade``, the grade and the vetoes that set it; ``below``, the focal point, its share and
    the limit; or ``veto`` and its id; ``indicators`` the ids of those to improve; ``deadline`` an ISO date.
    """

    kind: Literal["team", "unit"]
    id: str
    name: str
    team_ids: tuple[str, ...]
    why: tuple[tuple[str | float, ...], ...]
    indicators: tuple[str, ...]
    deadline: str


class Quotas(FrozenModel):
    """The quotas behind grades and lists, by group; the group is blank for all."""

    grades: tuple[Quota, ...]
    teams: tuple[Quota, ...]
    members: tuple[Quota, ...]
    units: tuple[Quota, ...]


class IndicatorLoss(FrozenModel):
    """Points lost on an indicator: ``mean`` per team, how many teams have full marks, how many it applies to."""

    indicator: str
    mean: DecimalText
    full: int
    size: int


class CountyYear(FrozenModel):
    """The totals of a county's teams; ``best`` is how many have the best grade."""

    county: str
    teams: int
    best: int
    mean: DecimalText
    low: DecimalText
    high: DecimalText


class ProvinceYear(FrozenModel):
    """The year of all teams: the mean share per focal point, losses, counties, the change since last year, and who gained most."""

    shares: dict[str, DecimalText]
    losses: tuple[IndicatorLoss, ...]
    counties: tuple[CountyYear, ...]
    change: year_summary.Change | None
    improved: tuple[Improved, ...] = ()


class AwardsRecord(FrozenModel):
    """The commendation lists, the rectification list, the quotas behind them, and the figures of the province."""

    teams: tuple[str, ...]
    members: tuple[CommendedMember, ...]
    units: tuple[CommendedUnit, ...]
    rectification: tuple[Rectification, ...]
    quotas: Quotas
    province: ProvinceYear


def awards_record(result: Assessment, before: Assessment | None = None) -> AwardsRecord:
    """The lists of an assessment. Names of members are masked unless the rules publish those of the commended."""
    rubric, in_full = result.rubric, result.data.member_names if result.rubric.publish_names else {}
    members, member_quotas = awards.member_choice(result)
    units, unit_quotas = awards.unit_choice(result)
    ranked_on = rubric.commendation.members.rank_on if rubric.commendation and rubric.commendation.members else []
    return AwardsRecord(
        teams=tuple(str(team) for team in awards.commended_teams(result).index),
        members=tuple(
            CommendedMember(
                member_id=row["member_id"],
                name=in_full.get(row["member_id"], "") or mask(row["name"], "name"),
                team_id=str(row["team_id"]),
                place=int(row["place"]),
                values={name: _decimal(row[name]) for name in ranked_on},
            )
            for _, row in members.iterrows()
        ),
        units=tuple(
            CommendedUnit(
                unit_id=row.unit_id,
                name=row.unit_name,
                teams=tuple(str(team) for team in row.teams),
                share=_decimal(row.exact),
            )
            for row in units.itertuples()
        ),
        rectification=tuple(
            Rectification(
                kind=row.kind,
                id=str(row.id),
                name=row.name,
                team_ids=tuple(str(team) for team in row.team_ids),
                why=tuple(tuple(_plain(part) for part in reason) for reason in row.why),
                indicators=tuple(row.indicators),
                deadline=row.deadline,
            )
            for row in awards.rectification(result).itertuples()
        ),
        quotas=Quotas(
            grades=tuple(grade_quotas(rubric, result.scores)),
            teams=tuple(awards.quotas_of_teams(result)),
            members=tuple(member_quotas),
            units=tuple(unit_quotas),
        ),
        province=_province(result, before),
    )


def _province(result: Assessment, before: Assessment | None) -> ProvinceYear:
    shares = year_summary.shares_of(result)
    return ProvinceYear(
        shares={name: _mean_text(shares[name].mean()) for name in shares if shares[name].notna().any()},
        losses=tuple(
            IndicatorLoss(indicator=name, mean=_mean_text(row["mean"]), full=int(row["full"]), size=int(row["size"]))
            for name, row in year_summary.losses(result).iterrows()
        ),
        counties=tuple(
            CountyYear(
                county=name,
                teams=int(row["teams"]),
                best=int(row["best"]),
                mean=_decimal(row["mean"]),
                low=_decimal(row["low"]),
                high=_decimal(row["high"]),
            )
            for name, row in year_summary.counties(result).iterrows()
        ),
        change=year_summary.change_of(result, before),
        improved=most_improved(result, before),
    )


def _decimal(number: Fraction | float) -> DecimalText:
    return decimal_text(exact(number), 6).replace(",", "")


def _mean_text(mean: float) -> DecimalText:
    return _decimal(round(float(mean), 6))


def _plain(part: str | float) -> str | float:
    return round(part, 6) if isinstance(part, float) else str(part)
