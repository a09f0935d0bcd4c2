"""Kernels asked for one by one, and what a warm process is like when it begins to fork."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import threading
from pathlib import Path

import nbformat

from assess_lib.kernels.client import KernelPlace, WarmKernels
from assess_lib.runs.execution import execute


def note_state(path: str) -> None:
    """PublishRequest of a warm process: write down its threads, zmq contexts, event loops and open files."""
    import asyncio

    import zmq

    gc.collect()
    kinds = {"contexts": zmq.Context, "loops": asyncio.AbstractEventLoop}
    found = {name: sum(isinstance(thing, kind) for thing in gc.get_objects()) for name, kind in kinds.items()}
    found |= {"threads": threading.active_count(), "files": open_files("self")}
    Path(path).write_text(json.dumps(found), encoding="utf-8")


def open_files(pid: int | str) -> list[str]:
    """What a process holds open beside its standard streams: files, sockets, pipes, by their number on the machine."""
    home = f"/proc/{pid}/fd"
    found = []
    for number in os.listdir(home):
        with contextlib.suppress(FileNotFoundError):
            found += [os.readlink(f"{home}/{number}")] if int(number) > 2 else []
    return sorted(link for link in found if not link.startswith(("/dev/null", "anon_inode", "/proc/")))


def fail(reason: str) -> None:
    """PublishRequest of a warm process that is to come to nothing."""
    raise ValueError(reason)


def said(folder: Path, source: str, place: KernelPlace, name: str = "cell", seconds: int = 60) -> str:
    """What one cell prints on a kernel of its own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"{name}.source.ipynb"
    nbformat.write(notebook, path)
    done = execute(path, folder / f"{name}.ipynb", {}, folder, seconds, place)
    return "".join(output.text for output in done.cells[-1].outputs if output.output_type == "stream")


def place_of(warm: WarmKernels, **environment: str) -> KernelPlace:
    """Where kernels of a warm process come from."""
    return KernelPlace(True, warm.address, (), warm.folder, environment)
