"""A small rubric of entered indicators, to be bent by each test, and values for it."""

from __future__ import annotations

import copy
from pathlib import Path

from ruamel.yaml import YAML

from assess_lib.rules.loading import read_rubric
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment, assess
from support.situations import year_data


def words(text: str) -> dict:
    return {"zh": text, "en": text}


def indicator(name: str, weight: float, score: dict | None = None, **more) -> dict:
    """An entered indicator; the value 1 earns the full mark unless a score is given."""
    return {
        "id": name,
        "name": words(name),
        "weight": weight,
        "basis": "proposal",
        "clause": {"section": "一", "words": name},
        "measure": "entered",
        "unit": "count",
        "score": score or {"kind": "linear", "floor": 0, "target": 1},
        "missing": "zero",
        **more,
    }


BASE = {
    "id": "small",
    "version": "1",
    "name": words("small"),
    "source": {"title": words("t"), "number": "1", "issued_on": "2016-01-01"},
    "in_force": {"since": 2016, "until": None},
    "total": 100,
    "dimensions": [
        {
            "id": "work",
            "name": words("work"),
            "weight": 60,
            "groups": [
                {"id": "g1", "name": words("g1"), "indicators": [indicator("a", 30), indicator("b", 10)]},
                {"id": "g2", "name": words("g2"), "indicators": [indicator("c", 20)]},
            ],
        },
        {
            "id": "money",
            "name": words("money"),
            "weight": 40,
            "groups": [
                {"id": "g3", "name": words("g3"), "indicators": [indicator("d", 40)]},
            ],
        },
    ],
    "grades": {
        "bands": [
            {"id": "excellent", "name": words("excellent"), "range": "[90, inf)"},
            {"id": "good", "name": words("good"), "range": "[60, 90)"},
            {"id": "fail", "name": words("fail"), "range": "(-inf, 60)"},
        ]
    },
}


def base() -> dict:
    return copy.deepcopy(BASE)


def write(tree: dict, folder: Path, name: str = "small.yaml") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(tree, file)
    return path


def load(tree: dict, folder: Path) -> Rubric:
    return read_rubric(write(tree, folder))


def score(
    rubric: Rubric,
    values: dict[str, dict[str, float]],
    teams: dict[str, dict] | None = None,
    of_village: dict[str, dict] | None = None,
) -> Assessment:
    """Assess: values by team and indicator; ``teams`` gives county, area, unit_type and the like, ``of_village`` the
    columns of each team's village."""
    rows = [
        {"team_id": team, "village_id": f"V{n}", **(teams or {}).get(team, {})}
        for n, team in enumerate(values, start=1)
    ]
    villages = [
        {"village_id": f"V{n}", "is_poor": n % 2 == 1, **(of_village or {}).get(team, {})}
        for n, team in enumerate(values, start=1)
    ]
    entered = []
    for team, given in values.items():
        for name, value in given.items():
            row = {"team_id": team, "indicator": name}
            if isinstance(value, dict):
                entered += [{**row, "item": item, "value": found} for item, found in value.items()]
            else:
                entered.append({**row, "status": value} if isinstance(value, str) else {**row, "value": value})
    tables = {
        "teams": rows,
        "villages": villages,
        "units": [{"unit_type": ""}],
        **({"entered_values": entered} if entered else {}),
    }
    return assess(rubric, year_data(tables))


def points(result: Assessment, team: str = "A") -> dict[str, float]:
    return result.points_of(team)["points"].to_dict()
