"""From whom a team may learn: the nearest of its peers that did better at what it lost most by, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assess_lib.analysis.similar_teams import nearest_with_more, nearness
from assess_lib.exact import exact
from assess_lib.rules.rubric import Indicator
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import (
    counted_text,
    counted_things,
    number_text,
    points_text,
    share_text,
    unit_of,
    value_text,
)
from assess_lib.words import join_list, translate

WEAK, SIMILAR = 3, 3  # indicators, and teams of each


@dataclass(frozen=True)
class SimilarTeam:
    """A team of like conditions that did better at an indicator, in words.

    Attributes
    ----------
    near : how near its starting conditions are, in percent. conditions : these, as far as they are known.
    did : the figures of the indicator. more : what it has more of, or less; blank where nothing is counted.
    """

    team_id: str
    name: str
    near: str
    conditions: str
    did: str
    more: str
    points: str
    weight: str


@dataclass(frozen=True)
class Lesson:
    """An indicator by which the team lost points, what it did itself, and who did better, the nearest first."""

    line: IndicatorLine
    did: str
    teams: tuple[SimilarTeam, ...]


@dataclass(frozen=True)
class Lessons:
    """What there is to learn from others; ``own`` the starting conditions of the team, blank where none is known."""

    own: str
    names: str
    lessons: tuple[Lesson, ...]

    @property
    def teams(self) -> list[str]:
        """The ids of the teams, each once, the nearest of every indicator first."""
        by_place = [
            other.team_id for place in range(SIMILAR) for one in self.lessons for other in one.teams[place:][:1]
        ]
        return list(dict.fromkeys(by_place))[:SIMILAR]


def lessons(card: Scorecard) -> Lessons:
    """For each of the indicators by which a team lost most the nearest peers that earned more of its full mark."""
    now, lang = card.now, card.lang
    conditions = now.starting_conditions
    known = conditions.loc[card.team_id].dropna()
    names = join_list([translate(f"pages.similar.condition.{name}", lang) for name in known.index], lang)
    near, rules = nearness(conditions, card.team_id), {one.id: one for one in card.rubric.indicators()}
    found = []
    for line in card.weakest[:WEAK]:
        teams = nearest_with_more(now, card.team_id, line.id, near, SIMILAR, card.peer_ids)
        told = tuple(_similar(card, rules[line.id], team, float(near[team])) for team in teams)
        if told:
            found.append(Lesson(line, _did(card, rules[line.id], card.team_id), told))
    return Lessons(_conditions(known, lang), names, tuple(found))


def _similar(card: Scorecard, indicator: Indicator, team: str, near: float) -> SimilarTeam:
    row = card.now.points_of(team).loc[indicator.id]
    return SimilarTeam(
        team,
        str(card.now.data.teams().at[team, "name"]),
        share_text(near),
        _conditions(card.now.starting_conditions.loc[team].dropna(), card.lang),
        _did(card, indicator, team),
        _more(row, card.now.points_of(card.team_id).loc[indicator.id], indicator, card.lang),
        points_text(row["points"]),
        points_text(row["weight"]),
    )


def _did(card: Scorecard, indicator: Indicator, team: str) -> str:
    """The figures of a team: what is counted of how many, and the value."""
    row = card.now.points_of(team).loc[indicator.id]
    value = value_text(row["value"], unit_of(indicator), card.lang)
    if pd.isna(row["numerator"]) or pd.isna(row["denominator"]) or unit_of(indicator) == "yes_no":
        return value
    counted = f"{number_text(row['numerator'])} / {number_text(row['denominator'])}"
    return translate("pages.similar.did", card.lang, counted=counted, value=value)


def _more(row: pd.Series, own: pd.Series, indicator: Indicator, lang: str) -> str:
    """How many more things the other team's numerator counts than the own, or fewer where fewer are better; blank where it does not.

    Numbers out of another whole are not compared: 8 of 40 are no more than 5 of 10.
    """
    if pd.isna(row["numerator"]) or pd.isna(own["numerator"]) or unit_of(indicator) == "yes_no":
        return ""
    if not pd.isna(row["denominator"]) and row["denominator"] != own["denominator"]:
        return ""
    key, sign = ("more", 1) if indicator.score.better == "higher" else ("fewer", -1)
    ahead = sign * (exact(row["numerator"]) - exact(own["numerator"]))
    if ahead <= 0:
        return ""
    about = {"count": counted_text(float(ahead), indicator, lang), "what": counted_things(indicator, lang)}
    return translate(f"pages.similar.{key}", lang, **about)


def _conditions(known: pd.Series, lang: str) -> str:
    told = {name: share_text(value) if name == "poverty_rate" else number_text(value) for name, value in known.items()}
    return " · ".join(translate(f"pages.similar.of.{name}", lang, number=text) for name, text in told.items())
