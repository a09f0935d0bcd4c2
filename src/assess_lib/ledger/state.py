"""The state of the review of a year that follows from the entries of a ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from assess_lib.ledger.entries import (
    JUDGEMENTS,
    Answer,
    AnyRecord,
    Assign,
    E_co,
    InterestDeclaration,
    Judgement,
    LedgerRecord,
    Objection,
    Remark,
    Reopen,
    SecondOpinion,
    SignOff,
    Stage,
    StageChange,
    Undo,
    Viewed,
    team_of,
)

Key = tuple[str, str]
UNTOUCHED, LOOKED, ADJUSTED, DISPUTED, SIGNED_OFF = STATES = (
    "untouched",
    "looked",
    "adjusted",
    "disputed",
    "signed_off",
)


@dataclass(frozen=True)
class Ruling:
    """The judgement that holds on an indicator of a team, and who agreed to it."""

    record: LedgerRecord[Judgement]
    seconds: tuple[LedgerRecord[SecondOpinion], ...] = ()

    @property
    def entry(self) -> Judgement:
        """The judgement itself."""
        return self.record.entry

    @property
    def awaits_second(self) -> bool:
        """True while it takes a second reviewer and none has agreed; it is not applied until then."""
        return self.entry.needs_second and not self.seconds


@dataclass(frozen=True)
class Dispute:
    """An objection with its answers, in order."""

    record: LedgerRecord[Objection]
    answers: tuple[LedgerRecord[Answer], ...] = ()

    @property
    def state(self) -> str:
        """``received``, ``accepted`` or ``rejected``, by the last answer."""
        if not self.answers:
            return "received"
        return "accepted" if self.answers[-1].entry.accepted else "rejected"


@dataclass(frozen=True)
class StageNow:
    """The stage of a team: which, since when, until when. Every team begins in the first."""

    stage: Stage = "first"
    on: str = ""
    until: str = ""


class ReviewState:
    """The state of the review of a year.

    Parameters: ``records`` all entries of a ledger, in order. ``undone`` are the numbers of those that hold no longer.
    """

    def __init__(self, records: Iterable[AnyRecord], year: int):
        self.year = year
        self.all = list(records)
        undone: set[int] = set()
        for record in reversed(self.all):
            if isinstance(record.entry, Undo) and record.number not in undone:
                undone.add(record.entry.refers_to)
        self.undone = frozenset(undone)
        self._in_force = [record for record in self.all if record.number not in undone]

    def record(self, number: int) -> AnyRecord | None:
        """An entry by its number; None where the ledger has none."""
        return self.all[number - 1] if 1 <= number <= len(self.all) else None

    def of_team(self, team: str) -> list[AnyRecord]:
        """All entries about a team in the year, undone ones too, in order."""
        return self._by_team.get(team, [])

    @cached_property
    def rulings(self) -> dict[Key, Ruling]:
        """The judgement that holds, by team and indicator: the last that was not undone."""
        seconds: dict[int, list[LedgerRecord[SecondOpinion]]] = {}
        for record in self._of(SecondOpinion):
            seconds.setdefault(record.entry.refers_to, []).append(record)
        judgements: list[LedgerRecord[Judgement]] = self._of(*JUDGEMENTS)
        return {
            (record.entry.team, record.entry.indicator): Ruling(record, tuple(seconds.get(record.number, ())))
            for record in judgements
        }

    @cached_property
    def stages(self) -> dict[str, StageNow]:
        """The stage of every team that was ever moved."""
        return {r.entry.team: StageNow(r.entry.stage, r.entry.on, r.entry.until) for r in self._of(StageChange)}

    def stage(self, team: str) -> StageNow:
        """The stage that a team is in."""
        return self.stages.get(team, StageNow())

    @cached_property
    def disputes(self) -> list[Dispute]:
        """All objections, with their answers in order."""
        answers: dict[int, list[LedgerRecord[Answer]]] = {}
        for record in self._of(Answer):
            answers.setdefault(record.entry.refers_to, []).append(record)
        return [Dispute(record, tuple(answers.get(record.number, ()))) for record in self._of(Objection)]

    @cached_property
    def assigned(self) -> dict[str, str]:
        """The evaluator to whom each team is given."""
        return {team: record.entry.to for record in self._of(Assign) for team in record.entry.teams}

    @cached_property
    def interests(self) -> set[tuple[str, str]]:
        """Persons with the units in which they declared an interest; it holds in every year."""
        return {(r.entry.by, r.entry.unit) for r in self._in_force if isinstance(r.entry, InterestDeclaration)}

    @cached_property
    def viewed_by(self) -> dict[str, set[str]]:
        """The persons who have looked at each team."""
        viewers: dict[str, set[str]] = {}
        for record in self._of(Viewed):
            viewers.setdefault(record.entry.team, set()).add(record.entry.by)
        return viewers

    @cached_property
    def signed_off(self) -> dict[str, LedgerRecord[SignOff | Reopen]]:
        """The sign-off that freezes a team, where there is one."""
        frozen: dict[str, LedgerRecord[SignOff | Reopen]] = {}
        either: list[LedgerRecord[SignOff | Reopen]] = self._of(SignOff, Reopen)
        for record in either:
            if isinstance(record.entry, SignOff):
                frozen[record.entry.team] = record
            else:
                frozen.pop(record.entry.team, None)
        return frozen

    @cached_property
    def remarks(self) -> list[LedgerRecord[Remark]]:
        """All remarks, in order."""
        return self._of(Remark)

    @cached_property
    def judged_by(self) -> dict[str, set[str]]:
        """The persons who made a judgement on each team while it was in the first stage."""
        judges: dict[str, set[str]] = {}
        stage: dict[str, str] = {}
        both: list[LedgerRecord[StageChange | Judgement]] = self._of(StageChange, *JUDGEMENTS)
        for record in both:
            entry = record.entry
            if isinstance(entry, StageChange):
                stage[entry.team] = entry.stage
            elif stage.get(entry.team, "first") == "first":
                judges.setdefault(entry.team, set()).add(entry.by)
        return judges

    def state(self, team: str) -> str:
        """The progress of a team, one of ``STATES``."""
        if team in self.signed_off:
            return SIGNED_OFF
        if team in self._open_disputes:
            return DISPUTED
        if team in self._judged:
            return ADJUSTED
        return LOOKED if team in self.viewed_by else UNTOUCHED

    @cached_property
    def _open_disputes(self) -> set[str]:
        return {dispute.record.entry.team for dispute in self.disputes if dispute.state == "received"}

    @cached_property
    def _judged(self) -> set[str]:
        return {team for team, _ in self.rulings}

    @cached_property
    def _by_team(self) -> dict[str, list[AnyRecord]]:
        records: dict[str, list[AnyRecord]] = {}
        for record in self.all:
            if (team := team_of(record.entry)) and getattr(record.entry, "year", None) == self.year:
                records.setdefault(team, []).append(record)
        return records

    def _of(self, *kinds: type[E_co]) -> list[LedgerRecord[E_co]]:
        """The entries of some kinds that hold in the year."""
        return [
            cast(LedgerRecord[E_co], record)
            for record in self._in_force
            if isinstance(record.entry, kinds) and getattr(record.entry, "year", None) == self.year
        ]
