"""1a 驻点村成效 (section 一): what has become of the village."""

from __future__ import annotations

import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.measurement import Measurement, amount_of, evidence_of, mean_rating, ratio, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of


@measure(
    "一",
    unit="share",
    evidence=("village_year", "benchmarks"),
    zh=("村农民人均可支配收入（元）", "全省农村居民人均可支配收入（元）"),
    en=("village farmers' disposable income per head (yuan)", "provincial rural income per head (yuan)"),
    counts="yuan",
)
def income_ratio(data: YearData) -> Measurement:
    """农民人均可支配收入达到全省平均水平70%以上

    Village farmers' disposable income per head ÷ provincial rural average of the year. No evidence without both.
    """
    rows = data.rows("village_year").dropna(subset=["farmer_income_per_head_yuan"])
    income = rows.set_index("team_id")["farmer_income_per_head_yuan"]
    average = data.benchmark("rural_income_per_head_yuan")
    source = rows["team_id"] if average else ()
    found = evidence_of(rows, True, ["village_id", "farmer_income_per_head_yuan"])
    return ratio(data, income, average, source=source, evidence=found, table="village_year")


@measure(
    "一",
    unit="yuan",
    evidence=("village_year",),
    zh=("村集体经济年收入（元）", ""),
    en=("collective economy income of the year (yuan)", ""),
)
def collective_income(data: YearData) -> Measurement:
    """集体经济年收入达到5万元以上

    Income of the village's collective economy in the year, yuan.
    """
    rows = data.rows("village_year").dropna(subset=["collective_income_yuan"])
    income = rows.set_index("team_id")["collective_income_yuan"]
    found = evidence_of(rows, True, ["village_id", "collective_income_yuan"])
    return ratio(data, income, None, source=rows["team_id"], evidence=found, table="village_year")


@measure(
    "一; 三.2",
    unit="share",
    evidence=("households", "exit_plans"),
    zh=("年底前已脱贫户数", "时间表要求年底前脱贫户数"),
    en=("households out of poverty by the end of the year", "households that the timetable had out by then"),
    counts="households",
)
def exit_plan_completion(data: YearData, *, all_by: int = 2018) -> Measurement:
    """贫困户、低保户和五保户全部脱贫; 明确贫困户脱贫时间…倒排工期

    Households out of poverty by the end of the year ÷ those that the timetable had out by then; from the year
    ``all_by`` on, ÷ all that are or were poor: 贫困户 on the register, 低保户, 五保户, and those that fell into poverty.
    A household that fell back since is not out. Not applicable where the timetable has none due yet.
    """
    homes = data.rows("households")
    homes = homes[data.held_as_poor(homes)]
    out = data.out_of_poverty(homes)
    plans = data.rows("exit_plans").dropna(subset=["households_due_out"])
    due = plans.set_index("team_id")["households_due_out"].astype("float64")
    if data.year >= all_by:
        everyone = homes.groupby("team_id").size().reindex(due.index, fill_value=0)
        due = due.combine(everyone.astype("float64"), max)
    done = out.groupby(homes["team_id"]).sum().reindex(due.index, fill_value=0)
    source = teams_of(plans) & teams_of(data.rows("households"))
    found = evidence_of(homes, out, ["household_id", "category", "exited_on", "fell_back_on"])
    return ratio(data, done, due, source=source, evidence=found, table="households")


@measure(
    "一",
    unit="yes_no",
    evidence=("villages", "exit_plans"),
    zh=("已出列", "时间表要求本年前出列"),
    en=("delisted", "due to be delisted by the timetable"),
)
def village_exit(data: YearData, *, all_by: int = 2018) -> Measurement:
    """贫困村全部出列

    1 when the poor village was delisted by the end of the year, else 0. Not applicable before the year that its
    timetable names, or ``all_by`` where that is earlier, and for a village that is not on the list, whatever its
    timetable says or leaves blank. No evidence for a poor village whose timetable names no year.
    """
    villages = data.rows("villages")[["team_id", "is_poor", "delisted_on"]]
    villages = villages.merge(data.rows("exit_plans")[["team_id", "village_exit_year"]], on="team_id", how="left")
    by = villages["village_exit_year"].clip(upper=all_by)
    by = by.fillna(all_by) if data.year >= all_by else by
    due = villages[villages["is_poor"] & (by <= data.year).fillna(False)]
    met = data.by_year_end(due["delisted_on"])
    source = villages["team_id"][~villages["is_poor"] | by.notna()]
    return share(data, due, met, table="villages", show=["village_exit_year", "delisted_on"], source=source)


@measure(
    "一",
    unit="points_pp",
    evidence=("households", "benchmarks"),
    zh=("贫困户本年可支配收入合计（元）", "同一批户上年可支配收入合计（元）"),
    en=("income of poor households in the year (yuan)", "income of the same households the year before (yuan)"),
)
def poor_income_growth(data: YearData) -> Measurement:
    """贫困户年人均可支配收入增幅高于全省农村居民人均可支配收入增幅

    (income of poor households ÷ income of the same households the year before − 1) − growth of the provincial rural
    income per head, as a fraction (0.01 = one percentage point). The same persons stand above and below, so that totals
    grow as figures per head do. Not applicable where the base is zero or below: no growth can be told from there.
    """
    homes = data.poor_households()
    known = homes.dropna(subset=["income_yuan", "income_prev_yuan"])
    now, before = amount_of(known, "income_yuan"), amount_of(known, "income_prev_yuan")
    province = data.income_growth_of_province()
    growth = {
        team: exact(top) / exact(base) - 1 - province
        for team, top, base in zip(before.index, now.loc[before.index], before)
        if base > 0 and province is not None
    }
    faster = pd.Series(False, index=known.index)
    if province is not None:
        base = known["income_prev_yuan"]
        faster = (base > 0) & (known["income_yuan"] > base * float(1 + province))
    has_incomes = teams_of(known)
    source = (has_incomes | data.teams_without_poor()) if province is not None else set()
    found = evidence_of(known, faster, ["household_id", "income_yuan", "income_prev_yuan"])
    return ratio(data, now, before, source=source, value=growth, evidence=found, table="households")


@measure(
    "一",
    unit="share",
    evidence=("village_year",),
    zh=("通硬化路的村民小组（或公里）", "村民小组（或村组公路公里）"),
    en=("groups (or km) reached by a hardened road", "groups (or km of road to groups)"),
    counts="groups_or_km",
)
def road_hardening(data: YearData) -> Measurement:
    """全村80%由行政村通到组的公路实现水泥(沥青)硬化

    Groups reached by a hardened road ÷ groups; where groups are not recorded, hardened km ÷ km.
    """
    rows = data.rows("village_year").set_index("team_id")
    by_group = rows["groups"].notna() & rows["groups_hardened_road"].notna()
    by_km = ~by_group & rows["road_km"].notna() & rows["road_km_hardened"].notna()
    done = rows["groups_hardened_road"].astype("float64").where(by_group, rows["road_km_hardened"])
    whole = rows["groups"].astype("float64").where(by_group, rows["road_km"])
    shown = ["village_id", "groups_hardened_road", "groups", "road_km_hardened", "road_km"]
    found = evidence_of(rows.reset_index(), (done >= whole).to_numpy(), shown)
    return ratio(data, done, whole, source=rows.index[by_group | by_km], evidence=found, table="village_year")


@measure(
    "一",
    unit="share",
    evidence=("households",),
    zh=("饮水安全户数", "全村户数"),
    en=("households with safe water", "households"),
    counts="households",
)
def safe_water(data: YearData) -> Measurement:
    """农村饮水安全…基本解决

    Households with safe water ÷ households.
    """
    homes = data.rows("households")
    return share(data, homes, homes["safe_water"], table="households", show=["household_id", "category", "safe_water"])


@measure(
    "一",
    unit="share",
    evidence=("households",),
    zh=("住房安全贫困户数", "贫困户数"),
    en=("poor households safely housed", "poor households"),
    counts="households",
)
def safe_housing(data: YearData) -> Measurement:
    """贫困户住房安全问题基本解决

    Poor households safely housed ÷ poor households.
    """
    poor = data.poor_households()
    source = data.rows("households")["team_id"]
    return share(
        data,
        poor,
        poor["safe_housing"],
        table="households",
        show=["household_id", "category", "safe_housing"],
        source=source,
    )


@measure(
    "一",
    unit="share",
    evidence=("households",),
    zh=("通电户数", "全村户数"),
    en=("households with electricity", "households"),
    counts="households",
)
def electricity(data: YearData) -> Measurement:
    """无电人口生产生活用电全面解决

    Households with electricity ÷ households.
    """
    homes = data.rows("households")
    return share(
        data, homes, homes["electricity"], table="households", show=["household_id", "category", "electricity"]
    )


@measure(
    "一",
    unit="share",
    evidence=("village_year",),
    zh=("通宽带村民小组数", "村民小组数"),
    en=("groups with broadband", "groups"),
    counts="groups",
)
def broadband(data: YearData) -> Measurement:
    """互联网宽带实现村组全覆盖

    Groups with broadband ÷ groups of the village.
    """
    rows = data.rows("village_year").dropna(subset=["groups", "groups_broadband"]).set_index("team_id")
    found = evidence_of(
        rows.reset_index(),
        (rows["groups_broadband"] >= rows["groups"]).to_numpy(),
        ["village_id", "groups_broadband", "groups"],
    )
    done, whole = rows["groups_broadband"].astype("float64"), rows["groups"].astype("float64")
    return ratio(data, done, whole, source=rows.index, evidence=found, table="village_year")


@measure(
    "一",
    unit="yes_no",
    evidence=("village_year",),
    zh=("综合性文化活动室达标", "应有"),
    en=("culture room of standard", "required"),
)
def culture_room(data: YearData) -> Measurement:
    """拥有综合性文化活动室

    1 when the village has a culture room of standard, else 0.
    """
    return _facility(data, "culture_room")


@measure(
    "一",
    unit="yes_no",
    evidence=("village_year",),
    zh=("卫生室达标", "应有"),
    en=("clinic of standard", "required"),
)
def clinic(data: YearData) -> Measurement:
    """标准化卫生室

    1 when the village has a clinic of standard, else 0.
    """
    return _facility(data, "clinic")


@measure(
    "一",
    unit="rating",
    evidence=("inspections",),
    zh=("环境整治检查评分合计", "检查次数"),
    en=("sum of environment ratings", "inspections"),
)
def environment(data: YearData) -> Measurement:
    """村庄环境得到有效整治

    Mean rating (0–100) of the inspections of the village's environment in the year.
    """
    return mean_rating(data, "environment")


@measure(
    "一",
    unit="share",
    evidence=("persons",),
    zh=("参加新农合人数", "全村人数"),
    en=("persons enrolled in NCMS", "persons"),
    counts="persons",
)
def ncms_enrolment(data: YearData) -> Measurement:
    """新型农村合作医疗参合率达到98%以上

    Persons enrolled in the new rural cooperative medical scheme ÷ persons.
    """
    people = data.rows("persons")
    return share(data, people, people["ncms"], table="persons", show=["person_id", "name", "ncms"])


@measure(
    "一",
    unit="share",
    evidence=("persons",),
    zh=("获医疗救助的贫困大病患者", "贫困大病患者"),
    en=("poor persons with serious illness who got medical support", "poor persons with serious illness"),
    counts="persons",
)
def medical_access(data: YearData) -> Measurement:
    """贫困人口就医便利,看得起病

    Poor persons with serious illness who got medical support in the year ÷ poor persons with
    serious illness. Not applicable where nobody is seriously ill.
    """
    people = data.of_poor_households("persons")
    ill = people[people["serious_illness"].fillna(False).astype(bool)]
    recorded = people[people["serious_illness"].notna()]["team_id"]
    source = set(recorded) | (data.teams_without_poor() & teams_of(data.rows("persons")))
    return share(data, ill, ill["medical_support"], table="persons", show=["medical_support"], source=source)


@measure(
    "一",
    unit="share",
    evidence=("households",),
    zh=("本年返贫、致贫户数", "已脱贫户数（含本年返贫、致贫户）"),
    en=("households that fell (back) into poverty in the year", "households out of poverty, those fallen included"),
    counts="households",
)
def relapse(data: YearData) -> Measurement:
    """有效解决因病致贫、因病返贫问题; 实现稳定脱贫

    Households that fell (back) into poverty in the year ÷ households that had left poverty by its
    end or fell in it; lower is better. Not applicable where none has left yet. The evidence marks those by illness.
    """
    homes = data.rows("households")
    fell = data.in_year(homes["fell_back_on"])
    concerned = homes[data.by_year_end(homes["exited_on"]) | fell]
    fallen = fell.loc[concerned.index]
    count = concerned.groupby("team_id").size()
    falls = fallen.groupby(concerned["team_id"]).sum()
    shown = ["household_id", "category", "exited_on", "fell_back_on"]
    found = evidence_of(concerned, ~fallen, shown)
    return ratio(data, falls, count, source=homes["team_id"], evidence=found, table="households")


@measure(
    "一",
    unit="share",
    evidence=("village_services", "benchmarks"),
    zh=("达到全省平均的公共服务指标数", "有数据的公共服务指标数"),
    en=("public-service indicators at or above the provincial average", "public-service indicators measured"),
    counts="items",
)
def public_services(data: YearData) -> Measurement:
    """基本公共服务主要指标达到全省平均水平

    Basic public-service indicators at or above the provincial average ÷ indicators measured, those
    with both a village and a provincial figure (benchmark metric ``service:NAME``).
    """
    services = data.rows("village_services").dropna(subset=["value"])
    provincial = data.tables["benchmarks"]
    provincial = provincial[(provincial["year"] == data.year) & provincial["metric"].str.startswith("service:")]
    known = dict(zip(provincial["metric"].str.removeprefix("service:"), provincial["value"]))
    average = services["service"].map(known).astype("float64")
    measured = services[average.notna()]
    met = measured["value"] >= average.loc[measured.index]
    return share(data, measured, met, table="village_services", show=["service", "value"])


@measure(
    "一",
    unit="items",
    evidence=("projects",),
    zh=("在运营的特色优势产业数", ""),
    en=("characteristic industries running", ""),
)
def leading_industry(data: YearData) -> Measurement:
    """每一个驻点村都有一项特色明显的优势产业

    Characteristic industries (projects of the six-ones item ``leading_industry``) running at the
    end of the year.
    """
    projects = data.rows("projects")
    industries = projects[projects["six_one"] == "leading_industry"]
    running = industries["running"].fillna(False).astype(bool)
    count = running.groupby(industries["team_id"]).sum().reindex(data.team_ids, fill_value=0)
    found = evidence_of(industries, running, ["project_id", "name", "running"])
    return ratio(data, count, None, source=projects["team_id"], evidence=found, table="projects")


def _facility(data: YearData, column: str) -> Measurement:
    rows = data.rows("village_year")
    return share(data, rows, rows[column], table="village_year", show=["village_id", column])
