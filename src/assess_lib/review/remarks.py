"""Remarks of reviewers: the small file that a published page saves, back into the ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import Remark
from assess_lib.review.acts import ReviewSession
from assess_lib.review.returned_files import FileOutcome, in_file

LARGEST, MOST = 2_000_000, 500
Line = Annotated[str, Field(max_length=60)]


class _PageRemark(BaseModel):
    """One remark of a page; ``at`` when it was written."""

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
    remarks: list[_PageRemark] = Field(min_length=1, max_length=MOST)


def record_remarks(review: ReviewSession, path: str | Path, name: str = "") -> FileOutcome:
    """Put the remarks of one file on record; a remark that is already there is not recorded again.

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
            review.remark_of(said.team, one.by, one.words, one.indicator, edition=said.edition, written=one.at)
            for one in said.remarks
        ]
    except UnusableInput as unusable:
        raise in_file(unusable.faults, name) from None
    known = {_key(record.entry) for record in review.review_state.remarks}
    new = [entry for entry in dict.fromkeys(made) if _key(entry) not in known]
    if new:
        review.record_all(new)
    return FileOutcome(said.team, len(new), len(made) - len(new))


def read_remarks(path: str | Path, name: str = "") -> Remarks:
    """The content of a file of remarks. Raises UnusableInput when it is none."""
    path, name = Path(path), name or str(path)
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


def _key(entry: Remark) -> tuple[str, ...]:
    return entry.team, entry.indicator, entry.by, entry.words, entry.written
