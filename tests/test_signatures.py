"""Who signs has a name with letters to be seen; what nobody sees, or turns text, is in no word of the ledger."""

from __future__ import annotations

import pytest
from support.small_rubric import base, score

from assess_lib.characters import has_letter, is_unseen, legible
from assess_lib.faults import UnusableInput
from assess_lib.ledger.entries import plain_name
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.review_lines import adjustments_table, remark_lines, review_lines

WHY = "材料补交属实"
NOBODY = [
    "",
    " ",
    "\u200b",
    "\u2060\ufeff",
    "\u3164",
    "\u1160",
    "\u2800",
    "　",
    "---",
    "…",
    "123",
    "①②",
    "ー",
    "\u202e",
    "\x00",
    "\u200b 7",
]
NUMBERED = ["张三13912345678", "990000195407090004王", "张三 027-87231234"]


@pytest.fixture
def review(tmp_path):
    values = {"A": {"a": 0.5, "b": 1, "c": 0.5, "d": 0.25}, "B": {"a": 1, "b": 1, "c": 1, "d": 1}}
    rubric = Rubric.model_validate(base() | {"review": {"second_over": None}})
    return ReviewSession(score(rubric, values), Ledger(tmp_path / "ledger.sqlite"))


@pytest.mark.parametrize("name", [*NOBODY, *NUMBERED])
def test_a_name_that_is_none_signs_nothing(review, name: str) -> None:
    acts = [
        lambda: review.judge("points", "A", "a", name, WHY, becomes="20.5"),
        lambda: review.judge("confirm", "A", "a", name, WHY),
        lambda: review.assign(["A"], to=name, by="张三"),
        lambda: review.assign(["A"], to="张三", by=name),
        lambda: review.move_to_stage(["A"], "reply", name),
        lambda: review.sign_off("A", name),
        lambda: review.mark_viewed("A", name),
        lambda: review.object("A", "a", name, "不服"),
        lambda: review.record_all([review.remark_of("A", name, "看过")]),
    ]
    for act in acts:
        with pytest.raises(UnusableInput) as refused:
            act()
        fault = next(fault for fault in refused.value.faults if fault.key == "review.by")
        assert "姓名" in fault.cause("zh") and "name" in fault.remedy("en")
    assert review.ledger.entries() == []


@pytest.mark.parametrize("name", ["张三", "考核员1", "Li Wei", "Ἀγγελική", "阿不都·热合曼", "𠮷田", "张\u200b三"])
def test_a_name_of_any_script_signs(review, name: str) -> None:
    assert review.judge("confirm", "A", "a", name, WHY).entry.by == name.replace("\u200b", "")


@pytest.mark.parametrize("reason", ["----", "\u200b" * 9, "1234", "。。。。"])
def test_a_reason_says_something(review, reason: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        review.judge("confirm", "A", "a", "张三", reason)
    assert [fault.key for fault in refused.value.faults] == ["review.reason"]


def test_two_spellings_of_one_name_are_one_person() -> None:
    assert {plain_name(name) for name in ("张三", "张 三", "张\u200b三", "\u202e张三\u202c", " 张　三\x07")} == {"张三"}


def test_what_is_shown_of_the_ledger_has_no_number_and_no_character_that_turns_text(review) -> None:
    words = "联系\u202e１３９ 1234 5678\u2028属实\x07，卡6222\u200b021234567890123"
    review.judge("points", "A", "a", "张三", words, becomes="20.5", document="函\u2066１号 027-87231234")
    review.record_all([review.remark_of("A", "李四", words)])
    line = review_lines(review.result, "A", "zh")[0]
    assert (line.reason, line.document) == ("联系*** 属实，卡***", "函１号 ***")
    row = adjustments_table(review.result).iloc[0]
    assert (row["reason"], row["document"]) == (line.reason, line.document)
    assert "联系*** 属实，卡***" in remark_lines(review.result, "A", "zh")[0]


@pytest.mark.parametrize(
    "character", "\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\u00ad\x00\x1b\x7f\x9f\u3164\u2800\ud800"
)
def test_a_character_that_nobody_sees_is_taken_out(character: str) -> None:
    assert is_unseen(character) and legible(f"省{character}厅") == "省厅" and not has_letter(character * 3)


def test_line_breaks_of_any_kind_are_plain_ones_and_rare_characters_stay() -> None:
    assert legible("a\r\nb\rc\u2028d\u2029e\x85f\vg\th") == "a\nb\nc\nd\ne\nf\ng\th"
    for text in ("𠮷田 㐂 \ue000 é e\u0301 العربية ไทย ￥１２", "普通文字 abc 123。，；"):
        assert legible(text) == text
