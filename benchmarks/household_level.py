"""The household-level indicators of one partition: measured by the product, and as SQL for DuckDB.

Both read the same Parquet files and give numerator and denominator per team; the numbers must agree.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from assess_lib.indicators.registry import registered
from assess_lib.tables.dataset import YearData

YEAR = 2016
LAST = f"DATE '{YEAR}-12-31'"
TABLES = ("teams", "units", "households", "persons", "household_measures", "pairings", "visits", "benchmarks")

VIEWS = f"""
CREATE TEMP TABLE homes AS SELECT h.*, t.team_id FROM households h JOIN teams t USING (village_id);
CREATE TEMP TABLE poor AS SELECT * FROM homes
  WHERE (category IN ('poor', 'dibao', 'wubao')
         OR (year(category_changed_on) = {YEAR} AND category_previous IN ('poor', 'dibao', 'wubao')))
    AND registered AND (exited_on IS NULL OR exited_on >= DATE '{YEAR}-01-01');
CREATE TEMP TABLE people AS SELECT p.*, h.team_id FROM persons p JOIN homes h USING (household_id);
CREATE TEMP TABLE poor_people AS SELECT * FROM people SEMI JOIN poor USING (household_id);
CREATE TEMP TABLE needs AS SELECT m.*, h.team_id FROM household_measures m JOIN poor h USING (household_id);
CREATE TEMP TABLE pairs AS SELECT p.*, h.team_id FROM pairings p JOIN homes h USING (household_id)
  WHERE paired_from <= {LAST} AND (paired_to IS NULL OR paired_to >= DATE '{YEAR}-01-01');
"""


def _share(rows: str, met: str, where: str = "true") -> str:
    return f"SELECT team_id, count(*) FILTER ({met}), count(*) FROM {rows} WHERE {where} GROUP BY team_id"


AGGREGATES = {
    "livelihood": _share("poor", "main_business IS NOT NULL"),
    "safe_water": _share("homes", "safe_water"),
    "safe_housing": _share("poor", "safe_housing"),
    "electricity": _share("homes", "electricity"),
    "survey_coverage": _share("homes", f"year(surveyed_on) = {YEAR}"),
    "register_current": _share("poor", f"year(record_updated_on) = {YEAR}"),
    "household_plans": _share("poor", f"plan_made_on <= {LAST}"),
    "skill_training": _share("poor_people", "trained_skill", "able_to_work"),
    "employment": _share("poor_people", "employed", "able_to_work"),
    "social_security": _share("poor_people", "social_security", "NOT able_to_work"),
    "ncms_enrolment": _share("people", "ncms"),
    "medical_access": _share("poor_people", "medical_support", "serious_illness"),
    "ten_measures": _share("needs", f"delivered_on <= {LAST}", "needed"),
    "loan_support": _share(
        "needs",
        f"delivered_on <= asked_on + INTERVAL 60 DAY AND delivered_on <= {LAST}",
        f"measure = 'micro_loan' AND asked_on <= {LAST} AND "
        f"NOT ((delivered_on IS NULL OR delivered_on > {LAST}) AND asked_on + INTERVAL 60 DAY > {LAST})",
    ),
    "relapse": _share(
        "homes", f"year(fell_back_on) = {YEAR}", f"coalesce(exited_on <= {LAST}, false) OR year(fell_back_on) = {YEAR}"
    ),
    "poor_income_growth": """SELECT team_id, sum(income_yuan), sum(income_prev_yuan) FROM poor
        WHERE income_yuan IS NOT NULL AND income_prev_yuan IS NOT NULL GROUP BY team_id""",
    "pairing_coverage": f"""SELECT team_id, count(*) FILTER (household_id IN (SELECT household_id FROM pairs
        WHERE paired_to IS NULL OR paired_to >= {LAST})), count(*) FROM poor GROUP BY team_id""",
    "pairing_load": """WITH loads AS (SELECT team_id, cadre_id, mode, count(DISTINCT household_id) AS homes
            FROM pairs GROUP BY ALL),
          crowds AS (SELECT team_id, household_id, count(DISTINCT cadre_id) AS cadres FROM pairs GROUP BY ALL),
          kept AS (SELECT p.team_id, p.cadre_id, bool_and(CASE mode WHEN 'one_to_one' THEN homes <= 1
            WHEN 'one_to_many' THEN homes <= 5 ELSE cadres >= 2 END) AS kept
            FROM pairs p JOIN loads USING (team_id, cadre_id, mode) JOIN crowds USING (team_id, household_id)
            GROUP BY ALL)
        SELECT team_id, count(*) FILTER (kept), count(*) FROM kept GROUP BY team_id""",
    "visit_frequency": f"""WITH spans AS (SELECT team_id, household_id,
            min(greatest(paired_from, DATE '{YEAR}-01-01')) AS first, max(least(coalesce(paired_to, {LAST}), {LAST})) AS last
            FROM pairs GROUP BY ALL),
          days AS (SELECT p.team_id, v.household_id, count(DISTINCT visited_on) AS days FROM visits v
            JOIN pairs p USING (household_id, cadre_id)
            WHERE visited_on BETWEEN paired_from AND coalesce(paired_to, {LAST}) GROUP BY ALL)
        SELECT s.team_id, count(*) FILTER (coalesce(days, 0) >=
            ceil(4 * (date_diff('day', first, last) + 1) / (date_diff('day', DATE '{YEAR}-01-01', {LAST}) + 1))), count(*)
        FROM spans s LEFT JOIN days USING (team_id, household_id) GROUP BY s.team_id""",
    "individual_plans": f"""WITH planned AS (SELECT team_id, household_id, bool_or(coalesce(plan_made_on <= {LAST}, false)) AS planned
            FROM pairs GROUP BY ALL)
        SELECT team_id, count(*) FILTER (planned), count(*) FROM planned GROUP BY team_id""",
    "paired_outcome": """SELECT team_id, count(*) FILTER (income_yuan * before > income_prev_yuan * now), count(*)
        FROM homes, (SELECT max(value) FILTER (year = 2016) AS now, max(value) FILTER (year = 2015) AS before
            FROM benchmarks WHERE metric = 'rural_income_per_head_yuan')
        WHERE household_id IN (SELECT household_id FROM pairs) AND income_prev_yuan > 0 AND income_yuan IS NOT NULL
        GROUP BY team_id""",
}


def files_of(home: Path, county: str) -> dict[str, str]:
    """The file of each table of a partition, or the one for all counties."""
    found = {}
    for name in TABLES:
        partition = home / name / county
        found[name] = str(partition / "part-0.parquet" if partition.is_dir() else home / f"{name}.csv")
    return found


def by_product(files: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Numerator and denominator per team and indicator, by the product's own measures."""
    frames = {}
    for name, file in files.items():
        frames[name] = pd.read_parquet(file, partitioning=None) if file.endswith(".parquet") else pd.read_csv(file)
    known, data = registered(), YearData.of(YEAR, frames)
    return {name: known[name](data).teams[["numerator", "denominator"]] for name in AGGREGATES}


def by_duckdb(files: dict[str, str]) -> dict[str, pd.DataFrame]:
    """The same by SQL, in one thread."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as database:
        for name, file in files.items():
            read = (
                f"read_parquet('{file}', hive_partitioning = false)"
                if file.endswith(".parquet")
                else f"read_csv('{file}')"
            )
            columns = set(database.execute(f"SELECT * FROM {read} LIMIT 0").df().columns)
            missing = [
                f"NULL::{kind} AS {column}" for column, kind in _OPTIONAL.get(name, {}).items() if column not in columns
            ]
            database.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(['*', *missing])} FROM {read}")
        database.execute(VIEWS)
        return {
            name: database.execute(sql)
            .df()
            .set_axis(["team_id", "numerator", "denominator"], axis=1)
            .set_index("team_id")
            for name, sql in AGGREGATES.items()
        }


_OPTIONAL = {
    "households": {
        "category_previous": "VARCHAR",
        "category_changed_on": "DATE",
        "exited_on": "DATE",
        "fell_back_on": "DATE",
    },
    "pairings": {"paired_to": "DATE"},
}


def differences(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> list[str]:
    """The indicators whose numbers differ for any team that has a denominator."""
    found = []
    for name, mine in ours.items():
        other = theirs[name].reindex(mine.index)
        known = mine["numerator"].notna()
        if not (mine[known].astype("float64").round(4) == other[known].astype("float64").round(4)).all(axis=None):
            found.append(name)
    return found
