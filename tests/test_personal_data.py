"""Personal data stays in the data folder: everything that a check and a run write and say is searched for it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from assess_lib.sample.dataset import write_sample
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.tables.masking import mask, masked, scrubbed
from assess_lib.tables.reading.headings import column_of, table_of

ASSESS = str(Path(sys.executable).parent / "assess")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("personal_data")]
PHONE, CARD = "13912345678", "6222021234567890123"


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> tuple[str, set[str]]:
    """Everything written and said by a check and a run over workbooks with people in the wrong places, and their data."""
    home = tmp_path_factory.mktemp("personal")
    data = write_workbooks(home / "data", 4, 2016, [2016])
    clean = write_sample(home / "clean", 4, 2016, [2016]) / "2016"
    people = pd.read_csv(clean / "persons.csv", dtype=str)
    secrets = {*people["id_number"], *people["name"], PHONE, CARD}
    path = sorted((data / "2016").glob("*县.xlsx"))[0]
    _misplace(path, people)
    out = home / "out"
    first = _run("check", data, "--out", out / "unusable")
    assert "找不到表头" in first
    _without_bare_sheets(path)
    said = [
        _run("check", data, "--out", out / "check"),
        first,
        _run("run", data, "--out", out / "run", "--jobs", "1"),
        _run("score", data, "--out", out / "score"),
        _run("run", data, "--out", out / "en", "--lang", "en", "--teams", "T0001", "--jobs", "1"),
    ]
    assert "错误" in said[0] and (data / "quarantine" / "2016.xlsx").exists()
    return "\n".join([*said, *map(_text, _files(out))]), secrets


def _misplace(path: Path, people: pd.DataFrame) -> None:
    """Write people's data where they do not belong: a row shifted by a column, numbers in free text, no heading."""
    number, name = people["id_number"][5], people["name"][5]
    long = next(name for name in people["name"] if len(name) > 2)
    book = openpyxl.load_workbook(path, data_only=True)
    places = {
        "农户": {"household_id": name, "category": number, "main_business": f"{long}养猪，电话{PHONE}"},
        "帮扶项目": {"name": f"道路硬化 {long}负责 联系人电话{PHONE} 卡号{CARD}", "beneficiaries": PHONE},
        "工作台账": {"content": f"{name}反映饮水问题，身份证{number}"},
        "到户措施": {"measure": name, "needed": PHONE},
        "结对帮扶": {"household_id": number, "cadre_name": name},
        "入户走访": {"visited_on": CARD},
    }
    for title, changes in places.items():
        sheet = book[title]
        heads = {
            column_of(table_of(title), str(cell.value))[0]: cell for row in sheet.iter_rows(max_row=4) for cell in row
        }
        for turn, (column, value) in enumerate(changes.items(), start=4):
            sheet.cell(heads[column].row + turn, heads[column].column).value = value
    bare = book.create_sheet("家庭成员（补）_家庭成员")
    for line in people.head(3).itertuples(index=False):
        bare.append([line.person_id, line.household_id, line.name, line.id_number])
    bare2 = book.create_sheet(people["name"][7])
    bare2.append(["姓名", people["name"][8]])
    book.save(path)


def _without_bare_sheets(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for name in book.sheetnames[-2:]:
        del book[name]
    book.save(path)


def _run(verb: str, data: Path, *arguments) -> str:
    done = subprocess.run(
        [ASSESS, verb, str(data), "--year", "2016", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _text(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        return "\n".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())


def test_nothing_that_leaves_the_data_folder_names_a_person(told) -> None:
    text, secrets = told
    plain = re.sub(r"base64,[A-Za-z0-9+/=]+|image/png[^\n]+", "", text)
    found = {secret for secret in secrets if (secret.isascii() or len(secret) > 2) and secret in plain}
    short = "|".join(secret for secret in secrets if len(secret) == 2)  # two characters may stand in any word
    found |= set(re.findall(rf"(?<![一-龥])(?:{short})(?![一-龥])", plain))
    assert not found


def test_the_masked_forms_are_there(told) -> None:
    text, _ = told
    assert "***" in text and re.search(r"[一-龥]\*\*", text)


def test_masking() -> None:
    assert (mask("王小明", "name"), mask(" 王小明 ", "name"), mask("4201", "id_number"), mask(None, "name")) == (
        "王**",
        "王**",
        "***",
        "",
    )
    assert mask(mask("王小明", "name"), "name") == "王**"
    for kind in ("name", "id_number", "prose"):
        column = pd.Series(["王小明", " 王小明", "王**", "", None, "x"], dtype="str")
        assert [mask(value, kind) for value in column] == masked(column, kind).fillna("").tolist()
    assert scrubbed("电话13912345678，卡6222021234567890123") == "电话***，卡***"
    assert scrubbed("身份证42010119900101001X") == "身份证***"
    assert scrubbed("王小明") == "王**" and scrubbed("王家庄", prose=True) == "王家庄"
    for harmless in (
        "三百",
        "20160305",
        "12345678",
        "T0001",
        "V000123456789",
        "F000116001",
        "123456789012345678901234",
    ):
        assert scrubbed(harmless) == harmless
