"""The workbench in a browser, as an evaluator sees and touches it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy
from PIL import Image

from assess_lib.ledger.store import Ledger, ledger_path
from support.browser import IDLE, open_workbench_page
from support.situations import ROOT

WINDOW = {"width": 1280, "height": 720}
CARD, JUDGE, STAGES, TRIAL, PROGRESS = range(5)
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

    def serious_faults(self) -> list[tuple[str, str]]:
        """What axe-core finds serious in the workbench."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, context=".wb").response["violations"]
        return [
            (fault["id"], node["html"][:200])
            for fault in found
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
            if "noUi-handle" not in node["html"]  # ipywidgets' own; the field beside it has the name
        ]

    def key(self, name: str) -> None:
        """Press a key, and wait for what it does."""
        self.page.keyboard.press(name)
        self.page.wait_for_timeout(300)
        self.idle()

    def has_focus(self, words: str) -> bool:
        """Whether what has the focus begins so, or comes to within some seconds."""
        for _ in range(50):
            if self.focused().startswith(words):
                return True
            self.page.wait_for_timeout(200)
        return False

    def here(self) -> tuple[str, str]:
        """The id of the team and the name of the indicator that are shown."""
        team = self.page.locator(".wb-bar select").nth(2).evaluate("e => e.selectedOptions[0].text").split()[0]
        name = self.bench.locator(".wb-list select").evaluate("e => e.selectedOptions[0].text").split()[-1]
        assert name in self.page.locator(".sc-detail h3").locator("visible=true").first.inner_text()
        return team, name

    def place_in_list(self) -> int:
        return self.bench.locator(".wb-list select").evaluate("e => e.selectedIndex")

    def notice(self) -> str:
        """The line below the bar."""
        return self.page.locator(".wb > .widget-html .wb-notice").first.inner_text()

    def focused(self) -> str:
        """What has the focus: its kind, with its value or words."""
        return self.page.evaluate(
            "() => { const e = document.activeElement; return `${e.tagName} ${e.value || e.textContent.trim()}`.trim(); }"
        )

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
