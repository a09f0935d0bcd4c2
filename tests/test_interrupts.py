"""Ctrl-C ends any command with exit code 130, in words, with nothing half-written; the workbench takes its server along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from click.testing import CliRunner
from support.situations import SAMPLE

from assess_lib.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of Unix")]

LAB = """
import sys
from assess_lib.workbench import lab
server = "import os, signal, time; {at_start}; print('up', os.getpid(), flush=True); time.sleep(60)"
lab.lab_command = lambda *_: [sys.executable, "-c", server]
lab._lay_out_notebooks = lambda: None
lab.ENDS_WITHIN = 0.5
sys.exit(lab.start_lab(None, 2016))
"""


def command(*given: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *given],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores Ctrl-C
    )


@pytest.mark.parametrize(
    "at_start", ["pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"], ids=["ends", "will not"]
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_workbench_takes_its_server_along(number, at_start) -> None:
    runner = command("-c", LAB.format(at_start=at_start))
    server = psutil.Process(int(runner.stdout.readline().split()[1]))
    os.killpg(runner.pid, number)
    _, told = runner.communicate(timeout=30)
    assert runner.returncode == 128 + number and "Traceback" not in told
    assert psutil.wait_procs([server], timeout=5)[1] == []


def test_a_server_that_ends_by_itself_ends_the_workbench_with_its_code() -> None:
    runner = command("-c", LAB.replace("time.sleep(60)", "raise SystemExit(7)").format(at_start="pass"))
    runner.communicate(timeout=30)
    assert runner.returncode == 7


@pytest.mark.slow
def test_jupyterlab_ends_with_the_workbench(monkeypatch, tmp_path) -> None:
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    runner = command("-m", "assess_lib.cli", "lab", str(SAMPLE), "--year", "2016", "--no-browser")
    deadline = time.monotonic() + 90
    for line in runner.stderr:
        if "http://127.0.0.1" in line or time.monotonic() > deadline:
            break
    family = psutil.Process(runner.pid).children(recursive=True)
    assert family, "the server runs"
    runner.terminate()
    _, told = runner.communicate(timeout=60)
    assert runner.returncode == 128 + signal.SIGTERM and "Traceback" not in told
    assert psutil.wait_procs(family, timeout=10)[1] == []


@pytest.mark.parametrize("pause", [0.25, 0.5, 0.8])
def test_ctrl_c_shows_no_traceback_and_leaves_nothing_half_written(pause, home, tmp_path) -> None:
    """Also while the program is loaded, and while processes are started."""
    out = tmp_path / "out"
    runner = command(
        "-m", "assess_lib.cli", "run", str(home.parent), "--year", "2016", "--out", str(out), "--jobs", "2"
    )
    deadline = time.monotonic() + 30
    while psutil.Process(runner.pid).cpu_times().user < pause and time.monotonic() < deadline:
        time.sleep(0.01)  # of its own time, which does not pass while the machine does other work
    family = psutil.Process(runner.pid).children(recursive=True)
    os.killpg(runner.pid, signal.SIGINT)
    _, told = runner.communicate(timeout=60)
    assert runner.returncode == 130 and "Traceback" not in told, told
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert [path.name for folder in (out, home.parent) for path in folder.rglob("*.part*")] == []


@pytest.mark.parametrize(
    "given",
    [
        ["rubric", "check", "parameters/rubrics/hubei-2016.yaml"],
        ["check", str(SAMPLE), "--year", "2016"],
        ["score", str(SAMPLE), "--year", "2016", "--out", "out"],
        ["publish", "run", "--out", "public"],
        ["verify", "public"],
        ["diff", "a", "b"],
        ["lab", str(SAMPLE)],
        ["ledger", "check", str(SAMPLE)],
    ],
    ids=lambda given: " ".join(given[:2]) if given[0] in ("rubric", "ledger") else given[0],
)
def test_every_command_ends_with_130(given, monkeypatch, tmp_path) -> None:
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for place in (
        "rules.loading.check_rubric",
        "runs.checking.check_folder",
        "api.load_rubric",
        "publishing.edition.publish",
        "publishing.verify.editions_in",
        "records.record.read_record",
        "workbench.lab.start_lab",
        "ledger.store.Ledger.entries",
    ):
        monkeypatch.setattr(f"assess_lib.{place}", interrupted)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 130 and "已中断" in done.output
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_a_library_in_c_is_loaded_leaves_as_ever() -> None:
    """numpy, matplotlib and others turn it into an ImportError whose cause it is."""
    asked = """
import assess_lib.cli
def main():
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt as stopped:
        raise ImportError("initialization failed") from stopped
assess_lib.cli.main = main
from assess_lib.cli.__main__ import start
start()
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "")
    other = asked.replace(" from stopped", " from None").replace("raise KeyboardInterrupt", "raise ValueError")
    failed = subprocess.run(
        [sys.executable, "-c", other.replace("except KeyboardInterrupt", "except ValueError")],
        capture_output=True,
        text=True,
    )
    assert failed.returncode == 1 and "initialization failed" in failed.stderr
