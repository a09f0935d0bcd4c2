"""Values, rules and remedies in words, in the language of the interface."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from assess_lib.exact import apportion, decimal_text, exact, round_half_up
from assess_lib.indicators.measurement import NO_EVIDENCE, Measurement
from assess_lib.indicators.registry import registered
from assess_lib.rules.intervals import Interval
from assess_lib.rules.kinds import Score
from assess_lib.rules.kinds.base import Case
from assess_lib.rules.kinds.checklist import Checklist
from assess_lib.rules.paths import PathToGoal, Way, way_column
from assess_lib.rules.peer_values import PeerValues
from assess_lib.rules.rubric import PEER_COLUMNS, Indicator
from assess_lib.scoring.figures import Reason
from assess_lib.words import in_brackets, in_language, join_list, translate

DIGITS = {"share": 2, "points_pp": 2, "yuan": 2, "days": 1, "rating": 2, "yes_no": 0, "per_yuan": 4} | {
    unit: 2 for unit in ("times", "items", "count")
}
_TOLD_BY_NUMBER = ("yuan", "days", "times", "items")  # of which the value is the number of what is counted
_STEP = Fraction(1, 100)  # of points
_MOST_OF_UNIT = {"share": 1, "rating": 100}  # the most that there can be


def unit_of(indicator: Indicator) -> str:
    """The unit of an indicator's value: its own for an entered one, else that of its measure."""
    return indicator.unit or registered()[indicator.measure].unit


def counted_words(indicator: Indicator, lang: str) -> tuple[str, str]:
    """The things that numerator and denominator count, in words."""
    if indicator.entered:
        return translate("pages.entered_value", lang), ""
    return in_language(registered()[indicator.measure].of, lang)


def counted_things(indicator: Indicator, lang: str) -> str:
    """The things that the numerator counts, to stand beside ``counted_text``, which says yuan already."""
    words = counted_words(indicator, lang)[0]
    return words.removesuffix(in_brackets(translate("pages.yuan", lang), lang)) if in_yuan(indicator) else words


def in_yuan(indicator: Indicator) -> bool:
    """True where what the numerator counts is money."""
    return "yuan" in (unit_of(indicator), "" if indicator.entered else registered()[indicator.measure].counts)


def counted_text(number: Any, indicator: Indicator, lang: str) -> str:
    """A number of the things that the numerator counts, with their counter: 3 个项目."""
    unit, kind = unit_of(indicator), "" if indicator.entered else registered()[indicator.measure].counts
    if kind:
        return translate(f"pages.counted.{kind}", lang, number=number_text(number))
    return value_text(number, unit, lang) if unit in _TOLD_BY_NUMBER else number_text(number)


def value_text(value: Any, unit: str, lang: str) -> str:
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


def number_text(value: Any) -> str:
    """A numerator or denominator: as short as it is exact to two decimals."""
    if value is None or pd.isna(value):
        return "–"
    return _trimmed(decimal_text(exact(round(float(value), 4)), 2))


def points_text(points: float) -> str:
    """Points with two decimals, as they are added up; a range without a lower end begins at −∞."""
    if math.isinf(points):
        return "−∞"
    return decimal_text(exact(round(float(points), 2)), 2)


def earned_text(points: float, lang: str) -> str:
    """Points of a focal point, or that it does not apply (NaN)."""
    return translate("pages.status.not_applicable", lang) if points != points else points_text(points)


def mean_text(points: float) -> str:
    """A mean or median of points with two decimals, half up: what a binary float lacks in the sixth decimal is no matter."""
    return decimal_text(exact(round(float(points), 6)), 2)


def share_text(share: float) -> str:
    """A share of 0 to 1 in per cent with one decimal, half up."""
    return decimal_text(exact(round(float(share), 8)) * 100, 1) + "%"


def tenths_of_percent(share: float) -> int:
    """The same in whole tenths of a per cent, for what is compared as it is shown."""
    return round_half_up(exact(round(float(share), 8)), Fraction(1, 1000))


def mean_hundredths(points: float) -> int:
    """The same as whole hundredths, for what is added up or compared as it is shown."""
    return round_half_up(exact(round(float(points), 6)))


@dataclass(frozen=True)
class UnitWords:
    """Numbers and phrases of a rule in one language, for one unit of the measured value."""

    unit: str
    lang: str

    def __call__(self, key: str, **values: object) -> str:
        return translate(key, self.lang, **values)

    def value(self, number: Fraction) -> str:
        return value_text(number, self.unit, self.lang)

    def plain(self, number: Fraction) -> str:
        return value_text(number, "count" if self.unit == "yes_no" else self.unit, self.lang)

    def number(self, number: Fraction) -> str:
        return decimal_text(number)

    def ratio(self, number: Fraction) -> str:
        return _trimmed(decimal_text(number, 2))

    def target(self, score: Score, weight: Fraction) -> str:
        told = target_text(score, weight, self.unit, self.lang)
        return self("pages.target.answer", answer=told) if self.unit == "yes_no" else told

    def interval(self, interval: Interval) -> str:
        ends = (
            (interval.low, "≥" if interval.low_closed else ">"),
            (interval.high, "≤" if interval.high_closed else "<"),
        )
        return self("pages.and").join(f"{sign} {self.value(end)}" for end, sign in ends if end is not None)

    def limit(self, score: Score, number: Fraction) -> tuple[str, str]:
        """A value that is to be reached, and how: all there can be of a share or rating is ``whole``, none is ``nothing``."""
        if score.better == "higher":
            how = "above" if score.beyond_target else "whole" if number == _MOST_OF_UNIT.get(self.unit) else "higher"
        else:
            none = not number and self.unit != "points_pp"
            how = "below" if score.beyond_target else "nothing" if none else "lower"
        return how, "0" if how == "nothing" else self.plain(number)

    def phrases(self, separator: str, parts: list[str]) -> str:
        return self(separator).join(parts)


def target_text(score: Score, weight: Fraction, unit: str, lang: str) -> str:
    """The value that earns the full mark, with a sign where more (or less) of it is just as good: ≥ 80%, but 100%, and 0."""
    words = UnitWords(unit, lang)
    if (told := score.target_words(weight, words)) is not None:
        return told
    target = score.full_value(weight)
    if target is None:
        return "–"
    if unit == "yes_no":
        return translate("pages.yes" if score.better == "higher" else "pages.no", lang)
    how, number = words.limit(score, target)
    return {"higher": "≥ ", "above": "> ", "lower": "≤ ", "below": "< "}.get(how, "") + number


def demand_text(indicator: Indicator, score: Score, weight: Fraction, lang: str) -> str:
    """What a team that lost points has to reach on an indicator, as a sentence without its full stop."""
    unit, name = unit_of(indicator), indicator.name[lang]
    if unit == "yes_no" and not score.item_ids:
        if indicator.entered:  # nothing says what is counted
            wanted = translate("pages.yes" if score.better == "higher" else "pages.no", lang)
            return translate("pages.demand.entered", lang, name=name, wanted=wanted)
        key = "done" if score.better == "higher" else "not_done"
        return translate(f"pages.demand.{key}", lang, name=name, what=counted_words(indicator, lang)[0])
    demand = score.demand_words(weight, UnitWords(unit, lang))
    return translate(f"pages.demand.{'every_member' if score.averages_parts else 'of'}", lang, name=name, demand=demand)


def rule_text(score: Score, weight: Fraction, unit: str, lang: str) -> str:
    """The rule by which the value becomes points, as a sentence."""
    text = score.rule_words(weight, UnitWords(unit, lang))
    return text + translate("pages.rule.parts", lang) if score.averages_parts else text


def path_text(indicator: Indicator, team: Mapping[str, Any], lang: str) -> str:
    """How a target before the year of a goal comes about, to stand behind the rule; blank where there is no way.

    Parameters: ``team`` its row, as ``Figures.rows`` has it.
    """
    if (own := _OnTheWay.of(indicator, team)) is None:
        return ""
    words, way = UnitWords(unit_of(indicator), lang), own.way
    about = {"year": own.path.goal_year, "goal": words.plain(own.goal), "count": way.years}
    if way.target is not None:
        key = "by_year"
    elif way.start is None:
        key = "unknown"
    elif own.score.path == "at_once":
        key = "lost" if own.score.earned(Case(way.start), Fraction(1)) else "at_once"
    else:
        key = "start" if own.moved else "reached"
        about |= {"start": words.plain(way.start), "target": words.plain(own.target)}
    return translate(f"pages.path.{key}", lang, **about) + _own_proposal(own.path, lang)


def goal_text(indicator: Indicator, team: Mapping[str, Any], lang: str) -> str:
    """The goal behind a target of a team that is on its way to it; blank where the target is the goal.

    Parameters: ``team`` its row, as ``Figures.rows`` has it.
    """
    own = _OnTheWay.of(indicator, team)
    if own is None or own.target == own.goal:
        return ""
    key, goal = "goal" if own.path.goal_year else "final_goal", UnitWords(unit_of(indicator), lang).plain(own.goal)
    return translate(f"pages.path.{key}", lang, year=own.path.goal_year, goal=goal)


@dataclass(frozen=True)
class _OnTheWay:
    """A team on its way to a goal: the path, its own way on it, and the score with the goal as its target."""

    path: PathToGoal
    way: Way
    score: Score

    @classmethod
    def of(cls, indicator: Indicator, team: Mapping[str, Any]) -> _OnTheWay | None:
        """None where the indicator has no goal of a later year, or the team no way."""
        path, way = indicator.path, team.get(way_column(indicator.id))
        if path is None or way is None:
            return None
        return cls(path, way, indicator.for_team({name: team[name] for name in PEER_COLUMNS})[1])

    @property
    def goal(self) -> Fraction:
        goal: Fraction = getattr(self.score, self.score.movable)
        return goal

    @property
    def moved(self) -> bool:
        """True where the target of the year is another than the goal."""
        return self.score.on_the_way(self.way) is not self.score

    @property
    def target(self) -> Fraction:
        target: Fraction = getattr(self.score.on_the_way(self.way), self.score.movable)
        return target


def path_rule_text(indicator: Indicator, lang: str) -> str:
    """The way to a goal as the rubric has it for all teams, to stand behind the rule; blank where there is none."""
    path, words = indicator.path, UnitWords(unit_of(indicator), lang)
    if path is None:
        return ""
    if path.start is None:
        targets = join_list([f"{year} {words.plain(target)}" for year, target in path.by_year()], lang)
        text = translate("pages.path.targets", lang, targets=targets)
    else:
        key = "at_once" if indicator.score.path == "at_once" else "spread"
        text = translate(f"pages.path.{key}", lang, year=path.goal_year)
    return text + _own_proposal(path, lang)


def missing_items(found: Measurement, team: str, score: Score, ratio: Fraction, lang: str) -> list[str]:
    """The items of a checklist that a team does not have, each with its points; none for other kinds.

    Parameters: ``ratio`` of the weight in force to that of the rubric.
    """
    if not isinstance(score, Checklist):
        return []
    parts = found.parts_of(team)
    present = {part for part, value in zip(parts["part"], parts["exact"]) if value > 0}
    lacking = [item for item in score.items if item.id not in present]
    whole = round_half_up(sum((item.points for item in lacking), Fraction(0)) * ratio, _STEP) * _STEP
    parts = apportion(whole, [item.points for item in lacking], _STEP) if lacking else []
    return [
        translate("pages.remedy.item", lang, name=item.name[lang], points=decimal_text(points, 2))
        for item, points in zip(lacking, parts)
    ]


def _own_proposal(path: PathToGoal, lang: str) -> str:
    return translate("pages.path.proposal", lang) if path.basis == "proposal" else ""


def remedy_text(
    indicator: Indicator,
    score: Score,
    weight: Fraction,
    row: pd.Series,
    missing_items: list[str],
    lang: str,
    peers: PeerValues | None = None,
) -> str:
    """The remedy: what would have earned the points that were lost.

    ``row`` has numerator, denominator, value and status of the team; ``missing_items`` the names of
    checklist items that are not there; ``peers`` the values of the peer group, where points follow from them.
    """
    unit, top = unit_of(indicator), counted_words(indicator, lang)[0]
    if row["status"] == "no_evidence":
        return translate("pages.remedy.no_evidence", lang)
    if score.item_ids:
        return translate("pages.remedy.items", lang, items=join_list(missing_items, lang))
    demand, value = score.demand_words(weight, UnitWords(unit, lang)), value_text(row["value"], unit, lang)
    if not score.counts_rows:
        full = score.full_among(peers, weight) if peers is not None and peers.count > 1 and unit != "yes_no" else None
        if full is not None and full <= _MOST_OF_UNIT.get(unit, full):
            demand += translate("pages.remedy.this_year", lang, value=value_text(full, unit, lang))
        return translate("pages.remedy.reach", lang, demand=demand, value=value)
    if unit == "yes_no":
        key = "yes" if score.better == "higher" else "no"
        return translate(f"pages.remedy.{key}", lang, what=top)
    goal = score.full_value(weight)
    key = "parts" if score.averages_parts else "reach"
    text = translate(f"pages.remedy.{key}", lang, demand=demand, value=value)
    if unit == "share" and goal is not None and _whole(row["numerator"]) and _whole(row["denominator"]):
        count = exact(row["numerator"])
        wanted = goal * exact(row["denominator"])
        beyond = int(score.beyond_target and wanted == math.floor(wanted))
        short = math.ceil(wanted) - count if score.better == "higher" else count - math.floor(wanted)
        short += beyond
        if short > 0:
            fewer = "less" if in_yuan(indicator) else "fewer"
            key = "more" if score.better == "higher" else fewer
            text += translate(
                f"pages.remedy.{key}",
                lang,
                count=counted_text(short, indicator, lang),
                what=counted_things(indicator, lang),
            )
    return text


def _whole(number: Any) -> bool:
    return not pd.isna(number) and float(number).is_integer()


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def status_text(row: pd.Series, counts: bool, lang: str) -> str:
    """The status of an indicator for a team. Parameters: ``row`` of the points, ``counts`` whether it earns any."""
    told = (Reason.CONDITION, Reason.NO_REFERENCE, Reason.REVIEWED, Reason.QUESTIONED, Reason.NOT_DUE)
    reason = row["reason"] if row["reason"] in told else row["status"]
    if reason == Reason.REVIEWED:
        return translate(f"pages.status.reviewed.{row['status']}", lang)
    return translate(f"pages.status.{'not_judged' if reason == NO_EVIDENCE and not counts else reason}", lang)


def day_text(day: date | str, lang: str) -> str:
    """A day as an office writes it. Parameters: ``day`` or its ISO form."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return translate("pages.day", lang, year=day.year, month=day.month, day=day.day)
