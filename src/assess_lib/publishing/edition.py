"""Making a year public: a numbered edition, complete or not at all, frozen by its manifest."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assess_lib.archives import write_archive
from assess_lib.atomic import new_folder, replacing, write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import STAGES
from assess_lib.pages.documents.changes import changes_csv, changes_page
from assess_lib.pages.documents.circular import circular, circular_page
from assess_lib.pages.documents.circular_document import write_document
from assess_lib.pages.documents.results_book import write_results_book
from assess_lib.pages.draft import draft_mark
from assess_lib.progress import Tell, counted, silent
from assess_lib.publishing.manifest import NAME as MANIFEST
from assess_lib.publishing.manifest import (
    SIGNATURE,
    EditionBefore,
    Manifest,
    file_digests_of,
    read_manifest,
    write_manifest,
)
from assess_lib.publishing.pdf import check_renderer, write_pdfs
from assess_lib.publishing.signing import read_key, sign
from assess_lib.publishing.site import INDEX, SUMMARY, Site
from assess_lib.publishing.verify import Verdict, seal_of, verify
from assess_lib.records.difference import Difference, difference
from assess_lib.records.provenance import Sources
from assess_lib.records.record import FOLDER as RECORD
from assess_lib.records.record import OBSOLETE_DIGESTS, RESULTS, Record, read_record
from assess_lib.records.result_tables import POINTS, SCORES
from assess_lib.resources import data_folder
from assess_lib.runs.job_log import not_whole, read_sources
from assess_lib.runs.run_folder import exclusive_folder
from assess_lib.tables.input_files import file_digest
from assess_lib.tables.masking import scrubbed
from assess_lib.words import LANGUAGES, join_list, translate

MARK = re.compile(r'data-edition="[^"]*"')
CIRCULAR, BOOK, CHANGES = "circular", "results.xlsx", "changes"


@dataclass(frozen=True)
class Published:
    """The outcome of publishing.

    ``folder`` and ``archive`` of the edition, its number, ``changes`` since the one before and the ``verdict`` on what was
    written. ``new`` is False where the last edition has the same content; ``signed`` whether that one was signed now.
    """

    folder: Path
    archive: Path
    edition: int
    new: bool
    changes: Difference | None
    verdict: Verdict | None
    signed: bool = False


@dataclass(frozen=True)
class PublishRequest:
    """The choices of a publication.

    ``note`` why there is another edition; ``day`` of the circular; ``pdf`` for each team or not; ``key`` of the office and
    its ``passphrase``; ``jobs`` processes; ``data`` to recompute the results from; ``draft`` for a year that is not final.
    """

    note: str = ""
    day: date | None = None
    pdf: bool = True
    key: Path | None = None
    passphrase: str = ""
    jobs: int = 1
    data: Path | str | None = None
    draft: bool = False


def publish(
    run: str | Path, out: str | Path, request: PublishRequest = PublishRequest(), tell: Tell = silent
) -> Published:
    """Publish the run of a year as the next edition in a folder.

    Parameters: ``run`` the folder that ``assess run`` wrote, all of its pages made; ``out`` the folder of the year's editions;
    ``tell`` how far it is.
    Raises UnusableInput, with nothing written, when the run is not whole, a team is not in the final stage and no draft is
    asked for, or all are and one is, the run belongs to another year than the editions that are
    there, the last edition is not as published, the data give other results, or PDF or key cannot be had; OSError.
    """
    run, out = Path(run), Path(out)
    request = replace(request, note=" ".join(scrubbed(request.note, prose=True).split()))
    record = read_record(run)
    if wrong := [*_not_of_stage(record, request.draft), *not_whole(run, record.scores.index)]:
        raise UnusableInput(wrong)
    if request.pdf:
        check_renderer()
    key = read_key(request.key, request.passphrase) if request.key else None
    sources = read_sources(run)
    lang = sources.lang if sources else "zh"
    with exclusive_folder(out.resolve(), out):
        last, number = _last(out, record.year, tell)
        tell("compare")
        changes = difference(last, record, data_folder(request.data) if request.data else None) if last else None
        if last and _same(last, record) and read_manifest(last.folder).draft == request.draft:
            name = last.folder.name
            if key:  # a signature lies beside what it signs and changes nothing of it
                sign(last.folder, key)
                with _archive(out, name) as pack:
                    pack(last.folder)
            return Published(last.folder, out / f"{name}.zip", number, False, None, None, key is not None)
        number += 1
        name = edition_name(record.year, number)
        with _archive(out, name) as pack, new_folder(out / name) as part:
            _write(part, run, record, number, changes, request, lang, tell)
            before = EditionBefore(edition=number - 1, manifest=file_digest(last.folder / MANIFEST)) if last else None
            manifest = Manifest(
                year=record.year,
                edition=number,
                note=request.note,
                lang=lang,
                draft=request.draft,
                inputs=Sources(**record.provenance.model_dump()),
                before=before,
                files=file_digests_of(part, tell),
            )
            write_manifest(part, manifest)
            if key:
                sign(part, key)
            verdict = verify(part, request.data, tell=tell)
            if not verdict.good:
                raise UnusableInput(_not_good(verdict, run))
            tell("pack")
            pack(part)
    verdict.folder = out / name
    return Published(out / name, out / f"{name}.zip", number, True, changes, verdict)


def edition_name(year: int, number: int) -> str:
    """The name of the folder of an edition."""
    return f"{year}-edition-{number}"


def mark_of(record: Record, number: int) -> str:
    """The mark of an edition on its pages: its number and a digest of the results."""
    digest = hashlib.sha256()
    for name in RESULTS:
        path = record.folder / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    return f"{number}-{digest.hexdigest()[:8]}"


def _write(
    part: Path,
    run: Path,
    record: Record,
    number: int,
    changes: Difference | None,
    request: PublishRequest,
    lang: str,
    tell: Tell,
) -> None:
    """Write all files of the edition but its manifest."""
    draft = draft_mark(record.stage, lang) if request.draft else None
    drawn = circular(record, lang, request.day, draft)
    documents = [
        (SUMMARY, "summary"),
        (f"{CIRCULAR}.html", "circular"),
        (f"{CIRCULAR}.docx", "document"),
        (BOOK, "book"),
        (SCORES, "scores"),
        (POINTS, "points"),
    ]
    if changes is not None:
        documents.append((f"{CHANGES}.html", "changes"))
    notes = [*_notes(record, number, lang), *([request.note] if request.note else [])]
    named = [(name, translate(f"publish.document.{word}", lang)) for name, word in documents]
    site = Site(record, run, lang, mark_of(record, number), named, notes, draft, request.pdf)
    page = counted(tell, "pages")
    site.write_lists(part, request.jobs, page)
    site.write_teams(part, request.jobs, page)
    tell("documents")
    write_text(part / f"{CIRCULAR}.html", circular_page(drawn, INDEX, lang))
    write_document(part / f"{CIRCULAR}.docx", drawn)
    write_results_book(part / BOOK, record, drawn, lang)
    if changes is not None:
        write_text(part / f"{CHANGES}.html", changes_page(changes, lang, INDEX, request.note, number, draft))
        write_text(part / f"{CHANGES}.csv", changes_csv(changes, lang))
    for name in RESULTS:
        if (run / name).is_file():
            shutil.copyfile(run / name, part / name)
    shutil.copytree(
        run / RECORD,
        part / RECORD,
        copy_function=shutil.copyfile,
        ignore=shutil.ignore_patterns(".*", "pages.json", OBSOLETE_DIGESTS),
    )
    if request.pdf:
        (part / "pdf").mkdir()
        pairs = [(part / "teams" / f"{team}.html", part / "pdf" / f"{team}.pdf") for team in record.scores.index]
        waiting = [pair for pair in pairs if not _taken_over(*pair, changes)]
        tell("pdf", 0, len(waiting))
        made = counted(tell, "pdf")
        write_pdfs(waiting, request.jobs, lambda: made(len(waiting)))


def _taken_over(page: Path, pdf: Path, changes: Difference | None) -> bool:
    """Copy the PDF of the last edition if the page differs in its mark at most. Returns whether it was copied."""
    if changes is None:
        return False
    last = changes.before.folder
    earlier, made = last / "teams" / page.name, last / "pdf" / pdf.name
    if not (earlier.is_file() and made.is_file()):
        return False
    texts = [MARK.sub("", path.read_text(encoding="utf-8")) for path in (page, earlier)]
    if texts[0] == texts[1]:
        shutil.copyfile(made, pdf)
    return texts[0] == texts[1]


def _notes(record: Record, number: int, lang: str) -> list[str]:
    """The notes at the head of an edition: its number, stages of the teams, and data that were not used."""
    data, stages = record.provenance.data, _stages(record, lang)
    notes = [translate("publish.edition", lang, number=number, teams=len(record.scores), stages=stages)]
    if data.rows_set_aside:
        notes.append(translate("publish.aside", lang, count=data.rows_set_aside))
    if data.lost_teams:
        notes.append(translate("publish.lost", lang, teams=join_list(data.lost_teams, lang)))
    return notes


def _stages(record: Record, lang: str) -> str:
    """The stages that teams are in, and how many are in each."""
    stages = record.scores["stage"].value_counts()
    texts = [
        translate("publish.stage", lang, stage=translate(f"pages.review.stage.{stage}", lang), count=stages[stage])
        for stage in STAGES
        if stage in stages
    ]
    return join_list(texts, lang)


def _not_of_stage(record: Record, draft: bool) -> list[Fault]:
    """A fault where an edition is asked for that is not of the record's stage: a final one before it, or a draft of it."""
    if draft == (record.stage != STAGES[-1]):
        return []
    stages = {lang: _stages(record, lang) for lang in LANGUAGES}
    return [Fault(f"publish.{'already' if draft else 'not'}_final", str(record.folder), details={"stages": stages})]


def _last(out: Path, year: int, tell: Tell) -> tuple[Record | None, int]:
    """The last edition in a folder, whole and of the same year, and its number; none and 0."""
    editions = []
    for place in out.glob(f"*/{MANIFEST}"):
        manifest = read_manifest(place.parent)
        if manifest.year != year:
            raise UnusableInput(
                [Fault("publish.other_year", str(place.parent), value=str(manifest.year), details={"year": str(year)})]
            )
        editions.append((manifest.edition, place.parent))
    if not editions:
        return None, 0
    number, folder = max(editions)
    verdict = verify(folder, tell=tell)
    spoilt = [Fault(f"publish.{flaw.kind}", str(folder / flaw.name)) for flaw in verdict.flaws]
    if verdict.signed.state == "invalid":
        spoilt.append(Fault("publish.changed", str(folder / SIGNATURE)))
    if spoilt:
        raise UnusableInput(spoilt)
    return read_record(folder), number


def _same(last: Record, record: Record) -> bool:
    """True if two records have the same files, so that there is nothing to publish."""
    names = [
        *RESULTS,
        *(f"{RECORD}/{path.name}" for path in (last.folder / RECORD).iterdir() if path.name != OBSOLETE_DIGESTS),
    ]
    pairs = [(last.folder / name, record.folder / name) for name in names]
    return all(a.is_file() == b.is_file() and (not a.is_file() or a.read_bytes() == b.read_bytes()) for a, b in pairs)


@contextmanager
def _archive(out: Path, name: str) -> Iterator[Callable[[Path], None]]:
    """A function that packs an edition's folder; the zip and its seal are put in place at the end, when both are whole."""
    archive = out / f"{name}.zip"
    with replacing(seal_of(archive)) as seal, replacing(archive) as packed:

        def pack(folder: Path) -> None:
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            write_archive(packed, [(f"{name}/{path.relative_to(folder).as_posix()}", path) for path in files])
            write_text(seal, f"{file_digest(packed)}  {name}.zip\n")

        yield pack


def _not_good(verdict: Verdict, run: Path) -> list[Fault]:
    wrong = [Fault("publish.results", name) for name in verdict.results]
    wrong += [Fault("publish.input", name) for name in verdict.files]
    return wrong or [Fault("publish.unsound", str(run), value=json.dumps([flaw.name for flaw in verdict.flaws]))]
