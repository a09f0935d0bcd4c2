"""The workbench alone in its window, as ``assess lab`` opens it: it runs by itself, and JupyterLab keeps out of sight."""

from __future__ import annotations

import json
import re
import shutil
import signal
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from support.browser import IDLE, TOKEN, browser, installed_browser, lab, open_workbench_page
from support.situations import SAMPLE

from assess_lib.words import translate
from assess_lib.workbench.desk import NOTEBOOK
from assess_lib.workbench.lab import lab_command

WINDOW = {"width": 1280, "height": 720}
PATIENCE = 90_000  # milliseconds; other tests run on the same processors
seen_in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge on this machine"),
    pytest.mark.xdist_group("browser"),
]


def in_a_browser(test):
    for mark in seen_in_a_browser:
        test = mark(test)
    return test


_BESIDE = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const home = node.parentElement;
    if (node.data.trim() && home.checkVisibility({visibilityProperty: true}) && !home.closest('.wb, script, style')) found.push(node.data.trim());
  }
  return found; }"""
_SCROLLED = """() => [...document.querySelectorAll('body, body *')].filter(e => e.checkVisibility() && e.tagName !== 'SELECT' && (
    e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY) ||
    e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)))
  .map(e => [e.className, e.scrollWidth - e.clientWidth])"""
_NOTED = """window.said = []; new MutationObserver(() => {
    const line = document.querySelector('.assess-desk-line:not([hidden])');
    if (line && line.innerText && window.said.at(-1) !== line.innerText) window.said.push(line.innerText);
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});"""


def word(key: str, lang: str = "zh") -> str:
    return translate(f"workbench.desk.{key}", lang)


class Server:
    """A running ``assess lab``: its address, and what it does behind the page."""

    def __init__(self, address: str, notebook):
        self.address, self.notebook = address, notebook

    def sessions(self) -> list[dict]:
        split = urllib.parse.urlsplit(self.address)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{split.scheme}://{split.netloc}/api/sessions?token={TOKEN}", timeout=30) as answer:
            return json.load(answer)

    def kernels(self) -> list[psutil.Process]:
        """The processes that are kernels: forked from the warm process, or started as ordinary ones."""
        family = psutil.Process().children(recursive=True)
        warm = [each for each in family if "assess_lib.kernels.server" in each.cmdline()]
        forked = [child for each in warm for child in each.children()]
        return forked or [each for each in family if "ipykernel_launcher" in each.cmdline()]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLE, home / "data")
    with lab(home / "data", home) as address:
        yield Server(address, home / "project" / NOTEBOOK)


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


@contextmanager
def window(chrome, server: Server, context=None):
    """A window with what it says, asks and complains of written down; the workbench is not waited for."""
    context = context or chrome.new_context(viewport=WINDOW, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(_NOTED)
    page.dialogs, page.outside, page.complaints = [], [], []
    page.on("dialog", lambda asked: (page.dialogs.append(asked.message), asked.accept()))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    for asks in ("request", "websocket"):
        page.on(
            asks,
            lambda to: (
                None if re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:", to.url) else page.outside.append(to.url)
            ),
        )
    try:
        yield page
    finally:
        page.close()


@pytest.fixture
def desk(chrome, server):
    with window(chrome, server) as page:
        open_workbench_page(page, server.address)
        yield page


def team(page) -> str:
    return page.locator(".wb .wb-bar select").nth(2).input_value()


def next_team(page) -> None:
    before = team(page)
    page.get_by_role("button", name="下一支").click()
    page.wait_for_function("before => document.querySelectorAll('.wb .wb-bar select')[2].value !== before", arg=before)
    page.wait_for_selector(IDLE)


@in_a_browser
def test_what_is_typed_and_what_is_pressed_arrive_in_that_order(chrome, server) -> None:
    """Comms over a second shell of the kernel, which is how JupyterLab comes, may overtake each other."""
    with window(chrome, server) as page:
        sent: list[str] = []
        page.on("websocket", lambda to: to.on("framesent", lambda frame: sent.append(str(frame))))
        open_workbench_page(page, server.address)
        next_team(page)
    assert any("comm_msg" in each for each in sent)
    assert not any("create_subshell_request" in each for each in sent)


@in_a_browser
def test_it_opens_alone_runs_by_itself_and_leaves_without_a_question(desk, server) -> None:
    assert desk.evaluate(_BESIDE) == [word("notebook")]
    assert desk.title() == translate("workbench.title", "zh")
    desk.evaluate("document.title = 'workbench.ipynb - JupyterLab'")  # JupyterLab does so at a time of its own
    assert desk.title() == translate("workbench.title", "zh")
    assert desk.evaluate("window.said").index(word("starting")) < desk.evaluate("window.said").index(word("kernel"))
    for width, height in ((1280, 720), (1000, 720), (1920, 1080)):
        desk.set_viewport_size({"width": width, "height": height})
        desk.wait_for_timeout(300)
        assert [name for name, _ in desk.evaluate(_SCROLLED)] in ([], ["jp-WindowedPanel-outer"])
        assert [beyond for _, beyond in desk.evaluate(_SCROLLED)] in ([], [0])
        box = desk.locator(".wb").bounding_box()
        assert box["x"] <= 16 and box["width"] >= width - 40

    # somebody works in it, and presses what would save, cut or search in JupyterLab
    before = server.notebook.read_bytes()
    next_team(desk)
    desk.locator(".wb .wb-bar input").last.fill("张三")
    desk.locator(".wb .sc-head").first.click()
    for keys in ("Control+s", "Escape", "d", "d", "b", "Control+Shift+c", "0", "0"):
        desk.keyboard.press(keys)
    desk.locator(".wb .lm-TabBar").first.click(button="right")  # D has led to the panel of a doubt
    desk.wait_for_timeout(500)
    assert desk.evaluate(_BESIDE) == [word("notebook")]
    next_team(desk)
    assert (desk.outside, desk.complaints) == ([], [])
    assert desk.evaluate("window.jupyterapp.status.isDirty") is False
    desk.goto("about:blank")
    assert desk.dialogs == [] and server.notebook.read_bytes() == before


@in_a_browser
def test_a_page_loaded_again_is_a_workbench_again_with_a_kernel_of_its_own(desk, server) -> None:
    next_team(desk)
    chosen, first = team(desk), {each["kernel"]["id"] for each in server.sessions()}
    desk.reload()
    desk.locator(".wb .sc-head").first.wait_for()
    desk.wait_for_selector(IDLE)
    assert (desk.locator(".wb").count(), team(desk), desk.dialogs, desk.complaints) == (1, chosen, [], [])
    (session,) = server.sessions()  # what the page before had is gone
    assert session["kernel"]["id"] not in first

    # a second window works beside it
    with window(None, server, desk.context) as second:
        open_workbench_page(second, server.address)
        assert len(server.sessions()) == 2
        next_team(second)
        assert team(desk) == chosen != team(second)
        next_team(desk)
        assert team(desk) == team(second)


@in_a_browser
@in_a_browser
def test_the_address_stays_that_of_the_workbench(desk, server) -> None:
    """JupyterLab writes the path of its file browser there at times; a page loaded again then is the folder's."""
    page, path = desk, urllib.parse.urlsplit(desk.url).path
    assert path == f"/doc/tree/{NOTEBOOK}"
    for change in ("pushState", "replaceState"):
        page.evaluate(f"() => history.{change}({{}}, '', '/doc/tree/notebooks')")
        assert urllib.parse.urlsplit(page.url).path == path
    page.evaluate("() => history.replaceState({}, '', location.pathname + '?seen=1')")
    assert page.url.endswith("?seen=1"), "what does not lead elsewhere is JupyterLab's own matter"


@in_a_browser
def test_the_notebook_opens_in_jupyterlab_beside_it(desk, server) -> None:
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name=word("notebook")).click()
    page = opened.value
    page.set_default_timeout(PATIENCE)
    page.locator(".jp-MarkdownCell").first.wait_for()
    assert page.locator(".lm-MenuBar-itemLabel").first.inner_text() == "文件"
    assert page.locator(".assess-desk-line, .assess-desk-corner").count() == 0
    page.close()
    next_team(desk)


@in_a_browser
def test_a_kernel_that_dies_is_told_and_the_workbench_opens_again(desk, server) -> None:
    for kernel in server.kernels():
        kernel.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    again = desk.get_by_role("button", name=word("again"))
    again.wait_for()
    assert sorted(desk.evaluate(_BESIDE)) == sorted([word("died"), word("again"), word("notebook")])
    again.click()
    desk.locator(".wb .sc-head").first.wait_for()
    desk.wait_for_selector(IDLE)
    next_team(desk)
    assert desk.evaluate(_BESIDE) == [word("notebook")]


@in_a_browser
def test_a_kernel_that_cannot_start_is_told_with_the_reason(chrome, server) -> None:
    with window(chrome, server) as page:
        refusal = {"status": 500, "json": {"message": "<b>no memory</b>"}}
        page.route(
            "**/api/sessions*",
            lambda route: route.fulfill(**refusal) if route.request.method == "POST" else route.continue_(),
        )
        page.goto(server.address)
        page.get_by_role("button", name=word("again")).wait_for()
        told = page.locator(".assess-desk-line").inner_text()
        assert told.startswith(word("no_kernel").partition("{")[0]) and "<b>no memory</b>" in told
        page.unroute_all()
        page.get_by_role("button", name=word("again")).click()
        page.locator(".wb .sc-head").first.wait_for()


def test_the_notebook_itself_is_to_be_had_without_the_desk() -> None:
    alone, notebook = lab_command("en"), lab_command("en", notebook=True)
    more = [option for option in alone if option not in notebook]
    assert [option.partition("=")[0] for option in more] == [
        "--LabApp.extra_labextensions_path",
        "--ServerApp.tornado_settings",
    ]
    assert word("notebook", "en") in more[1] and f"--LabApp.default_url=/doc/tree/{NOTEBOOK}" in notebook
