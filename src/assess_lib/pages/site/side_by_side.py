"""Two to four teams side by side, indicator by indicator: one page for all teams, which chooses without a server."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.indicators.measurement import NO_EVIDENCE
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.template_page import render_page
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.rubric_words import grade_labels
from assess_lib.scorecard.team_search import search_text
from assess_lib.scorecard.wording import points_text
from assess_lib.words import translate

PAGE = "side_by_side.html"
MOST = 4  # teams at a time
_WORDS = {
    "indicator": "pages.table.indicator",
    "between": "pages.semicolon",
    **{name: f"pages.index.{name}" for name in ("total", "rank", "grade")},
    **{name: f"site.side.{name}" for name in ("full", "held", "empty", "unknown", "several", "twice", "too_many")},
    **{name: f"site.heat.{name}" for name in ("missing", "none")},
}


def side_by_side_page(now: Overview, points: pd.DataFrame, lang: str, draft: DraftMark | None = None) -> str:
    """The page, to lie beside the list of all teams. Which are shown stands behind ``#`` in its address, ids with commas between.

    Parameters: ``points`` a row per team and indicator, as in ``points.csv``; ``draft`` where it is one.
    """
    rubric = now.rubric
    groups = [
        {"name": each.name[lang], "indicators": [one.name[lang] for one in each.indicators()]}
        for each in rubric.dimensions
    ]
    words = {name: translate(key, lang) for name, key in _WORDS.items()}
    data = {"words": words, "groups": groups, **_numbers(now, points), "teams": _teams(now, lang)}
    return render_page(
        "side_by_side.html.j2",
        lang,
        ["index.css", "side_by_side.css"],
        ["side_by_side.js"],
        draft,
        year=now.year,
        rubric=rubric,
        slots=range(1, MOST + 1),
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def _numbers(now: Overview, points: pd.DataFrame) -> dict[str, Any]:
    """Points of every team in hundredths, full marks in force (each set of them once), and what lacks evidence.

    ``points`` a list per team, blank where an indicator does not count; ``weights`` the sets, ``set`` the place of each
    team's; ``missing`` the places of its indicators without evidence; ``held`` what caps and floors add, by focal point.
    """
    ids = [one.id for one in now.rubric.indicators()]
    table = points.pivot(index="team_id", columns="indicator")
    hundredths = lambda name: (table[name].reindex(now.order)[ids].fillna(0) * 100).round().astype("int64").to_numpy()
    earned, weight = hundredths("points"), hundredths("weight")
    sets, of_team = np.unique(weight, axis=0, return_inverse=True)
    counts = (weight != 0) | (earned != 0)
    missing = (table["status"].reindex(now.order)[ids] == NO_EVIDENCE).to_numpy() & counts
    held = [
        (now.scores.loc[now.order, each.id].fillna(0) * 100).round().astype("int64").to_numpy()
        - earned[:, [ids.index(one.id) for one in each.indicators()]].sum(axis=1)
        for each in now.rubric.dimensions
    ]
    return {
        "points": [[n if c else None for n, c in zip(*row)] for row in zip(earned.tolist(), counts.tolist())],
        "weights": sets.tolist(),
        "set": of_team.ravel().tolist(),
        "missing": [np.flatnonzero(row).tolist() for row in missing],
        "held": np.column_stack(held).tolist(),
    }


def _teams(now: Overview, lang: str) -> list[list[Any]]:
    """Id, name, county, total, rank and grade of every team, and the spellings by which it is found, in order of rank."""
    names = grade_labels(now.rubric, lang)
    return [
        [
            team,
            str(now.teams.at[team, "name"]),
            str(now.teams.at[team, "county"]),
            points_text(score["total"]),
            int(score["rank"]),
            names[score["grade"]],
            search_text(str(now.teams.at[team, "name"]), [str(now.teams.at[team, "county"])]),
        ]
        for team, score in now.scores.loc[now.order].iterrows()
    ]
