"""Zip archives whose bytes depend on their content alone: a fixed order and one date for all; and those of others."""

from __future__ import annotations

import lzma
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from assess_lib.atomic import replacing

DATE = (1980, 1, 1, 0, 0, 0)
MOST_FILES, LARGEST, MOST_TIMES = (
    200_000,
    2**26,
    100,
)  # of what is unpacked: files; bytes; times the bytes of its archive
_STORED = (".zip", ".xlsx", ".docx", ".pdf", ".png", ".parquet")  # nothing to gain from packing them again


def write_archive(path: Path, files: Iterable[tuple[str, Path]]) -> Path:
    """Write files under names, in the order given; put in place when whole. Raises OSError."""
    with replacing(path) as written, zipfile.ZipFile(written, "w") as archive:
        for name, file in files:
            with file.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
                while block := source.read(1 << 20):
                    target.write(block)
    return path


def unpack_archive(path: Path, into: Path) -> None:
    """Unpack an archive that comes from elsewhere into a folder; names that lead out of it are kept inside.

    Raises OSError, and BadZipFile where it is damaged, locked, or unpacks to more than an archive of its size may hold.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            size, packed_size = sum(entry.file_size for entry in entries), path.stat().st_size
            most = min(max(LARGEST, MOST_TIMES * packed_size), shutil.disk_usage(into).free // 2)
            if size > most or len(entries) > MOST_FILES:
                words = f"{packed_size:,} bytes unpack to {size:,} bytes in {len(entries):,} files"
                raise zipfile.BadZipFile(f"{words}; at most {most:,} in {MOST_FILES:,}")
            packed.extractall(into)
    except (EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error) or type(error).__name__) from None


def normalise_archive(path: Path) -> Path:
    """Write an archive that a library made anew, without the time at which it was made."""
    with zipfile.ZipFile(path) as made:
        parts = [(info.filename, made.read(info)) for info in made.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts:
            entry = _entry(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
