"""The page of a county or of a dispatching unit: its teams together, with last year and a heat map of their points."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assess_lib.pages import charts, heat
from assess_lib.pages.blocks import TEMPLATES, environment
from assess_lib.pages.export import PLAIN_POLICY, with_font
from assess_lib.pages.listing import Links, columns, team_rows
from assess_lib.results.overview import Overview
from assess_lib.results.wording import points_text
from assess_lib.words import say

COUNTY, UNIT = "county", "unit"


@dataclass(frozen=True)
class Group:
    """A county or a unit. ``teams`` its ids in order of place; ``kind`` one of ``COUNTY``, ``UNIT``."""

    kind: str
    id: str
    name: str
    teams: pd.Index


def group_page(
    group: Group, now: Overview, before: Overview | None, signs: pd.DataFrame, links: Links, back: str, lang: str,
) -> str:  # fmt: skip
    """The page.

    Parameters: ``signs`` as ``heat.signs`` gives them, of all teams; ``links`` from this page; ``back`` the list of all teams.
    """
    scores = now.scores.loc[group.teams]
    totals, rows = scores["total"], team_rows(now, before, group.teams, links, lang)
    known = [] if before is None else [team for team in group.teams if team in before.scores.index]
    grades = [(grade.name[lang], int((scores["grade"] == grade.id).sum())) for grade in now.rubric.grades.bands]
    tiles = [
        (say("pages.index.teams", lang), str(len(rows))), (say("site.group.mean", lang), points_text(totals.mean())),
        (say("site.group.province", lang), points_text(now.scores["total"].mean())),
        *((name, str(count)) for name, count in grades),
    ]  # fmt: skip
    if known:
        change = (totals[known] - before.scores.loc[known, "total"]).mean()
        tiles.append(
            (say("site.group.change", lang, count=len(known)), ("+" if change > 0 else "") + points_text(change))
        )
    body = environment().get_template("group.html.j2").render(
        t=lambda key, **values: say(f"pages.{key}", lang, **values), s=lambda key, **values: say(f"site.{key}", lang, **values),
        lang=lang, html_lang="zh-CN" if lang == "zh" else "en",
        policy=PLAIN_POLICY, style="".join(_asset(name) for name in ("blocks/style.css", "index.css", "group.css")),
        group=group, year=now.year, rubric=now.rubric, fingerprint=now.fingerprint, back=back, tiles=tiles, rows=rows,
        columns=columns(now, lang), strip=charts.among_all(now.scores["total"], group.teams, now.rubric.grades.bands, lang).svg,
        heat=_heat(group.teams, signs, now, lang), before=before,
    )  # fmt: skip
    return with_font(body)


def _heat(teams: pd.Index, signs: pd.DataFrame, now: Overview, lang: str) -> list[tuple[str, list[tuple[str, list]]]]:
    """By focal point a line per indicator: its name, and per team sign, shade and words."""
    words = {sign: say(f"site.heat.{key}", lang) for sign, key in ((heat.MISSING, "missing"), (heat.NONE, "none"))}
    found = []
    for name, indicators in heat.groups(now.rubric, lang):
        lines = [
            (title, [(heat.shade(sign), words.get(sign) or heat.share_text(sign)) for sign in signs.loc[teams, id]])
            for id, title in indicators
        ]  # fmt: skip
        if lines:
            found.append((name, lines))
    return found


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()
