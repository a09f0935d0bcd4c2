"""The page of a check in a real browser: at a desk and on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.browser import browser, installed_browser

from assess_lib.faults import WARNING, Fault, Location
from assess_lib.pages.documents.check_page import check_page
from assess_lib.tables.checks.report import Report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge here"),
]


def test_columns_have_room_and_a_telephone_shows_the_remedy(tmp_path) -> None:
    where = Location("households", 2, "income_yuan", "农户", "K2", 0, "T0001", "云汐县")
    about = {"number": "0.36", "low": "300", "high": "100,000", "count": 20, "per": {"zh": "人口", "en": "persons"}}
    found = [Fault("checks.asked_per", "云汐县.xlsx", "农户!K2", "1.09", about, WARNING, where)]
    page = tmp_path / "check.html"
    page.write_text(check_page(Report(str(tmp_path), 2016, found, True, teams=1), "zh"), encoding="utf-8")
    with browser() as opened:
        for width in (1200, 390):
            seen = opened.new_page(viewport={"width": width, "height": 900})
            seen.goto(Path(page).as_uri())
            cells = [cell.bounding_box() for cell in seen.query_selector_all("#findings tbody td")]
            assert seen.evaluate("document.documentElement.scrollWidth") == width
            assert all(cell["x"] + cell["width"] <= width for cell in cells), "everything is in sight"
            lines = seen.evaluate(
                "(cell => cell.clientHeight / parseFloat(getComputedStyle(cell).lineHeight))"
                "(document.querySelector('#findings tbody td:nth-child(3)'))"
            )
            assert lines < 3.5, "家庭可支配收入 in one line, the sheet below it"
            seen.fill("#find", "nothing like it")
            assert not seen.is_visible("#findings tbody tr"), "what is filtered out is not shown"
            seen.close()
