"""The work that a warm process does once, so that no notebook of a run has to."""

from __future__ import annotations

import contextlib
import io
import os

from assess_lib.assessment_cache import VARIABLE, read_once
from assess_lib.pages import summary_sections as summary
from assess_lib.pages.scorecard_sections import SECTIONS
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.year_summary import YearSummary


def warm_up(path: str, lang: str) -> None:
    """Read what the run prepared, and show one team's scorecard to nobody.

    Tables by team, fonts, templates and words are then there; nothing of it depends on the team.
    """
    os.environ[VARIABLE] = path
    found = read_once(path)
    if found is None:
        return
    now, before = found[1]
    card = Scorecard(now, before, now.scores.index[0], lang)
    with contextlib.redirect_stdout(io.StringIO()):
        for section in SECTIONS:
            section(card)
        summary.dimensions(YearSummary(now, before, lang))
