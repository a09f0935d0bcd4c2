"""CSV files from systems and from Excel or WPS: UTF-8, GB 18030 or UTF-16; commas, tabs or semicolons."""

from __future__ import annotations

import csv
import mmap
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from assess_lib.faults import NOTE, WARNING, Fault, Location, UnusableInput
from assess_lib.tables.reading.grid import Read, TextGrid
from assess_lib.tables.reading.row_blocks import columns_of

SAMPLE_BYTES, SAMPLE_LINES = 256 * 1024, 60
SEPARATORS = ",\t;"
FORMULA_TEXT = '="'  # how spreadsheets are told to keep a text: ="H0001"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHINESE_IN_UTF8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
_TAKES_IN_LINES = {"zh": "一个引号把后面几行都包了进去", "en": "a quotation mark takes in further lines"}
Named: TypeAlias = Callable[[Sequence[str]], int]
Trouble: TypeAlias = dict[tuple[int, int], tuple[str, str]]


def read_delimited(path: Path, named: Named = lambda labels: 0) -> Read:
    """The cells of a CSV file as text. Raises UnusableInput when they cannot be told apart.

    Parameters: ``named`` says how many columns of tables some labels name; the separator is the one by which a line of
    the file names most.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    if not start.strip():
        raise _refused("no_heading", path)
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    if encoding != "utf-16" and (line := _line_of(path, b"\0")):
        raise _refused("nul", path, line)
    faults = (
        []
        if encoding == "utf-16" or _ends_with_line(path)
        else [Fault("reading.no_line_end", str(path), severity=WARNING)]
    )
    try:
        return Read([_grid(path, encoding, start, named)], faults)
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes  # 20 ms that only other encodings need

    guess = from_bytes(start, cp_isolation=["gb18030", "big5", "utf_16"]).best()
    if guess is None or guess.encoding != "gb18030" or _is_utf8_in_part(path):
        raise _mixed(path)
    try:
        grid = _grid(path, "gb18030", start, named)
    except UnicodeDecodeError:
        raise _mixed(path) from None
    return Read([grid], [*faults, Fault("reading.gb18030", str(path), severity=NOTE)])


def _grid(path: Path, encoding: str, start: bytes, named: Named) -> TextGrid:
    separator, width = _shape(start.decode(encoding, "ignore"), named)
    if encoding.startswith("utf-8") and (regular := _regular_grid(path, separator, width)) is not None:
        return TextGrid(regular)
    trouble: Trouble = {}
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            columns, lengths = columns_of(_watched(reader, path, separator, width, trouble))
        except csv.Error as error:
            raise _refused(
                "ragged", path, reader.line_num, why={"zh": "按 CSV 的写法读不下去", "en": str(error)[:100]}
            ) from None
    return TextGrid(columns, trouble=trouble, lengths=lengths)


def _watched(
    rows: Iterator[list[str]], path: Path, separator: str, width: int, trouble: Trouble
) -> Iterator[list[str]]:
    """The rows, with formulas written as text emptied and told. Raises UnusableInput for a cell that takes in lines."""
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell.startswith(FORMULA_TEXT):
                trouble[number, place] = ("formula_text", cell)
                row[place] = ""
            elif "\n" in cell and _swallows(cell, separator, width):
                raise _refused("ragged", path, number + 1, why=_TAKES_IN_LINES)
        yield row


def _swallows(cell: str, separator: str, width: int) -> bool:
    """True for a cell in which whole lines of the file stand: a quotation mark that was never closed took them in."""
    return width > 2 and any(line.count(separator) >= width - 1 for line in cell.splitlines()[1:])


def _regular_grid(path: Path, separator: str, width: int) -> pd.DataFrame | None:
    """The cells of a file in which every line has as many cells and none is quoted, several times as fast; None for others."""
    if width < 2:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b'"') >= 0 or content.find(b"\r") >= 0:
            return None
    try:
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(column_names=[str(place) for place in range(width)]),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, quote_char=False, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(place): pa.large_string() for place in range(width)}, quoted_strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.combine_chunks().to_pandas().set_axis(range(width), axis=1)


def _shape(text: str, named: Named) -> tuple[str, int]:
    """Separator, and number of columns as far as can be seen."""
    lines = text.splitlines()[:SAMPLE_LINES]
    rows = {mark: list(csv.reader(lines, delimiter=mark)) for mark in SEPARATORS}
    most = {mark: max((named(row) for row in found), default=0) for mark, found in rows.items()}
    if any(most.values()):
        separator = max(SEPARATORS, key=lambda mark: most[mark])
    else:
        separator = max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
    return separator, max((len(row) for row in rows[separator]), default=1)


def _ends_with_line(path: Path) -> bool:
    """True for a file whose last line has an end: one that was cut has none."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) in (b"\n", b"\r")


def _is_utf8_in_part(path: Path) -> bool:
    """True where lines of a file that is not UTF-8 as a whole are UTF-8 beyond doubt: words of Chinese in three bytes each."""
    with path.open("rb") as file:
        return any(_CHINESE_IN_UTF8.search(line) and _decodes(line) for line in file)


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mixed(path: Path) -> UnusableInput:
    """Neither the one encoding nor the other: tell the first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return _refused("encoding", path, number)
    return _refused("encoding", path)


def _line_of(path: Path, sought: bytes) -> int:
    """The number of the first line with some bytes, 0 where there is none."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = content.find(sought)
        return content[:at].count(b"\n") + 1 if at >= 0 else 0


def _refused(key: str, path: Path, row: int = 0, **details: object) -> UnusableInput:
    """What keeps a file from being read. Parameters: ``row`` where it does, from 1; 0 for the file as a whole."""
    place = f"row {row}" if row else ""
    return UnusableInput([Fault(f"reading.{key}", str(path), place, details=details, location=Location(row=row))])
