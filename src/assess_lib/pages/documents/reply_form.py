"""The form in which a team and its unit reply: its indicators and points, with room for objections."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assess_lib.pages.documents.sheets import CELL, HEAD, print_landscape
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.tables.safe_workbook import width_of, workbook
from assess_lib.words import translate

COLUMNS = ("id", "name", "value", "target", "points", "weight", "objection", "document")
FIRST_ROW = 7  # of the table, counted from 0; above it stand team, year, number of the form, and who replies
TEAM, YEAR, FORM, FROM = 2, 3, 4, 5
OPEN = {"border_color": "#98A2AE", "bg_color": "#FFF8E1", "text_wrap": True, "locked": False, "num_format": "@"}
LONGEST_WORDS, LONGEST_DOCUMENT = 2000, 400


def form_number(card: Scorecard) -> str:
    """The number of a form: the team, the year, and a digest of the points that stand in it."""
    content = "\n".join(f"{line.id} {line.value} {line.points_words} {line.weight_words}" for line in card.lines)
    return f"{card.team_id}-{card.year}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def write_reply_form(card: Scorecard, path: str | Path) -> Path:
    """Write the form of one team; put in place when whole. Raises OSError.

    Its own content is locked against typing by mistake, without a password; the cells to be filled in are open.
    """
    path, lang = Path(path), card.lang
    path.parent.mkdir(parents=True, exist_ok=True)
    title = translate("pages.reply.title", lang, team=card.team["name"], year=card.year)
    with workbook(path, title) as book:
        form = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(HEAD),
            "cell": book.add_format(CELL | {"text_wrap": True}),
            "open": book.add_format(CELL | OPEN),
            "plain": book.add_format({"text_wrap": False, "font_color": "#5B6773"}),
        }
        sheet = book.add_worksheet(translate("pages.reply.sheet", lang))
        sheet.write_string(0, 0, title, form["title"])
        until = card.stage.until
        sheet.write_string(
            1,
            0,
            translate("pages.reply.rules_until" if until else "pages.reply.rules", lang, until=until),
            form["plain"],
        )
        facts = {
            TEAM: ("team", card.team_id),
            YEAR: ("year", str(card.year)),
            FORM: ("form", form_number(card)),
            FROM: ("from", ""),
        }
        for row, (word, value) in facts.items():
            sheet.write_string(row, 0, translate(f"pages.reply.{word}", lang), form["head"])
            sheet.write_string(row, 1, value, form["open" if word == "from" else "cell"])
        heads = [translate(f"pages.reply.{column}", lang) for column in COLUMNS]
        sheet.write_row(FIRST_ROW, 0, heads, form["head"])
        for row, line in enumerate((line for line in card.lines if line.counts), start=FIRST_ROW + 1):
            cells = (line.id, line.name, line.value, line.target, line.points_words, line.weight_words)
            for place, text in enumerate(cells):
                sheet.write_string(row, place, text, form["cell"])
            for place in (len(cells), len(cells) + 1):
                sheet.write_blank(row, place, None, form["open"])
        widths = {0: 22, 1: 26, 2: 12, 3: 12, 4: 8, 5: 8, 6: 44, 7: 26}
        for place, width in widths.items():
            sheet.set_column(place, place, max(width, min(width, width_of([heads[place]]))))
        sheet.freeze_panes(FIRST_ROW + 1, 2)
        print_landscape(sheet, FIRST_ROW)
        sheet.protect("", {"format_columns": True, "format_rows": True})
    return path
