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
from assess_lib.pages import blocks
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import losses
from assess_lib.scoring.awards import rectification

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


# ---- bonuses, deductions and limits ----------------------------------------------------------------------------------


def with_more(*rules: dict, **of_group) -> Rubric:
    """The small rubric with a further group of the first focal point."""
    tree = base()
    extra = {"id": "more", "name": {"zh": "m", "en": "m"}, "indicators": list(rules), **of_group}
    tree["dimensions"][0]["groups"].append(extra)
    return Rubric.model_validate(tree)


FULL = {"a": 1, "b": 1, "c": 1, "d": 1}
NO_FLOOR = {"kind": "deduct", "per": 1, "floor": None}


@pytest.mark.parametrize(
    "rule, value, earned",
    [
        ({"kind": "steps", "bands": [{"range": "[1, inf)", "points": 0}, {"range": "(-inf, 1)", "points": -2}]}, 0, -2),
        ({"kind": "rank", "per_place": 1, "floor": -3}, 0, -1),  # second of two
        ({"kind": "relative", "to": "mean", "base": 1, "max": 2}, 1, 0.5),  # 1 × 1 ÷ mean of 1 and 3
        ({"kind": "add", "per": 1, "cap": 2}, 5, 2),
        ({"kind": "linear", "floor": 0, "target": 1}, 1, 0),
    ],
)
def test_points_without_a_weight_count_as_they_are_written(rule, value, earned) -> None:
    """A bonus or a loss beside 100 points; B has the value 3 of the same indicator."""
    rubric = with_more(indicator("e", 0, rule, unit="points_pp"))
    result = score(rubric, {"A": {**FULL, "e": value}, "B": {**FULL, "e": 3}})
    assert points(result)["e"] == earned and result.scores.at["A", "total"] == 100 + earned
    agree(result)


def test_a_variant_that_becomes_a_bonus_is_one() -> None:
    """In the hills e is a bonus of 1 each instead of 5 points; elsewhere 2 reach the target."""
    bonus = {"peers": {"area": ["山区"]}, "weight": 0, "score": {"kind": "add", "per": 1, "cap": 5}}
    rubric = with_more(indicator("e", 5, {"kind": "linear", "floor": 0, "target": 2}, variants=[bonus]))
    result = score(
        rubric, {"A": {**FULL, "e": 3}, "B": {**FULL, "e": 2}}, {"A": {"area": "山区"}, "B": {"area": "平原"}}
    )
    assert [(points(result, t)["e"], result.points_of(t).at["e", "weight"]) for t in "AB"] == [(3, 0), (5, 5)]
    agree(result)


@pytest.mark.parametrize(
    "floor_of_group, lowest",
    [({}, -float("inf")), ({"floor": -4}, 96)],  # the group holds what its deduction does not
)
def test_the_range_of_a_total_covers_deductions_without_a_floor(floor_of_group, lowest) -> None:
    """The audit is not in: at best nothing is lost of 100, at worst anything."""
    rubric = with_more(indicator("e", 0, NO_FLOOR, missing="provisional"), **floor_of_group)
    result = score(rubric, {"A": dict(FULL), "B": {**FULL, "e": 500}})
    assert result.scores.loc["A", ["lowest", "total", "highest"]].tolist() == [lowest, 100, 100]
    assert result.scores.at["B", "lowest"] == result.scores.at["B", "total"] == (96 if floor_of_group else -400)
    agree(result)
    card = Scorecard(result, None, "A", "zh")
    assert card.range_kind == ("closed" if floor_of_group else "open")
    assert ("没有下限" in head(card)) == (not floor_of_group) and Scorecard(
        result, None, "B", "zh"
    ).range_kind == "none"


def head(card: Scorecard) -> str:
    """The head of a card as HTML."""
    return str(blocks.head(card)._repr_html_())


def test_a_bonus_not_exhausted_is_no_loss() -> None:
    """A has every full mark and no bonus: nothing is lost. B lost 15 of a (half of 30) and 3 by deductions."""
    rules = (
        indicator("e", 0, {"kind": "add", "per": 1, "cap": 5}),
        indicator("f", 0, {"kind": "deduct", "per": 1, "floor": -10}),
    )
    tree = with_more(*rules).model_dump(mode="json", by_alias=True)
    tree["dimensions"][0]["groups"][0]["indicators"][0]["score"]["cap"] = 40
    tree["rectification"] = {"deadline": "06-30", "team_grades": ["excellent", "good"]}
    result = score(
        Rubric.model_validate(tree), {"A": {**FULL, "e": 0, "f": 0}, "B": {**FULL, "a": 0.5, "e": 4, "f": 3}}
    )
    lost = [{line.id: line.lost for line in Scorecard(result, None, team, "zh").weakest} for team in "AB"]
    assert lost == [{}, {"a": 15, "f": 3}]
    table = losses(result)
    assert table.index.tolist() == ["a"] and table.loc["a"].tolist() == [7.5, 1, 2]
    assert rectification(result).set_index("id")["indicators"].to_dict() == {"A": [], "B": ["a", "f"]}


@pytest.mark.parametrize(
    "limits, held",
    [
        # c, the other group of the focal point, does not apply: its 20 points go to a and b, which weigh 45 and 15.
        # The cap of 40 points on their 40 stays, or becomes 40 × 60 ÷ 40 = 60.
        ("fixed", 40),
        ("with_weight", 60),
    ],
)
def test_a_cap_grows_with_shared_weight_where_its_group_says_so(limits, held) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0] |= {"cap": 40, "limits": limits}
    full = {"a": 1, "b": 1, "d": 1}
    result = score(Rubric.model_validate(tree), {"A": {**full, "c": "not_applicable"}, "B": {**full, "c": 1}})
    assert result.points_of("A").loc[["a", "b"], "weight"].tolist() == [45, 15]
    assert result.scores["work"].tolist() == [held, 60]
    agree(result)


def test_limits_as_written_leave_the_fingerprint_of_a_rubric_alone() -> None:
    tree = base()
    before = Rubric.model_validate(tree).fingerprint
    tree["dimensions"][0]["groups"][0]["limits"] = "fixed"
    assert Rubric.model_validate(tree).fingerprint == before
    tree["dimensions"][0]["groups"][0]["limits"] = "with_weight"
    assert Rubric.model_validate(tree).fingerprint != before
