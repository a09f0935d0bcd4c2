"""Runs as commands, and what a run leaves behind, to be compared with what another run left."""

from __future__ import annotations

import sys
from pathlib import Path

ASSESS = str(Path(sys.executable).parent / "assess")


def run_command(data: Path, out: Path, *more: str) -> list[str]:
    """``assess run`` of 2016 as a command."""
    return [ASSESS, "run", str(data), "--year", "2016", "--out", str(out), *more]


def pages(folder: Path) -> dict[str, bytes]:
    """The pages and tables of a run, by name; without the executed notebooks, which hold times."""
    found = [*folder.glob("*.html"), *folder.glob("teams/*.html"), *folder.glob("*.csv")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
