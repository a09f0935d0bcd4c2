"""What the rubric language promises of values: noise decides nothing, what does not apply is never compared."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_rubric import base, indicator, points, score
from test_engine import agree

from assess_lib.exact import exact
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.rubric import Rubric

# ---- noise of binary sums ------------------------------------------------------------------------------------------

BANDS = {"kind": "steps", "bands": [{"range": "[0.9, inf)", "points": 30}, {"range": "(-inf, 0.9)", "points": 0}]}
BY_RANK = {"kind": "rank", "per_place": 4}


def small(*, a: dict | None = None, **top) -> Rubric:
    """The small rubric with another score of its first indicator (30 points) and other keys at the top."""
    tree = base() | top
    if a:
        tree["dimensions"][0]["groups"][0]["indicators"][0] = indicator("a", 30, **a)
    return Rubric.model_validate(tree)


@pytest.mark.parametrize(
    "number, meant",
    [
        (0.57 + 0.33, F(9, 10)),  # 0.8999999999999999
        (5.1000000000000005, F(51, 10)),
        (1.1 * 3, F(33, 10)),  # 3.3000000000000003
        (1 - 0.9, F(1, 10)),  # 0.09999999999999998
        (89.99999999999999, F(90)),
        (-0.1 - 0.2, F(-3, 10)),
        (1e-7 * 3, F(3, 10**7)),
        (0.123456789012, F(123456789012, 10**12)),  # twelve digits that differ stay apart
        (0.123456789013, F(123456789013, 10**12)),
        (123456789012345.0, F(123456789012345)),  # a whole number is whole
        (123456789012.25, F(123456789012)),
    ],
)
def test_a_number_is_taken_to_twelve_digits(number, meant) -> None:
    assert exact(number) == meant


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
def test_a_larger_number_is_never_taken_for_a_smaller_one(one, other) -> None:
    low, high = sorted([one, other])
    assert exact(low) <= exact(high)


@pytest.mark.parametrize("noisy", [0.57 + 0.33, 1 - 0.1, 0.9, 3 * 0.3])
@pytest.mark.parametrize(
    "rule",
    [
        BANDS,
        {"kind": "all_or_nothing", "target": 0.9},
        {"kind": "deduct", "target": 0.9, "better": "higher", "every": 0.1, "per": 5, "partial": "started"},
        {"kind": "steps", "average_over": "parts", "bands": BANDS["bands"]},
    ],
)
def test_noise_decides_no_band(rule, noisy) -> None:
    """0.9 is in the band from 0.9 and reaches the target 0.9, however a spreadsheet came to it."""
    result = score(small(a={"score": rule, "unit": "share"}), {"A": {"a": noisy}})
    assert points(result)["a"] == 30
    agree(result)


def test_noise_decides_no_rank() -> None:
    """5.1 and 5.1000000000000005 share the first place; 5.09 comes third: 30 − 2 × 4 = 22."""
    values = {"A": {"a": 5.1}, "B": {"a": 5.1000000000000005}, "C": {"a": 5.09}}
    result = score(small(a={"score": BY_RANK}), values)
    assert [points(result, team)["a"] for team in values] == [30, 30, 22]
    agree(result)


def test_noise_decides_no_veto_and_no_condition() -> None:
    """0.57 + 0.33 is not below 0.9, so neither the veto holds nor the condition of b."""
    below = {"indicator": {"id": "a", "op": "<", "value": 0.9}}
    name = {"zh": "否决", "en": "veto"}
    veto = [{"id": "v", "name": name, "when": below, "limit": "fail", "basis": "proposal"}]
    tree = base() | {"veto": veto}
    tree["dimensions"][0]["groups"][0]["indicators"][1]["when"] = below
    result = score(Rubric.model_validate(tree), {"A": {"a": 0.57 + 0.33, "b": 1}, "B": {"a": 0.89, "b": 1}})
    assert list(result.scores["vetoes"]) == [(), ("v",)]
    assert [result.points_of(team).at["b", "status"] for team in "AB"] == ["not_applicable", "measured"]
    agree(result)


# ---- what does not apply, and what is not known ----------------------------------------------------------------------


def with_veto(veto: dict, **first) -> Rubric:
    tree = base()
    tree["veto"] = [{"id": "v", "name": {"zh": "v", "en": "v"}, "when": veto, "limit": "fail", "basis": "proposal"}]
    tree["dimensions"][0]["groups"][0]["indicators"][0] |= first
    return Rubric.model_validate(tree)


def low(limit: float = 0.5) -> dict:
    return {"indicator": {"id": "a", "op": "<", "value": limit}}


@pytest.mark.parametrize(
    "when, vetoed",
    [
        # A: 0.1, B: 0.9, C: does not apply by its entry, D: no evidence, E: 0.1 but does not apply by the rubric
        (low(), {"A"}),
        ({"not": low()}, {"B"}),
        ({"not": {"not": low()}}, {"A"}),
        ({"any": [low(), {"area": ["山区"]}]}, {"A", "B"}),  # true or unknown is true
        ({"any": [low(), {"not": low()}]}, {"A", "B"}),
        ({"all": [low(), {"area": ["山区"]}]}, {"A"}),
        ({"not": {"all": [low(), {"area": ["山区"]}]}}, {"B", "D", "E"}),  # unknown and false is false
        ({"not": {"any": [low(), {"area": ["山区"]}]}}, set()),
        ({"area": ["山区"]}, {"A", "B"}),
        ({"not": {"area": ["山区"]}}, {"D", "E"}),  # the area of C is not known
    ],
)
def test_a_condition_never_sees_what_does_not_apply_or_is_not_known(when, vetoed) -> None:
    rubric = with_veto(when, when={"not": {"teams": {"ids": ["E"], "reason": {"zh": "灾", "en": "flood"}}}})
    values = {"A": {"a": 0.1}, "B": {"a": 0.9}, "C": {"a": "not_applicable"}, "D": {}, "E": {"a": 0.1}}
    areas = {"A": "山区", "B": "山区", "C": None, "D": "平原", "E": "平原"}
    result = score(rubric, values, {team: {"area": area} for team, area in areas.items()})
    assert {team for team, found in result.scores["vetoes"].items() if found} == vetoed
    agree(result)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_conditions_that_build_on_one_another_hold_in_any_order_of_the_file(order) -> None:
    """b applies where a is under 0.5, c where b is under 0.5: of A neither, of B all, of C b alone."""
    chain = [
        indicator("a", 30),
        indicator("b", 10, when={"indicator": {"id": "a", "op": "<", "value": 0.5}}),
        indicator("c", 20, when={"indicator": {"id": "b", "op": "<", "value": 0.5}}),
    ]
    tree = base()
    tree["dimensions"][0]["groups"] = [
        {"id": "g", "name": {"zh": "g", "en": "g"}, "indicators": [chain[n] for n in order]}
    ]
    values = {
        "A": {"a": 0.9, "b": 0.1, "c": 1, "d": 1},
        "B": {"a": 0.1, "b": 0.1, "c": 1, "d": 1},
        "C": {"a": 0.1, "b": 0.9, "c": 1, "d": 1},
    }
    result = score(Rubric.model_validate(tree), values)
    status = {team: result.points_of(team)["status"].loc[["b", "c"]].tolist() for team in values}
    assert status == {
        "A": ["not_applicable", "not_applicable"],
        "B": ["measured", "measured"],
        "C": ["measured", "not_applicable"],
    }
    agree(result)


def test_what_a_reviewer_sets_reaches_conditions_behind_conditions(tmp_path) -> None:
    """a becomes 0.1 by a reviewer: now b applies (0.1), and by it c; both were left out before."""
    tree = base()
    first, second = tree["dimensions"][0]["groups"][0]["indicators"]
    second["when"] = low()
    tree["dimensions"][0]["groups"][1]["indicators"][0]["when"] = {"indicator": {"id": "b", "op": "<", "value": 0.5}}
    tree["review"] = {"second_over": None}
    result = score(Rubric.model_validate(tree), {"A": {"a": 0.9, "b": 0.1, "c": 1, "d": 1}})
    assert result.points_of("A").loc[["b", "c"], "status"].tolist() == ["not_applicable"] * 2
    session = ReviewSession(result, Ledger(tmp_path / "l.sqlite"))
    session.judge("value", "A", "a", "张三", "据台账更正", becomes="0.1")
    assert session.result.points_of("A").loc[["b", "c"], "status"].tolist() == ["measured"] * 2


def test_a_village_is_asked_for_its_own_name() -> None:
    """The team of B bears the name of the village of A."""
    rubric = with_veto({"village": {"name": "东村"}})
    village = {"A": {"name": "东村"}, "B": {"name": "西村"}}
    result = score(rubric, {"A": {}, "B": {}}, {"A": {"name": "甲队"}, "B": {"name": "东村"}}, village)
    assert list(result.scores["vetoes"]) == [("v",), ()]
    agree(result)
