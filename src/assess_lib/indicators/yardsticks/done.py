"""Days on which something is said to have been done: not before it was due to begin, nor before last year's table ended."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.id_lookup import among

# Done in an earlier year, though last year's table does not have it done on that day: the column, the id, and what waits. ``new`` where
# a row that last year's table lacks is asked about too.
_DATED_BACK = (
    ("households", "plan_made_on", "household_id", ("household_plans",), False),
    ("pairings", "plan_made_on", "household_id", ("individual_plans",), True),
    ("villages", "delisted_on", "village_id", ("village_exit",), False),
    ("household_measures", "delivered_on", "household_id", ("ten_measures", "loan_support"), True),
    ("household_measures", "asked_on", "household_id", ("loan_support",), False),
    ("ledger", "updated_on", "entry_id", ("work_ledger",), True),
    ("projects", "completed_on", "project_id", ("project_completion", "project_support"), True),
    ("projects", "accepted_on", "project_id", ("project_completion", "project_support"), True),
    ("projects", "posted_on", "project_id", ("disclosure",), True),
    ("commitments", "kept_on", "commitment_id", ("commitments",), True),
    ("ledger", "settled_on", "entry_id", ("problem_resolution",), True),
)


def dated_back(c: Comparison) -> Iterator[Question]:
    """What was done in an earlier year by this year's table, and not, or on another day, by last year's."""
    for table, column, key, measures, new in _DATED_BACK:
        both = c.both(table, column)
        found = both[c.before_year(both[column]) & ~(both[column] == both[f"{column}_before"]).fillna(False)]
        if new and len(c.before(table)):
            came = c.came(table)
            found = pd.concat([found, came[c.before_year(came[column])]])
        yield from asked("done_dated_back", found, key, column, f"{column}_before", *measures, of=table)


def too_early(c: Comparison) -> Iterator[Question]:
    """What was done before that on which it follows."""
    promised = c.now("commitments")
    kept = promised[promised["kept_on"] < promised["posted_on"]]
    yield from asked("done_too_early", kept, "commitment_id", "kept_on", "posted_on", "commitments", of="commitments")
    meetings = c.now("meetings")
    held = meetings[c.before_year(meetings["held_on"])]
    yield from asked("done_too_early", held, "meeting_id", "held_on", "due_on", "party_building", of="meetings")
    flows = c.now("fund_flows")
    posted = flows[(flows["stage"] == "allocated") & (flows["posted_on"].dt.year < flows["on"].dt.year)]
    yield from asked("done_too_early", posted, "flow_id", "posted_on", "on", "disclosure", of="fund_flows")
    pairs = c.now("pairings")
    planned = pairs[pairs["plan_made_on"].dt.year < pairs["paired_from"].dt.year]
    yield from asked(
        "done_too_early", planned, "household_id", "plan_made_on", "paired_from", "individual_plans", of="pairings"
    )
    yield from _members(c)
    yield from _reports(c)


def _members(c: Comparison) -> Iterator[Question]:
    """Members released, or their membership moved, long before they came on duty."""
    if c.norms.release_days is None:
        return
    rows, both = c.now("members"), c.both("members", "on_duty_from")
    moved = both["member_id"][both["on_duty_from"] > both["on_duty_from_before"]]  # which is asked about by itself
    rows = rows[~among(rows["member_id"], moved)]
    first = rows["on_duty_from"] - pd.Timedelta(days=c.norms.release_days)
    for column, name in (("decoupled_on", "decoupled"), ("party_transferred_on", "party_transfer")):
        early = rows[rows[column] < first]
        yield from asked("done_too_early", early, "member_id", column, "on_duty_from", name, of="members")


def _reports(c: Comparison) -> Iterator[Question]:
    """Reports that came in before the time on which they report was nearly over."""
    rows = c.now("reports")
    ends = rows["kind"].map({"h1": pd.Timestamp(c.year, 6, 30)}).fillna(c.year_end).astype(rows["due_on"].dtype)
    lead = c.norms.report_lead_days
    first = ends - pd.Timedelta(days=lead) if lead is not None else pd.Series(c.year_start, rows.index)
    early = rows.assign(first=first)[rows["received_on"] < first]
    yield from asked("done_too_early", early, "kind", "received_on", "first", "reports_on_time", of="reports")
