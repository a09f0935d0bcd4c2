"""What a figure leaves out or shares between teams is told when the tables are checked."""

from __future__ import annotations

from support.situations import frame

from assess_lib.tables.checks.plausibility import check_rules


def _told(**tables: list[dict]) -> list[tuple[str, str, list[int]]]:
    frames = {name: frame(name, rows) for name, rows in tables.items()}
    found = check_rules(frames, 2016, {})
    return [(one.key, one.column, one.rows.tolist()) for one in found if len(one.rows)]


def test_a_poor_household_without_register_is_told() -> None:
    homes = [
        {},
        {"registered": False},
        {"category": "dibao", "registered": False},
        {"category": "other", "registered": False},
    ]
    assert _told(households=homes) == [("checks.poor_without_register", "registered", [1])]


def test_a_leaders_visit_without_village_is_told_where_the_unit_has_several_teams() -> None:
    teams = [{"unit_id": "D1"}, {"unit_id": "D1", "village_id": "V2"}, {"unit_id": "D2", "village_id": "V3"}]
    actions = [
        {"unit_id": "D1", "kind": "leader_visit"},
        {"unit_id": "D1", "kind": "leader_visit", "village_id": "V2"},
        {"unit_id": "D2", "kind": "leader_visit"},
        {"unit_id": "D1", "kind": "leadership_meeting"},
    ]
    told = [("checks.visit_without_village", "village_id", [0])]
    assert _told(teams=teams, unit_actions=actions) == told
