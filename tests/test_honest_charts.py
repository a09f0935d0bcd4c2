"""Charts say what they leave out: where an axis begins, what lies beyond it, what does not compare, what is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from support.small_rubric import base, indicator, load, score

from assess_lib.pages import charts, spreads
from assess_lib.pages.curve import curve
from assess_lib.pages.waterfall import waterfall
from assess_lib.rules.kinds import KINDS
from assess_lib.scorecard.heat import heat_map, points_lost
from assess_lib.scorecard.score_curve import score_curve
from assess_lib.scorecard.scorecard import Scorecard


def line_of(card: Scorecard, name: str):
    return next(line for line in card.lines if line.id == name)


def test_bars_that_do_not_begin_at_nothing_say_where_they_begin(sample_years) -> None:
    card = Scorecard(*sample_years, "T0005")
    lowest = min(min(d.peers["worst"], d.share) for d in card.dimensions)
    assert f"横轴从 {lowest * 100 - 4:.1f} 开始，不从 0 开始" in charts.dimensions(card).svg
    shares = [pd.Series([0.02, 0.5]), pd.Series([0.0, 1.0])]
    assert "不从 0 开始" not in spreads.spread(["甲", "乙"], shares, "zh").svg
    assert "the axis begins at 46.0, not at 0" in spreads.spread(["a"], [pd.Series([0.5, 0.9])], "en").svg


def test_the_steps_between_two_totals_say_where_their_axis_begins() -> None:
    # from 88 to 84: a quarter of the difference of 4 below 84
    assert "横轴从 83.0 开始" in waterfall(88, 84, [("a", -4)], "zh").svg
    assert "开始" not in waterfall(1, 0.2, [("a", -0.8)], "zh").svg, "from 0.2 less 0.5 it begins at 0"


def test_a_curve_shows_both_of_its_ends_and_who_lies_beyond(sample_years) -> None:
    card = Scorecard(*sample_years, "T0005")
    execution = score_curve(card, line_of(card, "execution"))
    assert execution.values[0] == pytest.approx(0.6), "where points begin"
    svg = curve(card, line_of(card, "execution")).svg
    assert re.findall(r">(\d[\d.]*%)<", svg)[0] == "60%" and f">{execution.values[-1] * 100:.2f}%<" in svg
    income = score_curve(card, line_of(card, "collective_income"))
    outside = int(((income.peer_values < income.values[0]) | (income.peer_values > income.values[-1])).sum())
    assert outside == 1 and "三角：1 支同类工作队的指标值在图外" in curve(card, line_of(card, "collective_income")).svg
    assert "三角" not in svg


@pytest.mark.parametrize(
    "kind, fields, weight, marks",
    [
        ("linear", {"floor": 0.5, "target": 1, "better": "higher"}, 1, ["1/2", 1]),
        ("deduct", {"target": 0, "every": 0.01, "per": 1, "floor": -10}, 0, [0, "1/10"]),
        ("deduct", {"target": 0.98, "better": "higher", "every": 0.01, "per": 0.1, "floor": 0}, "0.25", ["0.95", "0.98"]),
        ("deduct", {"target": 0, "per": 1, "floor": None}, 0, [0]),
        ("proportional", {"reference": 0.5}, 1, [0, "1/2"]),
        ("steps", {"bands": [{"range": "[90, inf)", "points": 1}, {"range": "[60, 90)", "points": 0.5}, {"range": "(-inf, 60)", "points": 0}]}, 1, [60, 90]),
    ],
)  # fmt: skip
def test_a_drawing_reaches_from_the_least_to_the_full_mark(kind, fields, weight, marks) -> None:
    """0.25 points at 0.1 for each hundredth: the third hundredth below 98 % leaves nothing, at 95 %."""
    found = KINDS[kind].model_validate({"kind": kind} | fields).landmarks(Fraction(weight))
    assert sorted(found) == [Fraction(mark) for mark in marks]


def test_the_line_between_years_that_do_not_compare_is_broken(sample_years, tmp_path) -> None:
    dashed = "stroke-dasharray"
    assert charts.years(Scorecard(*sample_years, "T0001")).svg.count(dashed) == 2
    rubric = load(base(), tmp_path)
    now, before = (score(rubric, {"T1": {"a": value, "b": 1, "c": 1, "d": 1}}) for value in (1, 0.5))
    assert dashed not in charts.years(Scorecard(now, replace(before, year=2015), "T1")).svg


def test_points_are_lost_where_the_indicator_applies(tmp_path) -> None:
    result = score(
        load(base(), tmp_path), {"A": {"a": 0.5, "b": "not_applicable", "c": 1, "d": 1}, "B": {"a": 1, "b": 0.9}}
    )
    lost = points_lost(result.points, result.rubric, pd.Index(["A", "B"]))
    # A: a has the weight of b too, 40, and half of it; B: 0.1 × 10 of b, and c and d were not entered
    assert lost.loc["A"].fillna(-1).tolist() == [20, -1, 0, 0] and lost.loc["B"].tolist() == [0, 1, 20, 40]
    assert lost["a"].mean() == 10 and lost["b"].mean() == 1
    rows = heat_map(result.points, result.rubric, pd.Index(["A", "B"]))
    assert [row.lost for row in rows.values()] == ["2000,,,", ",100,2000,4000"] and rows["A"].signs[1] == "-"


def test_deductions_are_lost_points_too(tmp_path) -> None:
    """e takes 2 points for each unit, 8 at most; f takes 1 for each without an end; neither has a weight."""
    tree = base()
    deduct = {"kind": "deduct", "target": 0, "every": 1}
    tree["dimensions"][0]["groups"][0]["indicators"] += [
        indicator("e", 0, {**deduct, "per": 2, "floor": -8}),
        indicator("f", 0, {**deduct, "per": 1, "floor": None}),
    ]
    full = dict.fromkeys("abcd", 1)
    values = {"A": {"e": 3, "f": 5}, "B": {"e": 0, "f": 0}, "C": {"e": "not_applicable", "f": 0}}
    result = score(load(tree, tmp_path), {team: {**full, **more} for team, more in values.items()})
    teams = pd.Index(list(values))
    lost = points_lost(result.points, result.rubric, teams)
    assert lost[["e", "f"]].fillna(-1).to_numpy().tolist() == [[6, 5], [0, 0], [-1, 0]]
    rows = heat_map(result.points, result.rubric, teams)  # a, b, e, f, c, d
    assert [rows[team].signs for team in teams] == ["aa20aa", "aaaaaa", "aa-aaa"]
    assert [rows[team].lost for team in teams] == [",,600,500,,", ",,,,,", ",,,,,"]
