"""The workbench without a browser: what its controls call, what it says, what it remembers."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from support.situations import ROOT
from support.widgets import WHY, workbench_on_sample

from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.pages.blocks import style
from assess_lib.rules.loading import read_rubric
from assess_lib.workbench import lab
from assess_lib.workbench.app import PANELS, Workbench, open_workbench
from assess_lib.workbench.session import Session, years_of

pytestmark = pytest.mark.xdist_group("workbench")


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Workbench:
    return workbench_on_sample(tmp_path_factory.mktemp("workbench") / "data")


@pytest.fixture(scope="module")
def home(opened) -> Path:
    return Path(opened.data)


def test_the_font_has_every_word_by_which_teams_are_told_apart(opened, monkeypatch) -> None:
    """Areas and types of units stand in sentences of the card."""
    asked: list[str] = []
    monkeypatch.setattr("assess_lib.workbench.app.blocks.font", lambda view, words: asked.append(words) or style())
    opened._style()
    teams = opened.session.review.computed.data.teams()
    for column in ("name", "county", "area", "unit_type"):
        assert set("".join(teams[column].dropna())) <= set(asked[0]), column


@pytest.fixture
def bench(opened) -> Workbench:
    """At the first team and indicator, nobody's name given."""
    opened.bar.search.value = opened.bar.county.value = ""
    opened.bar.name.value = ""
    opened.session.indicator = opened.session.indicators[0]
    opened.go(opened.session.teams[0], tab=0)
    return opened


def written(home) -> int:
    return len(Ledger(ledger_path(home)).entries())


def turn_to(bench: Workbench, name: str):
    bench.tabs.selected_index = list(PANELS).index(name)
    return bench.panels[name]


def test_searching_and_stepping_among_what_was_found(bench) -> None:
    names = bench.session.review.computed.data.teams()["name"]
    bench.bar.search.value = "yyz"  # initials of nothing
    assert bench.bar.team.value == "" and "没有" in bench.bar.team.options[0][0]
    bench.bar.search.value = "ｔ０００７"  # full-width digits: one team, opened at once
    assert bench.session.team == "T0007" and names["T0007"] in bench.panels["card"]._html.value
    bench.bar.search.value = ""
    bench.bar.county.value = bench.session.search.counties[0]
    assert all(
        bench.session.review.result.scores.at[team, "county"] == bench.bar.county.value for team in bench.bar.matches
    )
    bench.go(bench.bar.matches[-1])
    bench.bar.buttons["next"].click()
    assert bench.session.team == bench.bar.matches[0]
    bench.bar.buttons["previous"].click()
    assert bench.session.team == bench.bar.matches[-1]


def test_an_adjustment_is_refused_in_words_then_written_and_undone(bench, home) -> None:
    panel, before = turn_to(bench, "adjust"), written(home)
    total = bench.session.card("zh").total
    panel.becomes.value = "0.4"
    panel.save.click()
    assert "没有填写姓名" in panel.notice.value and "alert" in panel.notice.value
    bench.bar.name.value = "张三"
    panel.save.click()
    assert "理由" in panel.notice.value and written(home) == before
    panel.reason.value = WHY
    panel.becomes.value = "很多"
    panel.save.click()
    assert "不是数字" in panel.notice.value and panel.reason.value == WHY  # what was typed stays
    panel.becomes.value = "0.4"
    panel.save.click()
    assert "已写入台账" in panel.notice.value and written(home) == before + 1
    assert bench.session.card("zh").total != total and WHY in panel._history.value
    shown = {name: words for words, name in bench.indicators.options}
    assert shown[bench.session.indicator].startswith("✎")
    # undone: it is shown what that does, and has a reason of its own
    after = bench.session.card("zh").total
    panel.reason.value = WHY  # typed for another judgement
    panel.undo.click()
    assert panel.question.asking and f"总分由 {after} 变为 {total}" in panel.question.words.value
    assert WHY in panel.question.words.value and panel.question.reason.value == "" and written(home) == before + 1
    panel.question.no.click()
    assert not panel.question.asking and written(home) == before + 1
    panel.undo.click()
    panel.question.yes.click()
    assert "理由" in panel.notice.value and panel.question.asking and written(home) == before + 1
    panel.question.reason.value = "看错了一行"
    panel.question.yes.click()
    assert not panel.question.asking and panel.reason.value == WHY and "看错了一行" in panel._history.value
    panel.reason.value = ""
    assert (
        "已撤销" in panel.notice.value
        and bench.session.card("zh").total == total
        and "（已撤销）" in panel._history.value
    )


def test_a_change_over_the_limit_asks_for_a_second(bench, home) -> None:
    panel = turn_to(bench, "adjust")
    bench.bar.name.value = "张三"
    bench.session.indicator = "targeting"
    bench.changed()
    panel.becomes.value, panel.reason.value = "0", WHY
    panel.save.click()
    assert "第二人" in panel.notice.value and panel.second.layout.display == ""
    assert "（待第二人复核）" in panel._history.value
    total = bench.session.card("zh").total
    panel.second.click()
    panel.question.yes.click()
    assert "同一人" in panel.notice.value
    bench.bar.name.value = "李四"
    panel.question.yes.click()
    assert "已由第二人同意" in panel.notice.value and bench.session.line("zh").points == 0
    assert bench.session.card("zh").total != total
    panel.undo.click()
    panel.question.reason.value = "不再坚持"
    panel.question.yes.click()
    assert bench.session.card("zh").total == total


def test_words_of_people_never_become_markup(bench, home) -> None:
    panel = turn_to(bench, "adjust")
    bench.bar.name.value = "<img src=x onerror=alert(1)>"
    panel.action.value = "confirm"
    panel.reason.value = "<script>alert(1)</script>=1+1"
    panel.save.click()
    shown = panel._history.value + bench.panels["card"]._html.value + panel.notice.value
    bench.tabs.selected_index = 0
    shown += bench.panels["card"]._html.value
    assert "&lt;script&gt;" in shown and "<script>alert" not in shown and "<img src=x" not in shown
    panel.action.value = "points"


def test_moving_a_weight_shows_who_moves_and_saves_a_version(bench, monkeypatch, tmp_path) -> None:
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    monkeypatch.chdir(tmp_path)
    panel = turn_to(bench, "what_if")
    assert panel._movers().empty and "合计 100" in panel._sum.value
    panel.dimensions["fund_use"].value = 45
    assert "按比例折算为 100" in panel._sum.value and len(panel._movers())
    assert "▲" in panel._waterfall.value or "▼" in panel._waterfall.value
    bench.session.indicator = "income_ratio"
    bench.show()
    panel.target.value = 0.9
    assert panel.changes().targets.keys() == {"income_ratio"}
    panel.save.click()
    assert "没有写版本号" in panel.wrong["version"].value and "没有写说明" in panel.wrong["why"].value
    assert not (tmp_path / "parameters" / "trials").exists()
    version = panel.version.placeholder
    assert version == "2016.4"  # what follows the rubric's own
    panel.version.value, panel.why.value = version, "试行"
    panel.save.click()
    made = tmp_path / "parameters" / "trials" / "hubei-2016-2016-4.yaml"
    rubric = read_rubric(made)
    assert rubric.note.startswith("试行") and str(rubric.indicator("income_ratio").score.target) == "9/10"
    assert panel.version.placeholder == "2016.5" and panel.wrong["version"].value == panel.wrong["why"].value == ""
    link = re.search(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', panel.notice.value)
    assert link[1] == made.name and b64decode(link[2]) == made.read_bytes()
    assert str(tmp_path) not in panel.notice.value
    panel.save.click()
    assert "已经存在" in panel.wrong["version"].value
    panel.reset()
    assert not panel.changes() and panel._movers().empty


def test_stages_replies_and_sign_off(bench, home) -> None:
    panel = turn_to(bench, "stages")
    bench.go(bench.session.teams[5])
    bench.bar.name.value = "张三"
    panel.stage.value = "reply"
    panel.on.value = "2017-02-30"
    panel.move.click()
    assert "日期" in panel.notice.value
    of = {scope: bool(setattr(panel.scope, "value", scope)) or panel._teams() for scope in ("county", "all", "this")}
    assert of["this"] == [bench.session.team] and of["all"] == bench.session.teams
    assert set(of["this"]) < set(of["county"]) < set(of["all"])
    panel.on.value = "2017-01-10"
    panel.scope.value = "county"
    there = next(team for team in panel._teams() if team != bench.session.team)
    bench.session.review.move_to_stage([there], "reply", "张三", "2017-01-10")
    panel.move.click()
    county, before = panel._teams(), written(home)
    asked = panel.question.words.value
    assert f"{len(county) - 1} 支工作队转入申辩" in asked and f"（现在：初评 {len(county) - 1}）" in asked
    assert f"1 支已在该阶段，不动：{there}" in asked and "自 2017-01-10 起，至 2017-01-24" in asked
    panel.question.no.click()
    panel.stage.value = "audit"  # which only one of them can enter
    panel.move.click()
    asked = panel.question.words.value
    assert "1 支工作队转入审核（现在：申辩 1）" in asked and f"{len(county) - 1} 支不能转入" in asked
    panel.question.no.click()
    panel.scope.value, panel.stage.value = "this", "first"
    panel.move.click()
    assert not panel.question.asking and "没有可以转入初评的工作队" in panel.notice.value and written(home) == before
    panel.stage.value = "reply"
    panel.move.click()
    assert written(home) == before
    panel.question.yes.click()
    assert "1 支工作队已转入申辩" in panel.notice.value and "2017-01-24" in panel._html.value
    panel.form.click()
    link = re.search(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', panel.notice.value)
    assert link[1] == f"{bench.session.team}-2016.xlsx" and str(home) not in panel.notice.value
    form = b64decode(link[2])
    panel.upload.value = (
        {
            "name": "空表.xlsx",
            "type": "",
            "size": 1,
            "content": memoryview(form),
            "last_modified": datetime(2017, 1, 12, tzinfo=UTC),
        },
    )
    assert "空表.xlsx" in panel.notice.value and "申辩人" in panel.notice.value
    said = {
        "indicator": "diary",
        "by": "赵审阅",
        "words": "日记<b>似有</b>雷同，电话 13812345678",
        "at": "2017-02-01T08:00:00Z",
    }
    told = {
        "format": "assess-remarks 1",
        "year": 2016,
        "team": bench.session.team,
        "edition": "1-0123abcd",
        "remarks": [said],
    }
    for content, words in (
        (told | {"team": "T9999"}, "T9999"),
        (told | {"x": 1}, "不是意见文件"),
        (told, "登记 1 条"),
        (told, "此前已有 1 条"),
    ):
        file = {
            "name": "意见.JSON",
            "type": "",
            "size": 1,
            "content": memoryview(json.dumps(content).encode()),
            "last_modified": datetime(2017, 2, 1, tzinfo=UTC),
        }
        panel.upload.value = (file,)
        assert words in panel.notice.value
    assert "日记&lt;b&gt;似有&lt;/b&gt;雷同" in panel._html.value and "13812345678" not in panel._html.value
    bench.session.review.object(bench.session.team, "diary", "省甲厅", "日记已经补交")
    bench.changed()
    assert panel.objection.options and any(words.startswith("！") for words, _ in bench.indicators.options)
    panel.stage.value = "audit"
    panel.reason.value = ""
    panel.move.click()
    panel.question.yes.click()
    panel.reject.click()
    assert "理由" in panel.notice.value
    panel.reason.value = "补交日期在下一年度"
    panel.reject.click()
    assert "已答复" in panel.notice.value and "不予采纳" in panel._html.value
    panel.sign.click()
    assert f"总分 {bench.session.card('zh').total}" in panel.question.words.value and panel.sign.layout.display == ""
    panel.question.yes.click()
    assert "已签结" in panel.notice.value and panel.sign.layout.display == "none"
    panel.reopen.click()
    panel.question.yes.click()
    assert "理由" in panel.notice.value and panel.reopen.layout.display == ""
    panel.question.reason.value = "上级要求复查"
    panel.question.yes.click()
    assert "已重新打开" in panel.notice.value


def test_the_board_counts_and_gives_teams(bench, home) -> None:
    panel = turn_to(bench, "progress")
    bench.bar.name.value = "组长"
    panel.county.value = bench.session.search.counties[0]
    panel.to.value = "赵六"
    panel.assign.click()
    count = (bench.session.review.result.scores["county"] == panel.county.value).sum()
    assert f"{count} 支分给 赵六" in panel.notice.value and "赵六" in panel._html.value
    panel.scope.value = "listed"
    panel.ids.value, panel.to.value = "T0001，T9999", "赵六"
    panel.assign.click()
    assert "T9999" in panel.notice.value
    panel.ids.value = " "
    panel.assign.click()
    assert "没有指明工作队" in panel.notice.value
    panel.teams.selected_rows = [3]
    assert bench.session.team == bench.session.teams[3] and bench.tabs.selected_index == 0
    turn_to(bench, "progress")
    panel.unit.value = panel.unit.options[0]
    panel.declare.click()
    assert "组长 回避" in panel.notice.value


def test_in_english_no_chinese_of_the_interface_is_left(bench) -> None:
    names = set("".join(map(str, bench.session.review.computed.data.teams().to_numpy().ravel())))
    bench._switch_language("en")
    try:
        labels = [
            bench.bar.search.description,
            bench.bar.search.placeholder,
            *(bench.tabs.get_title(n) for n in range(5)),
        ]
        for panel in bench.panels.values():
            labels += [
                getattr(part, "description", "") for part in vars(panel).values() if hasattr(part, "description")
            ]
        left = {c for label in labels for c in label if "\u4e00" <= c <= "\u9fff"} - names
        assert not left, (left, labels)
        assert "Scorecard 1" in labels and "First assessment".lower() in bench.panels["card"]._html.value.lower()
    finally:
        bench._switch_language("zh")


@pytest.mark.slow
def test_it_comes_back_to_where_it_was(home) -> None:
    first = Session(home, 2016, evaluator="钱七")
    first.team, first.indicator = "T0009", "diary"
    first.remember()
    again = Session(home, 2016)
    assert (again.team, again.indicator, again.evaluator) == ("T0009", "diary", "钱七")
    (home / "reviews" / "places.json").write_text("{broken")
    assert Session(home, 2016).team == again.teams[0]
    (home / "reviews" / "places.json").write_text(json.dumps({"2016": {"team": "T9999"}}))
    assert Session(home, 2016).team == again.teams[0]
    assert years_of(home) == [2016, 2015] and years_of(home / "nowhere") == []


def test_what_is_wrong_with_the_input_is_said_in_the_interface(tmp_path, home) -> None:
    for data, year, expected in ((tmp_path / "nowhere", 2016, str(tmp_path / "nowhere")), (home, 1999, "1999")):
        made = open_workbench(data, year)
        assert not made.ready and "alert" in made.notice.value and expected in made.notice.value
        assert "Traceback" not in made.notice.value and made.children


@pytest.mark.slow
def test_running_the_cell_again_lets_go_of_what_was_there(home) -> None:
    first = open_workbench(home, 2016)
    inside = first.bar.search
    assert inside.comm is not None
    second = open_workbench(home, 2016)
    assert not first.ready and inside.comm is None and second.ready
    search = second.bar.search
    second._switch_language("en")
    assert search.comm is None and second.bar.search.comm is not None and second.ready


def test_an_unexpected_error_is_said_in_words(bench, monkeypatch, home) -> None:
    panel = turn_to(bench, "adjust")
    before = written(home)
    monkeypatch.setattr(bench.session.review, "judge", lambda *_, **__: 1 / 0)
    panel.save.click()
    assert "意料之外" in panel.notice.value and "ZeroDivisionError" in panel.notice.value and written(home) == before


def test_lab_is_bound_to_this_machine_with_its_token_in_its_language() -> None:
    command = lab.lab_command("zh", 8899, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in command and not any("token" in word or "password" in word for word in command)
    folder = next(word.split("=", 1)[1] for word in command if word.startswith("--LabApp.app_settings_dir"))
    settings = json.loads((ROOT / folder / "overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "zh_CN"
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_the_notebook_holds_no_formula_and_no_output() -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "workbench.ipynb", 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == 2 and code[0].metadata.tags == ["parameters"] and not any(cell.outputs for cell in code)
