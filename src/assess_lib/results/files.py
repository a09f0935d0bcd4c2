"""``scores.csv`` and ``points.csv``: the results as files that other programs rely on."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from assess_lib.exact import decimal_text, exact
from assess_lib.indicators.measurement import MEASURED
from assess_lib.results.assessment import Assessment
from assess_lib.rules.rubric import Indicator


def write_results(result: Assessment, out: str | Path) -> tuple[Path, Path]:
    """Write both tables into a folder, each put in place when whole. Returns their paths."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    return (
        write_text(folder / "scores.csv", _csv(scores_table(result))),
        write_text(folder / "points.csv", _csv(points_table(result))),
    )


def scores_table(result: Assessment) -> pd.DataFrame:
    """team_id, year, a column per focal point, total, rank, grade, provisional; points with two decimals."""
    names = [dimension.id for dimension in result.rubric.dimensions]
    table = result.scores.reset_index()[["team_id", *names, "total", "rank", "grade", "provisional"]]
    table.insert(1, "year", result.year)
    for name in (*names, "total"):
        table[name] = table[name].map(_points_text)
    table["provisional"] = table["provisional"].map({True: "true", False: "false"})
    return table


def points_table(result: Assessment) -> pd.DataFrame:
    """team_id, indicator, numerator, denominator, value, target, points, weight, status."""
    targets = {i.id: i for i in result.rubric.indicators()}
    teams = result.data.teams().to_dict("index")
    table = result.points[
        ["team_id", "indicator", "numerator", "denominator", "value", "points", "weight", "status"]
    ].copy()
    table.insert(5, "target", [
        _target_text(targets[name], teams[team]) if name in targets else "" for team, name in zip(table["team_id"], table["indicator"])
    ])  # fmt: skip
    for name in ("numerator", "denominator", "value"):
        table[name] = [
            decimal_text(exact(round(value, 6))).replace(",", "") if status == MEASURED and not pd.isna(value) else ""
            for value, status in zip(table[name], table["status"])
        ]
    for name in ("points", "weight"):
        table[name] = table[name].map(_points_text)
    return table


def write_text(path: Path, text: str) -> Path:
    """Write a file under a temporary name and put it in place when whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


def _points_text(points: float) -> str:
    return decimal_text(exact(round(points, 2)), 2).replace(",", "")


def _target_text(indicator: Indicator, team: dict) -> str:
    weight, score = indicator.for_team(team)
    target = score.full_value(weight)
    return "" if target is None else decimal_text(target).replace(",", "")
