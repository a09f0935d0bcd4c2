"""What comes back from outside as files, forms or remarks, into the ledger: each file whole or not at all, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assess_lib.faults import Fault, UnusableInput
from assess_lib.review.acts import ReviewSession, open_review

Record = Callable[[ReviewSession, str | Path], "FileOutcome"]


@dataclass(frozen=True)
class FileOutcome:
    """What came of one file: the team, how many entries were made of it, and how many were there before."""

    team: str
    new: int
    known: int


@dataclass
class ReturnedFiles:
    """What came of all files: entries by team, how many were there before, and what is wrong with the others."""

    recorded: dict[str, int] = field(default_factory=dict)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def record_files(
    data: str | Path, year: int, files: Iterable[str | Path], rubric: str | Path | None, record: Record
) -> ReturnedFiles:
    """Put what files say into the ledger of a data folder.

    Parameters: ``record`` puts one file on record, ``record_reply`` or ``record_remarks``.
    Raises UnusableInput when the data cannot be used; what is wrong with a file is among the faults.
    """
    review, told = open_review(data, year, rubric), ReturnedFiles()
    for path in files:
        try:
            found = record(review, path)
        except UnusableInput as unusable:
            told.faults += unusable.faults
            continue
        told.known += found.known
        if found.new:
            told.recorded[found.team] = told.recorded.get(found.team, 0) + found.new
    return told


def in_file(faults: Iterable[Fault], name: str | Path) -> UnusableInput:
    """Faults told of a file, by the name that its sender gave it."""
    return UnusableInput([replace(fault, file=str(name)) for fault in faults])
