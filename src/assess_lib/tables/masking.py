"""Personal data on its way out of the data folder: the one place where it is masked."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

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
# ID numbers of 18 and 15 digits, mobile phones, bank cards; longer runs of digits are none of them.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}|1[3-9][0-9]{9}|[3-6][0-9]{15,18})(?![0-9])"
)


def mask(value: object, kind: str) -> str:
    """A personal value as it may be shown: ``name`` 王**, anything else not at all."""
    text = "" if value is None or value != value else str(value).strip()
    if not text:
        return ""
    return f"{text[0]}**" if kind == "name" else HIDDEN


def masked(values: pd.Series, kind: str) -> pd.Series:
    """A column of personal values as they may be shown; blanks stay blank."""
    shown = values.str.strip()
    shown = shown.where(shown != "", None)
    return shown.str[:1] + "**" if kind == "name" else shown.where(shown.isna(), HIDDEN)


def without_names(text: str, names: Collection[str]) -> str:
    """A text in which the names of people are masked, those of three characters and more: two may be a word."""
    for length in (4, 3):
        for at in range(len(text) - length + 1):
            if (part := text[at : at + length]) in names:
                text = text.replace(part, mask(part, "name"))
    return text


def scrubbed(text: str, prose: bool = False) -> str:
    """A text that should not be personal, without what is: numbers that name somebody, and what looks like a name.

    Parameters: ``prose`` where words are expected, so that a short Chinese text is no name for being one.
    """
    text = _NUMBERS.sub(HIDDEN, text)
    if not prose and _NAME.fullmatch(text) and text[0] in _SURNAMES:
        return mask(text, "name")
    return text
