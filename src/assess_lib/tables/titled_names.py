"""Names of people whom no table knows, behind a word that says that somebody is named: 联系人刘超, 负责人：王大柱.

A short Chinese text that begins with a surname and ends where a name may end is one; a word of the field that begins with
such a character (农户项目, 负责人管理) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess_lib.tables.personal_names import SURNAMES, Span

_CHINESE = "㐀-鿿"
_FIRST = "".join(sorted(SURNAMES))
_SAYS_WHO = "联系人|联络人|负责人|责任人|承包人|经办人|经手人|户主"  # behind which a name is expected
_SAYS_WHAT = "村民|农户|贫困户|低保户|五保户|特困户|脱贫户"  # behind which many other words stand too
_BLANKS = r"[ \u3000\u00a0]*"
_BETWEEN = rf"(?:姓名|名叫)?{_BLANKS}(?:[:：为是叫]{_BLANKS})?"
_AND = f"[和与及](?=[{_CHINESE}])"
_END = f"[^{_CHINESE}]|$|家(?!庭)|等|户主|同志|电话|手机|{_AND}"
_DEED = "负责|牵头|承包|经营|流转|领办|反映|申请|要求"
_VERB = f"[的在因患已被未种养建办带说]|签字|{_DEED}"


def _name_before(end: str) -> str:
    """The expression of a name: of three characters, unless 家 or 等 is the third, of two, and of those that are left."""
    forms = (f"[{_CHINESE}](?![家等户])[{_CHINESE}]", f"[{_CHINESE}]", f"[{_CHINESE}]{{2}}", f"[{_CHINESE}]{{3}}")
    return f"[{_FIRST}](?:{'|'.join(forms)})(?={end})"


_TITLED = re.compile(
    rf"(?:{_SAYS_WHO}){_BETWEEN}(?P<who>{_name_before(f'{_END}|{_VERB}')})|(?:{_SAYS_WHAT}){_BETWEEN}(?P<what>{_name_before(f'{_END}|{_DEED}')})"
)
_AND_ANOTHER = re.compile(rf"{_BLANKS}(?:[、,，/;；]|[和与及]){_BLANKS}(?P<name>{_name_before(f'{_END}|{_VERB}')})")
# What begins with the character of a surname and is no name.
_WORDS = re.compile(
    "安[全置居装排]|易[地返]|项目|万[元亩户人寿]|金[额银融秋丝]|全[部体年面覆家程村县]|房[屋前产]|符[合号]|计[划生]|平均|常[年住]|成[员立年本为]|"
    "应[急享纳当该]|时[间年]|马[铃上路蹄]|黄[牛桃精花姜连柏芪豆]|白[茶术酒天内菜]|花[椒卉生费]|桑[蚕树葚叶]|苗[木圃]|石[材榴料斛]|沙石|林[地业果权下]|"
    "高[山标度龄血效产粱中]|江边|古树|文[化明]|方[便案式]|管[理护线]|单[位独身]|向[上村群]|于[去今前上本当年是]|包[户村保括装]|车[辆库祸]|米面|"
    "左[右眼腿手]|温[饱室]|路[灯边面]|池塘|关[系爱心于]|连[片续]|商[品店铺]|游客|田[间地]|景[区点]|季[度节]|余[额款]|阳光|盛产|查[看询验]|艾[叶草]|"
    "蓝莓|冷库|舒适|简[易单介]|盖房|龙虾|毛[竹猪]|钱款|严[格重]|习惯|施[工肥]|尚未|康[养复]|洪[水灾]|申[请报]|任[命期职务何]|谈[话心]|党[员支建组参]|"
    "明[确细]|解决|纪[律委]|边远|童年|代[表理码办替]|雷[击竹]|柴[火油]|谷[物子]|麻[醉将]|梅花|柏[油木]|曲折|乐[于观]|岳[父母]|葛根|凌晨|夏[季天粮]|宗[地族教]|"
    "武装|祝贺|齐[全心]|屠宰|顾虑|庄[稼园]|杜[绝仲]|范围|许[可多]|谢绝|桂花|何[时种人地]|郑重|胡[豆椒萝]|董事|程[度序]|井水|姜蒜"
)
_OFFICES = re.compile(r".*(?:[村乡镇县市局厅办处科厂校院站]|公司|小组|委会|合作社|大队|中心|代表|大会|名单|情况)$")


def titled_names(text: str) -> list[Span]:
    """The stretches of a text that are the name of somebody by the word before them, in order."""
    return [span for match in _TITLED.finditer(text) for span in _names(text, match)]


def _names(text: str, match: re.Match[str]) -> Iterator[Span]:
    begin, end = match.span("who" if match["who"] else "what")
    found: re.Match[str] | None = match
    while found and _is_name(text[begin:end]):
        yield begin, end
        if found := _AND_ANOTHER.match(text, end):
            begin, end = found.span("name")


def _is_name(text: str) -> bool:
    return not _WORDS.match(text) and not _OFFICES.match(text)
