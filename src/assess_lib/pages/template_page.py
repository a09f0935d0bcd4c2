"""A whole page from a template of ours: one head, one policy, one script at most, the words and the font that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from assess_lib.pages.blocks import TEMPLATES, environment
from assess_lib.pages.export import policy, with_font
from assess_lib.words import catalogue, translate

_STYLES = ("blocks/style.css",)


def render_page(template: str, lang: str, styles: Sequence[str], scripts: Sequence[str] = (), **given: Any) -> str:
    """A page from a template that extends ``page.html.j2``.

    Parameters: ``styles`` and ``scripts`` names of files beside the templates, put into the page; ``given`` what the
    template asks for. In it ``t``, ``s`` and ``d`` give the words of pages, site and differences.
    """
    style = "".join(asset(name) for name in (*_STYLES, *styles))
    script = "\n".join(asset(name) for name in scripts)
    return with_font(
        environment()
        .get_template(template)
        .render(
            lang=lang,
            html_lang=catalogue().languages[lang]["tag"],
            policy=Markup(policy(script)),
            style=Markup(style),
            script=Markup(script),
            **words_of(lang),
            **given,
        )
    )


def words_of(lang: str) -> dict[str, Any]:
    """The functions by which templates ask for words."""
    files = {"t": "pages", "s": "site", "d": "diff"}
    return {letter: _asked(file, lang) for letter, file in files.items()}


def asset(name: str) -> str:
    """A style or script beside the templates, without surrounding blanks."""
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


def _asked(file: str, lang: str):
    return lambda key, **values: translate(f"{file}.{key}", lang, **values)
