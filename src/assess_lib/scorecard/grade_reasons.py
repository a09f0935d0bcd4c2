"""What keeps a team below the grade of its total: a veto, a quota, or a tie at the edge of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from assess_lib.exact import exact
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.quotas import Quota
from assess_lib.scoring.ranks import grade_quotas


class DecidedBy(StrEnum):
    """What decided a grade."""

    LINE = "line"
    VETO = "veto"
    QUOTA = "quota"
    TIE = "tie"
    AFTER_TIE = "after_tie"


@dataclass(frozen=True)
class GradeReason:
    """Why a team has its grade: ``by`` what, ``band`` the place of the grade of its total (0 the best), the quota, the vetoes."""

    by: DecidedBy
    band: int
    quota: Quota | None = None
    vetoes: tuple[str, ...] = ()


class GradeReasons:
    """The reasons of the grades of all teams.

    Parameters: ``scores`` with total, grade, vetoes, overall_rank and the peer groups, as in ``Assessment``; ``quotas`` as
    ``grade_quotas`` gives them, where they are known.
    """

    def __init__(self, rubric: Rubric, scores: pd.DataFrame, quotas: Sequence[Quota] | None = None):
        self._bands = rubric.grades.bands
        self._places = {grade.id: place for place, grade in enumerate(self._bands)}
        self._limits = {veto.id: self._places[veto.limit] for veto in rubric.veto}
        self._by, self._rubric, self._scores = rubric.grades.quota_by, rubric, scores
        self._columns = {name: scores[name].to_numpy() for name in ("total", "grade", "vetoes")}
        self._groups = None if self._by == "all" else scores[self._by].to_numpy()
        self._quotas = quotas

    @classmethod
    def of_year(cls, result: Assessment) -> GradeReasons:
        """Those of an assessment, whose quotas are worked out once."""
        quotas = result.once("grade_quotas", lambda: grade_quotas(result.rubric, result.scores))
        return cls(result.rubric, result.scores, quotas)

    def of(self, team: str) -> GradeReason:
        """The reason of a team's grade."""
        score = self._row(team)
        band, place = self.band(score["total"]), self._places[score["grade"]]
        if place == band:
            return GradeReason(DecidedBy.LINE, band)
        if place == max([band, *(self._limits[veto] for veto in score["vetoes"])]):
            limiting = tuple(veto for veto in score["vetoes"] if self._limits[veto] == place)
            return GradeReason(DecidedBy.VETO, band, vetoes=limiting)
        quota = self.quota(team, place - 1)
        assert quota is not None
        if team in quota.tied:
            return GradeReason(DecidedBy.TIE, band, quota)
        used_up = len(quota.chosen) >= quota.places
        return GradeReason(DecidedBy.QUOTA if used_up else DecidedBy.AFTER_TIE, band, quota)

    def band(self, total: float) -> int:
        """The place of the grade of a total, whatever vetoes and quotas say, 0 for the best."""
        return next(n for n, grade in enumerate(self._bands) if exact(total) in grade.range)

    def limit(self, team: str) -> int:
        """The place of the best grade that the vetoes of a team allow."""
        return max((self._limits[veto] for veto in self._row(team)["vetoes"]), default=0)

    def quota(self, team: str, place: int) -> Quota | None:
        """The quota of a grade, by its place, in the group of a team; None where it has none."""
        if self._quotas is None:
            self._quotas = grade_quotas(self._rubric, self._scores)
        group = self._groups[self._scores.index.get_loc(team)] if self._groups is not None else ""
        grade, group = self._bands[place].id, "" if pd.isna(group) else str(group)
        return next((quota for quota in self._quotas if quota.grade == grade and quota.group == group), None)

    def _row(self, team: str) -> dict[str, Any]:
        place = self._scores.index.get_loc(team)
        return {name: values[place] for name, values in self._columns.items()}
