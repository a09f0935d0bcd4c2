"""``scores.csv`` and ``points.csv``: the results as files that other programs rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from assess_lib.atomic import replacing, write_text
from assess_lib.exact import decimal_text, exact
from assess_lib.faults import Fault, UnusableInput
from assess_lib.indicators.measurement import MEASURED
from assess_lib.rules.kinds import Score
from assess_lib.rules.paths import Way, way_column
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.review_lines import adjustments_table
from assess_lib.scoring.assessment import Assessment
from assess_lib.tables.id_lookup import plain_texts

SCORES, POINTS, ADJUSTMENTS = "scores.csv", "points.csv", "adjustments.csv"
POINTS_COLUMNS = ("team_id", "indicator", "numerator", "denominator", "value", "target", "points", "weight", "status")


def write_results(result: Assessment, out: str | Path) -> tuple[Path, ...]:
    """Write both tables into a folder, each put in place when whole, and a third where people judged anything.

    Returns their paths. An ``adjustments.csv`` that holds no longer is removed; where there is no ledger by which that
    could be, UnusableInput is raised before anything is written.
    """
    folder = Path(out)
    judgements = adjustments_table(result)
    if result.review_state is None and (folder / ADJUSTMENTS).exists():
        raise UnusableInput([Fault("record.other_ledger", str(folder / ADJUSTMENTS))])
    folder.mkdir(parents=True, exist_ok=True)
    written = (
        write_scores(folder, result.rubric, result.year, result.scores),
        write_text(folder / POINTS, csv_text(points_table(result.rubric, result.figures.rows, result.points))),
    )
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
    """One row per team, points with two decimals, blank for a focal point that does not apply. Parameters: ``scores`` as in ``Assessment``."""
    names = [dimension.id for dimension in rubric.dimensions]
    table = scores.reset_index()[["team_id", *names, "total", "rank", "grade", "provisional"]]
    table.insert(1, "year", year)
    for name in (*names, "total"):
        table[name] = table[name].map(_points_text)
    table["provisional"] = table["provisional"].map({True: "true", False: "false"})
    return table


def points_table(rubric: Rubric, teams: Mapping[str, dict[str, Any]], points: pd.DataFrame) -> pd.DataFrame:
    """One row per team and indicator, every cell as text.

    Parameters: the row of each team as ``Figures.rows`` has it, ``points`` as in ``Assessment``.
    """
    table = points[[name for name in POINTS_COLUMNS if name != "target"]].copy()
    table.insert(POINTS_COLUMNS.index("target"), "target", _targets(rubric, teams, table))
    measured = (table["status"] == MEASURED).to_numpy()
    for name in ("numerator", "denominator", "value"):
        table[name] = _texts(table[name].where(measured), _number_text)
    for name in ("points", "weight"):
        table[name] = _texts(table[name], _points_text)
    return table


def _targets(rubric: Rubric, teams: Mapping[str, dict[str, Any]], table: pd.DataFrame) -> pd.Series:
    """The target in force in each row: that of the indicator, of a variant that includes the team, or on its way to a goal."""
    rules = {rule.id: rule for rule in rubric.indicators()}
    targets = table["indicator"].map({name: _target_text(rule.score, rule.weight) for name, rule in rules.items()})
    varied = table["indicator"].isin([name for name, rule in rules.items() if rule.variants or rule.path])
    known: dict[tuple[str, Way | None], str] = {}
    own = []
    for team, name in zip(table["team_id"][varied].tolist(), table["indicator"][varied].tolist()):
        rule, row = rules[name], teams[team]
        key = name, row.get(way_column(name))
        if rule.variants or key not in known:
            weight, score = rule.for_team(row)
            known[key] = _target_text(score, weight)
        own.append(known[key])
    targets[varied] = own
    return targets.fillna("")


def _texts(numbers: pd.Series, text: Callable[[float], str]) -> pd.Series:
    """Numbers as text, each distinct one worded once; blank where there is none."""
    places, distinct = pd.factorize(numbers.to_numpy())
    words = pd.array([*map(text, distinct.tolist()), ""], dtype="str")
    return pd.Series(words.take(places), index=numbers.index)


def csv_text(table: pd.DataFrame, header: bool = True) -> str:
    """A table as CSV, with the same line ends everywhere."""
    if all(isinstance(kind, pd.StringDtype) for kind in table.dtypes):  # as pandas writes them, in half the time
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerows([table.columns] if header else [])
        writer.writerows(zip(*(plain_texts(table[name]) for name in table)))
        return written.getvalue()
    text: str = table.to_csv(index=False, header=header, lineterminator="\n")
    return text


def _points_text(points: float) -> str:
    """Points with two decimals, blank for none. Python rounds a float to the nearest such number, so no fraction is needed."""
    return "" if points != points else f"{round(points, 2) + 0.0:.2f}"


def _number_text(value: float) -> str:
    """A measured number with at most six decimals, as short as it is exact.

    Python writes a float rounded to six decimals with those decimals, so fractions are needed for very large and small
    ones alone.
    """
    text = repr(round(value, 6)).removesuffix(".0")
    if "e" in text or text == "-0":
        return decimal_text(exact(round(value, 6))).replace(",", "")
    return text


def _target_text(score: Score, weight: Fraction) -> str:
    """The value that earns the full mark, blank where no single one does."""
    target = score.full_value(weight)
    return "" if target is None else decimal_text(target).replace(",", "")
