"""The workbench, replies of teams, and remarks of reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_lib.cli.common import LANG, RUBRIC, YEAR, ids, reported_faults, tell_ledger_warnings
from assess_lib.cli.progress import Progress
from assess_lib.faults import UnusableInput
from assess_lib.words import translate

if TYPE_CHECKING:
    from assess_lib.review.returned_files import Recorder


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("data", required=False)
@click.option("--year", type=click.IntRange(1990, 2100), help="assessment year [default: the last of the data]")
@click.option("--port", type=click.IntRange(1, 65535), help="port on this machine [default: a free one]")
@click.option("--no-browser", is_flag=True, help="do not open a browser; the address is printed")
@click.option("--notebook", is_flag=True, help="open the notebook of the workbench, to run and read cell by cell")
@click.argument("more", nargs=-1, type=click.UNPROCESSED)
@LANG
def lab(
    data: str | None,
    year: int | None,
    port: int | None,
    no_browser: bool,
    notebook: bool,
    more: tuple[str, ...],
    lang: str,
) -> None:
    """Open the workbench / 打开考核工作台.

    Everything after -- goes to JupyterLab as it is.
    """
    with reported_faults(lang):
        from assess_lib.workbench.lab import start_lab

        raise SystemExit(start_lab(data, year, lang, port, not no_browser, more, notebook))


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

        with Progress(lang, "forms"):
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


@click.group()
def ledger() -> None:
    """The ledger of what people judged / 复核台账."""


@ledger.command("check")
@click.argument("data")
@LANG
def ledger_check(data: str, lang: str) -> None:
    """Say whether the ledger of a data folder is whole, and what is kept of it / 检查台账.

    Exit code 2: it is not, and cannot be used.
    """
    with reported_faults(lang):
        from assess_lib.ledger.head import read_head
        from assess_lib.ledger.store import Ledger, ledger_path
        from assess_lib.resources import data_folder

        path = ledger_path(data_folder(data))
        kept = Ledger(path)
        records = kept.entries()
        last = records[-1] if records else None
        details = {"path": path, "count": len(records), "digest": last.digest if last else ""}
        key = "ledger_whole" if last else "ledger_none"
        click.echo(
            translate(f"pages.cli.{key}", lang, **details, by=last.entry.by if last else "", at=last and last.at)
        )
        for loss in read_head(path).losses:
            click.echo(
                translate("pages.cli.ledger_loss", lang, at=loss.at, known=loss.entries, lost=loss.entries - loss.left)
            )
        tell_ledger_warnings(data, lang)


@ledger.command("restore")
@click.argument("data")
@click.argument("copy", required=False, type=click.Path(path_type=Path))
@click.option("--accept-loss", is_flag=True, help="go on though entries are lost; the loss is put on record")
@LANG
def ledger_restore(data: str, copy: Path | None, accept_loss: bool, lang: str) -> None:
    """Put a ledger that was lost or damaged back from a copy / 从副本恢复台账.

    COPY is a copy of reviews/ledger.sqlite; without one, what can still be read of the ledger stays. What stood in its
    place is put aside. Nothing is done when entries would be lost, unless that is accepted.
    """
    with reported_faults(lang):
        from assess_lib.ledger.restoring import restore
        from assess_lib.ledger.store import ledger_path
        from assess_lib.resources import data_folder

        path = ledger_path(data_folder(data))
        made = restore(path, copy, accept_loss)
        click.echo(translate("pages.cli.ledger_restored", lang, path=path, count=made.entries))
        if made.lost:
            click.echo(translate("pages.cli.ledger_lost", lang, lost=made.lost), err=True)
        if made.aside:
            click.echo(translate("pages.cli.ledger_aside", lang, path=made.aside))


def _put_on_record(
    data: str, year: int, files: tuple[str, ...], rubric: str | None, lang: str, record: Recorder, new: str, known: str
) -> None:
    """Put files on record by ``record`` and report on each team; ``new`` and ``known`` are the keys of the report's words."""
    from assess_lib.review.returned_files import record_files

    with Progress(lang, "read") as progress:
        found = record_files(data, year, files, rubric, record, progress.tell)
    for team, count in found.recorded.items():
        click.echo(translate(new, lang, team=team, count=count))
    if found.known:
        click.echo(translate(known, lang, count=found.known))
    if found.faults:
        click.echo(UnusableInput(found.faults).text(lang), err=True)
        raise SystemExit(1 if found.recorded or found.known else 2)
