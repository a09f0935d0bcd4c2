"""A process that assesses all teams, so that the runner holds only what is told of them.

It keeps the tables and the figures, writes what a run needs of them, and is gone before the first
notebook runs; the runner's memory does not grow with the data.
"""

from __future__ import annotations

import signal
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from assess_lib.api import load_years
from assess_lib.assessment_cache import Years, question, write_years
from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.pages.site.side_by_side import PAGE as SIDE_BY_SIDE
from assess_lib.pages.site.side_by_side import side_by_side_page
from assess_lib.pages.site.what_if import PAGE as WHAT_IF
from assess_lib.pages.site.what_if import what_if_page
from assess_lib.progress import Tell, silent
from assess_lib.records.record import write_record
from assess_lib.resources import data_folder
from assess_lib.runs.fingerprints import current_program, files_read
from assess_lib.scorecard.overview import Overview, overview, with_points
from assess_lib.tables.quarantine import keep_aside
from assess_lib.workers import follow_parent, quiet_context

PAUSE = 0.2  # seconds between two words on how far it is, in one phase


class HowFar(NamedTuple):
    """A word on how far the process is, between two answers."""

    phase: str
    done: int
    of: int


Asked = tuple[str | Path, int, str | Path | None]


class AssessmentProcess:
    """The process; to be used as a context, or closed.

    Parameters: as for ``open_scorecard``; ``tell`` how far it is.
    """

    def __init__(self, data: str | Path, year: int, rubric: str | Path | None, tell: Tell = silent):
        context, self._tell = quiet_context(), tell
        self._asked: Asked = (data, year, rubric)
        self._end, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._asked), daemon=True)
        self._process.start()
        other.close()

    def overviews(self) -> tuple[Overview, Overview | None]:
        """The overviews of the year, with the signs of its heat map, and of the year before.

        Raises UnusableInput when input or rubric cannot be used, and when the process dies.
        """
        years: tuple[Overview, Overview | None] = self._answer()
        return years

    def write_results(self, folder: Path, lang: str) -> None:
        """Write ``scores.csv``, ``points.csv``, what else is on record of the run, and the pages of all teams beside the list. Raises OSError."""
        self._ask("results", folder, lang)

    def hand_over(self, path: Path) -> None:
        """Write the assessments for the notebooks of a run, and end. Raises OSError."""
        try:
            self._ask("prepared", path)
        finally:
            self.close()

    def close(self) -> None:
        """End the process."""
        self._end.close()
        self._process.terminate()
        self._process.join()

    def __enter__(self) -> AssessmentProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, what: str, *about: object) -> None:
        try:
            self._end.send((what, *about))
        except OSError:
            pass  # the process is gone, which its answer tells
        self._answer()

    def _answer(self) -> Any:
        try:
            while isinstance(answer := self._end.recv(), HowFar):
                self._tell(answer.phase, answer.done, answer.of)
        except (EOFError, OSError):  # the latter where it dies before it has heard what it was asked
            raise UnusableInput([Fault("run.assessor_died", str(self._asked[0]))]) from None
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _serve(end: Connection, asked: Asked) -> None:
    """In the process: assess, then write what is asked for until nobody asks any more."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # before interrupts are let in: the runner ends this process when it is interrupted
    follow_parent()
    try:
        years = load_years(*asked, aside=keep_aside, tell=_telling(end))
        now, before = years
        end.send((with_points(overview(now, before), now.points), before and overview(before)))
    except Exception as error:  # noqa: BLE001 - told to the runner, which raises it
        end.send(_with_its_traceback(error))
        return
    while True:
        try:
            what, path, *about = end.recv()
        except EOFError:
            return
        try:
            _record(years, path, asked, *about) if what == "results" else write_years(path, question(*asked), years)
            end.send(None)
        except Exception as error:  # noqa: BLE001
            end.send(_with_its_traceback(error))


def _with_its_traceback(error: Exception) -> Exception:
    """The error, with a note of where it was raised, which does not travel between processes."""
    if not isinstance(error, (UnusableInput, OSError)):
        error.add_note("".join(traceback.format_exception(error)))
    return error


def _telling(end: Connection) -> Tell:
    """What tells the runner how far this process is, not more often than anybody looks."""
    last, phase_told = 0.0, ""

    def tell(phase: str, done: int = 0, of: int = 0) -> None:
        nonlocal last, phase_told
        now = time.monotonic()
        if phase != phase_told or now - last > PAUSE:
            end.send(HowFar(phase, done, of))
            last, phase_told = now, phase

    return tell


def _record(years: Years, folder: Path, asked: Asked, lang: str) -> None:
    write_record(folder, years, current_program(), files_read(years), data_folder(asked[0]))
    now, shown = years[0], overview(years[0])
    write_text(folder / SIDE_BY_SIDE, side_by_side_page(shown, now.points, lang))
    write_text(folder / WHAT_IF, what_if_page(shown, now.points, now.terms, lang))
