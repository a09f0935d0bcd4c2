"""Forked kernels behind jupyter_client's seam: a provisioner, found by its entry point."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from assess_lib.kernels.client import KernelProcess, NoWarmKernels, log, own_kernels

Request = tuple[str, list[str], dict[str, str], str]  # address of the warm process, arguments, environment, folder
KILLED_WITHIN, SHUT_DOWN_WITHIN = 5.0, 5.0  # seconds
_LAUNCHER = ("-m", "ipykernel_launcher")


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a warm process; starts ordinary ones where that cannot be, and says so.

    Chosen by a kernel spec, or for all kernels by ``JUPYTER_DEFAULT_PROVISIONER_NAME=assess-warm``.
    """

    address = Unicode(
        help="socket of the warm process; without it this process starts one of its own at the first kernel"
    ).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one."""
        try:
            asked = _forked(self.address, cmd, **kwargs)
            self.process: Any = await asyncio.to_thread(asked.begun)  # the warm process may still be preparing itself
        except NoWarmKernels as why:
            log.warning("ordinary kernel instead of a warm one: %s", why)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.pgid, self.cwd = self.process.pid, None, kwargs.get("cwd", os.getcwd())
        self._launched = cmd, kwargs
        return self.connection_info

    def start_ahead(self, file: str, next_file: str) -> None:
        """Have the next kernel forked while this one works, with the file of its connection in place of this one's.

        The kernel that is launched next gets it if it is asked for with the same command and surroundings.
        """
        if not isinstance(self.process, KernelProcess):
            return
        cmd, kwargs = self._launched
        request = _request(self.address, [next_file if part == file else part for part in cmd], **kwargs)
        with contextlib.suppress(NoWarmKernels):
            _ahead.append((request, next_file, KernelProcess(*request, wait=False)))

    async def wait(self) -> int | None:
        """The exit code, at the kernel's end; no polling."""
        await self._ended()
        return await super().wait()

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        await self._ended(KILLED_WITHIN)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """A kernel that was asked to shut down is left to the warm process, which sees to it that it does.

        The message that asks it is lost when jupyter_client closes its socket before that is connected.
        """
        if isinstance(self.process, KernelProcess) and not restart:
            self.process.leave(SHUT_DOWN_WITHIN)

    async def _ended(self, seconds: float | None = None) -> None:
        """Wait for the end of a forked kernel, at most so many seconds."""
        if not isinstance(self.process, KernelProcess) or self.process.poll() is not None:
            return
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        number = self.process.fileno()
        loop.add_reader(number, ended.set)
        try:
            await asyncio.wait_for(ended.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(number)


_ahead: list[tuple[Request, str, KernelProcess]] = []  # at most one, with its request and its connection file


def _forked(
    address: str, cmd: list[str], env: dict[str, str] | None = None, cwd: str | None = None, **_: Any
) -> KernelProcess:
    env = dict(os.environ if env is None else env)
    why_not = _why_not(cmd, env)
    if why_not:
        _taken(None)
        raise NoWarmKernels(why_not)
    request = _request(address, cmd, env, cwd)
    return _taken(request) or KernelProcess(*request, wait=False)


def _taken(request: Request | None) -> KernelProcess | None:
    """The kernel that was forked ahead, if it fits the request; else it ends, and its sockets go."""
    while _ahead:
        known, file, kernel = _ahead.pop()
        with contextlib.suppress(NoWarmKernels):
            if known == request and kernel.begun().poll() is None:
                return kernel
        kernel.give_up()
        for path in Path(file).parent.glob(f"{Path(file).stem}-ipc-*"):
            path.unlink(missing_ok=True)
    return None


def _request(
    address: str, cmd: list[str], env: dict[str, str] | None = None, cwd: str | None = None, **_: Any
) -> Request:
    return address or own_kernels().address, cmd[3:], dict(os.environ if env is None else env), cwd or os.getcwd()


def _why_not(cmd: list[str], env: dict[str, str]) -> str:
    """The reason why a command cannot be had by fork; empty when it can."""
    if tuple(cmd[1:3]) != _LAUNCHER or Path(cmd[0]).absolute() != Path(sys.executable).absolute():
        return f"not the Python of this process: {' '.join(cmd[:3])}"
    names = {*env, *os.environ}
    changed = sorted(name for name in names if _decides_python(name) and env.get(name) != os.environ.get(name))
    return f"other settings of Python: {', '.join(changed)}" if changed else ""


def _decides_python(name: str) -> bool:
    return name.startswith("PYTHON") or name in ("LD_LIBRARY_PATH", "LD_PRELOAD")
