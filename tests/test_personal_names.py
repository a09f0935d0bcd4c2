"""The names of household members, paired cadres and team members are masked in every text that leaves the data folder."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.personal_scan import found_in

from assess_lib.tables.complete_tables import masking_for
from assess_lib.tables.masking import mask, masked, masking_of, scrubbed
from assess_lib.tables.personal_names import People

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "2016"
NAMES = [
    "韩明超",
    "王明",
    "高山",
    "王家",
    "阿不都·热合曼",
    "Li Weiming",
    "陈平 国",
    "欧阳娜娜",
    "司马光",
    "Tom Y",
    "José Peña",
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
        ("户主王 明", "户主王**"),
        ("户主王　　明家", "户主王**家"),
        ("户主王\u00a0明", "户主王**"),
        ("户主王\u2003明", "户主王**"),
        ("户主王\n明", "户主王**"),
        ("户主王_明、王—明", "户主王**、王**"),
        ("韩\U000e0100明超和王\ufe00明", "韩**和王**"),  # variants of characters, which look the same
        ("\uf90a山", "\uf90a山"),  # 金山 is nobody
        ("高山", "高**"),
        ("高山蔬菜", "高**蔬菜"),  # he may grow them
        ("王家庄修路", "王**庄修路"),  # no village of the tables
        ("阿不都热合曼种枣", "阿**种枣"),
        ("阿不都•热合曼种枣", "阿**种枣"),
        ("阿不都。热合曼、阿不都.热合曼、阿不都●热合曼、阿不都･热合曼", "阿**、阿**、阿**、阿**"),
        ("找王。明天去", "找王。明天去"),  # the end of a sentence
        ("由Li Weiming负责", "由L**负责"),
        ("LI WEIMING", "L**"),
        ("ＬＩ　ＷＥＩＭＩＮＧ", "Ｌ**"),
        ("liweimings", "l**s"),
        ("Jose\u0301 Pen\u0303a与Jose Pena", "J**与J**"),
        ("Atom you, tomy and Tom Yu", "Atom you, t** and Tom Yu"),
        ("陈平国家庭农场", "陈**家庭农场"),
        ("欧阳娜娜", "欧**"),
        ("司马光明", "司**明"),
        ("韩明超13912345678", "韩*****"),
        ("韩王明超", "韩王**超"),
    ],
)
def test_a_name_in_any_text(text: str, shown: str) -> None:
    assert KNOWN.text(text) == shown


AFTER = (
    "上 下 里 边 头 城 子 吃 北 西 东 南 托 促 街 河 山 镇 路 村 家 湾 县 区 市 省 院 局 委 会 社 说 种 养 喂 在 是 有 的 和 与 由 等 住 病 去世 "
    "住院 打工 外出 反映 同志 户 一家 夫妇 之妻 检查 带队 负责 已故 工作队 大道 家庭农场 合作社 中学 里修路 边栽树 头牛 街上 河边 村口 江边 公司 "
    "， 。 ） 2人 A x 号 1963"
).split()
BEFORE = "户主 贫困户 老 小 由 为 到 在 找 给 了 的 和 ， 。 （ 1. 是 A 2016 村民 驻".split()


@pytest.mark.parametrize("name", ["王明", "韩明超", "欧阳娜娜", "阿不都·热合曼", "王 明", "韩　明超"])
def test_a_name_between_any_words(name: str) -> None:
    """Whatever verb, place or suffix may follow, and whatever stands before."""
    for before, after in product(["", *BEFORE], ["", *AFTER]):
        assert KNOWN.text(f"{before}{name}{after}") == f"{before}{name[0]}**{after}"


PERSONS = pd.read_csv(SAMPLE / "persons.csv", dtype=str)
OF_SAMPLE = masking_for(
    {table: pd.read_csv(SAMPLE / f"{table}.csv", dtype=str) for table in ("persons", "teams", "villages", "units")}
)
NEIGHBOURS = st.text(
    st.one_of(
        st.sampled_from("王李张刘陈上下里边头城子吃北西托促家村镇街河山路湾县市区局厅委院驻户主人民"),
        st.sampled_from(" 　\n\u200b.·、，。-（）0123456789ABab"),
        st.characters(codec="utf-8"),
    ),
    max_size=8,
)


@given(
    st.sampled_from(sorted(set(PERSONS["name"]))),
    NEIGHBOURS,
    NEIGHBOURS,
    st.sampled_from(["", " ", "　", "·", "\u200b"]),
)
@example("董杰", "户主", "村里", " ")
def test_no_neighbour_lets_a_name_of_the_sample_out(name: str, before: str, after: str, between: str) -> None:
    """Whatever stands around it, also more characters of names, and numbers."""
    shown = OF_SAMPLE.text(before + name[0] + between + name[1:] + after)
    assert name not in "".join(shown.replace("·", "").split())


WITH_PLACES = masking_for(
    {
        "persons": pd.DataFrame({"name": [*NAMES, "王芳", "金融", "金银花", "安全", "张三"]}),
        "villages": pd.DataFrame(
            {"name": ["高山村", "王家湾", "金银花村", "王明", "张三说", None], "county": "王明县"}
        ),
        "units": pd.DataFrame({"name": ["湖北省林业厅（机关）"], "unit_type": ["金融机构"]}),
        "teams": pd.DataFrame(
            {"name": ["省林业厅驻王家庄村工作队", "省林业驻高山村工作队", "王芳驻高山村工作队", "韩明超工作队"]}
        ),
        "benchmarks": pd.DataFrame({"metric": ["service:安全饮水率", "rural_income_per_head_yuan"]}),
    },
    ["王家市"],
)


@pytest.mark.parametrize(
    "text",
    [
        "高山村",
        "高山村里修路",
        "到高山村走访",
        "王家湾",
        "金银花村",
        "王明县",
        "王家市_农户.xlsx",
        "湖北省林业厅（机关）",
        "金融机构",
        "省林业厅驻王家庄村工作队",
        "省林业驻高山村工作队",
        "安全饮水率",
        "饮水安全和住房安全",  # headings of columns
        "韩明",
        "养猪",
        "超明韩",
    ],
)
def test_places_offices_and_headings_of_the_tables_are_no_names(text: str) -> None:
    assert WITH_PLACES.text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王明", "王**"),  # stands in the column of villages, and says nothing of being one
        ("张三说", "张**说"),
        ("户主高山村里种茶", "户主高**村里种茶"),
        ("高山蔬菜，高山村", "高**蔬菜，高山村"),
        ("林业站", "林**站"),
        ("韩明超工作队", "韩**工作队"),
        ("王芳驻高山村工作队", "王**驻高山村工作队"),
        ("王芳工作队（电话139-1234-5678）", "王**工作队（电话***）"),
        ("王家湾王家", "王家湾王**"),
    ],
)
def test_a_name_beside_a_place_is_one(text: str, shown: str) -> None:
    assert WITH_PLACES.text(text) == shown


@pytest.mark.parametrize(
    "written", ["王芳（户主）", "王芳(已故", "王芳2", "王芳A", "李四、王芳", " 王芳 ", "王芳/张三", "王 芳"]
)
def test_a_name_with_a_remark_beside_it_is_known_by_itself(written: str) -> None:
    assert masking_of([written]).text("王芳养猪，已故户主2户") == "王**养猪，已故户主2户"


def test_names_are_kept_as_digests_alone() -> None:
    people = People.of(NAMES)
    assert len(people) == 12  # without the blank, the masked one and the one that has no letter
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
        people.text(f"省王王厅驻王家湾村第{number}工作队")
    assert time.perf_counter() - started < 2
