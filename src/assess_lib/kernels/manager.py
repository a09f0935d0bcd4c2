"""The kernel manager of a run: warm kernels, spoken to over sockets in a private folder."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Callable
from copy import copy
from functools import cache, partial
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Bool, Dict, Unicode

from assess_lib.kernels.client import NAME
from assess_lib.kernels.provisioner import WarmProvisioner

LONGEST_SOCKET = 90  # a socket's path has at most 104 characters on any Unix; jupyter_client adds a number
AHEAD_AFTER = 0.03  # seconds
_count = itertools.count()


class ReadyClient(AsyncKernelClient):
    """A client that knows that a kernel is ready when it has answered, not after a pause."""

    async def start_channels(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Connect when there is something to connect to: zmq waits a tenth of a second before it tries again."""
        if self.transport == "ipc":
            for port in (self.shell_port, self.iopub_port):
                while not os.path.exists(f"{self.ip}-{port}") and await self._async_is_alive():
                    await asyncio.sleep(0.002)
        super().start_channels(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its answers can be heard.

        Raises RuntimeError, in jupyter_client's words, for a kernel that died or does not answer.
        """
        latest = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > latest:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answers(self) -> bool:
        """True if a question is answered, and the end of its handling comes over the channel of outputs."""
        self.kernel_info()
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            while reply["msg_type"] != "kernel_info_reply":
                reply = await self.shell_channel.get_msg(timeout=1)
            heard: dict[str, Any] = {}
            while heard.get("execution_state") != "idle":
                message = await self.iopub_channel.get_msg(timeout=0.2)
                heard = (
                    message["content"]
                    if message["parent_header"].get("msg_id") == reply["parent_header"]["msg_id"]
                    else {}
                )
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


class RunKernelManager(AsyncKernelManager):
    """Starts kernels for a run.

    Attributes
    ----------
    warm : whether kernels are forked.
    address : of the warm process.
    folder : private folder for connection files and sockets, so that no two processes can take the
        same port; empty, or too long a path for a socket, for TCP.
    environment : variables of kernels beside those of this process.
    """

    warm = Bool().tag(config=True)
    address = Unicode().tag(config=True)
    folder = Unicode().tag(config=True)
    environment = Dict().tag(config=True)
    client_class = f"{__name__}.ReadyClient"
    client_factory = ReadyClient
    _spec: KernelSpec | None = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.folder:
            self._number = next(_count)
            self.connection_file = self._file(self._number)
            if len(self.connection_file) <= LONGEST_SOCKET and os.name == "posix":
                self.transport = "ipc"
                if os.path.exists(self.connection_file):  # the kernel before this one had it started ahead
                    self.load_connection_file()
                    self._connection_file_written = True  # nor written again, while that kernel may be reading it

    async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Start a kernel, its environment that of this process and what it is given; then the next, ahead."""
        started = _at_once(AsyncKernelManager._async_start_kernel)
        await started(self, **kwargs | {"env": os.environ | self.environment | kwargs.get("env", {})})
        if self.transport == "ipc" and isinstance(self.provisioner, WarmProvisioner):
            ahead = self._file(self._number + 1)
            sockets, key = f"{Path(ahead).with_suffix('')}-ipc", uuid4().hex.encode()
            write_connection_file(ahead, transport="ipc", ip=sockets, key=key, kernel_name=self.kernel_name)
            start = partial(self.provisioner.start_ahead, self.connection_file, ahead)
            asyncio.get_running_loop().call_later(AHEAD_AFTER, start)  # when this kernel has got its first cell

    async def shutdown_kernel(  # type: ignore[override]
        self, now: bool = False, restart: bool = False
    ) -> None:
        """End the kernel; ``now`` without asking it."""
        await _at_once(AsyncKernelManager._async_shutdown_kernel)(self, now=now, restart=restart)

    def _file(self, number: int) -> str:
        return str(Path(self.folder) / f"{os.getpid()}-{number}.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        if self._spec is None:
            spec = copy(_found(self.kernel_name))
            if self.warm:
                chosen = {"provisioner_name": NAME, "config": {"address": self.address}}
                spec.metadata = spec.metadata | {"kernel_provisioner": chosen}
            self._spec = spec
        return self._spec


def _at_once(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of jupyter_client without the pause of 10 ms in which its own tests look at a state."""
    return getattr(method, "__wrapped__", method)


@cache
def _found(kernel_name: str) -> KernelSpec:
    """A kernel spec, looked for once per process. Raises NoSuchKernel."""
    return KernelSpecManager().get_kernel_spec(kernel_name)
