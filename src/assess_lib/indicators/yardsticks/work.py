"""Villages, members, units and money: held against last year's tables and against each other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, fewer
from assess_lib.tables.id_lookup import among, row_codes

BUDGET = ("agricultural", "fiscal")


def timetable(c: Comparison) -> Iterator[Question]:
    """A timetable of exits that asks for less than last year's, or than the norm; a village's exit put off."""
    both = c.both("exit_plans", "households_due_out", "village_exit_year")
    due, was = both["households_due_out"].astype("float64"), both["households_due_out_before"].astype("float64")
    lower = both[was.notna() & (due.isna() | (due < was))]
    columns = ("households_due_out", "households_due_out_before")
    yield from asked("due_out_lower", lower, "village_id", *columns, "exit_plan_completion")
    if c.year in c.norms.households_out:
        share = c.norms.households_out[c.year]
        owed = c.registered.map(lambda count: math.floor(share * int(count)))
        planned = c.now("exit_plans").groupby("team")["households_due_out"].min().astype("float64").dropna()
        yield from fewer("due_out_under_norm", planned, owed[owed.index.isin(planned.index)], "exit_plan_completion")
    later = both[both["village_exit_year_before"].notna()]
    later = later[
        (later["village_exit_year"].isna() | (later["village_exit_year"] > later["village_exit_year_before"]))
    ]
    yield from asked(
        "exit_year_later", later, "village_id", "village_exit_year", "village_exit_year_before", "village_exit"
    )
    villages = c.both("villages", "is_poor")
    off = villages[villages["is_poor_before"].fillna(False) & ~villages["is_poor"].fillna(False)]
    yield from asked("village_off_list", off, "village_id", "is_poor", "is_poor_before", "village_exit")


def villages(c: Comparison) -> Iterator[Question]:
    """Groups and roads of a village that became fewer."""
    both = c.both("village_year", "groups", "road_km")
    for column, measures in (("groups", ("road_hardening", "broadband")), ("road_km", ("road_hardening",))):
        was = both[f"{column}_before"].astype("float64")
        now = both[column].astype("float64")
        less = both[was.notna() & (now.isna() | (now < was))]
        yield from asked("fewer_groups", less, "village_id", column, f"{column}_before", *measures)


def members(c: Comparison) -> Iterator[Question]:
    """Members released late, on duty later than last year's table has it, or no longer in the Party; teams begun later."""
    rows = c.now("members")
    if c.norms.release_days is not None:
        for column, name in (("decoupled_on", "decoupled"), ("party_transferred_on", "party_transfer")):
            limited = rows.assign(limit=rows["on_duty_from"] + pd.Timedelta(days=c.norms.release_days))
            late = limited[(rows[column] > limited["limit"]) & (rows[column] <= c.year_end)]
            yield from asked("released_late", late, "member_id", column, "limit", name)
    both = c.both("members", "on_duty_from", "is_party_member")
    later = both[both["on_duty_from"] > both["on_duty_from_before"]]
    duty = ("attendance_days", "diary", "decoupled", "party_transfer", "allowances")
    yield from asked("duty_later", later, "member_id", "on_duty_from", "on_duty_from_before", *duty)
    party = both[both["is_party_member_before"].fillna(False) & ~both["is_party_member"].fillna(False)]
    yield from asked(
        "party_withdrawn", party, "member_id", "is_party_member", "is_party_member_before", "party_transfer"
    )
    teams = c.both("teams", "started_on")
    begun = teams[(teams["started_on"] > teams["started_on_before"])]
    yield from asked("started_later", begun, "", "started_on", "started_on_before", "reports_on_time")


def units(c: Comparison) -> Iterator[Question]:
    """Cadres of a unit that became fewer, supported projects without the year they were promised for."""
    both = c.both("units", "party_members_and_cadres")
    cadres = "party_members_and_cadres"
    now, was = both[cadres].astype("float64"), both[f"{cadres}_before"].astype("float64")
    less = both[was.notna() & (now.isna() | (now < was))]
    yield from asked("cadres_fewer", less, "unit_id", cadres, f"{cadres}_before", "cadre_participation")
    rows = c.now("projects")
    promised = rows[
        rows["supported_by_unit"].fillna(False).astype(bool) & ~(rows["committed_for"] <= c.year).fillna(False)
    ]
    due = promised[c.in_year(promised["due_on"])]
    yield from asked("promise_undated", due, "project_id", "committed_for", str(c.year), "project_support")
    moved = rows[
        (rows["committed_for"] < c.year).fillna(False)
        & c.in_year(rows["due_on"])
        & rows["supported_by_unit"].fillna(False)
    ]
    yield from asked("promise_undated", moved, "project_id", "committed_for", str(c.year), "project_support")


def money(c: Comparison) -> Iterator[Question]:
    """Budget money called raised, money disbursed that nobody allocated, old money carried over as young."""
    flows = c.now("fund_flows")
    raised = flows[flows["raised_by_unit"].fillna(False).astype(bool) & among(flows["source"], BUDGET)]
    yield from asked("raised_from_budget", raised, "flow_id", "source", None, "funds_raised")
    allocated = flows[flows["stage"] == "allocated"]
    older = flows[(flows["allocated_on"] < c.year_start).fillna(False)]
    known = pd.concat([allocated, older])["project_id"].dropna()
    paid = flows[(flows["stage"] == "disbursed") & flows["project_id"].notna()]
    loose = paid[~among(paid["project_id"], known)]
    yield from asked(
        "allocation_left_out",
        loose,
        "project_id",
        "amount_yuan",
        None,
        "execution",
        "disclosure",
        "carry_over",
        "leverage",
    )
    carried = flows[(flows["stage"] == "carried_over") & c.in_year(flows["allocated_on"]) & flows["project_id"].notna()]
    named = carried[["project_id", "allocated_on"]].set_axis(["project_id", "on"], axis=1)
    codes = row_codes(pd.concat([allocated[["project_id", "on"]], named], ignore_index=True))
    young = carried[~np.isin(codes[len(allocated) :], codes[: len(allocated)])]
    yield from asked("carried_young", young, "flow_id", "allocated_on", None, "carry_over")


def audits(c: Comparison) -> Iterator[Question]:
    """Teams whose audit of last year is followed by none this year."""
    now, was = c.now("audits"), c.before("audits")
    gone = was[~was["team"].isin(now["team"])].drop_duplicates("team")
    yield from asked("audit_left_out", gone, "audit_id", None, "on", "audit_findings", "audit_finding_count")
