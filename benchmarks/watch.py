"""A command and all its processes, watched: seconds and peak memory."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil


@dataclass
class Seen:
    """Seconds by the clock, peak memory in MB of the command's own process and of all its processes.

    Memory of all processes is their proportional share (PSS), so that what they share counts once.
    """

    wall: float = 0.0
    runner: float = 0.0
    every: float = 0.0


def watch(command: Sequence[str], every_seconds: float = 0.5) -> Seen:
    """Run a command to its end. Raises AssertionError when it fails."""
    seen, began = Seen(), time.perf_counter()
    runner = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    while runner.poll() is None:
        try:
            seen.runner = max(seen.runner, runner.memory_info().rss / 2**20)
            family = [runner, *runner.children(recursive=True)]
            seen.every = max(seen.every, sum(process.memory_full_info().pss for process in family) / 2**20)
        except psutil.Error:
            pass  # a process ended while it was asked
        time.sleep(every_seconds)
    seen.wall = time.perf_counter() - began
    assert runner.returncode == 0, f"{command} failed"
    return seen
