"""Rubric files."""

from __future__ import annotations

import click

from assess_lib.cli.common import LANG, reported_faults
from assess_lib.faults import UnusableInput
from assess_lib.words import translate


@click.group()
def rubric() -> None:
    """Work on rubric files / 考核细则."""


@rubric.command("check")
@click.argument("files", nargs=-1, required=True)
@LANG
def rubric_check(files: tuple[str, ...], lang: str) -> None:
    """Validate rubric files and name every fault with line and remedy / 检查细则."""
    from assess_lib.indicators.registry import vocabulary
    from assess_lib.rules.loading import check_rubric

    faults = []
    for file in files:
        found, wrong = check_rubric(file, vocabulary())
        faults += wrong
        if found is not None:
            count, total = len(list(found.indicators())), f"{float(found.total):g}"
            click.echo(
                translate(
                    "pages.cli.rubric_ok", lang, file=file, indicators=count, total=total, since=found.in_force.since
                )
            )
    if faults:
        with reported_faults(lang):
            raise UnusableInput(faults)
