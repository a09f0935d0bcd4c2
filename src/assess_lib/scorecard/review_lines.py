"""What people judged of a team, in words: for the scorecard, the workbench and ``adjustments.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from assess_lib.exact import decimal_text
from assess_lib.ledger.entries import AdjustPoints, AdjustValue
from assess_lib.ledger.state import ReviewState, Ruling
from assess_lib.scorecard.wording import unit_of, value_text
from assess_lib.scoring.adjustments import IN_FORCE
from assess_lib.scoring.assessment import Assessment
from assess_lib.tables.masking import scrubbed
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
    """A judgement that holds, is stale, or awaits its second reviewer; texts without numbers that name somebody."""

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
    """An objection of the team or its unit, and what became of it."""

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


def review_lines(result: Assessment, team: str, lang: str, before: Assessment | None = None) -> list[ReviewLine]:
    """The judgements on a team in the order of the rubric; last year's on the same indicator beside each."""
    if result.review_state is None:
        return []
    earlier = before.review_state if before else None
    order = {indicator.id: n for n, indicator in enumerate(result.rubric.indicators())}
    mine = [ruling for (of, _), ruling in result.review_state.rulings.items() if of == team]
    mine.sort(key=lambda ruling: (order.get(ruling.entry.indicator, len(order)), ruling.record.number))
    return [review_line(result, ruling, lang, earlier) for ruling in mine]


def review_line(result: Assessment, ruling: Ruling, lang: str, earlier: ReviewState | None = None) -> ReviewLine:
    """One judgement in words."""
    entry, record = ruling.entry, ruling.record
    state = result.adjustments.states.get((entry.team, entry.indicator), IN_FORCE)
    last = earlier.rulings.get((entry.team, entry.indicator)) if earlier else None
    return ReviewLine(
        record.number,
        entry.indicator,
        name_of(result, entry.indicator, lang),
        entry.kind,
        translate(f"pages.review.kind.{entry.kind}", lang),
        computed_text(result, entry, lang),
        becomes_text(result, entry, lang),
        signed_text(entry.effect),
        shown(entry.reason),
        shown(entry.document),
        entry.by,
        join_list((r.entry.by for r in ruling.seconds), lang),
        record.day,
        state,
        translate(f"pages.review.state.{state}", lang),
        "" if last is None else year_before_text(last, lang),
    )


def year_before_text(ruling: Ruling, lang: str) -> str:
    """Last year's judgement on the same indicator."""
    entry = ruling.entry
    becomes = decimal_text(entry.becomes) if isinstance(entry, (AdjustPoints, AdjustValue)) else ""
    words = {"what": translate(f"pages.review.kind.{entry.kind}", lang), "becomes": becomes, "by": entry.by}
    return translate("pages.review.year_before", lang, year=entry.year, reason=shown(entry.reason), **words)


def dispute_lines(result: Assessment, team: str, lang: str) -> list[DisputeLine]:
    """The objections of a team in the order in which they came."""
    if result.review_state is None:
        return []
    lines = []
    for dispute in result.review_state.disputes:
        entry, answer = dispute.record.entry, dispute.answers[-1] if dispute.answers else None
        if entry.team == team:
            lines.append(
                DisputeLine(
                    dispute.record.number,
                    entry.indicator,
                    name_of(result, entry.indicator, lang),
                    shown(entry.words),
                    shown(entry.document),
                    entry.by,
                    dispute.record.day,
                    dispute.state,
                    translate(f"pages.review.dispute.{dispute.state}", lang),
                    shown(answer.entry.reason) if answer else "",
                    answer.entry.by if answer else "",
                    answer.day if answer else "",
                    answer.entry.due if answer else "",
                )
            )
    return lines


def adjustments_table(result: Assessment) -> pd.DataFrame:
    """Every judgement of the year that was not undone, a row each: what was computed, what it became, why, by whom."""
    rows = []
    rulings = result.review_state.rulings if result.review_state else {}
    for (team, name), ruling in sorted(rulings.items()):
        if team not in result.scores.index:
            continue
        entry, mine = ruling.entry, result.points_of(team)
        becomes = _plain(entry.becomes) if isinstance(entry, (AdjustPoints, AdjustValue)) else ""
        points = _plain(Fraction(repr(float(mine.at[name, "points"]))), 2) if name in mine.index else ""
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
                harmless(shown(entry.reason)),
                harmless(shown(entry.document)),
                harmless(entry.by),
                harmless("、".join(r.entry.by for r in ruling.seconds)),
                ruling.record.day,
            )
        )
    return pd.DataFrame(rows, columns=list(ADJUSTMENT_COLUMNS))


def computed_text(result: Assessment, entry, lang: str) -> str:
    """What was computed when the judgement was made."""
    points = translate("pages.review.points", lang, points=decimal_text(entry.seen.points, 2))
    if entry.seen.value is None:
        return f"{translate(f'pages.status.{entry.seen.status}', lang)} · {points}"
    return f"{_value(result, entry.indicator, entry.seen.value, lang)} · {points}"


def becomes_text(result: Assessment, entry, lang: str) -> str:
    """What it became."""
    if isinstance(entry, AdjustPoints):
        return translate("pages.review.points", lang, points=decimal_text(entry.becomes, 2))
    if isinstance(entry, AdjustValue):
        return _value(result, entry.indicator, entry.becomes, lang)
    return translate(f"pages.review.kind.{entry.kind}", lang)


def remark_words(result: Assessment, record, lang: str) -> str:
    """A remark in one line: number, what it is on, words, who, when."""
    entry = record.entry
    on = name_of(result, entry.indicator, lang) if entry.indicator else translate("site.remarks.all", lang)
    return translate(
        "pages.review.remark",
        lang,
        number=record.number,
        on=on,
        words=shown(entry.words),
        by=entry.by,
        day=entry.written[:10] or record.day,
        edition=entry.edition.split("-")[0] or "–",
    )


def name_of(result: Assessment, indicator: str, lang: str) -> str:
    """The name of an indicator; its id where the rules have it no longer."""
    return next((i.name[lang] for i in result.rubric.indicators() if i.id == indicator), indicator)


def signed_text(number: Fraction) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return sign + decimal_text(abs(number), 2)


def shown(text: str) -> str:
    """Words as they may be shown: in one line, numbers that name somebody hidden."""
    return scrubbed(" ".join(text.split()), prose=True)


def _plain(number: Fraction, digits: int | None = None) -> str:
    """A number in a file, without commas."""
    return decimal_text(number, digits).replace(",", "")


def _value(result: Assessment, indicator: str, value: Fraction, lang: str) -> str:
    rule = next((i for i in result.rubric.indicators() if i.id == indicator), None)
    return decimal_text(value) if rule is None else value_text(float(value), unit_of(rule), lang)
