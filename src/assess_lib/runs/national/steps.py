"""The two steps of a county of a partitioned data set, each a function that may run on any machine.

``measure_county`` reads a county and leaves the figures of its teams. When all counties are measured,
``gather_peers`` counts the peers of every team. ``score_county`` then makes points of a county's figures.
What the steps hand on lies as files in one work folder.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from assess_lib.faults import Fault
from assess_lib.ledger.state import ReviewState
from assess_lib.records.result_tables import csv_text, points_table
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.national.reading import County, read_county
from assess_lib.scoring.adjustments import adjustments_in_force, among_peers, replaced
from assess_lib.scoring.assessment import score_teams
from assess_lib.scoring.entered_values import entered_faults
from assess_lib.scoring.figures import Figures, peer_counts, peers_from
from assess_lib.scoring.measuring import figures_of, measure_all, tables_needed
from assess_lib.scoring.tables import point_table
from assess_lib.tables.pipeline import needed_tables
from assess_lib.tables.year_files import YearFiles

RULES, PEERS = "rules.pickle", "peers.pickle"


@dataclass(frozen=True)
class CountyWork:
    """A county on its way through the steps, and the files that they leave in the work folder.

    ``number`` in the order of counties; without ``measure`` the county is only checked.
    """

    county: str
    number: int
    folder: Path
    measure: bool = True

    @property
    def figures(self) -> Path:
        """The figures of its teams, by the first step."""
        return self.folder / f"figures.{self.number}.pickle"

    @property
    def counts(self) -> Path:
        """The counts of values for peers, by the first step."""
        return self.folder / f"counts.{self.number}.pickle"

    @property
    def points(self) -> Path:
        """Its lines of ``points.csv``, by the second step."""
        return self.folder / f"points.{self.number}.csv"


@dataclass(frozen=True)
class MeasuredCounty:
    """A county after the first step: as it was read, without its tables, and its number of teams."""

    work: CountyWork
    read: County
    teams: int = 0


@dataclass(frozen=True)
class ScoredCounty:
    """A county after the second step.

    ``scores`` as ``score_teams`` gives them, and where the lines of each team stand in the file of the
    county's points: ``county_file`` its number, ``first_byte`` and ``bytes``.
    """

    work: CountyWork
    scores: pd.DataFrame


def one_heap() -> None:
    """Let Arrow use the memory that Python gives back, not a store of its own: a quarter less in all."""
    pa.set_memory_pool(pa.system_memory_pool())


def lay_out(
    folder: Path,
    layout: YearFiles,
    before: YearFiles | None,
    year: int,
    rubric: Rubric,
    review_state: ReviewState | None = None,
) -> None:
    """Write the rules, the files of both years and the judgements that all steps need into the work folder."""
    content = layout, before, year, rubric, review_state or ReviewState((), year)
    (folder / RULES).write_bytes(pickle.dumps(content))


def measure_county(work: CountyWork) -> MeasuredCounty:
    """First step: read a county, check it, and measure every indicator of its teams."""
    one_heap()
    layout, before, year, rubric, review_state = _unpickled(work.folder / RULES)
    needed = needed_tables(tables_needed(rubric))
    county = read_county(layout, before, work.county, year, needed, rubric.norms, work.folder)
    if county.data is None or not len(county.data.team_ids):
        return MeasuredCounty(work, _slim(county, county.faults))
    if faults := entered_faults(rubric, county.data, "entered_values"):
        return MeasuredCounty(work, _slim(county, faults))
    if not work.measure:
        return MeasuredCounty(work, _slim(county, county.faults), len(county.data.team_ids))
    found = figures_of(rubric, county.data, measure_all(rubric, county.data, evidence=False))
    work.figures.write_bytes(pickle.dumps(found, protocol=5))
    compared = replaced(rubric, found, among_peers(adjustments_in_force(rubric, found, review_state)))
    work.counts.write_bytes(pickle.dumps(peer_counts(rubric, compared), protocol=5))
    return MeasuredCounty(work, _slim(county, county.faults), len(found.teams))


def gather_peers(works: Sequence[CountyWork]) -> None:
    """Between the steps: write the peers of all teams, from the counts of every county."""
    one_heap()
    counts = (pickle.loads(work.counts.read_bytes()) for work in works)
    (works[0].folder / PEERS).write_bytes(pickle.dumps(peers_from(counts), protocol=5))


def score_county(work: CountyWork) -> ScoredCounty:
    """Second step: the points of a county's teams, with the peers that they have in the whole country."""
    one_heap()
    _, _, _, rubric, review_state = _unpickled(work.folder / RULES)
    found: Figures = pickle.loads(work.figures.read_bytes())
    ruled = adjustments_in_force(rubric, found, review_state)
    found = replaced(rubric, found, ruled)
    points, scores = score_teams(rubric, found, _unpickled(work.folder / PEERS), ruled.points)
    table = points_table(rubric, found.rows, point_table(rubric, found, points))
    text = csv_text(table, header=False).encode("utf-8")
    work.points.write_bytes(text)
    scores = scores.join(_places(text, table["team_id"]).assign(county_file=work.number))
    return ScoredCounty(work, scores)


def _slim(county: County, faults: list[Fault]) -> County:
    """The county without its tables."""
    return County(None, faults, county.rows, county.keys)


@lru_cache(maxsize=2)
def _unpickled(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


def _places(text: bytes, teams: pd.Series) -> pd.DataFrame:
    """First byte and size of the lines of each team. No cell has a line break."""
    sizes = [len(line) for line in text.splitlines(keepends=True)]
    sizes = pd.Series(sizes, index=pd.Index(teams, name="team_id")).groupby(level=0, sort=False).sum()
    return pd.DataFrame({"first_byte": sizes.cumsum() - sizes, "bytes": sizes})
