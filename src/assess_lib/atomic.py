"""The one way to write: under a temporary name beside the goal, put in place when whole.

A temporary name begins with a full stop and holds ``.part``, by which what a killed process left can be swept away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def beside(path: Path, suffix: str = "") -> Path:
    """The temporary name of a file or folder; ``suffix`` for programs that go by the end of a name."""
    return path.with_name(f".{path.name}.{os.getpid()}.part{suffix}")


def put_in_place(written: Path, path: Path) -> None:
    """Give what was written its own name, in one step. Raises OSError."""
    os.replace(written, path)


@contextmanager
def replacing(path: Path, suffix: str = "") -> Iterator[Path]:
    """A temporary name to write a file under; put in place at the end, removed when that is not reached."""
    written = beside(path, suffix)
    try:
        yield written
        put_in_place(written, path)
    finally:
        written.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """An empty folder to write into; it has its own name at the end.

    Raises OSError when a folder with content has that name by then; nothing is left of the new one.
    """
    written = beside(path)
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    try:
        yield written
        put_in_place(written, path)
    finally:
        shutil.rmtree(written, ignore_errors=True)


def write_text(path: Path, text: str) -> Path:
    """Write a file in UTF-8, line ends as they are. Returns its path. Raises OSError."""
    with replacing(path) as written:
        written.write_text(text, encoding="utf-8", newline="")
    return path


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file. Returns its path. Raises OSError."""
    with replacing(path) as written:
        written.write_bytes(content)
    return path
