"""What a reader wants first from a scorecard: why this grade, how far to the next, and what would bring most.

Every sentence is built from what is true of the team.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from assess_lib.exact import exact
from assess_lib.rules.rubric import Grade, Veto
from assess_lib.scorecard.award_words import demands, reason_text, unit_reasons
from assess_lib.scorecard.grade_reasons import DecidedBy, GradeReason, GradeReasons
from assess_lib.scorecard.lines import DimensionLine, IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import day_text, points_text, unit_of, value_text
from assess_lib.scoring import awards
from assess_lib.words import join_clauses, join_list, join_sentences, translate

GAINS = BEST = 3
NAMED = 3  # teams of a tie that are named
LEAST_LEAD = 0.01  # points: less does not show


@dataclass(frozen=True)
class Listed:
    """The lists of a team: ``words`` that it is commended, or has to rectify, why, what and by when, blank for neither;
    ``rectify`` for the latter; ``unit`` that its unit has to; ``indicators`` the ids of those that are demanded of it."""

    words: str
    rectify: bool
    unit: str = ""
    indicators: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FirstScreen:
    """The first screen of a scorecard in words.

    Attributes
    ----------
    why : why the team has its grade: a line, a veto, a quota or a tie.
    next_grade : what is missing to the next grade; blank for the best.
    listed : whether the team is commended, or has to rectify, and what is said of it.
    gains : the indicators that would bring most, the most first, as far as they lost anything.
    enough : whether all that these would bring reaches the next line; blank where no line is missed.
    best : what is ahead of the peers or has its full mark, with points, as a sentence; blank where there is nothing.
    position : the focal points against the peers.
    """

    why: str
    next_grade: str
    listed: Listed
    gains: tuple[IndicatorLine, ...]
    enough: str
    best: str
    position: str


def first_screen(card: Scorecard) -> FirstScreen:
    """The first screen of a scorecard."""
    decided, gains = _Grading.of(card), tuple(card.weakest[:GAINS])
    return FirstScreen(
        decided.why(),
        decided.next_grade(),
        listed(card),
        gains,
        decided.enough(gains),
        best(card),
        position(card),
    )


def listed(card: Scorecard) -> Listed:
    """The lists on which the results so far put the team and the unit that sent it."""
    lang, rubric = card.lang, card.rubric
    both = list(awards.rectification(card.now, card.team_id).itertuples())
    rows, units = ([row for row in both if row.kind == kind] for kind in ("team", "unit"))
    unit = _unit_listed(units[0], card) if units else ""
    if not rows:
        commended = card.team_id in awards.commended_teams(card.now).index
        return Listed(translate("pages.first.commended", lang) if commended else "", False, unit)
    why = rows[0].why
    about = {
        "grade": card.grade.name[lang],
        "why": join_clauses((reason_text(reason, rubric, lang) for reason in why), lang),
        "deadline": day_text(rows[0].deadline, lang),
    }
    decisive = GradeReasons.of_year(card.now).of(card.team_id).vetoes
    as_graded = any(reason[0] == "grade" or reason[0] == "veto" and reason[1] in decisive for reason in why)
    lowest = card.grade_place == len(rubric.grades.bands) - 1
    told = [translate(f"pages.first.{'rectify' if as_graded or lowest else 'rectify_though'}", lang, **about)]
    short = demands(rubric, rows[0].indicators, [card.team_id], card.now.rule_of, lang)
    if short:
        told.append(translate("pages.first.short_of", lang, demands=join_clauses(short, lang)))
    return Listed(join_sentences(told, lang), True, unit, frozenset(rows[0].indicators))


def _unit_listed(row: Any, card: Scorecard) -> str:
    """That the unit which sent the team has to rectify. Parameters: ``row`` of the rectification list."""
    return translate(
        "pages.first.unit_rectify",
        card.lang,
        unit=row.id if pd.isna(row.name) else row.name,
        why=unit_reasons(row, card.rubric, card.now.scores["vetoes"], card.now.data.teams()["name"], card.lang),
        deadline=day_text(row.deadline, card.lang),
    )


def best(card: Scorecard) -> str:
    """The strong points with their points, as a sentence; where none is ahead of the peers, those with their full mark.

    Blank where there are neither. What is named for what it lost is none; a lead that does not show in the points is none.
    """
    gains = {line.id for line in card.weakest[:GAINS]}
    strong = [line for line in card.strongest if line.id not in gains]
    ahead = [line for line in strong if line.lead * line.weight >= LEAST_LEAD]
    named, key = (ahead, "best") if ahead else ([line for line in strong if line.share >= 1], "whole")
    told = [
        translate("pages.first.best_one", card.lang, name=line.name, points=line.points_words, weight=line.weight_words)
        for line in named[:BEST]
    ]
    return translate(f"pages.first.{key}", card.lang, names=join_list(told, card.lang)) if told else ""


def position(card: Scorecard) -> str:
    """The focal points that apply against the peers' median, as a sentence; blank where there is nothing to compare."""
    lang = card.lang
    lines = [line for line in card.dimensions if line.peers and line.applies]
    if not lines or len(card.peer_ids) < 2:
        return ""
    above, below = [d for d in lines if d.lead > 0], [d for d in lines if d.lead < 0]
    sentences = [
        _side(side, those, len(lines), furthest(those, key=lambda d: d.lead), card)
        for side, those, furthest in (("above", above, max), ("below", below, min))
        if those
    ]
    return join_sentences(sentences, lang) or translate("pages.first.at_median", lang, group=card.peer_group)


def _side(side: str, lines: list[DimensionLine], of: int, furthest: DimensionLine, card: Scorecard) -> str:
    """The focal points on one side of the median, of so many, and the furthest of them."""
    names, gap = join_list([line.name for line in lines], card.lang), f"{abs(furthest.lead) * 100:.1f}"
    key = f"pages.first.{side}.{'one' if len(lines) == 1 else 'all' if len(lines) == of else 'several'}"
    return translate(key, card.lang, group=card.peer_group, names=names, furthest=furthest.name, gap=gap)


@dataclass(frozen=True)
class _Grading:
    """How a team came by its grade."""

    card: Scorecard
    reason: GradeReason
    _reasons: GradeReasons

    @classmethod
    def of(cls, card: Scorecard) -> _Grading:
        reasons = GradeReasons.of_year(card.now)
        return cls(card, reasons.of(card.team_id), reasons)

    @property
    def total(self) -> Fraction:
        return exact(self.card.score["total"])

    @property
    def _place(self) -> int:
        return self.card.grade_place

    def _grade(self, place: int) -> Grade:
        return self.card.rubric.grades.bands[place]

    def _name(self, place: int) -> str:
        return self._grade(place).name[self.card.lang]

    def _line(self, place: int) -> Fraction:
        """The total at which a grade begins; 0 for the last."""
        return self._grade(place).range.low or Fraction(0)

    @property
    def _vetoes(self) -> list[str]:
        """The names of the vetoes that allow no better grade than the team has."""
        return [veto.name[self.card.lang] for veto in self._limiting]

    @property
    def _limiting(self) -> list[Veto]:
        names, limit = self.card.score["vetoes"], self.card.grade.id
        return [veto for veto in self.card.rubric.veto if veto.id in names and veto.limit == limit]

    @property
    def _vetoes_now(self) -> list[str]:
        """The same, with the value of the indicator that they ask for, where it is one."""
        lang, lines = self.card.lang, {line.id: line for line in self.card.lines}
        told = []
        for veto in self._limiting:
            names = {veto.minimum.indicator} if veto.minimum else {*(veto.when.indicator_ids() if veto.when else ())}
            asked = [lines[name] for name in names if name in lines and lines[name].status == "measured"]
            told.append(veto.name[lang] + (self._now(asked[0], veto) if len(asked) == 1 else ""))
        return told

    def _now(self, line: IndicatorLine, veto: Veto) -> str:
        """The value of an indicator that a veto asks for, and how much its minimum lacks, where that is an amount."""
        lang, indicator = self.card.lang, self.card.rubric.indicator(line.id)
        about = {"name": line.name, "value": line.value}
        value = self.card.now.points_of(self.card.team_id).at[line.id, "value"]
        if veto.minimum and not pd.isna(value) and (lacking := veto.minimum.at_least - exact(value)) > 0:
            about["lacking"] = value_text(float(lacking), unit_of(indicator), lang)
            return translate("pages.first.next.now_short", lang, **about)
        return translate("pages.first.next.now", lang, **about)

    def why(self) -> str:
        """The sentence on what decided."""
        lang, card = self.card.lang, self.card
        about: dict[str, object] = {
            "total": card.total,
            "grade": card.grade.name[lang],
            "band": self._name(self.reason.band),
            "line": _number(self._line(self.reason.band)),
        }
        if self._place == self.reason.band:
            if self._place == len(card.rubric.grades.bands) - 1 and self._place:
                about |= {"above": self._name(self._place - 1), "line": _number(self._line(self._place - 1))}
                return translate("pages.first.why.below_all", lang, **about)
            return translate("pages.first.why.line", lang, **about)
        if self.reason.by == DecidedBy.VETO:
            return translate("pages.first.why.veto", lang, names=join_list(self._vetoes, lang), **about)
        quota = self.reason.quota
        assert quota is not None
        about |= {"places": quota.places, "size": quota.size, "chosen": len(quota.chosen)}
        about |= {"group": quota.group or translate("pages.all_teams", lang), "wanted": self._name(self._place - 1)}
        if self.reason.by == DecidedBy.TIE:
            known = card.now.data.teams()["name"].dropna()
            others = [known.get(team, team) for team in quota.tied if team != card.team_id]
            about |= {"names": join_list(others[:NAMED], lang), "tied": len(quota.tied)}
            return translate("pages.first.why.tie", lang, **about)
        key = "quota" if self.reason.by == DecidedBy.QUOTA else "after_tie"
        return translate(f"pages.first.why.{key}", lang, tied=len(quota.tied), **about)

    def next_grade(self) -> str:
        """The sentence on what is missing to the next grade."""
        lang = self.card.lang
        if not self._place:
            return ""
        about = {"next": self._name(self._place - 1), "names": join_list(self._vetoes_now, lang)}
        if self._place == self.reason.band:
            about["gap"] = _number(self._gap)
            key = "pages.first.next.veto_too" if self._vetoes else "pages.first.next.gap"
            limited = self._grade(self._place - 1).quota is not None
            more = [translate("pages.first.next.quota_too", lang, **about)] if limited else []
            highest = exact(self.card.score["highest"])
            only_missing = self.card.missing and not any(line.waits for line in self.card.lines)
            reached = self._reasons.band(self.card.score["highest"])
            if only_missing and reached < self._place:
                reach = {"highest": _number(highest), "next": self._name(reached)}
                more.insert(0, translate("pages.first.next.evidence", lang, **reach))
            return join_sentences([translate(key, lang, **about), *more], lang)
        if self.reason.quota is None:
            return translate("pages.first.next.veto", lang, **about)
        scores, chosen = self.card.now.scores["total"], self.reason.quota.chosen
        if not chosen:
            return translate("pages.first.next.no_place", lang, **about)
        last = min(exact(scores[team]) for team in chosen)
        return translate("pages.first.next.place", lang, last=_number(last), gap=_number(last - self.total), **about)

    def enough(self, gains: tuple[IndicatorLine, ...]) -> str:
        """Whether all of some gains would reach the next line, and what would still stand in the way."""
        if not gains or not self._place or self._place != self.reason.band or self._capped(gains):
            return ""
        sum_of = sum((exact(line.lost) for line in gains), Fraction(0))
        about: dict[str, object] = {
            "count": len(gains),
            "sum": points_text(float(sum_of)),
            "next": self._name(self._place - 1),
        }
        if sum_of < self._gap:
            short = points_text(float(self._gap - sum_of))
            return translate("pages.first.not_enough", self.card.lang, short=short, **about)
        told = [translate("pages.first.enough", self.card.lang, **about)]
        still = "veto" if any(not self._lifted_by(gains, veto) for veto in self._limiting) else ""
        quota = self._reasons.quota(self.card.team_id, self._place - 1)
        last = (
            min((exact(self.card.now.scores["total"][team]) for team in quota.chosen), default=None) if quota else None
        )
        if quota and last is not None and len(quota.chosen) >= quota.places and self.total + sum_of <= last:
            still = "both" if still else "quota"
            about |= {"group": quota.group or translate("pages.all_teams", self.card.lang), "last": _number(last)}
        if still:
            told.append(translate(f"pages.first.still_{still}", self.card.lang, **about))
        return join_sentences(told, self.card.lang)

    def _lifted_by(self, gains: tuple[IndicatorLine, ...], veto: Veto) -> bool:
        """True where a veto asks for nothing that would not be reached if all of some gains were earned."""
        ids = {line.id for line in gains}
        if veto.minimum is None:
            return bool(asked := {*(veto.when.indicator_ids() if veto.when else ())}) and asked <= ids
        weight, score = self.card.rule_of(self.card.rubric.indicator(veto.minimum.indicator))
        full = score.full_value(weight)
        return veto.minimum.indicator in ids and full is not None and full >= veto.minimum.at_least

    def _capped(self, gains: tuple[IndicatorLine, ...]) -> bool:
        """True where the sum of a group is held, so that its indicators do not bring what they lost."""
        groups = [group for dimension in self.card.rubric.dimensions for group in dimension.groups]
        capped = {one.id for group in groups if group.cap is not None for one in group.indicators}
        return any(line.id in capped for line in gains)

    @property
    def _gap(self) -> Fraction:
        """Points short of the line of the next grade."""
        return self._line(self._place - 1) - self.total


def _number(points: Fraction) -> str:
    text = points_text(float(points))
    return text.removesuffix(".00")
