"""Replies travel as forms: out with what was computed, back into the ledger, each whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.review.acts import open_review
from assess_lib.sample.dataset import write_sample

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("replies")]
TEAM, OTHER = "T0001", "T0002"


@pytest.fixture(scope="module")
def forms(tmp_path_factory) -> Path:
    """A data folder of which two teams may reply, and their forms."""
    home = tmp_path_factory.mktemp("replies")
    write_sample(home / "data", 3, 5, [2016])
    review = open_review(home / "data", 2016)
    review.move_to_stage([TEAM, OTHER], "reply", "张三", on="2017-01-10")
    done = command(
        "reply", "form", home / "data", "--year", 2016, "--teams", f"{TEAM},{OTHER}", "--out", home / "forms"
    )
    assert done.exit_code == 0 and "2 份" in done.output
    return home


@pytest.fixture
def place(forms, tmp_path) -> Path:
    shutil.copytree(forms, tmp_path / "p")
    return tmp_path / "p"


def command(*given):
    return CliRunner().invoke(main, [str(word) for word in given])


def filled(path: Path, objections: dict[str, tuple[str, str]], by: str = "省甲厅", **cells) -> Path:
    """The form with words typed into it."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet["B6"] = by
    for row in sheet.iter_rows(min_row=9):
        if row[0].value in objections:
            row[6].value, row[7].value = objections[row[0].value]
            row[6].data_type = "s"  # words, also those that begin like a formula
    for cell, value in cells.items():
        sheet[cell] = value
    book.save(path)
    return path


def test_a_form_shows_what_was_computed_and_takes_only_what_is_asked(forms) -> None:
    sheet = openpyxl.load_workbook(forms / "forms" / f"{TEAM}.xlsx").active
    card = open_review(forms / "data", 2016).result.points_of(TEAM)
    assert sheet["B3"].value == TEAM and sheet["B4"].value == "2016" and "2017-01-24" in sheet["A2"].value
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=9)}
    assert rows["income_ratio"][4].value == f"{card.at['income_ratio', 'points']:.2f}"
    assert sheet.protection.sheet
    unlocked = {cell.column_letter for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {"B", "G", "H"}


def test_objections_come_back_once_with_words_document_and_form(place) -> None:
    words = '=HYPERLINK("http://x") 附件另寄 <b>'
    form = filled(place / "forms" / f"{TEAM}.xlsx", {"diary": (words, "附件1"), "safe_water": ("另有水井一口", None)})
    done = command("reply", "import", place / "data", form, "--year", 2016)
    assert done.exit_code == 0 and "登记异议 2 条" in done.output
    review = open_review(place / "data", 2016)
    found = {d.record.entry.indicator: d.record.entry for d in review.review_state.disputes}
    assert found["diary"].words == words and found["diary"].document == "附件1" and found["diary"].by == "省甲厅"
    assert found["diary"].form.startswith(f"{TEAM}-2016-") and review.review_state.state(TEAM) == "disputed"
    again = command("reply", "import", place / "data", form, "--year", 2016)
    assert again.exit_code == 0 and "2 条此前已登记" in again.output
    assert len(open_review(place / "data", 2016).review_state.disputes) == 2


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        ({"B6": ""}, "申辩人"),
        ({"B3": "T9999"}, "T9999"),
        ({"B4": "2015"}, "另一年度"),
        ({"A9": "no_such"}, "no_such"),
        ({"A8": "别的"}, "表头"),
        ({"G9": None, "H9": "附件"}, "H9"),
        ({"G9": "长" * 2001}, "太长"),
        ({"G9": None}, "没有任何异议"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_whole_and_others_go_in(place, spoil, expected) -> None:
    bad = filled(place / "forms" / f"{TEAM}.xlsx", {}, G9="有异议，请复核")
    bad = filled(bad, {}, **spoil) if "B6" not in spoil else filled(bad, {}, by="")
    good = filled(place / "forms" / f"{OTHER}.xlsx", {"diary": ("日记已补交", "")})
    done = command("reply", "import", place / "data", bad, good, "--year", 2016)
    assert done.exit_code == 1 and expected in done.output and bad.name in done.output
    teams = [d.record.entry.team for d in open_review(place / "data", 2016).review_state.disputes]
    assert teams == [OTHER]


def test_files_that_are_no_forms_and_teams_that_may_not_reply(place) -> None:
    text = place / "x.xlsx"
    text.write_text("no workbook")
    done = command("reply", "import", place / "data", text, place / "missing.xlsx", "--year", 2016)
    assert done.exit_code == 2 and "missing.xlsx" in done.output and "Traceback" not in done.output
    command("reply", "form", place / "data", "--year", 2016, "--teams", "T0003", "--out", place / "forms")
    early = filled(place / "forms" / "T0003.xlsx", {"diary": ("日记已补交", "")})
    done = command("reply", "import", place / "data", early, "--year", 2016)
    assert done.exit_code == 2 and "初评" in done.output
    assert (
        command("reply", "form", place / "data", "--year", 2016, "--teams", "T9", "--out", place / "f").exit_code == 2
    )
