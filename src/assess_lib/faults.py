"""What is wrong with an input, said so that an evaluator can put it right.

Every part of the workbench that reads something (tables, rubrics, parameters) collects `Fault`s,
goes on to the end, and raises one `UnusableInput` with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from assess_lib.words import say


@dataclass(frozen=True)
class Fault:
    """One fault: the file, the place in it, the value found, and the key of its wording.

    Parameters
    ----------
    key : entry under ``faults`` in the word list; it says what is wrong and what would be right.
    file : the file as the reader knows it.
    place : line, row and column, or cell address; empty when the file as a whole is meant.
    value : what was found there, as written; empty when nothing was found.
    details : what the wording fills in.
    """

    key: str
    file: str = ""
    place: str = ""
    value: str = ""
    details: dict = field(default_factory=dict, hash=False)

    def text(self, lang: str = "zh") -> str:
        """The fault in one line: place, value, what is wrong, what would be right."""
        where = " ".join(part for part in (self.file, self.place) if part)
        found = say("faults.found", lang, value=_short(self.value)) if self.value else ""
        return say(
            "faults.line",
            lang,
            where=where,
            found=found,
            wrong=say(f"faults.{self.key}.wrong", lang, **self.details),
            right=say(f"faults.{self.key}.right", lang, **self.details),
        ).strip()


class UnusableInput(Exception):
    """Raised with every fault found when an input cannot be used as it is.

    ``lang`` is the language in which it speaks; whoever knows the reader's sets it.
    """

    lang = "zh"

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.text(self.lang)

    def text(self, lang: str = "zh") -> str:
        """All faults, a line each, headed by their number."""
        head = say("faults.head", lang, count=len(self.faults))
        return "\n".join([head, *(f"  {fault.text(lang)}" for fault in self.faults)])

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in a notebook: the faults in words instead of a traceback."""
        return [str(self)]


def _short(value: str, limit: int = 60) -> str:
    flat = " ".join(str(value).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
