"""The input tables: their columns, types and units.

One per table, as an evaluator meets them; keys and references stand in ``keys``. A column not ``required`` may be missing.
"""

from __future__ import annotations

from assess_lib.tables.codes import (
    CATEGORIES,
    FUND_SOURCES,
    INSPECTIONS,
    LEDGER,
    MEASURES,
    MEETINGS,
    MODES,
    RECIPIENTS,
    REPORT_KINDS,
    ROLES,
    SIX_ONES,
    STAGES,
    UNIT_ACTIONS,
)
from assess_lib.tables.columns import Schema, code, count, date, key, link, money, number, text, yes_no
from assess_lib.words import in_language

SCHEMAS: dict[str, Schema] = {
    name: Schema(columns, {"zh": zh, "en": en})
    for name, (zh, en, columns) in {
        "units": (
            "派出单位",
            "dispatching units",
            {
                "unit_id": key("单位编号", "unit"),
                "name": text("单位名称", "name", blank=False, required=True),
                "unit_type": text("单位类型", "unit type", blank=False, required=True),
                "party_members_and_cadres": count("党员干部数", "Party members and cadres"),
            },
        ),
        "teams": (
            "工作队",
            "work teams",
            {
                "team_id": key("工作队编号", "team"),
                "name": text("工作队名称", "name"),
                "unit_id": link("单位编号", "unit"),
                "village_id": link("村编号", "village"),
                "county": text("县", "county"),
                "area": text("片区", "area"),
                "unit_type": text("单位类型", "unit type"),
                "leader_member_id": link("队长编号", "leader"),
                "started_on": date("进驻日期", "started on"),
                "ended_on": date("撤离日期", "ended on"),
            },
        ),
        "members": (
            "工作队员",
            "team members",
            {
                "member_id": key("队员编号", "member"),
                "team_id": key("工作队编号", "team"),
                "name": text("姓名", "name", blank=False, required=True, personal="name"),
                "role": code("职务", "role", ROLES),
                "is_party_member": yes_no("是否党员", "Party member"),
                "on_duty_from": date("驻村起", "on duty from", blank=False, required=True),
                "on_duty_to": date("驻村止", "on duty to"),
                "decoupled_on": date("脱钩日期", "released on"),
                "party_transferred_on": date("组织关系转入日期", "membership moved on"),
                "allowance_paid": yes_no("补助已发放", "allowance paid"),
            },
        ),
        "villages": (
            "驻点村",
            "villages",
            {
                "village_id": key("村编号", "village"),
                "name": text("村名", "name", blank=False, required=True),
                "county": text("县", "county"),
                "division_code": text("行政区划代码", "division code"),
                "is_poor": yes_no("贫困村", "poor village", blank=False, required=True),
                "delisted_on": date("出列日期", "delisted on"),
                "distance_km": number("距县城里程", "distance to the county town", unit="km"),
            },
        ),
        "village_year": (
            "村年度情况",
            "village by year",
            {
                "village_id": key("村编号", "village"),
                "year": count("年度", "year"),
                "farmer_income_per_head_yuan": money("农民人均可支配收入", "income per head"),
                "collective_income_yuan": money("集体经济收入", "collective income"),
                "population": count("人口", "population"),
                "groups": count("村民小组数", "groups"),
                "groups_hardened_road": count("通硬化路小组数", "groups with hardened road"),
                "road_km": number("村组公路里程", "road to groups", unit="km"),
                "road_km_hardened": number("已硬化里程", "hardened road", unit="km"),
                "groups_broadband": count("通宽带小组数", "groups with broadband"),
                "culture_room": yes_no("文化活动室达标", "culture room of standard"),
                "clinic": yes_no("卫生室达标", "clinic of standard"),
                "service_centre_in_use": yes_no("服务中心在用", "service centre in use"),
            },
        ),
        "village_services": (
            "村公共服务",
            "public services",
            {
                "village_id": key("村编号", "village"),
                "year": count("年度", "year"),
                "service": text("服务指标", "service", blank=False, required=True),
                "value": number("数值", "value", low=None, percent=1),
            },
        ),
        "households": (
            "农户",
            "households",
            {
                "household_id": key("户编号", "household"),
                "village_id": key("村编号", "village"),
                "year": count("年度", "year"),
                "category": code("户类别", "category", CATEGORIES),
                "category_previous": code("变更前类别", "category before", CATEGORIES, blank=True, required=False),
                "category_changed_on": date("类别变更日期", "category changed on"),
                "registered": yes_no("建档立卡", "registered", blank=False, required=True),
                "exited_on": date("脱贫日期", "out of poverty on"),
                "fell_back_on": date("返贫致贫日期", "fell back on"),
                "fell_back_by_illness": yes_no("因病", "by illness"),
                "persons": count("人口", "persons"),
                "income_yuan": money("家庭可支配收入", "income", low=None),
                "income_prev_yuan": money("上年可支配收入", "income the year before", low=None),
                "safe_water": yes_no("饮水安全", "safe water"),
                "safe_housing": yes_no("住房安全", "safe housing"),
                "electricity": yes_no("通电", "electricity"),
                "surveyed_on": date("入户调查日期", "surveyed on"),
                "record_updated_on": date("档案更新日期", "record updated on"),
                "plan_made_on": date("脱贫方案日期", "plan made on"),
                "main_business": text("增收主业", "main business"),
            },
        ),
        "persons": (
            "家庭成员",
            "persons",
            {
                "person_id": key("人员编号", "person"),
                "household_id": key("户编号", "household"),
                "year": count("年度", "year"),
                "name": text("姓名", "name", personal="name"),
                "id_number": text("身份证号", "ID number", personal="id_number"),
                "able_to_work": yes_no("有劳动能力", "able to work"),
                "trained_skill": yes_no("掌握技能", "trained in a skill"),
                "employed": yes_no("创业或稳定就业", "employed"),
                "ncms": yes_no("参加新农合", "enrolled in NCMS"),
                "social_security": yes_no("享受社会保障", "social security"),
                "serious_illness": yes_no("患大病", "serious illness"),
                "medical_support": yes_no("获医疗救助", "medical support"),
            },
        ),
        "household_measures": (
            "到户措施",
            "household measures",
            {
                "household_id": key("户编号", "household"),
                "year": count("年度", "year"),
                "measure": code("措施", "measure", MEASURES),
                "needed": yes_no("需要", "needed", blank=False, required=True),
                "asked_on": date("申请日期", "asked on"),
                "delivered_on": date("落实日期", "delivered on"),
            },
        ),
        "pairings": (
            "结对帮扶",
            "pairings",
            {
                "household_id": key("户编号", "household"),
                "cadre_id": key("干部编号", "cadre"),
                "unit_id": key("单位编号", "unit"),
                "cadre_name": text("干部姓名", "cadre's name", personal="name"),
                "mode": code("结对方式", "mode", MODES),
                "paired_from": date("结对起", "from", blank=False, required=True),
                "paired_to": date("结对止", "to"),
                "plan_made_on": date("帮扶方案日期", "plan made on"),
            },
        ),
        "visits": (
            "入户走访",
            "visits",
            {
                "household_id": key("户编号", "household"),
                "cadre_id": key("干部编号", "cadre"),
                "visited_on": date("走访日期", "visited on", blank=False, required=True, in_year=True),
            },
        ),
        "projects": (
            "帮扶项目",
            "projects",
            {
                "project_id": key("项目编号", "project"),
                "village_id": key("村编号", "village"),
                "name": text("项目名称", "name"),
                "six_one": code("六个一类别", "six-ones item", SIX_ONES),
                "running": yes_no("在运营", "running"),
                "beneficiaries": count("受益户数", "beneficiaries"),
                "supported_by_unit": yes_no("派出单位支持", "supported by the unit"),
                "committed_for": count("承诺年度", "committed for"),
                "due_on": date("应完成日期", "due on"),
                "completed_on": date("完成日期", "completed on"),
                "accepted_on": date("验收日期", "accepted on"),
                "posted_on": date("公示日期", "posted on"),
            },
        ),
        "fund_flows": (
            "资金流水",
            "fund flows",
            {
                "flow_id": key("流水编号", "flow"),
                "village_id": key("村编号", "village"),
                "source": code("资金来源", "source", FUND_SOURCES),
                "stage": code("环节", "stage", STAGES),
                "amount_yuan": money("金额", "amount", blank=False, required=True),
                "on": date("日期", "on", blank=False, required=True, in_year=True),
                "project_id": link("项目编号", "project"),
                "household_id": link("户编号", "household"),
                "under_plan": yes_no("纳入统一规划", "under the plan"),
                "raised_by_unit": yes_no("派出单位筹措", "raised by the unit"),
                "posted_on": date("公示日期", "posted on"),
                "allocated_on": date("原安排日期", "first allocated on"),
                "voucher": link("凭证号", "voucher"),
            },
        ),
        "audits": (
            "审计",
            "audits",
            {
                "audit_id": key("审计编号", "audit"),
                "village_id": key("村编号", "village"),
                "on": date("日期", "on", blank=False, required=True, in_year=True),
                "audited_yuan": money("审计金额", "audited", blank=False, required=True),
                "misused_yuan": money("违规金额", "misused"),
                "findings": count("问题数", "findings"),
            },
        ),
        "attendance": (
            "考勤登记",
            "attendance",
            {
                "member_id": key("队员编号", "member"),
                "day": date("日期", "day", blank=False, required=True, in_year=True),
                "night": yes_no("住村", "night in the village"),
            },
        ),
        "work_logs": (
            "工作日志",
            "work logs",
            {
                "member_id": key("队员编号", "member"),
                "day": date("日期", "day", blank=False, required=True, in_year=True),
                "entry": text("内容", "entry", personal="prose"),
            },
        ),
        "diaries": (
            "民情日记",
            "diaries",
            {
                "member_id": key("队员编号", "member"),
                "day": date("日期", "day", blank=False, required=True, in_year=True),
                "entry": text("内容", "entry", personal="prose"),
            },
        ),
        "ledger": (
            "工作台账",
            "work ledger",
            {
                "entry_id": key("台账编号", "entry"),
                "team_id": key("工作队编号", "team"),
                "category": code("类别", "category", LEDGER),
                "content": text("内容", "content", personal="prose"),
                "updated_on": date("更新日期", "updated on"),
                "due_on": date("应办结日期", "due on"),
                "settled_on": date("办结日期", "settled on"),
            },
        ),
        "commitments": (
            "公开承诺",
            "commitments",
            {
                "commitment_id": key("承诺编号", "commitment"),
                "team_id": key("工作队编号", "team"),
                "content": text("内容", "content", personal="prose"),
                "posted_on": date("公示日期", "posted on"),
                "due_on": date("承诺期限", "due on", blank=False, required=True),
                "kept_on": date("兑现日期", "kept on"),
            },
        ),
        "reports": (
            "工作报告",
            "reports",
            {
                "team_id": key("工作队编号", "team"),
                "kind": code("报告", "report", REPORT_KINDS),
                "recipient": code("报送对象", "recipient", RECIPIENTS),
                "due_on": date("应报日期", "due on", blank=False, required=True),
                "received_on": date("收到日期", "received on"),
            },
        ),
        "meetings": (
            "会议与公开",
            "meetings and disclosures",
            {
                "meeting_id": key("会议编号", "meeting"),
                "village_id": key("村编号", "village"),
                "kind": code("类别", "kind", MEETINGS),
                "due_on": date("应开日期", "due on", blank=False, required=True, in_year=True),
                "held_on": date("召开日期", "held on"),
            },
        ),
        "inspections": (
            "检查督办",
            "inspections",
            {
                "inspection_id": key("督查编号", "inspection"),
                "team_id": key("工作队编号", "team"),
                "kind": code("类别", "kind", INSPECTIONS),
                "inspector": text("检查单位", "inspector"),
                "on": date("日期", "on", blank=False, required=True, in_year=True),
                "rating": number("评分", "rating", high=100, blank=False, required=True),
            },
        ),
        "unit_actions": (
            "派出单位工作",
            "actions of the unit",
            {
                "action_id": key("事项编号", "action"),
                "unit_id": key("单位编号", "unit"),
                "village_id": link("村编号", "village"),
                "kind": code("事项", "kind", UNIT_ACTIONS),
                "on": date("日期", "on", blank=False, required=True, in_year=True),
            },
        ),
        "exit_plans": (
            "脱贫计划",
            "exit plans",
            {
                "village_id": key("村编号", "village"),
                "year": count("年度", "year"),
                "task_book": yes_no("任务书", "task book"),
                "timetable": yes_no("时间表", "timetable"),
                "construction_map": yes_no("施工图", "construction map"),
                "village_plan_made_on": date("脱贫规划日期", "village plan made on"),
                "annual_plan": yes_no("年度计划", "yearly plan with dated targets"),
                "work_programme": yes_no("工作方案", "work programme with dated targets"),
                "village_exit_year": count("计划出列年度", "year of delisting"),
                "households_due_out": count("计划累计脱贫户数", "households due out of poverty by year end"),
            },
        ),
        "benchmarks": (
            "全省指标",
            "provincial figures",
            {
                "year": count("年度", "year", blank=False, required=True),
                "metric": text("指标", "metric", blank=False, required=True),
                "value": number("数值", "value", low=None, blank=False, required=True, percent=1),
            },
        ),
        "entered_values": (
            "录入值",
            "entered values",
            {
                "team_id": key("工作队编号", "team"),
                "indicator": text("指标", "indicator", blank=False, required=True),
                "item": text("分项", "item"),
                "value": number("数值", "value", low=None, percent=0.01),
                "status": code(
                    "状态",
                    "status",
                    {"measured": ("已测", "measured"), "not_applicable": ("不适用", "not applicable")},
                    blank=True,
                    required=False,
                ),
                "note": text("说明", "note"),
            },
        ),
    }.items()
}


def label(table: str, lang: str, column: str = "") -> str:
    """The name of a table, or of a column of it, in a language or the first it falls back to."""
    return in_language(words_of(table, column), lang)


def words_of(table: str, column: str = "") -> dict[str, str]:
    """The name of a table, or of a column of it, in every language of the interface."""
    about = SCHEMAS[table].columns[column].metadata if column else SCHEMAS[table].metadata
    return {"zh": about["zh"], "en": about["en"]}


def code_words(table: str, column: str, lang: str) -> dict[str, str]:
    """The words of a coded column: code -> word; empty for other columns."""
    codes = SCHEMAS[table].columns[column].metadata.get("codes") or {}
    spoken = in_language({"zh": 0, "en": 1}, lang)
    return {name: words[spoken] for name, words in codes.items()}
