"""Search for teams by parts of names, numbers, pinyin and its initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.mmseg import seg

from assess_lib.scoring.assessment import Assessment


def search_text(name: str, others: Sequence[str]) -> str:
    """The text that a search compares besides a name that is shown: other words, and the pinyin and initials of all.

    Words that are part of another are left out.
    """
    words = [_plain(name), *(plain for part in others if (plain := _plain(part)))]
    spellings = [word for word in words[1:] if word not in words[0]]
    for word in words:
        spellings += _spellings(word)
    return " ".join(
        text for text in dict.fromkeys(spellings) if text and not any(text != s and text in s for s in spellings)
    )


class TeamSearch:
    """The teams of a year, found by names and numbers, their pinyin and its initials."""

    def __init__(self, result: Assessment) -> None:
        names = result.data.teams()[["name", "unit_name", "village_name", "county"]].astype(object).fillna("")
        self._county = names["county"].to_dict()
        self._words = {row.Index: [_plain(part) for part in row if part] for row in names.itertuples()}

    @cached_property
    def _written(self) -> dict[str, str]:
        return {team: " ".join(words) for team, words in self._words.items()}

    @cached_property
    def _spelt(self) -> dict[str, str]:
        """With the pinyin of all words, which takes long for many teams and is worked out once letters are typed."""
        return {
            team: " ".join([*words, *(text for word in words for text in _spellings(word))])
            for team, words in self._words.items()
        }

    @property
    def counties(self) -> list[str]:
        return sorted({county for county in self._county.values() if county})

    def find(self, text: str = "", county: str = "") -> list[str]:
        """The teams in which every word of a text occurs, in the order of their ids; of one county where that is given."""
        words = _plain(text).split()
        texts = self._spelt if any("a" <= letter <= "z" for letter in _plain(text)) else self._written
        return [
            team
            for team, names in texts.items()
            if (not county or self._county[team] == county) and all(word in names for word in words)
        ]


def _spellings(word: str) -> tuple[str, str]:
    """The pinyin of a word and its initials."""
    syllables = [syllable for part in seg.cut(word) for syllable in _syllables(part)]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


@lru_cache(maxsize=1 << 14)
def _syllables(part: str) -> tuple[str, ...]:
    """The pinyin of a phrase, or of a character outside the phrases known; names are made of few."""
    return tuple(lazy_pinyin(part, style=Style.NORMAL, errors="ignore"))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", str(text)).lower()
