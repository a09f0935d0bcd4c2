"""Remarks of readers: a small file from anywhere, taken in whole or refused in words."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.sample.dataset import write_sample

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("remarks")]
SAID = {"indicator": "diary", "by": "赵审阅", "words": "日记似有雷同", "at": "2017-02-01T08:00:00.000Z"}
FILE = {"format": "assess-remarks 1", "year": 2016, "team": "T0001", "edition": "1-0123abcd", "remarks": [SAID]}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("remarks"), 3, 5, [2016])


def take(data, path, content) -> tuple[int, str]:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
    done = CliRunner().invoke(main, ["remarks", str(data), str(path), "--year", "2016"])
    return done.exit_code, done.output


def remarks(data) -> list:
    return [record.entry for record in Ledger(ledger_path(data)).entries()]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不是意见文件"),
        (b"[" * 100_000, "不是意见文件"),
        (b"\xff\xfe", "不是意见文件"),
        (b"[]", "不是意见文件"),
        (FILE | {"format": "assess-remarks 2"}, "format"),
        (FILE | {"remarks": []}, "remarks"),
        (FILE | {"more": 1}, "more"),
        (FILE | {"remarks": [SAID | {"words": "长" * 2001}]}, "words"),
        (FILE | {"remarks": [SAID] * 501}, "remarks"),
        (FILE | {"remarks": [SAID | {"words": 1}]}, "words"),
        (FILE | {"year": 2015}, "这是 2015 年的意见"),
        (FILE | {"team": "T9999"}, "没有这个编号的工作队"),
        (FILE | {"remarks": [SAID, SAID | {"indicator": "nothing"}]}, "没有这项指标"),
        (b" " * 2_000_001, "2000000"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, (str, bytes)) else None,
)
def test_what_is_no_file_of_remarks_is_refused_whole_and_in_words(data, tmp_path, content, told) -> None:
    code, output = take(data, tmp_path / "意见.json", content)
    assert code == 2 and told in output and "意见.json" in output and "Traceback" not in output
    assert remarks(data) == []


def test_remarks_go_on_record_once_and_change_no_points(data, tmp_path) -> None:
    from assess_lib.api import load_years

    before = load_years(data, 2016)[0].scores
    code, output = take(
        data, tmp_path / "a.json", FILE | {"remarks": [SAID, SAID, SAID | {"indicator": "", "words": "总体尚可"}]}
    )
    assert code == 0 and "T0001：登记意见 2 条" in output
    code, output = take(
        data, tmp_path / "b.json", FILE | {"remarks": [SAID, SAID | {"at": "2017-02-02T08:00:00.000Z"}]}
    )
    assert code == 0 and "登记意见 1 条" in output and "1 条此前已登记" in output
    found = remarks(data)
    assert [(e.kind, e.indicator, e.words, e.edition, e.written[:10]) for e in found] == [
        ("remark", "diary", "日记似有雷同", "1-0123abcd", "2017-02-01"),
        ("remark", "", "总体尚可", "1-0123abcd", "2017-02-01"),
        ("remark", "diary", "日记似有雷同", "1-0123abcd", "2017-02-02"),
    ]
    assert load_years(data, 2016)[0].scores.equals(before)


def test_one_bad_file_does_not_keep_the_others_out(data, tmp_path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(FILE | {"team": "T0002"}), encoding="utf-8")
    bad.write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["remarks", str(data), str(bad), str(good), str(tmp_path / "none.json"), "--year", "2016"]
    )
    assert done.exit_code == 1 and "T0002：登记意见 1 条" in done.output
    assert "bad.json" in done.output and "none.json" in done.output and "没有这个文件" in done.output
