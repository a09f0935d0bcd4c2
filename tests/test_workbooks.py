"""Workbooks as county officers send them: every planted fault is told and no other, and mended data score as clean ones."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.sample.dataset import write_sample
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.tables.pipeline import check_year

TEAMS = 24
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workbooks")]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Path:
    return write_workbooks(tmp_path_factory.mktemp("books") / "data", TEAMS, 2016, [2016])


def planted(data: Path) -> list[dict]:
    with (data / "planted-2016.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mend(data: Path) -> None:
    """Do with every workbook what the list says."""
    by_file: dict[str, list[dict]] = {}
    for line in planted(data):
        if line["remedy"]:
            by_file.setdefault(line["file"], []).append(line)
    for name, lines in by_file.items():
        book = openpyxl.load_workbook(data / "2016" / name, data_only=True)
        for line in lines:
            if line["remedy"] == "delete sheet":
                del book[line["sheet"]]
                continue
            sheet = book[line["sheet"]]
            cells = sheet[int(line["row"])] if line["remedy"] == "clear row" else [sheet[line["cell"]]]
            for cell in cells:
                cell.value = line["right"] if line["remedy"] == "write" else None
        book.save(data / "2016" / name)


def score(data: Path, out: Path) -> tuple[int, dict[str, bytes]]:
    run = CliRunner().invoke(main, ["score", str(data), "--year", "2016", "--out", str(out)])
    return run.exit_code, {name: (out / name).read_bytes() for name in ("scores.csv", "points.csv")}


def test_every_planted_fault_is_told_at_its_cell_and_no_other(spoilt) -> None:
    faults = check_year(spoilt, 2016).faults
    told = Counter(
        (Path(f.file).name, f.location.sheet, str(f.location.row or ""), f.location.cell, f.key, f.severity)
        for f in faults
    )
    lines = [tuple(line.values())[:6] for line in planted(spoilt) if line["key"]]
    repeated = sorted((line for line in lines if line[4] == "checks.repeated_row"), key=lambda line: int(line[2]))
    first = {
        line[:2]: line for line in reversed(repeated)
    }  # of the rows of a sheet that are there twice the first is told
    asked = Counter(line for line in lines if line[4] != "checks.repeated_row" or first[line[:2]] == line)
    assert told == asked
    assert len({key for *_, key, _ in told}) >= 25, "or the sample has become tame"


def test_the_many_ways_of_writing_are_no_faults(tmp_path) -> None:
    clean = write_sample(tmp_path / "clean", TEAMS, 2016, [2016])
    write_workbooks(tmp_path / "books", TEAMS, 2016, [2016], planted=False)
    checked = check_year(tmp_path / "books", 2016)
    assert {fault.severity for fault in checked.faults} == {"note"}
    assert checked.data.fingerprint == check_year(clean, 2016).data.fingerprint


def test_mended_workbooks_score_as_the_clean_data_byte_for_byte(spoilt, tmp_path) -> None:
    clean = write_sample(tmp_path / "clean", TEAMS, 2016, [2016])
    code, right = score(clean, tmp_path / "right")
    assert code == 0
    code, wrong = score(spoilt, tmp_path / "wrong")
    assert code == 1 and wrong != right, "the faults matter"
    mend(spoilt)
    assert score(spoilt, tmp_path / "mended") == (0, right)
    assert not (spoilt / "quarantine" / "2016.xlsx").exists(), "what was set aside before is let go"


def test_the_same_arguments_give_the_same_bytes(tmp_path) -> None:
    for name in ("one", "two"):
        write_workbooks(tmp_path / name, 4, 7, [2016])
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert files and all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
