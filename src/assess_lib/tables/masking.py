"""Personal data on its way out of the data folder: the one place where it is masked."""

from __future__ import annotations

import re

HIDDEN = "***"
# The hundred most frequent surnames and some more; a short Chinese text behind one of them may be somebody's name.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤傅萧"
)
_NAME = re.compile(r"[㐀-鿿]{2,4}")
# ID numbers of 18 and 15 digits, mobile phones, bank cards; longer runs of digits are none of them.
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}|1[3-9][0-9]{9}|[3-6][0-9]{15,18})(?![0-9])")


def mask(value, kind: str) -> str:
    """A personal value as it may be shown: ``name`` 王**, anything else not at all."""
    text = "" if value is None or value != value else str(value).strip()
    if not text:
        return ""
    return f"{text[0]}**" if kind == "name" else HIDDEN


def scrubbed(text: str, prose: bool = False) -> str:
    """A text that should not be personal, without what is: numbers that name somebody, and what looks like a name.

    Parameters: ``prose`` where words are expected, so that a short Chinese text is no name for being one.
    """
    text = _NUMBERS.sub(HIDDEN, text)
    if not prose and _NAME.fullmatch(text) and text[0] in _SURNAMES:
        return mask(text, "name")
    return text
