"""A small notebook as a job, to be made to fail in every way."""

from __future__ import annotations

from pathlib import Path

import nbformat

from assess_lib.runs.jobs import Job


def job(tmp_path: Path, name: str = "T1", source: str = "1", **more) -> Job:
    """A notebook with a parameters cell and one cell of source, to be run into ``tmp_path/out``."""
    cells = [
        nbformat.v4.new_code_cell("team_id = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path / f"{name}.source.ipynb"
    nbformat.write(notebook, path)
    out = tmp_path / "out"
    return Job(
        name, path, tmp_path, out / f"{name}.ipynb", out / f"{name}.html", {"team_id": name}, "t", "", "zh", **more
    )
