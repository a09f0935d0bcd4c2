"""The kernels of a run: what all notebooks need is computed once and lies ready for them."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assess_lib.kernels.client import PRELOAD, KernelPlace, NoWarmKernels, WarmKernels, private_folder
from assess_lib.results.prepared import VARIABLE, Years, write_prepared
from assess_lib.runs.jobs import Job

PREPARED = ".prepared.part"  # swept by the next run, should this one not come to its end
REHEARSE = "assess_lib.runs.rehearsal:rehearse"
log = logging.getLogger("assess_lib.runs")


@contextmanager
def kernels_for(work: Sequence[Job], years: Years, folder: Path, warm: bool) -> Iterator[KernelPlace]:
    """Where the kernels of these jobs come from, for as long as the run lasts.

    Parameters
    ----------
    work : the jobs; without any, nothing is started.
    years : the assessments of the year and the year before.
    folder : the run's folder; keeps what is prepared until the end.
    warm : fork kernels from a warm process. Where that cannot be, ordinary ones serve.

    What cannot be prepared (a full disk) each notebook computes for itself.
    """
    if not work:
        yield KernelPlace()
        return
    sockets, ready = private_folder(), folder / PREPARED
    try:
        environment = _prepared(ready, work[0], years)
        prepare = [(REHEARSE, (str(ready), work[0].lang))] if environment else []
        with _warm(prepare, sockets) if warm else _ordinary() as address:
            yield KernelPlace(bool(address), address, (), sockets, environment)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
        ready.unlink(missing_ok=True)


def _prepared(ready: Path, job: Job, years: Years) -> dict[str, str]:
    asked = job.parameters
    try:
        write_prepared(ready, asked["data"], asked["year"], asked["rubric"], years)
    except OSError as error:
        log.warning("every notebook computes for itself: %s", error)
        return {}
    return {VARIABLE: str(ready)}


@contextmanager
def _warm(prepare: list, sockets: str) -> Iterator[str]:
    try:
        kernels = WarmKernels(prepare, PRELOAD, sockets)
    except NoWarmKernels as why:
        log.warning("ordinary kernels instead of warm ones: %s", why)
        yield ""
        return
    with kernels:
        yield kernels.address


@contextmanager
def _ordinary() -> Iterator[str]:
    yield ""
