"""Many jobs at once, by whatever runs functions elsewhere: processes of this machine, or a cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing.connection import wait
from typing import Protocol

from assess_lib.kernels.client import ORDINARY, KernelPlace
from assess_lib.runs.jobs import Job, Outcome, run_job


class Workers(Protocol):
    """What runs jobs.

    ``run`` is the function that is sent to them, ``width`` how many jobs they can work on at once.
    """

    run: Callable[[Job, KernelPlace], Outcome]

    def open(self, most: int) -> AbstractContextManager[Executor]:
        """An executor for at most so many jobs at once; left by an exception it drops what waits."""

    def width(self) -> int:
        """Jobs at once; may change while they run."""


class Processes:
    """Workers on this machine: a pool of processes, as many as there are processors when not given."""

    run = staticmethod(run_job)

    def __init__(self, count: int | None = None):
        self._count = count or os.cpu_count() or 1

    def open(self, most: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(max(1, min(self._count, most)), mp_context=context, initializer=_follow_parent)

    def width(self) -> int:
        return self._count


def executed(work: Sequence[Job], workers: Workers, place: KernelPlace = ORDINARY) -> Iterator[Outcome]:
    """Outcomes as they come.

    A process of a pool that dies takes the pool with it. The jobs that were at work then run again,
    each in a process of its own, so that a job that kills its process fails alone; the rest go to a
    new pool. A cluster starts lost jobs again by itself and gives up those that lose worker after
    worker.
    """
    waiting = deque(work)
    while waiting:
        running: dict[Future, Job] = {}
        with workers.open(len(waiting)) as pool:
            try:
                while waiting or running:
                    while waiting and len(running) < max(1, workers.width()):
                        future = pool.submit(workers.run, waiting[0], place)
                        running[future] = waiting.popleft()
                    for done in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
                        outcome = _outcome(done, running[done])
                        del running[done]
                        yield outcome
            except BrokenExecutor:
                pass  # told apart below: what was at work is still in ``running``
        for job in running.values():
            yield _alone(job, place)


def _outcome(done: Future, job: Job) -> Outcome:
    try:
        return done.result()
    except BrokenExecutor:
        raise
    except Exception as error:  # noqa: BLE001 - what the workers could not do is told of the job
        return Outcome(job.name, f"{type(error).__name__}: {error}")


def _alone(job: Job, place: KernelPlace) -> Outcome:
    """A job in a process of its own."""
    with Processes(1).open(1) as pool:
        try:
            return pool.submit(run_job, job, place).result()
        except BrokenExecutor:
            return Outcome(job.name, "BrokenProcessPool: the process that ran the notebook died")


def _follow_parent() -> None:
    """Let a process of the pool end when the runner does, also by ``kill -9``; its kernel follows it."""

    def watch() -> None:
        wait([multiprocessing.parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
