"""What a page says of a county or unit: its rank, and where its teams lose points; by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support.small_rubric import base, load, score

from assess_lib.pages.site.groups import COUNTY, UNIT, Group, GroupPages
from assess_lib.pages.site.index import index_page
from assess_lib.pages.site.listing import Links, Listing
from assess_lib.scorecard.group_findings import GroupFindings
from assess_lib.scorecard.heat import points_lost
from assess_lib.scorecard.overview import overview, with_points


@pytest.fixture
def result(tmp_path):
    """Weights are a 30, b 10, c 20, d 40. T1 and T2 are of 东县, T3 of 西县, T4 of 南县, T5 of none."""
    values = {"T1": (0.5, 1, 1, 1), "T2": (1, 1, 0.5, 1), "T3": (1, 1, 1, 0.5), "T4": (1, 1, 1, 1), "T5": (0, 0, 0, 0)}
    return score(load(base(), tmp_path), {team: dict(zip("abcd", of)) for team, of in values.items()})


def findings(result, lang: str = "zh") -> GroupFindings:
    group = pd.Series({"T1": "东县", "T2": "东县", "T3": "西县", "T4": "南县", "T5": ""})
    lost = points_lost(result.points, result.rubric, result.scores.index)
    return GroupFindings(result.scores["total"], group, lost, dict(zip("abcd", "甲乙丙丁")), lang)


def test_points_lost_by_team_and_indicator(result) -> None:
    lost = points_lost(result.points, result.rubric, result.scores.index)
    assert lost.loc[["T1", "T3"]].to_numpy().tolist() == [[15, 0, 0, 0], [0, 0, 0, 20]]


def test_rank_losses_and_what_others_lose_less_of(result) -> None:
    """Means are 87.5, 80 and 100. All lose 9 of a (45 ÷ 5), 2 of b, 6 of c and 12 of d; 东县 loses 7.5 of a and 5 of c."""
    said = findings(result)
    assert said.sentences("county", "东县", pd.Index(["T1", "T2"])) == [
        "平均总分在 3 个县（市、区）中列第 2。",
        "失分最多的是甲（平均失 7.50 分，全省 9.00 分）、丙（平均失 5.00 分，全省 6.00 分）。",
    ]
    assert said.sentences("county", "西县", pd.Index(["T3"])) == [
        "平均总分在 3 个县（市、区）中列第 3。",
        "失分最多的是丁（平均失 20.00 分，全省 12.00 分）。",
        "比全省平均多失分的主要是丁。",
    ]
    assert said.sentences("county", "南县", pd.Index(["T4"])) == ["平均总分在 3 个县（市、区）中列第 1。", "没有失分。"]


def test_equal_means_share_a_place_and_one_alone_has_none(result) -> None:
    totals, lost = pd.Series({"T1": 90.0, "T2": 90.0}), pd.DataFrame({"a": [0.0, 0.0]}, index=["T1", "T2"])
    two = GroupFindings(totals, pd.Series({"T1": "U1", "T2": "U2"}), lost, {"a": "甲"}, "zh")
    assert two.sentences("unit", "U2", pd.Index(["T2"]))[0] == "平均总分在 2 个派出单位中并列第 1。"
    alone = GroupFindings(totals, pd.Series({"T1": "U1", "T2": "U1"}), lost, {"a": "甲"}, "zh")
    assert alone.sentences("unit", "U1", totals.index) == ["没有失分。"]


def test_a_loss_that_shows_as_nothing_is_none_and_three_are_named() -> None:
    one = lambda lost, teams: GroupFindings(
        pd.Series(90.0, lost.index), pd.Series("U1", lost.index), lost, dict(zip("abcd", "甲乙丙丁")), "zh"
    ).sentences("unit", "U1", pd.Index(teams))
    small = pd.DataFrame({"a": [0.01, 0.0, 0.0]}, index=["T1", "T2", "T3"])  # a mean of .0033
    assert one(small, ["T1", "T2", "T3"]) == ["没有失分。"]
    four = pd.DataFrame(dict(zip("abcd", ([4.0, 0], [3.0, 0], [2.0, 0], [1.0, 0]))), index=["T1", "T2"])
    told = one(four, ["T1"])
    assert "丙" in told[0] and not any("丁" in sentence for sentence in told)


def test_the_page_of_a_unit_says_that_the_unit_itself_must_rectify(sample_years) -> None:
    """Two of its three teams brought 96 000 yuan of 100 000; their county is not what is asked to rectify."""
    result = sample_years[0]
    now = with_points(overview(result), result.points)
    pages = GroupPages(now, None, Listing(now, None, "zh"), Links({}, {}, {}), "", "zh", result.points)
    teams, words = now.teams, "该派出单位列入限期整改（派出单位筹措资金不足 10 万元）。"
    unit, other = (teams.at[team, "unit_id"] for team in ("T0023", "T0001"))
    told = {id: pages.page(Group(UNIT, id, "某单位", teams.index[teams["unit_id"] == id])) for id in (unit, other)}
    assert words in told[unit] and "该派出单位列入" not in told[other]
    county = teams.at["T0023", "county"]
    assert "该派出单位列入" not in pages.page(Group(COUNTY, county, county, teams.index[teams["county"] == county]))
    assert index_page(now, None, "zh", ()).count("派出单位筹措资金不足 10 万元）") >= 2
