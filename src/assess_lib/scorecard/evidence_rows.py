"""The evidence behind an indicator of one team: counts, and the rows that failed it, masked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.measurement import Measurement
from assess_lib.tables.masking import mask
from assess_lib.tables.schemas import SCHEMAS, code_words
from assess_lib.words import catalogue, translate

SHOWN_ROWS = 12


@dataclass(frozen=True)
class Evidence:
    """Counts of rows, and the rows that failed as text: ``columns`` and ``rows`` of cells."""

    rows_counted: int
    rows_met: int
    rows_failed: int
    rows_blank: int
    columns: list[str]
    rows: list[list[str]]
    marks: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many failed rows are not shown."""
        return self.rows_failed + self.rows_blank - len(self.rows)


def evidence_for(
    found: Measurement, team_id: str, lang: str, most: int = SHOWN_ROWS, all_rows: bool = False
) -> Evidence:
    """The evidence of a team; failed rows first, then those where nothing was recorded.

    Parameters: ``most`` how many rows are shown; ``all_rows`` those that are met too, last. ``marks`` says of each row
    whether it is ``failed``, ``blank`` or ``met``.
    """
    met, failed, blank = found.places_of(team_id)
    shown = found.filled_columns(team_id)
    homes = {column: _home(column, found.table) for column in shown}
    every = {"failed": failed, "blank": blank, **({"met": met} if all_rows else {})}
    listed = np.concatenate(list(every.values()))[:most]
    marks = [mark for mark, rows in every.items() for _ in rows][:most]
    columns = [[_cell(value, name, homes[name], lang) for value in found.evidence[name].iloc[listed]] for name in shown]
    return Evidence(
        len(met) + len(failed) + len(blank),
        len(met),
        len(failed),
        len(blank),
        [_label(name, homes[name], lang) for name in shown],
        [list(row) for row in zip(*columns)],
        tuple(marks),
    )


def _home(column: str, table: str) -> str:
    """The table whose schema describes a column; empty for a computed one."""
    if column in SCHEMAS[table].columns:
        return table
    return (
        next((name for name, schema in SCHEMAS.items() if column in schema.columns), "") if not _worded(column) else ""
    )


def _worded(column: str) -> bool:
    return f"pages.column.{column}" in catalogue()


def _label(column: str, table: str, lang: str) -> str:
    return SCHEMAS[table].columns[column].metadata[lang] if table else translate(f"pages.column.{column}", lang)


def _cell(value, column: str, table: str, lang: str) -> str:
    metadata = SCHEMAS[table].columns[column].metadata if table else {}
    if column == "document":
        return SCHEMAS["exit_plans"].columns[value].metadata[lang]
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if metadata.get("personal"):
        return mask(value, metadata["personal"])
    if metadata.get("kind") == "code":
        return code_words(table, column, lang).get(value, str(value))
    if isinstance(value, (pd.Timestamp,)):
        return value.date().isoformat()
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return translate("pages.yes" if bool(value) else "pages.no", lang)
    if isinstance(value, float):
        return decimal_text(exact(round(value, 4)))
    return str(value)
