"""What files are spoilt with: lines of a CSV file, cells of a workbook, parts of the zip file that a workbook is."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter

Rows = list[list[str]]


def rows_of(home: Path, table: str) -> Rows:
    """The cells of a CSV table, its heading first."""
    if (parquet := home / f"{table}.parquet").exists():
        frame = pd.read_parquet(parquet).astype(str)
        parquet.unlink()
        return [list(frame.columns), *frame.to_numpy().tolist()]
    with (home / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(home: Path, table: str, rows: Rows, encoding: str = "utf-8") -> Path:
    """Write cells as a CSV table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path = home / f"{table}.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def put(home: Path, table: str, row: int, column: str, value: str) -> None:
    """Write one cell; row 1 is the first below the heading. A column that is not there is added."""
    rows = rows_of(home, table)
    if column not in rows[0]:
        rows = [[*line, column if not number else ""] for number, line in enumerate(rows)]
    rows[row][rows[0].index(column)] = value
    write_rows(home, table, rows)


def change(home: Path, table: str, how: Callable[[Rows], Rows | None]) -> None:
    """Change the cells of a table."""
    rows = rows_of(home, table)
    write_rows(home, table, how(rows) or rows)


def as_workbook(home: Path, table: str, sheet: str = "", how: Callable | None = None) -> Path:
    """Turn a CSV table into a workbook; ``how`` is given the openpyxl workbook."""
    rows = rows_of(home, table)
    (home / f"{table}.csv").unlink(missing_ok=True)
    book = openpyxl.Workbook()
    book.active.title = sheet or table
    for row in rows:
        book.active.append([cell or None for cell in row])
    if how:
        how(book)
    path = home / "甲县.xlsx"
    book.save(path)
    return path


def with_parts(path: Path, parts: dict[str, bytes | Callable[[bytes], bytes]]) -> Path:
    """Change or add parts of the zip file that a workbook is."""
    with zipfile.ZipFile(path) as book:
        held = {name: book.read(name) for name in book.namelist()}
    for name, content in parts.items():
        held[name] = content(held[name]) if callable(content) else content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in held.items():
            book.writestr(name, content)
    return path


def with_formula(home: Path, table: str, column: str, formula: str, value) -> Path:
    """A workbook in which the first cell of a column is a formula with the value that was kept of it."""
    rows = rows_of(home, table)
    (home / f"{table}.csv").unlink()
    path = home / "甲县.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(table)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, rows[0].index(column), formula, None, value)
    return path
