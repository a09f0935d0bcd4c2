"""The parts of a rubric as they are shown: names of indicators and grades; limits and tones of grades."""

from __future__ import annotations

from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.tables import HELD
from assess_lib.words import translate


def indicator_names(rubric: Rubric, lang: str) -> dict[str, str]:
    """The name of every indicator by its id, in the order of the rubric."""
    return {indicator.id: indicator.name[lang] for indicator in rubric.indicators()}


def row_names(rubric: Rubric, lang: str) -> dict[str, str]:
    """The name of every row of ``points.csv``: of the indicators, then of the groups held by a cap or floor."""
    return indicator_names(rubric, lang) | {
        f"{group.id}:{HELD}": translate("pages.table.held", lang, group=group.name[lang])
        for dimension in rubric.dimensions
        for group in dimension.groups
    }


def grade_names(rubric: Rubric, lang: str) -> dict[str, str]:
    """The name of every grade by its id, as it stands within a sentence, the best first."""
    return {grade.id: grade.name[lang] for grade in rubric.grades.bands}


def grade_labels(rubric: Rubric, lang: str) -> dict[str, str]:
    """The name of every grade by its id, as it stands by itself, the best first."""
    return {grade.id: grade.label(lang) for grade in rubric.grades.bands}


def grade_limits(rubric: Rubric, lang: str) -> list[tuple[str, float]]:
    """The grades that begin at a total: label and that total in points, the best first."""
    return [(grade.label(lang), float(grade.range.low)) for grade in rubric.grades.bands if grade.range.low is not None]


def tone_of(place: int, count: int) -> int:
    """The tone of a grade by its place among ``count``: 0 for the best, 3 for the last, 1 and 2 between."""
    return 3 if place == count - 1 and count > 1 else min(place, 2)


def grade_tones(rubric: Rubric) -> dict[str, int]:
    """The tone of every grade by its id, 0–3, the best first."""
    bands = rubric.grades.bands
    return {grade.id: tone_of(place, len(bands)) for place, grade in enumerate(bands)}
