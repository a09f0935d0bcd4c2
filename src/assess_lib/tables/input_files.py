"""The files of a folder of input with the digests of the bytes that were read, also when somebody writes meanwhile."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

RECENT = 2.0  # seconds within which a clock of files may not tell two writings apart
Stamp = tuple[int, int, int, int]


class FolderSnapshot:
    """The files of a folder as they are before they are read, by which a change meanwhile is found."""

    def __init__(self, folder: Path):
        self._folder = folder
        now = time.time()
        self._stamps = _stamps(folder)
        recent = {name for name, stamp in self._stamps.items() if stamp[2] > (now - RECENT) * 1e9}
        self._digests = {name: file_digest(path) for name, path in input_files(folder) if name in recent}

    def changed(self) -> list[str]:
        """The names of the files that changed, came or went since, as far as their size and times tell."""
        now = _stamps(self._folder)
        return sorted(name for name in {*self._stamps, *now} if self._stamps.get(name) != now.get(name))

    def digests(self) -> tuple[dict[str, str], list[str]]:
        """SHA-256 of every file by name, and the names of those that changed, came or went since. Raises OSError."""
        found = {name: file_digest(path) for name, path in input_files(self._folder)}
        rewritten = {name for name, digest in self._digests.items() if found.get(name, digest) != digest}
        return found, sorted({*self.changed(), *rewritten})


def input_files(folder: Path) -> list[tuple[str, Path]]:
    """The files of a folder of input, by name; hidden and half-written ones are left out."""
    paths = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return [(name, path) for name, path in paths if not any(part.startswith((".", "~")) for part in name.split("/"))]


def file_digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamps(folder: Path) -> dict[str, Stamp]:
    """Identity, size, and times of content and of the entry of every file that can be seen, in nanoseconds."""
    stamps: dict[str, Stamp] = {}
    for name, path in input_files(folder):
        try:
            about = path.stat()
        except OSError:  # gone between the two
            continue
        stamps[name] = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    return stamps
