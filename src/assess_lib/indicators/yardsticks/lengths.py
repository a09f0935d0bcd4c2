"""Tables of a team with far fewer rows than last year: what was lost on the way must not cost points in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, counted, fewer, measures_of
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.keys import ROW_KEYS

KEY = "rows_fewer"
_OF_MEMBERS = ("attendance", "work_logs", "diaries")
# Of the other tables what is missing is asked about by its ids, or by what falls due.
_COUNTED = (
    *("pairings", "visits", "household_measures", "fund_flows", "reports", "meetings", "inspections"),
    *_OF_MEMBERS,
)
_SAME_COLUMNS = (("work_logs", "diaries"),)
_FADING = frozenset({"household_measures"})  # rows that go when they have been dealt with


# Kinds of rows that fill in columns of their own.
_KINDS = {"fund_flows": [("stage", kind) for kind in ("allocated", "disbursed", "spent", "carried_over")]}


def rows_fewer(c: Comparison) -> Iterator[Question]:
    """Tables of which a team has but a part of last year's rows, in whatever files they stood. Nothing waits for it."""
    of_unit = [_actions_of_unit(c, of_year) for of_year in (True, False)]
    counts = {table: [counted(c.now(table)), counted(c.before(table))] for table in _COUNTED} | {
        "unit_actions": of_unit
    }
    about, share = bounds().rows_of_a_table, float(c.norms.share_of_last_year)
    for table, (now, was) in counts.items():
        was = was[was >= about.least_of_a_team]
        of_many = share if table in _FADING else max(share, about.share_of_a_team)
        least = was * np.where(was >= about.least, of_many, share)
        yield from fewer(KEY, now, was, of=table, least=least)


def sheets_exchanged(c: Comparison) -> Iterator[Question]:
    """Two tables with the same columns of which each has of a team about as many rows as the other had, and far from its own."""
    about, share = bounds().rows_of_a_table, float(c.norms.share_of_last_year)
    for one, other in _SAME_COLUMNS:
        names = ("now", "was", "other_now", "other_was")
        of = [counted(rows) for table in (one, other) for rows in (c.now(table), c.before(table))]
        counts = pd.DataFrame(dict(zip(names, of))).fillna(0)
        crossed = (counts["now"] < share * counts["was"]) & (counts["other_now"] * share > counts["other_was"])
        crossed |= (counts["other_now"] < share * counts["other_was"]) & (counts["now"] * share > counts["was"])
        near = lambda a, b: (a > share * b) & (b > share * a)
        crossed &= near(counts["now"], counts["other_was"]) & near(counts["other_now"], counts["was"])
        crossed &= counts[["was", "other_was"]].max(axis=1) >= about.least
        rows = pd.DataFrame({"team": counts.index[crossed], "one": one, "other": other})
        for table in (one, other):
            yield from asked("sheets_exchanged", rows, "one", "other", None, *measures_of(one, other), of=table)


def rows_of_members_fewer(c: Comparison) -> Iterator[Question]:
    """Registers in which a member has but a part of last year's rows for the days on duty. Nothing waits for it."""
    about = bounds().rows_of_a_table
    days = [_days_on_duty(c.table("members", of_year), year) for of_year, year in ((True, c.year), (False, c.year - 1))]
    for table in _OF_MEMBERS:
        now, was = (
            c.table(table, of_year).drop_duplicates(["member_id", "day"])["member_id"].value_counts()
            for of_year in (True, False)
        )
        was = was[was >= about.least_of_a_team]
        owed = was * days[0].reindex(was.index) / days[1].reindex(was.index)
        now = now.reindex(was.index, fill_value=0)
        few = was.index[((now < about.share_of_a_team * owed) & ((was >= about.least) | (now == 0))).fillna(False)]
        rows = c.now("members").drop_duplicates("member_id").set_index("member_id").reindex(few)[["team"]].dropna()
        rows = (
            rows.assign(now=now.reindex(rows.index), before=was.reindex(rows.index))
            .rename_axis("member_id")
            .reset_index()
        )
        for _, of_one in rows.groupby("member_id"):
            yield from asked("member_rows_fewer", of_one, "member_id", "now", "before", of=table)


def _days_on_duty(members: pd.DataFrame, year: int) -> pd.Series:
    """The days of a year on which each member is on duty, by id; none for those with none, or of whom it is not known."""
    members = members.dropna(subset=["member_id", "on_duty_from"]).drop_duplicates("member_id").set_index("member_id")
    began = members["on_duty_from"].clip(lower=pd.Timestamp(year, 1, 1))
    ended = members["on_duty_to"].fillna(pd.Timestamp(year, 12, 31)).clip(upper=pd.Timestamp(year, 12, 31))
    days = (ended - began).dt.days + 1
    return days[days > 0]


def _actions_of_unit(c: Comparison, of_year: bool) -> pd.Series:
    """The actions of the unit of each team, whatever villages they name, by team."""
    teams = c.table("teams").dropna(subset=["team_id", "unit_id"]).drop_duplicates("team_id")
    counts = c.table("unit_actions", of_year)["unit_id"].value_counts()
    found = teams["unit_id"].map(counts).fillna(0).astype("int64")
    return found.set_axis(teams["team_id"].astype("str"))


def columns_blank(c: Comparison) -> Iterator[Question]:
    """Columns that a team leaves blank in all its rows, which by last year's rows would hardly ever be so by chance."""
    about, told = bounds().blank_columns, list[tuple[str, str]]()
    for table, now, was in c.tables_of_both():
        own = [name for name in c.frames.get(table, ()) if name not in (*ROW_KEYS[table], "year")]
        if not own:
            continue
        for kind in (None, *_KINDS.get(table, ())):
            of_kind = [
                one if kind is None else one[(one[kind[0]] == kind[1]).to_numpy(dtype=bool)] for one in (now, was)
            ]
            (rows, filled), (rows_before, filled_before) = (_filled(one, own) for one in of_kind)
            enough = (rows > 0) & (rows_before >= about.least_rows)
            blank_before = 1 - filled_before[enough] / rows_before[enough, np.newaxis]
            blank = (filled[enough] == 0) & (blank_before ** rows[enough, np.newaxis] < about.by_chance)
            if not blank.any():
                continue
            team, column = np.nonzero(blank)
            names = np.array([f"{table}.{name}" for name in own])
            found = pd.DataFrame({"team": c.teams[enough][team], "column": names[column]})
            found = found[~pd.MultiIndex.from_frame(found).isin(told)]
            told += list(found.itertuples(index=False, name=None))
            for one in asked("column_blank", found, "column", None, None, *measures_of(table), of=table):
                yield replace(one, kinds=kind[1:] if kind else ())


def _filled(rows: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The number of rows by team, shape (teams,), and of cells that are filled in, shape (teams, columns)."""
    codes, teams = rows["team"].cat.codes.to_numpy(), len(rows["team"].cat.categories)
    cells = [np.bincount(codes[rows[name].notna().to_numpy()], minlength=teams) for name in columns]
    return np.bincount(codes, minlength=teams), np.column_stack(cells)
