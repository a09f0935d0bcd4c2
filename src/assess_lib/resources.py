"""Where things of the project stand, from wherever a notebook or command is started."""

from __future__ import annotations

from pathlib import Path

from assess_lib.faults import Fault, UnusableInput

_CHECKOUT = Path(__file__).resolve().parents[2]


def project_root() -> Path:
    """The folder that holds ``parameters/rubrics``: here, above here, or the checkout of this package."""
    here = Path.cwd()
    for folder in (here, *here.parents, _CHECKOUT):
        if (folder / "parameters" / "rubrics").is_dir():
            return folder
    raise UnusableInput([Fault("places.no_project", str(here))])


def find(path: str | Path) -> Path:
    """A path as given when it exists from here, else the same path from the project's top."""
    given = Path(path)
    if given.is_absolute() or given.exists():
        return given
    for folder in (Path.cwd(), *Path.cwd().parents, _CHECKOUT):
        if (folder / given).exists():
            return folder / given
    return given
