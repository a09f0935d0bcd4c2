"""The charts of the scorecard and the summary. They take what is to be drawn, already worded.

One width, Okabe–Ito colours, signs or words beside every colour, a text alternative each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from markupsafe import escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assess_lib.pages.figure import Chart
from assess_lib.pages.fonts import set_up_charts
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text, share_text
from assess_lib.words import join_clauses, translate

WIDTH = 8.2
POINTS_AN_INCH = 72  # of an SVG by matplotlib
MOST_DOTS = 400  # that can still be distinguished on a strip
BLUE, ORANGE = "#0072B2", "#D55E00"
PEER, BAND, INK, MUTE = "#B8BEC8", "#E3E6EA", "#1F2733", "#5B6773"
TONES = ("#00755A", "#005F96", "#8A5B00", "#A63F00")  # of grades, the best first, as on the badges
LABEL = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
Limits = Sequence[tuple[str, float]]  # grades: name, the lowest total in points


def peer_position(card: Scorecard) -> Chart:
    """The team among its peers: a dot each, its own named, grade limits as dashed lines."""
    lang, totals = card.lang, card.peer_totals
    figure, axes = canvas(0.95)
    dot_strip(axes, totals, card.grade_limits, lang, marked=card.team_id)
    values = {
        "total": card.total,
        "low": points_text(totals.min()),
        "high": points_text(totals.max()),
        "median": points_text(totals.median()),
    }
    return Chart(
        figure,
        translate("pages.chart.peer_position_alt", lang, **values),
        translate("pages.section.peer_position", lang),
    )


def dot_strip(
    axes: Axes,
    totals: pd.Series,
    limits: Limits,
    lang: str,
    marked: str | None = None,
    colours: pd.Series | None = None,
) -> None:
    """Draw totals as dots stacked where they crowd, as bars where they are many; dashed lines at the limits of the grades.

    Parameters: ``totals`` in points, index team_id; ``limits`` name and lowest total of grades; ``marked`` a team;
    ``colours`` of the dots, index team_id.
    """
    low = min(float(totals.min()), 60.0) - 3
    high = max(float(totals.max()), 90.0) + 3
    order = totals.sort_values(kind="stable")
    bins = np.floor((order.to_numpy() - low) / (high - low) * 90).astype(int)
    heights = pd.Series(bins).groupby(bins).cumcount().to_numpy() if len(bins) else []
    tallest = max(heights, default=0)
    squeeze = min(1.0, 6 / (tallest + 1))
    is_marked = order.index == marked
    if len(order) > MOST_DOTS:
        counts = np.bincount(bins, minlength=90)
        starts = low + (high - low) * np.arange(len(counts)) / 90
        axes.bar(
            starts, (counts + 0.0) * squeeze, width=(high - low) / 100, align="edge", bottom=-0.5, color=PEER, zorder=2
        )
    else:
        colour = PEER if colours is None else colours[order.index[~is_marked]].to_list()
        axes.scatter(order[~is_marked], heights[~is_marked] * squeeze, s=26, color=colour, linewidths=0, zorder=2)
    top = max(3.0, tallest * squeeze + 1.6)
    for name, limit in limits:
        if low < limit < high:
            axes.axvline(limit, color=MUTE, linestyle=(0, (4, 3)), linewidth=0.9, zorder=1)
            axes.text(
                limit + (high - low) * 0.006,
                top - 0.25,
                f"{name} {limit:g}",
                fontsize=9,
                color=MUTE,
                va="top",
            )
    if marked is not None:
        axes.scatter(order[is_marked], heights[is_marked] * squeeze, s=60, color=BLUE, linewidths=0, zorder=3)
        x = float(order[is_marked].iloc[0])
        axes.annotate(
            f"{translate('pages.chart.this_team', lang)} {points_text(x)}",
            (x, heights[is_marked][0] * squeeze),
            (0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=10,
            color=BLUE,
            zorder=4,
            bbox=LABEL,
        )
    axes.set(xlim=(low, high), ylim=(-0.6, top), yticks=[])
    axes.set_xlabel(translate("pages.chart.total", lang), fontsize=9, color=MUTE)
    quiet(axes, keep=("bottom",))


def dimensions(card: Scorecard) -> Chart:
    """The focal points against the peers: range, middle half, median, and the team."""
    lang = card.lang
    lines = [line for line in card.dimensions if line.peers and line.weight > 0]
    figure, axes = canvas(0.2 + 0.46 * len(lines), left=2.35)
    for place, line in enumerate(reversed(lines)):
        spread = {name: share * 100 for name, share in line.peers.items()}
        share = line.share * 100
        axes.barh(place, spread["best"] - spread["worst"], left=spread["worst"], height=0.30, color=BAND, zorder=1)
        axes.barh(place, spread["upper"] - spread["lower"], left=spread["lower"], height=0.30, color=PEER, zorder=2)
        axes.plot([spread["median"]] * 2, [place - 0.22, place + 0.22], color=INK, linewidth=1.6, zorder=3)
        behind = round(share, 2) < round(spread["median"], 2)
        colour = ORANGE if behind else BLUE
        axes.scatter([share], [place], marker="D", s=52, color=colour, edgecolors="white", linewidths=0.8, zorder=4)
        axes.annotate(
            f"{share:.1f}",
            (share, place),
            (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            color="#A63F00" if behind else BLUE,
            zorder=5,
            bbox=LABEL,
        )
    axes.set_yticks(range(len(lines)), [line.name for line in reversed(lines)], fontsize=10, color=INK)
    ends = [end * 100 for line in lines for end in (line.peers["worst"], line.peers["best"], line.share)]
    axes.set(ylim=(-0.55, len(lines) - 0.25), xlim=span(ends))
    axes.set_xlabel(axis_words("pages.chart.share", axes, lang), fontsize=9, color=MUTE)
    quiet(axes, keep=("bottom",))
    sentences = [
        translate(
            "pages.chart.one",
            lang,
            name=line.name,
            share=share_text(line.share),
            median=share_text(line.peers["median"]),
        )
        for line in lines
    ]
    return Chart(
        figure,
        translate("pages.chart.dimensions_alt", lang, list=join_clauses(sentences, lang)),
        translate("pages.section.dimensions", lang),
    )


def years(card: Scorecard) -> Chart | None:
    """Total of the team and median of its peers by year, labelled at their ends; None without a year before."""
    if len(card.totals_by_year) < 2:
        return None
    lang = card.lang
    x, totals, medians = zip(*card.totals_by_year)
    figure, axes = canvas(1.25, left=0.9, right=1.6, bottom=0.32)
    line = (0, (1.5, 4)) if card.comparable_part().others else "solid"  # what is not comparable is not joined by a line
    axes.plot(x, medians, color=MUTE, linestyle=line, linewidth=1.4, marker="s", markersize=4, zorder=2)
    axes.plot(x, totals, color=BLUE, linestyle=line, linewidth=2.2, marker="o", markersize=6, zorder=3)
    low, high = min(totals + medians), max(totals + medians)
    gap = max(high - low, 4.0)
    axes.set(ylim=(low - gap * 0.45, high + gap * 0.45), xlim=(x[0] - 0.12, x[1] + 0.05))
    for values, others, colour in ((totals, medians, BLUE), (medians, totals, MUTE)):
        above = values[0] >= others[0]
        axes.annotate(
            points_text(values[0]),
            (x[0], values[0]),
            (0, 8 if above else -15),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            color=colour,
        )
    ends = sorted(
        [
            (totals[1], translate("pages.chart.this_team", lang), BLUE),
            (medians[1], translate("pages.chart.median", lang), MUTE),
        ]
    )
    apart = (high - low + gap * 0.9) * 0.13
    spread = max(0.0, apart - (ends[1][0] - ends[0][0])) / 2
    for (value, words, colour), shift in zip(ends, (-spread, spread)):
        axes.annotate(
            f"{words} {points_text(value)}",
            (x[1], value + shift),
            (9, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
            color=colour,
            annotation_clip=False,
        )
    axes.set_xticks(x, [str(year) for year in x])
    axes.set_yticks([])
    quiet(axes, keep=("bottom",))
    sentences = [
        translate("pages.chart.year_one", lang, year=y, total=points_text(a), median=points_text(b))
        for y, a, b in zip(x, totals, medians)
    ]
    return Chart(
        figure,
        translate("pages.chart.years_alt", lang, list=join_clauses(sentences, lang)),
        translate("pages.section.years", lang),
    )


def losses(names: Sequence[str], lost: Sequence[float], lang: str, alt_key: str = "pages.chart.lost_alt") -> Chart:
    """Points lost as bars with the figure at the end, the largest on top."""
    figure, axes = canvas(0.1 + 0.33 * len(names), left=2.35, right=0.75, bottom=0.1)
    places = range(len(names) - 1, -1, -1)
    axes.barh(list(places), list(lost), height=0.56, color=ORANGE, zorder=2)
    for place, value in zip(places, lost):
        axes.annotate(
            f"−{points_text(value)}",
            (value, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color="#A63F00",
            annotation_clip=False,
        )
    axes.set_yticks(list(places), names, fontsize=10, color=INK)
    axes.set(xlim=(0, max(lost) * 1.02), ylim=(-0.6, len(names) - 0.4), xticks=[])
    quiet(axes, keep=("left",))
    sentences = [
        translate("pages.chart.lost_one", lang, name=name, lost=points_text(value)) for name, value in zip(names, lost)
    ]
    return Chart(
        figure, translate(alt_key, lang, list=join_clauses(sentences, lang)), translate("pages.chart.lost", lang)
    )


def evidence(card: Scorecard) -> Chart:
    """Indicators with evidence, without, and not applicable, per focal point; hatched for black and white."""
    lang = card.lang
    states = [
        ("measured", "#00755A", "", "white"),
        ("no_evidence", "#8E5AA8", "", "white"),
        ("not_applicable", "#FFFFFF", "///", INK),
    ]
    lines = [line for line in card.lines if line.counts]
    names = {dimension.id: dimension.name[lang] for dimension in card.rubric.dimensions}
    counts = {
        d: {state: sum(line.dimension == d and line.status == state for line in lines) for state, *_ in states}
        for d in names
    }
    figure, axes = canvas(0.1 + 0.36 * len(names), left=2.35, top=0.34, bottom=0.1)
    order = list(reversed(names))
    left = np.zeros(len(order))
    for state, colour, hatch, text in states:
        widths = np.array([counts[d][state] for d in order], dtype=float)
        bars = axes.barh(
            range(len(order)),
            widths,
            left=left,
            height=0.56,
            color=colour,
            hatch=hatch,
            edgecolor="#AEB6BF" if hatch else "white",
            linewidth=0.8,
            zorder=2,
            label=translate(f"pages.status.{state}", lang),
        )
        for bar, width in zip(bars, widths):
            if width:
                axes.text(
                    bar.get_x() + width / 2,
                    bar.get_y() + bar.get_height() / 2,
                    f"{int(width)}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    color=text,
                    bbox=None if text == "white" else {"facecolor": colour, "edgecolor": "none", "pad": 1.0},
                )
        left += widths
    axes.set_yticks(range(len(order)), [names[d] for d in order], fontsize=10, color=INK)
    axes.set(ylim=(-0.6, len(order) - 0.4), xticks=[])
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=3,
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        handlelength=1.4,
    )
    quiet(axes, keep=("left",))
    sentences = [
        translate(
            "pages.chart.evidence_one",
            lang,
            name=names[d],
            yes=c["measured"],
            missing=c["no_evidence"],
            not_applicable=c["not_applicable"],
        )
        for d, c in counts.items()
    ]
    return Chart(
        figure,
        translate("pages.chart.evidence_alt", lang, list=join_clauses(sentences, lang)),
        translate("pages.section.evidence", lang),
    )


def all_totals(totals: pd.Series, limits: Limits, tones: pd.Series, lang: str) -> Chart:
    """The totals of all teams as a strip. Parameters: ``tones`` of the grades of teams, 0–3, index team_id."""
    figure, axes = canvas(1.05)
    dot_strip(axes, totals, limits, lang, colours=tones.map(dict(enumerate(TONES))))
    values = {"count": len(totals), "low": points_text(totals.min()), "high": points_text(totals.max())}
    return Chart(figure, translate("pages.index.strip_alt", lang, **values), translate("pages.chart.total", lang))


class Strip:
    """The totals of all teams as a strip, drawn once, on which some of them are marked.

    Parameters: ``tones`` of the grades of teams, 0–3, index team_id; without them the dots are grey.
    """

    def __init__(self, totals: pd.Series, limits: Limits, lang: str, tones: pd.Series | None = None):
        self._totals, self._lang = totals, lang
        figure, axes = canvas(1.05)
        colours = None if tones is None else tones.map(dict(enumerate(TONES)))
        dot_strip(axes, totals, limits, lang, colours=colours)
        ends, height = axes.get_xlim(), figure.get_figheight() * POINTS_AN_INCH
        corners = axes.transData.transform([(end, -0.25) for end in ends]) * POINTS_AN_INCH / figure.dpi
        self._ends = [(end, *corner) for end, corner in zip(ends, corners)]
        self._height = height
        self._svg = Chart(figure, "@alt@", translate("pages.chart.total", lang)).svg

    @property
    def svg(self) -> str:
        """The strip without marks."""
        totals = self._totals
        values = {"count": len(totals), "low": points_text(totals.min()), "high": points_text(totals.max())}
        return self._svg.replace("@alt@", str(escape(translate("pages.index.strip_alt", self._lang, **values))))

    @property
    def scale(self) -> str:
        """Where a script puts marks: two totals, each with its x, and their y, with blanks between."""
        (low, left, up), (high, right, _) = self._ends
        return " ".join(f"{number:.2f}" for number in (low, left, high, right, self._height - up))

    def marked(self, teams: pd.Index) -> str:
        """The strip as SVG with a triangle for each of some teams."""
        totals = self._totals[teams]
        values = {"count": len(totals), "low": points_text(totals.min()), "high": points_text(totals.max())}
        (low, left, up), (high, right, _) = self._ends
        places = [left + (float(total) - low) / (high - low) * (right - left) for total in totals]
        y = self._height - up
        marks = "".join(f"M{x:.1f},{y - 4:.1f}l4,7h-8z" for x in places)
        words = str(escape(translate("site.group.strip_alt", self._lang, **values)))
        return self._svg.replace("@alt@", words).replace("</svg>", f'<path d="{marks}" fill="{BLUE}"/></svg>')


def canvas(
    body: float, left: float = 0.25, right: float = 0.45, top: float = 0.12, bottom: float = 0.46
) -> tuple[Figure, Axes]:
    """A figure of the common width around axes of a height; all in inches."""
    set_up_charts()
    height = body + top + bottom
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, body / height))
    return figure, axes


def axis_words(key: str, axes: Axes, lang: str) -> str:
    """The words of a horizontal axis, with where it begins if that is not at 0."""
    start, words = axes.get_xlim()[0], translate(key, lang) if key else ""
    told = translate("pages.chart.not_from_zero", lang, start=f"{start:.1f}") if start > 0 else ""
    return join_clauses(filter(None, (words, told)), lang)


def span(ends: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis that holds some numbers with a margin, and does not begin below 0 for its sake."""
    return max(min(ends) - 4, min(0.0, *ends)), max(ends) + 4


def quiet(axes: Axes, keep: Sequence[str]) -> None:
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(side in keep)
        axes.spines[side].set_color(PEER)
    axes.tick_params(length=0, labelsize=9.5, labelcolor=MUTE)
    axes.tick_params(axis="y", labelsize=10, labelcolor=INK)
