"""From one total to another, step by step: what each indicator adds or takes."""

from __future__ import annotations

from collections.abc import Sequence

from assess_lib.pages.charts import INK, MUTE, PEER, axis_words, canvas, quiet
from assess_lib.pages.figure import Chart
from assess_lib.scorecard.wording import points_text
from assess_lib.words import join_clauses, translate

STEPS_SHOWN = 7
GAIN, LOSS = "#0072B2", "#D55E00"


def waterfall(before: float, after: float, parts: Sequence[tuple[str, float]], lang: str) -> Chart:
    """The steps from ``before`` to ``after``, the largest first, the small ones together.

    Parameters: ``parts`` names with what each adds; with ``before`` they make ``after``.
    """
    order = sorted(parts, key=lambda part: -abs(part[1]))
    shown, rest = order[:STEPS_SHOWN], order[STEPS_SHOWN:]
    if rest:
        shown = [
            *shown,
            (translate("workbench.what_if.others", lang, count=len(rest)), round(sum(p for _, p in rest), 2)),
        ]
    names = [
        translate("workbench.what_if.official", lang),
        *(name for name, _ in shown),
        translate("workbench.what_if.tried", lang),
    ]
    figure, axes = canvas(0.1 + 0.29 * len(names), left=2.35, right=0.9, bottom=0.3)
    places = list(range(len(names) - 1, -1, -1))
    levels = [before]
    for _, change in shown:
        levels.append(levels[-1] + change)
    low, high = min(*levels, after), max(*levels, after)
    margin = max((high - low) * 0.25, 0.5)
    foot = max(0.0, low - margin) if low >= 0 else low - margin
    for place, level in ((places[0], before), (places[-1], after)):
        axes.barh(place, level - foot, left=foot, height=0.56, color=PEER, zorder=2)
        axes.annotate(
            points_text(level), (level, place), (4, 0), textcoords="offset points", va="center", fontsize=9.5, color=INK
        )
    for place, (_, change), start in zip(places[1:], shown, levels):
        axes.barh(place, change, left=start, height=0.56, color=GAIN if change > 0 else LOSS, zorder=2)
        sign = "▲" if change > 0 else "▼"
        axes.annotate(
            f"{sign} {points_text(abs(change))}",
            (max(start, start + change), place),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=INK,
            annotation_clip=False,
        )
        axes.plot([start, start], [place + 0.28, place + 0.72], color=MUTE, linewidth=0.8, zorder=1)
    axes.set_yticks(places, names)
    axes.set(xlim=(foot, high + margin), ylim=(-0.6, len(names) - 0.4), xticks=[])
    axes.set_xlabel(axis_words("", axes, lang), fontsize=9, color=MUTE)
    quiet(axes, keep=("left",))
    told = join_clauses((f"{name} {change:+.2f}" for name, change in shown), lang)
    title = translate("workbench.what_if.waterfall", lang, before=points_text(before), after=points_text(after))
    return Chart(figure, f"{title}: {told}", title)
