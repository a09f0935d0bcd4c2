"""The workbench as an evaluator uses it: a real JupyterLab, a real browser, from the first click to the ledger."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from support.browser import browser, errors_in_notebook, installed_browser, lab, open_notebook
from support.situations import SAMPLE

from assess_lib.reviews.ledger import Ledger, ledger_file

pytestmark = [
    pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge on this machine: the workbench was not tried in a browser"),
    pytest.mark.xdist_group("browser"),
]  # fmt: skip
CARD, JUDGE, STAGES, TRIAL, PROGRESS = range(5)
WHY = "县统计局来函更正了数据"
SHOTS = Path(os.environ["ASSESS_SHOTS"]) if os.environ.get("ASSESS_SHOTS") else None


class Desk:
    """What an evaluator sees and touches."""

    def __init__(self, page, data: Path):
        self.page, self.data = page, data
        self.bench = page.locator(".wb").first

    def tab(self, place: int) -> None:
        self.bench.locator(".lm-TabBar-tab").nth(place).click()

    def field(self, label: str):
        return self.bench.get_by_label(label, exact=False)

    def press(self, words: str) -> None:
        self.bench.get_by_role("button", name=words, exact=True).locator("visible=true").first.click()

    def sees(self, words: str | re.Pattern, within: str = ".wb") -> None:
        self.page.locator(within).get_by_text(words).locator("visible=true").first.wait_for(timeout=15_000)

    def type(self, label: str, text: str) -> None:
        field = self.field(label).locator("visible=true").first
        field.fill(text)
        field.blur()

    def indicator(self, name: str) -> None:
        self.bench.locator(".dt-container td").get_by_text(name, exact=True).first.click()

    def total(self) -> str:
        return self.bench.locator(".sc-badge b").first.inner_text()

    def ledger(self) -> list:
        return Ledger(ledger_file(self.data)).entries()

    def overlapping(self) -> list[str]:
        """Labels and buttons of the bar and forms that lie on one another, or whose words do not fit."""
        return self.page.evaluate(_OVERLAPS)

    def shot(self, name: str) -> None:
        """A picture, when pictures are asked for."""
        if SHOTS:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png")


_OVERLAPS = """() => {
  const seen = e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility(); };
  const parts = [...document.querySelectorAll('.wb .jupyter-button, .wb .widget-label, .wb .lm-TabBar-tab, .wb .widget-readout')].filter(seen);
  const found = [];
  for (const e of parts) if (e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflow !== 'visible') found.push('cut: ' + e.textContent.trim());
  for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) {
    const a = parts[i], b = parts[j];
    if (a.contains(b) || b.contains(a)) continue;
    const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
    if (Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 2)
      found.push(a.textContent.trim() + ' / ' + b.textContent.trim());
  }
  return found;
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("browser")
    shutil.copytree(SAMPLE, home / "data")
    return home


@pytest.fixture(scope="module")
def address(place):
    with lab(place / "data", place) as found:
        yield found


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


@pytest.fixture
def desk(chrome, address, place, request):
    """The workbench after “run all”, in a window of 1280×720; what the browser complains of is kept."""
    context = chrome.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    page = context.new_page()
    outside: list[str] = []
    page.on(
        "request",
        lambda r: outside.append(r.url) if not re.match(r"(http|ws)://127\.0\.0\.1|data:|blob:", r.url) else None,
    )
    open_notebook(page, address)
    page.locator(".wb .lm-TabBar-tab").first.wait_for(timeout=90_000)
    desk = Desk(page, place / "data")
    desk.outside = outside
    yield desk
    context.close()


def test_the_whole_journey(desk) -> None:
    page = desk.page
    assert page.locator(".lm-MenuBar-itemLabel").first.inner_text() == "文件"  # JupyterLab itself is in Chinese
    assert page.locator("text=notified about official Jupyter news").count() == 0
    desk.sees("记分卡")
    desk.shot("1-card")
    assert desk.overlapping() == []

    # look for a team by pinyin, look at an indicator
    names = page.locator(".wb select").nth(2)
    desk.field("查找").first.fill("T0005")
    page.wait_for_function("document.querySelectorAll('.wb select')[2].selectedOptions[0].text.startsWith('T0005')")
    assert names.input_value() == names.locator("option", has_text="T0005").get_attribute("value")
    desk.sees("编号 T0005", ".wb-card")
    before = desk.total()
    desk.indicator("民情日记")
    desk.sees("计分：")
    assert desk.bench.locator(".sc-detail svg[role=img]").is_visible()
    desk.shot("2-indicator")

    # without a name, without a reason: refused; with both: in the ledger
    desk.type("改为", "0.1")
    desk.press("写入台账")
    desk.sees("没有填写复核人姓名")
    desk.type("复核人", "张三")
    desk.press("写入台账")
    desk.sees("没有写明理由")
    assert [r for r in desk.ledger() if r.entry.kind == "points"] == []
    desk.type("理由", WHY)
    desk.press("写入台账")
    desk.sees("已写入台账")
    desk.shot("3-adjusted")
    written = [r for r in desk.ledger() if r.entry.kind == "points"]
    assert [(r.entry.team, r.entry.indicator, r.entry.by, r.entry.reason, str(r.entry.becomes)) for r in written] == [
        ("T0005", "diary", "张三", WHY, "1/10")
    ]
    assert desk.overlapping() == []
    desk.tab(CARD)
    desk.sees("复核调整 1 项")
    assert desk.total() != before

    # undo, and once more
    desk.tab(JUDGE)
    desk.type("理由", "看错了一行")
    desk.press("撤销这条")
    desk.sees("已撤销")
    desk.tab(CARD)
    page.wait_for_function("t => document.querySelector('.wb .sc-badge b').innerText === t", arg=before)
    desk.tab(JUDGE)
    desk.type("改为", "0.2")
    desk.type("理由", WHY)
    desk.press("写入台账")
    desk.sees("已写入台账")
    assert [r.entry.kind for r in desk.ledger() if r.entry.kind != "looked"] == ["points", "undo", "points"]

    # move a weight: all teams follow
    desk.tab(TRIAL)
    desk.sees("合计 100")
    slider = page.locator(".wb .noUi-handle").locator("visible=true").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    desk.sees("按比例折算为 100")
    desk.sees(re.compile("^[1-9][0-9]* 支总分有变"))
    desk.bench.locator("figure svg[role=img]").locator("visible=true").first.wait_for()
    desk.shot("4-what-if")
    assert desk.overlapping() == []

    # the board, then English, then a reload
    desk.tab(PROGRESS)
    desk.sees("已复核")
    desk.shot("5-progress")
    assert desk.overlapping() == []
    desk.tab(STAGES)
    desk.sees("转入")
    assert desk.overlapping() == []
    desk.press("English")
    desk.sees("Stages and replies")
    desk.tab(CARD)
    desk.sees("adjusted by review")
    assert desk.overlapping() == []
    assert errors_in_notebook(page) == [] and desk.outside == []


def test_after_a_reload_the_adjustment_is_there(desk) -> None:
    """It also comes back to the team, the indicator and the name of before."""
    desk.sees("编号 T0005", ".wb-card")
    desk.sees("复核调整 1 项")
    assert desk.field("复核人").first.input_value() == "张三"
    desk.tab(JUDGE)
    desk.sees(WHY)
    desk.page.reload()
    desk.page.wait_for_function("window.jupyterapp && window.jupyterapp.restored", timeout=90_000)


def test_by_keyboard_alone(desk) -> None:
    """Next team, and an answer, without the mouse."""
    page = desk.page
    shown = page.locator(".wb select").nth(2)
    before = shown.input_value()
    desk.bench.get_by_role("button", name="下一支").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("v => document.querySelectorAll('.wb select')[2].value !== v", arg=before)
    desk.bench.get_by_role("tab").nth(0).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_overlaps_in_any_panel(desk, size) -> None:
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    for place in range(5):
        desk.tab(place)
        time.sleep(0.6)
        assert desk.overlapping() == [], place
        desk.shot(f"{size[0]}-{place}")


def test_what_we_write_has_no_serious_fault_for_those_who_cannot_see(desk) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for place in range(5):
        desk.tab(place)
        time.sleep(0.5)
        found = Axe().run(desk.page, context=".wb").response["violations"]
        serious = [
            (fault["id"], node["html"][:200])
            for fault in found if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"] if "noUi-handle" not in node["html"]  # ipywidgets' own; the field beside it has the name
        ]  # fmt: skip
        assert serious == [], place
