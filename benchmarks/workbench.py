"""The workbench at 5 000 teams: how long it takes to open, a change of team and a moved weight, in the kernel and in a browser.

python -m benchmarks.workbench            5 000 teams
python -m benchmarks.workbench 500        so many
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from assess_lib.sample.dataset import write_sample
from assess_lib.workbench.app import Workbench
from benchmarks.report import Ratio, table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browser import browser, installed_browser, lab, open_workbench_page  # noqa: E402

TEAMS, YEAR, TURNS, LIMIT = 5000, 2016, 60, 0.3
OPENINGS, OPEN_LIMIT = 3, 10  # the first of a server, whose year is kept beside the data, and pages loaded again
_SWITCH = """async () => {
  const head = () => document.querySelector('.wb .sc-head').textContent, before = head(), began = performance.now();
  [...document.querySelectorAll('.wb .wb-bar button')].find(b => b.textContent.includes('下一支')).click();
  while (head() === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000; }"""
_MOVE = """async value => {
  const said = () => [...document.querySelectorAll('.wb .sc')].find(e => e.textContent.includes('支总分有变')).parentElement.innerHTML;
  const field = [...document.querySelectorAll('.wb .wb-number input')].find(e => e.checkVisibility()), before = said(), began = performance.now();
  field.value = value; field.dispatchEvent(new Event('change', {bubbles: true}));
  while (said() === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000; }"""


def main() -> None:
    teams = int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS
    opened: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        data = write_sample(Path(folder) / "data", teams, 5, [YEAR - 1, YEAR])
        rows = [("kernel", *in_kernel(data))]
        if installed_browser():
            opened, *times = in_browser(data, Path(folder))
            rows.append(("browser", *times))
        else:
            print("no browser on this machine: only the kernel was measured")
    print(
        table(
            ["where", "change of team, median", "p95", "weight moved, median", "p95"],
            [
                [where, *(f"{seconds(times):.3f} s" for times in both for seconds in (statistics.median, p95))]
                for where, *both in rows
            ],
        )
    )
    for what, seconds in zip(("opened", *["loaded again"] * OPENINGS), opened):
        print(f"{what}: {seconds:.1f} s")
    print(
        Ratio.lines(
            [
                Ratio(f"workbench opened in the browser ÷ {OPEN_LIMIT} s", one / OPEN_LIMIT, at_most=1)
                for one in opened[:1]
            ]
            + [
                Ratio(f"{what} in the {where}, p95 ÷ {LIMIT} s", p95(times) / LIMIT, at_most=1)
                for where, *both in rows
                for what, times in zip(("change of team", "weight moved"), both)
            ]
        )
    )


def in_kernel(data: Path) -> tuple[list[float], list[float]]:
    """Times of changing the team and of moving a weight, as the kernel finds them."""
    bench = Workbench(data, YEAR)
    bench.load(YEAR)
    chosen = random.Random(1).sample(bench.session.teams, min(TURNS, len(bench.session.teams)))
    switches = [_timed(lambda team=team: bench.go(team)) for team in chosen]
    bench.tabs.selected_index = 3
    slider = bench.panels["what_if"].dimensions["fund_use"]
    return switches, [_timed(lambda n=n: setattr(slider, "value", 20 + n / 2)) for n in range(30) if n != 10]


def in_browser(data: Path, place: Path) -> tuple[list[float], list[float], list[float]]:
    """The same as an evaluator sees it, from the click until it is drawn; before them the times of opening the page.

    The server has just been started; the year is kept beside the data, as it is after it was opened once.
    """
    with lab(data, place) as address, browser() as opened:
        page = opened.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(300_000)
        openings = [_timed(lambda: open_workbench_page(page, address)) for _ in range(1 + OPENINGS)]
        time.sleep(2)
        switches = [page.evaluate(_SWITCH) for _ in range(TURNS)]
        page.locator(".wb .lm-TabBar-tab").nth(3).click()
        page.get_by_text("支总分有变").first.wait_for(timeout=60_000)
        time.sleep(2)
        return openings, switches, [page.evaluate(_MOVE, str(20 + n / 2)) for n in range(41, 70)]


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
