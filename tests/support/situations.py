"""Tiny situations for tests: a few rows per table, everything not said filled in.

A row may carry ``n`` to stand for several. One team T1 of unit D1 in village V1 unless told otherwise.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from assess_lib.indicators.registry import vocabulary
from assess_lib.rules.loading import read_rubric
from assess_lib.rules.rubric import Dimension, Group, Indicator, Rubric
from assess_lib.tables.dataset import YearData
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.parsing import parse
from assess_lib.tables.schemas import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
RUBRICS = ROOT / "parameters" / "rubrics"

_DEFAULTS = {
    "village_id": "V1",
    "team_id": "T1",
    "unit_id": "D1",
    "household_id": "H1",
    "member_id": "M1",
    "cadre_id": "C1",
    "name": "名",
    "unit_type": "省直机关",
    "county": "甲县",
    "area": "山区",
    "is_poor": True,
    "category": "poor",
    "registered": True,
    "role": "member",
    "on_duty_from": "2016-01-01",
    "needed": True,
    "mode": "one_to_one",
    "paired_from": "2016-01-01",
    "stage": "spent",
    "source": "fiscal",
    "amount_yuan": 1000,
    "entry": "记",
    "six_one": "infrastructure",
    "inspector": "省驻村办",
    "year": 2016,
}
_DAY = {"fund_flows": "2016-06-01", "audits": "2016-06-01", "inspections": "2016-06-01", "unit_actions": "2016-06-01"}
_BASE = {"units": [{}], "teams": [{}], "villages": [{}]}
_TYPED: dict[str, pd.DataFrame] = {}


def year_data(tables: dict[str, list[dict]], year: int = 2016) -> YearData:
    """The data of a situation; units, teams and villages are there unless given."""
    return YearData.of(year, {name: _frame(name, rows) for name, rows in {**_BASE, **tables}.items()})


def _frame(name: str, rows: list[dict]) -> pd.DataFrame:
    """As ``frame``; teams, units and villages, which situations have in common, are typed once."""
    if name not in _BASE:
        return frame(name, rows)
    if (key := f"{name}: {rows}") not in _TYPED:
        _TYPED[key] = frame(name, rows)
    return _TYPED[key]


def frame(name: str, rows: list[dict]) -> pd.DataFrame:
    """A typed table from short rows."""
    schema, key = SCHEMAS[name], ROW_KEYS[name][0]
    spread = [{k: v for k, v in row.items() if k != "n"} for row in rows for _ in range(row.get("n", 1))]
    own = _DEFAULTS.get(key, "X1")[0] if isinstance(_DEFAULTS.get(key), str) else name[0].upper()
    full = []
    for number, row in enumerate(spread, start=1):
        given = {
            c: _DEFAULTS[c]
            for c, spec in schema.columns.items()
            if spec.required and c in _DEFAULTS and not (c == key and key.endswith("_id"))
        }
        given |= {c: _DEFAULTS[c] for c in ("village_id", "unit_id", "county", "area") if name == "teams"}
        given |= {"entry": "记"} if "entry" in schema.columns else {}
        given |= {"on": _DAY[name]} if name in _DAY else {}
        if key.endswith("_id"):
            only = ROW_KEYS[name] == (key,)
            given[key] = f"{own}{number}" if only else _DEFAULTS[key]
        full.append({**given, **row})
    columns = list(dict.fromkeys(column for row in full for column in row)) or list(schema.columns)
    cells = pd.DataFrame([{c: row.get(c, "") for c in columns} for row in full], columns=columns, dtype=object)
    typed = {}
    for column in columns:
        values, unreadable = parse(cells[column], schema.columns[column].metadata["kind"])
        assert not unreadable.any(), f"{name}.{column}: {list(cells[column][unreadable])}"
        typed[column] = values
    return pd.DataFrame(typed)


@lru_cache(maxsize=4)
def rubric(name: str = "hubei-2016") -> Rubric:
    return read_rubric(RUBRICS / f"{name}.yaml", vocabulary())


def rubric_of(*indicators: Indicator, peer_group: str = "all", **group) -> Rubric:
    """A rubric of these indicators alone, in one group, by the rules of the default one."""
    made = Group.model_construct(
        id="g",
        name=indicators[0].name,
        section="",
        indicators=list(indicators),
        cap=group.get("cap"),
        floor=group.get("floor"),
    )
    whole = sum(indicator.weight for indicator in indicators)
    dimension = Dimension.model_construct(id="d", name=indicators[0].name, weight=whole, variants=[], groups=[made])
    return rubric().model_copy(
        update={
            "dimensions": [dimension],
            "veto": [],
            "commendation": None,
            "rectification": None,
            "peer_group": peer_group,
            "ranking": rubric().ranking.model_copy(update={"tie_breakers": []}),
        }
    )
