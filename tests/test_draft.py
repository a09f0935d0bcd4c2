"""A year published before all teams are final: only as a draft, which says so on every page; once final, as no draft."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from docx import Document
from fontTools.ttLib import TTFont
from support.published import TEAMS, copy_of

from assess_lib.cli import main
from assess_lib.pages.draft import draft_mark
from assess_lib.review.acts import open_review
from assess_lib.runs.batch import run_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]
WORD, EDITION = "征求意见稿", "2016-edition-1"


@pytest.fixture
def mine(published_place, tmp_path):
    return copy_of(published_place, tmp_path)


def command(*given):
    return CliRunner().invoke(main, [str(word) for word in given])


def moved(place, teams, *stages) -> None:
    """Move teams through stages, and run again."""
    for stage in stages:
        open_review(place.data, 2016).move_to_stage(list(teams), stage, "赵主任", on="2017-01-10", reason="审核完毕")
    assert not run_year(place.data, 2016, place.run, jobs=1).failed


def test_a_year_that_is_not_final_is_refused_in_words_and_nothing_is_written(mine) -> None:
    out = mine.out.parent / "new"
    for lang, told in (
        ("zh", ("还没有全部定稿", f"初评 {TEAMS} 支", "转到定稿", "--draft")),
        ("en", ("first assessment 6", "--draft")),
    ):
        done = command("publish", mine.run, "--out", out, "--no-pdf", "--lang", lang)
        assert done.exit_code == 2 and all(words in done.output for words in told), done.output
        assert not out.exists()
    again = command("publish", mine.run, "--out", mine.out, "--no-pdf")
    assert again.exit_code == 2 and [path.name for path in mine.out.iterdir() if path.is_dir()] == [EDITION]
    alone = command("publish", mine.data, "--out", out)
    assert alone.exit_code == 2 and "定稿" not in alone.output, "what is no run is told as such"


def test_every_page_of_a_draft_bears_the_word_with_the_characters_for_it(published_place) -> None:
    pages = sorted(published_place.first.folder.rglob("*.html"))
    assert len(pages) > TEAMS + 6
    for path in pages:
        page = path.read_text("utf-8")
        body = page[page.index("<body>") :]
        assert body.startswith(f'<body>\n<p class="draft-note" role="note"><b>{WORD}</b> 初评阶段'), path.name
        assert f'<div class="draft-paper" aria-hidden="true"><span>{WORD}</span></div>' in body
        font = TTFont(io.BytesIO(base64.b64decode(re.search(r"data:font/otf;base64,([^)]+)", page)[1])))
        assert {*map(ord, WORD)} <= set(font.getBestCmap()), path.name


def test_documents_of_a_draft_bear_the_word_on_each_sheet(published_place) -> None:
    folder = published_place.first.folder
    document = Document(str(folder / "circular.docx"))
    assert document.paragraphs[2].text.startswith(WORD), "below number and title"
    assert document.sections[0].header.paragraphs[0].text.startswith(WORD)
    book = openpyxl.load_workbook(folder / "results.xlsx")
    assert book.worksheets[0]["A1"].value.startswith(WORD) and book.worksheets[0].freeze_panes == "D3"
    assert book.worksheets[0].auto_filter.ref.startswith("A2:") and book.worksheets[1]["A1"].value == "编号"
    assert len(book.worksheets) > 3 and all(WORD in sheet.oddHeader.center.text for sheet in book)
    if not (folder / "pdf").exists():
        pytest.skip("no Pango here")
    import pypdfium2

    for path in sorted((folder / "pdf").glob("*.pdf"))[:2]:
        with pypdfium2.PdfDocument(path) as read:
            told = [read[number].get_textpage().get_text_bounded() for number in range(len(read))]
        assert len(told) > 2 and all(WORD in text for text in told)


def test_a_draft_is_told_by_its_manifest_and_by_verify(published_place) -> None:
    folder = published_place.first.folder
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["draft"] is True
    for place in (folder, published_place.first.archive):
        told = command("verify", place)
        assert told.exit_code == 0 and "这一版是征求意见稿" in told.output
    assert "It is a draft" in command("verify", folder, "--lang", "en").output


def test_the_stage_of_a_draft_is_the_earliest_of_its_teams(mine) -> None:
    teams = pd.read_csv(mine.run / "scores.csv")["team_id"]
    moved(mine, teams, "reply")
    moved(mine, teams[:2], "audit", "final")
    done = command("publish", mine.run, "--out", mine.out, "--no-pdf")
    assert done.exit_code == 2 and f"申辩 {TEAMS - 2} 支、定稿 2 支" in done.output
    done = command("publish", mine.run, "--out", mine.out, "--no-pdf", "--draft", "--jobs", 1)
    assert done.exit_code == 0 and "这一版是征求意见稿" in done.output, done.output
    page = (mine.out / "2016-edition-2" / "index.html").read_text("utf-8")
    assert draft_mark("reply", "zh").sentence in page and "申辩阶段" in page
    assert WORD in (mine.out / "2016-edition-2" / "changes.html").read_text("utf-8")


def test_a_final_year_follows_the_draft_and_has_no_word_of_it(mine) -> None:
    teams = pd.read_csv(mine.run / "scores.csv")["team_id"]
    moved(mine, teams, "reply", "audit", "final")
    out = mine.out.parent / "new"
    done = command("publish", mine.run, "--out", out, "--no-pdf", "--draft")
    assert done.exit_code == 2 and "去掉 --draft" in done.output and not out.exists()
    done = command("publish", mine.run, "--out", mine.out, "--no-pdf", "--data", mine.data, "--jobs", 1)
    assert done.exit_code == 0 and "第 2 版" in done.output, done.output
    folder = mine.out / "2016-edition-2"
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["draft"] is False
    for path in folder.rglob("*.html"):
        assert WORD not in path.read_text("utf-8") and "draft-" not in path.read_text("utf-8"), path.name
    for name in ("circular.docx", "results.xlsx"):
        with zipfile.ZipFile(folder / name) as packed:
            assert not any(WORD.encode() in packed.read(part) for part in packed.namelist()), name
    told = command("verify", mine.out).output
    assert told.count("这一版是征求意见稿") == 1, "the first edition alone"
    page = openpyxl.load_workbook(folder / "results.xlsx").worksheets[0]
    assert page["A1"].value == "名次" and page.print_title_rows == "$1:$1"


def test_an_edition_that_is_there_unmarked_is_not_the_draft_that_is_asked_for(mine) -> None:
    """Before drafts were marked, a year in its first stage could be published as any other."""
    manifest = mine.out / EDITION / "manifest.json"
    text = manifest.read_text("utf-8").replace(' "draft": true,\n', "")
    manifest.write_text(text, "utf-8")
    import hashlib

    (mine.out / EDITION / "manifest.sha256").write_text(
        f"{hashlib.sha256(text.encode()).hexdigest()}  manifest.json\n", "utf-8"
    )
    told = command("verify", mine.out / EDITION)
    assert told.exit_code == 0 and "征求意见稿" not in told.output, "nobody called it a draft when it went out"
    done = command("publish", mine.run, "--out", mine.out, "--no-pdf", "--draft", "--jobs", 1)
    assert done.exit_code == 0 and "第 2 版" in done.output and (mine.out / "2016-edition-2").is_dir()


def test_a_record_without_stages_is_a_flaw_in_words(mine) -> None:
    teams = mine.out / EDITION / "record" / "teams.csv"
    pd.read_csv(teams, dtype=str).drop(columns="stage").to_csv(teams, index=False)
    told = command("verify", mine.out / EDITION)
    assert told.exit_code == 1 and "teams.csv" in told.output and "Traceback" not in told.output
