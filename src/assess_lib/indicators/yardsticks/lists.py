"""Lists that the assessed keep themselves: held against the norms, last year's length, and their own numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, fewer
from assess_lib.indicators.yardsticks.households import at_the_end

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
_DUE = (
    ("projects", "project_id", "project_completion"),
    ("commitments", "commitment_id", "commitments"),
    ("ledger", "entry_id", "problem_resolution"),
)


def numbers(c: Comparison) -> Iterator[Question]:
    """Gaps in serial numbers: where nearly all teams number without a gap, a number that is missing was left out."""
    for table, key, measures in _NUMBERED:
        listed = _by_team(c.now(table), key)
        gaps = {team: _gap(ids) for team, ids in listed.items()}
        habit = [gap == "" for gap in (*gaps.values(), *map(_gap, _by_team(c.before(table), key).values()))]
        if not habit or sum(habit) < float(c.norms.serial_share) * len(habit):
            continue
        found = [(team, gap, len(listed[team])) for team, gap in gaps.items() if gap]
        rows = pd.DataFrame(found, columns=["team", "gap", "listed"])
        yield from asked("number_missing", rows, "gap", "listed", None, *measures)


def counts(c: Comparison) -> Iterator[Question]:
    """Lists shorter than the norm, or far shorter than last year's."""
    for table, owed in (("meetings", c.norms.meetings), ("inspections", c.norms.inspections)):
        rows = c.now(table)
        for kind, least in owed.items():
            found = rows[rows["kind"] == kind].groupby("team").size()
            teams = found.index if table == "inspections" else rows["team"].unique()  # none at all is missing evidence
            waits = "party_building" if table == "meetings" else "inspection" if kind == "work" else "environment"
            yield from fewer("fewer_than_owed", found, pd.Series(least, index=pd.Index(teams)), waits)
    for (table, _, name), due in zip(_DUE, (c.norms.projects, c.norms.commitments, c.norms.problems)):
        now = _due(c.now(table), c.year).groupby("team").size()
        was = _due(c.before(table), c.year - 1).groupby("team").size()
        if due is not None:
            yield from fewer(
                "fewer_than_owed", now, pd.Series(due, index=pd.Index(c.now(table)["team"].unique())), name
            )
        yield from fewer("fewer_than_before", now, was, name, least=was * float(c.norms.share_of_last_year))


def due_dates(c: Comparison) -> Iterator[Question]:
    """Due dates that are blank, lie in another year, or nearly all at the end of the year."""
    for table, key, name in _DUE:
        rows = c.now(table)
        rows = rows[rows["category"].isin(["problem", "request"])] if table == "ledger" else rows
        done = next(column for column in ("completed_on", "kept_on", "settled_on") if column in rows)
        over = (rows[done] < c.year_start) & (rows["due_on"] < c.year_start)
        elsewhere = rows[~c.in_year(rows["due_on"]) & ~over.fillna(False)]
        yield from asked("due_elsewhere", elsewhere, key, "due_on", str(c.year), name)
        yield from at_the_end(c, "due_at_the_end", rows, "due_on", key, name)
    for table, key, name in _DUE:
        both = c.both(table, key)
        later = both[both["in_both"] & (both["due_on"] > both["due_on_before"])]
        yield from asked("due_moved", later, key, "due_on", "due_on_before", name)


def reports(c: Comparison) -> Iterator[Question]:
    """Reports that the table has due later than the norm."""
    ends = {"h1": pd.Timestamp(c.year, 6, 30), "h2": c.year_end, "annual": c.year_end}
    rows = c.now("reports")
    for kind, days in c.norms.reports.items():
        last = ends.get(kind, c.year_end) + pd.Timedelta(days=days)
        late = rows[(rows["kind"] == kind) & (rows["due_on"] > last)]
        yield from asked("report_due_late", late, "kind", "due_on", last, "reports_on_time")


def services(c: Comparison) -> Iterator[Question]:
    """Public services with a provincial figure that the village's table lacks."""
    marks = c.table("benchmarks")
    names = marks["metric"][(marks["year"] == c.year) & marks["metric"].str.startswith("service:").fillna(False)]
    rows = c.now("village_services")
    wanted = sorted(set(names.str.removeprefix("service:")))
    known = {*zip(*(rows.dropna(subset=["value"])[column] for column in ("team", "service")))}
    found = [(team, name) for team in rows["team"].unique() for name in wanted if (team, name) not in known]
    yield from asked(
        "service_left_out",
        pd.DataFrame(found, columns=["team", "service"]),
        "service",
        None,
        len(wanted),
        "public_services",
    )


def _due(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = rows[rows["category"].isin(["problem", "request"])] if "category" in rows else rows
    return rows[(rows["due_on"].dt.year == year).fillna(False)]


def _by_team(rows: pd.DataFrame, key: str) -> dict[str, list[str]]:
    """By team its ids of a list, in order."""
    rows = rows.dropna(subset=[key])
    found: dict[str, list[str]] = {}
    for team, name in zip(rows["team"].tolist(), rows[key].tolist()):
        found.setdefault(team, []).append(str(name))
    return {team: sorted(found[team]) for team in sorted(found)}


def _gap(ids: list[str]) -> str | None:
    """The first number that is missing in a list of serial numbers; blank for none, None where they are not serial."""
    prefix = os.path.commonprefix([ids[0], ids[-1]])  # of all, since they are in order
    prefix = prefix if len(ids) > 1 else ids[0][:-1]
    begins, ends = ids[0][len(prefix) :], ids[-1][len(prefix) :]
    if len(begins) == len(ends) and (begins + ends).isdecimal() and (begins + ends).isascii() and int(begins) <= 1:
        if len(set(ids)) == int(ends) - int(begins) + 1 and len(set(map(len, ids))) == 1:
            return ""  # of as many different numbers as lie between the first and the last none is missing
    rest = [text[len(prefix) :] for text in ids]
    if not all(text.isdecimal() and text.isascii() for text in rest):
        return None
    found = {int(text) for text in rest}
    for number in range(min(1, *found), max(found)):
        if number not in found:
            return f"{prefix}{number:0{len(rest[0])}d}"
    return ""
