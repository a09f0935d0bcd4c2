"""The page that tries out other weights and lines: its arithmetic is the library's, and it never passes for the result."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.browser import browser, installed_browser
from support.judged_sample import judged_sample
from support.page_data import data_of
from support.small_rubric import base, indicator, score
from test_engine import situations

from assess_lib.analysis.what_if import Outcome, Trial
from assess_lib.faults import UnusableInput
from assess_lib.ledger.store import Ledger
from assess_lib.pages.site.what_if import PAGE, what_if_page
from assess_lib.publishing.site import Site
from assess_lib.publishing.verify import _compared
from assess_lib.records.record import TERMS, read_record, write_record
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.changes import Changes
from assess_lib.rules.kinds.rank import Rank
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.fingerprints import current_program
from assess_lib.scorecard.overview import overview
from assess_lib.scoring.assessment import Assessment

pytestmark = pytest.mark.xdist_group("what_if_page")
in_browser = pytest.mark.skipif(installed_browser() is None, reason="no Chrome, Chromium or Edge here")
CHANGES = 200
OUTCOMES = """([text, all]) => {
    const data = JSON.parse(text), trial = whatIf(data), plain = found => found.refused ? found.refused
        : [[...found.total], found.points.map(of => [...of]), [...found.rank], [...found.grade]];
    return [data.teams.map(team => team[0]), plain(trial.start), all.map(one => plain(trial.outcome(one)))];
}"""


def page_of(result: Assessment, lang: str = "zh") -> str:
    return what_if_page(overview(result), result.points, result.terms, lang)


@pytest.fixture(scope="module")
def judged(sample_years, tmp_path_factory) -> Assessment:
    return judged_sample(sample_years[0], tmp_path_factory.mktemp("what_if"))


@pytest.fixture(scope="module")
def chrome():
    with browser() as opened:
        yield opened


@pytest.fixture
def show(chrome, tmp_path):
    """Opens a page from a folder; what should not happen (words on the console, requests that leave the folder) fails."""
    context, noise = chrome.new_context(viewport={"width": 1200, "height": 800}), []

    def opened(page: str, hash: str = ""):
        path = tmp_path / PAGE
        path.write_text(page, encoding="utf-8")
        shown = context.new_page()
        shown.on("console", lambda message: noise.append(message.text))
        shown.on("pageerror", lambda error: noise.append(str(error)))
        shown.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
        shown.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else noise.append(r.url))
        shown.goto(path.as_uri() + hash)
        return shown

    yield opened
    context.close()
    assert noise == []


@pytest.fixture(scope="module")
def arithmetic(chrome, judged):
    """The outcomes that the script of a page gives for data and changes."""
    opened = chrome.new_page()
    opened.set_content(page_of(judged).replace("Content-Security-Policy", "none"))
    yield lambda page, all: opened.evaluate(OUTCOMES, [data_of(page), [as_typed(one) for one in all]])
    opened.close()


def as_typed(changes: Changes) -> dict[str, dict[str, str]]:
    kinds = {"dimensions": changes.dimensions, "indicators": changes.indicators, "limits": changes.limits}
    return {kind: {name: str(float(number)) for name, number in moved.items()} for kind, moved in kinds.items()}


def in_steps(outcome: Outcome, teams: list[str]) -> list:
    """Totals, points by focal point, ranks, places of grades, as the script gives them."""
    rubric, scores = outcome.rubric, outcome.scores.loc[teams]
    place = {band.id: at for at, band in enumerate(rubric.grades.bands)}
    rows = outcome.points.teams.get_indexer(teams)
    points = outcome.points.by_dimension(rubric)[rows].T.tolist()
    totals = outcome.points.total()[rows].tolist()
    assert [round(total * outcome.points.per_point) for total in scores["total"]] == totals
    return [totals, points, scores["rank"].tolist(), [place[grade] for grade in scores["grade"]]]


def outcome_of(trial: Trial, changes: Changes) -> Outcome | str:
    try:
        return trial.outcome(changes)
    except UnusableInput as refused:
        return refused.faults[0].key.removeprefix("trial.")


def agree(arithmetic, result: Assessment, every: list[Changes]) -> list:
    """Every outcome of the script is that of the library. Returns the latter."""
    trial = Trial(result)
    expected = [outcome_of(trial, changes) for changes in every]
    teams, start, found = arithmetic(page_of(result), every)
    assert start == in_steps(trial.start, teams)
    for changes, wanted, given_back in zip(every, expected, found, strict=True):
        assert given_back == (wanted if isinstance(wanted, str) else in_steps(wanted, teams)), changes
    return expected


# ---- the same arithmetic ------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.slow
@in_browser
def test_two_hundred_random_changes_give_what_the_library_gives(arithmetic, judged) -> None:
    draw = random.Random(2016)
    points, indicators = [d.id for d in judged.rubric.dimensions], [i.id for i in judged.rubric.indicators()]
    lines = {"excellent": (8500, 9800), "good": (7000, 8499), "pass": (5000, 6999)}

    def moved(names: list[str], most: int, to: int) -> dict[str, F]:
        return {name: F(draw.randint(0, to), 100) for name in draw.sample(names, draw.randint(0, most))}

    every = [
        Changes(
            moved(points, 3, 6000),
            moved(indicators, 6, 800),
            {},
            {name: F(draw.randint(*lines[name]), 100) for name in draw.sample(list(lines), draw.randint(0, 3))},
        )
        for _ in range(CHANGES)
    ]
    expected = agree(arithmetic, judged, every)
    assert sum(not isinstance(outcome, str) for outcome in expected) > 190


@pytest.mark.browser
@pytest.mark.slow
@in_browser
def test_rules_of_every_kind_give_what_the_library_gives(arithmetic) -> None:
    """Random rubrics: every kind of score, variants, caps and floors, bonuses, quotas, ties, groups, other steps."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situation=situations(), data=st.data())
    def proof(situation, data) -> None:
        result = score(*situation)
        rubric, step = result.rubric, F(situation[0].rounding.step)
        number = st.integers(0, int(20 / step)).map(lambda count: count * step)
        moved = lambda names: st.dictionaries(st.sampled_from(names), number, max_size=2)
        lines = st.sampled_from([{}, {"a": F(9)}, {"a": F(20), "b": F(15, 2)}, {"b": F(13)}])
        drawn = st.builds(
            Changes,
            moved([each.id for each in rubric.dimensions]),
            moved([each.id for each in rubric.indicators()]),
            st.just({}),
            lines,
        )
        agree(arithmetic, result, data.draw(st.lists(drawn, min_size=4, max_size=4)))

    proof()


@pytest.mark.browser
@in_browser
def test_numbers_near_a_half_and_beyond_floats_are_decided_by_fractions(arithmetic) -> None:
    """Halves of odd hundredths: 5.35 ÷ 2 = 2.675, of which a float makes 2.67; and deductions of 7·10¹¹ points and a half step."""
    tree = base()
    tree["dimensions"][1]["groups"][0]["indicators"] = [
        indicator("d", 40, {"kind": "deduct", "per": 0.007, "floor": None, "partial": "pro_rata"}, unit="points_pp")
    ]
    values = {
        "A": {"a": 0.5, "b": 0.125, "c": 0.15, "d": 1},
        "B": {"a": 0.5, "b": 1 / 7, "c": 0.7, "d": 0.5},
        **{name: {"d": 1e14 + 5 + 10 * at} for at, name in enumerate("CDEFGH")},
    }
    result = score(Rubric.model_validate(tree), values)
    odd = [F(n, 100) for n in range(501, 601, 2)]
    every = [Changes(indicators={"a": weight, "b": 40 - weight}) for weight in odd]
    every += [Changes(dimensions={"money": weight}) for weight in odd[:10]]
    expected = agree(arithmetic, result, every)
    assert expected[17].rubric.indicator("a").weight == F("5.35")
    # B: 2.675→2.68; 34.65÷7 = 4.95; 20 × 0.7 = 14; 40 − 0.5 × 0.007 = 39.9965→40.00
    assert expected[17].scores.at["B", "total"] == 61.63


def test_terms_by_hand_and_what_people_set(tmp_path) -> None:
    tree = base()
    tree["dimensions"][1]["groups"][0]["indicators"] = [
        indicator("d", 40, {"kind": "deduct", "per": 3, "every": 2, "floor": 5}),
        indicator("e", 0, {"kind": "add", "per": 0.5, "cap": 1}),
    ]
    values = {"A": {"a": 0.3, "c": "not_applicable", "d": 5, "e": 4}, "B": {"a": 7, "b": 0.125, "c": 1, "d": 0}}
    review = ReviewSession(score(Rubric.model_validate(tree), values), Ledger(tmp_path / "l.sqlite"))
    review.judge("points", "B", "c", "张三", "材料补交属实", becomes=16)  # of 20
    review.judge("points", "A", "e", "张三", "材料补交属实", becomes="0.75")  # a bonus, which has no weight
    table = review.result.terms
    # 5 is two whole units of 2 beyond 0
    assert table.loc["A"].to_dict() == {"a": "0:3/10", "b": "", "c": "", "d": "0:1 1:-2", "e": "fixed:3/4"}
    assert table.loc["B"].to_dict() == {"a": "0:1", "b": "0:1/8", "c": "given:4/5", "d": "0:1", "e": ""}


# ---- the record carries it -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(judged, tmp_path_factory):
    folder = tmp_path_factory.mktemp("what_if_record")
    write_record(folder, (judged, None), current_program(), {})
    return read_record(folder)


def test_a_page_from_the_record_is_that_from_the_assessment(recorded, judged) -> None:
    now, _ = recorded.overviews()
    assert data_of(what_if_page(now, recorded.points, recorded.terms, "zh")) == data_of(page_of(judged))


@pytest.mark.parametrize("lang, link", [("zh", "试算"), ("en", "What-if")])
def test_the_list_of_a_published_year_leads_to_it(recorded, tmp_path, lang, link) -> None:
    Site(recorded, tmp_path, lang, "1-abc").write_lists(tmp_path, 1, lambda _: None)
    made = (tmp_path / PAGE).read_text("utf-8")
    assert f'<a href="{PAGE}">{link}</a>' in (tmp_path / "index.html").read_text("utf-8")
    assert 'href="index.html"' in made and made.count("<script>") == 1


def test_a_record_from_before_there_were_terms_goes_without(recorded, tmp_path) -> None:
    Site(replace(recorded, terms=None), tmp_path, "en", "1-abc").write_lists(tmp_path, 1, lambda _: None)
    assert not (tmp_path / PAGE).exists() and PAGE not in (tmp_path / "index.html").read_text("utf-8")
    assert f"record/{TERMS}" in _compared(recorded.folder, recorded.folder)
    home = shutil.copytree(recorded.folder, tmp_path / "earlier")
    (home / "record" / TERMS).unlink()
    assert read_record(home).terms is None
    assert f"record/{TERMS}" not in _compared(home, recorded.folder)  # an edition of then still verifies


# ---- what a reader sees --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Assessment:
    values = {"A": {"a": 0.5, "b": 1, "c": 0.5, "d": 0.25}, "B": {"a": 1, "b": 1, "c": 1, "d": 0.5}}
    tree = base()
    tree["dimensions"][0]["name"] = {"zh": "工作", "en": "work"}
    review = ReviewSession(
        score(Rubric.model_validate(tree), values), Ledger(tmp_path_factory.mktemp("small") / "l.sqlite")
    )
    review.judge("points", "A", "c", "张三", "材料补交属实", becomes=16)  # of 20
    return review.result


def cells(shown, table: str) -> list[list[str]]:
    return [
        [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
        for row in shown.locator(f"{table} tbody tr").all()
    ]


def address_of(shown) -> str:
    return shown.evaluate("location.href")


@pytest.mark.browser
@in_browser
def test_a_moved_weight_by_hand(show, small) -> None:
    shown = show(page_of(small))
    assert shown.inner_text("#told") == "0 支总分有变，0 支名次有变，0 支等次有变"
    assert "没有工作队变动" in shown.inner_text("#count") and not shown.locator("#teams-moved").is_visible()
    shown.fill("#d-work", "２０")  # 20 and 40 of 60 are brought to 33.33 and 66.67
    assert shown.inner_text("#sum") == "合计 60，按比例折算为 100"
    assert shown.inner_text("#d-work-told") == "折算为 33.33" and shown.inner_text("#d-money-told") == "折算为 66.67"
    # a 30→16.67 (largest remainder), b 10→5.55, c 20→11.11: A 8.34 + 5.55 + 11.11×0.8=8.89 + 66.67×0.25=16.67
    shown.click("details summary")
    assert [shown.inner_text(f"#i-{name}-told") for name in "abc"] == ["折算为 16.67", "折算为 5.55", "折算为 11.11"]
    assert cells(shown, "#teams-moved") == [
        ["B B · 甲县", "80.00 → 66.67 ▼ 13.33", "1", "Good"],
        ["A A · 甲县", "51.00 → 39.45 ▼ 11.55", "2", "Fail"],
    ]
    assert [a.get_attribute("href") for a in shown.locator("#teams-moved a").all()] == [
        "index.html#q=B",
        "index.html#q=A",
    ]
    assert shown.inner_text("#changed") == "工作：60 → 20（折算为 33.33）"
    shown.fill("#g-good", "39.45")  # reached by A to the last hundredth
    assert cells(shown, "#grades") == [
        ["Excellent", "0", "0", "–"],
        ["Good", "1", "2", "▲ 1"],
        ["Fail", "1", "0", "▼ 1"],
    ]
    assert cells(shown, "#teams-moved")[0] == ["A A · 甲县", "51.00 → 39.45 ▼ 11.55", "2", "Fail → Good"]
    shown.fill("#g-good", "39.46")
    assert shown.inner_text("#told") == "2 支总分有变，0 支名次有变，0 支等次有变"
    shown.click("button[type=reset]")
    assert shown.inner_text("#told").startswith("0 支总分有变") and shown.input_value("#d-work") == "60"
    assert address_of(shown).endswith("what_if.html#")


@pytest.mark.browser
@in_browser
def test_what_is_wrong_is_told_beside_its_number_and_nothing_is_worked_out_by_it(show, small) -> None:
    shown = show(page_of(small, "en"))
    shown.fill("#d-work", "50")
    before = cells(shown, "#teams-moved")
    many = "a number from 0 to 1000, at most 2 decimals"
    for field, text, words in (
        ("d-work", "6o", many),
        ("d-work", "", many),
        ("d-work", "-1", many),
        ("d-work", "1e3", many),
        ("d-work", "33.333", many),
        ("d-work", "1000.01", many),
        ("g-good", "90", "must be below the threshold of the better grade"),
        ("i-d", "0", "not all weights can be 0"),
    ):
        shown.fill("#d-work", "50")
        kept = shown.input_value(f"#{field}")
        if field == "i-d":
            shown.locator("details").nth(1).locator("summary").click()
        shown.fill(f"#{field}", text)
        assert shown.inner_text(f"#{field}-told") == words, text
        assert shown.get_attribute(f"#{field}", "aria-invalid") == "true"
        assert "stale" in shown.get_attribute("#found", "class") and shown.evaluate(
            "document.getElementById('found').inert"
        )
        assert shown.inner_text("#told").startswith("Correct “") and "A trial, not the result" in shown.inner_text(
            ".trial"
        )
        assert cells(shown, "#teams-moved") == before
        shown.fill(f"#{field}", kept)
        assert shown.get_attribute(f"#{field}", "aria-invalid") is None
    for name in ("work", "money"):
        shown.fill(f"#d-{name}", "0")
    assert shown.inner_text("#d-work-told") == shown.inner_text("#d-money-told") == "not all weights can be 0"


@pytest.mark.browser
@in_browser
def test_the_address_gives_the_same_view_and_spoilt_ones_do_no_harm(show, small) -> None:
    shown = show(page_of(small, "en"))
    shown.fill("#d-work", "20")
    shown.fill("#g-good", "39.45")
    shown.select_option("#list", "graded")
    shown.fill("#find", "a")
    address = address_of(shown)
    assert address.endswith("#g.good=39.45&d.work=20&list=graded&q=a")
    assert shown.evaluate("document.getElementById('address').href") == address
    seen = cells(shown, "#teams-moved")
    shown.reload()
    assert cells(shown, "#teams-moved") == seen == [["A A · 甲县", "51.00 → 39.45 ▼ 11.55", "2", "Fail → Good"]]
    shown.close()
    spoilt = "#%zz&d.work=%zz&d.nobody=5&i.a=<script>alert(1)</script>&list=none&=&q&g.good=39.45&constructor=1"
    shown = show(page_of(small, "en"), spoilt)
    told = shown.inner_text("#strange")
    assert all(part in told for part in ("%zz", "d.work=%zz", "d.nobody=5", "list=none", "constructor=1"))
    assert shown.input_value("#d-work") == "60" and shown.input_value("#g-good") == "39.45"
    assert shown.get_attribute("#i-a", "aria-invalid") == "true"  # it holds what the address says, and is told of
    assert cells(shown, "#grades")[1] == ["Good", "1", "1", "–"]  # what holds, until it is corrected
    shown.fill("#i-a", "30")
    assert cells(shown, "#grades")[1] == ["Good", "1", "2", "▲ 1"]


@pytest.mark.browser
@in_browser
def test_names_that_are_markup_stay_texts(show, small) -> None:
    seen = overview(small)
    seen.teams.loc["A", "name"] = "</template><script>alert(1)</script><img src=x onerror=alert(2)>"
    seen.teams.loc["A", "county"] = "<b>县</b>"
    made = what_if_page(seen, small.points, small.terms, "zh")
    assert made.count("<script>") == 1 and "<img" not in made
    shown = show(made, "#list=all")
    assert "<script>alert(1)</script><img src=x" in shown.inner_text("#teams-moved")
    assert shown.locator("#teams-moved b, #teams-moved img").count() == 0


@pytest.mark.browser
@in_browser
@pytest.mark.parametrize("lang, words", [("zh", "试算，不是正式结果"), ("en", "A trial, not the result")])
def test_every_screen_and_every_sheet_says_that_it_is_a_trial(show, judged, lang, words) -> None:
    import pypdfium2

    shown = show(page_of(judged, lang), "#d.fund_use=30&list=all")
    shown.evaluate("scrollTo(0, document.body.scrollHeight)")
    banner = shown.locator(".trial").bounding_box()
    assert 0 <= banner["y"] < 20 and words in shown.inner_text(".trial")
    with pypdfium2.PdfDocument(shown.pdf(scale=1.6, print_background=True)) as document:
        sheets = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    plain = words.replace(" ", "")
    assert len(sheets) > 2 and all(plain in "".join(sheet.split()) for sheet in sheets)
    assert ("恢复正式细则" if lang == "zh" else "Back to the rules") not in "".join(sheets)


@pytest.mark.browser
@in_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_for_everybody_and_fits(chrome, judged, tmp_path, width) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / PAGE
    path.write_text(page_of(judged), encoding="utf-8")
    context = chrome.new_context(viewport={"width": width, "height": 800})
    shown = context.new_page()
    context.new_cdp_session(shown).send("Page.setBypassCSP", {"enabled": True})
    shown.goto(path.as_uri() + "#d.fund_use=30&i.attendance_days=9")
    shown.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for text in ("30", "x"):
        shown.fill("#d-fund_use", text)
        grave = [
            (fault["id"], fault["nodes"][0]["html"][:160])
            for fault in Axe().run(shown).response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert grave == []
        assert shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    shown.fill("#d-fund_use", "30")
    shown.focus("#d-fund_use")
    shown.keyboard.press("ArrowUp")
    assert shown.input_value("#d-fund_use") == "30.5" and "d.fund_use=30.5" in address_of(shown)
    context.close()


@pytest.mark.browser
@in_browser
def test_a_line_within_reach_does_not_make_places(show) -> None:
    """Of four teams half may be excellent; those whose total is equal at the edge are out together."""
    tree = base()
    tree["grades"]["bands"][0]["quota"] = 0.5
    tree["veto"] = [
        {
            "id": "v",
            "name": {"zh": "否", "en": "v"},
            "basis": "proposal",
            "limit": "good",
            "when": {"indicator": {"id": "b", "op": "<", "value": 1}},
        }
    ]
    of = {"A": (1, 1, 1), "B": (0.9, 1, 1), "C": (0.9, 1, 1), "D": (0.8, 0.5, 1)}
    values = {team: {"a": a, "b": b, "c": 1, "d": d} for team, (a, b, d) in of.items()}
    shown = show(page_of(score(Rubric.model_validate(tree), values), "en"), "#list=all")
    # 100, 97, 97, 89: three reach 90, two have places, and B and C fall together
    assert [row[1] for row in cells(shown, "#grades")] == ["1", "3", "0"]
    assert shown.inner_text("#below").endswith("in force 2, in the trial 2.")
    shown.fill("#g-excellent", "89")  # which D reaches too, and its veto keeps from it
    assert [row[2] for row in cells(shown, "#grades")] == ["1", "3", "0"]
    assert shown.inner_text("#below").endswith("in force 2, in the trial 3.")
    shown.fill("#g-excellent", "97.01")
    assert [row[2] for row in cells(shown, "#grades")] == ["1", "3", "0"]
    assert shown.inner_text("#below").endswith("in force 2, in the trial 0.")
    shown.locator("details").first.locator("summary").click()
    shown.fill("#i-a", "0")  # b 20, c 40: A, B and C have 100, and all three are one too many
    assert [row[2] for row in cells(shown, "#grades")] == ["0", "4", "0"]
    assert [row[2] for row in cells(shown, "#teams-moved")] == ["1", "2 → 1", "2 → 1", "4"]


# ---- a kind of score that has no formula ------------------------------------------------------------------


@pytest.fixture
def stuck(monkeypatch) -> Assessment:
    """The indicator d has a kind of score that gives points, but no formula."""
    monkeypatch.setattr(Rank, "formula", lambda self: None)
    tree = base()
    tree["dimensions"][1]["groups"][0]["indicators"] = [indicator("d", 40, {"kind": "rank", "per_place": 11})]
    values = {"A": {"a": 0.5, "b": 1, "c": 0.5, "d": 1}, "B": {"a": 1, "b": "not_applicable", "c": 1, "d": 2}}
    return score(Rubric.model_validate(tree), values)


@pytest.mark.browser
@in_browser
def test_what_cannot_be_worked_out_anew_is_not_moved_and_says_why(show, stuck, arithmetic) -> None:
    shown = show(page_of(stuck, "en"), "#i.d=20")
    assert "i.d=20" in shown.inner_text("#strange")
    still = [field.get_attribute("id") for field in shown.locator("input:disabled").all()]
    assert still == ["d-work", "d-money", "i-d"]
    shown.locator("details").nth(1).locator("summary").click()
    assert "its rule cannot be worked out anew" in shown.inner_text("#i-d-told")
    shown.locator("details").first.locator("summary").click()
    shown.fill("#i-a", "20")  # of 50 in all: a 24, b 12, c 24; of B's, b's 12 go to a
    # A: 12 + 12 + 12 + 29; B: 36 + 24 + 40. Before: 15 + 10 + 10 + 29 = 64, 100
    assert [row[1] for row in cells(shown, "#teams-moved")] == ["64.00 → 65.00 ▲ 1.00"]
    for name in "abc":
        shown.fill(f"#i-{name}", "1" if name == "b" else "0")  # b alone does not apply to B, whose 60 would go to d
    assert "whose rule cannot be worked out anew" in shown.inner_text("#i-a-told")
    _, _, outcomes = arithmetic(page_of(stuck), [Changes(dimensions={"money": F(30)})])
    assert outcomes == ["fixed"]
