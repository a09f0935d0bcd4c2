"""What a command prepares for its other processes lies beside the data, for its owner alone, and goes: also after kill -9."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.prepared import FOLDER, prepared_folder, sweep
from assess_lib.sample.dataset import write_sample

ASSESS = str(Path(sys.executable).parent / "assess")
HOLD = """
import sys, time
from pathlib import Path
from assess_lib.prepared import prepared_folder
with prepared_folder(Path(sys.argv[1])) as folder:
    (folder / "years").write_text("people")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_temporary_files(tmp_path, monkeypatch):
    """Notes of this test alone; a command that sweeps must not meet those of others."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_it_is_closed_to_others_and_gone_at_the_end(tmp_path) -> None:
    with pytest.raises(KeyError), prepared_folder(tmp_path) as folder:
        assert folder.parent == tmp_path / FOLDER and mode(folder) == mode(folder.parent) == 0o700
        (folder / "years").write_text("people")
        sweep([tmp_path])
        assert (folder / "years").exists(), "what is in use stays"
        raise KeyError
    assert not (tmp_path / FOLDER).exists()
    assert not [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()]


def test_two_commands_have_a_folder_each(tmp_path) -> None:
    with prepared_folder(tmp_path) as one:
        with prepared_folder(tmp_path) as two:
            assert one != two
        assert one.exists() and not two.exists()


@pytest.mark.parametrize("command", [["diff", "no", "nothing"], ["rubric", "check", "none.yaml"]])
def test_what_a_killed_command_left_goes_with_the_next_whichever_it_is(tmp_path, command) -> None:
    data = tmp_path / 'it\'s a "folder"'
    data.mkdir()
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True)
    folder = Path(held.stdout.readline().strip())
    CliRunner().invoke(main, command)
    assert (folder / "years").read_text() == "people", "another command leaves alone what a living one holds"
    held.kill()
    held.wait()
    assert (folder / "years").exists()
    CliRunner().invoke(main, command)  # neither names the data folder
    assert not (data / FOLDER).exists()


def test_on_another_machine_the_command_that_names_the_data_sweeps(tmp_path, monkeypatch) -> None:
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    folder = Path(held.stdout.readline().strip())
    held.kill()
    held.wait()
    shutil.rmtree(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    sweep(["--out", tmp_path / "elsewhere", tmp_path])
    assert not folder.exists()


def test_a_data_folder_that_cannot_be_written(tmp_path) -> None:
    with prepared_folder(tmp_path / "none", tmp_path / "temporary") as folder:
        assert folder.parent.parent == tmp_path / "temporary" and mode(folder) == 0o700
    with prepared_folder(tmp_path / "none") as folder:
        assert mode(folder) == mode(folder.parent) == 0o700 and folder.is_relative_to(tmp_path / "temporary")


def test_nothing_is_put_into_or_removed_from_a_folder_that_is_not_ours_alone(tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.lock").touch()
    (other / "a").mkdir()
    (tmp_path / FOLDER).symlink_to(other)
    sweep([tmp_path])
    with prepared_folder(tmp_path) as folder:
        assert not folder.is_relative_to(tmp_path / FOLDER)
    assert (other / "a").exists() and len(list(other.iterdir())) == 2


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_nothing_of_people_after_the_next_command(tmp_path) -> None:
    data = write_sample(tmp_path / "data", 4, 2016, [2016])
    run = subprocess.Popen(
        [ASSESS, "run", str(data), "--year", "2016", "--out", str(tmp_path / "out"), "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not (found := list((data / FOLDER).glob("*/years"))) and run.poll() is None:
        time.sleep(0.02)
    assert found and mode(found[0].parent) == 0o700 and mode(found[0]) == 0o600
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert list((data / FOLDER).glob("*/years"))
    subprocess.run([ASSESS, "diff", "no", "nothing"], capture_output=True)
    assert not (data / FOLDER).exists() and not list((tmp_path / "out").glob(".prepared*"))
