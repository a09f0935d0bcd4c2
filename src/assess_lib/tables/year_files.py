"""Where the tables of a year stand: in files of the year's folder, or partitioned by county.

A partitioned table is a folder in the hive layout, ``<year>/<table>/county=<county>/*.parquet``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from assess_lib.faults import ERROR, NOTE, WARNING, Fault
from assess_lib.tables.parsing import plain
from assess_lib.tables.schemas import SCHEMAS

PARTITION = "county="
PARQUET = ".parquet"
WORKBOOKS = (".xlsx", ".xlsm")
SUFFIXES = (".csv", PARQUET, *WORKBOOKS)
# Files that hold no tables: papers, pictures, and what programs and people leave beside their work.
NOT_DATA = frozenset(
    ".doc .docx .pdf .txt .md .rtf .wps .ppt .pptx .jpg .jpeg .png .gif .bmp .ini .db .log .bak .tmp .lnk .url .html .htm"
    " .tif .tiff .heic .webp .svg .psd .mp3 .mp4 .m4a .wav .mov .avi .ofd .dwg .mht .msg .eml .json .xml .yaml .yml .crdownload .download .part".split()
)
# Of those, papers in which somebody may have sent a table.
MAY_HOLD_TABLES = frozenset(".doc .docx .txt .rtf .wps .pdf .html .htm .mht .json .xml .part .crdownload".split())
DEEPEST = 6  # sub-folders in one another
# How people and programs name a copy: 甲县 - 副本.xlsx, 甲县(1).xlsx, 复件 甲县.xlsx, Copy of 甲县.xlsx
_COPY = re.compile(
    r"(?:复件|copy of)\s*(.+)|(.+?)\s*(?:[-—－_]\s*)?(?:(?:副本|拷贝|备份|copy|backup|bak)\s*(?:[(（]?\d*[)）]?)|[(（]\d{1,2}[)）])",
    re.IGNORECASE,
)
MARK = "_"  # what writers of partitioned tables leave beside them: _SUCCESS, _metadata


def names_a_table(name: str) -> bool:
    """True where a name has that of a table in it, with more around it: 资金流水（修改稿）."""
    title = plain(name)
    names = (word for schema in SCHEMAS.values() for word in schema.metadata.values())
    return any(len(known) > 1 and known in title for known in map(plain, (*names, *SCHEMAS)))


@dataclass(frozen=True)
class TableFile:
    """A file with tables. ``table`` is empty where the file's name or its sheets name them; ``county``
    is that of the partition, None outside one."""

    path: Path
    table: str = ""
    county: str | None = None


@dataclass(frozen=True)
class YearFiles:
    """The files of a year: those that stand for all counties, and those of each county, in order."""

    home: Path
    files: list[TableFile] = field(default_factory=list)
    counties: dict[str, list[TableFile]] = field(default_factory=dict)

    @property
    def partitioned(self) -> bool:
        return bool(self.counties)

    @property
    def partitioned_tables(self) -> set[str]:
        return {file.table for files in self.counties.values() for file in files}

    def every(self) -> Iterator[TableFile]:
        """All files, each once."""
        yield from self.files
        for files in self.counties.values():
            yield from files


def year_files_of(folder: str | Path, year: int) -> tuple[YearFiles | None, list[Fault]]:
    """The files of a year's folder, or None, and what does not belong there."""
    home = Path(folder) / str(year)
    if not home.is_dir():
        return None, [Fault("tables.no_folder", str(home), details={"year": year, "found": _years_in(folder)})]
    faults: list[Fault] = []
    found: list[TableFile] = []
    paths = _files_in(home, home, found, faults)
    files = [TableFile(path) for path in _without_copies(paths, faults)]
    counties: dict[str, list[TableFile]] = {}
    for file in sorted(found, key=lambda file: (file.county, file.table, file.path)):
        counties.setdefault(file.county or "", []).append(file)
    return YearFiles(home, files, counties), faults


def _files_in(folder: Path, home: Path, partitioned: list[TableFile], faults: list[Fault]) -> list[Path]:
    """The files with tables in a folder and those below it; partitions go to ``partitioned``, what is none is told."""
    files: list[Path] = []
    for path in _visible(folder):
        if _told(path, faults):
            continue
        if path.is_symlink() and path.is_dir() or not _within(path, home):
            faults.append(Fault("tables.outside", str(path)))
        elif path.is_dir() and (path.suffix.lower() not in SUFFIXES or _visible(path)):
            partitions = [inner for inner in _visible(path) if inner.is_dir() and inner.name.startswith(PARTITION)]
            if partitions or (path.name in SCHEMAS and folder == home):
                partitioned += _partitions(path, partitions, faults)
            elif len(path.relative_to(home).parts) > DEEPEST:
                faults.append(Fault("tables.too_deep", str(path), details={"most": DEEPEST}))
            else:
                files += _files_in(path, home, partitioned, faults)
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            files.append(path)
        else:
            severity = ERROR
            if path.suffix.lower() in NOT_DATA:
                papers = path.suffix.lower() in MAY_HOLD_TABLES
                severity = WARNING if papers and names_a_table(path.stem) else NOTE
            details = {"kinds": ", ".join(SUFFIXES)}
            faults.append(Fault("tables.unknown_file", str(path), details=details, severity=severity))
    return files


def _without_copies(files: list[Path], faults: list[Fault]) -> list[Path]:
    """The files but those that hold the same bytes as another, or are named as its copy; each of these is one fault."""
    taken: list[Path] = []
    by_content: dict[tuple[int, bytes], Path] = {}
    of_size = Counter(map(_size, files))
    for path in sorted(files, key=lambda path: (bool(_COPY.fullmatch(path.stem)), path)):
        content = _size(path), _digest(path) if of_size[_size(path)] > 1 else b""
        original = by_content.get(content)
        copied = _COPY.fullmatch(path.stem)
        named = path.with_name((copied[1] or copied[2]) + path.suffix) if copied else None
        if original is not None:
            faults.append(Fault("tables.same_file", str(path), details={"other": original.name}, severity=WARNING))
        elif named in taken:
            faults.append(Fault("tables.other_copy", str(path), details={"other": named.name if named else ""}))
        else:
            taken.append(path)
            by_content[content] = path
    return sorted(taken)


def is_partitioned(folder: str | Path, year: int) -> bool:
    """True if the tables of a year stand in a folder per county."""
    layout, _ = year_files_of(folder, year)
    return layout is not None and layout.partitioned


def _partitions(table: Path, partitions: list[Path], faults: list[Fault]) -> list[TableFile]:
    if table.name not in SCHEMAS:
        faults.append(
            Fault("tables.unknown_table", str(table), value=table.name, details={"tables": ", ".join(SCHEMAS)})
        )
        return []
    found = []
    partitions = [partition for partition in partitions if not _told(partition, faults)]
    for inner in _visible(table):
        if inner not in partitions and not inner.name.startswith(MARK) and not _barred(inner):
            faults.append(Fault("partitions.not_a_county", str(inner), details={"table": table.name}))
    for partition in partitions:
        county = unquote(partition.name[len(PARTITION) :])
        for path in _visible(partition):
            if path.name.startswith(MARK) or _told(path, faults):
                continue
            if path.is_file() and path.suffix.lower() == PARQUET:
                found.append(TableFile(path, table.name, county))
            else:
                faults.append(Fault("partitions.not_parquet", str(path)))
    return found


def _barred(path: Path) -> str:
    """The key of what is told of a name that is no text, a link to nothing, or a folder closed to us; empty for others."""
    try:
        path.name.encode()
        path.stat()
    except UnicodeEncodeError:
        return "tables.name_no_text"
    except OSError:
        return "tables.dead_link" if path.is_symlink() else ""  # else gone since: told when it is read
    return "reading.forbidden" if path.is_dir() and not os.access(path, os.R_OK | os.X_OK) else ""


def _told(path: Path, faults: list[Fault]) -> bool:
    """True for what is barred from reading, of which a fault is told."""
    if key := _barred(path):
        faults.append(Fault(key, os.fsencode(path).decode("utf-8", "replace")))
    return bool(key)


def _digest(path: Path) -> bytes:
    """What tells the bytes of a file from those of others; one that cannot be read is told when it is read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return bytes(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _within(path: Path, home: Path) -> bool:
    """True for a file in the folder itself, false for a link to elsewhere."""
    return path.resolve().is_relative_to(home.resolve())


def _visible(folder: Path) -> list[Path]:
    """The entries of a folder, without those that programs put there for themselves."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def _years_in(folder: str | Path) -> str:
    home = Path(folder)
    years = sorted(p.name for p in home.iterdir() if p.is_dir() and p.name.isdigit()) if home.is_dir() else []
    return ", ".join(years) or "-"
