"""Personal data on its way out of the data folder: the one place where it is masked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from assess_lib.characters import is_unseen, legible
from assess_lib.tables.personal_names import NOBODY, People
from assess_lib.tables.personal_numbers import beginning, may_be_an_account, personal_numbers

HIDDEN = "***"
# Surnames, the frequent ones and many others; a short Chinese text behind one of them may be somebody's name.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤傅萧曾邢路岳齐梅庄辛管祝左涂谷祁时"
    "舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍霍翁隋甘景单包司柏宁柯阮桂闵解柴华车冉房边吉饶刁瞿戚丘古米池滕晋苑邬"
    "臧宫苟全褚廉简娄盖符奚穆党燕郎邸冀谈姬屠连晏栾郁商蒙计喻窦迟敖鄢冷卓花仇艾蓝巩井仲乐虞卞封冼官楚佟栗匡宗应巫鞠桑荆谌明沙"
    "伏岑习胥蔺柳施倪俞缪殷尚常康庞樊兰鲁温芦季麻洪闻游葛申骆焦代聂焉章安易倪"
)
_NAME = re.compile(r"[㐀-鿿]{2,4}")


def mask(value: object, kind: str) -> str:
    """A personal value as it may be shown: ``name`` 王**, anything else not at all."""
    text = "" if value is None or value != value else legible(str(value)).strip()
    if not text:
        return ""
    return f"{text[0]}**" if kind == "name" else HIDDEN


def masked(values: pd.Series, kind: str) -> pd.Series:
    """A column of personal values as they may be shown; blanks stay blank."""
    shown = values.str.strip()
    if any(map(is_unseen, "".join(shown.str[:1].dropna().unique()))):
        shown = shown.map(legible, na_action="ignore").astype("str").str.strip()
    shown = shown.where(shown != "", None)
    return shown.str[:1] + "**" if kind == "name" else shown.where(shown.isna(), HIDDEN)


@dataclass(frozen=True)
class Masking:
    """The way in which the texts of a year are made harmless.

    Attributes
    ----------
    people : whose names no text may show: household members, paired cadres, team members.
    ids : how identifiers of rows begin that look like somebody's number and are none, as ``personal_numbers`` takes them.
    """

    people: People = NOBODY
    ids: frozenset[str] = frozenset()

    def prose(self, text: str) -> str:
        """Words about a thing, without numbers and names of people, and without characters that are not seen."""
        return self.shown([text], prose=True)[0]

    def label(self, text: str) -> str:
        """The name of a team, village, file or other thing, likewise; two characters in it are no name of a person
        unless they stand alone or beside words of persons."""
        return self.shown([text], prose=False)[0]

    def shown(self, texts: Iterable[str], prose: bool) -> list[str]:
        """Texts as ``prose`` or ``label`` give them, many at a time."""
        seen = [legible(text) for text in texts]
        return [self._hidden(text, names) for text, names in zip(seen, self.people.named_in_all(seen, prose))]

    def _hidden(self, text: str, names: list[tuple[int, int]]) -> str:
        numbers = personal_numbers(text, self.ids)
        names = [span for span in names if not any(span[0] < end and begin < span[1] for begin, end in numbers)]
        for begin, end in sorted((*numbers, *names), reverse=True):
            text = text[:begin] + (f"{text[begin]}**" if (begin, end) in names else HIDDEN) + text[end:]
        return text


NO_PEOPLE = Masking()


def masking_of(names: Iterable[object], ids: Iterable[str] = ()) -> Masking:
    """How texts are masked where these people are known. Parameters: ``ids`` identifiers of rows."""
    return Masking(People.of(names), frozenset(map(beginning, filter(may_be_an_account, ids))))


def scrubbed(text: str, prose: bool = False) -> str:
    """A text of which no table is known without what is personal in it: numbers, and what looks like a name.

    Parameters: ``prose`` where words are expected, so that a short Chinese text is no name for being one.
    """
    text = NO_PEOPLE.prose(text)
    if not prose and _NAME.fullmatch(text) and text[0] in _SURNAMES:
        return mask(text, "name")
    return text
