"""Which columns identify a row of a table, and which must point at a row of another table."""

from __future__ import annotations

# Registers of what need not happen in a year: they may be missing or have no rows.
MAY_BE_EMPTY = frozenset({"audits"})

# Registers whose rows can only cost points: a row that is nobody's might be any team's, and its loss would be a gain.
AGAINST_TEAMS = frozenset({"audits"})

# Tables that stand for all counties; all others are those of a county.
OF_PROVINCE = ("units", "unit_actions", "benchmarks", "entered_values")

ROW_KEYS: dict[str, tuple[str, ...]] = {
    "units": ("unit_id",),
    "teams": ("team_id",),
    "members": ("member_id",),
    "villages": ("village_id",),
    "village_year": ("village_id",),
    "village_services": ("village_id", "service"),
    "households": ("household_id",),
    "persons": ("person_id",),
    "household_measures": ("household_id", "measure"),
    "pairings": ("household_id", "cadre_id"),
    "visits": ("household_id", "cadre_id", "visited_on"),
    "projects": ("project_id",),
    "fund_flows": ("flow_id",),
    "audits": ("audit_id",),
    "attendance": ("member_id", "day"),
    "work_logs": ("member_id", "day"),
    "diaries": ("member_id", "day"),
    "ledger": ("entry_id",),
    "commitments": ("commitment_id",),
    "reports": ("team_id", "kind", "recipient"),
    "meetings": ("meeting_id",),
    "inspections": ("inspection_id",),
    "unit_actions": ("action_id",),
    "exit_plans": ("village_id",),
    "benchmarks": ("year", "metric"),
    "entered_values": ("team_id", "indicator", "item"),
}

# What a team must name wherever anything is measured from the table behind it.
TEAM_LINKS = (("villages", "village_id"), ("units", "unit_id"))

# Columns that many a county has nothing to say in: the others are told where a file lacks them.
SELDOM_FILLED: dict[str, frozenset[str]] = {
    "teams": frozenset({"name", "county", "area", "unit_type", "ended_on", "leader_member_id"}),
    "members": frozenset({"on_duty_to"}),
    "villages": frozenset({"division_code", "delisted_on", "distance_km"}),
    "village_year": frozenset({"year", "road_km", "road_km_hardened"}),
    "village_services": frozenset({"year"}),
    "households": frozenset(
        {"year", "category_previous", "category_changed_on", "fell_back_on", "fell_back_by_illness", "main_business"}
    ),
    "persons": frozenset({"year", "name"}),
    "household_measures": frozenset({"year"}),
    "pairings": frozenset({"paired_to", "cadre_name"}),
    "projects": frozenset({"name"}),
    "inspections": frozenset({"inspector"}),
    "exit_plans": frozenset({"year"}),
    "entered_values": frozenset({"item", "status", "note"}),
}

# Columns of which a blank cell spares the assessed something: where one cannot be read, its row has an error.
SPARING_BLANKS: dict[str, frozenset[str]] = {
    "teams": frozenset({"started_on", "ended_on"}),
    "members": frozenset({"on_duty_to"}),
    "village_year": frozenset({"population", "groups", "road_km"}),
    "households": frozenset({"exited_on", "fell_back_on", "category_changed_on", "persons", "income_prev_yuan"}),
    "persons": frozenset({"able_to_work", "serious_illness"}),
    "household_measures": frozenset({"asked_on"}),
    "pairings": frozenset({"paired_to"}),
    "projects": frozenset({"due_on", "committed_for"}),
    "fund_flows": frozenset({"allocated_on"}),
    "audits": frozenset({"misused_yuan", "findings"}),
    "ledger": frozenset({"due_on"}),
    "exit_plans": frozenset({"village_exit_year", "households_due_out"}),
}

REFERENCES: dict[str, dict[str, str]] = {
    "teams": {"unit_id": "units", "village_id": "villages", "leader_member_id": "members"},
    "members": {"team_id": "teams"},
    "village_year": {"village_id": "villages"},
    "village_services": {"village_id": "villages"},
    "households": {"village_id": "villages"},
    "persons": {"household_id": "households"},
    "household_measures": {"household_id": "households"},
    "pairings": {"household_id": "households", "unit_id": "units"},
    "visits": {"household_id": "households"},
    "projects": {"village_id": "villages"},
    "fund_flows": {"village_id": "villages", "project_id": "projects", "household_id": "households"},
    "audits": {"village_id": "villages"},
    "attendance": {"member_id": "members"},
    "work_logs": {"member_id": "members"},
    "diaries": {"member_id": "members"},
    "ledger": {"team_id": "teams"},
    "commitments": {"team_id": "teams"},
    "reports": {"team_id": "teams"},
    "meetings": {"village_id": "villages"},
    "inspections": {"team_id": "teams"},
    "unit_actions": {"unit_id": "units", "village_id": "villages"},
    "exit_plans": {"village_id": "villages"},
    "entered_values": {"team_id": "teams"},
}
