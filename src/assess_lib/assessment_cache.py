"""Assessments of a year and the year before, written to a file and read back as far as they are asked for.

Two uses of one format. A run hands what it computed to its notebooks, in a file that it names in the environment. And
beside the data lies what was computed last, named by a digest of all that it was made from, so that an unchanged year
is not assessed twice.

A file is read by pickle, which obeys whoever wrote it. It is therefore read only from a folder and a file that belong
to this user and that nobody else may open; elsewhere (and on Windows, beside the data) everything is computed.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import os
import pickle
import stat
import struct
import sys
import time
import zlib
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from assess_lib.atomic import replacing
from assess_lib.resources import SETTINGS, data_folder, shipped
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.tables.input_files import file_digest
from assess_lib.tables.year_files import year_files_of
from assess_lib.version import code_digest

VARIABLE, FOLDER = "ASSESS_PREPARED", ".cache"
NEWEST, ABANDONED_AFTER = 3, 3600  # files left beside the data; seconds after which a half-written one is removed
_MAGIC, _HEAD, _ALIGNED = b"assess years 1\n\0", struct.Struct("<16sQQI"), 64
_PACKAGES = ("chinesecalendar", "numpy", "pandas", "pyarrow", "pydantic")
Years = tuple[Assessment, Assessment | None]
_held: dict[str, Years] = {}
Block = tuple[int, int, int, list[tuple[int, int]]]  # place, length, length unpacked, start and end of each part


def cache_key(data: Path, year: int, rubrics: Iterable[Rubric | None]) -> str:
    """A digest of all that decides the assessments of a year and the year before.

    It covers every byte of the input, with the year before each that is assessed, the rubrics, the calendar, the bounds of
    plausibility, the names of columns, the program, and the packages that compute; what people judged is put on top of
    what was computed.
    """
    home, settings = data_folder(data), [path for path in map(shipped, SETTINGS) if path.is_file()]
    inputs = [path for one in (year - 2, year - 1, year) for path in _files_of(home, one)]
    with ThreadPoolExecutor(2) as pool:
        digests = list(pool.map(file_digest, [*inputs, *settings]))
    about = {
        "year": year,
        "files": [[os.path.relpath(path, home), of] for path, of in zip(inputs, digests)],
        "settings": digests[len(inputs) :],
        "rubrics": [rubric and rubric.fingerprint for rubric in rubrics],
        "program": [code_digest(), sys.version, *(version(name) for name in _PACKAGES)],
    }
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]


def cached(data: Path, key: str) -> Years | None:
    """The assessments kept beside the data under a key; None where none are that may be trusted and are whole."""
    if key in _held:
        return _held[key]
    path = data / FOLDER / key
    found = read_years(path) if hasattr(os, "geteuid") else None
    if found is None or found[0] != key:
        return None
    try:
        os.utime(path)  # the newest stay
    except OSError:
        pass
    return found[1]


def hold(data: Path, key: str) -> Years | None:
    """As ``cached``, read once for this process and all that are forked from it."""
    years = cached(data, key)
    if years:
        _held[key] = years
    return years


def keep(data: Path, key: str, years: Years) -> None:
    """Put assessments beside the data, and remove the oldest; where that cannot be done, nothing is kept."""
    if not hasattr(os, "geteuid"):
        return
    folder = data / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _private(os.lstat(folder), stat.S_ISDIR):
            return
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        write_years(folder / key, key, years)
        _remove_oldest(folder)
    except OSError:
        pass


def handed_over(data: str | Path, year: int, rubric: str | Path | None) -> Years | None:
    """The assessments that a run computed for its notebooks; None outside a run, or when it was asked something else."""
    path = os.environ.get(VARIABLE)
    found = read_once(path) if path else None
    return found[1] if found and found[0] == question(data, year, rubric) else None


def question(data: str | Path, year: int, rubric: str | Path | None) -> str:
    """The question that a run answers, as a text that is the same from any working folder."""
    return "\n".join([str(data_folder(data).resolve()), str(year), str(Path(rubric).resolve()) if rubric else ""])


@lru_cache(maxsize=1)
def read_once(path: str) -> tuple[str, Years] | None:
    """As ``read_years``, once per process."""
    return read_years(path)


def write_years(path: str | Path, asked: str, years: Years) -> None:
    """Write the assessments of a year and the year before, readable by this user alone. Raises OSError."""
    known = [result for result in years if result is not None]
    on_demand: dict[int, Any] = {
        id(values): values for result in known for values in (result.measurements, result.data.tables)
    }
    scratch = {id(result.data._cache) for result in known}

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: Any) -> Any:
            return id(obj) if id(obj) in on_demand else 0 if id(obj) in scratch else None

    with replacing(Path(path)) as written:
        written.unlink(missing_ok=True)
        with (
            open(os.open(written, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file,
            ThreadPoolExecutor(2) as pool,
        ):
            file.write(bytes(_HEAD.size))
            values = [(number, name, value) for number, items in on_demand.items() for name, value in items.items()]
            blocks: dict[int, dict[str, Block]] = {number: {} for number in on_demand}
            packed = pool.map(lambda value: _packed(pickle.Pickler, value[2]), values)
            for (number, name, _), block in zip(values, packed):
                blocks[number][name] = _append(file, block)
            content = _append(file, _packed(Pickler, years))
            index = pickle.dumps((asked, blocks, content))
            at = file.tell()
            file.write(index)
            file.flush()
            file.seek(_HEAD.size)
            check = 0
            while piece := file.read(1 << 20):
                check = zlib.crc32(piece, check)
            file.seek(0)
            file.write(_HEAD.pack(_MAGIC, at, len(index), check))


def read_years(path: str | Path) -> tuple[str, Years] | None:
    """The question that a file answers, and the assessments in it, whose tables and measurements are read on demand.

    None where there are none: a file that is another's or damaged counts as none.
    """
    try:
        content = _content(Path(path))
        if content is None:
            return None
        magic, at, length, check = _HEAD.unpack_from(content)
        if magic != _MAGIC or at + length != len(content) or zlib.crc32(memoryview(content)[_HEAD.size :]) != check:
            return None
        asked, blocks, years = pickle.loads(content[at : at + length])
        values = {number: _OnDemand(content, items) for number, items in blocks.items()}

        class Unpickler(pickle.Unpickler):
            def persistent_load(self, pid: Any) -> Any:
                return values[pid] if pid else {}

        return asked, _unpacked(Unpickler, content, years)
    except Exception:  # noqa: BLE001 - what is damaged may raise anything, and is computed anew
        return None


class _OnDemand(Mapping[str, Any]):
    """A mapping whose values are read from a file when they are first asked for."""

    def __init__(self, content: mmap.mmap, blocks: dict[str, Block]):
        self._content, self._blocks = content, blocks
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            self._read[name] = _unpacked(pickle.Unpickler, self._content, self._blocks[name])
        return self._read[name]

    def items(self) -> ItemsView[str, Any]:
        """All of it, unpacked on two processors."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.__getitem__, self))
        return super().items()

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return dict, (dict(self),)


def _packed(pickler: type[pickle.Pickler], value: Any) -> tuple[bytes, int, list[tuple[int, int]]]:
    """A value pickled, its arrays after it, all compressed; the length before that, and where its parts lie."""
    arrays: list[pickle.PickleBuffer] = []
    told = io.BytesIO()
    pickler(told, protocol=5, buffer_callback=arrays.append).dump(value)
    parts, places = bytearray(), []
    for part in (told.getbuffer(), *(array.raw() for array in arrays)):
        parts += bytes(-len(parts) % _ALIGNED)
        places.append((len(parts), len(parts) + part.nbytes))
        parts += part
    return pa.compress(parts, codec="zstd", asbytes=True), len(parts), places


def _unpacked(unpickler: type[pickle.Unpickler], content: mmap.mmap, block: Block) -> Any:
    at, length, unpacked, places = block
    packed = pa.py_buffer(memoryview(content)[at : at + length])
    whole = memoryview(pa.decompress(packed, unpacked, codec="zstd"))
    told, *arrays = (whole[start:end] for start, end in places)
    return unpickler(io.BytesIO(told), buffers=arrays).load()


def _append(file: BinaryIO, packed: tuple[bytes, int, list[tuple[int, int]]]) -> Block:
    content, unpacked, places = packed
    at = file.tell()
    file.write(content)
    return at, len(content), unpacked, places


def _content(path: Path) -> mmap.mmap | None:
    """A file's bytes, None when it is not private to this user."""
    private = _private(os.lstat(path.parent), stat.S_ISDIR)
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not private or not _private(os.fstat(file.fileno()), stat.S_ISREG):
            return None
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _private(about: os.stat_result, kind: Any) -> bool:
    """True where a file or folder is this user's and closed to all others, or the system has no such rights."""
    if not hasattr(os, "geteuid"):
        return bool(kind(about.st_mode))
    return kind(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o077


def _remove_oldest(folder: Path) -> None:
    found = {path: path.stat().st_mtime for path in folder.iterdir() if path.name != ".gitignore"}
    half_written = {path for path in found if ".part" in path.name}
    whole = sorted(set(found) - half_written, key=lambda path: found[path])
    abandoned = [path for path in half_written if found[path] < time.time() - ABANDONED_AFTER]
    for path in [*whole[:-NEWEST], *abandoned]:
        path.unlink(missing_ok=True)


def _files_of(home: Path, year: int) -> list[Path]:
    """All files of a year: those that are read, and those that must not be there."""
    layout, _ = year_files_of(home, year)
    read = {file.path for file in layout.every()} if layout else set()
    return sorted(read | {path for path in (home / str(year)).rglob("*") if path.is_file()})
