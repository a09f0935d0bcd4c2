"""The workbench as an evaluator uses it: a real JupyterLab, a real browser, from the first click to the ledger."""

from __future__ import annotations

import re
import shutil
import signal
import time
import zipfile

import pytest
from support.bench import CARD, JUDGE, PROGRESS, STAGES, TRIAL, WINDOW, open_desk
from support.browser import browser, errors_in_notebook, installed_browser, lab
from support.situations import SAMPLE

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
WHY = "县统计局来函更正了数据"


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
    desk.press("撤销这条……")
    desk.sees("总分由")
    page.locator(".wb-confirm textarea").locator("visible=true").fill("看错了一行")
    desk.press("取消")
    desk.press("撤销这条……")
    page.locator(".wb-confirm textarea").locator("visible=true").fill("看错了一行")
    desk.press("确认撤销")
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


def test_ten_teams_by_keyboard_alone(own_desk) -> None:
    """Ten teams that nobody has looked at, some judged, an entry undone, a form saved: without the mouse."""
    desk, keyboard = own_desk, own_desk.page.keyboard
    written = len(desk.ledger())
    tab_to(desk, "复核人")
    keyboard.type("周九 nd")  # in a field for text a key is a letter
    for _ in range(3):
        keyboard.press("Backspace")
    desk.key("Escape")  # to the list
    assert desk.has_focus("SELECT")
    seen, judged = [], []
    for number in range(10):
        desk.key("n")
        assert desk.has_focus("SELECT")  # the work goes on in the list
        team, name = desk.here()
        seen.append(team)
        assert name in desk.notice() and team in desk.notice()
        place = desk.place_in_list()
        desk.key("ArrowDown")  # JupyterLab would take it, and go to the next cell; headings are passed over
        assert desk.place_in_list() == place + 1
        desk.key("ArrowUp")
        if number % 3 == 0:
            desk.key("Enter")  # to the form
            assert desk.has_focus("INPUT")
            keyboard.type("0.1")
            keyboard.press("Tab")
            keyboard.type(WHY)
            keyboard.press("Tab")
            keyboard.press("Tab")
            assert desk.focused() == "BUTTON 写入台账"
            desk.key("Enter")
            desk.sees("已写入台账")
            judged.append(team)
        desk.key("]")  # also from a button
        assert desk.here()[0] not in seen
    made = desk.ledger()[written:]
    assert [r.entry.team for r in made if r.entry.kind == "looked" and r.entry.by == "周九"][:10] == seen
    assert [(r.entry.team, r.entry.reason) for r in made if r.entry.kind == "points"] == [
        (each, WHY) for each in judged
    ]
    # the last one is undone, with a reason of its own
    desk.key("[")
    assert desk.here()[0] == judged[-1]
    tab_to(desk, "撤销这条……")
    desk.key("Enter")
    assert desk.has_focus("TEXTAREA") and desk.serious_faults() == []
    keyboard.type("看错了一行")
    keyboard.press("Tab")
    assert desk.focused() == "BUTTON 确认撤销"
    desk.key("Enter")
    assert desk.has_focus("SELECT")
    assert [(r.entry.kind, r.entry.reason) for r in desk.ledger()[-1:]] == [("undo", "看错了一行")]
    # what is in doubt, and a file that the browser saves
    desk.key("d")
    assert "牵涉" in desk.notice()
    team, _ = desk.here()
    desk.key("3")
    assert desk.has_focus("LI 阶段与申辩")
    tab_to(desk, "生成申辩表")
    desk.key("Enter")
    tab_to(desk, "下载申辩表")
    with desk.page.expect_download() as saved:
        keyboard.press("Enter")
    assert saved.value.suggested_filename == f"{team}-2016.xlsx"
    with zipfile.ZipFile(saved.value.path()) as book:
        assert "xl/workbook.xml" in book.namelist()
    assert errors_in_notebook(desk.page) == [] and desk.outside == []


def tab_to(desk, words: str) -> None:
    """Press Tab until what has the focus has a label or words that begin so."""
    for _ in range(120):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate(_NAMED).startswith(words):
            return
    raise AssertionError(f"Tab does not lead to {words}: {desk.focused()}")


_NAMED = """() => { const e = document.activeElement;
  return e.closest('.wb') ? (e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.textContent).trim() : ''; }"""


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
    for place in range(5):
        desk.tab(place)
        time.sleep(0.5)
        assert desk.serious_faults() == [], place


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
