"""The names of people whom the tables know, found in texts; kept as digests, so that nothing that has them can show them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assess_lib.characters import has_letter, is_unseen

Span = tuple[int, int]
_BETWEEN = frozenset(" 　\t\n·・•‧∙.．．-")  # what may stand between the characters of one name
_CHINESE = re.compile(r"[㐀-鿿豈-﫿𠀀-𳎯]")
_PLAIN = re.compile(r"[㐀-鿿]{2,24}")
_LONGEST, _SHORTEST_IN_LETTERS = 24, 4
# Behind two characters they make a place, an office or a plant of them: 高山村, 王家湾.
_OF_A_PLACE = re.compile(
    r"(?:村(?!民|里|支|委|医)|镇(?!长)|乡(?!亲|长)|县(?!长)|区(?!长)|市|省|街|湾|庄|寨|河|沟|山|坪|坡|岭|冲|垸|桥|岗|畈|塘|坝|港|垭|坑|堰|洲|岛"
    r"|屯|堡|营|溪|泉|湖|江|畔|路(?!上|过)|社区|家[村湾庄寨河沟山坪坡岭冲垸桥岗畈塘坝港垭坑堰洲岛屯堡营溪店铺台咀嘴墩垱口]|局|厅|委|院(?!长)|中学|小学|公司|合作社|大队)"
)
_A_PERSON_BEFORE = re.compile(
    r"(?:户主|村民|贫困户|低保户|五保户|农户|队员|队长|书记|主任|干部|同志|联系人|负责人|经办人|由|向|对|与|和|到|、)$"
)
_A_PERSON_AFTER = re.compile(
    r"(?:家|户|同志|书记|主任|队长|组长|负责|等[0-9一二三四五六七八九十]*[人户]|反映|要求|申请|[男女]|说|[种养喂]|[(（,，、;；:：]|之[子女妻夫父母]|工作队)"
)
# Words that begin with a surname. A person of that name is masked where the name stands alone.
_WORDS = frozenset(
    "高山 高速 高效 高产 高标 安全 安装 安排 安置 安保 方便 方案 方式 方向 方面 万元 万亩 万斤 万株 常年 常规 常见 常态 成立 成为 成果 成员 成效 "
    "应急 应该 应当 严格 严重 严寒 连接 连片 连续 金融 金银 金秋 石材 石料 石榴 石头 石板 白菜 白酒 白茶 白术 黄牛 黄桃 黄豆 黄姜 黄金 黄土 "
    "马铃 马路 马匹 牛肉 林业 林果 林地 林下 林木 田间 田地 江水 江边 路灯 路面 路基 路边 路口 车间 车辆 房屋 房前 房子 房产 边界 边坡 "
    "全村 全县 全镇 全年 全部 全程 全面 全体 全市 全省 全乡 单位 单独 单价 包括 包装 包村 包户 包干 古树 古镇 池塘 党员 党建 党支 党群 党委 "
    "华中 温室 温泉 温棚 季节 季度 季末 毛竹 毛巾 钱款 武术 龙虾 龙头 龙灯 夏季 夏收 夏种 花生 花卉 花椒 花木 花草 苗木 苗圃 柏树 柏油 柳树 "
    "杨树 杨梅 李子 梅花 苏木 米面 米粉 米酒 于是 解决 解放 解困 关于 关心 关爱 关注 管理 管护 管道 管网 雷雨 沙石 沙子 沙场 沙地 何时 何地 "
    "时间 时常 时候 程序 程度 计划 计生 计算 计量 项目 项款 向上 向阳 左右 左边 孔洞 段落 商品 商店 商贸 宗教 宗族 桑树 桑叶 桑园 席子 "
    "景区 景点 景观 明年 明确 明显 明白 冷水 冷库 冷藏 冷链 艾草 艾叶 蓝莓 井水 井盖 游客 游玩 申请 申报 申诉 葛根 葛粉 代表 代理 代销 章程 "
    "易地 易于 康复 康养 尚未 尚有 吉祥 晋级 简单 简介 简易 盖房 谈话 谈心 顾客 习惯 习俗 封山 封闭 陆续 陆地 范围 范本 姜片 生姜 水库 水稻 "
    "农户 养殖 种植 平安 和谐 文化 文明 阳光 秋收 冬季 春耕 强化 经济 经营 建设 建房 国家 国道 家庭 家园 民生 民主 发展 教育 医疗 危房".split()
)


@dataclass(frozen=True)
class People:
    """The names of people, by their digests.

    Attributes
    ----------
    digests : sorted digests of the names as they are read, shape (names,), unsigned 64 bit.
    first : the characters with which names begin. sizes : the numbers of characters that names have.
    """

    digests: np.ndarray = field(default_factory=lambda: np.empty(0, dtype="uint64"), repr=False)
    first: frozenset[str] = field(default=frozenset(), repr=False)
    sizes: tuple[int, ...] = ()

    @classmethod
    def of(cls, names: Iterable[object]) -> People:
        """From names as they are written; what is no name (blank, masked, without a letter) is left out."""
        written = {str(name) for name in names if name is not None and name == name}
        read = {name if _PLAIN.fullmatch(name) else "".join(c for c, _ in _as_read(name)) for name in written}
        known = sorted(name for name in read if _PLAIN.fullmatch(name) or _is_name(name))
        if not known:
            return NOBODY
        return cls(
            np.sort(_digests(known)),
            frozenset(name[0] for name in known),
            tuple(sorted({*map(len, known)}, reverse=True)),
        )

    def __len__(self) -> int:
        return len(self.digests)

    def _has(self, digests: np.ndarray) -> np.ndarray:
        places = np.searchsorted(self.digests, digests).clip(max=len(self.digests) - 1)
        return self.digests[places] == digests

    def named_in(self, text: str, prose: bool) -> list[Span]:
        """The stretches of a text that are the name of somebody, in order.

        Names of two Chinese characters may be a word or a part of one: they count where they stand alone or beside
        words of persons, in ``prose`` wherever they are no usual word and no part of the name of a place.
        """
        if not len(self) or not self.first.intersection(text) and not self.first.intersection(text.casefold()):
            return []
        read = _as_read(text)
        letters = "".join(c for c, _ in read)
        parts = [
            (at, size)
            for at in range(len(read))
            if letters[at] in self.first
            for size in self.sizes
            if at + size <= len(read)
        ]
        known = self._has(_digests([letters[at : at + size] for at, size in parts])) if parts else ()
        spans: list[Span] = []
        for (at, size), found in zip(parts, known):
            span = read[at][1], read[at + size - 1][1] + 1
            if found and (not spans or span[0] >= spans[-1][1]) and _stands_for_a_person(text, *span, size, prose):
                spans.append(span)
        return spans


NOBODY = People()


def _is_name(name: str) -> bool:
    shortest = 2 if _CHINESE.match(name) else _SHORTEST_IN_LETTERS
    return shortest <= len(name) <= _LONGEST and has_letter(name) and "*" not in name


def _as_read(text: str) -> list[tuple[str, int]]:
    """The characters of a text by which names are compared, each with its place: no blanks, dots or unseen ones."""
    read: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        if character in _BETWEEN or is_unseen(character):
            continue
        folded = character if _CHINESE.match(character) else unicodedata.normalize("NFKC", character).casefold()
        read += [(each, place) for each in folded]
    return read


def _stands_for_a_person(text: str, begin: int, end: int, size: int, prose: bool) -> bool:
    before, after = text[:begin], text[end:]
    if not _CHINESE.match(text[begin]):  # letters: a whole word, not a part of one
        return not (before[-1:].isalpha() and before[-1:].isascii()) and not (
            after[:1].isalpha() and after[:1].isascii()
        )
    inside = text[begin:end]
    if any(c in _BETWEEN and c not in "·・•‧∙" for c in inside):  # 老王 明天: two words as a rule
        return size > 2 or not (_CHINESE.match(before[-1:]) or _CHINESE.match(after))
    if size > 2:
        return True
    if not _CHINESE.match(before[-1:]) and not _CHINESE.match(after):
        return prose or inside not in _WORDS
    if _OF_A_PLACE.match(after):
        return False
    if _A_PERSON_AFTER.match(after) or _A_PERSON_BEFORE.search(before):
        return inside not in _WORDS
    return prose and inside not in _WORDS


def _digests(texts: list[str]) -> np.ndarray:
    return pd.util.hash_array(np.array(texts, dtype=object), hash_key="names of people:", categorize=False)
