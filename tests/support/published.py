"""A small province with hostile names, run and published once as a draft for all tests that look at it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assess_lib.publishing.edition import Published, PublishRequest, publish
from assess_lib.review.acts import open_review
from assess_lib.runs.batch import run_year
from assess_lib.sample.dataset import write_sample

TEAMS = 6
HOSTILE = {
    "T0001": "<script>alert(1)</script><img src=x onerror=alert(2)>驻村工作队",
    "T0002": '=HYPERLINK("http://example.org","点我")',
    "T0003": "\u202e右至左\u2066标记\u200b队 😀🏳️‍🌈",
    "T0004": "很长的名字" * 40,
    "T0005": "{{ 7*7 }}{% raw %} $x$ &amp; \"'`",
}
AREA, UNIT_TYPE = "山区<script>alert(5)</script>", "@机关\u202e"
UNIT, COUNTY = "+cmd|' /C calc'!A0 <b>厅</b>", "../../<i>县</i>\"&'"


@dataclass(frozen=True)
class Place:
    """Where things are: the data folder, the folder of the run, that of the editions, and the first edition."""

    data: Path
    run: Path
    out: Path
    first: Published


def rename(folder: Path) -> None:
    """Put hostile names into the tables of a year."""
    teams = pd.read_csv(folder / "teams.csv", dtype=str, keep_default_na=False)
    teams["name"] = [HOSTILE.get(team, name) for team, name in zip(teams["team_id"], teams["name"])]
    half = set(teams["village_id"].head(TEAMS // 2))
    teams.loc[::2, "area"] = AREA
    units_type = pd.read_csv(folder / "units.csv", dtype=str, keep_default_na=False)["unit_type"].iloc[0]
    teams.loc[teams["village_id"].isin(half), "county"] = COUNTY
    if "unit_type" in teams:
        teams.loc[teams["unit_type"] == units_type, "unit_type"] = UNIT_TYPE
    teams.to_csv(folder / "teams.csv", index=False)
    units = pd.read_csv(folder / "units.csv", dtype=str, keep_default_na=False)
    units.loc[0, "name"] = UNIT
    units.loc[units["unit_type"] == units_type, "unit_type"] = UNIT_TYPE
    units.to_csv(folder / "units.csv", index=False)
    villages = pd.read_csv(folder / "villages.csv", dtype=str, keep_default_na=False)
    villages.loc[villages["village_id"].isin(half), "county"] = COUNTY
    villages.loc[0, "name"] = "<svg onload=alert(3)>村"
    villages.to_csv(folder / "villages.csv", index=False)


def published(home: Path, pdf: bool) -> Place:
    """Make it all below a folder."""
    data = write_sample(home / "data", TEAMS, 7, [2015, 2016])
    for year in (2015, 2016):
        rename(data / str(year))
    review = open_review(data, 2016)
    review.judge(
        "points", "T0002", "safe_water", "<b>王五</b>", "@SUM(1)另有水井，<script>alert(4)</script>", becomes="0.1"
    )
    assert not run_year(data, 2016, home / "run", jobs=2).failed
    asked = PublishRequest(note="首次发布 <i>正式</i>", pdf=pdf, jobs=2, data=data, draft=True)
    first = publish(home / "run", home / "out", asked)
    return Place(data, home / "run", home / "out", first)


def copy_of(place: Place, home: Path) -> Place:
    """The same in another folder, for a test that changes it."""
    for name in ("data", "run", "out"):
        shutil.copytree(getattr(place, name), home / name)
    return Place(home / "data", home / "run", home / "out", place.first)
