"""2 扶贫专项资金使用绩效 (sections 二.2, 三.4, 三.5): how the money was used.

A flow booked twice (the same in everything but its number) counts once; two real instalments that
look the same are told apart by their voucher.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.measurement import (
    SCALE,
    Evidence,
    Measurement,
    amount_of,
    evidence_of,
    in_whole_units,
    ratio,
    share,
)
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of
from assess_lib.tables.id_lookup import places

FISCAL = ("agricultural", "fiscal")
SOCIAL = ("donation", "credit", "market")


@measure(
    "二.2; 三.5",
    unit="share",
    evidence=("fund_flows",),
    zh=("年底前支出的本年资金（元，以到账为限）", "本年资金（元）"),
    en=("money of the year spent by 31 December (yuan, no more than arrived)", "money of the year (yuan)"),
    counts="yuan",
)
def execution(data: YearData) -> Measurement:
    """资金的使用绩效

    Yuan of the money of the year spent by 31 December ÷ money of the year. The same money stands above and below: what
    was allocated in an earlier year is left out of both. Of each source no more counts as spent than arrived. Not
    applicable where there was no money.
    """
    flows = booked_once(data)
    stages = _by_source(data)
    spent = _over_sources(stages[["spent", "disbursed"]].min(axis=1))
    found = _shown(data, flows["stage"].isin(["spent", "allocated", "disbursed"]) & ~_older(data, flows))
    return _money_ratio(data, spent, money_of_year(data), found)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows", "projects"),
    zh=("落到项目或到户的支出（元）", "支出（元）"),
    en=("spending traced to a project or household (yuan)", "spending (yuan)"),
    counts="yuan",
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
    counts="yuan",
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
    counts="projects",
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
    counts="items",
)
def disclosure(data: YearData) -> Measurement:
    """村级事务公开; 上榜公示

    Projects and allocations of funds posted publicly by the end of the year ÷ projects and allocations of funds. Money
    that arrived without an allocation on record, of its source and for its project, was to be posted, too.
    """
    projects = data.rows("projects")[["team_id", "project_id", "name", "posted_on"]]
    allocated, arrived = _stage_rows(data, "allocated"), _stage_rows(data, "disbursed")
    purpose = ["team_id", "source", "project_id"]
    known = pd.concat([allocated[purpose], allocated[purpose].assign(project_id=None)]).fillna({"project_id": ""})
    named = pd.MultiIndex.from_frame(arrived[purpose].fillna({"project_id": ""}))
    unknown = arrived[~named.isin(pd.MultiIndex.from_frame(known))]
    funds = pd.concat([allocated, unknown])[["team_id", "flow_id", "amount_yuan", "posted_on"]]
    rows = pd.concat([projects, funds], ignore_index=True)
    met = data.by_year_end(rows["posted_on"])
    shown = ["project_id", "flow_id", "amount_yuan", "posted_on"]
    return share(data, rows, met, table="fund_flows", show=shown)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows",),
    zh=("结转超过一年的资金（元）", "本年资金（元）"),
    en=("unspent for over a year (yuan)", "money of the year (yuan)"),
    counts="yuan",
)
def carry_over(data: YearData) -> Measurement:
    """合理使用

    Yuan carried over that had been allocated more than a year before ÷ money of the year; lower is better. Money carried over without the date of its allocation counts as old.
    """
    flows = booked_once(data)
    carried = flows[flows["stage"] == "carried_over"]
    young = carried["allocated_on"] >= carried["on"] - pd.DateOffset(years=1)
    old = amount_of(carried[~young.fillna(False)], "amount_yuan")
    found = evidence_of(carried, young.fillna(False), ["flow_id", "amount_yuan", "on", "allocated_on"])
    return _money_ratio(data, old, money_of_year(data), found)


@measure(
    "二.2",
    unit="share",
    evidence=("fund_flows",),
    zh=("到账的捐助、信贷和市场资金（元）", "到账的财政资金（元）"),
    en=("donations, credit and market money that arrived (yuan)", "fiscal money that arrived (yuan)"),
    counts="yuan",
)
def leverage(data: YearData) -> Measurement:
    """做好社会帮扶力量的争取和对接工作

    Yuan of donations, credit and market money that arrived (stage ``disbursed``) in the year ÷ yuan of fiscal money
    (agricultural and poverty-alleviation funds) that arrived. Not applicable without fiscal money.
    """
    arrived = _stage_rows(data, "disbursed")
    social = arrived["source"].isin(SOCIAL)
    fiscal = arrived["source"].isin(FISCAL)
    found = evidence_of(arrived, social, ["flow_id", "source", "amount_yuan"])
    return _money_ratio(
        data, amount_of(arrived[social], "amount_yuan"), amount_of(arrived[fiscal], "amount_yuan"), found
    )


@measure(
    "二.2; 三.5",
    unit="per_yuan",
    evidence=("households", "fund_flows"),
    zh=("帮扶户可支配收入增加额（元）", "本年财政专项资金（元）"),
    en=("rise of the income of households in care (yuan)", "special fiscal money of the year (yuan)"),
    counts="yuan",
)
def fund_benefit(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """扶贫专项资金的使用绩效

    Rise of the income of households in care over the year before ÷ special fiscal money of the year (agricultural and
    poverty-alleviation funds, without what the unit raised). Neither side falls or grows by leaving poverty earlier, by
    raising more, or by spending less. Not applicable where there was no such money or no household is in care.
    """
    homes = data.households_in_care(follow_up_years).dropna(subset=["income_yuan", "income_prev_yuan"])
    rise = amount_of(homes, "income_yuan") - amount_of(homes, "income_prev_yuan")
    without = teams_of(data.rows("households")) - teams_of(data.households_in_care(follow_up_years))
    both = (teams_of(homes) | without) & teams_of(data.rows("fund_flows"))
    shown = ["household_id", "income_yuan", "income_prev_yuan"]
    found = evidence_of(homes, homes["income_yuan"] > homes["income_prev_yuan"], shown)
    rounded = rise.map(lambda yuan: float(exact(round(yuan, 4))))
    return ratio(data, rounded, money_of_year(data, special=True), source=both, evidence=found, table="households")


@measure(
    "三.5",
    unit="share",
    evidence=("audits",),
    zh=("违规使用资金（元）", "审计资金（元）"),
    en=("misused (yuan)", "audited (yuan)"),
    counts="yuan",
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
    unit="items",
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


def money_of_year(data: YearData, special: bool = False) -> pd.Series:
    """The money of the year per team, yuan: of each source what was allocated, arrived or was spent, the most of these.

    So nothing is won by leaving an allocation out. What was allocated in an earlier year is left out. Parameters:
    ``special`` for the special fiscal money alone, without what the unit raised.
    """
    return _over_sources(_by_source(data, special).max(axis=1))


def _over_sources(amounts: pd.Series) -> pd.Series:
    """The sum over sources per team, added as ``amount_of`` adds."""
    return (amounts * SCALE).round().groupby("team_id").sum() / SCALE


def _by_source(data: YearData, special: bool = False) -> pd.DataFrame:
    """Yuan of the year's money by team and source, a column for each stage, index (team_id, source)."""

    def found() -> pd.DataFrame:
        flows = booked_once(data)
        flows = flows[~_older(data, flows)]
        if special:
            flows = flows[flows["source"].isin(FISCAL) & ~flows["raised_by_unit"].fillna(False).astype(bool)]
        sources, stages = sorted(flows["source"].unique()), ["allocated", "disbursed", "spent"]
        rows = pd.MultiIndex.from_product([data.team_ids, sources], names=["team_id", "source"])
        at_stage = places(flows["stage"], pd.Series(stages, dtype="str"))
        counted = flows[["team_id", "source", "amount_yuan"]][at_stage >= 0]
        place = [
            counted["team_id"].cat.codes.to_numpy(),
            places(counted["source"], pd.Series(sources, dtype="str")),
            at_stage[at_stage >= 0],
        ]
        sums = np.zeros((len(data.team_ids), len(sources), len(stages)), dtype="int64")
        np.add.at(sums, tuple(place), in_whole_units(counted["amount_yuan"]))
        return pd.DataFrame((sums / SCALE).reshape(len(rows), len(stages)), index=rows, columns=stages)

    return data.once(f"money by source, special {special}", found)


def _older(data: YearData, flows: pd.DataFrame) -> pd.Series:
    """Which flows are of money that was allocated in an earlier year."""
    return (flows["allocated_on"] < data.year_start).fillna(False).astype(bool)


def _concluded(data: YearData, column: str) -> tuple[pd.DataFrame, set[str]]:
    """Audits with a result, and the teams that are not waiting for their first one."""
    audits = data.rows("audits")
    concluded = audits[audits[column].notna()]
    waiting = teams_of(audits) - teams_of(concluded)
    return concluded, set(data.team_ids) - waiting


def _stage_rows(data: YearData, stage: str) -> pd.DataFrame:
    def found() -> pd.DataFrame:
        flows = booked_once(data)
        return flows[flows["stage"] == stage]

    return data.once(f"flows {stage}", found)


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
