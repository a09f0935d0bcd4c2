"""Kernels forked from a warm process: fresh, alone, and gone when they should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from support.jobs import job
from support.kernels import open_files, place_of, said

from assess_lib.kernels import client, provisioner
from assess_lib.kernels.client import KernelPlace, KernelProcess, NoWarmKernels, WarmKernels, can_fork
from assess_lib.runs.jobs import run_job

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("kernels"),
    pytest.mark.skipif(not can_fork(), reason="kernels are not forked here"),
]
HERE = str(Path(__file__).parent)


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    note = tmp_path_factory.mktemp("warm") / "state.json"
    with _warm([("support.kernels:note_state", (str(note),))]) as started:
        started.note = note
        yield started


def _warm(prepare: list) -> WarmKernels:
    """A warm process that finds the tests' own modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", HERE)
        return WarmKernels(prepare)


def kernel(warm: WarmKernels, folder: Path, name: str = "connection") -> KernelProcess:
    """A kernel that nobody talks to."""
    return KernelProcess(
        warm.address,
        ["-f", str(folder / f"{name}.json"), "--HistoryManager.enabled=False"],
        dict(os.environ),
        str(folder),
    )


def test_kernels_are_fresh_and_each_its_own(warm, tmp_path) -> None:
    source = """
import os, random, sys, numpy, pandas, pathlib
print(os.getpid(), random.random(), numpy.random.random(), "leak" in globals(), hasattr(pandas, "leak"))
print(pathlib.Path.cwd(), os.environ.get("GIVEN"), sys.argv[0], os.isatty(0))
leak = pandas.leak = 1
"""
    texts = [said(tmp_path, source, place_of(warm, GIVEN="here"), f"c{n}") for n in range(2)]
    (one, where), (two, _) = (text.strip().splitlines() for text in texts)
    pid, drawn, drawn_by_numpy, *state = one.split()
    other, again, again_by_numpy, *state_again = two.split()
    assert pid != other and drawn != again and drawn_by_numpy != again_by_numpy
    assert state == state_again == ["False", "False"]
    assert where == f"{tmp_path} here ipykernel_launcher False"


def test_modules_are_there_already(warm, tmp_path) -> None:
    source = "import sys; print([name in sys.modules for name in ('pandas', 'matplotlib.figure', 'IPython')])"
    assert said(tmp_path, source, place_of(warm)) == "[True, True, True]\n"


def test_a_warm_process_has_no_thread_context_or_loop_to_hand_on(warm, tmp_path) -> None:
    said(tmp_path, "1", place_of(warm))
    state = json.loads(warm.note.read_text(encoding="utf-8"))
    assert (state["threads"], state["contexts"], state["loops"]) == (1, 0, 0)


def test_a_kernel_holds_no_file_of_the_warm_process(warm, tmp_path) -> None:
    first, second = kernel(warm, tmp_path, "first"), kernel(warm, tmp_path, "second")
    _wait(lambda: (tmp_path / "first.json").exists() and (tmp_path / "second.json").exists())
    theirs = set(open_files(warm.pid)) | set(open_files(os.getpid()))
    for process in (first, second):
        assert not set(open_files(process.pid)) & theirs
    assert not set(open_files(first.pid)) & set(open_files(second.pid))
    for process in (first, second):
        process.kill()
        assert process.wait(10) == -signal.SIGKILL


def test_plots_of_pyplot_are_shown_as_in_an_ordinary_kernel(warm, tmp_path) -> None:
    import matplotlib.pyplot  # noqa: F401 - so that the names below are known

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "plot.ipynb")
    from assess_lib.runs.execution import execute

    done = execute(tmp_path / "plot.ipynb", tmp_path / "done.ipynb", {}, tmp_path, 60, place_of(warm))
    assert any("image/png" in output.get("data", {}) for output in done.cells[0].outputs)


def test_an_interrupt_reaches_the_cell_and_the_time_limit_holds(warm, tmp_path) -> None:
    source = """
import os, signal, threading, time
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    time.sleep(30)
except KeyboardInterrupt:
    print("interrupted")
"""
    assert said(tmp_path, source, place_of(warm)) == "interrupted\n"
    outcome = run_job(job(tmp_path, source="import time; time.sleep(3600)", cell_seconds=2), place_of(warm))
    assert "Timeout" in outcome.error and outcome.cell == 3 and outcome.notebook.endswith("T1.failed.ipynb")


def test_what_is_printed_stays_in_order_with_what_is_shown_and_nothing_is_lost(warm, tmp_path) -> None:
    source = """
import subprocess, sys, threading
for number in range(20):
    print("a", number, end=";"); print("e", number, end=";", file=sys.stderr); display(number)
threads = [threading.Thread(target=lambda n=n: [print(f"t{n}.{k} ", end="") for k in range(50)]) for n in range(4)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print("the last", end="")
"""
    assert "the last" in said(tmp_path, source, place_of(warm))
    outputs = nbformat.read(tmp_path / "cell.ipynb", 4).cells[-1].outputs
    for number, (out, error, shown) in enumerate(zip(*(iter(outputs[:60]),) * 3)):
        assert (out.text, error.text, shown.data["text/plain"]) == (f"a {number};", f"e {number};", str(number))
    printed = "".join(output.text for output in outputs[60:])
    assert sorted(printed.split()[:-2]) == sorted(f"t{n}.{k}" for n in range(4) for k in range(50))
    assert printed.endswith("the last")


def test_what_a_kernel_started_ends_with_it(warm, tmp_path) -> None:
    source = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    pid = int(said(tmp_path, source, place_of(warm)))
    _wait(lambda: _gone(pid))


def test_a_kernel_leaves_by_itself_when_its_notebook_is_done(warm, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(provisioner, "SHUT_DOWN_WITHIN", 600)
    pid = int(said(tmp_path, "import os; print(os.getpid())", place_of(warm)))
    _wait(lambda: _gone(pid))


def test_what_a_notebook_left_open_is_written_and_what_it_asked_for_at_the_end_is_done(tmp_path) -> None:
    source = """
import atexit, pathlib
left_open = open("left-open.txt", "w"); left_open.write("all of it")
atexit.register(lambda: pathlib.Path("done.txt").write_text("done"))
"""
    with _warm([]) as started:
        assert not run_job(job(tmp_path, source=source), place_of(started)).error
    assert (tmp_path / "left-open.txt").read_text() == "all of it"
    assert (tmp_path / "done.txt").read_text() == "done"


def test_a_kernel_that_will_not_leave_is_made_to(warm, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(provisioner, "SHUT_DOWN_WITHIN", 0.5)
    source = "import atexit, os, time; print(os.getpid()); atexit.register(time.sleep, 600)"
    pid = int(said(tmp_path, source, place_of(warm)))
    _wait(lambda: _gone(pid))


@pytest.mark.parametrize("end", ["close", "kill"] * 2)
def test_nothing_outlives_the_process_that_wanted_it(end, tmp_path) -> None:
    """A process that starts a warm process and a kernel ends in order, or is killed."""
    script = f"""
import os, sys
from assess_lib.kernels.client import KernelProcess, WarmKernels
warm = WarmKernels(preload=("assess_lib.kernels.child",))
kernel = KernelProcess(warm.address, ["-f", {str(tmp_path / "connection.json")!r}], dict(os.environ), "/")
print(warm.folder, warm.pid, kernel.pid, flush=True)
sys.stdin.readline()
warm.close()
"""
    starter = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder, *pids = starter.stdout.readline().split()
    family = [psutil.Process(int(pid)) for pid in pids]
    assert Path(folder).is_dir() and oct(Path(folder).stat().st_mode)[-3:] == "700"
    starter.kill() if end == "kill" else starter.stdin.close()
    starter.wait()
    assert psutil.wait_procs(family, timeout=10)[1] == []
    _wait(lambda: not Path(folder).exists())


def test_a_kernel_ends_with_its_warm_process(tmp_path) -> None:
    with WarmKernels(preload=("assess_lib.kernels.child",)) as warm:
        process = kernel(warm, tmp_path)
        _wait(lambda: (tmp_path / "connection.json").exists())
        os.kill(warm.pid, signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
        _wait(lambda: _gone(process.pid))
        with pytest.raises(NoWarmKernels):
            kernel(warm, tmp_path)


def test_where_no_kernel_can_be_forked_an_ordinary_one_serves(tmp_path, monkeypatch, caplog) -> None:
    place = KernelPlace(warm=True)
    monkeypatch.delattr(os, "fork")
    assert not can_fork() or sys.platform == "darwin"
    with pytest.raises(NoWarmKernels):
        WarmKernels()
    assert said(tmp_path, "print('served')", place) == "served\n"
    assert "ordinary kernel" in caplog.text


@pytest.mark.parametrize("environment", [{"PYTHONHASHSEED": "7"}, {"PYTHONPATH": "/nowhere"}])
def test_other_settings_of_python_ask_for_an_ordinary_kernel(environment, warm, tmp_path, caplog) -> None:
    source = f"import os; print(os.environ[{next(iter(environment))!r}], os.getppid())"
    value, parent = said(tmp_path, source, place_of(warm, **environment)).split()
    assert value == next(iter(environment.values())) and int(parent) == os.getpid()
    assert next(iter(environment)) in caplog.text


def test_a_warm_process_that_comes_to_nothing_turns_askers_away(tmp_path, capfd, caplog) -> None:
    with _warm([("support.kernels:fail", ("no such table",))]) as warm:
        assert said(tmp_path, "print('served')", place_of(warm)) == "served\n"
    assert "ordinary kernel" in caplog.text and "ValueError: no such table" in capfd.readouterr().err


def test_plain_papermill_finds_the_provisioner(tmp_path) -> None:
    """Twice in one process: the second kernel comes from the warm process that the first one started."""
    (tmp_path / "cell.ipynb").write_text(json.dumps(_cell("import os; print(os.getppid())")), encoding="utf-8")
    script = """
import os, papermill
pids = []
for n in range(2):
    done = papermill.execute_notebook("cell.ipynb", f"done{n}.ipynb", progress_bar=False)
    pids.append(int(done.cells[0].outputs[0].text))
print(pids[0] == pids[1] != os.getpid())
"""
    environment = os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "assess-warm"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "True", done.stderr


def test_a_process_has_one_warm_process_of_its_own_at_a_time(monkeypatch) -> None:
    started = []

    class Started:
        def __init__(self, prepare):
            started.append(prepare)

        def close(self):
            started.append("closed")

    monkeypatch.setattr(client, "WarmKernels", Started)
    monkeypatch.setattr(client, "_own", {})
    one = client.own_kernels((("a:b", ("x",)),))
    assert client.own_kernels((("a:b", ("x",)),)) is one
    client.own_kernels()
    assert started == [(("a:b", ("x",)),), "closed", ()]


def _cell(source: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _wait(happened, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "did not come to pass in time"
        time.sleep(0.05)


def test_the_next_kernel_is_forked_ahead_and_is_as_fresh_as_any(warm, tmp_path) -> None:
    """It was there before it was asked for, and knows nothing of the one before it."""
    place = place_of(warm)
    said(tmp_path, "left = 1", place)
    ((_, _, kernel),) = provisioner._ahead
    before = kernel.begun().pid
    source = "import os, random; print(os.getpid(), 'left' in globals(), random.random())"
    pid, left, drawn = said(tmp_path, source, place).split()
    assert int(pid) == before and left == "False"
    assert said(tmp_path, source, place).split()[2] != drawn, "each draws its own random numbers"


def test_a_kernel_forked_ahead_for_other_surroundings_is_not_used(warm, tmp_path) -> None:
    said(tmp_path, "1", place_of(warm))
    unwanted = provisioner._ahead[0][2].begun().pid
    source = "import os; print(os.getpid(), os.environ.get('WANTED'))"
    pid, wanted = said(tmp_path, source, place_of(warm, WANTED="yes")).split()
    assert int(pid) != unwanted and wanted == "yes" and not psutil.pid_exists(unwanted)


def test_a_kernel_forked_ahead_that_was_killed_is_replaced(warm, tmp_path) -> None:
    said(tmp_path, "1", place_of(warm))
    killed = provisioner._ahead[0][2].begun().pid
    os.kill(killed, signal.SIGKILL)
    assert int(said(tmp_path, "import os; print(os.getpid())", place_of(warm))) != killed
