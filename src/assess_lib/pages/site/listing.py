"""Teams as rows of a table: the same on the list of all teams and on the pages of counties, units and teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assess_lib.exact import decimal_text
from assess_lib.pages.blocks import Column
from assess_lib.scorecard.award_words import reason_text
from assess_lib.scorecard.comparison import changed_rules
from assess_lib.scorecard.grade_reasons import DecidedBy, GradeReason, GradeReasons
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.rubric_words import tone_of
from assess_lib.scorecard.team_search import search_text
from assess_lib.scorecard.wording import points_text
from assess_lib.words import join_clauses, translate

SHARE_STEPS = (0.5, 0.7, 0.8, 0.9)
_MARKS = {DecidedBy.VETO: "veto", DecidedBy.QUOTA: "quota", DecidedBy.TIE: "tie", DecidedBy.AFTER_TIE: "tie"}
TeamRow = dict[str, Any]  # a team as the templates show it


@dataclass(frozen=True)
class Links:
    """Addresses of the pages of teams (by id), counties (by name) and units (by id), from the page that links.

    ``pdfs`` of the PDFs of teams (by id), empty where none were made.
    """

    teams: dict[str, str]
    counties: dict[str, str]
    units: dict[str, str]
    pdfs: dict[str, str] = field(default_factory=dict)


class Listing:
    """All teams in order of their place, each as a row: names, places, points per focal point, change since last year.

    Made once; ``rows`` gives those that a page shows, with the addresses from that page; ``incomparable`` is the number of
    indicators that do not compare with last year by the rubric.
    """

    def __init__(self, now: Overview, before: Overview | None, lang: str) -> None:
        self._rubric, self._lang = now.rubric, lang
        self.order = now.order
        self.place = {team: place for place, team in enumerate(self.order)}
        scores, names, weights = (table.to_dict("index") for table in (now.scores, now.teams, now.weights))
        earlier = {} if before is None else before.scores["total"].to_dict()
        changed = changed_rules(now.rubric, before.rubric) if before else {}
        self.incomparable = sum(now.rubric.indicator(name).weight > 0 for name in changed)
        reasons, vetoes = GradeReasons(now.rubric, now.scores), {veto.id: veto.name[lang] for veto in now.rubric.veto}
        bands = {grade.id: (place, grade) for place, grade in enumerate(now.rubric.grades.bands)}
        self._rows: dict[str, TeamRow] = {}
        for team in self.order:
            score, name, (place, grade) = scores[team], names[team], bands[scores[team]["grade"]]
            total, why = float(score["total"]), reasons.of(team)
            by_evidence = reasons.band(score["highest"]) < why.band and not score["provisional"]
            reached = max(reasons.band(score["highest"]), reasons.limit(team)) if by_evidence else place
            self._rows[team] = {
                "team_id": team,
                "rank": int(score["rank"]),
                "name": name["name"],
                "unit": name["unit_name"],
                "county": name["county"],
                "area": name["area"],
                "unit_type": name["unit_type"],
                "total": total,
                "unit_id": name["unit_id"],
                "share": round(max(0.0, min(100.0, 100 * total / float(now.rubric.total))), 1),
                "grade": grade.label(lang),
                "grade_id": grade.id,
                "grade_place": place,
                "tone": tone_of(place, len(bands)),
                "reason": "" if why.by == DecidedBy.LINE else _MARKS[why.by],
                "why": join_clauses((vetoes[veto] for veto in why.vetoes), lang) or self._full_quota(why),
                "rectify": join_clauses(
                    (reason_text(one, now.rubric, lang) for one in now.rectify.get(team, ())), lang
                ),
                "may_rise": self._may_rise(score, reached) if reached < place else "",
                "provisional": bool(score["provisional"]),
                "change": round(total - earlier[team], 2) if team in earlier else None,
                "before": earlier.get(team),
                "partly": self.incomparable > 0,
                "dimensions": [
                    {"name": d.name[lang]} | _cell(score, weights[team], d.id, float(d.weight))
                    for d in now.rubric.dimensions
                ],
                "heat": now.heat.get(team),
                "find": search_text(name["name"], [name["unit_name"], name["village_name"], name["county"]]),
            }

    def _full_quota(self, why: GradeReason) -> str:
        """The quota of a group that is full, in words; blank where none of a group decided, or has no place at all."""
        quota = why.quota
        if why.by != DecidedBy.QUOTA or quota is None or not (quota.group and quota.places):
            return ""
        wanted = next(band.name[self._lang] for band in self._rubric.grades.bands if band.id == quota.grade)
        return translate("pages.index.full_quota", self._lang, group=quota.group, wanted=wanted, places=quota.places)

    def _may_rise(self, score: Mapping[str, Any], reached: int) -> str:
        """That the evidence that is missing would reach the threshold of a better grade."""
        grade = self._rubric.grades.bands[reached].label(self._lang)
        highest = points_text(float(score["highest"]))
        return translate("pages.index.may_rise_note", self._lang, highest=highest, grade=grade)

    @property
    def marks(self) -> list[str]:
        """What keeps teams below the grade of their total, as far as it occurs: ``veto``, ``quota``, ``tie``."""
        seen = {row["reason"] for row in self._rows.values()}
        return [mark for mark in dict.fromkeys(_MARKS.values()) if mark in seen]

    def rows(self, teams: Iterable[str], links: Links) -> list[TeamRow]:
        """The rows of teams, in the order given."""
        return [
            row
            | {
                "href": links.teams.get(row["team_id"], ""),
                "county_href": links.counties.get(row["county"], ""),
                "unit_href": links.units.get(row["unit_id"], ""),
                "pdf_href": links.pdfs.get(row["team_id"], ""),
            }
            for row in (self._rows[team] for team in teams)
        ]


def columns(now: Overview, lang: str, sorted_at: int = 0) -> list[dict[str, Any]]:
    """The headings of the table: name, whether of numbers, whether the rows are sorted by it, and the full mark of points."""

    def words(key: str) -> str:
        return translate(f"pages.index.{key}", lang)

    plain = [
        Column(words("rank"), True),
        Column(words("team")),
        Column(words("county")),
        Column(words("area")),
        Column(words("unit_type")),
        Column(words("total"), True),
        Column(words("grade")),
        Column(words("change"), True),
        *(Column(dimension.name[lang], True) for dimension in now.rubric.dimensions),
    ]
    most = [now.rubric.total, None, None, *(dimension.weight for dimension in now.rubric.dimensions)]
    marks = [None] * (len(plain) - len(most)) + [
        weight if weight is None else translate("site.index.full", lang, full=decimal_text(weight)) for weight in most
    ]
    return [
        {"name": c.name, "number": c.number, "sorted": place == sorted_at, "full": full}
        for place, (c, full) in enumerate(zip(plain, marks))
    ]


CELLS = {"county": 2, "area": 3, "unit_type": 4}  # the place in a row of what a filter looks at


def _cell(score: Mapping[str, Any], weights: Mapping[str, Any], dimension: str, nominal: float) -> dict[str, Any]:
    """Points of a focal point, None where it does not apply; ``full`` its full mark where that is not the rubric's."""
    if score[dimension] != score[dimension]:
        return {"points": None, "full": None, "share": -1, "step": "none"}
    weight = weights.get(dimension, 0.0)
    weight = round(float(weight), 2) if weight == weight else 0.0
    share, full = round(float(score[dimension]) / weight, 4) if weight else 0.0, weight if weight != nominal else None
    step = sum(share >= step for step in SHARE_STEPS)
    return {"points": score[dimension], "full": full, "share": share, "step": step}
