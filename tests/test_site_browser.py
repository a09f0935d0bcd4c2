"""A published year as a reader has it: from a folder, in a real browser, without a server or a network."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from support.browser import browser, installed_browser
from support.cards import card_page
from support.published import AREA, COUNTY, HOSTILE, TEAMS
from support.readers import quiet_page, unpacked

from assess_lib import Scorecard
from assess_lib.api import compute_years, load_rubric
from assess_lib.cli import main
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.pages.documents.changes import changes_page
from assess_lib.publishing.site import Site
from assess_lib.records.difference import difference
from assess_lib.records.record import read_record, write_record
from assess_lib.review.acts import open_review
from assess_lib.runs.fingerprints import current_program, files_read
from assess_lib.sample.dataset import write_sample

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("site"),
    pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge here"),
]


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site(published_place, tmp_path_factory) -> Path:
    return unpacked(published_place, tmp_path_factory.mktemp("stick"))


@pytest.fixture(scope="module")
def changes(published_place, site, tmp_path_factory) -> Path:
    """The page of what changed when one more judgement was made, put beside the edition."""
    data = tmp_path_factory.mktemp("changed") / "data"
    shutil.copytree(published_place.data, data)
    words = "新打了井<script>alert(6)</script>"
    open_review(data, 2016).judge("points", "T0003", "safe_water", "<i>李四</i>", words, becomes="0")
    run = data.parent / "run"
    years = compute_years(data, 2016)
    write_record(run, years, current_program(), files_read(years))
    found = difference(read_record(site), read_record(run))
    path = site / "changes.html"
    path.write_text(changes_page(found, "zh", "index.html", "更正<b>说明</b>", 2), encoding="utf-8")
    return path


@pytest.fixture
def page(chrome):
    with quiet_page(chrome) as opened:
        yield opened


def shown(page) -> list[str]:
    """The teams in the list, in order."""
    return [
        re.search(r"T\d{4}", text)[0]
        for text in page.locator("#teams tbody tr td:nth-child(2) small").all_inner_texts()
    ]


def test_search_filters_and_sorting_find_teams(page, site, published_place) -> None:
    scores = pd.read_csv(site / "scores.csv").set_index("team_id")
    teams = pd.read_csv(published_place.data / "2016" / "teams.csv", dtype=str).set_index("team_id")
    page.goto((site / "index.html").as_uri())
    assert sorted(shown(page)) == sorted(scores.index) and f"{TEAMS} / {TEAMS}" in page.inner_text("#count")
    page.fill("#find", "t0004")
    assert shown(page) == ["T0004"] and "q=t0004" in page.url
    page.fill("#find", "Ｔ０００３")  # full-width digits
    assert shown(page) == ["T0003"]
    page.fill("#find", "demingzi")  # pinyin of 很长的名字
    assert shown(page) == ["T0004"]
    page.fill("#find", "没有这样的队")
    assert shown(page) == [] and page.locator("#nothing").is_visible()
    page.click(".filters button[type=reset]")
    grade = scores["grade"].iloc[0]
    page.select_option("[data-filter=grade]", grade)
    assert set(shown(page)) == set(scores.index[scores["grade"] == grade])
    page.reload()  # the address keeps the filter
    assert set(shown(page)) == set(scores.index[scores["grade"] == grade])
    page.click(".filters button[type=reset]")
    tile = page.locator(f"button.sc-tile[data-grade={grade}]")
    tile.click()
    assert (
        set(shown(page)) == set(scores.index[scores["grade"] == grade]) and tile.get_attribute("aria-pressed") == "true"
    )
    tile.click()
    assert sorted(shown(page)) == sorted(scores.index) and tile.get_attribute("aria-pressed") == "false"
    head = page.locator("#teams thead th").nth(5)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    totals = list(scores.loc[shown(page), "total"])
    assert totals == sorted(totals, reverse=True)
    head.locator("button").click()
    totals = list(scores.loc[shown(page), "total"])
    assert totals == sorted(totals)
    for name, value in (("county", COUNTY), ("area", AREA)):
        page.select_option(f"[data-filter={name}]", value)
        assert set(shown(page)) == set(teams.index[teams[name] == value]) != set(scores.index)
        page.click(".filters button[type=reset]")
    page.click("h1")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"


def test_the_heat_map_sums_up_what_is_lost_and_sorts_by_it(page, site) -> None:
    """Means of ``points.csv`` over the teams in the list, the largest first within a focal point, or in the rubric's order."""
    points = pd.read_csv(site / "points.csv")
    names = {one.id: one.name["zh"] for one in load_rubric(None, 2016).indicators()}
    taken = points["indicator"].isin(["audit_findings", "audit_finding_count"]) & (points["status"] == "measured")
    points = points[(points["weight"] > 0) | taken]  # deductions have no weight
    points = points.assign(lost=(points["weight"] - points["points"]).clip(lower=0))

    def told() -> list[dict[str, str]]:
        return page.evaluate(
            "[...document.querySelectorAll('.heat-grid ol')].map(list => Object.fromEntries([...list.children].map(li => [li.querySelector('span').textContent, li.querySelector('b').textContent])))"
        )

    def means(teams: list[str]) -> dict[str, str]:
        of = points[points["team_id"].isin(teams)].groupby("indicator")["lost"].agg(["sum", "size"])
        known = {names[id]: float(row["sum"]) / row["size"] for id, row in of.iterrows() if id in names}
        return {name: f"{-mean:.2f}".replace("-", "−") if mean > 1e-9 else "0" for name, mean in known.items()}

    page.goto((site / "index.html").as_uri())
    page.click("#heatmap summary")
    page.wait_for_function("document.querySelector('.heat-grid b').textContent !== ''")
    found, expected = told(), means(shown(page))
    near = lambda a, b: abs(float(a.replace("−", "-")) - float(b.replace("−", "-"))) < 0.011  # halves of a hundredth
    assert all(near(text, expected[name]) for section in found for name, text in section.items() if text != "–")
    assert any(text.startswith("−") for section in found for text in section.values())
    for section in found:
        numbers = [float(text.replace("−", "-")) for text in section.values() if text != "–"]
        assert numbers == sorted(numbers)
    page.uncheck("#heat-by-loss")
    order = [name for section in told() for name in section]
    assert (
        order == [name for name in names.values() if name in order] != [name for section in found for name in section]
    )
    page.select_option("[data-filter=grade]", index=1)
    some = means(shown(page))
    assert all(near(text, some[name]) for section in told() for name, text in section.items() if text != "–")


@pytest.mark.parametrize("of", ["edition", "run"])
def test_the_heat_map_follows_the_list_and_leads_to_teams(page, site, published_place, of) -> None:
    site = site if of == "edition" else published_place.run
    page.goto((site / "index.html").as_uri())
    page.click("#heatmap summary")
    canvas = page.locator("canvas").first
    page.wait_for_function("document.querySelector('canvas').width > 1")
    page.uncheck("#heat-by-loss")
    assert canvas.evaluate("c => c.width") == TEAMS
    colours = canvas.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const s = new Set(); for (let i = 0; i < d.length; i += 4) s.add([d[i], d[i+1], d[i+2]].join()); return s.size }"
    )
    assert colours >= 3
    rows = page.eval_on_selector_all("#teams tbody tr", "rows => rows.map(row => row.dataset.heat)")
    height, width = canvas.evaluate("c => c.height"), canvas.bounding_box()["width"]
    at, line = next((at, row.index("-")) for at, row in enumerate(rows) if "-" in row[:height])
    canvas.hover(position={"x": (at + 0.5) * width / len(rows), "y": (line + 0.5) * 18})
    assert page.inner_text("#heat-told").endswith(" · 不适用")
    canvas = page.locator("canvas").nth(1)
    end = {"x": canvas.bounding_box()["width"] - 3, "y": 60}
    canvas.hover(position=end)
    told = page.inner_text("#heat-told")
    ranks = pd.read_csv(site / "scores.csv")["rank"]
    assert f"第 {ranks.max()} 名" in told and re.search(
        r" · (得分率 (100%|\d0–\d9%|0–9%) · 失 \d+\.\d\d 分|缺佐证|不适用)$", told
    )
    page.select_option("[data-filter=grade]", index=1)
    assert canvas.evaluate("c => c.width") == max(1, len(shown(page)))
    page.click(".filters button[type=reset]")
    page.wait_for_timeout(100)
    last = shown(page)[-1]
    canvas.click(position=end)
    page.wait_for_url(f"**/teams/{last}.html")


def test_a_reader_goes_from_page_to_page_and_sees_hostile_names_as_text(page, site) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.locator("#teams a", has_text=HOSTILE["T0001"]).count() == 1
    page.click("#teams td:nth-child(3) a >> nth=0")
    page.wait_for_url("**/counties/*.html")
    page.click("#teams td:nth-child(2) > a >> nth=0")
    page.wait_for_url("**/teams/*.html")
    page.click(".ways a >> nth=2")
    page.wait_for_url("**/units/*.html")
    page.click("header a")
    page.wait_for_url("**/index.html")
    for name in sorted(path.name for path in (site / "teams").glob("*.html")):
        page.goto((site / "teams" / name).as_uri())
        assert page.locator("#section-neighbours").count() == 1
    for name in ("summary.html", "circular.html"):
        page.goto((site / name).as_uri())
        assert page.locator("h1").first.is_visible()


def test_a_remark_travels_from_a_page_into_the_ledger(page, site, published_place, tmp_path) -> None:
    page.goto((site / "teams" / "T0005.html").as_uri())
    save = page.locator("#remark-save")
    assert save.is_disabled() and "还没有意见" in page.inner_text("#remark-count")
    page.click("a[href='#e-diary'] >> nth=0")  # the indicator leads to its clause and evidence
    page.wait_for_selector("#e-diary[open]")
    details = page.locator("#e-diary")
    assert "条文" in details.inner_text()
    details.locator(".remark-write").click()
    assert page.locator("#remark-indicator").input_value() == "diary"
    page.fill("#remark-by", "赵 审阅")
    page.fill("#remark-words", "日记似有雷同 <b>请核</b>")
    page.click("#remark-form button[type=submit]")
    page.select_option("#remark-indicator", "")
    page.fill("#remark-words", "=总体尚可")
    page.click("#remark-form button[type=submit]")
    assert "共 2 条" in page.inner_text("#remark-count") and "<b>请核</b>" in page.inner_text("#remark-list")
    page.reload()  # they are kept
    assert "共 2 条" in page.inner_text("#remark-count")
    with page.expect_download() as waiting:
        save.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "remarks-2016-T0005.json"
    data = tmp_path / "data"
    shutil.copytree(published_place.data, data)
    run = lambda *files: CliRunner().invoke(main, ["remarks", str(data), *map(str, files), "--year", "2016"])  # noqa: E731
    done = run(file)
    assert done.exit_code == 0 and "T0005：登记意见 2 条" in done.output
    entries = [record.entry for record in Ledger(ledger_path(data)).entries() if record.entry.kind == "remark"]
    assert [(e.team, e.indicator, e.by, e.words) for e in entries] == [
        ("T0005", "diary", "赵审阅", "日记似有雷同 <b>请核</b>"),
        ("T0005", "", "赵审阅", "=总体尚可"),
    ]
    assert all(re.fullmatch(r"1-[0-9a-f]{8}", e.edition) for e in entries)
    again = run(file)
    assert again.exit_code == 0 and "2 条此前已登记" in again.output


def test_the_page_of_changes_says_who_moved_and_why(page, changes) -> None:
    page.goto(changes.as_uri())
    text = page.inner_text("main")
    assert "新打了井<script>alert(6)</script>" in text and "更正<b>说明</b>" in text and "右至左" in text
    page.click("header a")
    page.wait_for_url("**/index.html")


def test_a_page_prints_whole(page, site) -> None:
    import pypdfium2

    page.goto((site / "teams" / "T0006.html").as_uri())
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True)) as document:
        told = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    assert "指标明细" in "".join(told) and "审阅意见" not in "".join(told) and "返回一览" not in "".join(told)
    assert "条文" in "".join(told), "evidence that is folded away on the screen is printed"


def test_every_printed_sheet_of_a_draft_bears_the_word_behind_its_text(page, site) -> None:
    import pypdfium2

    for name in ("index.html", "circular.html", "summary.html", "teams/T0006.html"):
        page.goto((site / name).as_uri())
        assert page.locator(".draft-note").inner_text().startswith("征求意见稿") and page.evaluate("scrollY") == 0
        assert not page.locator(".draft-paper").is_visible(), "the screen has the line alone"
        with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as document:
            told = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
        assert len(told) > 1 and all("征求意见稿" in text for text in told), name
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.locator(".draft-paper").evaluate("e => getComputedStyle(e).zIndex") == "-1"
        page.emulate_media(media="null")  # as it is


def test_no_page_keeps_anything_from_those_who_cannot_see(chrome, site, changes) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chrome.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.context.new_cdp_session(opened).send("Page.setBypassCSP", {"enabled": True})
    names = ["index.html", "what_if.html", "summary.html", "circular.html", "teams/T0005.html", changes.name]
    names += [next((site / kind).glob("*.html")).relative_to(site).as_posix() for kind in ("counties", "units")]
    for name in names:
        opened.goto((site / name).as_uri())
        if name == "index.html":
            opened.click("#heatmap summary")
        violations = Axe().run(opened).response["violations"]
        grave = [(f["id"], f["nodes"][0]["html"][:160]) for f in violations if f["impact"] in ("serious", "critical")]
        assert grave == [], name
    context.close()


@pytest.mark.parametrize("width", [1280, 1920, 390])
def test_nothing_overflows_at_any_width(chrome, site, changes, width) -> None:
    context = chrome.new_context(viewport={"width": width, "height": 800})
    opened = context.new_page()
    names = ["index.html", "what_if.html", "circular.html", "teams/T0004.html", changes.name]
    names += [next((site / kind).glob("*.html")).relative_to(site).as_posix() for kind in ("counties", "units")]
    for name in names:
        opened.goto((site / name).as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1, name
    context.close()


def test_on_a_phone_the_points_are_seen_without_scrolling_sideways(chrome, site) -> None:
    context = chrome.new_context(viewport={"width": 390, "height": 800})
    opened = context.new_page()
    right = (
        "cells => cells.map(cell => cell.getBoundingClientRect()).map(box => box.width ? Math.round(box.right) : 999)"
    )
    opened.goto((site / "index.html").as_uri())
    for place in (1, 2, 6, 7, 9):  # rank, name, total, grade, the first focal point
        ends = opened.eval_on_selector_all(f"#teams tbody td:nth-child({place})", right)
        assert ends and max(ends) <= 390, place
    opened.goto((site / "teams" / "T0004.html").as_uri())
    for place in (1, 2, 3, 6):  # indicator, full mark, value, points
        ends = opened.eval_on_selector_all(f".sc-indicators tbody td:nth-child({place})", right)
        assert len(ends) > 60 and max(ends) <= 390, place
    context.close()


def test_english_scorecards_fit_a_phone(chrome, sample_years, shown, tmp_path) -> None:
    """The one that failed, the best, the one without poor households, and one that shares its rank."""
    context = chrome.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    for team in ("T0004", "T0012", "T0014", "T0023"):
        path = tmp_path / f"{team}.html"
        path.write_text(card_page(Scorecard(*sample_years, team, "en"), shown, "en"), encoding="utf-8")
        opened.goto(path.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390, team
        for table, least in ((".sc-gains", 3), (".sc-points", 4)):
            boxes = "rows => rows.map(row => row.lastElementChild.getBoundingClientRect()).map(box => Math.round(box.right))"
            ends = opened.eval_on_selector_all(f"{table} tbody tr", boxes)
            assert len(ends) >= least and max(ends) <= 390, (team, table)
    context.close()


def test_the_first_sheet_of_a_scorecard_is_complete_and_few_follow(chrome, site, tmp_path) -> None:
    import pypdfium2

    context = chrome.new_context()
    opened = context.new_page()
    for page in sorted((site / "teams").glob("*.html"))[:6]:
        opened.goto(page.as_uri())
        opened.pdf(path=tmp_path / "card.pdf", prefer_css_page_size=True)
        with pypdfium2.PdfDocument(tmp_path / "card.pdf") as document:
            first = document[0].get_textpage().get_text_bounded()
            assert len(document) <= 7, page.name  # the sample has 6 at most; here names are of the longest kind
        wanted = ("分数线", "最能提分的几项", "同类中位数", "负责人（签字）")
        assert all(words in first for words in wanted) and "指标明细" not in first, page.name
    context.close()


def test_a_first_tap_on_the_heat_map_tells_and_a_second_one_opens_the_page(chrome, site) -> None:
    """On a phone, where nothing points at a cell; the same place of another focal point is another cell."""
    context = chrome.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened = context.new_page()
    opened.goto((site / "index.html").as_uri())
    opened.locator("#heatmap summary").tap()
    first, second = (opened.locator(".heat-grid canvas").nth(n) for n in (0, 1))
    unread = opened.inner_text("#heat-told")
    first.tap(position={"x": 4, "y": 4})
    told = opened.inner_text("#heat-told")
    assert told != unread and "第 1 名" in told and opened.url.endswith("index.html")
    second.tap(position={"x": 4, "y": 4})
    assert opened.inner_text("#heat-told") not in (told, unread) and opened.url.endswith("index.html")
    second.tap(position={"x": 4, "y": 4})
    opened.wait_for_url("**/teams/*.html")
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_worst_card_of_the_sample_has_six_sheets_and_the_best_four(
    lang, chrome, sample_years, shown, tmp_path
) -> None:
    import pypdfium2

    context = chrome.new_context()
    opened, sheets = context.new_page(), {}
    for team in ("T0007", "T0012"):
        path = tmp_path / f"{team}.html"
        path.write_text(card_page(Scorecard(*sample_years, team, lang), shown, lang), encoding="utf-8")
        opened.goto(path.as_uri())
        with pypdfium2.PdfDocument(opened.pdf(prefer_css_page_size=True)) as document:
            sheets[team] = len(document)
    context.close()
    assert sheets["T0007"] <= 6 and sheets["T0012"] <= 4, sheets


def test_every_link_of_two_hundred_teams_resolves(published_place, tmp_path) -> None:
    """A real record of 200 teams; the pages of teams are made from one executed notebook, for links do not depend on it."""
    data, run, out = write_sample(tmp_path / "data", 200, 11, [2015, 2016]), tmp_path / "run", tmp_path / "site"
    years = compute_years(data, 2016)
    write_record(run, years, current_program(), files_read(years))
    (run / "notebooks").mkdir()
    record = read_record(run)
    for name in (*record.scores.index, "annual_summary"):
        shutil.copyfile(published_place.run / "notebooks" / "T0006.ipynb", run / "notebooks" / f"{name}.ipynb")
    site = Site(record, run, "zh", "1-abc")
    out.mkdir()
    site.write_lists(out, 1, lambda _: None)
    site.write_teams(out, 2, lambda _: None)
    made = {path.relative_to(out).as_posix() for path in out.rglob("*.html")}
    assert len(made) == 204 + record.teams["county"].nunique() + record.teams["unit_id"].nunique()
    checked = 0
    for name in made:
        text = re.sub(r"<(style|script)\b.*?</\1>", "", (out / name).read_text("utf-8"), flags=re.DOTALL)
        for address in set(re.findall(r'\bhref="([^"#]+)', text)):
            of_team = name == "summary.html" and re.match(
                r"\.\./|T[0-9]{4}\.html", address
            )  # it is a team's notebook here
            target = (out / "teams" if of_team else (out / name).parent) / address
            assert target.resolve().relative_to(out.resolve()).as_posix() in made, (name, address)
            checked += 1
    assert checked > 4_000
    assert (out / "index.html").read_text("utf-8").count("<tr data-find") == 200


def test_tiles_and_strip_follow_the_filters(page, site) -> None:
    """Tiles count by ``scores.csv`` what the other filters leave; the strip has a mark for each team that is listed."""
    scores = pd.read_csv(site / "scores.csv", dtype={"team_id": str}).merge(
        pd.read_csv(site / "record" / "teams.csv", dtype=str)[["team_id", "county"]], on="team_id"
    )
    county = scores["county"].iloc[0]
    own = scores[scores["county"] == county]
    lists = json.loads((site / "record" / "lists.json").read_text(encoding="utf-8"))
    low = {one["id"] for one in lists["rectification"] if one["kind"] == "team"}
    assert 0 < len(low) < len(scores)

    def counted(rows: pd.DataFrame, of_grade: pd.DataFrame | None = None) -> dict[str, int]:
        """The tiles of grades count whatever the grade chosen, those of lists what has it."""
        listed = (rows if of_grade is None else of_grade)["team_id"].isin(low).sum()
        return {"": len(rows)} | rows["grade"].value_counts().to_dict() | ({"list:rectify": listed} if listed else {})

    def tiles() -> dict[str, int]:
        found = page.evaluate(
            "[...document.querySelectorAll('[data-count]')].map(t => [t.dataset.count, t.querySelector('b').textContent])"
        )
        return {name: int(count) for name, count in found if int(count) and name != "list:provisional"}

    marks = lambda: (
        (page.get_attribute("#strip .marks", "d") or "").count("M") if page.locator("#strip .marks").count() else 0
    )
    page.goto((site / "index.html").as_uri())
    assert tiles() == counted(scores) and marks() == 0 and page.locator("#strip-marks").is_hidden()
    page.select_option("[data-filter=county]", county)
    assert tiles() == counted(own) and marks() == len(own) and page.locator("#strip-marks").is_visible()
    grade = own["grade"].iloc[0]
    page.click(f"button[data-grade={grade}]")
    chosen = own[own["grade"] == grade]
    assert tiles() == counted(own, chosen), "the grades beside the one that is chosen stay in sight"
    assert marks() == (own["grade"] == grade).sum() == len(shown(page))
    page.click("button[type=reset]")
    page.wait_for_selector("#strip-marks", state="hidden")
    assert tiles() == counted(scores) and marks() == 0
    page.click("button[data-listed=rectify]")
    assert (
        len(shown(page)) == marks() == len(low)
        and page.locator("button[data-listed=rectify][aria-pressed=true]").count()
    )
    page.reload()  # the address keeps it
    assert len(shown(page)) == len(low)
    page.click("button[data-listed=rectify]")
    assert len(shown(page)) == len(scores)
    first = page.locator("#teams thead th").nth(8)
    assert first.inner_text().endswith("满分 40")


def test_means_of_the_heat_map_are_half_up_as_those_of_a_county(page, site, tmp_path) -> None:
    """Two teams that lost 1.00 and 1.01 have a mean of 1.005, which is 1.01 as on a page of counties."""
    text = (site / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r'data-lost="([^"]*)"', text)
    lost = [",".join([value, *rows[0].split(",")[1:]]) for value in ("100", "101")]
    body, kept = text.rindex("<tbody>"), re.findall(r"<tr data-find.*?</tr>", text, re.DOTALL)[:2]
    made = [re.sub(r'data-lost="[^"]*"', f'data-lost="{of}"', row) for row, of in zip(kept, lost)]
    made = [re.sub(r'data-heat=".', 'data-heat="5', row) for row in made]
    end = text.index("</tbody>", body)
    copied = tmp_path / "index.html"
    copied.write_text(text[: body + len("<tbody>")] + "\n".join(made) + text[end:], encoding="utf-8")
    page.goto(copied.as_uri())
    page.click("#heatmap summary")
    page.uncheck("#heat-by-loss")
    assert page.locator(".heat-grid li b").first.inner_text() == "−1.01"
