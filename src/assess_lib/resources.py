"""Where things stand: what comes with the program, the project one works in, and the data folder one names.

A checkout has ``parameters/`` and ``notebooks/`` at its top; an installed package carries them in ``bundled/``.
"""

from __future__ import annotations

import os
from pathlib import Path

from assess_lib.faults import Fault, UnusableInput

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
RUBRICS, CALENDAR, NOTEBOOKS = "parameters/rubrics", "parameters/calendar.yaml", "notebooks"
PLAUSIBILITY, COLUMN_NAMES = "parameters/plausibility.yaml", "parameters/column_names.yaml"
SETTINGS = (CALENDAR, PLAUSIBILITY, COLUMN_NAMES)  # what decides points beside the rules
SAMPLE = "data/sample"


def project_root() -> Path:
    """The nearest folder from here upwards that has rubrics of its own, else the checkout, else the working folder."""
    return Path(_root())


def shipped(name: str) -> Path:
    """A file or folder that comes with the program, by its name in the checkout; the project's own where it has one."""
    own, bundled = os.path.join(_root(), name), os.path.join(_PACKAGE, "bundled", name)
    return Path(own if os.path.exists(own) or not os.path.exists(bundled) else bundled)


def _root() -> str:
    """The project's folder as text: it is asked for hundreds of times in a check, and a Path for each parent is slow."""
    here = folder = os.getcwd()
    while not os.path.isdir(os.path.join(folder, RUBRICS)):
        above = os.path.dirname(folder)
        if above == folder:
            return str(_CHECKOUT) if (_CHECKOUT / RUBRICS).is_dir() else here
        folder = above
    return folder


def data_folder(data: str | Path) -> Path:
    """A data folder as it was named, relative to the working folder; the sample of the checkout where none was named.

    Raises UnusableInput when there is no such folder.
    """
    folder = Path(data) if str(data).strip() else sample_folder()
    if not folder.is_dir():
        raise UnusableInput([Fault("places.no_data", str(folder.absolute()))])
    return folder


def sample_folder() -> Path:
    """The sample of the checkout, or of the project one works in. Raises UnusableInput where neither has one."""
    places = (project_root() / SAMPLE, _CHECKOUT / SAMPLE)
    for folder in places:
        if folder.is_dir():
            return folder
    raise UnusableInput([Fault("places.no_sample", str(places[0]))])
