"""With what a summary begins and ends: what stands out in the year, and what is asked of whom; by hand and on the sample."""

from __future__ import annotations

import pandas as pd
import pytest
from support.small_rubric import base, load, score

from assess_lib.pages import blocks
from assess_lib.pages.blocks import Column
from assess_lib.scorecard.wording import mean_hundredths, mean_text
from assess_lib.scorecard.year_findings import _ends, findings, next_steps
from assess_lib.scorecard.year_summary import TeamName, YearSummary


def summary(tmp_path, lang: str = "zh", **values: tuple[float, ...]) -> YearSummary:
    rules = load(base(), tmp_path)
    return YearSummary(score(rules, {team: dict(zip("abcd", of)) for team, of in values.items()}), None, lang)


def test_focal_points_and_losses_by_hand(tmp_path) -> None:
    """Of work 60 points T1 earns 30 and T2 all, of money 40 T1 all and T2 half; a costs 30, d 20 in one of two teams."""
    told = summary(tmp_path, T1=(0, 1, 1, 1), T2=(1, 1, 1, 0.5))
    assert findings(told) == [
        "2 支工作队中，Good 2 支。",
        "失分最多的指标是a（平均失 15.00 分）、d（平均失 10.00 分）。",
    ]  # both focal points have a mean share of 75%
    assert next_steps(told) == [
        "重点改进失分最多的指标：a（1 支未得满分）、d（1 支未得满分），各队对照记分卡逐项改进。"
    ]
    other = summary(tmp_path, "en", T1=(0, 1, 1, 1), T2=(1, 1, 1, 1))
    assert (
        findings(other)[1]
        == "Of the focal points money has the highest mean share of points (100.0%), work the lowest (75.0%)."
    )


def test_a_year_without_losses_has_nothing_to_ask_for(tmp_path) -> None:
    told = summary(tmp_path, T1=(1, 1, 1, 1))
    assert findings(told) == ["1 支工作队中，Excellent 1 支。"] and next_steps(told) == []


def test_counties_change_and_rectification_of_the_sample(sample_years) -> None:
    """The figures are those of the county table and of the circular."""
    told = YearSummary(*sample_years)
    said = findings(told)
    assert "平均总分最高的县是槐岭县（91.52 分），最低的是沧渡县（76.19 分），相差 15.33 分。" in said
    assert said[:4] == [
        "24 支工作队中，优秀 5 支、良好 13 支、合格 4 支、不合格 2 支。其中总分暂定 2 支。",
        "11 支工作队列入限期整改：人均驻村不足 180 个工作日（11 支）、等次为不合格（2 支）、违规使用资金达到审计额 5%（1 支）、扶贫专项资金使用绩效得分率低于 50%（1 支）。",
        "2 个派出单位列入限期整改：派出单位筹措资金不足 10 万元（2 个）。",
        "各考核重点中，平均得分率最高的是派出单位支持（90.9%），最低的是扶贫专项资金使用绩效（80.5%）。",
    ]
    assert said[-1].startswith("与上年可对照的 24 支工作队中，19 支总分上升、5 支下降，总分变化的中位数 +3.31 分")
    assert "扣分项：违规资金比例（2 支，共扣 9.00 分）、审计发现问题（2 支，共扣 2.00 分）。" in said
    asked = next_steps(told)
    assert "11 支工作队、2 个派出单位须在2017年6月30日前完成整改并书面报告。" in asked
    assert "3 支工作队须补报缺少的佐证。" in asked
    assert asked[-1] == "平均总分低于全省且最低的 3 个县（沧渡县、云汐县、霁湖市）须分析原因，加强指导。"


@pytest.mark.parametrize("hostile", ["<b>队</b>", "甲队"])
def test_a_team_s_name_leads_to_the_list_and_stays_a_text(hostile) -> None:
    html = blocks.table([Column("队")], [(TeamName.of(hostile, "T 1&2"),)], "zh").html
    assert '<a href="index.html#q=T%201%262">' in html and "<b>" not in html


def test_every_team_of_the_summary_is_linked(sample_years) -> None:
    told = YearSummary(*sample_years)
    rows = [*told.ranking, *told.commended_teams, *told.improved, *told.missing, *told.commended_members]
    rows += [row for row in told.rectification if row[0] == "工作队"]
    assert all(any(isinstance(cell, TeamName) and cell.team_id.startswith("T") for cell in row) for row in rows)
    assert {cell.team_id for row in told.ranking for cell in row if isinstance(cell, TeamName)} == set(
        told.totals.index
    )


def test_those_that_share_an_end_are_all_named_and_the_gap_is_that_of_the_figures_shown() -> None:
    """85.125 shows as 85.13 and 70 as 70.00: 15.13 apart, though their floats are 15.125."""
    means = pd.Series({"甲": 85.125, "乙": 85.125, "丙": 80.0, "丁": 70.0})
    ends = _ends(means, mean_text)
    assert ends == {"best": (["甲", "乙"], "85.13"), "worst": (["丁"], "70.00")}
    assert mean_hundredths(85.125) - mean_hundredths(70.0) == 1513
    assert _ends(pd.Series({"甲": 85.001, "乙": 85.004}), mean_text) == {}


def test_teams_below_full_marks_are_counted(tmp_path) -> None:
    told = summary(tmp_path, T1=(0, 1, 1, 1), T2=(1, 1, 1, 1), T3=(1, 1, 1, 1))
    assert next_steps(told)[0].startswith("重点改进失分最多的指标：a（1 支未得满分）")


def of_counties(tmp_path, values: dict[str, float], counties: dict[str, str]) -> YearSummary:
    entered = {team: {"a": a, "b": 1, "c": 1, "d": 1} for team, a in values.items()}
    rows = {team: {"county": county} for team, county in counties.items()}
    return YearSummary(score(load(base(), tmp_path), entered, rows), None, "zh")


def test_counties_lag_behind_the_mean_of_all_teams(tmp_path) -> None:
    """100 and 100 in 东县, 88 in 中县, 70 in 西县: the mean of teams is 89.5, that of counties would be 86."""
    counties = {"A": "东县", "B": "东县", "C": "中县", "D": "西县"}
    told = of_counties(tmp_path, {"A": 1, "B": 1, "C": 0.6, "D": 0}, counties)
    assert "西县、中县" in next_steps(told)[-1]


def test_counties_alike_are_not_set_against_each_other(tmp_path) -> None:
    told = of_counties(tmp_path, {"A": 0.5, "B": 0.5}, {"A": "东县", "B": "西县"})
    assert not any("最高的县" in sentence for sentence in findings(told))
