"""The scorecard of the team: total, grade, rank, focal points against peers and last year."""

from __future__ import annotations

import ipywidgets as w
from markupsafe import Markup

from assess_lib.pages import blocks, charts
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
        parts = [blocks.head(card, linked=False).html, str(pair)]
        if card.reviews or card.disputes:
            parts += [blocks.subheading("section.review", lang).html, blocks.card_block("review", card).html]
        parts += [blocks.subheading("section.strengths", lang).html, blocks.card_block("strengths", card).html]
        self._html.value = f'<div class="wb-card">{"".join(parts)}</div>'
