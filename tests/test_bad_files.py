"""The corpus of bad files: each is told in words, at its place, within seconds and bounded memory, and hides no other."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bad_input.corpus import CASES, Case

from assess_lib.sample.dataset import write_sample
from assess_lib.tables.pipeline import check_year

HOSTILE = [
    case
    for case in CASES
    if case.name
    in (
        "bomb",
        "many-parts",
        "far-cell",
        "far-cell-in-disguise",
        "merged-to-the-end",
        "a-million-empty-rows",
        "entities",
        "inspections-cell-too-long",
        "noise",
        "a-pipe",
    )
]
SECONDS, MEGABYTES = 20, 700


@pytest.fixture(scope="session")
def clean(tmp_path_factory) -> Path:
    return write_sample(tmp_path_factory.mktemp("clean"), 3, 5, [2016])


def spoilt(case: Case, clean: Path, tmp_path: Path) -> Path:
    shutil.copytree(clean / "2016", tmp_path / "data" / "2016")
    case.spoil(tmp_path / "data" / "2016")
    return tmp_path / "data"


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_told_at_its_place(case, clean, tmp_path) -> None:
    faults = check_year(spoilt(case, clean, tmp_path), 2016).faults
    mine = [fault for fault in faults if fault.key == case.key and case.place in (None, fault.place)]
    assert mine, [fault.text() for fault in faults]
    text = mine[0].text("zh")
    assert case.words in text and mine[0].severity == case.severity
    assert text.isprintable() and mine[0].text("en").isprintable(), "nothing that steers a terminal"
    if case.alone:
        assert len(faults) == 1, [fault.text() for fault in faults]


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 60 and len({case.name for case in CASES}) == len(CASES)


def test_the_clean_sample_has_none_of_it(clean) -> None:
    assert check_year(clean, 2016).faults == []


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_hostile_files_cost_little_and_hide_no_other(case, clean, tmp_path) -> None:
    data = spoilt(case, clean, tmp_path)
    reports = data / "2016" / "reports.csv"
    reports.write_text(reports.read_text(encoding="utf-8").replace("annual", "yearly", 1), encoding="utf-8")
    script = f"""
import resource
from assess_lib.tables.pipeline import check_year
check_year({str(data / "none")!r}, 2016)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
keys = {{fault.key for fault in check_year({str(data)!r}, 2016).faults}}
assert {{{case.key!r}, "tables.code"}} <= keys, keys
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MEGABYTES
