"""Both years' assessments of a run, computed once and handed to every notebook of the run.

A run writes them into a private file and names it to its kernels in the environment. A notebook that
asks for the same data, year and rubric is given them; any other question is answered as ever.
"""

from __future__ import annotations

import os
import pickle
from functools import lru_cache
from pathlib import Path

from assess_lib.atomic import replacing
from assess_lib.resources import find
from assess_lib.scoring.assessment import Assessment

VARIABLE = "ASSESS_PREPARED"
Years = tuple[Assessment, Assessment | None]


def write_prepared(path: str | Path, data: str | Path, year: int, rubric: str | Path | None, years: Years) -> Path:
    """Write the assessments of a year and the year before for the notebooks of a run.

    The file is read back by pickle: it belongs in a folder that nobody else may write to.
    """
    path = Path(path)
    with replacing(path) as written, written.open("wb") as file:
        pickle.dump((_question(data, year, rubric), years), file, protocol=5)
    return path


def prepared(data: str | Path, year: int, rubric: str | Path | None) -> Years | None:
    """The assessments that the run prepared, None where there are none or it was asked something else."""
    path = os.environ.get(VARIABLE)
    if not path:
        return None
    try:
        question, years = read_prepared(path)
    except FileNotFoundError:
        return None
    return years if question == _question(data, year, rubric) else None


@lru_cache(maxsize=1)
def read_prepared(path: str) -> tuple[tuple, Years]:
    """What was asked, and the assessments; read once per process."""
    with open(path, "rb") as file:
        return pickle.load(file)


def _question(data: str | Path, year: int, rubric: str | Path | None) -> tuple[str, int, str]:
    return str(find(data).resolve()), int(year), "" if rubric in (None, "") else str(find(rubric).resolve())
