"""The review ledger: nothing acknowledged is ever lost, nothing is changed without being found."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from assess_lib.faults import UnusableInput
from assess_lib.ledger.entries import Remark, Undo, plain_name
from assess_lib.ledger.store import Ledger

WRITER = """
import sys
from assess_lib.ledger.entries import Remark
from assess_lib.ledger.store import Ledger
ledger = Ledger(sys.argv[1])
for n in range(int(sys.argv[3])):
    written = ledger.append([Remark(by=sys.argv[2], year=2016, team="T1", words=f"{sys.argv[2]} {n}")])
    print(written[0].number, n, flush=True)
"""


def remark(words: str = "已核对", by: str = "张三") -> Remark:
    return Remark(by=by, year=2016, team="T1", words=words)


def writer(path, name: str, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def key(words: UnusableInput) -> list[str]:
    return [fault.key for fault in words.faults]


def test_entries_come_back_in_order_with_number_and_time(tmp_path) -> None:
    ledger = Ledger(tmp_path / "reviews" / "ledger.sqlite", clock=lambda: "2017-01-10T09:30:00+08:00")
    assert ledger.entries() == [] and not ledger.path.exists() and ledger.fingerprint() == ""
    ledger.append([remark("甲"), remark("乙")])
    Ledger(ledger.path, clock=lambda: "2017-01-11T09:30:00+08:00").append([remark("丙")])
    assert [(r.number, r.day, r.entry.words) for r in ledger.entries()] == [
        (1, "2017-01-10", "甲"),
        (2, "2017-01-10", "乙"),
        (3, "2017-01-11", "丙"),
    ]


@pytest.mark.slow
def test_two_processes_writing_a_thousand_entries_each_lose_none(tmp_path) -> None:
    path = tmp_path / "ledger.sqlite"
    both = [writer(path, name, 1000) for name in ("甲", "乙")]
    told = [one.communicate(timeout=300)[0].split() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    entries = Ledger(path).entries()
    assert [r.number for r in entries] == list(range(1, 2001))
    assert sorted(int(number) for mine in told for number in mine[::2]) == list(range(1, 2001))
    for name in ("甲", "乙"):
        assert [r.entry.words for r in entries if r.entry.by == name] == [f"{name} {n}" for n in range(1000)]


@pytest.mark.parametrize("after", [3, 17, 60])
def test_a_writer_that_is_killed_leaves_all_that_it_acknowledged(tmp_path, after) -> None:
    path = tmp_path / "ledger.sqlite"
    one = writer(path, "甲", 100_000)
    said = [one.stdout.readline() for _ in range(after)]
    time.sleep(0.003 * after % 0.01)
    os.kill(one.pid, signal.SIGKILL)
    said += one.stdout.read().splitlines(keepends=True)
    one.wait()
    acknowledged = [int(line.split()[1]) for line in said if line.endswith("\n")]
    ledger = Ledger(path)
    words = [r.entry.words for r in ledger.entries()]
    assert len(acknowledged) >= after and words[: len(acknowledged)] == [f"甲 {n}" for n in acknowledged]
    assert len(words) <= len(acknowledged) + 1  # one may have been written and not yet told
    assert ledger.append([remark()])[0].number == len(words) + 1


HALF_DONE = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
for n in range(2, 40):
    connection.execute("INSERT INTO entries VALUES (?, 'x', ?, ?)", (n, "y" * 20_000, str(n)))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_writer_left_half_done_is_rolled_back_by_the_next_reader(tmp_path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.append([remark()])
    done = subprocess.run([sys.executable, "-c", HALF_DONE, str(ledger.path)])
    assert done.returncode == -signal.SIGKILL and ledger.path.with_name("ledger.sqlite-journal").stat().st_size > 512
    assert [r.entry.words for r in Ledger(ledger.path).entries()] == ["已核对"]
    assert ledger.append([remark("再核对")])[0].number == 2


def test_sql_can_neither_change_nor_delete_an_entry(tmp_path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.append([remark()])
    with sqlite3.connect(ledger.path) as connection:
        for statement in ("UPDATE entries SET at = 'x'", "DELETE FROM entries"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = replace(body, '乙', '丁') WHERE number = 2",
        "UPDATE entries SET at = '2010-01-01' WHERE number = 1",
        "DELETE FROM entries WHERE number = 1",
        "DELETE FROM entries WHERE number = 2",
        "UPDATE entries SET number = 9 WHERE number = 3",
    ],
)
def test_a_change_behind_its_back_is_found(tmp_path, statement) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.append([remark("甲"), remark("乙"), remark("丙")])
    with sqlite3.connect(ledger.path) as connection:
        connection.executescript("DROP TRIGGER no_change; DROP TRIGGER no_deletion;")
        connection.execute(statement)
    connection.close()
    with pytest.raises(UnusableInput) as refused:
        Ledger(ledger.path).entries()
    assert key(refused.value) == ["review.tampered"]


def test_an_entry_that_was_read_and_is_gone_is_missed(tmp_path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.append([remark("甲"), remark("乙")])
    with sqlite3.connect(ledger.path) as connection:
        connection.executescript("DROP TRIGGER no_deletion; DELETE FROM entries WHERE number = 2;")
    connection.close()
    with pytest.raises(UnusableInput) as refused:
        ledger.entries()
    assert key(refused.value) == ["review.tampered"]
    ledger.path.unlink()
    with pytest.raises(UnusableInput) as refused:
        ledger.entries()
    assert key(refused.value) == ["review.ledger_gone"]


def test_files_that_are_no_ledger_are_refused_in_words(tmp_path) -> None:
    text, other = tmp_path / "text.sqlite", tmp_path / "other.sqlite"
    text.write_text("not a database, only words that are long enough " * 20)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    for path, expected in ((text, "review.no_ledger"), (other, "review.no_ledger")):
        for use in (lambda path=path: Ledger(path).entries(), lambda path=path: Ledger(path).append([remark()])):
            with pytest.raises(UnusableInput) as refused:
                use()
            assert key(refused.value) == [expected] and str(path) in str(refused.value)
    assert text.read_text().startswith("not a database")


def test_a_refusal_leaves_nothing_behind(tmp_path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.append([remark()])

    def no(records) -> None:
        raise ValueError(len(records))

    with pytest.raises(ValueError, match="1"):
        ledger.append([remark("二")], no)
    assert len(Ledger(ledger.path).entries()) == 1


def test_what_was_allowed_still_holds_when_it_is_written(tmp_path) -> None:
    """Two who may each write only as the first: exactly one does."""
    path, done = tmp_path / "ledger.sqlite", []

    def only_first(records) -> None:
        time.sleep(0.05)
        if records:
            raise RuntimeError("late")

    def write(name: str) -> None:
        try:
            Ledger(path).append([remark(by=name)], only_first)
            done.append(name)
        except RuntimeError:
            pass

    both = [threading.Thread(target=write, args=(name,)) for name in ("甲", "乙")]
    [one.start() for one in both]
    [one.join() for one in both]
    assert len(done) == 1 and [r.entry.by for r in Ledger(path).entries()] == done


def test_a_name_is_the_same_however_it_is_typed() -> None:
    assert {plain_name(name) for name in ("张 三", " 张三 ", "张　三", "张\t三")} == {"张三"}
    assert plain_name("Ｌｉ  Ｗｅｉ") == "Li Wei"
    assert Undo(by=" 李　四", year=2016, refers_to=1, reason=" 写错了\u202e ").reason == "写错了"
