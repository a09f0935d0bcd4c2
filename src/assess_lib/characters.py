"""Characters that nobody sees, or that turn and steer what is seen: out of every text that is shown or signed."""

from __future__ import annotations

import re
import unicodedata

# Format, control and filler characters and lone surrogates; those of private use stay, rare names are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe"
    "\uffff\U000110bd\U000110cd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
_LINE_BREAKS = re.compile("\r\n|[\v\f\r\x1c-\x1f\x85\u2028\u2029]")


def is_unseen(character: str) -> bool:
    """True for a character that shows nothing and is no blank."""
    return _UNSEEN.match(character) is not None


def has_unseen(text: str) -> bool:
    """True for a text in which a character shows nothing and is no blank."""
    return _UNSEEN.search(text) is not None


def legible(text: str) -> str:
    """A text without characters that are not seen; odd line breaks are plain ones, direction is left to the letters."""
    return _LINE_BREAKS.sub("\n", _UNSEEN.sub("", text))


def has_letter(text: str) -> bool:
    """True where a text has a letter of any script to be seen, as every name has."""
    return any(c.isalpha() and unicodedata.category(c) != "Lm" and not is_unseen(c) for c in text)
