"""Tables of a team with far fewer rows than last year: what was lost on the way must not cost points in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, counted, fewer
from assess_lib.tables.checks.bounds import bounds

KEY = "rows_fewer"
# Of the other tables what is missing is asked about by its ids, or by what falls due.
_COUNTED = ("pairings", "visits", "household_measures", "fund_flows", "reports", "meetings", "inspections")
_TELL_OF_FEWER = frozenset({"fewer_than_owed", "needs_fewer", "open_needs_left_out", "number_missing"})


def rows_fewer(c: Comparison) -> Iterator[Question]:
    """Tables of which a team has but a part of last year's rows, in whatever files they stood. Nothing waits for it."""
    least, share = bounds().rows_of_a_table.least_of_a_team, float(c.norms.share_of_last_year)
    for table in _COUNTED:
        was = counted(c.before(table))
        was = was[was >= least]
        yield from fewer(KEY, counted(c.now(table)), was, of=table, least=was * share)


def without_what_is_told(questions: Iterable[Question]) -> list[Question]:
    """The questions without those of fewer rows where another one tells that rows of the table are missing."""
    found = list(questions)
    told = {(one.table, team) for one in found if one.key in _TELL_OF_FEWER for team in one.rows["team"]}
    kept = []
    for one in found:
        if one.key == KEY:
            one = replace(one, rows=one.rows[[(one.table, team) not in told for team in one.rows["team"]]])
        if len(one.rows):
            kept.append(one)
    return kept
