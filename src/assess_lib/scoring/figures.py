"""The figures of teams: numerator, denominator, value and status of every indicator, as arrays of teams × indicators.

They are all that points are made from, without the rows behind them, so they are also what the counties of a country
hand on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from assess_lib.indicators.measurement import Status
from assess_lib.indicators.packed_fractions import PackedFractions
from assess_lib.rules.kinds.base import Case, Cases, Floats, Mask
from assess_lib.rules.peer_values import PeerValues
from assess_lib.rules.rubric import Rubric
from assess_lib.tables.id_lookup import plain_texts

PeerCounts: TypeAlias = dict[str, dict[Any, Counter[Fraction]]]
PeerGroups: TypeAlias = dict[str, dict[Any, PeerValues]]
Codes: TypeAlias = npt.NDArray[np.int8]
Objects: TypeAlias = npt.NDArray[np.object_]
Places: TypeAlias = npt.NDArray[np.int64]


class Reason(StrEnum):
    """Why an indicator has its status, where that does not go without saying."""

    NONE = ""
    NO_EVIDENCE = "no_evidence"
    NOT_APPLICABLE = "not_applicable"
    CONDITION = "condition"
    NO_REFERENCE = "no_reference"
    REVIEWED = "reviewed"
    QUESTIONED = "questioned"
    NOT_DUE = "not_due"


STATUSES, REASONS = tuple(Status), tuple(Reason)
MEASURED, NO_EVIDENCE, NOT_APPLICABLE = range(len(STATUSES))
CODE_OF = {reason: code for code, reason in enumerate(REASONS)}
PLAIN_REASON = np.array([CODE_OF[Reason.NONE], CODE_OF[Reason.NO_EVIDENCE], CODE_OF[Reason.NOT_APPLICABLE]], "int8")


class _ReadLate:
    """What has exact values in ``exact``: they are written packed, and unpacked when they are first asked for."""

    exact: Objects

    def __getstate__(self) -> dict[str, Any]:
        fields: Iterable[str] = self.__dataclass_fields__
        state = {name: self.__dict__[name] for name in fields if name != "exact"}
        return state | {"_packed": (self.exact.shape, PackedFractions.of(self.exact.reshape(-1)))}

    def __getattr__(self, name: str) -> Any:
        if name != "exact" or "_packed" not in self.__dict__:
            raise AttributeError(name)
        shape, packed = self.__dict__["_packed"]
        object.__setattr__(self, "exact", packed.unpacked().reshape(shape))
        return self.exact


@dataclass(frozen=True)
class Parts(_ReadLate):
    """The parts (members, items) that the values of an indicator are made of, in the order of the teams.

    Attributes
    ----------
    owner : place of the team of each part, shape (parts,).
    names, exact, values : name, fraction and number of each part, shape (parts,).
    """

    owner: Places
    names: Objects
    exact: Objects
    values: Floats

    def of(self, team: int) -> dict[str, Fraction]:
        """The parts of one team by name."""
        low, high = np.searchsorted(self.owner, [team, team + 1])
        return dict(zip(self.names[low:high], self.exact[low:high]))

    def without(self, team: int) -> Parts:
        """The parts but those of one team."""
        rest = self.owner != team
        return Parts(self.owner[rest], self.names[rest], self.exact[rest], self.values[rest])

    def take(self, teams: Places) -> Parts:
        """The parts of some teams, which are counted anew from 0."""
        if not len(teams):
            return NO_PARTS
        low, high = np.searchsorted(self.owner, teams), np.searchsorted(self.owner, teams, side="right")
        counts = high - low
        places = np.repeat(low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
        owner = np.repeat(np.arange(len(teams)), counts)
        return Parts(owner, self.names[places], self.exact[places], self.values[places])


NO_PARTS = Parts(np.empty(0, "int64"), np.empty(0, object), np.empty(0, object), np.empty(0))


@dataclass(frozen=True)
class Figures(_ReadLate):
    """The figures of some teams; every array has the shape (teams, indicators).

    Attributes
    ----------
    teams : one row per team (index team_id): its names, peer groups and columns of its village, and its ways to goals.
    indicators : their ids, in the order of the rubric.
    numerator, denominator, value : as measured, NaN where there is none; ``exact`` the value as a fraction, or None.
    status, reason : places in ``STATUSES`` and ``REASONS``; what a condition of the rubric leaves out is not applicable.
    parts : by indicator, where a value is made of parts.
    set_aside : the teams of which rows could not be used.
    """

    teams: pd.DataFrame
    indicators: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    value: Floats
    exact: Objects
    status: Codes
    reason: Codes
    parts: dict[str, Parts] = field(default_factory=dict)
    set_aside: frozenset[str] = frozenset()

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The row of every team, ``team_id`` among its columns."""
        names, columns = [*self.teams.columns, "team_id"], [_cells(self.teams[name]) for name in self.teams]
        ids = plain_texts(self.teams.index)
        return {team: dict(zip(names, row)) for team, row in zip(ids, zip(*columns, ids))}

    @cached_property
    def place(self) -> dict[str, int]:
        """The column of every indicator."""
        return {name: place for place, name in enumerate(self.indicators)}

    def at(self, team: str, indicator: str) -> tuple[int, int]:
        """Row and column of a team and an indicator."""
        return int(self.teams.index.get_loc(team)), self.place[indicator]

    def value_of(self, team: str, indicator: str) -> Fraction | None:
        """The exact value, None where nothing was measured."""
        found: Fraction | None = self.exact[self.at(team, indicator)]
        return found

    def parts_of(self, team: str, indicator: str) -> dict[str, Fraction]:
        """The parts of a value by name; empty where it is of one piece."""
        return self.parts[indicator].of(self.at(team, indicator)[0]) if indicator in self.parts else {}

    def case(self, team: int, column: int, peers: PeerValues | None) -> Case:
        """The figures of one team for one indicator, by their places."""
        parts = self.parts.get(self.indicators[column])
        return Case(self.exact[team, column], parts.of(team) if parts else {}, peers)

    def cases(self, teams: Places, column: int, peers: PeerValues | None) -> Cases:
        """The figures of many teams for one indicator, by their places."""
        name = self.indicators[column]
        parts = self.parts[name].take(teams) if name in self.parts else NO_PARTS
        values = self.value[teams, column], self.exact[teams, column]
        return Cases(*values, parts.owner, parts.names, parts.values, peers)

    def take(self, teams: Places) -> Figures:
        """The figures of some teams, by their places in ascending order."""
        arrays = ("numerator", "denominator", "value", "exact", "status", "reason")
        return replace(
            self,
            teams=self.teams.iloc[teams],
            parts={name: parts.take(teams) for name, parts in self.parts.items()},
            **{name: getattr(self, name)[teams] for name in arrays},
        )


def _cells(column: pd.Series) -> list[Any]:
    """The cells of a column as they stand in a row of it; texts leave it all at once."""
    if not isinstance(column.dtype, pd.StringDtype):
        cells: list[Any] = column.to_numpy(dtype=object).tolist()
        return cells
    return [float("nan") if text is None else text for text in plain_texts(column)]


def peer_groups(rubric: Rubric, teams: pd.DataFrame) -> Iterator[tuple[Any, Mask]]:
    """Every peer group, and which teams are in it; None stands for all, or for teams whose group is not known."""
    if rubric.peer_group == "all":
        yield None, np.ones(len(teams), dtype=bool)
        return
    codes, names = pd.factorize(teams[rubric.peer_group])
    for code in range(-1, len(names)):
        if (inside := codes == code).any():
            yield None if code < 0 else names[code], inside


def peer_counts(rubric: Rubric, found: Figures) -> PeerCounts:
    """The count of each measured value in each peer group, for the indicators scored against peers."""
    compared = [(column, rule.id) for column, rule in enumerate(rubric.indicators()) if rule.of_peers]
    counts: PeerCounts = {name: {} for _, name in compared}
    for group, inside in peer_groups(rubric, found.teams) if compared else ():
        for column, name in compared:
            measured = found.exact[inside & (found.status[:, column] == MEASURED), column]
            if len(measured):
                counts[name][group] = Counter(measured)
    return counts


def peers_from(counts: Iterable[PeerCounts]) -> PeerGroups:
    """The peers of every team, from the counts of one part of the teams or of many."""
    whole: PeerCounts = {}
    for part in counts:
        for name, groups in part.items():
            for group, values in groups.items():
                whole.setdefault(name, {}).setdefault(group, Counter()).update(values)
    return {name: {group: PeerValues(found) for group, found in groups.items()} for name, groups in whole.items()}
