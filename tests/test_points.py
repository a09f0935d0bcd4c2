"""The score kinds: by hand, and the properties that they promise."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from assess_lib.exact import decimal_text, exact, round_half_up
from assess_lib.rules.intervals import Interval, fault_in_cover
from assess_lib.rules.kinds import KINDS, Score
from assess_lib.rules.kinds.base import Case, Cases, ScoreKind
from assess_lib.rules.peer_values import PeerValues
from assess_lib.scorecard.wording import UnitWords, rule_text, target_text
from assess_lib.words import LANGUAGES

SCORE = TypeAdapter(Score)
CASES = YAML(typ="safe").load((Path(__file__).parent / "cases_points.yaml").read_text(encoding="utf-8"))


def test_every_kind_has_cases() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{kind}-{n}") for kind, cases in CASES.items() for n, case in enumerate(cases)]
)
def test_points_by_hand(case: dict) -> None:
    score, weight = SCORE.validate_python(case["score"]), exact(case["weight"])
    peers = PeerValues(exact(peer) for peer in case["peers"]) if "peers" in case else None
    teams = [
        (Case(Fraction(len(items)), {item: Fraction(1) for item in items}), exact(points))
        for items, points in case.get("present", [])
    ]
    teams += [(Case(exact(value), {}, peers), exact(points)) for value, points in case.get("values", {}).items()]
    assert teams
    for one, points in teams:
        assert score.earned(one, weight) == points, one
    together = score.earned_by_many(many([one for one, _ in teams]), weight)
    for (_, points), earned, undecided in zip(teams, *together):
        assert undecided or abs(earned - float(points)) < 1e-12


def many(teams: list[Case]) -> Cases:
    """The same figures as arrays."""
    parts = [(n, name, value) for n, case in enumerate(teams) for name, value in case.parts.items()]
    return Cases(
        np.array([float(case.value) for case in teams]),
        np.array([case.value for case in teams], dtype=object),
        np.array([n for n, _, _ in parts], dtype="int64"),
        np.array([name for _, name, _ in parts], dtype=object),
        np.array([float(value) for _, _, value in parts]),
        teams[0].peers,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_scored_worded_drawn_and_tried(kind: str) -> None:
    """All that the program asks of a kind, for the first of its cases: a new kind is complete when this passes."""
    case = CASES[kind][0]
    score, weight = SCORE.validate_python(case["score"]), exact(case["weight"])
    assert type(score) is KINDS[kind] and issubclass(KINDS[kind], ScoreKind)
    assert score.least(weight) <= score.most(weight)
    for lang in LANGUAGES:
        for unit in ("share", "yuan", "yes_no"):
            assert rule_text(score, weight, unit, lang) and target_text(score, weight, unit, lang)
            assert score.demand_words(weight, UnitWords(unit, lang))
    assert score.drawable or score.item_ids
    marks = score.landmarks(weight)
    assert all(isinstance(mark, Fraction) for mark in marks)
    assert (score.full_value(weight) in marks) == (score.full_value(weight) is not None)
    step = Fraction(1, 100)
    half = score.scaled(Fraction(1, 2), step)
    assert half.most(weight / 2) == round_half_up(score.most(weight) / 2, step) * step or half.most(weight / 2) > 0
    assert score.scaled(Fraction(1), step) == score
    assert list(score.misfits(weight)) == [] and all(len(one) == 4 for one in score.misfits(weight + 1))
    if score.movable:
        low, high, reach = score.movable_range()
        assert low < high and reach > 0
        moved = score.moved(high)
        assert moved is not None and getattr(moved, score.movable) == high
    assert SCORE.validate_python(score.model_dump(mode="json", exclude={"of_peers"})) == score


def test_a_reference_of_zero_says_nothing() -> None:
    score = SCORE.validate_python({"kind": "relative", "to": "median", "base": 1})
    peers = PeerValues([Fraction(0), Fraction(0), Fraction(5)])
    assert score.earned(Case(Fraction(5), {}, peers), Fraction(2)) is None
    points, undecided = score.earned_by_many(many([Case(Fraction(5), {}, peers)]), Fraction(2))
    assert np.isnan(points).all() and not undecided.any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_formula_of_a_kind_gives_its_points_for_any_weight(kind: str) -> None:
    """What a team earns of each amount does not hang on the weight; amounts alone move with it."""
    for case in CASES[kind]:
        official, weight, step = SCORE.validate_python(case["score"]), exact(case["weight"]), Fraction(1, 100)
        if official.formula() is None:
            continue  # the kind has none, and its weight cannot be moved on published pages
        peers = PeerValues(exact(peer) for peer in case["peers"]) if "peers" in case else None
        teams = [Case(Fraction(len(items)), {i: Fraction(1) for i in items}) for items, _ in case.get("present", [])]
        teams += [Case(exact(value), {}, peers) for value in case.get("values", {})]
        for one in teams:
            times = official.times(one)
            for ratio in (Fraction(1), Fraction(1, 3), Fraction(17, 10), Fraction(0)):
                score = official.scaled(ratio, step)
                assert score.formula().points(times, weight * ratio) == score.earned(one, weight * ratio), (one, ratio)
                counts = weight * ratio > 0 or _counts_by_itself(score)
                assert counts == score.counts(weight * ratio)


def _counts_by_itself(score: ScoreKind) -> bool:
    """By its formula, whether an indicator counts that has no weight."""
    formula, amounts = score.formula(), (Fraction(0), *score.formula().amounts)
    return (
        formula.endless or any(amounts[at] > 0 for at in formula.above) or any(amounts[at] < 0 for at in formula.below)
    )


def test_parts_are_joined_where_their_sum_has_no_end_and_kept_where_it_has() -> None:
    parts = {"a": Fraction(2), "b": Fraction(1, 2)}
    joined = SCORE.validate_python({"kind": "linear", "floor": 0, "target": 1, "average_over": "parts"})
    held = SCORE.validate_python({"kind": "linear", "floor": 0, "target": 1, "cap": 3, "average_over": "parts"})
    case = Case(Fraction(5, 4), parts)
    assert joined.times(case) == [{0: Fraction(3, 4)}]  # 1 and 1/2
    assert held.times(case) == [{0: Fraction(2)}, {0: Fraction(1, 2)}]  # of 2 points 3, for the cap, and 1
    assert held.formula().points(held.times(case), Fraction(2)) == 2 == held.earned(case, Fraction(2))


numbers = st.decimals(-500, 500, places=3).map(lambda d: Fraction(str(d)))
positive = st.decimals("0.01", 500, places=2).map(lambda d: Fraction(str(d)))


def _bands(better: str, cuts: list[Fraction], marks: list[Fraction]) -> dict:
    ends = ["-inf", *(str(float(cut)) for cut in cuts), "inf"]
    marks = sorted(marks, reverse=better == "lower")
    return {
        "kind": "steps",
        "better": better,
        "bands": [
            {"range": f"{'(' if low == '-inf' else '['}{low}, {high})", "points": float(mark)}
            for low, high, mark in zip(ends, ends[1:], marks)
        ],
    }


@st.composite
def scores(draw) -> tuple:
    """A score and a weight of every kind that is decided by the value alone."""
    kind = draw(st.sampled_from(["linear", "steps", "all_or_nothing", "proportional", "deduct", "add"]))
    better, weight = draw(st.sampled_from(["higher", "lower"])), draw(positive)
    low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
    if kind == "linear":
        made = {
            "kind": kind,
            "floor": low if better == "higher" else high,
            "target": high if better == "higher" else low,
        }
    elif kind == "steps":
        cuts = sorted(draw(st.lists(st.integers(-300, 300), min_size=1, max_size=4, unique=True)))
        marks = draw(st.lists(st.integers(0, 20), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
        made, weight = (
            _bands(better, [Fraction(cut) for cut in cuts], [Fraction(m) for m in marks]),
            Fraction(max(marks)),
        )
    elif kind == "all_or_nothing":
        made = {"kind": kind, "target": low, "better": better, "beyond": draw(st.booleans())}
    elif kind == "proportional":
        made = {"kind": kind, "reference": draw(positive)}
    elif kind == "deduct":
        made = {
            "kind": kind,
            "target": low,
            "every": draw(positive),
            "per": draw(positive),
            "better": better,
            "partial": draw(st.sampled_from(["none", "started", "pro_rata"])),
        }
    else:
        made = {"kind": kind, "per": draw(positive), "cap": draw(positive)}
    return SCORE.validate_python(made), weight


@given(scores(), numbers)
def test_points_stay_between_least_and_most(pair, value) -> None:
    score, weight = pair
    assert score.least(weight) <= score.points(value, weight) <= score.most(weight)
    if score.kind in ("linear", "all_or_nothing", "proportional", "deduct"):
        assert 0 <= score.points(value, weight) <= weight


@given(scores(), numbers, numbers)
def test_a_better_value_never_earns_fewer_points(pair, one, other) -> None:
    score, weight = pair
    worse, better = sorted([one, other], reverse=score.better == "lower")
    assert score.points(worse, weight) <= score.points(better, weight)


@given(scores(), st.lists(numbers, min_size=1, max_size=8))
def test_points_of_many_are_those_of_each(pair, values) -> None:
    score, weight = pair
    for value, points, undecided in zip(
        values, *score.points_of_many(np.array([float(v) for v in values]), float(weight))
    ):
        assert undecided or abs(points - float(score.points(value, weight))) < 1e-9 * max(1, abs(points))


@given(scores())
def test_the_full_value_earns_the_full_mark(pair) -> None:
    score, weight = pair
    goal = score.full_value(weight)
    if goal is not None and not getattr(score, "beyond", False) and score.kind != "steps":
        assert score.points(goal, weight) == (score.cap if score.kind == "add" else weight)


@given(st.lists(positive, min_size=1, max_size=12), st.sampled_from(["higher", "lower"]))
def test_peer_kinds_never_turn_the_order_round(peers, better) -> None:
    for made in (
        {"kind": "relative", "to": "median", "base": 1, "better": better},
        {"kind": "rank", "per_place": 0.3, "better": better},
    ):
        score = SCORE.validate_python(made)
        earned = [
            score.earned(Case(value, {}, PeerValues(peers)), Fraction(2))
            for value in sorted(peers, reverse=better == "lower")
        ]
        assert earned == sorted(earned)
        assert all(score.least(Fraction(2)) <= points <= score.most(Fraction(2)) for points in earned)


@pytest.mark.parametrize(
    "bands, fault",
    [
        (["(-inf, 60)", "[60, inf)"], None),
        (["[60, inf)", "(-inf, 60)"], None),
        (["(-inf, 60]", "[60, inf)"], "bands_overlap"),
        (["(-inf, 61)", "[60, inf)"], "bands_overlap"),
        (["(-inf, 60)", "(60, inf)"], "bands_hole"),
        (["(-inf, 60)", "[61, inf)"], "bands_hole"),
        (["[0, 60)", "[60, inf)"], "bands_hole"),
        (["(-inf, 60)", "[60, 100]"], "bands_hole"),
        (["(-inf, inf)", "[60, inf)"], "bands_overlap"),
        (["(-inf, 60)", "[60, 60]", "(60, inf)"], None),
    ],
)
def test_bands_cover_every_number_once(bands, fault) -> None:
    assert fault_in_cover([Interval.written(band) for band in bands]) == fault


@pytest.mark.parametrize(
    "text", ["", "[1]", "[2, 1]", "(1, 1)", "[1, 1)", "[a, b]", "1..2", "[inf, 2]", "[1, -inf]", 5]
)
def test_what_is_no_interval(text) -> None:
    with pytest.raises(ValueError):
        Interval.written(text)


@given(numbers, numbers, st.booleans(), st.booleans())
def test_an_interval_reads_back(low, high, low_closed, high_closed) -> None:
    if low < high:
        interval = Interval(low, high, low_closed, high_closed)
        back = Interval.written(str(Interval(Fraction(int(low)), Fraction(int(high)) + 1, low_closed, high_closed)))
        assert (back.low_closed, back.high_closed) == (low_closed, high_closed)
        assert (low in interval, high in interval) == (low_closed, high_closed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "linear", "floor": 1, "target": 1},
        {"kind": "linear", "floor": 1, "target": 2, "better": "lower"},
        {"kind": "linear", "floor": "1", "target": 2},
        {"kind": "linear", "floor": True, "target": 2},
        {"kind": "linear", "floor": float("nan"), "target": 2},
        {"kind": "rank", "per_place": 0},
        {"kind": "deduct", "per": -1},
        {"kind": "steps", "bands": []},
        {"kind": "checklist", "items": [{"id": "a", "name": {"zh": "甲", "en": "a"}, "points": 1}] * 2},
        {"kind": "guess"},
    ],
)
def test_scores_that_cannot_be(wrong) -> None:
    with pytest.raises(ValidationError):
        SCORE.validate_python(wrong)


# 四舍五入: halves away from zero, on the numbers as written. 2.675 is below 2.675 in binary; written, it is a half.
@pytest.mark.parametrize(
    "number, cents", [(2.675, 268), (0.125, 13), (0.005, 1), (0.0049, 0), (-0.005, -1), (1.005, 101), (3, 300)]
)
def test_rounding_half_up(number, cents) -> None:
    assert round_half_up(exact(number)) == cents


@pytest.mark.parametrize(
    "number, digits, text",
    [
        (1234.5, 2, "1,234.50"),
        (-0.005, 2, "-0.01"),
        (-0.001, 2, "0.00"),
        (0.5, None, "0.5"),
        (Fraction(1, 3), None, "0.333333"),
        (2, None, "2"),
    ],
)
def test_decimal_text(number, digits, text) -> None:
    assert decimal_text(exact(number), digits) == text
