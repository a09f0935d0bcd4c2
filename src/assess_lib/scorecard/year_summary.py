"""The year of all teams together, in words and figures: focal points, losses, counties, lists, change since last year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from assess_lib.indicators.measurement import NO_EVIDENCE
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.award_words import demands, quota_words, reason_text, unit_reasons
from assess_lib.scorecard.comparison import changed_definitions, most_improved
from assess_lib.scorecard.rubric_words import grade_labels, grade_limits, grade_tones
from assess_lib.scorecard.wording import day_text, earned_text, mean_text, points_text, share_text, unit_of, value_text
from assess_lib.scoring import awards
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.quotas import Quota
from assess_lib.scoring.ranks import grade_quotas
from assess_lib.scoring.tables import HELD
from assess_lib.tables.masking import mask
from assess_lib.words import in_brackets, join_clauses, join_list, translate

Row = Sequence[str | int]


class TeamName(str):
    """The name of a team in a table, with its id, by which a page may lead to it."""

    team_id: str

    @classmethod
    def of(cls, name: object, team_id: object) -> TeamName:
        made = cls(name)
        made.team_id = str(team_id)
        return made


@dataclass(frozen=True)
class Change:
    """The change of totals since last year over the teams assessed in both.

    ``teams`` how many; ``median`` of their changes in points; ``rose``, ``fell`` how many; ``changed`` how many
    indicators with a weight are not comparable.
    """

    teams: int
    median: float
    rose: int
    fell: int
    changed: int

    @property
    def median_text(self) -> str:
        return ("+" if self.median > 0 else "") + mean_text(self.median)


@dataclass(frozen=True)
class YearSummary:
    """All teams of a year, already worded: what the annual summary shows.

    ``before`` is last year's assessment, None where there is none. Rows of tables are texts and counts in the order of
    their columns; ``*_quotas`` are sentences on quotas and ties.
    """

    now: Assessment
    before: Assessment | None
    lang: str = "zh"

    @property
    def rubric(self) -> Rubric:
        return self.now.rubric

    @property
    def year(self) -> int:
        return self.now.year

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""
        return self.now.data.fingerprint

    @cached_property
    def teams(self) -> pd.DataFrame:
        """Names and groups of teams, index team_id, as far as they are known."""
        return self.now.data.teams()

    @property
    def totals(self) -> pd.Series:
        """Total points of every team, index team_id."""
        return self.now.scores["total"]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of ``teams``, ``units`` and ``counties``."""
        teams = self.teams
        return {"teams": len(teams), "units": teams["unit_id"].nunique(), "counties": teams["county"].nunique()}

    @property
    def provisional(self) -> int:
        """The number of provisional totals."""
        return int(self.now.scores["provisional"].sum())

    @property
    def figures(self) -> dict[str, str]:
        """Mean, median, highest and lowest total."""
        totals = self.totals
        values = {"mean": totals.mean(), "median": totals.median(), "high": totals.max(), "low": totals.min()}
        return {name: mean_text(value) for name, value in values.items()}

    @cached_property
    def change(self) -> Change | None:
        """The change since last year; None where no team was assessed in both."""
        return change_of(self.now, self.before)

    @property
    def improved(self) -> list[Row]:
        """Team, county, points gained over the indicators that can be compared, and how many these are; the first first."""
        teams = self.teams[["name", "county"]].fillna("")
        return [
            (
                TeamName.of(teams.at[one.team_id, "name"], one.team_id),
                teams.at[one.team_id, "county"],
                f"+{points_text(one.change)}",
                one.compared,
            )
            for one in most_improved(self.now, self.before)
        ]

    @property
    def names(self) -> str:
        """The names from the data that the summary may show, for a font that has their characters."""
        teams = self.teams[["name", "unit_name", "county"]].fillna("").to_numpy().ravel()
        return "".join([*teams, *self.now.data.rows("members")["name"].str[0]])

    @property
    def tones(self) -> pd.Series:
        """The tone of the grade of every team, 0–3, index team_id."""
        return self.now.scores["grade"].map(grade_tones(self.rubric))

    @property
    def grade_limits(self) -> list[tuple[str, float]]:
        return grade_limits(self.rubric, self.lang)

    @property
    def best_grade(self) -> str:
        """The label of the best grade."""
        return self.rubric.grades.bands[0].label(self.lang)

    @property
    def grades(self) -> list[Row]:
        """Grade, teams, share of all teams."""
        counts = self.now.scores["grade"].value_counts()
        rows = [(name, int(counts.get(grade, 0))) for grade, name in grade_labels(self.rubric, self.lang).items()]
        return [(name, count, share_text(count / len(self.totals))) for name, count in rows]

    @property
    def grade_quotas(self) -> list[str]:
        return self._sentences("grade", grade_quotas(self.rubric, self.now.scores))

    @property
    def dimension_shares(self) -> list[tuple[str, pd.Series]]:
        """Per focal point its name and the shares of points (0–1) of the teams to which it applies."""
        shares = shares_of(self.now)
        return [(dimension.name[self.lang], shares[dimension.id].dropna()) for dimension in self.rubric.dimensions]

    @cached_property
    def losses(self) -> pd.DataFrame:
        """As ``losses``, index the names of the indicators."""
        return losses(self.now).rename(index={i.id: i.name[self.lang] for i in self.rubric.indicators()})

    @property
    def counties(self) -> list[Row]:
        """County, teams, mean, highest and lowest total, teams in the best grade."""
        return [
            (
                name,
                int(row["teams"]),
                mean_text(row["mean"]),
                points_text(row["high"]),
                points_text(row["low"]),
                int(row["best"]),
            )
            for name, row in counties(self.now).iterrows()
        ]

    @property
    def county_totals(self) -> dict[str, pd.Series]:
        """The totals of each county's teams, the county with the best mean first."""
        of_team = self.teams["county"].fillna("").reindex(self.totals.index)
        return {name: self.totals[of_team == name] for name in counties(self.now).index}

    @property
    def ranking(self) -> list[Row]:
        """Rank, team, county, points per focal point, total, grade; the first team first."""
        grades, names, counties = grade_labels(self.rubric, self.lang), self.teams["name"], self.teams["county"]
        provisional = in_brackets(translate("pages.card.provisional", self.lang), self.lang)
        return [
            (
                score["rank"],
                TeamName.of(names[team], team),
                counties.fillna("")[team],
                *(earned_text(score[dimension.id], self.lang) for dimension in self.rubric.dimensions),
                points_text(score["total"]),
                grades[score["grade"]] + (provisional if score["provisional"] else ""),
            )
            for team, score in self.now.scores.sort_values("overall_rank", kind="stable").iterrows()
        ]

    @property
    def commended_teams(self) -> list[Row]:
        """Rank, team, unit, total."""
        names, units = self.teams["name"], self.teams["unit_name"]
        return [
            (row["rank"], TeamName.of(names[team], team), units[team], points_text(row["total"]))
            for team, row in awards.commended_teams(self.now).iterrows()
        ]

    @property
    def team_quotas(self) -> list[str]:
        return self._sentences("teams", awards.quotas_of_teams(self.now))

    @property
    def member_measures(self) -> list[str] | None:
        """The names of the indicators that members are ranked on; None where no members are commended."""
        rules = self.rubric.commendation and self.rubric.commendation.members
        return [self.rubric.indicator(name).name[self.lang] for name in rules.rank_on] if rules else None

    @property
    def commended_members(self) -> list[Row]:
        """Place, masked name with number, team, values of ``member_measures``."""
        rules = self.rubric.commendation and self.rubric.commendation.members
        units = {name: unit_of(self.rubric.indicator(name)) for name in rules.rank_on} if rules else {}
        return [
            (
                row["place"],
                mask(row["name"], "name") + in_brackets(row["member_id"], self.lang),
                TeamName.of(self.teams["name"][row["team_id"]], row["team_id"]),
                *(value_text(row[name], unit, self.lang) for name, unit in units.items()),
            )
            for _, row in self._members[0].iterrows()
        ]

    @property
    def member_quotas(self) -> list[str]:
        return self._sentences("members", self._members[1])

    @property
    def commends_units(self) -> bool:
        return bool(self.rubric.commendation and self.rubric.commendation.units)

    @property
    def commended_units(self) -> list[Row]:
        """Unit, teams, share of the points of unit support."""
        return [(unit.unit_name, len(unit.teams), share_text(unit.share)) for unit in self._units[0].itertuples()]

    @property
    def unit_quotas(self) -> list[str]:
        return self._sentences("units", self._units[1])

    @property
    def rectification(self) -> list[Row]:
        """Kind, name, reasons, what must be reached, deadline."""
        lang = self.lang
        return [
            (
                translate(f"pages.summary.kind_{row.kind}", lang),
                TeamName.of(row.name, row.id) if row.kind == "team" else row.name,
                join_clauses((reason_text(reason, self.rubric, lang) for reason in row.why), lang)
                if row.kind == "team"
                else unit_reasons(row, self.rubric, self.now.scores["vetoes"], self.teams["name"], lang),
                join_clauses(demands(self.rubric, row.indicators, row.team_ids, self.now.rule_of, lang), lang),
                day_text(row.deadline, self.lang),
            )
            for row in awards.rectification(self.now).itertuples()
        ]

    @property
    def missing(self) -> list[Row]:
        """Team, indicators without evidence, the totals that are still possible."""
        points, scores = self.now.points, self.now.scores
        names = {
            indicator.id: indicator.name[self.lang] for indicator in self.rubric.indicators() if indicator.weight > 0
        }
        points = points[(points["status"] == NO_EVIDENCE) & points["indicator"].isin(list(names))]
        return [
            (
                TeamName.of(self.teams["name"][team], team),
                join_list((names[name] for name in rows["indicator"]), self.lang),
                f"{points_text(scores.at[team, 'lowest'])}–{points_text(scores.at[team, 'highest'])}",
            )
            for team, rows in points.groupby("team_id")
        ]

    @cached_property
    def _members(self) -> tuple[pd.DataFrame, list[Quota]]:
        return awards.member_choice(self.now)

    @cached_property
    def _units(self) -> tuple[pd.DataFrame, list[Quota]]:
        return awards.unit_choice(self.now)

    def _sentences(self, kind: str, quotas: Iterable[Quota]) -> list[str]:
        names = self.teams["name"].to_dict()
        return quota_words(kind, quotas, self.rubric, lambda id: names.get(id, id), self.lang)


def shares_of(result: Assessment) -> pd.DataFrame:
    """Points ÷ weight per team (index) and focal point (columns), blank where nothing counts."""
    return result.shares.astype(float)


def losses(result: Assessment) -> pd.DataFrame:
    """Per indicator that lost points: mean loss, teams with full marks (``full``), teams (``size``); the largest first."""
    points = result.points[(result.points["status"] != HELD) & (result.points["most"] > 0)]
    lost = (points[["most", "weight"]].min(axis=1) - points["points"]).clip(lower=0).round(2)
    table = lost.groupby(points["indicator"], sort=False).agg(["mean", lambda column: int((column == 0).sum()), "size"])
    table.columns = ["mean", "full", "size"]
    return table[table["mean"] > 0].sort_values("mean", ascending=False, kind="stable")


def counties(result: Assessment) -> pd.DataFrame:
    """Per county: teams, mean, lowest and highest total, teams in the best grade; the best mean first, then by name."""
    names = result.data.teams()["county"].fillna("")
    rows = result.scores.assign(
        county=names.reindex(result.scores.index), best=result.scores["grade"] == result.rubric.grades.bands[0].id
    )
    rows = rows[rows["county"] != ""]
    table = rows.groupby("county").agg(
        teams=("total", "size"),
        mean=("total", "mean"),
        low=("total", "min"),
        high=("total", "max"),
        best=("best", "sum"),
    )
    return table.assign(mean=table["mean"].round(6)).sort_index().sort_values("mean", ascending=False, kind="stable")


def change_of(now: Assessment, before: Assessment | None) -> Change | None:
    """The change since last year; None where no team was assessed in both."""
    if before is None:
        return None
    both = now.scores.index.intersection(before.scores.index)
    if not len(both):
        return None
    moved = (now.scores.loc[both, "total"] - before.scores.loc[both, "total"]).round(2)
    changed = [name for name in changed_definitions(now, before) if now.rubric.indicator(name).weight > 0]
    return Change(len(both), float(moved.median()), int((moved > 0).sum()), int((moved < 0).sum()), len(changed))
