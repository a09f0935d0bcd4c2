"""The forked child, made a kernel like any other."""

from __future__ import annotations

import atexit
import gc
import os
import random
import signal
import sys
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop

NEW_OBJECTS = 10_000  # before Python looks for those that only hold each other; its own 700 suits longer lives


def run(argv: list[str], env: dict[str, str], cwd: str, server: int) -> None:
    """Be an IPython kernel until it is shut down, by a message or by SIGTERM.

    Parameters
    ----------
    argv : the arguments of ``python -m ipykernel_launcher``.
    env : all environment variables of the kernel.
    cwd : its working folder.
    server : process id of the warm process, with which the kernel ends.
    """
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["ipykernel_launcher", *argv]
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    _fresh_state()
    app: Any = IPKernelApp.instance(parent_handle=server)
    if os.getppid() != server:
        return
    app.initialize(argv)
    atexit._clear()  # tidying up of the warm process and of IPython, which the end of this process makes needless
    current: Any = IOLoop.current()  # tornado declares asyncio_loop on a subclass only
    loop = current.asyncio_loop
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    app.start()
    atexit._run_exitfuncs()  # what the notebook asked for
    app.shell.user_ns.clear()  # what it left open is written out


def _fresh_state() -> None:
    """State that a fork would share: random numbers, and the drawing backend asked for."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "matplotlib" in sys.modules and "MPLBACKEND" in os.environ:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
