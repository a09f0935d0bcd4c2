"""Parts of a page as HTML, made by Jinja with everything escaped; data never becomes markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assess_lib.pages.assets import TEMPLATES
from assess_lib.pages.fonts import page_font
from assess_lib.scorecard.first_screen import first_screen
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text, share_text
from assess_lib.scorecard.year_summary import YearSummary
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.version import VERSION
from assess_lib.words import catalogue, join_list, translate

DETAIL_ROWS = 200


class Block:
    """Part of a page as HTML, shown by a notebook; ``name`` stands for it where only text is shown."""

    def __init__(self, html: str, name: str):
        self.html, self.name = html, name

    def __repr__(self) -> str:
        return f"[{self.name}]"

    def _repr_html_(self) -> str:
        return self.html


def together(*parts: Block) -> Block:
    """Blocks as one: an output less for the kernel to send, and for a notebook to keep and check."""
    return Block("".join(part.html for part in parts), " · ".join(part.name for part in parts))


@dataclass(frozen=True)
class Column:
    """A column of a plain table; ``short`` texts are kept on one line."""

    name: str
    number: bool = False
    short: bool = False


def style() -> Block:
    """The look of all blocks, in the fonts of the machine that shows them; an exported page carries its own font."""
    return Block(f"<style>{(TEMPLATES / 'blocks' / 'style.css').read_text(encoding='utf-8')}</style>", "style")


def font(view: Scorecard | YearSummary, data_words: str = "") -> Block:
    """A font for what blocks may show, data included; for what is shown and not stored, as the workbench is."""
    shown = (key for key in catalogue() if key.startswith("pages.") and not key.startswith("pages.cli."))
    interface = "".join(translate(key, view.lang) for key in shown)
    columns = "".join(str(column.metadata) for schema in SCHEMAS.values() for column in schema.columns.values())
    return Block(
        f"<style>{page_font(interface + columns + view.rubric.model_dump_json() + data_words)}</style>", "font"
    )


def heading(key: str, lang: str) -> Block:
    """A section heading, ``pages.<key>``, with an id for the contents."""
    words = translate(f"pages.{key}", lang)
    anchor = key.replace(".", "-")
    return Block(str(Markup('<div class="sc"><h2 id="{}">{}</h2></div>').format(anchor, words)), words)


def subheading(key: str, lang: str) -> Block:
    """A heading below those of sections, ``pages.<key>``."""
    words = translate(f"pages.{key}", lang)
    return Block(str(Markup('<div class="sc"><h3>{}</h3></div>').format(words)), words)


def caption(text: str) -> Block:
    """A line under a chart, or a plain sentence."""
    return Block(str(Markup('<p class="sc sc-caption">{}</p>').format(text)), text)


def paragraph(text: str) -> Block:
    return Block(str(Markup('<p class="sc">{}</p>').format(text)), text)


def title(kind: str, words: str, about: str) -> Block:
    """The head of a page that is not a scorecard."""
    html = Markup(
        '<header class="sc sc-head"><div><p class="mute">{}</p><h1>{}</h1><p class="mute">{}</p></div></header>'
    )
    return Block(str(html.format(kind, words, about)), words)


def card_block(name: str, card: Scorecard, **more: Any) -> Block:
    """A block of the scorecard from the template of that name."""
    return Block(_render(f"{name}.j2", card.lang, card=card, **more), f"{card.team_id} {name}")


def detail(card: Scorecard, line: IndicatorLine, curve: str, past: str) -> Block:
    """All of one indicator: clause, figures, rule, evidence rows.

    Parameters: ``curve`` an SVG of our own making, blank for none; ``past`` last year's judgement in words.
    """
    return card_block(
        "detail", card, line=line, evidence=card.all_evidence(line.id, DETAIL_ROWS), curve=curve, past=past
    )


def method(view: Scorecard | YearSummary) -> Block:
    """Rubric, source, data, program, and the rules of arithmetic."""
    rubric, lang = view.rubric, view.lang
    names = {dimension.id: dimension.name[lang] for dimension in rubric.dimensions}
    names |= {indicator.id: indicator.name[lang] for indicator in rubric.indicators()}
    ties = join_list((names[name] for name in rubric.ranking.tie_breakers), lang) or "–"
    html = _render("method.j2", lang, rubric=rubric, fingerprint=view.fingerprint, version=VERSION, tie_breakers=ties)
    return Block(html, "method")


def table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], lang: str) -> Block:
    """A plain table of texts and numbers."""
    paired = [list(zip(columns, row)) for row in rows]
    return Block(
        _render("table.j2", lang, columns=columns, rows=paired, empty=translate("pages.summary.none", lang)), "table"
    )


def head(card: Scorecard, linked: bool = True) -> Block:
    """The first screen: team, grade and why, how far to the next and what would bring most, the focal points.

    Parameters: ``linked`` where the evidence of the indicators stands below.
    """
    return card_block("head", card, first=first_screen(card), linked=linked)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of blocks and of the index page; autoescaping is on for all of them."""
    templates = Environment(
        loader=FileSystemLoader([TEMPLATES / "blocks", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["points"] = points_text
    templates.filters["percent"] = share_text
    return templates


def _render(template: str, lang: str, **values: Any) -> str:
    macros = environment().get_template("macros.j2").module
    return (
        environment()
        .get_template(template)
        .render(t=lambda key, **kw: translate(f"pages.{key}", lang, **kw), m=macros, lang=lang, **values)
    )
