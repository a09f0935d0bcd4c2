"""A ledger that is lost, shorter than it was, or not ours is an error in words, and comes back from a copy."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from assess_lib.api import load_review_state
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.ledger.entries import Confirm, JudgementBasis, Remark
from assess_lib.ledger.head import head_path, read_head
from assess_lib.ledger.restoring import restore
from assess_lib.ledger.store import Ledger, digest_of, ledger_path, new_ledger
from assess_lib.records.record import write_record
from assess_lib.records.result_tables import ADJUSTMENTS, write_results
from assess_lib.review.acts import ReviewSession
from assess_lib.runs.fingerprints import current_program

pytestmark = pytest.mark.slow


def remark(words: str, team: str = "T1") -> Remark:
    return Remark(by="张三", year=2016, team=team, words=words)


def key(refused: pytest.ExceptionInfo[UnusableInput]) -> list[str]:
    return [fault.key for fault in refused.value.faults]


@pytest.fixture
def data(tmp_path):
    """A data folder with a ledger of three entries; its head says so."""
    folder = tmp_path / "data"
    folder.mkdir()
    for words in ("甲", "乙", "丙"):
        Ledger(ledger_path(folder)).append([remark(words)])
    return folder


def sql(path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("DROP TRIGGER no_change; DROP TRIGGER no_deletion;")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def gone(path) -> None:
    path.unlink()


def renamed_folder(path) -> None:
    path.parent.rename(path.parent.with_name("reviews.bak"))


def empty(path) -> None:
    path.write_bytes(b"")


def dangling(path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/ledger.sqlite")


def in_a_circle(path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def folder(path) -> None:
    path.unlink()
    path.mkdir()


def shorter(path) -> None:
    sql(path, "DELETE FROM entries WHERE number = 3")


def without_entries(path) -> None:
    path.unlink()
    new_ledger(path, [])


def another(path) -> None:
    """As long as it was, whole, and not the one that was there."""
    rows, before = [], ""
    for number in (1, 2, 3, 4):
        body = remark(f"另 {number}").model_dump_json()
        before = digest_of(before, number, "2017-01-10T09:00:00+08:00", body)
        rows.append((number, "2017-01-10T09:00:00+08:00", body, before))
    path.unlink()
    new_ledger(path, rows)


def foreign(path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE entries (number, at, body, digest)")
    connection.commit()
    connection.close()


def cut(path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


HARMED = {
    gone: "ledger_gone",
    renamed_folder: "ledger_gone",
    empty: "empty_file",
    dangling: "link_to_nothing",
    in_a_circle: "link_to_nothing",
    folder: "no_file",
    shorter: "shorter",
    without_entries: "shorter",
    another: "other_ledger",
    foreign: "no_ledger",
    cut: "damaged",
}


@pytest.mark.parametrize("harm", HARMED, ids=lambda harm: harm.__name__)
def test_a_ledger_that_lost_entries_is_an_error_and_never_an_empty_one(data, harm) -> None:
    path = ledger_path(data)
    harm(path)
    for use in (lambda: load_review_state(data, 2016), lambda: Ledger(path).append([remark("丁")])):
        with pytest.raises(UnusableInput) as refused:
            use()
        assert key(refused) == [f"review.{HARMED[harm]}"]
        assert str(path) in str(refused.value) and read_head(path).entries == 3
    found = CliRunner().invoke(main, ["ledger", "check", str(data)])
    assert found.exit_code == 2 and "Traceback" not in found.output


@pytest.mark.parametrize("harm", HARMED, ids=lambda harm: harm.__name__)
def test_a_lost_ledger_comes_back_from_a_copy_and_goes_on(data, tmp_path, harm) -> None:
    path, copy = ledger_path(data), tmp_path / "copy.sqlite"
    shutil.copy(path, copy)
    harm(path)
    given = ["ledger", "restore", str(data), str(copy)]
    done = CliRunner().invoke(main, given)
    if harm is another:  # it had an entry more, of which the copy knows nothing
        assert done.exit_code == 2 and "--accept-loss" in done.output
        done = CliRunner().invoke(main, [*given, "--accept-loss"])
    assert done.exit_code == 0, done.output
    assert [r.entry.words for r in Ledger(path).entries()] == ["甲", "乙", "丙"]
    assert Ledger(path).append([remark("丁")])[0].number == 4 and read_head(path).entries == 4
    kept = [found for found in path.parent.iterdir() if ".lost-" in found.name]
    assert bool(kept) == (harm not in (gone, renamed_folder)), "what stood there is put aside"


def test_a_first_use_is_silent(tmp_path) -> None:
    assert load_review_state(tmp_path, 2016) is None
    assert list(tmp_path.iterdir()) == []
    found = CliRunner().invoke(main, ["ledger", "check", str(tmp_path), "--lang", "en"])
    assert found.exit_code == 0 and "nobody has judged anything" in found.output


@pytest.mark.parametrize("left", ["{}", '{"entries": 3}', None])
def test_a_head_that_is_gone_or_says_nothing_is_missed(data, left) -> None:
    """A ledger cut short would go unnoticed; who has looked at it says so by the named command, and gets a head anew."""
    path = ledger_path(data)
    kept = head_path(path)
    assert kept == data / "reviews.ledger.json"
    kept.unlink() if left is None else kept.write_text(left)
    for use in (lambda: Ledger(path).entries(), lambda: Ledger(path).append([remark("丁")]), lambda: restore(path)):
        with pytest.raises(UnusableInput) as refused:
            use()
        assert [fault.key for fault in refused.value.faults] == [
            "review.head_gone" if left is None else "review.head_broken"
        ]
    assert restore(path, accept_loss=True).entries == 3
    assert json.loads(kept.read_text()) == {"entries": 3, "digest": Ledger(path).entries()[-1].digest, "losses": []}


def test_a_head_that_lags_behind_is_no_fault(data) -> None:
    """As a writer leaves it that was killed between the entry and the head."""
    path = ledger_path(data)
    lagging = head_path(path).read_text()
    Ledger(path).append([remark("丁")])
    head_path(path).write_text(lagging)
    assert len(Ledger(path).entries()) == 4 and read_head(path).entries == 4


def test_a_refused_or_failed_entry_leaves_ledger_and_head_as_they_were(data, monkeypatch) -> None:
    path = ledger_path(data)
    before = head_path(path).read_bytes()

    def no(records) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        Ledger(path).append([remark("丁")], no)
    monkeypatch.setattr("assess_lib.ledger.head.os.fsync", lambda file: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(UnusableInput) as refused:
        Ledger(path).append([remark("丁")])
    assert key(refused) == ["review.unreadable"] and "disk full" in str(refused.value)
    assert head_path(path).read_bytes() == before and len(Ledger(path).entries()) == 3
    assert [found.name for found in data.iterdir() if ".part" in found.name] == []


def test_a_copy_that_is_older_is_taken_only_when_the_loss_is_accepted(data, tmp_path) -> None:
    path, copy = ledger_path(data), tmp_path / "copy.sqlite"
    shutil.copy(path, copy)
    Ledger(path).append([remark("丁"), remark("戊")])
    known = read_head(path)
    path.unlink()
    with pytest.raises(UnusableInput) as refused:
        restore(path, copy)
    assert key(refused) == ["review.would_lose"] and not path.exists()
    assert {"count": 3, "kept": 5, "lost": 2}.items() <= refused.value.faults[0].details.items()
    made = restore(path, copy, accept_loss=True, clock=lambda: "2017-02-01T08:00:00+08:00")
    assert (made.entries, made.lost, made.aside) == (3, 2, None) and len(Ledger(path).entries()) == 3
    (loss,) = read_head(path).losses
    assert (loss.at[:10], loss.entries, loss.digest, loss.left) == ("2017-02-01", 5, known.digest, 3)
    Ledger(path).append([remark("己")])
    assert len(read_head(path).losses) == 1, "a loss is never forgotten"
    told = CliRunner().invoke(main, ["ledger", "check", str(data), "--lang", "en"])
    assert told.exit_code == 0 and "continued without 2 entries of 5" in told.output


def test_a_whole_ledger_is_not_replaced_by_an_older_copy_or_another(data, tmp_path) -> None:
    path, copy, other = ledger_path(data), tmp_path / "copy.sqlite", tmp_path / "other.sqlite"
    shutil.copy(path, copy)
    shutil.copy(path, other)
    another(other)
    Ledger(path).append([remark("丁")])
    for wrong, lost in ((copy, 1), (other, 4)):
        with pytest.raises(UnusableInput) as refused:
            restore(path, wrong)
        assert key(refused) == ["review.would_lose"] and refused.value.faults[0].details["lost"] == lost
    assert restore(path, path).aside is None and len(Ledger(path).entries()) == 4


@pytest.mark.parametrize("harm", [shorter, empty, cut, foreign, dangling, folder])
def test_a_copy_that_is_not_whole_changes_nothing(data, tmp_path, harm) -> None:
    path, copy = ledger_path(data), tmp_path / "copies" / "copy.sqlite"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    harm(copy)
    path.unlink()
    with pytest.raises(UnusableInput) as refused:
        restore(path, copy)
    assert str(copy) in str(refused.value) and not path.exists()
    with pytest.raises(UnusableInput) as refused:
        restore(path, tmp_path / "none.sqlite", accept_loss=True)
    assert key(refused) == ["review.no_copy"] and not path.exists()


def test_without_a_copy_what_can_be_read_stays_when_the_loss_is_accepted(data) -> None:
    path = ledger_path(data)
    sql(path, "UPDATE entries SET at = '2010-01-01' WHERE number = 2")
    with pytest.raises(UnusableInput) as refused:
        restore(path)
    assert key(refused) == ["review.would_lose"] and refused.value.faults[0].details["lost"] == 2
    made = restore(path, accept_loss=True)
    assert made.entries == 1 and made.lost == 2 and made.aside is not None and made.aside.is_file()
    assert [r.entry.words for r in Ledger(path).entries()] == ["甲"]


def test_what_a_cut_off_write_left_goes_aside_with_its_ledger(data, tmp_path) -> None:
    """A journal that stays would be played back into the ledger that was restored."""
    path, copy = ledger_path(data), tmp_path / "copy.sqlite"
    shutil.copy(path, copy)
    path.unlink()
    journal = path.with_name(f"{path.name}-journal")
    journal.write_bytes(b"what was before" * 50)
    made = restore(path, copy)
    assert not journal.exists() and made.aside.with_name(f"{made.aside.name}-journal").exists()
    assert len(Ledger(path).entries()) == 3


def test_a_head_that_cannot_be_read_is_told_and_mended_on_demand(data) -> None:
    path = ledger_path(data)
    head_path(path).write_text("{broken")
    with pytest.raises(UnusableInput) as refused:
        load_review_state(data, 2016)
    assert key(refused) == ["review.head_broken"] and "reviews.ledger.json" in str(refused.value)
    with pytest.raises(UnusableInput) as refused:
        restore(path)
    assert key(refused) == ["review.head_broken"]
    assert restore(path, accept_loss=True).lost == 0
    assert len(Ledger(path).entries()) == 3 and read_head(path).entries == 3


CELLS = {
    "body = x'00ff' WHERE number = 2": ("wrong_type", "2, body", "BLOB"),
    "at = x'00' WHERE number = 1": ("wrong_type", "1, at", "BLOB"),
    "digest = x'00' WHERE number = 3": ("wrong_type", "3, digest", "BLOB"),
    "body = CAST(x'ff' AS TEXT) WHERE number = 2": ("unreadable", "", "UTF-8"),
    "at = 17 WHERE number = 2": ("tampered", "2", ""),  # a column of text keeps a number as text
}


@pytest.mark.parametrize("change", CELLS)
def test_cells_of_another_kind_are_named(data, change) -> None:
    path = ledger_path(data)
    sql(path, f"UPDATE entries SET {change}")
    with pytest.raises(UnusableInput) as refused:
        Ledger(path).entries()
    (fault,) = refused.value.faults
    kind, place, word = CELLS[change]
    assert (fault.key, fault.place) == (f"review.{kind}", place) and word in fault.text("en")


LOOSE = "CREATE TABLE entries (number INTEGER PRIMARY KEY, at, body, digest)"


@pytest.mark.parametrize(("cell", "kind"), [("NULL", "NULL"), ("17", "INTEGER"), ("1.5", "REAL")])
@pytest.mark.parametrize("column", ["at", "body", "digest"])
def test_a_table_without_its_types_is_read_in_words(data, column, cell, kind) -> None:
    path = ledger_path(data)
    sql(path, "ALTER TABLE entries RENAME TO old", LOOSE, "INSERT INTO entries SELECT * FROM old", "DROP TABLE old")
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE entries SET {column} = {cell} WHERE number = 2")
    connection.commit()
    connection.close()
    with pytest.raises(UnusableInput) as refused:
        Ledger(path).entries()
    (fault,) = refused.value.faults
    assert (fault.key, fault.place) == ("review.wrong_type", f"2, {column}") and kind in fault.text("zh")


@pytest.mark.parametrize(
    ("at", "body", "expected"),
    [
        ("yesterday", remark("丁").model_dump_json(), "no_time"),
        ("2017-01-10T09:00:00+08:00", '{"kind": "of a later year"}', "unknown_entry"),
        ("2017-01-10T09:00:00+08:00", "{", "unknown_entry"),
    ],
)
def test_entries_that_chain_but_say_nothing_are_named(data, at, body, expected) -> None:
    path = ledger_path(data)
    last = Ledger(path).entries()[-1].digest
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO entries VALUES (4, ?, ?, ?)", (at, body, digest_of(last, 4, at, body)))
    connection.commit()
    connection.close()
    with pytest.raises(UnusableInput) as refused:
        Ledger(path).entries()
    assert key(refused) == [f"review.{expected}"]


@pytest.mark.parametrize("number", ["1/0", "1e999999999", "9" * 2000, "nan", "inf", "1_000", ""])
def test_numbers_without_an_end_are_refused_at_once(number) -> None:
    basis = {"points": "1", "weight": "2", "status": "measured", "basis": "", "rubric": "", "data": ""}
    with pytest.raises(ValueError):
        JudgementBasis(**{**basis, "points": number})
    assert JudgementBasis(**{**basis, "points": "-2.50", "value": "1/3"}).points == -2.5


def test_a_ledger_of_a_newer_version_is_named_as_one(data) -> None:
    connection = sqlite3.connect(ledger_path(data))
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(UnusableInput) as refused:
        Ledger(ledger_path(data)).entries()
    assert key(refused) == ["review.newer_ledger"]


def test_a_view_in_the_place_of_the_entries_is_not_asked(data) -> None:
    """It could take for ever to answer."""
    path = ledger_path(data)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS number, '' AS at, '' AS body, '' AS digest FROM n"
    sql(path, "ALTER TABLE entries RENAME TO old", f"CREATE VIEW entries AS {endless}")
    with pytest.raises(UnusableInput) as refused:
        Ledger(path).entries()
    assert key(refused) == ["review.no_ledger"]


def test_a_clock_that_ran_backwards_is_told_and_the_order_stays(data) -> None:
    path = ledger_path(data)
    Ledger(path, clock=lambda: "1999-01-01T00:00:00+08:00").append([remark("丁")])
    Ledger(path, clock=lambda: "1998-12-31T23:55:00+08:00").append([remark("戊")])  # five minutes: two machines
    ledger = Ledger(path)
    assert [r.entry.words for r in ledger.entries()] == ["甲", "乙", "丙", "丁", "戊"]
    (fault,) = ledger.warnings()
    assert (fault.key, fault.severity, fault.place) == ("review.clock_back", "warning", "4")
    told = CliRunner().invoke(main, ["ledger", "check", str(data)])
    assert told.exit_code == 0 and "1999-01-01" in told.output and "早于前一条" in told.output


def test_results_are_not_written_over_those_that_know_more_of_the_ledger(sample_years, tmp_path) -> None:
    now, _ = sample_years
    review = ReviewSession(now, Ledger(tmp_path / "ledger.sqlite"))
    entry = review.judge("exclude", "T0002", "road_hardening", "张三", "本村无此任务")
    assert not isinstance(entry.entry, Confirm)
    out = tmp_path / "out"
    write_record(out, (review.result, None), current_program(), {})
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.rglob("*") if path.is_file()}
    assert out / ADJUSTMENTS in before
    with pytest.raises(UnusableInput) as refused:
        write_record(out, (now, None), current_program(), {})
    assert key(refused) == ["record.ledger_forgotten"]
    with pytest.raises(UnusableInput) as refused:
        write_results(now, out)
    assert key(refused) == ["record.other_ledger"]
    assert before == {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.rglob("*") if path.is_file()}
    review.undo(entry.number, "张三", "误判，撤销")
    write_record(out, (review.result, None), current_program(), {})
    assert not (out / ADJUSTMENTS).exists(), "an undo is an entry more, and takes the adjustments away"


def test_a_lost_ledger_ends_check_and_score_with_nothing_written(home, tmp_path) -> None:
    data = home.parent
    Ledger(ledger_path(data)).append([remark("甲", "T0001")])
    ledger_path(data).unlink()
    for command in (["check"], ["score", "--out", str(tmp_path / "out")]):
        done = CliRunner().invoke(main, [command[0], str(data), "--year", "2016", *command[1:]])
        assert done.exit_code == 2 and "复核台账不见了" in done.output
    assert not (tmp_path / "out").exists()


def test_a_clock_that_ran_backwards_is_told_with_the_scores(home, tmp_path) -> None:
    for year in ("2017", "1999"):
        clock = lambda year=year: f"{year}-01-10T09:00:00+08:00"
        Ledger(ledger_path(home.parent), clock=clock).append([remark("甲", "T0001")])
    done = CliRunner().invoke(main, ["score", str(home.parent), "--year", "2016", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0 and "1999-01-10" in done.output and "早于前一条" in done.output


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(data) -> None:
    ledger_path(data).parent.chmod(0)
    try:
        with pytest.raises(UnusableInput) as refused:
            Ledger(ledger_path(data)).entries()
        assert key(refused) == ["review.unreadable"]
    finally:
        ledger_path(data).parent.chmod(0o700)
