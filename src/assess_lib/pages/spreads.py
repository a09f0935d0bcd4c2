"""How the totals or shares of many teams are spread: a line for each focal point or county, with its range, middle half and mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.figure import Figure

from assess_lib.pages.charts import BAND, INK, MUTE, PEER, axis_words, canvas, quiet, span
from assess_lib.pages.figure import Chart
from assess_lib.scorecard.wording import mean_text, share_text
from assess_lib.words import join_clauses, translate


def spread(names: Sequence[str], shares: Sequence[pd.Series], lang: str) -> Chart:
    """Shares of points of all teams per focal point: range, middle half, mean."""
    columns = [column * 100 for column in shares]
    figure = _ranges(names, columns, "pages.chart.share", lambda mean: share_text(mean / 100), lang)
    sentences = [f"{name} {share_text(column.mean())}" for name, column in zip(names, shares)]
    return Chart(
        figure,
        translate("pages.summary.dimensions_alt", lang, list=join_clauses(sentences, lang)),
        translate("pages.summary.dimensions", lang),
    )


def county_totals(names: Sequence[str], totals: Sequence[pd.Series], lang: str) -> Chart:
    """Totals of the teams per county: range, middle half, mean."""
    figure = _ranges(names, totals, "pages.index.total", mean_text, lang)
    sentences = [f"{name} {mean_text(column.mean())}" for name, column in zip(names, totals)]
    return Chart(
        figure,
        translate("pages.summary.counties_alt", lang, list=join_clauses(sentences, lang)),
        translate("pages.summary.county_totals", lang),
    )


def _ranges(
    names: Sequence[str], columns: Sequence[pd.Series], label: str, shown: Callable[[float], str], lang: str
) -> Figure:
    """A line for each column of numbers: its range, its middle half and its mean.

    Parameters: ``label`` the key of the axis's words, ``shown`` the mean in figures.
    """
    figure, axes = canvas(0.2 + 0.46 * len(names), left=2.35)
    for place, column in zip(range(len(names) - 1, -1, -1), columns):
        low, lower, upper, high = (float(column.quantile(q)) for q in (0, 0.25, 0.75, 1))
        mean = float(column.mean())
        axes.barh(place, high - low, left=low, height=0.3, color=BAND, zorder=1)
        axes.barh(place, upper - lower, left=lower, height=0.3, color=PEER, zorder=2)
        axes.plot([mean] * 2, [place - 0.22, place + 0.22], color=INK, linewidth=1.6, zorder=3)
        axes.annotate(
            shown(mean), (mean, place), (0, 11), textcoords="offset points", ha="center", fontsize=9.5, color=INK
        )
    axes.set_yticks(range(len(names)), list(reversed(names)), fontsize=10, color=INK)
    ends = [float(end) for column in columns for end in (column.min(), column.max())]
    axes.set(ylim=(-0.55, len(names) - 0.25), xlim=span(ends))
    axes.set_xlabel(axis_words(label, axes, lang), fontsize=9, color=MUTE)
    quiet(axes, keep=("bottom",))
    return figure
