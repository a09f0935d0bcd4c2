"""The engine against fractions worked out team by team, over random rubrics of every kind, and over the sample."""

from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.scoring import assess_by_hand
from ruamel.yaml import YAML
from support.small_rubric import indicator, score, words

from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.kinds import KINDS
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment

COUNTIES = ["甲县", "乙县", "丙县"]
CASES = YAML(typ="safe").load((Path(__file__).parent / "cases_points.yaml").read_text(encoding="utf-8"))
STEP_SIZES = ["0.01", "0.1", "1"]
RATES = st.sampled_from([F(1, 3), F(1, 2), F(2, 3), F(1, 8), F(1)])


def number(low: int, high: int, places: int = 2) -> st.SearchStrategy[float]:
    return st.integers(low * 10**places, high * 10**places).map(lambda n: n / 10**places)


@st.composite
def score_of(draw, kind: str, weight: float) -> dict:
    """A score of a kind, with numbers that values often meet exactly."""
    better = draw(st.sampled_from(["higher", "lower"]))
    low, high = draw(st.sampled_from([(0, 1), (0.5, 3), (-2, 5), (90, 180)]))
    match kind:
        case "linear":
            made = {"floor": low, "target": high} if better == "higher" else {"floor": high, "target": low}
            made["cap"] = draw(st.sampled_from([None, weight + 1.5]))
            better = None
        case "steps":
            cuts = ["-inf", str(low), str(high), "inf"]
            closed = draw(st.booleans())
            ranges = [
                f"{'(' if a == '-inf' or closed else '['}{a}, {b}{')' if b == 'inf' or not closed else ']'}"
                for a, b in zip(cuts, cuts[1:])
            ]
            marks = sorted([0, weight / 3, weight], reverse=better == "lower")
            made = {"bands": [{"range": r, "points": round(m, 4)} for r, m in zip(ranges, marks)]}
        case "all_or_nothing":
            made = {"target": high, "beyond": draw(st.booleans())}
        case "proportional":
            made = {
                "reference": high,
                "min": draw(st.sampled_from([0, min(0.25, weight / 2)])),
                "max": draw(st.sampled_from([None, weight / 2])),
            }
            better = None
        case "deduct":
            partial = draw(st.sampled_from(["none", "started", "pro_rata"]))
            every, floor = draw(st.sampled_from([0.001, 0.5, 1, 3])), draw(st.sampled_from([None, 0, -3]))
            made = {"target": low, "every": every, "per": 0.7, "floor": floor, "partial": partial}
        case "add":
            made, better = {"per": draw(st.sampled_from([0.5, 0.333])), "cap": 2}, None
        case "relative":
            made = {"to": draw(st.sampled_from(["mean", "median"])), "base": max(weight / 2, 0.1), "max": weight or 1}
        case "rank":
            made = {
                "per_place": draw(st.sampled_from([0.1, 0.35])),
                "floor": draw(st.sampled_from([0, min(0.5, weight)])),
            }
        case "checklist":
            made, better = (
                {"items": [{"id": i, "name": words(i), "points": p} for i, p in (("x", 1.25), ("y", 0.4))]},
                None,
            )
        case _:
            made, better = CASES[kind][0]["score"], None
    if kind in ("linear", "steps", "all_or_nothing", "proportional"):
        made["average_over"] = draw(st.sampled_from(["team", "parts"]))
    return {"kind": kind, **({"better": better} if better else {}), **made}


@st.composite
def rubrics(draw) -> Rubric:
    """Three groups in two focal points with indicators of random kinds, variants, conditions, caps, floors and quotas."""
    step = draw(st.sampled_from(STEP_SIZES))
    whole = step == "1"
    groups, names = [], []
    for g in range(3):
        rules = []
        for n in range(draw(st.integers(1, 3))):
            name = f"i{g}{n}"
            weight = draw(st.integers(0, 12)) if whole else draw(st.integers(0, 120)) / 10
            kind = draw(st.sampled_from(sorted(KINDS)))
            weight = 0 if kind == "add" else weight
            more = {"unit": "points_pp", "missing": draw(st.sampled_from(["zero", "exclude", "provisional"]))}
            if draw(st.booleans()):
                peers = {"county": draw(st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=2, unique=True))}
                other, another = draw(st.integers(0, 9)), draw(st.sampled_from(sorted(set(KINDS) - {"checklist"})))
                changed = draw(
                    st.sampled_from(
                        [
                            {"weight": other},
                            {"score": draw(score_of(kind, weight))},
                            {"weight": 0 if another == "add" else other, "score": draw(score_of(another, other))},
                        ]
                    )
                )
                more["variants"] = [{"peers": peers, **changed}]
            if names and draw(st.integers(0, 3)) == 0:
                test = {
                    "id": draw(st.sampled_from(names)),
                    "op": draw(st.sampled_from([">", ">=", "<", "<=", "=="])),
                    "value": 1,
                }
                more["when"] = draw(
                    st.sampled_from([{"indicator": test}, {"not": {"indicator": test}}, {"village": {"is_poor": True}}])
                )
            rules.append(indicator(name, weight, draw(score_of(kind, weight)), **more))
            names.append(name)
        held = {"cap": draw(st.sampled_from([None, 2.5, 7])), "floor": draw(st.sampled_from([None, 1, -1.5]))}
        groups.append(
            {
                "id": f"g{g}",
                "name": words("g"),
                "indicators": rules,
                "limits": draw(st.sampled_from(["fixed", "with_weight"])),
                **{k: v for k, v in held.items() if v is not None},
            }
        )
    bands = [
        ("a", "[12, inf)", draw(st.sampled_from([None, 0.3, 0.5]))),
        ("b", "(5, 12)", draw(st.sampled_from([None, 0.4]))),
        ("c", "(-inf, 5]", None),
    ]
    by = st.sampled_from(["all", "county", "area"])
    return Rubric.model_validate(
        {
            "id": "random", "version": "1", "name": words("r"), "in_force": {"since": 2016},
            "source": {"title": words("t"), "number": "1", "issued_on": "2016-01-01"},
            "rounding": {"step": step}, "peer_group": draw(by),
            "ranking": {"by": draw(by), "tie_breakers": draw(st.sampled_from([[], [names[0]], ["money", names[-1]]]))},
            "dimensions": [
                {"id": "work", "name": words("w"), "weight": 10, "groups": groups[:2]},
                {"id": "money", "name": words("m"), "weight": 10, "groups": groups[2:]},
            ],
            "veto": [{"id": "v", "name": words("v"), "basis": "proposal", "limit": "b", "when": {"indicator": {"id": names[0], "op": "<", "value": 0}}}],
            "grades": {
                "quota_by": draw(by), "ties_over_quota": draw(st.sampled_from(["in", "out"])),
                "bands": [{"id": i, "name": words(i), "range": r, **({"quota": q} if q else {})} for i, r, q in bands],
            },
        }
    )  # fmt: skip


VALUES = st.one_of(
    st.sampled_from([0, 0.5, 1, 3, 5, 90, 135, 180, -2, 0.25, 0.125, 2.675]),
    number(-3, 6, 3),
    st.integers(0, 10**9).map(lambda n: n / 1000),
)


@st.composite
def situations(draw) -> tuple[Rubric, dict, dict]:
    rubric = draw(rubrics())
    values, teams = {}, {}
    for n in range(draw(st.integers(1, 7))):
        team, mine = f"T{n}", {}
        for rule in rubric.indicators():
            kind = draw(st.integers(0, 7))
            if kind == 0:
                continue  # no evidence
            if kind == 1:
                mine[rule.id] = "not_applicable"
            elif rule.score.item_ids or any(v.score and v.score.item_ids for v in rule.variants):
                mine[rule.id] = {item: draw(st.sampled_from([0, 1])) for item in ("x", "y")}
            else:
                mine[rule.id] = draw(VALUES)
        values[team] = mine
        teams[team] = {
            "county": draw(st.sampled_from([*COUNTIES, None])),
            "area": draw(st.sampled_from(["山区", "平原"])),
        }
    return rubric, values, teams


def agree(result: Assessment, given: dict | None = None, before: Assessment | None = None) -> None:
    """Every number of an assessment is the one worked out by hand."""
    slow, step = assess_by_hand(result, given, before), result.rubric.step
    points = result.points.set_index(["team_id", "indicator"])
    for key, steps in slow.points.items():
        assert F(str(points.at[key, "points"])) == steps * step, key
        assert F(str(points.at[key, "weight"])) == slow.weight[key] and points.at[key, "status"] == slow.status[key], (
            key
        )
    held = {(team, f"{group}:held"): steps for (team, group), steps in slow.held.items() if steps}
    assert {key: F(str(p)) for key, p in points[points["status"] == "held"]["points"].items()} == {
        key: steps * step for key, steps in held.items()
    }
    for team, row in result.scores.iterrows():
        assert F(str(row["total"])) == slow.total[team] * step
        assert F(str(row["highest"])) == slow.highest[team] * step
        assert row["lowest"] == slow.lowest[team] or F(str(row["lowest"])) == slow.lowest[team] * step
        assert (row["rank"], row["grade"]) == (slow.rank[team], slow.grade[team])
        assert (row["provisional"], row["vetoes"]) == (slow.provisional[team], slow.vetoes[team])


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_random_rubrics_give_what_fractions_give(share) -> None:
    """300 of them in shares that workers divide among themselves; a share is other rubrics each time."""

    @settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situation=situations())
    def proof(situation) -> None:
        agree(score(*situation))

    proof()


def test_the_sample_gives_what_fractions_give(sample_years) -> None:
    now, before = sample_years
    agree(now, before=before)
    agree(before)


def test_points_that_people_set_are_shared_out_and_rounded_like_others(sample_years, tmp_path) -> None:
    review = ReviewSession(sample_years[0], Ledger(tmp_path / "l.sqlite"))
    judged = review.judge("points", "T0005", "attendance_days", "张三", "考勤机损坏，按日志计", becomes="1.23")
    review.second(judged.number, "李四", "同意")
    assert ("T0005", "attendance_days") in review.result.adjustments.points
    agree(review.result, dict(review.result.adjustments.points), sample_years[1])


@pytest.mark.parametrize("value", [F(10**12 + 1, 3), F(-(10**15)), F(1, 10**9)])
def test_numbers_too_large_or_small_for_floats_are_decided_by_fractions(value) -> None:
    """Deductions without a floor reach sums of steps that no float rounds right: 1 000 000 000 000 ÷ 3 × 0.7."""
    tree = {"kind": "deduct", "target": 0, "every": 1, "per": 0.7, "floor": None, "partial": "pro_rata"}
    from support.small_rubric import base

    rules = base()
    rules["dimensions"][1]["groups"][0]["indicators"] = [indicator("d", 40, tree, unit="points_pp")]
    rubric = Rubric.model_validate(rules)
    agree(score(rubric, {"A": {"a": 1, "d": float(value)}, "B": {"d": 0}}))
