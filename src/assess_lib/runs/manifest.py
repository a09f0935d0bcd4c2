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
from importlib.metadata import version
from pathlib import Path

from assess_lib.places import project_root
from assess_lib.results.assessment import Assessment
from assess_lib.results.files import write_text
from assess_lib.runs.jobs import Job, Outcome
from assess_lib.version import VERSION

NAME = "manifest.jsonl"
PACKAGES = (
    "chinesecalendar", "fonttools", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "papermill",
    "pylopdf-fonts-zh-cn", "uharfbuzz",
)  # fmt: skip


class Manifest:
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
        try:
            return hashlib.sha256(job.page.read_bytes()).hexdigest() == entry.get("page_sha256")
        except OSError:
            return False

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


def about_run(assessments: Iterable[Assessment | None], lang: str) -> dict:
    """Inputs, rubrics and versions that a run is made of; the same for the same pages."""
    known = [result for result in assessments if result is not None]
    return {
        "years": {str(r.year): {"data": r.data.fingerprint, "rubric": f"{r.rubric.id} {r.rubric.version}", "rules": _rules(r)} for r in known},
        "program": VERSION, "code": _code(), "calendar": _calendar(), "lang": lang, "packages": {name: version(name) for name in PACKAGES},
    }  # fmt: skip


def job_fingerprint(about: dict, notebook: Path, parameters: dict) -> str:
    """A digest of all that decides a page: the run, the notebook and its parameters."""
    digest = hashlib.sha256(json.dumps([about, parameters], sort_keys=True, ensure_ascii=True).encode())
    digest.update(notebook.read_bytes())
    return digest.hexdigest()[:16]


def _rules(result: Assessment) -> str:
    return hashlib.sha256(result.rubric.model_dump_json().encode()).hexdigest()[:16]


def _calendar() -> str:
    """A digest of the corrections to the working days, which decide attendance without being in the data."""
    path = project_root() / "parameters" / "calendar.yaml"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""


def _code() -> str:
    """A digest of the program's own files: a page made by other code is made again."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    for path in sorted(path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


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
