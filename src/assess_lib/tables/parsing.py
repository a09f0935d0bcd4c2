"""Cells as they were written to values of the column's kind; what cannot be read is told."""

from __future__ import annotations

import datetime

import pandas as pd

from assess_lib.tables.columns import DATE_DTYPE

_TRUE = {"true", "1", "yes", "是", "1.0"}
_FALSE = {"false", "0", "no", "否", "0.0"}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?"
_WHOLE = r"[+-]?\d+(?:\.0+)?"
_DATE = r"\d{4}-\d{2}-\d{2}(?:[ T]00:00:00(?:\.0+)?)?"


def parse(cells: pd.Series, kind: str) -> tuple[pd.Series, pd.Series]:
    """Values of a kind and which cells could not be read as it.

    Parameters: ``cells`` as read from a file, shape (rows,); ``kind`` of the column
    (text, code, number, whole, yes_no, date). Returns (values, mask of unreadable cells).
    """
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells.dt.tz_localize(None).astype(DATE_DTYPE).dt.normalize(), _none(cells)
    if kind == "yes_no" and pd.api.types.is_bool_dtype(cells.dtype) and cells.dtype != object:
        return cells.astype("boolean"), _none(cells)
    if kind == "whole" and pd.api.types.is_integer_dtype(cells.dtype):
        return cells.astype("Int64"), _none(cells)
    if kind == "number" and pd.api.types.is_float_dtype(cells.dtype):
        return cells.astype("float64"), cells.isin([float("inf"), float("-inf")])
    written = as_text(cells)
    blank = written == ""
    if kind in ("text", "code"):
        return written.mask(blank, None).astype("str"), _none(cells)
    if kind == "yes_no":
        low = written.str.lower()
        values = pd.Series(pd.NA, index=cells.index, dtype="boolean")
        values[low.isin(_TRUE)] = True
        values[low.isin(_FALSE)] = False
        return values, values.isna() & ~blank
    if kind == "date":
        readable = written.str.fullmatch(_DATE)
        values = pd.to_datetime(written.where(readable).str[:10], format="%Y-%m-%d", errors="coerce")
        return values.astype(DATE_DTYPE), values.isna() & ~blank
    readable = written.str.fullmatch(_WHOLE if kind == "whole" else _NUMBER)
    values = pd.to_numeric(written.where(readable), errors="coerce").astype("float64")
    unreadable = ~readable & ~blank
    return (values.astype("Int64") if kind == "whole" else values), unreadable


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as text, trimmed; whole floats without their ``.0``, blanks as empty text."""
    if not pd.api.types.is_string_dtype(cells.dtype) or cells.dtype == object:
        cells = cells.map(_cell_text, na_action=None)
    return cells.fillna("").astype("str").str.strip()


def _cell_text(cell) -> str:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return str(cell)


def _none(cells: pd.Series) -> pd.Series:
    return pd.Series(False, index=cells.index)
