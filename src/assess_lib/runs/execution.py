"""A notebook executed by papermill on a kernel of its own."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from traitlets.config import Config

from assess_lib.kernels.client import KernelPlace
from assess_lib.kernels.manager import RunKernelManager
from assess_lib.light_imports import WEB_ADDRESSES, without

with without(WEB_ADDRESSES):
    import papermill
    from nbformat import NotebookNode
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.iorw import write_ipynb

# Kernels remark on their transport at every start; what goes wrong in a cell comes through papermill.
# The pause after every cell is for clients that do not wait for the end of its outputs, as nbclient does.
KERNEL_ARGUMENTS = [
    "--IPKernelApp.log_level=50",
    "--HistoryManager.enabled=False",
    "--IPythonKernel._execute_sleep=0",
    "--IPKernelApp.outstream_class=assess_lib.kernels.streams.SentWhenWritten",
]
NEVER_CAME_UP = "Kernel died before replying to kernel_info"
ENGINE = "assess"


class RunEngine(NBClientEngine):
    """papermill's own engine, which writes a notebook when it is done or broken off, not after every cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, half_run: str = "", **kwargs: Any) -> Any:
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        except Exception:  # the kernel died or ran out of time; papermill itself handles errors of cells
            write_ipynb(nb_man.nb, half_run)
            raise


papermill_engines.register(ENGINE, RunEngine)


def execute(
    notebook: Path, written: Path, parameters: dict[str, Any], cwd: Path, cell_seconds: int, place: KernelPlace
) -> NotebookNode:
    """The executed notebook, also written to a file; a kernel that never came up is started once more.

    Over TCP, Jupyter chooses the ports of a kernel before the kernel takes them, so that now and
    then another process is quicker. Nothing of the notebook has run by then.

    Raises what papermill raises; the half-run notebook is then in the file.
    """
    here = place.here()
    kernels = {"warm": here.warm, "address": here.address, "folder": here.folder, "environment": here.environment}

    def run() -> NotebookNode:
        with _quiet():
            executed: NotebookNode = papermill.execute_notebook(
                str(notebook),
                str(written),
                parameters,
                cwd=str(cwd),
                progress_bar=False,
                log_output=False,
                engine_name=ENGINE,
                request_save_on_cell_execute=False,
                half_run=str(written),
                execution_timeout=cell_seconds,
                extra_arguments=KERNEL_ARGUMENTS,
                kernel_manager_class=RunKernelManager,
                config=Config({"RunKernelManager": kernels}),
            )
        return executed

    try:
        return run()
    except RuntimeError as error:
        if NEVER_CAME_UP not in str(error):
            raise
    return run()


def stopped_at(notebook: Path) -> int | None:
    """The number of the cell at which a half-run notebook stopped, counted from 1: the last that was begun."""
    try:
        cells = papermill.iorw.load_notebook_node(str(notebook)).cells
    except (OSError, ValueError, KeyError):
        return None
    begun = [
        number for number, cell in enumerate(cells, start=1) if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return begun[-1] if begun else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep papermill's and the kernels' start-up remarks off the screen; errors still come as outcomes."""
    log = logging.getLogger("papermill")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="papermill")
            yield
    finally:
        log.setLevel(level)
