"""The manifest of an edition: the digest of every file, and the sources of its results."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.progress import Tell, silent
from assess_lib.records.provenance import FrozenModel, Sources
from assess_lib.tables.input_files import file_digest

NAME, SEAL, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sha256", "manifest.sig", "public-key.pem"
OUTSIDE = (NAME, SEAL, SIGNATURE, PUBLIC_KEY)
CHANGED, MISSING, EXTRA, STAGE = "changed", "missing", "extra", "stage"


class EditionBefore(FrozenModel):
    """The edition before: its number, and the SHA-256 of its manifest."""

    edition: int
    manifest: str


class Manifest(FrozenModel):
    """The content of ``manifest.json``.

    ``note`` why there is another edition; ``draft`` whether it was published before all teams were final; ``before`` None for the first; ``files`` the SHA-256 of every file by its
    path in the edition.
    """

    format: Literal[1] = 1
    year: int
    edition: int
    note: str
    lang: str
    draft: bool = False
    inputs: Sources
    before: EditionBefore | None
    files: dict[str, str]


@dataclass(frozen=True)
class Flaw:
    """A file that is not as it was published: ``changed``, ``missing``, or ``extra`` (not published).

    ``stage``: the manifest says draft or final against the stage on the record.
    """

    kind: str
    name: str


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest into its folder, and its seal, which ``sha256sum -c`` can check. Raises OSError."""
    text = manifest.json_text()
    write_text(folder / NAME, text)
    write_text(folder / SEAL, f"{hashlib.sha256(text.encode()).hexdigest()}  {NAME}\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder. Raises UnusableInput when there is none or it cannot be read."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise UnusableInput([Fault("publish.no_edition", str(folder))]) from None
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except OSError as error:
        why = str(error)
    raise UnusableInput([Fault("publish.manifest", str(folder / NAME), details={"why": why})])


def file_digests_of(folder: Path, tell: Tell = silent) -> dict[str, str]:
    """The SHA-256 of every file of an edition by its path in it, without the manifest and what signs it."""
    names, found = _names(folder), dict[str, str]()
    for number, name in enumerate(names, start=1):
        found[name] = file_digest(folder / name)
        tell("digests", number, len(names))
    return found


def flaws(folder: Path, manifest: Manifest, tell: Tell = silent) -> list[Flaw]:
    """Every file of a folder that is not as the manifest says, and the manifest itself where its seal does not fit."""
    expected, there = manifest.files, file_digests_of(folder, tell)
    differing = [Flaw(MISSING, name) for name in expected if name not in there]
    differing += [Flaw(EXTRA, name) for name in there if name not in expected]
    differing += [Flaw(CHANGED, name) for name in there if name in expected and there[name] != expected[name]]
    try:
        sealed = (folder / SEAL).read_text(encoding="utf-8") == f"{file_digest(folder / NAME)}  {NAME}\n"
        differing += [] if sealed else [Flaw(CHANGED, NAME)]
    except FileNotFoundError:
        differing.append(Flaw(MISSING, SEAL))
    except (OSError, ValueError):
        differing.append(Flaw(CHANGED, SEAL))
    return sorted(differing, key=lambda flaw: (flaw.name, flaw.kind))


def _names(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name not in OUTSIDE)
