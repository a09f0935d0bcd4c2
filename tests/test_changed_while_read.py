"""What is on record is what was read, also when files and the ledger are written while a run is at work."""

from __future__ import annotations

import hashlib
import json
import os
import time

import pytest

from assess_lib.faults import UnusableInput
from assess_lib.ledger.entries import Remark
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.runs.assessing import AssessmentProcess
from assess_lib.runs.national.country import score_partitions
from assess_lib.sample.dataset import write_sample
from assess_lib.tables import read_year
from assess_lib.tables.pipeline import check_year

pytestmark = pytest.mark.slow


def sha256(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def written_meanwhile(monkeypatch):
    """Lets something be done after the files were read, so many times."""

    def arrange(act, times: int) -> list[int]:
        calls: list[int] = []

        def read_and_act(contents):
            found = read(contents)
            calls.append(1)
            if len(calls) <= times:
                act(len(calls))
            return found

        read = read_year.tables_of
        monkeypatch.setattr(read_year, "tables_of", read_and_act)
        return calls

    return arrange


def test_every_file_is_on_record_as_it_was_read(home) -> None:
    (home / "子目录").mkdir()
    (home / "reports.csv").rename(home / "子目录" / "reports.csv")
    files = check_year(home.parent, 2016).data.files
    assert files == {path.relative_to(home).as_posix(): sha256(path) for path in home.rglob("*.*")}
    assert "子目录/reports.csv" in files


def test_a_file_that_was_changed_while_it_was_read_is_read_again(home, written_meanwhile) -> None:
    teams = home / "teams.csv"

    def drop_the_last_team(_: int) -> None:
        lines = teams.read_text(encoding="utf-8").splitlines(keepends=True)
        teams.write_text("".join(lines[:-1]), encoding="utf-8")

    calls = written_meanwhile(drop_the_last_team, 1)
    found = check_year(home.parent, 2016)
    assert len(calls) == 2 and "T0003" not in found.data.team_ids and found.data.files["teams.csv"] == sha256(teams)


def other_byte(path, _: int) -> None:
    """As long as before and with the times of before: as some programs save and some people copy."""
    about, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-2] + (b"1" if content[-2:-1] != b"1" else b"2") + content[-1:])
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


ACTS = {
    "grown": lambda path, _: path.write_bytes(path.read_bytes() + b"\n"),
    "same size and time": other_byte,
    "put in its place": lambda path, n: (path.with_suffix(f".{n}.tmp").write_bytes(b"\n"), path.with_suffix(f".{n}.tmp").replace(path)),
    "gone": lambda path, n: path.rename(path.with_name(f".{n}.csv")) if path.exists() else None,
    "another came": lambda path, n: path.with_name(f"new{n}.txt").write_text(""),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_files_that_are_written_again_and_again_are_an_error(home, written_meanwhile, act) -> None:
    path = home / "diaries.csv"
    old = time.time() - 3600
    for each in home.iterdir():
        os.utime(each, (old, old))
    written_meanwhile(lambda n: ACTS[act](path, n), 9)
    found = check_year(home.parent, 2016)
    assert found.data is None
    lacking = {"gone": "tables.missing_table"}  # which the second reading finds, and nothing changes any more
    assert found.errors()[-1].key == lacking.get(act, "tables.changed_while_read")
    assert "Traceback" not in UnusableInput(found.errors()).text("zh")


@pytest.mark.slow
def test_what_is_written_after_the_reading_is_not_on_record(home, tmp_path) -> None:
    """The files and the ledger, between the assessment of a run and its record."""
    data = home.parent
    ledger = Ledger(ledger_path(data))
    first = ledger.append([Remark(by="张三", year=2016, team="T0001", words="先写的")])[0]
    before = {path.name: sha256(path) for path in home.glob("*.*")}
    with AssessmentProcess(data, 2016, None) as assessor:
        assessor.overviews()
        (home / "diaries.csv").write_bytes(b"x")
        ledger.append([Remark(by="张三", year=2016, team="T0001", words="后写的")])
        assessor.write_results(tmp_path / "run", "zh")
    record = json.loads((tmp_path / "run" / "record" / "record.json").read_text(encoding="utf-8"))
    assert record["data"]["files"] == {f"2016/{name}": digest for name, digest in before.items()}
    assert record["ledger"] == {"entries": 1, "digest": first.digest}


@pytest.mark.slow
def test_counties_that_change_while_others_are_scored_end_the_scoring(tmp_path) -> None:
    data = write_sample(tmp_path / "data", 6, 5, [2016], partitioned=True)
    added = data / "2016" / "teams" / "county=迟到县" / "part-0.parquet"

    def late(_: int) -> None:
        added.parent.mkdir(exist_ok=True)
        added.write_bytes(b"late")

    with pytest.raises(UnusableInput) as refused:
        score_partitions(data, 2016, tmp_path / "out", jobs=1, progress=late)
    assert [fault.key for fault in refused.value.faults] == ["tables.changed_while_read"]
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name != ".run.lock"] == []
