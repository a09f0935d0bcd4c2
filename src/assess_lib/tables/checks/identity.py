"""A workbook made from our template says for which county and year it was made; on its return this is held against what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.raw import RawTable
from assess_lib.tables.template_mark import template_version

_YEAR = re.compile(r"(?<!\d)(20[0-9]{2})(?!\d)")


def check_identity(raw: Mapping[str, RawTable], year: int) -> Iterator[Fault]:
    """Files made or named for another year, for another county, or from another version of the template."""
    seen: set[str] = set()
    for part in (part for table in raw.values() for part in table.parts):
        if part.file in seen:
            continue
        seen.add(part.file)
        where, mark = Location(county=part.county), part.made_for
        if mark is not None and mark.year != year:
            yield Fault("tables.of_another_year", part.file, "", str(mark.year), {"year": year}, ERROR, where)
            continue
        if mark is not None and mark.county and part.county and mark.county != part.county:
            yield Fault("tables.of_another_county", part.file, "", mark.county, {"county": part.county}, WARNING, where)
        if mark is not None and mark.version != template_version():
            yield Fault("tables.other_template", part.file, "", "", {}, WARNING, where)
        named = {int(found) for found in _YEAR.findall(Path(part.file).stem)}
        if named and not named & {year, year + 1}:
            details = {"year": year}
            yield Fault("tables.named_for_another_year", part.file, "", str(min(named)), details, WARNING, where)
