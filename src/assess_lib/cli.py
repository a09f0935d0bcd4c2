"""The command line: ``assess``. Exit codes: 0 all well; 1 some teams failed; 2 wrong usage or input."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import click

from assess_lib.faults import SEVERITIES, UnusableInput
from assess_lib.version import VERSION
from assess_lib.words import LANGUAGES, say

FAULTS_SHOWN = 500

_lang = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="language of messages and pages"
)
_rubric = click.option(
    "--rubric", help="a rubric file, or a folder of versions [default: the version in force in parameters/rubrics]"
)
_year = click.option("--year", type=click.IntRange(1990, 2100), required=True, help="assessment year")
_jobs = click.option("--jobs", type=click.IntRange(1, 256), help="processes [default: as many as processors]")
_scheduler = click.option("--scheduler", default="", help="address of a Dask scheduler: its workers do the work")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="assess")
def main() -> None:
    """The yearly assessment of village work teams / 驻村工作队年度考核."""


@main.command()
@click.argument("data")
@_year
@_rubric
@click.option("--out", help="folder for check.html and check.xlsx, a sheet for each county to send back")
@_jobs
@_lang
def check(data: str, year: int, rubric: str | None, out: str | None, jobs: int | None, lang: str) -> None:
    """Check the tables of a year and name every fault / 检查数据.

    Exit code 0: nothing is wrong, though something may be suspicious; 1: rows with an error are set
    aside; 2: a file or table cannot be used as a whole.
    """
    with _told(lang):
        from assess_lib.runs.checking import check_folder, write_report

        with _bar(say("pages.cli.counties", lang)) as tell:
            found = check_folder(data, year, rubric, jobs, lang, tell)
        report = found.report
        for fault in report.faults[:FAULTS_SHOWN]:
            click.echo(f"  {say(f'faults.severity.{fault.severity}', lang)} {fault.text(lang)}", err=True)
        if len(report.faults) > FAULTS_SHOWN:
            click.echo(say("pages.cli.more_faults", lang, count=len(report.faults) - FAULTS_SHOWN), err=True)
        counts = {severity: report.count(severity) for severity in SEVERITIES}
        click.echo(say("pages.cli.found", lang, year=year, aside=report.rows_set_aside, **counts))
        if report.usable:
            click.echo(say("pages.cli.checked", lang, year=year, teams=report.teams, fingerprint=found.fingerprint))
        if found.quarantine:
            click.echo(say("pages.cli.aside", lang, count=report.rows_set_aside, path=found.quarantine), err=True)
        for path in write_report(out, report, lang) if out else ():
            click.echo(say("pages.cli.wrote", lang, path=path))
        if not report.usable or report.rows_set_aside:
            raise SystemExit(1 if report.usable else 2)


@main.command()
@click.argument("data")
@_year
@_rubric
@click.option("--out", required=True, help="folder for scores.csv and points.csv")
@_jobs
@_scheduler
@_lang
def score(data: str, year: int, rubric: str | None, out: str, jobs: int | None, scheduler: str, lang: str) -> None:
    """Score all teams of a year: scores.csv and points.csv / 计分.

    Tables partitioned by county (<year>/<table>/county=<county>/*.parquet) are taken county by
    county, in several processes or on a cluster.
    """
    with _told(lang):
        from assess_lib.results.assessment import assess
        from assess_lib.results.files import write_results
        from assess_lib.results.opening import load_data, load_rubric, load_standing
        from assess_lib.runs.national import is_partitioned, score_partitions
        from assess_lib.tables.quarantine import keep_aside

        kept: dict[str, int] = {}
        lost: list[str] = []
        if is_partitioned(data, year):
            with _bar(say("pages.cli.counties", lang)) as tell:
                written = score_partitions(data, year, out, rubric, jobs, scheduler, tell)
        else:
            rules = load_rubric(rubric, year)

            def aside(home, year, checked) -> None:
                if path := keep_aside(home, year, checked, lang):
                    kept[str(path)] = checked.rows_set_aside

            tables = load_data(data, year, rules, aside)
            written = write_results(assess(rules, tables, load_standing(data, year)), out)
            lost = tables.lost_teams
        for path in written:
            click.echo(say("pages.cli.wrote", lang, path=path))
        for team in lost:
            click.echo(say("pages.cli.team_lost", lang, team=team), err=True)
        for path, count in kept.items():
            click.echo(say("pages.cli.aside", lang, count=count, path=path), err=True)
        if kept:
            raise SystemExit(1)


@main.command()
@click.argument("data")
@_year
@_rubric
@click.option("--out", required=True, help="folder for pages, notebooks and tables")
@click.option("--teams", help="only these team ids, separated by commas")
@_jobs
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
@_scheduler
@_lang
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
    with _told(lang):
        from assess_lib.runs.batch import run_year
        from assess_lib.runs.jobs import sentence

        chosen = _ids(teams)
        warm = {"auto": None, "warm": True, "ordinary": False}[kernels]
        with _bar(say("pages.cli.cards", lang)) as tell:
            report = run_year(data, year, out, rubric, chosen, jobs, lang, time_limit, warm, scheduler, tell)
        if report.ordinary_kernels and kernels != "ordinary":
            click.echo(say("pages.cli.ordinary_kernels", lang), err=True)
        for outcome in report.failed:
            click.echo(sentence(outcome, lang), err=True)
        click.echo(
            say(
                "pages.cli.done",
                lang,
                made=len(report.made),
                kept=len(report.kept),
                failed=len(report.failed),
                index=report.index,
            )
        )
        for team in report.lost_teams:
            click.echo(say("pages.cli.team_lost", lang, team=team), err=True)
        if report.rows_set_aside:
            from assess_lib.places import find
            from assess_lib.tables.quarantine import quarantine_file

            path = quarantine_file(find(data), year)
            click.echo(say("pages.cli.aside", lang, count=report.rows_set_aside, path=path), err=True)
        if report.failed or report.rows_set_aside:
            raise SystemExit(1)


@main.command()
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
@_jobs
@click.argument("more_years", nargs=-1, type=int, metavar="")
@_lang
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
    with _told(lang):
        from assess_lib.tables.sample.dataset import write_sample

        try:
            wanted = sorted({int(year) for year in years.replace(",", " ").split()} | set(more_years))
        except ValueError:
            raise click.BadParameter(f"{years!r}; years such as 2015 2016", param_hint="--years") from None
        if as_workbooks:
            from assess_lib.tables.sample.workbooks import write_workbooks

            path = write_workbooks(out, teams, seed, wanted, planted=not clean)
        else:
            path = write_sample(out, teams, seed, wanted, partitioned, jobs)
        click.echo(say("pages.cli.sample", lang, path=path, teams=teams, years=", ".join(map(str, wanted))))


@main.command()
@_year
@click.option("--county", default="", help="name of the county [default: the workbook of the province]")
@click.option("--data", help="folder with the teams and villages [default: the one below data/ that knows the county]")
@click.option("--out", required=True, help="the workbook, .xlsx")
@_lang
def template(year: int, county: str, data: str | None, out: str, lang: str) -> None:
    """Write the workbook that a county fills in / 生成填报表."""
    with _told(lang):
        from assess_lib.runs.templates import make_template

        click.echo(say("pages.cli.wrote", lang, path=make_template(out, year, county, data, lang)))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("data", required=False)
@click.option("--year", type=click.IntRange(1990, 2100), help="assessment year [default: the last of the data]")
@click.option("--port", type=click.IntRange(1, 65535), help="port on this machine [default: a free one]")
@click.option("--no-browser", is_flag=True, help="do not open a browser; the address is printed")
@click.argument("more", nargs=-1, type=click.UNPROCESSED)
@_lang
def lab(
    data: str | None, year: int | None, port: int | None, no_browser: bool, more: tuple[str, ...], lang: str
) -> None:
    """Open the workbench in JupyterLab / 打开考核工作台.

    Everything after -- goes to JupyterLab as it is.
    """
    with _told(lang):
        from assess_lib.workbench.lab import start_lab

        raise SystemExit(start_lab(data, year, lang, port, not no_browser, more))


@main.group()
def reply() -> None:
    """Replies of teams and units / 申辩."""


@reply.command("form")
@click.argument("data")
@_year
@_rubric
@click.option("--teams", help="only these team ids, separated by commas")
@click.option("--out", required=True, help="folder; gets a form for each team, .xlsx")
@_lang
def reply_form(data: str, year: int, rubric: str | None, teams: str | None, out: str, lang: str) -> None:
    """Write the forms in which teams and units reply / 生成申辩表."""
    with _told(lang):
        from assess_lib.runs.replies import write_forms

        written = write_forms(data, year, out, rubric, _ids(teams), lang)
        click.echo(say("pages.cli.forms", lang, count=len(written), path=out))


@reply.command("import")
@click.argument("data")
@click.argument("files", nargs=-1, required=True)
@_year
@_rubric
@_lang
def reply_import(data: str, files: tuple[str, ...], year: int, rubric: str | None, lang: str) -> None:
    """Put filled-in forms on record / 登记申辩.

    Exit code 1: some forms could not be used, and are named.
    """
    with _told(lang):
        from assess_lib.runs.replies import import_replies

        told = import_replies(data, year, files, rubric)
        for team, count in told.recorded.items():
            click.echo(say("pages.cli.replied", lang, team=team, count=count))
        if told.known:
            click.echo(say("pages.cli.replied_known", lang, count=told.known))
        if told.faults:
            click.echo(UnusableInput(told.faults).text(lang), err=True)
            raise SystemExit(1 if told.recorded or told.known else 2)


@main.group()
def rubric() -> None:
    """Work on rubric files / 考核细则."""


@rubric.command("check")
@click.argument("files", nargs=-1, required=True)
@_lang
def rubric_check(files: tuple[str, ...], lang: str) -> None:
    """Validate rubric files and name every fault with line and remedy / 检查细则."""
    from assess_lib.indicators.registry import options_by_measure
    from assess_lib.rules.loading import check_rubric

    faults = []
    for file in files:
        found, wrong = check_rubric(file, options_by_measure())
        faults += wrong
        if found is not None:
            count, total = len(list(found.indicators())), f"{float(found.total):g}"
            click.echo(
                say("pages.cli.rubric_ok", lang, file=file, indicators=count, total=total, since=found.in_force.since)
            )
    if faults:
        with _told(lang):
            raise UnusableInput(faults)


def _ids(teams: str | None) -> list[str] | None:
    """Team ids as they are given, separated by commas; None for all."""
    return [team.strip() for team in teams.split(",") if team.strip()] if teams else None


@contextmanager
def _bar(words: str):
    """A bar of progress on a terminal; what it gives is called with the number of all steps at each step."""
    from tqdm import tqdm

    with tqdm(desc=words, unit="", file=sys.stderr, disable=None) as bar:

        def tell(count: int) -> None:
            bar.total = count
            bar.update()

        yield tell


@contextmanager
def _told(lang: str):
    """Faults of the input in words and exit code 2; a file that cannot be written likewise."""
    try:
        yield
    except UnusableInput as unusable:
        lines = unusable.text(lang).splitlines()
        for line in lines[: FAULTS_SHOWN + 1]:
            click.echo(line, err=True)
        if len(lines) > FAULTS_SHOWN + 1:
            click.echo(say("pages.cli.more_faults", lang, count=len(lines) - FAULTS_SHOWN - 1), err=True)
        raise SystemExit(2) from None
    except OSError as error:
        click.echo(say("pages.cli.unwritable", lang, path=error.filename or "", why=error.strerror or error), err=True)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        click.echo(say("pages.cli.interrupted", lang), err=True)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
