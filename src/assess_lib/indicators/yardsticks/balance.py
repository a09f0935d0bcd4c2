"""Money of a village: what arrived held against what was spent and carried over, and against last year's."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.id_lookup import row_codes

_CENT = 0.01  # sums of cents in binary are not exact


def unaccounted(c: Comparison) -> Iterator[Question]:
    """Money that arrived and was neither spent nor carried over, beyond the share that the norms allow."""
    sums = _sums(c.now("fund_flows"), ["team"])
    if sums.empty:
        return
    sums = sums.assign(lost=(sums["disbursed"] - sums["spent"] - sums["carried_over"]).round(2)).reset_index()
    far = sums[sums["lost"] > sums["disbursed"] * float(c.norms.unaccounted_share)]
    yield from asked("money_unaccounted", far, "", "lost", "disbursed", "carry_over", of="fund_flows")


def overspent(c: Comparison) -> Iterator[Question]:
    """Money spent and carried over that neither arrived nor was left over last year, beyond the share that the norms allow."""
    if c.before("fund_flows").empty:
        return
    now, was = (_sums(rows, ["team"]) for rows in (c.now("fund_flows"), c.before("fund_flows")))
    came = now["disbursed"] + was["carried_over"].reindex(now.index, fill_value=0.0)
    gone = now["spent"] + now["carried_over"]
    over = gone - came > came * float(c.norms.unaccounted_share) + _CENT
    rows = pd.DataFrame({"gone": gone, "came": came})[over].round(2).reset_index()
    yield from asked("money_overspent", rows, "", "gone", "came", "execution", "carry_over", of="fund_flows")


def older(c: Comparison) -> Iterator[Question]:
    """Money said to be of an earlier year's allocation, of which last year's table has less left."""
    flows = c.now("fund_flows")
    old = flows[(flows["allocated_on"] < c.year_start).fillna(False)]
    waits = ("execution", "carry_over", "fund_benefit")
    again = old[old["stage"] == "allocated"]
    yield from asked("allocated_twice", again, "flow_id", "on", "allocated_on", *waits, of="fund_flows")
    if c.before("fund_flows").empty:
        return
    now, was = (_sums(rows, ["team", "source"]) for rows in (old, c.before("fund_flows")))
    was = was.reindex(now.index, fill_value=0.0)
    left = {"disbursed": was["allocated"] - was["disbursed"], "spent": was["allocated"] - was["spent"]}
    for stage, most in left.items():
        sums = now.assign(left=most.clip(lower=was["carried_over"] if stage == "spent" else 0)).reset_index()
        more = sums[sums[stage] > sums["left"] + _CENT]
        yield from asked("older_than_known", more, "source", stage, "left", *waits, of="fund_flows")


def carried_young(c: Comparison) -> Iterator[Question]:
    """Money carried over as of this year, without an allocation of that day for its project, or of its source."""
    flows = c.now("fund_flows")
    allocated = flows[flows["stage"] == "allocated"]
    carried = flows[(flows["stage"] == "carried_over") & c.in_year(flows["allocated_on"])]
    purpose = ["team", "project_id", "on"]
    named = carried.assign(on=carried["allocated_on"])
    of_project = carried["project_id"].notna()
    for which, columns in ((of_project, purpose), (~of_project, ["team", "source", "on"])):
        rows = pd.concat([allocated[columns], named.loc[which, columns]], ignore_index=True)
        codes = pd.Series(row_codes(rows.assign(team=rows["team"].astype("str"))))
        young = carried[which][~codes.iloc[len(allocated) :].isin(codes.iloc[: len(allocated)]).to_numpy()]
        yield from asked("carried_young", young, "flow_id", "allocated_on", None, "carry_over", of="fund_flows")


def _sums(flows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Yuan by stage of each team (and source), a flow that was booked twice once."""
    once = flows.drop_duplicates([name for name in flows.columns if name != "flow_id"])
    sums = once.groupby([*(once[name].astype("str") for name in by), "stage"])["amount_yuan"].sum().unstack()
    return sums.reindex(columns=["allocated", "disbursed", "spent", "carried_over"]).fillna(0.0)
