"""The length and head of a ledger, kept beside its folder: one that is lost, or shorter than it was, is missed by them.

``DATA/reviews.ledger.json`` lies outside ``DATA/reviews/``, so that it stays when that folder goes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assess_lib.atomic import replacing
from assess_lib.faults import Fault, UnusableInput


class Loss(BaseModel):
    """Entries that somebody went on without: ``at`` when, ``entries`` and ``digest`` before, ``left`` how many stayed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at: str
    entries: int = Field(ge=0)
    digest: str
    left: int = Field(ge=0)


class Head(BaseModel):
    """How many entries a ledger has, the digest of the last (blank for none), and the losses that were accepted.

    ``kept`` is false for what stands in place of a head that is not there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    entries: int = Field(default=0, ge=0)
    digest: str = ""
    losses: tuple[Loss, ...] = ()
    kept: bool = Field(default=True, exclude=True)


def head_path(ledger: Path) -> Path:
    """Where the head of a ledger is kept: beside the folder that it lies in."""
    folder = ledger.absolute().parent
    return folder.with_name(f"{folder.name}.{ledger.stem}.json")


def read_head(ledger: Path) -> Head:
    """The head of a ledger as it was kept; that of one without entries where none was, which is not ``kept``.

    Raises UnusableInput when it cannot be read.
    """
    path = head_path(ledger)
    try:
        head = Head.model_validate_json(path.read_bytes())
        if {"entries", "digest"} <= head.model_fields_set:
            return head.model_copy(update={"kept": True})
        why = "entries, digest"
    except FileNotFoundError:
        if not path.is_symlink():
            return Head(kept=False)
        why = "-> " + os.readlink(path)
    except (OSError, ValidationError, ValueError) as error:
        why = str(error.strerror if isinstance(error, OSError) else error).splitlines()[0]
    raise UnusableInput([Fault("review.head_broken", str(path), details={"why": why})])


def head_gone(ledger: Path) -> Fault:
    """The fault of a ledger with entries of which no head is kept: it may have had more."""
    return Fault("review.head_gone", str(head_path(ledger)))


@contextmanager
def kept_head(ledger: Path, head: Head) -> Iterator[None]:
    """Write the head before the body of the block, and put it in place after it; it is not changed when that fails.

    A ledger is thus never shorter than its head, also after ``kill -9``. Raises OSError.
    """
    path = head_path(ledger)
    with replacing(path) as written:
        with written.open("w", encoding="utf-8", newline="") as file:
            file.write(head.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        yield
