"""What if: moving weights, targets and limits gives what assessing by the changed rules gives, and adds up."""

from __future__ import annotations

from fractions import Fraction as F

import numpy
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from oracle.scoring import shared_out as shared_out_one
from support.judged_sample import judged_sample
from support.situations import RUBRICS
from support.situations import rubric as default_rubric
from support.small_rubric import base, indicator, load, score, write

from assess_lib.analysis.what_if import Trial
from assess_lib.exact import apportion
from assess_lib.faults import UnusableInput
from assess_lib.indicators.registry import vocabulary
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.changes import Changes, changed, moved_sum, write_version
from assess_lib.rules.loading import read_rubric
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import assess
from assess_lib.scoring.awards import commended_teams, rectification
from assess_lib.scoring.weights import apportioned, shared_out

pytestmark = pytest.mark.xdist_group("trial")


@pytest.fixture(scope="module")
def trial(sample_years, tmp_path_factory) -> Trial:
    return Trial(judged_sample(sample_years[0], tmp_path_factory.mktemp("trial")))


def same(trial: Trial, changes: Changes) -> None:
    """What a trial gives is what assessing anew gives; for assessments that nobody has reviewed."""
    assert not trial.result.adjustments.touched
    outcome = trial.outcome(changes)
    slow = assess(changed(trial.rubric, changes), trial.result.data)
    for name in slow.scores.columns.intersection(outcome.scores.columns):
        assert outcome.scores[name].equals(slow.scores[name]), name
    assert set(outcome.commended) == set(commended_teams(slow).index)
    listed = rectification(slow)
    assert set(outcome.rectified) == set(listed.loc[listed["kind"] == "team", "id"])
    assert set(outcome.rectified_units) == set(listed.loc[listed["kind"] == "unit", "id"])


def test_nothing_moved_is_what_holds(trial) -> None:
    for name in trial.result.scores.columns.intersection(trial.start.scores.columns):
        assert trial.start.scores[name].equals(trial.result.scores[name]), name
    assert not trial.moves(trial.start)["change"].any()


@pytest.fixture(scope="module")
def plain(sample_years) -> Trial:
    return Trial(sample_years[0])


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_moving_anything_gives_what_assessing_by_the_changed_rules_gives(plain, data) -> None:
    rubric = plain.rubric
    weights = st.integers(0, 6000).map(lambda n: F(n, 100))
    dimensions = data.draw(st.dictionaries(st.sampled_from([d.id for d in rubric.dimensions]), weights, max_size=3))
    chosen = data.draw(st.lists(st.sampled_from([i.id for i in rubric.indicators()]), max_size=4))
    indicators = {name: data.draw(st.integers(0, 800).map(lambda n: F(n, 100))) for name in chosen}
    targets = {}
    for rule in rubric.indicators():
        if rule.id in chosen and rule.score.movable and rule.score.kind != "deduct":
            targets[rule.id] = getattr(rule.score, rule.score.movable) * data.draw(
                st.sampled_from([F(3, 4), F(9, 8), F(2)])
            )
    limits = data.draw(st.sampled_from([{}, {"excellent": F(92)}, {"good": F(75), "pass": F(1201, 20)}]))
    try:
        changes = Changes(dimensions, indicators, targets, limits)
        changed(rubric, changes)
    except UnusableInput:
        reject()
    same(plain, changes)


def test_a_goal_that_nobody_reaches_is_not_due_yet_in_a_trial_too(plain) -> None:
    """What a village has by the official goal, and has not by that of the trial, is owed in a later year."""
    changes = Changes({}, {}, {"culture_room": F(9, 8)}, {})
    same(plain, changes)
    place = plain.result.figures.indicators.index("culture_room")
    before, now = (outcome.points.weight[:, place] for outcome in (plain.start, plain.outcome(changes)))
    assert (now[before > 0] == 0).any()


def small(*indicators: dict, **more) -> Rubric:
    tree = base()
    tree |= more
    if indicators:
        tree["dimensions"][1]["groups"][0]["indicators"] = list(indicators)
    return Rubric.model_validate(tree)


def test_by_hand_and_what_a_person_judged_moves_along(tmp_path) -> None:
    values = {"A": {"a": 0.5, "b": 1, "c": 0.5, "d": 0.25}, "B": {"a": 1, "b": 1, "c": 1, "d": 0.5}}
    review = ReviewSession(score(small(), values), Ledger(tmp_path / "l.sqlite"))
    review.judge("points", "A", "c", "张三", "材料补交属实", becomes=16)  # of 20
    one = Trial(review.result)
    assert one.start.scores["total"].to_dict() == {"A": 51.0, "B": 80.0}  # 15 + 10 + 16 + 10
    outcome = one.outcome(Changes(dimensions={"work": F(20)}))  # 20 and 40 of 60 are brought to 33.33 and 66.67
    assert moved_sum(one.rubric, Changes(dimensions={"work": F(20)})) == 60
    assert [str(d.weight) for d in outcome.rubric.dimensions] == ["3333/100", "6667/100"]
    # a 30→16.67 (largest remainder), b 10→5.55, c 20→11.11: A 8.335→8.34 + 5.55 + 11.11×0.8=8.888→8.89 + 16.6675→16.67
    assert [str(i.weight) for i in outcome.rubric.indicators()] == ["1667/100", "111/20", "1111/100", "6667/100"]
    assert outcome.scores["total"].to_dict() == {"A": 39.45, "B": 66.67}
    parts = one.steps_between(outcome, "A")
    assert parts == [("a", -6.66), ("b", -4.45), ("c", -7.11), ("d", 6.67)]
    assert round(51 + sum(points for _, points in parts), 2) == 39.45
    moved = one.moves(outcome).loc["B"]
    assert (moved["change"], moved["grade_before"], moved["grade"]) == (-13.33, "good", "good")


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (
            {"kind": "steps", "bands": [{"range": "(-inf, 1)", "points": 13}, {"range": "[1, inf)", "points": 40}]},
            (0.5, 2),
        ),
        ({"kind": "deduct", "per": 3, "every": 1, "floor": -7}, (1, 40)),
        ({"kind": "linear", "floor": 0, "target": 1, "cap": 45}, (0.7, 1.4)),
        ({"kind": "proportional", "reference": 2, "min": 5, "max": 41}, (0.1, 3)),
        ({"kind": "relative", "to": "mean", "base": 20, "min": 2, "max": 38}, (1, 30)),
        ({"kind": "relative", "to": "median", "base": 20, "better": "lower"}, (1, 3)),
        ({"kind": "rank", "per_place": 11, "floor": 3}, (1, 2)),
        ({"kind": "all_or_nothing", "target": 1}, (0, 1)),
    ],
)
def test_every_kind_moves_with_its_weight_and_target(rule, values) -> None:
    rubric = small(indicator("d", 40, rule))
    full = {"a": 0.3, "b": 0.2, "c": 0.7}
    one = Trial(
        score(
            rubric, {"A": {**full, "d": values[0]}, "B": {**full, "d": values[1]}, "C": {**full, "d": "not_applicable"}}
        )
    )
    for changes in (
        Changes(dimensions={"money": F(57)}),
        Changes(dimensions={"money": F(0)}),
        Changes(targets={"d": F(3)}),
    ):
        same(one, changes)


def test_caps_variants_and_bonuses_move_too() -> None:
    tree = base()
    tree["peer_group"] = "county"
    tree["dimensions"][0]["groups"][0] |= {"cap": 33, "floor": 4}
    tree["dimensions"][0]["groups"][0]["indicators"][0]["variants"] = [{"peers": {"county": ["乙"]}, "weight": 20}]
    tree["dimensions"][0]["groups"][0]["indicators"][1]["variants"] = [{"peers": {"county": ["乙"]}, "weight": 20}]
    tree["dimensions"][1]["groups"][0]["indicators"].append(indicator("e", 0, {"kind": "add", "per": 0.5, "cap": 1}))
    teams = {name: {"county": "甲乙"[n % 2]} for n, name in enumerate("ABCD")}
    values = {name: {"a": 0.2 * n, "b": 1, "c": 0.4, "d": 0.3, "e": n} for n, name in enumerate("ABCD")}
    one = Trial(score(Rubric.model_validate(tree), values, teams))
    for changes in (
        Changes(dimensions={"work": F(50)}),
        Changes(indicators={"a": F(11)}),
        Changes(dimensions={"money": F(90)}),
    ):
        same(one, changes)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (Changes(dimensions={"work": F(0), "money": F(0)}), "trial.no_weight"),
        (Changes(indicators={"d": F(0)}), "trial.no_weight"),
        (Changes(targets={"a": F(0)}), "trial.target"),
        (Changes(targets={"a": F(-1)}), "trial.target"),
        (Changes(limits={"good": F(95)}), "trial.limits"),
    ],
)
def test_what_does_not_hold_together_is_refused(changes, key) -> None:
    with pytest.raises(UnusableInput) as refused:
        changed(small(), changes)
    assert [fault.key for fault in refused.value.faults] == [key] and refused.value.text("en")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(0, 300))
def test_splitting_many_at_once_is_splitting_each(parts, whole) -> None:
    by_hand = apportion(F(whole), [F(part) for part in parts], F(1))
    assert apportioned(numpy.array([whole]), numpy.array([parts])).tolist() == [[int(part) for part in by_hand]]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_sharing_out_many_at_once_is_sharing_out_each(data) -> None:
    rubric = default_rubric()
    weights = {indicator.id: indicator.weight for indicator in rubric.indicators()}
    counts = data.draw(st.lists(st.booleans(), min_size=len(weights), max_size=len(weights)))
    slow = shared_out_one(rubric, weights, {name for name, does in zip(weights, counts) if does})
    fast = shared_out(rubric, numpy.array([[int(w * 100) for w in weights.values()]]), numpy.array([counts]))
    assert fast.tolist() == [[int(slow[name] * 100) for name in weights]]


def test_a_new_version_is_written_with_its_note_and_reads_as_it_was_tried(tmp_path) -> None:
    file = RUBRICS / "hubei-2015.yaml"  # one that extends another
    rubric = read_rubric(file, vocabulary())
    now = changed(
        rubric, Changes({"fund_use": F(27)}, {"inspection": F(3)}, {"funds_raised": F(60000)}, {"good": F(82)})
    )
    about = {"id": "hubei-2015-a", "version": "2015.2", "note": "资金分值上调：试行 'x' #1"}
    path = write_version(tmp_path / "new" / "a.yaml", file, rubric, now, about, vocabulary())
    read = read_rubric(path, vocabulary())
    assert read.model_dump(exclude=set(about)) == now.model_dump(exclude=set(about))
    assert read.note == about["note"] and read.id == "hubei-2015-a"
    with pytest.raises(UnusableInput) as refused:
        write_version(path, file, rubric, now, about, vocabulary())
    assert refused.value.faults[0].key == "trial.exists" and len(list(path.parent.iterdir())) == 1


def test_a_version_that_does_not_hold_together_is_not_written(tmp_path) -> None:
    tree = base()
    file = write(tree, tmp_path)
    rubric = load(tree, tmp_path)
    broken = rubric.model_copy(
        update={"dimensions": [rubric.dimensions[0].model_copy(update={"weight": F(10)}), rubric.dimensions[1]]}
    )
    with pytest.raises(UnusableInput):
        write_version(tmp_path / "out.yaml", file, rubric, broken, {"id": "x", "version": "2", "note": ""})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.yaml"]
