"""Personal data on its way out of the data folder: the one place where it is masked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from assess_lib.characters import is_unseen, legible
from assess_lib.tables.personal_names import NOBODY, SURNAMES, People, Span, is_in_a_thing
from assess_lib.tables.personal_numbers import beginning, may_be_an_account, personal_numbers
from assess_lib.tables.titled_names import titled_names

HIDDEN = "***"
_NAME = re.compile(r"[㐀-鿿]{2,4}")


def mask(value: object, kind: str) -> str:
    """A personal value as it may be shown: ``name`` 王**, anything else not at all."""
    text = "" if value is None or value != value else legible(str(value)).strip()
    if not text:
        return ""
    return f"{text[0]}**" if kind == "name" else HIDDEN


def masked(values: pd.Series, kind: str) -> pd.Series:
    """A column of personal values as they may be shown; blanks stay blank."""
    first = values.str[:1]
    if not all(map(_begins_a_word, first.dropna().unique())):
        shown = values.map(legible, na_action="ignore").astype("str").str.strip()
        first = shown.where(shown != "", None).str[:1]
    return first + "**" if kind == "name" else first.where(first.isna(), HIDDEN)


def _begins_a_word(character: str) -> bool:
    return bool(character.strip()) and not is_unseen(character)


@dataclass(frozen=True)
class Masking:
    """The way in which the texts of a year are made harmless.

    Attributes
    ----------
    people : whose names no text may show: household members, paired cadres, team members.
    ids : how identifiers of rows begin that look like somebody's number and are none, as ``personal_numbers`` takes them.
    things : names of places, offices and columns in which somebody's name stands and is none.
    """

    people: People = NOBODY
    ids: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """A text without numbers and names of people, and without characters that are not seen."""
        return self.texts([text])[0]

    def texts(self, texts: Iterable[str]) -> list[str]:
        """Texts as ``text`` gives them, many at a time."""
        seen = [legible(text) for text in texts]
        return [self._hidden(text, names) for text, names in zip(seen, self.people.named_in(seen))]

    def _hidden(self, text: str, names: list[Span]) -> str:
        numbers = personal_numbers(text, self.ids)
        names = [span for span in names if not _overlaps(span, numbers)]
        people = _joined(span for span in names if not is_in_a_thing(text, span, self.things))
        taken = (*numbers, *people)
        people = _joined((*people, *(span for span in titled_names(text) if not _overlaps(span, taken))))
        for begin, end in sorted((*numbers, *people), reverse=True):
            text = text[:begin] + (f"{text[begin]}**" if (begin, end) in people else HIDDEN) + text[end:]
        return text


NO_PEOPLE = Masking()


def masking_of(names: Iterable[object], ids: Iterable[str] = (), things: Iterable[str] = ()) -> Masking:
    """How texts are masked where these people are known.

    Parameters: ``ids`` identifiers of rows; ``things`` names of places, offices and columns, which may hold a name.
    """
    people, every = People.of(names), sorted(set(things))
    held = (thing for thing, spans in zip(every, people.named_in(every)) if spans)
    return Masking(people, frozenset(map(beginning, filter(may_be_an_account, ids))), frozenset(held))


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and begin < span[1] for begin, end in others)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches in their order, those that overlap as one."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


def scrubbed(text: str, prose: bool = False) -> str:
    """A text of which no table is known without what is personal in it: numbers, and what looks like a name.

    Parameters: ``prose`` where words are expected, so that a short Chinese text is no name for being one.
    """
    text = NO_PEOPLE.text(text)
    if not prose and _NAME.fullmatch(text) and text[0] in SURNAMES:
        return mask(text, "name")
    return text
