"""Making a year public, and the proof that it is right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess_lib.cli.common import FAULTS_SHOWN, JOBS, LANG, reported_faults
from assess_lib.cli.progress import Progress
from assess_lib.faults import printable
from assess_lib.words import translate

if TYPE_CHECKING:
    from assess_lib.publishing.verify import Verdict

TEAMS_SHOWN = 40


@click.command()
@click.argument("run")
@click.option("--out", required=True, help="folder of the year's editions; gets the next one and its zip")
@click.option("--data", help="the data folder: the results are recomputed from it before anything is published")
@click.option("--draft", is_flag=True, help="a draft, marked on every page: for a year that is not in its final stage")
@click.option("--note", default="", help="why there is another edition; shown on its pages")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="day of the circular, YYYY-MM-DD [default: left open]"
)
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="a PDF of each scorecard")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="private key of the office: sign the edition (passphrase in ASSESS_PASSPHRASE)",
)
@JOBS
@LANG
def publish(
    run: str,
    out: str,
    data: str | None,
    draft: bool,
    note: str,
    day: datetime | None,
    pdf: bool,
    key: Path | None,
    jobs: int | None,
    lang: str,
) -> None:
    """Publish a run as a numbered edition: site, circular, tables, proof / 发布.

    RUN is the folder that assess run wrote. The edition is in the language of the run.
    """
    with reported_faults(lang):
        from assess_lib.publishing.edition import PublishRequest
        from assess_lib.publishing.edition import publish as make_public

        request = PublishRequest(
            note,
            day and day.date(),
            pdf,
            key,
            os.environ.get("ASSESS_PASSPHRASE", ""),
            jobs or os.cpu_count() or 1,
            data,
            draft,
        )
        with Progress(lang, "compare") as shown:
            made = make_public(run, out, request, shown.tell)
        if made.verdict is None:
            key_word = "publish.cli.signed_since" if made.signed else "publish.cli.same"
            click.echo(translate(key_word, lang, edition=made.edition, folder=made.folder))
            return
        where = {"folder": made.folder, "archive": made.archive, "files": made.verdict.count}
        click.echo(translate("publish.cli.done", lang, year=made.verdict.year, edition=made.edition, **where))
        if draft:
            click.echo(translate("publish.cli.draft", lang))
        click.echo(translate("publish.cli.checked" if data else "publish.cli.not_recomputed", lang))
        if made.changes is not None:
            from assess_lib.pages.documents.changes import changes_text

            for line in changes_text(made.changes, lang, most=TEAMS_SHOWN):
                click.echo(line)


@click.command()
@click.argument("folder")
@click.option("--data", help="the data folder: all scores are computed anew and compared byte for byte")
@click.option("--key", type=click.Path(path_type=Path), help="public key of the office")
@click.option("--out", type=click.Path(path_type=Path), help="folder for verify.txt, with every line, however many")
@LANG
def verify(folder: str, data: str | None, key: Path | None, out: Path | None, lang: str) -> None:
    """Check a published edition, all editions of a folder, a zip, or a run / 核验.

    Exit code 1: something is not as it was published, and is named.
    """
    with reported_faults(lang):
        from assess_lib.atomic import write_text
        from assess_lib.pages.documents.changes import changes_text
        from assess_lib.publishing.verify import editions_in
        from assess_lib.publishing.verify import verify as check

        good = True
        lines: list[str] = []
        with Progress(lang, "digests") as shown:
            for place in editions_in(folder):
                verdict = check(place, data, key, shown.tell)
                good &= verdict.good
                lines += _verdict(verdict, lang)
                if verdict.difference is not None:
                    lines += [f"  {line}" for line in changes_text(verdict.difference, lang)]
        for line in lines[:FAULTS_SHOWN]:
            click.echo(line)
        if len(lines) > FAULTS_SHOWN:
            click.echo(translate("publish.cli.more", lang, count=len(lines) - FAULTS_SHOWN))
        if out:
            out.mkdir(parents=True, exist_ok=True)
            click.echo(translate("pages.cli.wrote", lang, path=write_text(out / "verify.txt", "\n".join(lines) + "\n")))
        if not good:
            raise SystemExit(1)


def _verdict(verdict: Verdict, lang: str) -> Iterator[str]:
    """The lines of the report on an edition or a run."""
    from assess_lib.tables.schemas import label

    def word(key: str, /, **values: object) -> str:
        return translate(f"publish.cli.{key}", lang, **values)

    about = {"folder": verdict.folder, "year": verdict.year, "edition": verdict.edition}
    if verdict.edition:
        yield word("verified", **about, count=verdict.count) if verdict.good else word("spoilt", **about)
    else:
        yield word("run.whole", **about, count=verdict.count) if verdict.good else word("run.spoilt", **about)
    if verdict.draft:
        yield word("verified_draft")
    for flaw in verdict.flaws:
        yield word(f"flaw.{flaw.kind}", name=printable(flaw.name, 200))
    signed = verdict.signed
    if verdict.edition:
        yield word(
            "signed.beside" if signed.state == "valid" and not signed.trusted else f"signed.{signed.state}",
            key=signed.key,
        )
    if not verdict.recomputed:
        return
    if verdict.ledger:
        yield word("ledger")
    if verdict.later:
        yield word("later", count=verdict.later)
    for name in verdict.files:
        yield word("file", name=printable(name, 200))
    if verdict.rows is None and verdict.files:
        yield word("rows_unknown")
    for row in verdict.rows or ():
        table = label(row.table, lang)
        where = {"year": row.year, "table": table, "team": row.team_id or word("no_team")}
        yield word("gone", count=row.gone, **where) if row.gone else word("row", key=printable(row.key, 200), **where)
    for name in verdict.results:
        yield word("result", name=name)
    if not verdict.results:
        yield word("recomputed")
    if verdict.program:
        yield word("program")


@click.command()
@click.argument("run_a")
@click.argument("run_b")
@click.option("--out", type=click.Path(path_type=Path), help="folder for changes.html and changes.csv")
@click.option(
    "--data", help="the data folder of the runs: which tables of which team changed, also where they are workbooks"
)
@LANG
def diff(run_a: str, run_b: str, out: Path | None, data: str | None, lang: str) -> None:
    """Compare two runs or editions: who moved, by which indicator, why / 比较两次结果.

    Exit code 1: they differ.
    """
    with reported_faults(lang):
        from assess_lib.atomic import write_text
        from assess_lib.pages.documents.changes import changes_csv, changes_page, changes_text
        from assess_lib.records.difference import difference
        from assess_lib.records.record import read_record
        from assess_lib.resources import data_folder

        home = data_folder(data) if data else None
        with Progress(lang, "compare"):
            found = difference(read_record(run_a), read_record(run_b), home)
        for line in changes_text(found, lang, most=TEAMS_SHOWN):
            click.echo(line)
        if out:
            out.mkdir(parents=True, exist_ok=True)
            for name, text in (
                ("changes.html", changes_page(found, lang, "")),
                ("changes.csv", changes_csv(found, lang)),
            ):
                click.echo(translate("pages.cli.wrote", lang, path=write_text(out / name, text)))
        if found:
            raise SystemExit(1)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="the private key, .pem; the public one is put beside it",
)
@LANG
def key(out: Path, lang: str) -> None:
    """Make the key with which the office signs editions (passphrase in ASSESS_PASSPHRASE) / 生成签名密钥."""
    with reported_faults(lang):
        from assess_lib.publishing.signing import fingerprint_of, make_key

        private, public = make_key(out, os.environ.get("ASSESS_PASSPHRASE", ""))
        click.echo(
            translate("publish.cli.key", lang, private=private, public=public, fingerprint=fingerprint_of(public))
        )
