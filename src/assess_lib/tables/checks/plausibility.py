"""Rules between tables, and what is suspicious: each a small function that tells the rows it concerns.

Most findings are warnings, and what they tell of is used as it stands; spending more than came is an error. Bounds
stand in ``parameters/plausibility.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, WARNING
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.findings import Finding, finding, shown_number
from assess_lib.tables.id_lookup import among, places, row_codes

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Context:
    """What a rule may ask for beside the rows: the year, and by table which rows have an error, shape (rows,)."""

    year: int
    unusable: dict[str, np.ndarray]


def check_rules(frames: Frames, year: int, unusable: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Everything between the tables of a year that can be asked of those that are there and have rows."""
    frames, context = {name: frame for name, frame in frames.items() if len(frame)}, Context(year, unusable)
    for rule, needed in _RULES.items():
        if all(table in frames and set(columns) <= set(frames[table]) for table, columns in needed.items()):
            yield from rule(frames, context)


def attendance_on_duty(frames: Frames, context: Context) -> Iterator[Finding]:
    """Days in registers and diaries outside the time that the member was on duty; told at the first of each member."""
    for table in ("attendance", "work_logs", "diaries"):
        if table not in frames or not {"member_id", "day"} <= set(frames[table]):
            continue
        members = frames["members"][~context.unusable["members"]].drop_duplicates("member_id")
        days, who = frames[table]["day"].to_numpy(), frames[table]["member_id"]
        at = places(who, members["member_id"])
        outside = days < _taken(members["on_duty_from"], at)  # no day lies before or after one that is not known
        if "on_duty_to" in members:
            outside |= days > _taken(members["on_duty_to"], at)
        counts = who[outside].value_counts()
        first = np.flatnonzero(outside)[~who[outside].duplicated().to_numpy()]
        which = np.zeros(len(days), dtype=bool)
        which[first] = True
        row_details = lambda row, who=who, counts=counts: {"count": int(counts[who[row]])}
        yield finding(table, which, "day", "checks.off_duty", WARNING, row_details=row_details)


def _taken(days: pd.Series, at: np.ndarray) -> np.ndarray:
    """The day at each place, none for -1, shape of ``at``."""
    return np.append(days.to_numpy(), np.datetime64("NaT"))[at]


def days_of_the_year(frames: Frames, context: Context) -> Iterator[Finding]:
    """More days in the register than a year has, repeated ones included."""
    table = frames["attendance"]
    most = pd.Timestamp(context.year, 12, 31).day_of_year
    counts = table["member_id"].value_counts()
    many = counts[counts > most]
    if many.empty:
        return
    which = table["member_id"].isin(many.index) & ~table["member_id"].duplicated()
    row_details = lambda row: {"count": int(many[table.at[row, "member_id"]]), "most": most}
    yield finding("attendance", which, "member_id", "checks.days_over_year", WARNING, row_details=row_details)


def one_first_secretary(frames: Frames, context: Context) -> Iterator[Finding]:
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
    yield finding("members", members.index.isin(twice), "role", "checks.second_first_secretary", WARNING)


def visits_and_pairings(frames: Frames, context: Context) -> Iterator[Finding]:
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
    alone = (joined["_merge"] == "left_only") & visits["cadre_id"].notna()
    for found, visits_told in _pairings_typed_wrong(visits, pairings, alone):
        alone &= ~visits_told
        yield found
    yield finding("visits", alone, "cadre_id", "checks.visit_without_pairing", WARNING)
    early = (joined["visited_on"] < joined["paired_from"]).fillna(False)
    row_details = lambda row: {"day": joined.at[row, "paired_from"].date().isoformat()}
    yield finding("visits", early, "visited_on", "checks.visit_before_pairing", WARNING, row_details=row_details)
    if ends:
        late = (joined["visited_on"] > joined["paired_to"]).fillna(False)
        yield finding("visits", late, "visited_on", "checks.visit_after_pairing", WARNING)


def _pairings_typed_wrong(
    visits: pd.DataFrame, pairings: pd.DataFrame, alone: pd.Series
) -> Iterator[tuple[Finding, np.ndarray]]:
    """Pairings without a visit for which several visits without a pairing were meant, and these visits, shape (visits,).

    Both name the same household, or the same cadre, and nothing else does. Parameters: ``alone`` which visits have no pairing.
    """
    keys = ["household_id", "cadre_id"]
    lost = visits[alone].groupby(keys).size()
    lost = lost[lost >= bounds().visits_of_a_pairing]
    if lost.empty:
        return
    met = pd.MultiIndex.from_frame(visits[keys])
    idle = pairings[~pd.MultiIndex.from_frame(pairings[keys]).isin(met)]
    for (household, cadre), count in lost.items():
        named = {"household_id": household, "cadre_id": cadre}
        for same, other in (keys, keys[::-1]):
            rows = idle[(idle[same] == named[same]).fillna(False)]
            alike = lost.index.get_level_values(same) == named[same]
            if len(rows) == 1 and alike.sum() == 1:
                details = {"visits": int(count), "named": named[other]}
                mine = (visits["household_id"] == household) & (visits["cadre_id"] == cadre)
                found = Finding(
                    "pairings", rows.index.to_numpy(), other, f"checks.{other}_of_no_visit", WARNING, details
                )
                yield found, mine.fillna(False).to_numpy(dtype=bool)
                break


def sums_of_projects(frames: Frames, context: Context) -> Iterator[Finding]:
    """Spent ≤ disbursed ≤ allocated, project by project, with what earlier years carried over; told at the largest amount."""
    flows = frames["fund_flows"]
    flows = flows[flows["project_id"].notna() & ~flows.duplicated(["flow_id"])]
    whole = flows.pivot_table(index="project_id", columns="stage", values="amount_yuan", aggfunc="sum")
    whole = whole.reindex(columns=["allocated", "disbursed", "spent", "carried_over"])
    lacking = context.unusable["fund_flows"] | frames["fund_flows"]["amount_yuan"].isna().to_numpy()
    older = set(frames["fund_flows"].loc[lacking, "project_id"].dropna())  # of which a sum is not known
    if "allocated_on" in flows:
        older |= set(flows.loc[flows["allocated_on"].dt.year < context.year, "project_id"])
    for low, high, key in (
        ("spent", "disbursed", "checks.spent_over_disbursed"),
        ("disbursed", "allocated", "checks.disbursed_over_allocated"),
    ):
        known = whole[whole[high].notna() & ~among(whole.index.to_series(), older)]
        limit = known[high] + known["carried_over"].fillna(0)
        over = known.index[(known[low].fillna(0) - limit) > 0.005]
        mine = flows[among(flows["project_id"], over) & (flows["stage"] == low)]
        last = mine.sort_values(["amount_yuan", "on", "flow_id"]).drop_duplicates(
            "project_id", keep="last"
        )  # the largest
        severity = ERROR if low == "spent" else WARNING  # nobody spends what has not come

        def row_details(row: int, low: str = low, limit: pd.Series = limit) -> dict:
            project = flows.at[row, "project_id"]
            return {"sum": f"{whole.at[project, low]:.2f}", "limit": f"{limit[project]:.2f}", "project": project}

        which = frames["fund_flows"].index.isin(last.index)
        yield finding("fund_flows", which, "amount_yuan", key, severity, row_details=row_details)


def poor_without_register(frames: Frames, context: Context) -> Iterator[Finding]:
    """Households that are called 贫困户 and are not registered, so that nothing is owed to them."""
    homes = frames["households"]
    which = (homes["category"] == "poor") & ~homes["registered"].fillna(True).astype(bool)
    yield finding("households", which.fillna(False), "registered", "checks.poor_without_register", WARNING)


def visits_without_village(frames: Frames, context: Context) -> Iterator[Finding]:
    """Visits of a leader that name no village, of a unit with several teams."""
    actions, units = frames["unit_actions"], frames["teams"]["unit_id"].value_counts()
    teams = actions["unit_id"].map(units).fillna(0).astype(int)
    which = (actions["kind"] == "leader_visit") & actions["village_id"].isna() & (teams > 1)
    row_details = lambda row: {"count": int(teams[row])}
    key = "checks.visit_without_village"
    yield finding("unit_actions", which.fillna(False), "village_id", key, WARNING, row_details=row_details)


def incomes_of_households(frames: Frames, context: Context) -> Iterator[Finding]:
    """An income per head many times the median of the county."""
    homes = frames["households"]
    per_head = homes["income_yuan"] / homes["persons"].where(homes["persons"] > 0).astype("float64")
    villages = frames["villages"].drop_duplicates("village_id").set_index("village_id")
    county = homes["village_id"].map(villages["county"]) if "county" in villages else homes["village_id"]
    yield from _times_median("households", "income_yuan", per_head, county.fillna(""), context)


def incomes_beside_those_before(frames: Frames, context: Context) -> Iterator[Finding]:
    """An income of a household many times that of the year before in the same row, or a small part of it."""
    homes, times = frames["households"], bounds().income.times_before
    now, was = homes["income_yuan"], homes["income_prev_yuan"]
    far = ((now > times * was) | (was > times * now)) & (now > 0) & (was > 0) & ~context.unusable["households"]
    row_details = lambda row: {"before": shown_number(was[row], grouped=True)}
    yield finding(
        "households", far.fillna(False), "income_yuan", "checks.far_from_before", WARNING, row_details=row_details
    )


def incomes_of_villages(frames: Frames, context: Context) -> Iterator[Finding]:
    """A village's income per head many times the median of all."""
    table = frames["village_year"]
    everywhere = pd.Series("", index=table.index)
    column = "farmer_income_per_head_yuan"
    yield from _times_median("village_year", column, table[column], everywhere, context)


def _times_median(table: str, column: str, values: pd.Series, group: pd.Series, context: Context) -> Iterator[Finding]:
    median = values.groupby(group).transform("median")
    high = (values > bounds().income.times_median * median) & (median > 0) & ~context.unusable[table]
    row_details = lambda row: {"times": int(values[row] // median[row]), "median": f"{median[row]:.0f}"}
    yield finding(table, high.fillna(False), column, "checks.far_above_median", WARNING, row_details=row_details)


def money_of_counties(frames: Frames, context: Context) -> Iterator[Finding]:
    """Amounts of a county that lie far above or below those of the others, as in another unit; told at its first row."""
    about = bounds().money_of_a_county
    flows, villages = frames["fund_flows"], frames["villages"].drop_duplicates("village_id").set_index("village_id")
    county = flows["village_id"].map(villages["county"])
    medians = flows["amount_yuan"].groupby(county).agg(["median", "size"])
    medians = medians[medians["size"] >= about.least_rows]["median"]
    if len(medians) < 2:
        return
    others = pd.Series({name: medians.drop(name).median() for name in medians.index})
    times = medians / others
    far = times[(times >= about.times) | (times <= 1 / about.times)].index
    which = county.isin(far) & ~county.duplicated()
    row_details = lambda row: {
        "county": county[row],
        "median": f"{medians[county[row]]:.2f}",
        "others": f"{others[county[row]]:.2f}",
    }
    yield finding("fund_flows", which, "amount_yuan", "checks.money_of_county", WARNING, row_details=row_details)


def rows_of_people(frames: Frames, context: Context) -> Iterator[Finding]:
    """Households with another number of persons than rows of people; told at the first of each village.

    Rows with an error may be anybody's: what they explain is told at them.
    """
    homes, people = frames["households"], frames["persons"]
    wrong = context.unusable["persons"]
    owner = people["household_id"]
    with_wrong = homes["household_id"].map(owner.value_counts()).fillna(0)
    rows = homes["household_id"].map(owner[~wrong].value_counts()).fillna(0) if wrong.any() else with_wrong
    persons = homes["persons"].astype("float64")
    many, few = (rows > persons).fillna(False), (with_wrong < persons).fillna(False)
    of_others = owner[wrong]
    if len(of_others):
        of_others = of_others[~of_others.isin(homes["household_id"][with_wrong <= persons])]
    lacking = (persons - with_wrong).where(few & (persons - with_wrong <= len(of_others)), 0)
    if lacking.sum() <= len(of_others):
        few &= lacking == 0
    differs = (many | few) & ~context.unusable["households"]
    if "registered" in homes:  # others need not be told person by person
        differs &= homes["registered"].fillna(False).astype(bool) | (rows > 0)
    other = differs.to_numpy()
    village = homes["village_id"].fillna("")
    counts = village[other].value_counts()
    which = other & ~village.where(other).duplicated().to_numpy()
    row_details = lambda row: {
        "count": int(counts[village[row]]),
        "rows": int(rows[row]),
        "persons": int(homes.at[row, "persons"]),
    }
    yield finding("households", which, "persons", "checks.rows_of_people", WARNING, row_details=row_details)


def people_of_villages(frames: Frames, context: Context) -> Iterator[Finding]:
    """Villages whose households have more people than live there, or hardly any of them."""
    about, table = bounds().people_of_a_village, frames["village_year"]
    people = frames["households"].groupby("village_id")["persons"].sum().astype("float64")
    share = table["village_id"].map(people).astype("float64") / table["population"].astype("float64").where(
        lambda population: population > 0
    )
    few, many = share < about.least_share, share > about.most_share
    row_details = lambda row: {"people": int(people[table.at[row, "village_id"]])}
    for which, key in ((few, "checks.few_people"), (many, "checks.many_people")):
        yield finding("village_year", which, "population", key, WARNING, row_details=row_details)


def one_text_for_every_day(frames: Frames, context: Context) -> Iterator[Finding]:
    """Registers in which a member has the same words on nearly every day."""
    about = bounds().same_text
    for table in ("work_logs", "diaries"):
        if table not in frames or not {"member_id", "entry"} <= set(frames[table]):
            continue
        entries = frames[table][frames[table]["entry"].notna()]
        alike, every = _group_sizes(entries[["member_id", "entry"]]), _group_sizes(entries[["member_id"]])
        copied = entries[(every >= about.least_entries) & (alike >= about.share * every)]
        first = copied.drop_duplicates("member_id").index
        row_details = lambda row, alike=alike, every=every: {"alike": int(alike[row]), "count": int(every[row])}
        yield finding(
            table, frames[table].index.isin(first), "entry", "checks.same_text", WARNING, row_details=row_details
        )


def _group_sizes(columns: pd.DataFrame) -> pd.Series:
    """For each row the number of rows that say the same in all columns, index of the rows."""
    codes = row_codes(columns)
    return pd.Series(np.bincount(codes)[codes] if len(codes) else [], index=columns.index)


_RULES: dict[Callable[[Frames, Context], Iterator[Finding]], dict[str, tuple[str, ...]]] = {
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
    poor_without_register: {"households": ("category", "registered")},
    visits_without_village: {"unit_actions": ("unit_id", "village_id", "kind"), "teams": ("team_id", "unit_id")},
    incomes_of_households: {"households": ("income_yuan", "persons", "village_id"), "villages": ("village_id",)},
    incomes_beside_those_before: {"households": ("income_yuan", "income_prev_yuan")},
    incomes_of_villages: {"village_year": ("farmer_income_per_head_yuan",)},
    money_of_counties: {"fund_flows": ("village_id", "amount_yuan"), "villages": ("village_id", "county")},
    rows_of_people: {"households": ("household_id", "village_id", "persons"), "persons": ("household_id",)},
    people_of_villages: {"households": ("village_id", "persons"), "village_year": ("village_id", "population")},
    one_text_for_every_day: {"members": ("member_id",)},
}
