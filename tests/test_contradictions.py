"""Rows of which one cell contradicts another: told at the cell, and used as they stand; by hand."""

from __future__ import annotations

import numpy as np
import pytest
from support.two_years import HOME, Rows, flow, table

from assess_lib.tables.checks.contradictions import check_contradictions


def found(wrong: tuple[int, ...] = (), **tables: Rows) -> list[tuple[str, str, list[int], dict]]:
    """Key, column, rows and details of the first of each finding that has any. Parameters: ``wrong`` rows with an error."""
    frames = {name: table(name, rows) for name, rows in tables.items()}
    unusable = {name: np.isin(np.arange(len(frame)), wrong) for name, frame in frames.items()}
    told = [one for one in check_contradictions(frames, 2016, unusable) if len(one.rows)]
    return [(one.key, one.column, one.rows.tolist(), one.row_details(int(one.rows[0]))) for one in told]


def test_what_was_accepted_was_completed() -> None:
    days = [("2016-10-01", "2016-11-01"), (None, "2016-11-01"), (None, None), ("2016-10-01", None)]
    rows = [{"project_id": f"J{n}", "completed_on": done, "accepted_on": seen} for n, (done, seen) in enumerate(days)]
    assert found(projects=rows) == [("checks.accepted_without_completion", "completed_on", [1], {"day": "2016-11-01"})]


def test_what_is_not_needed_is_not_delivered() -> None:
    of = [(True, "2016-05-01"), (False, "2016-05-01"), (False, None), (True, None)]
    rows = [{"household_id": f"H{n}", "needed": needed, "delivered_on": day} for n, (needed, day) in enumerate(of)]
    assert found(household_measures=rows) == [("checks.delivered_unneeded", "needed", [1], {"day": "2016-05-01"})]


@pytest.mark.parametrize(("due", "told"), [(3, False), (4, True), (None, False)])
def test_no_more_households_leave_poverty_than_the_village_has(due, told) -> None:
    homes = [HOME | {"household_id": f"H{n}"} for n in range(2)]
    out = [HOME | {"household_id": "H8", "category": "other", "exited_on": "2015-11-01"}]  # counted when it was poor
    other = [HOME | {"household_id": "H9", "category": "other", "exited_on": None}]
    plans = [{"village_id": "V1", "households_due_out": due}]
    expected = [("checks.due_out_over_register", "households_due_out", [0], {"count": 4, "most": 3})] if told else []
    assert found(exit_plans=plans, households=[*homes, *out, *other]) == expected


def money(spent: float, left: float, **more: object) -> Rows:
    rows = [
        flow(1, "allocated", 100.0),
        flow(2, "disbursed", 75.0),
        flow(3, "spent", spent),
        flow(4, "carried_over", left),
    ]
    return [row | {"project_id": "J1", "allocated_on": "2016-02-15"} | more for row in rows]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (money(64.0, 11.0), False),
        (money(64.0, 11.01), True),
        (money(80.0, 11.0), False),  # spent more than came is an error by itself
        (money(64.0, 20.0, allocated_on="2015-02-15"), False),  # some of it came last year
    ],
)
def test_what_is_spent_and_left_at_the_end_of_the_year_has_come(rows, told) -> None:
    details = {"sum": "75.01", "limit": "75.00", "project": "J1"}
    assert found(fund_flows=rows) == ([("checks.spent_and_carried_over", "amount_yuan", [3], details)] if told else [])


@pytest.mark.parametrize(
    ("stages", "at"),
    [
        (("allocated", "spent"), 1),
        (("allocated", "carried_over"), 1),
        (("spent", "allocated", "carried_over"), 2),  # told where it is said to be left
    ],
)
def test_of_a_project_that_got_nothing_nothing_is_spent_or_left(stages, at) -> None:
    rows = [flow(n, stage, 50.0) | {"project_id": "J1", "allocated_on": "2016-02-15"} for n, stage in enumerate(stages)]
    told = found(fund_flows=rows)
    assert [(key, which) for key, _, which, _ in told] == [("checks.spent_and_carried_over", [at])]
    assert told[0][3]["limit"] == "0.00"


@pytest.mark.parametrize(("category", "told"), [("other", True), ("poor", False)])
def test_nobody_leaves_poverty_in_a_village_that_has_no_poor(category, told) -> None:
    plans = [{"village_id": "V1", "households_due_out": 1}, {"village_id": "V2", "households_due_out": 1}]
    details = {"count": 1, "most": 0}
    expected = [("checks.due_out_over_register", "households_due_out", [0], details)] if told else []
    homes = [HOME | {"category": category, "exited_on": None}]
    assert found(exit_plans=plans, households=homes) == expected  # of V2 no household is listed: told by itself


def test_a_project_with_a_row_in_error_or_without_its_amount_is_not_added_up() -> None:
    rows = money(64.0, 20.0)
    assert found(fund_flows=rows) and found(wrong=(1,), fund_flows=rows) == []
    more = flow(5, "disbursed", 9.0) | {"project_id": "J1", "allocated_on": "2016-02-15", "amount_yuan": None}
    assert found(fund_flows=[*rows, more]) == []
