"""Judgements, objections and remarks on a team in words: for the scorecard, the workbench and ``adjustments.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from assess_lib.exact import decimal_text
from assess_lib.ledger.entries import (
    JUDGEMENTS,
    AdjustPoints,
    AdjustValue,
    Answer,
    Judgement,
    Objection,
    Remark,
    SecondOpinion,
    Undo,
)
from assess_lib.ledger.state import ReviewState, Ruling
from assess_lib.scorecard.wording import unit_of, value_text
from assess_lib.scoring.adjustments import AWAITING, IN_FORCE, STALE
from assess_lib.scoring.assessment import Assessment
from assess_lib.tables.masking import NO_PEOPLE, Masking
from assess_lib.tables.safe_workbook import harmless
from assess_lib.words import join_list, translate

ADJUSTMENT_COLUMNS = (
    "team_id",
    "indicator",
    "entry",
    "kind",
    "state",
    "value_computed",
    "points_computed",
    "becomes",
    "points",
    "effect",
    "reason",
    "document",
    "by",
    "second",
    "on",
)


@dataclass(frozen=True)
class ReviewLine:
    """A judgement in force, stale, or awaiting its second reviewer; texts without numbers that identify a person."""

    number: int
    indicator: str
    name: str
    kind: str
    what: str
    computed: str
    becomes: str
    effect: str
    reason: str
    document: str
    by: str
    seconds: str
    day: str
    state: str
    state_words: str
    year_before: str = ""


@dataclass(frozen=True)
class DisputeLine:
    """An objection of the team or its unit, with its answer."""

    number: int
    indicator: str
    name: str
    words: str
    document: str
    by: str
    day: str
    state: str
    state_words: str
    answer: str
    answered_by: str
    answered_on: str
    due: str


@dataclass(frozen=True)
class HistoryLine:
    """A judgement as it stands in the ledger, undone ones too; ``text`` has all of it."""

    number: int
    day: str
    by: str
    text: str
    undone: bool


def review_lines(result: Assessment, team: str, lang: str, before: Assessment | None = None) -> list[ReviewLine]:
    """The judgements on a team in the order of the rubric, last year's on the same indicator beside each."""
    if result.review_state is None:
        return []
    earlier = before.review_state if before else None
    order = {indicator.id: n for n, indicator in enumerate(result.rubric.indicators())}
    rulings = [ruling for (of, _), ruling in result.review_state.rulings.items() if of == team]
    rulings.sort(key=lambda ruling: (order.get(ruling.entry.indicator, len(order)), ruling.record.number))
    return [_review_line(result, ruling, lang, earlier) for ruling in rulings]


def _review_line(result: Assessment, ruling: Ruling, lang: str, earlier: ReviewState | None = None) -> ReviewLine:
    """One judgement in words."""
    entry, record = ruling.entry, ruling.record
    public = _Public(result.data.masking)
    state = result.adjustments.states.get((entry.team, entry.indicator), IN_FORCE)
    last = earlier.rulings.get((entry.team, entry.indicator)) if earlier else None
    return ReviewLine(
        record.number,
        entry.indicator,
        _name_of(result, entry.indicator, lang),
        entry.kind,
        translate(f"pages.review.kind.{entry.kind}", lang),
        _computed_text(result, entry, lang),
        _becomes_text(result, entry, lang),
        signed_text(entry.effect),
        public.words(entry.reason),
        public.words(entry.document),
        public.name(entry.by),
        join_list((public.name(r.entry.by) for r in ruling.seconds), lang),
        record.day,
        state,
        translate(f"pages.review.state.{state}", lang),
        "" if last is None else _year_before_text(last, public, lang),
    )


def past_judgement(before: Assessment | None, team: str, indicator: str, lang: str) -> str:
    """Last year's judgement on an indicator, blank where there is none."""
    ruling = before.review_state.rulings.get((team, indicator)) if before and before.review_state else None
    return _year_before_text(ruling, _Public(before.data.masking), lang) if before and ruling else ""


def _year_before_text(ruling: Ruling, public: _Public, lang: str) -> str:
    entry = ruling.entry
    becomes = decimal_text(entry.becomes) if isinstance(entry, (AdjustPoints, AdjustValue)) else ""
    words = {
        "what": translate(f"pages.review.kind.{entry.kind}", lang),
        "becomes": becomes,
        "by": public.name(entry.by),
    }
    return translate("pages.review.year_before", lang, year=entry.year, reason=public.words(entry.reason), **words)


def dispute_lines(result: Assessment, team: str, lang: str) -> list[DisputeLine]:
    """The objections of a team in the order in which they came."""
    if result.review_state is None:
        return []
    lines, public = [], _Public(result.data.masking)
    for dispute in result.review_state.disputes:
        record, objection = dispute.record, dispute.record.entry
        if not isinstance(objection, Objection) or objection.team != team:
            continue
        last = dispute.answers[-1] if dispute.answers else None
        answer = last.entry if last and isinstance(last.entry, Answer) else None
        lines.append(
            DisputeLine(
                record.number,
                objection.indicator,
                _name_of(result, objection.indicator, lang),
                public.words(objection.words),
                public.words(objection.document),
                public.name(objection.by),
                record.day,
                dispute.state,
                translate(f"pages.review.dispute.{dispute.state}", lang),
                public.words(answer.reason) if answer else "",
                public.name(answer.by) if answer else "",
                last.day if last else "",
                answer.due if answer else "",
            )
        )
    return lines


def judgement_history(result: Assessment, team: str, indicator: str, lang: str) -> list[HistoryLine]:
    """Every judgement ever made on an indicator of a team in the year, in order."""
    state = result.review_state
    if state is None:
        return []
    records, ruling = state.of_team(team), state.rulings.get((team, indicator))
    public = _Public(result.data.masking)
    seconds: dict[int, list[str]] = {}
    undos: dict[int, str] = {}
    for record in records:
        entry = record.entry
        if isinstance(entry, SecondOpinion):
            seconds.setdefault(entry.refers_to, []).append(public.name(entry.by))
        elif isinstance(entry, Undo):
            undos.setdefault(entry.refers_to, f" {public.name(entry.by)} {record.day} {public.words(entry.reason)}")
    lines = []
    for record in records:
        entry = record.entry
        if not isinstance(entry, JUDGEMENTS) or entry.indicator != indicator:
            continue
        text = translate(
            "workbench.adjust.one",
            lang,
            number=record.number,
            day=record.day,
            by=public.name(entry.by),
            reason=public.words(entry.reason),
            what=translate(f"pages.review.kind.{entry.kind}", lang),
            becomes=_becomes_text(result, entry, lang) if isinstance(entry, (AdjustPoints, AdjustValue)) else "",
        )
        if agreed := seconds.get(record.number):
            text += translate("workbench.adjust.second_note", lang, by=join_list(agreed, lang))
        effect = result.adjustments.states.get((team, indicator), "")
        if ruling and ruling.record.number == record.number and effect in (STALE, AWAITING):
            text += translate("workbench.adjust.but", lang, state=translate(f"pages.review.state.{effect}", lang))
        undone = record.number in state.undone
        if undone:
            text += translate("workbench.adjust.was_undone", lang) + undos.get(record.number, "")
        lines.append(HistoryLine(record.number, record.day, public.name(entry.by), text, undone))
    return lines


def remark_lines(result: Assessment, team: str, lang: str, indicator: str | None = None) -> list[str]:
    """The remarks on a team, a line each: number, what it is on, words, who, when.

    Parameters: ``indicator`` only those on it; None for all.
    """
    lines, public = [], _Public(result.data.masking)
    for record in result.review_state.remarks if result.review_state else ():
        remark = record.entry
        if not isinstance(remark, Remark) or remark.team != team or indicator not in (None, remark.indicator):
            continue
        on = _name_of(result, remark.indicator, lang) if remark.indicator else translate("site.remarks.all", lang)
        lines.append(
            translate(
                "pages.review.remark",
                lang,
                number=record.number,
                on=on,
                words=public.words(remark.words),
                by=public.name(remark.by),
                day=remark.written[:10] or record.day,
                edition=remark.edition.split("-")[0] or "–",
            )
        )
    return lines


def adjustments_table(result: Assessment) -> pd.DataFrame:
    """Every judgement of the year that was not undone, a row each, with the columns ``ADJUSTMENT_COLUMNS``."""
    rows, public = [], _Public(result.data.masking)
    rulings = result.review_state.rulings if result.review_state else {}
    for (team, name), ruling in sorted(rulings.items()):
        if team not in result.scores.index:
            continue
        entry, of_team = ruling.entry, result.points_of(team)
        becomes = _plain(entry.becomes) if isinstance(entry, (AdjustPoints, AdjustValue)) else ""
        points = _plain(Fraction(repr(float(of_team.at[name, "points"]))), 2) if name in of_team.index else ""
        rows.append(
            (
                team,
                name,
                ruling.record.number,
                entry.kind,
                result.adjustments.states.get((team, name), IN_FORCE),
                "" if entry.seen.value is None else _plain(entry.seen.value),
                _plain(entry.seen.points, 2),
                becomes,
                points,
                _plain(entry.effect, 2),
                harmless(public.words(entry.reason)),
                harmless(public.words(entry.document)),
                harmless(public.name(entry.by)),
                harmless("、".join(public.name(r.entry.by) for r in ruling.seconds)),
                ruling.record.day,
            )
        )
    return pd.DataFrame(rows, columns=list(ADJUSTMENT_COLUMNS))


def _computed_text(result: Assessment, entry: Judgement, lang: str) -> str:
    """Value and points as they were computed when the judgement was made."""
    points = translate("pages.review.points", lang, points=decimal_text(entry.seen.points, 2))
    if entry.seen.value is None:
        return f"{translate(f'pages.status.{entry.seen.status}', lang)} · {points}"
    return f"{_value(result, entry.indicator, entry.seen.value, lang)} · {points}"


def _becomes_text(result: Assessment, entry: Judgement, lang: str) -> str:
    """The value or points in their place, or the kind of the judgement."""
    if isinstance(entry, AdjustPoints):
        return translate("pages.review.points", lang, points=decimal_text(entry.becomes, 2))
    if isinstance(entry, AdjustValue):
        return _value(result, entry.indicator, entry.becomes, lang)
    return translate(f"pages.review.kind.{entry.kind}", lang)


def _name_of(result: Assessment, indicator: str, lang: str) -> str:
    """The name of an indicator; its id where the rules have it no longer."""
    return next((i.name[lang] for i in result.rubric.indicators() if i.id == indicator), indicator)


def signed_text(number: Fraction) -> str:
    """A change in points with its sign."""
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return sign + decimal_text(abs(number), 2)


@dataclass(frozen=True)
class _Public:
    """What people wrote, as it may be shown. Parameters: ``masking`` of the year, which knows whom no text may name."""

    masking: Masking

    def words(self, text: str) -> str:
        """Words in one line, without the names of people of the tables and numbers that identify anybody."""
        return " ".join(self.masking.text(text).split())

    def name(self, text: str) -> str:
        """The name by which somebody signed, which stays a name, without numbers."""
        return NO_PEOPLE.text(text)


def _plain(number: Fraction, digits: int | None = None) -> str:
    """A number in a file, without commas."""
    return decimal_text(number, digits).replace(",", "")


def _value(result: Assessment, indicator: str, value: Fraction, lang: str) -> str:
    rule = next((i for i in result.rubric.indicators() if i.id == indicator), None)
    return decimal_text(value) if rule is None else value_text(float(value), unit_of(rule), lang)
