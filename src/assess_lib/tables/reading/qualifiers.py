"""Words beside the name of a column: its unit, a remark that changes nothing, or what makes another figure of it.

Last year's income, planned money and income per head stand under the name of a column with one word more. No such word is
passed over: it is understood, it stops the column, or it is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assess_lib.tables.columns import COUNTERS, Column, counters_of, form_of
from assess_lib.tables.parsing import FALSE, NO_DAY, TRADITIONAL, TRUE, plain
from assess_lib.tables.reading.column_names import bracket_words, own_words
from assess_lib.tables.reading.units import names_a_size, unit_size
from assess_lib.tables.schemas import SCHEMAS

_PARTS = re.compile(r"[,、;:。()\[\]【】<>〈〉《》]+")
_YEAR = re.compile(
    r"(?:截[至止]?)?(?P<year>(?:19|20)[0-9]{2})(?:年?度?|年?[底末]|年?1-12月|[年.-]12(?:月?[底末]?|[月.-]31日?)|年度?全年)(?:数据?)?"
)
_YEARS = re.compile(r"(?:19|20)[0-9]{2}(?:年?[-~至到](?:(?:19|20)[0-9]{2})年?)?")
_MONTHS = re.compile(r"[0-9]{1,2}(?:[-~至到][0-9]{1,2})?月|[一二三四1-4]季度?|[上下]半年")
_PERIODS = frozenset({"季", "季度", "半年", "月", "月度", "每月", "月报", "月份"})
_PARTS_OF_NAME = re.compile(r"(?<![0-9])-|-(?![0-9])|[_—.·()\[\]【】,，、:]+")
_ALONE, _PART_OF_YEAR = re.compile("(?P<year>(?:19|20)[0-9]{2})"), re.compile("[一二三四五六七八九十0-9]月$|季度|半年$")
_OF_FIGURES, LONGEST_GROUP = ("number", "whole", "date"), 10
_PER = re.compile(r"[/每](年|人|户|月|日|天|次|个?村|亩|季|小?组)")
_PER_OF = {"人": "人均", "户": "家庭"}  # what the name of a column has that may be a figure for each of them
_DAY_FORM = re.compile(r"(?:格式|如|例如?|按)?[ymdhx年月日时分秒0-9/.\-:]+")
_EXAMPLE = re.compile(r"(?:如|例如?|格式)[^百千万亿元]*")
_COUNTS = frozenset(word for words in COUNTERS.values() for word in words) | frozenset("村次篇份天辆头亩")
_ANSWER = re.compile(r"([0-9√×]|[^0-9√×=]+)")
_OF_THIS_YEAR = frozenset({"本年", "本年度", "当年", "今年", "全年"})


@dataclass(frozen=True)
class Beside:
    """What stands beside the name of a column.

    Attributes
    ----------
    unit : the words that name a unit of money or length, empty for none.
    size : of one unit of the column; None where it is not understood.
    changing : words that make another figure of the column.
    unknown : words of which nobody knows what they mean.
    years : that are named.
    against : another unit that is named elsewhere, with which this one cannot be.
    """

    unit: str = ""
    size: Decimal | None = Decimal(1)
    changing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    against: str = ""

    def with_unit(self, below: Beside) -> Beside:
        """The same with the unit, and all else, that a row below the heading says."""
        return Beside(
            below.unit,
            None if self.size is None else below.size,
            self.changing + below.changing,
            self.unknown + below.unknown,
            self.years + below.years,
        )


def beside(table: str, column: str, words: str) -> Beside:
    """What the words beside the name of a column say. Parameters: ``words`` as ``plain`` gives them."""
    spec, own = SCHEMAS[table].columns[column], own_words(table, column)
    words = words.translate(TRADITIONAL)
    if not words:
        return Beside()
    unit: list[str] = []
    found: dict[str, list[str]] = {"changing": [], "unknown": []}
    years: list[int] = []
    sized = False
    if words in bracket_words("harmless"):
        return _this_year(own, words)
    for part in filter(None, _PARTS.split(words)):
        if part in bracket_words("harmless"):
            found["changing"] += _this_year(own, part).changing
        elif year := _YEAR.fullmatch(part):
            years.append(int(year["year"]))
        elif is_unit(spec, part):
            unit.append(part)
            if (per := _PER.search(part)) and not (per[1] == "年" or _PER_OF.get(per[1], "?") in own):
                found["changing"].append(part)
        elif not (len(part) > 1 and part in own) and not _says_nothing(spec, part):
            sized = sized or _speaks_of_size(spec, part)
            kind = "changing" if _is_changing(spec, own, part) else "unknown"
            found[kind].append(part)
    size = unit_size(spec, "、".join(_PER.sub("", word) for word in unit)) if unit else Decimal(1)
    if sized or any(re.search("[拾佰仟]", word) for word in unit):
        size = None
    return Beside("、".join(unit), size, tuple(found["changing"]), tuple(found["unknown"]), tuple(years))


def changing_alone(table: str, column: str, cell: str) -> str:
    """What a cell above the name of a column makes of it, where it says nothing else; empty for a title and the like."""
    own = own_words(table, column)
    word = re.sub(r"(?:度|数|情况|值)$", "", cell.translate(TRADITIONAL))
    known = word in bracket_words("changing") or _MONTHS.fullmatch(cell)
    return cell if known and word not in own else ""


def doubt_in_name(name: str, table: str = "") -> str:
    """The part of the name of a sheet, file or folder by which its table may not be that of the year; empty for none.

    Parameters: ``table`` that it names; one of single days may come month by month.
    """
    yearly = "year" in SCHEMAS[table].columns if table else False
    tables = [plain(schema.metadata["zh"]) for schema in SCHEMAS.values()]
    for part in _PARTS_OF_NAME.split(plain(name).translate(TRADITIONAL)):
        known = next((known for known in tables if known in part), "")
        word = re.sub("(?<=.)(?:年?度|数据|数|表|版|情况)$", "", part.replace(known, "", 1).removesuffix("的"))
        of_part = word not in bracket_words("harmless") and (_MONTHS.fullmatch(word) or word in _PERIODS)
        if yearly if of_part else word in bracket_words("changing") or word in bracket_words("void"):
            return part
    return ""


def group_above(table: str, column: str, cell: str, size: Decimal) -> tuple[tuple[int, ...], str]:
    """The year that a cell above the name of a column names, and the cell where it may make another figure of the column.

    Parameters: ``cell`` as ``plain`` gives it; ``size`` of one unit of the column, with which it may agree.
    """
    spec, own, word = (
        SCHEMAS[table].columns[column],
        own_words(table, column),
        cell.translate(TRADITIONAL).strip("()[]"),
    )
    if year := _YEAR.fullmatch(word) or _ALONE.fullmatch(word):
        return (int(year["year"]),), ""
    if (
        spec.metadata["kind"] not in _OF_FIGURES
        or (":" in word and not word.startswith("其中"))
        or len(word) > LONGEST_GROUP
    ):
        return (), ""
    named = names_a_size(spec, word) and unit_size(spec, word) != size
    long = (known for known in bracket_words("changing") if len(known) > 1 and known not in own)
    return (), cell if named or any(known in word for known in long) or _PART_OF_YEAR.search(word) else ""


def is_unit(spec: Column, part: str) -> bool:
    """True for a word that is a unit of a column, known or not, and nothing else."""
    if part in counters_of(spec) or (part == "%" and spec.metadata["kind"] == "number"):
        return True
    bare = re.sub(r"^(?:计量)?单位为?|^以|(?:为单位|计)$", "", _PER.sub("", part))
    return (
        names_a_size(spec, bare)
        and re.fullmatch(r"(?:人民币|rmb|cny)?[^人民币]{0,4}", bare) is not None
        or (spec.metadata.get("unit") == "yuan" and bare in ("人民币", "rmb", "cny"))
    )


def _this_year(own: str, part: str) -> Beside:
    return Beside(changing=(part,)) if part in _OF_THIS_YEAR and "上年" in own else Beside()


def _says_nothing(spec: Column, part: str) -> bool:
    """True for an example, the form of a day, the words of codes or the usual signs of yes and no."""
    kind, codes = spec.metadata["kind"], form_of(spec).codes
    if kind == "date" and (part in NO_DAY or part.removesuffix("不填") in form_of(spec).not_yet):
        return True
    if kind == "date" and _DAY_FORM.fullmatch(part):
        return not re.match("[^如例格按]*[0-9]", part)
    if kind == "yes_no" and _usual_answers(codes, part):
        return True
    if kind == "code" and all(word in codes for word in re.split(r"[/或]", part)):
        return True
    return part in ("计量单位", "单位", "格式") or (kind in ("text", "date") and _EXAMPLE.fullmatch(part) is not None)


def _usual_answers(codes: dict[str, str], part: str) -> bool:
    """True where every sign is given for the answer that it has anyway: 1是0否, 是√否×, 达标/不达标."""
    yes, no = TRUE | {word for word in codes if codes[word] == "yes"}, FALSE | {w for w in codes if codes[w] == "no"}
    words = [
        word.strip("/填打为写表示代或")
        for word in _ANSWER.findall(part)
        for word in re.split("[/或]", word)
        if word.strip("/填打为写表示代或=")
    ]
    if not words or not all(word in yes | no for word in words):
        return False
    signs = [word in yes for word in words]
    if not any(re.fullmatch("[0-9√×]", word) for word in words):
        return True
    return len(words) % 2 == 0 and all(one == other for one, other in zip(signs[::2], signs[1::2]))


def _speaks_of_size(spec: Column, part: str) -> bool:
    """True for a word about a number that names a size or counts something else: 百元, W, 户 behind persons."""
    if spec.metadata["kind"] not in ("number", "whole"):
        return False
    return unit_size(spec, part) is None or part in _COUNTS or re.search(r"[拾佰仟]|^[0-9]+分$", part) is not None


def _is_changing(spec: Column, own: str, part: str) -> bool:
    """True for a word that makes another figure of a column, and is none of its own."""
    for word in bracket_words("changing"):  # a single character is one only where it begins: 未, but not in 尚未
        if word not in own and (word in part if len(word) > 1 else part.startswith(word)):
            return True
    kind = spec.metadata["kind"]
    if kind in ("number", "whole") and (_MONTHS.search(part) or _YEARS.search(part)):
        return True
    return kind == "yes_no" and re.search(r"[0-9√×]", part) is not None
