"""Memory of short-lived processes: what arrays give back is kept for the next ones."""

from __future__ import annotations

import ctypes
import os

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # parameters of mallopt(3)
_KEPT = 2**30  # bytes that may lie unused before the system gets them back


def keep_freed_memory() -> None:
    """Let this process reuse memory instead of returning it to the system after every large array.

    Tables of millions of rows are worked on in hundreds of steps, each of which makes arrays of the same size again;
    two of twelve seconds of scoring 5 000 teams went into pages that the system cleared anew for them. Only glibc can be
    told so; elsewhere nothing changes. Must be called before pyarrow is imported.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _KEPT)
