"""The curve by which an indicator earns points, the team's place on it, its peers as dots."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import FuncFormatter, MaxNLocator

from assess_lib.pages.charts import BLUE, LABEL, MUTE, canvas, quiet
from assess_lib.pages.figure import Chart
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.score_curve import score_curve
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text, value_text
from assess_lib.words import translate

ROOM = 0.13  # of the axis, for the words of a tick


def curve(card: Scorecard, line: IndicatorLine) -> Chart | None:
    """The chart; None where there is no curve (``score_curve``)."""
    data, lang = score_curve(card, line), card.lang
    if data is None:
        return None
    low, high, span = data.values[0], data.values[-1], data.values[-1] - data.values[0]
    figure, axes = canvas(1.75, left=0.62, right=0.4)
    axes.plot(data.values, data.points, color=MUTE, linewidth=1.6, zorder=2)
    for marker, there in (
        ("<", data.peer_values < low),
        (">", data.peer_values > high),
        ("o", data.peer_values.between(low, high)),
    ):
        axes.scatter(
            data.peer_values[there].clip(low, high),
            data.peer_points[there],
            s=22 if marker == "o" else 40,
            marker=marker,
            color="#8E97A3",
            edgecolors="white",
            linewidths=0.7,
            zorder=3,
        )
    if data.team is not None:
        x, y = min(max(data.team[0], low), high), data.team[1]
        axes.scatter([x], [y], s=64, color=BLUE, linewidths=0, zorder=4)
        right = x > low + 0.6 * span
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
    axes.set_xticks(_with_ends(MaxNLocator(6).tick_values(low, high), low, high))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_text(value, data.unit, lang)))
    if outside := int((~data.peer_values.between(low, high)).sum()):
        axes.set_xlabel(translate("pages.chart.curve_beyond", lang, count=outside), fontsize=9, color=MUTE)
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


def _with_ends(ticks: Sequence[float], low: float, high: float) -> list[float]:
    """Both ends of an axis, and of some ticks those that leave room for the words of the ends."""
    room = (high - low) * ROOM
    return [low, *(float(tick) for tick in ticks if low + room <= tick <= high - room), high]
