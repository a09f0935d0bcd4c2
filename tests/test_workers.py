"""Pools of processes: forked or spawned, they give the same, also where the folder of temporary files has a long name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SQUARES = """
import sys
from assess_lib.workers import in_order, quiet_context
def square(number): return number * number
if __name__ == "__main__":
    print(list(in_order(square, range(5), 2)), quiet_context().get_start_method())
"""


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "method"), [("t", "forkserver"), ("t" * 90, "spawn")])
def test_a_pool_works_whatever_the_name_of_the_folder_of_temporary_files(folder, method, tmp_path) -> None:
    """The name of a socket has 107 bytes at most, and that of a server of forks lies in this folder."""
    home = (
        tmp_path / folder
        if method == "spawn"
        else tmp_path.parents[len(tmp_path.parents) - 2] / f"assess-{os.getpid()}"
    )
    home.mkdir()
    program = tmp_path / "squares.py"
    program.write_text(SQUARES)
    try:
        done = subprocess.run(
            [sys.executable, str(program)], env=os.environ | {"TMPDIR": str(home)}, capture_output=True, text=True
        )
    finally:
        if method == "forkserver":
            home.rmdir()
    wanted = method if sys.platform == "linux" else "spawn"
    assert done.stdout.split("] ") == ["[0, 1, 4, 9, 16", f"{wanted}\n"], done.stderr
