"""The page of a check in a real browser: at a desk and on a telephone."""

from __future__ import annotations

from dataclasses import replace
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
    about = {"number": "0.36", "range": "300 – 100,000", "count": 20, "per": {"zh": "人口", "en": "persons"}}
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
                "(document.querySelector('#findings tbody td:nth-child(2)'))"
            )
            assert lines < 3.5, "家庭可支配收入 in one line, the sheet below it"
            seen.fill("#find", "nothing like it")
            assert not seen.is_visible("#findings tbody tr"), "what is filtered out is not shown"
            seen.close()


def fault(n: int, key: str, severity: str) -> Fault:
    where = Location("households", n, "persons", "农户", f"D{n}", n, "T0001", "云汐县")
    return Fault(key, "云汐县.xlsx", f"农户!D{n}", f"值{n}", {"low": "0", "high": "9"}, severity, where)


def words_of(paper: Path) -> str:
    import pypdfium2

    return "".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(paper))


def test_kinds_fold_what_is_looked_for_is_shown_and_paper_has_the_first_of_each(tmp_path) -> None:
    import pypdfium2

    found = [fault(n, "tables.low", "error") for n in range(2, 14)]  # twelve of a kind
    found += [fault(n, "tables.high", "error") for n in range(20, 23)]
    found += [fault(n, "tables.not_whole", "warning") for n in range(30, 515)]
    found += [fault(n, "reading.sum_row", "note") for n in range(600, 603)]
    found = [replace(one, value=f"{one.value}{n}") for n, one in enumerate(found)]
    page = tmp_path / "check.html"
    names = {"T0001": "菊家坝村工作队"}
    report = Report(str(tmp_path), 2016, found, True, teams=1, team_names=names)
    distinct = Report(
        str(tmp_path), 2016, [replace(f, more={"zh": f.value, "en": ""}) for f in found], True, 1, team_names=names
    )
    assert report.kinds and len(distinct.causes) == len(found)
    page.write_text(check_page(distinct, "zh"), encoding="utf-8")
    with browser() as opened:
        seen = opened.new_page(viewport={"width": 1200, "height": 900})
        seen.goto(page.as_uri())
        heads = seen.locator("#findings tr.kind")
        assert [heads.nth(n).locator("b").inner_text() for n in range(4)] == ["12 项", "3 项", "485 项", "3 项"]
        rows = seen.locator("#findings tbody tr:not(.kind):visible")
        assert rows.count() == 3  # of the others there are many, or they are notes
        assert "菊家坝村工作队" in rows.first.inner_text() and "云汐县" in rows.first.inner_text()
        heads.nth(0).locator("button").click()
        assert rows.count() == 15 and heads.nth(0).locator("button").get_attribute("aria-expanded") == "true"
        heads.nth(0).locator("button").click()
        assert rows.count() == 3
        seen.fill("#find", "D601")
        assert rows.count() == 1 and heads.locator("visible=true").count() == 1
        asked = tmp_path / "asked.pdf"
        seen.pdf(path=asked, prefer_css_page_size=True)
        seen.fill("#find", "")
        assert rows.count() == 3
        paper = tmp_path / "check.pdf"
        seen.pdf(path=paper, prefer_css_page_size=True)
        seen.close()
    assert "D601" in words_of(asked), "what was looked for is printed, notes and all"
    printed = pypdfium2.PdfDocument(paper)
    assert len(printed) <= 5
    words = words_of(paper)
    assert "D2" in words and "D600" not in words and "D514" not in words
