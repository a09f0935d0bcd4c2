"""The last step of a table's way to the indicators: masked, with all its columns, sorted by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

import pandas as pd

from assess_lib.characters import legible
from assess_lib.tables.columns import DTYPES, Column
from assess_lib.tables.id_lookup import ascending, byte_counts, distinct_texts
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.masking import NO_PEOPLE, Masking, masked, masking_of
from assess_lib.tables.personal_names import known_things
from assess_lib.tables.schemas import SCHEMAS

_NAMED = (("persons", "name"), ("pairings", "cadre_name"), ("members", "name"))
_PLACES_AND_OFFICES = (
    *(("villages", "name"), ("villages", "county"), ("units", "name"), ("units", "unit_type")),
    *(("teams", "county"), ("teams", "area"), ("teams", "unit_type")),
)
_ACCOUNT = 15  # characters from which an identifier looks like the number of an account
_MARK_OF_SERVICE = "service:"  # before the name of a service among the figures of the province


def masking_for(
    frames: Mapping[str, pd.DataFrame], counties: Iterable[str] = (), headings: Iterable[str] = ()
) -> Masking:
    """How texts are masked that may name the people of these tables: household members, paired cadres, team members.

    Parameters: ``counties`` whose files they are, and ``headings`` of columns in forms: nobody's name stands in those, nor
    in those of villages, units, teams and columns of the tables.
    """
    things = known_things(
        chain(counties, *(_values(frames, *column) for column in _PLACES_AND_OFFICES)), _values(frames, "teams", "name")
    )
    services = (str(metric).removeprefix(_MARK_OF_SERVICE) for metric in _values(frames, "benchmarks", "metric"))
    names = chain.from_iterable(_values(frames, *column) for column in _NAMED)
    return masking_of(
        names, chain.from_iterable(_long_ids(frames)), chain(things, services, headings, _words_of_tables())
    )


def complete_tables(frames: Mapping[str, pd.DataFrame], masking: Masking) -> dict[str, pd.DataFrame]:
    """All tables of the schemas, without personal data, in an order that does not depend on that of rows and files.

    Parameters: ``frames`` checked tables by name; ``masking`` of their texts. A table or column that is not there is
    filled in without values.
    """
    return {name: _complete(name, frames.get(name), masking) for name in SCHEMAS}


def member_names(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The names of team members in full, by id: for the one list on which the office may have decided to publish some."""
    frame = frames.get("members", pd.DataFrame())
    if not {"member_id", "name"} <= {*frame.columns}:
        return {}
    named = frame.dropna(subset=["member_id", "name"])
    return {str(member): legible(str(name)).strip() for member, name in zip(named["member_id"], named["name"])}


def _values(frames: Mapping[str, pd.DataFrame], table: str, column: str) -> Iterable[str]:
    return distinct_texts(frames[table][column]) if column in frames.get(table, ()) else ()


@cache
def _words_of_tables() -> frozenset[str]:
    """The names of tables, columns and codes in Chinese."""
    spoken = [spec.metadata for schema in SCHEMAS.values() for spec in schema.columns.values()]
    codes = (words[0] for about in spoken for words in (about.get("codes") or {}).values())
    titles = (schema.metadata["zh"] for schema in SCHEMAS.values())
    return frozenset(chain(titles, (about["zh"] for about in spoken), codes))


def _long_ids(frames: Mapping[str, pd.DataFrame]) -> Iterator[pd.Series]:
    """The identifiers of rows that are long enough to look like an account."""
    for name, frame in frames.items():
        column = ROW_KEYS[name][0]
        if column in frame and SCHEMAS[name].columns[column].metadata.get("identifier"):
            if byte_counts(frame[column]).max(initial=0) >= _ACCOUNT:
                yield frame.loc[(frame[column].str.len() >= _ACCOUNT).fillna(False).astype(bool), column]


def _complete(name: str, frame: pd.DataFrame | None, masking: Masking = NO_PEOPLE) -> pd.DataFrame:
    """A table with all columns of its schema, sorted by key."""
    if frame is None:
        return _empty(name)
    columns = {
        column: _without_persons(frame[column], spec, masking).array
        if column in frame
        else pd.Series(index=frame.index, dtype=DTYPES[spec.metadata["kind"]]).array
        for column, spec in SCHEMAS[name].columns.items()
        if column != "year" or name == "benchmarks"
    }
    table = pd.DataFrame(columns, pd.RangeIndex(len(frame)), copy=False)
    if ascending(table, ROW_KEYS[name]):
        return table
    return table.sort_values([*ROW_KEYS[name], *table.columns], kind="stable", ignore_index=True)


def _without_persons(values: pd.Series, spec: Column, masking: Masking) -> pd.Series:
    """A column without what is personal in it, nor characters that are not seen."""
    about = spec.metadata
    if about["kind"] != "text" or about.get("identifier"):
        return values
    if personal := about.get("personal"):
        return masked(values, personal)
    texts = distinct_texts(values)
    shown = masking.texts(texts)
    changed = {text: new for text, new in zip(texts, shown) if new != text}
    return values.map(lambda text: changed.get(text, text)).astype("str") if changed else values


@cache
def _empty(name: str) -> pd.DataFrame:
    """A table without rows; nobody changes a table, so one serves all."""
    return _complete(name, pd.DataFrame())
