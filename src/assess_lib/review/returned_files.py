"""Forms and remarks that come back as files, into the ledger: each file whole or not at all, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assess_lib.faults import Fault, UnusableInput
from assess_lib.progress import Tell, silent
from assess_lib.review.acts import ReviewSession, open_review
from assess_lib.tables.masked_faults import masked_faults

Recorder = Callable[[ReviewSession, str | Path], "FileOutcome"]


@dataclass(frozen=True)
class FileOutcome:
    """The outcome of one file: its team, the number of new entries, and of those that were in the ledger before."""

    team: str
    new: int
    known: int


@dataclass
class ReturnedFiles:
    """The outcome of all files: new entries by team, the number of known ones, and the faults of files refused."""

    recorded: dict[str, int] = field(default_factory=dict)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def record_files(
    data: str | Path,
    year: int,
    files: Iterable[str | Path],
    rubric: str | Path | None,
    record: Recorder,
    tell: Tell = silent,
) -> ReturnedFiles:
    """Put the content of files into the ledger of a data folder.

    Parameters: ``record`` puts one file on record, ``record_reply`` or ``record_remarks``.
    Raises UnusableInput when the data cannot be used; a file that is refused has its faults in the outcome.
    """
    review, outcome = open_review(data, year, rubric, tell=tell), ReturnedFiles()
    for path in files:
        try:
            of_file = record(review, path)
        except UnusableInput as unusable:
            outcome.faults += masked_faults(unusable.faults, review.result.data.masking)
            continue
        outcome.known += of_file.known
        if of_file.new:
            outcome.recorded[of_file.team] = outcome.recorded.get(of_file.team, 0) + of_file.new
    return outcome


def in_file(faults: Iterable[Fault], name: str | Path) -> UnusableInput:
    """Faults with the name of the file that its sender gave it."""
    return UnusableInput([replace(fault, file=str(name)) for fault in faults])
