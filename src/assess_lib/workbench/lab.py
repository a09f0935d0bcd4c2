"""JupyterLab as evaluators get it: in their language, without news, on this machine alone, at the workbench."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assess_lib import assessment_cache
from assess_lib.atomic import new_folder
from assess_lib.ledger import store
from assess_lib.resources import NOTEBOOKS, data_folder, project_root, sample_folder, shipped
from assess_lib.words import catalogue

PRACTICE = "data/practice"
NOTEBOOK = f"{NOTEBOOKS}/workbench.ipynb"
DATA, YEAR, LANG = "ASSESS_DATA", "ASSESS_YEAR", "ASSESS_LANG"
_SETTINGS = Path(__file__).with_name("lab_settings")


def lab_command(lang: str, port: int | None = None, browser: bool = True) -> list[str]:
    """The command that starts JupyterLab: bound to loopback, its token on, asking nothing of the network."""
    settings = next(folder for each in catalogue().fallbacks(lang) if (folder := _SETTINGS / each).is_dir())
    return [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        f"--ServerApp.root_dir={project_root()}",
        "--ServerApp.ip=127.0.0.1",
        *([f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []),
        *([] if browser else ["--no-browser"]),
        f"--LabServerApp.app_settings_dir={settings}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.default_url=/doc/tree/{NOTEBOOK}",
        *(["--allow-root"] if _is_root() else []),
    ]


def start_lab(
    data: str | Path | None,
    year: int | None,
    lang: str = "zh",
    port: int | None = None,
    browser: bool = True,
    more: Sequence[str] = (),
) -> int:
    """Start JupyterLab and wait for its end. Returns its exit code.

    Parameters: ``data``, ``year`` what the workbench opens; ``more`` goes to JupyterLab as it is. Raises UnusableInput
    for a data folder that there is not.
    """
    surroundings = {**os.environ, LANG: lang}
    if data:
        surroundings[DATA] = str(data_folder(data).resolve())
    if year:
        surroundings[YEAR] = str(year)
    _lay_out_notebooks()
    process = subprocess.Popen([*lab_command(lang, port, browser), *more], env=surroundings)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGTERM)  # once, without the question that it asks on Ctrl-C


def _lay_out_notebooks() -> None:
    """Put the notebooks that an installed package carries where JupyterLab can open them; those there stay as they are."""
    folder, carried = project_root() / NOTEBOOKS, shipped(NOTEBOOKS)
    if folder != carried and not folder.exists():
        shutil.copytree(carried, folder)


def practice_data() -> Path:
    """A copy of the sample to try things on, made when it is first asked for; the sample itself stays as it is."""
    folder = project_root() / PRACTICE
    if not folder.is_dir():
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
