"""A function in a process of its own, with bounds on memory, time and size of the result: for files from elsewhere.

Whatever a library does with such a file (break off, run on and on, take all memory), this process goes on and knows by
which file. One process works on many pieces, one after the other; the next takes its place when it breaks. On Linux it is
forked and needs no imports; elsewhere it is started anew, and only time and size are bounded.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import mmap
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, BinaryIO, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

FORKS = sys.platform == "linux"
if FORKS:
    import fcntl
MEMORY, TIME, SIZE, CRASH = "memory", "time", "size", "crash"
_BLOCK = 2**20  # bytes of a result that are sent at once
_ALIGNMENT = 64  # bytes: what Arrow asks of arrays
_LARGEST_HEAD = 2**24  # bytes of what is sent before a result: the sizes of its parts
_LADEN, _GROWN = 2**25, 2**28  # bytes taken and not given back that may matter; with which another takes its place
_RESERVED = 2**31  # bytes of address space in which nothing is written: what allocators and threads set apart
_OBJECTS = 4  # times as much memory as their pickled form is what objects take at least
_NO_MEMORY = (b"memory allocation", b"bad_alloc", b"out of memory", b"Cannot allocate memory", b"MemoryError")
_forking = threading.Lock()  # a pipe must not be open in the child of another thread
_OUT_OF_TIME = [getattr(signal, name) for name in ("SIGPROF", "SIGALRM", "SIGXCPU") if hasattr(signal, name)]


@dataclass(frozen=True)
class Bounds:
    """Most that one piece of work may take.

    Attributes
    ----------
    memory : bytes beyond those that this process has. result : bytes of what is handed
        back; objects count fourfold, arrays and columns of Arrow as they are.
    processor, clock : seconds of work, and until the end.
    """

    memory: int
    processor: float
    clock: float
    result: int


class BrokenOff(Exception):
    """Raised for a piece of work that had to be given up: ``cause`` memory, time, size or crash, ``why`` in short."""

    def __init__(self, cause: str, why: str = ""):
        self.cause, self.why = cause, why
        super().__init__(cause, why)


def each_isolated(call: Callable[[T], R], work: Iterable[tuple[T, Bounds]]) -> Iterator[R | Exception]:
    """The results of a function on pieces of work, in their order; in place of one, what was raised, or BrokenOff.

    Parameters: ``call`` a function of a module; ``work`` the pieces, each with its bounds. Pieces and results are pickled.
    """
    worker: _Worker | None = None
    try:
        for piece, bounds in work:
            worker = worker or _Worker(call)
            laden = worker.grown > _LADEN
            outcome = worker.outcome(piece, bounds)
            if isinstance(outcome, BrokenOff) and laden and outcome.cause in (MEMORY, CRASH):
                worker.end()  # what was left of pieces before may have been too much; the outcome does not depend on them
                worker = _Worker(call)
                outcome = worker.outcome(piece, bounds)
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
        self._handed: socket.socket | None = None  # over which results come, of a fork
        if FORKS:
            self._fork(call)
        else:
            self._start(call)

    def outcome(self, piece: object, bounds: Bounds) -> Any:
        """What the function returns or raises for a piece; BrokenOff where the process was lost over it."""
        late = threading.Event()
        watch = threading.Timer(bounds.clock, self._stop, [late]) if self._process else None  # a fork watches itself
        if watch:
            watch.start()
        try:
            _send(self._to, pickle.dumps((piece, bounds)))
            said, why, sizes, self.grown = pickle.loads(_receive(self._back, _LARGEST_HEAD))
            self.spent = bool(said) or self.grown > _GROWN
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
        """The parts of a result: in memory that the process laid it in where there is such, else sent. Raises EOFError."""
        if self._handed is None:
            return [_filled(self._back, size) for size in sizes]
        _, handed, _, _ = socket.recv_fds(self._handed, 1, 1)
        if not handed:
            raise EOFError
        try:
            fcntl.fcntl(handed[0], fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_WRITE)
            begins = [0, *accumulate(map(_aligned, sizes))]
            if os.fstat(handed[0]).st_size < begins[-1]:
                raise EOFError
            content = memoryview(mmap.mmap(handed[0], begins[-1], access=mmap.ACCESS_COPY))
        finally:
            os.close(handed[0])
        return [content[begin : begin + size] for begin, size in zip(begins, sizes)]

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
        if late or number in _OUT_OF_TIME:
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
                _work(call, open(asked, "rb"), open(answer, "wb"), parent, handing)
            for end in (asked, answer, told):
                os.close(end)
            handing.close()
        os.set_blocking(errors, False)
        self._to, self._back = open(to, "wb"), open(back, "rb")
        self._errors: BinaryIO = open(errors, "rb", buffering=0)

    def _start(self, call: Callable[[Any], Any]) -> None:
        command = [sys.executable, "-c", f"from {__name__} import _main; _main()"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdin and self._process.stdout
        self._to, self._back = self._process.stdin, self._process.stdout  # type: ignore[assignment]
        self._errors = open(os.devnull, "rb", buffering=0)
        with suppress(OSError):  # gone already: told when it is asked
            _send(self._to, pickle.dumps(sys.path))
            _send(self._to, pickle.dumps(call))


def _main() -> None:
    """Be the process that was started by another."""
    asked, answer = open(os.dup(0), "rb"), open(os.dup(1), "wb")
    for standard in (0, 1):
        os.dup2(os.open(os.devnull, os.O_RDWR), standard)
    sys.path[:] = pickle.loads(_receive(asked, _LARGEST_HEAD))
    call = pickle.loads(_receive(asked, _LARGEST_HEAD))
    _work(call, asked, answer, os.getppid())


def _work(
    call: Callable[[Any], Any],
    asked: BinaryIO,
    answer: BinaryIO,
    parent: int,
    handing: socket.socket | None = None,
) -> NoReturn:
    """Answer until nobody asks any more. Parameters: ``handing`` takes the memory in which results lie."""
    code = 1
    try:
        _alone(parent)
        began = _size()
        while True:
            try:
                piece, bounds = pickle.loads(_receive(asked, _LARGEST_HEAD))
            except EOFError:
                code = 0
                break
            _bound(bounds, began)
            _answer(answer, handing, call, piece, bounds, began)
    finally:
        os._exit(code)


def _answer(
    answer: BinaryIO,
    handing: socket.socket | None,
    call: Callable[[Any], Any],
    piece: object,
    bounds: Bounds,
    began: tuple[int, int],
) -> None:
    parts: list[Any] = []
    said = why = ""
    try:
        buffers: list[pickle.PickleBuffer] = []
        parts = [pickle.dumps(_outcome(call, piece), protocol=5, buffer_callback=buffers.append)]
        parts += [buffer.raw() for buffer in buffers]
        if _OBJECTS * len(parts[0]) + sum(len(part) for part in parts[1:]) > bounds.result:
            said, parts = SIZE, []
    except MemoryError:
        said, parts = MEMORY, []
    except BaseException as error:  # noqa: BLE001 - also the panic of a library
        said, why, parts = CRASH, type(error).__name__, []
    _send(answer, pickle.dumps((said, why, [len(part) for part in parts], _size()[1] - began[1])))
    if handing is None:
        for part in parts:
            _write(answer, part)
        answer.flush()
    elif not said:
        with open(os.memfd_create("result", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "wb") as laid:
            for part in parts:
                _write(laid, part)
                laid.write(bytes(_aligned(len(part)) - len(part)))
            laid.flush()
            socket.send_fds(handing, [b"\0"], [laid.fileno()])


def _write(stream: BinaryIO, part: Any) -> None:
    view = memoryview(part)
    for begins in range(0, len(view), _BLOCK):
        stream.write(view[begins : begins + _BLOCK])


def _aligned(size: int) -> int:
    """The bytes that a part takes up in memory, so that the next begins where arrays may begin."""
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _outcome(call: Callable[[Any], Any], piece: object) -> Any:
    """What a function returns, or the error that it raises, in a form that can be sent."""
    try:
        return call(piece)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the failure of a piece is its outcome
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:  # noqa: BLE001 - of a library that did not think of it
            return RuntimeError(f"{type(error).__name__}: {error}")
        return error


def _alone(parent: int) -> None:
    """Be nobody's shadow: no signals, no files and no words of the process that this one was forked from."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked hears it, and ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    faulthandler.disable()
    if not FORKS:
        return
    gc.freeze()  # what is shared stays shared
    signal.set_wakeup_fd(-1)
    for number in _OUT_OF_TIME:
        signal.signal(number, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(silence, standard)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def _bound(bounds: Bounds, began: tuple[int, int]) -> None:
    """Let the system end this process when it takes more."""
    if not FORKS:
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    space, data = (was + bounds.memory for was in began)
    for kind, allowed in ((resource.RLIMIT_DATA, data), (resource.RLIMIT_AS, space + _RESERVED)):
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (allowed if most == resource.RLIM_INFINITY else min(allowed, most), most))
    signal.setitimer(signal.ITIMER_PROF, bounds.processor)
    signal.setitimer(signal.ITIMER_REAL, bounds.clock)


def _size() -> tuple[int, int]:
    """Bytes of address space of this process, and of memory of its own in it; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as said:
            pages = list(map(int, said.read().split()))
    except OSError:
        return 0, 0
    return pages[0] * os.sysconf("SC_PAGE_SIZE"), pages[5] * os.sysconf("SC_PAGE_SIZE")


def _send(stream: BinaryIO, content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "little") + content)
    stream.flush()


def _receive(stream: BinaryIO, most: int) -> bytes:
    """A message. Raises EOFError at the end, or where it is longer than it may be."""
    length = int.from_bytes(_exactly(stream, 8), "little")
    if length > most:
        raise EOFError
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _filled(stream: BinaryIO, length: int) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        count = stream.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return content
