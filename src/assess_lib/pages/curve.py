"""How an indicator earns points: the curve of its score, the team's place on it, its peers as dots."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from assess_lib.indicators.measurement import MEASURED
from assess_lib.pages.charts import BLUE, LABEL, MUTE, canvas, quiet
from assess_lib.pages.figure import Chart
from assess_lib.rules.peer_values import PeerValues
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text, unit_of, value_text
from assess_lib.words import translate

SAMPLES = 160
TRIMMED = 0.02  # of the peers at either end may lie outside what is drawn


def curve(card: Scorecard, line: IndicatorLine) -> Chart | None:
    """The curve; None where points do not follow from one value (items), or nothing was measured."""
    lang, rubric = card.lang, card.rubric
    indicator = rubric.indicator(line.id)
    full, score = indicator.for_team(card.team)
    rows = card.now.points[card.now.points["indicator"] == line.id].set_index("team_id")
    rows = rows[(rows["status"] == MEASURED) & rows["value"].notna()]
    peers = rows.loc[rows.index.intersection(card.peer_ids)]
    if score.kind == "checklist" or peers.empty:
        return None
    scale = line.weight / float(full) if full and line.weight else 1.0
    mine = peers.loc[card.team_id] if card.team_id in peers.index else None
    low, high = _ends(peers["value"], mine, score, full)
    among = PeerValues(Fraction(repr(float(v))) for v in peers["value"]) if score.of_peers else None
    xs = np.linspace(low, high, SAMPLES)
    points = [score.points_among(x, full, among) if among else score.points(x, full) for x in map(_exactly, xs)]
    ys = [float(earned or 0) * scale for earned in points]
    figure, axes = canvas(1.75, left=0.62, right=0.4)
    axes.plot(xs, ys, color=MUTE, linewidth=1.6, zorder=2)
    others = peers[peers.index != card.team_id]
    heights = others["points"] * np.where(
        others["weight"] > 0, (line.weight or 1.0) / others["weight"].where(others["weight"] > 0, 1), 1
    )
    axes.scatter(
        others["value"].clip(low, high), heights, s=22, color="#8E97A3", edgecolors="white", linewidths=0.7, zorder=3
    )
    if mine is not None:
        x, y = min(max(float(mine["value"]), low), high), float(mine["points"])
        axes.scatter([x], [y], s=64, color=BLUE, linewidths=0, zorder=4)
        right = x > low + 0.8 * (high - low)
        axes.annotate(
            f"{translate('pages.chart.this_team', lang)} {line.value} → {line.points_words}",
            (x, y),
            (-9 if right else 9, -4),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top",
            fontsize=10,
            color=BLUE,
            zorder=5,
            bbox=LABEL,
        )
    top = max([*ys, *heights, float(line.points)], default=1.0) or 1.0
    bottom = min([0.0, *ys, *heights])
    axes.set(xlim=(low - (high - low) * 0.02, high + (high - low) * 0.02), ylim=(bottom - 0.12 * top, top * 1.12))
    unit = unit_of(indicator)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_text(value, unit, lang)))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylabel(translate("pages.table.points", lang), fontsize=9, color=MUTE)
    quiet(axes, keep=("bottom", "left"))
    alt = translate(
        "pages.chart.curve_alt",
        lang,
        name=line.name,
        rule=line.rule,
        value=line.value,
        points=line.points_words,
        median=points_text(line.peer_median),
        count=len(peers),
    )
    return Chart(figure, alt, translate("pages.chart.curve", lang))


def _ends(values: pd.Series, mine: pd.Series | None, score, full: Fraction) -> tuple[float, float]:
    """The values between which the curve is drawn: most peers, the team, the target and where points begin."""
    marks = [float(values.quantile(TRIMMED)), float(values.quantile(1 - TRIMMED))]
    marks += [] if mine is None else [float(mine["value"])]
    marks += [
        float(end)
        for end in (score.full_value(full), getattr(score, "floor", None) if score.kind == "linear" else None)
        if end is not None
    ]
    low, high = min(marks), max(marks)
    return (low, high) if high > low else (low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1))


def _exactly(value: float) -> Fraction:
    return Fraction(value).limit_denominator(10**6)
