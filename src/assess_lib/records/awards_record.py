"""Who is commended and who must rectify, with quotas and ties, and the province's year, in plain values to be written down."""

from __future__ import annotations

from dataclasses import asdict

from assess_lib.exact import decimal_text, exact
from assess_lib.scorecard import year_summary as province
from assess_lib.scoring import awards as recognition
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.ranks import grade_quotas
from assess_lib.tables.masking import mask


def awards_record(result: Assessment, before: Assessment | None = None) -> dict:
    """The three commendation lists, the rectification list, the quotas behind grades and lists, and figures of the province.

    Names of members are masked. Shares and values are decimal text with six digits. Groups of quotas are blank for all.
    """
    rubric = result.rubric
    members, member_quotas = recognition.member_choice(result)
    units, unit_quotas = recognition.unit_choice(result)
    ranked_on = rubric.commendation.members.rank_on if rubric.commendation and rubric.commendation.members else []
    return {
        "teams": [str(team) for team in recognition.commended_teams(result).index],
        "members": [
            {
                "member_id": row["member_id"],
                "name": mask(row["name"], "name"),
                "team_id": str(row["team_id"]),
                "place": int(row["place"]),
                "values": {name: _number(row[name]) for name in ranked_on},
            }
            for _, row in members.iterrows()
        ],
        "units": [
            {
                "unit_id": row.unit_id,
                "name": row.unit_name,
                "teams": [str(team) for team in row.teams],
                "share": _number(row.exact),
            }
            for row in units.itertuples()
        ],
        "rectification": [
            {
                "kind": row.kind,
                "id": str(row.id),
                "name": row.name,
                "team_ids": [str(team) for team in row.team_ids],
                "why": [[_plain(part) for part in why] for why in row.why],
                "indicators": list(row.indicators),
                "deadline": row.deadline,
            }
            for row in recognition.rectification(result).itertuples()
        ],
        "quotas": {
            "grades": _quotas(grade_quotas(rubric, result.scores)),
            "teams": _quotas(recognition.team_quotas(rubric, result.scores)),
            "members": _quotas(member_quotas),
            "units": _quotas(unit_quotas),
        },
        "province": _province(result, before),
    }


def _province(result: Assessment, before: Assessment | None) -> dict:
    change, shares = province.change_of(result, before), province.shares_of(result)
    return {
        "shares": {
            name: _number(round(float(shares[name].mean()), 6)) for name in shares if shares[name].notna().any()
        },
        "losses": [
            {
                "indicator": name,
                "mean": _number(round(float(row["mean"]), 6)),
                "full": int(row["full"]),
                "size": int(row["size"]),
            }
            for name, row in province.losses(result).iterrows()
        ],
        "counties": [
            {
                "county": name,
                "teams": int(row["teams"]),
                "best": int(row["best"]),
                **{key: _number(row[key]) for key in ("mean", "low", "high")},
            }
            for name, row in province.counties(result).iterrows()
        ],
        "change": None if change is None else asdict(change),
    }


def _quotas(found) -> list[dict]:
    return [asdict(one) | {"chosen": list(one.chosen), "tied": list(one.tied)} for one in found]


def _number(value) -> str:
    return decimal_text(exact(value), 6).replace(",", "")


def _plain(part):
    return round(part, 6) if isinstance(part, float) else str(part)
