"""A question in its place: what would be done, a field for the reason, a button to do it and one not to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as w
from markupsafe import Markup, escape

from assess_lib.words import translate
from assess_lib.workbench.controls import button, field, row, wide

FIELDS = ".wb-confirm textarea, .wb-confirm button"


class Confirmation(w.VBox):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """Nothing is shown until something is asked; nothing is done until it is confirmed.

    Parameters
    ----------
    act : does something, says so or why not, and returns whether it went well; the question stays when it did not.
    focus : gives the focus to what a CSS selector finds. back : what has it when the question is gone.
    """

    children: Sequence[w.Widget]

    def __init__(
        self, lang: str, act: Callable[[Callable[[], str]], bool], focus: Callable[[str], None], back: str
    ) -> None:
        super().__init__(layout=w.Layout(width="100%", display="none"))
        self._lang, self._act, self._focus, self._back = lang, act, focus, back
        self._doing: Callable[[str], str] | None = None
        self.words = w.HTML(layout=wide())
        self.reason = field(w.Textarea, translate("workbench.confirm.reason", lang), rows=2)
        self.yes = button("", self._confirm, "primary")
        self.no = button(translate("workbench.confirm.no", lang), self._cancel)
        self.add_class("wb-confirm")
        self.children = [self.words, self.reason, row(self.yes, self.no)]

    @property
    def asking(self) -> bool:
        return self._doing is not None

    def ask(self, lines: Sequence[str], confirm: str, act: Callable[[str], str], required: bool = True) -> None:
        """Show what would be done, and put the focus where the reason goes.

        Parameters: ``confirm`` on the button; ``act`` does it, given the reason, which may be left blank unless ``required``.
        """
        said = Markup("<br>").join(escape(line) for line in lines)
        self.words.value = str(Markup('<div role="alert">{}</div>').format(said))
        self.reason.value = ""
        self.reason.placeholder = translate(f"workbench.confirm.{'required' if required else 'optional'}", self._lang)
        self.yes.description = self.yes.tooltip = confirm
        self._doing = act
        self.layout.display = ""
        self._focus(FIELDS)

    def close_question(self) -> None:
        """Ask no longer."""
        self._doing = None
        self.words.value = ""
        self.layout.display = "none"

    def _confirm(self) -> None:
        doing, reason = self._doing, self.reason.value
        if doing and self._act(lambda: doing(reason)):
            self.close_question()
            self._focus(self._back)

    def _cancel(self) -> None:
        self.close_question()
        self._focus(self._back)
