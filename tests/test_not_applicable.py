"""A focal point that does not apply to a team is said so wherever its points would stand, and is never a 0.00.

T0014 of the sample has no poor households: nothing of the pairing of cadres counts, and its 15 points are shared out.
"""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from assess_lib.pages import blocks
from assess_lib.pages.site.index import index_page
from assess_lib.records.record import _scores
from assess_lib.records.result_tables import csv_text, scores_table
from assess_lib.scorecard.first_screen import position
from assess_lib.scorecard.overview import overview
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import YearSummary
from assess_lib.scoring.ranks import ranked

TEAM, POINT = "T0014", "household_pairing"


def cells_of(html: str, team: str) -> list[str]:
    """The texts of the cells of a team's row in a list."""
    (row,) = (row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if f"· {team}</small>" in row)
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]


def test_in_the_library_it_is_no_number(sample_years) -> None:
    now, _ = sample_years
    assert math.isnan(now.scores.at[TEAM, POINT]) and now.scores.drop(TEAM)[POINT].notna().all()
    assert now.scores.at[TEAM, "total"] == pytest.approx(
        now.scores.loc[TEAM, ["team_performance", "fund_use", "unit_support"]].sum()
    )
    assert "不适用" in Scorecard(now, None, TEAM)._repr_html_()


def test_in_scores_csv_it_is_blank(sample_years) -> None:
    now, _ = sample_years
    lines = csv_text(scores_table(now.rubric, now.year, now.scores)).splitlines()
    (line,) = (line for line in lines if line.startswith(TEAM))
    assert line.split(",")[2:7] == ["38.42", "22.14", "19.58", "", "80.14"]


def test_on_the_list_it_is_said_and_the_full_marks_in_force_stand_beside_the_others(sample_years) -> None:
    now, before = sample_years
    cells = cells_of(index_page(overview(now), overview(before), "zh", list(now.scores.index)), TEAM)
    assert cells[-4:] == ["38.42 / 47.06", "22.14 / 29.41", "19.58 / 23.53", "不适用"]
    others = cells_of(index_page(overview(now), overview(before), "zh", list(now.scores.index)), "T0001")
    assert others[-4:] == ["38.88", "23.74", "19.50", "14.05"], "the rubric's own full marks are not repeated"


def test_the_headline_does_not_blame_a_team_for_it(sample_years) -> None:
    now, before = sample_years
    assert "结对帮扶" not in position(Scorecard(now, before, TEAM))
    assert "Pairing" not in position(Scorecard(now, before, TEAM, "en"))


def test_on_the_card_and_in_the_summary_it_is_said(sample_years) -> None:
    now, before = sample_years
    card = Scorecard(now, before, TEAM)
    assert [line.applies for line in card.dimensions] == [True, True, True, False]
    table = re.sub(r"<[^>]+>", "|", blocks.card_block("indicators", card).html)
    assert re.search(r"结对帮扶[^|]*\|+–\|+不适用", table), "neither 0.00 of 0.00"
    (row,) = (row for row in YearSummary(now, before).ranking if row[1] == card.team["name"])
    assert row[3:7] == ("38.42", "22.14", "19.58", "不适用")


def test_a_record_that_is_read_back_knows_it(sample_years, tmp_path) -> None:
    now, _ = sample_years
    text = csv_text(scores_table(now.rubric, now.year, now.scores))
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    table = _scores(tmp_path / "scores.csv")
    assert math.isnan(table.at[TEAM, POINT]) and table.at["T0001", POINT] == 14.05


def test_a_tie_is_broken_as_if_it_had_earned_nothing(sample_years) -> None:
    now, _ = sample_years
    rubric = now.rubric.model_copy(update={"ranking": now.rubric.ranking.model_copy(update={"tie_breakers": [POINT]})})
    scores = pd.DataFrame({"total": [90.0, 90.0, 90.0], POINT: [math.nan, 0.0, 5.0]}, index=["A", "B", "C"])
    assert ranked(rubric, scores, "all").to_dict() == {"C": 1, "A": 2, "B": 2}
