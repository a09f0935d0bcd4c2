"""What a warm process does once, so that no notebook of a run has to."""

from __future__ import annotations

import contextlib
import io
import os

from assess_lib.pages import show, summary
from assess_lib.results.prepared import VARIABLE, read_prepared
from assess_lib.results.scorecard import Scorecard

CARD = (
    show.head,
    show.standing,
    show.dimensions,
    show.indicators,
    show.strengths,
    show.change,
    show.evidence,
    show.missing,
    show.appeal_and_method,
)


def rehearse(path: str, lang: str) -> None:
    """Read what the run prepared, and show one team's scorecard to nobody.

    Tables by team, fonts, templates and words are then there; nothing of it depends on the team.
    """
    os.environ[VARIABLE] = path
    now, before = read_prepared(path)[1]
    card = Scorecard(now, before, now.scores.index[0], lang)
    with contextlib.redirect_stdout(io.StringIO()):
        for section in CARD:
            section(card)
        summary.dimensions(now, lang)
