"""What a run leaves behind, to be compared with what another run left."""

from __future__ import annotations

from pathlib import Path


def pages(folder: Path) -> dict[str, bytes]:
    """The pages and tables of a run, by name; without the executed notebooks, which hold times."""
    found = [*folder.glob("*.html"), *folder.glob("teams/*.html"), *folder.glob("*.csv")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
