"""The evaluators' workbench in JupyterLab: widgets that show what the library knows and call what it does.

The workbench is imported when it is asked for: what starts JupyterLab stands beside it, and needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess_lib.workbench.app import Workbench, open_workbench

__all__ = ["Workbench", "open_workbench"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from assess_lib.workbench import app

    return getattr(app, name)
