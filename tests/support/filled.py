"""Templates that somebody has filled in."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from assess_lib.tables.parsing import parse
from assess_lib.tables.reading.headings import column_of, table_of
from assess_lib.tables.schemas import SCHEMAS


def fill(template: Path, tables: dict[str, pd.DataFrame], saved: Path) -> Path:
    """Type the rows of tables into a template, as a person would, and save it."""
    book = openpyxl.load_workbook(template)
    for sheet in book.worksheets:
        name = table_of(sheet.title)
        if name not in tables:
            continue
        columns = [column_of(name, str(cell.value))[0] for cell in sheet[1]]
        for row, line in enumerate(tables[name].to_dict("records"), start=2):
            for place, column in enumerate(columns, start=1):
                value = line.get(column)
                if value is None or pd.isna(value) or value == "":
                    continue
                sheet.cell(row, place).value = _typed(name, column, value)
    book.save(saved)
    return saved


def _typed(table: str, column: str, value):
    about = SCHEMAS[table].columns[column].metadata
    value = parse(pd.Series([value], dtype=object), about["kind"])[0].iloc[0]
    if about["kind"] == "code":
        return about["codes"][value][0]
    if about["kind"] == "yes_no":
        return "是" if value else "否"
    if about["kind"] == "date":
        return datetime.datetime(value.year, value.month, value.day)
    return int(value) if about["kind"] == "whole" else value
