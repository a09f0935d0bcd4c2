"""The kernels of a run: what all notebooks need is computed once and lies ready for them."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assess_lib.assessment_cache import VARIABLE
from assess_lib.kernels.client import ORDINARY, KernelPlace, NoWarmKernels, Preparation, WarmKernels, private_folder
from assess_lib.prepared import prepared_folder
from assess_lib.runs.jobs import Job

WARM_UP = "assess_lib.runs.warm_up:warm_up"
log = logging.getLogger("assess_lib.runs")


@contextmanager
def kernels_for(
    work: Sequence[Job],
    hand_over: Callable[[Path], None],
    data: Path,
    folder: Path,
    warm: bool,
    elsewhere: bool = False,
) -> Iterator[KernelPlace]:
    """The source of the kernels of these jobs, for as long as the run lasts.

    Parameters
    ----------
    work : the jobs; without any, nothing is started.
    hand_over : writes the assessments of the year and the year before for the notebooks.
    data : the data folder; what is prepared lies beside it until the end, or in ``folder`` of the run where it is read-only.
    warm : fork kernels from a warm process. Where that cannot be, ordinary ones serve.
    elsewhere : the jobs run on other machines; each process there has a warm process of its own.

    What cannot be prepared (a full disk) each notebook computes for itself.
    """
    if not work:
        yield ORDINARY
        return
    with ExitStack() as stack:
        environment = _prepared(stack, hand_over, data, folder)
        prepare = ((WARM_UP, (environment[VARIABLE], work[0].lang)),) if environment else ()
        if elsewhere:
            yield KernelPlace(warm=warm, prepare=prepare, environment=environment)
        else:
            with _here(prepare, warm) as (address, sockets):
                yield KernelPlace(bool(address), address, (), sockets, environment)


def _prepared(stack: ExitStack, hand_over: Callable[[Path], None], data: Path, folder: Path) -> dict[str, str]:
    try:
        ready = stack.enter_context(prepared_folder(data, folder)) / "years"
        hand_over(ready)
    except OSError as error:
        log.warning("every notebook computes for itself: %s", error)
        return {}
    return {VARIABLE: str(ready.absolute())}


@contextmanager
def _here(prepare: Preparation, warm: bool) -> Iterator[tuple[str, str]]:
    """Address of a warm process of this machine, empty without one, and the folder for sockets."""
    sockets = private_folder()
    kernels = None
    try:
        if warm:
            try:
                kernels = WarmKernels(prepare, folder=sockets)
            except NoWarmKernels as why:
                log.warning("ordinary kernels instead of warm ones: %s", why)
        yield (kernels.address if kernels else ""), sockets
    finally:
        if kernels:
            kernels.close()
        shutil.rmtree(sockets, ignore_errors=True)
