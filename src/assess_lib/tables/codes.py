"""The codes of coded columns, each with its Chinese and English words."""

from __future__ import annotations

CATEGORIES = {
    "poor": ("贫困户", "poor"),
    "dibao": ("低保户", "minimum living allowance"),
    "wubao": ("五保户", "five guarantees"),
    "other": ("一般户", "other"),
}
POOR_CATEGORIES = ("poor", "dibao", "wubao")
WITHOUT_REGISTER = ("dibao", "wubao")  # held by the civil affairs, whether registered as poor or not
MEASURES = {
    "jobs": ("技能培训与就业", "skills and jobs"),
    "industry": ("发展产业", "industry"),
    "micro_loan": ("小额贷款", "micro-loan"),
    "student_aid": ("资助学生", "student aid"),
    "relocation": ("搬迁扶贫", "relocation"),
    "housing": ("危房改造", "dangerous-house renovation"),
    "production": ("农业生产设施", "production infrastructure"),
    "livelihood": ("民生工程", "livelihood works"),
    "environment": ("人居环境", "living environment"),
    "security": ("社会保障", "social security"),
}
FUND_SOURCES = {
    "agricultural": ("涉农专项资金", "agricultural funds"),
    "fiscal": ("财政扶贫资金", "fiscal poverty-alleviation funds"),
    "department": ("部门帮扶资金", "counterpart-department funds"),
    "donation": ("社会捐助", "social donations"),
    "credit": ("信贷资金", "credit"),
    "market": ("市场资金", "market funds"),
}
STAGES = {
    "allocated": ("安排", "allocated"),
    "disbursed": ("到账", "disbursed"),
    "spent": ("支出", "spent"),
    "carried_over": ("结转", "carried over"),
}
SIX_ONES = {
    "plan": ("脱贫规划", "plan"),
    "leading_industry": ("主导产业", "leading industry"),
    "collective_economy": ("集体经济项目", "collective economy"),
    "infrastructure": ("基础设施", "infrastructure"),
    "public_livelihood": ("民生项目", "livelihood"),
    "village_appearance": ("村容村貌", "village appearance"),
}
MODES = {
    "one_to_one": ("一对一", "one to one"),
    "one_to_many": ("一对多", "one to many"),
    "many_to_one": ("多对一", "many to one"),
}
MEETINGS = {
    "members": ("党员大会", "members' meeting"),
    "committee": ("支委会", "branch committee"),
    "small_group": ("党小组会", "Party group"),
    "lecture": ("党课", "Party lecture"),
    "disclosure": ("五议五公开", "five deliberations, five disclosures"),
}
LEDGER = {
    "project": ("项目建设", "projects"),
    "problem": ("发现的问题", "problems found"),
    "request": ("群众要求", "villagers' requests"),
}
REPORT_KINDS = {
    "h1": ("上半年报告", "first half"),
    "h2": ("下半年报告", "second half"),
    "annual": ("年度总结", "annual summary"),
}
RECIPIENTS = {
    "county": ("县委政府", "county"),
    "area_lead": ("片长", "area lead"),
    "unit": ("派出单位", "dispatching unit"),
    "office": ("省驻村办", "provincial office"),
}
INSPECTIONS = {"work": ("工作督查", "work"), "environment": ("环境整治", "environment")}
UNIT_ACTIONS = {
    "leader_visit": ("主要负责同志到村", "visit by the principal leader"),
    "leadership_meeting": ("班子专题研究", "leadership meeting"),
    "annual_target": ("纳入年度目标", "in the annual targets"),
}
ROLES = {
    "leader": ("队长", "leader"),
    "first_secretary": ("第一书记", "first secretary"),
    "member": ("队员", "member"),
}
