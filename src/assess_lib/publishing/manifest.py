"""The manifest of an edition: the digest of every file, and what it was made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.records.record import file_digest

NAME, SEAL, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sha256", "manifest.sig", "public-key.pem"
FORMAT = 1
OUTSIDE = (NAME, SEAL, SIGNATURE, PUBLIC_KEY)
CHANGED, MISSING, EXTRA = FLAWS = ("changed", "missing", "extra")


@dataclass(frozen=True)
class Flaw:
    """A file that is not as it was published: ``changed``, ``missing``, or ``extra`` (not published)."""

    kind: str
    name: str


def write_manifest(folder: Path, about: dict) -> dict:
    """Write the manifest of a folder that is complete, and its seal, which ``sha256sum -c`` can check. Raises OSError.

    Parameters: ``about`` what is told of the edition: year, edition, note, inputs.
    """
    told = {"format": FORMAT, **about, "files": {name: file_digest(folder / name) for name in _names(folder)}}
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_text(folder / NAME, text)
    write_text(folder / SEAL, f"{hashlib.sha256(text.encode()).hexdigest()}  {NAME}\n")
    return told


def read_manifest(folder: Path) -> dict:
    """The manifest of a folder. Raises UnusableInput when there is none or it cannot be read."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableInput([Fault("publish.no_edition", str(folder))]) from None
    except (OSError, ValueError) as error:
        raise UnusableInput([Fault("publish.manifest", str(folder / NAME), details={"why": str(error)})]) from None
    names = told.get("files") if isinstance(told, dict) and told.get("format") == FORMAT else None
    if not isinstance(names, dict) or not all(isinstance(told.get(key), int) for key in ("year", "edition")):
        raise UnusableInput([Fault("publish.manifest", str(folder / NAME), details={"why": "format"})])
    return told


def flaws(folder: Path, told: dict) -> list[Flaw]:
    """Every file of a folder that is not as the manifest says, and the manifest itself where its seal does not fit."""
    expected, there = told["files"], set(_names(folder))
    found = [Flaw(MISSING, name) for name in expected if name not in there]
    found += [Flaw(EXTRA, name) for name in there if name not in expected]
    found += [Flaw(CHANGED, name) for name in there & set(expected) if file_digest(folder / name) != expected[name]]
    try:
        sealed = (folder / SEAL).read_text(encoding="utf-8") == f"{file_digest(folder / NAME)}  {NAME}\n"
        found += [] if sealed else [Flaw(CHANGED, NAME)]
    except FileNotFoundError:
        found.append(Flaw(MISSING, SEAL))
    except (OSError, ValueError):
        found.append(Flaw(CHANGED, SEAL))
    return sorted(found, key=lambda flaw: (flaw.name, flaw.kind))


def _names(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name not in OUTSIDE)
