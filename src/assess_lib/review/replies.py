"""Replies of teams and units: forms go out, filled-in forms come back into the ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assess_lib.faults import Fault, UnusableInput
from assess_lib.pages.documents.reply_form import COLUMNS, LONGEST_DOCUMENT, LONGEST_WORDS, write_reply_form
from assess_lib.review.acts import ReviewSession, open_review
from assess_lib.review.returned_files import FileOutcome, in_file
from assess_lib.scorecard.overview import unknown_team
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.tables.reading.bounded import read_apart
from assess_lib.tables.reading.grid import SheetGrid
from assess_lib.tables.reading.workbooks import read_workbook
from assess_lib.words import LANGUAGES, translate

_HEAD_ROWS = 40  # within which the heading of the table is looked for


@dataclass(frozen=True)
class Reply:
    """A filled-in form: its sender, and its objections as (indicator, words, document)."""

    team: str
    year: str
    form: str
    by: str
    objections: tuple[tuple[str, str, str], ...]


def write_forms(
    data: str | Path,
    year: int,
    out: str | Path,
    rubric: str | Path | None = None,
    teams: Sequence[str] | None = None,
    lang: str = "zh",
) -> list[Path]:
    """Write the form of every team, or of some, into a folder. Raises UnusableInput, OSError."""
    review = open_review(data, year, rubric)
    every = review.result.scores.index
    if faults := [fault for team in teams or () if (fault := unknown_team(team, every))]:
        raise UnusableInput(faults)
    folder = Path(out)
    return [
        write_reply_form(Scorecard(review.result, review.before, team, lang), folder / f"{team}.xlsx")
        for team in teams or every
    ]


def read_reply(path: str | Path) -> Reply:
    """The content of a filled-in form. Raises UnusableInput when it is none, or lacks team, year or sender."""
    path = Path(path)
    if not path.is_file():
        raise UnusableInput([Fault("reply.no_file", str(path))])
    return read_apart(_read_reply, path)


def _read_reply(path: Path) -> Reply:
    """What a form says. Runs in a process of its own."""
    read = read_workbook(path, lambda name: name)
    heads = {lang: [translate(f"pages.reply.{column}", lang) for column in COLUMNS] for lang in LANGUAGES}
    for grid in read.grids:
        if not isinstance(grid, SheetGrid):
            continue
        rows = [[_text(cell) for cell in row] for row in grid.rows]
        for number, row in enumerate(rows[:_HEAD_ROWS]):
            lang = next((lang for lang, head in heads.items() if row[: len(head)] == head), None)
            if lang:
                return _reply(path, rows, number, lang)
    raise UnusableInput([Fault("reply.no_form", str(path))])


def _reply(path: Path, rows: list[list[str]], heading: int, lang: str) -> Reply:
    labels = {translate(f"pages.reply.{word}", lang): word for word in ("team", "year", "form", "from")}
    given = {labels[row[0]]: row[1] for row in rows[:heading] if len(row) > 1 and row[0] in labels}
    faults, objections = [], []
    for number, row in enumerate(rows[heading + 1 :], start=heading + 2):
        cells = dict(zip(COLUMNS, [*row, *[""] * len(COLUMNS)]))
        words, document, place = cells["objection"], cells["document"], f"G{number}"
        if document and not words:
            faults.append(Fault("reply.document_alone", str(path), f"H{number}", document))
        if len(words) > LONGEST_WORDS or len(document) > LONGEST_DOCUMENT:
            faults.append(Fault("reply.too_long", str(path), place, words[:40]))
        if words and not cells["id"]:
            faults.append(Fault("reply.no_indicator", str(path), f"A{number}", words))
        if words:
            objections.append((cells["id"], words, document))
    for word, key in (("team", "reply.no_team"), ("year", "reply.no_year"), ("from", "reply.nobody")):
        if not given.get(word):
            faults.append(Fault(key, str(path)))
    if not objections and not faults:
        faults.append(Fault("reply.empty", str(path)))
    if faults:
        raise UnusableInput(faults)
    return Reply(given["team"], given["year"], given.get("form", ""), given["from"], tuple(objections))


def record_reply(review: ReviewSession, path: str | Path, name: str = "") -> FileOutcome:
    """Put the objections of one form on record; an objection that is already there is not recorded again.

    Parameters: ``name`` of the file as its sender called it. Raises UnusableInput.
    """
    try:
        reply = read_reply(path)
        if reply.year != str(review.year):
            raise UnusableInput([Fault("reply.other_year", value=reply.year, details={"year": review.year})])
        made = [
            review.objection(reply.team, indicator, reply.by, words, document, reply.form)
            for indicator, words, document in reply.objections
        ]
    except UnusableInput as unusable:
        raise in_file(unusable.faults, name or path) from None
    known = {
        (d.record.entry.team, d.record.entry.indicator, d.record.entry.words) for d in review.review_state.disputes
    }
    new = [entry for entry in made if (entry.team, entry.indicator, entry.words) not in known]
    if new:
        review.record_all(new)
    return FileOutcome(reply.team, len(new), len(made) - len(new))


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFC", str(cell)).strip()
