"""Characters that nobody sees, or that turn and steer what is seen: out of every text that is shown or signed."""

from __future__ import annotations

import re
import unicodedata

# Letters and marks by their category that show nothing: joiners, fillers, a blank of Braille.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LINE_BREAKS = frozenset("\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_MAY_STEER = re.compile(r"[^\x20-\x7e\u3000-\u3163\u3165-\u9fff\uff01-\uff9f]")


def is_unseen(character: str) -> bool:
    """True for a character that shows nothing and is no blank: format, control and filler characters, lone surrogates."""
    if character in _BLANK:
        return True
    category = unicodedata.category(character)
    if category == "Cn":
        return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return category in ("Cf", "Cs") or (category == "Cc" and character not in "\t\n" and character not in _LINE_BREAKS)


def legible(text: str) -> str:
    """A text without characters that are not seen; odd line breaks are plain ones, direction is left to the letters.

    Characters of private use stay: rare characters of names are written with them.
    """
    if not _MAY_STEER.search(text):
        return text
    shown = ("\n" if c in _LINE_BREAKS else c for c in text.replace("\r\n", "\n") if not is_unseen(c))
    return "".join(shown)


def has_letter(text: str) -> bool:
    """True where a text has a letter of any script to be seen, as every name has."""
    return any(c.isalpha() and unicodedata.category(c) != "Lm" and not is_unseen(c) for c in text)
