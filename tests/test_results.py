"""Recognition lists, comparison of years, files of results, the sample's assessment."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from generate import reference, tables_page
from support.situations import ROOT, SAMPLE, rubric, year_data
from support.small_rubric import base, indicator, score, write

from assess_lib import assess
from assess_lib.cli import main
from assess_lib.records.result_tables import points_table, scores_table, write_results
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.comparison import Comparable, at_last_weight, changed_definitions, compare_team
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring import awards as recognition

FULL = {"a": 1, "b": 1, "c": 1, "d": 1}
LISTS = {
    "commendation": {
        "teams": {"grades": ["excellent"], "top_share": 0.5},
        "units": {"dimension": "money", "at_least": 0.5, "top_share": 0.5},
    },
    "rectification": {
        "deadline": "06-30",
        "reasons": 2,
        "team_grades": ["fail"],
        "team_below": [{"dimension": "money", "share": 0.5}],
        "unit_below": [{"dimension": "money", "share": 0.5}],
    },
}


def rubric_of(**changes) -> Rubric:
    return Rubric.model_validate(base() | changes)


# ---- recognition --------------------------------------------------------------------------------


def test_commended_teams_are_the_first_of_the_good_ones() -> None:
    result = score(rubric_of(**LISTS), {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.8}, "D": {}})
    assert list(recognition.commended_teams(result).index) == ["A", "B"]  # half of 4


def test_a_tie_that_does_not_fit_is_left_out_of_the_list() -> None:
    result = score(rubric_of(**LISTS), {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.9}, "D": {}})
    assert list(recognition.commended_teams(result).index) == ["A"]


def test_a_provisional_team_is_not_commended() -> None:
    tree = base() | LISTS
    tree["dimensions"][0]["groups"][0]["indicators"][1]["missing"] = "provisional"
    result = score(
        Rubric.model_validate(tree), {"A": {"a": 1, "c": 1, "d": 1}, "B": {**FULL, "b": 0.5}, "C": {}, "D": {}}
    )
    assert list(recognition.commended_teams(result).index) == ["B"]


def test_rectification_names_reasons_what_must_change_and_the_deadline() -> None:
    result = score(rubric_of(**LISTS), {"A": FULL, "B": {"a": 1, "b": 1, "c": 1, "d": 0.4}, "C": {"c": 1, "d": 0.5}})
    found = recognition.rectification(result).set_index("id")
    # B has 60 + 16 = 76: good, but 0.4 of the money; C has 40: fail, and exactly 0.5 of the money, which is not below
    assert found.loc["B", "why"] == [("below", "money", 0.4, 0.5)] and found.loc["B", "indicators"] == ["d"]
    assert found.loc["C", "why"] == [("grade", "fail")] and found.loc["C", "indicators"] == ["a", "d"]
    assert set(found["deadline"]) == {"2017-06-30"}


def test_units_are_judged_by_the_mean_of_their_teams() -> None:
    result = score(rubric_of(**LISTS), {"A": {**FULL, "d": 0.2}, "B": {**FULL, "d": 0.7}})  # both of D1: 0.45
    units = recognition.unit_shares(result, "money")
    assert units[["unit_id", "teams", "share"]].to_numpy().tolist() == [["D1", ["A", "B"], 0.45]]
    assert recognition.commended_units(result).empty
    assert recognition.rectification(result).set_index("kind").loc["unit", "team_ids"] == ["A", "B"]


def _three_members(at_least: dict[str, float]) -> pd.DataFrame:
    """Of three members those to be commended: M1 and M2 have the same days, M1 wrote in 12 months, M2 in 6, M3 has not 100 days."""
    members = [{}, {}, {}]
    days = [
        f"2016-{month:02d}-{day:02d}"
        for month in (3, 4, 5, 6, 7, 8, 9, 11)
        for day in range(1, 32)
        if (month, day) not in {(4, 31), (6, 31), (9, 31), (11, 31)}
    ]
    rows = [{"member_id": m, "day": day} for m in ("M1", "M2", "M3") for day in days if m != "M3" or day < "2016-05-01"]
    diaries = [
        {"member_id": m, "day": f"2016-{month:02d}-05"}
        for m in ("M1", "M2")
        for month in range(1, 13)
        if m == "M1" or month > 6
    ]
    tree = base()
    more = [
        indicator(n, w, {"kind": "linear", "floor": 0, "target": 1, "average_over": "parts"}, measure=n)
        for n, w in (("attendance_days", 30), ("diary", 10))
    ]
    for made in more:
        made.pop("unit")
    tree["dimensions"][0]["groups"][0]["indicators"] = more
    tree["commendation"] = {
        "teams": {"grades": ["good"]},
        "members": {"rank_on": ["attendance_days", "diary"], "at_least": at_least, "top_share": 0.67},
    }
    rules = Rubric.model_validate(tree)
    data = year_data(
        {
            "members": members,
            "attendance": rows,
            "work_logs": rows,
            "diaries": diaries,
            "entered_values": [{"indicator": "c", "value": 1}, {"indicator": "d", "value": 1}],
        }
    )
    return recognition.commended_members(assess(rules, data))


def test_members_are_ranked_on_days_then_diary() -> None:
    found = _three_members({"attendance_days": 100})  # two places of three
    assert found["member_id"].tolist() == ["M1", "M2"] and found["place"].tolist() == [1, 2]
    assert [float(v) for v in found["diary"]] == [1.0, 0.5]


def test_no_member_is_commended_where_nobody_reaches_the_least() -> None:
    assert _three_members({"attendance_days": 400, "diary": 1}).empty


# ---- two years ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bend, why",
    [
        (lambda i: i.update(score={"kind": "linear", "floor": 0, "target": 2}), "score"),
        (lambda i: i.update(measure="collective_income"), "measure"),
        (lambda i: i.update(missing="exclude"), "rules"),
        (lambda i: i.update(weight=0), "weight"),
        (lambda i: i.update(id="other"), "new"),
        (lambda i: i.update(name={"zh": "改名", "en": "renamed"}), None),
    ],
)
def test_a_changed_indicator_is_never_silently_compared(bend, why) -> None:
    tree = base()
    bend(tree["dimensions"][0]["groups"][0]["indicators"][0])
    one = score(rubric_of(), {"A": FULL})
    other = replace(one, year=2017, rubric=Rubric.model_validate(tree))
    changed = changed_definitions(other, one)
    assert changed.get("other" if why == "new" else "a") == why


def test_changes_of_a_team_since_last_year() -> None:
    before = score(rubric_of(), {"A": {**FULL, "a": 0.5, "c": "not_applicable"}})
    now = score(rubric_of(), {"A": {**FULL, "a": 0.8}, "B": FULL})
    table = compare_team(now, before, "A")
    # c was shared out before: a had weight 45, now 30, b 15, now 10; d had 40 both years
    assert table["changed"].fillna("").to_dict() == {"a": "shared", "b": "shared", "c": "applies", "d": ""}
    assert table["compared"].to_dict() == {"a": "last_weight", "b": "last_weight", "c": "nothing", "d": "points"}
    # 0.8 × 45 less 0.5 × 45; 15 less 15
    assert table["change"].fillna(-99).to_dict() == {"a": 13.5, "b": 0, "c": -99, "d": 0}
    assert Scorecard(now, before, "A").comparable_part() == Comparable(3, 1, 13.5)
    assert Scorecard(now, before, "A").comparable_part("money") == Comparable(1, 0, 0.0)
    assert table.loc["d", "change"] == 0
    assert compare_team(now, before, "B") is None


def test_points_at_last_years_weight_are_whole_steps_half_up() -> None:
    """In hundredths: 100 of 155 at 100 is 64.5 → 65; 1 of 3 at 1 is 0.33 → 0; a deduction of 5 at half the weight is −2.5 → −3."""
    points, weight, last = (np.array(row) for row in ([100, 1, -5, 7], [155, 3, 10, 0], [100, 1, 5, 10]))
    assert at_last_weight(points, weight, last).tolist() == [65, 0, -3, 0]


def test_what_is_measured_alike_shows_both_values_where_its_points_do_not_compare() -> None:
    tree = base()
    first, second = tree["dimensions"][0]["groups"][0]["indicators"]
    first["score"], second["options"] = {"kind": "linear", "floor": 0, "target": 2}, {"x": 1}
    before = score(rubric_of(), {"A": {**FULL, "a": 0.5}})
    now = replace(score(rubric_of(), {"A": FULL}), rubric=Rubric.model_validate(tree))
    table = compare_team(now, before, "A")
    assert table["compared"].to_dict() == {"a": "values", "b": "nothing", "c": "points", "d": "points"}
    lines = {line.id: line for line in Scorecard(now, before, "A").lines}
    assert (lines["a"].value_before, lines["a"].change) == ("0.5", None)
    assert (lines["b"].value_before, lines["b"].change) == ("", None)
    assert Scorecard(now, before, "A").comparable_part() == Comparable(2, 2, 0.0)


# ---- files --------------------------------------------------------------------------------------


def test_points_of_a_file_add_up_by_hand_to_its_scores(tmp_path, sample_years) -> None:
    now, _ = sample_years
    scores_path, points_path = write_results(now, tmp_path)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    weights: dict[str, Decimal] = defaultdict(Decimal)
    with points_path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sums[row["team_id"]] += Decimal(row["points"])
            weights[row["team_id"]] += Decimal(row["weight"])
    with scores_path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24 and set(weights.values()) == {Decimal("100.00")}
    for row in rows:
        names = ("team_performance", "fund_use", "unit_support", "household_pairing")
        parts = [Decimal(row[name]) for name in names if row[name]]  # blank where a focal point does not apply
        assert sum(parts) == Decimal(row["total"]) == sums[row["team_id"]]


def test_the_columns_are_those_of_the_contract(sample_years) -> None:
    now, _ = sample_years
    assert list(scores_table(now.rubric, 2016, now.scores)) == [
        "team_id",
        "year",
        "team_performance",
        "fund_use",
        "unit_support",
        "household_pairing",
        "total",
        "rank",
        "grade",
        "provisional",
    ]
    assert list(points_table(now.rubric, now.data.teams().to_dict("index"), now.points)) == [
        "team_id",
        "indicator",
        "numerator",
        "denominator",
        "value",
        "target",
        "points",
        "weight",
        "status",
    ]


def test_a_rubric_from_anywhere_with_a_table_of_values(tmp_path) -> None:
    home = tmp_path / "data" / "2016"
    home.mkdir(parents=True)
    (home / "teams.csv").write_text("team_id\nX1\nX2\n")
    (home / "entered_values.csv").write_text("team_id,indicator,value\nX1,a,1\nX1,b,0.5\nX1,c,1\nX1,d,1\nX2,a,0.2\n")
    path = write(base(), tmp_path)
    run = CliRunner().invoke(
        main, ["score", str(tmp_path / "data"), "--year", "2016", "--rubric", str(path), "--out", str(tmp_path / "out")]
    )
    assert run.exit_code == 0, run.output
    # X1: 30 + 5 + 20 + 40 = 95; X2: 6
    assert (tmp_path / "out" / "scores.csv").read_text() == (
        "team_id,year,work,money,total,rank,grade,provisional\n"
        "X1,2016,55.00,40.00,95.00,1,excellent,false\n"
        "X2,2016,6.00,0.00,6.00,2,fail,false\n"
    )
    assert (tmp_path / "out" / "points.csv").read_text().splitlines()[2] == "X1,b,0.5,,0.5,1,5.00,10.00,measured"


@pytest.mark.slow
def test_scores_csv_is_the_same_in_another_process_with_another_hash_seed(tmp_path, sample_years) -> None:
    now, _ = sample_years
    path, _ = write_results(now, tmp_path / "here")
    command = [
        sys.executable,
        "-m",
        "assess_lib.cli",
        "score",
        str(SAMPLE),
        "--year",
        "2016",
        "--out",
        str(tmp_path / "there"),
    ]
    subprocess.run(
        command, check=True, env={"PYTHONHASHSEED": "7", "PATH": "", "LC_ALL": "C"}, cwd=ROOT, capture_output=True
    )
    assert path.read_bytes() == (tmp_path / "there" / "scores.csv").read_bytes()
    assert (tmp_path / "here" / "points.csv").read_bytes() == (tmp_path / "there" / "points.csv").read_bytes()


def test_one_team_alone_scores_as_among_all(sample_years, tmp_path) -> None:
    """All but what is taken against the peers: the same points from the rows of one team alone."""
    now, _ = sample_years
    data = now.data
    tables = dict(data.tables)
    tables["teams"] = tables["teams"][tables["teams"]["team_id"] == "T0005"]
    alone = assess(now.rubric, type(data).of(2016, tables, starts=data.starts)).points_of("T0005")["points"]
    among = now.points_of("T0005")["points"]
    assert alone.drop("fund_benefit").to_dict() == among.drop("fund_benefit").to_dict()


def test_the_order_of_rows_changes_nothing(sample_years) -> None:
    now, _ = sample_years
    data = now.data
    turned = type(data).of(
        2016, {name: table.sample(frac=1, random_state=3) for name, table in data.tables.items()}, starts=data.starts
    )
    assert turned.fingerprint == now.data.fingerprint
    assert assess(now.rubric, turned).scores.equals(now.scores)


def test_a_team_without_any_row_is_assessed_all_the_same() -> None:
    result = assess(rubric(), year_data({}))
    assert result.scores.loc["T1", "total"] == 0 and bool(result.scores.loc["T1", "provisional"])
    assert result.scores.loc["T1", "highest"] > 80
    assert set(result.points["status"]) <= {"no_evidence", "not_applicable"}


def test_the_sample_has_a_veto_ties_missing_evidence_and_what_does_not_apply(sample_years) -> None:
    now, _ = sample_years
    assert sum("misuse" in vetoes for vetoes in now.scores["vetoes"]) == 1
    assert now.scores["rank"].duplicated().any() and now.scores["provisional"].any()
    assert {"no_evidence", "not_applicable"} <= set(now.points["status"])


def test_the_reference_pages_are_current() -> None:
    assert (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8") == reference(rubric()), "run make docs"
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == tables_page(), "run make docs"


def test_a_unit_exactly_at_the_share_is_not_below_it() -> None:
    """0.1, 0.2 and 0.6 have a mean of 0.3, of which floats make 0.3 or less; 0.1, 0.2 and 0.599 are below."""
    units = pd.Series(["U1", "U1", "U1", "U2", "U2", "U2", None, "U3"])
    earned = np.array([100, 200, 600, 100, 200, 599, 0, 0])
    whole = np.array([1000, 1000, 1000, 1000, 1000, 1000, 1000, 0])  # nothing applies to the team of U3
    assert recognition._units_below(units, earned, whole, Fraction(3, 10)) == {"U2"}
    assert recognition._units_below(units, earned, whole, Fraction(0)) == set()
