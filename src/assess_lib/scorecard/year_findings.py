"""What stands out in the year of all teams, and what follows from it, as sentences: with these a summary begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from assess_lib.scorecard.award_words import reason_text
from assess_lib.scorecard.group_findings import NAMED
from assess_lib.scorecard.heat import losing
from assess_lib.scorecard.wording import day_text, mean_hundredths, mean_text, share_text
from assess_lib.scorecard.year_summary import YearSummary, counties
from assess_lib.scoring import awards
from assess_lib.words import join_list, join_sentences, translate


def findings(summary: YearSummary) -> list[str]:
    """Grades, focal points, indicators and counties that stand out, and what moved since last year."""
    lang, told = summary.lang, list[str]()
    grades = [_say("grade", lang, grade=grade, count=count) for grade, count, _ in summary.grades if count]
    all_grades = _say("grades", lang, teams=len(summary.totals), list=join_list(grades, lang))
    more = [_say("provisional", lang, count=summary.provisional)] if summary.provisional else []
    told.append(join_sentences([all_grades, *more], lang))
    told += _listed(summary)
    means = pd.Series({name: shares.mean() for name, shares in summary.dimension_shares if len(shares)})
    if ends := _ends(means, share_text):
        told.append(_say("dimensions", lang, **_named(ends, lang)))
    if not (lost := summary.losses.head(NAMED)).empty:
        names = [_say("loss", lang, name=name, mean=mean_text(row["mean"])) for name, row in lost.iterrows()]
        told.append(_say("losses", lang, list=join_list(names, lang)))
    told += _deductions(summary)
    of_county = counties(summary.now)["mean"]
    if ends := _ends(of_county, mean_text):
        gap = mean_hundredths(of_county.max()) - mean_hundredths(of_county.min())
        told.append(_say("counties", lang, **_named(ends, lang), gap=mean_text(gap / 100)))
    if change := summary.change:
        about = {"count": change.teams, "change": change.median_text, "changed": change.changed}
        told.append(_say("change", lang, rose=change.rose, fell=change.fell, **about))
    return told


def next_steps(summary: YearSummary) -> list[str]:
    """What is asked of counties, teams and units: weak indicators, rectification, evidence, counties that lag."""
    lang, told = summary.lang, list[str]()
    if not (lost := summary.losses.head(NAMED)).empty:
        counts = [(name, int(row["size"] - row["full"])) for name, row in lost.iterrows()]
        names = [_say("short", lang, name=name, count=count) for name, count in counts]
        told.append(_say("weak", lang, list=join_list(names, lang)))
    listed = awards.rectification(summary.now)
    if len(listed):
        kinds = listed["kind"].value_counts()
        who = [_say(f"who.{kind}", lang, count=int(kinds[kind])) for kind in ("team", "unit") if kind in kinds]
        told.append(
            _say("rectify", lang, who=join_list(who, lang), deadline=day_text(listed["deadline"].iloc[0], lang))
        )
    if summary.missing:
        told.append(_say("evidence", lang, count=len(summary.missing)))
    of_county = counties(summary.now)["mean"]
    lowest = of_county[of_county < summary.totals.mean()].iloc[::-1][:NAMED]
    if len(lowest) and of_county.nunique() > 1:
        told.append(_say("lagging", lang, count=len(lowest), list=join_list(lowest.index, lang)))
    return told


def _deductions(summary: YearSummary) -> list[str]:
    """The deductions that were made: of how many teams, and how much together."""
    lang, points, taken = summary.lang, summary.now.points, list[str]()
    for one in losing(summary.rubric):
        rows = points[(points["indicator"] == one.id) & (points["points"] < 0)]
        if one.weight == 0 and len(rows):
            total = mean_text(-float(rows["points"].sum()))
            taken.append(_say("deduction", lang, name=one.name[lang], count=len(rows), total=total))
    return [_say("deductions", lang, list=join_list(taken, lang))] if taken else []


def _listed(summary: YearSummary) -> list[str]:
    """How many teams and units must rectify, and for which reasons, the most frequent first."""
    lang, listed, told = summary.lang, awards.rectification(summary.now), list[str]()
    for kind, key in (("team", "reason"), ("unit", "unit_reason")):
        rows = listed[listed["kind"] == kind]
        if rows.empty:
            continue
        # of a grade the vetoes that set it are the reason, as for those whose grade they did not change
        why = [dict.fromkeys(each for one in reasons for each in _reasons(summary, one)) for reasons in rows["why"]]
        counts = pd.Series([each for of_one in why for each in of_one]).value_counts()
        reasons = [_say(key, lang, why=words, count=int(count)) for words, count in counts.items()]
        who = _say(f"who.{kind}", lang, count=len(rows))
        told.append(_say("listed", lang, who=who, list=join_list(reasons, lang)))
    return told


def _reasons(summary: YearSummary, reason: Sequence[Any]) -> list[str]:
    """A reason in words without what is the team's own: the grade and the vetoes that set it, a veto, or a focal point below a share."""
    rubric, lang = summary.rubric, summary.lang
    if reason[0] == "grade":
        return [
            reason_text(reason[:2], rubric, lang),
            *(reason_text(("veto", one), rubric, lang) for one in reason[2:]),
        ]
    if reason[0] == "below":
        name = next(each.name[lang] for each in rubric.dimensions if each.id == reason[1])
        return [_say("below", lang, dimension=name, limit=f"{reason[3]:.0%}")]
    return [reason_text(reason, rubric, lang)]


def _ends(figures: pd.Series, shown: Callable[[float], str]) -> dict[str, tuple[list[str], str]]:
    """Those with the highest and those with the lowest figure, as it is shown; nothing where all show the same.

    Parameters: ``figures`` by name.
    """
    texts = figures.map(shown)
    if texts.nunique() < 2:
        return {}
    ends = {"best": texts[figures.idxmax()], "worst": texts[figures.idxmin()]}
    return {end: (list(texts.index[texts == text]), text) for end, text in ends.items()}


def _named(ends: dict[str, tuple[list[str], str]], lang: str) -> dict[str, str]:
    """The ends as values of a sentence: their names, and their figure."""
    return {end: join_list(names, lang) for end, (names, _) in ends.items()} | {
        f"{end}_mean": text for end, (_, text) in ends.items()
    }


def _say(key: str, lang: str, **values: object) -> str:
    return translate(f"pages.summary.say.{key}", lang, **values)
