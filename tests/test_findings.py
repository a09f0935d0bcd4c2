"""Findings as faults: very many of one kind, and which rows they leave out."""

from __future__ import annotations

import pandas as pd

from assess_lib.faults import ERROR, WARNING
from assess_lib.tables.checks.findings import finding, repeated_rows, rows_with_errors
from assess_lib.tables.checks.locating import IN_WORDS, faults_of
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import Heading, TablePart


def part(file: str, rows: int) -> TablePart:
    cells = pd.DataFrame({"visited_on": ["去年"] * rows}, index=pd.RangeIndex(2, rows + 2), dtype=object)
    return TablePart(
        "visits", file, "入户走访", cells, {"visited_on": Heading(2, "走访日期")}, county=file.removesuffix(".xlsx")
    )


def test_every_file_has_its_own_faults_in_words_and_the_rest_is_counted() -> None:
    rows, raw = (
        2 * IN_WORDS + 10,
        RawTable([part("甲县.xlsx", IN_WORDS + 7), part("乙县.xlsx", 3), part("丙县.xlsx", IN_WORDS)]),
    )
    found = [finding("visits", pd.Series(True, index=range(rows)), "visited_on", "tables.not_date")]
    faults = faults_of(found, {"visits": raw})
    by_county = {county: [f for f in faults if f.location.county == county] for county in ("甲县", "乙县", "丙县")}
    assert {county: sum(f.severity == ERROR for f in own) for county, own in by_county.items()} == {
        "甲县": IN_WORDS,
        "乙县": 3,
        "丙县": IN_WORDS,
    }
    more = [fault for fault in faults if fault.key == "tables.more_alike"]
    assert [(fault.file, fault.details["count"]) for fault in more] == [("甲县.xlsx", 7)]
    assert "还有 7 行" in more[0].text() and not more[0].of_row
    assert by_county["乙县"][0].place == "入户走访!C2"
    assert rows_with_errors(found, {"visits": rows})["visits"].all()


def test_a_warning_sets_no_row_aside_and_a_repeated_row_is_left_out() -> None:
    found = [finding("visits", [True, False, True], "visited_on", "checks.repeated_row", WARNING, repeats=True)]
    assert not rows_with_errors(found, {"visits": 3})["visits"].any()
    assert repeated_rows(found, {"visits": 3})["visits"].tolist() == [True, False, True]
