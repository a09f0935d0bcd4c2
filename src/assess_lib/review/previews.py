"""What an act would do, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import SecondOpinion, Undo
from assess_lib.ledger.policy import permit
from assess_lib.review.acts import ReviewSession

_OF_THE_ACT = ("review.by", "review.dates")  # faults that are no team's
_SOME_REASON = "to be given"


@dataclass(frozen=True)
class StageMoves:
    """What becomes of some teams when they are to enter a stage.

    ``moving`` are those that would, by the stage in which they are; ``signed_off`` those of them that are signed off and stay
    so; ``already`` are in the stage; ``refused`` may not enter it, each with the reason. ``on`` and ``until`` are its dates.
    """

    moving: dict[str, list[str]]
    signed_off: list[str]
    already: list[str]
    refused: dict[str, Fault]
    on: str
    until: str

    @property
    def teams(self) -> list[str]:
        """The teams that would move, in order."""
        return sorted(team for teams in self.moving.values() for team in teams)


def stage_moves(
    review: ReviewSession, teams: Sequence[str], stage: str, by: str, on: str | None = None, until: str = ""
) -> StageMoves:
    """What would become of some teams. Parameters as for ``move_to_stage``. Raises UnusableInput for name and dates."""
    review.refresh()
    state = review.review_state
    moving: dict[str, list[str]] = {}
    already: list[str] = []
    refused: dict[str, Fault] = {}
    changes = review.stage_changes(teams, stage, by, on, until, _SOME_REASON)
    for change in changes:
        now = state.stage(change.team).stage
        if now == stage:
            already.append(change.team)
            continue
        try:
            permit(change, state, None, review.limits)
        except UnusableInput as unusable:
            if of_the_act := [fault for fault in unusable.faults if fault.key in _OF_THE_ACT]:
                raise UnusableInput(of_the_act) from None
            refused[change.team] = unusable.faults[0]
        else:
            moving.setdefault(now, []).append(change.team)
    signed = [team for team in teams if team in state.signed_off and not (team in already or team in refused)]
    dates = (changes[0].on, changes[0].until) if changes else ("", "")
    return StageMoves(moving, signed, already, refused, *dates)


def effect_of_undo(review: ReviewSession, number: int) -> Fraction:
    """What the total of a team would gain if an entry held no longer."""
    return review.effect_of(review.of_entry(Undo, number, _SOME_REASON))


def effect_of_second(review: ReviewSession, number: int) -> Fraction:
    """What the total of a team would gain if a second reviewer agreed to an entry."""
    return review.effect_of(review.of_entry(SecondOpinion, number, _SOME_REASON))
