"""The words of the interface: complete, used, with plural forms, and open to another language."""

from __future__ import annotations

import json
import re
import shutil
import string
from functools import reduce
from operator import getitem

import openpyxl
import pytest
import yaml
from bad_input.files import put
from ruamel.yaml import YAML
from support.situations import ROOT, SAMPLE
from support.word_keys import NamedKeys, read_keys

from assess_lib import words
from assess_lib.faults import Fault, UnusableInput
from assess_lib.pages.blocks import detail
from assess_lib.pages.documents.check_page import check_page, write_book
from assess_lib.pages.site.index import index_page
from assess_lib.pages.template_page import render_page
from assess_lib.rules.fields import Text
from assess_lib.scorecard.overview import overview
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import YearSummary
from assess_lib.tables.checks.report import Report
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.quarantine import keep_aside
from assess_lib.tables.schemas import label
from assess_lib.tables.template import FILLED, write_template
from assess_lib.words import Catalogue, catalogue, join_clauses, join_list, join_sentences, plural_form, translate

SOURCE = ROOT / "src" / "assess_lib"
FILES = sorted((SOURCE / "words").glob("*.yaml"))
COMPLETE = ("zh", "en")
NOTHING_IN_CHINESE = "pages.between_sentences"
FRENCH = {
    "faults.head": "{count} {count:faute trouvée|fautes trouvées} :",
    "faults.line": "{where}{found} : {wrong}. Attendu : {right}.",
    "faults.found": ", valeur « {value} »",
    "faults.row": "ligne {row}",
    "faults.tables.missing_table.wrong": "il manque la table {table}",
    "pages.comma": " ; ",
    "pages.page.back": "Retour",
    "diff.title": "Différences entre deux résultats",
    "diff.nobody": "Aucune équipe n'a changé de points ni de mention.",
    "diff.files": "{count} {count:fichier modifié|fichiers modifiés}",
}


def blanks(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_entry_is_there_in_chinese_and_english_with_the_same_blanks() -> None:
    for key in catalogue():
        texts = catalogue()[key]
        assert all(lang in texts for lang in COMPLETE), key
        assert all(texts.values()) or key == NOTHING_IN_CHINESE, key
        assert len({frozenset(blanks(text)) for text in texts.values()}) == 1, key


def test_plural_forms_are_written_out_and_not_left_to_the_reader() -> None:
    for key in catalogue():
        assert "(s)" not in catalogue()[key]["en"], key
        assert "|" not in catalogue()[key]["zh"], key
        for forms in re.findall(r"\{\w+:([^}]*\|[^}]*)\}", catalogue()[key]["en"]):
            assert forms.count("|") == 1, key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_stands_twice_in_a_file(path) -> None:
    assert YAML(typ="safe").load(path.read_text(encoding="utf-8"))


# ---- every key that is named exists, every entry is named ------------------------------------------------------------


def test_every_word_that_is_asked_for_exists() -> None:
    assert sorted(read_keys(SOURCE).asked - set(catalogue())) == []


def test_every_word_is_used() -> None:
    named = read_keys(SOURCE)
    assert [key for key in catalogue() if key not in named] == []


@pytest.mark.parametrize(
    "module, template, key, named",
    [
        ('translate("a.rank", lang)', "", "a.rank", True),
        ('translate("a.rank", lang)', "", "b.rank", False),
        ('x = translate("a.b", lang) if y else "rank"', "", "a.rank", False),
        ('KEY = "a.rank"', "", "a.rank", True),
        ('translate(f"a.state.{s}", lang)\nS = ("open",)', "", "a.state.open", True),
        ('translate(f"a.state.{s}", lang)\nS = ("open",)', "", "a.state.shut", False),
        ('translate(f"a.state.{s}", lang)\nS = ("open",)', "", "a.other.open", False),
        ('word = lambda key: translate(f"a.{key}", lang)\nword("rank")', "", "a.rank", True),
        ('word = lambda key: translate(f"a.{key}", lang)\nword("rank")\nX = "total"', "", "a.total", False),
        ('word = lambda key: translate(f"a.{key}", lang)\nword(f"of.{x}")\nX = "y"', "", "a.of.y", True),
        ('Fault("tables.low")\nf"faults.{key}.wrong"', "", "faults.tables.low.wrong", True),
        ('Fault("tables.low")\nf"faults.{key}.wrong"', "", "faults.tables.high.wrong", False),
        ("", "{{ t('rank') }}", "pages.rank", True),
        ("", "{{ t('rank') }}", "site.rank", False),
        ("", "{{ s('one' if x else 'two') }}", "site.two", True),
        ('X = "county"', "{{ s('by.' ~ x) }}", "site.by.county", True),
        ('X = "county"', "{{ s('by.' ~ x) }}", "site.by.unit", False),
    ],
)
def test_what_counts_as_naming_a_key(module, template, key, named) -> None:
    assert (key in NamedKeys([module], [template])) is named


# ---- plural forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, values, text",
    [
        ("faults.head", {"count": 1}, "1 fault found:"),
        ("faults.head", {"count": 2}, "2 faults found:"),
        ("faults.head", {"count": 0}, "0 faults found:"),
        ("pages.unit.days", {"number": "1"}, "1 day"),
        ("pages.unit.days", {"number": "1.0"}, "1.0 days"),
        ("pages.unit.days", {"number": "+1"}, "+1 day"),
        ("pages.unit.days", {"number": "1,001"}, "1,001 days"),
        ("pages.unit.days", {"number": "–"}, "– days"),
        ("pages.unit.days", {"number": float("nan")}, "nan days"),
        (
            "pages.summary.about",
            {"teams": 1, "units": 2, "counties": 1},
            "1 team · 2 dispatching units · 1 county",
        ),
    ],
)
def test_a_count_has_the_form_that_it_asks_for(key, values, text) -> None:
    assert translate(key, "en", **values) == text


@pytest.mark.parametrize(
    "lang, forms, shown",
    [
        ("zh", ["行"], {0: "行", 1: "行", 2: "行"}),
        ("fr", ["ligne", "lignes"], {0: "ligne", 1: "ligne", 2: "lignes", "1.5": "ligne", 1_000_000: "lignes"}),
        ("pl", ["wiersz", "wiersze", "wierszy"], {1: "wiersz", 3: "wiersze", 5: "wierszy", 22: "wiersze"}),
    ],
)
def test_forms_stand_in_the_order_of_the_categories_of_the_language(lang, forms, shown) -> None:
    assert {number: plural_form(number, forms, lang) for number in shown} == shown


# ---- joining ---------------------------------------------------------------------------------------------------------


def test_sentences_lists_and_clauses_are_joined_as_the_language_does() -> None:
    assert join_sentences(["甲。", "", "乙。"], "zh") == "甲。乙。"
    assert join_sentences(["One.", "", "Two."], "en") == "One. Two."
    assert (join_list("甲乙", "zh"), join_list("ab", "en")) == ("甲、乙", "a, b")
    assert (join_clauses("甲乙", "zh"), join_clauses("ab", "en")) == ("甲；乙", "a; b")


# ---- another language ------------------------------------------------------------------------------------------------


@pytest.fixture
def french(tmp_path, monkeypatch) -> Catalogue:
    """The catalogue with French added to ten entries and to the list of languages."""
    folder = shutil.copytree(SOURCE / "words", tmp_path / "words")
    for path in folder.glob("*.yaml"):
        tree = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
        if path.stem == "languages":
            tree["fr"] = {"tag": "fr", "fallback": "en", "name": "Français"}
        for key in (key for key in FRENCH if key.startswith(f"{path.stem}.")):
            reduce(getitem, key.split(".")[1:], tree)["fr"] = FRENCH[key]
        path.write_text(json.dumps(tree), encoding="utf-8")  # JSON is YAML
    made = Catalogue(folder)
    monkeypatch.setattr(words, "catalogue", lambda: made)
    return made


def test_a_new_language_is_added_key_by_key(french) -> None:
    assert tuple(french.languages) == ("zh", "en", "fr") and len(FRENCH) == 10
    faults = [
        Fault("tables.missing_table", "2016", details={"table": {"zh": "工作队", "en": "teams"}}),
        Fault("tables.high", "villages.csv", value="120", details={"high": 100}),
    ]
    assert UnusableInput(faults).text("fr").splitlines() == [
        "2 fautes trouvées :",
        "  2016 : il manque la table teams. Attendu : a sheet named teams, or a CSV or Parquet file of that name.",
        "  villages.csv, valeur « 120 » : above 100. Attendu : 100 or less.",
    ]
    assert UnusableInput(faults[:1]).text("fr").startswith("1 faute trouvée :")
    assert translate("faults.head", "en", count=1) == "1 fault found:"
    assert join_list("ab", "fr") == "a ; b" and join_sentences(["Un.", "Deux."], "fr") == "Un. Deux."


def test_a_page_is_partly_in_the_new_language(french) -> None:
    page = render_page(
        "changes.html.j2",
        "fr",
        ["index.css"],
        back="index.html",
        note="",
        roots=[],
        files=["teams.csv", "units.csv"],
        teams=[],
        title=translate("diff.title", "fr"),
        places=[],
        more=0,
        count=0,
        lists=[],
    )
    assert '<html lang="fr"' in page and ">Retour<" in page and "2 fichiers modifiés" in page
    assert "Aucune équipe" in page and "Where the changes come from" in page


def test_files_for_counties_and_what_objects_show_fall_back(french, sample_years, tmp_path) -> None:
    now, before = sample_years
    roster = {name: now.data.tables[name] for name in FILLED}
    template = openpyxl.load_workbook(write_template(tmp_path / "template.xlsx", 2016, roster, "云汐县", "fr"))
    assert {"work teams", "villages"} < set(template.sheetnames)
    spoilt = shutil.copytree(SAMPLE / "2016", tmp_path / "2016").parent
    put(spoilt / "2016", "fund_flows", 1, "amount_yuan", "about 3000")
    checked = check_year(spoilt, 2016)
    kept = openpyxl.load_workbook(keep_aside(spoilt, 2016, checked, "fr"))
    assert kept.sheetnames == ["fund flows"] and "amount" in [cell.value for cell in kept.worksheets[0][1]]
    report = Report(str(spoilt), 2016, checked.faults, True)
    assert "fund flows" in check_page(report, "fr")
    assert openpyxl.load_workbook(write_book(tmp_path / "check.xlsx", report, "fr")).sheetnames
    card = Scorecard(now, before, now.scores.index[0], "fr")
    shown = [now.data, now.rubric, now]
    assert all("<table" in each._repr_html_("fr") for each in shown) and "<table" in card._repr_html_()
    for line in card.lines:
        assert "<h" not in line.name and detail(card, line, "", "").html
    assert YearSummary(now, before, "fr").ranking and index_page(overview(now), overview(before), "fr", [])


def test_a_rubric_falls_back_as_its_language_says(french) -> None:
    text = Text(zh="工作队", en="team")
    assert (text["zh"], text["en"], text["fr"]) == ("工作队", "team", "team")
    french.languages["fr"]["fallback"] = "zh"
    assert text["fr"] == "工作队" and label("teams", "fr") == "工作队"


@pytest.mark.parametrize(
    "entry, wrong",
    [
        ("a: {zh: 甲, en: one, two}", "m.a: neither an entry nor a section"),
        ("a: {zh: 甲, de: eins}", "m.a: neither an entry nor a section"),
        ("a: {zh: 甲, en: {b: c}}", "m.a: neither an entry nor a section"),
    ],
)
def test_a_malformed_entry_is_named(entry, wrong, tmp_path) -> None:
    shutil.copy(SOURCE / "words" / "languages.yaml", tmp_path)
    (tmp_path / "m.yaml").write_text(entry + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=wrong):
        list(Catalogue(tmp_path))


def test_an_unknown_key_or_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        translate("pages.no_such_key", "en")
    with pytest.raises(KeyError):
        translate("pages.yes", "de")


def test_an_entry_without_chinese_falls_back_to_english(tmp_path) -> None:
    shutil.copy(SOURCE / "words" / "languages.yaml", tmp_path)
    (tmp_path / "m.yaml").write_text('a: {en: "{n} {n:row|rows}"}\nb: {zh: 乙}\n', encoding="utf-8")
    made = Catalogue(tmp_path)
    assert made.translate("m.a", "zh", {"n": 1}) == "1 row" and made.translate("m.b", "en", {}) == "乙"


# What a Chinese message about data may have in Latin letters: kinds of files, programs, commands, files of parameters.
MAY_STAND = "csv xlsx xls xlsb ods et utf excel wps windows assess template yaml parquet nul xml gbk mb gb yuan true false km".split()
OF_PARAMETERS = ("tables.bounds", "tables.names", "checks.no_audits")


@pytest.mark.parametrize("section", ["tables", "reading", "checks", "template"])
def test_chinese_messages_about_data_have_no_words_of_the_program(section) -> None:
    found = {}
    for key in catalogue():
        if key.startswith(f"faults.{section}.") and not key.removeprefix("faults.").startswith(OF_PARAMETERS):
            words = re.findall(
                "[A-Za-z_]{3,}", re.sub(r"\{[^{}]*\}|--\w+|parameters/\w+", "", catalogue()[key].get("zh", ""))
            )
            if odd := [word for word in words if word.lower() not in MAY_STAND]:
                found[key] = odd
    assert not found
