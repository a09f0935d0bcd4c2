"""The list of all teams: one page that searches, filters and sorts without a server, with a heat map of their points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from assess_lib.pages import charts
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.site.listing import CELLS, SHARE_STEPS, Links, Listing, columns
from assess_lib.pages.template_page import render_page
from assess_lib.scorecard.award_words import reason_text
from assess_lib.scorecard.heat import heat_rows, losing
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.rubric_words import grade_labels, grade_limits, grade_tones
from assess_lib.scorecard.wording import mean_text, points_text, share_text
from assess_lib.words import in_brackets, join_clauses, join_list, translate

ROWS_AT_ONCE, UNITS_NAMED = 200, 5
SHADES = {  # share of points, the shade that stands for it: the more is lost, the stronger
    "least": "#B84500",  # below 50 %
    "half": "#DE7A33",  # 50–69
    "seven": "#EFA66E",  # 70–79
    "eight": "#F8CBA6",  # 80–89
    "nine": "#FDE9D9",  # 90–99
    "all": "#EEF3F7",
}


@dataclass(frozen=True)
class Additions:
    """Additions to the list of all teams in a published year.

    Attributes
    ----------
    listing : all teams as rows.
    links : addresses of the pages of teams, counties and units.
    units : for each its name, address, number of teams, mean total and largest loss, best mean first.
    documents : address and name of what lies beside the list. notes : sentences on what is shown.
    """

    listing: Listing
    links: Links
    units: Sequence[dict[str, Any]] = ()
    documents: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


def index_page(
    now: Overview,
    before: Overview | None,
    lang: str,
    made: Collection[str],
    failed: Sequence[str] = (),
    summary: str = "",
    additions: Additions | None = None,
    side_by_side: str = "",
    what_if: str = "",
    draft: DraftMark | None = None,
) -> str:
    """The index page.

    Parameters: the overviews of the year (with ``heat`` for the heat map) and the year before, the language, the teams ``made``,
    whose page exists (``teams/<id>.html``), sentences on those that failed, the relative addresses of the summary, of the page
    that shows teams side by side and of that which tries out other weights, the additions of a published year, and ``draft`` where
    it is one. Teams stand in order of rank; those that were neither made nor failed are listed without a link.
    """
    listing = additions.listing if additions else Listing(now, before, lang)
    order = listing.order
    links = additions.links if additions else Links({team: f"teams/{team}.html" for team in made}, {}, {})
    rows = listing.rows(order, links)
    names = grade_labels(now.rubric, lang)
    tones = grade_tones(now.rubric)
    grades = [
        {"id": grade, "name": name, "tone": tones[grade], "count": int((now.scores["grade"] == grade).sum())}
        for grade, name in names.items()
    ]
    provisional = int(now.scores["provisional"].sum())
    listed = [
        ("rectify", translate("pages.index.rectify", lang), len(now.rectify)),
        ("provisional", translate("pages.index.provisional", lang), provisional),
    ]
    return render_page(
        "index.html.j2",
        lang,
        ["index.css"],
        ["index.js"],
        draft,
        year=now.year,
        rubric=now.rubric,
        fingerprint=now.fingerprint,
        rows=rows,
        at_once=ROWS_AT_ONCE,
        grades=grades,
        listed=listed,
        failed=failed,
        rectify_units=_units(now, lang),
        summary_href=summary,
        side_href=side_by_side if len(rows) > 1 else "",
        what_if_href=what_if,
        strip=charts.Strip(now.scores["total"], grade_limits(now.rubric, lang), lang, now.scores["grade"].map(tones)),
        improved=_improved(now, links, lang),
        filters=[*_filters(now, lang), ("listed", translate("pages.index.listed", lang), [one[:2] for one in listed])],
        cells=CELLS,
        columns=columns(now, lang),
        more=additions,
        marks=[
            translate(
                "pages.index.because",
                lang,
                mark=translate(f"pages.index.mark.{mark}", lang),
                why=translate(f"pages.index.why.{mark}", lang),
            )
            for mark in listing.marks
        ]
        + [
            translate("pages.index.because", lang, mark=name, why=translate(f"pages.index.why.{key}", lang))
            for key, name, any_of in (
                ("provisional", translate("pages.card.provisional", lang), provisional),
                ("may_rise", translate("pages.index.may_rise", lang), any(row["may_rise"] for row in rows)),
            )
            if any_of
        ],
        counties=(counties := _counties(now, links, lang)),
        county_ends=_ends(counties, lang),
        unit_ends=_ends(additions.units, lang) if additions else "",
        incomparable=listing.incomparable,
        shades=list(SHADES.items()),
        heat_groups=heat_rows(now.rubric, lang) if now.heat else [],
        deductions={one.id for one in losing(now.rubric) if not one.weight},
    )


def _units(now: Overview, lang: str) -> str:
    """The units that must rectify, with the reasons of those that are named, as a sentence; blank where there are none."""
    if not now.rectify_units:
        return ""
    names = now.teams.drop_duplicates("unit_id").set_index("unit_id")["unit_name"]
    named = [
        (names.get(unit) or unit)
        + in_brackets(join_clauses((reason_text(one, now.rubric, lang) for one in why), lang), lang)
        for unit, why in list(now.rectify_units.items())[:UNITS_NAMED]
    ]
    key = "rectify_units" if len(named) == len(now.rectify_units) else "rectify_units_more"
    return translate(f"site.index.{key}", lang, list=join_list(named, lang), count=len(now.rectify_units))


def _counties(now: Overview, links: Links, lang: str) -> list[dict[str, Any]]:
    """The counties as rows: name, address, number of teams, mean total, a cell per focal point, and what most points are lost on.

    A cell has its share in words, the shade, and whether it is the lowest of several.
    """
    if len(now.counties) < 2:
        return []
    names = {one.id: one.name[lang] for one in now.rubric.indicators()}
    dimensions = [(one.id, one.name[lang]) for one in now.rubric.dimensions]
    shares = {id: {one for line in now.counties if (one := line.shares[id]) is not None} for id, _ in dimensions}
    lowest = {id: min(of) if len(of) > 1 else None for id, of in shares.items()}

    def cell(id: str, name: str, share: float | None) -> dict[str, Any]:
        if share is None:
            return {
                "name": name,
                "share": translate("pages.status.not_applicable", lang),
                "step": "none",
                "lowest": False,
            }
        step = sum(share >= limit for limit in SHARE_STEPS)
        return {"name": name, "share": share_text(share), "step": step, "lowest": share == lowest[id]}

    return [
        {
            "name": line.name,
            "href": links.counties.get(line.name, ""),
            "count": line.teams,
            "mean": mean_text(line.mean),
            "cells": [cell(id, name, line.shares[id]) for id, name in dimensions],
            "lost": [
                translate(
                    f"site.index.{'county_lost' if count == line.teams else 'county_lost_of'}",
                    lang,
                    name=names[id],
                    mean=mean_text(mean),
                    all=mean_text(of_all),
                    count=count,
                )
                for id, mean, of_all, count in line.lost
            ],
        }
        for line in now.counties
    ]


def _ends(groups: Sequence[dict[str, Any]], lang: str) -> str:
    """The groups with the highest and the lowest mean in words; blank where all show the same."""
    means = [group["mean"] for group in groups]
    if len(set(means)) < 2:
        return ""
    best, worst = (
        join_list([group["name"] for group in groups if group["mean"] == mean], lang) for mean in (means[0], means[-1])
    )
    return translate("site.index.ends", lang, best=best, best_mean=means[0], worst=worst, worst_mean=means[-1])


def _improved(now: Overview, links: Links, lang: str) -> list[dict[str, str]]:
    """The teams that gained most: name, address of the page, and how much."""
    return [
        {
            "name": str(now.teams.at[one.team_id, "name"]),
            "href": links.teams.get(one.team_id, ""),
            "gained": translate("site.index.gained", lang, change=points_text(one.change), compared=one.compared),
        }
        for one in now.improved
    ]


def _filters(now: Overview, lang: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    groups = []
    for name in ("county", "area", "unit_type"):
        values = sorted(str(value) for value in now.scores[name].dropna().unique())
        if len(values) > 1:
            groups.append((name, translate(f"pages.index.{name}", lang), [(value, value) for value in values]))
    grades = list(grade_labels(now.rubric, lang).items())
    return [*groups, ("grade", translate("pages.index.grade", lang), grades)]
