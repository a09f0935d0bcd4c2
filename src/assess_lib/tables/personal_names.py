"""The names of people whom the tables know, found in texts; kept as digests, so that nothing that has them can show them.

Two characters may be a word or a part of one as well as somebody's name, and no list of words tells them apart. So a name
counts wherever it stands; what is certainly a place or an office is told by the tables (``known_things``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from assess_lib.characters import has_letter, is_unseen

Span = tuple[int, int]
# Surnames, the frequent ones and many others; a short Chinese text behind one of them may be somebody's name.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤傅萧曾邢路岳齐梅庄辛管祝左涂谷祁时"
    "舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍霍翁隋甘景单包司柏宁柯阮桂闵解柴华车冉房边吉饶刁瞿戚丘古米池滕晋苑邬"
    "臧宫苟全褚廉简娄盖符奚穆党燕郎邸冀谈姬屠连晏栾郁商蒙计喻窦迟敖鄢冷卓花仇艾蓝巩井仲乐虞卞封冼官楚佟栗匡宗应巫鞠桑荆谌明沙"
    "伏岑习胥蔺柳施倪俞缪殷尚常康庞樊兰鲁温芦季麻洪闻游葛申骆焦代聂焉章安易倪"
)
_DOTS = frozenset("·・•‧∙⋅⸱●.。")
_FULL_STOP = "。"  # stands for the dot in long names, and ends a sentence elsewhere
_CHINESE = re.compile(r"[㐀-鿿豈-﫿𠀀-𳎯]")
_PLAIN = re.compile(r"[㐀-䶿一-鿿a-z0-9]*")  # characters that are read as they stand
_USUAL = re.compile(r"[㐀-䶿一-鿿]{2,24}")  # a name that is read as it stands
_LONGEST, _SHORTEST_IN_LETTERS = 24, 4
_NO_PART_OF_A_WORD = 8  # letters of a name that is told within a longer word too
_REMARK = re.compile(r"[(（\[【〔].*?(?:[)）\]】〕]|$)")
_NUMBERED = re.compile(r"(?<=[㐀-鿿])[0-9A-Za-z]+$")  # 王芳2: the second of that name
_TITLE_BEFORE = re.compile(
    r"(?:户主|村民|贫困户|低保户|五保户|农户|队员|队长|书记|主任|干部|同志|联系人|负责人|经办人)[:： ]?$"
)
_THING = re.compile(r"[㐀-鿿（）()]+")
_IN_NAME_OF_TEAM = re.compile(r"驻|扶贫|帮扶|工作队|工作组|[（）()]")
_BEGINS_AN_OFFICE = re.compile(r"[省市县区州国中]")
_ENDS_A_PLACE_OR_OFFICE = re.compile(
    r".*(?:[村镇乡县市区省州盟旗屯寨组片湾庄河沟山坪坡岭冲垸桥岗畈塘坝港垭坑堰洲岛堡营溪泉湖江店铺台嘴墩口塆垴坳圻墈"
    r"厅局委办部院校所站厂场馆社处科署会台]|社区|街道|中心|公司|集团|银行|大学|中学|小学|支队|大队|政府|机关|机构|企业|法院|联社|分行|支行)"
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
        usual = set(filter(_USUAL.fullmatch, written))
        read = {"".join(c for c, _ in _as_read(form)) for name in written - usual for form in _forms(name)}
        known = list(usual.union(filter(_is_name, read)))
        if not known:
            return NOBODY
        return cls(
            np.sort(_digests(known)),
            frozenset(name[0] for name in known),
            tuple(sorted({*map(len, known)}, reverse=True)),
        )

    def __len__(self) -> int:
        return len(self.digests)

    def named_in(self, texts: Sequence[str]) -> list[list[Span]]:
        """By text the stretches that are the name of somebody, in order; they may overlap."""
        found: list[list[Span]] = [[] for _ in texts]
        parts: list[tuple[int, Span]] = []  # number of the text, stretch
        forms: list[str] = []
        for number, text in enumerate(texts if len(self) else ()):
            if not self.first.intersection(_folded(text)):
                continue
            read = _as_read(text)
            letters = "".join(c for c, _ in read)
            for at in (at for at, letter in enumerate(letters) if letter in self.first):
                for size in self.sizes:
                    if at + size <= len(read):
                        parts.append((number, (read[at][1], read[at + size - 1][1] + 1)))
                        forms.append(letters[at : at + size])
        for (number, span), form, known in zip(parts, forms, self._knows(forms)):
            if known and _is_whole(texts[number], *span, form):
                found[number].append(span)
        return found

    def _knows(self, forms: list[str]) -> np.ndarray:
        """True for forms that are somebody's name, shape (forms,)."""
        if not forms:
            return np.zeros(0, dtype=bool)
        digests = _digests(forms)
        at = np.searchsorted(self.digests, digests)
        known: np.ndarray = self.digests[np.minimum(at, len(self.digests) - 1)] == digests
        return known


NOBODY = People()


def known_things(places_and_offices: Iterable[object], teams: Iterable[object] = ()) -> set[str]:
    """The names of places and offices, in which the name of a person is none: 高山村, 省林业厅.

    A name must say by its end that it is one, since a person may stand in a wrong column. Parameters: ``teams`` names of
    teams, which are made of those of an office and a place.
    """
    things = {
        str(name).strip() for name in places_and_offices if isinstance(name, str) and _THING.fullmatch(name.strip())
    }
    named = {str(name).strip() for name in teams if isinstance(name, str) and _THING.fullmatch(name.strip())}
    parts = {part for name in named for part in _IN_NAME_OF_TEAM.split(name) if part}
    ends = {thing for thing in things | parts if _ENDS_A_PLACE_OR_OFFICE.fullmatch(re.sub(r"[（(].*", "", thing))}
    return ends | {part for part in parts if _BEGINS_AN_OFFICE.match(part)}


def is_in_a_thing(text: str, span: Span, things: Iterable[str]) -> bool:
    """True for a stretch of a text that is a part of the name of a thing there, before which no title of a person stands."""
    begin, end = span
    return any(
        text.startswith(thing, at) and not (at == begin and _TITLE_BEFORE.search(text[:begin]))
        for thing in things
        if len(thing) > end - begin
        for at in range(max(0, end - len(thing)), begin + 1)
    )


def _forms(name: str) -> Iterator[str]:
    """The ways in which a name may stand in texts: without a remark or number behind it, each of several by itself."""
    bare = _REMARK.sub("", name).strip()
    yield from (name, bare, _NUMBERED.sub("", bare))
    yield from (part.strip() for part in re.split(r"[、，,;；/]", bare) if part.strip()[:1] in SURNAMES)


def _is_name(name: str) -> bool:
    shortest = 2 if _CHINESE.match(name) else _SHORTEST_IN_LETTERS
    return shortest <= len(name) <= _LONGEST and has_letter(name) and "*" not in name


def _folded(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else unicodedata.normalize("NFKD", text).casefold()


def _as_read(text: str) -> list[tuple[str, int]]:
    """The characters of a text by which names are compared, each with its place: no blanks, dots or unseen ones."""
    if _PLAIN.fullmatch(text):
        return list(zip(text, range(len(text))))
    return [(each, place) for place, character in enumerate(text) for each in _read(character)]


@lru_cache(maxsize=8192)
def _read(character: str) -> str:
    """A character as it is compared; blank for one that may stand between those of one name."""
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", character).casefold()
        if not (c.isspace() or c in _DOTS or is_unseen(c) or unicodedata.category(c) in ("Mn", "Me", "Pd", "Pc"))
    )


def _is_whole(text: str, begin: int, end: int, form: str) -> bool:
    """True for a name that is no part of a longer word of letters, and does not run on over the end of a sentence."""
    if _CHINESE.match(form):
        return len(form) > 3 or _FULL_STOP not in unicodedata.normalize("NFKD", text[begin:end])
    before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
    return len(form) >= _NO_PART_OF_A_WORD or not any(c.isalpha() and c.isascii() for c in (before, after) if c)


def _digests(texts: list[str]) -> np.ndarray:
    return pd.util.hash_array(np.array(texts, dtype=object), hash_key="names of people:", categorize=False)
