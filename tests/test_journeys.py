"""Ways that people go through a published year: a leader with a minute, a team with a telephone."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from support.browser import browser, installed_browser
from support.readers import quiet_page, unpacked

from assess_lib.api import load_rubric

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("site"),
    pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge here"),
]


@pytest.fixture(scope="module")
def site(published_place, tmp_path_factory) -> Path:
    return unpacked(published_place, tmp_path_factory.mktemp("journeys"))


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


def lost_in(site: Path, teams: list[str]) -> pd.Series:
    """Points lost per indicator, the mean of the teams it applies to; from what is published."""
    points = pd.read_csv(site / "points.csv").query("team_id in @teams")
    points = points[points["status"] != "not_applicable"]
    weights = {one.id for one in load_rubric(None, 2016).indicators() if one.weight > 0}
    points = points[points["indicator"].isin(weights)]
    lost = (points["weight"] - points["points"]).groupby(points["indicator"]).mean()
    return lost.round(6)


def test_a_leader_goes_from_the_worst_county_to_what_its_last_team_can_learn(chrome, site) -> None:
    """From the list: which county is worst, and at what; its last team; what it must do; who like it did better."""
    scores = pd.read_csv(site / "scores.csv").set_index("team_id")
    scores["county"] = pd.read_csv(site / "record" / "teams.csv").set_index("team_id")["county"]
    means = scores.groupby("county")["total"].mean()
    worst = scores[scores["county"] == means.idxmin()]
    with quiet_page(chrome) as page:
        page.goto((site / "index.html").as_uri())
        counties = page.locator("#counties")
        said = counties.locator("summary").inner_text()
        assert f"{means.max():.2f}" in said and f"{means.min():.2f}" in said
        assert said.index(f"{means.max():.2f}") < said.index("最低") < said.index(f"{means.min():.2f}")
        counties.locator("summary").click()
        last = counties.locator("tbody tr").last
        names = {one.id: one.name["zh"] for one in load_rubric(None, 2016).indicators()}
        lost = lost_in(site, list(worst.index))
        assert f"{names[lost.idxmax()]}，平均失 {lost.max():.2f} 分（全体" in last.locator("td.lost").inner_text()
        assert f"{means.min():.2f}" in last.inner_text() and counties.get_by_text("最低", exact=True).count() >= 4
        last.locator("a").click()
        assert f"平均总分在 {len(means)} 个县（市、区）中列第 {len(means)}" in page.inner_text("main")
        page.locator("#teams tbody tr").last.locator("td:nth-child(2) a").first.click()
        team = worst["total"].idxmin()
        assert team in page.inner_text("header") and f"{worst['total'].min():.2f}" in page.inner_text("header")
        do = page.locator(".sc-gains tr")
        assert do.count() == 3 and all("可加" in text for text in do.all_inner_texts())
        do.first.locator("a").click()  # why: its evidence
        assert page.locator("details[open][id^='e-']").is_visible()
        name, told = page.locator(".sc-similar tbody td a").first, page.locator(".sc-similar tbody tr").nth(1)
        better, said = name.inner_text(), told.inner_text()
        name.click()  # to the list, where the one team is left
        found = page.locator("#teams tbody tr:visible")
        assert found.count() == 1 and better in found.inner_text() and team not in found.inner_text()
        found.locator("td:nth-child(2) a").first.click()
        assert page.locator("h1").inner_text() == better and re.search(r"[\d.]+ / [\d.]+$", said.strip())


def test_the_list_says_why_a_good_total_has_a_lower_grade(chrome, site) -> None:
    """In words beside the grade and below the list, not only where a mouse rests."""
    rubric = load_rubric(None, 2016)
    scores = pd.read_csv(site / "scores.csv").set_index("team_id")
    with quiet_page(chrome) as page:
        page.goto((site / "index.html").as_uri())
        marked = 0
        for row in page.locator("#teams tbody tr").all():
            grade = row.locator("td:nth-child(7)").inner_text()
            team = next(one for one in scores.index if one in row.locator("td:nth-child(2)").inner_text())
            band = next(one for one in rubric.grades.bands if scores.at[team, "total"] >= float(one.range.low or -1e9))
            if band.id == scores.at[team, "grade"]:
                assert not any(word in grade for word in ("一票否决", "名额", "并列")), team
                continue
            marked += 1
            mark = next(word for word in ("一票否决", "名额", "并列") if word in grade)
            assert f"“{mark}”：总分够更高等次" in page.inner_text("main")
            if mark == "一票否决":
                assert any(veto.name["zh"] in grade for veto in rubric.veto)
        assert marked


def test_a_team_sees_its_points_on_a_telephone(chrome, site) -> None:
    """At 390 pixels: found by name, grade and total in the list, then grade, total and the points of every line."""
    scores = pd.read_csv(site / "scores.csv").set_index("team_id")
    with quiet_page(chrome, 390, 844) as page:
        page.goto((site / "index.html").as_uri())
        page.fill("#find", "T0006")
        row = page.locator("#teams tbody tr:visible")
        assert row.count() == 1 and f"{scores.at['T0006', 'total']:.2f}" in row.inner_text()
        row.locator("td:nth-child(2) a").first.click()
        within = (
            "box => { const r = box.getBoundingClientRect(); return r.width > 0 && r.left >= 0 && r.right <= 390; }"
        )
        top = page.locator("header")
        assert f"{scores.at['T0006', 'total']:.2f}" in top.inner_text()
        cells = page.locator(".sc-indicators tbody td:nth-child(6)")
        assert cells.count() > 60 and all(cell.evaluate(within) for cell in cells.all())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
