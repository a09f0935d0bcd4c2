"""The warm process: imports once, prepares once, then forks a kernel for every request.

Started by ``WarmKernels`` as ``python -m assess_lib.kernels.server``. It makes no thread and no zmq
context, and holds nothing but what its children may share: modules and data. A kernel lives as long
as the connection over which it was asked for; the warm process as long as its starter holds the
other end of its standard input. So nothing outlives the process that wanted it, however that ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

LAST_LEAVE_WITHIN = (
    3.0  # seconds that kernels which are shutting down still have when the warm process ends; its starter waits 5
)
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


def main() -> None:
    """Arguments as JSON: the number of the listening socket, its folder, modules, and what to prepare."""
    settings = json.loads(sys.argv[1])
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]
    listener = socket.socket(fileno=settings["listener"])
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)  # as a kernel does before it imports matplotlib
    try:
        try:
            _prepare(settings["preload"], settings["prepare"])
        except Exception:  # noqa: BLE001 - told; askers are turned away and start ordinary kernels
            sys.excepthook(*sys.exc_info())
            listener.close()
            sys.stdin.read()
            return
        Server(listener).serve()
    finally:
        shutil.rmtree(settings["folder"], ignore_errors=True)


def _prepare(preload: list[str], prepare: list[tuple[str, list[str]]]) -> None:
    for module in preload:
        importlib.import_module(module)
    for name, arguments in prepare:
        module, function = name.split(":")
        getattr(importlib.import_module(module), function)(*arguments)
    gc.collect()
    gc.freeze()


class Server:
    """Forks kernels and tells each asker of its kernel's end."""

    def __init__(self, listener: socket.socket):
        self._listener = listener
        self._kernels: dict[Connection, int | None] = {}
        self._leaving: dict[int, float] = {}
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Answer until the starter is gone; then end every kernel."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        starter = sys.stdin.fileno()
        try:
            while True:
                ready = wait([starter, self._listener, self._woken, *self._kernels], self._patience())
                if self._woken in ready:
                    self._reap()
                if self._listener in ready:
                    self._kernels[Connection(self._listener.accept()[0].detach())] = None
                for connection in ready:
                    if connection in self._kernels:
                        self._answer(connection)
                if starter in ready:
                    return
        finally:
            for connection in list(self._kernels):
                self._end(connection)
            self._leaving = dict.fromkeys(self._leaving, time.monotonic() + LAST_LEAVE_WITHIN)
            while patience := self._patience():
                wait([self._woken], patience)
                self._reap()

    def _patience(self) -> float | None:
        """Seconds until the next kernel that was to leave is made to; one that is overdue is."""
        now = time.monotonic()
        for pid in [pid for pid, latest in self._leaving.items() if latest <= now]:
            _signal(pid, signal.SIGKILL)
            del self._leaving[pid]
        return min(self._leaving.values()) - now if self._leaving else None

    def _answer(self, connection: Connection) -> None:
        try:
            request = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            self._end(connection)
            return
        pid = self._kernels[connection]
        if "signal" in request and pid:
            _signal(pid, request["signal"])
        elif "leave" in request and pid:
            _signal(pid, signal.SIGTERM)
            self._leaving[pid] = time.monotonic() + request["leave"]
            self._kernels[connection] = None
            self._end(connection)
        elif "argv" in request and not pid:
            server = os.getpid()
            pid = os.fork()
            if not pid:
                self._become_kernel(request, server)
            with suppress(OSError):  # here and in the child, which may be gone already
                os.setpgid(pid, pid)  # from now on its group can be signalled
            self._kernels[connection] = pid
            self._tell(connection, {"pid": pid})

    def _become_kernel(self, request: dict[str, Any], server: int) -> None:
        """Let go of everything of the server, and be a kernel. Runs in the child and never returns."""
        code = 1
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for connection in self._kernels:
                connection.close()
            self._listener.close()
            os.close(self._woken)
            os.close(self._waker)
            from assess_lib.kernels.child import run

            run(request["argv"], request["env"], request["cwd"], server)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except BaseException:  # noqa: BLE001 - as at the top of any process
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Take note of kernels that have ended."""
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if self._leaving.pop(pid, None):
                _signal(pid, signal.SIGKILL)
            for connection in [c for c, kernel in self._kernels.items() if kernel == pid]:
                self._kernels[connection] = None
                _signal(pid, signal.SIGKILL)  # what the kernel started goes with it
                self._tell(connection, {"code": os.waitstatus_to_exitcode(status)})
                self._end(connection)

    def _end(self, connection: Connection) -> None:
        """Forget a connection; its kernel ends with it."""
        pid = self._kernels.pop(connection, None)
        connection.close()
        if pid:
            _signal(pid, signal.SIGKILL)

    def _tell(self, connection: Connection, answer: dict[str, int]) -> None:
        try:
            connection.send_bytes(json.dumps(answer).encode())
        except OSError:
            self._end(connection)


def _signal(pid: int, number: int) -> None:
    """Send a signal to a kernel and what it started."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    main()
