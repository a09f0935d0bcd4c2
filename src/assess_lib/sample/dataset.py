"""A whole made-up data set: units, teams and all tables of several years, the same for the same seed.

It is made county by county, so that one of any size fits in memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd

from assess_lib.atomic import put_in_place
from assess_lib.sample.draws import SERVICES, rural_income
from assess_lib.sample.names import county_name, unit_names, village_names
from assess_lib.sample.team import Rows, SampleTeam
from assess_lib.sample.work import money_rows, unit_rows, work_rows
from assess_lib.tables.keys import ROW_KEYS, SELDOM_FILLED
from assess_lib.tables.parsing import parse
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.workers import in_order

DAILY_REGISTERS = ("attendance", "work_logs")
FOR_ALL = "unit_actions"  # the table that teams add to and that stands for all counties
TEAMS_OF_COUNTY = 800
Tables = dict[str, pd.DataFrame]


def write_sample(
    out: str | Path,
    teams: int = 24,
    seed: int = 2016,
    years: Sequence[int] = (2015, 2016),
    partitioned: bool = False,
    jobs: int | None = None,
    counties: int | None = None,
) -> Path:
    """Write a sample data set: ``out/<year>/`` with a file per table.

    Parameters: number of teams, seed, years in order; ``partitioned``: tables in a folder per county
    (``<table>/county=<county>/part-0.parquet``), made by so many processes as ``jobs`` says (as many
    as there are processors when not given), in memory that does not grow with their number;
    ``counties`` how many there are: so many that each has 800 teams, but 12 of a small data set.
    Otherwise the daily registers are Parquet, all else CSV. The content is the same either way. The
    years' folders are written beside and put in place at the end; other content of ``out`` stays.
    Returns ``out``.
    """
    goal = Path(out)
    goal.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=goal, prefix=".sample-") as beside:
        asked = (teams, seed, tuple(sorted(years)), counties)
        if partitioned:
            _write_counties(Path(beside), asked, jobs)
        else:
            for year, tables in sample_tables(*asked).items():
                home = Path(beside) / str(year)
                home.mkdir()
                for name, table in tables.items():
                    _write(table, home, name, name in DAILY_REGISTERS)
        for year in years:
            shutil.rmtree(goal / str(year), ignore_errors=True)
            put_in_place(Path(beside) / str(year), goal / str(year))
    return goal


def sample_tables(teams: int, seed: int, years: Sequence[int], counties: int | None = None) -> dict[int, Tables]:
    """The tables of a sample by year and name."""
    world = _world(teams, seed, tuple(sorted(years)), counties)
    rows: dict[int, Rows] = {year: {} for year in world.years}
    for county in range(world.counties):
        for year, mine in world.county_rows(county).items():
            for name, lines in mine.items():
                rows[year].setdefault(name, []).extend(lines)
    for year, mine in rows.items():
        for name, lines in world.common_rows(year).items():
            mine.setdefault(name, []).extend(lines)
    return {year: {name: _table(name, lines, year) for name, lines in mine.items()} for year, mine in rows.items()}


def _write_counties(home: Path, asked: tuple, jobs: int | None) -> None:
    world = _world(*asked)
    actions: dict[int, list[pd.DataFrame]] = {year: [] for year in world.years}
    jobs = min(jobs or os.cpu_count() or 1, world.counties)
    for found in in_order(_write_county, range(world.counties), jobs, shared=(home, asked)):
        for year, table in found.items():
            actions[year].append(table)
    for year in world.years:
        for name, lines in world.common_rows(year).items():
            table = _table(name, lines, year)
            if name == FOR_ALL:
                table = pd.concat([table, *actions[year]]).sort_values(ROW_KEYS[name][0], ignore_index=True)
            _write(table, home / str(year), name, False)


def _write_county(home: Path, asked: tuple, county: int) -> dict[int, pd.DataFrame]:
    """Write the tables of a county. Returns its part of the table that stands for all, by year."""
    world, left = _world(*asked), {}
    for year, rows in world.county_rows(county).items():
        left[year] = _table(FOR_ALL, rows.pop(FOR_ALL, []), year)
        for name, lines in rows.items():
            if lines:
                partition = f"county={quote(world.county(county)[0], safe='')}"
                _write(_table(name, lines, year, typed=True), home / str(year) / name / partition, "part-0", True)
    return left


def _write(table: pd.DataFrame, folder: Path, name: str, parquet: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if parquet:
        table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    else:
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")


def sample_world(teams: int, seed: int, years: tuple[int, ...], counties: int | None = None) -> SampleWorld:
    """The world of a sample, to be asked for its tables county by county."""
    return _world(teams, seed, years, counties)


@lru_cache(maxsize=1)
def _world(teams: int, seed: int, years: tuple[int, ...], counties: int | None) -> SampleWorld:
    return SampleWorld(teams, seed, years, counties)


class SampleWorld:
    """What the teams of a sample have in common, and the rows of each county."""

    def __init__(self, teams: int, seed: int, years: tuple[int, ...], counties: int | None = None):
        self.teams, self.seed, self.years = teams, seed, years
        self.counties = counties or max(1, min(12, teams // 4), teams // TEAMS_OF_COUNTY)
        self._units = unit_names(max(1, round(teams * 0.7)))
        self._villages = village_names(np.random.default_rng([seed, 0]), teams)
        self._sizes = np.random.default_rng([seed, 1]).integers(20, 70, len(self._units))

    def county(self, number: int) -> tuple[str, str]:
        """Name and area of a county; those of a small data set are spread over the areas."""
        return county_name(number * max(1, 12 // self.counties))

    def county_rows(self, county: int) -> dict[int, Rows]:
        """The rows of a county's teams by year and table."""
        found: dict[int, Rows] = {year: {} for year in self.years}
        for n in self._teams_of(county):
            team = _team(n, self.teams, len(self._units), self.seed, self.years[0])
            of_years: dict[int, Rows] = {}
            for year in self.years:
                of_years[year] = mine = team.rows_of(year)
                for add in (work_rows, money_rows, unit_rows):
                    add(team, year, mine)
                mine |= self._team_rows(team, county)
            _nothing_is_forgotten(of_years)
            for year, mine in of_years.items():
                for name, lines in mine.items():
                    found[year].setdefault(name, []).extend(lines)
        return found

    def common_rows(self, year: int) -> Rows:
        """The rows that belong to no county: units, what units did, figures of the province."""
        used = sorted({_unit_of(n, self.teams, len(self._units)) for n in range(self.teams)}, key=_unit_id)
        rows: Rows = {"units": [], FOR_ALL: [], "benchmarks": _benchmarks(year)}
        for n in sorted(used):
            name, kind = self._units[n]
            rows["units"].append(
                {
                    "unit_id": _unit_id(n),
                    "name": name,
                    "unit_type": kind,
                    "party_members_and_cadres": int(self._sizes[n]),
                }
            )
        for place, n in enumerate(used):
            rows[FOR_ALL] += _unit_year(np.random.default_rng([self.seed, 2, place, year]), _unit_id(n), year)
        return rows

    def county_tables(self, county: int) -> dict[int, Tables]:
        """The tables of a county by year, in text as CSV holds it; ``unit_actions`` is its part of those of all."""
        found = {}
        for year, rows in self.county_rows(county).items():
            found[year] = {
                name: _table(name, lines, year, text=True)
                for name, lines in (rows | {FOR_ALL: rows.get(FOR_ALL, [])}).items()
            }
        return found

    def province_tables(self, year: int, actions: Sequence[pd.DataFrame]) -> Tables:
        """The tables that stand for all counties; ``actions`` the parts of ``unit_actions`` that counties gave."""
        tables = {name: _table(name, lines, year, text=True) for name, lines in self.common_rows(year).items()}
        tables[FOR_ALL] = pd.concat([tables[FOR_ALL], *actions]).sort_values(ROW_KEYS[FOR_ALL][0], ignore_index=True)
        return tables

    def _teams_of(self, county: int) -> Iterable[int]:
        twin = self.teams - 1 if self.teams >= 4 else None
        for n in range(county, self.teams, self.counties):
            if n != twin:
                yield n
        if twin is not None and (twin - 1) % self.counties == county:
            yield twin

    def _team_rows(self, team: SampleTeam, county: int) -> Rows:
        (name, area), village = self.county(county), self._villages[team.number]
        unit_name = self._units[int(team.unit_id[1:])][0]
        return {
            "teams": [
                {
                    "team_id": team.team_id,
                    "name": f"{unit_name}驻{village}工作队",
                    "unit_id": team.unit_id,
                    "village_id": team.village_id,
                    "county": name,
                    "area": area,
                    "leader_member_id": team.members[1]["member_id"],
                    "started_on": f"{self.years[0]}-01-05",
                }
            ],
            "villages": [
                {
                    "village_id": team.village_id,
                    "name": village,
                    "county": name,
                    "is_poor": True,
                    "delisted_on": team.delisted,
                    "division_code": f"9900{county * max(1, 12 // self.counties):02d}",
                    "distance_km": float(np.random.default_rng([self.seed, 6, team.number]).integers(50, 900)) / 10,
                }
            ],
        }


def _nothing_is_forgotten(of_years: dict[int, Rows]) -> None:
    """Leave out of earlier years what a later one does not have any more: days on record, reports that are listed."""
    years = sorted(of_years)
    for now, before in zip(years[:0:-1], years[-2::-1]):
        for table, column in _STAYING:
            (key,) = ROW_KEYS[table]
            blank = {row[key] for row in of_years[now][table] if not row[column]}
            for row in of_years[before][table]:
                row[column] = "" if row[key] in blank else row[column]
        listed = [[row[name] for name in ROW_KEYS["reports"]] for row in of_years[now]["reports"]]
        of_years[before]["reports"] = [
            row for row in of_years[before]["reports"] if [row[name] for name in ROW_KEYS["reports"]] in listed
        ]


def _unit_of(n: int, teams: int, units: int) -> int:
    """The unit of a team; the last two teams are twins."""
    return (n - 1 if teams >= 4 and n == teams - 1 else n) % units


def _unit_id(n: int) -> str:
    return f"D{n:04d}"


def _team(n: int, teams: int, units: int, seed: int, first_year: int) -> SampleTeam:
    """Team number n. The last two of a data set are twins, so that there are ties."""
    twin = teams >= 4 and n == teams - 1
    source = n - 1 if twin else n
    unit = _unit_of(n, teams, units)
    shared = np.random.default_rng([seed, 3, unit]).normal(0, 0.16)
    rng = np.random.default_rng([seed, 4, source])
    quality = float(np.clip(0.66 + shared + rng.normal(0, 0.17), 0.05, 0.95))
    features = {name for name, place in FEATURES.items() if source % 24 == place}
    return SampleTeam(n, f"T{n + 1:04d}", _unit_id(unit), f"V{n + 1:04d}", quality, rng, n * 120, first_year, features)


# Which team of every 24 has what: missing evidence, nothing to measure, a veto.
_STAYING = (("exit_plans", "village_plan_made_on"), ("members", "decoupled_on"))
FEATURES = {
    "veto": 3,
    "no_diary": 6,
    "no_environment": 8,
    "no_services": 10,
    "no_poor": 13,
    "no_loans": 15,
    "joins_in_may": 17,
}


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


def _table(name: str, lines: list[dict], year: int, typed: bool = False, text: bool = False) -> pd.DataFrame:
    """Rows as a table in the column order of the schema, sorted by key; not ``typed``: in text as CSV holds it.

    Parameters: ``text`` for daily registers in text too, which are typed otherwise.
    """
    typed = not text and (typed or name in DAILY_REGISTERS)
    schema = SCHEMAS[name]
    if not lines:
        return pd.DataFrame(columns=[column for column, spec in schema.columns.items() if spec.required])
    table = pd.DataFrame(lines)
    columns = [column for column in schema.columns if column in table]
    if "year" in schema.columns and name != "benchmarks":
        table["year"] = year
        columns = [column for column in schema.columns if column in table]
    table = table[columns]
    values = pd.DataFrame(
        {column: parse(table[column].astype(object), schema.columns[column].metadata["kind"])[0] for column in columns}
    )
    values = values.sort_values([key for key in ROW_KEYS[name] if key in values], kind="stable", ignore_index=True)
    for column in () if typed else values.columns:
        if values[column].dtype == "boolean":
            values[column] = values[column].map({True: "true", False: "false"})
        elif schema.columns[column].metadata["kind"] == "date":
            values[column] = values[column].dt.strftime("%Y-%m-%d")
    seldom = SELDOM_FILLED.get(name, frozenset())
    return values.drop(columns=[column for column in values if column in seldom and values[column].isna().all()])
