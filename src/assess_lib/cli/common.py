"""Options, and faults in words with their exit code, shared by all commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from assess_lib.exit_codes import INTERRUPTED
from assess_lib.faults import UnusableInput
from assess_lib.words import LANGUAGES, translate

FAULTS_SHOWN = 500

LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="language of messages and pages"
)
RUBRIC = click.option(
    "--rubric", help="a rubric file, or a folder of versions [default: the version in force in parameters/rubrics]"
)
YEAR = click.option("--year", type=click.IntRange(1990, 2100), required=True, help="assessment year")
JOBS = click.option("--jobs", type=click.IntRange(1, 256), help="processes [default: as many as processors]")
SCHEDULER = click.option("--scheduler", default="", help="address of a Dask scheduler: its workers do the work")


def ids(teams: str | None) -> list[str] | None:
    """The team ids of a text, separated by commas; None for all teams."""
    return [team.strip() for team in teams.split(",") if team.strip()] if teams else None


def tell_ledger_warnings(data: str, lang: str) -> None:
    """Tell what is suspicious in the ledger of a data folder. Raises UnusableInput when it cannot be used."""
    from assess_lib.ledger.store import Ledger, ledger_path
    from assess_lib.resources import data_folder

    for fault in Ledger(ledger_path(data_folder(data))).warnings():
        click.echo(f"  {translate(f'faults.severity.{fault.severity}', lang)} {fault.text(lang)}", err=True)


@contextmanager
def reported_faults(lang: str) -> Iterator[None]:
    """Faults of the input, and files that cannot be written, end the command in words and with exit code 2."""
    try:
        yield
    except UnusableInput as unusable:
        lines = unusable.text(lang).splitlines()
        for line in lines[: FAULTS_SHOWN + 1]:
            click.echo(line, err=True)
        if len(lines) > FAULTS_SHOWN + 1:
            click.echo(translate("pages.cli.more_faults", lang, count=len(lines) - FAULTS_SHOWN - 1), err=True)
        raise SystemExit(2) from None
    except OSError as error:
        click.echo(
            translate("pages.cli.unwritable", lang, path=error.filename or "", why=error.strerror or error), err=True
        )
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        click.echo(translate("pages.cli.interrupted", lang), err=True)
        raise SystemExit(INTERRUPTED) from None
