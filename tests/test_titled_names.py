"""A name that no table knows is masked behind a word that says that somebody is named, and words of the field are not."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.tables.checks.people import check_texts
from assess_lib.tables.masking import NO_PEOPLE, masking_of
from assess_lib.tables.reading.column_names import column_names
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.titled_names import titled_names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("集体光伏电站（联系人刘超)", "集体光伏电站（联系人刘**)"),
        ("养殖场（负责人：王大柱）", "养殖场（负责人：王**）"),
        ("油茶基地（农户陈小虎 户主）", "油茶基地（农户陈** 户主）"),
        ("联系人刘超13986112233", "联系人刘*****"),
        ("联系人刘超电话13986112233", "联系人刘**电话***"),
        ("户主王明家种茶", "户主王**家种茶"),
        ("户主王建国种茶", "户主王**种茶"),
        ("户主 李小强", "户主 李**"),
        ("户主：　李小强，三口人", "户主：　李**，三口人"),
        ("户主是欧阳娜娜。", "户主是欧**。"),
        ("经办人张三", "经办人张**"),
        ("经办人为张三、李四和王五", "经办人为张**、李**和王**"),
        ("村民张建和", "村民张**"),
        ("村民赵强等3户", "村民赵**等3户"),
        ("村民余敏反映饮水问题", "村民余**反映饮水问题"),
        ("农户陈小虎承包", "农户陈**承包"),
        ("村民余敏种茶", "村民余**"),  # four characters may be a name
        ("村民余敏种茶树", "村民余敏种茶树"),  # 村民 stands before too much else to take two of five
        ("贫困户周丽(低保)", "贫困户周**(低保)"),
        ("负责人王大柱牵头", "负责人王**牵头"),
        ("负责人李在明", "负责人李**"),
        ("责任人孙悦的大棚", "责任人孙**的大棚"),
        ("低保户吴桂花家危房改造", "低保户吴**家危房改造"),
        ("脱贫户钱多多、郑重阳", "脱贫户钱**、郑重阳"),
        ("联系人姓名：马超", "联系人姓名：马**"),
        ("承包人高建林", "承包人高**"),
    ],
)
def test_a_name_behind_its_title_is_masked(text, shown) -> None:
    assert NO_PEOPLE.text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "负责人由村委会指定",
        "负责人由村委会",
        "负责人单位",
        "负责人管理",
        "负责人签字",
        "负责人：万元",
        "联系人电话",
        "联系人方式",
        "经办人查验",
        "户主关系",
        "户主全家外出",
        "户主常年在外",
        "户主单身",
        "户主高龄",
        "农户项目",
        "农户安全饮水",
        "农户危房改造",
        "农户马铃薯",
        "农户黄牛养殖",
        "农户花椒",
        "农户党参种植",
        "农户项目申请、金丝皇菊经营",
        "农户金银花",
        "贫困户易地搬迁",
        "贫困户安居",
        "贫困户项目、安全住房",
        "贫困户石桥村",
        "村民小组",
        "村民文化广场",
        "村民代表大会",
        "村民党员",
        "村民高标准农田",
        "村民方便",
        "村民白茶、桑蚕",
        "低保户应急救助",
        "农户与合作社",
        "农户和村委会",
        "刘超养猪",  # nobody says who that is
        "村民自治 王家坪村",
    ],
)
def test_a_word_of_the_field_is_no_name(text) -> None:
    assert titled_names(text) == [] and NO_PEOPLE.text(text) == text


def test_no_heading_and_no_word_of_a_code_has_a_name() -> None:
    words = {name for table in SCHEMAS for name in column_names(table)}
    for schema in SCHEMAS.values():
        words |= {schema.metadata["zh"], *(spec.metadata["zh"] for spec in schema.columns.values())}
        for spec in schema.columns.values():
            words |= {word for pair in (spec.metadata.get("codes") or {}).values() for word in pair}
    assert len(words) > 300 and not [word for word in words if titled_names(word)]


def test_names_that_the_tables_know_and_others_are_masked_together() -> None:
    assert (
        masking_of(["韩明超"]).text("负责人韩明超，村民代表韩明超、联系人刘超")
        == "负责人韩**，村民代表韩**、联系人刘**"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("马伟梅（户主，13886112277）", True),
        ("马伟梅 139-1234-5678", True),
        ("马伟梅１３８８６１１２２７７", True),
        ("马伟梅幺三八八六幺幺二二七七", True),
        ("马伟梅420325198001011234", True),
        ("马伟梅", False),
        ("王芳2", False),
        ("王芳（2016年去世）", False),
        ("王三", False),
        (None, False),
    ],
)
def test_a_number_beside_a_name_is_told(name, told) -> None:
    frames = {"persons": pd.DataFrame({"name": pd.Series(["李四", name], dtype="str")})}
    found = [(one.key, one.rows.tolist()) for one in check_texts(frames, NO_PEOPLE) if len(one.rows)]
    assert found == ([("checks.number_in_name", [1])] if told else [])
