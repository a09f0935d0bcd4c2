"""Lists that the assessed keep themselves: held against the norms, last year's length, and their own numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, counted, fewer, share_of
from assess_lib.indicators.yardsticks.households import at_the_end
from assess_lib.indicators.yardsticks.numbering import missing_numbers
from assess_lib.tables.checks.bounds import bounds

_NUMBERED = (  # a list, its numbers, its kinds, and what is measured from it
    ("commitments", "commitment_id", ("commitments",)),
    ("ledger", "entry_id", ("problem_resolution", "work_ledger")),
    ("meetings", "meeting_id", ("party_building",)),
    ("inspections", "inspection_id", ("inspection", "environment")),
    (
        "fund_flows",
        "flow_id",
        ("execution", "targeting", "planned_integration", "disclosure", "carry_over", "leverage", "funds_raised"),
    ),
)
ASKED_OF_TEAMS = ("problem", "request")  # the entries of the work ledger that are to be settled
_DUE = (
    ("projects", "project_id", "project_completion"),
    ("commitments", "commitment_id", "commitments"),
    ("ledger", "entry_id", "problem_resolution"),
)


def numbers(c: Comparison) -> Iterator[Question]:
    """Numbers left out of lists that nearly all teams number on without a gap, and lists that are numbered anew."""
    for table, key, measures in _NUMBERED:
        missing, other = missing_numbers(c, table, key)
        yield from asked("number_missing", missing, "gap", "listed", None, *measures, of=table)
        yield from asked("numbered_otherwise", other, "gap", "listed", None, *measures, of=table)


def counts(c: Comparison) -> Iterator[Question]:
    """Lists shorter than the norm, or far shorter than last year's."""
    for table, owed in (("meetings", c.norms.meetings), ("inspections", c.norms.inspections)):
        rows = c.now(table)
        for kind, least in owed.items():
            found = counted(rows[rows["kind"] == kind])
            teams = found.index if table == "inspections" else counted(rows).index  # none at all is missing evidence
            waits = "party_building" if table == "meetings" else "inspection" if kind == "work" else "environment"
            yield from fewer("fewer_than_owed", found, pd.Series(least, teams), waits, of=table, kinds=(kind,))
    for (table, _, name), due in zip(_DUE, (c.norms.projects, c.norms.commitments, c.norms.problems)):
        kinds = ASKED_OF_TEAMS if table == "ledger" else ()
        now = counted(_due(c.now(table), c.year))
        was = counted(_due(c.before(table), c.year - 1))
        if due is not None:
            yield from fewer(
                "fewer_than_owed", now, pd.Series(due, counted(c.now(table)).index), name, of=table, kinds=kinds
            )
        yield from fewer(
            "fewer_than_before", now, was, name, of=table, kinds=kinds, least=was * float(c.norms.share_of_last_year)
        )
    shares = [share_of(rows, rows["category"].isin(ASKED_OF_TEAMS)) for rows in (c.now("ledger"), c.before("ledger"))]
    least = shares[1] - float(c.norms.share_shift)
    there = least.index.isin(shares[0].index)
    yield from fewer(
        "fewer_to_settle",
        shares[0],
        shares[1][there],
        "problem_resolution",
        of="ledger",
        kinds=ASKED_OF_TEAMS,
        least=least[there],
    )


def due_dates(c: Comparison) -> Iterator[Question]:
    """Due dates that are blank, lie in another year, or nearly all at the end of the year."""
    for table, key, name in _DUE:
        rows = c.now(table)
        rows = _to_settle(rows)
        done = next(column for column in ("completed_on", "kept_on", "settled_on") if column in rows)
        over = (rows[done] < c.year_start) & (rows["due_on"] < c.year_start)
        elsewhere = rows[~c.in_year(rows["due_on"]) & ~over.fillna(False)]
        yield from asked("due_elsewhere", elsewhere, key, "due_on", str(c.year), name, of=table)
        yield from at_the_end(c, "due_at_the_end", table, rows, "due_on", key, name)
    for table, key, name in _DUE:
        both = c.both(table, "due_on")
        later = both[(both["due_on"] > both["due_on_before"])]
        yield from asked("due_moved", later, key, "due_on", "due_on_before", name, of=table)


def reports(c: Comparison) -> Iterator[Question]:
    """Reports that the table has due later than the norm."""
    about = bounds().reports_due_alike
    ends = {"h1": pd.Timestamp(c.year, 6, 30), "h2": c.year_end, "annual": c.year_end}
    rows = c.now("reports")
    for kind, days in c.norms.reports.items():
        last = ends.get(kind, c.year_end) + pd.Timedelta(days=days)
        late = rows[(rows["kind"] == kind) & (rows["due_on"] > last)]
        yield from asked("report_due_late", late, "kind", "due_on", last, "reports_on_time", of="reports")
    alike = rows.groupby(["kind", "recipient"], dropna=False, observed=True)["due_on"]
    usual = alike.transform(lambda days: days.mode().min() if days.notna().any() else pd.NaT)
    same = (rows["due_on"] == usual).groupby([rows["kind"], rows["recipient"]], dropna=False, observed=True)
    most = (same.transform("mean") >= about.share) & (same.transform("size") >= about.least_rows)
    other = rows.assign(usual=usual)[most & (rows["due_on"] != usual)]
    yield from asked("report_due_otherwise", other, "kind", "due_on", "usual", of="reports")


def _due(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = _to_settle(rows)
    return rows[(rows["due_on"].dt.year == year).fillna(False)]


def _to_settle(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that have to be done: of the work ledger the problems and requests, else all."""
    return rows[rows["category"].isin(ASKED_OF_TEAMS)] if "category" in rows else rows
