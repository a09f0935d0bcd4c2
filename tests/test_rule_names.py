"""A name in the rules that no team of the year has is told: misspelt, it would change points without a word."""

from __future__ import annotations

import pandas as pd
import pytest
from support.small_rubric import base

from assess_lib.api import check_data
from assess_lib.faults import WARNING
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.rule_names import check_rule_names

FRAMES = {
    "teams": pd.DataFrame({"team_id": ["T1", "T2"], "county": ["云汐县", None], "area": ["山区", "山区"]}, dtype="str"),
    "units": pd.DataFrame({"unit_id": ["D1"], "unit_type": ["高校"]}, dtype="str"),
    "villages": pd.DataFrame({"village_id": ["V2"], "county": ["青岚县"], "name": ["菊坝"]}, dtype="str"),
}


def rubric(**keys) -> Rubric:
    """The small rubric, whose first indicator has further keys."""
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][0] |= keys
    return Rubric.model_validate(tree)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"when": {"county": ["云汐县", "青岚县"]}}, {}),  # of a team, and of the village of one that names none
        ({"when": {"county": ["云夕县"]}}, {"云夕县": "云汐县"}),
        ({"when": {"not": {"any": [{"county": ["云 汐县"]}, {"unit_type": ["高校"]}]}}}, {"云 汐县": "云汐县"}),
        ({"when": {"area": ["山区"], "unit_type": ["高 校"]}}, {"高 校": "高校"}),
        ({"when": {"village": {"name": "菊埧"}}}, {"菊埧": "–"}),
        ({"when": {"teams": {"ids": ["T1", "T02"], "reason": {"zh": "试点", "en": "pilot"}}}}, {"T02": "T2"}),
        ({"variants": [{"peers": {"county": ["青山县"]}, "weight": 10}]}, {"青山县": "青岚县"}),
        ({"when": {"village": {"is_poor": True}}}, {}),
    ],
)
def test_it_is_told_with_the_nearest(keys, told) -> None:
    found = list(check_rule_names(rubric(**keys), FRAMES))
    assert {fault.value: fault.details["near"] for fault in found} == told
    assert all(fault.severity == WARNING and fault.value in fault.text("zh") for fault in found)


def test_a_village_whose_audit_is_planned_is_one_of_the_year() -> None:
    rules = Rubric.model_validate(base() | {"norms": {"audits": {"villages": ["V2", "V02"]}}})
    assert [(fault.value, fault.details["near"]) for fault in check_rule_names(rules, FRAMES)] == [("V02", "V2")]


def test_a_row_that_was_set_aside_has_the_name_and_a_column_that_is_not_there_is_told_elsewhere() -> None:
    rules = rubric(when={"county": ["云汐县"], "area": ["平原"]})
    teams = FRAMES["teams"]
    assert not list(
        check_rule_names(rules, {"teams": teams[1:][["team_id", "county"]]}, {"teams": teams[:1][["county"]]})
    )


def test_the_check_of_a_year_tells_it(three_teams) -> None:
    found = [fault for fault in check_data(three_teams, 2016, rubric(when={"county": ["某某县"]})).faults]
    assert [fault.value for fault in found if fault.key == "checks.rule_names_nobody"] == ["某某县"]
