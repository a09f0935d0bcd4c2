"""The starter's side of the warm process, and a kernel process as the starter sees it."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

NAME = "assess-warm"  # of the provisioner, at its entry point
PRELOAD = (
    "assess_lib.kernels.child",
    "assess_lib.kernels.streams",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "faulthandler",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
    "zmq.utils.garbage",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
)
Preparation = tuple[tuple[str, tuple[str, ...]], ...]  # functions as "module:function", each with its arguments
SOCKET = "warm"
ENDED_WITHIN = 5.0  # seconds
log = logging.getLogger("assess_lib.kernels")


@dataclass(frozen=True)
class KernelPlace:
    """The source of kernels; a description that can be sent to other processes.

    Attributes
    ----------
    warm : whether they are forked from a warm process.
    address : of the warm process; empty for one of its own in each process that starts kernels.
    prepare : functions that a warm process of its own calls first, as for ``WarmKernels``.
    folder : private folder for sockets and connection files.
    environment : variables of kernels beside those of the process.
    """

    warm: bool = False
    address: str = ""
    prepare: Preparation = ()
    folder: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def here(self) -> KernelPlace:
        """The place as this process sees it: with the address of its own warm process if it needs one."""
        if not self.warm or self.address:
            return self
        try:
            own = own_kernels(self.prepare)
        except NoWarmKernels as why:
            log.warning("ordinary kernels instead of warm ones: %s", why)
            return replace(self, warm=False)
        return replace(self, address=own.address, folder=own.folder)


ORDINARY = KernelPlace()


class NoWarmKernels(RuntimeError):
    """Fork is not to be had here, or the warm process is gone."""


def can_fork() -> bool:
    """True where forking kernels is safe: not on Windows, nor on macOS, whose own libraries do not bear it."""
    return sys.platform != "darwin" and hasattr(os, "fork")


def private_folder() -> str:
    """A new folder that nobody else may look into."""
    return tempfile.mkdtemp(prefix="assess-")


class WarmKernels:
    """A warm process and its address; to be closed, or used as a context.

    Parameters
    ----------
    prepare : functions called once in the warm process, each ``("module:function", arguments)``;
        every kernel has what they leave in their modules.
    preload : modules that it imports.
    folder : private folder for its socket and those of its kernels, removed when it ends; one is
        made when not given.

    Raises NoWarmKernels where processes cannot be forked.
    """

    def __init__(
        self,
        prepare: Preparation = (),
        preload: Sequence[str] = PRELOAD,
        folder: str | None = None,
    ):
        if not hasattr(os, "fork"):
            raise NoWarmKernels(f"no fork on {sys.platform}")
        self.folder = folder or private_folder()
        self.address = str(Path(self.folder) / SOCKET)
        with socket.socket(socket.AF_UNIX) as listener:
            try:
                listener.bind(self.address)
            except OSError as error:
                shutil.rmtree(self.folder)
                raise NoWarmKernels(f"{self.address}: {error}") from None
            listener.listen(256)
            self._start(listener, preload, prepare)

    def _start(self, listener: socket.socket, preload: Sequence[str], prepare: Preparation) -> None:
        settings = {
            "listener": listener.fileno(),
            "folder": self.folder,
            "preload": list(preload),
            "prepare": list(prepare),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-Xfrozen_modules=off", "-m", "assess_lib.kernels.server", json.dumps(settings)],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """End the warm process and its kernels; nothing of it stays."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> WarmKernels:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_own: dict[Preparation, WarmKernels] = {}


def own_kernels(prepare: Preparation = ()) -> WarmKernels:
    """The warm process of this process, ended with it; one that was prepared otherwise is ended now.

    Raises NoWarmKernels where processes cannot be forked.
    """
    if prepare not in _own:
        close_own_kernels()
        _own[prepare] = WarmKernels(prepare)
    return _own[prepare]


@atexit.register
def close_own_kernels() -> None:
    """End the warm process of this process, if it has one."""
    while _own:
        _own.popitem()[1].close()


class KernelProcess:
    """A kernel forked from a warm process, with the methods of ``subprocess.Popen`` that jupyter_client asks for.

    Without ``wait`` it is requested only, and ``begun`` waits until it is there. Raises NoWarmKernels.
    """

    stdin = stdout = stderr = None

    def __init__(self, address: str, argv: Sequence[str], env: dict[str, str], cwd: str, wait: bool = True):
        self.returncode: int | None = None
        self.pid: int | None = None
        self._address = address
        end = socket.socket(socket.AF_UNIX)
        try:
            end.connect(address)
            self._connection = Connection(end.detach())
            self._send({"argv": list(argv), "env": dict(env), "cwd": str(cwd)})
        except OSError as error:
            end.close()
            raise NoWarmKernels(f"the warm process at {address} does not answer: {error}") from None
        if wait:
            self.begun()

    def begun(self) -> KernelProcess:
        """Wait until the warm process has forked it. Raises NoWarmKernels."""
        if self.pid is None:
            try:
                self.pid = json.loads(self._connection.recv_bytes())["pid"]
            except (EOFError, OSError) as error:
                self._connection.close()
                raise NoWarmKernels(f"the warm process at {self._address} does not answer: {error}") from None
        return self

    def give_up(self) -> None:
        """End a kernel that is not wanted, and wait until it has ended."""
        with contextlib.suppress(NoWarmKernels, subprocess.TimeoutExpired):
            self.begun().kill()
            self.wait(ENDED_WITHIN)
        self._connection.close()
        self.returncode = -signal.SIGKILL

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and the processes that it started."""
        if self.poll() is None:
            try:
                self._send({"signal": int(number)})
            except OSError:
                self._ended(0)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def leave(self, seconds: float) -> None:
        """Let go of a kernel that is shutting down: the warm process ends it if it has not left in time."""
        if self.poll() is None:
            try:
                self._send({"leave": seconds})
            except OSError:
                pass
            self._connection.close()
            self.returncode = 0

    def fileno(self) -> int:
        """Readable when the kernel has ended."""
        return self._connection.fileno()

    def _send(self, request: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(request).encode())

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and self._connection.poll(timeout):
            try:
                self.returncode = json.loads(self._connection.recv_bytes())["code"]
            except (EOFError, OSError):  # the warm process is gone, and its kernels with it
                self.returncode = -signal.SIGKILL
            self._connection.close()
        return self.returncode
