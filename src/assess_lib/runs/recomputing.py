"""A recorded year computed anew from the data, by the rules and the judgements of its record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assess_lib.api import load_data
from assess_lib.assessment_cache import Years
from assess_lib.ledger.entries import AnyRecord
from assess_lib.ledger.state import ReviewState
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.progress import Tell, silent
from assess_lib.records.input_digests import RowChange, changed_rows, kept_digests
from assess_lib.records.record import Record, public_names, write_record
from assess_lib.resources import data_folder
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.fingerprints import current_program, files_read
from assess_lib.scoring.assessment import Assessment, assess
from assess_lib.tables.read_year import ReadYears


@dataclass(frozen=True)
class Recomputation:
    """The inputs of a recomputation that differ from those of the record.

    Attributes
    ----------
    files : input files that differ, by their name in the data folder; ``rows`` the rows that differ, None where the data
        folder has no digests of those that were recorded.
    ledger_lost : whether entries of the record are not in the ledger any more; ``later`` how many were made since,
        which do not count.
    other_program : whether another program, other packages or other parameters recomputed.
    """

    files: list[str]
    rows: list[RowChange] | None
    ledger_lost: bool
    later: int
    other_program: bool


def recompute(published: Record, data: str | Path, out: Path, tell: Tell = silent) -> Recomputation:
    """Compute the year of a record anew, and write its results and record into a folder.

    Parameters: ``data`` the data folder; ``tell`` how far it is. Raises UnusableInput when the data cannot be used, OSError.
    """
    year, then = published.year, published.provenance
    entries, _ = Ledger(ledger_path(data_folder(data))).readable()  # those that are lost are told with the rest
    known = entries[: then.ledger.entries]
    found = len(known), known[-1].digest if known else ""
    read = ReadYears(data_folder(data), tell=tell)
    now = _assessment(published.rubric, read, year, known, tell)
    before = _assessment(published.rubric_before, read, year - 1, known, tell) if published.rubric_before else None
    years, program = (now, before), current_program()
    recorded = kept_digests(data_folder(data), then.data.fingerprint, then.data.before)
    tell("results")
    write_record(out, years, program, files_read(years), data_folder(data))
    return Recomputation(
        _changed_files(_of_years(then.data.files, years), years),
        None
        if recorded is None
        else [row for each in years if each is not None for row in changed_rows(recorded, each.data)],
        found != (then.ledger.entries, then.ledger.digest),
        len(entries) - len(known),
        (then.code, then.packages, then.parameters_digest)
        != (program.code, program.packages, program.parameters_digest),
    )


def _assessment(rubric: Rubric, read: ReadYears, year: int, entries: list[AnyRecord], tell: Tell) -> Assessment:
    tables = load_data(read.folder, year, rubric, years=read)
    tell("assess")
    return assess(rubric, tables, ReviewState(entries, year) if entries else None)


def _of_years(files: dict[str, str], years: Years) -> dict[str, str]:
    """The files of the years that were assessed: records of earlier versions also name those of a year that was not."""
    assessed = {str(each.year) for each in years if each is not None}
    return {name: digest for name, digest in files.items() if name.split("/")[0] in assessed}


def _changed_files(then: dict[str, str], years: Years) -> list[str]:
    """The files that differ, by their real name where the data folder has them."""
    now = files_read(years)
    real = {
        f"{each.year}/{public}": f"{each.year}/{name}"
        for each in years
        if each is not None
        for name, public in public_names(each.data.files).items()
    }
    return sorted(real.get(name, name) for name in {*then, *now} if then.get(name) != now.get(name))
