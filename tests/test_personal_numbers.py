"""Numbers that name somebody are masked in every form in which they are written, and honest numbers never are."""

from __future__ import annotations

import time

import pytest
from support.personal_scan import found_in

from assess_lib.tables.masking import masking_of, scrubbed

ID, PHONE, CARD = "990000195407090004", "13912345678", "6222021234567890123"
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")

IDS = [
    ID,
    ID.translate(WIDE),
    "990000 19540709 0004",
    "990000-19540709-0004",
    "990000－1954－0709－0004",
    "990000.1954.0709.0004",
    "99 00 00 19 54 07 09 00 04",
    " ".join(ID),
    "ID" + ID,
    ID + "a",
    ID[:6] + "\u200b" + ID[6:],
    "\u200d".join(ID),
    ID[:8] + "\u00ad" + ID[8:],
    ID[:6] + "\n" + ID[6:],
    "⑨⑨" + ID[2:],
    ID.translate(CHINESE),
    "11010519491231002X",
    "11010519491231002x",
    "11010519491231002Ｘ",
    "11010519491231002×",
    "110105 19491231 002 X",
    "110105491231002",
    "110105-491231-002",
    "9900*0019*5407*0900*04",
    "990000，19540709，0004",
    "、".join(ID),
    "99洞洞洞洞幺95洞四洞七洞九洞洞洞四",
]
PHONES = [
    PHONE,
    PHONE.translate(WIDE),
    "139 1234 5678",
    "139-1234-5678",
    "139—1234—5678",
    "139.1234.5678",
    "139·1234·5678",
    "139/1234/5678",
    "139_1234_5678",
    "（139）1234-5678",
    "1（39）12345678",
    "1391234 5678",
    "139　　1234　　5678",
    "139 123 45678",
    " ".join(PHONE),
    "+8613912345678",
    "8613912345678",
    "008613912345678",
    "+86 139 1234 5678",
    "+86-139-1234-5678",
    "013912345678",
    "tel13912345678",
    PHONE + "a",
    PHONE + "人在外地",
    "139\u200b12345678",
    "1\ufe0f\u20e33\ufe0f\u20e3912345678",
    PHONE.translate(CHINESE),
    "壹叁玖壹贰叁肆伍陆柒捌",
    "幺三九一二三四五六七八",
    "1三9一2三4五6七8",
    "幺3勾12345六拐8",
    "１３９１２ 三四五六七八",
    "139*1234*5678",
    "139：1234：5678",
    "1391，2345，678",
    "、".join(PHONE),
    ",".join(PHONE),
    "13 912345678",
    "139.123.456.78",
    "l39 I234 5678",
    "l39l2345678",
    "I39-l234-5678",
    "١٣٩١٢٣٤٥٦٧٨",
]
LANDLINES = [
    "027-87231234",
    "027 8723 1234",
    "02787231234",
    "(0717)6731234",
    "（0717）673-1234",
    "0717 673 1234",
    "0717-6731234-801",
    "027-87231234转801",
    "027－8723－1234",
    "+86-27-87231234",
    "+86 (0717) 6731234",
    "电话87231234",
    "座机：6731234",
    "电话号码：6731 234",
    "电话六七三一二三四",
]
CARDS = [
    CARD,
    CARD.translate(WIDE),
    "6222 0212 3456 7890 123",
    "6222-0212-3456-7890-123",
    "6222\u200b021234567890123",
    "622202 1234567890123",
    "CARD" + CARD,
    "9559980123456789",
    "81010000123456789",
    "账号：2016 0305 1234",
    "卡号 12345678",
    CARD.translate(CHINESE),
    "6222*0212*3456*7890*123",
    "6222，0212，3456，7890，123",
    "621 7002 870012345672",  # grouped as no card is printed, and its check digit is right
    "62170\n02870012345672",
    "6217.0028.7001.2345.672",
]
OTHERS = ["QQ12345678", "zhang.san@qq.com", "鄂A12345"]
HONEST = [
    "2016-03-05",
    "2016年3月5日至2016年12月31日",
    "2016.3.5-2016.12.31",
    "2016-03-05 2016-04-06",
    "20160305",
    "20160305123045",
    "2016/3/5 0:00:00",
    "2012 2013 2014 2015",
    "2012-2013-2014-2015",
    "二〇一六年三月五日",
    "一二三四五六七八九",
    "421125001001",
    "420000000000 421125001001",
    "130123456789",
    "村级代码158123456789",
    "13912345678元",
    "13912345678.50",
    "1,234,567.89元",
    "1234567.89",
    "3600 4200 5100 6000",
    "3600、4250、5115、6001元",
    "150 200 30000元",
    "120000 130000 150000元",
    "三百",
    "12345678",
    "T0001",
    "V000123456789",
    "F000116001",
    "123456789012345678901234",
    "鄂政发〔2016〕12345号",
    "2016-420101-48-01-123456",
    "13.5 15.2 16.8 12.1",
    "1、2、3、4、5、6、7、8、9、10、11",
    "电话费1200000元",
    "投入 1500000 元",
    "受益 139 户 1234 人 5678 亩",
    "8:30-17:30",
    "经度114.123456 纬度30.123456",
    "K0+139-K1+234",
    "2016030500000123",
    "010-20160305",
    "联系群众1234567人次",
    "200×300×400",
    "15.5%-16.5%",
    "H0001-2016-12",
    "种植油茶1,387,264,501元",
    "13,872,645,019",
    "6123、6234、7345、8456",
    "138、412、398、21",
    "621 7002 870012345673",
    "三洞一桥，一勾二拐",
    "面积4521、4633、4211、4518亩",
    "1.2*3.4*5.6",
    "10+20+30=60",
]


@pytest.mark.parametrize("number", [*IDS, *PHONES, *LANDLINES, *CARDS, *OTHERS])
@pytest.mark.parametrize("text", ["道路硬化 {}，已完工", "{}", "张三{}", "联系{}。"])
def test_a_number_of_somebody_is_masked_in_every_form(number: str, text: str) -> None:
    masked = scrubbed(text.format(number), prose=True)
    assert "***" in masked
    assert not found_in(masked, [number], []) and masked.startswith(text.split("{")[0].removesuffix("三"))


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_number_is_left_as_it_is(text: str) -> None:
    assert scrubbed(text, prose=True) == text
    assert scrubbed(f"备注：{text}，见附件", prose=True) == f"备注：{text}，见附件"


def test_what_stands_around_a_number_stays() -> None:
    assert scrubbed("电话13912345678，卡6222021234567890123") == "电话***，卡***"
    assert scrubbed("2016年3月5日 13912345678、13812345679 共2人", prose=True) == "2016年3月5日 ***、*** 共2人"
    assert scrubbed("1391234567813812345679", prose=True) == "***"  # two phones with nothing between


def test_an_identifier_of_the_tables_is_no_account() -> None:
    """A household is often numbered by the code of its village (12 digits) and four digits more."""
    known = masking_of([], ["4211250010010023"])
    assert known.text("与4211250010010024户合并") == "与4211250010010024户合并"
    assert known.text("与6222021234567890户合并") == "与***户合并"
    assert masking_of([], ["13912345678", ID]).text(f"{PHONE} {ID}") == "*** ***"  # those are people, not rows


@pytest.mark.parametrize("piece", ["1 ", "86-", "139 ", "0717 ", "一 ", "电话", "a@", "12345678-", "9"])
def test_no_text_keeps_the_masking_busy(piece: str) -> None:
    started = time.process_time()
    scrubbed(piece * (32_767 // len(piece)), prose=True)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("number", [*IDS, *PHONES, *LANDLINES, *CARDS])
def test_the_search_of_the_tests_sees_every_form(number: str) -> None:
    """The search through outputs finds a form that is left, whatever it is looked for by."""
    assert found_in(f"<td>道路硬化 {number}，已完工</td>", [number], [])
    plain = {"IDS": ID, "PHONES": PHONE, "CARDS": CARD}
    for name, forms in (("IDS", IDS[:16]), ("PHONES", PHONES), ("CARDS", CARDS[:7])):
        if number in forms:
            assert found_in(f"<td>道路硬化 {number}，已完工</td>", [plain[name]], []), name


@pytest.mark.parametrize("text", ["", "***", "2016-03-05", "13912345677", "139****5678"])
def test_the_search_of_the_tests_sees_nothing_where_nothing_is(text: str) -> None:
    assert not found_in(text, [ID, PHONE, CARD], ["韩明超", "王明"])
