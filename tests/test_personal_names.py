"""The names of household members, paired cadres and team members are masked in every text that leaves the data folder."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from support.personal_scan import found_in

from assess_lib.tables.masking import mask, masked, masking_of, scrubbed
from assess_lib.tables.personal_names import People

NAMES = [
    "韩明超",
    "王明",
    "高山",
    "王家",
    "阿不都·热合曼",
    "Li Weiming",
    "陈平 国",
    "欧阳娜娜",
    None,
    "王**",
    "123",
    "林业",
]
KNOWN = masking_of(NAMES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("韩明超负责", "韩**负责"),
        ("韩 明超养猪", "韩**养猪"),
        ("韩·明超", "韩**"),
        ("韩\u200b明\u200d超", "韩**"),
        ("韩明超、王明", "韩**、王**"),
        ("王明养猪", "王**养猪"),
        ("王明家种茶", "王**家种茶"),
        ("贫困户王明", "贫困户王**"),
        ("王 明", "王**"),
        ("高山", "高**"),
        ("阿不都热合曼种枣", "阿**种枣"),
        ("阿不都•热合曼种枣", "阿**种枣"),
        ("由Li Weiming负责", "由L**负责"),
        ("LI WEIMING", "L**"),
        ("陈平国家庭农场", "陈**家庭农场"),
        ("欧阳娜娜", "欧**"),
        ("韩明超13912345678", "韩*****"),
    ],
)
def test_a_name_in_words_about_a_thing(text: str, shown: str) -> None:
    assert KNOWN.prose(text) == shown


@pytest.mark.parametrize(
    "text",
    ["高山村", "高山蔬菜", "王家庄村", "王家湾", "林业站", "老王 明天来", "carli weiming", "韩明", "养猪", "超明韩"],
)
def test_places_and_words_are_no_names(text: str) -> None:
    assert KNOWN.prose(text) == text == KNOWN.label(text)


def test_the_name_of_a_thing_shows_nobody() -> None:
    assert KNOWN.label("韩明超工作队") == "韩**工作队"
    assert KNOWN.label("省林业厅驻王家庄村工作队") == "省林业厅驻王家庄村工作队"
    assert KNOWN.label("王明工作队（电话139-1234-5678）") == "王**工作队（电话***）"
    assert KNOWN.label("王明") == "王**" and KNOWN.label("国王明珠镇") == "国王明珠镇"


def test_names_are_kept_as_digests_alone() -> None:
    people = People.of(NAMES)
    assert len(people) == 9  # without the blank, the masked one and the one that has no letter
    assert "韩明超" not in repr(people) and "韩明超" not in str(vars(people))


def test_masking_one_value() -> None:
    assert (mask("王小明", "name"), mask(" 王小明 ", "name"), mask("4201", "id_number"), mask(None, "name")) == (
        "王**",
        "王**",
        "***",
        "",
    )
    assert mask(mask("王小明", "name"), "name") == "王**" and mask("\u202e王小明", "name") == "王**"
    for kind in ("name", "id_number", "prose"):
        column = pd.Series(["王小明", " 王小明", "王**", "", None, "x", "\u202e王小明"], dtype="str")
        assert [mask(value, kind) for value in column] == masked(column, kind).fillna("").tolist()
    assert scrubbed("王小明") == "王**" and scrubbed("王家庄", prose=True) == "王家庄"


@pytest.mark.parametrize(
    "text", ["韩明超", "韩 明超", "韩·明超", "韩\u200b明超", "&#38889;明超", "\\u97e9明超", "（王明）", "王\u200b明"]
)
def test_the_search_of_the_tests_sees_names(text: str) -> None:
    assert found_in(f"<p>{text}</p>", [], ["韩明超", "王明"])


def test_a_province_of_people_does_not_keep_the_masking_busy() -> None:
    """A text is looked up among digests that are sorted once, not sorted for every text."""
    people = masking_of(f"王{chr(0x4E00 + number // 400)}{chr(0x5200 + number % 400)}" for number in range(200_000))
    started = time.perf_counter()
    for number in range(300):
        people.label(f"省王王厅驻王家湾村第{number}工作队")
    assert time.perf_counter() - started < 2
