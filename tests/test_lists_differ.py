"""The difference of two results says who came onto a list or left it, and which quotas are others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.ledger.store import Ledger
from assess_lib.pages.documents.changes import changes_page, changes_text
from assess_lib.records.difference import difference
from assess_lib.records.record import read_record, write_record
from assess_lib.review.acts import ReviewSession
from assess_lib.runs.fingerprints import current_program

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lists")]


@pytest.fixture(scope="module")
def record(sample_years, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists") / "before"
    write_record(folder, (sample_years[0], None), current_program(), {})
    return read_record(folder)


def moved(found) -> list[tuple[str, str]]:
    return [(move.list, move.id) for move in found.lists]


def test_nothing_is_told_of_lists_that_are_the_same(record) -> None:
    found = difference(record, record)
    assert not found and found.lists == () and "名单" not in changes_page(found, "zh", "")


def test_every_list_is_compared(record) -> None:
    lists = record.lists
    first = lists.members[0]
    wronged = lists.rectification[0]
    quota = lists.quotas.grades[0]
    other = lists.model_copy(
        update={
            "teams": lists.teams[1:],
            "members": (first.model_copy(update={"place": 9}), *lists.members[1:]),
            "units": lists.units[1:],
            "rectification": (wronged.model_copy(update={"deadline": "2017-09-30"}), *lists.rectification[1:]),
            "quotas": lists.quotas.model_copy(
                update={"grades": (replace(quota, places=quota.places + 5), *lists.quotas.grades[1:])}
            ),
        }
    )
    found = difference(record, replace(record, lists=other))
    assert found, "lists that differ are a difference, though no team moved"
    assert moved(found) == [
        ("teams", lists.teams[0]),
        ("members", first.member_id),
        ("units", lists.units[0].unit_id),
        ("rectification", wronged.id),
        ("quota.grade", quota.group),
    ]
    lines = "\n".join(changes_text(found, "zh"))
    name = record.teams.at[lists.teams[0], "name"]
    assert f"通报表扬的工作队 {name} {lists.teams[0]}：不再列入\n" in lines
    assert f"通报表扬的队员 {first.name} {first.member_id}：第 {first.place} 名" in lines and "→ 第 9 名" in lines
    assert (
        f"通报表扬的派出单位 {lists.units[0].name}" in lines
        and "：不再列入（原为：得分率 " in lines
        and "2017年9月30日前" in lines
    )
    assert str(quota.places) in lines and str(quota.places + 5) in lines
    page = changes_page(found, "en", "")
    assert "Changes of lists and quotas (5)" in page and "no longer listed" in page and "quota of grades" in page
    assert len(changes_text(found, "en", most=2)) < len(changes_text(found, "en"))
    assert "3 more changes of lists and quotas are not shown." in changes_text(found, "en", most=2)


def test_a_judgement_that_costs_a_team_its_place_is_told_by_diff(record, sample_years, tmp_path) -> None:
    """The first of the commended teams loses its six best indicators, and others follow it up."""
    now, team = sample_years[0], record.lists.teams[0]
    review = ReviewSession(now, Ledger(tmp_path / "ledger.sqlite"))
    rows = now.points_of(team).sort_values("points", ascending=False)
    for number, indicator in enumerate(rows.index[:6]):
        review.judge("points", team, indicator, f"复核{number}", "材料全部不实", becomes="0")
        review.second(len(review.review_state.all), f"第二{number}", "同意")
    out = tmp_path / "after"
    write_record(out, (review.result, None), current_program(), {})
    after = read_record(out)
    assert team not in after.lists.teams
    found = difference(record, after)
    assert ("teams", team) in moved(found)
    done = CliRunner().invoke(main, ["diff", str(record.folder), str(out), "--out", str(tmp_path / "diff")])
    name = record.teams.at[team, "name"]
    assert (
        done.exit_code == 1 and f"通报表扬的工作队 {name} {team}：不再列入" in done.output and "：新列入" in done.output
    )
    assert "名单和名额的变更" in (tmp_path / "diff" / "changes.html").read_text(encoding="utf-8")


def test_full_names_of_the_circular_are_neither_shown_nor_a_difference(record) -> None:
    first, *rest = record.lists.members
    named = first.model_copy(update={"name": f"{first.name[0]}建国"})
    other = record.lists.model_copy(update={"members": (named, *rest)})
    assert difference(record, replace(record, lists=other)).lists == ()
    gone = difference(replace(record, lists=other), replace(record, lists=other.model_copy(update={"members": ()})))
    lines = "\n".join(changes_text(gone, "zh"))
    assert f"{first.name[0]}** {first.member_id}" in lines and "建国" not in lines + changes_page(gone, "zh", "")


@pytest.mark.parametrize(("lang", "words"), [("zh", "1.66 → 不适用"), ("en", "1.66 → not applicable")])
def test_what_no_longer_applies_is_not_said_to_have_no_points(record, lang, words) -> None:
    points = record.points.copy()
    row = (points["team_id"] == "T0001") & (points["indicator"] == "income_ratio")
    assert list(points.loc[row, "points"]) == [1.66]
    points.loc[row, ["points", "weight", "status"]] = [0.0, 0.0, "not_applicable"]
    found = difference(record, replace(record, points=points))
    assert words in changes_page(found, lang, "") and words in "\n".join(changes_text(found, lang))
    assert "0.00" not in "\n".join(changes_text(found, lang))
