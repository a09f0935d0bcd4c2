"""An executed notebook as one self-contained HTML page, by a template of our own on nbconvert."""

from __future__ import annotations

import ast
import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assess_lib.characters import legible
from assess_lib.pages.assets import SVG_TYPE, TEMPLATES, asset
from assess_lib.pages.draft import DraftMark, draft_style
from assess_lib.pages.fonts import page_font
from assess_lib.path_redaction import without_folders
from assess_lib.words import html_tag, translate

if TYPE_CHECKING:
    from nbconvert import TemplateExporter
    from nbformat import NotebookNode

PATHS = ("data", "rubric")  # the parameters of our notebooks that name files
_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)


@dataclass(frozen=True)
class TeamExtras:
    """Parts of a team's page as HTML, made by templates that escape: ``ways`` above the scorecard, ``below`` after it; and a script."""

    ways: str
    below: str
    script: str


def page(
    notebook: NotebookNode,
    title: str,
    lang: str,
    back: str = "",
    extras: TeamExtras | None = None,
    draft: DraftMark | None = None,
) -> str:
    """The page of an executed notebook: no network reference, its own font, code behind a switch.

    ``back`` is the relative address of the list of teams; without it there is no such link. ``extras`` are for a team's page
    of a published year, ``draft`` the mark of one that is not final.
    """
    script = asset("nbconvert/assess/page.js") + ("\n" + extras.script if extras else "")
    words = {name: translate(f"pages.page.{name}", lang) for name in ("show_code", "hide_code", "contents", "back")}
    about = {
        "title": title,
        "html_lang": html_tag(lang),
        "back": back,
        "words": words,
        "svg_type": SVG_TYPE,
        "style": asset("nbconvert/assess/page.css") + draft_style(draft),
        "script": script,
        "policy": policy(script),
        "ways": extras.ways if extras else "",
        "below": extras.below if extras else "",
        "draft": draft.html if draft else "",
    }
    notebook, folders = _without_places(notebook)
    body, _ = _exporter().from_notebook_node(notebook, {"metadata": {"name": title}, "assess": about})
    contents = "".join(f'<li><a href="#{anchor}">{words}</a></li>' for anchor, words in _HEADING.findall(body))
    body = body.replace("/*assess-contents*/", contents, 1)
    return with_font(legible(without_folders(body, folders, markup=True)))


def _without_places(notebook: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """A notebook of whose parameters each path is only its last part, and the folders of this machine that it may name."""
    folders, cells = [str(Path.cwd())], []
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell, lines = type(cell)(cell), cell.source.splitlines()
            for at, name, path in _paths_in(cell.source):
                folders += [path, str(Path(path).resolve())]
                last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
                lines[at] = f"{name} = {json.dumps(last, ensure_ascii=False)}"
            cell.source = "\n".join(lines)
        cells.append(cell)
    shown = type(notebook)(notebook)
    shown.cells = cells
    return shown, folders


def _paths_in(source: str) -> list[tuple[int, str, str]]:
    """The parameters of a notebook that are paths: the line from 0, the name, the path."""
    try:
        assigned = [line for line in ast.parse(source).body if isinstance(line, ast.Assign)]
    except SyntaxError:
        return []
    found = [(line.lineno - 1, line.targets[0], line.value) for line in assigned]
    return [
        (at, name.id, value.value)
        for at, name, value in found
        if isinstance(name, ast.Name)
        and name.id in PATHS
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and value.value
    ]


def with_font(body: str) -> str:
    """A page with the characters that it shows carried along in place of ``/*assess-font*/``."""
    text = html.unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", body, flags=re.DOTALL))
    labels = "".join(re.findall(r'(?:placeholder|data-show|data-hide|aria-label)="([^"]*)"', body))
    return body.replace("/*assess-font*/", page_font(text + html.unescape(labels)), 1)


def policy(script: str) -> str:
    """The content security policy of a page: nothing but what it carries, and of scripts only this one."""
    run = f" script-src '{content_hash(script)}';" if script else ""
    return f"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline';{run} base-uri 'none'; form-action 'none'"


def content_hash(script: str) -> str:
    """The source expression of a script for the content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


@lru_cache(maxsize=1)
def _exporter() -> TemplateExporter:
    """The general exporter: the one for HTML parses every page once more, for pictures that lack a text."""
    from nbconvert import TemplateExporter  # takes seconds to import, and the list of teams does without
    from traitlets.config import Config

    return TemplateExporter(  # type: ignore[no-untyped-call, unused-ignore]  # nbconvert has few types
        extra_template_basedirs=[str(TEMPLATES / "nbconvert")],
        template_name="assess",
        file_extension=".html",
        default_preprocessors=[],
        config=Config({"NbConvertBase": {"display_data_priority": [SVG_TYPE, "text/html", "image/png", "text/plain"]}}),
    )
