"""The kinds of entries in the review ledger; an entry is never changed once written.

Names, reasons and references are plain text; numbers are decimal or fraction text, so that an entry
reads the same everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, TypeAdapter

from assess_lib.characters import legible

STAGES = ("first", "reply", "audit", "final")
Stage = Literal["first", "reply", "audit", "final"]
_NUMBER = re.compile(r"-?[0-9]{1,400}(/0*[1-9][0-9]{0,399}|(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,2})?)")
_CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def plain_name(text: str) -> str:
    """A person's name in one spelling, without full-width forms, blanks between Chinese characters, and characters
    that nobody sees."""
    return _CHINESE_GAP.sub("", " ".join(unicodedata.normalize("NFKC", legible(str(text))).split()))


def _plain_words(text: str) -> str:
    """The text without characters that nobody sees, or that steer a terminal or turn the direction of text."""
    shown = unicodedata.normalize("NFC", legible(text))
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in shown).strip()


def _day(text: str) -> str:
    """An ISO date that exists. Raises ValueError."""
    return date.fromisoformat(text).isoformat()


def _number(value: object) -> Fraction:
    """The number of a text. Raises ValueError, also for exponents and lengths that would never come to an end."""
    if isinstance(value, Fraction):
        return value
    if not _NUMBER.fullmatch(text := str(value)):
        raise ValueError(text[:40])
    return Fraction(text)


Name = Annotated[str, AfterValidator(plain_name), Field(min_length=1, max_length=60)]
Words = Annotated[str, BeforeValidator(_plain_words), Field(min_length=1, max_length=2000)]
Maybe = Annotated[str, BeforeValidator(_plain_words), Field(max_length=400)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
Exact = Annotated[Fraction, BeforeValidator(_number), PlainSerializer(str, return_type=str)]


class _Entry(BaseModel):
    """Base of all entries; ``by`` wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    by: Name


class TeamEntry(_Entry):
    """Base of the entries about a team in a year; ``unit`` is the unit that dispatched it."""

    year: int
    team: str
    unit: str = ""


class JudgementBasis(BaseModel):
    """The computed figures that a judgement was made on.

    ``points`` and ``value`` as computed (value None where not measured), ``weight`` in force, ``basis`` a digest
    of the figures of this team and indicator and of its rule: the entry holds while that is the same.
    ``rubric`` and ``data`` are the fingerprints of all rules and of all data, for the record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    points: Exact
    value: Exact | None = None
    weight: Exact
    status: str
    basis: str
    rubric: str
    data: str


class _Judgement(TeamEntry):
    """A judgement on one indicator. ``effect`` is what it adds to the total of the team, in points."""

    indicator: str
    seen: JudgementBasis
    reason: Words
    document: Maybe = ""
    effect: Exact = Fraction(0)
    needs_second: bool = False


class AdjustValue(_Judgement):
    """The value of the indicator becomes another; shares as 0–1."""

    kind: Literal["value"] = "value"
    becomes: Exact


class AdjustPoints(_Judgement):
    """The points of the indicator become others."""

    kind: Literal["points"] = "points"
    becomes: Exact


class Exclude(_Judgement):
    """The indicator does not apply to the team (不适用)."""

    kind: Literal["exclude"] = "exclude"


class Confirm(_Judgement):
    """The computed points are right."""

    kind: Literal["confirm"] = "confirm"


class SecondOpinion(TeamEntry):
    """A second reviewer agrees to an entry."""

    kind: Literal["second"] = "second"
    refers_to: int
    reason: Maybe = ""


class Undo(_Entry):
    """An entry holds no longer."""

    kind: Literal["undo"] = "undo"
    year: int
    team: str = ""
    unit: str = ""
    refers_to: int
    reason: Words


class InterestDeclaration(_Entry):
    """A person declares an interest in a unit and judges none of its teams (回避)."""

    kind: Literal["interest"] = "interest"
    unit: str
    reason: Maybe = ""


class Assign(_Entry):
    """Teams are given to an evaluator; the last assignment of a team holds."""

    kind: Literal["assign"] = "assign"
    year: int
    teams: Annotated[list[str], Field(min_length=1)]
    to: Name


class Viewed(TeamEntry):
    """A person has looked at the team."""

    kind: Literal["looked"] = "looked"


class SignOff(TeamEntry):
    """The review of the team is done; nothing changes until it is reopened."""

    kind: Literal["sign_off"] = "sign_off"
    reason: Maybe = ""


class Reopen(TeamEntry):
    """The sign-off of the team holds no longer."""

    kind: Literal["reopen"] = "reopen"
    reason: Words


class StageChange(TeamEntry):
    """The assessment of the team enters a stage on a day; ``until`` when replies are due or it is to end."""

    kind: Literal["stage"] = "stage"
    stage: Stage
    on: Day
    until: Day | Literal[""] = ""
    reason: Maybe = ""


class Objection(TeamEntry):
    """The team or unit objects to an indicator (申辩)."""

    kind: Literal["objection"] = "objection"
    indicator: str
    words: Words
    document: Maybe = ""
    form: Maybe = ""


class Answer(TeamEntry):
    """An objection is accepted or rejected; ``due`` when what follows from it is to be done."""

    kind: Literal["answer"] = "answer"
    refers_to: int
    accepted: bool
    reason: Words
    due: Day | Literal[""] = ""


class Remark(TeamEntry):
    """A remark of a reader, who need not be an evaluator.

    ``edition`` that it was made on; ``written`` when, by the clock of the reader's machine.
    """

    kind: Literal["remark"] = "remark"
    indicator: str = ""
    words: Words
    edition: Maybe = ""
    written: Maybe = ""


Judgement = AdjustValue | AdjustPoints | Exclude | Confirm
Entry = Annotated[
    AdjustValue
    | AdjustPoints
    | Exclude
    | Confirm
    | SecondOpinion
    | Undo
    | InterestDeclaration
    | Assign
    | Viewed
    | SignOff
    | Reopen
    | StageChange
    | Objection
    | Answer
    | Remark,
    Field(discriminator="kind"),
]
JUDGEMENTS: tuple[type[Judgement], ...] = (AdjustValue, AdjustPoints, Exclude, Confirm)
ADAPTER: TypeAdapter[Entry] = TypeAdapter(Entry, config=ConfigDict(defer_build=True))
E_co = TypeVar("E_co", bound=_Entry, covariant=True)


def team_of(entry: Entry) -> str:
    """The team that an entry is about, blank for none."""
    return getattr(entry, "team", "")


@dataclass(frozen=True)
class LedgerRecord(Generic[E_co]):
    """An entry with its place in the ledger.

    ``number`` from 1; ``at`` when it was written (ISO, UTC+8); ``digest`` of it and all before it.
    """

    number: int
    at: str
    entry: E_co
    digest: str = ""

    @property
    def day(self) -> str:
        """The day on which it was written, as an ISO date."""
        return self.at[:10]


AnyRecord = LedgerRecord[Entry]
