"""Publishing 5 000 teams: the lists without scorecards, the record, index and what-if in a browser; PDFs per minute.

python -m benchmarks.publishing            5 000 teams
python -m benchmarks.publishing 500        so many
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from assess_lib.api import compute_years
from assess_lib.archives import write_archive
from assess_lib.faults import UnusableInput
from assess_lib.pages.documents.circular import circular, circular_page
from assess_lib.pages.documents.circular_document import write_document
from assess_lib.pages.documents.results_book import write_results_book
from assess_lib.publishing.edition import PublishRequest, publish
from assess_lib.publishing.pdf import check_renderer, write_pdf, write_pdfs
from assess_lib.publishing.site import Site
from assess_lib.publishing.verify import verify
from assess_lib.records.record import read_record, write_record
from assess_lib.resources import project_root
from assess_lib.runs.batch import run_year
from assess_lib.runs.fingerprints import current_program, files_read
from assess_lib.sample.dataset import write_sample
from benchmarks.report import Ratio, table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browser import browser, installed_browser  # noqa: E402

TEAMS, YEAR, SECONDS, OPENS, BYTES, ANSWERS = 5000, 2016, 60, 2.0, 5_000_000, 0.1
_MOVES = """() => {
  const fields = ['d', 'i'].map(kind => document.querySelector(`input[data-kind=${kind}]`)), times = [];
  for (let turn = 0; turn < 40; turn += 1) {
    fields.forEach((field, at) => { field.value = String((at ? 2 : 10) + turn / 4); });
    const began = performance.now();
    fields[0].dispatchEvent(new Event('input'));
    document.body.getBoundingClientRect();
    times.push((performance.now() - began) / 1000);
  }
  return times.sort((a, b) => a - b); }"""


def main() -> None:
    teams = int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        times, sizes = province(home, teams)
        small = sample(home / "sample")
    print(table(["step", "seconds"], [[name, f"{seconds:.2f}"] for name, seconds in (times | small).items()]))
    print(table(["size", "MB"], [[name, f"{size / 1e6:.2f}"] for name, size in sizes.items()]))
    built = sum(times[name] for name in ("lists of the site", "circular and workbook", "zip of these"))
    ratios = [
        Ratio(f"site of {teams} teams without scorecards ÷ {SECONDS} s", built / SECONDS, at_most=1),
        Ratio(f"index of {teams} teams ÷ {BYTES / 1e6:g} MB", sizes["index"] / BYTES, at_most=1),
    ]
    if "index opens in a browser" in times:
        ratios.append(
            Ratio(f"two weights moved, median ÷ {ANSWERS:g} s", times["two weights moved, median"] / ANSWERS, at_most=1)
        )
        ratios.append(Ratio(f"index opens ÷ {OPENS:g} s", times["index opens in a browser"] / OPENS, at_most=1))
    print(Ratio.lines(ratios))


def province(home: Path, teams: int) -> tuple[dict[str, float], dict[str, float]]:
    """Everything of a big province but the pages of teams."""
    data, run, out = write_sample(home / "data", teams, 5, [YEAR - 1, YEAR]), home / "run", home / "site"
    out.mkdir()
    times: dict[str, float] = {}
    years = compute_years(data, YEAR)
    times["record of the run"] = timed(lambda: write_record(run, years, current_program(), files_read(years)))
    began = time.perf_counter()
    record = read_record(run)
    Site(record, run, "zh", "1-bench").write_lists(out, os.cpu_count() or 1, lambda _: None)
    times["lists of the site"] = time.perf_counter() - began
    made = circular(record, "zh")

    def documents() -> None:
        (out / "circular.html").write_text(circular_page(made, "index.html", "zh"), encoding="utf-8")
        write_document(out / "circular.docx", made)
        write_results_book(out / "results.xlsx", record, made, "zh")

    times["circular and workbook"] = timed(documents)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    times["zip of these"] = timed(lambda: write_archive(home / "site.zip", [(path.name, path) for path in files]))
    if installed_browser():
        times["index opens in a browser"] = opened(out / "index.html")
        answers = moved(out / "what_if.html")
        times["two weights moved, median"], times["two weights moved, p95"] = answers[20], answers[37]
    sizes = {
        "index": (out / "index.html").stat().st_size,
        "what_if": (out / "what_if.html").stat().st_size,
        "results.xlsx": (out / "results.xlsx").stat().st_size,
        "record": sum(path.stat().st_size for path in run.rglob("*") if path.is_file()),
    }
    return times, sizes


def sample(home: Path) -> dict[str, float]:
    """The whole way of the sample, and a PDF."""
    data = project_root() / "data" / "sample"
    jobs = os.cpu_count() or 1
    times = {"sample: assess run": timed(lambda: run_year(data, YEAR, home / "run"))}
    times["sample: assess publish --no-pdf"] = timed(
        lambda: publish(home / "run", home / "out", PublishRequest(pdf=False, jobs=jobs, draft=True))
    )
    edition = home / "out" / f"{YEAR}-edition-1"
    times["sample: assess verify --data"] = timed(lambda: verify(edition, data))
    try:
        check_renderer()
    except UnusableInput:
        return times
    write_pdf((edition / "teams" / "T0001.html", home / "first.pdf"))  # fonts are read once
    pages = sorted((edition / "teams").glob("*.html"))
    times["a PDF of a scorecard, one process"] = (
        timed(lambda: [write_pdf((page, home / "one.pdf")) for page in pages[1:5]]) / 4
    )
    (home / "pdf").mkdir()
    pairs = [(page, home / "pdf" / f"{page.stem}.pdf") for page in pages]
    times[f"a PDF in a batch of {len(pages)}, {jobs} processes"] = timed(
        lambda: write_pdfs(pairs, jobs, lambda: None)
    ) / len(pairs)
    return times


def opened(page: Path) -> float:
    """Seconds until a page is painted in a browser, the middle one of three."""
    found = []
    with browser() as chrome:
        for _ in range(3):
            tab = chrome.new_page(viewport={"width": 1280, "height": 800})
            began = time.perf_counter()
            tab.goto(page.as_uri())
            tab.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found.append(time.perf_counter() - began)
            tab.close()
    return sorted(found)[1]


def moved(page: Path) -> list[float]:
    """Seconds from a moved weight to the page laid out, of 40 pairs of weights, ascending."""
    with browser() as chrome:
        tab = chrome.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(page.as_uri())
        found: list[float] = tab.evaluate(_MOVES)
    return found


def timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
