"""What became of every job of a run, written down as it happens, so that a run can be continued.

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

from assess_lib.atomic import write_text
from assess_lib.faults import Fault
from assess_lib.records.record import FOLDER
from assess_lib.runs.jobs import Job, Outcome

NAME, EXPECTED = "manifest.jsonl", f"{FOLDER}/pages.json"


class JobLog:
    """The manifest of a run's folder.

    ``unwritten`` holds the last error of the disk; a run goes on without its manifest.
    """

    def __init__(self, folder: Path):
        self._folder, self._path = folder, folder / NAME
        self._entries = {line["name"]: line for line in _lines(self._path) if "name" in line}
        self._about: dict = {}
        self.unwritten: OSError | None = None

    def begin(self, about: dict) -> None:
        """Note what the run is of."""
        self._about = {"run": about}
        self._append(self._about)

    def kept(self, job: Job) -> bool:
        """Whether a job is done: made from the same inputs, its page and notebook there and whole."""
        entry = self._entries.get(job.name)
        if not entry or entry.get("error") or entry.get("fingerprint") != job.fingerprint or not job.executed.exists():
            return False
        return _digest(job.page) == entry.get("page_sha256")

    def record(self, job: Job, outcome: Outcome) -> None:
        """Write down an outcome at once."""
        line = asdict(outcome) | {"fingerprint": job.fingerprint, "status": "failed" if outcome.error else "made"}
        line["notebook"] = os.path.relpath(outcome.notebook, self._folder) if outcome.notebook else ""
        self._entries[job.name] = line
        self._append(line)

    def close(self) -> None:
        """Write the manifest anew: the run, then the outcomes by name."""
        lines = [self._about, *(self._entries[name] for name in sorted(self._entries))]
        try:
            write_text(self._path, "".join(_text(line) for line in lines))
        except OSError as error:
            self.unwritten = error

    def _append(self, line: dict) -> None:
        try:
            torn = self._path.exists() and not self._path.read_bytes().endswith(b"\n") and self._path.stat().st_size > 0
            with self._path.open("a", encoding="utf-8") as file:
                file.write(("\n" if torn else "") + _text(line))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.unwritten = error


def read_about(folder: Path) -> dict:
    """What the last run in a folder was of."""
    return next((line["run"] for line in reversed(_lines(folder / NAME)) if "run" in line), {})


def write_expected(folder: Path, jobs: Iterable[Job]) -> None:
    """Write down of which fingerprint each page of the folder should be, also those that this run does not make."""
    told = {job.name: job.fingerprint for job in jobs}
    write_text(folder / EXPECTED, json.dumps(told, indent=1, sort_keys=True) + "\n")


def not_whole(folder: Path, teams: Iterable[str]) -> list[Fault]:
    """Every page of a run that was not made, failed, was altered, or is not of the present data and rules."""
    try:
        expected = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [Fault("record.none", str(folder))]
    entries = {line["name"]: line for line in _lines(folder / NAME) if "name" in line}
    places = {team: folder / "teams" / f"{team}.html" for team in teams} | {"annual_summary": folder / "summary.html"}
    wrong = []
    for name, page in places.items():
        entry = entries.get(name, {})
        made = not entry.get("error") and entry.get("fingerprint") == expected.get(name, "-")
        notebook = folder / "notebooks" / f"{name}.ipynb"
        if not made or not notebook.is_file() or _digest(page) != entry.get("page_sha256"):
            wrong.append(Fault("publish.page", str(page)))
    return wrong


def _digest(page: Path) -> str:
    try:
        return hashlib.sha256(page.read_bytes()).hexdigest()
    except OSError:
        return ""


def _lines(path: Path) -> list[dict]:
    """The lines of a manifest that can be read; none of a missing or damaged file."""
    try:
        written = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in written:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def _text(line: dict) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"
