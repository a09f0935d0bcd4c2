"""The scorecard of the team: total, grade, rank, focal points against peers and last year."""

from __future__ import annotations

import math

import ipywidgets as w
from markupsafe import Markup

from assess_lib.pages import blocks, charts
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import earned_text
from assess_lib.words import translate
from assess_lib.workbench.controls import body, wide
from assess_lib.workbench.panel import Bench, Panel


class CardPanel(Panel):
    """Shows the scorecard; changes nothing."""

    def __init__(self, app: Bench) -> None:
        super().__init__(app)
        self._html = w.HTML(layout=wide())
        self.widget = body(self._html)

    def show(self) -> None:
        """Show the team as it now stands."""
        lang, card = self._lang, self._session.card(self._lang)
        figure = Markup('<figure class="sc-figure">{}</figure>')
        pair = Markup('<div class="wb-pair"><section>{}{}</section><section>{}{}</section></div>').format(
            Markup(blocks.subheading("section.peer_position", lang).html),
            figure.format(Markup(charts.peer_position(card).svg)),
            Markup(blocks.subheading("section.dimensions", lang).html),
            figure.format(Markup(charts.dimensions(card).svg)),
        )
        summary = blocks.summary_sentence(card)
        parts = [blocks.card_block("head", card, summary=summary).html, str(pair), self._years(card)]
        if card.reviews or card.disputes:
            parts += [blocks.subheading("section.review", lang).html, blocks.card_block("review", card).html]
        parts += [blocks.subheading("section.strengths", lang).html, blocks.card_block("strengths", card).html]
        self._html.value = f'<div class="wb-card">{"".join(parts)}</div>'

    def _years(self, card: Scorecard) -> str:
        """A table of the focal points: points this year, last year, the median share of the peers."""
        columns = [
            blocks.Column(self._word(key), key != "dimension") for key in ("dimension", "now", "before", "median")
        ]
        rows = [
            (
                line.name,
                f"{line.points:.2f} / {line.weight:.2f}" if line.applies else earned_text(math.nan, self._lang),
                "–" if line.points_before is None else f"{line.points_before:.2f}",
                f"{line.peers['median']:.1%}" if line.peers else "–",
            )
            for line in card.dimensions
        ]
        return blocks.table(columns, rows, self._lang).html

    def _word(self, key: str, **values: object) -> str:
        return translate(f"workbench.card.{key}", self._lang, **values)
