"""One word for one thing: what people read is held against the words that docs/glossary.md sets aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from support.situations import ROOT

from assess_lib.indicators.registry import registered
from assess_lib.pages import blocks
from assess_lib.pages.site.index import index_page
from assess_lib.scorecard.overview import overview
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import YearSummary
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.words import catalogue

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
GUIDES = (ROOT / "docs" / "guide.zh.md", ROOT / "README.zh.md")
QUOTED = ("clause", "source")  # of a rubric: the words of the regulation
Texts = Iterator[tuple[str, str]]


def rows_of(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of the glossary, without its head."""
    section = GLOSSARY.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


@cache
def set_aside(lang: str) -> dict[str, str]:
    """The words that are not used in a language, each with the term that stands for them."""
    at, own, separator = (3, 0, "、") if lang == "zh" else (4, 1, ", ")
    return {word: row[own] for row in rows_of("Terms") for word in filter(None, row[at].split(separator))}


@cache
def exceptions(lang: str) -> tuple[str, ...]:
    """What a word that is not used may be a part of: the exceptions, and terms such as 平均值, in which 均值 stands."""
    terms = [term for row in rows_of("Terms") for term in row[0].split("、")] if lang == "zh" else []
    return (*(row[0] for row in rows_of("Exceptions")), *(t for t in terms if any(w in t for w in set_aside(lang))))


def misused(text: str, lang: str) -> list[str]:
    """The words of a text that the glossary sets aside, each with what stands for it."""
    text = re.sub(r"\{\w+\}", " ", text)  # blanks to be filled in
    for phrase in exceptions(lang):
        text = text.replace(phrase, " ")
    found = (
        (lambda word: word in text)
        if lang == "zh"
        else (lambda word: re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE))
    )
    return [f"{word} → {term}" for word, term in set_aside(lang).items() if found(word)]


def of_catalogue(lang: str) -> Texts:
    for key in catalogue():
        if lang in catalogue()[key]:
            yield key, catalogue()[key][lang]


def of_rubrics(lang: str) -> Texts:
    for path in sorted((ROOT / "parameters" / "rubrics").glob("*.yaml")):
        yield from _texts(YAML(typ="safe").load(path.read_text(encoding="utf-8")), lang, path.name)


def _texts(node: object, lang: str, place: str) -> Texts:
    if isinstance(node, dict):
        for name, child in node.items():
            if name == lang and isinstance(child, str):
                yield place, child
            elif name not in QUOTED:
                yield from _texts(child, lang, f"{place} {name}")
    elif isinstance(node, list):
        for at, child in enumerate(node):
            yield from _texts(child, lang, f"{place} {at}")


def of_tables(lang: str) -> Texts:
    for table, schema in SCHEMAS.items():
        yield table, label(table, lang)
        for name, column in schema.columns.items():
            yield f"{table}.{name}", str((column.metadata or {}).get(lang, ""))
    for name, one in registered().items():
        yield name, " ".join(one.of[lang])


def of_guides(lang: str) -> Texts:
    if lang == "zh":
        for path in GUIDES:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.name}:{number}", line


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("texts", [of_catalogue, of_rubrics, of_tables, of_guides], ids=lambda one: one.__name__)
def test_no_word_stands_for_a_thing_that_has_another(texts, lang) -> None:
    assert {place: found for place, text in texts(lang) if (found := misused(text, lang))} == {}


def test_what_is_held_against_the_glossary_is_there() -> None:
    """Counts of texts, so that a reader of the wrong place does not pass for want of anything to read."""
    assert len(list(of_catalogue("zh"))) > 1000 and len(list(of_rubrics("zh"))) > 80
    assert len([text for _, text in of_tables("zh") if text]) > 150 and len(list(of_guides("zh"))) > 200


def test_a_word_that_is_set_aside_is_found_and_an_exception_is_not() -> None:
    assert misused("须整改：佐证缺口", "zh") == ["佐证缺口 → 缺佐证", "须整改 → 整改要求"]
    assert misused("没有符合条件的工作队，离分数线还差 2 分。", "zh") == []
    assert misused("How to appeal; Ranking", "en") == ["ranking → rank", "appeal → reply"]
    assert misused("appealing", "en") == [], "whole words"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_glossary_agrees_with_itself(lang) -> None:
    """Every term has both languages and a meaning; none is a word that is not used; every exception has a reason and excepts."""
    for term, english, meaning, *_ in rows_of("Terms"):
        assert term and english and meaning, term
    terms = "\n".join(row[0 if lang == "zh" else 1] for row in rows_of("Terms"))
    assert misused(terms, lang) == []
    for phrase, why in rows_of("Exceptions"):
        assert why and any(word in phrase for word in (*set_aside("zh"), *set_aside("en"))), phrase


def test_the_glossary_is_linked_from_where_people_look() -> None:
    for path in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        assert "docs/glossary.md" in Path(ROOT / path).read_text(encoding="utf-8"), path


def test_grades_in_english_have_a_capital_as_a_label_alone(sample_years) -> None:
    card, summary = Scorecard(*sample_years, "T0001", "en"), YearSummary(*sample_years, "en")
    head = blocks.head(card).html
    assert f"<b>{card.total}</b>Excellent" in head and "the threshold of &#39;excellent&#39;, 90" in head
    assert card.grade_limits[0] == ("Excellent", 90.0)
    assert [row[0] for row in summary.grades] == ["Excellent", "Good", "Pass", "Fail"]
    assert summary.ranking[0][-1] == "Excellent" and "places for 'excellent'" in summary.grade_quotas[0]
    assert YearSummary(*sample_years).grades[0][0] == "优秀"
    page = index_page(overview(sample_years[0]), None, "en", [])
    assert "<span>Excellent</span>" in page and '<option value="good">Good</option>' in page
