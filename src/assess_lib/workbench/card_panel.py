"""The scorecard of the team: total, grade, rank, focal points against peers and last year."""

from __future__ import annotations

import ipywidgets as w
from markupsafe import Markup

from assess_lib.pages import blocks, charts
from assess_lib.words import translate
from assess_lib.workbench.controls import wide


class CardPanel:
    """Shows; changes nothing."""

    def __init__(self, app):
        self._app = app
        self._html = w.HTML(layout=wide())
        self.widget = w.VBox([self._html], layout=w.Layout(width="100%", padding="6px 4px"))

    def show(self) -> None:
        lang, card = self._app.lang, self._app.session.card(self._app.lang)
        figure = Markup('<figure class="sc-figure">{}</figure>')
        pair = Markup('<div class="wb-pair"><section>{}{}</section><section>{}{}</section></div>').format(
            Markup(_heading("section.peer_position", lang)),
            figure.format(Markup(charts.peer_position(card).svg)),
            Markup(_heading("section.dimensions", lang)),
            figure.format(Markup(charts.dimensions(card).svg)),
        )
        summary = blocks.summary_sentence(card)
        pieces = [blocks.card_block("head", card, summary=summary).html, str(pair), self._years(card, lang)]
        if card.reviews or card.disputes:
            pieces += [_heading("section.review", lang), blocks.card_block("review", card).html]
        pieces += [_heading("section.strengths", lang), blocks.card_block("strengths", card).html]
        self._html.value = f'<div class="wb-card">{"".join(pieces)}</div>'

    def _years(self, card, lang: str) -> str:
        """Points of each focal point: this year, last year, the median share of the peers."""
        words = [translate(f"workbench.card.{key}", lang) for key in ("dimension", "now", "before", "median")]
        columns = [blocks.Column(words[0]), *(blocks.Column(word, True) for word in words[1:])]
        rows = [
            (
                line.name,
                f"{line.points:.2f} / {line.weight:.2f}",
                "–" if line.points_before is None else f"{line.points_before:.2f}",
                f"{line.peers['median']:.1%}" if line.peers else "–",
            )
            for line in card.dimensions
        ]
        return blocks.table(columns, rows, lang).html


def _heading(key: str, lang: str) -> str:
    return str(Markup('<div class="sc"><h3>{}</h3></div>').format(translate(f"pages.{key}", lang)))
