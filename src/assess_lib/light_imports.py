"""Imports of other people's packages without a part of theirs that takes long and is not needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# ``jsonschema`` takes it, where it is installed, to check web addresses in letters of any script, which no schema of ours asks
# for; it works out a whole grammar when it is imported, a second of processor time in each process.
WEB_ADDRESSES = "rfc3987_syntax"


@contextmanager
def without(module: str) -> Iterator[None]:
    """Imports in the block find that a module is not installed; one that is there already stays."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # as the language defines it
    try:
        yield
    finally:
        del sys.modules[module]
