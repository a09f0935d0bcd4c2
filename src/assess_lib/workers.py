"""Many pieces of work at once, by whatever runs functions elsewhere: processes of this machine, or a cluster.

Processes end with the one that started them, and without a word when they are interrupted. On Linux they are forked from
one that has loaded what this one has, elsewhere spawned.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Protocol, TypeVar, cast

from assess_lib.exit_codes import INTERRUPTED

_TRIES, _PAUSE = 20, 0.05  # seconds
_LONGEST_FOLDER = 64  # bytes: a socket in it has a name of 32 more, and 107 at the most
T = TypeVar("T")
R = TypeVar("R")


class Workers(Protocol):
    """Processes or machines that run functions. ``width`` is how many calls they can work on at once."""

    def open(self, most: int) -> AbstractContextManager[Executor]:
        """An executor for at most so many calls at once; left by an exception it drops what waits."""

    def sent(self, call: Callable[[T], R]) -> Callable[[T], R]:
        """The function in the form in which it is sent to them."""

    def width(self) -> int:
        """Calls at once; may change while they run."""


class Processes:
    """Workers on this machine: a pool of processes, as many as there are processors when not given."""

    def __init__(self, count: int | None = None):
        self._count = count or os.cpu_count() or 1

    def open(self, most: int) -> ProcessPoolExecutor:
        return _pool(max(1, min(self._count, most)))

    def sent(self, call: Callable[[T], R]) -> Callable[[T], R]:
        return call

    def width(self) -> int:
        return self._count


def in_order(
    call: Callable[..., R], pieces: Iterable[object], jobs: int, shared: tuple[object, ...] = (), chunk: int = 1
) -> Iterator[R]:
    """The results of ``call(*shared, piece)`` for each piece, in the order of the pieces.

    With one job in this process, else in so many; ``shared`` is sent once to each of them, pieces ``chunk`` at a time.
    Raises what the call raises.
    """
    if jobs == 1:
        yield from (call(*shared, piece) for piece in pieces)
        return
    with _pool(jobs, call, *shared) as pool:
        yield from pool.map(_call, pieces, chunksize=chunk)


def completed(
    work: Sequence[T], call: Callable[[T], R], workers: Workers, failed: Callable[[T, str], R]
) -> Iterator[R]:
    """The results of a function on pieces of work, as they come; ``failed`` makes one from the words of an exception.

    A process of a pool that dies takes the pool with it. What was at work then runs again, each
    piece in a process of its own, so that one that kills its process fails alone; the rest goes to a
    new pool. A cluster starts lost work again by itself and gives up what loses worker after worker.
    """
    waiting = deque(work)
    while waiting:
        running: dict[Future[R], T] = {}
        with workers.open(len(waiting)) as pool:
            sent = workers.sent(call)
            try:
                while waiting or running:
                    while waiting and len(running) < max(1, workers.width()):
                        future = pool.submit(sent, waiting[0])
                        running[future] = waiting.popleft()
                    for done in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
                        outcome = _result(done, running[done], failed)
                        del running[done]
                        yield outcome
            except BrokenExecutor:
                pass  # told apart below: what was at work is still in ``running``
        for piece in running.values():
            yield _alone(piece, call, failed)


def _result(done: Future[R], piece: T, failed: Callable[[T, str], R]) -> R:
    try:
        return done.result()
    except BrokenExecutor:
        raise
    except Exception as error:  # noqa: BLE001 - the failure of one piece is its result
        return failed(piece, f"{type(error).__name__}: {error}")


def _alone(piece: T, call: Callable[[T], R], failed: Callable[[T, str], R]) -> R:
    """A piece of work in a process of its own."""
    with Processes(1).open(1) as pool:
        try:
            return _result(pool.submit(call, piece), piece, failed)
        except BrokenExecutor:
            return failed(piece, "BrokenProcessPool: the process at work on it died")


class _Quietly:
    """A process that is started while an interrupt waits, here and in itself; ``let_interrupt`` ends that there."""

    def start(self) -> None:
        start: Callable[[], None] = super().start  # type: ignore[misc]
        with interrupt_waits():
            for _ in range(_TRIES):
                with suppress(
                    ConnectionError, EOFError
                ):  # what it is forked from was killed, and is started anew when that is known
                    start()
                    return
                time.sleep(_PAUSE)
            start()


class _Spawned(_Quietly, SpawnProcess):
    pass


class _Spawns(SpawnContext):
    def Process(self, *args: Any, **kwargs: Any) -> _Spawned:  # type: ignore[override]  # noqa: N802
        return _Spawned(*args, **kwargs)


if sys.platform == "linux":
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    class _Forked(_Quietly, ForkServerProcess):
        pass

    class _Forks(ForkServerContext):
        def Process(self, *args: Any, **kwargs: Any) -> _Forked:  # type: ignore[override]  # noqa: N802
            self.set_forkserver_preload(_loaded())
            return _Forked(*args, **kwargs)


def quiet_context() -> SpawnContext:
    """Processes that an interrupt does not reach before they are set up: it waits, and shows no traceback.

    They are forked where the system can, and where the folder of temporary files has a name short enough for a socket.
    """
    if sys.platform == "linux" and len(os.fsencode(tempfile.gettempdir())) <= _LONGEST_FOLDER:
        return cast(SpawnContext, _Forks())
    return _Spawns()


def _loaded() -> list[str]:
    """The modules of the program that this process has loaded."""
    program = __name__.partition(".")[0] + "."
    return sorted(name for name in sys.modules if name.startswith(program))


@contextmanager
def interrupt_waits() -> Iterator[None]:
    """Let an interrupt wait until the end of the block, in this thread and in what is started in it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_interrupt() -> None:
    """Let interrupts in, in a process that was started while they waited."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _pool(count: int, *given: object) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, quiet_context(), partial(_begin, dict(os.environ), *given))


_given: list[Any] = []


def _begin(environment: dict[str, str], *given: object) -> None:
    """Set up a worker: it ends with the runner, and without a word when it is interrupted, at work or waiting for it.

    What it is forked from began in the environment of another time.
    """
    os.environ.clear()
    os.environ.update(environment)
    follow_parent()
    signal.signal(signal.SIGINT, lambda *_: sys.exit(INTERRUPTED))
    let_interrupt()
    _given[:] = given


def _call(piece: object) -> Any:
    call, *shared = _given
    return call(*shared, piece)


def follow_parent() -> None:
    """Let a process that this one has started end when the runner does, also by ``kill -9``; its kernel follows it."""

    parent = multiprocessing.parent_process()
    assert parent is not None, "called in a process that multiprocessing started"

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
