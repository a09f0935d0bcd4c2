"""``scores.csv`` and ``points.csv``: the results as files that other programs rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from assess_lib.atomic import replacing, write_text
from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.measurement import MEASURED
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scorecard.review_lines import adjustments_table
from assess_lib.scoring.assessment import Assessment

SCORES, POINTS, ADJUSTMENTS = "scores.csv", "points.csv", "adjustments.csv"
POINTS_COLUMNS = ("team_id", "indicator", "numerator", "denominator", "value", "target", "points", "weight", "status")


def write_results(result: Assessment, out: str | Path) -> tuple[Path, ...]:
    """Write both tables into a folder, each put in place when whole, and a third where people judged anything.

    Returns their paths. An ``adjustments.csv`` that holds no longer is removed.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    teams = result.data.teams().to_dict("index")
    written = (
        write_scores(folder, result.rubric, result.year, result.scores),
        write_text(folder / POINTS, csv_text(points_table(result.rubric, teams, result.points))),
    )
    judgements = adjustments_table(result)
    if judgements.empty:
        (folder / ADJUSTMENTS).unlink(missing_ok=True)
        return written
    return (*written, write_text(folder / ADJUSTMENTS, csv_text(judgements)))


def write_scores(folder: Path, rubric: Rubric, year: int, scores: pd.DataFrame) -> Path:
    """Write ``scores.csv``: team_id, year, points per focal point, total, rank, grade, provisional."""
    return write_text(folder / SCORES, csv_text(scores_table(rubric, year, scores)))


def write_points(folder: Path, lines: Iterable[bytes]) -> Path:
    """Write ``points.csv`` from lines that were made elsewhere, in order, without its heading."""
    with replacing(folder / POINTS) as written, written.open("wb") as file:
        file.write((",".join(POINTS_COLUMNS) + "\n").encode())
        file.writelines(lines)
    return folder / POINTS


def scores_table(rubric: Rubric, year: int, scores: pd.DataFrame) -> pd.DataFrame:
    """One row per team, points with two decimals. Parameters: ``scores`` as in ``Assessment``."""
    names = [dimension.id for dimension in rubric.dimensions]
    table = scores.reset_index()[["team_id", *names, "total", "rank", "grade", "provisional"]]
    table.insert(1, "year", year)
    for name in (*names, "total"):
        table[name] = table[name].map(_points_text)
    table["provisional"] = table["provisional"].map({True: "true", False: "false"})
    return table


def points_table(rubric: Rubric, teams: Mapping[str, dict[str, Any]], points: pd.DataFrame) -> pd.DataFrame:
    """One row per team and indicator. Parameters: the row of each team, ``points`` as in ``Assessment``."""
    indicators = {indicator.id: indicator for indicator in rubric.indicators()}
    table = points[[name for name in POINTS_COLUMNS if name != "target"]].copy()
    targets: dict[tuple[Fraction, int], str] = {}
    table.insert(
        POINTS_COLUMNS.index("target"),
        "target",
        [
            _target_text(indicators[name], teams[team], targets) if name in indicators else ""
            for team, name in zip(table["team_id"], table["indicator"])
        ],
    )
    texts: dict[float, str] = {}
    for name in ("numerator", "denominator", "value"):
        table[name] = [
            _number_text(value, texts) if status == MEASURED and value == value else ""
            for value, status in zip(table[name], table["status"])
        ]
    for name in ("points", "weight"):
        table[name] = table[name].map({value: _points_text(value) for value in table[name].unique()})
    return table


def csv_text(table: pd.DataFrame, header: bool = True) -> str:
    """A table as CSV, with the same line ends everywhere."""
    text: str = table.to_csv(index=False, header=header, lineterminator="\n")
    return text


def _points_text(points: float) -> str:
    return decimal_text(exact(round(points, 2)), 2).replace(",", "")


def _number_text(value: float, known: dict[float, str]) -> str:
    """A measured number with at most six decimals, from ``known`` where another team has the same one."""
    if value not in known:
        known[value] = decimal_text(exact(round(value, 6))).replace(",", "")
    return known[value]


def _target_text(indicator: Indicator, team: dict[str, Any], known: dict[tuple[Fraction, int], str]) -> str:
    weight, score = indicator.for_team(team)
    if (key := (weight, id(score))) not in known:
        target = score.full_value(weight)
        known[key] = "" if target is None else decimal_text(target).replace(",", "")
    return known[key]
