"""For which county and year a table says that it is, held against what it is taken for.

A workbook made from our template says so in its properties, any other in its title, its headings and the names of its sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.raw import RawTable, place_of
from assess_lib.tables.reading.grid import letters
from assess_lib.tables.reading.headings import TablePart
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.template_mark import template_version

_YEAR = re.compile(r"(?<!\d)(20[0-9]{2})(?!\d)")

_CHINESE_YEAR = re.compile(r"二([〇○零0][〇○零一二三四五六七八九0-9]{2})(?=年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_OF_A_PAPER = re.compile(r"[〔\[［(（【]\s*20[0-9]{2}\s*[〕\]］)）】]\s*第?\s*[0-9]+\s*号|20[0-9]{2}年?(?:以来|起)")
_YEAR_OF_TITLE = re.compile(r"(?<![0-9])(20[0-9]{2})\s*年(?:\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号])?")
_COUNTY = re.compile(r"(?:^|[省市州：:\s])([㐀-鿿]{1,6}?(?:县|自治县|区|旗))(?![、市县]|城镇)")
_OF_NO_NAME = re.compile(
    r"^(?:[全各本我该外邻]|贫困|非?重点|各个|所在|.*(?:自治区|[县市、]区)$)|^(?:地|县|市|片|社|辖|山|库|湖)区$"
)


def check_titles(raw: Mapping[str, RawTable], year: int) -> Iterator[Fault]:
    """Tables that name another year or county above their rows, in their headings or in the name of their sheet.

    Returns one fault for each file and year or county that it names, at the first cell that does.
    """
    told: set[tuple[str, str]] = set()
    counties = {
        str(name).strip()
        for table in ("teams", "villages")
        if table in raw and "county" in raw[table].cells
        for name in raw[table].cells["county"].unique()
    } - {""}
    for part in (part for table in raw.values() for part in table.parts):
        for fault in (*_of_other_years(part, year), *_of_other_counties(part, counties)):
            if (part.file, fault.value) not in told:
                told.add((part.file, fault.value))
                yield fault


def _of_other_years(part: TablePart, year: int) -> Iterator[Fault]:
    alone, days = _years_of("\n".join(part.titles))
    named = alone | set(map(int, _YEAR.findall(part.sheet)))
    told, severity = None, WARNING
    if named and year not in named:
        told, severity = min(named), WARNING if named == {year + 1} else ERROR
    elif not named and days and not days & {year, year + 1}:
        told = min(days)
    if told is not None:
        at = _where(part, lambda text: told in set().union(*_years_of(text)))
        key, details = "tables.titled_for_another_year", {"year": year}
        yield Fault(key, part.file, place_of(at) if at.row else part.sheet, str(told), details, severity, at)
    for column, heading in part.columns.items():
        wanted = year - 1 if "上年" in SCHEMAS[part.table].columns[column].metadata["zh"] else year
        if heading.years and wanted not in heading.years:
            at = part.location(0, column)
            shown, details = str(min(heading.years)), {"year": wanted}
            yield Fault("tables.headed_for_another_year", part.file, f"column {column}", shown, details, ERROR, at)


def _years_of(text: str) -> tuple[set[int], set[int]]:
    """The years that a text names, those alone and those of a day."""
    plain = _OF_A_PAPER.sub(" ", text).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    plain = _CHINESE_YEAR.sub(lambda found: "2" + found[1].translate(_DIGITS), plain)
    found = [(int(match[1]), match[0].rstrip().endswith("年")) for match in _YEAR_OF_TITLE.finditer(plain)]
    return {about for about, alone in found if alone}, {about for about, alone in found if not alone}


def _of_other_counties(part: TablePart, counties: set[str]) -> Iterator[Fault]:
    """Counties in the lines above the rows of a workbook of one county, where they do not name that county too."""
    if part.county not in counties:
        return
    for title in part.titles:
        found = (re.sub(r"^.*[省州市盟](?=.{2})", "", name) for name in _COUNTY.findall(title))
        named = {name for name in found if not _OF_NO_NAME.search(name)}
        named |= {county for county in counties if county in title}
        if named and not any(part.county in name or name in part.county for name in named):
            other, details = min(named), {"county": part.county}
            at = _where(part, re.compile(re.escape(other)).search)
            place = place_of(at) if at.row else part.sheet
            yield Fault("tables.titled_for_another_county", part.file, place, other, details, WARNING, at)


def _where(part: TablePart, says: Callable[[str], object]) -> Location:
    """The first cell above a table whose text says something; where none does, the sheet."""
    of_sheet = Location(part.table, sheet=part.sheet, county=part.county)
    at = next(((row, place) for row, place, text in part.above if says(text)), None)
    if at is None:
        return of_sheet
    return replace(of_sheet, row=at[0], cell=f"{letters(at[1])}{at[0]}" if part.sheet else "")


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
