"""What a forked child does to be a kernel like any other."""

from __future__ import annotations

import os
import random
import sys


def run(argv: list[str], env: dict[str, str], cwd: str, server: int) -> None:
    """Be an IPython kernel until it is shut down.

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
    _fresh_state()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(parent_handle=server)
    if os.getppid() != server:
        return
    app.initialize(argv)
    app.start()


def _fresh_state() -> None:
    """State that a fork would share: random numbers, and the drawing backend asked for."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "matplotlib" in sys.modules and "MPLBACKEND" in os.environ:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
