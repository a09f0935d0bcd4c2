"""Audits: a table without them is no evidence that there were none."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, per_team
from assess_lib.indicators.yardsticks.numbering import missing_in_table
from assess_lib.tables.id_lookup import among

WAITING = ("audit_findings", "audit_finding_count")


def audits(c: Comparison) -> Iterator[Question]:
    """Audits that there should be, by last year's, by their own numbers or by the norms, and audits of no team."""
    now, was = c.now("audits"), c.before("audits")
    gone = was[~was["team"].isin(now["team"])].drop_duplicates("team")
    yield from asked("audit_left_out", gone, "audit_id", None, "on", *WAITING, of="audits")
    without = pd.DataFrame({"team": c.teams})
    without = without[
        ~without["team"].isin(now["team"].astype("str")) & ~without["team"].isin(gone["team"].astype("str"))
    ]
    without = without.assign(county=per_team(without, c.counties))
    yield from _diluted(now)
    yield from _contradictory(c, now)
    yield from _of_counties(c, without, now, was)
    yield from _of_norms(c, without, now)
    if missing := missing_in_table(c.table("audits")["audit_id"], float(c.norms.serial_share)):
        rows = without.assign(missing=missing)
        yield from asked("audit_number_missing", rows, "missing", len(now), None, *WAITING, together=True, of="audits")
    table = c.table("audits")
    nobodys = table[table["village_id"].notna() & ~among(table["village_id"], c.table("teams")["village_id"])]
    if len(nobodys):
        rows = without.merge(nobodys[["audit_id", "village_id"]], how="cross")
        yield from asked("audit_of_nobody", rows, "audit_id", "village_id", None, *WAITING, together=True, of="audits")


def _diluted(now: pd.DataFrame) -> Iterator[Question]:
    """Audits without a finding beside one with misuse, which lower the share of what was misused."""
    misused = now["misused_yuan"] > 0
    clean = now[(now["misused_yuan"] == 0) & now["team"].isin(now["team"][misused])]
    yield from asked("audit_beside", clean, "audit_id", "audited_yuan", None, *WAITING, of="audits")


def _contradictory(c: Comparison, now: pd.DataFrame) -> Iterator[Question]:
    """Audits of more money than the village had in both years, without a result beside one with, or of misuse without a finding."""
    money = [
        rows.groupby([rows["team"].astype("str"), "stage"])["amount_yuan"].sum().groupby("team").max()
        for rows in (c.now("fund_flows"), c.before("fund_flows"))
    ]
    if len(money[0]) and len(money[1]):
        had = now.assign(money=per_team(now, money[0].add(money[1], fill_value=0)))
        over = had[had["audited_yuan"] > had["money"]]
        yield from asked("audit_beyond_money", over, "audit_id", "audited_yuan", "money", WAITING[0], of="audits")
    concluded = now["misused_yuan"].notna()
    unfinished = now[~concluded & now["team"].isin(now["team"][concluded])]
    yield from asked("audit_without_result", unfinished, "audit_id", "misused_yuan", "on", *WAITING, of="audits")
    silent = now[(now["misused_yuan"] > 0) & (now["findings"] == 0)]
    yield from asked("audit_without_finding", silent, "audit_id", "findings", "misused_yuan", WAITING[1], of="audits")


def _of_counties(c: Comparison, without: pd.DataFrame, now: pd.DataFrame, was: pd.DataFrame) -> Iterator[Question]:
    """Teams without an audit in counties that have far fewer audits than last year."""
    counts = [per_team(rows, c.counties).value_counts() for rows in (now, was)]
    there = counts[0].reindex(counts[1].index, fill_value=0)
    few = there.index[there < counts[1] * float(c.norms.share_of_last_year)]
    for county in few:
        rows = without[without["county"] == county]
        numbers = int(there[county]), int(counts[1][county])
        yield from asked("audits_fewer", rows, "county", *numbers, *WAITING, together=True, of="audits")


def _of_norms(c: Comparison, without: pd.DataFrame, now: pd.DataFrame) -> Iterator[Question]:
    """Teams without an audit that the plan, their money or the number of all audits says they have."""
    owed = c.norms.audits
    villages = c.table("teams").drop_duplicates("team_id").set_index("team_id")["village_id"]
    planned = without.assign(village=per_team(without, villages))
    yield from asked(
        "audit_owed", planned[planned["village"].isin(owed.villages)], "village", None, "1", *WAITING, of="audits"
    )
    if owed.over_yuan is not None:
        flows = c.now("fund_flows")
        money = flows.groupby([flows["team"].astype("str"), "stage"])["amount_yuan"].sum().groupby("team").max()
        rich = without.assign(money=per_team(without, money))
        rich = rich[rich["money"] >= float(owed.over_yuan)]
        yield from asked("audit_of_money", rich, "", "money", float(owed.over_yuan), *WAITING, of="fund_flows")
    if owed.number is not None and len(now) < owed.number:
        yield from asked("audits_under_norm", without, "", len(now), owed.number, *WAITING, together=True, of="audits")
