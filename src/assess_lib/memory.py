"""Memory while many large arrays are made: what is given back is kept for those that come next."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

# Parameters of mallopt(3), and the values of a process of which nothing is asked.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -3, -4
_USUAL = {_TRIM_THRESHOLD: 2 * 2**25, _MMAP_THRESHOLD: 2**25, _MMAP_MAX: 65_536}
_KEPT = 2**30  # bytes that may lie unused before the system gets them back
_NEW_OBJECTS = 200_000  # between two searches for cycles that nobody refers to; Python searches after 700


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Let this process reuse memory instead of returning it, and search for garbage seldom, until the block ends.

    Tables of millions of rows are worked on in hundreds of steps, each of which makes arrays of the same size again;
    two of twelve seconds of scoring 5 000 teams went into pages that the system cleared anew for them. Only glibc can be
    told so; elsewhere the memory of arrays is as it was.
    """
    pool, searches = pa.default_memory_pool(), gc.get_threshold()
    pa.set_memory_pool(pa.system_memory_pool())
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
    _tell_glibc({_TRIM_THRESHOLD: _KEPT, _MMAP_MAX: 0})
    try:
        yield
    finally:
        _tell_glibc(_USUAL, trim=True)
        gc.set_threshold(*searches)
        pa.set_memory_pool(pool)


def _tell_glibc(parameters: dict[int, int], trim: bool = False) -> None:
    libc = ctypes.CDLL(None) if os.name == "posix" else None
    if libc is None or not hasattr(libc, "mallopt"):
        return
    for parameter, value in parameters.items():
        libc.mallopt(parameter, ctypes.c_int(value))
    if trim:
        libc.malloc_trim(0)
