"""Memory of short-lived processes, such as a command: what is given back is kept for what comes next."""

from __future__ import annotations

import ctypes
import gc
import os

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # parameters of mallopt(3)
_KEPT = 2**30  # bytes that may lie unused before the system gets them back
_NEW_OBJECTS = 200_000  # between two searches for cycles that nobody refers to; Python searches after 700


def keep_freed_memory() -> None:
    """Let this process reuse memory instead of returning it, and search for garbage seldom.

    Tables of millions of rows are worked on in hundreds of steps, each of which makes arrays of the same size again;
    two of twelve seconds of scoring 5 000 teams went into pages that the system cleared anew for them. Only glibc can be
    told so; elsewhere the memory of arrays is as it was. Must be called before pyarrow is imported.
    """
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _KEPT)
