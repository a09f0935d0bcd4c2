"""The year-end run: papermill over all teams in several processes, then the summary and the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.kernels.client import can_fork
from assess_lib.pages.site.index import index_page
from assess_lib.pages.site.side_by_side import PAGE as SIDE_BY_SIDE
from assess_lib.pages.site.what_if import PAGE as WHAT_IF
from assess_lib.path_redaction import without_addresses
from assess_lib.progress import Tell, silent
from assess_lib.resources import NOTEBOOKS, data_folder, shipped
from assess_lib.runs.assessing import AssessmentProcess
from assess_lib.runs.cluster import Cluster
from assess_lib.runs.fingerprints import job_fingerprint, run_sources
from assess_lib.runs.job_log import LOG, JobLog, write_expected
from assess_lib.runs.jobs import Job, Outcome, executed, sentence
from assess_lib.runs.notebook_kernels import kernels_for
from assess_lib.runs.run_folder import exclusive_folder
from assess_lib.scorecard.overview import Overview, unknown_team
from assess_lib.words import translate
from assess_lib.workers import Processes, Workers

SUMMARY = "annual_summary"
Years = tuple[Overview, Overview | None]


@dataclass
class RunReport:
    """The outcome of a run: names of the notebooks made and kept from an earlier run, those that failed, the index.

    ``ordinary_kernels``: warm kernels could not be had, or were not wanted. ``rows_set_aside``: rows
    of the data that have an error and were not used; ``lost_teams``: whose own row was among them;
    ``teams_without_tables``: how many teams there are whose county did not send a table.
    """

    index: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    ordinary_kernels: bool = False
    rows_set_aside: int = 0
    lost_teams: tuple[str, ...] = ()
    teams_without_tables: int = 0


def run_year(
    data: str | Path,
    year: int,
    out: str | Path,
    rubric: str | Path | None = None,
    teams: Sequence[str] | None = None,
    jobs: int | None = None,
    lang: str = "zh",
    cell_seconds: int = 600,
    warm: bool | None = None,
    scheduler: str = "",
    progress: Callable[[int], None] | None = None,
    tell: Tell = silent,
) -> RunReport:
    """Run the scorecard of every team, the summary and the index of a year, or go on with a run.

    Parameters
    ----------
    data, year, rubric, lang : as for ``open_scorecard``.
    out : folder; gets ``scores.csv``, ``points.csv``, ``record/``, ``notebooks/``, ``teams/``, ``summary.html``,
        ``index.html``, ``side_by_side.html``, ``what_if.html`` and ``manifest.jsonl``. Each file is put in place when whole.
        What a run into the same folder made from the same inputs is kept.
    teams : only these scorecards; the results of all teams are computed and listed all the same.
    jobs : processes; as many as there are processors when not given.
    cell_seconds : time that one cell of a notebook may take.
    warm : whether kernels are forked from a warm process; None for where that is safe (``can_fork``).
    scheduler : address of a Dask scheduler whose workers do the work; ``jobs`` then has no meaning.
    progress : called with the number of all notebooks whenever one is done. tell : how far what comes before them is.

    Raises UnusableInput before anything is written when input or rubric cannot be used, and when
    another run is at work in the folder. A team whose notebook fails does not stop the others; it is
    in the report with its cell and message.
    """
    folder = Path(out).resolve()
    if folder.exists() and not folder.is_dir():
        raise UnusableInput([Fault("run.output_is_file", str(out))])
    with (
        Cluster(scheduler) if scheduler else nullcontext(Processes(jobs)) as workers,
        AssessmentProcess(data, year, rubric, tell) as assessor,
    ):
        years = assessor.overviews()
        every = years[0].teams.index
        chosen = list(every) if teams is None else list(dict.fromkeys(teams))
        if faults := [fault for team in chosen if (fault := unknown_team(team, every))]:
            raise UnusableInput(faults)
        with exclusive_folder(folder, out):
            given = {"year": year, "data": str(data), "rubric": "" if rubric is None else str(rubric), "lang": lang}
            work = _jobs(folder, years, given, cell_seconds)
            tell("results")
            assessor.write_results(folder, lang)
            write_expected(folder, work)
            warm = can_fork() if warm is None else warm
            tell("cards", 0, len({*chosen, SUMMARY}))
            step = progress or (lambda count: None)
            return _run(folder, data_folder(data), years, work, {*chosen, SUMMARY}, workers, assessor, lang, warm, step)


def _run(
    folder: Path,
    data: Path,
    years: Years,
    every: list[Job],
    chosen: set[str],
    workers: Workers,
    assessor: AssessmentProcess,
    lang: str,
    warm: bool,
    step: Callable[[int], None],
) -> RunReport:
    """Run the chosen jobs that no earlier run has done, and write the log and the index."""
    report, log = RunReport(folder / "index.html"), JobLog(folder)
    report.rows_set_aside, report.lost_teams = years[0].rows_set_aside, years[0].lost_teams
    report.teams_without_tables = years[0].teams_without_tables
    log.begin(run_sources(years, lang))
    work = [job for job in every if job.name in chosen]
    by_name = {job.name: job for job in work}
    report.kept = sorted(job.name for job in work if log.kept(job))
    for _ in report.kept:
        step(len(work))
    waiting = [job for job in work if job.name not in report.kept]
    try:
        with kernels_for(waiting, assessor.hand_over, data, folder, warm, isinstance(workers, Cluster)) as place:
            report.ordinary_kernels = bool(waiting) and not place.warm
            for outcome in executed(waiting, workers, place):
                log.record(by_name[outcome.name], outcome)
                if outcome.error:
                    report.failed.append(outcome)
                else:
                    report.made.append(outcome.name)
                step(len(work))
    finally:
        log.close()
    if log.unwritten:
        report.failed.append(Outcome(LOG, f"OSError: {log.unwritten}"))
    report.made.sort()
    report.failed.sort(key=lambda outcome: outcome.name)
    current = {job.name for job in every if log.kept(job)}  # a page made from other inputs is not linked
    summary = "summary.html" if SUMMARY in current else ""
    notes = [translate("pages.cli.team_lost", lang, team=team) for team in report.lost_teams]
    here = (data.absolute(), data.resolve(), folder, Path.cwd())
    notes += [without_addresses(sentence(outcome, lang), here) for outcome in report.failed]
    page = index_page(*years, lang, current - {SUMMARY}, notes, summary, side_by_side=SIDE_BY_SIDE, what_if=WHAT_IF)
    write_text(report.index, page)
    return report


def _jobs(folder: Path, years: Years, given: dict[str, Any], cell_seconds: int) -> list[Job]:
    """A job for each team of the data and one for the summary, each with its fingerprint."""
    names, year, lang = years[0].teams["name"], given["year"], given["lang"]
    work = [
        team_job(folder, team, given, translate("pages.card.title", lang, team=names[team], year=year))
        for team in names.index
    ]
    title = translate("pages.summary.title", lang, year=year)
    work.append(_job(folder, SUMMARY, SUMMARY, folder / "summary.html", given, title, "index.html"))
    sources = run_sources(years, lang)
    return [replace(job, fingerprint=job_fingerprint(sources, job, years), cell_seconds=cell_seconds) for job in work]


def team_job(folder: Path, team: str, given: dict[str, Any], title: str) -> Job:
    """The scorecard of a team. Parameters: ``folder`` of the run, ``given`` the parameters of all its notebooks."""
    page = folder / "teams" / f"{team}.html"
    return _job(folder, team, "scorecard", page, {"team_id": team, **given}, title, "../index.html")


def _job(folder: Path, name: str, notebook: str, page: Path, parameters: dict[str, Any], title: str, back: str) -> Job:
    source, executed = shipped(NOTEBOOKS) / f"{notebook}.ipynb", folder / "notebooks" / f"{name}.ipynb"
    return Job(name, source, Path.cwd(), executed, page, parameters, title, back, parameters["lang"])
