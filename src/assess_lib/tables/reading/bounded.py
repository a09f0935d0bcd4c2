"""Files read in processes apart, within bounds that their size sets: what a file does to its reader stays there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from assess_lib.faults import Fault, UnusableInput
from assess_lib.isolated import CRASH, MEMORY, SIZE, TIME, Bounds, BrokenOff, each_isolated
from assess_lib.tables.masking import scrubbed

T = TypeVar("T")
R = TypeVar("R")

MEGABYTE = 2**20
THREADS = 4  # each takes memory for itself, on a machine with many processors more than is allowed
LEAST_MEMORY, MEMORY_PER_BYTE = 560 * MEGABYTE, 10  # the latter for every byte of a file beyond
LARGE = 56 * MEGABYTE
LEAST_RESULT, RESULT_PER_BYTE = 320 * MEGABYTE, 8
SECONDS, BYTES_PER_SECOND = 20, 8 * MEGABYTE  # of the processor
PATIENCE, SLOWEST = 40, MEGABYTE  # seconds by the clock; bytes that a disk or a network gives in one
_KEYS = {MEMORY: "out_of_memory", TIME: "out_of_time", SIZE: "too_much_content", CRASH: "breaks_reader"}


def read_apart(read: Callable[[Path], R], path: Path) -> R:
    """What a function reads of a file, in a process of its own. Raises UnusableInput where it cannot be read."""
    outcome = next(each_read_apart(read, [path], lambda path: path))
    if isinstance(outcome, UnusableInput):
        raise outcome
    return outcome


def each_read_apart(
    read: Callable[[T], R], files: Sequence[T], path_of: Callable[[T], Path]
) -> Iterator[R | UnusableInput]:
    """What a function reads of each file, in processes apart; UnusableInput in place of one that cannot be read."""
    bounds = [_bounds(path_of(file)) for file in files]
    for file, allowed, outcome in zip(files, bounds, each_isolated(partial(_within_bounds, read), zip(files, bounds))):
        if isinstance(outcome, Exception) and not isinstance(outcome, UnusableInput):
            yield UnusableInput([_fault(path_of(file), outcome, allowed)])
        else:
            yield outcome


def _within_bounds(read: Callable[[T], R], file: T) -> R:
    """As a function that reads, with memory that is asked of the system: a pool of Arrow has more of it than was counted."""
    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(min(THREADS, pa.cpu_count()))
    return read(file)


def _bounds(path: Path) -> Bounds:
    """The bounds within which a file is read: small for a small file, whatever it holds."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # its reader tells
    return Bounds(
        memory=LEAST_MEMORY + MEMORY_PER_BYTE * max(0, size - LARGE),
        processor=SECONDS + size / BYTES_PER_SECOND,
        clock=PATIENCE + size / SLOWEST,
        result=LEAST_RESULT + RESULT_PER_BYTE * size,
    )


def _fault(path: Path, error: Exception, bounds: Bounds) -> Fault:
    if isinstance(error, BrokenOff):
        most = bounds.processor if error.cause == TIME else bounds.result if error.cause == SIZE else bounds.memory
        shown = f"{most / (1 if error.cause == TIME else MEGABYTE):,.0f}"
        return Fault(f"reading.{_KEYS[error.cause]}", str(path), details={"most": shown, "why": error.why})
    if isinstance(error, FileNotFoundError):
        return Fault("reading.gone", str(path))
    if isinstance(error, PermissionError):
        return Fault("reading.forbidden", str(path))
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    why = scrubbed(why[:160], prose=True)
    of_system = isinstance(error, OSError)  # whose words an administrator knows; those of libraries are English
    return Fault(
        "reading.unreadable",
        str(path),
        details={"why": {"zh": why if of_system else "内容不合这种文件的格式", "en": why}},
    )
