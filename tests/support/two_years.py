"""Tables of two years by hand: one team T1 in one village V1, and what is asked because they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question
from assess_lib.rules.norms import Norms
from assess_lib.tables.columns import DTYPES
from assess_lib.tables.schemas import SCHEMAS

Rows = list[dict[str, object]]
TEAM: Rows = [{"team_id": "T1", "village_id": "V1"}]
HOME = {"household_id": "H1", "village_id": "V1", "category": "poor", "registered": True}
OUT = HOME | {"exited_on": "2014-11-01"}


def table(name: str, rows: Rows) -> pd.DataFrame:
    """Rows by hand as a typed table; columns that nobody names are not there."""
    frame = pd.DataFrame(rows)
    for column in frame:
        kind = DTYPES[SCHEMAS[name].columns[column].metadata["kind"]]
        frame[column] = pd.to_datetime(frame[column]) if kind.startswith("datetime") else frame[column]
        frame[column] = frame[column].astype(kind)
    return frame


def compared(name: str, now: Rows, before: Rows, norms: Norms | None = None, **others: tuple[Rows, Rows]) -> Comparison:
    years = []
    for n, rows in enumerate((now, before)):
        tables = {"teams": TEAM, name: rows} | {other: both[n] for other, both in others.items()}
        years.append({one: table(one, given) for one, given in tables.items() if given})
    return Comparison(2016, *years, norms or Norms())


def told(ask: Callable[[Comparison], Iterator[Question]], c: Comparison, key: str) -> list[tuple[str, str]]:
    """Both values of each row that is asked about under a key."""
    found = [question.rows for question in ask(c) if question.key == key]
    return [pair for rows in found for pair in zip(rows["now"], rows["before"])]


def flow(number: int, stage: str, amount: float, **more: object) -> dict[str, object]:
    day = {"allocated": "2016-02-15", "disbursed": "2016-03-20", "spent": "2016-08-01", "carried_over": "2016-12-31"}
    about = {"village_id": "V1", "source": "fiscal", "project_id": None, "allocated_on": None}
    return {"flow_id": f"F{number}", "stage": stage, "amount_yuan": amount, "on": day[stage]} | about | more


OLD = {"allocated_on": "2015-06-01"}
YEAR = [flow(1, "allocated", 1000.0), flow(2, "disbursed", 1000.0), flow(3, "spent", 800.0)]
LEFT = [
    flow(n, stage, amount)
    for n, stage, amount in ((1, "allocated", 500.0), (2, "disbursed", 400.0), (3, "spent", 350.0))
]


def member(name: str, number: int, since: str = "2015-01-05", role: str = "member") -> dict[str, object]:
    return {"member_id": f"M{number}", "team_id": "T1", "name": name, "role": role, "on_duty_from": since}


def numbered(numbers: dict[str, list[int]], year: int) -> pd.DataFrame:
    rows = [
        {"commitment_id": f"K{team}{year % 100}{n:02d}", "team_id": team, "due_on": f"{year}-06-01"}
        for team, list_of in numbers.items()
        for n in list_of
    ]
    return table("commitments", rows)
