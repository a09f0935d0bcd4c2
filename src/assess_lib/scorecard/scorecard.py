"""One team's view of an assessment, complete and already worded: what the pages and notebooks show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from assess_lib.exact import exact
from assess_lib.faults import UnusableInput
from assess_lib.html_table import html_table, weighted
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE, NOT_APPLICABLE
from assess_lib.ledger.state import StageNow
from assess_lib.rules.kinds import Score
from assess_lib.rules.rubric import Grade, Indicator, Rubric
from assess_lib.scorecard.award_words import vetoes_by_grade
from assess_lib.scorecard.comparison import NOTHING, Comparable, compare_team
from assess_lib.scorecard.evidence_rows import Evidence, evidence_for
from assess_lib.scorecard.focal_points import dimension_lines
from assess_lib.scorecard.lines import DimensionLine, IndicatorLine
from assess_lib.scorecard.overview import unknown_team
from assess_lib.scorecard.review_lines import DisputeLine, ReviewLine, dispute_lines, review_lines
from assess_lib.scorecard.rubric_words import grade_limits, tone_of
from assess_lib.scorecard.wording import (
    counted_words,
    earned_text,
    goal_text,
    missing_items,
    number_text,
    path_text,
    points_text,
    remedy_text,
    rule_text,
    status_text,
    target_text,
    unit_of,
    value_text,
)
from assess_lib.scoring.adjustments import IN_FORCE
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.figures import Reason
from assess_lib.scoring.tables import HELD
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.words import translate


@dataclass(frozen=True)
class Scorecard:
    """A team's scorecard. ``before`` is last year's assessment, None where there is none."""

    now: Assessment
    before: Assessment | None
    team_id: str
    lang: str = "zh"

    def __post_init__(self) -> None:
        if fault := unknown_team(self.team_id, self.now.scores.index):
            raise UnusableInput([fault])

    def __repr__(self) -> str:
        about = f"{self.total} points, rank {self.score['rank']}, grade {self.grade.id}"
        return f"<Scorecard {self.team_id} {self.year}: {about}>"

    def _repr_html_(self) -> str:
        """The points by focal point, each with the weight in force."""
        lang, lines = self.lang, self.dimensions
        columns = [weighted(line.name, points_text(line.weight), lang) for line in lines]
        ends = [translate(f"library.{word}", lang) for word in ("total", "rank", "grade")]
        points = [points_text(line.points) if line.applies else earned_text(math.nan, lang) for line in lines]
        result = [str(self.score["rank"]), self.grade.label(lang)]
        caption = translate("library.card", lang, team=self.team["name"], id=self.team_id, year=self.year)
        return html_table(caption, [*columns, *ends], [[*points, self.total, *result]])

    @property
    def rubric(self) -> Rubric:
        return self.now.rubric

    @property
    def year(self) -> int:
        return self.now.year

    @cached_property
    def team(self) -> pd.Series:
        """Names and groups of the team."""
        return self.now.data.teams().loc[self.team_id].astype(object).fillna("")

    @cached_property
    def score(self) -> pd.Series:
        return self.now.scores.loc[self.team_id]

    @cached_property
    def grade(self) -> Grade:
        return next(grade for grade in self.rubric.grades.bands if grade.id == self.score["grade"])

    @property
    def set_aside(self) -> list[str]:
        """The rows of the team that could not be used, table by table, in words."""
        counts = self.now.data.set_aside.get(self.team_id, {})
        of_nobody = self.now.data.set_aside_of_nobody.get(self.team_id, {})
        parts = []
        for name in (name for name in SCHEMAS if name in counts):
            n, perhaps, table = counts[name], of_nobody.get(name, 0), label(name, self.lang)
            told = {"aside_rows": n - perhaps, "aside_perhaps": perhaps, "aside_table": int(n == 0)}
            parts += [translate(f"pages.card.{key}", self.lang, table=table, count=m) for key, m in told.items() if m]
        return parts

    @property
    def awaiting(self) -> bool:
        """True where the rules of an indicator make the total wait for evidence."""
        return any(line.missing == "provisional" for line in self.missing)

    @property
    def grade_limits(self) -> list[tuple[str, float]]:
        """The grades that begin at a total: label and that total, the best first."""
        return grade_limits(self.rubric, self.lang)

    @property
    def grade_place(self) -> int:
        """0 for the best grade."""
        return [grade.id for grade in self.rubric.grades.bands].index(self.grade.id)

    @property
    def grade_tone(self) -> int:
        """The tone of the grade, 0–3."""
        return tone_of(self.grade_place, len(self.rubric.grades.bands))

    @property
    def about(self) -> list[str]:
        """County, unit, village and number, those that are known."""
        village, number = self.team["village_name"], translate("pages.card.number", self.lang, id=self.team_id)
        home = translate("pages.card.village", self.lang, village=village) if village else ""
        return [str(part) for part in (self.team["county"], self.team["unit_name"], home, number) if part]

    @property
    def total(self) -> str:
        return points_text(self.score["total"])

    @cached_property
    def peer_ids(self) -> pd.Index:
        return self.now.peers(self.team_id)

    @property
    def peer_totals(self) -> pd.Series:
        """The totals of the peers, the team included; index team_id."""
        return self.now.scores.loc[self.peer_ids, "total"]

    @property
    def totals_by_year(self) -> list[tuple[int, float, float]]:
        """Year, total of the team and median total of its peers: last year, where the team was assessed in it, and this one."""
        years = [(self.year, float(self.score["total"]), float(self.peer_totals.median()))]
        if (before := self._year_before) is None:
            return years
        totals = before.scores["total"]
        peers = totals.index.intersection(self.peer_ids)
        return [(before.year, float(totals[self.team_id]), float(totals[peers].median())), *years]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""
        return self.now.data.fingerprint

    @property
    def peer_group(self) -> str:
        """The peer group in words."""
        by = self.rubric.peer_group
        return (str(self.team[by]) if by != "all" else "") or translate("pages.all_teams", self.lang)

    @cached_property
    def peer_rank(self) -> int:
        ranks = self.now.scores.loc[self.peer_ids, "overall_rank"]
        return int((ranks < ranks[self.team_id]).sum()) + 1

    @cached_property
    def ranked_among(self) -> int:
        """The number of teams that are ranked together."""
        by = self.rubric.ranking.by
        return len(self.now.scores) if by == "all" else int((self.now.scores[by].fillna("") == self.team[by]).sum())

    @property
    def sharing_rank(self) -> int:
        """The number of teams with the rank of this one, itself among them."""
        return int(self.now.sharing_rank[self.team_id])

    @cached_property
    def evidence_share(self) -> float:
        """Indicators with evidence ÷ indicators that apply and count."""
        counted = [line for line in self.lines if line.status in (MEASURED, NO_EVIDENCE) and line.counts]
        return sum(line.status == MEASURED for line in counted) / len(counted) if counted else 0.0

    @property
    def missing(self) -> list[IndicatorLine]:
        """Indicators without evidence that count."""
        return [line for line in self.lines if line.status == NO_EVIDENCE and line.counts]

    @property
    def inapplicable(self) -> list[IndicatorLine]:
        """Indicators with a weight that do not apply."""
        return [line for line in self.lines if line.status == NOT_APPLICABLE and line.nominal > 0]

    @property
    def range_kind(self) -> str:
        """The range of totals that missing evidence leaves: ``none``, ``closed``, or ``open`` without a lower end."""
        low, high = self.score["lowest"], self.score["highest"]
        return "none" if low == high else "open" if low == float("-inf") else "closed"

    @cached_property
    def reviews(self) -> list[ReviewLine]:
        """The judgements on the team, in force, stale or awaiting a second reviewer."""
        return review_lines(self.now, self.team_id, self.lang, self.before)

    @property
    def adjusted(self) -> list[ReviewLine]:
        """The judgements in force that changed something."""
        return [line for line in self.reviews if line.state == IN_FORCE and line.kind != "confirm"]

    @cached_property
    def disputes(self) -> list[DisputeLine]:
        return dispute_lines(self.now, self.team_id, self.lang)

    @property
    def stage(self) -> StageNow:
        return self.now.review_state.stage(self.team_id) if self.now.review_state else StageNow()

    @property
    def stage_words(self) -> str:
        """The stage that the scorecard shows, with its dates."""
        name = translate(f"pages.review.stage.{self.stage.stage}", self.lang)
        if not self.stage.on:
            return name
        key = "pages.review.stage_until" if self.stage.until else "pages.review.stage_since"
        return translate(key, self.lang, stage=name, on=self.stage.on, until=self.stage.until)

    @property
    def signed_off(self) -> str:
        """The sign-off of the team with its day, blank where there is none."""
        signed = self.now.review_state.signed_off.get(self.team_id) if self.now.review_state else None
        return translate("pages.review.signed_off", self.lang, by=signed.entry.by, on=signed.day) if signed else ""

    @property
    def computed_total(self) -> str:
        """The total as computed, before adjustments."""
        return points_text(self.now.as_computed.scores.at[self.team_id, "total"])

    @property
    def vetoes(self) -> list[tuple[list[str], str]]:
        return vetoes_by_grade(self.score["vetoes"], self.rubric, self.lang)

    @property
    def _year_before(self) -> Assessment | None:
        """Last year's assessment; None where the team was not assessed in it."""
        return self.before if self.before and self.team_id in self.before.scores.index else None

    @cached_property
    def comparison(self) -> pd.DataFrame | None:
        """As ``compare_team`` gives it; None where the team was not assessed last year."""
        return compare_team(self.now, self.before, self.team_id) if self.before else None

    @property
    def total_change(self) -> float | None:
        """Change of the total since last year; only where last year was assessed."""
        if (before := self._year_before) is None:
            return None
        return round(float(self.score["total"] - before.scores.at[self.team_id, "total"]), 2)

    def comparable_part(self, dimension: str | None = None) -> Comparable:
        """What of the change since last year compares, of one focal point or of all."""
        table = self.comparison
        if table is None:
            return Comparable(0, 0, 0.0)
        figures = table[["weight", "weight_before", "points", "points_before"]].fillna(0)
        counts = figures.ne(0).any(axis=1)  # a deduction has points and no weight
        rows = table[counts & ((table["dimension"] == dimension) if dimension else True)]
        change = rows["change"]
        return Comparable(int(change.notna().sum()), int(change.isna().sum()), round(float(change.sum()), 2))

    @cached_property
    def dimensions(self) -> list[DimensionLine]:
        """All focal points in the order of the rubric."""
        return dimension_lines(self.now, self._year_before, self.team_id, self.lang)

    @cached_property
    def lines(self) -> list[IndicatorLine]:
        """All indicators in the order of the rubric."""
        rows = self.now.points_of(self.team_id)
        medians, shares = self.now.peer_medians(self.team_id), self.now.peer_median_shares(self.team_id)
        return [
            self._line(dimension.id, indicator, rows.loc[indicator.id], medians[indicator.id], shares[indicator.id])
            for dimension in self.rubric.dimensions
            for indicator in dimension.indicators()
        ]

    @cached_property
    def held(self) -> list[tuple[str, str, float]]:
        """Groups held by their cap or floor: focal point, name of the group, points added or taken."""
        points = self.now.points_of(self.team_id)
        names = {group.id: group.name[self.lang] for dimension in self.rubric.dimensions for group in dimension.groups}
        rows = points[points["status"] == HELD]
        return [(row.dimension, names[row.group], float(row.points)) for row in rows.itertuples()]

    @property
    def weakest(self) -> list[IndicatorLine]:
        """Indicators that lost points, the most first."""
        return sorted((line for line in self.lines if line.lost > 0), key=lambda line: -line.lost)

    @property
    def strongest(self) -> list[IndicatorLine]:
        """Indicators that earned most of their mark and no less of it than the peers' median, the furthest ahead first."""
        earned = [line for line in self.lines if line.share >= _STRONG and line.lead >= 0]
        return sorted(earned, key=lambda line: (-line.lead, -line.share, -line.weight))

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """Counts and failed rows by indicator."""
        return {name: evidence_for(each, self.team_id, self.lang) for name, each in self.now.measurements.items()}

    def all_evidence(self, indicator: str, most: int) -> Evidence:
        """Counts and rows of one indicator, met ones too, ``most`` of them at the most."""
        return evidence_for(self.now.measurements[indicator], self.team_id, self.lang, most=most, all_rows=True)

    @cached_property
    def _computed(self) -> pd.DataFrame | None:
        """The team's rows as computed, None where no judgement changed anything."""
        return self.now.computed.points_of(self.team_id) if self.now.computed else None

    def _line(self, dimension: str, indicator: Indicator, row: pd.Series, median: float, share: float) -> IndicatorLine:
        lang, unit = self.lang, unit_of(indicator)
        weight, score = self.rule_of(indicator)
        measured = row["status"] == MEASURED
        counts = score.counts(weight)
        top, below = counted_words(indicator, lang)
        comparison = self.comparison
        earlier = comparison.loc[indicator.id] if comparison is not None and indicator.id in comparison.index else None
        changed = "" if earlier is None or pd.isna(earlier["changed"]) else str(earlier["changed"])
        comparability = "" if earlier is None else str(earlier["compared"])
        before = None if comparability == NOTHING else earlier
        computed = self._computed.loc[indicator.id] if self._computed is not None else row
        valued = computed["status"] == MEASURED
        peers, team = self.now.peer_values_of(indicator.id, self.team_id), self.now.figures.rows[self.team_id]
        ratio = exact(row["weight"]) / weight if weight else Fraction(1)
        lacking = missing_items(self.now.measurements[indicator.id], self.team_id, score, ratio, lang)
        return IndicatorLine(
            id=indicator.id,
            dimension=dimension,
            name=indicator.name[lang],
            clause_section=indicator.clause.section,
            clause_words=indicator.clause.words,
            basis=indicator.basis,
            note=indicator.note[lang] if indicator.note else "",
            numerator=number_text(row["numerator"]) if measured and not pd.isna(row["numerator"]) else "–",
            denominator=number_text(row["denominator"]) if measured and not pd.isna(row["denominator"]) else "",
            numerator_words=top,
            denominator_words=below,
            value=value_text(row["value"], unit, lang) if measured and not pd.isna(row["value"]) else "–",
            target=target_text(score, weight, unit, lang),
            goal=goal_text(indicator, team, lang),
            rule=rule_text(score, weight, unit, lang) + path_text(indicator, team, lang),
            points=float(row["points"]),
            weight=float(row["weight"]),
            nominal=float(weight),
            most=float(row["most"]),
            peer_median=float(median),
            peer_share=float(share),
            status=row["status"],
            status_words=status_text(row, counts, lang),
            waits=row["reason"] == Reason.QUESTIONED,
            counts=counts,
            missing=indicator.missing,
            remedy=remedy_text(indicator, score, weight, row, lacking, lang, peers),
            value_before="" if before is None else value_text(before["value_before"], unit, lang),
            change=None if before is None or pd.isna(before["change"]) else float(before["change"]),
            changed=changed,
            comparability=comparability,
            computed_value=value_text(computed["value"], unit, lang) if valued else "–",
            computed_points=None if computed["points"] == row["points"] else float(computed["points"]),
            judgement=self.now.adjustments.states.get((self.team_id, indicator.id), ""),
        )

    def rule_of(self, indicator: Indicator) -> tuple[Fraction, Score]:
        """The weight and the score in force for the team, with its own target where it is on its way to a goal."""
        return self.now.rule_of(indicator, self.team_id)


_STRONG = 0.8  # of the full mark
