"""Controls that all panels are made of."""

from __future__ import annotations

import logging
import mimetypes
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import ipywidgets as w
import pandas as pd
from itables.widget import ITable
from markupsafe import Markup, escape

from assess_lib.faults import UnusableInput
from assess_lib.words import translate

NARROW = {"description_width": "initial"}
W = TypeVar("W", bound=w.Widget)


def wide() -> w.Layout:
    """The whole width; a layout of its own for each part, which is closed with it."""
    return w.Layout(width="100%")


class Notice(w.HTML):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """One line on what was done or what is wrong, read out to those who cannot see it."""

    def good(self, text: str) -> None:
        self._show("good", [text])

    def bad(self, texts: Sequence[str]) -> None:
        self._show("bad", texts)

    def clear(self) -> None:
        self.value = ""

    def _show(self, tone: str, texts: Sequence[str]) -> None:
        lines = Markup("<br>").join(escape(text) for text in texts)
        role = "status" if tone == "good" else "alert"
        self.value = str(Markup('<div class="wb-notice {}" role="{}">{}</div>').format(tone, role, lines))


def download(name: str, content: bytes, words: str) -> Markup:
    """A link by which the browser saves a file, which the link carries itself."""
    kind, carried = mimetypes.guess_type(name)[0] or "application/octet-stream", b64encode(content).decode()
    link = '<a class="wb-download" download="{}" href="data:{};base64,{}">{}</a>'
    return Markup(link).format(name, kind, carried, words)


def perform(act: Callable[[], str | None], notice: Notice, lang: str) -> bool:
    """Do something and show what it says of itself, or in words what went wrong. Returns whether it went well."""
    try:
        message = act()
    except UnusableInput as unusable:
        notice.bad([fault.text(lang) for fault in unusable.faults])
        return False
    except OSError as error:
        notice.bad(
            [translate("pages.cli.unwritable", lang, path=_last_part(error.filename), why=error.strerror or error)]
        )
        return False
    except Exception as error:  # noqa: BLE001 - said in the interface; the log has the rest
        logging.getLogger(__name__).exception("workbench")
        notice.bad([translate("workbench.unexpected", lang, why=f"{type(error).__name__}: {error}")])
        return False
    if message:
        notice.good(message)
    return True


def _last_part(path: object) -> str:
    """The name of a file without its folder, which is the machine's alone."""
    return Path(str(path)).name if path else ""


def table(frame: pd.DataFrame, lang: str, label: str, **options: Any) -> ITable:
    """A big table with search and sort, in the language of the interface; ``options`` as ITable has them."""
    widget = ITable(frame, **(_options(lang) | options))
    widget.caption = label
    return widget


def paged(rows: int) -> dict[str, Any]:
    """Options for a table of many rows: so many at a time, the others made when they are turned to."""
    layout = {"topStart": "info", "topEnd": "search", "bottomStart": None, "bottomEnd": "paging"}
    return {"paging": True, "pageLength": rows, "deferRender": True, "layout": layout}


def _options(lang: str) -> dict[str, Any]:
    """The options of every big table."""
    return {
        "language": {key: translate(f"workbench.table.{key}", lang) for key in _TABLE_WORDS},
        "paging": False,
        "maxBytes": 0,
        "showIndex": False,
        "classes": "display compact",
        "style": "width:100%;table-layout:auto;caption-side:top",
        "layout": {"topStart": "info", "topEnd": "search", "bottomStart": None, "bottomEnd": None},
        "autoWidth": False,
    }


_TABLE_WORDS = ("search", "info", "infoEmpty", "infoFiltered", "emptyTable", "zeroRecords")


def field(
    kind: type[W], words: str, width: str | None = "100%", style: dict[str, str] | None = None, **traits: Any
) -> W:
    """A control of a kind with its label before it. Parameters: ``style`` and ``traits`` as the kind has them.

    What is typed is sent when the field is left, in one piece: sent letter by letter, the last ones could be overtaken by the
    press of a button.
    """
    if issubclass(kind, (w.Text, w.Textarea)):
        traits.setdefault("continuous_update", False)
    return kind(description=words, layout=w.Layout(width=width), style=NARROW | (style or {}), **traits)


def form(*rows: w.Widget, **layout: str) -> w.VBox:
    """Controls below one another on the ground of a form."""
    box = w.VBox(rows, layout=w.Layout(**layout))
    box.add_class("wb-form")
    return box


def body(*parts: w.Widget) -> w.VBox:
    """All parts of a panel, below one another."""
    return w.VBox(parts, layout=w.Layout(width="100%", padding="6px 4px"))


def row(*controls: w.Widget) -> w.HBox:
    """Controls beside one another, going on below where there is no room."""
    return w.HBox(controls, layout=w.Layout(flex_flow="row wrap", align_items="center", width="100%"))


def button(words: str, act: Callable[[], object], look: str = "", icon: str = "") -> w.Button:
    """A button as wide as its words. Parameters: ``look`` as ``button_style``; ``icon`` of Font Awesome."""
    widget = w.Button(
        description=words,
        button_style=look,
        icon=icon,
        tooltip=words,
        layout=w.Layout(width="auto", align_self="flex-start"),
    )
    widget.on_click(lambda _: act())
    return widget


def dispose(widget: w.Widget) -> None:
    """Close a widget with all inside it, so that the browser need not carry it any longer."""
    for child in getattr(widget, "children", ()):
        dispose(child)
    for name in ("style", "layout"):
        part = getattr(widget, name, None)
        if isinstance(part, w.Widget):
            part.close()
    widget.close()
