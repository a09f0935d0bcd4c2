"""Who gained most since last year over what can be compared; two years by hand."""

from __future__ import annotations

import re

import pytest
from support.small_rubric import base, indicator, load, score

from assess_lib.pages.documents.circular import Paragraph, circular
from assess_lib.pages.site.index import index_page
from assess_lib.records.provenance import Program
from assess_lib.records.record import read_record, write_record
from assess_lib.scorecard.comparison import Improved, compare_team, most_improved
from assess_lib.scorecard.overview import overview
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import YearSummary


@pytest.fixture
def rubric(tmp_path):
    return load(base(), tmp_path)


def year(rubric, **values):
    return score(rubric, {team: dict(zip("abcd", of)) for team, of in values.items()})


def test_those_that_gained_most_come_first_and_none_that_did_not(rubric) -> None:
    before = year(rubric, A=(0.5, 0, 0, 0), B=(0, 0, 0, 0), C=(1, 1, 1, 1), D=(0, 0, 0.5, 0))
    now = year(rubric, A=(0.6, 0, 0, 0), B=(0, 0.5, 0, 0.1), C=(1, 1, 1, 0.9), D=(0, 0, 0.5, 0), E=(1, 1, 1, 1))
    # A gains 0.1 × 30, B 0.5 × 10 + 0.1 × 40; C loses, D stays, E was not there
    assert most_improved(now, before) == (Improved("B", 9.0, 4), Improved("A", 3.0, 4))
    assert most_improved(now, before, most=1) == (Improved("B", 9.0, 4),)
    assert most_improved(now, None) == ()


def test_of_equal_gains_the_better_ranked_team_comes_first(rubric) -> None:
    before = year(rubric, A=(0, 0, 0, 0), B=(0, 1, 1, 1))
    assert [one.team_id for one in most_improved(year(rubric, A=(0.5, 0, 0, 0), B=(0.5, 1, 1, 1)), before)] == [
        "B",
        "A",
    ]


def test_what_has_another_weight_or_definition_does_not_count(rubric, tmp_path) -> None:
    before = year(rubric, A=(0, 0, 0, 0))
    changed = base()
    first = changed["dimensions"][0]["groups"][0]["indicators"]
    first[0]["weight"], first[1]["weight"] = 20, 20  # of a and b
    (other := tmp_path / "other").mkdir()
    now = year(load(changed, other), A=(1, 1, 0.5, 0))
    assert most_improved(now, before) == (Improved("A", 10.0, 2),)  # 0.5 × 20 of c; d stays


def test_weights_that_were_shared_out_count_at_those_of_last_year(rubric) -> None:
    before = score(rubric, {"A": {"a": 0, "b": "not_applicable", "c": 0, "d": 0}})
    now = score(rubric, {"A": {"a": 1, "b": 0, "c": 0, "d": 0.5}})
    assert most_improved(now, before) == (
        Improved("A", 60.0, 3),
    )  # 1 × 40 of a, which had the weight of b too, and 0.5 × 40 of d


def test_a_deduction_that_is_gone_is_a_gain(tmp_path) -> None:
    tree = base()
    late = indicator("late", 0, {"kind": "deduct", "target": 0, "every": 1, "per": 2, "floor": -10})
    tree["dimensions"][0]["groups"][0]["indicators"].append(late)
    rules = load(tree, tmp_path)
    each = lambda late: score(rules, {"A": {"a": 0.5, "b": 0, "c": 0, "d": 0, "late": late}})
    assert most_improved(each(0), each(3)) == (Improved("A", 6.0, 5),)  # three times two points; the four others stay
    assert most_improved(each(3), each(0)) == ()
    part = Scorecard(each(0), each(3), "A").comparable_part()
    assert (part.indicators, part.change) == (5, 6.0)  # the card says the same


def test_the_sum_is_that_of_the_scorecard_s_comparison(sample_years) -> None:
    now, before = sample_years
    for one in most_improved(now, before, most=99):
        table = compare_team(now, before, one.team_id)
        counted = table["change"].notna() & (
            (table["weight"] > 0) | (table["points"] != 0) | (table["points_before"] != 0)
        )
        assert (one.change, one.compared) == (round(table["change"][counted].sum(), 2), counted.sum())
    assert len(most_improved(now, before, most=99)) > 5


def test_they_stand_on_the_list_in_the_summary_and_in_the_circular(sample_years, tmp_path) -> None:
    now, before = sample_years
    first = most_improved(now, before)[0]
    name, gain = now.data.teams().at[first.team_id, "name"], f"{first.change:.2f}"
    page = index_page(overview(now, before), overview(before), "zh", [first.team_id])
    listed = re.search(r'<details class="groups" id="improved">.*?</details>', page, re.DOTALL)[0]
    assert (
        f'<a href="teams/{first.team_id}.html">{name}</a>' in listed
        and f"增 {gain} 分（{first.compared} 项）" in listed
    )
    assert listed.count("<li>") == 5
    assert YearSummary(now, before).improved[0][0::2] == (name, f"+{gain}")
    write_record(tmp_path, sample_years, Program(program="1", code="c", parameters_digest="", packages={}), {})
    record = read_record(tmp_path)
    told = [part.words for part in circular(record, "zh").parts if isinstance(part, Paragraph)]
    assert any(f"进步较大的是{name}（增 {gain} 分）" in words for words in told)
    assert record.overviews()[0].improved == most_improved(now, before)
    assert index_page(overview(now), None, "zh", []).count('id="improved"') == 0
