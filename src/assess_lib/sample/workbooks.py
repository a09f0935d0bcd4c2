"""A sample as county officers send it: a workbook for each county, in every form that people write things in.

Dates in five ways, money in yuan or ten thousands, titles above and sums below, full-width digits, formulas. None of
that is a fault. On top of it faults are planted, and listed with their cells and with what stood there before.
"""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess_lib.atomic import put_in_place, write_text
from assess_lib.sample.dataset import Tables, sample_world
from assess_lib.sample.planted_faults import Plant, plants_for
from assess_lib.tables.reading.grid import letters
from assess_lib.tables.safe_workbook import workbook
from assess_lib.tables.schemas import SCHEMAS

Formats = dict[str, Format]
PROVINCE = "全省"
LIST_HEADS = ("file", "sheet", "row", "cell", "key", "severity", "written", "right", "remedy")
FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
)
_EPOCH = datetime.date(1899, 12, 30)
TWO_ROWS = {"village_year": ("通达情况", ("groups", "groups_hardened_road", "groups_broadband"))}


@dataclass
class Placed:
    """A planted fault where it stands in the end."""

    file: str
    sheet: str
    row: int
    cell: str
    plant: Plant


@dataclass
class Layout:
    """Where things stand on a sheet: the row (from 1) of each row of the table, and the column of each column."""

    sheet: str
    rows: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


def write_workbooks(
    out: str | Path,
    teams: int = 24,
    seed: int = 2016,
    years: Sequence[int] = (2015, 2016),
    planted: bool = True,
    counties: int | None = None,
) -> Path:
    """Write a sample data set as workbooks: ``out/<year>/<county>.xlsx``, and one of the province.

    What is spoilt is listed in ``out/planted-<year>.csv``: file, sheet, row, cell, the key of the fault, its severity,
    what was written, what would be right, and what is to be done: ``write``, ``clear cell``, ``clear row``,
    ``delete sheet`` or nothing. Without ``planted`` only
    the forms vary. ``counties`` as for ``write_sample``. The same arguments give the same bytes. Returns ``out``.
    """
    goal, world = Path(out), sample_world(teams, seed, tuple(sorted(years)), counties)
    goal.mkdir(parents=True, exist_ok=True)
    listed: dict[int, list[Placed]] = {year: [] for year in world.years}
    with tempfile.TemporaryDirectory(dir=goal, prefix=".sample-") as beside:
        homes = {year: Path(beside) / str(year) for year in world.years}
        for home in homes.values():
            home.mkdir()
        actions: dict[int, list[pd.DataFrame]] = {year: [] for year in world.years}
        for number in range(world.counties):
            for year, tables in world.county_tables(number).items():
                actions[year].append(tables.pop("unit_actions"))
                name, rng = world.county(number)[0], np.random.default_rng([seed, 9, number, year])
                spoilt = plants_for(number, world.counties, tables, year) if planted else []
                listed[year] += _book(homes[year] / f"{name}.xlsx", tables, spoilt, rng, year)
        for year in world.years:
            tables = world.province_tables(year, actions[year])
            rng = np.random.default_rng([seed, 10, year])
            listed[year] += _book(homes[year] / f"{PROVINCE}.xlsx", tables, [], rng, year)
        for year in world.years:
            shutil.rmtree(goal / str(year), ignore_errors=True)
            put_in_place(homes[year], goal / str(year))
            write_text(goal / f"planted-{year}.csv", _listing(listed[year]))
    return goal


def _listing(found: list[Placed]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(LIST_HEADS)
    for placed in sorted(found, key=lambda p: (p.file, p.sheet, p.row, p.cell, p.plant.key)):
        plant = placed.plant
        written = "" if plant.written is None else str(plant.written)
        written = (
            f"'{written}" if isinstance(plant.written, str) and written[:1] in tuple("=+-@") else written
        )  # not alive
        right = plant.right + ("元" if plant.right and _is_money(plant) else "")
        at = [placed.file, placed.sheet, placed.row or "", placed.cell]
        lines.writerow([*at, plant.key, plant.severity, written, right, plant.remedy])
    return text.getvalue()


def _is_money(plant: Plant) -> bool:
    return bool(plant.table) and SCHEMAS[plant.table].columns[plant.column].metadata.get("unit") == "yuan"


def _book(path: Path, tables: Tables, plants: list[Plant], rng: np.random.Generator, year: int) -> list[Placed]:
    placed = []
    with workbook(path, path.stem) as book:
        formats = {
            "title": book.add_format({"bold": True, "align": "center"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for name in (name for name in SCHEMAS if name in tables and not tables[name].empty):
            mine = [plant for plant in plants if plant.table == name]
            placed += _sheet(book, formats, path.name, name, tables[name], mine, rng, year)
        for plant in (plant for plant in plants if plant.key == "reading.hidden_sheet"):
            sheet = book.add_worksheet(str(plant.written))
            sheet.write_row(0, 0, ["工作队编号"])
            sheet.hide()
            placed.append(Placed(path.name, str(plant.written), 0, "", plant))
    return placed


def _sheet(
    book: Workbook,
    formats: Formats,
    file: str,
    name: str,
    table: pd.DataFrame,
    plants: list[Plant],
    rng: np.random.Generator,
    year: int,
) -> list[Placed]:
    """One table on a sheet. Returns the planted faults with their cells."""
    schema = SCHEMAS[name]
    sheet = book.add_worksheet(schema.metadata["zh"])
    extra = [plant for plant in plants if plant.extra_rows is not None]
    rows = pd.concat([table, *(plant.extra_rows for plant in extra)], ignore_index=True) if extra else table
    styles = {column: _Style(name, column, rng) for column in rows.columns}
    over = {
        (plant.row, plant.column): plant.written
        for plant in plants
        if plant.row is not None and plant.extra_rows is None
    }
    layout, at = Layout(schema.metadata["zh"], columns=list(rows.columns)), 0
    if rng.random() < 0.5:  # a title
        sheet.merge_range(
            0, 0, 0, max(1, len(rows.columns) - 1), f"{year} 年{schema.metadata['zh']}情况表", formats["title"]
        )
        at = 1
    at = _head(sheet, formats, name, rows, styles, at, rng)
    gap = int(rng.integers(1, len(rows))) if len(rows) > 3 and rng.random() < 0.5 else None
    for number, row in enumerate(rows.itertuples(index=False)):
        at += number == gap  # an empty row
        layout.rows.append(at + 1)
        for place, (column, value) in enumerate(zip(rows.columns, row)):
            cell = (at, place)
            if (number, column) in over:
                _write_spoilt(sheet, *cell, over[(number, column)])
            elif not pd.isna(value) and value != "":
                styles[column].write(sheet, *cell, str(value), formats)
        at += 1
    placed, added = [], len(table)
    for plant in plants:
        row = plant.row if plant.extra_rows is None else added
        added += 0 if plant.extra_rows is None else len(plant.extra_rows)
        placed.append(_where(file, layout, plant, row))
    for plant in (plant for plant in plants if plant.key == "tables.unknown_column"):
        sheet.write_string(max(layout.rows[0] - 2, 0), len(rows.columns), str(plant.written))
        placed = [p for p in placed if p.plant is not plant]
        address = f"{letters(len(rows.columns))}{max(layout.rows[0] - 1, 1)}"
        placed.append(Placed(file, layout.sheet, max(layout.rows[0] - 1, 1), address, plant))
    return placed + _foot(sheet, file, layout, at, rng)


def _head(
    sheet: Worksheet,
    formats: Formats,
    name: str,
    rows: pd.DataFrame,
    styles: dict[str, _Style],
    at: int,
    rng: np.random.Generator,
) -> int:
    """The heading, in Chinese or English, of one row or of two. Returns the row below it."""
    lang = "zh" if rng.random() < 0.85 else "en"
    labels = [styles[column].label(lang) for column in rows.columns]
    group, members = TWO_ROWS.get(name, ("", ()))
    span = [place for place, column in enumerate(rows.columns) if column in members]
    if lang == "zh" and len(span) > 1 and rng.random() < 0.6:
        sheet.merge_range(at, span[0], at, span[-1], group, formats["title"])
        for place, label in enumerate(labels):
            if place in span:
                sheet.write_string(at + 1, place, label)
            else:
                sheet.merge_range(at, place, at + 1, place, label)
        return at + 2
    for place, label in enumerate(labels):
        sheet.write_string(at, place, label)
    return at + 1


def _foot(sheet: Worksheet, file: str, layout: Layout, at: int, rng: np.random.Generator) -> list[Placed]:
    """A row of sums and one of signatures, some of the time. Both are told as notes."""
    found = []
    for chance, words, key in ((0.4, "合计", "reading.sum_row"), (0.3, "填表人：　　审核：", "reading.signature_row")):
        if rng.random() < chance:
            sheet.write_string(at, 0, words)
            found.append(Placed(file, layout.sheet, at + 1, "", Plant(key, "note", "", written=words)))
            at += 1
    return found


def _where(file: str, layout: Layout, plant: Plant, row: int | None) -> Placed:
    number = layout.rows[row] if row is not None else 0
    column = letters(layout.columns.index(plant.column)) if plant.column in layout.columns else ""
    return Placed(file, layout.sheet, number, f"{column}{number}" if column and number else "", plant)


def _write_spoilt(sheet: Worksheet, row: int, column: int, written: Any) -> None:
    if isinstance(written, str) and written.startswith("="):
        formula, _, value = written.partition("→")
        sheet.write_formula(row, column, formula, None, value)
    elif isinstance(written, (int, float)):
        sheet.write_number(row, column, written)
    elif written:
        sheet.write_string(row, column, written)


class _Style:
    """The way a county writes a column: one for all its rows, drawn once."""

    def __init__(self, table: str, column: str, rng: np.random.Generator):
        self._about = SCHEMAS[table].columns[column].metadata
        self._kind = self._about["kind"]
        self._way = int(rng.integers(0, 6))
        self._adorned = rng.random() < 0.2
        self._in_ten_thousands = self._about.get("unit") == "yuan" and self._way == 4

    def label(self, lang: str) -> str:
        """The heading of the column."""
        name = self._about[lang]
        if lang == "zh" and self._about.get("unit") == "yuan":
            name += "（万元）" if self._in_ten_thousands else "（元）" if self._way % 2 else ""
        elif self._in_ten_thousands:
            name += " (万元)"
        return f"*{name}" if self._adorned else name

    def write(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        """One value in the way of the column."""
        getattr(self, f"_{self._kind}")(sheet, row, column, text, formats)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        if self._about.get("identifier") and self._way == 1:
            text = text.translate(FULL_WIDTH)
        sheet.write_string(row, column, text + (" " if self._way == 2 else ""))

    def _code(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        words = self._about["codes"][text][0]
        sheet.write_string(row, column, text if self._way == 0 else f" {words} " if self._way == 1 else words)

    def _yes_no(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        yes = text == "true"
        pair = (("是", "否"), ("√", "×"), ("是", "否"), ("有", "无"), ("Y", "N"), ("是", "否"))[self._way]
        if self._way == 5:
            sheet.write_boolean(row, column, yes)
        else:
            sheet.write_string(row, column, pair[not yes])

    def _date(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        day = datetime.date.fromisoformat(text)
        if self._way == 0:
            sheet.write_datetime(row, column, datetime.datetime(day.year, day.month, day.day), formats["day"])
        elif self._way == 1:
            sheet.write_number(row, column, (day - _EPOCH).days)
        elif self._way == 2:
            sheet.write_number(row, column, int(text.replace("-", "")))
        else:
            forms = (f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", text)
            sheet.write_string(row, column, forms[self._way - 3])

    def _number(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        value = Decimal(text)
        if self._in_ten_thousands:
            sheet.write_number(row, column, float(value / 10_000))
        elif self._way == 1:
            sheet.write_string(row, column, f"{value:,}")
        elif self._way == 2:
            sheet.write_string(row, column, f"{value}".translate(FULL_WIDTH))
        elif self._way == 3 and self._about.get("percent") == 1:
            sheet.write_string(row, column, f"{value}%")
        elif self._way == 5:
            sheet.write_formula(row, column, f"={value}+0", None, float(value))
        else:
            sheet.write_number(row, column, float(value))

    def _whole(self, sheet: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
        if self._way == 1:
            sheet.write_string(row, column, text.translate(FULL_WIDTH))
        elif self._way == 2:
            sheet.write_formula(row, column, f"={text}+0", None, int(text))
        else:
            sheet.write_number(row, column, int(text))
