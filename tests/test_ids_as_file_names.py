"""Ids that would spoil each other's pages are refused where they are told, and the other teams are assessed."""

from __future__ import annotations

import pandas as pd
import pytest

from assess_lib.tables.pipeline import Checked, check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]


def renamed(home, column: str, **ids: str) -> Checked:
    """The check of the data with ids in the place of others, in every table."""
    for path in home.glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if column in table:
            table.assign(**{column: table[column].replace(ids)}).to_csv(path, index=False)
    return check_year(home.parent, 2016)


def told(found: Checked, table: str) -> list[tuple[str, str]]:
    return [
        (fault.key, fault.value)
        for fault in found.faults
        if fault.location.table == table and fault.severity == "error"
    ]


@pytest.mark.parametrize("name", ["CON", "nul", "Aux", "com1", "LPT9"])
def test_names_of_devices_are_refused(home, name) -> None:
    found = renamed(home, "team_id", T0001=name)
    assert told(found, "teams") == [("checks.device_name", name)]
    assert list(found.data.team_ids) == ["T0002", "T0003"] and found.data.lost_teams == [name]


@pytest.mark.parametrize("name", ["annual_summary", "index", "Changes", "circular", "manifest", "summary"])
def test_names_of_files_of_the_program_are_refused(home, name) -> None:
    assert told(renamed(home, "team_id", T0001=name), "teams") == [("checks.own_name", name)]


@pytest.mark.parametrize("name", ["T1.", "T 1", "T1/2", "..", "T1\\2", "T" * 65, "a:b", "-T1", "T*", "队1"])
def test_what_cannot_stand_in_a_file_name_is_refused(home, name) -> None:
    ((key, value),) = told(renamed(home, "team_id", T0001=name), "teams")
    assert value == name and key in ("tables.identifier", "tables.sign_in_id", "tables.two_ids")


def test_ids_that_differ_in_capital_letters_alone_are_both_refused(home) -> None:
    found = renamed(home, "team_id", T0002="t0001")
    assert told(found, "teams") == [("checks.same_but_for_case", "T0001"), ("checks.same_but_for_case", "t0001")]
    first, second = (fault.text("en") for fault in found.faults if fault.key == "checks.same_but_for_case")
    assert "t0001" in first and "row 3" in first and "T0001" in second and "row 2" in second
    assert list(found.data.team_ids) == ["T0003"]


def test_units_have_pages_too(home) -> None:
    units = sorted(pd.read_csv(home / "units.csv", dtype=str)["unit_id"])
    assert told(renamed(home, "unit_id", **{units[0]: "PRN"}), "units") == [("checks.device_name", "PRN")]
    if len(units) > 1:
        keys = [key for key, _ in told(renamed(home, "unit_id", PRN="Unit1", **{units[1]: "unit1"}), "units")]
        assert keys == ["checks.same_but_for_case"] * 2


@pytest.mark.parametrize("name", ["CON1", "console", "com10", "indexes", "T-0001", "annual-summary"])
def test_other_names_are_taken(home, name) -> None:
    found = renamed(home, "team_id", T0001=name)
    assert told(found, "teams") == [] and name in found.data.team_ids
