"""What if: the totals, ranks and grades of all teams by other weights, targets and limits.

The same engine scores the figures by the changed rubric; nothing is measured anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from assess_lib.rules.changes import Changes, changed
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.adjustments import replaced
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.awards import commended, rectified
from assess_lib.scoring.engine import Given, Points, score_points
from assess_lib.scoring.figures import Figures
from assess_lib.scoring.measuring import figures_of
from assess_lib.scoring.ranks import rank_and_grade
from assess_lib.scoring.tables import HELD, add_tie_breakers, dimension_table


@dataclass(frozen=True)
class Outcome:
    """The consequences of changes.

    Attributes
    ----------
    rubric : the changed rules. scores : as in ``Assessment``, of all teams. points : in steps.
    commended : the teams on the commendation list; ``rectified`` the teams, ``rectified_units`` the units asked to rectify.
    """

    rubric: Rubric
    scores: pd.DataFrame
    points: Points
    commended: tuple[str, ...]
    rectified: tuple[str, ...]
    rectified_units: tuple[str, ...]


class Trial:
    """A year to try rules on. ``start`` is the outcome of no changes: what holds.

    Parameters: ``result`` the assessment with all that people judged.
    """

    def __init__(self, result: Assessment):
        self.result, self.rubric = result, result.rubric
        self.start = self.outcome(Changes())

    def outcome(self, changes: Changes) -> Outcome:
        """The consequences of changes for all teams. Raises UnusableInput when they do not hold together."""
        rubric, official = changed(self.rubric, changes), self.result.scores
        points = score_points(rubric, self._figures(rubric), self.result.peer_values, self._given(rubric))
        scores = dimension_table(rubric, points)
        for name in ("provisional", "vetoes", "county", "area", "unit_type"):
            scores[name] = official[name]
        add_tie_breakers(rubric, scores, points)
        scores = rank_and_grade(rubric, scores)
        teams, units = rectified(rubric, points, scores, self.result.figures.teams["unit_id"])
        listed = tuple(commended(rubric, scores, teams))
        return Outcome(rubric, scores, points, listed, tuple(teams), tuple(units))

    def moves(self, outcome: Outcome) -> pd.DataFrame:
        """Every team before and after: total, rank and grade, and the change of total; index team_id."""
        before, after = self.start.scores, outcome.scores
        return pd.DataFrame(
            {
                "total_before": before["total"],
                "total": after["total"],
                "change": (after["total"] - before["total"]).round(2),
                "rank_before": before["rank"],
                "rank": after["rank"],
                "grade_before": before["grade"],
                "grade": after["grade"],
            }
        )

    def steps_between(self, outcome: Outcome, team: str) -> list[tuple[str, float]]:
        """From the official to the trial total of a team: what each indicator, and each cap or floor, adds in points."""
        row, before, after = self.start.points.teams.get_loc(team), self.start.points, outcome.points
        groups = [f"{group.id}:{HELD}" for dimension in self.rubric.dimensions for group in dimension.groups]
        names = [*self.result.figures.indicators, *groups]
        difference = [*(after.steps[row] - before.steps[row]), *(after.held[row] - before.held[row])]
        return [(name, int(count) / before.per_point) for name, count in zip(names, difference) if count]

    def _figures(self, rubric: Rubric) -> Figures:
        """The figures by other rules: what is due on the way to a goal hangs on the goal."""
        ways = [
            [(one.id, one.score, one.variants) for one in rules.indicators() if one.path]
            for rules in (self.rubric, rubric)
        ]
        if ways[0] == ways[1]:
            return self.result.figures
        found = figures_of(rubric, self.result.data, dict(self.result.measurements))
        return replaced(rubric, found, self.result.adjustments)

    def _given(self, rubric: Rubric) -> Given:
        """Points that people set, in proportion to the nominal weight of their indicator by other rules."""
        rows, given = self.result.figures.rows, {}
        for (team, name), number in self.result.adjustments.points.items():
            before, now = (rules.indicator(name).for_team(rows[team])[0] for rules in (self.rubric, rubric))
            given[team, name] = number * now / before if before else Fraction(number)
        return given
