"""The rules of the review, each a small function with its own refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from assess_lib.characters import has_letter
from assess_lib.exact import decimal_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import (
    JUDGEMENTS,
    STAGES,
    AdjustPoints,
    AdjustValue,
    Answer,
    Assign,
    Confirm,
    Entry,
    Exclude,
    Judgement,
    Objection,
    Remark,
    Reopen,
    SecondOpinion,
    SignOff,
    StageChange,
    Undo,
    Viewed,
    team_of,
)
from assess_lib.ledger.state import ReviewState

# The entries that a stage allows besides remarks and views. Who judges in the audit is not who judged before.
ALLOWED: dict[str, tuple[type[Entry], ...]] = {
    "first": (*JUDGEMENTS, SecondOpinion, Undo, SignOff, Reopen, StageChange),
    "reply": (Objection, Undo, Reopen, StageChange),
    "audit": (*JUDGEMENTS, SecondOpinion, Undo, Answer, SignOff, Reopen, StageChange),
    "final": (Reopen, StageChange),
}
_NOT_NOW = {
    "first": "review.stage_first",
    "reply": "review.stage_reply",
    "audit": "review.stage_audit",
    "final": "review.stage_final",
}
LEAST_REASON = 4
MOST_DIGITS = 4  # of a name: enough for two of one name, too few for a phone


@dataclass(frozen=True)
class Case:
    """The present figures of an indicator of a team, and the bounds of a judgement on it.

    ``points`` with the weight in force; ``least`` and ``most`` the bounds of the score kind at that weight;
    ``parts``: the value is made of parts and cannot be set as one; ``counts``: whether it applies at all.
    """

    points: Fraction
    value: Fraction | None
    status: str
    basis: str
    least: Fraction | None
    most: Fraction
    step: Fraction
    counts: bool = True
    parts: bool = False
    value_range: tuple[Fraction | None, Fraction | None] = (None, None)


@dataclass(frozen=True)
class Limits:
    """The rules of the rubric on the review.

    ``second_over`` the change of a total that takes a second reviewer, None for no limit; ``independent_audit`` whether
    the audit is for those who did not judge before.
    """

    second_over: Fraction | None = None
    independent_audit: bool = True


def permit(
    entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits, newest: int | None = None
) -> None:
    """Let an entry pass, or raise UnusableInput with a fault for every rule that it breaks.

    Parameters: ``review_state`` when it is written; ``case`` for a judgement; ``newest`` the number of the
    last entry about the team that its author had seen, None where that does not matter.
    """
    faults = [fault for rule in _RULES if (fault := rule(entry, review_state, case, limits))]
    team = team_of(entry)
    later = [
        r
        for r in review_state.of_team(team)
        if newest is not None and r.number > newest and not isinstance(r.entry, Viewed)
    ]
    if later:
        last = later[-1]
        details = {"by": last.entry.by, "at": last.at[:16].replace("T", " ")}
        faults.append(Fault("review.newer", value=team, details=details))
    if faults:
        raise UnusableInput(faults)


def takes_second(entry: Judgement, review_state: ReviewState, limits: Limits) -> bool:
    """True if the change of a team's total by single evaluators, this entry included, is over the limit."""
    if limits.second_over is None or isinstance(entry, Confirm):
        return False
    alone = sum(
        (
            ruling.entry.effect
            for (team, name), ruling in review_state.rulings.items()
            if team == entry.team and name != entry.indicator and not ruling.seconds and not ruling.awaits_second
        ),
        Fraction(0),
    )
    return abs(entry.effect) > limits.second_over or abs(alone + entry.effect) > limits.second_over


def _frozen(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    team = team_of(entry)
    if team in review_state.signed_off and not isinstance(
        entry, (Reopen, Viewed, Remark, StageChange, Objection, Answer)
    ):
        signed = review_state.signed_off[team]
        return Fault("review.signed_off", value=team, details={"by": signed.entry.by, "on": signed.day})
    if isinstance(entry, Reopen) and team not in review_state.signed_off:
        return Fault("review.not_signed_off", value=team)
    return None


def _stage(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    team = team_of(entry)
    if not team or isinstance(entry, (Viewed, Remark)):
        return None
    now = review_state.stage(team).stage
    if not isinstance(entry, ALLOWED[now]):
        return Fault(_NOT_NOW[now], value=team)
    if isinstance(entry, StageChange):
        place, wanted = STAGES.index(now), STAGES.index(entry.stage)
        if wanted > place + 1 or wanted == place:
            return Fault("review.stage_order", value=entry.stage)
        if wanted < place and len(entry.reason) < LEAST_REASON:
            return Fault("review.reason", value=entry.reason)
        if entry.until and entry.until < entry.on:
            return Fault("review.dates", value=entry.until)
        if entry.stage == "final" and any(
            dispute.record.entry.team == team and dispute.state == "received" for dispute in review_state.disputes
        ):
            return Fault("review.open_objection", value=team)
    return None


def _whose(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    if not isinstance(entry, (AdjustValue, AdjustPoints, Exclude, Confirm, SignOff)):
        return None
    now, given = review_state.stage(entry.team).stage, review_state.assigned.get(entry.team)
    if now == "first" and given and given != entry.by:
        return Fault("review.assigned", value=entry.by, details={"to": given})
    if now == "audit" and limits.independent_audit and entry.by in review_state.judged_by.get(entry.team, ()):
        return Fault("review.same_auditor", value=entry.by)
    return None


def _interest(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    if not isinstance(entry, (AdjustValue, AdjustPoints, Exclude, Confirm, SecondOpinion, Answer, SignOff, Undo)):
        return None
    if (entry.by, entry.unit) in review_state.interests:
        return Fault("review.interest", value=entry.by, details={"unit": entry.unit})
    return None


def _signed(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    """What signs an entry, or is given teams, is the name of a person: letters, and no number of theirs."""
    for name in (entry.by, *([entry.to] if isinstance(entry, Assign) else [])):
        if not has_letter(name) or sum(c.isdigit() for c in name) > MOST_DIGITS:
            return Fault("review.by", value=name)
    return None


def _reason(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    if not isinstance(entry, (AdjustValue, AdjustPoints, Exclude, Confirm, Undo, Reopen, Answer)):
        return None
    said = len(entry.reason) >= LEAST_REASON and has_letter(entry.reason)
    return None if said else Fault("review.reason", value=entry.reason)


def _changes(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    """A judgement is on the present figures, changes something, and keeps within bounds."""
    if not isinstance(entry, (AdjustValue, AdjustPoints, Exclude, Confirm)):
        return None
    if case is None:
        raise ValueError("a judgement is checked against its case")
    if entry.seen.basis != case.basis:
        return Fault("review.recomputed", value=entry.indicator)
    if not case.counts and not isinstance(entry, Confirm):
        return Fault("review.condition", value=entry.indicator)
    if isinstance(entry, Confirm):
        return None
    ruling = review_state.rulings.get((entry.team, entry.indicator))
    if _unchanged(entry, ruling.entry if ruling else None, case):
        return Fault("review.unchanged", value=_shown(entry))
    if isinstance(entry, AdjustPoints):
        if (entry.becomes / case.step).denominator != 1:
            return Fault("review.step", value=_shown(entry), details={"step": decimal_text(case.step)})
        if entry.becomes > case.most or (case.least is not None and entry.becomes < case.least):
            least = "–∞" if case.least is None else decimal_text(case.least, 2)
            return Fault(
                "review.bounds", value=_shown(entry), details={"least": least, "most": decimal_text(case.most, 2)}
            )
    if isinstance(entry, AdjustValue):
        if case.parts:
            return Fault("review.parts", value=entry.indicator)
        low, high = case.value_range
        if (low is not None and entry.becomes < low) or (high is not None and entry.becomes > high):
            ends = ["–∞" if low is None else decimal_text(low), "∞" if high is None else decimal_text(high)]
            return Fault("review.bounds", value=_shown(entry), details=dict(zip(("least", "most"), ends)))
    return None


def _unchanged(entry: AdjustValue | AdjustPoints | Exclude, earlier: Judgement | None, case: Case) -> bool:
    """True if a judgement repeats the earlier judgement on the same figures, or the computed result."""
    if type(earlier) is type(entry) and earlier.seen.basis == case.basis:
        return isinstance(entry, Exclude) or entry.becomes == getattr(earlier, "becomes", None)
    if isinstance(entry, Exclude):
        return case.status == "not_applicable"
    if isinstance(entry, AdjustPoints):
        return case.status == "measured" and entry.becomes == case.points
    return entry.becomes == case.value


def _refers(entry: Entry, review_state: ReviewState, case: Case | None, limits: Limits) -> Fault | None:
    if not isinstance(entry, (Undo, SecondOpinion, Answer)):
        return None
    target = review_state.record(entry.refers_to)
    if (
        target is None
        or getattr(target.entry, "year", review_state.year) != entry.year
        or target.number in review_state.undone
    ):
        return Fault("review.no_entry", value=str(entry.refers_to))
    if team_of(target.entry) not in ("", entry.team):
        return Fault("review.no_entry", value=str(entry.refers_to))
    if isinstance(entry, SecondOpinion):
        ruling = next((r for r in review_state.rulings.values() if r.record.number == target.number), None)
        if ruling is None or not ruling.awaits_second:
            return Fault("review.nothing_to_second", value=str(entry.refers_to))
        if target.entry.by == entry.by:
            return Fault("review.same_reviewer", value=entry.by)
    if isinstance(entry, Answer) and not isinstance(target.entry, Objection):
        return Fault("review.no_entry", value=str(entry.refers_to))
    if isinstance(entry, Undo) and isinstance(target.entry, (Objection, Answer, StageChange, SignOff, Reopen)):
        return Fault("review.not_undone", value=str(entry.refers_to))
    return None


def _shown(entry: Judgement) -> str:
    return decimal_text(entry.becomes) if isinstance(entry, (AdjustPoints, AdjustValue)) else entry.indicator


Rule = Callable[[Entry, ReviewState, Case | None, Limits], Fault | None]
_RULES: tuple[Rule, ...] = (_signed, _frozen, _stage, _whose, _interest, _reason, _changes, _refers)
