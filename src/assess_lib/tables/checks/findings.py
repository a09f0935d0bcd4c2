"""Where checks put what they find: faults to be told, and the rows that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.faults import ERROR, NOTE, Fault
from assess_lib.tables.masking import mask, scrubbed
from assess_lib.tables.parsing import as_text
from assess_lib.tables.raw import RawTable, place_of
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_files import PARQUET
from assess_lib.words import LANGUAGES

TOLD = 500  # faults of one kind in one column of a file, in words; the rows of the others are set aside all the same


class Findings:
    """The faults of some tables, and by table the rows that cannot be used and those that repeat another.

    Attributes
    ----------
    faults : in the order in which they were found.
    unusable : by table, which rows have an error, shape (rows,).
    repeated : by table, which rows say once more what another says.
    """

    def __init__(self, raw: dict[str, RawTable], faults: Iterable[Fault] = ()):
        self.raw, self.faults = raw, list(faults)
        self.unusable = {name: np.zeros(len(table.cells), dtype=bool) for name, table in raw.items()}
        self.repeated = {name: np.zeros(len(table.cells), dtype=bool) for name, table in raw.items()}

    def rows(
        self,
        table: str,
        which: pd.Series | np.ndarray,
        column: str,
        key: str,
        severity: str = ERROR,
        /,
        more: Callable[[int], dict] | None = None,
        value: Callable[[int], str] | None = None,
        **details,
    ) -> None:
        """Tell what is wrong with a column of some rows.

        Parameters
        ----------
        table, column : where; ``column`` may be one that the files do not have.
        which : True for the rows, shape (rows,).
        key, severity, details : of the fault.
        more, value : what a row's fault is worded with, and shows, beside the cell as it was written.
        """
        found = np.flatnonzero(np.asarray(which, dtype=bool))
        if not len(found):
            return
        if severity == ERROR:
            self.unusable[table][found] = True
        raw = self.raw[table]
        for mine in raw.by_piece(found):
            told = mine[:TOLD]
            written = as_text(raw.cells[column].iloc[told]) if column in raw.cells else [""] * len(told)
            for row, text in zip(told, written):
                location = raw.location(int(row), column)
                shown = scrubbed(value(int(row))) if value else _shown(table, column, text)
                filled = details | (more(int(row)) if more else {})
                file = raw.piece_of(int(row)).file
                self.faults.append(Fault(key, file, place_of(location), shown, filled, severity, location))
            if len(mine) > len(told):
                last = self.faults[-1]
                location = replace(last.location, row=0, cell="", index=-1)
                about = {"count": len(mine) - len(told)}
                self.faults.append(Fault("tables.more_alike", last.file, last.place, "", about, NOTE, location))

    def whole(self, key: str, file: str, place: str = "", value: str = "", **details) -> None:
        """Tell what is wrong with a file or table as a whole."""
        self.faults.append(Fault(key, file, place, value, details))


def told_place(raw: RawTable, row: int) -> dict[str, str]:
    """Where a row stands, in words of every language, for another row to refer to."""
    location, path = raw.location(row), Path(raw.piece_of(row).file)
    name = "/".join(path.parts[-3:]) if path.suffix == PARQUET else path.name  # those are all called alike
    at = Fault("", place=place_of(location), location=location)
    return {lang: f"{name} {at.where(lang)}" for lang in LANGUAGES}


def _shown(table: str, column: str, text: str) -> str:
    """What a cell holds as it may be told."""
    spec = SCHEMAS[table].columns.get(column)
    about = spec.metadata if spec is not None else {}
    if personal := about.get("personal"):
        return mask(text, personal)
    return scrubbed(text, prose=about.get("kind") == "text" and not about.get("identifier"))
