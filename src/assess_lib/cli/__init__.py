"""The command line: ``assess``. Exit codes: 0 all well; 1 some teams failed, or something differs; 2 wrong usage or input."""

from __future__ import annotations

import click

from assess_lib.cli import publishing, reviewing
from assess_lib.cli import rubrics as rules
from assess_lib.cli import year_end as yearly
from assess_lib.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="assess")
def main() -> None:
    """The yearly assessment of village work teams / 驻村工作队年度考核."""


for command in (
    yearly.check,
    yearly.score,
    yearly.run,
    publishing.publish,
    publishing.verify,
    publishing.diff,
    publishing.key,
    reviewing.lab,
    reviewing.reply,
    reviewing.remarks,
    yearly.template,
    rules.rubric,
    yearly.sample,
):
    main.add_command(command)
