"""A whole page from a template of ours: one head, one policy, one script at most, the words and the font that it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from assess_lib.characters import legible
from assess_lib.pages.assets import asset
from assess_lib.pages.blocks import environment
from assess_lib.pages.draft import DraftMark, draft_style
from assess_lib.pages.export import policy, with_font
from assess_lib.words import html_tag, translate

_STYLES = ("blocks/style.css",)


def render_page(
    template: str,
    lang: str,
    styles: Sequence[str],
    scripts: Sequence[str] = (),
    draft: DraftMark | None = None,
    **values: Any,
) -> str:
    """A page from a template that extends ``page.html.j2``.

    Parameters: ``styles`` and ``scripts`` names of files beside the templates, put into the page; ``draft`` where it is
    one; ``values`` of the template. In it ``t``, ``s`` and ``d`` give the words of pages, site and differences.
    """
    style = "".join(asset(name) for name in (*_STYLES, *styles)) + draft_style(draft)
    script = "\n".join(asset(name) for name in scripts)
    made = (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            html_lang=html_tag(lang),
            policy=Markup(policy(script)),
            style=Markup(style),
            script=Markup(script),
            draft=draft.html if draft else "",
            **words_of(lang),
            **values,
        )
    )
    return with_font(legible(made))


def words_of(lang: str) -> dict[str, Any]:
    """The functions that give templates their words: ``t`` of pages, ``s`` of the site, ``d`` of differences."""
    files = {"t": "pages", "s": "site", "d": "diff"}
    return {letter: _words_in(file, lang) for letter, file in files.items()}


def _words_in(file: str, lang: str) -> Callable[..., str]:
    return lambda key, **values: translate(f"{file}.{key}", lang, **values)
