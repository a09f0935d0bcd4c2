"""Villages, units and money: held against last year's tables and against each other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, counted, fewer, of_each, per_team
from assess_lib.tables.id_lookup import among


def timetable(c: Comparison) -> Iterator[Question]:
    """A timetable of exits that asks for less than last year's, or than the norm; a village's exit put off."""
    both = c.both("exit_plans", "households_due_out", "village_exit_year")
    due, was = both["households_due_out"].astype("float64"), both["households_due_out_before"].astype("float64")
    lower = both[was.notna() & (due.isna() | (due < was))]
    columns = ("households_due_out", "households_due_out_before")
    yield from asked("due_out_lower", lower, "village_id", *columns, "exit_plan_completion", of="exit_plans")
    all_out = due >= per_team(both, c.registered).fillna(0)
    same = both[(due == was) & ~all_out]
    yield from asked("due_out_unchanged", same, "village_id", *columns, "exit_plan_completion", of="exit_plans")
    if c.year in c.norms.households_out:
        share = c.norms.households_out[c.year]
        owed = c.registered.map(lambda count: math.floor(share * int(count)))
        planned = of_each(c.now("exit_plans"), "households_due_out", "min").astype("float64").dropna()
        yield from fewer(
            "due_out_under_norm",
            planned,
            owed[owed.index.intersection(planned.index)],
            "exit_plan_completion",
            of="exit_plans",
        )
    later = both[both["village_exit_year_before"].notna()]
    later = later[
        (later["village_exit_year"].isna() | (later["village_exit_year"] > later["village_exit_year_before"]))
    ]
    yield from asked(
        "exit_year_later",
        later,
        "village_id",
        "village_exit_year",
        "village_exit_year_before",
        "village_exit",
        of="exit_plans",
    )
    villages = c.both("villages", "is_poor")
    off = villages[villages["is_poor_before"].fillna(False) & ~villages["is_poor"].fillna(False)]
    yield from asked("village_off_list", off, "village_id", "is_poor", "is_poor_before", "village_exit", of="villages")


def villages(c: Comparison) -> Iterator[Question]:
    """Groups and roads of a village that became fewer."""
    both = c.both("village_year", "groups", "road_km")
    asked_as = {
        "groups": ("fewer_groups", "road_hardening", "broadband"),
        "road_km": ("shorter_roads", "road_hardening"),
    }
    for column, (key, *measures) in asked_as.items():
        was = both[f"{column}_before"].astype("float64")
        now = both[column].astype("float64")
        less = both[was.notna() & (now.isna() | (now < was))]
        yield from asked(key, less, "village_id", column, f"{column}_before", *measures, of="village_year")


def units(c: Comparison) -> Iterator[Question]:
    """Cadres of a unit that became fewer, supported projects without the year they were promised for."""
    both = c.both("units", "party_members_and_cadres")
    cadres = "party_members_and_cadres"
    now, was = both[cadres].astype("float64"), both[f"{cadres}_before"].astype("float64")
    less = both[was.notna() & (now.isna() | (now < was))]
    yield from asked("cadres_fewer", less, "unit_id", cadres, f"{cadres}_before", "cadre_participation", of="units")
    rows = c.now("projects")
    due = rows[rows["supported_by_unit"].fillna(False).astype(bool) & c.in_year(rows["due_on"])]
    other = due[~(due["committed_for"] == c.year).fillna(False)]
    yield from asked(
        "promise_undated", other, "project_id", "committed_for", str(c.year), "project_support", of="projects"
    )
    flows = c.now("fund_flows")
    raised = flows["project_id"][flows["raised_by_unit"].fillna(False).astype(bool)].dropna()
    promised = rows["committed_for"].notna() | among(rows["project_id"], raised)
    denied = rows[~rows["supported_by_unit"].fillna(False).astype(bool) & c.in_year(rows["due_on"]) & promised]
    yield from asked(
        "support_denied", denied, "project_id", "supported_by_unit", "committed_for", "project_support", of="projects"
    )


def money(c: Comparison) -> Iterator[Question]:
    """Budget money called raised, money allocated to nothing or disbursed without."""
    flows = c.now("fund_flows")
    raised = flows[flows["raised_by_unit"].fillna(False).astype(bool) & among(flows["source"], c.norms.budget)]
    yield from asked("raised_from_budget", raised, "flow_id", "source", None, "funds_raised", of="fund_flows")
    allocated = flows[flows["stage"] == "allocated"]
    yield from _to_nothing(c)
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
        of="fund_flows",
    )


def _to_nothing(c: Comparison) -> Iterator[Question]:
    """Allocations without a project or household: of budget money, and more of them than last year."""
    loose = []
    for rows in (c.now("fund_flows"), c.before("fund_flows")):
        rows = rows[rows["stage"] == "allocated"]
        loose.append(rows[rows["project_id"].isna() & rows["household_id"].isna()])
    now, was = (counted(rows) for rows in loose)
    more = now.index[(now > was.reindex(now.index, fill_value=0)) & (now > 1)]
    rows = loose[0]
    rows = rows[among(rows["source"], c.norms.budget) | rows["team"].isin(more)]
    rows = rows.assign(before=per_team(rows, was))
    waits = ("project_completion", "project_support", "targeting", "disclosure")
    yield from asked("allocated_to_nothing", rows, "flow_id", "amount_yuan", "before", *waits, of="fund_flows")
