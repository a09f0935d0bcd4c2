"""Rules between tables, and what is suspicious: each a small function that tells the rows it concerns.

What these find is used as it stands; somebody should look at it. Bounds that are ours, not the regulation's, stand
together at the top.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Findings

TIMES_MEDIAN = 10  # an income so many times the median of its county
SAME_TEXT_SHARE, SAME_TEXT_DAYS = 0.8, 20  # of a member's entries, and how many there must be
Frames = dict[str, pd.DataFrame]


def check_rules(frames: Frames, findings: Findings, year: int) -> None:
    """Everything between the tables of a year that can be asked of those that are there and have rows."""
    frames = {name: frame for name, frame in frames.items() if len(frame)}
    for rule, needed in _RULES.items():
        if all(table in frames and set(columns) <= set(frames[table]) for table, columns in needed.items()):
            rule(frames, findings, year)


def attendance_on_duty(frames: Frames, findings: Findings, year: int) -> None:
    """Days in the register outside the time that the member was on duty; told at the first of each member."""
    for table in ("attendance", "work_logs"):
        if table not in frames or not {"member_id", "day"} <= set(frames[table]):
            continue
        members = frames["members"].drop_duplicates("member_id").set_index("member_id")
        days, who = frames[table]["day"], frames[table]["member_id"]
        begins = who.map(members["on_duty_from"])
        ends = who.map(members["on_duty_to"]) if "on_duty_to" in members else pd.Series(pd.NaT, index=days.index)
        outside = (days < begins) | (days > ends)
        first = outside & ~who.where(outside).duplicated()
        counts = who[outside].value_counts()
        more = lambda row, who=who, counts=counts: {"count": int(counts[who[row]])}  # noqa: E731
        findings.rows(table, first, "day", "checks.off_duty", WARNING, more=more)


def days_of_the_year(frames: Frames, findings: Findings, year: int) -> None:
    """More days in the register than a year has, repeated ones included."""
    table = frames["attendance"]
    most = pd.Timestamp(year, 12, 31).day_of_year
    counts = table["member_id"].value_counts()
    many = counts[counts > most]
    which = table["member_id"].isin(many.index) & ~table["member_id"].duplicated()
    more = lambda row: {"count": int(many[table.at[row, "member_id"]]), "most": most}  # noqa: E731
    findings.rows("attendance", which, "member_id", "checks.days_over_year", WARNING, more=more)


def one_first_secretary(frames: Frames, findings: Findings, year: int) -> None:
    """Two first secretaries of a village at a time."""
    members, teams = frames["members"], frames["teams"].drop_duplicates("team_id").set_index("team_id")
    mine = members[members["role"] == "first_secretary"].copy()
    mine["village"] = mine["team_id"].map(teams["village_id"])
    mine["until"] = mine["on_duty_to"] if "on_duty_to" in mine else pd.NaT
    mine["until"] = mine["until"].fillna(pd.Timestamp.max.floor("s"))
    mine = mine[mine["village"].notna() & mine["on_duty_from"].notna()].sort_values(
        ["village", "on_duty_from", "member_id"]
    )
    mine = mine[~mine.duplicated(["member_id"])]
    latest = mine.groupby("village")["until"].cummax().groupby(mine["village"]).shift()
    twice = mine.index[(mine["on_duty_from"] <= latest).fillna(False)]
    findings.rows("members", members.index.isin(twice), "role", "checks.second_first_secretary", WARNING)


def visits_and_pairings(frames: Frames, findings: Findings, year: int) -> None:
    """Visits before the pairing began or after it ended, and by a cadre who is not paired with the household."""
    visits, pairings = frames["visits"], frames["pairings"].drop_duplicates(["household_id", "cadre_id"])
    ends = [column for column in ("paired_to",) if column in pairings]
    joined = (
        visits.reset_index()
        .merge(
            pairings[["household_id", "cadre_id", "paired_from", *ends]],
            on=["household_id", "cadre_id"],
            how="left",
            indicator=True,
        )
        .set_index("index")
        .reindex(visits.index)
    )
    alone = joined["_merge"] == "left_only"
    findings.rows("visits", alone & visits["cadre_id"].notna(), "cadre_id", "checks.visit_without_pairing", WARNING)
    early = (joined["visited_on"] < joined["paired_from"]).fillna(False)
    more = lambda row: {"day": joined.at[row, "paired_from"].date().isoformat()}  # noqa: E731
    findings.rows("visits", early, "visited_on", "checks.visit_before_pairing", WARNING, more=more)
    if ends:
        late = (joined["visited_on"] > joined["paired_to"]).fillna(False)
        findings.rows("visits", late, "visited_on", "checks.visit_after_pairing", WARNING)


def sums_of_projects(frames: Frames, findings: Findings, year: int) -> None:
    """Spent ≤ disbursed ≤ allocated, project by project, with what earlier years carried over."""
    flows = frames["fund_flows"]
    flows = flows[flows["project_id"].notna() & ~flows.duplicated(["flow_id"])]
    whole = flows.pivot_table(index="project_id", columns="stage", values="amount_yuan", aggfunc="sum")
    whole = whole.reindex(columns=["allocated", "disbursed", "spent", "carried_over"])
    lacking = findings.unusable["fund_flows"] | frames["fund_flows"]["amount_yuan"].isna().to_numpy()
    older = set(frames["fund_flows"].loc[lacking, "project_id"].dropna())  # of which a sum is not known
    if "allocated_on" in flows:
        older |= set(flows.loc[flows["allocated_on"].dt.year < year, "project_id"])
    for low, high, key in (
        ("spent", "disbursed", "checks.spent_over_disbursed"),
        ("disbursed", "allocated", "checks.disbursed_over_allocated"),
    ):
        known = whole[whole[high].notna() & ~whole.index.isin(older)]
        limit = known[high] + known["carried_over"].fillna(0)
        over = known.index[(known[low].fillna(0) - limit) > 0.005]
        mine = flows[flows["project_id"].isin(over) & (flows["stage"] == low)]
        last = mine.sort_values(["on", "flow_id"]).drop_duplicates("project_id", keep="last")

        def more(row: int, low=low, limit=limit) -> dict:
            project = flows.at[row, "project_id"]
            return {"sum": f"{whole.at[project, low]:.2f}", "limit": f"{limit[project]:.2f}", "project": project}

        which = frames["fund_flows"].index.isin(last.index)
        findings.rows("fund_flows", which, "amount_yuan", key, WARNING, more=more)


def incomes_of_households(frames: Frames, findings: Findings, year: int) -> None:
    """An income per head many times the median of the county."""
    homes = frames["households"]
    per_head = homes["income_yuan"] / homes["persons"].where(homes["persons"] > 0).astype("float64")
    villages = frames["villages"].drop_duplicates("village_id").set_index("village_id")
    county = homes["village_id"].map(villages["county"]) if "county" in villages else homes["village_id"]
    _times_median("households", "income_yuan", per_head, county.fillna(""), findings)


def incomes_of_villages(frames: Frames, findings: Findings, year: int) -> None:
    """A village's income per head many times the median of all."""
    table = frames["village_year"]
    everywhere = pd.Series("", index=table.index)
    _times_median(
        "village_year", "farmer_income_per_head_yuan", table["farmer_income_per_head_yuan"], everywhere, findings
    )


def _times_median(table: str, column: str, values: pd.Series, group: pd.Series, findings: Findings) -> None:
    median = values.groupby(group).transform("median")
    high = (values > TIMES_MEDIAN * median) & (median > 0)
    more = lambda row: {"times": int(values[row] // median[row]), "median": f"{median[row]:.0f}"}  # noqa: E731
    findings.rows(table, high.fillna(False), column, "checks.far_above_median", WARNING, more=more)


def one_text_for_every_day(frames: Frames, findings: Findings, year: int) -> None:
    """Registers in which a member has the same words on nearly every day."""
    for table in ("work_logs", "diaries"):
        if table not in frames or not {"member_id", "entry"} <= set(frames[table]):
            continue
        entries = frames[table][frames[table]["entry"].notna()]
        alike = entries.groupby(["member_id", "entry"], sort=False)["entry"].transform("size")
        every = entries.groupby("member_id", sort=False)["entry"].transform("size")
        copied = entries[(every >= SAME_TEXT_DAYS) & (alike >= SAME_TEXT_SHARE * every)]
        first = copied.drop_duplicates("member_id").index
        more = lambda row, alike=alike, every=every: {"alike": int(alike[row]), "count": int(every[row])}  # noqa: E731
        findings.rows(table, frames[table].index.isin(first), "entry", "checks.same_text", WARNING, more=more)


_RULES: dict[Callable[[Frames, Findings, int], None], dict[str, tuple[str, ...]]] = {
    attendance_on_duty: {"members": ("member_id", "on_duty_from")},
    days_of_the_year: {"attendance": ("member_id",)},
    one_first_secretary: {
        "members": ("member_id", "team_id", "role", "on_duty_from"),
        "teams": ("team_id", "village_id"),
    },
    visits_and_pairings: {
        "visits": ("household_id", "cadre_id", "visited_on"),
        "pairings": ("household_id", "cadre_id", "paired_from"),
    },
    sums_of_projects: {"fund_flows": ("flow_id", "project_id", "stage", "amount_yuan", "on")},
    incomes_of_households: {"households": ("income_yuan", "persons", "village_id"), "villages": ("village_id",)},
    incomes_of_villages: {"village_year": ("farmer_income_per_head_yuan",)},
    one_text_for_every_day: {"members": ("member_id",)},
}
