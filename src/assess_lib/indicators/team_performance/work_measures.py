"""1c 工作措施 (section 二): what the team set going."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from assess_lib.exact import exact, round_half_up
from assess_lib.indicators.measurement import Measurement, evidence_of, ratio, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.codes import SIX_ONES
from assess_lib.tables.dataset import YearData, teams_of

RATE_STEP = Fraction(1, 10_000)  # to which each rate of party building is rounded


@measure(
    "二.1",
    unit="share",
    evidence=("households",),
    zh=("本年入户调查户数", "全村户数"),
    en=("households surveyed in the year", "households"),
    counts="households",
)
def survey_coverage(data: YearData) -> Measurement:
    """广泛开展入户调查

    Households surveyed in the year ÷ households.
    """
    homes = data.rows("households")
    met = data.in_year(homes["surveyed_on"])
    return share(data, homes, met, table="households", show=["household_id", "category", "surveyed_on"])


@measure(
    "二.1",
    unit="share",
    evidence=("households",),
    zh=("本年更新档案的贫困户", "贫困户数"),
    en=("poor-household records updated in the year", "poor households"),
    counts="households",
)
def register_current(data: YearData) -> Measurement:
    """更新贫困村、贫困户信息,实行动态管理

    Poor-household records updated in the year ÷ poor households.
    """
    poor = data.poor_households()
    met = data.in_year(poor["record_updated_on"])
    source = data.rows("households")["team_id"]
    return share(
        data, poor, met, table="households", show=["household_id", "category", "record_updated_on"], source=source
    )


@measure(
    "二.1",
    unit="share",
    evidence=("households",),
    zh=("有脱贫方案的帮扶户", "帮扶户数"),
    en=("households in care with a plan of their own", "households in care"),
    counts="households",
)
def household_plans(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """因村因户制定脱贫规划和方案

    Households in care with a plan of their own by the end of the year ÷ households in care.
    """
    homes = data.households_in_care(follow_up_years)
    met = data.by_year_end(homes["plan_made_on"])
    source = data.rows("households")["team_id"]
    return share(data, homes, met, table="households", show=["household_id", "category", "plan_made_on"], source=source)


@measure(
    "一",
    unit="share",
    evidence=("exit_plans",),
    zh=("已制定的年度计划、工作方案", "应制定（2 项）"),
    en=("yearly plan and work programme that exist", "due (2)"),
    parts=("annual_plan", "work_programme"),
    counts="documents",
)
def annual_plan(data: YearData) -> Measurement:
    """认真制定驻点村脱贫攻坚年度计划和工作方案,细化目标,实化措施

    Of the yearly plan and the work programme, each with dated targets, how many exist for the
    year ÷ 2.
    """
    return documents(data, ["annual_plan", "work_programme"])


@measure(
    "二.3",
    unit="share",
    evidence=("projects", "exit_plans"),
    zh=("已落实的“六个一”项数", "六项"),
    en=("six-ones items done", "items (6)"),
    parts=tuple(SIX_ONES),
)
def six_ones(data: YearData) -> Measurement:
    """实施好“六个一”帮扶工作

    Of the six items (plan; leading industry; collective-economy project; infrastructure;
    livelihood; village appearance) those done by the end of the year ÷ 6. The plan is done when it
    was made; the leading industry while one is running, whether its project is completed or not; the collective economy
    when a project is completed and not recorded as stopped; the others when a project of this or an earlier year is
    completed.
    """
    projects = data.rows("projects")
    industry, running = projects["six_one"] == "leading_industry", projects["running"]
    stopped = (projects["six_one"] == "collective_economy") & ~running.fillna(True)
    completed = data.by_year_end(projects["completed_on"]) & ~stopped
    done = projects[completed.where(~industry, running.fillna(False)).astype(bool)][["team_id", "six_one"]]
    plans = data.rows("exit_plans")
    planned = plans[data.by_year_end(plans["village_plan_made_on"])][["team_id"]].assign(six_one="plan")
    present = set(map(tuple, pd.concat([done, planned])[["team_id", "six_one"]].to_numpy()))
    source = sorted(teams_of(projects) | teams_of(plans))
    items = [(team, item) for team in source for item in SIX_ONES]
    rows = pd.DataFrame(items, columns=["team_id", "six_one"])
    met = pd.Series([item in present for item in items], index=rows.index, dtype="boolean")
    return share(data, rows, met, table="projects", show=["six_one"], source=source, parts="six_one")


@measure(
    "二.4",
    unit="share",
    evidence=("household_measures",),
    zh=("已落实的到户措施需求", "到户措施需求"),
    en=("household needs met", "household needs"),
    counts="items",
)
def ten_measures(data: YearData) -> Measurement:
    """落实好“十个到户”的精准帮扶措施

    Household × measure needs met by the end of the year ÷ needs of poor households, over the ten
    measures. Not applicable where no household needs any.
    """
    rows = data.of_poor_households("household_measures")
    needs = rows[rows["needed"].fillna(False).astype(bool)]
    met = data.by_year_end(needs["delivered_on"])
    source = teams_of(data.rows("household_measures")) | data.teams_without_poor()
    return share(
        data, needs, met, table="household_measures", show=["household_id", "measure", "delivered_on"], source=source
    )


@measure(
    "二.5",
    unit="share",
    evidence=("meetings", "village_year"),
    zh=("三会一课、五议五公开、服务中心三项落实率之和", "有记录的项数（至多 3）"),
    en=("sum of the rates of meetings, disclosures and the service centre", "parts on record (at most 3)"),
)
def party_building(data: YearData) -> Measurement:
    """三会一课; 五议五公开; 党员群众服务中心

    Mean of three rates: 三会一课 meetings held ÷ due, 五议五公开 items disclosed ÷ due, service
    centre in use (1 or 0). Each rate to 0.0001, half up. A part without any record is left out.
    """
    due = data.rows("meetings")
    held = data.by_year_end(due["held_on"])
    part = due["kind"].where(due["kind"] == "disclosure", "meetings")
    rates = held.groupby([due["team_id"], part]).agg(["sum", "size"])
    sums: dict[str, list[Fraction]] = {}
    for (team, _), done, size in zip(rates.index, rates["sum"].tolist(), rates["size"].tolist()):
        sums.setdefault(team, []).append(Fraction(done, size))
    centre = data.rows("village_year").dropna(subset=["service_centre_in_use"])
    for team, used in zip(centre["team_id"], centre["service_centre_in_use"]):
        sums.setdefault(team, []).append(exact(int(used)))
    top = {
        team: sum(Fraction(round_half_up(rate, RATE_STEP), RATE_STEP.denominator) for rate in found)
        for team, found in sums.items()
    }
    found = evidence_of(due, held, ["kind", "due_on", "held_on"])
    return ratio(
        data,
        pd.Series({team: float(value) for team, value in top.items()}, dtype="float64"),
        pd.Series({team: float(len(found)) for team, found in sums.items()}, dtype="float64"),
        source=list(sums),
        evidence=found,
        table="meetings",
    )


def documents(data: YearData, columns: list[str]) -> Measurement:
    """The documents of the exit plan that exist ÷ those due; one row per document."""
    plans = data.rows("exit_plans")
    rows = plans.melt(id_vars=["team_id"], value_vars=columns, var_name="document", value_name="exists")
    rows = rows.sort_values(["team_id", "document"], ignore_index=True)
    return share(data, rows, rows["exists"].astype("boolean"), table="exit_plans", show=["document"], parts="document")
