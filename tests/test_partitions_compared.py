"""County by county the tables are held against the norms and the year before as those of the whole year are."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assess_lib.api import check_data, load_rubric
from assess_lib.cli import main
from assess_lib.faults import NOTE
from assess_lib.runs.national.country import check_partitions
from assess_lib.sample.dataset import write_sample

pytestmark = pytest.mark.slow
YEAR = 2016
Play = Callable[[pd.DataFrame], pd.DataFrame]


def withdrawn(homes: pd.DataFrame) -> pd.DataFrame:
    """Every second household of the table is no longer registered."""
    return homes.assign(registered=homes["registered"].where(homes.index % 2 == 0, False))


def without_two(flows: pd.DataFrame) -> pd.DataFrame:
    """The second and third flow of the first village."""
    return flows.drop(index=[1, 2]).reset_index(drop=True)


def moved_out(projects: pd.DataFrame) -> pd.DataFrame:
    """The due dates of all projects, a year later."""
    return projects.assign(due_on=projects["due_on"] + pd.DateOffset(years=1))


@pytest.fixture(scope="module")
def two_years(tmp_path_factory) -> tuple[Path, Path]:
    """The same sample of two years as files and partitioned by county."""
    home = tmp_path_factory.mktemp("compared")
    return (
        write_sample(home / "whole", 8, 5, [2015, YEAR], counties=2),
        write_sample(home / "apart", 8, 5, [2015, YEAR], counties=2, partitioned=True, jobs=1),
    )


def scored(data: Path, out: Path) -> dict[str, bytes]:
    run = CliRunner().invoke(main, ["score", str(data), "--year", str(YEAR), "--out", str(out)])
    assert run.exit_code == 0, run.output
    return {name: (out / name).read_bytes() for name in ("scores.csv", "points.csv")}


def test_an_honest_year_is_asked_nothing_and_compared(two_years) -> None:
    _, faults = check_partitions(two_years[1], YEAR, jobs=1)
    assert faults == []


@pytest.mark.parametrize(
    ("table", "play", "key"),
    [
        ("households", withdrawn, "registration_withdrawn"),
        ("fund_flows", without_two, "number_missing"),
        ("projects", moved_out, "due_elsewhere"),
    ],
)
def test_what_is_asked_and_scored_is_that_of_the_whole(table, play, key, two_years, tmp_path) -> None:
    """One county plays; its tables stand in a file of their own on the one side, and in a file for all on the other."""
    whole, apart = two_years
    part = next(iter(sorted((apart / str(YEAR) / table).rglob("*.parquet"))))
    clean, file = part.read_bytes(), whole / str(YEAR) / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    try:
        rows = pq.ParquetFile(part).read().to_pandas()
        played = play(rows)
        played.to_parquet(part, index=False)
        others = [pq.ParquetFile(path).read().to_pandas() for path in sorted(part.parents[1].rglob("*.parquet"))]
        pd.concat(others).to_csv(file, index=False, date_format="%Y-%m-%d")
        by_county = check_partitions(apart, YEAR, jobs=1)[1]
        at_once = check_data(whole, YEAR, load_rubric(None, YEAR)).faults
        assert any(key in fault.key for fault in by_county), sorted({fault.key for fault in by_county})
        assert {fault.key for fault in by_county} == {fault.key for fault in at_once}
        assert len([f for f in by_county if "owed" in f.key]) == len([f for f in at_once if "owed" in f.key])
        found = scored(apart, tmp_path / "apart")
        assert found == scored(whole, tmp_path / "whole")
        provisional = pd.read_csv(BytesIO(found["scores.csv"]))["provisional"]
        assert 0 < provisional.sum() < len(provisional), "the teams of the county that plays wait"
    finally:
        part.write_bytes(clean)
        file.write_text(text, encoding="utf-8")


def test_without_a_year_before_a_note_says_so(two_years, tmp_path) -> None:
    (tmp_path / str(YEAR)).symlink_to(two_years[1] / str(YEAR))
    _, faults = check_partitions(tmp_path, YEAR, jobs=1)
    assert [(fault.key, fault.severity) for fault in faults] == [("partitions.not_compared", NOTE)]
