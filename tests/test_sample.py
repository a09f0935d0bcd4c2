"""The sample: deterministic, realistic, small, and without anybody who exists."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from stdnum.cn import ric
from support.situations import SAMPLE

from assess_lib.cli import main
from assess_lib.sample.dataset import sample_tables, write_sample
from assess_lib.sample.draws import RURAL_INCOME
from assess_lib.sample.names import DIVISION_NOT_IN_USE, village_names
from assess_lib.tables.dataset import YearData
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.workdays import working_days


def _same(one: Path, other: Path) -> bool:
    compared = filecmp.dircmp(one, other)
    return not (compared.left_only or compared.right_only) and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in compared.common_files
    )


@pytest.mark.slow
def test_the_committed_sample_is_what_the_command_writes(tmp_path) -> None:
    run = CliRunner().invoke(
        main, ["sample", "--teams", "24", "--seed", "2016", "--years", "2015", "--out", str(tmp_path), "2016"]
    )
    assert run.exit_code == 0, run.output
    for year in ("2015", "2016"):
        assert _same(tmp_path / year, SAMPLE / year)


def test_another_seed_gives_other_data(tmp_path) -> None:
    write_sample(tmp_path, teams=4, seed=7)
    assert not _same(tmp_path / "2016", SAMPLE / "2016")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2015", "2016"]


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.glob("20*/*")) < 3_000_000


@pytest.mark.slow
@pytest.mark.parametrize("teams", [1, 3, 30])
def test_any_number_of_teams_reads_without_a_fault(teams, tmp_path) -> None:
    write_sample(tmp_path, teams=teams, seed=1, years=[2016])
    data, faults = (checked := check_year(tmp_path, 2016, {"teams"})).data, checked.faults
    assert faults == [] and len(data.team_ids) == teams


def test_every_table_but_the_entered_values_is_there() -> None:
    assert set(sample_tables(24, 2016, [2016])[2016]) == set(SCHEMAS) - {"entered_values"}


def test_id_numbers_are_valid_and_belong_to_nobody() -> None:
    numbers = pd.concat([pd.read_csv(SAMPLE / year / "persons.csv", dtype=str) for year in ("2015", "2016")])
    assert numbers.groupby("person_id")["id_number"].nunique().max() == 1
    distinct = numbers.drop_duplicates("person_id")["id_number"]
    assert distinct.is_unique
    for number in distinct:
        assert number.startswith(DIVISION_NOT_IN_USE) and _check_digit(number) == number[17]
        with pytest.raises(ric.InvalidComponent):  # the division is in no register
            ric.validate(number)


def _check_digit(number: str) -> str:
    """GB 11643: weights 2^(17−i) mod 11 on the first 17 digits, remainder to 1 0 X 9 8 7 6 5 4 3 2."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11]


def test_some_units_send_several_teams_and_incomes_carry_over_the_years() -> None:
    assert pd.read_csv(SAMPLE / "2016" / "teams.csv")["unit_id"].duplicated().any()
    old, new = (pd.read_csv(SAMPLE / year / "households.csv").set_index("household_id") for year in ("2015", "2016"))
    assert (new["income_prev_yuan"] == old["income_yuan"]).all()


def test_provincial_figures_are_those_of_the_communiques() -> None:
    table = pd.read_csv(SAMPLE / "2016" / "benchmarks.csv")
    incomes = table[table["metric"] == "rural_income_per_head_yuan"].set_index("year")["value"].to_dict()
    assert incomes == {2015: 11844, 2016: 12725} == {year: RURAL_INCOME[year] for year in (2015, 2016)}


def test_quality_is_correlated_between_focal_points(sample_years) -> None:
    now, before = sample_years
    names = [dimension.id for dimension in now.rubric.dimensions]
    others = now.scores.drop(index="T0014")[names].corr().to_numpy()
    assert np.median(others[np.triu_indices(4, 1)]) > 0.4
    assert now.scores["total"].corr(before.scores["total"]) > 0.6


def test_village_names_have_rare_characters_and_differ() -> None:
    names = village_names(np.random.default_rng(0), 3000)
    assert len(set(names)) == 3000
    for character in "塆垸畈墈坳":
        assert any(character in name for name in names)


# ---- working days -------------------------------------------------------------------------------
# State Council notices: 国办发明电〔2014〕28号 and 国发明电〔2015〕1号 for 2015, 国办发明电〔2015〕18号 for 2016.


@pytest.mark.parametrize("year, count", [(2015, 249), (2016, 250)])
def test_working_days_of_the_year(year, count) -> None:
    assert len(working_days(year)) == count


@pytest.mark.parametrize(
    "day, works",
    [
        ("2016-02-06", True),
        ("2016-02-14", True),
        ("2016-06-12", True),
        ("2016-09-18", True),
        ("2016-10-08", True),
        ("2016-10-09", True),
        ("2016-01-01", False),
        ("2016-02-08", False),
        ("2016-02-12", False),
        ("2016-04-04", False),
        ("2016-05-02", False),
        ("2016-06-10", False),
        ("2016-09-16", False),
        ("2016-10-07", False),
        ("2016-12-31", False),
        ("2016-10-10", True),
        ("2015-01-04", True),
        ("2015-02-15", True),
        ("2015-02-28", True),
        ("2015-09-03", False),
        ("2015-09-04", False),
        ("2015-09-06", True),
        ("2015-10-10", True),
    ],
)
def test_moved_days(day, works) -> None:
    assert bool((working_days(int(day[:4])) == np.datetime64(day)).any()) is works


def test_corrections_of_the_calendar(tmp_path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(
        "years:\n  2016: {holidays: [2016-07-05], working_weekends: [2016-07-09]}\n  2050: {holidays: [2050-01-03]}\n"
    )
    days = {str(day)[:10] for day in working_days(2016, path)}
    assert "2016-07-05" not in days and "2016-07-09" in days and len(days) == 250
    assert len(working_days(2050, path)) == 260 - 1  # 2050 has 260 weekdays (it begins on a Saturday)


def test_a_year_that_no_calendar_knows(tmp_path) -> None:
    from assess_lib.faults import UnusableInput

    with pytest.raises(UnusableInput, match="calendar.yaml"):
        working_days(2050)
    (tmp_path / "calendar.yaml").write_text("years: {2016: {holidays: [soon]}}")
    with pytest.raises(UnusableInput, match="soon"):
        working_days(2016, tmp_path / "calendar.yaml")


@pytest.mark.slow
def test_the_fingerprint_changes_with_one_cell() -> None:
    data = check_year(SAMPLE, 2016).data
    tables = {name: table.copy() for name, table in data.tables.items()}
    tables["visits"].loc[0, "visited_on"] += pd.Timedelta(days=1)
    assert YearData.of(2016, tables).fingerprint != data.fingerprint
