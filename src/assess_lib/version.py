"""The version of the program, as pages and manifests name it, and a digest of its code."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"


@cache
def code_digest() -> str:
    """A digest of the program's own files, the same for a checkout and an installed package."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent
    names = {path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.is_file()}
    for name in sorted(names):
        if not name.startswith("bundled/") and not name.endswith(".pyc"):
            digest.update(name.encode() + b"\0" + names[name].read_bytes())
    return digest.hexdigest()[:16]
