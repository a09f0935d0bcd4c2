"""Folders for what a command prepares for its other processes: beside the data, for their owner alone, gone at the end.

What a killed command left goes at the start of the next command, whichever it is: each folder is held by a lock, which
the system takes away with its process, and where each stands is noted in the user's own folder for temporary files.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

FOLDER = ".prepared"
_LOCK = ".lock"


@contextmanager
def prepared_folder(data: Path, otherwise: Path | None = None) -> Iterator[Path]:
    """A new private folder beside the data, removed with all that is in it at the end.

    Parameters: ``otherwise`` the folder in which it is made where the data folder cannot be written; None for the
    temporary files of this machine. Raises OSError.
    """
    for home in (data, otherwise, _own_folder()):
        held = _held(home.absolute() / FOLDER) if home is not None else None
        if held is not None:
            break
    else:
        raise PermissionError(f"{data}")
    folder, lock = held
    note = _note(folder)
    try:
        yield folder
    finally:
        _remove(folder, lock)
        if note:
            note.unlink(missing_ok=True)


def sweep(places: Iterable[str | Path] = ()) -> None:
    """Remove what killed commands left: in every folder that is noted, and in data folders that are named."""
    for note in _notes():
        with suppress(OSError, ValueError):
            folder = Path(note.read_text(encoding="utf-8"))
            if folder.parent.name != FOLDER or _swept(folder):
                note.unlink(missing_ok=True)
    for place in places:
        with suppress(OSError, ValueError):
            for lock in (Path(place) / FOLDER).glob(f"*{_LOCK}"):
                _swept(lock.with_suffix(""))


def _held(home: Path) -> tuple[Path, FileLock] | None:
    """A new folder in a home, and the lock that holds it; None where none can be made there."""
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(home):
            return None
        for _ in range(100):  # a sweep may take a lock that was made and is not held yet
            folder = home / uuid4().hex
            lock = FileLock(folder.with_suffix(_LOCK), timeout=10, mode=0o600)
            lock.acquire()
            if folder.with_suffix(_LOCK).exists():
                folder.mkdir(mode=0o700)
                return folder, lock
            lock.release()
    except (OSError, Timeout):
        pass
    return None


def _swept(folder: Path) -> bool:
    """Remove a folder whose process is gone. Returns True where nothing of it is left."""
    path = folder.with_suffix(_LOCK)
    if not path.exists():
        return not folder.exists()
    if not _is_private(folder.parent):
        return False
    lock = FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        return False
    _remove(folder, lock)
    return not folder.exists()


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        folder.with_suffix(_LOCK).unlink(missing_ok=True)
    lock.release()
    with suppress(OSError):
        folder.parent.rmdir()  # once it is empty


def _note(folder: Path) -> Path | None:
    """Note where a folder stands, so that any command can remove it; None where that cannot be done."""
    try:
        note = _own_folder() / folder.name
        note.write_text(str(folder), encoding="utf-8")
    except OSError:
        return None
    return note


def _notes() -> list[Path]:
    try:
        return [path for path in _own_folder().iterdir() if path.is_file() and not path.is_symlink()]
    except OSError:
        return []


def _own_folder() -> Path:
    """The user's own folder among the temporary files of this machine. Raises OSError when another made it."""
    user = os.geteuid() if hasattr(os, "geteuid") else os.environ.get("USERNAME", "")
    folder = Path(tempfile.gettempdir()) / f"assess-prepared-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_private(folder):
        raise PermissionError(f"{folder}")
    return folder


def _is_private(folder: Path) -> bool:
    """True where a folder is this user's and closed to all others, or the system has no such rights."""
    about = os.lstat(folder)
    if not hasattr(os, "geteuid"):
        return stat.S_ISDIR(about.st_mode)
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o077
