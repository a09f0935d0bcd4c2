"""Finding teams by what people type: parts of names, numbers, pinyin and its initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pypinyin import Style, lazy_pinyin

from assess_lib.scoring.assessment import Assessment


def findable(parts: Sequence[str]) -> str:
    """What a search looks in: the words, their pinyin and the initials of it."""
    words = [_plain(part) for part in parts if part]
    spelled = ["".join(lazy_pinyin(word, errors="ignore")) for word in words]
    initials = ["".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")) for word in words]
    return " ".join(dict.fromkeys([*words, *spelled, *initials])).strip()


def spelled(shown: str, hidden: Sequence[str]) -> str:
    """What a search looks in besides the words that are shown: hidden words, and the pinyin and initials of all.

    What is part of another is left out.
    """
    words = [_plain(shown), *(plain for part in hidden if (plain := _plain(part)))]
    spellings = [word for word in words[1:] if word not in words[0]]
    for word in words:
        spellings.append("".join(lazy_pinyin(word, errors="ignore")))
        spellings.append("".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")))
    kept = [
        one for one in dict.fromkeys(spellings) if one and not any(one != other and one in other for other in spellings)
    ]
    return " ".join(kept)


class Finder:
    """The teams of a year to search in."""

    def __init__(self, result: Assessment):
        names = result.data.teams()[["name", "unit_name", "village_name", "county"]].astype(object).fillna("")
        self._county = names["county"].to_dict()
        self._texts = {row.Index: findable([row.Index, *row[1:]]) for row in names.itertuples()}

    @property
    def counties(self) -> list[str]:
        return sorted({county for county in self._county.values() if county})

    def find(self, text: str = "", county: str = "") -> list[str]:
        """The teams in which every word of a text occurs, in the order of their ids; of one county where that is given."""
        wanted = _plain(text).split()
        return [
            team
            for team, found in self._texts.items()
            if (not county or self._county[team] == county) and all(word in found for word in wanted)
        ]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", str(text)).lower()
