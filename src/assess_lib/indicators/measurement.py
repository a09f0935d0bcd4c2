"""The outcome of a measure: numerator, denominator, value and status per team, and the rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from assess_lib.exact import exact
from assess_lib.indicators.packed_fractions import PackedFractions
from assess_lib.tables.dataset import YearData

SCALE, LARGEST_EXACT = 10**4, 1e15  # money is known to the hundredth of a fen
Places: TypeAlias = npt.NDArray[Any]
Numbers: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Status(StrEnum):
    """The status of an indicator for a team: missing is not the same as not applicable, and neither is 0."""

    MEASURED = "measured"
    NO_EVIDENCE = "no_evidence"
    NOT_APPLICABLE = "not_applicable"


MEASURED, NO_EVIDENCE, NOT_APPLICABLE = Status
_STATUSES = pd.array([MEASURED, NOT_APPLICABLE, NO_EVIDENCE], dtype="str")


class Evidence:
    """The rows behind the values of a measure, put together when somebody asks: most of a year's are never looked at.

    Parameters: ``make`` gives the rows, with team_id, ``met`` and the columns worth showing.
    """

    def __init__(self, make: Callable[[], pd.DataFrame]):
        self._make = make

    def __getstate__(self) -> dict[str, Any]:
        return {"rows": self.rows}

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows counted, of all teams."""
        return self._make()


NO_ROWS = Evidence(lambda: pd.DataFrame({"team_id": pd.Series(dtype="str"), "met": pd.Series(dtype="boolean")}))


@dataclass(frozen=True)
class Measurement:
    """The outcome of one measure for all teams.

    Attributes
    ----------
    teams : one row per team (index team_id): numerator, denominator (NaN for a plain amount),
        value, status, and ``exact``, the value as a fraction that points are decided on.
    lazy_evidence : the rows counted, put together when ``evidence`` is asked for; ``table`` names where they come from.
    parts : where a value is made of parts (members, items): team_id, part, exact.
    """

    teams: pd.DataFrame
    lazy_evidence: Evidence
    table: str
    parts: pd.DataFrame | None = field(default_factory=lambda: None)  # no attribute of the class: it may be read late

    def __getstate__(self) -> dict[str, Any]:
        """The measurement as it is written: fractions packed, nothing that follows from the rest."""
        state: dict[str, Any] = {"lazy_evidence": self.lazy_evidence, "table": self.table, "_packed": {}}
        for name in ("teams", "parts"):
            if (table := getattr(self, name)) is not None:
                exact = PackedFractions.of(table["exact"].to_numpy(dtype=object))
                state["_packed"][name] = (table.drop(columns="exact"), exact)
        return state

    def __getattr__(self, name: str) -> Any:
        """Tables whose fractions were read back packed are put together when they are first asked for."""
        if name not in ("teams", "parts") or "_packed" not in self.__dict__:
            raise AttributeError(name)
        table, exact = self.__dict__["_packed"].get(name, (None, None))
        table = None if table is None else table.assign(exact=pd.Series(exact.unpacked(), table.index, dtype=object))
        object.__setattr__(self, name, table)
        return table

    @property
    def evidence(self) -> pd.DataFrame:
        """The rows counted, each with team_id, ``met`` (True, False, or blank where nothing was recorded), and the
        columns worth showing."""
        return self.lazy_evidence.rows

    def evidence_of(self, team_id: str) -> pd.DataFrame:
        """The rows counted for one team."""
        return self.evidence.iloc[self._rows_of(team_id)]

    def places_of(self, team_id: str) -> tuple[Places, Places, Places]:
        """The places among all rows of evidence of a team's rows that are met, that failed, and that are blank."""
        rows = self._rows_of(team_id)
        marks = self._marks[rows]
        return rows[marks == 1], rows[marks == 0], rows[marks == -1]

    def filled_columns(self, team_id: str) -> list[str]:
        """The columns that are not blank in all rows of a team, but team and ``met``."""
        rows = self._rows_of(team_id)
        return [column for column, filled in self._filled.items() if filled[rows].any()]

    def parts_of(self, team_id: str) -> pd.DataFrame:
        """The parts of one team's value."""
        if self.parts is None:
            raise ValueError("the value is not made of parts")
        return self.parts.iloc[self._part_rows.get(team_id, [])]

    def _rows_of(self, team_id: str) -> Places:
        teams, rows, starts = self._evidence_rows
        place = teams.get_indexer([team_id])[0]
        return rows[starts[place] : starts[place + 1]] if place >= 0 else rows[:0]

    @cached_property
    def _marks(self) -> npt.NDArray[np.int8]:
        """A mark per row of evidence: 1 met, 0 failed, -1 blank."""
        marks: npt.NDArray[np.int8] = (
            self.evidence["met"].astype("boolean").astype("Int8").fillna(-1).to_numpy(dtype="int8")
        )
        return marks

    @cached_property
    def _filled(self) -> dict[str, Mask]:
        """A mask per column, True in rows where it has a value."""
        columns = [column for column in self.evidence.columns if column not in ("team_id", "met")]
        return {column: self.evidence[column].notna().to_numpy() for column in columns}

    @cached_property
    def _evidence_rows(self) -> tuple[pd.Index, Places, Places]:
        """The teams, the places of all rows of evidence team by team, and where each team begins among them."""
        teams = self.evidence["team_id"].astype("category").cat
        codes = teams.codes.to_numpy()
        in_order = bool((codes[1:] >= codes[:-1]).all())
        rows = np.arange(len(codes)) if in_order else np.argsort(codes, kind="stable")
        return teams.categories, rows, np.searchsorted(codes[rows], np.arange(len(teams.categories) + 1))

    @cached_property
    def _part_rows(self) -> dict[str, Places]:
        indices: dict[str, Places] = {} if self.parts is None else self.parts.groupby("team_id").indices
        return indices


def share(
    data: YearData,
    rows: pd.DataFrame,
    met: pd.Series,
    *,
    table: str,
    show: Sequence[str],
    source: Iterable[str] | None = None,
    parts: str | None = None,
) -> Measurement:
    """Rows that are met ÷ rows, per team.

    Parameters
    ----------
    rows : what is counted in the denominator, with team_id, shape (rows,).
    met : True or False per row; blank where nothing was recorded, which counts as not met.
    table, show : where the rows come from and which of their columns are shown.
    source : team ids for which there is evidence at all (those of ``rows`` when not given); a team
        outside it has no evidence, a team inside it without rows is not applicable.
    parts : column that names the rows as parts (for checklists).

    A team all of whose rows are blank has no evidence.
    """
    done, known = met.to_numpy(dtype=bool, na_value=False), met.notna().to_numpy()
    team = _places(data, rows["team_id"])
    met_of, rows_of, known_of = (_per_team(data, team, chosen) for chosen in (done, None, known))
    any_rows = rows_of > 0
    recorded = any_rows if source is None else _among_teams(data, source)
    top, below = (np.where(any_rows, counts, np.nan) for counts in (met_of, rows_of))
    frame = _ratios(data, top, below, recorded & ~(any_rows & (known_of == 0)))
    pieces = None
    if parts is not None:
        values = np.array([Fraction(0), Fraction(1)])[done.astype("int8")]
        pieces = pd.DataFrame({"team_id": rows["team_id"], "part": rows[parts], "exact": values})
    return Measurement(frame, evidence_of(rows, met, show), table, pieces)


def ratio(
    data: YearData,
    numerator: pd.Series,
    denominator: pd.Series | float | None,
    *,
    source: Iterable[str],
    value: dict[str, Fraction] | None = None,
    evidence: Evidence = NO_ROWS,
    table: str = "",
    parts: pd.DataFrame | None = None,
) -> Measurement:
    """Numerator ÷ denominator per team (index team_id); a plain amount when the denominator is None.

    A team in ``source`` whose denominator is 0, below 0 or missing is not applicable; a team outside
    it has no evidence. ``value`` replaces the quotient where the value is more than that; a team
    that it leaves out is not applicable.
    """
    top = numerator.reindex(data.team_ids).to_numpy(dtype="float64", na_value=np.nan)
    below: Numbers | None = None
    if isinstance(denominator, pd.Series):
        below = denominator.reindex(data.team_ids).to_numpy(dtype="float64", na_value=np.nan)
    elif denominator is not None:
        below = np.full(len(top), float(denominator))
    frame = _ratios(data, top, below, _among_teams(data, source), value)
    return Measurement(frame, evidence, table, parts)


def _ratios(
    data: YearData, top: Numbers, below: Numbers | None, known: Mask, value: dict[str, Fraction] | None = None
) -> pd.DataFrame:
    """The table of teams of a measurement from arrays, shape (teams,): both terms, and which have evidence."""
    teams = data.team_ids
    applies = ~np.isnan(top) if below is None else ~np.isnan(top) & (below > 0)
    if value is not None:
        applies &= np.array([team in value for team in data.team_names], dtype=bool)
    measured = known & applies
    exactly, rounded = np.full(len(teams), None, dtype=object), np.full(len(teams), np.nan)
    if value is None:
        terms = top[measured], np.ones(measured.sum()) if below is None else below[measured]
        exactly[measured], rounded[measured] = _quotients(*terms)
    else:
        found = [value[team] for team, does in zip(data.team_names, measured) if does]
        exactly[measured], rounded[measured] = found, [quotient.numerator / quotient.denominator for quotient in found]
    columns = {
        "numerator": np.where(measured, top, np.nan),
        "denominator": np.full(len(teams), np.nan) if below is None else np.where(known, below, np.nan),
        "value": rounded,
        "status": _STATUSES.take(np.where(measured, 0, np.where(known, 1, 2))),
        "exact": exactly,
    }
    return pd.DataFrame(columns, index=teams)


def amount_of(rows: pd.DataFrame, column: str) -> pd.Series:
    """The sum of a column per team, the same whatever the order of rows; blanks add nothing.

    Added as whole numbers of the fourth decimal, so in hundredths of a fen for money.
    """
    whole, owner = in_whole_units(rows[column]), rows["team_id"].astype("category").cat
    sums, counts = np.zeros(len(owner.categories), dtype="int64"), np.zeros(len(owner.categories), dtype="int64")
    np.add.at(sums, owner.codes, whole)
    np.add.at(counts, owner.codes, 1)
    return pd.Series(sums[counts > 0] / SCALE, owner.categories[counts > 0].rename("team_id"), name=column)


def in_whole_units(amounts: pd.Series) -> Places:
    """Amounts as whole numbers of the fourth decimal, shape (rows,); 0 for a blank."""
    numbers = amounts.to_numpy(dtype="float64", na_value=np.nan)
    return np.round(np.where(np.isnan(numbers), 0, numbers) * SCALE).astype("int64")


def evidence_of(rows: pd.DataFrame, met: Sequence[bool] | pd.Series | bool, show: Sequence[str]) -> Evidence:
    """Rows to be shown behind a value; ``met`` True for rows that count, blank where nothing was recorded."""
    rows = rows.copy(deep=False)  # what a measure does with its own afterwards is not shown

    def made() -> pd.DataFrame:
        return rows[["team_id", *show]].assign(met=pd.Series(met, index=rows.index).astype("boolean"))

    return Evidence(made)


def _quotients(top: Numbers, below: Numbers) -> tuple[Places, Numbers]:
    """The quotients of numbers as written, exact and as floats, shape (rows,) each; many teams have the same one."""
    (above, tops), (under, belows) = pd.factorize(top), pd.factorize(below)
    rows, distinct = pd.factorize(above * len(belows) + under)
    top, below = tops[distinct // max(len(belows), 1)], belows[distinct % max(len(belows), 1)]
    # A float of at most fifteen digits and four decimals is that many ten-thousandths, which spares writing it out.
    whole = [np.round(numbers * SCALE) for numbers in (top, below)]
    short = [(np.abs(n) < LARGEST_EXACT) & (n / SCALE == numbers) for n, numbers in zip(whole, (top, below))]
    exactly = [
        Fraction(int(n), int(d)) if is_short else exact(t) / exact(b)
        for t, b, n, d, is_short in zip(*(numbers.tolist() for numbers in (top, below, *whole, short[0] & short[1])))
    ]
    rounded = np.array([quotient.numerator / quotient.denominator for quotient in exactly], dtype="float64")
    return np.array([*exactly, None], dtype=object)[rows], rounded[rows]


def _among_teams(data: YearData, source: Iterable[str]) -> Mask:
    """True for teams that stand in a source, shape (teams,)."""
    known = np.zeros(len(data.team_ids) + 1, dtype=bool)  # the last place is that of ids which are no team
    if isinstance(source, pd.Series):
        known[_places(data, source)] = True
    else:
        among = source if isinstance(source, Set) else frozenset(source)
        known[:-1] = [team in among for team in data.team_names]
    return known[:-1]


def _places(data: YearData, team_ids: pd.Series) -> Places:
    """The place of each row's team among all teams, shape (rows,)."""
    if isinstance(team_ids.dtype, pd.CategoricalDtype) and team_ids.cat.categories.equals(data.team_ids):
        codes: Places = team_ids.cat.codes.to_numpy()
        return codes
    places: Places = data.team_ids.get_indexer(team_ids)
    return places


def _per_team(data: YearData, places: Places, chosen: Mask | None = None) -> Places:
    """The number of rows, or of chosen rows, per team, shape (teams,)."""
    return np.bincount(places if chosen is None else places[chosen], minlength=len(data.team_ids))


def mean_rating(data: YearData, kind: str) -> Measurement:
    """Sum of the ratings of a kind of inspection ÷ their number."""
    visits = data.rows("inspections")
    visits = visits[visits["kind"] == kind]
    found = evidence_of(visits, True, ["inspection_id", "inspector", "on", "rating"])
    total, number = amount_of(visits, "rating"), visits.groupby("team_id").size()
    return ratio(data, total, number, source=visits["team_id"], evidence=found, table="inspections")
