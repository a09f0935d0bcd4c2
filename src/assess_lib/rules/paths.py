"""Targets on the way to a goal that a clause sets for a later year (到2018年): by year, or from each team's own start.

The goal is the target of the indicator's score. What counts before its year is the choice of the rubric.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assess_lib.rules.fields import Number, RuleModel

Year = Annotated[int, Field(ge=2000, le=2100)]


@dataclass(frozen=True)
class Way:
    """What decides the target of one team in one year.

    Attributes
    ----------
    years : that are left, the year itself and that of the goal among them; 0 where the target is the same for all teams.
    start : the value of the year before; None where nobody knows it, so that the goal itself is the target.
    target : by which all teams are measured in the year, where the rubric names it.
    """

    years: int = 0
    start: Fraction | None = None
    target: Fraction | None = None


class PathToGoal(RuleModel):
    """The targets before the year of a goal.

    With ``start: last_year`` what a team's village lacks to the goal is spread evenly over the years left, from the value of
    last year's tables; what is there or is not (all or nothing) is owed in ``goal_year``. With ``targets`` every year has
    its own, the same for all teams; a year without one has the goal.
    """

    basis: Literal["regulation", "proposal"] = "proposal"
    goal_year: Year | None = None
    start: Literal["last_year"] | None = None
    targets: Annotated[dict[Year, Number], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.targets is None) == (self.start is None):
            raise ValueError("path_one_of_both")
        if (self.goal_year is None) != (self.start is None):
            raise ValueError("path_goal_year")
        return self

    def years_left(self, year: int) -> int:
        """The years from one on to that of the goal, both among them; 0 from the year after it, or without a start."""
        return 0 if self.goal_year is None else max(0, self.goal_year - year + 1)

    def way(self, year: int, start: Fraction | None) -> Way | None:
        """What decides the target of a team in a year; None where that is the goal for everybody.

        Parameters: ``start`` the team's value in the year before.
        """
        if self.targets is not None:
            return Way(target=self.targets[year]) if year in self.targets else None
        left = self.years_left(year)
        return Way(left, start) if left > 1 else None

    def by_year(self) -> Iterator[tuple[int, Fraction]]:
        """The targets that the rubric names, in the order of the years."""
        yield from sorted((self.targets or {}).items())


def way_column(indicator: str) -> str:
    """The column in which the row of a team has its way to the goal of an indicator."""
    return f"way to {indicator}"
