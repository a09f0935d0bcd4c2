"""Workers on other machines: a Dask cluster behind the interface of ``concurrent.futures``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from assess_lib.faults import Fault, UnusableInput
from assess_lib.kernels.client import close_own_kernels
from assess_lib.runs.fingerprints import code_digest

CONNECT_SECONDS = 15
T = TypeVar("T")
R = TypeVar("R")


class Cluster:
    """The workers of a Dask scheduler; to be closed, or used as a context.

    The workers see the data, the notebooks and the run's folder under the same paths as this
    machine, and have the same version of this program.

    Raises UnusableInput when ``distributed`` is not installed, when nobody answers at the address,
    or when no worker comes.
    """

    def __init__(self, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise UnusableInput([Fault("run.no_distributed", "--scheduler", value=address)]) from None
        try:
            client: Any = Client
            self._client = client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UnusableInput([_unreachable(address, error)]) from None
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            self._client.close()
            raise UnusableInput([Fault("run.no_workers", "--scheduler", value=address)]) from None
        self._code = code_digest()

    @contextmanager
    def open(self, most: int) -> Iterator[Executor]:
        pool = self._client.get_executor(pure=False)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False)
            raise
        pool.shutdown()

    def sent(self, call: Callable[[T], R]) -> Callable[[T], R]:
        """The function, refused by a worker that has another version of this program."""
        return partial(_as_sent, self._code, call)

    def width(self) -> int:
        """One job for every thread of the workers there are, and one more each that is already at hand."""
        threads: dict[str, int] = self._client.nthreads()
        return 2 * sum(threads.values())

    def close(self) -> None:
        """Leave the cluster; the workers end what they had kept warm."""
        with suppress(Exception):  # the cluster may be gone, and its processes with it
            self._client.run(close_own_kernels)
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _as_sent(code: str, call: Callable[[T], R], piece: T) -> R:
    """On a worker: the call, if this program is the one that sent it."""
    if code_digest() != code:
        raise RuntimeError("the worker has another version of this program")
    return call(piece)


def _unreachable(address: str, error: Exception) -> Fault:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Fault("run.no_scheduler", "--scheduler", value=address, details={"why": why})
