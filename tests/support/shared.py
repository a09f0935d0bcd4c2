"""What several tests look at, made once for all processes that a test run uses."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

T = TypeVar("T")


def base_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files that all processes of a test run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """What ``make`` gave for a folder of this name: the first process that asks calls it, the others wait and read.

    Nobody changes what lies in the folder; a test that has to takes a copy. When making it fails, the next one tries again.
    """
    base = base_folder(factory)
    kept = base / f"{name}.pickle"
    with FileLock(base / f"{name}.lock"):
        if not kept.exists():
            folder = factory.mktemp(name)
            kept.with_suffix(".part").write_bytes(pickle.dumps(make(folder)))
            kept.with_suffix(".part").rename(kept)
        return pickle.loads(kept.read_bytes())
