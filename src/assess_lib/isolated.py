"""A function in a process of its own, with bounds on memory, time and size of the result: for files from elsewhere.

Whatever a library does with such a file (break off, run on and on, take all memory), this process goes on and knows by
which file. One process works on many pieces, one after the other; the next takes its place when it breaks. On Linux it is
forked and needs no imports; elsewhere it is started anew, and only time and size are bounded.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from typing import Any, BinaryIO, TypeVar

from assess_lib.isolated_worker import (
    CRASH,
    FORKS,
    LARGEST_HEAD,
    MEMORY,
    OUT_OF_TIME,
    SIZE,
    TIME,
    Bounds,
    aligned,
    filled,
    is_spent,
    main,
    receive,
    send,
    serve,
)

if FORKS:
    import fcntl

__all__ = ["CRASH", "FORKS", "MEMORY", "SIZE", "TIME", "Bounds", "BrokenOff", "each_isolated"]

T = TypeVar("T")
R = TypeVar("R")

_LADEN = 2**25  # bytes taken and not given back that may matter
_AHEAD = 32 if FORKS else 1  # pieces that are asked for before their results are taken
_NO_MEMORY = (b"memory allocation", b"bad_alloc", b"out of memory", b"Cannot allocate memory", b"MemoryError")
_forking = threading.Lock()  # a pipe must not be open in the child of another thread


class BrokenOff(Exception):
    """Raised for a piece of work that had to be given up: ``cause`` memory, time, size or crash, ``why`` in short."""

    def __init__(self, cause: str, why: str = ""):
        self.cause, self.why = cause, why
        super().__init__(cause, why)


def each_isolated(call: Callable[[T], R], work: Iterable[tuple[T, Bounds]]) -> Iterator[R | Exception]:
    """The results of a function on pieces of work, in their order; in place of one, what was raised, or BrokenOff.

    On Linux the process works on while the results that it has are used. Parameters: ``call`` a function of a module;
    ``work`` the pieces, each with its bounds. Pieces and results are pickled.
    """
    coming, asked = iter(work), deque[tuple[T, Bounds]]()
    worker: _Worker | None = None
    try:
        while True:
            more = list(islice(coming, _AHEAD - len(asked)))
            asked.extend(more)
            if not asked:
                return
            if worker is None:
                worker, more = _Worker(call), list(asked)
            worker.ask(more)
            laden = worker.grown > _LADEN
            outcome = worker.outcome()
            if isinstance(outcome, BrokenOff) and laden and outcome.cause in (MEMORY, CRASH):
                worker.end()  # what was left of pieces before may have been too much; the outcome does not depend on them
                worker = _Worker(call)
                worker.ask(asked)
                outcome = worker.outcome()
            asked.popleft()
            if worker.spent:
                worker.end()
                worker = None
            yield outcome
    finally:
        if worker:
            worker.end()


class _Worker:
    """A process at work on one piece after the other.

    ``grown``: bytes that it has taken and not given back; ``spent``: it takes no more pieces.
    """

    def __init__(self, call: Callable[[Any], Any]):
        self.spent, self.grown = False, 0
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._clocks: deque[float] = deque()  # by which the pieces that were asked for must be done, each for itself
        self._handed: socket.socket | None = None  # over which results come, of a fork
        if FORKS:
            self._fork(call)
        else:
            self._start(call)

    def ask(self, work: Iterable[tuple[object, Bounds]]) -> None:
        """Have pieces worked on, after those that were asked for before."""
        for piece, bounds in work:
            self._clocks.append(bounds.clock)
            with suppress(OSError):  # gone already: told when its outcome is asked for
                send(self._to, pickle.dumps((piece, bounds)))

    def outcome(self) -> Any:
        """What the function returns or raises for the next piece; BrokenOff where the process was lost over it."""
        late, clock = threading.Event(), self._clocks.popleft()
        watch = threading.Timer(clock, self._stop, [late]) if self._process else None  # a fork watches itself
        if watch:
            watch.start()
        try:
            said, why, sizes, self.grown = pickle.loads(receive(self._back, LARGEST_HEAD))
            self.spent = is_spent(said, self.grown)
            if said:
                return BrokenOff(said, why)
            parts = self._parts(sizes)
            return pickle.loads(parts[0], buffers=parts[1:])
        except (EOFError, OSError):
            self.spent = True
            return self._lost(late.is_set())
        finally:
            if watch:
                watch.cancel()

    def end(self) -> None:
        """Let the process go, at once."""
        self.spent = True
        for end in (self._to, self._back, self._errors):
            with suppress(OSError):
                end.close()
        if self._handed:
            self._handed.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        elif self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0

    def _parts(self, sizes: list[int]) -> Sequence[memoryview | bytearray]:
        """The parts of a result: in memory that the process laid it in where there is such, else sent. Raises EOFError.

        Parameters: ``sizes`` of the parts in bytes; in memory the first part has those of the others.
        """
        if self._handed is None:
            return [filled(self._back, size) for size in sizes]
        _, handed, _, _ = socket.recv_fds(self._handed, 1, 1)
        if not handed:
            raise EOFError
        try:
            fcntl.fcntl(handed[0], fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_WRITE)
            content = memoryview(mmap.mmap(handed[0], os.fstat(handed[0]).st_size, access=mmap.ACCESS_COPY))
        finally:
            os.close(handed[0])
        sizes += pickle.loads(content[: sizes[0]])
        begins = [0, *accumulate(map(aligned, sizes))]
        if len(content) < begins[-1]:
            raise EOFError
        return [content[begin : begin + size] for begin, size in zip(begins, sizes)][1:]

    def _stop(self, late: threading.Event) -> None:
        late.set()
        if self._process:
            self._process.kill()

    def _lost(self, late: bool) -> BrokenOff:
        if self._process:
            code = self._process.wait()
        else:
            code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            self._pid = 0
        said = self._errors.read(4096) or b""
        number = -code if code < 0 else 0
        if late or number in OUT_OF_TIME:
            return BrokenOff(TIME)
        if any(words in said for words in _NO_MEMORY) or number == getattr(signal, "SIGKILL", None):
            return BrokenOff(MEMORY)
        return BrokenOff(CRASH, signal.Signals(number).name if number else f"exit {code}")

    def _fork(self, call: Callable[[Any], Any]) -> None:
        parent = os.getpid()
        with _forking, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of the child are never asked
            (asked, to), (back, answer), (errors, told) = os.pipe(), os.pipe(), os.pipe()
            self._handed, handing = socket.socketpair()
            self._pid = os.fork()
            if not self._pid:
                for end in (to, back, errors):
                    os.close(end)
                self._handed.close()
                os.set_blocking(told, False)
                os.dup2(told, 2)
                serve(call, open(asked, "rb"), open(answer, "wb"), parent, handing)
            for end in (asked, answer, told):
                os.close(end)
            handing.close()
        os.set_blocking(errors, False)
        self._to, self._back = open(to, "wb"), open(back, "rb")
        self._errors: BinaryIO = open(errors, "rb", buffering=0)

    def _start(self, call: Callable[[Any], Any]) -> None:
        command = [sys.executable, "-c", f"from {main.__module__} import main; main()"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdin and self._process.stdout
        self._to, self._back = self._process.stdin, self._process.stdout  # type: ignore[assignment]
        self._errors = open(os.devnull, "rb", buffering=0)
        with suppress(OSError):  # gone already: told when it is asked
            send(self._to, pickle.dumps(sys.path))
            send(self._to, pickle.dumps(call))
