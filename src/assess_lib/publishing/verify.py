"""Is a published edition whole, is it signed, and do the data give the same results?"""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from assess_lib.api import load_data
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.state import ReviewState
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.publishing.manifest import NAME, Flaw, flaws, read_manifest
from assess_lib.publishing.signing import Signed, check_signature
from assess_lib.records import record as records
from assess_lib.records.difference import Difference, difference
from assess_lib.records.input_digests import RowChange, changed_rows
from assess_lib.records.record import Record, file_digest, input_files, read_record, shown_name, write_record
from assess_lib.resources import data_folder
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.fingerprints import about_inputs, about_program
from assess_lib.runs.job_log import NAME as RUN
from assess_lib.runs.job_log import not_whole
from assess_lib.scoring.assessment import Assessment, assess


@dataclass
class Verdict:
    """What was found of an edition.

    Attributes
    ----------
    count : how many files it has. flaws : those that are not as published. signed : its signature.
    recomputed : whether the data were given; the rest then says what is not as published.
    files : input files that differ; ``rows`` rows that differ; ``results`` result files whose bytes differ.
    difference : the teams that come out otherwise, None where all files are the same. ledger : what is wrong with the review
    ledger, blank if nothing; ``later`` entries made since, which do not count. program : whether another program recomputed.
    """

    folder: Path
    year: int
    edition: int
    count: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    signed: Signed = Signed("none")
    recomputed: bool = False
    files: list[str] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    difference: Difference | None = None
    ledger: str = ""
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
        """Whether everything that was asked holds."""
        return self.whole and not (self.files or self.rows or self.results or self.ledger)


def verify(folder: str | Path, data: str | Path | None = None, key: Path | None = None) -> Verdict:
    """Check an edition: its files and signature, and with ``data`` its results, byte for byte.

    Parameters: ``folder`` of an edition, or its zip, or of a run, of which only the pages that it made are checked;
    ``key`` the public key of the office.
    Raises UnusableInput when it is no edition, or the data cannot be used.
    """
    folder = Path(folder)
    if folder.is_file() and zipfile.is_zipfile(folder):
        return _of_zip(folder, data, key)
    if (folder / RUN).is_file() and not (folder / NAME).is_file():
        return _of_run(folder, data)
    told = read_manifest(folder)
    found = flaws(folder, told) + _flaws_of_zip(folder)
    verdict = Verdict(folder, told["year"], told["edition"], len(told["files"]), found, check_signature(folder, key))
    if data is not None:
        try:
            _recompute(verdict, read_record(folder), data)
        except UnusableInput as unusable:
            if not found or {fault.key for fault in unusable.faults} != {"record.broken"}:
                raise
            verdict.recomputed = False  # the record itself was altered, which is told; there is nothing to compare with
    return verdict


def editions_in(folder: str | Path) -> list[Path]:
    """The editions in a folder: itself, a zip, a run, or those below it, in order. Raises UnusableInput when there are none."""
    folder = Path(folder)
    if folder.is_file() or (folder / NAME).is_file() or (folder / RUN).is_file():
        return [folder]
    found = sorted((path.parent for path in folder.glob(f"*/{NAME}")), key=lambda path: (len(path.name), path.name))
    if not found:
        raise UnusableInput([Fault("publish.no_edition", str(folder))])
    return found


def seal_of(archive: Path) -> Path:
    """Where the digest of a zip stands."""
    return archive.with_name(f"{archive.name}.sha256")


def _flaws_of_zip(folder: Path) -> list[Flaw]:
    """What is wrong with the zip beside an edition; nothing where neither it nor its seal is there, as on a USB stick."""
    archive = folder.with_name(f"{folder.name}.zip")
    there = [path.is_file() for path in (archive, seal_of(archive))]
    if not any(there):
        return []
    if not all(there):
        return [
            Flaw("missing", f"../{path.name}")
            for path, is_there in zip((archive, seal_of(archive)), there)
            if not is_there
        ]
    return [] if sealed(archive) else [Flaw("changed", f"../{archive.name}")]


def sealed(archive: Path) -> bool:
    """Whether a zip has the digest that stands beside it."""
    try:
        return seal_of(archive).read_text(encoding="utf-8") == f"{file_digest(archive)}  {archive.name}\n"
    except (OSError, ValueError):
        return False


def _of_run(folder: Path, data: str | Path | None) -> Verdict:
    """A run that is not published yet: its pages, and with data its results."""
    record = read_record(folder)
    teams = record.scores.index
    wrong = [Flaw("changed", Path(fault.file).relative_to(folder).as_posix()) for fault in not_whole(folder, teams)]
    verdict = Verdict(folder, record.year, 0, len(teams) + 1, wrong)
    if data is not None:
        _recompute(verdict, record, data)
    return verdict


def _of_zip(archive: Path, data, key) -> Verdict:
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(place)  # names that lead out of the place are kept inside it
        except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
            raise UnusableInput([Fault("publish.zip", str(archive), details={"why": str(error)})]) from None
        verdict = verify(editions_in(place)[0], data, key)
    verdict.folder = archive
    if seal_of(archive).is_file() and not sealed(archive):
        verdict.flaws.append(Flaw("changed", archive.name))
    return verdict


def _recompute(verdict: Verdict, published: Record, data: str | Path) -> None:
    """Compute the year anew from the data by the published rules and ledger, and compare."""
    verdict.recomputed, year = True, published.year
    review_state, verdict.ledger, verdict.later = _standing(published, data)
    now = _assessed(published.rubric, data, year, review_state and ReviewState(review_state, year))
    before = None
    if published.rubric_before is not None:
        before = _assessed(
            published.rubric_before, data, year - 1, review_state and ReviewState(review_state, year - 1)
        )
    about = about_program() | {"files": about_inputs(data, year)}
    then = published.about["data"]["files"]
    differ = {name for name in {*then, *about["files"]} if then.get(name) != about["files"].get(name)}
    named = {
        f"{one}/{shown_name(name)}": f"{one}/{name}"
        for one in (year - 1, year)
        for name, _ in input_files(data_folder(data) / str(one))
    }
    verdict.files = sorted(named.get(name, name) for name in differ)
    verdict.rows = [
        row for each in (now, before) if each is not None for row in changed_rows(published.inputs, each.data)
    ]
    verdict.program = any(published.about[name] != about[name] for name in ("code", "packages", "calendar"))
    with tempfile.TemporaryDirectory() as place:
        write_record(place, (now, before), about)
        verdict.results = [
            name for name in _compared(published.folder, Path(place)) if _differs(published.folder, Path(place), name)
        ]
        if verdict.results:
            verdict.difference = difference(published, read_record(place))


def _assessed(rubric: Rubric, data: str | Path, year: int, review_state: ReviewState | None) -> Assessment:
    return assess(rubric, load_data(data, year, rubric), review_state)


def _standing(published: Record, data: str | Path):
    """The entries that were there when it was published, what is wrong with them, and how many came since."""
    then = published.about["ledger"]
    entries = Ledger(ledger_path(data_folder(data))).entries()
    known = entries[: then["entries"]]
    wrong = "" if len(known) == then["entries"] and (not known or known[-1].digest == then["digest"]) else "ledger"
    return known or None, wrong, len(entries) - len(known)


def _compared(published: Path, anew: Path) -> list[str]:
    """The result files, those of the record too; ``record.json`` and the digests of inputs are compared by what they say."""
    said = {f"{records.FOLDER}/{name}" for name in (records.ABOUT, records.INPUTS, "pages.json")}
    places = {
        path.relative_to(home).as_posix()
        for home in (published, anew)
        for path in (*(home / name for name in records.RESULTS), *(home / records.FOLDER).glob("*"))
        if path.is_file()
    }
    return sorted(places - said)


def _differs(published: Path, anew: Path, name: str) -> bool:
    pair = [home / name for home in (published, anew)]
    return not all(path.is_file() for path in pair) or pair[0].read_bytes() != pair[1].read_bytes()
