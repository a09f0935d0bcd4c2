"""What a workbench needs whatever is done in it, prepared once; the kernel of each window is forked from there."""

from __future__ import annotations

from assess_lib.api import hold_years
from assess_lib.faults import UnusableInput
from assess_lib.pages import blocks, charts
from assess_lib.workbench import app as app  # what a kernel would import first
from assess_lib.workbench.session import Session, years_of


def warm_up(data: str, year: str, lang: str) -> None:
    """Read what is kept of the year that will be opened, and make the first card for nobody; nothing where it cannot be opened from that.

    Parameters as they stand in the environment. What cannot be opened is told by the workbench, which has somebody to tell.
    """
    try:
        first = int(year) if year.isdigit() else next(iter(years_of(data)), None)
        if not data or first is None or not hold_years(data, first):  # the copy to practise on is small
            return
        card = Session(data, first).card(lang)
        for prepared in (blocks.head, charts.peer_position, charts.dimensions, lambda card: blocks.font(card, "")):
            prepared(card)
    except (UnusableInput, OSError):
        return
