"""A panel and the workbench around it, each as the other sees it."""

from __future__ import annotations

from typing import Any, Protocol

import ipywidgets as w

from assess_lib.workbench.session import Session

Change = dict[str, Any]  # what ipywidgets tells of a change: ``new``, ``old``, ``owner`` …


class Bench(Protocol):
    """The workbench as its panels see it."""

    lang: str

    @property
    def session(self) -> Session: ...

    def evaluator(self) -> str:
        """The name under which entries are made."""

    def go(self, team: str, tab: int | None = None) -> None:
        """Show a team."""

    def changed(self) -> None:
        """Show everything anew after something was written."""


class Panel(Protocol):
    """One tab of the workbench."""

    widget: w.Widget

    def show(self) -> None:
        """Show the team, the indicator or the year of the session as it now stands."""
