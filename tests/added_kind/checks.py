"""All that the program does with a kind that was added, run by ``test_kind_added.py`` beside a copy of the program."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from support.small_rubric import base, indicator, load, points, score, write
from test_engine import agree, score_of

from assess_lib.analysis.what_if import Trial
from assess_lib.faults import UnusableInput
from assess_lib.pages.curve import curve
from assess_lib.rules.changes import Changes, changed, write_version
from assess_lib.rules.loading import read_rubric
from assess_lib.scorecard.score_curve import score_curve
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import assess
from assess_lib.words import LANGUAGES

RULE = {"kind": "two_slopes", "middle": 3, "earns": 20, "target": 7}
# 20 at 3, 30 at 7: 1 → 6.67; 5 → 20 + 10 × 2 ÷ 4 = 25; 0.75075 → 20 × 0.75075 ÷ 3 = 5.005, which is 5.01
VALUES = {"A": 1, "B": 3, "C": 5, "D": 9, "E": 0.75075}
POINTS = {"A": 6.67, "B": 20, "C": 25, "D": 30, "E": 5.01}


def tree(**other: object) -> dict:
    rules = base()
    rules["dimensions"][0]["groups"][0]["indicators"] = [indicator("a", 30, RULE | other), indicator("b", 10)]
    return rules


@pytest.fixture
def result(tmp_path):
    return score(load(tree(), tmp_path), {team: {"a": value} for team, value in VALUES.items()})


def test_it_is_scored_by_the_engine_as_by_hand(result) -> None:
    assert {team: points(result, team)["a"] for team in VALUES} == POINTS
    agree(result)


@settings(max_examples=10)
@given(made=score_of("two_slopes", 30))
def test_random_rubrics_may_draw_it(made) -> None:
    assert made["kind"] == "two_slopes"


@pytest.mark.parametrize("lang, rule", [("zh", "3得 20 分，7得满分 30 分"), ("en", "20 at 3, 30 at 7")])
def test_it_is_worded_and_drawn_on_a_scorecard(result, lang, rule) -> None:
    card = Scorecard(result, None, "C", lang)
    line = next(line for line in card.lines if line.id == "a")
    assert line.rule.startswith(rule) and line.target == "≥ 7" and "7" in line.remedy
    drawn = score_curve(card, line)
    assert drawn is not None and drawn.team == (5.0, 25.0) and drawn.points[0] == 0 and drawn.points[-1] == 30
    assert rule in curve(card, line).alt


def test_what_if_moves_its_target_and_its_points(result, tmp_path) -> None:
    moves = Changes(targets={"a": F(5)}, dimensions={"work": F(30), "money": F(70)})
    outcome = Trial(result).outcome(moves)
    anew = assess(changed(result.rubric, moves), result.data)
    assert outcome.scores["total"].equals(anew.scores["total"])
    # half the weight: 10 at 3, 15 at 5
    assert [points(anew, team)["a"] for team in "ABC"] == [3.33, 10, 15]
    written = write_version(
        tmp_path / "other.yaml", write(tree(), tmp_path), result.rubric, outcome.rubric, {"version": "2"}
    )
    assert read_rubric(written).indicator("a").score == outcome.rubric.indicator("a").score


def test_its_faults_are_told_with_their_line(tmp_path) -> None:
    with pytest.raises(UnusableInput) as told:
        load(tree(middle=8), tmp_path)
    (fault,) = told.value.faults
    assert fault.key == "rubric.middle_beyond_target" and fault.place.startswith("line ")
    assert all(fault.remedy(lang) for lang in LANGUAGES)
    with pytest.raises(UnusableInput) as told:
        load(tree(target="far"), tmp_path)
    (fault,) = told.value.faults
    assert "score.target" in fault.place and "two_slopes" not in fault.place
