"""Quotas and ties at their edge in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.quotas import Quota
from assess_lib.words import join_list, join_sentences, translate

NAMED = 6


def quota_words(
    kind: str, quotas: Iterable[Quota], rubric: Rubric, named: Callable[[str], str], lang: str
) -> list[str]:
    """A sentence for every quota, with what a tie at its edge meant.

    Parameters: ``kind`` grade, teams, members or units; ``named`` gives the name of an id.
    """
    grades = {grade.id: grade.name[lang] for grade in rubric.grades.bands}
    return [_sentence(kind, one, grades, rubric, named, lang) for one in quotas]


def _sentence(kind: str, one: Quota, grades: dict[str, str], rubric: Rubric, named, lang: str) -> str:
    text = translate(
        f"circular.quota.{kind}",
        lang,
        group=one.group or translate("circular.quota.all", lang),
        size=one.size,
        places=one.places,
        able=one.able,
        chosen=len(one.chosen),
        grade=grades.get(one.grade, ""),
    )
    if not one.tied:
        return text
    names = join_list((named(name) for name in one.tied[:NAMED]), lang)
    if len(one.tied) > NAMED:
        names = translate("circular.quota.more", lang, names=names)
    key = "circular.quota.tied.in" if one.grade and rubric.grades.ties_over_quota == "in" else "circular.quota.tied.out"
    return join_sentences([text, translate(key, lang, count=len(one.tied), names=names)], lang)
