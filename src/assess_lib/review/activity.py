"""Who worked on which team, and when, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from assess_lib.ledger.entries import JUDGEMENTS, AnyRecord, Objection, Remark, Viewed, team_of
from assess_lib.ledger.state import ReviewState
from assess_lib.tables.masking import NO_PEOPLE

_CLOCK = timezone(timedelta(hours=8))  # of the entries


@dataclass(frozen=True)
class Work:
    """The work of a person on a team: when it was last, and on how many indicators a judgement was made.

    ``by`` is the name by which they sign, without numbers.
    """

    by: str
    at: str
    judged: int = 0

    @property
    def time(self) -> str:
        """Hour and minute."""
        return self.at[11:16]

    @property
    def moment(self) -> str:
        """Day of the year, hour and minute."""
        return self.at[5:16].replace("T", " ")


def today() -> str:
    """The day by the clock of the ledger, as an ISO date."""
    return datetime.now(_CLOCK).date().isoformat()


def work_of_others(state: ReviewState, team: str, by: str, day: str) -> list[Work]:
    """What others did to a team on a day, or saw of it, the last first."""
    found: dict[str, tuple[str, set[str]]] = {}
    for record in state.of_team(team):
        entry = record.entry
        if record.day != day or entry.by == by or isinstance(entry, (Remark, Objection)):
            continue
        _, judged = found.get(entry.by, ("", set()))
        found[entry.by] = (record.at, judged | ({entry.indicator} if isinstance(entry, JUDGEMENTS) else set()))
    works = [Work(NO_PEOPLE.text(name), at, len(judged)) for name, (at, judged) in found.items()]
    return sorted(works, key=lambda work: work.at, reverse=True)


def last_seen(state: ReviewState) -> dict[str, Work]:
    """Who looked at each team last."""
    return _last(_of_year(state, (Viewed,)))


def last_judged(state: ReviewState) -> dict[str, Work]:
    """Who made the last judgement on each team that was not undone."""
    return _last(record for record in _of_year(state, JUDGEMENTS) if record.number not in state.undone)


def _last(records: Iterable[AnyRecord]) -> dict[str, Work]:
    last = {team_of(record.entry): record for record in records}
    return {team: Work(NO_PEOPLE.text(record.entry.by), record.at) for team, record in last.items()}


def _of_year(state: ReviewState, kinds: tuple[type, ...]) -> Iterator[AnyRecord]:
    return (r for r in state.all if isinstance(r.entry, kinds) and getattr(r.entry, "year", None) == state.year)
