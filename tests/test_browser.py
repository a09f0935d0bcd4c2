"""The workbench as an evaluator uses it: a real JupyterLab, a real browser, from the first click to the ledger."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy
import pytest
from PIL import Image
from support.browser import IDLE, browser, errors_in_notebook, installed_browser, lab, open_workbench_page
from support.situations import ROOT, SAMPLE

from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.review.acts import open_review
from assess_lib.runs.batch import run_year

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        installed_browser() is None,
        reason="no Chrome, Chromium or Edge on this machine: the workbench was not tried in a browser",
    ),
    pytest.mark.xdist_group("browser"),
]
WINDOW = {"width": 1280, "height": 720}
CARD, JUDGE, STAGES, TRIAL, PROGRESS = range(5)
WHY = "县统计局来函更正了数据"
PICTURES = ROOT / "docs" / "images"
UNLIKE = 5.0  # two panels lie 6 and more apart, the same one twice less than 1
SHOTS = Path(os.environ["ASSESS_SHOTS"]) if os.environ.get("ASSESS_SHOTS") else None


class Desk:
    """What an evaluator sees and touches."""

    def __init__(self, page, data: Path):
        self.page, self.data = page, data
        self.bench = page.locator(".wb").first

    def tab(self, place: int) -> None:
        self.idle()
        self.bench.locator(".lm-TabBar-tab").nth(place).click()

    def field(self, label: str):
        return self.bench.get_by_label(label, exact=False)

    def press(self, words: str) -> None:
        """Like somebody who waits until what was asked before is there: a click overtakes what is typed while the kernel works."""
        self.idle()
        self.bench.get_by_role("button", name=words, exact=True).locator("visible=true").first.click()

    def sees(self, words: str | re.Pattern, within: str = ".wb") -> None:
        try:
            self.page.locator(within).get_by_text(words).locator("visible=true").first.wait_for(timeout=120_000)
        except Exception as late:
            raise AssertionError(f"{words} is not there, but {self.page.evaluate(_TOLD)}") from late

    def type(self, label: str, text: str) -> None:
        self.idle()
        field = self.field(label).locator("visible=true").first
        field.fill(text)
        field.blur()

    def indicator(self, name: str) -> None:
        """Choose it in the list; by its place, for the points before its name may still be those of another team."""
        listed = self.bench.locator(".wb-list select")
        names = listed.locator("option").all_inner_texts()
        listed.select_option(index=next(place for place, words in enumerate(names) if words.endswith(name)))

    def idle(self) -> None:
        """Wait until the kernel has done what it was asked, and what it sent is shown."""
        self.page.wait_for_timeout(200)
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_timeout(300)

    def total(self) -> str:
        return self.bench.locator(".sc-badge b").first.inner_text()

    def ledger(self) -> list:
        return Ledger(ledger_path(self.data)).entries()

    def overlapping(self) -> list[str]:
        """Labels and buttons of the bar and forms that lie on one another, or whose words do not fit."""
        return self.page.evaluate(_OVERLAPS)

    def shot(self, name: str, top: str = ".wb") -> None:
        """A picture with something at the top of the window; loosely like the one in the docs, or put in its place."""
        self.idle()
        self.page.locator(top).locator("visible=true").first.evaluate("e => e.scrollIntoView()")
        self.page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        known = PICTURES / f"workbench-{name}.png"
        if SHOTS:
            SHOTS.mkdir(parents=True, exist_ok=True)
            picture.quantize(96).save(SHOTS / known.name, optimize=True)
        elif known.exists():
            assert _difference(picture, Image.open(known)) < UNLIKE, name


def _difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures lie apart, 0 to 255, looked at from a distance."""
    small = [
        numpy.asarray(picture.convert("L").resize((64, 36), Image.Resampling.BOX), dtype=float)
        for picture in (one, other)
    ]
    return float(numpy.abs(small[0] - small[1]).mean())


_TOLD = """() => [...document.querySelectorAll('.wb-notice, .wb-form textarea, .wb-form input, .wb-form select')]
  .filter(e => e.checkVisibility()).map(e => (e.value || e.textContent).trim().slice(0, 200))"""
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


@pytest.fixture(autouse=True)
def not_for_ever():
    """A browser that answers no more ends the test, not the run."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_):
        raise TimeoutError("the browser test took more than a quarter of an hour")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(900)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


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


@contextmanager
def open_desk(chrome, address, place) -> Iterator[Desk]:
    """The workbench in a window of 1280×720; what the browser complains of is kept."""
    context = chrome.new_context(viewport=WINDOW, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(120_000)  # two of these may run beside other tests on two cores
    outside: list[str] = []
    page.on(
        "request",
        lambda r: outside.append(r.url) if not re.match(r"(http|ws)://127\.0\.0\.1|data:|blob:", r.url) else None,
    )
    open_workbench_page(page, address)
    desk = Desk(page, place / "data")
    desk.outside = outside
    yield desk
    context.close()


@pytest.fixture
def own_desk(chrome, address, place):
    """A workbench of its own, for what changes the ledger."""
    with open_desk(chrome, address, place) as desk:
        yield desk


@pytest.fixture(scope="module")
def common_desk(chrome, address, place):
    """The workbench of all that only look at it."""
    with open_desk(chrome, address, place) as desk:
        yield desk


@pytest.fixture
def desk(common_desk):
    """At the scorecard, in Chinese, in a window of 1280×720, whatever was looked at before."""
    common_desk.page.set_viewport_size(WINDOW)
    common_desk.press("中文")
    common_desk.sees("逐项核查与调整")
    common_desk.tab(CARD)
    common_desk.idle()
    return common_desk


def test_the_whole_journey(own_desk) -> None:
    desk, page = own_desk, own_desk.page
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
    desk.sees("没有填写姓名")
    desk.type("复核人", "张三")
    desk.press("写入台账")
    desk.sees("没有写明理由")
    assert [r for r in desk.ledger() if r.entry.kind == "points"] == []
    desk.type("理由", WHY)
    desk.press("写入台账")
    desk.sees("已写入台账")
    desk.shot("3-adjusted", ".wb .wb-form")
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
    page.keyboard.press("PageUp")
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

    # after a reload: the team, the name and the adjustment of before
    page.reload()
    desk.sees("编号 T0005", ".wb-card")
    desk.sees("复核调整 1 项")
    assert desk.field("复核人").first.input_value() == "张三"
    desk.tab(JUDGE)
    desk.sees(WHY)


def test_by_keyboard_alone(desk) -> None:
    """Next team, and an answer, without the mouse."""
    page = desk.page
    shown = page.locator(".wb select").nth(2)
    before = shown.input_value()
    desk.bench.get_by_role("button", name="下一支").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("v => document.querySelectorAll('.wb select')[2].value !== v", arg=before)
    desk.idle()
    listed = desk.bench.locator(".wb-list select")
    listed.focus()
    first = listed.evaluate("e => e.selectedIndex")
    page.keyboard.press("ArrowDown")  # JupyterLab would take it, and go to the next cell
    page.wait_for_function("v => document.querySelector('.wb .wb-list select').selectedIndex === v + 1", arg=first)
    name = listed.evaluate("e => e.selectedOptions[0].text").split()[-1]
    page.locator(".sc-detail h3", has_text=name).locator("visible=true").wait_for()  # its panel has opened


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_overlaps_in_any_panel(desk, size) -> None:
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    for lang in ("中文", "English"):
        desk.press(lang)
        desk.sees({"中文": "逐项核查与调整", "English": "Check and adjust"}[lang])
        for place in range(5):
            desk.tab(place)
            time.sleep(0.6)
            assert desk.overlapping() == [], (lang, place)
    desk.page.set_viewport_size(
        {"width": 800, "height": 800}
    )  # the list stands above the panel, and nothing is cut off
    desk.tab(CARD)
    time.sleep(0.6)
    badge = desk.bench.locator(".sc-badge").locator("visible=true").first.bounding_box()
    assert badge["x"] + badge["width"] <= 800


def test_what_we_write_has_no_serious_fault_for_those_who_cannot_see(desk) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for place in range(5):
        desk.tab(place)
        time.sleep(0.5)
        found = Axe().run(desk.page, context=".wb").response["violations"]
        serious = [
            (fault["id"], node["html"][:200])
            for fault in found
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
            if "noUi-handle" not in node["html"]  # ipywidgets' own; the field beside it has the name
        ]
        assert serious == [], place


def test_pages_have_no_serious_fault_make_no_noise_and_ask_nothing_of_the_network(chrome, place) -> None:
    from axe_playwright_python.sync_playwright import Axe

    review = open_review(place / "data", 2016)
    review.judge("points", "T0002", "safe_water", "<b>王五</b>", "<script>alert(1)</script>另有水井", becomes="0.1")
    run_year(place / "data", 2016, place / "out", teams=["T0002"], jobs=1)
    context = chrome.new_context(viewport=WINDOW)
    for name in ("index.html", "teams/T0002.html", "summary.html", "side_by_side.html", "what_if.html"):
        page, noise = context.new_page(), []
        page.on("console", lambda m, noise=noise: noise.append(m.text))
        page.on("dialog", lambda d, noise=noise: (noise.append(d.message), d.dismiss()))
        page.on("request", lambda r, noise=noise: None if r.url.startswith(("file:", "data:")) else noise.append(r.url))
        page.goto((place / "out" / name).as_uri())
        assert noise == [], name
        assert _faults(Axe, page) == [], name
        page.close()
    context.close()
    assert sheets_of_paper(chrome, place / "out" / "teams" / "T0002.html") <= 6


def sheets_of_paper(chrome, path) -> int:
    """On how many pages of A4 a page is printed."""
    import pypdfium2

    context = chrome.new_context()
    page = context.new_page()
    page.goto(path.as_uri())
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as document:
        pages = len(document)
    context.close()
    return pages


def _faults(axe, page) -> list:
    """What axe-core finds serious. It is put in past the page's own policy, which lets no script in."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    violations = axe().run(page).response["violations"]
    return [
        (fault["id"], fault["nodes"][0]["html"][:200])
        for fault in violations
        if fault["impact"] in ("serious", "critical")
    ]
