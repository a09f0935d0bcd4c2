"""2 扶贫专项资金使用绩效 (sections 二.2, 三.4, 三.5): how the money was used.

A flow booked twice (the same in everything but its number) counts once; two real instalments that
look the same are told apart by their voucher.
"""

from __future__ import annotations

import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.measurement import Evidence, Measurement, amount_of, evidence_of, ratio, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of

FISCAL = ("agricultural", "fiscal")
SOCIAL = ("donation", "credit", "market")


@measure(
    "二.2; 三.5",
    unit="share",
    evidence=("fund_flows",),
    zh=("年底前支出（元）", "本年安排（元）"),
    en=("spent by 31 December (yuan)", "allocated in the year (yuan)"),
)
def execution(data: YearData) -> Measurement:
    """资金的使用绩效

    Yuan spent by 31 December ÷ yuan allocated in the year. Not applicable where nothing was
    allocated.
    """
    flows = booked_once(data)
    spent, allocated = _staged(flows, "spent"), _staged(flows, "allocated")
    found = _shown(data, flows["stage"].isin(["spent", "allocated"]))
    return _money_ratio(data, spent, allocated, found)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows", "projects"),
    zh=("落到项目或到户的支出（元）", "支出（元）"),
    en=("spending traced to a project or household (yuan)", "spending (yuan)"),
)
def targeting(data: YearData) -> Measurement:
    """确保项目资金投入精准到村到户到项目

    Yuan spent on a village project or a named household ÷ yuan spent.
    """
    spent = _stage_rows(data, "spent")
    traced = spent["project_id"].notna() | spent["household_id"].notna()
    return _share_of_money(data, spent, traced, ["flow_id", "amount_yuan", "project_id", "household_id"])


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows",),
    zh=("纳入全村统一规划的支出（元）", "支出（元）"),
    en=("spending under the one village plan (yuan)", "spending (yuan)"),
)
def planned_integration(data: YearData) -> Measurement:
    """统一规划、集中投入…科学整合

    Yuan of the six sources spent under the one village plan ÷ yuan spent.
    """
    spent = _stage_rows(data, "spent")
    planned = spent["under_plan"].fillna(False).astype(bool)
    return _share_of_money(data, spent, planned, ["flow_id", "source", "amount_yuan", "under_plan"])


@measure(
    "二.2",
    unit="share",
    evidence=("projects",),
    zh=("按期完成并验收的项目", "本年应完成的项目"),
    en=("projects finished and accepted on time", "projects due in the year"),
)
def project_completion(data: YearData) -> Measurement:
    """合理使用

    Projects due in the year that were finished by their date and accepted by the end of the year ÷
    projects due in the year. Not applicable where none was due.
    """
    projects = data.rows("projects")
    due = projects[data.in_year(projects["due_on"])]
    met = (due["completed_on"] <= due["due_on"]).fillna(False) & data.by_year_end(due["accepted_on"])
    shown = ["project_id", "name", "due_on", "completed_on", "accepted_on"]
    return share(data, due, met, table="projects", show=shown, source=projects["team_id"])


@measure(
    "二.5; 三.3",
    unit="share",
    evidence=("projects", "fund_flows"),
    zh=("已公示的项目和资金", "项目和资金"),
    en=("projects and funds publicly posted", "projects and funds"),
)
def disclosure(data: YearData) -> Measurement:
    """村级事务公开; 上榜公示

    Projects and allocations of funds posted publicly by the end of the year ÷ projects and
    allocations of funds.
    """
    projects = data.rows("projects")[["team_id", "project_id", "name", "posted_on"]]
    funds = _stage_rows(data, "allocated")[["team_id", "flow_id", "amount_yuan", "posted_on"]]
    rows = pd.concat([projects, funds], ignore_index=True)
    met = data.by_year_end(rows["posted_on"])
    shown = ["project_id", "flow_id", "amount_yuan", "posted_on"]
    return share(data, rows, met, table="fund_flows", show=shown)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows",),
    zh=("结转超过一年的资金（元）", "本年安排（元）"),
    en=("unspent for over a year (yuan)", "allocated in the year (yuan)"),
)
def carry_over(data: YearData) -> Measurement:
    """合理使用

    Yuan carried over that had been allocated more than a year before ÷ yuan allocated in the year;
    lower is better. Money carried over without the date of its allocation counts as old.
    """
    flows = booked_once(data)
    carried = flows[flows["stage"] == "carried_over"]
    young = carried["allocated_on"] >= carried["on"] - pd.DateOffset(years=1)
    old = amount_of(carried[~young.fillna(False)], "amount_yuan")
    allocated = _staged(flows, "allocated")
    found = evidence_of(carried, young.fillna(False), ["flow_id", "amount_yuan", "on", "allocated_on"])
    return _money_ratio(data, old, allocated, found)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows",),
    zh=("捐助、信贷和市场资金（元）", "财政资金（元）"),
    en=("donations, credit and market money (yuan)", "fiscal money (yuan)"),
)
def leverage(data: YearData) -> Measurement:
    """做好社会帮扶力量的争取和对接工作

    Yuan of donations, credit and market money allocated in the year ÷ yuan of fiscal money
    (agricultural and poverty-alleviation funds). Not applicable without fiscal money.
    """
    allocated = _stage_rows(data, "allocated")
    social = allocated["source"].isin(SOCIAL)
    fiscal = allocated["source"].isin(FISCAL)
    found = evidence_of(allocated, social, ["flow_id", "source", "amount_yuan"])
    return _money_ratio(
        data, amount_of(allocated[social], "amount_yuan"), amount_of(allocated[fiscal], "amount_yuan"), found
    )


@measure(
    "二.2; 三.5",
    unit="per_yuan",
    evidence=("households", "fund_flows"),
    zh=("贫困户可支配收入增加额（元）", "支出（元）"),
    en=("rise of poor households' income (yuan)", "spending (yuan)"),
)
def fund_benefit(data: YearData) -> Measurement:
    """资金的使用绩效

    Rise of the income of poor households over the year before ÷ yuan spent. Not applicable where
    nothing was spent or no household is poor.
    """
    poor = data.poor_households().dropna(subset=["income_yuan", "income_prev_yuan"])
    rise = amount_of(poor, "income_yuan") - amount_of(poor, "income_prev_yuan")
    spent = _staged(booked_once(data), "spent")
    both = (teams_of(poor) | data.teams_without_poor()) & teams_of(data.rows("fund_flows"))
    found = evidence_of(
        poor, poor["income_yuan"] > poor["income_prev_yuan"], ["household_id", "income_yuan", "income_prev_yuan"]
    )
    rounded = rise.map(lambda yuan: float(exact(round(yuan, 4))))
    return ratio(data, rounded, spent, source=both, evidence=found, table="households")


@measure(
    "三.5",
    unit="share",
    evidence=("audits",),
    zh=("违规使用资金（元）", "审计资金（元）"),
    en=("misused (yuan)", "audited (yuan)"),
)
def audit_findings(data: YearData) -> Measurement:
    """实行问责

    Yuan misused ÷ yuan audited, over the concluded audits of the year; lower is better. Not
    applicable where no audit took place, no evidence while no audit has a result.
    """
    audits, source = _concluded(data, "misused_yuan")
    misused, audited = amount_of(audits, "misused_yuan"), amount_of(audits, "audited_yuan")
    found = evidence_of(
        audits, audits["misused_yuan"] == 0, ["audit_id", "on", "audited_yuan", "misused_yuan", "findings"]
    )
    return ratio(data, misused, audited, source=source, evidence=found, table="audits")


@measure(
    "三.5",
    unit="count",
    evidence=("audits",),
    zh=("审计发现的问题数", ""),
    en=("findings of audits", ""),
)
def audit_finding_count(data: YearData) -> Measurement:
    """实行问责

    Number of findings in the concluded audits of the year; lower is better. Not applicable where no
    audit took place, no evidence while no audit has a result.
    """
    audits, source = _concluded(data, "findings")
    found = evidence_of(audits, audits["findings"] == 0, ["audit_id", "on", "findings"])
    return ratio(data, amount_of(audits, "findings"), None, source=source, evidence=found, table="audits")


def booked_once(data: YearData) -> pd.DataFrame:
    """The fund flows of the year without second bookings of the same flow."""

    def found() -> pd.DataFrame:
        flows = data.rows("fund_flows")
        return flows[~flows.duplicated([column for column in flows.columns if column != "flow_id"])]

    return data.once("flows booked once", found)


def _concluded(data: YearData, column: str) -> tuple[pd.DataFrame, set[str]]:
    """Audits with a result, and the teams that are not waiting for their first one."""
    audits = data.rows("audits")
    concluded = audits[audits[column].notna()]
    waiting = teams_of(audits) - teams_of(concluded)
    return concluded, set(data.team_ids) - waiting


def _stage_rows(data: YearData, stage: str) -> pd.DataFrame:
    flows = booked_once(data)
    return flows[flows["stage"] == stage]


def _staged(flows: pd.DataFrame, stage: str) -> pd.Series:
    return amount_of(flows[flows["stage"] == stage], "amount_yuan")


def _shown(data: YearData, chosen: pd.Series) -> Evidence:
    """Flows of the chosen kind; a second booking stands among those that do not count."""
    flows = data.rows("fund_flows")

    def made() -> pd.DataFrame:
        once = pd.Series(flows.index.isin(chosen.index), index=flows.index)
        rows = flows[chosen.reindex(flows.index, fill_value=False) | ~once]
        return evidence_of(rows, once.loc[rows.index], ["flow_id", "stage", "amount_yuan", "on"]).rows

    return Evidence(made)


def _money_ratio(data: YearData, top: pd.Series, below: pd.Series, found: Evidence) -> Measurement:
    """Money ÷ money; a team with flows but none of a kind has 0 of it."""
    source = teams_of(data.rows("fund_flows"))
    everyone = data.team_ids
    return ratio(
        data,
        top.reindex(everyone, fill_value=0.0),
        below.reindex(everyone, fill_value=0.0),
        source=source,
        evidence=found,
        table="fund_flows",
    )


def _share_of_money(data: YearData, rows: pd.DataFrame, met: pd.Series, show: list[str]) -> Measurement:
    found = evidence_of(rows, met, show)
    return _money_ratio(data, amount_of(rows[met], "amount_yuan"), amount_of(rows, "amount_yuan"), found)
