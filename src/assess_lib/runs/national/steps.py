"""The two steps that a county of a partitioned data set goes through, each a function that may run anywhere.

First everything is measured; only figures of teams stay. When all counties are measured, the
peers of every team are known, and each county's figures become points.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from assess_lib.faults import Fault
from assess_lib.ledger.state import ReviewState
from assess_lib.records.result_tables import csv_text, points_table
from assess_lib.rules.rubric import Rubric
from assess_lib.runs.national.reading import County, read_county
from assess_lib.scoring.adjustments import adjustments_in_force, among_peers, replaced
from assess_lib.scoring.entered_values import entered_faults
from assess_lib.scoring.figures import Figures, figures, measure_all, peer_counts, peers_from, tables_needed
from assess_lib.scoring.points import score_teams
from assess_lib.tables.pipeline import needed_tables
from assess_lib.tables.year_files import YearFiles

RULES, PEERS = "rules.pickle", "peers.pickle"


@dataclass(frozen=True)
class Step:
    """What is asked of a county. ``kept`` is the folder in which the steps leave their work."""

    county: str
    number: int
    kept: Path
    measure: bool = True

    @property
    def figures(self) -> Path:
        return self.kept / f"figures.{self.number}.pickle"

    @property
    def counts(self) -> Path:
        return self.kept / f"counts.{self.number}.pickle"

    @property
    def points(self) -> Path:
        return self.kept / f"points.{self.number}.csv"


@dataclass(frozen=True)
class MeasuredCounty:
    """A county that was measured: how it was read, and how many teams it has."""

    step: Step
    read: County
    teams: int = 0


@dataclass(frozen=True)
class ScoredCounty:
    """A county that was scored.

    ``scores`` as ``score_teams`` gives them, and where the lines of each team stand in the file of the
    county's points: ``county_file`` its number, ``first_byte`` and ``bytes``.
    """

    step: Step
    scores: pd.DataFrame


def one_heap() -> None:
    """Let Arrow use the memory that Python gives back, instead of a store of its own; a quarter less in all."""
    pa.set_memory_pool(pa.system_memory_pool())


def lay_out(kept: Path, layout: YearFiles, year: int, rubric: Rubric, review_state: ReviewState | None = None) -> None:
    """Keep what all steps need; ``review_state`` is what people judged."""
    (kept / RULES).write_bytes(pickle.dumps((layout, year, rubric, review_state or ReviewState((), year))))


def gather_peers(steps: Sequence[Step]) -> None:
    """Between the steps: keep the peers of all teams, from the counts of every county."""
    one_heap()
    counts = (pickle.loads(step.counts.read_bytes()) for step in steps)
    (steps[0].kept / PEERS).write_bytes(pickle.dumps(peers_from(counts), protocol=5))


def measure_county(step: Step) -> MeasuredCounty:
    """First step: read a county, check it, and measure every indicator of its teams."""
    one_heap()
    layout, year, rubric, review_state = _kept(step.kept / RULES)
    county = read_county(layout, step.county, year, needed_tables(tables_needed(rubric)), step.kept)
    if county.data is None or not len(county.data.team_ids):
        return MeasuredCounty(step, _slim(county, county.faults))
    if faults := entered_faults(rubric, county.data, "entered_values"):
        return MeasuredCounty(step, _slim(county, faults))
    if not step.measure:
        return MeasuredCounty(step, _slim(county, county.faults), len(county.data.team_ids))
    found = figures(rubric, county.data, measure_all(rubric, county.data, evidence=False))
    step.figures.write_bytes(pickle.dumps(found, protocol=5))
    compared = replaced(rubric, found, among_peers(adjustments_in_force(rubric, found, review_state)))
    step.counts.write_bytes(pickle.dumps(peer_counts(rubric, compared), protocol=5))
    return MeasuredCounty(step, _slim(county, county.faults), len(found.teams))


def score_county(step: Step) -> ScoredCounty:
    """SecondOpinion step: the points of a county's teams, with the peers that they have in the whole country."""
    one_heap()
    _, _, rubric, review_state = _kept(step.kept / RULES)
    found: Figures = pickle.loads(step.figures.read_bytes())
    ruled = adjustments_in_force(rubric, found, review_state)
    scored = score_teams(rubric, replaced(rubric, found, ruled), _kept(step.kept / PEERS), ruled.points)
    table = points_table(rubric, found.rows, scored.points)
    text = csv_text(table, header=False).encode("utf-8")
    step.points.write_bytes(text)
    scores = scored.scores.join(_places(text, table["team_id"]).assign(county_file=step.number))
    return ScoredCounty(step, scores)


def _slim(county: County, faults: list[Fault]) -> County:
    return County(None, faults, county.rows, county.keys)


@lru_cache(maxsize=2)
def _kept(path: Path):
    return pickle.loads(path.read_bytes())


def _places(text: bytes, teams: pd.Series) -> pd.DataFrame:
    """Where the lines of each team stand; a cell with a line break would stand in quotes, and none has one."""
    sizes = [len(line) for line in text.splitlines(keepends=True)]
    sizes = pd.Series(sizes, index=pd.Index(teams, name="team_id")).groupby(level=0, sort=False).sum()
    return pd.DataFrame({"first_byte": sizes.cumsum() - sizes, "bytes": sizes})
