"""What follows from the entries of a ledger: what holds now, for one year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assess_lib.ledger.entries import (
    JUDGEMENTS,
    Answer,
    Assign,
    InterestDeclaration,
    LedgerRecord,
    Objection,
    Remark,
    Reopen,
    SecondOpinion,
    SignOff,
    StageChange,
    Undo,
    Viewed,
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

    record: LedgerRecord
    seconds: tuple[LedgerRecord, ...] = ()

    @property
    def entry(self):
        return self.record.entry

    @property
    def awaits_second(self) -> bool:
        """Whether it takes a second reviewer and none has agreed yet; it is not applied until then."""
        return self.entry.needs_second and not self.seconds


@dataclass(frozen=True)
class Dispute:
    """An objection with what was answered."""

    record: LedgerRecord
    answers: tuple[LedgerRecord, ...] = ()

    @property
    def state(self) -> str:
        """received, accepted or rejected."""
        if not self.answers:
            return "received"
        return "accepted" if self.answers[-1].entry.accepted else "rejected"


@dataclass(frozen=True)
class StageNow:
    """The stage of a team: which, since when, until when. Every team begins in the first."""

    stage: str = "first"
    on: str = ""
    until: str = ""


class ReviewState:
    """What holds in a year.

    Parameters: ``records`` all entries of a ledger, in order.
    """

    def __init__(self, records: Iterable[LedgerRecord], year: int):
        self.year = year
        self.all = list(records)
        undone: set[int] = set()
        for record in reversed(self.all):
            if isinstance(record.entry, Undo) and record.number not in undone:
                undone.add(record.entry.refers_to)
        self.undone = frozenset(undone)
        self._holding = [record for record in self.all if record.number not in undone]

    def record(self, number: int) -> LedgerRecord | None:
        """An entry by its number."""
        return self.all[number - 1] if 1 <= number <= len(self.all) else None

    def of_team(self, team: str) -> list[LedgerRecord]:
        """All entries about a team in the year, undone ones too, in order."""
        return self._by_team.get(team, [])

    @cached_property
    def rulings(self) -> dict[Key, Ruling]:
        """The judgement that holds, by team and indicator: the last that was not undone."""
        seconds: dict[int, list[LedgerRecord]] = {}
        for record in self._of(SecondOpinion):
            seconds.setdefault(record.entry.refers_to, []).append(record)
        return {
            (record.entry.team, record.entry.indicator): Ruling(record, tuple(seconds.get(record.number, ())))
            for record in self._of(JUDGEMENTS)
        }

    @cached_property
    def stages(self) -> dict[str, StageNow]:
        """The stage of every team that was ever moved."""
        return {r.entry.team: StageNow(r.entry.stage, r.entry.on, r.entry.until) for r in self._of(StageChange)}

    def stage(self, team: str) -> StageNow:
        return self.stages.get(team, StageNow())

    @cached_property
    def disputes(self) -> list[Dispute]:
        """All objections, with their answers in order."""
        answers: dict[int, list[LedgerRecord]] = {}
        for record in self._of(Answer):
            answers.setdefault(record.entry.refers_to, []).append(record)
        return [Dispute(record, tuple(answers.get(record.number, ()))) for record in self._of(Objection)]

    @cached_property
    def assigned(self) -> dict[str, str]:
        """To whom each team is given."""
        return {team: record.entry.to for record in self._of(Assign) for team in record.entry.teams}

    @cached_property
    def interests(self) -> set[tuple[str, str]]:
        """Who declared an interest in which unit; it holds in every year."""
        return {(r.entry.by, r.entry.unit) for r in self._holding if isinstance(r.entry, InterestDeclaration)}

    @cached_property
    def looked(self) -> dict[str, set[str]]:
        """Who has looked at each team."""
        found: dict[str, set[str]] = {}
        for record in self._of(Viewed):
            found.setdefault(record.entry.team, set()).add(record.entry.by)
        return found

    @cached_property
    def signed_off(self) -> dict[str, LedgerRecord]:
        """The sign-off that freezes a team, where there is one."""
        frozen: dict[str, LedgerRecord] = {}
        for record in self._of((SignOff, Reopen)):
            if isinstance(record.entry, SignOff):
                frozen[record.entry.team] = record
            else:
                frozen.pop(record.entry.team, None)
        return frozen

    @cached_property
    def remarks(self) -> list[LedgerRecord]:
        return self._of(Remark)

    @cached_property
    def judged_by(self) -> dict[str, set[str]]:
        """Who made a judgement on each team while it was in the first stage."""
        found: dict[str, set[str]] = {}
        stage: dict[str, str] = {}
        for record in self._of((StageChange, *JUDGEMENTS)):
            entry = record.entry
            if isinstance(entry, StageChange):
                stage[entry.team] = entry.stage
            elif stage.get(entry.team, "first") == "first":
                found.setdefault(entry.team, set()).add(entry.by)
        return found

    def state(self, team: str) -> str:
        """How far the review of a team is: untouched, looked, adjusted, disputed or signed_off."""
        if team in self.signed_off:
            return SIGNED_OFF
        if team in self._open_disputes:
            return DISPUTED
        if team in self._judged:
            return ADJUSTED
        return LOOKED if team in self.looked else UNTOUCHED

    @cached_property
    def _open_disputes(self) -> set[str]:
        return {dispute.record.entry.team for dispute in self.disputes if dispute.state == "received"}

    @cached_property
    def _judged(self) -> set[str]:
        return {team for team, _ in self.rulings}

    @cached_property
    def _by_team(self) -> dict[str, list[LedgerRecord]]:
        found: dict[str, list[LedgerRecord]] = {}
        for record in self.all:
            if getattr(record.entry, "year", None) == self.year and getattr(record.entry, "team", ""):
                found.setdefault(record.entry.team, []).append(record)
        return found

    def _of(self, kinds) -> list[LedgerRecord]:
        """What holds of some kinds in the year."""
        return [r for r in self._holding if isinstance(r.entry, kinds) and r.entry.year == self.year]
