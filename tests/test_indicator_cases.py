"""Every indicator against situations worked out by hand (tests/cases/*.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from support.situations import rubric, rubric_of, year_data

from assess_lib.indicators.registry import registered
from assess_lib.scoring.assessment import assess
from assess_lib.tables.workdays import working_days

CASES = Path(__file__).parent / "cases"
WANTED = ("usual", "at target", "no evidence", "not applicable")


def _load() -> dict[str, dict]:
    found: dict[str, dict] = {}
    for path in sorted(CASES.glob("*.yaml")):
        found |= YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


INDICATORS = _load()
ALL = [
    pytest.param(name, case, id=f"{name}-{case['case']}")
    for name, entry in INDICATORS.items()
    for case in entry["cases"]
]


@pytest.mark.parametrize("name, case", ALL)
def test_indicator(name: str, case: dict) -> None:
    indicator = rubric().indicator(name)
    data = year_data(_with_days(case), case.get("year", 2016))
    result = assess(rubric_of(indicator), data)
    row = result.points.set_index(["team_id", "indicator"]).loc[("T1", name)]
    expected = case["expect"]
    if isinstance(expected, str):
        assert row["status"] == expected.replace(" ", "_")
        return
    assert row["status"] == "measured"
    for field in ("numerator", "denominator", "value"):
        if field in expected:
            assert row[field] == pytest.approx(expected[field], abs=5e-7), field
    assert row["points"] == expected["points"]


def _with_days(case: dict) -> dict:
    """``days: {M1: 180}`` stands for that many working days, at the register and in the log, from ``from`` on."""
    tables = dict(case.get("tables") or {})
    for member, count in (case.get("days") or {}).items():
        first = str((case.get("from") or {}).get(member, "2016-01-01"))
        days = [str(day)[:10] for day in working_days(2016) if str(day)[:10] >= first][:count]
        assert len(days) == count
        for table in ("attendance", "work_logs"):
            tables[table] = [*tables.get(table, []), *({"member_id": member, "day": day} for day in days)]
    return tables


@pytest.mark.parametrize("name", sorted(registered()))
def test_every_indicator_has_the_four_situations(name: str) -> None:
    cases = [case["case"] for case in INDICATORS[name]["cases"]]
    never = INDICATORS[name].get("never", {})
    missing = [
        wanted for wanted in WANTED if wanted not in never and not any(case.startswith(wanted) for case in cases)
    ]
    assert not missing, f"{name}: no case of {missing}"
    assert all(reason for reason in never.values())


def test_the_rubric_measures_everything_registered() -> None:
    used = {indicator.measure for indicator in rubric().indicators()} - {"entered"}
    assert used == set(registered())
