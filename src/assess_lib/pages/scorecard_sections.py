"""The sections of the scorecard, in the order in which the notebook shows them."""

from __future__ import annotations

from collections.abc import Callable

from IPython.display import display as _display

from assess_lib.pages import blocks, charts
from assess_lib.pages.blocks import Block, together
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.similar import lessons
from assess_lib.words import join_sentences, translate

LOSSES_SHOWN, ROWS_ON_PAPER = 6, 3
display: Callable[..., None] = _display  # IPython has no types


def head(card: Scorecard) -> None:
    """Team, total, grade and why, rank, change, what would bring most, the focal points."""
    display(together(blocks.style(), blocks.head(card)))


def peer_position(card: Scorecard) -> None:
    """The team among its peers."""
    words = translate("pages.chart.peer_position_caption", card.lang, group=card.peer_group, count=len(card.peer_ids))
    display(_heading("peer_position", card), charts.peer_position(card), blocks.caption(words))


def dimensions(card: Scorecard) -> None:
    """The four focal points against the peers."""
    words = translate("pages.chart.dimensions_caption", card.lang)
    display(_heading("dimensions", card), charts.dimensions(card), blocks.caption(words))


def indicators(card: Scorecard) -> None:
    """Every indicator with clause, numerator and denominator, value, target, points and basis."""
    display(together(_heading("indicators", card), blocks.card_block("indicators", card)))


def strengths(card: Scorecard) -> None:
    """The three strongest and weakest, who does better in like conditions, and where points were lost."""
    similar = blocks.card_block("similar", card, found=lessons(card))
    display(together(_heading("strengths", card), blocks.card_block("strengths", card), similar))
    lost = card.weakest[:LOSSES_SHOWN]
    if lost:
        display(charts.losses([line.name for line in lost], [line.lost for line in lost], card.lang))


def change(card: Scorecard) -> None:
    """Change since last year; what is not comparable is marked."""
    heading = _heading("change", card)
    if trend := charts.years(card):
        others = card.comparable_part().others
        broken = translate("pages.chart.years_broken", card.lang, count=others) if others else ""
        caption = blocks.caption(join_sentences([translate("pages.chart.years_caption", card.lang), broken], card.lang))
        display(heading, trend, together(caption, blocks.card_block("changes", card)))
    else:
        display(together(heading, blocks.paragraph(translate("pages.card.no_year_before", card.lang))))


def evidence(card: Scorecard) -> None:
    """Evidence per focal point, and behind each indicator the counts and the rows that failed."""
    items = [(line, card.evidence[line.id]) for line in card.lines]
    caption = blocks.caption(translate("pages.chart.evidence_caption", card.lang))
    tables = blocks.card_block("evidence", card, items=items, on_paper=ROWS_ON_PAPER)
    display(_heading("evidence", card), charts.evidence(card), together(caption, tables))


def missing(card: Scorecard) -> None:
    """Indicators without evidence or not applicable, and the range that the total could still take."""
    display(together(_heading("missing", card), blocks.card_block("missing", card)))


def review(card: Scorecard) -> None:
    """The stage of the assessment, the judgements, and the replies of team and unit."""
    display(together(_heading("review", card), blocks.card_block("review", card)))


def appeal_and_method(card: Scorecard) -> None:
    """The way to appeal; rubric, data and program; which rules are regulation and which a proposal."""
    parts = [_heading("method", card), blocks.method(card)]
    if card.rubric.appeal:
        parts = [_heading("appeal", card), blocks.paragraph(card.rubric.appeal[card.lang]), *parts]
    display(together(*parts))


SECTIONS = (
    head,
    peer_position,
    dimensions,
    indicators,
    strengths,
    change,
    evidence,
    missing,
    review,
    appeal_and_method,
)
"""The sections of a scorecard, in the order of the notebook."""


def _heading(section: str, card: Scorecard) -> Block:
    return blocks.heading(f"section.{section}", card.lang)
