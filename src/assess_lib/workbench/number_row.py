"""A number with a field to type it in and a slider to move it; what is wrong with it stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w
from markupsafe import Markup

from assess_lib.words import translate
from assess_lib.workbench.controls import field

WRONG = "wb-invalid"


class Wrong(w.HTML):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """What is wrong with the control above it, read out as it appears; nothing while all is well."""

    def __init__(self) -> None:
        super().__init__(layout=w.Layout(display="none"))

    def tell(self, words: str) -> None:
        """Show it; nothing for blank words."""
        self.value = str(Markup('<div class="wb-wrong" role="alert">{}</div>').format(words)) if words else ""
        self.layout.display = "" if words else "none"


class NumberRow(w.VBox):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """A slider without words of its own, after a field that has its name and takes the number itself.

    Parameters: ``follow`` is called when what is typed is out of range, when it is within again, and when the slider moves.
    """

    children: Sequence[w.Widget]

    def __init__(self, slider: w.FloatSlider, lang: str, follow: Callable[[], None]) -> None:
        self.slider, self._lang, self._follow = slider, lang, follow
        self.outside = self._echo = (
            False  # whether what is typed is out of range; while the field shows the slider's number
        )
        span: dict[str, Any] = {"step": slider.step, "value": slider.value, "continuous_update": False}
        self.box = field(w.FloatText, slider.description, "250px", {"description_width": "150px"}, **span)
        self.box.add_class("wb-number")
        slider.description, slider.readout, slider.layout = "", False, w.Layout(flex="1 1 60px", min_width="60px")
        self.wrong = Wrong()
        w.dlink((slider, "step"), (self.box, "step"))
        slider.observe(lambda _: self.show_number(), "value")
        self.box.observe(lambda change: self._typed(change["new"]), "value")
        line = w.HBox([self.box, slider], layout=w.Layout(width="98%", align_items="center"))
        super().__init__([line, self.wrong], layout=w.Layout(width="100%"))

    def show_number(self) -> None:
        """Show the number of the slider in the field, whatever was typed."""
        self._echo = True
        self.box.value = round(self.slider.value, 6)
        self._echo = self.outside = False
        self.tell("")

    def tell(self, words: str) -> None:
        """Say beside the number what is wrong with it; nothing for blank words."""
        self.wrong.tell(words)
        (self.box.add_class if words else self.box.remove_class)(WRONG)

    def _typed(self, number: float) -> None:
        if self._echo:
            return
        low, high = self.slider.min, self.slider.max
        self.outside = not low <= number <= high  # also of what is no number
        if self.outside:
            self.tell(translate("workbench.what_if.out_of_range", self._lang, low=f"{low:g}", high=f"{high:g}"))
            self._follow()
        elif self.slider.value != number:
            self.slider.value = number  # whose change is followed
        else:
            self.tell("")
            self._follow()
