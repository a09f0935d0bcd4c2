"""What the regulation calls a minimum limits the grade and leads to rectification, whatever the points."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.situations import SAMPLE, rubric
from support.small_rubric import base, score, words, write

from assess_lib.api import load_data
from assess_lib.rules.loading import check_rubric
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.award_words import reason_text, vetoes_by_grade
from assess_lib.scoring.assessment import assess
from assess_lib.scoring.awards import commended_teams, commended_units, rectification

FULL = {"a": 1, "b": 1, "c": 1, "d": 1}


def veto(name: str, least: float, limit: str, of: str = "b") -> dict:
    return {
        "id": name,
        "name": words(name),
        "basis": "regulation",
        "limit": limit,
        "minimum": {"indicator": of, "at_least": least},
        "clause": {"section": "三.3", "words": "不得少于"},
    }


def rules(**more) -> Rubric:
    lists = {
        "commendation": {
            "teams": {"grades": ["excellent"]},
            "units": {"dimension": "money", "at_least": 0.5, "top_share": 1},
        },
        "rectification": {"deadline": "06-30", "reasons": 2, **more.pop("rectification", {})},
    }
    return Rubric.model_validate(base() | lists | more)


@pytest.mark.parametrize(
    "value, grade, vetoes",
    [
        (1, "excellent", ()),
        (0.9, "excellent", ()),  # the minimum itself is enough
        (0.8999, "good", ("least",)),  # 90 + 10 × 0.8999 points, and yet not the best grade
        (0.5, "good", ("least",)),
        (0.4999, "fail", ("least", "half")),  # the lower limit of the two counts
        (None, "fail", ("least", "half")),  # what nobody shows is not reached
    ],
)
def test_a_minimum_that_is_not_reached_limits_the_grade(value, grade, vetoes) -> None:
    minimums = rules(veto=[veto("least", 0.9, "good"), veto("half", 0.5, "fail")])
    values = {name: number for name, number in {**FULL, "b": value}.items() if number is not None}
    scores = score(minimums, {"A": values}).scores.loc["A"]
    assert (scores["grade"], scores["vetoes"]) == (grade, vetoes)


def test_a_minimum_that_does_not_apply_limits_nothing() -> None:
    tree = base() | {"veto": [veto("least", 0.9, "good")]}
    tree["dimensions"][0]["groups"][0]["indicators"][1]["when"] = {"area": ["nowhere"]}
    assert score(Rubric.model_validate(tree), {"A": {**FULL, "b": 0}}).scores.at["A", "grade"] == "excellent"


def test_a_team_whose_rows_could_not_be_used_is_not_held_to_what_it_could_not_show() -> None:
    minimums = rules(veto=[veto("least", 0.9, "good")])
    whole = score(minimums, {"A": {"a": 1, "c": 1, "d": 1}})
    data = replace(whole.data, set_aside={"A": {"attendance": 1}}, _cache={})
    scores = assess(minimums, data).scores.loc["A"]
    assert (scores["vetoes"], scores["provisional"]) == ((), True)


def test_the_words_of_vetoes_stand_under_the_grade_that_each_allows() -> None:
    minimums = rules(veto=[veto("least", 0.9, "good"), veto("half", 0.5, "fail")])
    assert vetoes_by_grade(("least", "half"), minimums, "en") == [(["least"], "good"), (["half"], "fail")]


def test_less_than_a_minimum_asks_team_or_unit_to_rectify_and_keeps_them_off_the_lists() -> None:
    minimums = rules(
        veto=[veto("days", 0.9, "excellent"), veto("funds", 0.9, "excellent", "d")],
        rectification={"team_vetoes": ["days"], "unit_vetoes": ["funds"]},
    )
    result = score(minimums, {"A": FULL, "B": {**FULL, "b": 0.8}, "C": {**FULL, "d": 0.8}})
    listed = rectification(result)
    units = result.figures.teams["unit_id"]
    assert list(zip(listed["kind"], listed["id"], listed["why"])) == [
        ("team", "B", [("veto", "days")]),
        ("unit", units["C"], [("veto", "funds")]),
    ]
    assert listed["indicators"].to_list() == [["b"], ["d", "b"]]  # the three teams are of one unit
    assert [reason_text(why[0], minimums, "zh") for why in listed["why"]] == ["days", "funds"]
    assert list(commended_teams(result).index) == ["A", "C"]  # 98 points earn C the best grade; its unit must rectify
    assert commended_units(result).empty  # with 98 % of the points of support


def test_a_minimum_must_name_what_there_is_and_stand_alone(tmp_path) -> None:
    both = veto("x", 1, "good") | {"when": {"area": ["north"]}}
    neither = {name: value for name, value in both.items() if name not in ("when", "minimum")}
    unknown = veto("x", 1, "good", of="nothing")
    for bad, key in ((both, "when_or_minimum"), (neither, "when_or_minimum"), (unknown, "unknown_reference")):
        faults = check_rubric(write(base() | {"veto": [bad]}, tmp_path))[1]
        assert [fault.key for fault in faults] == [f"rubric.{key}"]
    tree = base() | {"rectification": {"deadline": "06-30", "team_vetoes": ["ghost"], "unit_vetoes": ["ghost"]}}
    faults = check_rubric(write(tree, tmp_path))[1]
    assert [fault.key for fault in faults] == ["rubric.unknown_reference"] * 2
    assert ["team_vetoes" in faults[0].place, "unit_vetoes" in faults[1].place] == [True, True]


# ---- the shipped rules --------------------------------------------------------------------------------------------


def test_the_shipped_rules_hold_the_minimums_of_the_regulation() -> None:
    """三.3 180 working days, 三.4 100 000 yuan: none of those below is 优秀, and all of them must rectify."""
    result = assess(rubric(), load_data(SAMPLE, 2016, rubric()))
    values = result.points.pivot(index="team_id", columns="indicator", values="value")
    days, funds = values["attendance_days"] < 180, values["funds_raised"] < 100_000
    assert days.sum() == 11 and funds.sum() == 3  # the sample has both
    assert not (result.scores["grade"][days | funds] == "excellent").any()
    assert "excellent" in set(result.scores["grade"])
    listed = rectification(result)
    assert set(days.index[days]) <= set(listed["id"][listed["kind"] == "team"])
    units = result.figures.teams["unit_id"]
    assert set(units[funds]) <= set(listed["id"][listed["kind"] == "unit"])
    assert {veto.clause.section for veto in rubric().veto if veto.basis == "regulation" and veto.clause} == {
        "三.3",
        "三.4",
    }


def test_every_focal_point_leads_to_rectification() -> None:
    rectify = rubric().rectification
    asked = {rule.dimension for rule in [*rectify.team_below, *rectify.unit_below]}
    assert asked == {dimension.id for dimension in rubric().dimensions}
    assert "household_pairing" in {rule.dimension for rule in rectify.team_below}
    assert {"absence", "days_minimum"} <= set(rectify.team_vetoes) and "funds_minimum" in rectify.unit_vetoes
