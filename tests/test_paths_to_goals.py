"""Targets on the way to a goal of a later year: from each village's own start, or by year."""

from __future__ import annotations

import shutil
from fractions import Fraction as F

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.situations import RUBRICS, SAMPLE, frame, rubric, year_data

from assess_lib.api import check_data, load_data, load_rubric
from assess_lib.indicators.registry import registered, vocabulary
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.kinds.all_or_nothing import AllOrNothing
from assess_lib.rules.kinds.linear import Linear
from assess_lib.rules.loading import check_rubric
from assess_lib.rules.paths import PathToGoal, Way
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.comparison import compare_team
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import path_rule_text
from assess_lib.scoring.assessment import Assessment, assess
from assess_lib.tables.dataset import YearData
from assess_lib.tables.starts import starts_of

RATIO = Linear(kind="linear", floor=0.4, target=0.7)
RELAPSE = Linear(kind="linear", floor=0.05, target=0)
PATHS = ("income_ratio", "collective_income", "road_hardening", "broadband", "culture_room", "clinic")

# ---- by hand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, start, years, target, floor",
    [
        (RATIO, F("0.45"), 3, F("0.45") + F("0.25") / 3, F("0.4")),  # a third of what lacks
        (RATIO, F("0.45"), 2, F("0.575"), F("0.4")),
        (RATIO, F("0.3"), 3, F("0.3") + F("0.4") / 3, F("0.3")),  # who starts below the floor earns from the start on
        (RATIO, F("0.7"), 3, F("0.7"), F("0.4")),
        (RATIO, F("0.9"), 3, F("0.7"), F("0.4")),  # nobody is asked for more than the goal
        (RELAPSE, F("0.03"), 3, F("0.02"), F("0.05")),  # the lower the better
        (RELAPSE, F("0.08"), 2, F("0.04"), F("0.08")),
        (RATIO, None, 3, F("0.7"), F("0.4")),
    ],
)
def test_what_lacks_to_the_goal_is_spread_over_the_years_left(kind, start, years, target, floor) -> None:
    moved = kind.on_the_way(Way(years, start))
    assert (moved.target, moved.floor) == (target, floor)


@pytest.mark.parametrize("year, left", [(2015, 4), (2016, 3), (2017, 2), (2018, 1), (2019, 0)])
def test_the_year_itself_and_that_of_the_goal_are_left(year, left) -> None:
    path = PathToGoal(goal_year=2018, start="last_year")
    assert path.years_left(year) == left
    assert path.way(year, F(1, 2)) == (Way(left, F(1, 2)) if left > 1 else None)


NUMBERS = st.fractions(F(-2), F(3), max_denominator=1000)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(2, 9), st.fractions(F(0), F(1), max_denominator=100))
def test_nobody_loses_by_the_way_and_a_better_value_never_earns_less(floor, target, start, value, years, step) -> None:
    if floor == target:
        return
    better = "higher" if floor < target else "lower"
    kind = Linear(kind="linear", floor=floor, target=target, better=better)
    moved = kind.on_the_way(Way(years, start))
    points = moved.points(value, F(10))
    assert points >= kind.points(value, F(10))
    assert moved.points(value + step if better == "higher" else value - step, F(10)) >= points
    values = kind.as_at_the_goal(np.array([float(value)]), np.array([float(start)]), years)
    assert kind.points_of_many(values, 10.0).points[0] == pytest.approx(float(points), abs=1e-6)


# ---- teams -----------------------------------------------------------------------------------------------

NOW = {
    "village_year": [
        {"village_id": "V1", "farmer_income_per_head_yuan": 5000, "collective_income_yuan": 20000, "groups": 10,
         "groups_hardened_road": 5, "groups_broadband": 4, "culture_room": False, "clinic": True},
    ],
    "benchmarks": [{"metric": "rural_income_per_head_yuan", "year": 2016, "value": 10000}],
}  # fmt: skip
WAS = {
    "farmer_income_per_head_yuan": 3200, "collective_income_yuan": 5000, "groups": 10, "groups_hardened_road": 2,
    "groups_broadband": 1, "culture_room": False, "clinic": False,
}  # fmt: skip


def situation(was: dict | None = None, now: dict | None = None, year: int = 2016, village: str = "V1") -> Assessment:
    """One village of which 2015 is known, unless ``was`` is empty."""
    tables = {
        "village_year": [NOW["village_year"][0] | (now or {}) | {"year": year}],
        "benchmarks": [NOW["benchmarks"][0] | {"year": year}],
    }
    data = year_data(tables, year)
    if was is None or was:
        rows = [WAS | (was or {}) | {"village_id": village, "year": year - 1}]
        average = [{"metric": "rural_income_per_head_yuan", "year": year - 1, "value": 8000}]
        starts = {"village_year": frame("village_year", rows), "benchmarks": frame("benchmarks", average)}
        data = YearData.of(year, {name: data.tables[name] for name in ("units", "teams", "villages", *tables)},
                           starts=starts_of(starts, year - 1))  # fmt: skip
    return assess(rubric(), data)


def earned(result: Assessment, name: str) -> tuple[float, str]:
    """Share of the weight in force that was earned, and the reason of the status."""
    row = result.points_of("T1").loc[name]
    return (round(row["points"] / row["weight"], 2) if row["weight"] else 0.0), str(row["reason"] or row["status"])


def test_a_village_is_measured_from_its_own_start() -> None:
    """2016, three years left. Income 3 200 ÷ 8 000 = 0.40 last year: target 0.40 + 0.30 ÷ 3 = 0.50, floor 0.40; 5 000 ÷
    10 000 = 0.50 is full. Collective income 5 000: target 5 000 + 45 000 ÷ 3 = 20 000: full. Roads 0.2: target 0.2 + 0.6 ÷ 3 =
    0.4, floor 0.2: 0.5 is full. Broadband 0.1: target 0.1 + 0.9 ÷ 3 = 0.4: 0.4 is full."""
    result = situation()
    for name in ("income_ratio", "collective_income", "road_hardening", "broadband", "clinic"):
        assert earned(result, name) == (1.0, "measured"), name
    table = result.points_of("T1")
    assert earned(result, "culture_room") == (0.0, "not_due") and table.at["culture_room", "weight"] == 0


def test_half_the_way_earns_half() -> None:
    """Collective income 12 500 of a target of 20 000 from a floor of 0: 62.5 %. Roads 0.3 between 0.2 and 0.4: 50 %."""
    result = situation(now={"collective_income_yuan": 12500, "groups_hardened_road": 3})
    row = result.points_of("T1").loc["collective_income"]
    assert F(str(row["points"])) == F(round(float(row["weight"]) * 62.5 + 1e-9), 100)
    assert earned(result, "road_hardening")[0] == pytest.approx(0.5, abs=0.01)


def test_in_the_year_of_the_goal_it_counts_for_all() -> None:
    """2018: 0.5 of an income of 0.7 from 0.4 earns a third; the culture room is owed."""
    result = situation(year=2018)
    assert earned(result, "income_ratio")[0] == pytest.approx(1 / 3, abs=0.01)
    assert earned(result, "culture_room") == (0.0, "measured")
    assert result.points_of("T1").at["culture_room", "weight"] > 0


def test_what_was_there_last_year_is_owed_now() -> None:
    assert earned(situation(was={"culture_room": True}), "culture_room") == (0.0, "measured")


@pytest.mark.parametrize(
    "was, village",
    [
        ({}, "V1"),  # no year before
        (None, "V9"),  # another village
        ({"groups_hardened_road": 11}, "V1"),  # more groups with a road than there are: the row could not be used
        ({"groups": None, "groups_hardened_road": None}, "V1"),
    ],
)
def test_where_no_start_is_known_the_goal_counts_so_that_nobody_gains_by_leaving_it_out(was, village) -> None:
    result = situation(was=was, village=village)
    assert earned(result, "road_hardening")[0] == pytest.approx(0.25, abs=0.01)  # (0.5 - 0.4) ÷ (0.8 - 0.4)
    if was == {} or village == "V9":
        assert earned(result, "culture_room") == (0.0, "measured")


def test_a_row_told_twice_is_a_start_and_two_that_differ_are_none() -> None:
    once = frame("village_year", [WAS | {"village_id": "V1", "year": 2015}])
    twice = pd.concat([once, once], ignore_index=True)
    assert len(starts_of({"village_year": twice}, 2015)["village_year"]) == 1
    twice.loc[1, "groups_broadband"] = 3
    assert starts_of({"village_year": twice}, 2015)["village_year"].empty
    assert starts_of({"village_year": once}, 2014)["village_year"].empty


def test_a_reviewer_who_finds_a_facility_absent_does_not_make_it_due(tmp_path) -> None:
    review = ReviewSession(situation(now={"culture_room": True}), Ledger(tmp_path / "l.sqlite"))
    assert earned(review.result, "culture_room") == (1.0, "measured")
    review.judge("value", "T1", "culture_room", "张三", "现场没有活动室", becomes="0")
    assert earned(review.result, "culture_room") == (0.0, "not_due")


# ---- the sample ------------------------------------------------------------------------------------------


def test_a_start_is_what_the_year_before_was_measured_at(sample_years) -> None:
    """For every measure that may have one, so that none looks beyond the villages' own figures."""
    now, before = sample_years
    data, starting = now.data, now.data.at_the_start()
    same = data.teams()["village_id"].eq(before.data.teams()["village_id"].reindex(data.team_ids))
    assert same.sum() > 20 and set(PATHS) <= set(vocabulary().of_villages)
    for name in vocabulary().of_villages:
        measured = registered()[name]
        was, start = measured(before.data).teams, measured(starting).teams
        for column in ("exact", "status"):
            assert start[column][same].tolist() == was[column].reindex(data.team_ids)[same].tolist(), name


def test_no_team_of_the_sample_loses_by_the_ways_of_the_rubric(sample_years) -> None:
    now = sample_years[0]
    straight = now.rubric.model_copy(
        update={
            "dimensions": [
                d.model_copy(
                    update={
                        "groups": [
                            g.model_copy(
                                update={"indicators": [i.model_copy(update={"path": None}) for i in g.indicators]}
                            )
                            for g in d.groups
                        ]
                    }
                )
                for d in now.rubric.dimensions
            ]
        }
    )
    at_once = assess(straight, now.data).scores["total"]
    assert (now.scores["total"].round(2) >= (at_once - 0.03).round(2)).all()  # weights are shared out in steps of 0.01
    assert (now.scores["total"] > at_once + 0.1).any()


def test_a_card_says_the_target_of_the_team_and_how_it_comes_about(sample_years) -> None:
    """T0004: 42 of … ; collective income last year gives a third of what lacks."""
    card = Scorecard(*sample_years, "T0004", "zh")
    lines = {line.id: line for line in card.lines}
    village = card.now.data.starts["village_year"].set_index("village_id").loc[card.team["village_id"]]
    start = F(str(village["collective_income_yuan"]))
    target = start + (50000 - start) / 3
    shown = f"{float(target):,.2f}".rstrip("0").rstrip(".")
    assert lines["collective_income"].target == f"≥ {shown} 元"
    assert "到2018年的目标为50,000 元" in lines["collective_income"].rule and "3 年" in lines["collective_income"].rule
    assert lines["culture_room"].status_words == "未到期，不计" and "2018年到期" in lines["culture_room"].rule
    english = {line.id: line for line in Scorecard(*sample_years, "T0004", "en").lines}
    assert "The goal for 2018 is ¥50,000" in english["collective_income"].rule


def test_points_by_another_target_are_not_compared_with_last_year(sample_years) -> None:
    """2015 has no year before, so the goal counted; in 2016 T0004 has a target of its own, and T0001, which had all, the goal."""
    now, before = sample_years
    roads = compare_team(now, before, "T0004").loc["collective_income"]
    assert roads["changed"] == "score" and pd.isna(roads["change"])
    reached = compare_team(now, before, "T0001").loc["collective_income"]
    assert reached["changed"] != "score" and reached["value_before"] >= 50000


def test_without_a_year_before_it_is_said_once(tmp_path) -> None:
    shutil.copytree(SAMPLE / "2016", tmp_path / "2016")
    rules = load_rubric(None, 2016)
    told = [fault for fault in check_data(tmp_path, 2016, rules).faults if fault.key == "checks.no_starts"]
    assert len(told) == 1 and told[0].severity == "note" and "通组公路硬化率" in told[0].text("zh")
    result = assess(rules, load_data(tmp_path, 2016, rules))
    assert not (result.points["reason"] == "not_due").any()
    assert not [f for f in check_data(SAMPLE, 2016, rules).faults if f.key == "checks.no_starts"]


# ---- the language ----------------------------------------------------------------------------------------


def text_with(path: str, old: str = "            path: {goal_year: 2018, start: last_year, basis: proposal}\n") -> str:
    """The rubric of the sample with another path of its first indicator, the income of farmers."""
    text = (RUBRICS / "hubei-2016.yaml").read_text(encoding="utf-8")
    return text.replace(old, f"            path: {path}\n", 1)


def test_targets_by_year_are_the_same_for_all(tmp_path) -> None:
    """0.5 in 2016 with a target of 0.55: (0.5 − 0.4) ÷ 0.15 = 2/3. In 2018, which has none, the goal: 1/3."""
    file = tmp_path / "r.yaml"
    file.write_text(text_with('{targets: {"2016": 0.55, "2017": 0.6}}'), encoding="utf-8")
    rules = load_rubric(file, 2016)
    for year, share in ((2016, 2 / 3), (2018, 1 / 3)):
        result = assess(rules, situation(year=year).data)
        assert earned(result, "income_ratio")[0] == pytest.approx(share, abs=0.01)
    now = assess(rules, situation().data)
    assert now.figures.rows["T1"]["way to income_ratio"] == Way(target=F("0.55"))
    assert "2016 55%" in path_rule_text(rules.indicator("income_ratio"), "zh")


@pytest.mark.parametrize(
    "path, key",
    [
        ("{goal_year: 2018}", "rubric.path_one_of_both"),
        ('{goal_year: 2018, start: last_year, targets: {"2016": 0.5}}', "rubric.path_one_of_both"),
        ("{start: last_year}", "rubric.path_goal_year"),
        ('{goal_year: 2018, targets: {"2016": 0.5}}', "rubric.path_goal_year"),
        ("{goal_year: 2016, start: last_year}", "rubric.path_goal_past"),
        ('{targets: {"2016": 0.5, "2018": 0.6}}', "rubric.path_gap"),
        ('{targets: {"2014": 0.5, "2015": 0.6}}', "rubric.path_not_in_force"),
        ('{targets: {"2016": 0.6, "2017": 0.5}}', "rubric.path_target"),
        ('{targets: {"2016": 0.8}}', "rubric.path_target"),
        ('{targets: {"2016": 0.4}}', "rubric.path_target"),  # that is where points begin
    ],
)
def test_a_path_that_cannot_be_meant_is_a_fault(path, key, tmp_path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(text_with(path), encoding="utf-8")
    assert key in {fault.key for fault in check_rubric(file, vocabulary())[1]}


@pytest.mark.parametrize(
    "measure, key",
    [
        ("six_ones", "rubric.path_kind"),
        ("attendance_days", "rubric.path_kind"),  # averaged over members
        ("poor_income_growth", "rubric.path_without_start"),
        ("villager_satisfaction", "rubric.path_without_start"),  # entered by people
    ],
)
def test_only_what_villages_show_has_a_start(measure, key, tmp_path) -> None:
    text = (RUBRICS / "hubei-2016.yaml").read_text(encoding="utf-8")
    at = text.index("            missing:", text.index(f"- id: {measure}\n"))
    path = "            path: {goal_year: 2018, start: last_year}\n"
    file = tmp_path / "r.yaml"
    file.write_text(text[:at] + path + text[at:], encoding="utf-8")
    assert key in {fault.key for fault in check_rubric(file, vocabulary())[1]}


def test_points_beyond_the_target_and_a_path_do_not_go_together(tmp_path) -> None:
    """Weight 10, cap 30, from 0.6 to 0.7: a value of 1 earns 30 by the goal, but 10 × 1 ÷ 0.35 by half the way from 0."""
    text = text_with("{goal_year: 2018, start: last_year}")
    file = tmp_path / "r.yaml"
    file.write_text(text.replace("floor: 0.4, target: 0.7}", "floor: 0.4, target: 0.7, cap: 3}", 1), encoding="utf-8")
    assert "rubric.path_bonus" in {fault.key for fault in check_rubric(file, vocabulary())[1]}


def test_a_rubric_without_paths_keeps_its_fingerprint_and_one_with_them_another() -> None:
    rules = load_rubric(None, 2016)
    assert "path" in rules.indicator("clinic").definition() and "path" not in rules.indicator("relapse").model_dump()
    again = Rubric.model_validate(rules.model_dump(mode="json", by_alias=True))
    assert again.fingerprint == rules.fingerprint


def test_all_or_nothing_has_no_halfway() -> None:
    kind = AllOrNothing(kind="all_or_nothing", target=1)
    assert kind.on_the_way(Way(3, F(0))) is kind
    assert kind.on_the_way(Way(target=F(1, 2))).target == F(1, 2)
