"""A panel and the workbench around it, each as the other sees it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

import ipywidgets as w

from assess_lib.workbench.controls import Notice, button, perform, wide
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

    def focus(self, selector: str) -> None:
        """Give the focus to the first visible element of the workbench that a CSS selector finds."""


class Panel(ABC):
    """One tab of the workbench: ``widget`` is the whole of it, ``notice`` the line on what was done or is wrong."""

    widget: w.Widget

    def __init__(self, app: Bench) -> None:
        self._app, self._lang = app, app.lang
        self.notice = Notice(layout=wide())

    @abstractmethod
    def show(self) -> None:
        """Show the team, the indicator or the year of the session as it now stands."""

    @property
    def _session(self) -> Session:
        return self._app.session

    def _button(self, words: str, act: Callable[[], str], look: str = "") -> w.Button:
        """A button that does something, says so and has everything shown anew."""
        return button(words, lambda: self._perform(act), look)

    def _perform(self, act: Callable[[], str]) -> bool:
        """Do something and show everything anew below its notice; after a refusal what was typed stays.

        Returns whether it went well.
        """
        if not perform(act, self.notice, self._lang):
            return False
        notice = self.notice.value
        self._app.changed()
        self.notice.value = notice
        return True
