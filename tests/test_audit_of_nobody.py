"""An audit of a village that nobody knows is the audit of some team: its loss must not be a gain."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assess_lib.sample.dataset import sample_tables
from assess_lib.tables.pipeline import check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]

YEAR, TEAMS = 2016, 6


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return {name: table.astype("str") for name, table in sample_tables(TEAMS, 3, [YEAR])[YEAR].items()}


def audits(*villages: str) -> pd.DataFrame:
    rows = [(f"A{n}", village, "2016-06-01", "400000", "32000", "3") for n, village in enumerate(villages)]
    return pd.DataFrame(rows, columns=["audit_id", "village_id", "on", "audited_yuan", "misused_yuan", "findings"])


def provisional(home: Path, frames: dict[str, pd.DataFrame], audit: pd.DataFrame) -> tuple[set, set]:
    """The teams with a lost audit, and all teams."""
    folder = home / str(YEAR)
    folder.mkdir()
    for name, table in (frames | {"audits": audit}).items():
        table.to_csv(folder / f"{name}.csv", index=False)
    checked = check_year(home, YEAR)
    assert checked.data is not None
    return {team for team, lost in checked.data.set_aside.items() if "audits" in lost}, set(checked.data.team_ids)


def test_an_audit_of_an_unknown_village_marks_every_team_that_it_may_concern(frames, tmp_path) -> None:
    marked, teams = provisional(tmp_path, frames, audits("V9999"))
    assert marked - {""} == teams and len(teams) == TEAMS


def test_an_audit_in_error_of_a_known_village_marks_its_team_alone(frames, tmp_path) -> None:
    village = frames["teams"].set_index("team_id").at["T0002", "village_id"]
    wrong = audits(village).assign(misused_yuan="三万")
    assert provisional(tmp_path, frames, wrong)[0] == {"T0002"}


def test_audits_that_can_be_used_mark_nobody(frames, tmp_path) -> None:
    assert provisional(tmp_path, frames, audits(frames["teams"]["village_id"].iloc[0]))[0] == set()


def test_a_row_that_nobody_owns_in_another_table_marks_nobody(frames, tmp_path) -> None:
    """A lost project is told; it is no deduction that a team would be spared."""
    projects = frames["projects"].assign(village_id=["V9999", *frames["projects"]["village_id"].iloc[1:]])
    assert provisional(tmp_path, frames | {"projects": projects}, audits())[0] == set()


def test_in_the_workbook_of_a_county_it_marks_the_teams_of_that_county(frames, tmp_path) -> None:
    teams = frames["teams"].assign(county=["甲县", "甲县", *["乙县"] * (TEAMS - 2)])
    (tmp_path / str(YEAR)).mkdir()
    with pd.ExcelWriter(tmp_path / str(YEAR) / "甲县.xlsx") as book:
        audits("V9999").to_excel(book, sheet_name="审计", index=False)
    for name, table in (frames | {"teams": teams}).items():
        if name != "audits":
            table.to_csv(tmp_path / str(YEAR) / f"{name}.csv", index=False)
    checked = check_year(tmp_path, YEAR)
    assert checked.data is not None
    assert {team for team, lost in checked.data.set_aside.items() if "audits" in lost} == {"", "T0001", "T0002"}
    assert checked.data.rows_set_aside == checked.rows_set_aside == 1, "one row, whoever waits for it"
    assert checked.data.set_aside_of_nobody == {"T0001": {"audits": 1}, "T0002": {"audits": 1}}


@pytest.mark.parametrize(("table", "column"), [("projects", "village_id"), ("household_measures", "household_id")])
def test_a_row_of_nobody_in_a_county_workbook_marks_its_teams(frames, tmp_path, table, column) -> None:
    """An id that was mistyped may be any of theirs: a project that failed is not lost in silence."""
    teams = frames["teams"].assign(county=["甲县", "甲县", *["乙县"] * (TEAMS - 2)])
    village = frames["teams"].set_index("team_id").at["T0001", "village_id"]
    homes = frames["households"].set_index("household_id")["village_id"]
    mine = frames[table][column].map(homes) == village if column == "household_id" else frames[table][column] == village
    (tmp_path / str(YEAR)).mkdir()
    rows = frames[table][mine]
    titles = {"projects": "帮扶项目", "household_measures": "到户措施"}
    with pd.ExcelWriter(tmp_path / str(YEAR) / "甲县.xlsx") as book:
        rows.assign(**{column: ["X9", *rows[column].iloc[1:]]}).to_excel(book, sheet_name=titles[table], index=False)
    for name, frame in (frames | {"teams": teams, table: frames[table][~mine]}).items():
        frame.to_csv(tmp_path / str(YEAR) / f"{name}.csv", index=False)
    checked = check_year(tmp_path, YEAR)
    assert checked.data is not None
    assert {team for team, lost in checked.data.set_aside.items() if lost.get(table)} == {"", "T0001", "T0002"}
