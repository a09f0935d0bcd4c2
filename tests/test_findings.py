"""How findings are told when there are very many of them."""

from __future__ import annotations

import pandas as pd

from assess_lib.faults import ERROR
from assess_lib.tables.checks.findings import TOLD, Findings
from assess_lib.tables.raw import RawTable
from assess_lib.tables.reading.headings import Heading, TablePart


def piece(file: str, rows: int) -> TablePart:
    cells = pd.DataFrame({"visited_on": ["去年"] * rows}, index=pd.RangeIndex(2, rows + 2), dtype=object)
    return TablePart(
        "visits", file, "入户走访", cells, {"visited_on": Heading(2, "走访日期")}, county=file.removesuffix(".xlsx")
    )


def test_every_file_has_its_own_told_and_the_rest_is_counted() -> None:
    findings = Findings(
        {"visits": RawTable([piece("甲县.xlsx", TOLD + 7), piece("乙县.xlsx", 3), piece("丙县.xlsx", TOLD)])}
    )
    findings.rows("visits", pd.Series(True, index=range(2 * TOLD + 10)), "visited_on", "tables.not_date")
    told = {county: [f for f in findings.faults if f.location.county == county] for county in ("甲县", "乙县", "丙县")}
    assert {county: sum(f.severity == ERROR for f in faults) for county, faults in told.items()} == {
        "甲县": TOLD,
        "乙县": 3,
        "丙县": TOLD,
    }
    more = [fault for fault in findings.faults if fault.key == "tables.more_alike"]
    assert [(fault.file, fault.details["count"]) for fault in more] == [("甲县.xlsx", 7)]
    assert "还有 7 行" in more[0].text() and not more[0].of_row
    assert told["乙县"][0].place == "入户走访!C2" and findings.unusable["visits"].all()
