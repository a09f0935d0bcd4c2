"""The assessed do not choose their own denominator: what they list is held against norms and last year's tables."""

from __future__ import annotations

from collections.abc import Iterator

from assess_lib.indicators.yardsticks import copies, households, lists, work
from assess_lib.indicators.yardsticks.comparison import Comparison, Frames, as_finding
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.findings import Finding

_ASKED = (
    *(
        households.register,
        households.incomes,
        households.people,
        households.needs,
        households.pairings,
        households.dates,
    ),
    *(lists.numbers, lists.counts, lists.due_dates, lists.reports, lists.services),
    copies.unchanged,
    *(work.timetable, work.villages, work.members, work.units, work.money, work.audits),
)
# Tables of the year before that are looked at.
COMPARED = frozenset(
    "teams members units villages village_year households persons household_measures pairings projects commitments"
    " ledger meetings inspections fund_flows audits exit_plans visits reports".split()
)


def questions(norms: Norms, frames: Frames, earlier: Frames, year: int) -> Iterator[Finding]:
    """What is asked about because it differs from the norms or from last year, each with the measures that wait.

    Parameters: ``frames`` the tables of the year by name, ``earlier`` those of the year before, without those that
    nobody has.
    """
    if "teams" not in frames or not len(frames["teams"]):
        return
    comparison = Comparison(year, frames, earlier, norms)
    for ask in _ASKED:
        for question in ask(comparison):
            yield as_finding(question, frames["teams"])
