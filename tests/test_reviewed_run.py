"""A review in a run: computed and adjusted side by side on pages and in files, only what changed is made again."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from click.testing import CliRunner
from support.situations import SAMPLE

from assess_lib.cli import main
from assess_lib.review.acts import open_review
from assess_lib.runs.batch import run_year
from assess_lib.runs.national.country import score_partitions
from assess_lib.sample.dataset import write_sample

pytestmark = pytest.mark.slow
WHY = "县统计局更正了数据"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("reviewed")
    shutil.copytree(SAMPLE, home / "data")
    return home


def test_a_run_shows_what_was_judged_and_makes_again_what_it_changes(place) -> None:
    data, out = place / "data", place / "out"
    review = open_review(data, 2016)
    scores = review.result.scores
    team, other_area = scores.index[0], scores["area"] != scores["area"].iloc[0]
    far = scores.index[other_area][0]
    near = next(t for t in scores.index[1:] if t != far and scores.at[t, "area"] == scores.at[team, "area"])
    chosen = [team, near, far]
    first = run_year(data, 2016, out, teams=chosen, jobs=1)
    assert not (out / "adjustments.csv").exists() and "没有复核调整" in (out / "teams" / f"{team}.html").read_text(
        "utf-8"
    )
    assert not first.failed and len(first.made) == 4
    points = float(review.result.points_of(team).at["income_ratio", "points"])
    change = round(points - 0.1, 2)
    written = review.judge("points", team, "income_ratio", "张三", WHY + "，联系 13812345678", becomes=change)
    assert not written.entry.needs_second and float(written.entry.effect) == -0.1
    ranks_kept = [t for t in (near, far) if scores.at[t, "rank"] == review.result.scores.at[t, "rank"]]
    second = run_year(data, 2016, out, teams=chosen, jobs=1)
    assert team in second.made and near in second.made  # the team, and a peer that is shown beside it
    assert (far in second.kept) == (far in ranks_kept)
    page = (out / "teams" / f"{team}.html").read_text("utf-8")
    assert f"测算 {points:.2f}" in page and WHY in page and "张三" in page and "13812345678" not in page
    row = (out / "adjustments.csv").read_text("utf-8").splitlines()[1].split(",")
    assert row[:5] == [team, "income_ratio", "1", "points", "in_force"]
    assert (row[6], row[8], row[9]) == (f"{points:.2f}", f"{change:.2f}", "-0.10")
    total = [line for line in (out / "scores.csv").read_text("utf-8").splitlines() if line.startswith(team)][0]
    assert f"{scores.at[team, 'total'] - 0.1:.2f}" in total
    review.undo(1, "张三", "更正函已撤回")
    third = run_year(data, 2016, out, teams=chosen, jobs=1)
    assert team in third.made and far in third.kept and not (out / "adjustments.csv").exists()
    assert "没有复核调整" in (out / "teams" / f"{team}.html").read_text("utf-8")


def test_scoring_alone_follows_the_ledger_too_and_refuses_one_that_was_changed(tmp_path) -> None:
    shutil.copytree(SAMPLE / "2016", tmp_path / "data" / "2016")
    review = open_review(tmp_path / "data", 2016)
    team = review.result.scores.index[0]
    before = review.result.scores.at[team, "total"]
    review.judge("points", team, "income_ratio", "=张三", "=1+1 县里更正", becomes="0")
    after = review.result.scores.at[team, "total"]
    command = ["score", str(tmp_path / "data"), "--year", "2016", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, command).exit_code == 0 and after < before
    lines = (tmp_path / "out" / "scores.csv").read_text("utf-8").splitlines()
    assert any(line.startswith(f"{team},") and f",{after:.2f}," in line for line in lines)
    listed = (tmp_path / "out" / "adjustments.csv").read_text("utf-8")
    assert "'=1+1 县里更正" in listed and "'=张三" in listed  # no formula in Excel
    with sqlite3.connect(tmp_path / "data" / "reviews" / "ledger.sqlite") as connection:
        connection.executescript("DROP TRIGGER no_change; UPDATE entries SET body = replace(body, '县里', '省里');")
    connection.close()
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2 and "第 1 条" in done.output and "ledger.sqlite" in done.output


def test_county_by_county_scores_the_same_with_a_review(tmp_path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    write_sample(whole, 16, 3, [2016])
    write_sample(parts, 16, 3, [2016], partitioned=True)
    review = open_review(whole, 2016)
    a, b = review.result.scores.index[:2]
    review.judge("value", a, "fund_benefit", "张三", WHY, becomes="0.5")  # its peers' points move too
    review.judge("exclude", b, "income_ratio", "张三", WHY)
    review.judge("points", b, "diary", "李四", WHY, becomes="0.11")
    shutil.copytree(whole / "reviews", parts / "reviews")
    shutil.copy(whole / "reviews.ledger.json", parts)
    from assess_lib.records.result_tables import write_results

    write_results(review.result, tmp_path / "a")
    score_partitions(parts, 2016, tmp_path / "b", jobs=1)
    for name in ("scores.csv", "points.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
