"""A chart as SVG for our pages and as PNG for JupyterLab, with a text alternative.

JupyterLab shows SVG as a picture that cannot use the fonts of the page, and drops it from notebooks
that are not trusted; the PNG is right on every machine. The SVG therefore travels under a type of
its own, which only the page template asks for.
"""

from __future__ import annotations

import base64
import io
import re
from functools import cached_property
from html import escape
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from assess_lib.pages.assets import SVG_TYPE

_PROLOG = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_GLOBAL_STYLE = re.compile(r"<defs>\s*<style[^>]*>\*\{[^<]*</style>\s*</defs>\s*", re.DOTALL)
_SIZE = re.compile(
    r'(<svg[^>]*?) height="[^"]*"([^>]*?) width="[^"]*"|(<svg[^>]*?) width="[^"]*"([^>]*?) height="[^"]*"'
)
_GROUP_ID = re.compile(r'(<g\b[^>]*?) id="[^"]*"')
_FONT_SHORTHAND = re.compile(r"font: ([\d.]+px)[^;\"]*")
_FONT_FAMILY = re.compile(r"font-family:[^;\"]*;?\s*")


class Chart:
    """A drawn chart. Its bytes depend on nothing but what was drawn."""

    def __init__(self, figure: Figure, alt: str, title: str):
        self.alt, self.title = alt, title
        with rc_context({"svg.hashsalt": title}):  # ids differ between the charts of one page
            drawn = _saved(figure, "svg").decode("utf-8")
        self.svg = _clean(drawn, alt, title, figure.get_figwidth())
        self._figure = figure
        self._width = round(figure.get_figwidth() * 100)

    @cached_property
    def png(self) -> str:
        """The same as PNG in base64; drawn when it is asked for."""
        return base64.b64encode(_saved(self._figure, "png")).decode("ascii")

    def __repr__(self) -> str:
        return f"[{self.title}] {self.alt}"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        data = {SVG_TYPE: self.svg, "image/png": self.png, "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt, "width": self._width}}


def _saved(figure: Figure, kind: str) -> bytes:
    packed = io.BytesIO()
    blank = dict.fromkeys(("Date", "Creator", "Format", "Type")) if kind == "svg" else {"Software": None}
    figure.savefig(packed, format=kind, metadata=blank, dpi=130)
    return packed.getvalue()


def _clean(svg: str, alt: str, title: str, width: float) -> str:
    """SVG to stand in a page: no prolog, no styles of its own, the page's fonts, words for readers."""
    svg = _GLOBAL_STYLE.sub("", _METADATA.sub("", _PROLOG.sub("", svg)))
    svg = _SIZE.sub(lambda m: (m[1] or m[3]) + (m[2] or m[4] or ""), svg, count=1)
    svg = _GROUP_ID.sub(r"\1", svg)
    svg = _FONT_FAMILY.sub("", _FONT_SHORTHAND.sub(r"font-size: \1", svg))
    head = f'<svg role="img" aria-label="{escape(alt)}" style="max-width:{width:.2f}in;width:100%"'
    words = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    svg = svg.replace("<svg", head, 1)
    opening = svg.index(">") + 1
    return svg[:opening] + words + svg[opening:].strip()
