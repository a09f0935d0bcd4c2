"""The ways of making scorecards that are measured against each other, all with the same notebook and data.

Each yields after every scorecard. Every one is given the assessment that was computed once
(``ASSESS_PREPARED``), so that what is compared is the running of notebooks.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assess_lib.assessment_cache import VARIABLE, read_once
from assess_lib.kernels.client import KernelPlace, WarmKernels
from assess_lib.runs.jobs import Job, executed
from assess_lib.runs.notebook_kernels import WARM_UP
from assess_lib.workers import Processes

BIN = Path(sys.executable).parent


def shell_loop(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """``papermill`` and ``jupyter nbconvert`` from the shell, a command each per scorecard."""
    for job in work:
        given = [part for name, value in job.parameters.items() for part in _option(name, value)]
        for command in (
            [BIN / "papermill", job.notebook, job.executed, *given, "--no-progress-bar"],
            [BIN / "jupyter", "nbconvert", "--to", "html", job.executed],
        ):
            subprocess.run(command, check=True, capture_output=True)
        yield


def papermill_loop(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """One process that calls papermill for one notebook after the other, and an HTMLExporter that is kept."""
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    for job in work:
        notebook = papermill.execute_notebook(
            str(job.notebook), str(job.executed), job.parameters, progress_bar=False, log_output=False
        )
        job.page.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
        yield


def ploomber_engine(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """ploomber-engine, cells in the process itself, so that state leaks from one notebook to the next; HTMLExporter kept."""
    from nbconvert import HTMLExporter
    from ploomber_engine import execute_notebook

    exporter = HTMLExporter()
    for job in work:
        notebook = execute_notebook(str(job.notebook), str(job.executed), parameters=job.parameters, progress_bar=False)
        job.page.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
        yield


def floor(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """A plain function that draws the sections and makes the page of them, in a forked child: no notebook, no kernel."""
    import nbconvert  # noqa: F401 - imported before the fork, as all the rest

    from assess_lib.runs.warm_up import warm_up

    warm_up(prepared, "zh")
    with contextlib.redirect_stdout(io.StringIO()):
        _draw(work[0], prepared)  # so that no child is the first to do anything
    for job in work:
        child = os.fork()
        if not child:
            with contextlib.redirect_stdout(io.StringIO()):
                _draw(job, prepared)
            os._exit(0)
        os.waitpid(child, 0)
        yield


def _draw(job: Job, prepared: str) -> None:
    import nbformat
    from IPython.core.formatters import DisplayFormatter

    from assess_lib.pages import scorecard_sections as show
    from assess_lib.pages.export import page
    from assess_lib.scorecard.scorecard import Scorecard

    shown, formatter = [], DisplayFormatter()

    def collect(*things) -> None:
        for thing in things:
            data, metadata = formatter.format(thing)
            shown.append(nbformat.NotebookNode(output_type="display_data", data=data, metadata=metadata))

    show.display = collect
    card = Scorecard(*read_once(prepared)[1], job.name, job.lang)
    for section in show.SECTIONS:
        section(card)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=shown)])
    job.page.write_text(page(notebook, job.title, job.lang, job.back), encoding="utf-8")


def ours(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """``assess run`` with one process."""
    yield from _ours(work, prepared, 1)


def ours_two(work: Sequence[Job], prepared: str) -> Iterator[None]:
    """``assess run`` with two processes."""
    yield from _ours(work, prepared, 2)


def _ours(work: Sequence[Job], prepared: str, processes: int) -> Iterator[None]:
    with WarmKernels(((WARM_UP, (prepared, "zh")),)) as warm:
        place = KernelPlace(True, warm.address, (), warm.folder, {VARIABLE: prepared})
        for outcome in executed(work, Processes(processes), place):
            assert not outcome.error, outcome
            yield


def _option(name: str, value) -> list[str]:
    return ["-r" if isinstance(value, str) else "-p", name, str(value)]
