"""One team's view of an assessment, complete and already worded: what the pages and notebooks show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.faults import UnusableInput
from assess_lib.html_table import html_table, weighted
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE, NOT_APPLICABLE
from assess_lib.ledger.state import StageNow
from assess_lib.rules.points import BONUS_KINDS
from assess_lib.rules.rubric import Grade
from assess_lib.scorecard.comparison import compare_team
from assess_lib.scorecard.evidence_rows import Evidence, evidence_for
from assess_lib.scorecard.lines import DimensionLine, IndicatorLine
from assess_lib.scorecard.overview import unknown_team
from assess_lib.scorecard.review_lines import DisputeLine, ReviewLine, dispute_lines, review_lines
from assess_lib.scorecard.wording import (
    counted_words,
    number_text,
    points_text,
    remedy_text,
    rule_text,
    target_text,
    unit_of,
    value_text,
)
from assess_lib.scoring.adjustments import IN_FORCE, REVIEWED
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.points import HELD
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.words import translate


@dataclass(frozen=True)
class Scorecard:
    """A team's scorecard. ``before`` is last year's assessment, None where there is none."""

    now: Assessment
    before: Assessment | None
    team_id: str
    lang: str = "zh"

    def __post_init__(self):
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
        row = [points_text(line.points) for line in lines] + [
            self.total,
            str(self.score["rank"]),
            self.grade.name[lang],
        ]
        caption = translate("library.card", lang, team=self.team["name"], id=self.team_id, year=self.year)
        return html_table(caption, [*columns, *ends], [row])

    @property
    def rubric(self):
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
        names = {name: SCHEMAS[name].metadata[self.lang] for name in SCHEMAS if name in counts}
        return [
            translate("pages.card.aside_rows", self.lang, table=table, count=counts[name])
            for name, table in names.items()
        ]

    @property
    def awaiting(self) -> bool:
        """Whether the total waits for evidence by the rules of an indicator."""
        return any(line.missing == "provisional" for line in self.missing)

    @property
    def grade_place(self) -> int:
        """0 for the best grade."""
        return [grade.id for grade in self.rubric.grades.bands].index(self.grade.id)

    @property
    def grade_tone(self) -> int:
        """Which of four tones stands for the grade."""
        return tone_of(self.grade_place, len(self.rubric.grades.bands))

    @property
    def about(self) -> list[str]:
        """County, unit, village and number, those that are known."""
        village = self.team["village_name"]
        parts = [
            self.team["county"],
            self.team["unit_name"],
            translate("pages.card.village", self.lang, village=village) if village else "",
        ]
        return [str(part) for part in (*parts, translate("pages.card.number", self.lang, id=self.team_id)) if part]

    @property
    def total(self) -> str:
        return points_text(self.score["total"])

    @cached_property
    def peer_ids(self) -> pd.Index:
        return self.now.peers(self.team_id)

    @property
    def peer_group(self) -> str:
        """The peer group in words."""
        by = self.rubric.peer_group
        return (str(self.team[by]) if by != "all" else "") or translate("pages.all_teams", self.lang)

    @cached_property
    def peer_rank(self) -> int:
        totals = self.now.scores.loc[self.peer_ids, "overall_rank"]
        return int((totals < totals[self.team_id]).sum()) + 1

    @cached_property
    def ranked_among(self) -> int:
        """How many teams the rank is among."""
        by = self.rubric.ranking.by
        return len(self.now.scores) if by == "all" else int((self.now.scores[by].fillna("") == self.team[by]).sum())

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
    def has_range(self) -> bool:
        return self.score["lowest"] != self.score["highest"]

    @cached_property
    def reviews(self) -> list[ReviewLine]:
        """What people judged, in force, stale or awaiting a second reviewer."""
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
        """Who signed the team off and when, blank where nobody did."""
        signed = self.now.review_state.signed_off.get(self.team_id) if self.now.review_state else None
        return translate("pages.review.signed_off", self.lang, by=signed.entry.by, on=signed.day) if signed else ""

    @property
    def computed_total(self) -> str:
        """The total without what people judged."""
        return points_text(self.now.as_computed.scores.at[self.team_id, "total"])

    @property
    def vetoes(self) -> list[str]:
        names = {veto.id: veto.name[self.lang] for veto in self.rubric.veto}
        return [names[veto] for veto in self.score["vetoes"]]

    @property
    def over_quota(self) -> bool:
        """Whether the total is in a better band than the grade without a veto holding it."""
        band = next(n for n, grade in enumerate(self.rubric.grades.bands) if exact(self.score["total"]) in grade.range)
        return band < self.grade_place and not self.score["vetoes"]

    @cached_property
    def comparison(self) -> pd.DataFrame | None:
        return compare_team(self.now, self.before, self.team_id) if self.before else None

    @property
    def total_change(self) -> float | None:
        """Change of the total since last year; only where last year was assessed."""
        if self.comparison is None:
            return None
        return round(float(self.score["total"] - self.before.scores.at[self.team_id, "total"]), 2)

    @property
    def incomparable(self) -> int:
        """How many counting indicators cannot be compared with last year."""
        if self.comparison is None:
            return 0
        table = self.comparison
        return int((table["changed"].notna() & ((table["weight"] > 0) | (table["weight_before"] > 0))).sum())

    @cached_property
    def dimensions(self) -> list[DimensionLine]:
        shares = self.now.shares.loc[self.peer_ids]
        mine = self.now.points_of(self.team_id)
        lines = []
        for dimension in self.rubric.dimensions:
            column, own = shares[dimension.id].dropna(), mine[mine["dimension"] == dimension.id]
            spread = {name: float(column.quantile(q)) for name, q in _QUANTILES.items()} if len(column) else {}
            earned, weight = round(own["points"].sum(), 2), round(own["weight"].sum(), 2)
            earlier = (
                None
                if self.comparison is None
                else float(self.before.scores.at[self.team_id, dimension.id])
                if dimension.id in self.before.scores
                else None
            )
            held = float(own.loc[own["status"] == HELD, "points"].sum())
            share = earned / weight if weight else 0.0
            lines.append(
                DimensionLine(dimension.id, dimension.name[self.lang], earned, weight, share, spread, earlier, held)
            )
        return lines

    @cached_property
    def lines(self) -> list[IndicatorLine]:
        """All indicators in the order of the rubric."""
        mine = self.now.points_of(self.team_id)
        medians = self.now.peer_medians(self.team_id)
        return [
            self._line(dimension.id, indicator, mine.loc[indicator.id], float(medians[indicator.id]))
            for dimension in self.rubric.dimensions
            for indicator in dimension.indicators()
        ]

    @cached_property
    def held(self) -> list[tuple[str, str, float]]:
        """Groups held by their cap or floor: focal point, name of the group, points added or taken."""
        mine = self.now.points_of(self.team_id)
        names = {group.id: group.name[self.lang] for dimension in self.rubric.dimensions for group in dimension.groups}
        rows = mine[mine["status"] == HELD]
        return [(row.dimension, names[row.group], float(row.points)) for row in rows.itertuples()]

    @property
    def weakest(self) -> list[IndicatorLine]:
        """Indicators that lost points, the most first."""
        return sorted((line for line in self.lines if line.lost > 0), key=lambda line: -line.lost)

    @property
    def strongest(self) -> list[IndicatorLine]:
        """Indicators that earned points, the furthest ahead of the peers' median first."""
        earned = [line for line in self.lines if line.points > 0]
        return sorted(
            earned,
            key=lambda line: (
                round(line.peer_median - line.points, 2),
                -line.points / (line.weight or 1),
                -line.weight,
            ),
        )

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """Counts and failed rows by indicator."""
        return {name: evidence_for(found, self.team_id, self.lang) for name, found in self.now.measurements.items()}

    @cached_property
    def _computed(self) -> pd.DataFrame | None:
        """The team's rows without what people judged, None where that changes nothing."""
        return self.now.computed.points_of(self.team_id) if self.now.computed else None

    def _line(self, dimension: str, indicator, row: pd.Series, median: float) -> IndicatorLine:
        lang, unit = self.lang, unit_of(indicator)
        weight, score = indicator.for_team(self.team)
        measured = row["status"] == MEASURED
        counts = weight > 0 or score.kind in BONUS_KINDS
        top, below = counted_words(indicator, lang)
        earlier = (
            self.comparison.loc[indicator.id]
            if self.comparison is not None and indicator.id in self.comparison.index
            else None
        )
        changed = "" if earlier is None or pd.isna(earlier["changed"]) else str(earlier["changed"])
        known = earlier is not None and not changed
        ruled = self.now.adjustments.states.get((self.team_id, indicator.id), "")
        computed = self._computed.loc[indicator.id] if self._computed is not None else row
        valued = computed["status"] == MEASURED
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
            rule=rule_text(score, weight, unit, lang),
            points=float(row["points"]),
            weight=float(row["weight"]),
            nominal=float(weight),
            most=float(row["most"]),
            peer_median=median,
            status=row["status"],
            status_words=self._status_words(row, counts),
            counts=counts,
            missing=indicator.missing,
            remedy=remedy_text(indicator, score, weight, row, self._missing_items(indicator, score), lang),
            value_before=value_text(earlier["value_before"], unit, lang) if known else "",
            change=None if not known or pd.isna(earlier["change"]) else float(earlier["change"]),
            changed=changed,
            computed_value=value_text(computed["value"], unit, lang) if valued else "–",
            computed_points=None if computed["points"] == row["points"] else float(computed["points"]),
            ruled=ruled,
        )

    def _status_words(self, row: pd.Series, counts: bool) -> str:
        reason = row["reason"] if row["reason"] in ("condition", "no_reference", REVIEWED) else row["status"]
        if reason == REVIEWED:
            return translate(f"pages.status.reviewed.{row['status']}", self.lang)
        reason = "not_judged" if reason == NO_EVIDENCE and not counts else reason
        return translate(f"pages.status.{reason}", self.lang)

    def _missing_items(self, indicator, score) -> list[str]:
        if score.kind != "checklist":
            return []
        mine = self.now.measurements[indicator.id].parts_of(self.team_id)
        present = {part for part, value in zip(mine["part"], mine["exact"]) if value > 0}
        return [f"{item.name[self.lang]} {decimal_text(item.points)}" for item in score.items if item.id not in present]


def tone_of(place: int, count: int) -> int:
    """0 for the best grade, 3 for the last, 1 and 2 between."""
    return 3 if place == count - 1 and count > 1 else min(place, 2)


_QUANTILES = {"worst": 0.0, "lower": 0.25, "median": 0.5, "upper": 0.75, "best": 1.0}
