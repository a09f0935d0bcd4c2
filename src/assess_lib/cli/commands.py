"""The command line: ``assess``. Exit codes: 0 all well; 1 some teams failed, or something differs; 2 wrong usage or input."""

from __future__ import annotations

import gc
import sys
from typing import Any

import click

from assess_lib.cli import publishing, reviewing, rubrics, year_end
from assess_lib.exit_codes import INTERRUPTED
from assess_lib.prepared import sweep
from assess_lib.version import VERSION
from assess_lib.words import translate

NEW_OBJECTS = 50_000  # before Python looks for those that only hold each other; its own 700 suits longer lives


class Commands(click.Group):
    """The commands; an interrupt ends each of them in words and with exit code 130, wherever it was."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(translate("pages.cli.interrupted", str(ctx.params.get("lang", "zh"))), err=True)
            raise SystemExit(INTERRUPTED) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="assess")
def main() -> None:
    """The yearly assessment of village work teams / 驻村工作队年度考核."""
    sweep(word.removeprefix("--data=") for word in sys.argv[1:])
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


for command in (
    year_end.check,
    year_end.score,
    year_end.run,
    publishing.publish,
    publishing.verify,
    publishing.diff,
    publishing.key,
    reviewing.lab,
    reviewing.reply,
    reviewing.remarks,
    reviewing.ledger,
    year_end.template,
    rubrics.rubric,
    year_end.sample,
):
    main.add_command(command)
