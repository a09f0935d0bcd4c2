"""Rows of which one cell contradicts another, of their own or of another table. All are used as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Finding, finding, shown
from assess_lib.tables.codes import POOR_CATEGORIES
from assess_lib.tables.id_lookup import among

Frames = dict[str, pd.DataFrame]
_TOLD_AT = ("carried_over", "disbursed", "spent")  # the first of these rows that a project has


def check_contradictions(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """All contradictions that can be seen in the tables that are there and have rows.

    Parameters: ``unusable`` by table which rows have an error, shape (rows,).
    """
    frames = {name: frame for name, frame in frames.items() if len(frame)}
    for rule, needed in _RULES.items():
        if all(table in frames and set(columns) <= set(frames[table]) for table, columns in needed.items()):
            yield from rule(frames, year, unusable)


def spent_and_carried_over(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Spent and left at the year's end ≤ disbursed, of projects with money of this year's allocations alone."""
    flows = frames["fund_flows"]
    lacking = unusable["fund_flows"] | flows["amount_yuan"].isna().to_numpy()
    older = set(flows.loc[lacking | (flows["allocated_on"].dt.year < year), "project_id"].dropna())
    flows = flows[flows["project_id"].notna() & ~flows["project_id"].isin(older) & ~flows.duplicated(["flow_id"])]
    whole = flows.pivot_table(index="project_id", columns="stage", values="amount_yuan", aggfunc="sum")
    whole = whole.reindex(columns=["disbursed", "spent", "carried_over"])
    came, spent = whole["disbursed"].fillna(0), whole["spent"].fillna(0)
    gone = spent + whole["carried_over"].fillna(0)
    over = whole.index[(gone - came > 0.005) & ~((spent - came > 0.005) & whole["disbursed"].notna())]
    told = flows[flows["project_id"].isin(over) & flows["stage"].isin(_TOLD_AT)]
    told = told.iloc[np.argsort(told["stage"].map(_TOLD_AT.index).to_numpy(), kind="stable")].drop_duplicates(
        "project_id"
    )

    def row_details(row: int) -> dict:
        project = flows.at[row, "project_id"]
        return {"sum": f"{gone[project]:.2f}", "limit": f"{came[project]:.2f}", "project": project}

    which = frames["fund_flows"].index.isin(told.index)
    yield finding("fund_flows", which, "amount_yuan", "checks.spent_and_carried_over", WARNING, row_details=row_details)


def accepted_without_completion(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Projects that were accepted and, by the table, never completed."""
    rows = frames["projects"]
    which = rows["accepted_on"].notna() & rows["completed_on"].isna()
    details = lambda row: {"day": shown(rows.at[row, "accepted_on"])}
    yield finding("projects", which, "completed_on", "checks.accepted_without_completion", WARNING, row_details=details)


def delivered_unneeded(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Measures that are not needed, and were delivered."""
    rows = frames["household_measures"]
    which = (rows["needed"] == False).fillna(False) & rows["delivered_on"].notna()  # noqa: E712
    details = lambda row: {"day": shown(rows.at[row, "delivered_on"])}
    yield finding("household_measures", which, "needed", "checks.delivered_unneeded", WARNING, row_details=details)


def due_out_over_register(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """More households due out of poverty than the village has in a poor category."""
    rows, homes = frames["exit_plans"], frames["households"]
    poor = homes[
        among(homes["category"], POOR_CATEGORIES) | homes.get("exited_on", pd.Series(pd.NaT, homes.index)).notna()
    ]
    listed = poor["village_id"].value_counts().reindex(homes["village_id"].dropna().unique(), fill_value=0)
    counts = rows["village_id"].map(listed)
    which = (rows["households_due_out"] > counts).fillna(False)
    details = lambda row: {"count": int(rows.at[row, "households_due_out"]), "most": int(counts[row])}
    yield finding(
        "exit_plans", which, "households_due_out", "checks.due_out_over_register", WARNING, row_details=details
    )


_RULES: dict[Callable[[Frames, int, dict[str, np.ndarray]], Iterator[Finding]], dict[str, tuple[str, ...]]] = {
    spent_and_carried_over: {"fund_flows": ("flow_id", "project_id", "stage", "amount_yuan", "allocated_on")},
    accepted_without_completion: {"projects": ("accepted_on", "completed_on")},
    delivered_unneeded: {"household_measures": ("needed", "delivered_on")},
    due_out_over_register: {
        "exit_plans": ("village_id", "households_due_out"),
        "households": ("village_id", "category"),
    },
}
