"""The year before of one county of a partitioned data set, with which its tables are compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assess_lib.indicators.yardsticks import COMPARED
from assess_lib.runs.national.typed import of_kind
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.read_files import read_files
from assess_lib.tables.year_before import YearBefore
from assess_lib.tables.year_files import YearFiles

COMMON = ("units", "unit_actions", "benchmarks")
_COMPARED_FOR_ALL = tuple(name for name in COMMON if name in COMPARED)


def lay_ready_before(before: YearFiles, into: Path) -> None:
    """Lay ready the tables for all counties of the year before. What is wrong with them is told when that year is checked."""
    raw, _ = read_files(before.files)
    for name in (name for name in _COMPARED_FOR_ALL if name in raw):
        parse_table(name, raw[name]).frame.to_parquet(into / f"before-{name}.parquet", index=False)


def county_before(
    before: YearFiles | None, county: str, wanted: set[str], frames: dict[str, pd.DataFrame], prepared: Path
) -> YearBefore:
    """The tables of a county in the year before, with the rows that concern it of those for all counties."""
    files = before.counties.get(county, []) if before else []
    raw, _ = read_files(file for file in files if file.table in wanted & COMPARED)
    found = {name: parse_table(name, table).frame for name, table in raw.items()}
    rows = {(county, name): len(frame) for name, frame in found.items()}
    for name in _COMPARED_FOR_ALL:
        if not (path := prepared / f"before-{name}.parquet").exists():
            continue
        ids = pa.array(frames["teams"]["unit_id"].dropna().unique().tolist(), pa.string()) if name == "units" else None
        filters = None if ids is None else pc.field("unit_id").isin(ids)
        found[name] = of_kind(pd.read_parquet(path, filters=filters), name)
    return YearBefore(found, rows)
