"""A data set partitioned by county, scored county by county: only results of teams come together.

1. Tables for all counties are checked, and what reaches over a county's border is laid ready.
2. Every county is read and measured on its own: the first step (``steps.measure_county``).
3. The peers of every team are counted over all counties.
4. Every county's figures become points: the second step (``steps.score_county``).
5. Totals of all teams get ranks and grades, and the lines of points are joined in the order of teams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NoReturn

import pandas as pd

from assess_lib.api import load_review_state, load_rubric
from assess_lib.faults import ERROR, Fault, UnusableInput
from assess_lib.ledger.state import ReviewState
from assess_lib.prepared import prepared_folder
from assess_lib.records.result_tables import write_points, write_scores
from assess_lib.resources import data_folder
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.cluster import Cluster
from assess_lib.runs.national.reading import County, over_all, prepare
from assess_lib.runs.national.steps import (
    CountyWork,
    MeasuredCounty,
    gather_peers,
    lay_out,
    measure_county,
    one_heap,
    score_county,
)
from assess_lib.runs.run_folder import exclusive_folder
from assess_lib.scoring.measuring import tables_needed
from assess_lib.scoring.ranks import rank_and_grade
from assess_lib.tables.input_files import FolderSnapshot
from assess_lib.tables.pipeline import changed_while_read, needed_tables
from assess_lib.tables.year_files import YearFiles, year_files_of
from assess_lib.workers import Processes, Workers, completed

OF_PROVINCE = "checks.owed.figure_"  # what is asked about figures that stand for all counties


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
    scheduler : address of a Dask scheduler whose workers do the work; they see ``data`` and ``out`` under the same paths.
    progress : called with the number of all steps whenever one is done: two for each county.

    Raises UnusableInput with every fault of every county.
    """
    target = Path(out).resolve()
    rules = load_rubric(rubric, year)
    with exclusive_folder(target, out), prepared_folder(data_folder(data), target) as folder:
        with Cluster(scheduler) if scheduler else nullcontext(Processes(jobs)) as workers:
            snapshot = FolderSnapshot(data_folder(data) / str(year))
            layout, _ = _laid_ready(data, year, rules, folder, workers, load_review_state(data, year))
            works = [CountyWork(county, number, folder) for number, county in enumerate(layout.counties)]
            tell = (lambda: progress(2 * len(works))) if progress else (lambda: None)
            teams, _ = _measured(layout, works, workers, rules, tell)
            with_teams = [work for work in works if teams[work]]
            _with_peers(layout, with_teams, workers)
            scores = rank_and_grade(rules, _scored(layout, with_teams, workers, tell))
            if changed := snapshot.changed():
                raise UnusableInput([changed_while_read(layout.home, changed)])
        return write_scores(target, rules, year, scores), write_points(target, _lines(scores, with_teams))


def check_partitions(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, list[Fault]]:
    """The number of teams of a partitioned data set, and what is suspicious in it, by the first step alone.

    Raises UnusableInput with all faults of all counties when any of them is an error.
    """
    rules = load_rubric(rubric, year)
    workers = Processes(jobs)
    with prepared_folder(data_folder(data)) as place:
        layout, told = _laid_ready(data, year, rules, place, workers)
        works = [CountyWork(county, number, place, False) for number, county in enumerate(layout.counties)]
        tell = (lambda: progress(len(works))) if progress else (lambda: None)
        teams, faults = _measured(layout, works, workers, rules, tell)
        return sum(teams.values()), [*told, *faults]


def _laid_ready(
    data: str | Path, year: int, rules: Rubric, folder: Path, workers: Workers, review_state: ReviewState | None = None
) -> tuple[YearFiles, list[Fault]]:
    """The files of the year, and what is suspicious in the tables for all counties.

    The work folder then has everything that counties take from the rest of the country.

    A worker prepares it, for the tables for all counties may be large.
    """
    one_heap()
    layout, faults = year_files_of(data_folder(data), year)
    if layout is None:
        raise UnusableInput(faults)
    before = year_files_of(data_folder(data), year - 1)[0]
    before = before if before and before.partitioned else None
    call = partial(prepare, layout, before, year, needed_tables(tables_needed(rules)))
    for found in completed([folder], call, workers, lambda _, why: [_broke(layout, "", why)]):
        faults += found
    _raise_errors(faults)
    lay_out(folder, layout, before, year, rules, review_state)
    return layout, faults


def _measured(
    layout: YearFiles, works: list[CountyWork], workers: Workers, rules: Rubric, tell: Callable[[], None]
) -> tuple[dict[CountyWork, int], list[Fault]]:
    """The number of teams of every county after the first step, and what is suspicious."""
    by_county: dict[CountyWork, MeasuredCounty] = {}

    def broken(work: CountyWork, why: str) -> MeasuredCounty:
        return MeasuredCounty(work, County(None, [_broke(layout, work.county, why)], {}, {}))

    for done in completed(works, measure_county, workers, broken):
        by_county[done.work] = done
        tell()
    counties = [by_county[work].read for work in works]
    faults = _told_once([fault for county in counties for fault in county.faults])
    _raise_errors(faults)
    faults += over_all(layout, counties, works[0].folder, needed_tables(tables_needed(rules)))
    _raise_errors(faults)
    return {work: by_county[work].teams for work in works}, faults


def _told_once(faults: list[Fault]) -> list[Fault]:
    """The faults of all counties, without what is asked of every county for the same figure of the province."""
    seen: set[str] = set()
    kept = []
    for fault in faults:
        cause = fault.cause()
        if not (fault.key.startswith(OF_PROVINCE) and cause in seen):
            kept.append(fault)
        seen.add(cause)
    return kept


def _with_peers(layout: YearFiles, works: list[CountyWork], workers: Workers) -> None:
    """Have a worker gather the peers of all teams."""
    for _ in completed([works], gather_peers, workers, lambda _, why: _raise_broken(layout, "", why)):
        pass


def _scored(layout: YearFiles, works: list[CountyWork], workers: Workers, tell: Callable[[], None]) -> pd.DataFrame:
    """Scores of all teams in the order of their ids, and where the lines of each one's points stand."""
    scores = []

    def broken(work: CountyWork, why: str) -> NoReturn:
        _raise_broken(layout, work.county, why)

    for scored in completed(works, score_county, workers, broken):
        scores.append(scored.scores)
        tell()
    return pd.concat(scores).sort_index()


def _lines(scores: pd.DataFrame, works: list[CountyWork]) -> Iterator[bytes]:
    """The lines of points of every team in order; a file stays open while its teams follow one another."""
    paths = {work.number: work.points for work in works}
    rows = scores[["county_file", "first_byte", "bytes"]].itertuples(index=False)
    for number, teams in groupby(rows, itemgetter(0)):
        with paths[number].open("rb") as file:
            for _, first, size in teams:
                file.seek(first)
                yield file.read(size)


def _raise_errors(faults: list[Fault]) -> None:
    if any(fault.severity == ERROR for fault in faults):
        raise UnusableInput(faults)


def _broke(layout: YearFiles, county: str, why: str) -> Fault:
    return Fault("partitions.broke", str(layout.home), county, details={"why": why})


def _raise_broken(layout: YearFiles, county: str, why: str) -> NoReturn:
    raise UnusableInput([_broke(layout, county, why)])
