"""The faults that are planted into workbooks of a sample, each in a cell of its own, far from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

Tables = dict[str, pd.DataFrame]
ENOUGH = 40  # rows of a table in which faults have places of their own


@dataclass
class Plant:
    """A planted fault.

    Attributes
    ----------
    key, severity : of the fault that the check should tell.
    table, row, column : where; ``row`` of the table from 0, None for a fault of no row.
    written : what stands there now. A formula as ``=…→value``, without value when it was not kept.
    right : what stood there before.
    extra_rows : rows that are added below; the fault is told at the first of them.
    """

    key: str
    severity: str
    table: str
    row: int | None = None
    column: str = ""
    written: object = None
    right: str = ""
    extra_rows: pd.DataFrame | None = None

    @property
    def remedy(self) -> str:
        """The remedy, in words."""
        if self.extra_rows is not None:
            return "clear row"
        special = {"reading.hidden_sheet": "delete sheet", "tables.unknown_column": "clear cell"}
        return special.get(self.key, "write" if self.table and self.written != self.right else "")


def plants_for(county: int, counties: int, tables: Tables, year: int) -> list[Plant]:
    """The faults of one county: each county has its share, so that all of them have every kind."""
    found: list[Plant] = []
    for number, make in enumerate(_MAKERS):
        if number % counties == county and all(len(tables.get(name, ())) >= ENOUGH for name in _NEEDED.get(make, ())):
            found += make(tables, year)
    return found


def _cell(
    key: str,
    table: str,
    column: str,
    written: Any,
    severity: str = "error",
    turn: int = 0,
) -> Callable[[Tables, int], Iterator[Plant]]:
    """A fault of a cell, in the ``turn``-th row that is filled there."""

    def make(tables: Tables, year: int) -> Iterator[Plant]:
        frame = tables.get(table, pd.DataFrame())
        if column not in frame:
            return
        fits = frame[column].notna() & (frame[column].astype(str) != "")
        rows = frame.index[fits]
        if len(rows) > turn:
            row = int(rows[turn])
            there = str(frame.at[row, column])
            yield Plant(key, severity, table, row, column, written(there) if callable(written) else written, there)

    return make


def _row_twice(tables: Tables, year: int) -> Iterator[Plant]:
    """A row that is sent a second time."""
    frame = tables["ledger"]
    if len(frame) < 2:
        return
    yield Plant("checks.repeated_row", "warning", "ledger", None, "entry_id", extra_rows=frame.iloc[[1]])


def _contradiction(tables: Tables, year: int) -> Iterator[Plant]:
    """A row that is sent a second time with another value: neither can be used."""
    frame = tables["inspections"]
    if len(frame) < 3:
        return
    other = frame.iloc[[2]].assign(rating="62.5")
    yield Plant("tables.duplicate_key", "error", "inspections", None, "inspection_id", extra_rows=other)
    yield Plant(
        "tables.duplicate_key",
        "error",
        "inspections",
        2,
        "inspection_id",
        str(frame.at[2, "inspection_id"]),
        str(frame.at[2, "inspection_id"]),
    )


def _same_id(tables: Tables, year: int) -> Iterator[Plant]:
    """Two people with one ID number: told at both."""
    numbers = tables["persons"]["id_number"]
    yield Plant("checks.id_twice", "warning", "persons", 30, "id_number", numbers[31], numbers[30])
    yield Plant("checks.id_twice", "warning", "persons", 31, "id_number", numbers[31], numbers[31])


def _early_visit(tables: Tables, year: int) -> Iterator[Plant]:
    """A visit on the second of January to a household that was paired in the course of the year."""
    frame, pairs = tables["visits"].reset_index(), tables["pairings"][["household_id", "cadre_id", "paired_from"]]
    known = frame.merge(pairs, on=["household_id", "cadre_id"])
    known = known[known["paired_from"].astype(str) > f"{year}-01-02"]
    if len(known):
        first = known.iloc[0]
        yield Plant(
            "checks.visit_before_pairing",
            "warning",
            "visits",
            int(first["index"]),
            "visited_on",
            f"{year}-01-02",
            str(first["visited_on"]),
        )


def _visit_of_nobody(tables: Tables, year: int) -> Iterator[Plant]:
    frame = tables["visits"]
    yield Plant(
        "checks.visit_without_pairing", "warning", "visits", 5, "cadre_id", "C999999", str(frame.at[5, "cadre_id"])
    )


def _one_text(tables: Tables, year: int) -> Iterator[Plant]:
    """The diary of a member with the same words on every day; told at the first."""
    frame = tables["diaries"]
    counts = frame["member_id"].value_counts()
    mine = frame.index[frame["member_id"] == sorted(counts.index[counts >= 20])[0]] if (counts >= 20).any() else []
    for place, row in enumerate(mine):
        key, severity = ("checks.same_text", "warning") if not place else ("", "")
        yield Plant(key, severity, "diaries", int(row), "entry", "走访农户，了解情况", str(frame.at[row, "entry"]))


def _overspent(tables: Tables, year: int) -> Iterator[Plant]:
    flows = tables["fund_flows"].iloc[10:]  # away from the faults of cells in the first rows
    older = flows["allocated_on"].notna() if "allocated_on" in flows else flows["flow_id"].isna()
    received = set(flows.loc[flows["stage"] == "disbursed", "project_id"]) - set(flows.loc[older, "project_id"])
    named = flows["project_id"].notna() & (flows["project_id"] != "")
    spent = flows[(flows["stage"] == "spent") & named & flows["project_id"].isin(received)]
    last = spent.sort_values(["project_id", "on", "flow_id"]).drop_duplicates("project_id", keep="last")
    if last.empty:
        return
    row = int(last.index[-1])
    amount = str(flows.at[row, "amount_yuan"])
    yield Plant("checks.spent_over_disbursed", "error", "fund_flows", row, "amount_yuan", "98,765,432元", amount)


def _two_secretaries(tables: Tables, year: int) -> Iterator[Plant]:
    """The last member of the last team becomes a second first secretary of its village."""
    members = tables["members"]
    others = members.index[members["role"] == "member"]
    if others.empty:
        return
    row = int(others[-1])
    yield Plant("checks.second_first_secretary", "warning", "members", row, "role", "第一书记", "member")


def _hidden(tables: Tables, year: int) -> Iterator[Plant]:
    yield Plant("reading.hidden_sheet", "warning", "", written="工作队（旧）_工作队")


def _more_days_than_a_year(tables: Tables, year: int) -> Iterator[Plant]:
    """A register that was copied until it had more rows than a year has days."""
    frame = tables["attendance"]
    who = frame["member_id"].iloc[0]
    mine = frame[frame["member_id"] == who]
    again = pd.concat([mine] * (366 // len(mine)), ignore_index=True)
    yield Plant("checks.days_over_year", "warning", "attendance", int(mine.index[0]), "member_id", who, who)
    for number in range(len(again)):
        yield Plant("checks.repeated_row", "warning", "attendance", None, "member_id", extra_rows=again.iloc[[number]])


_MAKERS: tuple[Callable[[Tables, int], Iterator[Plant]], ...] = (
    _cell("tables.not_number", "fund_flows", "amount_yuan", "约3000", turn=3),
    _cell(
        "tables.not_date_blank", "households", "surveyed_on", lambda there: f"{there[:4]}年13月5日", "warning", turn=2
    ),
    _cell("tables.not_whole", "households", "persons", "两口半", turn=4),
    _cell("tables.not_yes_no_blank", "persons", "ncms", "也许", "warning", turn=6),
    _cell("tables.code", "households", "category", "困难户", turn=7),
    _cell("tables.blank", "fund_flows", "on", "", turn=1),
    _cell("tables.low", "village_year", "collective_income_yuan", -300, turn=1),
    _cell("tables.high", "inspections", "rating", 101, turn=5),
    _cell("tables.outside_year", "meetings", "due_on", lambda there: str(int(there[:4]) - 1) + there[4:], turn=3),
    _cell("tables.identifier", "commitments", "commitment_id", "承诺1号", turn=1),
    _cell("tables.points_at_nothing", "audits", "village_id", "V99999"),
    _cell("tables.part_over_whole", "village_year", "groups_hardened_road", 99, turn=0),
    _cell("reading.error_value", "village_services", "value", "=1/0→#DIV/0!", turn=2),
    _cell("reading.no_value", "exit_plans", "households_due_out", "=A1+1→", turn=1),
    _cell(
        "checks.id_number",
        "persons",
        "id_number",
        lambda there: there[:17] + ("1" if there[17] != "1" else "2"),
        "warning",
        turn=9,
    ),
    _cell("checks.id_lost_digits", "persons", "id_number", lambda there: float(there[:15] + "000"), "warning", turn=12),
    _cell(
        "checks.impossible_per",
        "households",
        "income_yuan",
        lambda there: f"{int(float(there)) * 1000:,}元",
        turn=10,
    ),
    _early_visit,
    _row_twice,
    _contradiction,
    _same_id,
    _visit_of_nobody,
    _one_text,
    _overspent,
    _two_secretaries,
    _hidden,
    _more_days_than_a_year,
    _cell("tables.unknown_column", "projects", "name", "联系电话号码", "warning"),
)
_NEEDED: dict[Callable[[Tables, int], Iterator[Plant]], tuple[str, ...]] = {
    _same_id: ("persons",),
    _visit_of_nobody: ("visits",),
    _early_visit: ("visits", "pairings"),
    _one_text: ("diaries",),
    _more_days_than_a_year: ("attendance",),
}
