"""A real Dask scheduler and real workers on this machine, for as long as a test lasts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

DASK = str(Path(sys.executable).parent / "dask")
# A worker that is lost is noticed at once by its closed connection; none of this asks anybody outside.
QUIET = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}


@dataclass
class TestCluster:
    """Address of the scheduler and the processes of the workers."""

    __test__ = False
    address: str
    folder: Path
    workers: list[subprocess.Popen] = field(default_factory=list)

    def add_worker(self) -> subprocess.Popen:
        worker = _started(
            self.folder,
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(self.folder),
            "--death-timeout",
            "30",
        )
        self.workers.append(worker)
        return worker

    def has(self, workers: int) -> None:
        """Start what is missing to so many workers, and wait until all are there; those that have died are forgotten."""
        from distributed import Client

        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < workers:
            self.add_worker()
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[TestCluster]:
    """A scheduler and so many workers of one thread each."""
    note = folder / "scheduler.json"
    scheduler = _started(
        folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(note)
    )
    found = None
    try:
        deadline = time.monotonic() + 60
        while not note.exists() or not note.read_text(encoding="utf-8").strip():
            assert scheduler.poll() is None and time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        found = TestCluster(json.loads(note.read_text(encoding="utf-8"))["address"], folder)
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        for process in [*(found.workers if found else ()), scheduler]:
            family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            psutil.wait_procs(family, timeout=15)


def _started(folder: Path, *command: str) -> subprocess.Popen:
    with (folder / "dask.log").open("a") as log:
        return subprocess.Popen([DASK, *command], cwd=folder, env=os.environ | QUIET, stdout=log, stderr=log)
