"""Texts without the places of a machine's files, for those who do not sit at it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path

# An address from the root on, of which the last part alone is shown. One with blanks in it is known by its folder only.
_ADDRESS = re.compile(
    r"(?<![\w.:/\\<])(?:[A-Za-z]:[\\/]|/(?=[\w.~-]+/))(?:[^\s/\\'\"<>|:*?]+[\\/])+(?=[^\s/\\'\"<>|:*?])"
)


def without_folders(text: str, folders: Iterable[str | Path], markup: bool = False) -> str:
    """A text in which these folders, however a program or page wrote them, are replaced by their last part.

    Parameters: ``folders`` absolute ones, others are left alone; ``markup`` for a text in HTML.
    """
    for folder in sorted({str(folder) for folder in folders}, key=len, reverse=True):
        if Path(folder).is_absolute() and (last := Path(folder).name):
            shown = html.escape(last) if markup else last
            forms = "|".join(map(re.escape, _forms(folder)))
            text = re.sub(rf"(?<![\w./<:-])(?:file://)?(?:{forms})(?![\w-])", lambda _, shown=shown: shown, text)  # type: ignore[misc]
    return text


def without_addresses(text: str, folders: Iterable[str | Path] = ()) -> str:
    """A message in which no folder of the machine is named. Parameters: ``folders`` that it may name, blanks and all."""
    return _ADDRESS.sub("", without_folders(text, folders))


def _forms(folder: str) -> list[str]:
    """A path as it is, as in the source of a program, in JSON and in an address, each also in HTML; the longest first."""
    written = {folder, repr(folder)[1:-1], Path(folder).as_uri().removeprefix("file://")}
    written |= {json.dumps(folder, ensure_ascii=ascii)[1:-1] for ascii in (True, False)}
    written |= {form.replace("'", "\\'") for form in set(written)}
    escaped = {html.escape(form, quote=quote) for form in written for quote in (True, False)}
    escaped |= {form.replace("&#x27;", "&#39;").replace("&quot;", "&#34;") for form in set(escaped)}
    return sorted(written | escaped, key=len, reverse=True)
