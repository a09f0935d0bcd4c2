"""Scorecards as pages without a kernel: what the sections display, put into a notebook and made a page."""

from __future__ import annotations

import nbformat

from assess_lib import Scorecard
from assess_lib.pages import scorecard_sections as sections
from assess_lib.pages.export import page


def card_page(card: Scorecard, outputs: list, lang: str = "zh") -> str:
    for section in sections.SECTIONS:
        section(card)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("sections.all(card)", outputs=list(outputs))])
    outputs.clear()
    return page(notebook, f"{card.team['name']} {card.year}", lang, "../index.html")
