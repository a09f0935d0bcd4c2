"""Teams as rows of a table: the same on the list of all teams and on the pages of counties and units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from assess_lib.pages.blocks import Column
from assess_lib.results.finding import findable
from assess_lib.results.overview import Overview
from assess_lib.results.scorecard import tone_of
from assess_lib.words import say

HEAT_STEPS = (0.5, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Links:
    """Which pages there are: addresses of teams, counties (by name) and units (by id), from the page that links."""

    teams: dict[str, str]
    counties: dict[str, str]
    units: dict[str, str]


def team_rows(now: Overview, before: Overview | None, teams: Iterable[str], links: Links, lang: str) -> list[dict]:
    """What is shown of teams, in the order given: names, places, points per focal point, change, addresses."""
    scores, names = now.scores.to_dict("index"), now.teams.to_dict("index")
    weights = now.weights.to_dict("index")
    earlier = {} if before is None else before.scores["total"].to_dict()
    bands = {grade.id: (place, grade) for place, grade in enumerate(now.rubric.grades.bands)}
    rows = []
    for team in teams:
        score, name, (place, grade) = scores[team], names[team], bands[scores[team]["grade"]]
        total = float(score["total"])
        rows.append({
            "team_id": team, "rank": int(score["rank"]), "name": name["name"], "unit": name["unit_name"], "county": name["county"],
            "area": name["area"], "unit_type": name["unit_type"], "total": total,
            "share": round(max(0.0, min(100.0, 100 * total / float(now.rubric.total))), 1),
            "grade": grade.name[lang], "grade_id": grade.id, "grade_place": place, "tone": tone_of(place, len(bands)),
            "provisional": bool(score["provisional"]), "change": round(total - earlier[team], 2) if team in earlier else None,
            "before": earlier.get(team), "dimensions": [_cell(score, weights[team], d.id) for d in now.rubric.dimensions],
            "href": links.teams.get(team, ""), "county_href": links.counties.get(name["county"], ""),
            "unit_href": links.units.get(name["unit_id"], ""),
            "find": findable([team, name["name"], name["unit_name"], name["village_name"], name["county"]]),
        })  # fmt: skip
    return rows


def columns(now: Overview, lang: str, sorted_at: int = 0) -> list[dict]:
    """The headings of the table."""
    words = lambda key: say(f"pages.index.{key}", lang)  # noqa: E731
    plain = [
        Column(words("rank"), True), Column(words("team")), Column(words("county")), Column(words("area")), Column(words("unit_type")),
        Column(words("total"), True), Column(words("grade")), Column(words("change"), True),
        *(Column(dimension.name[lang], True) for dimension in now.rubric.dimensions),
    ]  # fmt: skip
    return [{"name": c.name, "number": c.number, "sorted": place == sorted_at} for place, c in enumerate(plain)]


def in_order(now: Overview, teams: pd.Index | None = None) -> pd.Index:
    """Teams by their place among all."""
    scores = now.scores if teams is None else now.scores.loc[teams]
    return scores.sort_values(["standing"], kind="stable").index


def _cell(score: dict, weights: dict, dimension: str) -> dict:
    weight = weights.get(dimension, 0.0)
    weight = round(float(weight), 2) if weight == weight else 0.0
    share = round(float(score[dimension]) / weight, 4) if weight else 0.0
    return {"points": score[dimension], "share": share, "step": sum(share >= step for step in HEAT_STEPS)}
