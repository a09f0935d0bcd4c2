"""Remarks of reviewers: the small file that a published page saves, back into the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assess_lib.faults import Fault, UnusableInput
from assess_lib.places import find
from assess_lib.results.opening import open_review
from assess_lib.results.review import Review

LARGEST, MOST = 2_000_000, 500
Line = Annotated[str, Field(max_length=60)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    indicator: Line = ""
    by: Annotated[str, Field(min_length=1, max_length=60)]
    words: Annotated[str, Field(min_length=1, max_length=2000)]
    at: Line = ""


class Remarks(BaseModel):
    """A file of remarks, as a page saves it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    format: Literal["assess-remarks 1"]
    year: int
    team: Annotated[str, Field(max_length=64)]
    edition: Line = ""
    remarks: list[_Said] = Field(min_length=1, max_length=MOST)


@dataclass
class Imported:
    """What came of files: remarks recorded by team, and how many were already there."""

    recorded: dict[str, int] = field(default_factory=dict)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_remarks(
    data: str | Path, year: int, files: Iterable[str | Path], rubric: str | Path | None = None
) -> Imported:
    """Put the remarks of files into the ledger of a data folder, each file whole or not at all.

    A remark that is already there is not recorded again. What is wrong with a file is among the faults.
    Raises UnusableInput when the data cannot be used.
    """
    review, told = open_review(data, year, rubric), Imported()
    for path in files:
        try:
            team, count, known = record_remarks(review, path)
        except UnusableInput as unusable:
            told.faults += unusable.faults
            continue
        told.known += known
        if count:
            told.recorded[team] = told.recorded.get(team, 0) + count
    return told


def record_remarks(review: Review, path: str | Path, name: str = "") -> tuple[str, int, int]:
    """Put the remarks of one file on record. Returns the team, how many, and how many were there before.

    Parameters: ``name`` of the file as its sender called it. Raises UnusableInput.
    """
    name = name or str(path)
    said = read_remarks(path, name)
    if said.year != review.year:
        raise UnusableInput([Fault("remarks.other_year", name, value=str(said.year), details={"year": str(said.year)})])
    indicators = {indicator.id for indicator in review.result.rubric.indicators()} | {""}
    if wrong := [one for one in said.remarks if one.indicator not in indicators]:
        raise UnusableInput([Fault("remarks.indicator", name, value=one.indicator) for one in wrong])
    try:
        made = [
            review.remark_of(said.team, one.by, one.words, one.indicator, edition=said.edition, written=one.at) for one in said.remarks
        ]  # fmt: skip
    except UnusableInput as unusable:
        raise UnusableInput(
            [Fault(f.key, name, f.place, f.value, f.details, f.severity, f.spot) for f in unusable.faults]
        ) from None
    known = {_key(record.entry) for record in review.standing.remarks}
    new = [entry for entry in dict.fromkeys(made) if _key(entry) not in known]
    if new:
        review.record_all(new)
    return said.team, len(new), len(made) - len(new)


def read_remarks(path: str | Path, name: str = "") -> Remarks:
    """A file of remarks. Raises UnusableInput when it is none."""
    path, name = find(path), name or str(path)
    if not path.is_file():
        raise UnusableInput([Fault("remarks.no_file", name)])
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"> {LARGEST} bytes")
        return Remarks.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (OSError, ValueError, RecursionError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
    raise UnusableInput([Fault("remarks.no_remarks", name, details={"why": why})])


def _key(entry) -> tuple:
    return entry.team, entry.indicator, entry.by, entry.words, entry.written
