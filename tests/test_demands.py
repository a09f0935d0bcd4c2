"""What earns the full mark and what is demanded, as an office writes them: by kind, direction and unit, and on the lists."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from support.situations import rubric

from assess_lib.pages.documents.circular import Table, circular
from assess_lib.records.record import Program, read_record, write_record
from assess_lib.rules.paths import way_column
from assess_lib.rules.peer_values import PeerValues
from assess_lib.rules.rubric import PEER_COLUMNS, Indicator
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import (
    counted_text,
    demand_text,
    goal_text,
    remedy_text,
    rule_text,
    target_text,
    unit_of,
    value_text,
)
from assess_lib.scorecard.year_summary import YearSummary

PROGRAM = Program(program="1", code="c", parameters_digest="", packages={})
LINEAR = {"kind": "linear", "floor": 0, "target": 1}
STEPS = {"kind": "steps", "bands": [{"range": "[90, inf)", "points": 1}, {"range": "(-inf, 90)", "points": 0}]}
OPEN = {"kind": "steps", "bands": [{"range": "(90, inf)", "points": 1}, {"range": "(-inf, 90]", "points": 0}]}
ITEMS = [{"id": id, "name": {"zh": id, "en": id}, "points": 0.5} for id in ("plan", "trade")]

# measure, score; the target and the demand in Chinese, then in English
WORDED = [
    ("targeting", LINEAR, "100%", "须达到 100%", "100%", "100%"),
    ("leverage", LINEAR | {"target": 0.5}, "≥ 50%", "须达到 50%", "≥ 50%", "at least 50%"),
    ("relapse", {"kind": "linear", "floor": 0.05, "target": 0}, "0", "须降为 0", "0", "0"),
    ("carry_over", {"kind": "linear", "floor": 0.2, "target": 0.1}, "≤ 10%", "须不高于 10%", "≤ 10%", "at most 10%"),
    ("audit_findings", {"kind": "deduct", "target": 0, "per": 1}, "0", "须降为 0", "0", "0"),
    ("audit_finding_count", {"kind": "deduct", "target": 2, "per": 1}, "≤ 2 个", "须不高于 2 个", "≤ 2", "at most 2"),
    (
        "ncms_enrolment",
        {"kind": "deduct", "target": 0.98, "better": "higher", "per": 1},
        "≥ 98%",
        "须达到 98%",
        "≥ 98%",
        "at least 98%",
    ),
    (
        "poor_income_growth",
        {"kind": "all_or_nothing", "target": 0, "beyond": True},
        "> 0 个百分点",
        "须高于 0 个百分点",
        "> 0 pp",
        "above 0 pp",
    ),
    (
        "poor_income_growth",
        {"kind": "all_or_nothing", "target": 0, "better": "lower"},
        "≤ 0 个百分点",
        "须不高于 0 个百分点",
        "≤ 0 pp",
        "at most 0 pp",
    ),
    (
        "relapse",
        {"kind": "all_or_nothing", "target": 0.1, "better": "lower", "beyond": True},
        "< 10%",
        "须低于 10%",
        "< 10%",
        "below 10%",
    ),
    ("leader_studies", LINEAR | {"target": 4}, "≥ 4 次", "须达到 4 次", "≥ 4 times", "at least 4 times"),
    ("leader_visits", LINEAR | {"target": 1}, "≥ 1 天", "须达到 1 天", "≥ 1 day", "at least 1 day"),
    ("inspection", STEPS, "≥ 90 分", "须达到 90 分", "≥ 90 of 100", "at least 90 of 100"),
    ("inspection", OPEN, "> 90 分", "须高于 90 分", "> 90 of 100", "above 90 of 100"),
    ("environment", LINEAR | {"target": 100}, "100 分", "须达到 100 分", "100 of 100", "100 of 100"),
    ("leverage", {"kind": "proportional", "reference": 0.5}, "≥ 50%", "须达到 50%", "≥ 50%", "at least 50%"),
    ("six_ones", {"kind": "checklist", "items": ITEMS}, "2 项齐全", "须 2 项齐全", "all 2 items", "all 2 items"),
    (
        "leader_studies",
        {"kind": "add", "per": 0.5, "cap": 2},
        "每次 +0.5，至多 2",
        "须达到 4 次",
        "+0.5 each, at most 2",
        "at least 4 times",
    ),
    (
        "fund_benefit",
        {"kind": "relative", "to": "median", "base": 0.5},
        "中位数的 2 倍",
        "须达到同类中位数的 2 倍",
        "2 × median",
        "at least 2 × median of the peers",
    ),
    (
        "carry_over",
        {"kind": "relative", "to": "mean", "base": 0.5, "better": "lower"},
        "平均值的 0.5 倍",
        "须不高于同类平均值的 0.5 倍",
        "0.5 × mean",
        "at most 0.5 × mean of the peers",
    ),
    (
        "execution",
        {"kind": "rank", "per_place": 0.1},
        "同类第一",
        "须列同类第一",
        "first of the peers",
        "the first rank among the peers",
    ),
]


def indicator(measure: str, score: dict, **more) -> Indicator:
    about = {"id": "x", "name": {"zh": "此项", "en": "This"}, "weight": 1, "basis": "proposal", "measure": measure}
    return Indicator.model_validate(about | {"clause": {"section": "一", "words": "…"}, "score": score} | more)


@pytest.mark.parametrize("measure, score, target, demand, target_en, demand_en", WORDED)
def test_target_and_demand_of_every_kind(measure, score, target, demand, target_en, demand_en) -> None:
    one = indicator(measure, score)
    for lang, shown, told in (("zh", target, f"此项{demand}"), ("en", target_en, f"This: {demand_en}")):
        assert target_text(one.score, Fraction(1), unit_of(one), lang) == shown
        assert demand_text(one, one.score, Fraction(1), lang) == told


@pytest.mark.parametrize(
    "better, target, demand, demand_en, rule",
    [
        ("higher", "是", "此项：须做到“已出列”", "This: must be 'delisted'", "“是”得满分 1 分，否则 0 分"),
        ("lower", "否", "此项：不得有“已出列”", "This: must not be 'delisted'", "“否”得满分 1 分，否则 0 分"),
    ],
)
def test_what_is_there_or_not_is_demanded_by_name(better, target, demand, demand_en, rule) -> None:
    score = {"kind": "all_or_nothing", "target": 1 if better == "higher" else 0, "better": better}
    one = indicator("village_exit", score)
    assert target_text(one.score, Fraction(1), "yes_no", "zh") == target
    assert demand_text(one, one.score, Fraction(1), "zh") == demand
    assert demand_text(one, one.score, Fraction(1), "en") == demand_en
    assert rule_text(one.score, Fraction(1), "yes_no", "zh") == rule


def test_what_is_scored_member_by_member_is_demanded_of_every_one() -> None:
    days = rubric().indicator("attendance_days")
    assert demand_text(days, days.score, days.weight, "zh") == "每名队员驻村工作日须达到 180 天"
    assert demand_text(days, days.score, days.weight, "en") == "Days in the village: at least 180 days for every member"


def test_counts_have_their_counters() -> None:
    told = {
        name: counted_text(3, rubric().indicator(name), "zh")
        for name in ("project_completion", "visit_frequency", "cadre_participation", "broadband", "diary", "execution")
    }
    assert told == {
        "project_completion": "3 个项目",
        "visit_frequency": "3 户",
        "cadre_participation": "3 人",
        "broadband": "3 个小组",
        "diary": "3 人·月",
        "execution": "3 元",
    }
    assert counted_text(1, rubric().indicator("project_completion"), "en") == "1 project"
    assert counted_text(3, rubric().indicator("policy_publicity"), "zh") == "3", "an entered value has no counter"
    assert [value_text(2, unit, "zh") for unit in ("times", "items", "days")] == ["2 次", "2 个", "2 天"]


def test_a_remedy_says_how_many_of_what_are_lacking(sample_years) -> None:
    lines = {line.id: line for line in Scorecard(*sample_years, "T0005").lines}
    # 13 of 18 needs, 15 of 38 cadres where 0.8 × 38 = 30.4 are wanted
    assert lines["ten_measures"].remedy == "指标值须达到 100%（现为 72.22%），还差 5 项（已落实的到户措施需求）"
    assert lines["cadre_participation"].remedy == "指标值须达到 80%（现为 39.47%），还差 16 人（参加结对的党员干部）"
    assert lines["village_exit"].remedy == "做到“已出列”即得满分"
    english = {line.id: line for line in Scorecard(*sample_years, "T0005", "en").lines}
    assert english["ten_measures"].remedy == "for the full mark: 100% (now 72.22%), 5 items more (household needs met)"


def test_a_multiple_of_the_median_is_said_as_a_number(sample_years) -> None:
    """Of its six peers with money 15608/308000 and 14624/183000 stand in the middle: their sum is twice the median."""
    lines = {line.id: line for line in Scorecard(*sample_years, "T0002").lines}
    assert (
        lines["fund_benefit"].remedy
        == "指标值须达到同类中位数的 2 倍，按本年同类约为 0.1306 元/元（现为 0.0507 元/元）"
    )


@pytest.mark.parametrize(
    ("unit", "values", "told"),
    [
        ("count", (1, 3, 3), "，按本年同类约为 6"),
        ("count", (1, 3), "，按本年同类约为 4"),  # the median of two is their mean
        ("count", (1,), ""),  # a team cannot be ahead of itself
        ("share", (0.1, 0.2, 0.3), "，按本年同类约为 40%"),
        ("share", (0.1, 0.8, 0.9), ""),  # 160 % there cannot be
        ("yes_no", (0, 1, 1), ""),
    ],
)
def test_a_multiple_is_a_number_only_where_there_can_be_one(unit, values, told) -> None:
    one = indicator("entered", {"kind": "relative", "to": "median", "base": 0.5}, unit=unit)
    row = pd.Series({"numerator": None, "denominator": None, "value": values[0], "status": "measured"})
    text = remedy_text(one, one.score, Fraction(1), row, [], "zh", PeerValues(Fraction(str(each)) for each in values))
    assert text.startswith(f"指标值须达到同类中位数的 2 倍{told}（现为 ")


def test_a_goal_without_a_year_of_its_own_is_the_final_one() -> None:
    path = {"targets": {2016: 0.5, 2017: 0.9}}
    one = indicator("entered", {"kind": "linear", "floor": 0, "target": 1}, unit="share", path=path)
    team = dict.fromkeys(PEER_COLUMNS, "") | {way_column("x"): one.path.way(2016, None)}
    assert [goal_text(one, team, lang) for lang in ("zh", "en")] == ["最终目标 100%", "final goal: 100%"]


def test_money_is_counted_in_yuan_once(sample_years) -> None:
    lines = {line.id: line for line in Scorecard(*sample_years, "T0004").lines}
    assert lines["audit_findings"].remedy == "指标值须降为 0（现为 8%），须减少 32,000 元（违规使用资金）"
    english = {line.id: line for line in Scorecard(*sample_years, "T0004", "en").lines}
    assert english["audit_findings"].remedy == "for the full mark: 0 (now 8%), ¥32,000 less (misused)"


def test_one_more_is_lacking_where_the_target_itself_is_not_enough(sample_years) -> None:
    row = Scorecard(*sample_years, "T0005").now.points_of("T0005").loc["ten_measures"].copy()
    row["numerator"], row["denominator"], row["value"] = 4, 8, 0.5
    half = indicator("ten_measures", {"kind": "all_or_nothing", "target": 0.5, "beyond": True})
    assert "还差 1 项（" in remedy_text(half, half.score, Fraction(1), row, [], "zh")


def test_the_lists_demand_what_must_be_reached(sample_years, tmp_path) -> None:
    summary = YearSummary(*sample_years)
    told = {row[1]: row[3] for row in summary.rectification}
    assert told["省望楚管理局驻桃叶岭村工作队"] == (
        "每名队员驻村工作日须达到 180 天；违规资金比例须降为 0；项目按期完成率须达到 100%"
    )
    assert told["省观澜监测中心"].startswith("筹措帮扶资金须达到 100,000 元；班子专题研究须达到 4 次")
    write_record(tmp_path, sample_years, PROGRAM, {})
    tables = [part for part in circular(read_record(tmp_path), "zh").parts if isinstance(part, Table)]
    assert {row[1]: row[3] for row in tables[-1].rows} == told


def test_a_target_on_its_way_to_a_goal_is_demanded_as_it_is_in_force(sample_years, tmp_path) -> None:
    now, _ = sample_years
    one = now.rubric.indicator("collective_income")
    weight, score = now.rule_of(one, "T0005")  # 40 749 last year, a third of what lacks to 50 000: 43 832.67
    assert demand_text(one, score, weight, "zh") == "村集体经济年收入须达到 43,832.67 元"
    write_record(tmp_path, sample_years, PROGRAM, {})
    weight, score = read_record(tmp_path).rule_of(one, "T0005")
    assert demand_text(one, score, weight, "zh") == "村集体经济年收入须达到 43,832.67 元"
