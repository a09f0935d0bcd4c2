"""JupyterLab as evaluators get it: in their language, without news, on this machine alone, at the workbench."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assess_lib.atomic import new_folder
from assess_lib.kernels.client import NAME, PRELOAD, NoWarmKernels, WarmKernels, can_fork
from assess_lib.resources import NOTEBOOKS, data_folder, project_root, sample_folder, shipped
from assess_lib.words import catalogue
from assess_lib.workbench.desk import NOTEBOOK, desk_options

PRACTICE = "data/practice"
DATA, YEAR, LANG = "ASSESS_DATA", "ASSESS_YEAR", "ASSESS_LANG"
WARM_UP = "assess_lib.workbench.warm:warm_up"
ENDS_WITHIN = 10.0  # seconds, else it is killed
_ENDING = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
_SETTINGS = Path(__file__).with_name("lab_settings")


def lab_command(
    lang: str, port: int | None = None, browser: bool = True, notebook: bool = False, warm: str = ""
) -> list[str]:
    """The command that starts JupyterLab: bound to loopback, its token on, asking nothing of the network.

    Parameters: ``notebook`` whether the notebook is shown as JupyterLab shows any, in the place of the workbench alone;
    ``warm`` address of the warm process from which kernels are forked, blank for ordinary kernels.
    """
    settings = next(folder for each in catalogue().fallbacks(lang) if (folder := _SETTINGS / each).is_dir())
    return [
        sys.executable,
        "-m",
        "assess_lib.workbench.server",
        f"--ServerApp.root_dir={project_root()}",
        "--ServerApp.ip=127.0.0.1",
        *([f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []),
        *([] if browser else ["--no-browser"]),
        f"--LabServerApp.app_settings_dir={settings}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.default_url=/doc/tree/{NOTEBOOK}",
        *([] if notebook else desk_options(lang)),
        *([f"--WarmProvisioner.address={warm}"] if warm else []),
        *(["--allow-root"] if _is_root() else []),
    ]


def start_lab(
    data: str | Path | None,
    year: int | None,
    lang: str = "zh",
    port: int | None = None,
    browser: bool = True,
    more: Sequence[str] = (),
    notebook: bool = False,
) -> int:
    """Start JupyterLab and wait for its end. Returns its exit code; 128 and the number of a signal that ended both.

    Ctrl-C, SIGTERM, and a terminal that is closed end the server with this process.

    Parameters: ``data``, ``year`` what the workbench opens; ``more`` goes to JupyterLab as it is;
    ``notebook`` as for ``lab_command``. Raises UnusableInput for a data folder that there is not.
    """
    surroundings = {**os.environ, LANG: lang}
    if data:
        surroundings[DATA] = str(data_folder(data).resolve())
    if year:
        surroundings[YEAR] = str(year)
    _lay_out_notebooks()
    with _ended_together() as ended, _warm(surroundings) as warm:
        if warm:
            surroundings["JUPYTER_DEFAULT_PROVISIONER_NAME"] = NAME
        process = subprocess.Popen(
            [*lab_command(lang, port, browser, notebook, warm), *more], env=surroundings, start_new_session=True
        )  # in a session of its own, so that Ctrl-C reaches it as the signal below, without a question
        asked_at = 0.0
        while process.poll() is None:
            if ended and not asked_at:
                asked_at = time.monotonic()
                process.terminate()
            elif asked_at and time.monotonic() > asked_at + ENDS_WITHIN:
                process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
    return 128 + ended[0] if ended else process.returncode


@contextmanager
def _warm(surroundings: dict[str, str]) -> Iterator[str]:
    """The address of a process that gets ready, while the server starts, what every workbench needs; blank for none."""
    if not can_fork():
        yield ""
        return
    opened = tuple(surroundings.get(name, "") for name in (DATA, YEAR, LANG))
    try:
        kernels = WarmKernels(((WARM_UP, opened),), (*PRELOAD, WARM_UP.partition(":")[0]))
    except NoWarmKernels:
        yield ""
        return
    try:
        yield kernels.address
    finally:
        with suppress(ProcessLookupError):
            os.kill(kernels.pid, signal.SIGTERM)  # it may be busy, and not look whether it is still wanted
        kernels.close()


@contextmanager
def _ended_together() -> Iterator[list[int]]:
    """The signals that ask this process to end, as they come, for as long as the block lasts; it is not ended by them."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _ENDING}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _lay_out_notebooks() -> None:
    """Put the notebooks that an installed package carries where JupyterLab can open them; those there stay as they are."""
    folder, carried = project_root() / NOTEBOOKS, shipped(NOTEBOOKS)
    if folder != carried and not folder.exists():
        shutil.copytree(carried, folder)


def practice_data() -> Path:
    """A copy of the sample to try things on, made when it is first asked for; the sample itself stays as it is."""
    folder = project_root() / PRACTICE
    if not folder.is_dir():
        from assess_lib import assessment_cache  # with all that assesses, which starting the server needs not wait for
        from assess_lib.ledger import store

        private = shutil.ignore_patterns(store.FOLDER, f"{store.FOLDER}.*", assessment_cache.FOLDER, "quarantine")
        try:
            with new_folder(folder) as written:
                shutil.copytree(sample_folder(), written, ignore=private, dirs_exist_ok=True)
        except OSError:
            if not folder.is_dir():  # else somebody else made it meanwhile
                raise
    return folder


def start_options() -> dict[str, Any]:
    """The data, year and language that ``assess lab`` was told to open; blank or None without it."""
    year = os.environ.get(YEAR, "")
    return {
        "data": os.environ.get(DATA, ""),
        "year": int(year) if year.isdigit() else None,
        "lang": os.environ.get(LANG, ""),
    }


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
