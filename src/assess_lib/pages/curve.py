"""The curve by which an indicator earns points, the team's place on it, its peers as dots."""

from __future__ import annotations

from matplotlib.ticker import FuncFormatter, MaxNLocator

from assess_lib.pages.charts import BLUE, LABEL, MUTE, canvas, quiet
from assess_lib.pages.figure import Chart
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.score_curve import score_curve
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text, value_text
from assess_lib.words import translate


def curve(card: Scorecard, line: IndicatorLine) -> Chart | None:
    """The chart; None where there is no curve (``score_curve``)."""
    data, lang = score_curve(card, line), card.lang
    if data is None:
        return None
    low, high, span = data.values[0], data.values[-1], data.values[-1] - data.values[0]
    figure, axes = canvas(1.75, left=0.62, right=0.4)
    axes.plot(data.values, data.points, color=MUTE, linewidth=1.6, zorder=2)
    axes.scatter(
        data.peer_values.clip(low, high),
        data.peer_points,
        s=22,
        color="#8E97A3",
        edgecolors="white",
        linewidths=0.7,
        zorder=3,
    )
    if data.team is not None:
        x, y = min(max(data.team[0], low), high), data.team[1]
        axes.scatter([x], [y], s=64, color=BLUE, linewidths=0, zorder=4)
        right = x > low + 0.8 * span
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
    heights = [*data.points, *data.peer_points]
    top, bottom = max([*heights, line.points]) or 1.0, min([0.0, *heights])
    axes.set(xlim=(low - span * 0.02, high + span * 0.02), ylim=(bottom - 0.12 * top, top * 1.12))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_text(value, data.unit, lang)))
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
        count=data.teams,
    )
    return Chart(figure, alt, translate("pages.chart.curve", lang))
