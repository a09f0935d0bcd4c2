"""Figures that reach over the border of a county are the same county by county as of all counties at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from assess_lib.cli import main
from assess_lib.sample.dataset import write_sample

YEAR, TEAMS = "2016", 16
pytestmark = pytest.mark.slow


def _scored(data: Path, out: Path) -> pd.DataFrame:
    assert CliRunner().invoke(main, ["score", str(data), "--year", YEAR, "--out", str(out)]).exit_code == 0
    return pd.read_csv(out / "points.csv").set_index(["indicator", "team_id"])


def _unnamed_visits(home: Path) -> None:
    """No visit of a leader names its village."""
    (path,) = [path for path in home.rglob("unit_actions.*") if path.suffix in (".csv", ".parquet")]
    actions = pd.read_csv(path, dtype=str) if path.suffix == ".csv" else pd.read_parquet(path)
    actions.loc[actions["kind"] == "leader_visit", "village_id"] = None
    actions.to_csv(path, index=False) if path.suffix == ".csv" else actions.to_parquet(path, index=False)


def _out_of_care(home: Path) -> None:
    """Every second household left poverty long ago, so its cadre is paired with nobody in care."""
    for path in home.rglob("*.parquet"):
        if "households" in str(path.relative_to(home)):
            _change(path)
    for path in home.rglob("households.csv"):
        _change(path)


def _change(path: Path) -> None:
    homes = pd.read_csv(path, dtype=str) if path.suffix == ".csv" else pd.read_parquet(path)
    even = homes["household_id"].str[-1].isin(list("02468"))
    left = "2010-12-01" if path.suffix == ".csv" or homes["exited_on"].dtype == "str" else pd.Timestamp(2010, 12, 1)
    homes["exited_on"] = homes["exited_on"].where(~even, left)
    homes.to_csv(path, index=False) if path.suffix == ".csv" else homes.to_parquet(path, index=False)


def test_visits_and_pairings_of_a_unit_with_teams_in_several_counties(tmp_path) -> None:
    whole = write_sample(tmp_path / "whole", TEAMS, 5, [int(YEAR)])
    apart = write_sample(tmp_path / "apart", TEAMS, 5, [int(YEAR)], partitioned=True, jobs=1)
    for home in (whole, apart):
        _unnamed_visits(home / YEAR)
        _out_of_care(home / YEAR)
    points = _scored(whole, tmp_path / "w")
    pd.testing.assert_frame_equal(points, _scored(apart, tmp_path / "a"))
    teams = pd.read_csv(whole / YEAR / "teams.csv", dtype=str).set_index("team_id")["unit_id"]
    visits = pd.read_csv(whole / YEAR / "unit_actions.csv", dtype=str).query("kind == 'leader_visit'")
    days = teams.map(visits.groupby("unit_id")["on"].nunique()) / teams.map(teams.value_counts())
    assert teams.value_counts().max() > 2 and points.loc["leader_visits", "value"].tolist() == days.tolist()
    assert (points.loc["cadre_participation", "denominator"] > 0).any()
