"""One team's work in a run: a notebook executed and made into a page."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assess_lib.atomic import beside, put_in_place, write_text
from assess_lib.kernels.client import ORDINARY, KernelPlace
from assess_lib.words import translate
from assess_lib.workers import Workers, completed

_one_at_a_time = threading.Lock()  # papermill changes the working folder of the whole process


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
    parameters: dict[str, Any]
    title: str
    back: str
    lang: str
    fingerprint: str = ""
    cell_seconds: int = 600


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job.

    ``error`` is empty when the page was made; ``cell`` the number of the one that failed, from 1; ``notebook`` where
    the half-run notebook was kept; ``seconds`` the job took.
    """

    name: str
    error: str = ""
    cell: int | None = None
    notebook: str = ""
    seconds: float = 0.0
    page_sha256: str = ""


def executed(work: Sequence[Job], workers: Workers, place: KernelPlace = ORDINARY) -> Iterator[Outcome]:
    """Outcomes of jobs, as they come."""
    return completed(work, partial(run_job, place=place), workers, lambda job, why: Outcome(job.name, why))


def run_job(job: Job, place: KernelPlace = ORDINARY) -> Outcome:
    """Execute one notebook with papermill and write its page; never raises what went wrong in it."""
    with _one_at_a_time:
        return _run(job, place)


def _run(job: Job, place: KernelPlace) -> Outcome:
    from assess_lib.pages.export import page  # both are slow to import, and only where notebooks run
    from assess_lib.runs.execution import execute, stopped_at

    started = time.monotonic()
    written = beside(job.executed, ".ipynb")
    try:
        job.executed.parent.mkdir(parents=True, exist_ok=True)
        job.page.parent.mkdir(parents=True, exist_ok=True)
        notebook = execute(job.notebook, written, job.parameters, job.cwd, job.cell_seconds, place)
        html = page(notebook, job.title, job.lang, job.back)
        write_text(job.page, html)
        put_in_place(written, job.executed)
        _failed_name(job.executed).unlink(missing_ok=True)
    except Exception as error:  # noqa: BLE001 - one team must not stop the others; the outcome names it
        cell = stopped_at(written)
        kind, words = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", error)
        kept = _keep(written, job.executed)
        seconds = round(time.monotonic() - started, 3)
        return Outcome(job.name, f"{kind}: {words}", cell, kept, seconds)
    finally:
        _unlink(written)
    digest = hashlib.sha256(html.encode("utf-8")).hexdigest()
    return Outcome(job.name, seconds=round(time.monotonic() - started, 3), page_sha256=digest)


def sentence(outcome: Outcome, lang: str) -> str:
    """A failed job in words."""
    why = outcome.error.splitlines()[0][:300] if outcome.error else ""
    if outcome.cell is None:
        return translate("pages.cli.team_broke", lang, team=outcome.name, why=why)
    notebook = outcome.notebook or "–"
    return translate("pages.cli.team_failed", lang, team=outcome.name, cell=outcome.cell, why=why, notebook=notebook)


def _keep(written: Path, executed: Path) -> str:
    """The path under which a half-run notebook was kept, beside the whole one's place; blank where it could not be."""
    try:
        put_in_place(written, _failed_name(executed))
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
