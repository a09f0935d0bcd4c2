"""Digests of everything that a page is made from: the same digest, the same page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version

from assess_lib.records.provenance import FrozenModel, Program
from assess_lib.records.record import public_names
from assess_lib.resources import SETTINGS, shipped
from assess_lib.runs.jobs import Job
from assess_lib.scorecard.overview import Overview
from assess_lib.scoring.assessment import Assessment
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


class YearSources(FrozenModel):
    """A year in a run: fingerprints of its ``data`` and ``rules``, and the ``rubric`` with its version."""

    data: str
    rubric: str
    rules: str


class RunSources(Program):
    """The inputs, rubrics and versions that a run is made from; ``years`` by their number."""

    lang: str
    years: dict[str, YearSources]


def run_sources(years: Iterable[Overview | None], lang: str) -> RunSources:
    """The sources of a run; equal for equal pages."""
    by_year = {
        str(overview.year): YearSources(
            data=overview.fingerprint,
            rubric=f"{overview.rubric.id} {overview.rubric.version}",
            rules=overview.rubric.fingerprint,
        )
        for overview in years
        if overview is not None
    }
    return RunSources(**current_program().model_dump(), lang=lang, years=by_year)


def current_program() -> Program:
    """The program, code and packages by which results and pages are made here."""
    return Program(
        program=VERSION,
        code=code_digest(),
        parameters_digest=_parameters_digest(),
        packages={name: version(name) for name in PACKAGES},
    )


def files_read(years: Iterable[Assessment | None]) -> dict[str, str]:
    """SHA-256 of the files that assessments were computed from, as they were read, by public name in the data folder."""
    found: dict[str, str] = {}
    for each in years:
        if each is not None:
            names = public_names(each.data.files)
            found |= {f"{each.year}/{names[name]}": digest for name, digest in each.data.files.items()}
    return found


def job_fingerprint(sources: RunSources, job: Job, years: Iterable[Overview | None]) -> str:
    """A digest of all that decides a page: the run, the notebook, its parameters, and the judgements on the team."""
    judged = [result.reviewed.get(job.parameters.get("team_id", ""), "") for result in years if result is not None]
    content = [sources.model_dump(), job.parameters, *([judged] if any(judged) else [])]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode())
    digest.update(job.notebook.read_bytes())
    return digest.hexdigest()[:16]


def _parameters_digest() -> str:
    """A digest of the files beside the rules that decide results: working days, bounds of plausibility, names of columns."""
    paths = [path for path in map(shipped, SETTINGS) if path.exists()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16] if paths else ""
