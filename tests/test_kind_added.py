"""A score kind is added by its module, its words and its cases alone: done to a copy of the program, and tested there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.situations import ROOT

KIND = ROOT / "tests" / "added_kind"
RULE = (
    '  two_slopes: {zh: "{middle}得 {earns} 分，{target}得满分 {weight} 分，其间分两段按比例", '
    'en: "{earns} at {middle}, {weight} at {target}, in proportion between"}\n'
)
FAULT = """  middle_beyond_target:
    wrong: {zh: middle 不小于 target, en: middle is not below target}
    right: {zh: "middle < target", en: "middle < target"}
"""
ASKED = ["test_points.py", "test_two_slopes.py", "-k", "kind or by_hand or two_slopes"]


def below(path: Path, section: str, entry: str) -> None:
    """Write an entry of words as the first of its section."""
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{section}:\n") == 1
    path.write_text(text.replace(f"\n{section}:\n", f"\n{section}:\n{entry}"), encoding="utf-8")


@pytest.mark.slow
def test_a_kind_is_added_by_its_module_its_words_and_its_cases(tmp_path) -> None:
    package, tests = tmp_path / "src" / "assess_lib", tmp_path / "tests"
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "assess_lib", package, ignore=skipped)
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    for name in ("support", "oracle"):
        shutil.copytree(ROOT / "tests" / name, tests / name, ignore=skipped)
    for name in ("conftest.py", "test_points.py", "test_engine.py"):
        shutil.copy(ROOT / "tests" / name, tests)

    shutil.copy(KIND / "two_slopes.py", package / "rules" / "kinds")
    below(package / "words" / "pages.yaml", "rule", RULE)
    below(package / "words" / "faults.yaml", "rubric", FAULT)
    cases = (ROOT / "tests" / "cases_points.yaml").read_text(encoding="utf-8")
    (tests / "cases_points.yaml").write_text(cases + (KIND / "cases.yaml").read_text("utf-8"), encoding="utf-8")
    shutil.copy(KIND / "checks.py", tests / "test_two_slopes.py")

    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--config-file",
            ROOT / "pyproject.toml",
            *ASKED,
        ],
        cwd=tests,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]
