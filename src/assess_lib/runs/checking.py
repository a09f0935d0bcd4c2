"""The check of a year's folder from the outside: a report, the rows set aside, pages to send back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assess_lib.api import check_data, load_rubric
from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.pages.documents.check_page import BOOK, PAGE, check_page, write_book
from assess_lib.progress import Tell, silent
from assess_lib.resources import data_folder
from assess_lib.runs.national.country import check_partitions
from assess_lib.tables.checks.report import Report
from assess_lib.tables.quarantine import keep_aside
from assess_lib.tables.read_year import ReadYears
from assess_lib.tables.year_files import is_partitioned


@dataclass(frozen=True)
class FolderChecked:
    """The outcome of a check.

    ``fingerprint`` of the data, blank where they cannot be used, ``–`` where they stand county by county;
    ``quarantine`` the file of the rows that were set aside, None for none.
    """

    report: Report
    fingerprint: str = ""
    quarantine: Path | None = None


def check_folder(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    jobs: int | None = None,
    lang: str = "zh",
    progress: Callable[[int], None] | None = None,
    tell: Tell = silent,
) -> FolderChecked:
    """Check the tables of a year, and keep the rows that have an error beside the data.

    Parameters: as for ``score_partitions``; ``tell`` how far it is. Raises UnusableInput for a rubric that cannot be used, OSError when
    rows that are set aside cannot be kept.
    """
    rules, home = load_rubric(rubric, year), data_folder(data)
    broken, told_of_ledger = _ledger_faults(home)
    if is_partitioned(home, year):
        try:
            teams, told = check_partitions(data, year, rubric, jobs, progress)
        except UnusableInput as unusable:
            return FolderChecked(Report(str(home), year, [*told_of_ledger, *unusable.faults], False))
        return FolderChecked(Report(str(home), year, [*told_of_ledger, *told], not broken, teams), "–")
    with ReadYears(home, tell=tell) as years:
        checked = check_data(data, year, rules, years)
    tables = checked.data
    teams = 0 if tables is None else len(tables.team_ids)
    counts = teams, checked.rows_set_aside, checked.unowned
    usable = tables is not None and not broken
    names = {} if tables is None else tables.teams()["name"].dropna().to_dict()
    report = Report(str(home), year, [*told_of_ledger, *checked.faults], usable, *counts, checked.receipt(), names)
    if tables is None:
        return FolderChecked(report)
    return FolderChecked(report, tables.fingerprint, keep_aside(home, year, checked, lang))


def _ledger_faults(home: Path) -> tuple[bool, list[Fault]]:
    """Whether the ledger of a data folder keeps the year from being scored, and what is told of it."""
    try:
        return False, Ledger(ledger_path(home)).warnings()
    except UnusableInput as unusable:
        return True, unusable.faults


def write_report(out: str | Path, report: Report, lang: str) -> tuple[Path, Path]:
    """Write ``check.html`` and ``check.xlsx`` into a folder. Raises OSError."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    return write_text(folder / PAGE, check_page(report, lang)), write_book(folder / BOOK, report, lang)
