"""What runs in a process apart: one piece of work after the other, each within its bounds, and its result handed over."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

FORKS = sys.platform == "linux"
MEMORY, TIME, SIZE, CRASH = "memory", "time", "size", "crash"
_BLOCK = 2**20  # bytes of a result that are sent at once
_ALIGNMENT = 64  # bytes: what Arrow asks of arrays
LARGEST_HEAD = 2**24  # bytes of what is sent before a result: the sizes of its parts
_RESERVED = 2**31  # bytes of address space in which nothing is written: what allocators and threads set apart
_OBJECTS = 4  # times as much memory as their pickled form is what objects take at least
OUT_OF_TIME = [getattr(signal, name) for name in ("SIGPROF", "SIGALRM", "SIGXCPU") if hasattr(signal, name)]
_GROWN = 2**28  # bytes taken and not given back with which another takes its place


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


def is_spent(said: str, grown: int) -> bool:
    """True for a process that takes no more pieces: it leaves what else it was asked for to the next."""
    return bool(said) or grown > _GROWN


def main() -> None:
    """Be the process that was started by another."""
    asked, answer = open(os.dup(0), "rb"), open(os.dup(1), "wb")
    for standard in (0, 1):
        os.dup2(os.open(os.devnull, os.O_RDWR), standard)
    sys.path[:] = pickle.loads(receive(asked, LARGEST_HEAD))
    call = pickle.loads(receive(asked, LARGEST_HEAD))
    serve(call, asked, answer, os.getppid())


def serve(
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
                piece, bounds = pickle.loads(receive(asked, LARGEST_HEAD))
            except EOFError:
                code = 0
                break
            _bound(bounds, began)
            if _answer(answer, handing, call, piece, bounds, began):
                code = 0
                break
    finally:
        os._exit(code)


def _answer(
    answer: BinaryIO,
    handing: socket.socket | None,
    call: Callable[[Any], Any],
    piece: object,
    bounds: Bounds,
    began: tuple[int, int],
) -> bool:
    """Hand over what the function makes of a piece. Returns whether this process is spent."""
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
    _unbound_time()
    grown, sizes = _size()[1] - began[1], [len(part) for part in parts]
    if handing:  # so that whoever asks for more meanwhile never waits for a process that waits to be heard
        parts.insert(0, pickle.dumps(sizes))
        sizes = [len(parts[0])]
    send(answer, pickle.dumps((said, why, sizes, grown)))
    if handing is None:
        for part in parts:
            _write(answer, part)
        answer.flush()
    elif not said:
        with open(os.memfd_create("result", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "wb") as laid:
            for part in parts:
                _write(laid, part)
                laid.write(bytes(aligned(len(part)) - len(part)))
            laid.flush()
            socket.send_fds(handing, [b"\0"], [laid.fileno()])
    return is_spent(said, grown)


def _write(stream: BinaryIO, part: Any) -> None:
    view = memoryview(part)
    for begins in range(0, len(view), _BLOCK):
        stream.write(view[begins : begins + _BLOCK])


def aligned(size: int) -> int:
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
    for number in OUT_OF_TIME:
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


def _unbound_time() -> None:
    """Let this process wait for somebody to take what it has, as long as that takes."""
    if FORKS:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _size() -> tuple[int, int]:
    """Bytes of address space of this process, and of memory of its own in it; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as said:
            pages = list(map(int, said.read().split()))
    except OSError:
        return 0, 0
    return pages[0] * os.sysconf("SC_PAGE_SIZE"), pages[5] * os.sysconf("SC_PAGE_SIZE")


def send(stream: BinaryIO, content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "little") + content)
    stream.flush()


def receive(stream: BinaryIO, most: int) -> bytes:
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


def filled(stream: BinaryIO, length: int) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        count = stream.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return content
