"""The page of a county or of a dispatching unit: its teams together, with last year and a heat map of their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from assess_lib.pages.charts import Strip
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.site.listing import Links, Listing, columns
from assess_lib.pages.template_page import render_page
from assess_lib.scorecard import heat
from assess_lib.scorecard.award_words import reason_text
from assess_lib.scorecard.group_findings import GroupFindings
from assess_lib.scorecard.heat import points_lost
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.rubric_words import grade_labels, grade_limits
from assess_lib.scorecard.wording import mean_hundredths, mean_text
from assess_lib.words import join_clauses, join_sentences, translate

COUNTY, UNIT = "county", "unit"
HeatLine = tuple[str, str, list[tuple[int, str]]]


@dataclass(frozen=True)
class Group:
    """A county or a unit. ``teams`` its ids in order of place; ``kind`` one of ``COUNTY``, ``UNIT``."""

    kind: str
    id: str
    name: str
    teams: pd.Index


class GroupPages:
    """Makes the pages of groups; what they share is made once.

    Parameters: ``now`` with the signs of the heat map; ``listing`` of all teams; ``links`` from these pages; ``back`` the list of
    all teams; ``points`` as in ``points.csv``; ``draft`` where they are one.
    """

    def __init__(
        self,
        now: Overview,
        before: Overview | None,
        listing: Listing,
        links: Links,
        back: str,
        lang: str,
        points: pd.DataFrame,
        draft: DraftMark | None = None,
    ) -> None:
        self._listing, self._links, self._lang = listing, links, lang
        self._totals, self._grade = now.scores["total"].astype(float), now.scores["grade"]
        self._rubric, self._rectify_units = now.rubric, now.rectify_units
        self._grades = grade_labels(now.rubric, lang)
        self._earlier = None if before is None else before.scores["total"].astype(float)
        self._strip = Strip(self._totals, grade_limits(now.rubric, lang), lang)
        self._heat, self._signs = heat.heat_rows(now.rubric, lang), now.heat
        words = {
            heat.MISSING: translate("site.heat.missing", lang),
            heat.NOT_APPLICABLE: translate("site.heat.none", lang),
        }
        self._cells = {
            sign: (heat.shade(sign), words.get(sign) or heat.share_text(sign))
            for sign in (*heat.TENTHS, heat.MISSING, heat.NOT_APPLICABLE)
        }
        lost = points_lost(points, now.rubric, now.scores.index)
        self._lost = lost[[one.id for one in heat.losing(now.rubric)]]
        self._names = names = {one.id: one.name[lang] for one in now.rubric.indicators()}
        self._findings = {
            kind: GroupFindings(self._totals, now.teams[column].reindex(self._totals.index), lost, names, lang)
            for kind, column in ((COUNTY, "county"), (UNIT, "unit_id"))
        }
        self._province_mean = mean_text(self._totals.mean())
        self._shared: dict[str, Any] = {
            "year": now.year,
            "fingerprint": now.fingerprint,
            "rubric": {"name": now.rubric.name[lang], "id": now.rubric.id, "version": now.rubric.version},
            "back": back,
            "columns": columns(now, lang),
            "draft": draft,
            "incomparable": listing.incomparable,
        }

    def line(self, group: Group, href: str) -> dict[str, Any]:
        """The line of a group in the list: name, address, number of teams, mean of their totals, what most points are lost on."""
        mean = self._totals[group.teams].mean()
        about = {"name": group.name, "href": href, "count": len(group.teams), "mean": mean_text(mean)}
        lost = self._lost.loc[group.teams].mean().round(6)
        if lost.isna().all() or not mean_hundredths(lost.max()):
            return about | {"lost": "", "order": -mean}
        words = translate(
            "site.index.most_lost", self._lang, name=self._names[lost.idxmax()], mean=mean_text(lost.max())
        )
        return about | {"lost": words, "order": -mean}

    def page(self, group: Group) -> str:
        """The page of a group."""
        return render_page(
            "group.html.j2",
            self._lang,
            ["index.css", "group.css"],
            group=group,
            tiles=self._tiles(group.teams),
            findings=join_sentences(self._said(group), self._lang),
            rows=self._listing.rows(group.teams, self._links),
            strip=self._strip.marked(group.teams),
            heat=self._lines(group.teams),
            **self._shared,
        )

    def _said(self, group: Group) -> list[str]:
        by = group.name if group.kind == COUNTY else group.id
        told = self._findings[group.kind].sentences(group.kind, by, group.teams)
        if group.kind == UNIT and (why := self._rectify_units.get(group.id)):
            reasons = join_clauses((reason_text(one, self._rubric, self._lang) for one in why), self._lang)
            told.insert(0, translate("site.group.must_rectify", self._lang, why=reasons))
        return told

    def _tiles(self, teams: pd.Index) -> list[tuple[str, str]]:
        lang, totals, grade = self._lang, self._totals[teams], self._grade[teams]
        tiles = [
            (translate("pages.index.teams", lang), str(len(teams))),
            (translate("site.group.mean", lang), mean_text(totals.mean())),
            (translate("site.group.province", lang), self._province_mean),
            *((name, str(int((grade == id).sum()))) for id, name in self._grades.items()),
        ]
        if self._earlier is not None and len(known := teams.intersection(self._earlier.index, sort=False)):
            change = (totals[known] - self._earlier[known]).mean()
            words = ("+" if change > 0 else "") + mean_text(change)
            tiles.append((translate("site.group.change", lang, count=len(known)), words))
        return tiles

    def _lines(self, teams: pd.Index) -> list[tuple[str, list[HeatLine]]]:
        """By focal point a line per indicator, those that lost most first: its name, its mean loss, per team shade and words."""
        by_indicator = list(zip(*(self._signs[team].signs for team in teams)))
        means = [None if pd.isna(mean) else float(mean) for mean in self._lost.loc[teams].mean()]
        lines = iter(zip(means, by_indicator))
        made = []
        for name, indicators in self._heat:
            mine = [(title, *next(lines)) for _, title in indicators]
            mine.sort(key=lambda line: -(line[1] or 0))
            made.append(
                (name, [(title, _lost(mean), [self._cells[sign] for sign in signs]) for title, mean, signs in mine])
            )
        return [(name, lines) for name, lines in made if lines]


def _lost(mean: float | None) -> str:
    """A mean loss in words: a dash where the indicator applies to nobody."""
    return "–" if mean is None else f"−{mean_text(mean)}" if mean_hundredths(mean) else "0"
