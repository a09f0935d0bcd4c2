"""The log of a run: the outcome of every job, written as it happens, so that a run can be continued.

``manifest.jsonl``: a line about the run, then a line for each outcome. Lines are appended and
flushed to the disk, so the loss of the runner loses at most the line being written; a torn line is
passed over. When a run ends the file is written anew, in order, and put in place when whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from assess_lib.atomic import write_text
from assess_lib.faults import Fault
from assess_lib.records.provenance import FrozenModel
from assess_lib.records.record import FOLDER
from assess_lib.runs.fingerprints import RunSources
from assess_lib.runs.jobs import Job, Outcome

LOG, EXPECTED = "manifest.jsonl", f"{FOLDER}/pages.json"


class LoggedJob(FrozenModel):
    """A line of the log: the outcome of a job, and the fingerprint of what it was made from.

    ``notebook`` is where a half-run notebook was kept, relative to the run's folder; blank for none.
    """

    name: str
    fingerprint: str = ""
    status: Literal["made", "failed"] = "made"
    error: str = ""
    cell: int | None = None
    notebook: str = ""
    seconds: float = 0.0
    page_sha256: str = ""


class JobLog:
    """The log of a run's folder.

    ``unwritten`` holds the last error of the disk; a run goes on without its log.
    """

    def __init__(self, folder: Path):
        self._folder, self._path = folder, folder / LOG
        self._run, self._jobs = _read(self._path)
        self.unwritten: OSError | None = None

    def begin(self, sources: RunSources) -> None:
        """Log what the run is made from."""
        self._run = sources
        self._append(_run_line(sources))

    def kept(self, job: Job) -> bool:
        """True if a job is done: made from the same inputs, its page and notebook there and whole."""
        logged = self._jobs.get(job.name)
        if not logged or logged.error or logged.fingerprint != job.fingerprint or not job.executed.exists():
            return False
        return _digest(job.page) == logged.page_sha256

    def record(self, job: Job, outcome: Outcome) -> None:
        """Log an outcome at once."""
        notebook = os.path.relpath(outcome.notebook, self._folder) if outcome.notebook else ""
        self._jobs[job.name] = LoggedJob(
            **asdict(outcome) | {"notebook": notebook},
            fingerprint=job.fingerprint,
            status="failed" if outcome.error else "made",
        )
        self._append(_line(self._jobs[job.name].model_dump()))

    def close(self) -> None:
        """Write the log anew: the run, then the outcomes by name."""
        lines = [_run_line(self._run)] if self._run else []
        lines += [_line(self._jobs[name].model_dump()) for name in sorted(self._jobs)]
        try:
            write_text(self._path, "".join(lines))
        except OSError as error:
            self.unwritten = error

    def _append(self, line: str) -> None:
        try:
            torn = self._path.exists() and not self._path.read_bytes().endswith(b"\n") and self._path.stat().st_size > 0
            with self._path.open("a", encoding="utf-8") as file:
                file.write(("\n" if torn else "") + line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.unwritten = error


def read_sources(folder: Path) -> RunSources | None:
    """The sources of the last run in a folder, None where its log does not have them."""
    return _read(folder / LOG)[0]


def write_expected(folder: Path, jobs: Iterable[Job]) -> None:
    """Write the fingerprint that each page of the folder should have, also of pages that this run does not make."""
    fingerprints = {job.name: job.fingerprint for job in jobs}
    write_text(folder / EXPECTED, json.dumps(fingerprints, indent=1, sort_keys=True) + "\n")


def not_whole(folder: Path, teams: Iterable[str]) -> list[Fault]:
    """A fault for every page of a run that was not made, failed, was altered, or is not of the present data and rules."""
    try:
        expected = dict(json.loads((folder / EXPECTED).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return [Fault("record.none", str(folder))]
    _, jobs = _read(folder / LOG)
    pages = {team: folder / "teams" / f"{team}.html" for team in teams} | {"annual_summary": folder / "summary.html"}
    wrong = []
    for name, page in pages.items():
        logged = jobs.get(name, LoggedJob(name=name))
        made = not logged.error and logged.fingerprint == expected.get(name, "-")
        notebook = folder / "notebooks" / f"{name}.ipynb"
        if not made or not notebook.is_file() or _digest(page) != logged.page_sha256:
            wrong.append(Fault("publish.page", str(page)))
    return wrong


def _digest(page: Path) -> str:
    try:
        return hashlib.sha256(page.read_bytes()).hexdigest()
    except OSError:
        return ""


def _read(path: Path) -> tuple[RunSources | None, dict[str, LoggedJob]]:
    """The run and the last outcome of each job, from the lines that can be read; none of a missing or damaged file."""
    run: RunSources | None = None
    jobs: dict[str, LoggedJob] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return run, jobs
    for line in lines:
        try:
            content = json.loads(line)
            if not isinstance(content, dict):
                continue
            if "run" in content:
                run = RunSources.model_validate(content["run"])
            elif "name" in content:
                logged = LoggedJob.model_validate(content)
                jobs[logged.name] = logged
        except (ValueError, RecursionError):  # a line that was torn, or is not of this program
            continue
    return run, jobs


def _run_line(sources: RunSources) -> str:
    return _line({"run": sources.model_dump()})


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n"
