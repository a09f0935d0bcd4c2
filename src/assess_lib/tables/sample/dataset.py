"""A whole made-up data set: units, teams and all tables of several years, the same for the same seed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.tables.parsing import parse
from assess_lib.tables.sample.figures import SERVICES, rural_income
from assess_lib.tables.sample.names import COUNTIES, unit_names, village_names
from assess_lib.tables.sample.team import Rows, SampleTeam
from assess_lib.tables.sample.work import money_rows, unit_rows, work_rows
from assess_lib.tables.schemas import ROW_KEYS, SCHEMAS

DAILY_REGISTERS = ("attendance", "work_logs")


def write_sample(out: str | Path, teams: int = 24, seed: int = 2016, years: Sequence[int] = (2015, 2016)) -> Path:
    """Write a sample data set: ``out/<year>/`` with a file per table.

    Parameters: number of teams, seed, years in order. The daily registers are Parquet, all else
    CSV. The years' folders are written beside and put in place at the end; other content of
    ``out`` stays. Returns ``out``.
    """
    goal = Path(out)
    goal.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=goal, prefix=".sample-") as beside:
        for year, tables in sample_tables(teams, seed, years).items():
            home = Path(beside) / str(year)
            home.mkdir()
            for name, table in tables.items():
                if name in DAILY_REGISTERS:
                    table.to_parquet(home / f"{name}.parquet", index=False, compression="zstd")
                else:
                    table.to_csv(home / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
            shutil.rmtree(goal / str(year), ignore_errors=True)
            os.replace(home, goal / str(year))
    return goal


def sample_tables(teams: int, seed: int, years: Sequence[int]) -> dict[int, dict[str, pd.DataFrame]]:
    """The tables of a sample by year and name."""
    years = sorted(years)
    rng = np.random.default_rng([seed, 0])
    units = unit_names(max(1, round(teams * 0.7)))
    villages = village_names(rng, teams)
    members = [_team(n, teams, len(units), seed, years[0]) for n in range(teams)]
    sizes = np.random.default_rng([seed, 1]).integers(20, 70, len(units))
    found = {}
    for year in years:
        rows: Rows = {}
        for team in members:
            mine = team.rows_of(year)
            for add in (work_rows, money_rows, unit_rows):
                add(team, year, mine)
            for name, lines in mine.items():
                rows.setdefault(name, []).extend(lines)
        used = sorted({team.unit_id for team in members})
        rows["units"] = [
            {"unit_id": f"D{n:04d}", "name": name, "unit_type": kind, "party_members_and_cadres": int(sizes[n])}
            for n, (name, kind) in enumerate(units) if f"D{n:04d}" in used
        ]  # fmt: skip
        for n, unit in enumerate(used):
            rows["unit_actions"] += _unit_year(np.random.default_rng([seed, 2, n, year]), unit, year)
        rows["teams"], rows["villages"] = [], []
        for team, village in zip(members, villages):
            county, area = COUNTIES[_county(team.number, teams)]
            unit_name = units[int(team.unit_id[1:])][0]
            rows["teams"].append({
                "team_id": team.team_id, "name": f"{unit_name}驻{village}工作队", "unit_id": team.unit_id, "village_id": team.village_id,
                "county": county, "area": area, "leader_member_id": team.members[1]["member_id"], "started_on": f"{years[0]}-01-05",
            })  # fmt: skip
            rows["villages"].append({
                "village_id": team.village_id, "name": village, "county": county, "is_poor": True, "delisted_on": team.delisted,
                "division_code": f"9900{_county(team.number, teams):02d}",
            })  # fmt: skip
        rows["benchmarks"] = _benchmarks(year)
        found[year] = {name: _table(name, lines, year) for name, lines in rows.items()}
    return found


def _team(n: int, teams: int, units: int, seed: int, first_year: int) -> SampleTeam:
    """Team number n. The last two of a data set are twins, so that there are ties."""
    twin = teams >= 4 and n == teams - 1
    source = n - 1 if twin else n
    unit = source % units
    shared = np.random.default_rng([seed, 3, unit]).normal(0, 0.16)
    rng = np.random.default_rng([seed, 4, source])
    quality = float(np.clip(0.66 + shared + rng.normal(0, 0.17), 0.05, 0.95))
    features = {name for name, place in FEATURES.items() if source % 24 == place}
    return SampleTeam(
        n, f"T{n + 1:04d}", f"D{unit:04d}", f"V{n + 1:04d}", quality, rng, n * 120, first_year, features
    )  # fmt: skip


# Which team of every 24 has what: missing evidence, nothing to measure, a veto.
FEATURES = {
    "veto": 3, "no_diary": 6, "no_environment": 8, "no_services": 10, "no_poor": 13, "no_loans": 15, "joins_in_may": 17,
}  # fmt: skip


def _county(n: int, teams: int) -> int:
    """County of a team; counties of a small data set have at least four teams."""
    used = max(1, min(len(COUNTIES), teams // 4))
    if teams >= 4 and n == teams - 1:
        n -= 1
    return (n % used) * (len(COUNTIES) // used) % len(COUNTIES)


def _unit_year(rng: np.random.Generator, unit: str, year: int) -> list[dict]:
    studies = int(rng.integers(1, 6))
    actions = [
        {
            "action_id": f"Q{unit[1:]}{year % 100}{n}",
            "unit_id": unit,
            "kind": "leadership_meeting",
            "on": f"{year}-{2 * n + 2:02d}-10",
        }
        for n in range(studies)
    ]
    if rng.random() < 0.85:
        actions.append(
            {"action_id": f"Q{unit[1:]}{year % 100}9", "unit_id": unit, "kind": "annual_target", "on": f"{year}-01-20"}
        )
    return actions


def _benchmarks(year: int) -> list[dict]:
    rows = [
        {"year": which, "metric": "rural_income_per_head_yuan", "value": rural_income(which)}
        for which in (year - 1, year)
    ]
    return rows + [{"year": year, "metric": f"service:{name}", "value": average} for name, average in SERVICES.items()]


def _table(name: str, lines: list[dict], year: int) -> pd.DataFrame:
    """Rows as a typed table in the column order of the schema, sorted by key."""
    schema = SCHEMAS[name]
    if not lines:
        return pd.DataFrame(columns=[column for column, spec in schema.columns.items() if spec.required])
    table = pd.DataFrame(lines)
    columns = [column for column in schema.columns if column in table]
    if "year" in schema.columns and name != "benchmarks":
        table["year"] = year
        columns = [column for column in schema.columns if column in table]
    table = table[columns]
    typed = pd.DataFrame(
        {column: parse(table[column].astype(object), schema.columns[column].metadata["kind"])[0] for column in columns}
    )
    typed = typed.sort_values([key for key in ROW_KEYS[name] if key in typed], kind="stable", ignore_index=True)
    for column in typed.columns[typed.dtypes == "boolean"]:
        typed[column] = (
            typed[column].map({True: "true", False: "false"}) if name not in DAILY_REGISTERS else typed[column]
        )
    for column in typed.columns:
        if schema.columns[column].metadata["kind"] == "date" and name not in DAILY_REGISTERS:
            typed[column] = typed[column].dt.strftime("%Y-%m-%d")
    return typed.dropna(axis=1, how="all")
