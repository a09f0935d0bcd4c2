"""Parts of a team's page in a published year beside its scorecard: ways to other pages, its neighbours in the ranking, remarks."""

from __future__ import annotations

from assess_lib.pages.assets import asset
from assess_lib.pages.blocks import environment
from assess_lib.pages.export import TeamExtras
from assess_lib.pages.site.listing import Links, Listing, TeamRow
from assess_lib.pages.template_page import words_of
from assess_lib.scorecard.overview import Overview
from assess_lib.words import translate

TOP, NEAR = 3, 5


class PageOrder:
    """All teams in order, to find the neighbours of each."""

    def __init__(self, now: Overview, listing: Listing, links: Links, back: str, edition: str, lang: str) -> None:
        self._now, self._links, self._back, self._edition, self._lang = now, links, back, edition, lang
        self._rows, self._place = listing.rows(listing.order, links), listing.place
        self._incomparable = listing.incomparable

    def around(self, team: str) -> list[TeamRow | None]:
        """The first three, and five above and below a team; None where some are left out between."""
        place, last = self._place[team], len(self._rows)
        shown = sorted({*range(min(TOP, last)), *range(max(0, place - NEAR), min(last, place + NEAR + 1))})
        rows: list[TeamRow | None] = []
        for number, at in enumerate(shown):
            if number and at > shown[number - 1] + 1:
                rows.append(None)
            rows.append(self._rows[at])
        return rows

    def of(self, team: str) -> TeamExtras:
        """The extras of a team's page."""
        row, lang = self._rows[self._place[team]], self._lang
        ways = [(self._back, translate("pages.page.back", lang))]
        ways += [
            (href, words)
            for href, words in ((row["county_href"], row["county"]), (row["unit_href"], row["unit"]))
            if href
        ]
        ways += [(row["pdf_href"], translate("site.pdf", lang))] if row["pdf_href"] else []
        values = {
            **words_of(lang),
            "lang": lang,
            "team": team,
            "dimensions": [dimension.name[lang] for dimension in self._now.rubric.dimensions],
        }
        templates = environment()
        below = templates.get_template("neighbours.j2").render(
            rows=self.around(team), count=len(self._rows), incomparable=self._incomparable, **values
        )
        below += templates.get_template("remarks.j2").render(year=self._now.year, edition=self._edition, **values)
        script = asset("remarks.js")
        return TeamExtras(templates.get_template("ways.j2").render(ways=ways, **values), below, script)
