"""The fields of the rubric language: exact numbers, and texts in both languages."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from assess_lib.exact import as_written
from assess_lib.words import in_language


def _to_exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise ValueError("number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("number")
    return value if isinstance(value, Fraction) else as_written(value)


def _written(number: Fraction) -> int | float:
    """The number as a rubric file has it; read again it is the same."""
    return int(number) if number.denominator == 1 else float(number)


Number = Annotated[Fraction, BeforeValidator(_to_exact), PlainSerializer(_written, return_type=int | float)]


PeerGroup = Literal["all", "county", "area", "unit_type"]


class RuleModel(BaseModel):
    """Base of the parts of a rubric: what is not of the language is a fault, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Text(BaseModel):
    """A name or sentence in both languages of the interface."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """The text in a language or the first it falls back to."""
        return str(in_language(vars(self), lang))
