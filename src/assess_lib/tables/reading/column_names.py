"""The names under which a column may stand: those of the table, and those of forms in use, kept as data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assess_lib.faults import Fault, UnusableInput
from assess_lib.plain_yaml import NotPlain, load_plain
from assess_lib.resources import COLUMN_NAMES, shipped
from assess_lib.tables.parsing import plain
from assess_lib.tables.schemas import SCHEMAS

# Stars, arrows, numbers of the column in circles or before a dot: they mark a name and are none of it.
_ADORNMENT = re.compile(
    r"[*★☆※△▲↓↑:]|^(?:栏?[0-9]{1,2}[.、)]?|\([0-9]{1,2}\))(?=[㐀-鿿])|[(\[](?:必填|选填|必须填写|是/否)[)\]]$"
)
# Before a label is made plain, which makes digits of them: at its ends or before a bracket, never within one.
_NUMBERED = re.compile(r"^\s*[①-⑳⑴-⒛㉑-㊿❶-❿⓫-⓴]+|[①-⑳⑴-⒛㉑-㊿❶-❿⓫-⓴]+(?=\s*(?:[(（\[【]|$))")


def heading_text(label: str) -> str:
    """A label as it is compared: without what the eye does not tell apart, and what only marks it."""
    return _ADORNMENT.sub("", plain(_NUMBERED.sub("", label))) or plain(label)


def column_names(table: str) -> Mapping[str, str]:
    """The names of the columns of a table, as ``heading_text`` gives them -> their ids.

    Source: the table itself, then ``parameters/column_names.yaml``; a way of writing that two columns of the table could
    have names neither. Raises UnusableInput where that file is not what it must be.
    """
    path = _path(os.getcwd())
    return _column_names(table, path, path.stat().st_mtime_ns if path.exists() else 0)


def own_words(table: str, column: str) -> str:
    """All names of a column in one text, to see whether they have a word."""
    names = _known()["tables"].get(table, {}).get(column, ())
    return plain(" ".join((SCHEMAS[table].columns[column].metadata["zh"], *names)))


@lru_cache(maxsize=8)
def _plain_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(plain, words))


def bracket_words(about: str) -> tuple[str, ...]:
    """The words in brackets or names that are ``harmless``, ``changing`` or ``void``, as ``plain`` gives them."""
    return _plain_words(tuple(_known()["brackets"][about]))


def _known() -> dict[str, Any]:
    path = _path(os.getcwd())
    return _in_use(path, path.stat().st_mtime_ns if path.exists() else 0)


@cache
def _path(_here: str) -> Path:
    return shipped(COLUMN_NAMES)


@lru_cache(maxsize=256)
def _column_names(table: str, path: Path, _changed: int) -> Mapping[str, str]:
    columns = SCHEMAS[table].columns
    names: dict[str, str] = {}
    for about in ("zh", "en"):
        for column, spec in columns.items():
            names.setdefault(heading_text(spec.metadata[about]), column)
    names |= {heading_text(column): column for column in columns}
    known = _in_use(path, _changed)
    written = {
        column: [columns[column].metadata["zh"], *known["tables"].get(table, {}).get(column, ())] for column in columns
    }
    for ways in ({column: words[1:] for column, words in written.items()}, _ways(written, known)):
        claimed: dict[str, set[str]] = {}
        for column, words in ways.items():
            for word in words:
                claimed.setdefault(heading_text(word), set()).add(column)
        names = {word: min(by) for word, by in claimed.items() if len(by) == 1} | names
    return names


def _ways(written: Mapping[str, list[str]], known: Mapping[str, Any]) -> dict[str, list[str]]:
    """By column, the other ways of writing its names."""
    return {column: [way for word in words for way in _rewritten(word, known)] for column, words in written.items()}


def _rewritten(word: str, known: Mapping[str, Any]) -> Iterator[str]:
    forms = [
        word,
        *(word.replace(part, other) for part, others in known["parts"].items() for other in others if part in word),
    ]
    yield from forms[1:]
    for before in known["before"]:
        yield from (before + form for form in forms if not form.startswith(before))
        yield from (form.removeprefix(before) for form in forms if form.startswith(before))


@lru_cache(maxsize=8)
def _in_use(path: Path, _changed: int) -> dict[str, Any]:
    try:
        found = load_plain(path.read_text(encoding="utf-8"))
        if set(found) != {"parts", "before", "brackets", "tables"} or set(found["brackets"]) != {
            "harmless",
            "changing",
            "void",
        }:
            raise ValueError(", ".join(found))
        for table, columns in found["tables"].items():
            for column, words in columns.items():
                if column not in SCHEMAS[table].columns or not all(isinstance(word, str) for word in words):
                    raise ValueError(f"{table}.{column}")
    except (NotPlain, AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        why = (str(error).splitlines() or [""])[0]
        raise UnusableInput([Fault("tables.names", str(path), value=why)]) from None
    return dict(found)
