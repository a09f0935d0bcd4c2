"""Adjustments by people: what they do to points, what is refused, what goes stale. All figures by hand."""

from __future__ import annotations

import copy

import pytest
from support.small_rubric import base, indicator, points, score

from assess_lib.faults import UnusableInput
from assess_lib.ledger.state import ReviewState
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession, open_review
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import assess

WHY = "材料补交属实"
VALUES = {"A": {"a": 0.5, "b": 1, "c": 0.5, "d": 0.25}, "B": {"a": 1, "b": 1, "c": 1, "d": 1}}  # A: 15 + 10 + 10 + 10


def rubric_of(second_over=None, **changes) -> Rubric:
    tree = base()
    tree |= {"review": {"second_over": second_over}, **changes}
    return Rubric.model_validate(tree)


def small_with(*indicators: dict) -> Rubric:
    """The small rubric with other indicators of its second focal point."""
    tree = base()
    tree["dimensions"][1]["groups"][0]["indicators"] = list(indicators)
    return Rubric.model_validate(tree)


@pytest.fixture
def review(tmp_path):
    def made(values=VALUES, rubric: Rubric | None = None, clock=None) -> ReviewSession:
        return ReviewSession(score(rubric or rubric_of(), copy.deepcopy(values)), Ledger(tmp_path / "ledger.sqlite"))

    return made


def refused(act, *given, **more) -> list[str]:
    with pytest.raises(UnusableInput) as found:
        act(*given, **more)
    for fault in found.value.faults:
        assert fault.cause("zh") and fault.remedy("en")
    return [fault.key.removeprefix("review.") for fault in found.value.faults]


def test_points_set_by_a_reviewer_count_and_the_computed_ones_stand_beside(review) -> None:
    one = review()
    assert one.result.scores["total"].to_dict() == {"A": 45.0, "B": 100.0}
    written = one.judge("points", "A", "a", "张三", WHY, becomes="20.5", document="鄂农函1号")
    assert one.result.scores["total"].to_dict() == {"A": 50.5, "B": 100.0}
    assert points(one.result)["a"] == 20.5 and points(one.result.computed)["a"] == 15.0
    assert one.result.scores.loc["A", "work"] == 40.5 and one.result.scores["rank"].to_dict() == {"A": 2, "B": 1}
    entry = written.entry
    assert (entry.seen.points, entry.becomes, entry.effect) == (15, 20.5, 5.5)
    assert entry.seen.rubric == one.rubric.fingerprint and entry.seen.data == one.computed.data.fingerprint


def test_a_value_set_by_a_reviewer_is_scored_by_the_rule(review) -> None:
    one = review()
    one.judge("value", "A", "d", "张三", WHY, becomes="０.５")  # 40 × 0.5
    row = one.result.points_of("A").loc["d"]
    assert (row["value"], row["points"]) == (0.5, 20.0)


def test_a_share_may_be_typed_in_percent(review) -> None:
    one = review(rubric=small_with(indicator("d", 40, unit="share")))
    one.judge("value", "A", "d", "张三", WHY, becomes="６５ ％")
    assert one.result.points_of("A").loc["d", ["value", "points"]].tolist() == [0.65, 26.0]
    assert refused(one.judge, "value", "A", "d", "张三", WHY, becomes="1.01") == ["bounds"]


def test_excluding_shares_the_weight_out(review) -> None:
    one = review()
    one.judge("exclude", "A", "b", "张三", WHY)  # a now weighs 40: 40 × 0.5
    row = one.result.points_of("A")
    assert row["weight"].to_dict() == {"a": 40.0, "b": 0.0, "c": 20.0, "d": 40.0}
    assert row["points"].to_dict() == {"a": 20.0, "b": 0.0, "c": 10.0, "d": 10.0}
    assert (row.loc["b", "status"], row.loc["b", "reason"]) == ("not_applicable", "reviewed")


def test_points_keep_their_share_when_the_weight_changes_later(review) -> None:
    one = review()
    one.judge("points", "A", "a", "张三", WHY, becomes=24)  # 24 of 30
    one.judge("exclude", "A", "b", "张三", WHY)  # 24 ÷ 30 of 40
    assert points(one.result)["a"] == 32.0


def test_points_where_evidence_is_missing_or_weight_went_elsewhere(review) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["missing"] = "exclude"
    one = review({"A": {"a": 0.5, "c": 0.5, "d": 0.25}}, Rubric.model_validate(tree))
    assert points(one.result) == {"a": 20.0, "b": 0.0, "c": 10.0, "d": 10.0}
    one.judge("points", "A", "b", "张三", WHY, becomes=5)  # b counts again with 10, a with 30
    assert points(one.result) == {"a": 15.0, "b": 5.0, "c": 10.0, "d": 10.0}
    assert one.result.points_of("A").loc["b", "status"] == "measured"


def test_a_value_of_one_team_moves_the_points_of_its_peers(review) -> None:
    rubric = small_with(indicator("d", 40, {"kind": "relative", "to": "mean", "base": 20}))
    one = review({"A": {"d": 1}, "B": {"d": 3}, "C": {"d": 2}}, rubric)
    assert [points(one.result, team)["d"] for team in "ABC"] == [10.0, 30.0, 20.0]  # mean 2
    one.judge("value", "B", "d", "张三", WHY, becomes=6)  # mean 3: 20 × 1/3, 40, 20 × 2/3
    assert [points(one.result, team)["d"] for team in "ABC"] == [6.67, 40.0, 13.33]
    one.judge("points", "A", "d", "张三", WHY, becomes=12)
    assert [points(one.result, team)["d"] for team in "ABC"] == [12.0, 40.0, 13.33]


def test_a_value_of_one_indicator_decides_whom_another_applies_to(review) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["when"] = {"indicator": {"id": "c", "op": ">", "value": 0}}
    one = review({"A": {**VALUES["A"], "c": 0}}, Rubric.model_validate(tree))
    assert one.result.points_of("A").loc["b", "reason"] == "condition"
    one.judge("value", "A", "c", "张三", WHY, becomes=1)
    assert points(one.result) == {"a": 15.0, "b": 10.0, "c": 20.0, "d": 10.0}


def test_the_same_review_gives_the_same_results_from_the_beginning(review) -> None:
    """Scoring only what was touched again is the same as scoring everything with the review."""
    one = review()
    one.judge("points", "A", "a", "张三", WHY, becomes=3)
    one.judge("value", "B", "d", "李四", WHY, becomes="0.1")
    fresh = assess(one.rubric, one.computed.data, ReviewState(one.ledger.entries(), 2016))
    assert fresh.scores.equals(one.result.scores) and fresh.points.equals(one.result.points)


def test_undo_brings_back_what_was_before(review) -> None:
    one = review()
    first = one.judge("points", "A", "a", "张三", WHY, becomes=20)
    second = one.judge("points", "A", "a", "李四", WHY, becomes=30)
    undo = one.undo(second.number, "李四", "看错了行")
    assert points(one.result)["a"] == 20.0
    one.undo(undo.number, "李四", "没有看错")
    assert points(one.result)["a"] == 30.0
    one.undo(second.number, "李四", "还是看错了")
    one.undo(first.number, "张三", "材料退回")
    assert points(one.result)["a"] == 15.0 and one.result.computed is None
    assert len(one.ledger.entries()) == 6


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reason": "  "}, ["reason"]),
        ({"reason": "略"}, ["reason"]),
        ({"by": " \u3000"}, ["by"]),
        ({"becomes": "30.01"}, ["bounds"]),
        ({"becomes": -1}, ["bounds"]),
        ({"becomes": "20.005"}, ["step"]),
        ({"becomes": "很多"}, ["number"]),
        ({"becomes": "1,5"}, ["number"]),  # not 15
        ({"becomes": "50%"}, ["number"]),
        ({"becomes": ""}, ["number"]),
        ({"becomes": "15.00"}, ["unchanged"]),
        ({"team": "Z"}, None),
        ({"indicator": "z"}, ["unknown_indicator"]),
        ({"newest": 0, "by": "李四"}, ["newer"]),
    ],
)
def test_what_is_refused_is_not_written(review, given, expected) -> None:
    one = review()
    if "newest" in given:
        one.judge("points", "A", "b", "张三", WHY, becomes=1)
    before = len(one.ledger.entries())
    asked = {"kind": "points", "team": "A", "indicator": "a", "by": "张三", "reason": WHY, "becomes": 20} | given
    found = refused(one.judge, **asked)
    assert found == (expected or ["run.unknown_team"]) and len(one.ledger.entries()) == before


def test_bounds_are_those_of_the_kind(review) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["score"] = {"kind": "deduct", "per": 4, "floor": -5}
    tree["dimensions"][1]["groups"][0]["indicators"][0]["score"] = {
        "kind": "checklist",
        "items": [{"id": item, "name": {"zh": item, "en": item}, "points": 20} for item in "xy"],
    }
    one = review({"A": {**VALUES["A"], "d": {"x": 1, "y": 0}}}, Rubric.model_validate(tree))
    assert refused(one.judge, "points", "A", "b", "张三", WHY, becomes="-5.01") == ["bounds"]
    one.judge("points", "A", "b", "张三", WHY, becomes=-5)
    assert points(one.result)["b"] == -5.0
    assert refused(one.judge, "value", "A", "d", "张三", WHY, becomes=2) == ["parts"]


def test_nobody_judges_a_unit_they_have_an_interest_in(review) -> None:
    one = review()
    one.declare_interest("王 五", "D1", "爱人在该单位")
    first = one.judge("points", "A", "a", "张三", WHY, becomes=20)
    for act in (
        lambda: one.judge("confirm", "A", "b", "王五", WHY),
        lambda: one.undo(first.number, "王　五", "不应调整"),
        lambda: one.sign_off("A", "王五"),
    ):
        assert "interest" in refused(act)
    assert refused(one.declare_interest, "王五", "D9") == ["unknown_unit"]


def test_a_change_over_the_limit_waits_for_a_second_reviewer(review) -> None:
    one = review(rubric=rubric_of(second_over=5))
    small = one.judge("points", "A", "a", "张三", WHY, becomes=20)  # 5 points: not over 5
    assert not small.entry.needs_second and one.result.scores.at["A", "total"] == 50.0
    large = one.judge("points", "A", "b", "张三", "另查实一次", becomes=9)  # 1 more, together 4 of 5: 5 − 1
    assert not large.entry.needs_second
    large = one.judge("points", "A", "c", "张三", WHY, becomes="12.01")  # together 6.01 − … over 5
    assert large.entry.needs_second and one.result.scores.at["A", "total"] == 49.0
    assert refused(one.second, large.number, "张三") == ["same_reviewer"]
    assert refused(one.second, small.number, "李四") == ["nothing_to_second"]
    assert refused(one.sign_off, "A", "张三") == ["waiting"]
    one.second(large.number, "李四")
    assert one.result.scores.at["A", "total"] == 51.01
    assert [r.entry.by for r in one.review_state.rulings["A", "c"].seconds] == ["李四"]


@pytest.mark.parametrize("changed", ["value", "rule", "other"])
def test_an_entry_on_other_figures_or_rules_is_stale_and_not_applied(review, changed) -> None:
    one = review()
    one.judge("points", "A", "a", "张三", WHY, becomes=20)
    values, tree = copy.deepcopy(VALUES), base()
    if changed == "value":
        values["A"]["a"] = 0.6
    elif changed == "rule":
        tree["dimensions"][0]["groups"][0]["indicators"][0]["score"]["target"] = 2
    else:
        values["A"]["b"], values["B"]["a"] = 0, 0
    again = review(values, Rubric.model_validate(tree))
    state = again.result.adjustments.states["A", "a"]
    assert state == ("in_force" if changed == "other" else "stale")
    assert points(again.result)["a"] == {"value": 18.0, "rule": 7.5, "other": 20.0}[changed]


def test_signed_off_means_nothing_changes_until_it_is_reopened(review) -> None:
    one = review()
    one.sign_off("A", "张三")
    assert refused(one.judge, "confirm", "A", "a", "张三", WHY) == ["signed_off"]
    assert refused(one.reopen, "A", "张三", "") == ["reason"]
    assert refused(one.reopen, "B", "张三", WHY) == ["not_signed_off"]
    one.reopen("A", "张三", "新到材料")
    one.judge("confirm", "A", "a", "张三", WHY)


def test_stages_go_one_by_one_and_say_what_may_be_done(review) -> None:
    one = review()
    one.judge("points", "A", "a", "张三", WHY, becomes=20)
    assert refused(one.object, "A", "b", "派出单位", "还有一份佐证") == ["stage_first"]
    assert refused(one.move_to_stage, ["A"], "audit", "张三") == ["stage_order"]
    one.move_to_stage(["A", "B"], "reply", "张三", on="2017-01-10")
    assert (one.review_state.stage("A").on, one.review_state.stage("A").until) == ("2017-01-10", "2017-01-25")
    assert refused(one.judge, "points", "A", "b", "张三", WHY, becomes=1) == ["stage_reply"]
    objection = one.object("A", "b", "派出单位", "还有一份佐证", "附件3")
    assert one.review_state.state("A") == "disputed"
    one.move_to_stage(["A"], "audit", "李四", on="2017-01-26")
    assert refused(one.judge, "points", "A", "b", "张三", WHY, becomes=1) == ["same_auditor"]
    assert refused(one.move_to_stage, ["A"], "final", "李四") == ["open_objection"]
    assert refused(one.answer, objection.number, True, "李四", "") == ["reason"]
    one.answer(objection.number, False, "李四", "佐证不在本年度", due="2017-02-10")
    assert [dispute.state for dispute in one.review_state.disputes] == ["rejected"]
    one.judge("points", "A", "b", "李四", WHY, becomes=1)
    one.move_to_stage(["A"], "final", "李四")
    assert refused(one.judge, "confirm", "A", "c", "李四", WHY) == ["stage_final"]
    assert refused(one.move_to_stage, ["A"], "audit", "李四") == ["reason"]
    one.move_to_stage(["A"], "audit", "李四", reason="上级要求复查")
    assert refused(one.move_to_stage, ["A", "B"], "final", "李四") == ["stage_order"]
    assert one.review_state.stage("A").stage == "audit"  # all or none


def test_teams_are_given_to_evaluators_and_the_board_counts(review) -> None:
    one = review()
    one.assign(["A"], "张三", "组长")
    assert refused(one.judge, "confirm", "A", "a", "李四", WHY) == ["assigned"]
    one.mark_viewed("A", "张三")
    one.mark_viewed("A", "张三")
    assert len(one.ledger.entries()) == 2
    assert one.progress()["state"].to_dict() == {"A": "looked", "B": "untouched"}
    one.judge("confirm", "A", "a", "张三", WHY)
    one.sign_off("B", "李四")
    assert one.progress()["state"].to_dict() == {"A": "adjusted", "B": "signed_off"}
    assert one.progress_by("assigned").loc["张三"].to_dict() == {
        "untouched": 0,
        "looked": 0,
        "adjusted": 1,
        "disputed": 0,
        "signed_off": 0,
    }


def test_two_evaluators_see_each_other(review) -> None:
    one, other = review(), review()
    one.judge("points", "A", "a", "张三", WHY, becomes=20)
    assert other.result.scores.at["A", "total"] == 45.0
    assert other.refresh() and other.result.scores.at["A", "total"] == 50.0
    assert not other.refresh()


@pytest.mark.slow
def test_the_ledger_of_a_data_folder_is_part_of_its_assessment(tmp_path) -> None:
    import shutil

    from support.situations import SAMPLE

    from assess_lib import load_years

    shutil.copytree(SAMPLE, tmp_path / "data")
    one = open_review(tmp_path / "data", 2016)
    team = one.result.scores.index[0]
    before = one.result.scores.at[team, "total"]
    written = one.judge("points", team, "income_ratio", "张三", WHY, becomes=0)
    now, earlier = load_years(tmp_path / "data", 2016)
    assert now.scores.at[team, "total"] == pytest.approx(before + float(written.entry.effect))
    assert written.entry.effect < 0 and earlier.computed is None
