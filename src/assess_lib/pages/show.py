"""The sections of the scorecard, in the order in which the notebook shows them."""

from __future__ import annotations

from IPython.display import display

from assess_lib.pages import blocks, charts
from assess_lib.results.scorecard import Scorecard
from assess_lib.words import say

LOSSES_SHOWN = 6


def head(card: Scorecard) -> None:
    """Who and what, total, grade, rank, change, evidence, range."""
    cells = [cell for found in card.evidence.values() for row in found.rows for cell in row]
    display(blocks.style(card.now, card.lang, "".join([*map(str, card.team), *cells])))
    display(blocks.card_block("head", card, summary=blocks.summary_sentence(card)))


def standing(card: Scorecard) -> None:
    """The team among its peers."""
    words = say("pages.chart.standing_caption", card.lang, group=card.peer_group, count=len(card.peer_ids))
    display(blocks.heading("section.standing", card.lang), charts.standing(card), blocks.caption(words))


def dimensions(card: Scorecard) -> None:
    """The four focal points against the peers."""
    words = say("pages.chart.dimensions_caption", card.lang)
    display(blocks.heading("section.dimensions", card.lang), charts.dimensions(card), blocks.caption(words))


def indicators(card: Scorecard) -> None:
    """Every indicator with clause, numerator and denominator, value, target, points and basis."""
    display(blocks.heading("section.indicators", card.lang), blocks.card_block("indicators", card))


def strengths(card: Scorecard) -> None:
    """The three strongest and weakest, and where points were lost."""
    display(blocks.heading("section.strengths", card.lang), blocks.card_block("strengths", card))
    lost = card.weakest[:LOSSES_SHOWN]
    if lost:
        display(charts.losses([line.name for line in lost], [line.lost for line in lost], card.lang))


def change(card: Scorecard) -> None:
    """Change since last year; what is not comparable is marked."""
    display(blocks.heading("section.change", card.lang))
    if trend := charts.years(card):
        display(trend, blocks.caption(say("pages.chart.years_caption", card.lang)), blocks.card_block("changes", card))
    else:
        display(blocks.paragraph(say("pages.card.no_year_before", card.lang)))


def evidence(card: Scorecard) -> None:
    """Evidence per focal point, and behind each indicator the counts and the rows that failed."""
    items = [(line, card.evidence[line.id]) for line in card.lines]
    words = say("pages.chart.evidence_caption", card.lang)
    display(blocks.heading("section.evidence", card.lang), charts.evidence(card), blocks.caption(words))
    display(blocks.card_block("evidence", card, items=items))


def missing(card: Scorecard) -> None:
    """What has no evidence or does not apply, and the range that the total could still take."""
    display(blocks.heading("section.missing", card.lang), blocks.card_block("missing", card))


def appeal_and_method(card: Scorecard) -> None:
    """How to appeal; rubric, data and program; what is regulation and what is proposal."""
    if card.rubric.appeal:
        display(blocks.heading("section.appeal", card.lang), blocks.paragraph(card.rubric.appeal[card.lang]))
    display(blocks.heading("section.method", card.lang), blocks.method(card.now, card.lang))
