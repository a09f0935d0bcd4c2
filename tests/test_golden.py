"""The results and every page of the sample say what they said before the engine and the rooms were rebuilt."""

from __future__ import annotations

import subprocess

import pytest
from support.golden import digests
from support.runs import run_command
from support.situations import ROOT, SAMPLE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_results_and_pages_of_the_sample_are_those_that_are_kept(lang, tmp_path) -> None:
    """Digests by page and section; English differs from before in plural forms alone."""
    lines = (ROOT / "tests" / "golden" / f"sample.{lang}.txt").read_text(encoding="utf-8").splitlines()
    kept = dict(reversed(line.split(" ", 1)) for line in lines)
    subprocess.run(
        run_command(SAMPLE, tmp_path / "out", "--lang", lang, "--jobs", "1"), check=True, capture_output=True
    )
    found = digests(tmp_path / "out")
    assert {name for name in {*kept, *found} if kept.get(name) != found.get(name)} == set()
