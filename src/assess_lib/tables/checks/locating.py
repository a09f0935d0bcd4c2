"""Findings as faults: the one place in which they get their file, their cell and a masked value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from assess_lib.faults import NOTE, Fault
from assess_lib.tables.checks.findings import Finding, Found, Spots
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.masking import mask, scrubbed
from assess_lib.tables.parsing import as_text, cell_text
from assess_lib.tables.personal_numbers import CARDS, may_be_an_account
from assess_lib.tables.raw import RawTable, place_of
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_files import PARQUET
from assess_lib.words import LANGUAGES, join_list, translate

IN_WORDS = (
    500  # faults of one kind in one column of a file, in words; the rows of the others are set aside all the same
)
PLACES = 3  # that are named beside the first

_OF_KEYS = frozenset({"tables.duplicate_key", "tables.colliding_ids", "checks.repeated_row"})


def faults_of(found: Iterable[Found], raw: Mapping[str, RawTable]) -> list[Fault]:
    """The faults of all findings, in their order, one for each row."""
    return [fault for one in found for fault in ([one] if isinstance(one, Fault) else _faults_of(one, raw))]


def _faults_of(finding: Finding, raw: Mapping[str, RawTable]) -> list[Fault]:
    faults, spots = _located(finding, raw[finding.table]), finding.spots
    if spots is None or spots.table not in raw:
        return faults
    return [_at_spots(fault, spots, raw[spots.table]) if fault.of_row else fault for fault in faults]


def _at_spots(fault: Fault, spots: Spots, raw: RawTable) -> Fault:
    """What is asked of a team, told at the first of the cells it speaks of; the places of the others are named."""
    cells = spots.of_row.get(fault.location.index, ())
    if not cells:
        return fault
    (row, column), file = cells[0], raw.part_of(cells[0][0]).file
    places = [replace(raw.location(*cell), team=fault.value) for cell in cells[: PLACES + 1]]
    more = {lang: translate("faults.of_team", lang, team=fault.value) if spots.named else "" for lang in LANGUAGES}
    if not column:
        at = replace(places[0], row=0, cell="")
        return replace(fault, file=file, place=at.sheet, value="", location=at, more=more if spots.named else {})
    (text,) = as_text(raw.cells[column].iloc[[row]]) if column in raw.cells else [""]
    for lang in LANGUAGES if len(cells) > 1 else ():
        named = [at.cell or translate("faults.row", lang, row=at.row) for at in places[1:]]
        listed = join_list([*named, *(["…"] if len(cells) > len(places) else [])], lang)
        more[lang] += translate("faults.more_places", lang, places=listed)
    value = _shown(spots.table, column, text)
    return replace(
        fault,
        file=file,
        place=place_of(places[0]),
        value=value,
        location=places[0],
        more=more if any(more.values()) else {},
    )


def _located(finding: Finding, raw: RawTable) -> list[Fault]:
    faults: list[Fault] = []
    column = finding.column
    for rows in raw.by_part(finding.rows if finding.told is None else finding.told):
        shown = rows[:IN_WORDS]
        written = as_text(raw.cells[column].iloc[shown]) if column in raw.cells else [""] * len(shown)
        for row, text in zip(map(int, shown), written):
            location = raw.location(row, column)
            value = finding.value(row) if finding.value else ""
            if finding.key in _OF_KEYS:
                value = _with_codes_as_written(finding.table, value, raw, row)
            value = scrubbed(value) if finding.value else _shown(finding.table, column, text)
            details = finding.details | (finding.row_details(row) if finding.row_details else {})
            file, place = raw.part_of(row).file, place_of(location)
            faults.append(Fault(finding.key, file, place, value, details, finding.severity, location))
        if len(rows) > len(shown):
            last = faults[-1]
            location = replace(last.location, row=0, cell="", index=-1)
            count = {"count": len(rows) - len(shown)}
            faults.append(Fault("tables.more_alike", last.file, last.place, "", count, NOTE, location))
    return faults


def _with_codes_as_written(table: str, key: str, raw: RawTable, row: int) -> str:
    """The key of a row, its codes as they stand in the file: who wrote 社会保障 has never seen ``security``."""
    columns, parts = ROW_KEYS[table], key.split(", ")
    if len(columns) != len(parts):
        return key
    specs = [(column, SCHEMAS[table].columns[column].metadata) for column in columns]
    coded = [about["kind"] == "code" and column in raw.cells for column, about in specs]
    cells = [cell_text(raw.cells[column].iat[row]).strip() if code else "" for column, code in zip(columns, coded)]
    return ", ".join(cell or part for cell, part in zip(cells, parts))


def place_in_words(raw: RawTable, row: int) -> dict[str, str]:
    """The place of a row in words of every language, for another row to refer to."""
    location, path = raw.location(row), Path(raw.part_of(row).file)
    name = "/".join(path.parts[-3:]) if path.suffix == PARQUET else path.name  # those are all called alike
    at = Fault("", place=place_of(location), location=location)
    return {lang: f"{name} {at.where(lang)}" for lang in LANGUAGES}


def _shown(table: str, column: str, text: str) -> str:
    """The value of a cell as it may be told."""
    spec = SCHEMAS[table].columns.get(column)
    about = spec.metadata if spec is not None else {}
    if personal := about.get("personal"):
        return mask(text, personal)
    if about.get("identifier") and may_be_an_account(text) and not text.startswith(CARDS):
        return text  # such as a division code and a number
    return scrubbed(text, prose=about.get("kind") == "text" and not about.get("identifier"))
