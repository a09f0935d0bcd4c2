"""A data set partitioned by county, scored county by county: only results of teams come together."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from uuid import uuid4

import pandas as pd

from assess_lib.api import load_review_state, load_rubric
from assess_lib.faults import ERROR, Fault, UnusableInput
from assess_lib.ledger.state import ReviewState
from assess_lib.records.result_tables import write_points, write_scores
from assess_lib.resources import data_folder
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.cluster import Cluster
from assess_lib.runs.national.reading import County, over_all, prepare
from assess_lib.runs.national.steps import (
    MeasuredCounty,
    Step,
    gather_peers,
    lay_out,
    measure_county,
    one_heap,
    score_county,
)
from assess_lib.runs.pool import Processes, Workers, completed
from assess_lib.runs.run_folder import exclusive_folder
from assess_lib.scoring.figures import tables_needed
from assess_lib.scoring.ranks import rank_and_grade
from assess_lib.tables.sources import needed_tables
from assess_lib.tables.year_files import YearFiles, year_files_of


def is_partitioned(data: str | Path, year: int) -> bool:
    """Whether the tables of a year stand in a folder per county."""
    layout, _ = year_files_of(data_folder(data), year)
    return layout is not None and layout.partitioned


def score_partitions(
    data: str | Path,
    year: int,
    out: str | Path,
    rubric: str | Path | None = None,
    jobs: int | None = None,
    scheduler: str = "",
    progress: Callable[[int], None] | None = None,
) -> tuple[Path, Path]:
    """Score all teams of a partitioned data set; the same bytes as if it had been read at once.

    Parameters
    ----------
    data, year, rubric : as for ``open_scorecard``.
    out : folder; gets ``scores.csv`` and ``points.csv``, each put in place when whole.
    jobs : processes; as many as there are processors when not given.
    scheduler : address of a Dask scheduler whose workers do the work; they see ``out`` under the
        same path.
    progress : called with the number of all steps whenever one is done: two for each county.

    Raises UnusableInput with every fault of every county.
    """
    folder = Path(out).resolve()
    rules = load_rubric(rubric, year)
    with exclusive_folder(folder, out), _kept(folder) as kept:
        with Cluster(scheduler) if scheduler else nullcontext(Processes(jobs)) as workers:
            layout = _prepared(data, year, rules, kept, workers, load_review_state(data, year))
            steps = [Step(county, number, kept) for number, county in enumerate(layout.counties)]
            tell = (lambda: progress(2 * len(steps))) if progress else (lambda: None)
            steps = [step for step, teams in _measured(layout, steps, workers, rules, tell)[0].items() if teams]
            scores = rank_and_grade(rules, _scored(layout, steps, workers, tell))
        return write_scores(folder, rules, year, scores), write_points(folder, _lines(scores, steps))


def check_partitions(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, list[Fault]]:
    """Check a partitioned data set county by county. Returns the number of its teams and what is suspicious.

    Raises UnusableInput with everything found in every county when any of it is an error.
    """
    rules = load_rubric(rubric, year)
    workers = Processes(jobs)
    with _kept(None) as kept:
        layout = _prepared(data, year, rules, kept, workers)
        steps = [Step(county, number, kept, measure=False) for number, county in enumerate(layout.counties)]
        tell = (lambda: progress(len(steps))) if progress else (lambda: None)
        teams, told = _measured(layout, steps, workers, rules, tell)
        return sum(teams.values()), told


def _prepared(
    data: str | Path, year: int, rules: Rubric, kept: Path, workers: Workers, review_state: ReviewState | None = None
) -> YearFiles:
    """The layout; what counties take from the rest is made elsewhere too, for it may be large."""
    one_heap()
    layout, faults = year_files_of(data_folder(data), year)
    if layout is not None:
        call = partial(prepare, layout, year, needed_tables(tables_needed(rules)))
        for found in completed([kept], call, workers, lambda _, why: [_broke(layout, "", why)]):
            faults += found
    if any(fault.severity == ERROR for fault in faults):
        raise UnusableInput(faults)
    lay_out(kept, layout, year, rules, review_state)
    return layout


def _broke(layout: YearFiles, county: str, why: str) -> Fault:
    return Fault("partitions.broke", str(layout.home), county, details={"why": why})


def _measured(
    layout: YearFiles, steps: list[Step], workers: Workers, rules: Rubric, tell: Callable[[], None]
) -> tuple[dict[Step, int], list[Fault]]:
    """Measure every county. Returns the number of teams of each, and what is suspicious."""
    found: dict[Step, MeasuredCounty] = {}

    def broken(step: Step, why: str) -> MeasuredCounty:
        return MeasuredCounty(step, County(None, [_broke(layout, step.county, why)], {}, {}))

    for measured in completed(steps, measure_county, workers, broken):
        found[measured.step] = measured
        tell()
    counties = [found[step].read for step in steps]
    faults = [fault for county in counties for fault in county.faults]
    if not any(fault.severity == ERROR for fault in faults):
        faults += over_all(layout, counties, steps[0].kept, needed_tables(tables_needed(rules)))
    if any(fault.severity == ERROR for fault in faults):
        raise UnusableInput(faults)
    return {step: found[step].teams for step in steps}, faults


def _scored(layout: YearFiles, steps: list[Step], workers: Workers, tell: Callable[[], None]) -> pd.DataFrame:
    """Scores of all teams in the order of their ids, and where the lines of each one's points stand."""
    scores = []

    def broke(piece: Step | list[Step], why: str):
        raise UnusableInput([_broke(layout, piece.county if isinstance(piece, Step) else "", why)])

    for _ in completed([steps], gather_peers, workers, broke):
        pass
    for scored in completed(steps, score_county, workers, broke):
        scores.append(scored.scores)
        tell()
    return pd.concat(scores).sort_index()


def _lines(scores: pd.DataFrame, steps: list[Step]) -> Iterator[bytes]:
    """The lines of points of every team in order; a file stays open while its teams follow one another."""
    paths, at, file = {step.number: step.points for step in steps}, None, None
    try:
        for number, first, size in scores[["county_file", "first_byte", "bytes"]].itertuples(index=False):
            if number != at:
                if file:
                    file.close()
                at, file = number, paths[number].open("rb")
            file.seek(first)
            yield file.read(size)
    finally:
        if file:
            file.close()


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    """A folder for the work between the steps, inside the results' so that the machines of a cluster see it."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="assess-") as kept:
            yield Path(kept)
        return
    kept = folder / f".counties.{uuid4().hex}.part"
    kept.mkdir()
    try:
        yield kept
    finally:
        shutil.rmtree(kept, ignore_errors=True)
