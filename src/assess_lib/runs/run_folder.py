"""The folder of a run: one run at a time, and nothing half-written left in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assess_lib.faults import Fault, UnusableInput

LOCK = ".run.lock"


@contextmanager
def exclusive_folder(folder: Path, named: str | Path) -> Iterator[None]:
    """Keep a folder to this run, and remove what a run that was cut off had half written.

    Parameters: ``named`` the folder as the user named it.
    Raises UnusableInput when it is a file, and when another run is at work in it.
    """
    if folder.exists() and not folder.is_dir():
        raise UnusableInput([Fault("run.output_is_file", str(named))])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0):
            _sweep(folder)
            yield
    except Timeout:
        raise UnusableInput([Fault("run.busy", str(named))]) from None


def _sweep(folder: Path) -> None:
    for part in (*folder.glob(".*.part*"), *folder.glob("*/.*.part*")):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
