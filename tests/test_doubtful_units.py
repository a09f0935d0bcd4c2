"""A column of money in another unit than its heading says, by last year's amounts; told once, at the heading."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.checks.causes import causes_of
from assess_lib.tables.checks.doubtful_units import KEY, check_units
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.reading.labels import Heading


def asked(*amounts: list[float | None], was: list[float]) -> list[tuple[str, str, str]]:
    """The file, cell and unit that is meant. Parameters: ``amounts`` in yuan, as they were taken, of each workbook."""
    columns = {"flow_id": Heading(0, "流水编号"), "amount_yuan": Heading(1, "金额")}
    parts = [
        TablePart("fund_flows", f"{n}.xlsx", "资金流水", pd.DataFrame({"amount_yuan": of}), columns, heading_row=1)
        for n, of in enumerate(amounts)
    ]
    frame = pd.DataFrame({"amount_yuan": [one for of in amounts for one in of]}, dtype="float64")
    before = {"fund_flows": pd.DataFrame({"amount_yuan": was}, dtype="float64")}
    found = check_units({"fund_flows": RawTable(parts)}, {"fund_flows": frame}, before)
    return [(fault.file, fault.location.cell, fault.details["meant"]["en"]) for fault in found]


YEAR = [20_000.0, 30_000.0, 40_000.0, 50_000.0, 60_000.0]


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ([YEAR], []),
        ([[10_000 * one for one in YEAR]], [("0.xlsx", "B1", "yuan")]),
        ([[one / 10_000 for one in YEAR]], [("0.xlsx", "B1", "10 000 yuan")]),
        ([YEAR, [one / 10_000 for one in YEAR]], [("1.xlsx", "B1", "10 000 yuan")]),
        ([[30_000 * one for one in YEAR]], [("0.xlsx", "B1", "yuan")]),
        ([[50_000 * one for one in YEAR]], []),  # not within four times of ten thousand
        ([[100 * one for one in YEAR]], []),
        ([[one / 10_000 for one in YEAR[:4]]], []),  # too few
        ([[one / 10_000 for one in YEAR[:4]] + [None]], []),
        ([[0.0] * 5], []),
    ],
)
def test_amounts_ten_thousand_times_those_of_last_year_are_told_at_the_heading(amounts, told) -> None:
    assert asked(*amounts, was=YEAR) == told


@pytest.mark.parametrize("was", [YEAR[:4], [0.0] * 5, []])
def test_nothing_is_doubted_where_last_year_has_too_little(was) -> None:
    assert asked([one / 10_000 for one in YEAR], was=was) == []


def at(key: str, column: str = "amount_yuan", severity: str = WARNING, row: int = 3) -> Fault:
    where = Location("fund_flows", row, column, "资金流水", f"B{row}", row - 2 if row > 1 else -1)
    details = {"count": 9, "times": "10,000", "meant": "", "range": "", "per": "", "number": "", "year": 2016}
    return Fault(key, "0.xlsx", "", "", details, severity, where)


def test_what_is_odd_in_a_column_of_doubtful_unit_is_not_told_beside() -> None:
    unit, odd = at(KEY, row=1), at("checks.after_the_year")
    other, wrong = at("checks.after_the_year", "on"), at("tables.not_number", severity="error", row=4)
    assert causes_of([unit, odd, other, wrong]) == [unit, other, wrong]
    assert causes_of([odd, other]) == [odd, other]


def test_amounts_that_cannot_be_are_one_error_at_the_heading_of_doubtful_unit() -> None:
    unit, wrong = at(KEY, row=1), [at("checks.impossible", severity=ERROR, row=row) for row in (3, 4)]
    (told,) = causes_of([unit, *wrong, at("checks.asked")])
    assert (told.key, told.severity) == (KEY, ERROR)
    assert "2 行" in told.cause("zh") and "2 rows of impossible amounts are not used" in told.cause("en")
    of_another_column = at("checks.impossible", "carried", ERROR)
    assert causes_of([unit, of_another_column]) == [unit, of_another_column]
