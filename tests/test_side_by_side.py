"""The page that shows two to four teams side by side: its numbers are those of points.csv and add up, and choosing works by hand."""

from __future__ import annotations

import json

import pytest
from support.browser import browser, installed_browser
from support.page_data import data_of

from assess_lib.pages.site.side_by_side import side_by_side_page
from assess_lib.scorecard.overview import overview
from assess_lib.scorecard.team_search import search_text


@pytest.fixture(scope="module")
def page(sample_years) -> str:
    now, _ = sample_years
    return side_by_side_page(overview(now), now.points, "zh")


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


def test_points_and_caps_add_up_to_the_focal_points_and_the_total(page, sample_years) -> None:
    now, _ = sample_years
    data = json.loads(data_of(page))
    for at, team in enumerate(one[0] for one in data["teams"]):
        first, of_team = 0, []
        for number, (group, point) in enumerate(zip(data["groups"], now.rubric.dimensions)):
            last = first + len(group["indicators"])
            earned = sum(n or 0 for n in data["points"][at][first:last]) + data["held"][at][number]
            known = now.scores.at[team, point.id]
            assert earned == (0 if known != known else round(known * 100))
            first, of_team = last, [*of_team, earned]
        assert f"{sum(of_team) / 100:.2f}" == data["teams"][at][3] == f"{now.scores.at[team, 'total']:.2f}"


def test_every_indicator_has_its_points_its_full_mark_and_what_it_lacks(page, sample_years) -> None:
    now, _ = sample_years
    data, ids = json.loads(data_of(page)), [one.id for one in now.rubric.indicators()]
    assert sum(len(group["indicators"]) for group in data["groups"]) == len(ids)
    for at, team in enumerate(one[0] for one in data["teams"]):
        rows, weights = now.points_of(team), data["weights"][data["set"][at]]
        for place, name in enumerate(ids):
            row = rows.loc[name]
            counts = row["weight"] or row["points"]
            assert data["points"][at][place] == (round(row["points"] * 100) if counts else None)
            assert weights[place] == round(row["weight"] * 100)
            assert (place in data["missing"][at]) == bool(counts and row["status"] == "no_evidence")


def test_teams_stand_in_order_of_rank(page) -> None:
    teams = json.loads(data_of(page))["teams"]
    assert [one[4] for one in teams] == sorted(one[4] for one in teams)


def test_a_name_that_is_markup_stays_a_text(sample_years) -> None:
    now, _ = sample_years
    seen = overview(now)
    seen.teams.loc["T0001", "name"] = "</template><script>alert(1)</script>"
    made = side_by_side_page(seen, now.points, "en")
    assert "<script>alert" not in made and made.count("<script>") == 1
    (one,) = (team for team in json.loads(data_of(made))["teams"] if team[0] == "T0001")
    assert one[1] == "</template><script>alert(1)</script>"


def test_teams_are_found_by_the_spelling_of_their_names(page, sample_years) -> None:
    county = sample_years[0].data.teams().at["T0001", "county"]
    (one,) = (team for team in json.loads(data_of(page))["teams"] if team[0] == "T0001")
    assert one[6] == search_text(one[1], [county]) and "gongzuodui" in one[6] and county in one[6]


@pytest.mark.browser
@pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge here")
def test_teams_are_chosen_by_hand_and_by_address(page, tmp_path, chrome) -> None:
    path = tmp_path / "side_by_side.html"
    path.write_text(page, encoding="utf-8")
    shown = chrome.new_page(viewport={"width": 1000, "height": 700})
    noise: list[str] = []
    shown.on("console", lambda message: noise.append(message.text))
    shown.on("pageerror", lambda error: noise.append(str(error)))
    shown.goto(path.as_uri())
    assert shown.locator("#side tr").count() == 0 and "至少两支" in shown.inner_text("#told")
    slots = shown.locator("[data-slot]")
    for place, team in enumerate(("T0007", "T0001")):
        slots.nth(place).fill(team)
        slots.nth(place).blur()
    assert shown.url.endswith("#T0007,T0001")
    heads = shown.locator("#side thead th")
    assert heads.count() == 3 and "T0007" in heads.nth(1).inner_text()
    assert heads.nth(2).locator("a").get_attribute("href") == "index.html#q=T0001"
    line = shown.locator("#side tr", has_text="支持项目完成率")
    assert [cell.split("\n")[0].strip() for cell in line.locator("td").all_inner_texts()] == ["0.57", "4.00"]
    assert "满分 4.00" in line.locator("th").inner_text() and "best" in line.locator("td").nth(1).get_attribute("class")
    every = shown.locator("#side tbody tr").count()
    shown.check("#differ")
    assert 10 < shown.locator("#side tbody tr").count() < every
    name = heads.nth(2).locator("a").inner_text()
    for typed, said in (("T9999", "没有“T9999”"), ("T000", "“T000”不止一支"), (name, f"“{name}”选了两次")):
        slots.nth(2).fill(typed)
        slots.nth(2).blur()
        assert said in shown.inner_text("#told") and heads.count() == 3
    slots.nth(2).fill("t0002")
    slots.nth(2).blur()
    assert heads.count() == 4 and "T0002" in heads.nth(3).inner_text() and shown.inner_text("#told") == ""
    shown.goto(path.as_uri() + "#T0014,T0007,T0002,T0003,T0001")
    assert heads.count() == 5 and "多于四支" in shown.inner_text("#told")
    point = shown.locator("#side tr.dim", has_text="党员干部结对帮扶").locator("td").first
    assert point.inner_text() == "不适用"
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown.goto(path.as_uri() + "#T0001,%zz")
    assert heads.count() == 2 and "没有“%zz”" in shown.inner_text("#told")
    assert noise == []
    shown.close()
