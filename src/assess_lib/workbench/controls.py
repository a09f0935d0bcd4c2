"""Small parts that all panels are made of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import ipywidgets as w
import pandas as pd
from itables.widget import ITable
from markupsafe import Markup, escape

from assess_lib.faults import UnusableInput
from assess_lib.words import translate

NARROW = {"description_width": "initial"}


def wide() -> w.Layout:
    """The whole width; a layout of its own for each part, which is closed with it."""
    return w.Layout(width="100%")


class Notice(w.HTML):
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


def performed(act: Callable[[], str | None], notice: Notice, lang: str) -> bool:
    """Do something and say what came of it; what goes wrong is said in words. Returns whether it went well."""
    try:
        said = act()
    except UnusableInput as unusable:
        notice.bad([fault.text(lang) for fault in unusable.faults])
        return False
    except OSError as error:
        notice.bad([translate("pages.cli.unwritable", lang, path=error.filename or "", why=error.strerror or error)])
        return False
    except Exception as error:  # noqa: BLE001 - said in the interface; the log has the rest
        logging.getLogger(__name__).exception("workbench")
        notice.bad([translate("workbench.unexpected", lang, why=f"{type(error).__name__}: {error}")])
        return False
    if said:
        notice.good(said)
    return True


def table(frame: pd.DataFrame, lang: str, label: str, **more) -> ITable:
    """A big table with search, sort and, where asked, selection; in the language of the interface."""
    made = ITable(frame, **_options(lang, **more))
    made.caption = label
    return made


def paged(rows: int) -> dict:
    """For a table of many rows: so many at a time, the others made when they are turned to."""
    layout = {"topStart": "info", "topEnd": "search", "bottomStart": None, "bottomEnd": "paging"}
    return {"paging": True, "pageLength": rows, "deferRender": True, "layout": layout}


def _options(lang: str, **more) -> dict:
    """What every big table is shown with; how high it is, the style sheet says."""
    return {
        "language": {key: translate(f"workbench.table.{key}", lang) for key in _TABLE_WORDS},
        "paging": False,
        "maxBytes": 0,
        "showIndex": False,
        "classes": "display compact",
        "style": "width:100%;table-layout:auto;caption-side:top",
        "layout": {"topStart": "info", "topEnd": "search", "bottomStart": None, "bottomEnd": None},
        "autoWidth": False,
        **more,
    }


_TABLE_WORDS = ("search", "info", "infoEmpty", "infoFiltered", "emptyTable", "zeroRecords")


def row(*parts: w.Widget) -> w.HBox:
    """Parts beside one another, going on below where there is no room."""
    return w.HBox(parts, layout=w.Layout(flex_flow="row wrap", align_items="center", width="100%"))


def button(words: str, act: Callable[[], object], look: str = "", icon: str = "") -> w.Button:
    made = w.Button(
        description=words,
        button_style=look,
        icon=icon,
        tooltip=words,
        layout=w.Layout(width="auto", align_self="flex-start"),
    )
    made.on_click(lambda _: act())
    return made


def dispose(widget: w.Widget) -> None:
    """Close a widget with all inside it, so that the browser need not carry it any longer."""
    for child in getattr(widget, "children", ()):
        dispose(child)
    for name in ("style", "layout"):
        part = getattr(widget, name, None)
        if isinstance(part, w.Widget):
            part.close()
    widget.close()
