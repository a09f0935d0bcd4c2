"""A command and all its processes, watched: seconds and peak memory."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

OFTEN = 0.05  # seconds


@dataclass
class Usage:
    """Seconds by the clock, peak memory in MB of the command's own process and of all its processes.

    Memory of all processes is their proportional share (PSS), so that what they share counts once.
    """

    wall: float = 0.0
    runner: float = 0.0
    every: float = 0.0


def watch(command: Sequence[str], every_seconds: float = 0.5) -> Usage:
    """Run a command to its end. Raises AssertionError when it fails."""
    seen, began, look = Usage(), time.perf_counter(), 0.0
    runner = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    while runner.poll() is None:
        with suppress(psutil.Error, OSError, ValueError):  # a process ended while it was asked
            seen.runner = max(seen.runner, _peak(runner.pid))
            if time.perf_counter() >= look:
                family = [runner, *runner.children(recursive=True)]
                seen.every = max(seen.every, sum(process.memory_full_info().pss for process in family) / 2**20)
                look = time.perf_counter() + every_seconds
        time.sleep(OFTEN)
    seen.wall = time.perf_counter() - began
    assert runner.returncode == 0, f"{command} failed"
    return seen


def _peak(pid: int) -> float:
    """The most that a process has held so far, in MB, as the system keeps it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status[status.index("VmHWM:") :].split()[1]) / 1024
