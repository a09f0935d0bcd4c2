"""1b 贫困户成效 (section 一): what has become of the poor households."""

from __future__ import annotations

import pandas as pd

from assess_lib.indicators.measurement import Measurement, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of


@measure(
    "一",
    unit="share",
    evidence=("households",),
    zh=("有一项以上增收主业的贫困户", "贫困户数"),
    en=("poor households with an income-raising main business", "poor households"),
    counts="households",
)
def livelihood(data: YearData) -> Measurement:
    """每一个贫困户都有一项以上增收致富的主业

    Poor households with at least one income-raising main business ÷ poor households.
    """
    poor = data.poor_households()
    met = poor["main_business"].notna()
    source = data.rows("households")["team_id"]
    return share(data, poor, met, table="households", show=["household_id", "category", "main_business"], source=source)


@measure(
    "一",
    unit="share",
    evidence=("household_measures",),
    zh=("及时获得贷款的申请户", "申请贷款的贫困户"),
    en=("poor households that got their loan in time", "poor households that asked for a loan"),
    counts="households",
)
def loan_support(data: YearData, *, within_days: int = 60) -> Measurement:
    """都能获得及时有效的贷款支持

    Poor households that asked for a loan and got it within ``within_days`` ÷ poor households that
    asked. A request still open and not yet so old at the end of the year is not counted. Not
    applicable where nobody asked.
    """
    needs = data.of_poor_households("household_measures")
    asked = needs[(needs["measure"] == "micro_loan") & data.by_year_end(needs["asked_on"])]
    limit = asked["asked_on"] + pd.Timedelta(days=within_days)
    still_open = ~data.by_year_end(asked["delivered_on"]) & (limit > data.year_end)
    due = asked[~still_open]
    met = (due["delivered_on"] <= limit.loc[due.index]) & data.by_year_end(due["delivered_on"])
    source = teams_of(data.rows("household_measures")) | data.teams_without_poor()
    return share(
        data, due, met, table="household_measures", show=["household_id", "asked_on", "delivered_on"], source=source
    )


@measure(
    "一",
    unit="share",
    evidence=("persons",),
    zh=("掌握一门以上技能的贫困劳动力", "有劳动能力的贫困人口"),
    en=("poor persons able to work who were trained in a skill", "poor persons able to work"),
    counts="persons",
)
def skill_training(data: YearData) -> Measurement:
    """每一个有劳动能力的贫困人口都能通过培训掌握一门以上就业创业技能

    Poor persons able to work trained in at least one skill ÷ poor persons able to work.
    """
    return _of_the_poor(data, able=True, column="trained_skill")


@measure(
    "一",
    unit="share",
    evidence=("persons",),
    zh=("自主创业或稳定就业的贫困劳动力", "有劳动能力的贫困人口"),
    en=("poor persons able to work in work of their own or steady work", "poor persons able to work"),
    counts="persons",
)
def employment(data: YearData) -> Measurement:
    """并实现自主创业或稳定就业

    Poor persons able to work who are self-employed or in steady work ÷ poor persons able to work.
    """
    return _of_the_poor(data, able=True, column="employed")


@measure(
    "一",
    unit="share",
    evidence=("persons",),
    zh=("享受基本社会保障的无劳动能力贫困人口", "无劳动能力贫困人口"),
    en=("poor persons unable to work with social security", "poor persons unable to work"),
    counts="persons",
)
def social_security(data: YearData) -> Measurement:
    """没有劳动能力的贫困人口都能获得基本的社会保障

    Poor persons unable to work with basic social security ÷ poor persons unable to work. Not
    applicable where all are able to work.
    """
    return _of_the_poor(data, able=False, column="social_security")


def _of_the_poor(data: YearData, able: bool, column: str) -> Measurement:
    """Poor persons of an ability to work for whom a column is true ÷ those persons."""
    people = data.of_poor_households("persons").dropna(subset=["able_to_work"])
    concerned = people[people["able_to_work"] == able]
    recorded = teams_of(people) | data.teams_without_poor()
    return share(
        data, concerned, concerned[column], table="persons", show=["person_id", "name", column], source=recorded
    )
