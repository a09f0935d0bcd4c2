"""The corpus of bad files: each is told in words, at its place, within seconds and bounded memory, and hides no other."""

from __future__ import annotations

import shutil
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from bad_input.corpus import CASES, Case
from bad_input.files import as_workbook, with_parts
from support.reread import ReadOnce

from assess_lib.tables.pipeline import check_year

pytestmark = pytest.mark.slow

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


def spoilt(case: Case, three_teams: Path, tmp_path: Path) -> Path:
    shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016")
    case.spoil(tmp_path / "data" / "2016")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def others_read_once():
    """What the files that are as they were hold. Hostile ones are read among the others, which they could take along."""
    once = ReadOnce()
    yield once
    once.prove()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_told_at_its_place(case, three_teams, others_read_once, tmp_path) -> None:
    with nullcontext() if case in HOSTILE else others_read_once.in_use():
        faults = check_year(spoilt(case, three_teams, tmp_path), 2016).faults
    mine = [fault for fault in faults if fault.key == case.key and case.place in (None, fault.place)]
    assert mine, [fault.text() for fault in faults]
    text = mine[0].text("zh")
    assert case.words in text and mine[0].severity == case.severity
    assert text.isprintable() and mine[0].text("en").isprintable(), "nothing that steers a terminal"
    if case.alone:
        assert len(faults) == 1, [fault.text() for fault in faults]


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 60 and len({case.name for case in CASES}) == len(CASES)


def test_the_clean_sample_has_none_of_it(three_teams) -> None:
    assert check_year(three_teams, 2016).faults == []


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_hostile_files_cost_little_and_hide_no_other(case, three_teams, fresh, tmp_path) -> None:
    data = spoilt(case, three_teams, tmp_path)
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
    code, said, errors = fresh.run(script, out=tmp_path / "said", seconds=SECONDS)
    assert code == 0, errors
    assert int(said) < MEGABYTES


@pytest.mark.slow
@pytest.mark.parametrize(
    "spam",
    [
        b"<c " * 400_000,
        b'<c r="A1" t="e">' * 100_000,
        b'<c r="A1"><f>' * 100_000,
        b'<row hidden="1" ' * 100_000,
        b"<row " + b'hidden="1" r="1" ' * 100_000,
        b"<c " + b"r " * 500_000,
        b"<c " + b" " * 1_000_000,
        b'<c t="e" ' + b't="e" ' * 200_000,
    ],
)
def test_no_sheet_keeps_its_reader_busy(spam, three_teams, tmp_path) -> None:
    """Tags that never end, and attributes without number, are told or passed over in seconds."""
    home = Path(shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016"))
    with_parts(
        as_workbook(home, "inspections"),
        {"xl/worksheets/sheet1.xml": lambda sheet: sheet.replace(b"</sheetData>", spam + b"</sheetData>")},
    )
    began = time.process_time()
    faults = check_year(tmp_path / "data", 2016).faults
    assert time.process_time() - began < SECONDS
    assert any(fault.key == "reading.damaged" for fault in faults), [fault.text() for fault in faults]
