"""What a page is made of, as digests: the same digest, the same page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from assess_lib.records.record import file_digests
from assess_lib.resources import CALENDAR, data_folder, shipped
from assess_lib.runs.jobs import Job
from assess_lib.scorecard.overview import Overview
from assess_lib.version import VERSION, code_digest

PACKAGES = (
    "chinesecalendar",
    "jinja2",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pylopdf-fonts-zh-cn",
    "uharfbuzz",
)


def about_run(years: Iterable[Overview | None], lang: str) -> dict:
    """Inputs, rubrics and versions that a run is made of; the same for the same pages."""
    known = [result for result in years if result is not None]
    return {
        "years": {
            str(r.year): {
                "data": r.fingerprint,
                "rubric": f"{r.rubric.id} {r.rubric.version}",
                "rules": r.rubric.fingerprint,
            }
            for r in known
        },
        "lang": lang,
        **about_program(),
    }


def about_program() -> dict:
    """Program, code and packages by which results and pages are made."""
    return {
        "program": VERSION,
        "code": code_digest(),
        "calendar": _calendar(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def about_inputs(data: str | Path, year: int) -> dict[str, str]:
    """SHA-256 of the files of a year and the year before, by their name in the data folder."""
    home = data_folder(data)
    return {f"{one}/{name}": told for one in (year - 1, year) for name, told in file_digests(home / str(one)).items()}


def job_fingerprint(about: dict, job: Job, years: Iterable[Overview | None]) -> str:
    """A digest of all that decides a page: the run, the notebook, its parameters, and what was judged."""
    judged = [result.reviewed.get(job.parameters.get("team_id", ""), "") for result in years if result is not None]
    told = [about, job.parameters, *([judged] if any(judged) else [])]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode())
    digest.update(job.notebook.read_bytes())
    return digest.hexdigest()[:16]


def _calendar() -> str:
    """A digest of the corrections to the working days, which decide attendance without being in the data."""
    path = shipped(CALENDAR)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""
