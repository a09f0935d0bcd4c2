"""The counties of the list of teams: means, shares and losses by hand, and what a reader sees of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.small_rubric import base, load, score

from assess_lib.pages.site.index import index_page
from assess_lib.scorecard.county_lines import CountyLine
from assess_lib.scorecard.overview import overview, with_points
from assess_lib.scoring.assessment import Assessment

HOSTILE = "<b>西</b>县"
OF = {"T1": "东县", "T2": "东县", "T3": HOSTILE, "T4": "南县", "T5": ""}


@pytest.fixture
def result(tmp_path) -> Assessment:
    """Weights are a 30, b 10, c 20 (work) and d 40 (money). T1 and T2 are of one county, T5 of none."""
    values = {"T1": (0.5, 1, 1, 1), "T2": (1, 1, 0.5, 1), "T3": (1, 1, 1, 0.5), "T4": (1, 1, 1, 1), "T5": (0, 0, 0, 0)}
    entered = {team: dict(zip("abcd", of)) for team, of in values.items()}
    return score(load(base(), tmp_path), entered, {team: {"county": county} for team, county in OF.items()})


def listed(result: Assessment, lang: str = "zh") -> str:
    return index_page(with_points(overview(result), result.points), None, lang, set(OF))


def test_means_shares_and_losses_by_hand(result) -> None:
    """Of work 东县 earns 45 + 50 of 120, of money all; all teams lose 9 of a, 6 of c and 12 of d on average."""
    assert with_points(overview(result), result.points).counties == (
        CountyLine("南县", 1, 100.0, {"work": 1.0, "money": 1.0}, ()),
        CountyLine("东县", 2, 87.5, {"work": 0.791667, "money": 1.0}, (("a", 7.5, 9.0, 2), ("c", 5.0, 6.0, 2))),
        CountyLine(HOSTILE, 1, 80.0, {"work": 1.0, "money": 0.5}, (("d", 20.0, 12.0, 1),)),
    )


def test_the_list_says_which_county_is_last_at_what(result) -> None:
    html = listed(result)
    table = html[html.index('id="counties"') : html.index("</details>", html.index('id="counties"'))]
    assert "平均总分最高：南县（100.00）；最低：&lt;b&gt;西&lt;/b&gt;县（80.00）" in table and HOSTILE not in table
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:]]
    assert rows[0] == ["南县", "1", "100.00", "100.0%", "100.0%"]
    assert rows[1][:6] == ["东县", "2", "87.50", "最低", "79.2%", "100.0%"]
    assert rows[1][6:] == ["a，平均失", "7.50", "分（全体", "9.00）", "c，平均失", "5.00", "分（全体", "6.00）"]
    assert rows[2][3:6] == ["100.0%", "最低", "50.0%"]


def test_what_applies_to_no_team_of_a_county_is_not_its_lowest(tmp_path) -> None:
    values = {"T1": {"a": 1, "b": 1, "c": 1, "d": "not_applicable"}, "T2": {"a": 1, "b": 1, "c": 1, "d": 1}}
    made = score(load(base(), tmp_path), values, {"T1": {"county": "东县"}, "T2": {"county": "西县"}})
    lines = {line.name: line for line in with_points(overview(made), made.points).counties}
    assert lines["东县"].shares == {"work": 1.0, "money": None}
    html = index_page(with_points(overview(made), made.points), None, "zh", set())
    assert "不适用" in html and "最低</small>" not in html


def test_a_single_county_is_not_set_beside_itself(result) -> None:
    now = with_points(overview(result), result.points)
    assert 'id="counties"' not in index_page(replace(now, counties=now.counties[:1]), None, "zh", set())
