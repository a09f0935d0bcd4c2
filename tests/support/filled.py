"""Templates that somebody has filled in."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from assess_lib.tables.parsing import parse
from assess_lib.tables.reading.headings import table_of
from assess_lib.tables.reading.labels import column_of
from assess_lib.tables.schemas import SCHEMAS


def fill(template: Path, tables: dict[str, pd.DataFrame], saved: Path) -> Path:
    """Type the rows of tables into a template, as a person would, and save it."""
    book = openpyxl.load_workbook(template)
    for sheet in book.worksheets:
        name = table_of(sheet.title)
        if name not in tables:
            continue
        columns = [column_of(name, str(cell.value))[0] for cell in sheet[1]]
        for place, column in enumerate(columns, start=1):
            if column in tables[name]:
                for row, value in enumerate(_typed(name, column, tables[name][column]), start=2):
                    if value is not None:
                        sheet.cell(row, place).value = value
    book.save(saved)
    return saved


def _typed(table: str, column: str, written: pd.Series) -> list:
    """The cells of a column as a person types them; None for an empty one."""
    about = SCHEMAS[table].columns[column].metadata
    blank = written.isna() | (written == "")
    values = parse(written.where(~blank, None).astype(object), about["kind"])[0]
    return [None if empty else _as_typed(value, about) for value, empty in zip(values, blank)]


def _as_typed(value, about: dict):
    if about["kind"] == "code":
        return about["codes"][value][0]
    if about["kind"] == "yes_no":
        return "是" if value else "否"
    if about["kind"] == "date":
        return datetime.datetime(value.year, value.month, value.day)
    return int(value) if about["kind"] == "whole" else value
