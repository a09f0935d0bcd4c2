"""Numbers that name somebody, in every way people write them: ID, phone, bank and other account numbers.

A text is first read as a person reads it: full-width, circled, Arabic and Chinese digits are digits, characters that
are not seen are not there. In that reading, digits with at most a sign or blank between them form a chain of groups,
and a part of a chain is somebody's number by how many digits it has, how they begin and how they are grouped. Days,
years, amounts, codes of divisions (12 digits) and counts are none of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import accumulate, pairwise

from assess_lib.characters import is_unseen

CARDS = ("62", "9559", "9558")  # how nearly all bank cards of the country begin
# What an identifier may not hold, which would be shown wherever a row is named.
PHONE = r"(?:^|[^0-9])(?:0086|86)?(1[3-9][0-9]{9})(?:[^0-9]|$)"
_DATE_OF_BIRTH = r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
ID_OR_PHONE = PHONE.replace("(1", "(?:1") + f"|[1-9][0-9]{{5}}{_DATE_OF_BIRTH}[0-9]{{3}}[0-9Xx]"
Span = tuple[int, int]
Group = tuple[str, int, int]  # the digits of a group, and where they begin and end in the reading
_MOST = 19  # digits of an account
_FEWEST = 5  # digits without which there is nothing to be looked for
_CHINESE = dict(zip("〇零○洞一二三四五六七八九幺壹贰叁肆伍陆柒捌玖拐勾", "0000123456789112345678979"))
_DIGIT = re.compile(f"[\\d{''.join(_CHINESE)}²³¹⁰-⁹₀-₉①-⓿❶-➓\U0001f100-\U0001f10a]")
_SIGNS = dict.fromkeys("‐‑‒–—―−﹣~～∼", "-") | dict.fromkeys("。．·・•‧∙｡", ".") | dict.fromkeys("╱／\\|｜", "/")
_SIGNS |= dict.fromkeys("（[【〔［{", "(") | dict.fromkeys("）]】〕］}", ")") | dict.fromkeys("×✕✖╳хХχΧ", "x")

_LISTED = ",;:*+=、"  # what stands between the numbers of a list too
_CHAIN = re.compile(rf"\d+(?:[ \-./()_{_LISTED}]{{1,3}}\d+)*")
_IN_CHINESE = re.compile(rf"(?:[{''.join(_CHINESE)}0-9][ -]?){{7,}}")
_LETTERS = dict(zip("oil", "011"))  # typed for the digits that they look like
_IN_LETTERS = re.compile(r"(?<![a-z0-9])[0-9oil](?:[ -]?[0-9oil]){9,17}x?(?![a-z0-9])")
_DAY = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_BEGINS_WITH_DAY = re.compile(_DAY)
_BORN = re.compile(_DATE_OF_BIRTH)
_BORN_SHORT = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MOBILE = re.compile(r"(?:0086|86|17951|12593|0)?1[3-9]\d{9}")
_MONEY_AFTER = re.compile(r" ?(?:元|万元|亿元|千元|万美元|美元|块)")
_UNIT_AFTER = re.compile(r" ?(?:[万亿千百]?(?:元|斤|公斤|吨|亩|株|棵|只|头|人次|平方|米|公里|千瓦)|[户人%万亿])")
_CARD_BEGINS = re.compile(r"6[0-9]|9[0-9]{3}|4|5[1-5]|3[57]|8[1-8]")
# How mobile numbers are grouped; in any of these ways a blank, dash, dot, slash or bracket may stand between.
_MOBILE_GROUPS = frozenset(
    {(3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (1, 2, 8), (1, 10), (2, 9), (4, 7), (1,) * 11}
)

_LOCAL = r"[2-9](?:[ \-.]?\d){6,7}(?!\d)"
_EXTENSION = r"(?: ?(?:-|转|转接|分机|ext\.?|#|x) ?\d{1,6}(?!\d))?"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86[ \-()]{{0,3}})?\(?(?P<area>010|02\d|0[3-9]\d\d)(?P<gap>[ \-./()]{{0,3}})(?P<local>{_LOCAL}){_EXTENSION}"
    rf"|(?<!\d)(?:\+|00)?86[ \-()]{{1,3}}(?:10|2\d|[3-9]\d\d)[ \-()]{{1,3}}{_LOCAL}{_EXTENSION}"
)
_CALLED = r"(?:号码?|号|是|为|:|：|\.|\(|#|no|-| ){0,4}"
_WORDED = (
    re.compile(
        rf"(?:电话|座机|固话|手机|联系方式|联系|致电|热线|传真|tel|phone|fax|mobile|☎|📞|📱){_CALLED}"
        rf"(?P<number>\d(?:[ \-.]?\d){{6,}}{_EXTENSION})"
    ),
    re.compile(
        rf"(?:账号|帐号|卡号|账户|帐户|银行卡|存折|一卡通|社保卡|开户行?){_CALLED}(?P<number>\d(?:[ \-./]?\d){{7,}})"
    ),
    re.compile(rf"(?:身份证|证件|公民身份){_CALLED}(?P<number>\d(?:[ \-./]?[\dx]){{7,}})"),
    re.compile(r"(?:qq|微信|wechat|weixin|vx)(?:号码?|[:： ]){0,3}(?P<number>[a-z0-9_-]{5,})"),
    re.compile(r"(?P<number>(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,64}(?:\.[a-z0-9-]{1,64}){1,4})"),
    re.compile(
        r"(?P<number>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][. ]?[a-z0-9]{5,6})(?![a-z0-9])"
    ),
)


def personal_numbers(text: str, ids: Collection[str] = ()) -> list[Span]:
    """The stretches of a text that are somebody's number, from their first character to behind their last, in order.

    Parameters: ``ids`` beginnings of identifiers of the tables, which name rows and not people (``beginning``).
    """
    if len(_DIGIT.findall(text)) < _FEWEST and "@" not in text:
        return []
    read, places = _as_read(text)
    found = [*_landlines(read), *_worded(read), *_in_chains(read, ids)]
    spans: list[Span] = []
    for begin, end in sorted((places[begin], places[end - 1] + 1) for begin, end in found):
        if spans and begin < spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((begin, end))
    return spans


def beginning(identifier: str) -> str:
    """The first six digits and the length of an identifier made of digits, such as a division code and a number."""
    return f"{identifier[:6]}/{len(identifier)}"


def may_be_an_account(identifier: str) -> bool:
    """True for an identifier of digits that looks like an account; one like an ID number of 18 digits or a phone is told."""
    return len(identifier) in (15, 16, 17, 19) and identifier.isdecimal() and identifier.isascii()


def _as_read(text: str) -> tuple[str, list[int]]:
    """A text as its digits are read, and of each character in it the place of the one it stands for."""
    read: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isascii() and character.isalnum():
            shown = character.lower()
        elif is_unseen(character) or unicodedata.category(character) in ("Mn", "Me"):
            continue
        elif character.isspace():
            shown = " " if read and read[-1] != " " else ""
        elif (digit := unicodedata.digit(character, None)) is not None:
            shown = str(digit)
        else:
            shown = _SIGNS.get(character) or _SIGNS.get(folded := unicodedata.normalize("NFKC", character), folded)
        read += shown.lower()
        places += [place] * len(shown.lower())
    return _IN_LETTERS.sub(_without_letters, _IN_CHINESE.sub(_in_digits, "".join(read))), places


def _without_letters(match: re.Match[str]) -> str:
    """A run of digits with letters that look like some, in digits where it is a whole number of somebody then."""
    run = match.group()
    digits = "".join(_LETTERS.get(c, c) for c in run)
    return digits if _is_whole(re.sub(r"[ -]", "", digits)) else run


def _in_digits(match: re.Match[str]) -> str:
    """A run of Chinese digits in Arabic ones; fewer than seven of them are a year or a word.

    A name or word around a phone may add a digit at either end: 张三一三九…, …八一起.
    """
    run = match.group()
    digits = "".join(_CHINESE.get(c, c) for c in run)
    for begin, end in ((0, len(run)), (1, len(run)), (0, len(run.rstrip()) - 1)):
        if _is_whole(re.sub(r"\D", "", digits[begin:end])):
            return run[:begin] + digits[begin:end] + run[end:]
    if sum(c in _CHINESE for c in run) < 7:
        return run
    if len(digits) == 20:
        return run[0] + digits[1:]
    phone = re.search(r"1[3-9]\d{9}", digits) if 11 < len(digits) < 14 and digits.isdecimal() else None
    return run[: phone.start()] + phone.group() + run[phone.end() :] if phone else digits


def _is_whole(digits: str) -> bool:
    """True for a mobile phone, an ID number or a card, and nothing beside it: 1三8七2六4五0一9."""
    born = len(digits) == 18 and _BORN.match(digits[6:])
    return bool(_MOBILE.fullmatch(digits) or born) or (len(digits) in (16, 19) and digits.startswith(CARDS))


def _landlines(read: str) -> Iterator[Span]:
    for match in _LANDLINE.finditer(read):
        if (local := match["local"]) is not None:
            runs_on = not match["gap"] and not match.group().startswith("(")
            after_letter = runs_on and re.search(r"(?<!tel)(?<!phone)(?<!fax)[a-z]$", read[: match.start()])
            if after_letter or _BEGINS_WITH_DAY.fullmatch(re.sub(r"\D", "", local)):
                continue
        yield match.span()


def _worded(read: str) -> Iterator[Span]:
    for pattern in _WORDED:
        for match in pattern.finditer(read):
            if not _UNIT_AFTER.match(read, match.end()):
                yield match.span("number")


def _in_chains(read: str, ids: Collection[str]) -> Iterator[Span]:
    for chain in _CHAIN.finditer(read):
        groups = [(m.group(), m.start(), m.end()) for m in re.compile(r"\d+").finditer(read, *chain.span())]
        first = 0
        while first < len(groups):
            number = _from(read, _not_too_long(groups[first : first + _MOST]), ids)
            if number is None:
                first += 1
                continue
            count, end = number
            if end:
                yield groups[first][1], end
            first += count


def _not_too_long(groups: list[Group]) -> list[Group]:
    """The first of some groups, as many as have no more digits than any number of somebody; one at least."""
    digits = list(accumulate(len(group) for group, _, _ in groups))
    return groups[: max(1, bisect_right(digits, _MOST))]


def _from(read: str, groups: list[Group], ids: Collection[str]) -> tuple[int, int] | None:
    """How many groups from the first on are one thing, and where a number of somebody ends; 0 for a harmless thing.

    None where the first group is neither.
    """
    if beginning(groups[0][0]) in ids:
        return 1, 0
    for count in range(len(groups), 0, -1):
        digits = [group for group, _, _ in groups[:count]]
        if end := _id_number(read, digits, groups[count - 1][2]):
            return count, end
    sizes = [len(group) for group, _, _ in groups]
    if sizes[:3] == [4, 2, 2] and _BEGINS_WITH_DAY.fullmatch("".join(group for group, _, _ in groups[:3])):
        return 3, 0
    for count in range(len(groups), 0, -1):
        digits, end = [group for group, _, _ in groups[:count]], groups[count - 1][2]
        gaps = [read[a[2] : b[1]].strip() for a, b in pairwise(groups[:count])]
        listed = any(gap and gap in _LISTED for gap in gaps)
        if _is_mobile(read, digits, gaps, end) or _is_account(read, digits, end, listed):
            return count, end
    return None


def _id_number(read: str, groups: list[str], end: int) -> int:
    """Where an ID number of 18 or 15 digits ends that is made of all these groups; 0 where it is none."""
    digits, alone = "".join(groups), len(groups) == 1
    if digits[0] == "0":
        return 0
    if len(digits) == 17:
        last = re.compile(r"[ \-./()_]?x(?![a-z])").match(read, end)
        return last.end() if last and (alone or _BORN.match(digits[6:])) else 0
    if len(digits) == 18 and (_BORN.match(digits[6:]) or (alone and not _BEGINS_WITH_DAY.match(digits))):
        return end
    if len(digits) == 15 and (_BORN_SHORT.match(digits[6:]) if not alone else not _BEGINS_WITH_DAY.match(digits)):
        return 0 if not alone and _UNIT_AFTER.match(read, end) else end
    return 0


def _is_mobile(read: str, groups: list[str], gaps: list[str], end: int) -> bool:
    digits, sizes = "".join(groups), tuple(map(len, groups))
    if not _MOBILE.fullmatch(digits):
        return False
    if len(groups) == 1:
        decimal = re.compile(r"\.\d{1,2}(?!\d)").match(read, end)
        return not decimal and not _MONEY_AFTER.match(read, end)
    if _UNIT_AFTER.match(read, end) or len(digits) != 11:
        return False
    amounts = all(group.endswith("0") for group in groups)
    return sizes in _MOBILE_GROUPS or (
        not amounts
        and sizes[0] >= 3
        and min(sizes) >= 2
        and len(sizes) <= 5
        and len(set(gaps)) == 1
        and gaps[0] not in (*_LISTED, *("." if len(groups) < 4 else ""))
    )


def _is_account(read: str, groups: list[str], end: int, listed: bool) -> bool:
    """True for a card or account of 16 to 19 digits, and for IDs or phones that run into one another.

    In groups that might be a list, or that no card is printed in, only what begins as a card, and there by its check digit.
    """
    digits, sizes = "".join(groups), [len(group) for group in groups]
    if len(groups) == 1 and len(digits) > 19:
        phones = [digits[at : at + 11] for at in range(0, len(digits), 11)]
        people = [digits[at : at + 18] for at in range(len(digits) - 17)]
        return all(map(_MOBILE.fullmatch, phones)) or any(map(_is_valid_id, people))
    if not 16 <= len(digits) <= 19 or digits[0] == "0":
        return False
    if len(groups) == 1:
        return not _BEGINS_WITH_DAY.match(digits)
    if digits.startswith(CARDS) and _is_valid_card(digits):
        return True
    if listed and not digits.startswith(CARDS):
        return False
    by_four = set(sizes[:-1]) == {4} and sizes[-1] <= 4
    usual = (
        by_four or (sizes[0] == 6 and min(sizes[:-1]) >= 3) or sizes in ([8, 8], [8, 11], [4, 12], [4, 15], [4, 6, 6])
    )
    amounts = all(group.endswith("0") for group in groups)
    return usual and not amounts and bool(_CARD_BEGINS.match(digits)) and not _UNIT_AFTER.match(read, end)


def _is_valid_card(digits: str) -> bool:
    """True where the last digit is the check digit of a bank card (ISO/IEC 7812)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_valid_id(digits: str) -> bool:
    """True where 18 digits have the date and check digit of an ID number (GB 11643)."""
    weighed = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits[:17]))
    return bool(_BORN.match(digits[6:])) and (12 - weighed % 11) % 11 == int(digits[17])
