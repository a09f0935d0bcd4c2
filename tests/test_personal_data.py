"""Personal data stays in the data folder: everything that a check and a run write and say is searched for it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from support.personal_scan import found_in, text_of_all

from assess_lib.review.acts import open_review
from assess_lib.sample.dataset import write_sample
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.tables.reading.headings import table_of
from assess_lib.tables.reading.labels import column_of

ASSESS = str(Path(sys.executable).parent / "assess")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("personal_data")]
PHONE, CARD, LANDLINE = "13912345678", "6222021234567890123", "0717-6731234"
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> tuple[str, set[str], set[str], str]:
    """Everything written and said by a check, runs and an edition over workbooks with people in the wrong places.

    With the numbers and the names of the people, and a name of two characters.
    """
    home = tmp_path_factory.mktemp("personal")
    data = write_workbooks(home / "data", 4, 2016, [2016])
    clean = write_sample(home / "clean", 4, 2016, [2016]) / "2016"
    people = pd.read_csv(clean / "persons.csv", dtype=str)
    numbers, names = {*people["id_number"], PHONE, CARD, LANDLINE}, {*people["name"]}
    path = sorted((data / "2016").glob("*县.xlsx"))[0]
    _misplace(path, people)
    path = path.rename(path.with_name(f"{path.stem}_{_long_name(people)}{PHONE.translate(WIDE)}.xlsx"))
    out = home / "out"
    first = _run("check", data, "--out", out / "unusable")
    assert "找不到表头" in first
    _without_bare_sheets(path)
    _judge(data, people)
    said = [
        _run("check", data, "--out", out / "check"),
        first,
        _run("run", data, "--out", out / "run", "--jobs", "1"),
        _run("score", data, "--out", out / "score"),
        _run("run", data, "--out", out / "en", "--lang", "en", "--teams", "T0001", "--jobs", "1"),
        _said(
            "publish",
            out / "run",
            "--out",
            out / "editions",
            "--no-pdf",
            "--draft",
            "--note",
            f"更正，联系{PHONE[:3]} {PHONE[3:]}",
        ),
        _said("diff", out / "run", out / "en", "--out", out / "diff"),
    ]
    assert "错误" in said[0] and (data / "quarantine" / "2016.xlsx").exists()
    assert (out / "editions" / "2016-edition-1" / "index.html").exists()
    return "\n".join([*said, text_of_all(out)]), numbers, names, _short_name(people)


def _long_name(people: pd.DataFrame) -> str:
    return next(name for name in people["name"] if len(name) > 2)


def _short_name(people: pd.DataFrame) -> str:
    return next(name for name in people["name"] if len(name) == 2)


def _misplace(path: Path, people: pd.DataFrame) -> None:
    """Write people's data where they do not belong: a row shifted by a column, numbers in free text, no heading."""
    number, name, long = people["id_number"][5], people["name"][5], _long_name(people)
    book = openpyxl.load_workbook(path, data_only=True)
    below = {
        "农户": {"household_id": name, "category": number, "main_business": f"{long}养猪，电话{PHONE}"},
        "帮扶项目": {"name": f"道路硬化 {long}负责 联系人电话{PHONE} 卡号{CARD}", "beneficiaries": PHONE},
        "工作台账": {"content": f"{name}反映饮水问题，身份证{number}"},
        "到户措施": {"measure": name, "needed": PHONE},
        "结对帮扶": {"household_id": number, "cadre_name": name},
        "入户走访": {"visited_on": CARD},
        "资金流水": {"voucher": f"X{number}", "flow_id": f"F-{PHONE}"},
        "检查督办": {"inspector": f"{long[0]} {long[1:]} {PHONE.translate(WIDE)}"},
        "村公共服务": {"value": f"{number[:6]} {number[6:14]} {number[14:]}"},
    }
    first = {
        "工作队": {"name": f"{long}工作队（{LANDLINE}）", "area": f"{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}"},
        "驻点村": {"name": f"{long}村 \u202e{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}"},
    }
    short = _short_name(people)
    beside = {  # of two characters, beside what may stand behind a place or a word
        "帮扶项目": {"name": f"户主{short[0]} {short[1]}街上修路"},
        "农户": {"main_business": f"{short}河边养鱼"},
        "检查督办": {"inspector": f"{short}检查组"},
    }
    for start, places in ((4, below), (8, beside), (1, first)):
        for title, changes in places.items():
            sheet = book[title]
            heads = {
                column_of(table_of(title), str(cell.value))[0]: cell
                for row in sheet.iter_rows(max_row=4)
                for cell in row
            }
            for turn, (column, value) in enumerate(changes.items(), start=start):
                line = heads[column].row + (turn if start > 1 else 1)
                sheet.cell(line, heads[column].column).value = value
    bare = book.create_sheet("家庭成员（补）_家庭成员")
    for line in people.head(3).itertuples(index=False):
        bare.append([line.person_id, line.household_id, line.name, line.id_number])
    bare2 = book.create_sheet(people["name"][7])
    bare2.append(["姓名", people["name"][8]])
    book.save(path)


def _judge(data: Path, people: pd.DataFrame) -> None:
    """A judgement, and a remark, whose words name people."""
    long, number = _long_name(people), people["id_number"][5]
    review = open_review(data, 2016)
    team = review.result.scores.index[0]
    name = next(iter(review.rubric.indicators())).id
    words = f"{long}（{number[:6]} {number[6:14]} {number[14:]}）反映属实，电话{PHONE.translate(WIDE)}"
    review.judge("confirm", team, name, "李四", words, document=f"{long}来信")
    review.record_all([review.remark_of(team, "王五", words)])


def _without_bare_sheets(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for name in book.sheetnames[-2:]:
        del book[name]
    book.save(path)


def _run(verb: str, data: Path, *arguments) -> str:
    return _said(verb, data, "--year", "2016", *arguments)


def _said(*arguments) -> str:
    done = subprocess.run([ASSESS, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def test_nothing_that_leaves_the_data_folder_names_a_person(told) -> None:
    text, numbers, names, _ = told
    assert not found_in(text, numbers, names)


def test_a_name_of_two_characters_does_not_leave_beside_other_words(told) -> None:
    text, _, _, short = told
    shown = [f"户主{short[0]}**街上修路", f"{short[0]}**河边养鱼", f"{short[0]}**检查组"]
    assert [words for words in shown if words in text] == shown
    plain = text.replace(" ", "")
    assert not [word for word in ("街上修路", "河边养鱼", "检查组") if f"{short}{word}" in plain]


def test_the_masked_forms_are_there(told) -> None:
    text, *_ = told
    assert "***" in text and re.search(r"[一-龥]\*\*", text)


def test_no_character_that_turns_text_leaves_the_data_folder(told) -> None:
    assert not re.findall("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", told[0])
