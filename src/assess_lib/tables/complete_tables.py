"""The last step of a table's way to the indicators: masked, with all its columns, sorted by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

import pandas as pd

from assess_lib.tables.columns import DTYPES, Column
from assess_lib.tables.id_lookup import ascending
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.masking import masked, scrubbed, without_names
from assess_lib.tables.schemas import SCHEMAS


def complete_tables(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All tables of the schemas, without personal data, in an order that does not depend on that of rows and files.

    Parameters: ``frames`` checked tables by name. A table or column that is not there is filled in without values.
    """
    people = set(frames["persons"]["name"].dropna().unique()) if "name" in frames.get("persons", ()) else set()
    return {name: _complete(name, frames.get(name), people) for name in SCHEMAS}


def _complete(name: str, frame: pd.DataFrame | None, people: Collection[str] = ()) -> pd.DataFrame:
    """A table with all columns of its schema, sorted by key. Parameters: ``people`` names that remarks must not show."""
    if frame is None:
        return _empty(name)
    columns = {
        column: _without_persons(frame[column], spec, people)
        if column in frame
        else pd.Series(index=frame.index, dtype=DTYPES[spec.metadata["kind"]])
        for column, spec in SCHEMAS[name].columns.items()
        if column != "year" or name == "benchmarks"
    }
    table = pd.DataFrame(columns)
    if ascending(table[list(ROW_KEYS[name])]):
        return table.reset_index(drop=True)
    return table.sort_values([*ROW_KEYS[name], *table.columns], kind="stable", ignore_index=True)


def _without_persons(values: pd.Series, spec: Column, people: Collection[str]) -> pd.Series:
    """A column without what is personal in it."""
    about = spec.metadata
    if about["kind"] != "text" or about.get("identifier"):
        return values
    if personal := about.get("personal"):
        return masked(values, personal)
    if about.get("remark"):
        known = {text: scrubbed(without_names(text, people), prose=True) for text in values.dropna().unique()}
        return values.map(known).astype("str")
    suspicious = values.str.contains(r"[0-9]{11}", regex=True).fillna(False).astype(bool)
    if not suspicious.any():
        return values
    return values.where(~suspicious, values[suspicious].map(lambda text: scrubbed(text, prose=True)))


@cache
def _empty(name: str) -> pd.DataFrame:
    """A table without rows; nobody changes a table, so one serves all."""
    return _complete(name, pd.DataFrame())
