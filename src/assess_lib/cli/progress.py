"""Progress of a command that takes more than two seconds: a line on the standard error that says how far it is.

On a terminal one line that is written anew and gone at the end; elsewhere a line now and then, ever more seldom.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self, TextIO

from assess_lib.progress import counted
from assess_lib.words import translate

# Seconds until the first line, between the last ones, and between those of a terminal.
FIRST, LONGEST, REDRAWN = 2.0, 30.0, 0.5
_FROM_THE_LEFT = "\r\x1b[K"


class Progress:
    """The progress of a command; to be used as a context.

    Parameters: ``phase`` in which it begins. ``tell`` takes what the work says, ``steps`` gives a function for work that
    counts the steps of one phase.
    """

    def __init__(self, lang: str, phase: str) -> None:
        self._lang, self._now = lang, (phase, 0, 0)
        self._stream: TextIO | None = sys.stderr  # none where the standard error was closed
        self._redraws = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._began, self._ended, self._shown = time.monotonic(), threading.Event(), False
        self._watch = threading.Thread(target=self._show_now_and_then, daemon=True)

    def tell(self, phase: str, done: int = 0, of: int = 0) -> None:
        self._now = phase, done, of

    def steps(self, phase: str) -> Callable[[int], None]:
        return counted(self.tell, phase)

    def line(self, seconds: float) -> str:
        """What is shown when the command has run for so long."""
        phase, done, of = self._now
        words = translate(f"progress.{phase}", self._lang, done=done, of=of)
        return translate("progress.line", self._lang, words=words, seconds=int(seconds))

    def __enter__(self) -> Self:
        from assess_lib.workers import interrupt_waits  # loads what starting a command does without

        with interrupt_waits():  # an interrupt is for the command, and not for who watches it
            self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()
        if self._redraws and self._shown:
            self._write(_FROM_THE_LEFT)

    def _show_now_and_then(self) -> None:
        wait = FIRST
        while not self._ended.wait(wait):
            line = self.line(time.monotonic() - self._began)
            self._write(f"{_FROM_THE_LEFT}{line}" if self._redraws else f"{line}\n")
            self._shown = True
            wait = REDRAWN if self._redraws else min(LONGEST, 2 * wait)

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        with suppress(OSError, ValueError):  # nobody listens any more
            self._stream.write(text)
            self._stream.flush()
