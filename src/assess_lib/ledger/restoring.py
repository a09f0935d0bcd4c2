"""A ledger that was lost, put back from a copy; entries that the copy lacks are never given up without a word."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assess_lib.atomic import beside, put_in_place
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import AnyRecord
from assess_lib.ledger.head import Head, Loss, head_gone, head_path, kept_head, read_head
from assess_lib.ledger.store import Ledger, Row, new_ledger, now_in_china

_BESIDE = ("", "-journal", "-wal", "-shm")  # a ledger and what SQLite keeps of a write that was cut off


@dataclass(frozen=True)
class Restored:
    """The ledger after it was restored: its ``entries``, how many are ``lost``, where what stood there lies (None for nothing)."""

    entries: int
    lost: int
    aside: Path | None


def restore(
    ledger: Path, copy: Path | None = None, accept_loss: bool = False, clock: Callable[[], str] = now_in_china
) -> Restored:
    """Put a ledger back from a copy, whole or not at all; what stood in its place is put aside.

    Parameters: ``copy`` a copy of the file; without one, what can still be read of the ledger stays.
    ``accept_loss``: also when entries are lost by it, which the head then says. Raises UnusableInput when the copy is not
    whole, and when it lacks entries that are known and their loss is not accepted.
    """
    present, broken = Ledger(ledger).readable()
    records = _whole(copy) if copy else present
    unknown: list[Fault] = []
    head = Head()
    try:
        head = read_head(ledger)
        unknown = [] if head.kept or not present else [head_gone(ledger)]
    except UnusableInput as unusable:
        unknown = unusable.faults
    known = max(head.entries, len(present))
    lost = known - _left(records, present, head)
    if (lost or unknown) and not accept_loss:
        details = {"count": len(records), "kept": known, "lost": lost}
        told = [Fault("review.would_lose", str(copy or ledger), details=details)] if lost else []
        raise UnusableInput([*unknown, *told])
    losses = (Loss(at=clock(), entries=known, digest=head.digest, left=known - lost),) if lost else ()
    digest = records[-1].digest if records else ""
    aside = None
    try:
        ledger.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if broken or not os.path.lexists(ledger) or [r.digest for r in records] != [r.digest for r in present]:
            aside = _replaced(ledger, Ledger(copy or ledger).rows(len(records)))
        if unknown:
            head_path(ledger).unlink(missing_ok=True)
        with kept_head(ledger, Head(entries=len(records), digest=digest, losses=(*head.losses, *losses))):
            pass
    except (OSError, sqlite3.Error) as error:
        raise UnusableInput([Fault("review.unreadable", str(ledger), details={"why": str(error)})]) from None
    return Restored(len(records), lost, aside)


def _whole(copy: Path) -> list[AnyRecord]:
    """The entries of a copy. Raises UnusableInput when it is not there or not whole."""
    if not os.path.lexists(copy):
        raise UnusableInput([Fault("review.no_copy", str(copy))])
    records, broken = Ledger(copy).readable()
    if broken:
        raise UnusableInput(broken)
    return records


def _left(records: list[AnyRecord], present: list[AnyRecord], head: Head) -> int:
    """How many of the known entries, from the first on, are among those of a copy."""
    same = next(
        (place for place, (mine, theirs) in enumerate(zip(records, present)) if mine.digest != theirs.digest),
        min(len(records), len(present)),
    )
    if len(records) < head.entries:  # by those that can be compared it is a shorter one of the same
        return len(records) if same == min(len(records), len(present)) else same
    if head.entries and records[head.entries - 1].digest != head.digest:
        return min(same, head.entries - 1)
    return max(head.entries, same)


def _replaced(ledger: Path, rows: list[Row]) -> Path | None:
    """Put a ledger with these rows in place. Returns where what stood there was put, None for nothing."""
    made = beside(ledger)
    try:
        made.unlink(missing_ok=True)
        new_ledger(made, rows)
        aside = _put_aside(ledger)
        put_in_place(made, ledger)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    return aside


def _put_aside(ledger: Path) -> Path | None:
    if not any(os.path.lexists(f"{ledger}{end}") for end in _BESIDE):
        return None
    number = 1
    while any(os.path.lexists(f"{aside}{end}") for aside in [_aside(ledger, number)] for end in _BESIDE):
        number += 1
    aside = _aside(ledger, number)
    for end in _BESIDE:
        if os.path.lexists(f"{ledger}{end}"):
            os.rename(f"{ledger}{end}", f"{aside}{end}")
    return aside


def _aside(ledger: Path, number: int) -> Path:
    return ledger.with_name(f"{ledger.stem}.lost-{number}{ledger.suffix}")
