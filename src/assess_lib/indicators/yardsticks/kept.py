"""What stays from year to year: rows and facts of last year's table that this year's does not have any more.

Nothing waits for an answer: where something is gone the team loses points, and it is asked whether it was lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, registered_poor
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.id_lookup import among, row_codes
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.schemas import SCHEMAS

_EVERY_YEAR = ("village_year", "exit_plans")  # with a row for a village
_BUILT = ("groups_hardened_road", "road_km_hardened", "groups_broadband")
_ASKED_BY_THEMSELVES = frozenset(
    {
        *("households.registered", "households.exited_on", "households.fell_back_on", "household_measures.needed"),
        *("persons.able_to_work", "persons.serious_illness", "villages.is_poor", "pairings.paired_from"),
    }
)


def rows_gone(c: Comparison) -> Iterator[Question]:
    """Villages without the row that they had last year, reports that nearly all teams still list, pairings of the poor."""
    about = bounds().kept_facts
    for table in _EVERY_YEAR:
        gone = c.gone(table)
        yield from asked("row_gone", gone[~gone["team"].isna()], "village_id", None, None, of=table)
    gone = c.gone("reports")
    kinds = ["kind", "recipient"]
    listed = c.now("reports").groupby(kinds, dropna=False)["team"].nunique().rename("teams").reset_index()
    still = gone.merge(listed, on=kinds, how="left")["teams"].fillna(0).to_numpy() >= about.teams_with_a_report * len(
        c.teams
    )
    yield from asked("reports_gone", gone[still], "kind", None, "recipient", of="reports")
    was, homes = c.before("pairings"), c.now("households")
    poor = homes[registered_poor(homes)]  # those out of poverty are followed for some years, and paired still
    lost = was[among(was["household_id"], poor["household_id"]) & ~(was["paired_to"] < c.year_start).fillna(False)]
    lost = lost[~among(lost["household_id"], c.table("pairings")["household_id"])].drop_duplicates(
        ["team", "household_id"]
    )
    yield from asked("pairing_gone", lost, "household_id", None, "cadre_id", of="pairings")


def facts_gone(c: Comparison) -> Iterator[Question]:
    """Days, yes and no of columns in which nearly nothing changes, that are blank or another day now."""
    about = bounds().kept_facts
    for table, _, _ in c.tables_of_both():
        names = _facts(table, c.frames[table])
        here, there = c.pairs(table)
        for name in names if len(here) else ():
            now, was = c.numbers(table, name)[here], c.numbers(table, name, False)[there]
            known, alike = ~np.isnan(was), now == was
            if known.sum() < about.least_rows or alike.sum() < about.share * known.sum():
                continue
            of_days = SCHEMAS[table].columns[name].metadata["kind"] == "date"
            less = known & ~alike & (np.isnan(now) | of_days)
            if less.any():
                both = c.both(table, name)[less]
                yield from asked("fact_gone", both, ROW_KEYS[table][0], name, f"{name}_before", of=table)


def categories_undated(c: Comparison) -> Iterator[Question]:
    """Households of another category than last year, without a day of the year on which it changed."""
    both = c.both("households", "category")
    other = both["category_before"].notna() & ~(both["category"] == both["category_before"]).fillna(False)
    rows = both[other & ~c.in_year(both["category_changed_on"])]
    yield from asked("category_undated", rows, "household_id", "category", "category_before", of="households")


def built_gone(c: Comparison) -> Iterator[Question]:
    """Roads and broadband of a village that became fewer, and cells of its one row that are blank now and were not."""
    both = c.both("village_year", *_BUILT)
    for name in _BUILT:
        now, was = (both[which].astype("float64") for which in (name, f"{name}_before"))
        yield from asked("built_gone", both[now < was], "village_id", name, f"{name}_before", of="village_year")
    for table in _EVERY_YEAR:
        names = [name for name in c.frames.get(table, ()) if name not in (*ROW_KEYS[table], "year")]
        both = c.both(table, *names)
        for name in names:
            lost = both[both[name].isna() & both[f"{name}_before"].notna()]
            yield from asked("cell_gone", lost, "village_id", name, f"{name}_before", of=table)


def many_changed(c: Comparison) -> Iterator[Question]:
    """Rows of which many answers of yes and no are not last year's, as where cells slipped into the next column."""
    about = bounds().kept_facts
    for table in ("persons", "households"):
        kinds = {name: spec.metadata["kind"] for name, spec in SCHEMAS[table].columns.items()}
        names = [name for name in c.frames.get(table, ()) if kinds.get(name) == "yes_no"]
        here, there = c.pairs(table)
        changed = np.zeros(len(here), dtype="int64")
        for name in names:
            now, was = c.numbers(table, name)[here], c.numbers(table, name, False)[there]
            changed += (now != was) & ~np.isnan(was)
        many = changed >= about.changed_of_a_row
        rows = c.now(table).iloc[here[many]].assign(count=changed[many])
        yield from asked("many_changed", rows, ROW_KEYS[table][0], "count", None, of=table)


def logs_without_attendance(c: Comparison) -> Iterator[Question]:
    """Days of a member's work log that the register does not have, where hardly anybody has such days."""
    logs, days = c.now("work_logs"), c.now("attendance")
    if logs.empty or days.empty:
        return
    codes = row_codes(pd.concat([rows[["member_id", "day"]] for rows in (logs, days)], ignore_index=True))
    there = np.zeros(codes.max() + 1, dtype=bool)
    there[codes[len(logs) :]] = True
    codes = codes[: len(logs)]
    kept = among(logs["member_id"], days["member_id"]).to_numpy() & ~pd.Series(codes).duplicated().to_numpy()
    without, members = logs[kept & ~there[codes]], logs["member_id"][kept].nunique()
    counts = without["member_id"].value_counts()
    if len(counts) > bounds().kept_facts.logs_without_attendance * members:
        return
    rows = without.sort_values(["member_id", "day"]).drop_duplicates("member_id")
    rows = rows.assign(count=rows["member_id"].map(counts))
    yield from asked("log_without_attendance", rows, "member_id", "day", "count", of="work_logs")


def _facts(table: str, rows: pd.DataFrame) -> list[str]:
    """The columns of a table with days, yes and no, that are its own and that nothing else asks about."""
    if table in _EVERY_YEAR:
        return []
    kinds = {name: spec.metadata["kind"] for name, spec in SCHEMAS[table].columns.items()}
    return [
        name
        for name, kind in kinds.items()
        if kind in ("date", "yes_no")
        and name in rows
        and name not in ROW_KEYS[table]
        and f"{table}.{name}" not in _ASKED_BY_THEMSELVES
    ]
