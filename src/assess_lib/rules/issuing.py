"""The circular as data: who issues it, to whom, and by whose decision it names people in full."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from assess_lib.characters import legible
from assess_lib.rules.fields import RuleModel, Text

_LONGEST_LINE = 200  # characters of a line of the circular


class Issuer(RuleModel):
    """Who issues the yearly circular (通报), to whom, and how its number is written.

    ``number`` has ``{year}`` for the year of issue; the running number is filled in by hand.
    """

    basis: Literal["regulation", "proposal"]
    office: Text
    addressed_to: Text
    number: str

    @model_validator(mode="after")
    def _legible(self) -> Self:
        if not all(map(_is_a_line, (self.number, *_both(self.office), *_both(self.addressed_to)))):
            raise ValueError("not_a_line")
        return self

    @model_validator(mode="after")
    def _numbered_by_year(self) -> Self:
        if self.number.count("{year}") != 1 or set("{}") & set(self.number.replace("{year}", "")):
            raise ValueError("number_without_year")
        return self


class NamesDecision(RuleModel):
    """The decision to name commended members in full: ``by`` whom, and ``on`` which day (ISO)."""

    by: Text
    on: str

    @model_validator(mode="after")
    def _legible(self) -> Self:
        if not all(map(_is_a_line, _both(self.by))):
            raise ValueError("not_a_line")
        return self

    @model_validator(mode="after")
    def _dated(self) -> Self:
        try:
            written = date.fromisoformat(self.on).isoformat()
        except ValueError:
            written = ""
        if written != self.on:
            raise ValueError("not_a_day")
        return self


def _both(text: Text) -> tuple[str, str]:
    return text.zh, text.en


def _is_a_line(text: str) -> bool:
    """True for a text of one line that can be read, and is not blank."""
    return bool(text.strip()) and len(text) <= _LONGEST_LINE and text == legible(text) and not {"\n", "\t"} & {*text}
