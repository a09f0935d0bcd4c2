"""All teams of a year: measurements → figures → points → total → rank → grade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar, cast

import pandas as pd

from assess_lib.exact import decimal_text
from assess_lib.faults import UnusableInput
from assess_lib.html_table import html_table, weighted
from assess_lib.indicators.measurement import NOT_APPLICABLE, Measurement
from assess_lib.indicators.starting_conditions import starting_conditions
from assess_lib.ledger.state import ReviewState
from assess_lib.rules.kinds import Score
from assess_lib.rules.peer_values import PeerValues
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.adjustments import (
    Adjustments,
    adjustments_in_force,
    affected_teams,
    among_peers,
    replaced,
)
from assess_lib.scoring.engine import NOTHING_GIVEN, Given, Points, score_with_bounds
from assess_lib.scoring.entered_values import entered_faults
from assess_lib.scoring.figures import Figures, PeerGroups, Places, peer_counts, peers_from
from assess_lib.scoring.measuring import figures_of, measure_all
from assess_lib.scoring.ranks import rank_and_grade
from assess_lib.scoring.tables import point_table, score_table
from assess_lib.scoring.terms import exact_terms
from assess_lib.tables.dataset import YearData
from assess_lib.words import translate

ROWS_SHOWN = 10
T = TypeVar("T")


@dataclass(frozen=True)
class Assessment:
    """The assessment of all teams of a year.

    Attributes
    ----------
    measurements : by indicator id, with the rows behind them.
    figures : numbers and statuses of every team and indicator, with what people put in their place.
    peer_values : the values of every peer group, for the indicators scored against peers.
    in_steps : points, weights and what caps and floors add, in whole rounding steps.
    unplaced : scores before ranks and grades. ``scores`` : one row per team (index team_id): a column of points per focal
        point, total, rank, grade, provisional, overall_rank (among all), vetoes (ids), lowest and highest (the totals
        that missing evidence leaves open), and the peer groups county, area, unit_type.
    review_state : what people judged, None where nobody looked; ``adjustments`` what became of it; ``computed`` the
        assessment without it, None where it changes nothing.
    """

    year: int
    rubric: Rubric
    data: YearData
    measurements: dict[str, Measurement]
    figures: Figures
    peer_values: PeerGroups
    in_steps: Points
    unplaced: pd.DataFrame
    scores: pd.DataFrame
    review_state: ReviewState | None = None
    adjustments: Adjustments = Adjustments()
    computed: Assessment | None = None

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per team and indicator, as :func:`assess_lib.scoring.tables.point_table` gives them.

        The rows of a team add up to its total.
        """
        return point_table(self.rubric, self.figures, self.in_steps)

    @cached_property
    def terms(self) -> pd.DataFrame:
        """What points are made of whatever the weights are, as :func:`assess_lib.scoring.terms.exact_terms` gives it."""
        return exact_terms(self.rubric, self.figures, self.peer_values, self.adjustments.points)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What follows for all teams and every scorecard asks for, made for the first. ``name`` is the caller's own."""
        known: dict[str, Any] = self.__dict__.setdefault("_once", {})
        if name not in known:
            known[name] = make()
        return cast(T, known[name])

    def __repr__(self) -> str:
        return f"<Assessment {self.year}: {len(self.scores)} teams by {self.rubric.id} {self.rubric.version}>"

    def _repr_html_(self, lang: str = "zh") -> str:
        """The best teams, with points by focal point."""
        rubric, first = self.rubric, self.scores.sort_values("overall_rank", kind="stable").head(ROWS_SHOWN)
        columns = [weighted(each.name[lang], decimal_text(each.weight), lang) for each in rubric.dimensions]
        ends = [translate(f"library.{word}", lang) for word in ("total", "rank", "grade")]
        grades = {grade.id: grade.label(lang) for grade in rubric.grades.bands}
        rows: list[list[object]] = [
            [team, *("–" if row[each.id] != row[each.id] else f"{row[each.id]:.2f}" for each in rubric.dimensions)]
            + [f"{row['total']:.2f}", str(row["rank"]), grades[row["grade"]]]
            for team, row in first.iterrows()
        ]
        if len(self.scores) > len(first):
            rows.append([translate("library.more", lang, count=len(self.scores) - len(first))])
        about = {"rubric": rubric.name[lang], "version": rubric.version, "year": self.year, "count": len(self.scores)}
        caption = translate("library.assessment", lang, **about)
        return html_table(caption, [translate("library.team", lang), *columns, *ends], rows)

    @property
    def as_computed(self) -> Assessment:
        """The assessment without what people judged."""
        return self.computed or self

    def peers(self, team_id: str) -> pd.Index:
        """The teams of the peer group of a team, itself included."""
        return self.scores.index[self._group_of == self._group_of[team_id]]

    def peer_values_of(self, indicator: str, team_id: str) -> PeerValues | None:
        """The values of an indicator that is scored against peers, in the peer group of a team; None for others."""
        return self.peer_values.get(indicator, {}).get(self._group_of[team_id] or None)

    @cached_property
    def sharing_rank(self) -> pd.Series:
        """The number of teams with the rank of each, itself among them; index team_id."""
        by, ranks = self.rubric.ranking.by, self.scores["rank"]
        return ranks.groupby([ranks] if by == "all" else [self.scores[by].fillna(""), ranks]).transform("size")

    def rule_of(self, indicator: Indicator, team_id: str) -> tuple[Fraction, Score]:
        """Weight and score of an indicator in force for a team, with its own target where it is on its way to a goal."""
        return indicator.for_team(self.figures.rows[team_id])

    def points_of(self, team_id: str) -> pd.DataFrame:
        """The rows of one team, indexed by indicator."""
        return self.points.iloc[self._rows_of.get(team_id, [])].set_index("indicator")

    def peer_medians(self, team_id: str) -> pd.Series:
        """The median points of the peers of a team to whom it applies, per indicator; 0 where it applies to none."""
        return self._medians["points"].loc[self._group_of[team_id]].fillna(0)

    def peer_median_shares(self, team_id: str) -> pd.Series:
        """The same of points ÷ weight, of those for whom it has a weight."""
        return self._medians["share"].loc[self._group_of[team_id]].fillna(0)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Points ÷ weight of every focal point (columns) and team (index); blank where the weight is 0."""
        sums = self.points.groupby(["team_id", "dimension"])[["points", "weight"]].sum()
        return (sums["points"] / sums["weight"].where(sums["weight"] > 0)).unstack()

    @cached_property
    def starting_conditions(self) -> pd.DataFrame:
        """As :func:`assess_lib.indicators.starting_conditions.starting_conditions` gives them."""
        return starting_conditions(self.data) if self.computed is None else self.computed.starting_conditions

    @cached_property
    def _rows_of(self) -> dict[str, Places]:
        rows: dict[str, Places] = self.points.groupby("team_id").indices
        return rows

    @cached_property
    def _group_of(self) -> pd.Series:
        """The peer group of every team, by one word each."""
        if self.rubric.peer_group == "all":
            return pd.Series("", index=self.scores.index)
        return self.scores[self.rubric.peer_group].fillna("")

    @cached_property
    def _medians(self) -> pd.DataFrame:
        """The medians of ``points`` and ``share`` by peer group (index) and indicator, under each name."""
        rows = self.points[["team_id", "indicator", "points", "weight", "status"]]
        rows = rows.assign(
            share=rows["points"] / rows["weight"].where(rows["weight"] > 0),
            points=rows["points"].where(rows["status"] != NOT_APPLICABLE),
        )
        groups = self._group_of.reindex(rows["team_id"]).to_numpy()
        return rows.groupby([groups, "indicator"])[["points", "share"]].median().unstack()


def assess(rubric: Rubric, data: YearData, review_state: ReviewState | None = None) -> Assessment:
    """Assess all teams of a year by a rubric, with what people judged where that is given.

    Raises UnusableInput when typed-in values do not fit the rubric.
    """
    if faults := entered_faults(rubric, data, "entered_values"):
        raise UnusableInput(faults)
    measurements = measure_all(rubric, data)
    found = figures_of(rubric, data, measurements)
    peers = peers_from([peer_counts(rubric, found)])
    in_steps, unplaced = score_teams(rubric, found, peers)
    scores = rank_and_grade(rubric, unplaced)
    computed = Assessment(data.year, rubric, data, measurements, found, peers, in_steps, unplaced, scores)
    return computed if review_state is None else with_reviews(computed, review_state)


def score_teams(
    rubric: Rubric, found: Figures, peers: PeerGroups, given: Given = NOTHING_GIVEN
) -> tuple[Points, pd.DataFrame]:
    """Points in steps, and scores before anything that needs all teams (ranks, quotas).

    Parameters: as for :func:`assess_lib.scoring.engine.score_points`.
    """
    points, lowest, highest = score_with_bounds(rubric, found, peers, given)
    return points, score_table(rubric, found, points, {"lowest": lowest, "highest": highest})


def with_reviews(computed: Assessment, review_state: ReviewState) -> Assessment:
    """An assessment with what people judged put in the place of what was computed.

    Only the teams that judgements may change are scored again; the result is that of scoring all.
    Parameters: ``computed`` without anything that people judged.
    """
    rubric, before = computed.rubric, computed.figures
    ruled = adjustments_in_force(rubric, before, review_state)
    if not ruled.touched:
        return replace(computed, review_state=review_state, adjustments=ruled)
    found, peers = replaced(rubric, before, ruled), computed.peer_values
    if peers and (ruled.values or ruled.excluded):
        peers = peers_from([peer_counts(rubric, replaced(rubric, before, among_peers(ruled)))])
    teams = affected_teams(rubric, before, ruled)
    some, rows = score_teams(rubric, found.take(teams), peers, ruled.points)
    unplaced = pd.concat([computed.unplaced.drop(rows.index), rows]).reindex(computed.unplaced.index)
    unplaced = unplaced.astype(computed.unplaced.dtypes.to_dict())
    return replace(
        computed,
        figures=found,
        peer_values=peers,
        in_steps=computed.in_steps.put(teams, some),
        unplaced=unplaced,
        scores=rank_and_grade(rubric, unplaced),
        review_state=review_state,
        adjustments=ruled,
        computed=computed,
    )
