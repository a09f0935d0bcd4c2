"""The check of a published edition: its files, its signature, and the results that the data give."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from assess_lib.archives import unpack_archive
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import STAGES
from assess_lib.prepared import prepared_folder
from assess_lib.progress import Tell, silent
from assess_lib.publishing.manifest import CHANGED, MISSING, NAME, STAGE, Flaw, Manifest, flaws, read_manifest
from assess_lib.publishing.signing import Signed, check_signature
from assess_lib.records.difference import Difference, difference
from assess_lib.records.input_digests import RowChange
from assess_lib.records.record import ABOUT, OBSOLETE_DIGESTS, RESULTS, TERMS, Record, read_record
from assess_lib.records.record import FOLDER as RECORD
from assess_lib.resources import data_folder
from assess_lib.runs.job_log import LOG, not_whole
from assess_lib.runs.recomputing import recompute
from assess_lib.tables.input_files import file_digest


@dataclass
class Verdict:
    """The outcome of a check.

    Attributes
    ----------
    draft : whether it was published as a draft. count : how many files the edition has. flaws : those that are not as published. signed : its signature.
    recomputed : whether data were given; the rest then lists differences from what was published.
    files : input files that differ; ``rows`` rows that differ, None where the data folder has no digests of the published
        ones; ``results`` result files whose bytes differ.
    difference : the teams that come out otherwise, None where all files are the same.
    ledger : whether entries are not in the review ledger any more; ``later`` how many were made since, which do not
        count.
    program : whether another program recomputed.
    """

    folder: Path
    year: int
    edition: int
    draft: bool = False
    count: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    signed: Signed = Signed("none")
    recomputed: bool = False
    files: list[str] = field(default_factory=list)
    rows: list[RowChange] | None = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    difference: Difference | None = None
    ledger: bool = False
    later: int = 0
    program: bool = False

    @property
    def whole(self) -> bool:
        return (
            not self.flaws
            and self.signed.state != "invalid"
            and not (self.signed.trusted and self.signed.state == "none")
        )

    @property
    def good(self) -> bool:
        """True if everything that was checked holds."""
        return self.whole and not (self.files or self.rows or self.results or self.ledger)


def verify(folder: str | Path, data: str | Path | None = None, key: Path | None = None, tell: Tell = silent) -> Verdict:
    """Check an edition: its files and signature, and with ``data`` its results, byte for byte.

    Parameters: ``folder`` of an edition, or its zip, or of a run, of which only the pages that it made are checked;
    ``key`` the public key of the office; ``tell`` how far it is.
    Raises UnusableInput when it is no edition, or the data cannot be used.
    """
    folder = Path(folder)
    if folder.is_file() and zipfile.is_zipfile(folder):
        return _of_zip(folder, data, key, tell)
    if (folder / LOG).is_file() and not (folder / NAME).is_file():
        return _of_run(folder, data, tell)
    manifest = read_manifest(folder)
    differing = flaws(folder, manifest, tell) + _flaws_of_zip(folder)
    signed = check_signature(folder, key)
    draft, contradicted = _draft(folder, manifest)
    verdict = Verdict(
        folder, manifest.year, manifest.edition, draft, len(manifest.files), [*differing, *contradicted], signed
    )
    if data is not None:
        try:
            _recompute(verdict, read_record(folder), data, tell)
        except UnusableInput as unusable:
            if not differing or {fault.key for fault in unusable.faults} != {"record.broken"}:
                raise
            verdict.recomputed = False  # the record was altered, as the flaws say: nothing to compare with
    return verdict


def _draft(folder: Path, manifest: Manifest) -> tuple[bool, list[Flaw]]:
    """Whether an edition is a draft by the stage on its record, and a flaw where its manifest says otherwise.

    An edition from before there were drafts says nothing and is none. Where the record cannot be read, which is a flaw, the
    manifest counts.
    """
    if "draft" not in manifest.model_fields_set:
        return False, []
    try:
        draft = read_record(folder).stage != STAGES[-1]
    except UnusableInput:
        return manifest.draft, []
    return draft, [Flaw(STAGE, NAME)] if manifest.draft != draft else []


def editions_in(folder: str | Path) -> list[Path]:
    """The editions at a path, in order: the folder itself, a zip, a run, or those below it.

    Raises UnusableInput when there are none.
    """
    folder = Path(folder)
    if folder.is_file() or (folder / NAME).is_file() or (folder / LOG).is_file():
        return [folder]
    editions = sorted((path.parent for path in folder.glob(f"*/{NAME}")), key=lambda path: (len(path.name), path.name))
    if not editions:
        raise UnusableInput([Fault("publish.no_edition", str(folder))])
    return editions


def seal_of(archive: Path) -> Path:
    """The file beside a zip that holds its digest."""
    return archive.with_name(f"{archive.name}.sha256")


def _flaws_of_zip(folder: Path) -> list[Flaw]:
    """The flaws of the zip beside an edition; nothing where neither it nor its seal is there, as on a USB stick."""
    archive = folder.with_name(f"{folder.name}.zip")
    missing = [path for path in (archive, seal_of(archive)) if not path.is_file()]
    if len(missing) == 1:
        return [Flaw(MISSING, f"../{missing[0].name}")]
    return [] if missing or sealed(archive) else [Flaw(CHANGED, f"../{archive.name}")]


def sealed(archive: Path) -> bool:
    """True if a zip has the digest that stands beside it."""
    try:
        return seal_of(archive).read_text(encoding="utf-8") == f"{file_digest(archive)}  {archive.name}\n"
    except (OSError, ValueError):
        return False


def _of_run(folder: Path, data: str | Path | None, tell: Tell) -> Verdict:
    """The check of a run that is not published yet: its pages, and with data its results."""
    record = read_record(folder)
    teams = record.scores.index
    wrong = [Flaw(CHANGED, Path(fault.file).relative_to(folder).as_posix()) for fault in not_whole(folder, teams)]
    verdict = Verdict(folder, record.year, 0, count=len(teams) + 1, flaws=wrong)
    if data is not None:
        _recompute(verdict, record, data, tell)
    return verdict


def _of_zip(archive: Path, data: str | Path | None, key: Path | None, tell: Tell) -> Verdict:
    tell("unpack")
    with tempfile.TemporaryDirectory() as place:
        try:
            unpack_archive(archive, Path(place))
        except (OSError, zipfile.BadZipFile) as error:
            raise UnusableInput([Fault("publish.zip", str(archive), details={"why": str(error)})]) from None
        verdict = verify(editions_in(place)[0], data, key, tell)
    verdict.folder = archive
    if seal_of(archive).is_file() and not sealed(archive):
        verdict.flaws.append(Flaw(CHANGED, archive.name))
    return verdict


def _recompute(verdict: Verdict, published: Record, data: str | Path, tell: Tell) -> None:
    """Compute the year anew from the data by the published rules and ledger, and compare."""
    verdict.recomputed = True
    with prepared_folder(data_folder(data)) as place:
        anew = recompute(published, data, place, tell)
        verdict.files, verdict.rows, verdict.program = anew.files, anew.rows, anew.other_program
        verdict.ledger, verdict.later = anew.ledger_lost, anew.later
        verdict.results = [
            name for name in _compared(published.folder, place) if _differs(published.folder, place, name)
        ]
        if verdict.results:
            verdict.difference = difference(published, read_record(place), data_folder(data))


def _compared(published: Path, anew: Path) -> list[str]:
    """The result files, those of the record too; ``record.json`` is compared by what it says."""
    said = {f"{RECORD}/{name}" for name in (ABOUT, OBSOLETE_DIGESTS, "pages.json")}
    if not (published / RECORD / TERMS).is_file():
        said.add(f"{RECORD}/{TERMS}")  # of an edition from before there were any
    places = {
        path.relative_to(home).as_posix()
        for home in (published, anew)
        for path in (*(home / name for name in RESULTS), *(home / RECORD).glob("*"))
        if path.is_file()
    }
    return sorted(places - said)


def _differs(published: Path, anew: Path, name: str) -> bool:
    pair = [home / name for home in (published, anew)]
    return not all(path.is_file() for path in pair) or pair[0].read_bytes() != pair[1].read_bytes()
