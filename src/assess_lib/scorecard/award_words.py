"""Commendation and rectification in words: quotas and ties at their edge, and why a team or unit must rectify."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from assess_lib.rules.kinds import Score
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scorecard.rubric_words import grade_names
from assess_lib.scorecard.wording import demand_text, share_text
from assess_lib.scoring.quotas import Quota
from assess_lib.words import join_clauses, join_list, join_sentences, translate

NAMED = 6


def quota_words(
    kind: str, quotas: Iterable[Quota], rubric: Rubric, name_of: Callable[[str], str], lang: str
) -> list[str]:
    """A sentence for every quota, with what a tie at its edge meant.

    Parameters: ``kind`` grade, teams, members or units; ``name_of`` gives the name of an id.
    """
    grades = grade_names(rubric, lang)
    return [_sentence(kind, quota, grades, rubric, name_of, lang) for quota in quotas]


def reason_text(reason: Sequence[Any], rubric: Rubric, lang: str) -> str:
    """Why a team or unit must rectify.

    Parameters: ``reason`` as in ``why`` of the rectification list: ("grade", grade, vetoes …) or
    ("below", focal point, share, limit), shares 0–1, or ("veto", veto).
    """
    names = {veto.id: veto.name[lang] for veto in rubric.veto}
    if reason[0] == "veto":
        return names[reason[1]]
    if reason[0] == "grade":
        vetoes = [names[veto] for veto in reason[2:]]
        about = {"grade": grade_names(rubric, lang)[reason[1]], "vetoes": join_list(vetoes, lang)}
        return translate(f"pages.summary.{'why_vetoed' if vetoes else 'why_grade'}", lang, **about)
    name = next(dimension.name[lang] for dimension in rubric.dimensions if dimension.id == reason[1])
    return translate(
        "pages.summary.why_below", lang, dimension=name, share=share_text(reason[2]), limit=f"{reason[3]:.0%}"
    )


def unit_reasons(row: Any, rubric: Rubric, vetoes: pd.Series, names: pd.Series, lang: str) -> str:
    """Why a unit must rectify, and which of its teams a veto is of where there are several.

    Parameters: ``row`` of the rectification list; ``vetoes`` and ``names`` of each team, index team_id.
    """
    told, known = [], names.dropna()
    for reason in row.why:
        text = reason_text(reason, rubric, lang)
        if reason[0] == "veto" and len(row.team_ids) > 1:
            teams = [known.get(team, team) for team in row.team_ids if reason[1] in vetoes[team]]
            listed = join_list(teams[:NAMED], lang)
            if len(teams) > NAMED:
                listed = translate("circular.quota.more", lang, names=listed)
            text = translate("pages.summary.why_of_teams", lang, why=text, teams=listed)
        told.append(text)
    return join_clauses(told, lang)


def demands(
    rubric: Rubric,
    indicators: Iterable[str],
    teams: Sequence[str],
    rule_of: Callable[[Indicator, str], tuple[Fraction, Score]],
    lang: str,
) -> list[str]:
    """What a team or unit that must rectify has to reach, indicator by indicator, by the rules of the teams concerned.

    Parameters: ``rule_of`` gives weight and score of an indicator in force for a team.
    """
    told = [
        demand_text(indicator, score, weight, lang)
        for indicator in map(rubric.indicator, indicators)
        for weight, score in (rule_of(indicator, team) for team in teams)
    ]
    return list(dict.fromkeys(told))


def vetoes_by_grade(vetoes: Sequence[str], rubric: Rubric, lang: str) -> list[tuple[list[str], str]]:
    """The names of vetoes for each grade that they allow at best, the best grade first."""
    grouped = [
        ([veto.name[lang] for veto in rubric.veto if veto.id in vetoes and veto.limit == grade.id], grade.name[lang])
        for grade in rubric.grades.bands
    ]
    return [(names, grade) for names, grade in grouped if names]


def _sentence(
    kind: str, quota: Quota, grades: Mapping[str, str], rubric: Rubric, name_of: Callable[[str], str], lang: str
) -> str:
    text = translate(
        f"circular.quota.{kind}",
        lang,
        group=quota.group or translate("circular.quota.all", lang),
        size=quota.size,
        places=quota.places,
        able=quota.able,
        chosen=len(quota.chosen),
        grade=grades.get(quota.grade, ""),
    )
    if not quota.tied:
        return text
    names = join_list((name_of(name) for name in quota.tied[:NAMED]), lang)
    if len(quota.tied) > NAMED:
        names = translate("circular.quota.more", lang, names=names)
    key = (
        "circular.quota.tied.in" if quota.grade and rubric.grades.ties_over_quota == "in" else "circular.quota.tied.out"
    )
    return join_sentences([text, translate(key, lang, count=len(quota.tied), names=names)], lang)
