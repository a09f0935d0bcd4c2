"""Values, rules and remedies in words, in the language of the interface."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.registry import registered
from assess_lib.rules.points import Score
from assess_lib.rules.rubric import Indicator
from assess_lib.words import join_clauses, join_list, translate

DIGITS = {"share": 2, "points_pp": 2, "yuan": 2, "days": 1, "count": 2, "rating": 2, "yes_no": 0, "per_yuan": 4}


def unit_of(indicator: Indicator) -> str:
    """The unit of an indicator's value: its own for an entered one, else that of its measure."""
    return indicator.unit or registered()[indicator.measure].unit


def counted_words(indicator: Indicator, lang: str) -> tuple[str, str]:
    """What numerator and denominator count."""
    if indicator.entered:
        return translate("pages.entered_value", lang), ""
    return registered()[indicator.measure].of[lang]


def value_text(value, unit: str, lang: str) -> str:
    """A value with its unit; an en dash where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return "–"
    number = exact(value)
    if unit == "yes_no":
        return translate("pages.yes" if number > 0 else "pages.no", lang)
    if unit in ("share", "points_pp"):
        number *= 100
    sign = "+" if unit == "points_pp" and number > 0 else ""
    return translate(f"pages.unit.{unit}", lang, number=sign + _trimmed(decimal_text(number, DIGITS[unit])))


def number_text(value) -> str:
    """A numerator or denominator: as short as it is exact to two decimals."""
    if value is None or pd.isna(value):
        return "–"
    return _trimmed(decimal_text(exact(round(float(value), 4)), 2))


def points_text(points: float) -> str:
    """Points with two decimals, as they are added up."""
    return decimal_text(exact(round(float(points), 2)), 2)


def mean_text(points: float) -> str:
    """A mean or median of points with two decimals, half up: what a binary float lacks in the sixth decimal is no matter."""
    return decimal_text(exact(round(float(points), 6)), 2)


def target_text(score: Score, weight: Fraction, unit: str, lang: str) -> str:
    """The value that earns the full mark, with the sign that says which side of it is meant."""
    if score.kind == "relative":
        return translate(
            f"pages.target.{score.to}", lang, times=_trimmed(decimal_text(score.most(weight) / score.base, 2))
        )
    if score.kind == "rank":
        return translate("pages.target.rank", lang)
    if score.kind == "checklist":
        return translate("pages.target.checklist", lang, count=len(score.items))
    if score.kind == "add":
        return translate("pages.target.add", lang, per=decimal_text(score.per), cap=decimal_text(score.cap))
    target = score.full_value(weight)
    if target is None:
        return "–"
    if unit == "yes_no":
        return translate("pages.yes", lang)
    beyond = getattr(score, "beyond", False)
    sign = {("higher", False): "≥ ", ("higher", True): "> ", ("lower", False): "≤ ", ("lower", True): "< "}
    return sign[score.better, beyond] + value_text(target, unit, lang)


def rule_text(score: Score, weight: Fraction, unit: str, lang: str) -> str:
    """How the value becomes points, as a sentence."""
    key, full = f"pages.rule.{score.kind}", decimal_text(weight)
    shown = lambda number: value_text(number, unit, lang)  # noqa: E731
    plain = lambda number: value_text(number, "count" if unit == "yes_no" else unit, lang)  # noqa: E731
    if score.kind == "linear":
        text = translate(key, lang, floor=plain(score.floor), target=plain(score.target), weight=full)
        text += translate("pages.rule.linear_cap", lang, cap=decimal_text(score.cap)) if score.cap is not None else ""
    elif score.kind == "steps":
        bands = [
            translate(
                "pages.rule.band", lang, range=_range_text(band.range, unit, lang), points=decimal_text(band.points)
            )
            for band in score.bands
        ]
        text = translate(key, lang, bands=join_clauses(bands, lang))
    elif score.kind == "all_or_nothing":
        text = translate(key, lang, target=target_text(score, weight, unit, lang), weight=full)
    elif score.kind == "proportional":
        text = translate(
            key,
            lang,
            reference=shown(score.reference),
            weight=full,
            least=decimal_text(score.min),
            most=decimal_text(score.most(weight)),
        )
    elif score.kind == "deduct":
        floor = (
            translate("pages.rule.no_floor", lang)
            if score.floor is None
            else translate("pages.rule.down_to", lang, floor=decimal_text(score.floor))
        )
        partial = translate(f"pages.rule.partial_{score.partial}", lang)
        text = translate(
            key,
            lang,
            weight=full,
            target=plain(score.target),
            every=plain(score.every),
            per=decimal_text(score.per),
            floor=floor,
            partial=partial,
        )
    elif score.kind == "add":
        text = translate(key, lang, per=decimal_text(score.per), cap=decimal_text(score.cap))
    elif score.kind == "relative":
        text = translate(
            key,
            lang,
            to=translate(f"pages.{score.to}", lang),
            base=decimal_text(score.base),
            least=decimal_text(score.min),
            most=decimal_text(score.most(weight)),
        )
    elif score.kind == "rank":
        text = translate(key, lang, weight=full, per=decimal_text(score.per_place), floor=decimal_text(score.floor))
    else:
        items = [f"{item.name[lang]} {decimal_text(item.points)}" for item in score.items]
        text = translate(key, lang, items=join_list(items, lang))
    if getattr(score, "average_over", "team") == "parts":
        text += translate("pages.rule.parts", lang)
    return text


def remedy_text(
    indicator: Indicator, score: Score, weight: Fraction, row: pd.Series, missing_items: list[str], lang: str
) -> str:
    """What would have earned the points that were lost.

    ``row`` has numerator, denominator, value and status of the team; ``missing_items`` the names of
    checklist items that are not there.
    """
    unit, top = unit_of(indicator), counted_words(indicator, lang)[0]
    if row["status"] == "no_evidence":
        return translate("pages.remedy.no_evidence", lang)
    if score.kind == "checklist":
        return translate("pages.remedy.items", lang, items=join_list(missing_items, lang))
    target = target_text(score, weight, unit, lang)
    if score.kind in ("relative", "rank", "add"):
        return translate("pages.remedy.reach", lang, target=target, value=value_text(row["value"], unit, lang))
    if unit == "yes_no":
        return translate("pages.remedy.yes", lang, what=top)
    goal = score.full_value(weight)
    text = translate(
        "pages.remedy.parts" if getattr(score, "average_over", "team") == "parts" else "pages.remedy.reach",
        lang,
        target=target,
        value=value_text(row["value"], unit, lang),
    )
    if unit == "share" and goal is not None and _whole(row["numerator"]) and _whole(row["denominator"]):
        count = exact(row["numerator"])
        wanted = goal * exact(row["denominator"])
        short = math.ceil(wanted) - count if score.better == "higher" else count - math.floor(wanted)
        if short > 0:
            key = "pages.remedy.more" if score.better == "higher" else "pages.remedy.fewer"
            text += translate(key, lang, count=number_text(short), what=top)
    return text


def _range_text(interval, unit: str, lang: str) -> str:
    low = (
        "" if interval.low is None else f"{'≥' if interval.low_closed else '>'} {value_text(interval.low, unit, lang)}"
    )
    high = (
        ""
        if interval.high is None
        else f"{'≤' if interval.high_closed else '<'} {value_text(interval.high, unit, lang)}"
    )
    return translate("pages.and", lang).join(part for part in (low, high) if part)


def _whole(number) -> bool:
    return not pd.isna(number) and float(number).is_integer()


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
