"""Who is owed care is defined once: one denominator for coverage, visits and plans, and one option of the rubric."""

from __future__ import annotations

import random

import pytest
from ruamel.yaml import YAML
from support.situations import RUBRICS, frame, rubric, year_data

from assess_lib.indicators.registry import registered, vocabulary
from assess_lib.rules.loading import check_rubric, read_rubric

OF_CARE = ("pairing_coverage", "visit_frequency", "individual_plans", "household_plans", "paired_outcome")
DAYS = ("2010-05-01", "2013-01-01", "2014-06-30", "2015-12-31", "2016-01-01", "2016-07-01", "2016-12-31", "2017-02-01")


def _households(seed: int) -> list[dict]:
    draw = random.Random(seed)
    categories = ("poor", "dibao", "wubao", "other")
    return [
        {
            "category": draw.choice(categories),
            "category_previous": draw.choice(("", *categories)),
            "category_changed_on": draw.choice(("", *DAYS)),
            "registered": draw.random() < 0.6,
            "exited_on": draw.choice(("", *DAYS)),
            "fell_back_on": draw.choice(("", "", *DAYS)),
            "income_yuan": draw.choice(("", 9000, 12000)),
            "income_prev_yuan": 10000,
        }
        for _ in range(40)
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("years", [0, 1, 3])
def test_coverage_visits_plans_and_outcome_have_one_denominator(seed: int, years: int) -> None:
    data = year_data(
        {
            "households": _households(seed),
            "pairings": [{"household_id": f"H{n}"} for n in range(1, 40, 3)],
            "visits": [{"household_id": "H1", "visited_on": "2016-05-01"}],
            "benchmarks": [
                {"metric": "rural_income_per_head_yuan", "value": 10500},
                {"year": 2015, "metric": "rural_income_per_head_yuan", "value": 10000},
            ],
        }
    )
    cared = set(data.households_in_care(years)["household_id"])
    found = {name: registered()[name](data, follow_up_years=years).teams.at["T1", "denominator"] for name in OF_CARE}
    assert found == dict.fromkeys(OF_CARE, len(cared)) and cared
    poor = set(data.poor_households()["household_id"])
    assert poor <= cared, "whoever is poor is in care"
    relapsed = registered()["relapse"](data).evidence
    assert set(relapsed.loc[~relapsed["met"], "household_id"]) <= poor, "whoever fell in the year is poor in it"
    longer = set(data.households_in_care(years + 1)["household_id"])
    assert cared <= longer and data.households_in_care(years)["care_from"].between("2016-01-01", "2016-12-31").all()


def test_a_household_is_counted_whoever_leaves_or_falls_after_the_year() -> None:
    """Out in 2017 or fallen in 2017: nothing of it is known in 2016."""
    rows = [{"exited_on": "2017-02-01"}, {"exited_on": "2010-05-01", "fell_back_on": "2017-02-01"}]
    data = year_data({"households": rows})
    assert list(data.poor_households()["household_id"]) == ["H1"]
    assert data.out_of_poverty(frame("households", rows)).tolist() == [False, True]


def test_the_rubric_states_the_time_of_follow_up_once() -> None:
    """The option at the top reaches every measure that takes it, also in a version that extends another."""
    takers = {name for name, options in vocabulary().options.items() if "follow_up_years" in options}
    assert set(OF_CARE) < takers
    for name in ("hubei-2016", "hubei-2015"):
        of = {i.measure: i.options.get("follow_up_years") for i in rubric(name).indicators() if i.measure in takers}
        assert of == dict.fromkeys(takers, 3), name
    assert rubric("hubei-2015").indicator("visit_frequency").options == {"follow_up_years": 3, "visits_a_year": 2}


@pytest.mark.parametrize(
    "change, key, place",
    [
        (lambda tree: tree["options"].update(follow_up_year=2), "rubric.unknown_option", "options.follow_up_year"),
        (lambda tree: _indicator(tree, "pairing_coverage").update(options={"follow_up_years": 1}), "rubric.option_twice", "options.follow_up_years"),
        (lambda tree: tree.update(options=3), "rubric.type", "options"),
        (lambda tree: tree.update(dimensions=3), "rubric.type", "dimensions"),
        (lambda tree: tree["not_measured"].append({"clause": {"section": "一", "words": "词"}}), "rubric.missing_key", "why"),
    ],
    ids=["unknown", "stated otherwise", "no mapping", "no focal points", "without a reason"],
)  # fmt: skip
def test_an_option_that_measures_share_is_checked(change, key, place, tmp_path) -> None:
    yaml = YAML()
    tree = yaml.load((RUBRICS / "hubei-2016.yaml").read_text(encoding="utf-8"))
    change(tree)
    yaml.dump(tree, path := tmp_path / "r.yaml")
    faults = check_rubric(path, vocabulary())[1]
    assert [(fault.key, fault.place.split()[-1].endswith(place)) for fault in faults if fault.key == key] == [
        (key, True)
    ]


def test_the_same_option_stated_again_is_no_fault(tmp_path) -> None:
    yaml = YAML()
    tree = yaml.load((RUBRICS / "hubei-2016.yaml").read_text(encoding="utf-8"))
    _indicator(tree, "pairing_coverage").update(options={"follow_up_years": 3})
    yaml.dump(tree, path := tmp_path / "r.yaml")
    assert read_rubric(path, vocabulary()).fingerprint == rubric().fingerprint


def _indicator(tree: dict, name: str) -> dict:
    return next(i for d in tree["dimensions"] for g in d["groups"] for i in g["indicators"] if i["id"] == name)
