"""Other weights and grade lines tried out on all teams: one page that works out totals, ranks and grades without a server.

The page carries the rules, and of the figures what is left when weights are open (``assess_lib.scoring.terms``); its
script repeats the arithmetic of ``assess_lib.analysis.what_if`` on them.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.template_page import render_page
from assess_lib.rules.rubric import PEER_COLUMNS, Group, Indicator, Rubric
from assess_lib.scorecard.overview import Overview
from assess_lib.scorecard.rubric_words import grade_labels, grade_tones
from assess_lib.scorecard.team_search import search_text
from assess_lib.scoring.terms import UNKNOWN
from assess_lib.words import translate

PAGE = "what_if.html"
_ABSENT, _NOTHING = -1, -2  # does not count for the team; counts, and nothing shows it
_WORDS = (
    "told",
    "unmoved",
    "became",
    "aside",
    "below",
    "counts_as",
    "sum",
    "sum_other",
    "shown",
    "none",
    "nobody",
    "provisional",
    "differs",
    "wrong",
    "wrong_number",
    "wrong_limits",
    "wrong_weight",
    "wrong_fixed",
    "wrong_link",
)


def what_if_page(
    now: Overview, points: pd.DataFrame, terms: pd.DataFrame, lang: str, draft: DraftMark | None = None
) -> str:
    """The page, to lie beside the list of all teams. What was moved stands behind ``#`` in its address.

    Parameters: ``points`` a row per team and indicator, as in ``points.csv``; ``terms`` as ``exact_terms`` gives them;
    ``draft`` where it is one.
    """
    rubric, order = now.rubric, now.order
    table = points[~points["indicator"].str.contains(":")].pivot(index="team_id", columns="indicator").reindex(order)
    terms = terms.reindex(order)
    without_formula = {one.id for one in rubric.indicators() if (terms[one.id] == UNKNOWN).any()}
    names = grade_labels(rubric, lang)
    data = {
        "words": {name: translate(f"site.what_if.{name}", lang) for name in _WORDS},
        **_rules(rubric),
        **_of_teams(now, table, terms, without_formula),
        "grade_names": list(names.values()),
        "tones": list(grade_tones(rubric).values()),
        "teams": [
            [team, name, county, search_text(name, [county])]
            for team, name, county in zip(order, *(now.teams.loc[order, of].astype(str) for of in ("name", "county")))
        ],
    }
    return render_page(
        "what_if.html.j2",
        lang,
        ["index.css", "what_if.css"],
        ["what_if_rules.js", "what_if.js"],
        draft,
        year=now.year,
        rubric=rubric,
        fingerprint=now.fingerprint,
        count=len(order),
        lines=[
            (band.id, names[band.id], decimal_text(band.range.low))
            for band in rubric.grades.bands[:-1]
            if band.range.low is not None
        ],
        dimensions=_controls(rubric, without_formula, lang),
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def _controls(rubric: Rubric, without_formula: set[str], lang: str) -> list[dict[str, Any]]:
    """The focal points and their indicators with their weights; those whose points are not known by others are locked."""
    return [
        {
            "id": each.id,
            "name": each.name[lang],
            "weight": decimal_text(each.weight),
            "locked": bool(without_formula),
            "indicators": [
                {
                    "id": one.id,
                    "name": one.name[lang],
                    "weight": decimal_text(one.weight),
                    "locked": any(other.id in without_formula for other in each.indicators()),
                    "without_formula": one.id in without_formula,
                }
                for one in each.indicators()
            ],
        }
        for each in rubric.dimensions
    ]


# ---- rules ------------------------------------------------------------------------------------------------------------


def _rules(rubric: Rubric) -> dict[str, Any]:
    """All of the rules that an outcome hangs on, numbers as fractions in texts."""
    indicators = [one.id for one in rubric.indicators()]
    dimensions = [each.id for each in rubric.dimensions]
    return {
        "per_point": int(1 / rubric.step),
        "dimensions": [
            {"id": each.id, "weight": str(each.weight), "groups": [_group(group) for group in each.groups]}
            for each in rubric.dimensions
        ],
        "grades": [
            {
                "id": band.id,
                "low": _text(band.range.low),
                "closed": band.range.low_closed,
                "quota": _text(band.quota),
            }
            for band in rubric.grades.bands
        ],
        "ties_over_quota": rubric.grades.ties_over_quota,
        "ties": [
            ["dimension", dimensions.index(name)] if name in dimensions else ["indicator", indicators.index(name)]
            for name in rubric.ranking.tie_breakers
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "cap": _text(group.cap),
        "floor": _text(group.floor),
        "with_weight": group.limits == "with_weight",
        "indicators": [
            {
                "id": one.id,
                "weight": str(one.weight),
                "rules": [
                    {"weight": _text(weight), "formula": _formula(score)}
                    for weight, score in (
                        (None, one.score),
                        *((variant.weight, variant.score or one.score) for variant in one.variants),
                    )
                ],
            }
            for one in group.indicators
        ],
    }


def _formula(score: Any) -> dict[str, Any] | None:
    if (formula := score.formula()) is None:
        return None
    return vars(formula) | {"amounts": [str(amount) for amount in formula.amounts]}


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


# ---- teams ------------------------------------------------------------------------------------------------------------


def _of_teams(now: Overview, table: pd.DataFrame, terms: pd.DataFrame, without_formula: set[str]) -> dict[str, Any]:
    """By team, in order of rank: what its points are made of, which rules it has, and what holds for it now."""
    rubric, scores, per_point = now.rubric, now.scores.loc[now.order], int(1 / now.rubric.step)
    grades = [band.id for band in rubric.grades.bands]
    limits = {veto.id: grades.index(veto.limit) for veto in rubric.veto}
    rules = list(rubric.indicators())
    steps = {
        one.id: (table["points"][one.id] * per_point).round().astype("int64").tolist()
        for one in rules
        if one.id in without_formula
    }
    return {
        "terms": [_terms(one, table["status"][one.id], terms[one.id]) for one in rules],
        "variants": [_variants(one, scores) if one.variants else None for one in rules],
        "fixed": [steps.get(one.id) for one in rules],
        "rank_groups": _groups(rubric.ranking.by, scores),
        "quota_groups": _groups(rubric.grades.quota_by, scores),
        "vetoed": [max((limits[veto] for veto in vetoes), default=0) for vetoes in scores["vetoes"]],
        "provisional": [int(held) for held in scores["provisional"]],
        "official": {
            "total": [int(exact(total) * per_point) for total in scores["total"]],
            "rank": scores["rank"].astype(int).tolist(),
            "grade": [grades.index(grade) for grade in scores["grade"]],
        },
    }


def _terms(rule: Indicator, status: pd.Series, terms: pd.Series) -> dict[str, Any]:
    """The distinct terms of an indicator, and by team their place, or why there are none."""
    measured, awaited = (status == MEASURED).to_numpy(), (status == NO_EVIDENCE).to_numpy()
    places, forms = pd.factorize(terms.where(measured))
    of = places.copy()
    of[~measured] = _ABSENT
    if rule.missing != "exclude":
        of[awaited] = _NOTHING
    return {"forms": ";".join(forms), "of": of.tolist()}


def _variants(rule: Indicator, scores: pd.DataFrame) -> list[int]:
    """By team the rule in force: 0 the indicator's own, then its variants; the first that includes a team decides."""
    return [
        next((at for at, variant in enumerate(rule.variants, start=1) if variant.peers.include(row)), 0)
        for row in scores[list(PEER_COLUMNS)].to_dict("records")
    ]


def _groups(by: str, scores: pd.DataFrame) -> list[int] | None:
    """The group of each team as a number; None where all are one."""
    return None if by == "all" else pd.factorize(scores[by].fillna("").astype(str))[0].tolist()
