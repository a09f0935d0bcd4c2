"""The year-end run: papermill over all teams in several processes, then the summary and the index."""

from __future__ import annotations

import logging
import multiprocessing
import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from assess_lib.faults import Fault, UnusableInput
from assess_lib.places import project_root
from assess_lib.results.files import write_results, write_text
from assess_lib.results.opening import load_years
from assess_lib.results.scorecard import Scorecard
from assess_lib.words import say

SUMMARY = "annual_summary"
# Kernels remark on their transport at every start; what goes wrong in a cell comes through papermill.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50"]


@dataclass(frozen=True)
class Job:
    """One notebook to be run, in a working folder, and made into a page.

    Paths are absolute but those among the parameters: they stay as given, so that a page does not
    depend on where a machine keeps its files.
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


@dataclass(frozen=True)
class Outcome:
    """What became of a job; ``error`` is empty when the page was made."""

    name: str
    error: str = ""
    cell: int | None = None
    notebook: str = ""


@dataclass
class RunReport:
    """Which pages were made, which jobs failed, and where the index is."""

    index: Path
    made: list[str] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)


def run_year(
    data: str | Path, year: int, out: str | Path, rubric: str | Path | None = None, teams: Sequence[str] | None = None,
    jobs: int | None = None, lang: str = "zh", progress: Callable[[Outcome, int], None] | None = None,
) -> RunReport:  # fmt: skip
    """Run the scorecard of every team, the summary and the index of a year.

    Parameters
    ----------
    data, year, rubric, lang : as for ``open_scorecard``.
    out : folder; gets ``scores.csv``, ``points.csv``, ``notebooks/``, ``teams/``, ``summary.html``
        and ``index.html``. Each file is put in place when whole.
    teams : only these scorecards; the results of all teams are computed and listed all the same.
    jobs : processes; as many as there are processors when not given.
    progress : called after each notebook with its outcome and the number of all.

    Raises UnusableInput before anything is written when input or rubric cannot be used. A team whose
    notebook fails does not stop the others; it is in the report with its cell and message.
    """
    folder = Path(out).resolve()
    if folder.exists() and not folder.is_dir():
        raise UnusableInput([Fault("run.output_is_file", str(out))])
    now, before = load_years(data, year, rubric)
    chosen = list(now.scores.index) if teams is None else list(dict.fromkeys(teams))
    for team in chosen:
        Scorecard(now, before, team, lang)  # names an unknown team before anything is written
    write_results(now, folder)
    given = {"year": year, "data": str(data), "rubric": "" if rubric is None else str(rubric), "lang": lang}
    work = [
        _team_job(folder, team, given, say("pages.card.title", lang, team=now.data.teams().at[team, "name"], year=year))
        for team in chosen
    ]
    work.append(_summary_job(folder, given, say("pages.summary.title", lang, year=year)))
    report = RunReport(folder / "index.html")
    for outcome in _executed(work, jobs):
        (report.failed.append(outcome) if outcome.error else report.made.append(outcome.name))
        if progress:
            progress(outcome, len(work))
    report.made.sort()
    report.failed.sort(key=lambda outcome: outcome.name)
    _write_index(report, now, before, lang, folder)
    return report


def run_job(job: Job) -> Outcome:
    """Execute one notebook with papermill and write its page; never raises what a notebook raised."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from assess_lib.pages.export import page

    _quiet()
    job.executed.parent.mkdir(parents=True, exist_ok=True)
    job.page.parent.mkdir(parents=True, exist_ok=True)
    beside = job.executed.with_name(f".{job.executed.name}.{os.getpid()}.part.ipynb")
    try:
        notebook = papermill.execute_notebook(
            str(job.notebook), str(beside), job.parameters, progress_bar=False, log_output=False,
            cwd=str(job.cwd), extra_arguments=KERNEL_ARGUMENTS,
        )  # fmt: skip
        write_text(job.page, page(notebook, job.title, job.lang, job.back))
        os.replace(beside, job.executed)
    except PapermillExecutionError as error:
        kept = _keep(beside, job.executed)
        return Outcome(job.name, f"{error.ename}: {error.evalue}", error.cell_index, kept)
    except Exception as error:  # noqa: BLE001 - one team must not stop the others; the outcome names it
        return Outcome(job.name, f"{type(error).__name__}: {error}", None, _keep(beside, job.executed))
    finally:
        beside.unlink(missing_ok=True)
    return Outcome(job.name)


def sentence(outcome: Outcome, lang: str) -> str:
    """A failed job in words."""
    why = outcome.error.splitlines()[0][:300] if outcome.error else ""
    if outcome.cell is None:
        return say("pages.cli.team_broke", lang, team=outcome.name, why=why)
    return say("pages.cli.team_failed", lang, team=outcome.name, cell=outcome.cell, why=why, notebook=outcome.notebook)


def _executed(work: Sequence[Job], jobs: int | None):
    """Outcomes as they come, from a pool of processes started afresh."""
    count = max(1, min(jobs or os.cpu_count() or 1, len(work)))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context)
    try:
        waiting = {pool.submit(run_job, job): job for job in work}
        for done in as_completed(waiting):
            try:
                yield done.result()
            except Exception as error:  # noqa: BLE001 - a process that died takes its job with it
                yield Outcome(waiting[done].name, f"{type(error).__name__}: {error}")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _team_job(folder: Path, team: str, given: dict, title: str) -> Job:
    return Job(
        team, project_root() / "notebooks" / "scorecard.ipynb", Path.cwd(), folder / "notebooks" / f"{team}.ipynb", folder / "teams" / f"{team}.html",
        {"team_id": team, **given}, title, "../index.html", given["lang"],
    )  # fmt: skip


def _summary_job(folder: Path, given: dict, title: str) -> Job:
    return Job(
        SUMMARY, project_root() / "notebooks" / f"{SUMMARY}.ipynb", Path.cwd(), folder / "notebooks" / f"{SUMMARY}.ipynb", folder / "summary.html",
        given, title, "index.html", given["lang"],
    )  # fmt: skip


def _write_index(report: RunReport, now, before, lang: str, folder: Path) -> None:
    from assess_lib.pages.index import index_page

    made = {path.stem for path in (folder / "teams").glob("*.html")} - {outcome.name for outcome in report.failed}
    failed = [sentence(outcome, lang) for outcome in report.failed]
    summary = "summary.html" if (folder / "summary.html").exists() else ""
    write_text(report.index, index_page(now, before, lang, made, failed, summary))


def _keep(beside: Path, executed: Path) -> str:
    """Keep a half-run notebook for looking at, beside where the whole one would stand."""
    if not beside.exists():
        return ""
    kept = executed.with_name(f"{executed.stem}.failed.ipynb")
    os.replace(beside, kept)
    return str(kept)


def _quiet() -> None:
    """Keep the kernels' start-up remarks off the screen; errors still come through as outcomes."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=UserWarning, module="papermill")
