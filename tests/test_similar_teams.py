"""From whom a team may learn: its nearest peers by starting conditions that did better; nearness and order worked out by hand."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from support.situations import year_data
from support.small_rubric import base, load, score

from assess_lib.analysis.similar_teams import nearest_with_more, nearness
from assess_lib.indicators.starting_conditions import starting_conditions
from assess_lib.pages import blocks
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.similar import Lesson, Lessons, SimilarTeam, _conditions, _more, lessons

NAN = math.nan
CONDITIONS = pd.DataFrame(
    {
        "distance_km": [10.0, 20.0, 50.0, NAN],
        "poverty_rate": [0.2, 0.3, 0.2, 0.4],
        "households": [100.0, 100.0, 100.0, 100.0],
    },
    index=["T1", "T2", "T3", "T4"],
)


@pytest.mark.parametrize(
    ("team", "near"),
    [
        # ranges: 40 km, 0.2, and none of households, which therefore part nobody
        ("T1", [1.0, 1 - (10 / 40 + 0.1 / 0.2) / 2, 1 - (40 / 40 + 0) / 2, 0.0]),
        (
            "T2",
            [0.625, 1.0, 1 - (30 / 40 + 0.1 / 0.2) / 2, 1 - (1 + 0.1 / 0.2) / 2],
        ),  # of T4 no distance: as far as can be
        ("T4", [0.0, 0.5, 0.0, 1.0]),  # its distance is not known: only poverty is compared
    ],
)
def test_nearness_is_one_less_the_mean_difference_by_range(team, near) -> None:
    assert nearness(CONDITIONS, team).tolist() == pytest.approx(near)


def test_a_team_of_which_nothing_is_known_is_near_to_nobody() -> None:
    unknown = CONDITIONS.assign(distance_km=NAN, poverty_rate=[0.2, 0.3, NAN, 0.4], households=NAN)
    assert nearness(unknown, "T3").isna().all()
    assert nearness(unknown, "T1").tolist() == pytest.approx([1.0, 0.5, 0.0, 0.0])


def test_the_nearest_that_earned_more_come_first(tmp_path) -> None:
    earned = {"T1": 0.2, "T2": 0.5, "T3": 0.2, "T4": 1.0, "T5": 0.8, "T6": 0.9}
    result = score(load(base(), tmp_path), {team: {"a": value} for team, value in earned.items()})
    near = pd.Series({"T1": 1.0, "T2": 0.5, "T3": 0.9, "T4": 0.8, "T5": 0.8, "T6": 0.49})
    more = lambda team="T1", most=5, among=near.index: nearest_with_more(result, team, "a", near, most, among)
    assert more() == [
        "T4",
        "T5",
        "T2",
    ]  # T3 earned as much, T6 is not near; of equally near ones the better first
    assert more(most=2) == ["T4", "T5"]
    assert more(among=["T1", "T2", "T5"]) == ["T5", "T2"]
    assert more("T4") == []


def test_conditions_are_those_of_the_village_and_its_households() -> None:
    homes = [
        ("H1", "V1", "poor"),
        ("H2", "V1", "other"),
        ("H3", "V1", "other"),
        ("H4", "V1", "other"),
        ("H5", "V2", "poor"),
    ]
    tables = {
        "teams": [{"team_id": f"T{n}", "village_id": f"V{n}"} for n in (1, 2, 3)],
        "villages": [
            {"village_id": "V1", "distance_km": 12.5},
            {"village_id": "V2"},
            {"village_id": "V3", "distance_km": 30},
        ],
        "households": [dict(zip(("household_id", "village_id", "category"), home)) for home in homes],
    }
    found = starting_conditions(year_data(tables))
    assert found["distance_km"].fillna(-1).tolist() == [12.5, -1, 30.0]
    assert found["poverty_rate"].fillna(-1).tolist() == [0.25, 1.0, -1]  # of T3's village no household is known
    assert found["households"].fillna(-1).tolist() == [4, 1, -1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_card_names_them_with_what_they_did(sample_years, lang) -> None:
    card = Scorecard(*sample_years, "T0007", lang)
    found = lessons(card)
    assert [one.line.id for one in found.lessons] == [line.id for line in card.weakest[:3]]
    for lesson in found.lessons:
        at = [one.id for one in card.rubric.indicators()].index(lesson.line.id)
        share = lambda team, at=at: _share(card, team, at)
        assert 1 <= len(lesson.teams) <= 3
        assert all(share(other.team_id) > share("T0007") and other.team_id in card.peer_ids for other in lesson.teams)
    html = blocks.card_block("similar", card, found=found).html
    (first, *_) = found.lessons[0].teams
    assert f'<a href="../index.html#q={first.team_id}">' in html and first.near in html and first.conditions in html
    assert re.search(r"比本队多 2 \w+（" if lang == "zh" else r"2 \w+ more \(", html)


@pytest.mark.parametrize(("counted", "of", "told"), [(5, 10, True), (8, 40, False), (None, None, False)])
def test_more_is_said_where_both_counted_out_of_the_same(sample_years, counted, of, told) -> None:
    rule = next(one for one in sample_years[0].rubric.indicators() if one.id == "project_completion")
    rows = [pd.Series({"numerator": top, "denominator": below}) for top, below in ((counted, of), (3, 10))]
    assert bool(_more(*rows, rule, "zh")) == told


def test_a_team_alone_has_nobody_to_learn_from(tmp_path) -> None:
    alone = Scorecard(score(load(base(), tmp_path), {"T1": {"a": 0.2}}), None, "T1")
    assert alone.weakest and lessons(alone).lessons == ()
    assert blocks.card_block("similar", alone, found=lessons(alone)).html.strip() == ""


def _share(card: Scorecard, team: str, at: int) -> float:
    place = card.now.in_steps.teams.get_loc(team)
    return card.now.in_steps.steps[place, at] / card.now.in_steps.weight[place, at]


def test_a_larger_share_is_more_and_not_more_points(tmp_path) -> None:
    """T1 has .9 of 30, T2 .7 of the 40 that b's weight makes of it: 28 points against 27, and a smaller share."""
    values = {"T1": {"a": 0.9}, "T2": {"a": 0.7, "b": "not_applicable"}}
    near = pd.Series({"T1": 1.0, "T2": 1.0})
    assert nearest_with_more(score(load(base(), tmp_path), values), "T1", "a", near, 3, ["T1", "T2"]) == []


def test_what_is_not_more_is_not_called_so(sample_years) -> None:
    rules = {one.id: one for one in sample_years[0].rubric.indicators()}
    row = lambda count: pd.Series({"numerator": count, "denominator": 10})
    done, bad = rules["project_completion"], next(one for one in rules.values() if one.score.better == "lower")
    assert [_more(row(count), row(3), done, "en") for count in (2, 3)] == ["", ""]
    assert _more(row(1), row(3), bad, "en") and _more(row(5), row(3), bad, "en") == ""


def test_the_nearest_of_each_indicator_come_before_the_second_nearest() -> None:
    of = lambda *teams: Lesson(None, "", tuple(SimilarTeam(team, *[""] * 7) for team in teams))  # type: ignore[arg-type]
    assert Lessons("", "", (of("A", "B", "C"), of("D", "E"))).teams == ["A", "D", "B"]


def test_the_share_of_poor_households_is_told_in_per_cent() -> None:
    assert "25%" in _conditions(pd.Series({"poverty_rate": 0.25}), "en").replace("25.0%", "25%")
