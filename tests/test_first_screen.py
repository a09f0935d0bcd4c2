"""The first screen of a scorecard: each sentence worked out by hand from the team's total, its place and the rules."""

from __future__ import annotations

import pytest
from support.small_rubric import base, score

from assess_lib.pages import blocks
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.first_screen import first_screen, listed
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import Assessment

FULL = {"a": 1, "b": 1, "c": 1, "d": 1}  # 30, 10, 20 and 40 points; the lines are 90 and 60


def assessed(values: dict, quota: float | None = None, veto: dict | None = None, **grades: object) -> Assessment:
    tree = base()
    tree["grades"] = {**tree["grades"], **grades}
    if quota:
        tree["grades"]["bands"][0]["quota"] = quota
    if veto:
        tree["veto"] = [{"id": "v", "name": {"zh": "缺勤", "en": "absence"}, "basis": "proposal", **veto}]
    return score(Rubric.model_validate(tree), values)


def screen(result: Assessment, team: str, lang: str = "zh"):
    return first_screen(Scorecard(result, None, team, lang))


def test_a_line_that_is_reached_and_what_is_missing_to_the_next() -> None:
    found = screen(assessed({"A": {**FULL, "a": 0.5, "b": 0.9, "d": 0.9}}), "A")  # 15 + 9 + 20 + 36
    assert found.why == "总分 80.00，达到“good”的分数线 60 分。" and found.next_grade == "离“excellent”还差 10 分。"
    assert [(line.id, line.lost) for line in found.gains] == [("a", 15.0), ("d", 4.0), ("b", 1.0)]
    assert found.enough == "以上 3 项全部得满可加 20 分，达到“excellent”的分数线。"


def test_no_line_is_reached() -> None:
    found = screen(assessed({"A": {"a": 0.2, "b": 0.2, "c": 0.2, "d": 0.2}}), "A")  # 20 points, all lines alike
    assert found.why == "总分 20.00，没有达到“good”的分数线 60 分。" and found.next_grade == "离“good”还差 40 分。"
    assert [line.lost for line in found.gains] == [32.0, 24.0, 16.0]
    assert found.enough == "以上 3 项全部得满可加 72 分，达到“good”的分数线。"


def test_the_best_grade_has_no_next_and_a_full_mark_nothing_to_gain() -> None:
    found = screen(assessed({"A": FULL}), "A")
    assert found.why == "总分 100.00，达到“excellent”的分数线 90 分。"
    assert (found.next_grade, found.gains, found.enough, found.position) == ("", (), "", "")


def test_what_three_indicators_cannot_reach_is_said() -> None:
    """The line of the best grade is raised to 100, and all four indicators lost something."""
    bands = [{**band} for band in base()["grades"]["bands"]]
    bands[0]["range"], bands[1]["range"] = "[100, inf)", "[60, 100)"
    found = screen(assessed({"A": {"a": 0.9, "b": 0.8, "c": 0.8, "d": 0.9}}, bands=bands), "A")  # 27 + 8 + 16 + 36
    assert found.next_grade == "离“excellent”还差 13 分。"
    assert found.enough == "以上 3 项全部得满可加 11 分，离“excellent”仍差 2 分。"  # 4 of c and d, 3 of a


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_tie_at_the_edge_is_told_as_a_tie_and_not_as_want_of_places(lang) -> None:
    """Two places of four: A has one, B and C share the second, D comes behind them."""
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.9}, "D": {**FULL, "b": 0.8}}
    result = assessed(values, quota=0.5)
    tied, behind = screen(result, "B", lang), screen(result, "D", lang)
    if lang == "zh":
        assert "限 2 支，本队与C名次并列，余下的名额不够 2 支，按细则都不取，评为“good”" in tied.why
        assert "名次在前的 2 支并列而余下的名额不够" in behind.why and "用完" not in behind.why
        assert tied.next_grade == "要评为“excellent”，须在名额之内：名额内最后一支 100 分，相差 1 分。"
    else:
        assert "shares its rank with C" in tied.why and "2 ahead share a rank" in behind.why


def test_a_quota_that_is_used_up() -> None:
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.8}}
    found = screen(assessed(values, quota=0.34), "B")  # a third of three teams: one place
    assert "3 支工作队中“excellent”限 1 支，已由名次在前的 1 支用完，评为“good”" in found.why


def test_below_a_line_with_a_quota_the_quota_is_said_too() -> None:
    values = {"A": FULL, "B": {**FULL, "d": 0.5}}
    assert screen(assessed(values, quota=0.5), "B").next_grade == "离“excellent”还差 10 分。“excellent”另有名额限制。"


def test_a_veto_decides_or_stands_in_the_way() -> None:
    values = {"A": {**FULL, "a": 0.9}, "B": {**FULL, "a": 0.5}}  # 97 and 85
    result = assessed(values, veto={"minimum": {"indicator": "a", "at_least": 0.95}, "limit": "good"})
    decided, behind = screen(result, "A"), screen(result, "B")
    assert "达到“excellent”的分数线 90 分，因一票否决（缺勤）评为“good”" in decided.why
    assert decided.next_grade == "分数已够；要评为“excellent”，须消除一票否决：缺勤（a现为 0.9）。"
    assert behind.why == "总分 85.00，达到“good”的分数线 60 分。"
    assert behind.next_grade == "离“excellent”还差 5 分；即使够分，还须先消除一票否决：缺勤（a现为 0.5）。"


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ("A", "各考核重点均高于"),
        ("C", "各考核重点均低于"),
        ("B", "各考核重点都在"),
    ],
)
def test_the_position_is_what_is_true_of_the_team(team, words) -> None:
    values = {"A": FULL, "B": dict.fromkeys("abcd", 0.8), "C": dict.fromkeys("abcd", 0.5)}
    assert screen(assessed(values), team).position.startswith(words)


def test_a_point_above_and_another_below_are_both_said() -> None:
    values = {"A": {"a": 1, "b": 1, "c": 1, "d": 0.2}, "B": dict.fromkeys("abcd", 0.5), "C": dict.fromkeys("abcd", 0.6)}
    found = screen(assessed(values), "A").position
    assert "work高于" in found and "高 40.0 个百分点" in found and "money低于" in found and "低 30.0 个百分点" in found


@pytest.mark.parametrize(
    ("team", "why", "more"),
    [
        ("T0012", "总分 96.96，达到“优秀”的分数线 90 分。", []),
        (
            "T0007",
            "总分 59.03，没有达到“合格”的分数线 60 分。",
            ["离“合格”还差 0.97 分。缺佐证的补齐后最高可达 60.03 分，够“合格”的分数线。", "缺佐证：民情日记"],
        ),
        (
            "T0023",
            "因一票否决（派出单位筹措资金不足 10 万元）评为“良好”",
            ["分数已够", "派出单位筹措资金不足 10 万元（筹措帮扶资金现为 96,000 元）"],
        ),
        (
            "T0002",
            "云岭山区 8 支工作队中“优秀”限 2 支，已由名次在前的 2 支用完",
            ["名额内最后一支 94.93 分，相差 1.73 分"],
        ),
        (
            "T0014",
            "总分 80.14，达到“良好”的分数线 80 分。",
            ["47.06", "不适用", "按期完成并验收的项目", "可加 3.41 分"],
        ),
        ("T0009", "总分 88.12，达到“良好”的分数线 80 分。", ["暂定"]),
    ],
)
def test_the_first_screen_of_the_sample(team, why, more, sample_years) -> None:
    html = blocks.head(Scorecard(*sample_years, team)).html
    assert why in html and all(words in html for words in more)
    assert html.index(why) < html.index("最能提分的几项") < html.index("同类中位数")


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ("T0012", "按现有结果列入通报表扬。"),
        ("T0019", "按现有结果列入限期整改（人均驻村不足 180 个工作日）：2017年6月30日前，每名队员驻村工作日须达到 180 天；资金精准率须达到 100%；项目按期完成率须达到 100%。"),
        ("T0002", ""),  # good, and nothing asks it to rectify
    ],
)  # fmt: skip
def test_the_list_on_which_a_team_stands(team, words, sample_years) -> None:
    assert listed(Scorecard(*sample_years, team)) == (words, "整改" in words)
