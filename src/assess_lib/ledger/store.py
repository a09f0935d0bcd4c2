"""The review ledger: an SQLite file to which entries are only ever added.

Safe for several evaluators on one machine or shared folder: every entry is written in a transaction that
holds the file's write lock, with a rollback journal (a write-ahead log does not work over network folders), and is
on the disk before it is acknowledged. Triggers refuse changes and deletions, and every entry carries a digest of
itself and the one before, so that a file that was tampered with is found when it is read.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pydantic import ValidationError

from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import ADAPTER, AnyRecord, Entry, LedgerRecord

FOLDER, NAME = "reviews", "ledger.sqlite"
APPLICATION, FORMAT = 0x41535353, 1
WAIT_SECONDS = 30
CHINA = timezone(timedelta(hours=8))
_TABLE = """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    at TEXT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL UNIQUE
);
CREATE TRIGGER no_change BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER no_deletion BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
"""


def ledger_path(data: str | Path) -> Path:
    """The file of the ledger of a data folder; one for all its years."""
    return Path(data) / FOLDER / NAME


def now_in_china() -> str:
    """The present time in UTC+8, ISO, to the second."""
    return datetime.now(CHINA).isoformat(timespec="seconds")


class Ledger:
    """A ledger file; made when the first entry is written.

    Parameters: ``clock`` gives the time of an entry.
    """

    def __init__(self, path: str | Path, clock: Callable[[], str] = now_in_china):
        self.path, self._clock = Path(path), clock
        self._known: list[AnyRecord] = []
        self._last_digest = ""

    def entries(self) -> list[AnyRecord]:
        """All entries in order; only those not yet known are read.

        Raises UnusableInput when the file is no ledger, was tampered with, or cannot be read.
        """
        if not self.path.exists():
            if self._known:
                raise UnusableInput([self._fault("review.ledger_gone")])
            return []
        with self._opened(write=False) as connection:
            self._read(connection)
        return list(self._known)

    def append(
        self, entries: Sequence[Entry], allowed: Callable[[list[AnyRecord]], object] | None = None
    ) -> list[AnyRecord]:
        """Write entries, all or none. Returns them as recorded, when they are on the disk.

        Parameters: ``allowed`` is called with all entries of the ledger while nobody else can write; what it raises
        keeps the new ones from being written.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._opened(write=True) as connection:
            self._read(connection)
            if allowed:
                allowed(list(self._known))
            at, number, digest = self._clock(), len(self._known), self._last_digest
            written = []
            for place, entry in enumerate(entries, number + 1):
                body = entry.model_dump_json()
                digest = _digest(digest, place, at, body)
                connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (place, at, body, digest))
                written.append(LedgerRecord(place, at, entry, digest))
            connection.execute("COMMIT")
        self._known += written
        self._last_digest = digest
        return written

    def fingerprint(self) -> str:
        """The digest of the last entry, which stands for all of them; blank for no entries."""
        self.entries()
        return self._last_digest[:16]

    def _read(self, connection: sqlite3.Connection) -> None:
        """Take in what others wrote since, each entry checked against the one before."""
        if self._known:
            mine = connection.execute("SELECT digest FROM entries WHERE number = ?", (len(self._known),)).fetchone()
            if mine is None or mine[0] != self._last_digest:
                raise UnusableInput([self._fault("review.tampered", number=len(self._known))])
        rows = connection.execute(
            "SELECT number, at, body, digest FROM entries WHERE number > ? ORDER BY number", (len(self._known),)
        )
        for number, at, body, digest in rows.fetchall():
            expected = _digest(self._last_digest, len(self._known) + 1, at, body)
            if number != len(self._known) + 1 or digest != expected:
                raise UnusableInput([self._fault("review.tampered", number=len(self._known) + 1)])
            try:
                entry = ADAPTER.validate_json(body)
            except ValidationError:
                raise UnusableInput([self._fault("review.unknown_entry", number=number)]) from None
            self._known.append(LedgerRecord(number, at, entry, digest))
            self._last_digest = digest

    @contextmanager
    def _opened(self, write: bool) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connected(write)) as connection:
                yield connection
        except sqlite3.Error as error:
            locked = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
            raise UnusableInput(
                [self._fault("review.locked" if locked else "review.unreadable", why=str(error))]
            ) from None

    def _connected(self, write: bool) -> sqlite3.Connection:
        """A connection; to write, one that holds the write lock, and to a file that has its table."""
        mode = "rwc" if write else "rw" if os.access(self.path, os.W_OK) else "ro"
        where = (
            f"{self.path.absolute().as_uri()}?mode={mode}"  # rw, for what a killed writer left half done is rolled back
        )
        connection = sqlite3.connect(where, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            if write:
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute("BEGIN IMMEDIATE")
                if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                    for statement in _statements():
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {FORMAT}")
            marks = tuple(
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
            )
            if marks == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.close()  # made by another process that has not yet written; nothing is in it
                connection = sqlite3.connect(":memory:", isolation_level=None)
                connection.executescript(_TABLE)
            elif marks != (APPLICATION, FORMAT):
                raise UnusableInput([self._fault("review.no_ledger")])
        except BaseException:
            connection.close()
            raise
        return connection

    def _fault(self, key: str, **details: str | int) -> Fault:
        return Fault(key, str(self.path), details=details)


def _statements() -> list[str]:
    table, *triggers = _TABLE.strip().split("\nCREATE ")
    return [table, *(f"CREATE {trigger}" for trigger in triggers)]


def _digest(before: str, number: int, at: str, body: str) -> str:
    return hashlib.sha256("\0".join((before, str(number), at, body)).encode()).hexdigest()
