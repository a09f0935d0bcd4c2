"""The workbench, replies of teams, and remarks of reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assess_lib.cli.common import LANG, RUBRIC, YEAR, ids, reported_faults
from assess_lib.faults import UnusableInput
from assess_lib.words import translate

if TYPE_CHECKING:
    from assess_lib.review.returned_files import Recorder


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("data", required=False)
@click.option("--year", type=click.IntRange(1990, 2100), help="assessment year [default: the last of the data]")
@click.option("--port", type=click.IntRange(1, 65535), help="port on this machine [default: a free one]")
@click.option("--no-browser", is_flag=True, help="do not open a browser; the address is printed")
@click.argument("more", nargs=-1, type=click.UNPROCESSED)
@LANG
def lab(
    data: str | None, year: int | None, port: int | None, no_browser: bool, more: tuple[str, ...], lang: str
) -> None:
    """Open the workbench in JupyterLab / 打开考核工作台.

    Everything after -- goes to JupyterLab as it is.
    """
    with reported_faults(lang):
        from assess_lib.workbench.lab import start_lab

        raise SystemExit(start_lab(data, year, lang, port, not no_browser, more))


@click.group()
def reply() -> None:
    """Replies of teams and units / 申辩."""


@reply.command("form")
@click.argument("data")
@YEAR
@RUBRIC
@click.option("--teams", help="only these team ids, separated by commas")
@click.option("--out", required=True, help="folder; gets a form for each team, .xlsx")
@LANG
def reply_form(data: str, year: int, rubric: str | None, teams: str | None, out: str, lang: str) -> None:
    """Write the forms in which teams and units reply / 生成申辩表."""
    with reported_faults(lang):
        from assess_lib.review.replies import write_forms

        written = write_forms(data, year, out, rubric, ids(teams), lang)
        click.echo(translate("pages.cli.forms", lang, count=len(written), path=out))


@reply.command("import")
@click.argument("data")
@click.argument("files", nargs=-1, required=True)
@YEAR
@RUBRIC
@LANG
def reply_import(data: str, files: tuple[str, ...], year: int, rubric: str | None, lang: str) -> None:
    """Put filled-in forms on record / 登记申辩.

    Exit code 1: some forms could not be used, and are named.
    """
    with reported_faults(lang):
        from assess_lib.review.replies import record_reply

        _put_on_record(data, year, files, rubric, lang, record_reply, "pages.cli.replied", "pages.cli.replied_known")


@click.command()
@click.argument("data")
@click.argument("files", nargs=-1, required=True)
@YEAR
@RUBRIC
@LANG
def remarks(data: str, files: tuple[str, ...], year: int, rubric: str | None, lang: str) -> None:
    """Put the remarks that reviewers saved on published pages on record / 登记审阅意见.

    Exit code 1: some files could not be used, and are named.
    """
    with reported_faults(lang):
        from assess_lib.review.remarks import record_remarks

        _put_on_record(
            data, year, files, rubric, lang, record_remarks, "publish.cli.remarks", "publish.cli.remarks_known"
        )


def _put_on_record(
    data: str, year: int, files: tuple[str, ...], rubric: str | None, lang: str, record: Recorder, new: str, known: str
) -> None:
    """Put files on record by ``record`` and report on each team; ``new`` and ``known`` are the keys of the report's words."""
    from assess_lib.review.returned_files import record_files

    found = record_files(data, year, files, rubric, record)
    for team, count in found.recorded.items():
        click.echo(translate(new, lang, team=team, count=count))
    if found.known:
        click.echo(translate(known, lang, count=found.known))
    if found.faults:
        click.echo(UnusableInput(found.faults).text(lang), err=True)
        raise SystemExit(1 if found.recorded or found.known else 2)
