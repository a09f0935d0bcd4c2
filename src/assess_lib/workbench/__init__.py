"""The evaluators' workbench in JupyterLab: widgets that show what the library knows and call what it does."""

from assess_lib.workbench.app import Workbench, open_workbench

__all__ = ["Workbench", "open_workbench"]
