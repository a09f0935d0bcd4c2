"""The review of a year's assessment: every act of an evaluator is checked, written, and takes effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import ValidationError

from assess_lib.api import Aside, load_years
from assess_lib.exact import exact
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import (
    AdjustPoints,
    AdjustValue,
    Answer,
    AnyRecord,
    Assign,
    Confirm,
    Entry,
    Exclude,
    InterestDeclaration,
    Judgement,
    JudgementBasis,
    LedgerRecord,
    Objection,
    Remark,
    Reopen,
    SecondOpinion,
    SignOff,
    StageChange,
    TeamEntry,
    Undo,
    Viewed,
    team_of,
)
from assess_lib.ledger.policy import Case, Limits, permit, takes_second
from assess_lib.ledger.state import STATES, ReviewState
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.progress import Tell, silent
from assess_lib.resources import data_folder
from assess_lib.review.activity import today
from assess_lib.rules.rubric import Indicator
from assess_lib.scorecard.overview import unknown_team
from assess_lib.scorecard.wording import unit_of
from assess_lib.scoring.adjustments import basis_of
from assess_lib.scoring.assessment import Assessment, with_reviews
from assess_lib.tables.parsing import Form, parse

VALUE_RANGES = {
    "share": (0, 1),
    "yes_no": (0, 1),
    "days": (0, 366),
    "times": (0, None),
    "items": (0, None),
    "count": (0, None),
}
JUDGEMENT_KINDS: dict[str, type[Judgement]] = {
    "value": AdjustValue,
    "points": AdjustPoints,
    "exclude": Exclude,
    "confirm": Confirm,
}
E = TypeVar("E")
T = TypeVar("T", bound=TeamEntry)


class ReviewSession:
    """A year under review.

    Parameters: ``computed`` the assessment, ``ledger`` where entries are kept, ``before`` last year's assessment.
    ``result`` is the assessment with the judgements in force; ``review_state`` the state that follows from all entries.
    """

    def __init__(self, computed: Assessment, ledger: Ledger, before: Assessment | None = None):
        self.computed, self.ledger, self.before = replace(computed.as_computed, review_state=None), ledger, before
        self.rubric, self.year = computed.rubric, computed.year
        self._found = self.computed.figures
        self.limits = Limits(self.rubric.review.second_over, self.rubric.review.independent_audit)
        self._data = self.computed.data.fingerprint  # found once: it takes seconds for thousands of teams
        self._count = -1
        self.refresh()

    def refresh(self) -> bool:
        """Take in the entries of others. Returns whether there were any."""
        records = self.ledger.entries()
        if len(records) == self._count:
            return False
        self._count = len(records)
        self.review_state = ReviewState(records, self.year)
        self.result = with_reviews(self.computed, self.review_state)
        return True

    def judge(
        self,
        kind: str,
        team: str,
        indicator: str,
        by: str,
        reason: str,
        becomes: object = None,
        document: str = "",
        newest: int | None = None,
    ) -> AnyRecord:
        """Adjust the ``value`` or ``points`` of an indicator, ``exclude`` or ``confirm`` it.

        Parameters: ``becomes`` the new value (shares as 0–1) or points; ``newest`` the last entry that the reviewer had
        seen. Raises UnusableInput with a fault for every rule that it breaks; nothing is written then.
        """
        self.refresh()
        case = self.case(team, indicator)
        given: dict[str, Any] = {"by": by, "year": self.year, "team": team, "unit": self.unit_of(team)}
        given |= {"indicator": indicator, "reason": reason, "document": document}
        given["seen"] = self._seen(team, indicator, case)
        if kind in ("value", "points"):
            given["becomes"] = _typed(becomes, kind == "value" and unit_of(self._indicator(indicator)) == "share")
        entry = _made(JUDGEMENT_KINDS[kind], given)
        permit(entry, self.review_state, case, self.limits, newest)
        entry = entry.model_copy(update={"effect": self.effect_of(entry)})
        entry = entry.model_copy(update={"needs_second": takes_second(entry, self.review_state, self.limits)})
        return self._write([entry], case, newest)[0]

    def undo(self, number: int, by: str, reason: str) -> AnyRecord:
        """Let an entry hold no longer. Raises UnusableInput."""
        return self._write([self.of_entry(Undo, number, reason, by)])[0]

    def second(self, number: int, by: str, reason: str = "") -> AnyRecord:
        """Agree to an entry as second reviewer. Raises UnusableInput."""
        return self._write([self.of_entry(SecondOpinion, number, reason, by)])[0]

    def of_entry(self, kind: type[E], number: int, reason: str, by: str | None = None) -> E:
        """An undo or a second opinion on an entry, to be written, or to see what it would do: then by its own author."""
        team = self._team_of(number)
        if by is None:
            record = self.review_state.record(number)
            by = record.entry.by if record else ""
        given = {"by": by, "year": self.year, "team": team, "unit": self.unit_of(team) if team else ""}
        return _made(kind, given | {"refers_to": number, "reason": reason})

    def sign_off(self, team: str, by: str, reason: str = "") -> AnyRecord:
        """Freeze a team. Raises UnusableInput, also while an adjustment waits for its second reviewer."""
        self.refresh()
        waiting = [r for (t, _), r in self.review_state.rulings.items() if t == team and r.awaits_second]
        if waiting:
            raise UnusableInput([Fault("review.waiting", value=team, details={"count": len(waiting)})])
        return self._write([self._of_team(SignOff, team, by, reason=reason)])[0]

    def reopen(self, team: str, by: str, reason: str) -> AnyRecord:
        """Let the sign-off of a team hold no longer."""
        return self._write([self._of_team(Reopen, team, by, reason=reason)])[0]

    def move_to_stage(
        self, teams: Sequence[str], stage: str, by: str, on: str | None = None, until: str = "", reason: str = ""
    ) -> list[AnyRecord]:
        """Move teams to a stage, all or none; replies are due after the days that the rubric gives.

        Parameters: ``on`` and ``until`` ISO dates, today when not given.
        """
        return self._write(self.stage_changes(teams, stage, by, on, until, reason))

    def stage_changes(
        self, teams: Sequence[str], stage: str, by: str, on: str | None = None, until: str = "", reason: str = ""
    ) -> list[StageChange]:
        """The entries by which teams enter a stage."""
        on = on or today()
        if stage == "reply" and not until:
            until = _days_after(on, self.rubric.review.reply_days)
        given = {"stage": stage, "on": on, "until": until, "reason": reason}
        return [self._of_team(StageChange, team, by, **given) for team in teams]

    def object(self, team: str, indicator: str, by: str, words: str, document: str = "", form: str = "") -> AnyRecord:
        """Put an objection of the team or its unit on record."""
        return self._write([self.objection(team, indicator, by, words, document, form)])[0]

    def objection(
        self, team: str, indicator: str, by: str, words: str, document: str = "", form: str = ""
    ) -> Objection:
        """An objection, to be put on record with others."""
        self._indicator(indicator)
        return self._of_team(Objection, team, by, indicator=indicator, words=words, document=document, form=form)

    def record_all(self, entries: Sequence[Entry]) -> list[AnyRecord]:
        """Write several entries, all or none, each by the rules."""
        return self._write(entries)

    def answer(self, number: int, accepted: bool, by: str, reason: str, due: str = "") -> AnyRecord:
        """Accept or reject an objection."""
        team = self._team_of(number)
        return self._write(
            [self._of_team(Answer, team, by, refers_to=number, accepted=accepted, reason=reason, due=due)]
        )[0]

    def assign(self, teams: Iterable[str], to: str, by: str) -> AnyRecord:
        """Give teams to an evaluator."""
        teams = list(teams)
        for team in teams:
            self._known(team)
        return self._write([_made(Assign, {"by": by, "year": self.year, "teams": teams, "to": to})])[0]

    def assign_county(self, county: str, to: str, by: str) -> AnyRecord:
        """Give all teams of a county to an evaluator."""
        scores = self.result.scores
        return self.assign(scores.index[scores["county"] == county], to, by)

    def declare_interest(self, by: str, unit: str, reason: str = "") -> AnyRecord:
        """Declare an interest in a unit."""
        units = self.computed.data.tables["units"]["unit_id"]
        if unit not in set(units):
            raise UnusableInput([Fault("review.unknown_unit", value=unit)])
        return self._write([_made(InterestDeclaration, {"by": by, "unit": unit, "reason": reason})])[0]

    def mark_viewed(self, team: str, by: str) -> None:
        """Note that a person has looked at a team, once a day."""
        entry = self._of_team(Viewed, team, by)
        seen = (r for r in self.review_state.of_team(team) if isinstance(r.entry, Viewed) and r.entry.by == entry.by)
        if today() not in {record.day for record in seen}:
            self._write([entry])

    def remark_of(
        self, team: str, by: str, words: str, indicator: str = "", edition: str = "", written: str = ""
    ) -> Remark:
        """A remark, to be put on record with others."""
        if indicator:
            self._indicator(indicator)
        return self._of_team(Remark, team, by, words=words, indicator=indicator, edition=edition, written=written)

    def newest_of(self, team: str) -> int:
        """The number of the last entry about a team, looks at it aside, 0 for none."""
        entries = (r.number for r in self.review_state.of_team(team) if not isinstance(r.entry, Viewed))
        return max(entries, default=0)

    def unit_of(self, team: str) -> str:
        """The id of the unit that dispatched a team, blank where not known. Raises UnusableInput for an unknown team."""
        self._known(team)
        unit = self.computed.data.teams().at[team, "unit_id"]
        return "" if pd.isna(unit) else str(unit)

    def case(self, team: str, indicator: str) -> Case:
        """The present figures of an indicator of a team, and the bounds of a judgement on it."""
        rule = self._indicator(indicator)
        self._known(team)
        row, of = self.result.points_of(team).loc[indicator], self._found.rows[team]
        full, score = rule.for_team(of)
        computed = self.computed.points_of(team).loc[indicator]
        weight = self._weight(full, row)
        scale, least = weight / full if full else Fraction(1), score.least(full)
        value = self._found.value_of(team, indicator)
        low, high = VALUE_RANGES.get(unit_of(rule), (None, None))
        return Case(
            points=exact(round(float(row["points"]), 2)),
            value=value,
            status=str(row["status"]),
            basis=basis_of(self.rubric, self._found, team, indicator),
            least=None if least is None else least * scale,
            most=score.most(full) * scale,
            step=self.rubric.step,
            counts=computed["reason"] != "condition",
            parts=bool(score.item_ids),
            value_range=(None if low is None else Fraction(low), None if high is None else Fraction(high)),
        )

    def effect_of(self, entry: Judgement | SecondOpinion | Undo) -> Fraction:
        """The points that an entry adds to the total of its team."""
        records = [*self.review_state.all, LedgerRecord[Entry](len(self.review_state.all) + 1, "", entry)]
        after = with_reviews(self.computed, ReviewState(records, self.year))
        totals = [result.scores.at[entry.team, "total"] for result in (after, self.result)]
        return exact(round(float(totals[0] - totals[1]), 2))

    def progress(self) -> pd.DataFrame:
        """The progress of every team (index team_id): name, county, assigned, stage, state, waiting adjustments."""
        teams, review_state = self.result.scores.index, self.review_state
        waiting: dict[str, int] = {}
        for (team, _), ruling in review_state.rulings.items():
            waiting[team] = waiting.get(team, 0) + ruling.awaits_second
        names = self.computed.data.teams()
        return pd.DataFrame(
            {
                "name": names["name"].reindex(teams),
                "county": names["county"].reindex(teams).fillna(""),
                "assigned": [review_state.assigned.get(team, "") for team in teams],
                "stage": [review_state.stage(team).stage for team in teams],
                "state": pd.Categorical([review_state.state(team) for team in teams], categories=STATES),
                "waiting": [waiting.get(team, 0) for team in teams],
            },
            index=teams,
        )

    def progress_by(self, column: str) -> pd.DataFrame:
        """Number of teams by state (columns) and by ``county`` or ``assigned`` (index)."""
        board = self.progress()
        return pd.crosstab(board[column], board["state"], dropna=False).reindex(columns=STATES, fill_value=0)

    def _weight(self, full: Fraction, row: pd.Series) -> Fraction:
        weight = exact(round(float(row["weight"]), 2))
        return weight if weight or not full else full

    def _seen(self, team: str, indicator: str, case: Case) -> JudgementBasis:
        row = self.computed.points_of(team).loc[indicator]
        full, _ = self._indicator(indicator).for_team(self._found.rows[team])
        weight = self._weight(full, self.result.points_of(team).loc[indicator])
        return JudgementBasis(
            points=exact(round(float(row["points"]), 2)),
            value=case.value,
            weight=weight,
            status=str(row["status"]),
            basis=case.basis,
            rubric=self.rubric.fingerprint,
            data=self._data,
        )

    def _team_of(self, number: int) -> str:
        """The team of the entry with a number, blank where there is no such entry or it is about none."""
        self.refresh()
        target = self.review_state.record(number)
        return team_of(target.entry) if target else ""

    def _of_team(self, kind: type[T], team: str, by: str, **given: Any) -> T:
        return _made(kind, {"by": by, "year": self.year, "team": team, "unit": self.unit_of(team), **given})

    def _write(self, entries: Sequence[Entry], case: Case | None = None, newest: int | None = None) -> list[AnyRecord]:
        """Check entries against the state at that moment, write them, and let them take effect."""

        def allowed(records: list[AnyRecord]) -> None:
            review_state = ReviewState(records, self.year)
            for entry in entries:
                permit(entry, review_state, case, self.limits, newest)

        written = self.ledger.append(entries, allowed)
        self.refresh()
        return written

    def _known(self, team: str) -> None:
        if fault := unknown_team(team, self.computed.scores.index):
            raise UnusableInput([fault])

    def _indicator(self, name: str) -> Indicator:
        try:
            return self.rubric.indicator(name)
        except KeyError:
            raise UnusableInput([Fault("review.unknown_indicator", value=name)]) from None


def open_review(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    aside: Aside | None = None,
    tell: Tell = silent,
) -> ReviewSession:
    """A year under review, with the ledger of its data folder. Parameters as for ``load_years``."""
    now, before = load_years(data, year, rubric, aside, tell)
    tell("review")
    return ReviewSession(now, Ledger(ledger_path(data_folder(data))), before)


def _days_after(day: str, count: int) -> str:
    """The day some days later; blank for text that is no date, which is refused later."""
    try:
        return (date.fromisoformat(day) + timedelta(days=count)).isoformat()
    except ValueError:
        return ""


def _typed(text: object, percent: bool) -> Fraction:
    """The number that a person typed, read like a cell of a table; with ``percent`` also one with a percent sign."""
    values, unreadable = parse(pd.Series([str(text)]), Form("number", percent=0.01 if percent else None))
    if unreadable.any() or values.isna().any():
        raise UnusableInput([Fault("review.number", value=str(text))])
    return exact(values.iloc[0])


def _made(kind: type[E], given: dict[str, Any]) -> E:
    """An entry of a kind. Raises UnusableInput with the first field that is wrong."""
    try:
        return kind(**given)
    except ValidationError as invalid:
        error = invalid.errors()[0]
        field = str(error["loc"][0]) if error["loc"] else ""
        raise UnusableInput(
            [Fault(_WRONG.get(field, "review.field"), value=str(given.get(field, ""))[:60], details={"field": field})]
        ) from None


_WRONG = {
    "by": "review.by",
    "to": "review.by",
    "reason": "review.reason",
    "words": "review.words",
    "teams": "review.no_teams",
    "on": "review.date",
    "until": "review.date",
    "due": "review.date",
}
