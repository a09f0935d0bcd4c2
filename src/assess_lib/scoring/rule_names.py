"""Names in the rules that no team of the year has: a county that is misspelt there changes points without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import pandas as pd

from assess_lib.faults import WARNING, Fault
from assess_lib.rules.references import conditions, placed_indicators
from assess_lib.rules.rubric import PEER_COLUMNS, PeerFilter, Place, Rubric, When

_HOMES = {"county": ("teams", "villages"), "area": ("teams",), "unit_type": ("teams", "units")}
_NEAR = 0.6  # of the characters of a name that is suggested for another


def check_rule_names(rubric: Rubric, *frames: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Names in conditions and peer groups that stand nowhere in the tables, each once.

    Parameters: ``frames`` the tables of a year by name, those rows too that were set aside. A column that is not there or
    blank throughout is told elsewhere.
    """
    told: set[tuple[str, str]] = set()
    for place, table_columns, name in _named(rubric):
        known = set().union(*(_values(some, table_columns) for some in frames))
        column = table_columns[0][1]
        if not known or name in known or (column, name) in told:
            continue
        told.add((column, name))
        near = get_close_matches(name, sorted(known), 1, _NEAR)
        details = {"column": column, "near": near[0] if near else "–"}
        where = f"{rubric.id}: {'.'.join(map(str, place))}"
        yield Fault("checks.rule_names_nobody", "", where, name, details, WARNING)


def _named(rubric: Rubric) -> Iterator[tuple[Place, tuple[tuple[str, str], ...], str]]:
    """The places of names in the rules, the columns (table, column) in which such names stand, and the names."""
    for place, when in conditions(rubric):
        yield from _of_peers(place, when)
        for column, wanted in (when.village or {}).items():
            if isinstance(wanted, str):
                yield (*place, "village", column), (("villages", column),), wanted
        for name in when.teams.ids if when.teams else ():
            yield (*place, "teams", "ids"), (("teams", "team_id"),), name
    for name in rubric.norms.audits.villages:
        yield ("norms", "audits", "villages"), (("villages", "village_id"),), name
    for d, dimension in enumerate(rubric.dimensions):
        for n, variant in enumerate(dimension.variants):
            yield from _of_peers(("dimensions", d, "variants", n, "peers"), variant.peers)
    for place, indicator in placed_indicators(rubric):
        for n, of_indicator in enumerate(indicator.variants):
            yield from _of_peers((*place, "variants", n, "peers"), of_indicator.peers)


def _of_peers(place: Place, chosen: When | PeerFilter) -> Iterator[tuple[Place, tuple[tuple[str, str], ...], str]]:
    for column in PEER_COLUMNS:
        for name in getattr(chosen, column) or ():
            yield (*place, column), tuple((table, column) for table in _HOMES[column]), name


def _values(frames: Mapping[str, pd.DataFrame], table_columns: tuple[tuple[str, str], ...]) -> set[str]:
    columns = [frames[table][column] for table, column in table_columns if column in frames.get(table, ())]
    return {str(value) for column in columns for value in column.dropna().unique()}
