"""The page of a county or of a dispatching unit: its teams together, with last year and a heat map of their points."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assess_lib.pages.charts import Strip
from assess_lib.pages.site import heat
from assess_lib.pages.site.listing import Links, Listing, columns
from assess_lib.pages.template_page import render_page
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.wording import mean_text
from assess_lib.words import translate

COUNTY, UNIT = "county", "unit"


@dataclass(frozen=True)
class Group:
    """A county or a unit. ``teams`` its ids in order of place; ``kind`` one of ``COUNTY``, ``UNIT``."""

    kind: str
    id: str
    name: str
    teams: pd.Index


def group_line(group: Group, href: str, totals: pd.Series) -> dict[str, str | int]:
    """The line of a county or unit in the list: name, address, number of teams, mean of their totals."""
    mean = mean_text(totals.loc[group.teams].mean())
    return {"name": group.name, "href": href, "count": len(group.teams), "mean": mean}


class GroupPages:
    """Makes the pages of groups; what they share is made once.

    Parameters: ``signs`` as ``heat.signs`` gives them, of all teams; ``links`` from these pages; ``back`` the list of all teams.
    """

    def __init__(
        self,
        now: Overview,
        before: Overview | None,
        listing: Listing,
        signs: pd.DataFrame,
        links: Links,
        back: str,
        lang: str,
    ):
        self._listing, self._links, self._lang = listing, links, lang
        self._totals, self._grade = now.scores["total"].astype(float), now.scores["grade"]
        self._bands = [(grade.id, grade.name[lang]) for grade in now.rubric.grades.bands]
        self._earlier = None if before is None else before.scores["total"].astype(float)
        self._strip = Strip(self._totals, now.rubric.grades.bands, lang)
        self._heat, self._signs = heat.groups(now.rubric, lang), signs
        words = {
            sign: translate(f"site.heat.{key}", lang) for sign, key in ((heat.MISSING, "missing"), (heat.NONE, "none"))
        }
        self._cells = {
            sign: (heat.shade(sign), words.get(sign) or heat.share_text(sign))
            for sign in (*heat.STEPS, heat.MISSING, heat.NONE)
        }
        self._given = {
            "year": now.year,
            "fingerprint": now.fingerprint,
            "rubric": {"name": now.rubric.name[lang], "id": now.rubric.id, "version": now.rubric.version},
            "back": back,
            "columns": columns(now, lang),
            "province": mean_text(self._totals.mean()),
        }

    def page(self, group: Group) -> str:
        """The page of a group."""
        return render_page(
            "group.html.j2",
            self._lang,
            ["index.css", "group.css"],
            group=group,
            tiles=self._tiles(group.teams),
            rows=self._listing.rows(group.teams, self._links),
            strip=self._strip.marked(group.teams),
            heat=self._lines(group.teams),
            **self._given,
        )

    def _tiles(self, teams: pd.Index) -> list[tuple[str, str]]:
        lang, totals, grade = self._lang, self._totals[teams], self._grade[teams]
        tiles = [
            (translate("pages.index.teams", lang), str(len(teams))),
            (translate("site.group.mean", lang), mean_text(totals.mean())),
            (translate("site.group.province", lang), self._given["province"]),
            *((name, str(int((grade == id).sum()))) for id, name in self._bands),
        ]
        known = [] if self._earlier is None else [team for team in teams if team in self._earlier.index]
        if known:
            change = (totals[known] - self._earlier[known]).mean()
            words = ("+" if change > 0 else "") + mean_text(change)
            tiles.append((translate("site.group.change", lang, count=len(known)), words))
        return tiles

    def _lines(self, teams: pd.Index) -> list[tuple[str, list[tuple[str, list]]]]:
        """By focal point a line per indicator: its name, and per team shade and words."""
        mine = self._signs.loc[teams]
        of = dict(zip(mine.columns, mine.to_numpy().T.tolist()))
        return [
            (name, [(title, [self._cells[sign] for sign in of[id]]) for id, title in indicators])
            for name, indicators in self._heat
            if indicators
        ]
