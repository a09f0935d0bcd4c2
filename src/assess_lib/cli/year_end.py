"""From tables to scorecards: check, score, run; the workbook for counties, and made-up data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_lib.cli.common import (
    JOBS,
    LANG,
    RUBRIC,
    SCHEDULER,
    YEAR,
    ids,
    reported_faults,
    tell_ledger_warnings,
)
from assess_lib.cli.progress import Progress
from assess_lib.faults import NOTE, SEVERITIES
from assess_lib.words import translate

if TYPE_CHECKING:
    from assess_lib.tables.checks.report import Report
    from assess_lib.tables.pipeline import Checked

FINDINGS_SHOWN = 40  # of a check on the screen; the report has all


@click.command()
@click.argument("data")
@YEAR
@RUBRIC
@click.option("--out", help="folder for check.html and check.xlsx, a sheet for each county to send back")
@JOBS
@LANG
def check(data: str, year: int, rubric: str | None, out: str | None, jobs: int | None, lang: str) -> None:
    """Check the tables of a year and name every fault / 检查数据.

    Exit code 0: nothing is wrong, though something may be suspicious; 1: rows with an error are set
    aside; 2: a file or table cannot be used as a whole.
    """
    with reported_faults(lang):
        from assess_lib.pages.documents.check_page import places_beside
        from assess_lib.runs.checking import check_folder, write_report

        with Progress(lang, "read") as shown:
            found = check_folder(data, year, rubric, jobs, lang, shown.steps("counties"), shown.tell)
        report = found.report
        _tell_findings(report, out, lang)
        if received := report.receipt:
            found_rows, used, twice = (sum(getattr(line, n) for line in received) for n in ("rows", "used", "again"))
            again = translate("pages.cli.received_again", lang, count=twice) if twice else ""
            tables = len({line.table for line in received})
            files = len({line.file for line in received})
            counts = {"files": files, "tables": tables, "rows": found_rows, "used": used}
            click.echo(translate("pages.cli.received", lang, **counts, again=again))
        counts = {severity: report.count(severity).causes for severity in SEVERITIES}
        places = {f"{severity}_places": places_beside(report.count(severity), lang) for severity in SEVERITIES}
        click.echo(translate("pages.cli.found", lang, year=year, aside=report.rows_set_aside, **counts, **places))
        if report.usable:
            click.echo(
                translate("pages.cli.checked", lang, year=year, teams=report.teams, fingerprint=found.fingerprint)
            )
        if found.quarantine:
            click.echo(translate("pages.cli.aside", lang, count=report.rows_set_aside, path=found.quarantine), err=True)
        for path in write_report(out, report, lang) if out else ():
            click.echo(translate("pages.cli.wrote", lang, path=path))
        if not report.usable or report.count("error").causes:
            raise SystemExit(1 if report.usable else 2)


def _tell_findings(report: Report, out: str | None, lang: str) -> None:
    """A page of findings on the screen: the gravest, then the kinds of notes with how many there are."""
    asked = [fault for fault in report.causes if fault.severity != NOTE]
    for fault in asked[:FINDINGS_SHOWN]:
        click.echo(f"  {translate(f'faults.severity.{fault.severity}', lang)} {fault.text(lang)}", err=True)
    if len(asked) > FINDINGS_SHOWN:
        where = translate("pages.cli.all_in", lang, path=Path(out) / "check.xlsx") if out else ""
        where = where or translate("pages.cli.all_by_out", lang)
        more = len(asked) - FINDINGS_SHOWN
        click.echo(translate("pages.cli.more_findings", lang, count=more, where=where), err=True)
    for kind in (kind for kind in report.kinds if kind[0].severity == NOTE):
        if len(kind) == 1:
            click.echo(f"  {translate(f'faults.severity.{NOTE}', lang)} {kind[0].text(lang)}", err=True)
        else:
            words = kind[0].kind(lang)
            click.echo(translate("pages.cli.notes_of_kind", lang, words=words, count=len(kind)), err=True)


@click.command()
@click.argument("data")
@YEAR
@RUBRIC
@click.option("--out", required=True, help="folder for scores.csv and points.csv")
@JOBS
@SCHEDULER
@LANG
def score(data: str, year: int, rubric: str | None, out: str, jobs: int | None, scheduler: str, lang: str) -> None:
    """Score all teams of a year: scores.csv and points.csv / 计分.

    Tables partitioned by county (<year>/<table>/county=<county>/*.parquet) are taken county by
    county, in several processes or on a cluster.
    """
    with reported_faults(lang):
        from assess_lib.api import load_data, load_review_state, load_rubric
        from assess_lib.memory import freed_memory_kept
        from assess_lib.records.result_tables import write_results
        from assess_lib.resources import data_folder
        from assess_lib.scoring.assessment import assess
        from assess_lib.tables.quarantine import keep_aside
        from assess_lib.tables.read_year import ReadYears
        from assess_lib.tables.year_files import is_partitioned

        kept: dict[Path, int] = {}
        lost: list[str] = []
        without_tables = 0
        written: Iterable[Path]
        if is_partitioned(data_folder(data), year):
            from assess_lib.runs.national.country import score_partitions

            with Progress(lang, "read") as shown:
                written = score_partitions(data, year, out, rubric, jobs, scheduler, shown.steps("counties"))
        else:
            rules = load_rubric(rubric, year)

            def keep(home: Path, year: int, checked: Checked) -> None:
                if file := keep_aside(home, year, checked, lang):
                    kept[file] = checked.rows_set_aside

            with Progress(lang, "read") as shown, freed_memory_kept():
                with ReadYears(data_folder(data), tell=shown.tell) as years:
                    tables = load_data(data, year, rules, keep, years)
                shown.tell("assess")
                written = write_results(assess(rules, tables, load_review_state(data, year)), out)
            lost, without_tables = tables.lost_teams, tables.teams_without_tables
        tell_ledger_warnings(data, lang)
        for path in written:
            click.echo(translate("pages.cli.wrote", lang, path=path))
        for team in lost:
            click.echo(translate("pages.cli.team_lost", lang, team=team), err=True)
        for path, count in kept.items():
            click.echo(translate("pages.cli.aside", lang, count=count, path=path), err=True)
        if without_tables:
            click.echo(translate("pages.cli.without_tables", lang, count=without_tables), err=True)
        if kept or without_tables:
            raise SystemExit(1)


@click.command()
@click.argument("data")
@YEAR
@RUBRIC
@click.option("--out", required=True, help="folder for pages, notebooks and tables")
@click.option("--teams", help="only these team ids, separated by commas")
@JOBS
@click.option(
    "--time-limit", type=click.IntRange(1), default=600, show_default=True, help="seconds that one cell may take"
)
@click.option(
    "--kernels",
    type=click.Choice(["auto", "warm", "ordinary"]),
    default="auto",
    show_default=True,
    help="warm: forked from a process that has everything at hand; auto: where that is safe",
)
@SCHEDULER
@LANG
def run(
    data: str,
    year: int,
    rubric: str | None,
    out: str,
    teams: str | None,
    jobs: int | None,
    time_limit: int,
    kernels: str,
    scheduler: str,
    lang: str,
) -> None:
    """Scorecards of all teams, the summary and the index / 年终批量生成."""
    with reported_faults(lang):
        from assess_lib.runs.batch import run_year
        from assess_lib.runs.jobs import sentence

        chosen = ids(teams)
        warm = {"auto": None, "warm": True, "ordinary": False}[kernels]
        with Progress(lang, "read") as shown:
            step = shown.steps("cards")
            report = run_year(
                data, year, out, rubric, chosen, jobs, lang, time_limit, warm, scheduler, step, shown.tell
            )
        if report.ordinary_kernels and kernels != "ordinary":
            click.echo(translate("pages.cli.ordinary_kernels", lang), err=True)
        tell_ledger_warnings(data, lang)
        for outcome in report.failed:
            click.echo(sentence(outcome, lang), err=True)
        click.echo(
            translate(
                "pages.cli.done",
                lang,
                made=len(report.made),
                kept=len(report.kept),
                failed=len(report.failed),
                index=report.index,
            )
        )
        for team in report.lost_teams:
            click.echo(translate("pages.cli.team_lost", lang, team=team), err=True)
        if report.rows_set_aside:
            from assess_lib.resources import data_folder
            from assess_lib.tables.quarantine import quarantine_file

            path = quarantine_file(data_folder(data), year)
            click.echo(translate("pages.cli.aside", lang, count=report.rows_set_aside, path=path), err=True)
        if report.teams_without_tables:
            click.echo(translate("pages.cli.without_tables", lang, count=report.teams_without_tables), err=True)
        if report.failed or report.rows_set_aside or report.teams_without_tables:
            raise SystemExit(1)


@click.command()
@click.option("--teams", type=click.IntRange(1, 500_000), default=24, show_default=True, help="number of teams")
@click.option(
    "--seed", type=click.IntRange(0), default=2016, show_default=True, help="the same seed gives the same data"
)
@click.option(
    "--years", default="2015 2016", show_default=True, help="years, separated by blanks or commas", metavar="YEAR..."
)
@click.option("--out", default="data/trial", show_default=True, help="folder; gets a sub-folder for each year")
@click.option(
    "--as-workbooks", is_flag=True, help="a workbook per county, written as people do, with faults that are listed"
)
@click.option("--clean", is_flag=True, help="with --as-workbooks: no faults, only the many ways of writing")
@click.option("--partitioned", is_flag=True, help="tables in a folder per county, in memory that does not grow")
@JOBS
@click.argument("more_years", nargs=-1, type=int, metavar="")
@LANG
def sample(
    teams: int,
    seed: int,
    years: str,
    out: str,
    as_workbooks: bool,
    clean: bool,
    partitioned: bool,
    jobs: int | None,
    more_years: tuple[int, ...],
    lang: str,
) -> None:
    """Write a made-up data set / 生成样例数据."""
    with reported_faults(lang):
        from assess_lib.sample.dataset import write_sample

        try:
            wanted = sorted({int(year) for year in years.replace(",", " ").split()} | set(more_years))
        except ValueError:
            raise click.BadParameter(f"{years!r}; years such as 2015 2016", param_hint="--years") from None
        with Progress(lang, "sample"):
            if as_workbooks:
                from assess_lib.sample.workbooks import write_workbooks

                path = write_workbooks(out, teams, seed, wanted, planted=not clean)
            else:
                path = write_sample(out, teams, seed, wanted, partitioned, jobs)
        click.echo(translate("pages.cli.sample", lang, path=path, teams=teams, years=", ".join(map(str, wanted))))


@click.command()
@YEAR
@click.option("--county", default="", help="name of the county [default: the workbook of the province]")
@click.option("--data", help="folder with the teams and villages [default: the one below data/ that knows the county]")
@click.option("--out", required=True, help="the workbook, .xlsx")
@LANG
def template(year: int, county: str, data: str | None, out: str, lang: str) -> None:
    """Write the workbook that a county fills in / 生成填报表."""
    with reported_faults(lang):
        from assess_lib.runs.county_templates import make_template

        click.echo(translate("pages.cli.wrote", lang, path=make_template(out, year, county, data, lang)))
