"""The kernel manager of a run: warm kernels, spoken to over sockets in a private folder."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from pathlib import Path
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Bool, Dict, Unicode

from assess_lib.kernels.provisioner import NAME

LONGEST_SOCKET = 90  # a socket's path has at most 104 characters on any Unix; jupyter_client adds a number
_count = itertools.count()


class ReadyClient(AsyncKernelClient):
    """A client that knows that a kernel is ready when it has answered, not after a pause."""

    async def start_channels(self, *args, **kwargs) -> None:
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
        """Whether a question is answered, and the end of its handling is heard on the channel of outputs."""
        self.kernel_info()
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            while reply["msg_type"] != "kernel_info_reply":
                reply = await self.shell_channel.get_msg(timeout=1)
            heard = {}
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
    environment : what kernels find in their environment beside what this process has.
    """

    warm = Bool().tag(config=True)
    address = Unicode().tag(config=True)
    folder = Unicode().tag(config=True)
    environment = Dict().tag(config=True)
    client_class = f"{__name__}.ReadyClient"
    client_factory = ReadyClient

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.folder:
            self.connection_file = str(Path(self.folder) / f"{os.getpid()}-{next(_count)}.json")
            if len(self.connection_file) <= LONGEST_SOCKET and os.name == "posix":
                self.transport = "ipc"

    async def start_kernel(self, **kwargs) -> None:
        """Start a kernel, its environment that of this process and what it is given."""
        await super().start_kernel(**kwargs | {"env": os.environ | self.environment | kwargs.get("env", {})})

    @property
    def kernel_spec(self):
        spec = super().kernel_spec
        if self.warm and spec is not None:
            spec.metadata = spec.metadata | {
                "kernel_provisioner": {"provisioner_name": NAME, "config": {"address": self.address}}
            }
        return spec
