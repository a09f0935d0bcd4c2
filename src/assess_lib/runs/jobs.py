"""One notebook to a page, and many of them in a pool of processes."""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import threading
import time
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent import futures
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from assess_lib.results.files import write_text
from assess_lib.words import say

# Kernels remark on their transport at every start; what goes wrong in a cell comes through papermill.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50"]
NEVER_CAME_UP = "Kernel died before replying to kernel_info"


@dataclass(frozen=True)
class Job:
    """One notebook to be run, in a working folder, and made into a page.

    Paths are absolute but those among the parameters: they stay as given, so that a page does not
    depend on where a machine keeps its files. ``fingerprint`` is a digest of all that decides the
    page; ``cell_seconds`` the time that one cell may take.
    """

    name: str
    notebook: Path
    cwd: Path
    executed: Path
    page: Path
    parameters: dict
    title: str
    back: str
    lang: str
    fingerprint: str = ""
    cell_seconds: int = 600


@dataclass(frozen=True)
class Outcome:
    """What became of a job; ``error`` is empty when the page was made."""

    name: str
    error: str = ""
    cell: int | None = None
    notebook: str = ""
    seconds: float = 0.0
    page_sha256: str = ""


def run_job(job: Job) -> Outcome:
    """Execute one notebook with papermill and write its page; never raises what went wrong in it."""
    from assess_lib.pages.export import page

    _quiet()
    started = time.monotonic()
    beside = job.executed.with_name(f".{job.executed.name}.{os.getpid()}.part.ipynb")
    try:
        job.executed.parent.mkdir(parents=True, exist_ok=True)
        job.page.parent.mkdir(parents=True, exist_ok=True)
        notebook = _executed_notebook(job, beside)
        html = page(notebook, job.title, job.lang, job.back)
        write_text(job.page, html)
        os.replace(beside, job.executed)
        _failed_name(job.executed).unlink(missing_ok=True)
    except Exception as error:  # noqa: BLE001 - one team must not stop the others; the outcome names it
        cell, said = _failed_cell(beside), f"{type(error).__name__}: {error}"
        said = f"{error.ename}: {error.evalue}" if hasattr(error, "ename") else said
        return Outcome(job.name, said, cell, _keep(beside, job.executed), round(time.monotonic() - started, 3))
    finally:
        _unlink(beside)
    digest = hashlib.sha256(html.encode("utf-8")).hexdigest()
    return Outcome(job.name, seconds=round(time.monotonic() - started, 3), page_sha256=digest)


def _executed_notebook(job: Job, beside: Path):
    """The notebook, run by papermill; a kernel that never came up is started once more.

    Jupyter chooses the ports of a kernel before the kernel takes them, so that now and then another
    process is quicker. Nothing of the notebook has run by then.
    """
    import papermill

    for last in (False, True):
        try:
            return papermill.execute_notebook(
                str(job.notebook), str(beside), job.parameters, progress_bar=False, log_output=False, cwd=str(job.cwd),
                execution_timeout=job.cell_seconds, extra_arguments=KERNEL_ARGUMENTS,
            )  # fmt: skip
        except RuntimeError as error:
            if last or NEVER_CAME_UP not in str(error):
                raise


def executed(work: Sequence[Job], jobs: int | None) -> Iterator[Outcome]:
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
                        future = pool.submit(run_job, waiting[0])
                        running[future] = waiting.popleft()
                    for done in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
                        outcome = done.result()
                        del running[done]
                        yield outcome
            except BrokenProcessPool:
                pass  # told apart below: what was at work is still in ``running``
        for job in running.values():
            yield _alone(job)


def sentence(outcome: Outcome, lang: str) -> str:
    """A failed job in words."""
    why = outcome.error.splitlines()[0][:300] if outcome.error else ""
    if outcome.cell is None:
        return say("pages.cli.team_broke", lang, team=outcome.name, why=why)
    notebook = outcome.notebook or "–"
    return say("pages.cli.team_failed", lang, team=outcome.name, cell=outcome.cell, why=why, notebook=notebook)


def _pool(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_parent)


def _alone(job: Job) -> Outcome:
    """A job in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(run_job, job).result()
        except BrokenProcessPool:
            return Outcome(job.name, "BrokenProcessPool: the process that ran the notebook died")


def _follow_parent() -> None:
    """Let a process of the pool end when the runner does, also by ``kill -9``; its kernel follows it."""

    def watch() -> None:
        wait([multiprocessing.parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _failed_cell(notebook: Path) -> int | None:
    """The number of the cell at which a half-run notebook stopped, counted from 1."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    return next((number for number, cell in enumerate(cells, start=1) if _stopped_at(cell)), None)


def _stopped_at(cell: dict) -> bool:
    """Whether a cell ended in an error or never came to its end."""
    failed = any(output["output_type"] == "error" for output in cell.get("outputs", ()))
    return failed or cell["metadata"].get("papermill", {}).get("status") != "completed"


def _keep(beside: Path, executed: Path) -> str:
    """Keep a half-run notebook for looking at, beside where the whole one would stand."""
    try:
        os.replace(beside, _failed_name(executed))
    except OSError:
        return ""
    return str(_failed_name(executed))


def _failed_name(executed: Path) -> Path:
    return executed.with_name(f"{executed.stem}.failed.ipynb")


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass


def _quiet() -> None:
    """Keep the kernels' start-up remarks off the screen; errors still come through as outcomes."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=UserWarning, module="papermill")
