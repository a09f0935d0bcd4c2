"""What a measure gives: numerator, denominator, value and status per team, and the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from assess_lib.exact import exact
from assess_lib.tables.dataset import YearData

MONEY_DIGITS = 4
MEASURED, NO_EVIDENCE, NOT_APPLICABLE = "measured", "no_evidence", "not_applicable"


@dataclass(frozen=True)
class Measurement:
    """The outcome of one measure for all teams.

    Attributes
    ----------
    teams : one row per team (index team_id): numerator, denominator (NaN for a plain amount),
        value, status, and ``exact``, the value as a fraction that points are decided on.
    evidence : the rows counted, each with team_id, ``met`` (True, False, or blank where nothing
        was recorded), and the columns worth showing; ``table`` names where they come from.
    parts : where a value is made of parts (members, items): team_id, part, exact.
    """

    teams: pd.DataFrame
    evidence: pd.DataFrame
    table: str
    parts: pd.DataFrame | None = None

    def evidence_of(self, team_id: str) -> pd.DataFrame:
        """The rows counted for one team."""
        return self.evidence.iloc[self._evidence_rows.get(team_id, [])]

    def parts_of(self, team_id: str) -> pd.DataFrame:
        """The parts of one team's value."""
        return self.parts.iloc[self._part_rows.get(team_id, [])]

    @cached_property
    def _evidence_rows(self) -> dict:
        return self.evidence.groupby("team_id").indices

    @cached_property
    def _part_rows(self) -> dict:
        return self.parts.groupby("team_id").indices


def share(
    data: YearData, rows: pd.DataFrame, met: pd.Series, *, table: str, show: Sequence[str],
    source: Iterable | None = None, parts: str | None = None,
) -> Measurement:  # fmt: skip
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
    met = met.astype("boolean")
    counted = pd.DataFrame(
        {"team_id": rows["team_id"], "met": met.fillna(False).astype(int), "known": met.notna().astype(int)}
    )
    sums = counted.groupby("team_id").agg(numerator=("met", "sum"), denominator=("met", "size"), known=("known", "sum"))
    unknown = set(sums.index[sums["known"] == 0])
    known = set(rows["team_id"] if source is None else source)
    frame = ratio(data, sums["numerator"], sums["denominator"], source=known - unknown).teams
    pieces = None
    if parts is not None:
        values = [Fraction(int(done)) for done in counted["met"]]
        pieces = pd.DataFrame({"team_id": rows["team_id"], "part": rows[parts], "exact": values})
    return Measurement(frame, _evidence(rows, met, show), table, pieces)


def ratio(
    data: YearData, numerator: pd.Series, denominator: pd.Series | float | None, *, source: Iterable,
    value: dict[str, Fraction] | None = None, evidence: pd.DataFrame | None = None, table: str = "",
    parts: pd.DataFrame | None = None,
) -> Measurement:  # fmt: skip
    """Numerator ÷ denominator per team (index team_id); a plain amount when the denominator is None.

    A team in ``source`` whose denominator is 0, below 0 or missing is not applicable; a team outside
    it has no evidence. ``value`` replaces the quotient where the value is more than that; a team
    that it leaves out is not applicable.
    """
    frame = pd.DataFrame(index=data.team_ids)
    frame["numerator"] = numerator.reindex(frame.index).astype("float64")
    amount = denominator is None
    if isinstance(denominator, pd.Series):
        denominator = denominator.reindex(frame.index)
    frame["denominator"] = pd.Series(denominator, index=frame.index, dtype="float64")
    known = frame.index.isin(list(set(source)))
    applies = frame["numerator"].notna() & ((frame["denominator"] > 0) | amount)
    if value is not None:
        applies &= frame.index.isin(list(value))
    frame["status"] = NO_EVIDENCE
    frame.loc[known, "status"] = NOT_APPLICABLE
    frame.loc[known & applies, "status"] = MEASURED
    frame.loc[frame["status"] != MEASURED, "numerator"] = float("nan")
    if not amount:
        frame.loc[frame["status"] == NO_EVIDENCE, "denominator"] = float("nan")
    frame["exact"] = [
        None if status != MEASURED else value[team] if value is not None else _quotient(top, None if amount else below)
        for team, status, top, below in zip(frame.index, frame["status"], frame["numerator"], frame["denominator"])
    ]
    frame["value"] = [float("nan") if found is None else float(found) for found in frame["exact"]]
    if evidence is None:
        evidence = pd.DataFrame({"team_id": pd.Series(dtype="str"), "met": pd.Series(dtype="boolean")})
    return Measurement(frame[["numerator", "denominator", "value", "status", "exact"]], evidence, table, parts)


def amount_of(rows: pd.DataFrame, column: str) -> pd.Series:
    """The sum of a column per team, the same whatever the order of rows; blanks add nothing.

    Added as whole numbers of the fourth decimal, so in hundredths of a fen for money.
    """
    scale = 10**MONEY_DIGITS
    whole = (rows[column].astype("float64").fillna(0) * scale).round().astype("int64")
    return whole.groupby(rows["team_id"]).sum() / scale


def evidence_of(rows: pd.DataFrame, met, show: Sequence[str]) -> pd.DataFrame:
    """Rows to be shown behind a value; ``met`` True for rows that count."""
    return _evidence(rows, pd.Series(met, index=rows.index).astype("boolean"), show)


def _evidence(rows: pd.DataFrame, met: pd.Series, show: Sequence[str]) -> pd.DataFrame:
    return rows[["team_id", *show]].assign(met=met)


def _quotient(top: float, below: float | None) -> Fraction:
    return exact(top) if below is None else exact(top) / exact(below)
