"""Columns under a name that is none, whose values show which column of their table they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from assess_lib.tables.columns import IDENTIFIER, Column, form_of
from assess_lib.tables.parsing import NO_DAY, NOTHING, as_text, parse, plain
from assess_lib.tables.schemas import SCHEMAS

_FIRST_ROWS = 200
_OF_AN_ID = re.compile(rf"(?=.*[A-Za-z])(?=.*[0-9]){IDENTIFIER}")


def look_alikes(table: str, there: Collection[str], strangers: Mapping[int, pd.Series]) -> dict[int, str]:
    """By place of a column that nobody knows, the missing column whose values it has beyond doubt.

    All are codes of one missing column, or all are days or ids where a required column of these alone is missing.
    Parameters: ``there`` the columns that the table has; ``strangers`` by place the cells of the others.
    """
    missing = {name: spec for name, spec in SCHEMAS[table].columns.items() if name not in there}
    found = {
        place: column
        for place, cells in strangers.items()
        if any(
            _alike(missing, cells.head(_FIRST_ROWS))
        )  # a long column of something else is not taken apart as a whole
        for column in _alike(missing, cells)
    }
    claimed = Counter(found.values())
    return {place: column for place, column in found.items() if claimed[column] == 1}


def may_be_known(table: str, there: Collection[str]) -> bool:
    """True where a missing column of a table could be known by its values."""
    missing = [spec for name, spec in SCHEMAS[table].columns.items() if name not in there]
    return any(spec.metadata["kind"] == "code" for spec in missing) or sum(spec.required for spec in missing) == 1


def sort_of(spec: Column) -> str:
    """The sort of values by which a column was known: ``code``, ``date`` or ``id``."""
    return "id" if spec.metadata.get("identifier") else str(spec.metadata["kind"])


def _alike(missing: Mapping[str, Column], cells: pd.Series) -> Iterator[str]:
    texts = [text for text in as_text(cells).unique() if text and text not in NOTHING]
    if not texts:
        return
    of_codes = [name for name, spec in missing.items() if _are_codes(spec, texts)]
    required = [name for name, spec in missing.items() if spec.required]
    if len(of_codes) == 1:
        yield of_codes[0]
    elif not of_codes and len(required) == 1:
        spec = missing[required[0]]
        if spec.metadata["kind"] == "date":
            days, bad = parse(cells, form_of(spec, serials=False))
            alike = not bad.any() and days.notna().any() and not NO_DAY.issuperset(texts)
        else:
            alike = bool(spec.metadata.get("identifier")) and all(map(_OF_AN_ID.fullmatch, texts))
        if alike:
            yield required[0]


def _are_codes(spec: Column, texts: Collection[str]) -> bool:
    codes = form_of(spec).codes if spec.metadata["kind"] == "code" else {}
    return bool(codes) and all(plain(text) in codes for text in texts)
