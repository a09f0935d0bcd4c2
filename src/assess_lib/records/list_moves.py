"""The difference between the lists of two records: commended, to rectify, and the quotas of grades and commendations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assess_lib.records.awards_record import AwardsRecord, CommendedMember, CommendedUnit, Rectification
from assess_lib.scoring.quotas import Quota
from assess_lib.tables.masking import mask

LISTS = ("teams", "members", "units", "rectification")
QUOTAS = ("grade", "teams", "members", "units")
OnList: TypeAlias = str | CommendedMember | CommendedUnit | Rectification | Quota


@dataclass(frozen=True)
class ListMove:
    """Who came onto a list, left it, or stands there otherwise; or a quota that is another.

    Attributes
    ----------
    list : one of ``LISTS``; for a quota ``quota.`` and one of ``QUOTAS``.
    id : of the team, member or unit; of a quota its group, blank for all.
    before, now : what the list of each record says, None where it does not have it.
    """

    list: str
    id: str
    before: OnList | None
    now: OnList | None


def list_moves(before: AwardsRecord, now: AwardsRecord) -> tuple[ListMove, ...]:
    """What differs between the lists of two records, list by list, in the order of the lists now."""
    a, b = _entries(before), _entries(now)
    return tuple(
        ListMove(name, key[0], a[name].get(key), b[name].get(key))
        for name in a
        for key in {**b[name], **a[name]}
        if a[name].get(key) != b[name].get(key)
    )


def _entries(lists: AwardsRecord) -> Mapping[str, Mapping[tuple[str, ...], OnList]]:
    quotas = dict(zip(QUOTAS, (lists.quotas.grades, lists.quotas.teams, lists.quotas.members, lists.quotas.units)))
    return {
        "teams": {(team,): team for team in lists.teams},
        "members": {(one.member_id,): _masked(one) for one in lists.members},
        "units": {(one.unit_id,): one for one in lists.units},
        "rectification": {(one.id, one.kind): one for one in lists.rectification},
        **{f"quota.{kind}": {(one.group, one.grade): one for one in every} for kind, every in quotas.items()},
    }


def _masked(member: CommendedMember) -> CommendedMember:
    """A member without the full name, which the circular alone shows: neither told nor a difference."""
    return member.model_copy(update={"name": mask(member.name, "name")})
