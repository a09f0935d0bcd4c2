"""3 派出单位支持驻点村项目建设 (sections 三.1, 三.2, 三.4): what the dispatching unit did."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from assess_lib.indicators.fund_use import booked_once
from assess_lib.indicators.measurement import Measurement, amount_of, evidence_of, ratio, share
from assess_lib.indicators.on_duty import members_on_duty
from assess_lib.indicators.registry import measure
from assess_lib.indicators.team_performance.work_measures import documents
from assess_lib.tables.dataset import YearData, teams_of
from assess_lib.tables.id_lookup import among


@measure(
    "三.4",
    unit="yuan",
    evidence=("fund_flows",),
    zh=("派出单位筹措到账资金（元）", ""),
    en=("yuan raised by the unit and received", ""),
)
def funds_raised(data: YearData) -> Measurement:
    """每年筹措帮扶资金不少于10万元

    Yuan raised by the unit for the village that arrived (stage ``disbursed``) in the year.
    """
    flows = booked_once(data)
    raised = flows[flows["raised_by_unit"].fillna(False).astype(bool) & (flows["stage"] == "disbursed")]
    total = amount_of(raised, "amount_yuan").reindex(data.team_ids, fill_value=0.0)
    found = evidence_of(raised, True, ["flow_id", "source", "amount_yuan", "on"])
    return ratio(data, total, None, source=data.rows("fund_flows")["team_id"], evidence=found, table="fund_flows")


@measure(
    "三.1",
    unit="days",
    evidence=("unit_actions",),
    zh=("主要负责同志到村天数", ""),
    en=("days on which the principal leader was in the village", ""),
)
def leader_visits(data: YearData) -> Measurement:
    """主要负责同志要亲自挂帅,亲自到驻点村调研指导工作

    Days of the year on which the unit's principal leader visited the village; two visits on one day count once. A visit
    that names no village counts once for the unit: of its teams, each has an equal part, but not beside a visit on that
    day to its own village.
    """
    visits = data.rows("unit_actions")
    visits = visits[visits["kind"] == "leader_visit"].sort_values("village_id", kind="stable", na_position="last")
    first = ~visits.duplicated(["team_id", "on"])
    teams = data.teams()["unit_id"]
    parts = teams.map(teams.value_counts().add(pd.Series(data.teams_elsewhere, dtype="int64"), fill_value=0))
    of_team = visits[first].assign(named=visits["village_id"].notna()).groupby("team_id", observed=False)["named"]
    days, named = of_team.size().to_dict(), of_team.sum().to_dict()
    value = {
        team: int(named.get(team, 0)) + Fraction(int(days.get(team, 0) - named.get(team, 0)), int(max(part, 1)))
        for team, part in parts.fillna(1).items()
    }
    found = evidence_of(visits, first, ["action_id", "kind", "on", "village_id"])
    source = data.rows("unit_actions")["team_id"]
    top = pd.Series({team: float(visited) for team, visited in value.items()}, dtype="float64")
    return ratio(data, top, None, source=source, value=value, evidence=found, table="unit_actions")


@measure(
    "三.1",
    unit="times",
    evidence=("unit_actions",),
    zh=("班子专题研究次数", ""),
    en=("meetings of the leadership on the work", ""),
)
def leader_studies(data: YearData) -> Measurement:
    """定期研究驻村帮扶工作

    Meetings of the unit's leadership on the work in the year; two on one day count once. They
    count for each of the unit's teams.
    """
    actions = data.rows("unit_actions")
    rows = actions[actions["kind"] == "leadership_meeting"]
    days = rows.drop_duplicates(["team_id", "on"]).groupby("team_id").size().reindex(data.team_ids, fill_value=0)
    found = evidence_of(rows, ~rows.duplicated(["team_id", "on"]), ["action_id", "kind", "on"])
    return ratio(data, days, None, source=actions["team_id"], evidence=found, table="unit_actions")


@measure(
    "三.5",
    unit="share",
    evidence=("projects",),
    zh=("已完成的支持项目", "承诺本年完成的支持项目"),
    en=("supported projects completed", "projects committed for the year"),
    counts="projects",
)
def project_support(data: YearData) -> Measurement:
    """派出单位支持驻点村项目建设情况

    Projects that the unit supports completed by the end of the year ÷ those committed for the
    year. Not applicable where none was committed.
    """
    projects = data.rows("projects")
    supported = projects["supported_by_unit"].fillna(False).astype(bool)
    due = projects[supported & (projects["committed_for"] == data.year).fillna(False).astype(bool)]
    met = data.by_year_end(due["completed_on"])
    return share(
        data, due, met, table="projects", show=["project_id", "name", "completed_on"], source=projects["team_id"]
    )


@measure(
    "三.3",
    unit="share",
    evidence=("members",),
    zh=("已与原单位脱钩的队员", "队员"),
    en=("members released from their old post", "members"),
    counts="persons",
)
def decoupled(data: YearData) -> Measurement:
    """必须与原单位工作脱钩

    Members released from their old post by the end of the year ÷ members on duty in the year.
    """
    members = members_on_duty(data)
    return share(
        data,
        members,
        data.by_year_end(members["decoupled_on"]),
        table="members",
        show=["member_id", "role", "decoupled_on"],
    )


@measure(
    "三.4",
    unit="share",
    evidence=("members",),
    zh=("组织关系转到村的党员队员", "党员队员"),
    en=("Party members whose membership moved to the village", "Party members of the team"),
    counts="persons",
)
def party_transfer(data: YearData) -> Measurement:
    """党组织关系转到村

    Party members of the team whose membership moved to the village by the end of the year ÷ Party
    members of the team. Not applicable for a team without Party members.
    """
    members = members_on_duty(data)
    party = members[members["is_party_member"].fillna(False).astype(bool)]
    met = data.by_year_end(party["party_transferred_on"])
    source = members[members["is_party_member"].notna()]["team_id"]
    return share(data, party, met, table="members", show=["member_id", "role", "party_transferred_on"], source=source)


@measure(
    "三.4",
    unit="share",
    evidence=("members",),
    zh=("补助和差旅费已落实的队员", "队员"),
    en=("members whose allowance was paid", "members"),
    counts="persons",
)
def allowances(data: YearData) -> Measurement:
    """差旅费报销和生活补助标准

    Members whose travel and living allowance was paid ÷ members on duty in the year.
    """
    members = members_on_duty(data)
    return share(
        data, members, members["allowance_paid"], table="members", show=["member_id", "role", "allowance_paid"]
    )


@measure(
    "三.5",
    unit="yes_no",
    evidence=("unit_actions",),
    zh=("已纳入单位年度目标", "应纳入"),
    en=("in the unit's annual targets", "required"),
)
def unit_assessment(data: YearData) -> Measurement:
    """纳入各派出单位年度目标考核内容

    1 when the work stands in the unit's own annual targets of the year, else 0.
    """
    actions = data.rows("unit_actions")
    named = teams_of(actions[actions["kind"] == "annual_target"])
    teams = pd.DataFrame({"team_id": sorted(teams_of(actions))})
    met = among(teams["team_id"], named)
    teams = teams.assign(kind="annual_target")
    return share(data, teams, met, table="unit_actions", show=["kind"])


@measure(
    "三.2",
    unit="share",
    evidence=("exit_plans",),
    zh=("已制定的任务书、时间表、施工图", "应制定（3 项）"),
    en=("task book, timetable, construction map that exist", "due (3)"),
    parts=("construction_map", "task_book", "timetable"),
    counts="documents",
)
def exit_plan_documents(data: YearData) -> Measurement:
    """制定“任务书、时间表、施工图”

    Of task book, timetable and construction map, how many exist ÷ 3.
    """
    return documents(data, ["task_book", "timetable", "construction_map"])
