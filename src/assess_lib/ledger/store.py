"""The review ledger: an SQLite file to which entries are only ever added.

Safe for several evaluators on one machine or shared folder: every entry is written in a transaction that
holds the file's write lock, with a rollback journal (a write-ahead log does not work over network folders), and is
on the disk before it is acknowledged. Triggers refuse changes and deletions, and every entry carries a digest of
itself and the one before, so that a file that was tampered with is found when it is read. Its length and head are
kept beside it (``head``): one that is gone, empty, or shorter than it was is an error, and never an empty ledger.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pydantic import ValidationError

from assess_lib.atomic import beside, put_in_place
from assess_lib.faults import WARNING, Fault, UnusableInput
from assess_lib.ledger.entries import ADAPTER, AnyRecord, Entry, LedgerRecord
from assess_lib.ledger.head import Head, head_gone, head_path, kept_head, read_head

FOLDER, NAME = "reviews", "ledger.sqlite"
APPLICATION, FORMAT = 0x41535353, 1
WAIT_SECONDS = 30
CHINA = timezone(timedelta(hours=8))
COLUMNS = ("number", "at", "body", "digest")
Row = tuple[int, str, str, str]
CLOCKS_APART = timedelta(minutes=10)  # that clocks of several machines may differ
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
        """All entries in order; only those not yet known are read. None for a ledger in which nobody ever wrote.

        Raises UnusableInput when the file is no ledger, was tampered with, cannot be read, or lacks entries that it had.
        """
        head = read_head(self.path)  # before the ledger, which is never the shorter of the two
        if self._present():
            with self._opened(write=False) as connection:
                self._read(connection)
        elif self._known or head.entries:
            count = max(head.entries, len(self._known))
            raise UnusableInput([self._fault("review.ledger_gone", count=count)])
        self._held_against(head)
        if len(self._known) > head.entries:
            self._keep_head(head)
        return list(self._known)

    def append(
        self, entries: Sequence[Entry], allowed: Callable[[list[AnyRecord]], object] | None = None
    ) -> list[AnyRecord]:
        """Write entries, all or none. Returns them as recorded, when they are on the disk.

        Parameters: ``allowed`` is called with all entries of the ledger while nobody else can write; what it raises
        keeps the new ones from being written.
        """
        with _one_writer:
            head = read_head(self.path)
            if not self._present():
                if self._known or head.entries:
                    count = max(head.entries, len(self._known))
                    raise UnusableInput([self._fault("review.ledger_gone", count=count)])
                self._begin(head)
            with self._opened(write=True) as connection:
                self._read(connection)
                self._held_against(head)
                if allowed:
                    allowed(list(self._known))
                at, number, digest = self._clock(), len(self._known), self._last_digest
                written = []
                for place, entry in enumerate(entries, number + 1):
                    body = entry.model_dump_json()
                    digest = digest_of(digest, place, at, body)
                    connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (place, at, body, digest))
                    written.append(LedgerRecord(place, at, entry, digest))
                now = head.model_copy(update={"entries": number + len(written), "digest": digest})
                with kept_head(self.path, now):
                    connection.execute("COMMIT")
            self._known += written
            self._last_digest = digest
            return written

    def warnings(self) -> list[Fault]:
        """Entries that are dated before the one they follow, as a clock that was wrong leaves them."""
        records = self.entries()
        return [
            Fault("review.clock_back", str(self.path), str(record.number), record.at, {"before": before.at}, WARNING)
            for before, record in zip(records, records[1:])
            if (then := _moment(before.at)) and (now := _moment(record.at)) and now < then - CLOCKS_APART
        ]

    def readable(self) -> tuple[list[AnyRecord], list[Fault]]:
        """The entries up to the first that cannot be read, and why the others cannot; its head is not asked for them."""
        try:
            if self._present():
                with self._opened(write=False) as connection:
                    self._read(connection)
        except UnusableInput as unusable:
            return list(self._known), unusable.faults
        return list(self._known), []

    def rows(self, count: int) -> list[Row]:
        """The first rows of the file as they stand there. Raises UnusableInput."""
        if not count:
            return []
        with self._opened(write=False) as connection:
            rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM entries ORDER BY number LIMIT ?", (count,))
            return rows.fetchall()

    def fingerprint(self) -> str:
        """The digest of the last entry, which stands for all of them; blank for no entries."""
        self.entries()
        return self._last_digest[:16]

    def _present(self) -> bool:
        """True if the file is there, False if nothing has its name. Raises UnusableInput for what is no file."""
        try:
            about = os.lstat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise UnusableInput([self._fault("review.unreadable", why=error.strerror or str(error))]) from None
        if self.path.is_symlink() and not self.path.exists():
            raise UnusableInput([self._fault("review.link_to_nothing", goal=os.readlink(self.path))])
        if not self.path.is_file():
            raise UnusableInput([self._fault("review.no_file")])
        if not about.st_size and not self.path.stat().st_size:
            raise UnusableInput([self._fault("review.empty_file", count=read_head(self.path).entries)])
        return True

    def _begin(self, head: Head) -> None:
        """Put a ledger without entries in place, whole; if somebody else did so meanwhile, theirs stays.

        Its head comes first, so that a ledger without one has lost it.
        """
        made = beside(self.path)
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made.unlink(missing_ok=True)
            if not os.path.lexists(head_path(self.path)):
                with kept_head(self.path, Head(entries=0, digest="", losses=head.losses)):
                    pass
            new_ledger(made, [])
            try:
                os.link(made, self.path)
            except FileExistsError:
                pass
            except OSError:  # a file system without links
                put_in_place(made, self.path)
        except (OSError, sqlite3.Error) as error:
            raise UnusableInput([self._fault("review.unreadable", why=str(error))]) from None
        finally:
            with suppress(OSError):
                made.unlink(missing_ok=True)

    def _held_against(self, head: Head) -> None:
        """Raise UnusableInput when entries are missing that were kept, or may be, or others stand in their place."""
        if self._known and not head.kept and not read_head(self.path).kept:  # begun by somebody else meanwhile
            raise UnusableInput([head_gone(self.path)])
        if len(self._known) < head.entries:
            details = {"count": len(self._known), "kept": head.entries}
            raise UnusableInput([self._fault("review.shorter", **details)])
        if head.entries and self._known[head.entries - 1].digest != head.digest:
            raise UnusableInput([self._fault("review.other_ledger", number=head.entries)])

    def _keep_head(self, head: Head) -> None:
        """Bring the head up to what was read; left for later where nothing can be written."""
        with _one_writer, suppress(OSError):
            now = head.model_copy(update={"entries": len(self._known), "digest": self._last_digest})
            with kept_head(self.path, now):
                pass

    def _read(self, connection: sqlite3.Connection) -> None:
        """Take in what others wrote since, each entry checked against the one before."""
        if self._known:
            mine = connection.execute("SELECT digest FROM entries WHERE number = ?", (len(self._known),)).fetchone()
            if mine is None or mine[0] != self._last_digest:
                raise UnusableInput([self._fault("review.tampered", number=len(self._known))])
        rows = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM entries WHERE number > ? ORDER BY number", (len(self._known),)
        )
        for row in rows:
            record = self._record(row)
            self._known.append(record)
            self._last_digest = record.digest

    def _record(self, row: tuple[object, ...]) -> AnyRecord:
        """The entry of a row that follows those known. Raises UnusableInput when it does not, or is none."""
        place = len(self._known) + 1
        for column, cell in zip(COLUMNS, row):
            if type(cell) is not (int if column == "number" else str):
                kind = {type(None): "NULL", bytes: "BLOB", float: "REAL", int: "INTEGER"}.get(type(cell), "TEXT")
                raise UnusableInput([self._fault("review.wrong_type", f"{place}, {column}", column=column, kind=kind)])
        number, at, body, digest = row
        assert isinstance(number, int) and isinstance(at, str) and isinstance(body, str) and isinstance(digest, str)
        if number != place or digest != digest_of(self._last_digest, place, at, body):
            raise UnusableInput([self._fault("review.tampered", str(place), number=place)])
        if _moment(at) is None:
            raise UnusableInput([self._fault("review.no_time", str(place), number=number, at=at[:40])])
        try:
            return LedgerRecord(number, at, ADAPTER.validate_json(body), digest)
        except (ValidationError, ValueError, ArithmeticError):
            raise UnusableInput([self._fault("review.unknown_entry", str(place), number=number)]) from None

    @contextmanager
    def _opened(self, write: bool) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connected(write)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise UnusableInput([self._fault(_kind_of(error), why=str(error))]) from None
        except OSError as error:  # of the head
            raise UnusableInput([self._fault("review.unreadable", why=error.strerror or str(error))]) from None

    def _connected(self, write: bool) -> sqlite3.Connection:
        """A connection; to write, one that holds the write lock."""
        mode = "rw" if write or os.access(self.path, os.W_OK) else "ro"
        where = (
            f"{self.path.absolute().as_uri()}?mode={mode}"  # rw, for what a killed writer left half done is rolled back
        )
        connection = sqlite3.connect(where, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            if write:
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute("BEGIN IMMEDIATE")
            application, version = (
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
            )
            if application == APPLICATION and version > FORMAT:
                raise UnusableInput([self._fault("review.newer_ledger")])
            kind = connection.execute("SELECT type FROM sqlite_master WHERE name = 'entries'").fetchone()
            if (application, version) != (APPLICATION, FORMAT) or kind != ("table",):
                raise UnusableInput([self._fault("review.no_ledger")])
        except BaseException:
            connection.close()
            raise
        return connection

    def _fault(self, key: str, place: str = "", /, **details: str | int) -> Fault:
        return Fault(key, str(self.path), place, details=details)


def new_ledger(path: Path, rows: Sequence[Row]) -> None:
    """Write a ledger file with rows of number, time, body and digest. Raises OSError, sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rwc", uri=True)) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.executescript(f"{_TABLE} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};")
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
        connection.commit()


def digest_of(before: str, number: int, at: str, body: str) -> str:
    """The digest of an entry, which covers that of the one before it."""
    return hashlib.sha256("\0".join((before, str(number), at, body)).encode("utf-8", "surrogatepass")).hexdigest()


def _kind_of(error: sqlite3.Error) -> str:
    """The fault that an error of SQLite is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "review.locked"
    if code == sqlite3.SQLITE_NOTADB:
        return "review.no_ledger"
    return "review.damaged" if code == sqlite3.SQLITE_CORRUPT else "review.unreadable"


def _moment(at: str) -> datetime | None:
    """The time of an entry, None for a text that is none."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


_one_writer = threading.RLock()  # of this process: the head is written under a name that is the process's own
