"""Teams, their members, villages and peers: who is assessed, for what, and against whom, held against last year's tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.faults import WARNING, Fault
from assess_lib.indicators.yardsticks.comparison import (
    NAMED,
    Comparison,
    Question,
    asked,
    counted,
    measures_of,
    of_each,
    per_team,
)
from assess_lib.tables.id_lookup import among, row_codes

ON_DUTY = ("attendance_days", "diary", "decoupled", "party_transfer", "allowances")
_OF_VILLAGE = ("village_year", "villages", "households", "exit_plans", "village_services", "meetings", "projects")
_DATED = (  # what a team that has left does not do any more
    *(("attendance", "day"), ("work_logs", "day"), ("diaries", "day"), ("visits", "visited_on"), ("fund_flows", "on")),
    *(("meetings", "held_on"), ("inspections", "on"), ("ledger", "updated_on"), ("commitments", "kept_on")),
)


def members(c: Comparison) -> Iterator[Question]:
    """Members released late, left out, on duty later or for a shorter time than last year's table has it, or no longer in the Party."""
    rows = c.now("members")
    if c.norms.release_days is not None:
        for column, name in (("decoupled_on", "decoupled"), ("party_transferred_on", "party_transfer")):
            limited = rows.assign(limit=rows["on_duty_from"] + pd.Timedelta(days=c.norms.release_days))
            late = limited[(rows[column] > limited["limit"]) & (rows[column] <= c.year_end)]
            yield from asked("released_late", late, "member_id", column, "limit", name, of="members")
    both = c.both("members", "on_duty_from", "on_duty_to", "is_party_member")
    later = both[both["on_duty_from"] > both["on_duty_from_before"]]
    yield from asked("duty_later", later, "member_id", "on_duty_from", "on_duty_from_before", *ON_DUTY, of="members")
    party = both[both["is_party_member_before"].fillna(False) & ~both["is_party_member"].fillna(False)]
    yield from asked(
        "party_withdrawn",
        party,
        "member_id",
        "is_party_member",
        "is_party_member_before",
        "party_transfer",
        of="members",
    )
    yield from _left_out(c)
    yield from _twice(c)
    shorter = both[
        (both["on_duty_to"] < c.year_end)
        & ~(both["on_duty_to_before"] <= both["on_duty_to"]).fillna(False)
        & ~_followed(c, both)
    ]
    yield from asked("duty_ended", shorter, "member_id", "on_duty_to", "on_duty_to_before", *ON_DUTY, of="members")


def _left_out(c: Comparison) -> Iterator[Question]:
    """Members of last year's table whom nobody follows, or not soon: the team has fewer than at the end of last year, or had."""
    stayed = lambda rows: rows[~(rows["on_duty_to"] < c.year_start).fillna(False)]
    counts = [counted(stayed(rows)) for rows in (c.now("members"), c.before("members"))]
    fewer = counts[1].index[counts[0].reindex(counts[1].index, fill_value=0) < counts[1]]
    gone = stayed(c.gone("members"))
    gone = gone[~among(gone["member_id"], c.table("members")["member_id"])]  # else they moved
    gone = gone.assign(now=per_team(gone, counts[0]).fillna(0).astype("int64"), before=per_team(gone, counts[1]))
    yield from asked(
        "member_left_out", gone[gone["team"].isin(fewer)], "member_id", "now", "before", *ON_DUTY, of="members"
    )
    rest = gone[~gone["team"].isin(fewer)]
    came, limit = c.came("members"), c.year_start + pd.Timedelta(days=c.norms.followed_days)
    soon = per_team(rest, counted(came[came["on_duty_from"] <= limit])).fillna(0)
    late = rest.assign(first=per_team(rest, of_each(came, "on_duty_from", "max")), limit=limit)
    late = late[per_team(rest, counted(rest)) > soon]
    yield from asked("member_followed_late", late, "member_id", "first", "limit", *ON_DUTY, of="members")


def _twice(c: Comparison) -> Iterator[Question]:
    """People who stand in the list of a team under two numbers."""
    rows = c.now("members")
    rows = rows[rows["name"].notna()]
    names = row_codes(rows[["name"]].assign(team=rows["team"].cat.codes))
    again = rows[pd.Series(names, rows.index).duplicated(keep=False)]
    yield from asked("member_twice", again, "member_id", "role", None, *ON_DUTY, of="members")


def _followed(c: Comparison, ended: pd.DataFrame) -> pd.Series:
    """Which members somebody of the team followed, who came on duty in the year and soon enough after they had left."""
    came = c.now("members")
    first = of_each(came[c.in_year(came["on_duty_from"])], "on_duty_from", "min")
    days = pd.Timedelta(days=c.norms.release_days or 0)
    return (per_team(ended, first) <= ended["on_duty_to"] + days).fillna(False).astype(bool)


def teams(c: Comparison) -> Iterator[Question]:
    """Teams begun later or ended sooner than last year's table has it, at work after their end, or in another group or village."""
    both = c.both("teams", "started_on", "ended_on", "area", "county", "unit_type", "village_id", "unit_id")
    blank = both["started_on_before"].isna() & (both["started_on"] >= c.year_start)  # it was there last year
    begun = both[(both["started_on"] > both["started_on_before"]).fillna(False) | blank]
    yield from asked("started_later", begun, "", "started_on", "started_on_before", "reports_on_time", of="teams")
    ended = both[(both["ended_on"] < c.year_end) & ~(both["ended_on_before"] <= both["ended_on"]).fillna(False)]
    yield from asked("team_ended", ended, "", "ended_on", "ended_on_before", *measures_of("teams"), of="teams")
    for column, waits in (
        ("area", ("fund_benefit",)),
        ("county", ("fund_benefit",)),
        ("unit_type", ("fund_benefit",)),
        ("village_id", measures_of(*_OF_VILLAGE)),
        ("unit_id", measures_of("unit_actions", "units")),
    ):
        was = both[f"{column}_before"]
        other = both[was.notna() & ~(both[column] == was).fillna(False)]
        key = {"village_id": "village_changed", "unit_id": "unit_changed"}.get(column, "group_changed")
        yield from asked(key, other, "", column, f"{column}_before", *waits, of="teams")
    yield from _after_the_end(c)
    yield from _shared_villages(c)


def left_out(c: Comparison, set_aside: pd.DataFrame | None) -> Iterator[Fault]:
    """One fault for the teams of last year that this year's table lacks, though they had not left."""
    was, now = c.table("teams", False), c.table("teams")
    stayed = was[was["team_id"].notna() & ~(was["ended_on"] < c.year_start).fillna(False)]
    known = pd.concat([rows["team_id"] for rows in (now, set_aside) if rows is not None and "team_id" in rows])
    gone = sorted(stayed["team_id"][~among(stayed["team_id"], known)].unique())
    if gone:
        which = ", ".join(gone[:NAMED]) + (f" …（{len(gone)}）" if len(gone) > NAMED else "")
        yield Fault("checks.teams_left_out", details={"count": len(gone), "which": which}, severity=WARNING)


def _after_the_end(c: Comparison) -> Iterator[Question]:
    """Rows of a team that are dated after its end."""
    ends = c.now("teams")
    ends = of_each(ends[ends["ended_on"] < c.year_end], "ended_on", "min")
    late = []
    for table, column in _DATED if len(ends) else ():
        rows = c.now(table)
        rows = rows[rows["team"].isin(ends.index)]
        rows = rows.assign(end=per_team(rows, ends), day=rows[column], table=table)
        late.append(rows.loc[rows["day"] > rows["end"], ["team", "table", "day", "end"]])
    if late:
        yield from asked("rows_after_the_end", pd.concat(late), "table", "day", "end", *measures_of("teams"))


def _shared_villages(c: Comparison) -> Iterator[Question]:
    """Villages of several teams that last year's table gives to fewer."""
    shared = []
    for of_year in (True, False):
        rows = c.table("teams", of_year).dropna(subset=["team_id", "village_id"]).drop_duplicates("team_id")
        shared.append(rows.assign(team=rows["team_id"])[rows["village_id"].duplicated(keep=False)])
    now, was = shared
    new = now[~(among(now["team"], was["team"]))]
    teams = new["village_id"].map(now["village_id"].value_counts())
    yield from asked(
        "village_shared", new.assign(teams=teams), "village_id", "teams", "1", *measures_of(*_OF_VILLAGE), of="teams"
    )
