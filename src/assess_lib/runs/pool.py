"""Many jobs at once, in processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent import futures
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from assess_lib.kernels.client import KernelPlace
from assess_lib.runs.jobs import Job, Outcome, run_job


def executed(work: Sequence[Job], jobs: int | None, place: KernelPlace = KernelPlace()) -> Iterator[Outcome]:
    """Outcomes as they come, from a pool of processes started afresh.

    A process that dies takes its pool with it. The jobs that were at work then run again, each in a
    process of its own, so that a job that kills its process fails alone; the rest go to a new pool.
    """
    waiting = deque(work)
    while waiting:
        count = max(1, min(jobs or os.cpu_count() or 1, len(waiting)))
        running: dict[Future, Job] = {}
        with _pool(count) as pool:
            try:
                while waiting or running:
                    while waiting and len(running) < count:
                        future = pool.submit(run_job, waiting[0], place)
                        running[future] = waiting.popleft()
                    for done in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
                        outcome = done.result()
                        del running[done]
                        yield outcome
            except BrokenProcessPool:
                pass  # told apart below: what was at work is still in ``running``
        for job in running.values():
            yield _alone(job, place)


def _pool(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_parent)


def _alone(job: Job, place: KernelPlace) -> Outcome:
    """A job in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(run_job, job, place).result()
        except BrokenProcessPool:
            return Outcome(job.name, "BrokenProcessPool: the process that ran the notebook died")


def _follow_parent() -> None:
    """Let a process of the pool end when the runner does, also by ``kill -9``; its kernel follows it."""

    def watch() -> None:
        wait([multiprocessing.parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
