"""The way of an evaluator through many teams: the list of indicators, what is next, what is in doubt, who was there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support.situations import ROOT
from support.widgets import WHY, workbench_on_sample

from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.review.activity import today, work_of_others
from assess_lib.review.acts import ReviewSession
from assess_lib.review.worklist import DOUBTS, applying, doubts
from assess_lib.workbench.app import PANELS, Workbench
from assess_lib.workbench.looked import Looked

pytestmark = pytest.mark.xdist_group("workbench")


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Workbench:
    return workbench_on_sample(tmp_path_factory.mktemp("way") / "data")


@pytest.fixture(scope="module")
def home(opened) -> Path:
    return Path(opened.data)


@pytest.fixture
def bench(opened) -> Workbench:
    """At the first team and indicator, nobody's name given, nothing looked at."""
    opened.bar.search.value = opened.bar.county.value = opened.bar.name.value = ""
    opened.session.evaluator = ""
    opened.session.looked = Looked(opened.session.review.ledger.path.parent, 2016, "")
    opened.session._doubt = None
    opened.order.value = "by_focal_point"
    opened.session.indicator = opened.session.indicators[0]
    opened.go(opened.session.teams[0], tab=0)
    opened._list()
    return opened


@pytest.fixture
def other(bench, home) -> ReviewSession:
    """Another evaluator, at another machine."""
    return ReviewSession(bench.session.review.computed, Ledger(ledger_path(home)))


def turn_to(bench: Workbench, name: str):
    bench.tabs.selected_index = list(PANELS).index(name)
    return bench.panels[name]


def test_the_list_is_grouped_by_focal_point_with_the_largest_loss_first(bench) -> None:
    """Headings have points and full mark; what does not apply is last, whatever its loss would be."""
    card = bench.session.card("zh")
    assert [group["label"] for group in bench.indicators.groups] == [
        f"{line.name}　{line.points:.2f} / {line.weight:.2f}" for line in card.dimensions
    ]
    lines = {line.id: line for line in card.lines}
    some_inapplicable = False
    for group, dimension in zip(bench.indicators.groups, card.dimensions):
        of_group = [lines[option["value"]] for option in group["options"]]
        assert {line.dimension for line in of_group} == {dimension.id}
        applies = [line.status != "not_applicable" for line in of_group]
        assert applies == sorted(applies, reverse=True)
        some_inapplicable |= not all(applies)
        losses = [line.lost for line in of_group if line.status != "not_applicable"]
        assert losses == sorted(losses, reverse=True)
    assert some_inapplicable and len(bench.indicators.options) == len(card.lines)
    bench.order.value = "by_loss"
    (group,) = bench.indicators.groups
    assert group["label"] == f"总分　{card.total} / {sum(line.weight for line in card.dimensions):.2f}"
    assert group["options"][0]["value"] == card.weakest[0].id


def test_signs_have_words_for_those_who_hear_them(bench, other) -> None:
    options = {option["value"]: option for group in bench.indicators.groups for option in group["options"]}
    apart = next(line for line in bench.session.card("zh").lines if line.status == "not_applicable")
    assert options[apart.id]["label"].startswith("– 不适用") and options[apart.id]["said"].endswith("不适用")
    assert not options[apart.id]["unseen"]  # nothing to look at
    first = bench.session.card("zh").weakest[0]
    assert options[first.id]["unseen"] and options[first.id]["said"] == (
        f"{first.name}，有佐证，得 {first.points_words} 分，满分 {first.weight_words}，失分 {first.lost:.2f}，未看"
    )
    bench.indicators.value = first.id
    options = {option["value"]: option for group in bench.indicators.groups for option in group["options"]}
    assert not options[first.id]["unseen"] and options[first.id]["said"].endswith("已看")


def test_next_untouched_goes_through_the_team_and_then_to_the_next(bench) -> None:
    ways: list[tuple[str, str]] = []
    first = bench.session.team
    for _ in range(len(applying(bench.session.review.result, first)) + 1):
        bench._press("n")
        ways.append((bench.session.team, bench.session.indicator))
    assert {name for team, name in ways if team == first} == applying(bench.session.review.result, first)
    assert len(set(ways)) == len(ways) and ways[-1][0] == bench.session.teams[1]
    order = [name for _, name in bench.indicators.options]
    assert ways[-1][1] == order[0]  # the largest loss of the first focal point
    assert bench.tabs.selected_index == 1
    assert bench.session.teams[1] in bench.notice.value and "失分" in bench.notice.value


def test_next_untouched_keeps_to_the_evaluators_own_teams_and_to_what_was_found(bench, other) -> None:
    own = bench.session.teams[5:7]
    other.assign(own, "李四", "组长")
    bench.bar.name.value = "李四"
    for indicator in bench.session.indicators:
        bench.session.looked.add(bench.session.team, indicator)
    bench._press("n")
    assert bench.session.team == own[0]
    for team in own:
        for indicator in bench.session.indicators:
            bench.session.looked.add(team, indicator)
    bench._press("n")
    assert "都看过了" in bench.notice.value and bench.session.team == own[0]
    assert bench.session.review.review_state.viewed_by[own[0]] == {"李四"}  # also in the ledger
    bench.bar.name.value = "赵六"  # nobody gave any team to this one
    bench.bar.search.value = bench.session.teams[9]
    for indicator in bench.session.indicators:
        bench.session.looked.add(bench.session.teams[9], indicator)
    bench._press("n")
    assert "都看过了" in bench.notice.value


def test_what_was_looked_at_is_known_again_under_the_same_name_alone(tmp_path) -> None:
    nameless = Looked(tmp_path, 2016, "")
    nameless.add("T0001", "diary")
    assert not list(tmp_path.iterdir())  # nobody's yet
    named = Looked(tmp_path, 2016, "李四")
    named.take_over(nameless)
    assert Looked(tmp_path, 2016, "李四").at("T0001") == {"diary"}
    assert not Looked(tmp_path, 2016, "王五").at("T0001") and not Looked(tmp_path, 2015, "李四").at("T0001")
    assert "李四" not in "".join(str(path) for path in tmp_path.rglob("*"))
    next((tmp_path / "looked").iterdir()).write_bytes(b"\xff\xfe broken")
    assert not Looked(tmp_path, 2016, "李四").at("T0001")


def test_doubts_are_ordered_by_the_points_that_hang_on_them(bench, other) -> None:
    result, assigned = other.result, other.review_state.assigned
    teams = [team for team in bench.session.teams if team not in assigned]
    found = doubts(result, teams)
    assert found == sorted(found, key=lambda each: -each.points) and {each.kind for each in found} <= set(DOUBTS)
    missing = {(each.team, each.indicator) for each in found if each.kind == "missing"}
    table = result.points
    lacking = table[(table["status"] == "no_evidence") & (table["reason"] != "questioned")]
    assert missing and missing <= set(zip(lacking["team_id"], lacking["indicator"]))
    one = next(each for each in found if each.kind == "missing" and each.points > 0)
    row = result.points_of(one.team).loc[one.indicator]
    assert one.points == round(max(row["most"] - row["points"], row["points"]), 2)  # nothing can fall below 0 here
    # judged: no doubt any more, unless an objection comes
    record = other.judge("points", one.team, one.indicator, "王五", WHY, becomes="0.1")
    after = {(each.team, each.indicator): each.kind for each in doubts(other.result, teams)}
    waits = record.entry.needs_second
    assert after.get((one.team, one.indicator)) == ("awaiting" if waits else None)
    other.undo(record.number, "王五", "看错了一行")
    judged = other.judge("points", one.team, "targeting", "王五", WHY, becomes="0")
    other.move_to_stage([one.team], "reply", "组长")
    other.object(one.team, "diary", "省甲厅", "日记已经补交")
    kinds = {(each.team, each.indicator): each.kind for each in doubts(other.result, teams)}
    assert kinds[one.team, "diary"] == "disputed"
    # an objection to what waits for a second reviewer puts all its points at stake again, not the effect of the judgement
    row = other.result.points_of(one.team).loc["targeting"]
    at_stake = lambda: next(d for d in doubts(other.result, [one.team]) if d.indicator == "targeting")
    assert judged.entry.needs_second and at_stake().points == abs(float(judged.entry.effect))
    other.object(one.team, "targeting", "省甲厅", "名单已经更正")
    assert at_stake().kind == "disputed"
    assert at_stake().points == round(max(row["most"] - row["points"], row["points"]), 2)
    assert doubts(other.result, []) == []


def test_ones_own_judgement_that_waits_is_in_doubt_for_others_alone(bench, other) -> None:
    team = bench.session.teams[2]
    record = other.judge("points", team, "targeting", "王五", WHY, becomes="0")
    assert record.entry.needs_second
    for by, expected in (("王五", None), ("李四", "awaiting")):
        found = {each.indicator: each for each in doubts(other.result, [team], by)}
        assert (found["targeting"].kind if "targeting" in found else None) == expected
    assert found["targeting"].points == abs(float(record.entry.effect))


def test_next_doubt_begins_at_the_largest_and_goes_round(bench) -> None:
    bench.session.review.refresh()
    found = doubts(bench.session.review.result, bench.session.teams)
    for doubt in [*found, found[0]]:
        bench._press("d")
        assert (bench.session.team, bench.session.indicator) == (doubt.team, doubt.indicator)
    assert f"牵涉 {found[0].points:.2f} 分" in bench.notice.value


@pytest.mark.parametrize("key", ["n", "d", "]", "["])
def test_a_ledger_that_cannot_be_read_is_told_whatever_key_was_pressed(bench, home, key) -> None:
    bench._press("]")
    ledger = ledger_path(home)
    kept = ledger.read_bytes() if ledger.is_file() else None
    bench.session.review.ledger.path.write_bytes(b"{ broken\n")
    try:
        bench.notice.clear()
        bench._press(key)
        assert ledger.name in bench.notice.value, bench.notice.value
    finally:
        ledger.write_bytes(kept) if kept is not None else ledger.unlink()
    bench._press("n")
    assert "失分" in bench.notice.value


def test_under_another_name_the_list_is_that_of_the_other(bench) -> None:
    unseen = lambda: {
        option["value"] for group in bench.indicators.groups for option in group["options"] if option["unseen"]
    }
    bench.bar.name.value = "冯二"
    bench.go(bench.session.teams[20])
    before = unseen()
    bench.indicators.value = name = next(iter(sorted(before)))
    assert unseen() == before - {name}
    bench.bar.name.value = "钱九"
    assert name in unseen()


def test_an_answer_half_typed_stays_for_its_team_alone(bench) -> None:
    panel = turn_to(bench, "stages")
    panel.reason.value, panel.due.value = "采纳：已补", "2017-02-28"
    assert panel._perform(lambda: "签结了")
    assert panel.reason.value == "采纳：已补", "another act does not take it away"
    bench.go(bench.session.teams[3])
    assert panel.reason.value == panel.due.value == ""


def test_brackets_lead_to_the_teams_beside(bench) -> None:
    bench._press("]")
    assert bench.session.team == bench.session.teams[1] and bench.tabs.selected_index == 0
    bench._press("[")
    assert bench.session.team == bench.session.teams[0]


def test_what_others_wrote_is_taken_in(bench, other) -> None:
    """What is typed is not written over a newer entry, and stays when that is taken in."""
    other.judge("points", bench.session.team, "safe_water", "王五", WHY, becomes="0.1")
    bench.session.indicator = "safe_water"
    panel = turn_to(bench, "adjust")
    bench.bar.name.value = "张三"
    panel.becomes.value, panel.reason.value = "0.2", WHY
    panel.save.click()
    assert "王五" in panel.notice.value and "新的记录" in panel.notice.value  # not written over a newer entry
    bench.bar.buttons["refresh"].click()
    assert "王五" in panel._history.value and panel.reason.value == WHY  # what was typed stays
    assert re.search(r"王五 今天 \d\d:\d\d 复核过本队 1 项", bench.others.value)
    progress = turn_to(bench, "progress")
    row = progress.teams.df.set_index("编号").loc[bench.session.team]
    assert re.fullmatch(r"王五 \d\d-\d\d \d\d:\d\d", row["最近复核"])
    turn_to(bench, "adjust")
    other.undo(other.newest_of(bench.session.team), "王五", "不再坚持")
    bench.bar.buttons["refresh"].click()


def test_of_others_only_today_and_only_this_team_is_said(bench, other) -> None:
    other.mark_viewed(bench.session.teams[11], "孙八")
    bench.bar.name.value = "张三"
    bench.go(bench.session.teams[11])
    assert re.search(r"孙八 今天 \d\d:\d\d 看过本队", bench.others.value)
    bench.go(bench.session.teams[12])
    assert bench.others.value == ""
    state = other.review_state
    assert work_of_others(state, bench.session.teams[11], "", "2017-01-01") == []
    by = state.of_team(bench.session.teams[11])[0].entry.by
    assert work_of_others(state, bench.session.teams[11], by, today()) == []


def dimmed(panel) -> bool:
    """Whether the outcome is marked as that of other numbers, in both ways or in none."""
    told = "未按当前数字更新" in panel.not_updated.value
    assert told == ("wb-stale" in panel.shown._dom_classes) == panel.stale
    return told


def test_what_is_wrong_with_a_number_stands_beside_it_and_the_outcome_is_dimmed(bench, monkeypatch, tmp_path) -> None:
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    monkeypatch.chdir(tmp_path)
    bench.session.indicator = "income_ratio"
    panel = turn_to(bench, "what_if")
    fund = panel.rows[panel.dimensions["fund_use"]]
    fund.box.value = 30
    before = panel._result.value
    assert panel.dimensions["fund_use"].value == 30 and not dimmed(panel)
    # out of range
    fund.box.value = 1000
    assert "只能在 0 至 60 之间" in fund.wrong.value and "wb-invalid" in fund.box._dom_classes and dimmed(panel)
    assert panel._result.value == before
    panel.version.value, panel.why.value = "2016.9", "试行"
    panel.save.click()
    assert "没有保存" in panel.notice.value and not (tmp_path / "parameters" / "trials").exists()
    fund.box.value = 30  # the number of the slider again
    assert fund.wrong.value == "" and not dimmed(panel)
    # a limit above another
    limit = panel.rows[panel.limits["excellent"]]
    limit.box.value = 50
    assert "分数线的次序不对" in limit.wrong.value and dimmed(panel)
    assert all(not row.wrong.value for row in panel.rows.values() if row is not limit)
    limit.box.value = 95
    assert limit.wrong.value == "" and not dimmed(panel)
    # no weight left in all
    for slider in panel.dimensions.values():
        slider.value = 0
    assert "分值全部为 0" in panel.wrong["weights"].value and dimmed(panel)
    panel.reset()
    assert panel.wrong["weights"].value == "" and not dimmed(panel) and not panel.changes()
