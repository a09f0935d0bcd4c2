"""The desk: JupyterLab shows the workbench alone, and runs it by itself."""

from __future__ import annotations

import json
from pathlib import Path

from assess_lib.resources import NOTEBOOKS
from assess_lib.words import html_tag, translate

NOTEBOOK = f"{NOTEBOOKS}/workbench.ipynb"
WORDS = ("starting", "kernel", "opening", "no_kernel", "failed", "died", "lost", "again", "notebook")
_EXTENSIONS = Path(__file__).with_name("desk_extension")


def desk_options(lang: str) -> list[str]:
    """What JupyterLab is told so that the page of the workbench shows nothing else.

    The extension is found where it lies; what it says reaches it in the page's configuration.
    """
    words = {key: translate(f"workbench.desk.{key}", lang) for key in WORDS}
    desk = {
        "notebook": NOTEBOOK,
        "tag": html_tag(lang),
        "words": {**words, "title": translate("workbench.title", lang)},
    }
    settings = {"page_config_data": {"assessDesk": desk}}
    return [
        f"--LabApp.extra_labextensions_path={_EXTENSIONS}",
        f"--ServerApp.tornado_settings={json.dumps(settings)}",
    ]
