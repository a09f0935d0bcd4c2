"""The evidence behind an indicator of one team: counts, and the rows that failed it, masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.measurement import Measurement
from assess_lib.tables.masking import mask
from assess_lib.tables.schemas import SCHEMAS, code_words, label
from assess_lib.words import catalogue, translate

SHOWN_ROWS = 12


@dataclass(frozen=True)
class Evidence:
    """Counts of rows, and rows as text: ``columns``, ``rows`` of cells, ``marks`` of rows (failed, blank or met)."""

    rows_counted: int
    rows_met: int
    rows_failed: int
    rows_blank: int
    columns: list[str]
    rows: list[list[str]]
    marks: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """The number of failed and blank rows that are not shown."""
        return self.rows_failed + self.rows_blank - len(self.rows)


def evidence_for(
    measurement: Measurement, team_id: str, lang: str, most: int = SHOWN_ROWS, all_rows: bool = False
) -> Evidence:
    """The evidence of a team; failed rows first, then those where nothing was recorded.

    Parameters: ``most`` rows are shown; ``all_rows`` those that are met too, last.
    """
    met, failed, blank = measurement.places_of(team_id)
    names = measurement.filled_columns(team_id)
    tables = {column: _table_of(column, measurement.table) for column in names}
    by_mark = {"failed": failed, "blank": blank, **({"met": met} if all_rows else {})}
    listed = np.concatenate(list(by_mark.values()))[:most]
    marks = [mark for mark, rows in by_mark.items() for _ in rows][:most]
    columns = [
        [_cell(value, name, tables[name], lang) for value in measurement.evidence[name].iloc[listed]] for name in names
    ]
    return Evidence(
        len(met) + len(failed) + len(blank),
        len(met),
        len(failed),
        len(blank),
        [_label(name, tables[name], lang) for name in names],
        [list(row) for row in zip(*columns)],
        tuple(marks),
    )


def _table_of(column: str, table: str) -> str:
    """The table whose schema describes a column; empty for a computed one."""
    if column in SCHEMAS[table].columns:
        return table
    if f"pages.column.{column}" in catalogue():
        return ""
    return next((name for name, schema in SCHEMAS.items() if column in schema.columns), "")


def _label(column: str, table: str, lang: str) -> str:
    if not table:
        return translate(f"pages.column.{column}", lang)
    return label(table, lang, column)


def _cell(value: Any, column: str, table: str, lang: str) -> str:
    """A cell as it may be shown: personal data masked, codes in words."""
    metadata = SCHEMAS[table].columns[column].metadata if table else {}
    if column == "document":
        return label("exit_plans", lang, value)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if metadata.get("personal"):
        return str(mask(value, metadata["personal"]))
    if metadata.get("kind") == "code":
        return str(code_words(table, column, lang).get(value, value))
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return translate("pages.yes" if bool(value) else "pages.no", lang)
    if isinstance(value, float):
        return decimal_text(exact(round(value, 4)))
    return str(value)
