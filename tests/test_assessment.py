"""Sub-totals, totals, missing data, conditions, peer groups, ranks, grades: each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_rubric import base, indicator, load, points, score

from assess_lib.exact import apportion
from assess_lib.faults import UnusableInput
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.weights import shared_out

FULL = {"a": 1, "b": 1, "c": 1, "d": 1}


def rubric_of(**changes) -> Rubric:
    tree = base()
    tree.update(changes)
    return Rubric.model_validate(tree)


def test_points_add_up_by_focal_point_and_in_total() -> None:
    result = score(rubric_of(), {"A": {"a": 0.5, "b": 1, "c": 0.333, "d": 0.1111}})
    assert points(result) == {"a": 15.0, "b": 10.0, "c": 6.66, "d": 4.44}  # 6.66 and 4.444 → 4.44
    assert result.scores.loc["A", ["work", "money", "total"]].tolist() == [31.66, 4.44, 36.10]


def test_rounding_is_half_up_on_the_number_as_written() -> None:
    # 10 × 0.0125 = 0.125 → 0.13; in binary 0.0125 × 10 would be taken for less
    assert points(score(rubric_of(), {"A": {"b": 0.0125}}))["b"] == 0.13


def test_a_coarser_step() -> None:
    tree = base()
    tree["rounding"] = {"step": "0.1"}
    assert points(score(Rubric.model_validate(tree), {"A": {"b": 0.125}}))["b"] == 1.3  # 1.25 → 1.3


# ---- missing data -------------------------------------------------------------------------------


def _with_missing(policy: str) -> Rubric:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["missing"] = policy
    return Rubric.model_validate(tree)


def test_no_evidence_zero_earns_nothing_and_opens_the_range() -> None:
    result = score(_with_missing("zero"), {"A": {"a": 1, "c": 1, "d": 1}})
    assert result.scores.loc["A", ["total", "lowest", "highest", "provisional"]].tolist() == [90.0, 90.0, 100.0, False]


def test_no_evidence_exclude_shares_the_weight_out_in_its_group() -> None:
    result = score(_with_missing("exclude"), {"A": {"a": 0.5, "c": 1, "d": 1}})
    row = result.points_of("A")
    assert row["weight"].to_dict() == {"a": 40.0, "b": 0.0, "c": 20.0, "d": 40.0}
    assert row["points"].to_dict() == {"a": 20.0, "b": 0.0, "c": 20.0, "d": 40.0}
    # with b at its worst a earns 15 of 30 and the total is 75, at its best 85; shared out it is 80
    assert result.scores.loc["A", ["total", "lowest", "highest"]].tolist() == [80.0, 75.0, 85.0]


def test_no_evidence_provisional_marks_the_total() -> None:
    result = score(_with_missing("provisional"), {"A": {"a": 1, "c": 1, "d": 1}, "B": FULL})
    assert result.scores["provisional"].to_dict() == {"A": True, "B": False}
    assert result.scores.loc["A", ["total", "lowest", "highest"]].tolist() == [90.0, 90.0, 100.0]


def test_not_applicable_is_not_no_evidence() -> None:
    result = score(rubric_of(), {"A": {**FULL, "b": "not_applicable"}})
    row = result.points_of("A")
    assert row.loc["b", "status"] == "not_applicable" and row.loc["a", "weight"] == 40.0
    assert result.scores.loc["A", ["total", "lowest", "highest"]].tolist() == [100.0, 100.0, 100.0]


def test_a_group_without_anything_passes_its_weight_on_in_the_focal_point() -> None:
    row = score(rubric_of(), {"A": {**FULL, "c": "not_applicable"}}).points_of("A")
    assert row["weight"].to_dict() == {"a": 45.0, "b": 15.0, "c": 0.0, "d": 40.0}  # 60 shared 30 : 10


def test_a_focal_point_without_anything_passes_its_weight_on() -> None:
    row = score(rubric_of(), {"A": {**FULL, "d": "not_applicable"}}).points_of("A")
    # 100 for the 60 of the first: groups 40 → 66.67, 20 → 33.33 (largest remainder); a 50, b 16.67
    assert row["weight"].to_dict() == {"a": 50.0, "b": 16.67, "c": 33.33, "d": 0.0}
    assert row["points"].sum().round(2) == 100.0


def test_nothing_applies() -> None:
    result = score(rubric_of(), {"A": dict.fromkeys("abcd", "not_applicable")})
    assert result.scores.loc["A", "total"] == 0 and result.points_of("A")["weight"].sum() == 0


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(0, 10000))
def test_apportioned_parts_are_whole_steps_and_add_up(parts, whole) -> None:
    from fractions import Fraction

    step = Fraction(1, 100)
    shares = apportion(whole * step, [p * step for p in parts], step)
    assert sum(shares) == whole * step
    assert all(share >= 0 and (share / step).denominator == 1 for share in shares)


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_shared_weights_keep_their_sum(counts) -> None:
    rubric = rubric_of()
    nominal = np.array([[int(i.weight * 100) for i in rubric.indicators()]])
    weights = shared_out(rubric, nominal, np.array([counts]))[0].tolist()
    assert sum(weights) == (10_000 if any(counts) else 0)
    assert all((weight > 0) == does for weight, does in zip(weights, counts))


# ---- caps, floors, bonuses ----------------------------------------------------------------------


def _with_group(cap=None, floor=None, **scores) -> Rubric:
    tree = base()
    group = {
        "id": "extra",
        "name": {"zh": "附加", "en": "extra"},
        "indicators": [indicator(name, 0, made) for name, made in scores.items()],
    }
    group |= {key: value for key, value in (("cap", cap), ("floor", floor)) if value is not None}
    tree["dimensions"][1]["groups"].append(group)
    return Rubric.model_validate(tree)


def test_deductions_of_several_run_out_together() -> None:
    minus = {"kind": "deduct", "every": 1, "per": 2, "floor": None}
    result = score(_with_group(floor=-5, x=minus, y=minus), {"A": {**FULL, "x": 2, "y": 2}})
    # −4 and −4 are −8, held at −5 by a line of +3; 40 − 5 = 35
    assert points(result)["x"] == -4 and points(result)["extra:held"] == 3
    assert result.scores.loc["A", ["money", "total"]].tolist() == [35.0, 95.0]


def test_a_bonus_goes_above_full_up_to_the_cap_of_its_group() -> None:
    plus = {"kind": "add", "per": 1, "cap": 2}
    result = score(_with_group(cap=3, x=plus, y=plus), {"A": {**FULL, "x": 5, "y": 2}, "B": FULL})
    assert points(result)["extra:held"] == -1
    assert result.scores["total"].to_dict() == {"A": 103.0, "B": 100.0}
    assert result.points_of("B").loc["x", "status"] == "no_evidence"


def test_a_checklist_of_entered_items() -> None:
    tree = base()
    items = [{"id": n, "name": {"zh": n, "en": n}, "points": 20} for n in ("p", "q")]
    tree["dimensions"][1]["groups"][0]["indicators"] = [indicator("d", 40, {"kind": "checklist", "items": items})]
    result = score(Rubric.model_validate(tree), {"A": {**FULL, "d": {"p": 1, "q": 0}}})
    assert points(result)["d"] == 20


# ---- conditions and peer groups -----------------------------------------------------------------


@pytest.mark.parametrize(
    "when, applies",
    [
        ({"county": ["甲县"]}, {"A"}),
        ({"area": ["山区"], "unit_type": ["高校"]}, {"B"}),
        ({"village": {"is_poor": True}}, {"A", "C"}),
        ({"teams": {"ids": ["C"], "reason": {"zh": "受灾", "en": "flood"}}}, {"C"}),
        ({"not": {"teams": {"ids": ["C"], "reason": {"zh": "受灾", "en": "flood"}}}}, {"A", "B"}),
        ({"indicator": {"id": "a", "op": ">=", "value": 0.5}}, {"A", "B"}),
        ({"any": [{"county": ["甲县"]}, {"indicator": {"id": "a", "op": "<", "value": 0.5}}]}, {"A", "C"}),
        ({"all": [{"area": ["山区"]}, {"not": {"county": ["甲县"]}}]}, {"B"}),
    ],
)
def test_when(when, applies) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["when"] = when
    teams = {
        "A": {"county": "甲县", "area": "山区", "unit_type": "机关"},
        "B": {"county": "乙县", "area": "山区", "unit_type": "高校"},
        "C": {"county": "丙县", "area": "湖区", "unit_type": "高校"},
    }
    result = score(Rubric.model_validate(tree), {"A": FULL, "B": {**FULL, "a": 0.5}, "C": {**FULL, "a": 0.4}}, teams)
    found = {team for team in "ABC" if result.points_of(team).loc["b", "status"] == "measured"}
    assert found == applies


def test_a_condition_on_a_value_that_was_not_measured_does_not_hold() -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][1]["when"] = {"indicator": {"id": "a", "op": "<", "value": 9}}
    row = score(Rubric.model_validate(tree), {"A": {"b": 1, "c": 1, "d": 1}}).points_of("A")
    assert row.loc["b", "status"] == "not_applicable" and row.loc["b", "reason"] == "condition"


def test_weights_and_targets_by_peer_group() -> None:
    tree = base()
    a, b = tree["dimensions"][0]["groups"][0]["indicators"]
    a["variants"] = [{"peers": {"area": ["山区"]}, "weight": 20}]
    b["variants"] = [{"peers": {"area": ["山区"]}, "weight": 20, "score": {"kind": "linear", "floor": 0, "target": 2}}]
    teams = {"A": {"area": "山区"}, "B": {"area": "湖区"}}
    result = score(Rubric.model_validate(tree), {"A": FULL, "B": FULL}, teams)
    assert points(result, "A") == {"a": 20, "b": 10, "c": 20, "d": 40}
    assert points(result, "B") == {"a": 30, "b": 10, "c": 20, "d": 40}


def test_relative_points_are_taken_within_the_peer_group() -> None:
    tree = base()
    tree["peer_group"] = "county"
    tree["dimensions"][1]["groups"][0]["indicators"] = [
        indicator("d", 40, {"kind": "relative", "to": "mean", "base": 20})
    ]
    teams = {"A": {"county": "甲县"}, "B": {"county": "甲县"}, "C": {"county": "乙县"}}
    result = score(Rubric.model_validate(tree), {"A": {"d": 10}, "B": {"d": 30}, "C": {"d": 500}}, teams)
    # 甲县: mean 20; 10 → 10, 30 → 30. 乙县: alone, its own mean → 20
    assert [points(result, team)["d"] for team in "ABC"] == [10, 30, 20]


# ---- ranks, grades ------------------------------------------------------------------------------


def test_ties_share_a_rank_and_the_next_is_left_out() -> None:
    result = score(rubric_of(), {"A": FULL, "B": FULL, "C": {"a": 1}, "D": {}})
    assert result.scores["rank"].to_dict() == {"A": 1, "B": 1, "C": 3, "D": 4}


def test_tie_breakers_in_order() -> None:
    # A and B have 70; the focal point money decides for B, who has 40 of it
    result = score(
        rubric_of(ranking={"tie_breakers": ["money", "a"]}),
        {"A": {"a": 1, "b": 1, "c": 1, "d": 0.25}, "B": {"a": 1, "d": 1}},
    )
    assert result.scores["total"].to_dict() == {"A": 70.0, "B": 70.0}
    assert result.scores["rank"].to_dict() == {"A": 2, "B": 1}


def test_ranks_come_from_the_points_shown() -> None:
    # 0.33301 and 0.33302 both show 3.33 of 10: the same total, the same rank
    result = score(rubric_of(), {"A": {"b": 0.33301}, "B": {"b": 0.33302}})
    assert result.scores["rank"].to_list() == [1, 1]


def test_rank_within_a_group() -> None:
    teams = {"A": {"county": "甲县"}, "B": {"county": "乙县"}, "C": {"county": "乙县"}}
    result = score(rubric_of(ranking={"by": "county"}), {"A": {"a": 0.1}, "B": FULL, "C": {"a": 1}}, teams)
    assert result.scores["rank"].to_dict() == {"A": 1, "B": 1, "C": 2}


def _grades(quota=0.5, **more) -> dict:
    grades = base()["grades"]
    grades["bands"][0]["quota"] = quota
    return {**grades, **more}


def test_a_band_belongs_to_its_lower_end() -> None:
    result = score(rubric_of(), {"A": {"a": 1, "c": 1, "d": 1}, "B": {"a": 1, "b": 0.999, "c": 0.5, "d": 1}})
    assert result.scores["total"].to_list() == [90.0, 89.99]
    assert result.scores["grade"].to_list() == ["excellent", "good"]


def test_a_quota_is_the_whole_part_of_the_share() -> None:
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.8}}
    assert score(rubric_of(grades=_grades()), values).scores["grade"].to_list() == [
        "excellent",
        "good",
        "good",
    ]  # 1.5 → 1


@pytest.mark.parametrize(
    "ties, grades", [("out", ["excellent", "good", "good", "good"]), ("in", ["excellent"] * 3 + ["good"])]
)
def test_a_tie_at_the_edge_of_a_quota(ties, grades) -> None:
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.9}, "D": {**FULL, "b": 0.8}}
    assert score(rubric_of(grades=_grades(ties_over_quota=ties)), values).scores["grade"].to_list() == grades


def test_quotas_by_peer_group() -> None:
    teams = {"A": {"county": "甲县"}, "B": {"county": "甲县"}, "C": {"county": "乙县"}, "D": {"county": "乙县"}}
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.8}, "D": {**FULL, "b": 0.7}}
    result = score(rubric_of(grades=_grades(quota_by="county")), values, teams)
    assert result.scores["grade"].to_list() == ["excellent", "good", "excellent", "good"]


def test_who_is_out_counts_in_the_quota_of_the_next_grade() -> None:
    grades = _grades(quota=0.25)
    grades["bands"][1]["quota"] = 0.25
    values = {name: {**FULL, "b": b} for name, b in zip("ABCD", (1, 0.9, 0.8, 0.7))}
    assert score(rubric_of(grades=grades), values).scores["grade"].to_list() == ["excellent", "good", "fail", "fail"]


def test_a_veto_limits_the_grade_whatever_the_points() -> None:
    veto = [
        {
            "id": "v",
            "name": {"zh": "v", "en": "v"},
            "when": {"indicator": {"id": "b", "op": "==", "value": 0}},
            "limit": "fail",
            "basis": "proposal",
        }
    ]
    result = score(
        rubric_of(veto=veto, grades=_grades()),
        {"A": {**FULL, "b": 0}, "B": {"a": 1, "b": 0.01, "c": 1, "d": 1}, "C": {"c": 1, "d": 1, "a": 1}},
    )
    assert result.scores["total"].to_list() == [90.0, 90.1, 90.0]
    assert result.scores["grade"].to_dict() == {"A": "fail", "B": "excellent", "C": "good"}  # one place of 1.5
    assert result.scores["vetoes"].to_dict() == {"A": ("v",), "B": (), "C": ()}


# ---- entered values -----------------------------------------------------------------------------


def test_entered_values_that_do_not_fit_are_all_named() -> None:
    with pytest.raises(UnusableInput) as caught:
        score(rubric_of(), {"A": {"a": -1, "nonsense": 1}, "B": {"b": {"p": 1}}})
    assert [fault.key for fault in caught.value.faults] == [
        "tables.entered_range",
        "tables.entered_indicator",
        "tables.entered_item",
    ]


def test_an_entered_share_over_one(tmp_path) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][0]["unit"] = "share"
    with pytest.raises(UnusableInput) as caught:
        score(load(tree, tmp_path), {"A": {"a": 1.01}})
    assert caught.value.faults[0].value == "1.01"


# ---- properties ---------------------------------------------------------------------------------

values = st.dictionaries(
    st.sampled_from("abcd"), st.one_of(st.decimals(0, 2, places=3).map(float), st.just("not_applicable")), max_size=4
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(values, min_size=1, max_size=5))
def test_rows_add_up_and_one_team_alone_scores_as_among_all(drawn) -> None:
    everyone = dict(zip("ABCDE", drawn))
    rubric = rubric_of()
    result = score(rubric, everyone)
    for team in everyone:
        rows = result.points_of(team)
        assert round(rows["points"].sum(), 2) == result.scores.loc[team, "total"]
        assert ((rows["points"] >= 0) & (rows["points"] <= rows["weight"])).all()
        assert result.scores.loc[team, "lowest"] <= result.scores.loc[team, "highest"]
        alone = score(rubric, {team: everyone[team]})
        assert alone.points_of(team)["points"].to_dict() == rows["points"].to_dict()


@settings(max_examples=15, deadline=None)
@given(st.lists(values, min_size=2, max_size=5), st.randoms())
def test_the_order_of_teams_changes_nothing(drawn, random) -> None:
    everyone = dict(zip("ABCDE", drawn))
    turned = list(everyone)
    random.shuffle(turned)
    one, other = score(rubric_of(), everyone), score(rubric_of(), {team: everyone[team] for team in turned})
    columns = ["work", "money", "total", "rank", "grade"]
    told = [
        result.scores[columns].sort_index().astype(object).fillna("–").to_dict() for result in (one, other)
    ]  # NaN equals nothing
    assert told[0] == told[1]
