"""The built wheel, installed outside the checkout: everything that the program comes with is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile

import pytest
from support.situations import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A function that runs Python with the wheel in the place of the checkout, in a folder of its own."""
    home = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", home / "built", ROOT], check=True)
    (wheel,) = (home / "built").glob("*.whl")
    subprocess.run([*pip, "install", *offline, "--target", home / "lib" / "site", wheel], check=True)
    work = home / "work"
    work.mkdir()
    environment = os.environ | {"PYTHONPATH": str(home / "lib" / "site"), "IPYTHONDIR": str(home / "ipython")}

    def run(*command: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=work, env=environment, capture_output=True, text=True
        )

    run.wheel, run.site, run.work = wheel, home / "lib" / "site", work
    made = run("assess_lib.cli", "sample", "--teams", "4", "--seed", "1", "--out", "data/mine")
    assert made.returncode == 0, made.stderr
    return run


def test_a_wheel_carries_rules_notebooks_words_and_templates(installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    for folder, top in (("parameters", "bundled/"), ("notebooks", "bundled/"), ("src/assess_lib", "")):
        for path in (ROOT / folder).rglob("*"):
            inside = path.relative_to(ROOT / "src" / "assess_lib" if not top else ROOT).as_posix()
            if path.is_file() and "__pycache__" not in inside and ".ipynb_checkpoints" not in inside:
                assert f"assess_lib/{top}{inside}" in names


def test_an_installed_package_scores_a_sample_of_its_own(installed) -> None:
    scored = installed("assess_lib.cli", "score", "data/mine", "--year", "2016", "--out", "out", "--lang", "en")
    assert scored.returncode == 0, scored.stderr
    assert len((installed.work / "out" / "scores.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_an_installed_package_runs_the_notebook_that_it_carries(installed) -> None:
    notebook = installed.site / "assess_lib" / "bundled" / "notebooks" / "scorecard.ipynb"
    given = ["-p", "team_id", "T0002", "-p", "year", "2016", "-p", "data", "data/mine", "-p", "lang", "en"]
    made = installed("papermill", str(notebook), "card.ipynb", *given)
    assert made.returncode == 0, made.stderr
    cells = json.loads((installed.work / "card.ipynb").read_text(encoding="utf-8"))["cells"]
    assert "T0002" in json.dumps([cell.get("outputs") for cell in cells])


def test_without_a_sample_it_is_told_how_to_make_one(installed) -> None:
    told = installed("assess_lib.cli", "score", "", "--year", "2016", "--out", "out", "--lang", "en")
    assert told.returncode == 2 and "assess sample --out data/sample" in told.stderr


def test_a_folder_that_is_not_there_is_told_with_its_whole_path(installed) -> None:
    told = installed("assess_lib.cli", "score", "data/sample", "--year", "2016", "--out", "out", "--lang", "en")
    assert told.returncode == 2 and str(installed.work / "data" / "sample") in told.stderr
