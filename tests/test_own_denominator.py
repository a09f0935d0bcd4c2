"""The assessed do not choose their own denominator: whatever way is tried, no team gains a point unseen.

Each way is played on the tables of an honest year, and the team's points are held against those of the honest tables.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from support.situations import rubric

from assess_lib.api import check_data, load_rubric
from assess_lib.faults import Fault
from assess_lib.indicators import yardsticks
from assess_lib.indicators.yardsticks import work
from assess_lib.indicators.yardsticks.comparison import Comparison
from assess_lib.indicators.yardsticks.numbering import missing_in_table
from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.rules.norms import Norms
from assess_lib.sample.dataset import write_sample
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import Assessment, assess
from assess_lib.tables.checks.findings import Finding, Found
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.columns import DTYPES
from assess_lib.tables.dataset import YearData
from assess_lib.tables.pipeline import CheckedTables, questioned
from assess_lib.tables.read_year import ReadYear
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_before import year_before

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("own_denominator"),
    pytest.mark.usefixtures("same_files_read_once"),
]
Frames = dict[str, pd.DataFrame]
LAST = pd.Timestamp("2016-12-31")
NEXT, BEFORE = pd.Timestamp("2017-01-15"), pd.Timestamp("2015-12-31")
NOTHING = pd.NaT


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = tmp_path_factory.mktemp("honest")
    write_sample(data, 8, 2016, [2015, 2016], counties=2)
    return data


@pytest.fixture(scope="module")
def honest(folder) -> tuple[CheckedTables, Frames, Assessment]:
    """The tables of the year, those of the year before, and the assessment: nothing is asked about it."""
    checked = check_data(folder, 2016, rubric())
    assert checked.data.questioned == {} and not checked.faults
    before = year_before(ReadYear(folder, 2015), set(yardsticks.COMPARED))
    assert before.notes == ()
    return checked.tables, before.frames, assess(rubric(), checked.data)


def played(
    tables: CheckedTables, earlier: Frames, frames: Frames, norms: Norms | None = None
) -> tuple[Assessment, list]:
    """The assessment of changed tables, and what was asked about them."""
    found = questions(earlier, frames, norms)
    changed = CheckedTables(tables.raw, frames, tuple(found))
    data = YearData.of(2016, frames, {}, questioned(changed))
    return assess(rubric(), data), told_at_teams(found, tables)


def questions(earlier: Frames, frames: Frames, norms: Norms | None = None) -> list:
    """What is asked about tables, where nobody asks for points."""
    return list(yardsticks.questions(norms or rubric().norms, frames, {}, earlier, 2016))


def told_at_teams(found: list[Found], tables: CheckedTables) -> list[Fault]:
    """Findings as faults of the rows of teams: the rows of changed tables are not those that were read."""
    return faults_of([replace(one, spots=None) if isinstance(one, Finding) else one for one in found], tables.raw)


def village(frames: Frames, team: str) -> str:
    teams = frames["teams"].set_index("team_id")
    return teams.at[team, "village_id"]


def mine(frames: Frames, table: str, team: str) -> pd.Series:
    """Which rows are those of a team."""
    rows, home = frames[table], village(frames, team)
    if "team_id" in rows:
        return rows["team_id"] == team
    if "village_id" in rows:
        return rows["village_id"] == home
    homes = frames["households"]
    return rows["household_id"].isin(homes.loc[homes["village_id"] == home, "household_id"])


def put(table: str, column: str, value: object, which: Callable[[pd.DataFrame], pd.Series] = lambda f: f.index >= 0):
    """The way of writing another value into the team's rows for which something holds."""

    def play(frames: Frames, team: str) -> None:
        rows = frames[table].copy()
        if column not in rows:
            rows[column] = pd.Series(None, rows.index, DTYPES[SCHEMAS[table].columns[column].metadata["kind"]])
        chosen = mine(frames, table, team) & which(rows)
        rows[column] = rows[column].mask(chosen, value)
        frames[table] = rows

    return play


def without(table: str, which: Callable[[pd.DataFrame], pd.Series]):
    """The way of leaving out the team's rows for which something holds."""

    def play(frames: Frames, team: str) -> None:
        frames[table] = frames[table][~(mine(frames, table, team) & which(frames[table]).fillna(False).astype(bool))]

    return play


def late(done: str):
    return lambda f: ~(f[done] <= f["due_on"]).fillna(False) & f["due_on"].notna()


def badly(f: pd.DataFrame) -> pd.Series:
    return f["registered"] & (f["plan_made_on"].isna() | f["main_business"].isna() | ~f["safe_housing"].fillna(False))


def not_true(column: str):
    return lambda f: ~f[column].fillna(False).astype(bool)


def low_services(frames: Frames, team: str) -> None:
    marks = frames["benchmarks"]
    limits = dict(zip(marks["metric"].str.removeprefix("service:"), marks["value"]))
    low = lambda f: f["value"] < f["service"].map(limits).astype("float64")
    without("village_services", low)(frames, team)


def pair_others(frames: Frames, team: str) -> None:
    homes, pairs, visits = frames["households"], frames["pairings"], frames["visits"]
    others = homes[mine(frames, "households", team) & ~homes["registered"]]["household_id"].tolist()
    first = pairs[mine(frames, "pairings", team)].iloc[0]
    rows = [
        {**first, "household_id": h, "cadre_id": f"X{n}", "plan_made_on": pd.Timestamp("2016-02-01")}
        for n, h in enumerate(others)
    ]
    days = pd.to_datetime(["2016-02-02", "2016-04-01", "2016-07-01", "2016-10-10"])
    seen = [{"household_id": h, "cadre_id": f"X{n}", "visited_on": day} for n, h in enumerate(others) for day in days]
    frames["pairings"] = pd.concat([pairs, pd.DataFrame(rows)], ignore_index=True).astype(pairs.dtypes.to_dict())
    frames["visits"] = pd.concat([visits, pd.DataFrame(seen)], ignore_index=True).astype(visits.dtypes.to_dict())


def groups_reached(frames: Frames, team: str) -> None:
    rows = frames["village_year"].copy()
    chosen = mine(frames, "village_year", team)
    rows["groups"] = rows["groups"].mask(chosen, rows["groups_hardened_road"])
    frames["village_year"] = rows


def fewer_cadres(frames: Frames, team: str) -> None:
    frames["units"] = frames["units"].assign(party_members_and_cadres=frames["units"]["party_members_and_cadres"] // 2)


def lower_incomes(frames: Frames, team: str) -> None:
    rows = frames["households"].copy()
    rows["income_prev_yuan"] = rows["income_prev_yuan"].mask(
        mine(frames, "households", team), rows["income_prev_yuan"] * 0.9
    )
    frames["households"] = rows


def reports_when_in(frames: Frames, team: str) -> None:
    rows = frames["reports"].copy()
    chosen = mine(frames, "reports", team) & rows["received_on"].notna()
    rows["due_on"] = rows["due_on"].mask(chosen, rows["received_on"])
    frames["reports"] = rows


def all_raised(frames: Frames, team: str) -> None:
    put("fund_flows", "raised_by_unit", True)(frames, team)


def hide_unfinished(frames: Frames, team: str) -> None:
    """Unfinished projects left out, their money no longer said to be theirs."""
    rows = frames["projects"]
    ids = rows["project_id"][mine(frames, "projects", team) & unfinished(rows)]
    without("projects", unfinished)(frames, team)
    put("fund_flows", "project_id", None, lambda f: f["project_id"].isin(ids))(frames, team)


def swap_villages(frames: Frames, team: str) -> None:
    other = {"T0004": "V0006", "T0006": "V0004"}[team]
    frames["teams"] = frames["teams"].assign(
        village_id=frames["teams"]["village_id"].mask(frames["teams"]["team_id"] == team, other)
    )


def second_team(frames: Frames, team: str) -> None:
    """Another team is said to work in the same village."""
    other = {"T0004": "T0008", "T0006": "T0007"}[team]
    put("teams", "village_id", village(frames, team))(frames, other)


def of_all(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]):
    """The way of changing a table of the whole province, once."""

    def play(frames: Frames, team: str) -> None:
        if team == TEAMS[0]:
            frames[table] = change(frames[table])

    return play


def times_ten(table: str, column: str, by: float = 10):
    def play(frames: Frames, team: str) -> None:
        rows = frames[table]
        frames[table] = rows.assign(**{column: rows[column].mask(mine(frames, table, team), rows[column] * by)})

    return play


def both_ways(*plays):
    def play(frames: Frames, team: str) -> None:
        for one in plays:
            one(frames, team)

    return play


def blank(column: str):
    return lambda f: f[column].isna()


def letters(frames: Frames, team: str) -> None:
    """Bad commitments left out, the others under names without numbers."""
    without("commitments", late("kept_on"))(frames, team)
    rows = frames["commitments"]
    names = pd.Series([f"K{team}-{chr(97 + n)}" for n in range(len(rows))], rows.index)
    frames["commitments"] = rows.assign(
        commitment_id=rows["commitment_id"].mask(mine(frames, "commitments", team), names)
    )


def third(f: pd.DataFrame) -> pd.Series:
    return f["member_id"].str[-1] == "3"


def numbered_on(table: str, key: str, which: Callable[[pd.DataFrame], pd.Series]):
    """The way of leaving out the team's rows for which something holds, the others numbered without a gap."""

    def play(frames: Frames, team: str) -> None:
        ids = sorted(frames[table][key][mine(frames, table, team)])
        without(table, which)(frames, team)
        own = mine(frames, table, team)
        new = pd.Series(ids[: own.sum()], own.index[own], dtype="str")
        frames[table] = frames[table].assign(**{key: new.reindex(own.index).fillna(frames[table][key])})

    return play


def exchanged(frames: Frames, team: str) -> None:
    """The third member is another, who came in November; nobody says when the first left."""
    rows = frames["members"]
    who = mine(frames, "members", team) & third(rows)
    ids, day = rows["member_id"], pd.Timestamp("2016-11-20")
    put("members", "on_duty_from", day, third)(frames, team)
    frames["members"] = frames["members"].assign(member_id=ids.mask(who, ids + "9"))
    for table in ("attendance", "work_logs", "diaries"):
        logs = frames[table]
        logs = logs[~(logs["member_id"].isin(ids[who]) & (logs["day"] < day))]
        frames[table] = logs.assign(
            member_id=logs["member_id"].mask(logs["member_id"].isin(ids[who]), logs["member_id"] + "9")
        )


def move_people(frames: Frames, team: str) -> None:
    """Those without a skill are said to live in a household that is not poor."""
    homes = frames["households"]
    other = homes["household_id"][mine(frames, "households", team) & ~homes["registered"]].iloc[0]
    put("persons", "household_id", other, not_true("trained_skill"))(frames, team)


def made_up_homes(frames: Frames, team: str) -> None:
    homes = frames["households"]
    good = homes[mine(frames, "households", team) & homes["registered"] & homes["safe_housing"].fillna(False)].head(3)
    new = good.assign(household_id=good["household_id"] + "9")
    frames["households"] = pd.concat([homes, new], ignore_index=True)


def clean_audit(frames: Frames, team: str) -> None:
    rows = frames["audits"]
    again = rows[mine(frames, "audits", team)]
    new = again.assign(audit_id=again["audit_id"] + "2", audited_yuan=5e6, misused_yuan=0.0, findings=0)
    frames["audits"] = pd.concat([rows, new], ignore_index=True)


JANUARY, LONG_AGO = pd.Timestamp("2016-01-31"), pd.Timestamp("2014-05-01")
in_poverty = lambda f: f["registered"] & ~(f["exited_on"] < "2016-01-01").fillna(False)
unfinished = lambda f: late("completed_on")(f) | f["accepted_on"].isna()
problem = lambda f: f["category"].isin(["problem", "request"]) & late("settled_on")(f)

WAYS = {  # the key of the question, the measure that waits, the way
    "projects moved out of the year": ("due_elsewhere", "project_completion", put("projects", "due_on", NEXT, unfinished)),
    "projects without a due date": ("due_elsewhere", "project_completion", put("projects", "due_on", NOTHING, unfinished)),
    "commitments moved out of the year": ("due_elsewhere", "commitments", put("commitments", "due_on", NEXT, late("kept_on"))),
    "problems moved out of the year": ("due_elsewhere", "problem_resolution", put("ledger", "due_on", NEXT, problem)),
    "problems without a due date": ("due_elsewhere", "problem_resolution", put("ledger", "due_on", NOTHING, problem)),
    "all projects due on the last day": ("due_at_the_end", "project_completion", put("projects", "due_on", LAST)),
    "all commitments due on the last day": ("due_at_the_end", "commitments", put("commitments", "due_on", LAST)),
    "fewer households due out": ("due_out_under_norm", "exit_plan_completion", put("exit_plans", "households_due_out", 1)),
    "no household due out": ("due_out_lower", "exit_plan_completion", put("exit_plans", "households_due_out", 0)),
    "registrations withdrawn": ("registration_withdrawn", "household_plans", put("households", "registered", False, badly)),
    "category changed": ("registration_withdrawn", "livelihood", put("households", "category", "other", badly)),
    "households left out": ("household_left_out", "safe_housing", without("households", badly)),
    "households without water left out": ("household_left_out", "safe_water", without("households", not_true("safe_water"))),
    "exits dated back": ("exit_dated_back", "exit_plan_completion", put("households", "exited_on", BEFORE, lambda f: f["registered"] & ~(f["exited_on"] < "2016-01-01").fillna(False))),
    "pairings from the last day": ("paired_late", "visit_frequency", put("pairings", "paired_from", LAST)),
    "pairings begun anew": ("paired_anew", "visit_frequency", put("pairings", "paired_from", pd.Timestamp("2016-11-01"))),
    "pairings ended in January": ("pairing_ended", "visit_frequency", put("pairings", "paired_to", pd.Timestamp("2016-01-05"))),
    "services left out": ("service_left_out", "public_services", low_services),
    "services blank": ("service_left_out", "public_services", put("village_services", "value", float("nan"), lambda f: f["value"] < 90)),
    "others paired": ("paired_not_poor", "visit_frequency", pair_others),
    "released on the last day": ("released_late", "decoupled", put("members", "decoupled_on", LAST)),
    "membership moved on the last day": ("released_late", "party_transfer", put("members", "party_transferred_on", LAST)),
    "plans of the last day": ("dated_at_the_end", "household_plans", put("households", "plan_made_on", LAST)),
    "surveys of the last day": ("dated_at_the_end", "survey_coverage", put("households", "surveyed_on", LAST)),
    "records of the last day": ("dated_at_the_end", "register_current", put("households", "record_updated_on", LAST)),
    "only meetings that were held": ("number_missing", "party_building", without("meetings", lambda f: f["held_on"].isna())),
    "only problems that were settled": ("number_missing", "problem_resolution", without("ledger", problem)),
    "only commitments that were kept": ("fewer_than_owed", "commitments", without("commitments", lambda f: f["commitment_id"].str[-1] > "1")),
    "only good ratings": ("fewer_than_owed", "inspection", without("inspections", lambda f: f["inspector"] == "片长单位")),
    "people without insurance left out": ("person_left_out", "ncms_enrolment", without("persons", not_true("ncms"))),
    "ability to work blank": ("ability_changed", "employment", put("persons", "able_to_work", pd.NA, not_true("employed"))),
    "nobody is ill": ("illness_withdrawn", "medical_access", put("persons", "serious_illness", False)),
    "needs denied": ("needs_denied", "ten_measures", put("household_measures", "needed", False, lambda f: f["delivered_on"].isna())),
    "loans never asked for": ("loan_undated", "loan_support", put("household_measures", "asked_on", NOTHING, lambda f: f["measure"] == "micro_loan")),
    "exit of the village put off": ("exit_year_later", "village_exit", put("exit_plans", "village_exit_year", 2019)),
    "village off the list": ("village_off_list", "village_exit", put("villages", "is_poor", False)),
    "fewer groups": ("fewer_groups", "road_hardening", groups_reached),
    "fewer cadres": ("cadres_fewer", "cadre_participation", fewer_cadres),
    "income of last year lowered": ("income_before_changed", "poor_income_growth", lower_incomes),
    "members on duty later": ("duty_later", "attendance_days", put("members", "on_duty_from", pd.Timestamp("2016-09-01"))),
    "members not in the Party": ("party_withdrawn", "party_transfer", put("members", "is_party_member", False)),
    "team begun in December": ("started_later", "reports_on_time", put("teams", "started_on", pd.Timestamp("2016-12-01"))),
    "reports due when they came": ("report_due_late", "reports_on_time", reports_when_in),
    "promises undated": ("promise_undated", "project_support", put("projects", "committed_for", pd.NA, lambda f: f["supported_by_unit"])),
    "budget money raised": ("raised_from_budget", "funds_raised", all_raised),
    "allocations left out": ("allocation_left_out", "execution", without("fund_flows", lambda f: f["stage"] == "allocated")),
    "old money called young": ("carried_young", "carry_over", put("fund_flows", "allocated_on", pd.Timestamp("2016-06-01"), lambda f: f["stage"] == "carried_over")),
    "first flows left out": ("number_missing", "execution", without("fund_flows", lambda f: f["flow_id"].str[-3:].astype(int) < 10)),
    "first meeting left out": ("number_missing", "party_building", without("meetings", lambda f: f["meeting_id"].str[-2:] == "00")),
    "commitments without numbers": ("numbered_otherwise", "commitments", letters),
    "commitments kept long ago": ("done_dated_back", "commitments", put("commitments", "kept_on", LONG_AGO, late("kept_on"))),
    "commitments kept before they were made": ("done_too_early", "commitments", put("commitments", "kept_on", JANUARY, late("kept_on"))),
    "problems settled long ago": ("done_dated_back", "problem_resolution", put("ledger", "settled_on", LONG_AGO, problem)),
    "projects finished long ago": ("done_dated_back", "project_completion", both_ways(put("projects", "completed_on", LONG_AGO), put("projects", "accepted_on", LONG_AGO))),
    "projects accepted long ago": ("done_dated_back", "project_completion", put("projects", "accepted_on", LONG_AGO, blank("accepted_on"))),
    "projects posted long ago": ("done_dated_back", "disclosure", put("projects", "posted_on", LONG_AGO, blank("posted_on"))),
    "money posted long ago": ("done_too_early", "disclosure", put("fund_flows", "posted_on", LONG_AGO, blank("posted_on"))),
    "meetings held long ago": ("done_too_early", "party_building", put("meetings", "held_on", LONG_AGO, blank("held_on"))),
    "reports in before their time": ("done_too_early", "reports_on_time", put("reports", "received_on", JANUARY, late("received_on"))),
    "members released long ago": ("done_too_early", "decoupled", put("members", "decoupled_on", pd.Timestamp("2010-01-01"), blank("decoupled_on"))),
    "membership moved long ago": ("done_too_early", "party_transfer", put("members", "party_transferred_on", pd.Timestamp("2010-01-01"))),
    "plans made long ago": ("done_dated_back", "household_plans", put("households", "plan_made_on", LONG_AGO, lambda f: f["registered"] & f["plan_made_on"].isna())),
    "plans of cadres made long ago": ("done_too_early", "individual_plans", put("pairings", "plan_made_on", LONG_AGO, blank("plan_made_on"))),
    "plans of cadres made last year": ("done_dated_back", "individual_plans", put("pairings", "plan_made_on", BEFORE, blank("plan_made_on"))),
    "needs met long ago": ("done_dated_back", "ten_measures", put("household_measures", "delivered_on", LONG_AGO, blank("delivered_on"))),
    "village delisted long ago": ("done_dated_back", "village_exit", both_ways(put("villages", "delisted_on", LONG_AGO), put("exit_plans", "village_exit_year", 2016))),
    "a member left out": ("member_left_out", "attendance_days", without("members", third)),
    "a member off duty in January": ("duty_ended", "attendance_days", put("members", "on_duty_to", JANUARY, third)),
    "the team gone in January": ("team_ended", "reports_on_time", put("teams", "ended_on", JANUARY)),
    "the team at work after it left": ("rows_after_the_end", "reports_on_time", put("teams", "ended_on", JANUARY)),
    "unfinished projects left out": ("allocated_to_nothing", "project_completion", hide_unfinished),
    "another area": ("group_changed", "fund_benefit", put("teams", "area", "别的片区")),
    "villages swapped": ("village_changed", "income_ratio", swap_villages),
    "another unit": ("unit_changed", "leader_visits", put("teams", "unit_id", "D0001")),
    "a second team in the village": ("village_shared", "income_ratio", second_team),
    "everybody out of poverty on the last day": ("dated_at_the_end", "exit_plan_completion", put("households", "exited_on", LAST, in_poverty)),
    "ten times the income of the village": ("far_above_last_year", "collective_income", times_ten("village_year", "collective_income_yuan")),
    "ten times the income of farmers": ("far_above_last_year", "income_ratio", times_ten("village_year", "farmer_income_per_head_yuan")),
    "ten times the money": ("far_above_last_year", "funds_raised", times_ten("fund_flows", "amount_yuan")),
    "a tenth of the income of the village": ("far_below_last_year", "collective_income", times_ten("village_year", "collective_income_yuan", 0.1)),
    "rates of services as shares": ("far_below_last_year", "public_services", times_ten("village_services", "value", 0.01)),
    "ratings out of ten": ("far_below_last_year", "inspection", times_ten("inspections", "rating", 0.1)),
    "provincial figures lowered": ("figure_lower", "public_services", of_all("benchmarks", lambda f: f.assign(value=f["value"] * 0.5))),
    "the income of the province changed": ("figure_changed", "income_ratio", of_all("benchmarks", lambda f: f.assign(value=f["value"] + 5000.0 * (f["year"] == 2015)))),
    "a service of the province left out": ("figure_left_out", "public_services", of_all("benchmarks", lambda f: f[f["metric"] != "service:自来水普及率"])),
    "no audits at all": ("audits_fewer", "audit_findings", of_all("audits", lambda f: f.iloc[:0])),
    "an audit of a village without a team": ("audit_of_nobody", "audit_findings", put("audits", "village_id", "V9999")),
    "people moved to other households": ("person_moved", "skill_training", move_people),
    "made-up households": ("many_new", "safe_housing", made_up_homes),
    "support denied": ("support_denied", "project_support", put("projects", "supported_by_unit", False, unfinished)),
    "problems called projects": ("fewer_to_settle", "problem_resolution", put("ledger", "category", "project", lambda f: f["category"] == "problem")),
    "poor from December on": ("poor_anew", "visit_frequency", both_ways(put("households", "category_previous", "other", in_poverty), put("households", "category_changed_on", pd.Timestamp("2016-12-20"), in_poverty))),
    "incomes that fell blank": ("income_left_out", "poor_income_growth", put("households", "income_yuan", float("nan"), lambda f: f["income_yuan"] < f["income_prev_yuan"] * 1.1)),
    "a member followed in November": ("member_followed_late", "attendance_days", exchanged),
    "old money carried over left out": ("money_unaccounted", "carry_over", numbered_on("fund_flows", "flow_id", lambda f: f["stage"] == "carried_over")),
    "a clean audit beside": ("audit_beside", "audit_findings", clean_audit),
}  # fmt: skip
TEAMS = ("T0004", "T0006")
OF_MANY = (
    *("fewer cadres", "a second team in the village", "provincial figures lowered", "no audits at all"),
    *(
        "the income of the province changed",
        "a service of the province left out",
        "an audit of a village without a team",
    ),
)


@pytest.mark.parametrize("way", WAYS)
def test_no_team_gains_a_point_unseen(way, honest) -> None:
    key, measure, play = WAYS[way]
    tables, earlier, before = honest
    frames, waits, told = dict(tables.frames), False, set()
    for team in TEAMS:
        play(frames, team)
    now, asked = played(tables, earlier, frames)
    for team in TEAMS:
        was, points = before.points_of(team), now.points_of(team)
        risen = set(was.index[points["points"] > was["points"] + 1e-9])
        gained = now.scores.at[team, "total"] - before.scores.at[team, "total"]
        if points.at["fund_benefit", "value"] == was.at["fund_benefit", "value"]:  # it rose because the other fell
            risen -= {"fund_benefit"}
            gained -= points.at["fund_benefit", "points"] - was.at["fund_benefit", "points"]
        waiting = now.data.questioned.get(team, ())
        assert not (gained > 1e-9 or risen) or (waiting and now.scores.at[team, "provisional"]), (team, risen)
        waits |= measure in waiting and now.points_of(team).at[measure, "reason"] == "questioned"
        told |= {fault.key.rpartition(".")[2] for fault in asked if fault.value == team or way in OF_MANY}
    others = set(now.scores.index[now.scores["provisional"]]) - set(before.scores.index[before.scores["provisional"]])
    assert others <= set(TEAMS) or way in OF_MANY, others
    assert key in told and waits, f"{key} is not asked about: {sorted(told)}"


@pytest.mark.parametrize(
    "way",
    [
        "fewer households due out",
        "released on the last day",
        "reports due when they came",
        "projects moved out of the year",
        "services left out",
    ],
)
def test_a_norm_serves_where_there_is_no_year_before(way, honest) -> None:
    key, _, play = WAYS[way]
    tables, _, _ = honest
    seen = set()
    for team in ("T0004", "T0006"):
        frames = dict(tables.frames)
        play(frames, team)
        seen |= {fault.key for fault in told_at_teams(questions({}, frames), tables)}
    assert f"checks.owed.{key}" in seen


def test_a_question_names_both_values_in_both_languages(honest) -> None:
    tables, earlier, _ = honest
    frames = dict(tables.frames)
    was = earlier["exit_plans"].set_index("village_id").at[village(frames, "T0004"), "households_due_out"]
    put("exit_plans", "households_due_out", 0)(frames, "T0004")
    fault = next(f for f in faults_of(questions(earlier, frames), tables.raw) if f.key.endswith("due_out_lower"))
    assert f"本年 0，上年 {was}" in fault.cause("zh") and f"now 0, last year {was}" in fault.cause("en")
    assert (
        fault.severity == "warning" and fault.location.column == "households_due_out" and fault.location.team == "T0004"
    )


def test_that_nothing_can_be_compared_is_said(folder, tmp_path) -> None:
    shutil.copytree(folder / "2016", tmp_path / "2016")
    checked = check_data(tmp_path, 2016, rubric())
    notes = [fault for fault in checked.faults if fault.key == "checks.not_compared"]
    assert [note.severity for note in notes] == ["note"] and "农户" in notes[0].cause("zh")
    assert checked.data.questioned == {}


def test_files_tell_what_is_asked_and_the_team_waits(folder, tmp_path) -> None:
    """From the files: a due date moved in projects.csv."""
    data = tmp_path / "data"
    shutil.copytree(folder, data, ignore=shutil.ignore_patterns(".cache"))
    plans = pd.read_csv(data / "2016" / "exit_plans.csv", dtype=str)
    plans.loc[plans["village_id"] == "V0004", "households_due_out"] = "0"
    plans.to_csv(data / "2016" / "exit_plans.csv", index=False)
    checked = check_data(data, 2016, load_rubric(None, 2016))
    assert checked.data.questioned == {"T0004": ("exit_plan_completion",)}
    assert {fault.location.team for fault in checked.faults if "owed" in fault.key} == {"T0004"}


def questioned_year(honest) -> Assessment:
    tables, earlier, _ = honest
    frames = dict(tables.frames)
    put("exit_plans", "households_due_out", 1)(frames, "T0005")
    return played(tables, earlier, frames)[0]


def test_a_reviewer_settles_what_waits(honest, tmp_path) -> None:
    now = questioned_year(honest)
    assert bool(now.scores.at["T0005", "provisional"])
    low, high = now.scores.loc["T0005", ["lowest", "highest"]]
    assert low < now.scores.at["T0005", "total"] <= high
    review = ReviewSession(now, Ledger(tmp_path / "ledger.sqlite"))
    review.judge("confirm", "T0005", "exit_plan_completion", "张三", "时间表经县扶贫办同意调整")
    settled = review.result
    assert not settled.scores.at["T0005", "provisional"]
    assert settled.points_of("T0005").at["exit_plan_completion", "reason"] == "reviewed"
    assert settled.scores.at["T0005", "total"] == now.scores.at["T0005", "total"]
    assert settled.scores.at["T0005", "lowest"] == settled.scores.at["T0005", "total"]


def test_a_reviewer_sets_another_value(honest, tmp_path) -> None:
    review = ReviewSession(questioned_year(honest), Ledger(tmp_path / "ledger.sqlite"))
    judged = review.judge("value", "T0005", "exit_plan_completion", "张三", "按上年时间表", becomes="0.5")
    review.second(judged.number, "李四", "同意")
    assert not review.result.scores.at["T0005", "provisional"]
    assert review.result.points_of("T0005").at["exit_plan_completion", "points"] == 0  # 0.5 is the floor


def test_the_scorecard_says_what_waits(honest) -> None:
    card = Scorecard(questioned_year(honest), None, "T0005", "zh")
    line = next(line for line in card.lines if line.waits)
    assert (line.id, line.status_words) == ("exit_plan_completion", "待复核")


def test_the_same_data_asked_about_has_another_fingerprint(honest) -> None:
    now = questioned_year(honest)
    assert replace(now.data, questioned={}, _cache={}).fingerprint != now.data.fingerprint


def test_tables_that_are_not_there_are_not_asked_about(honest) -> None:
    """A rubric of entered values needs the teams alone; each other table may be lacking in one year or the other."""
    tables, earlier, _ = honest
    teams = tables.frames["teams"][["team_id"]]
    assert list(yardsticks.questions(rubric().norms, {"teams": teams}, {}, {}, 2016)) == []
    names = sorted(set(tables.frames) - {"teams"})
    for name, other in zip(names, (*names[1:], names[0])):
        frames = {table: rows for table, rows in tables.frames.items() if table != name}
        before = {table: rows for table, rows in earlier.items() if table != other}
        list(yardsticks.questions(rubric().norms, frames, {}, before, 2016))


@pytest.mark.parametrize(
    ("table", "waiting"),
    [
        ("households", "pairing_coverage"),
        ("village_year", "income_ratio"),
        ("household_measures", "ten_measures"),
        ("persons", "ncms_enrolment"),
        ("village_services", "public_services"),
        ("pairings", "individual_plans"),
        ("members", "allowances"),
    ],
)
def test_a_table_of_last_year_in_the_place_of_this_one_is_asked_about(table, waiting, honest) -> None:
    """Every team's rows are those of the year before, as where a sheet was copied over."""
    tables, earlier, _ = honest
    frames = dict(tables.frames) | {table: earlier[table].reset_index(drop=True)}
    if "year" in frames[table]:
        frames[table] = frames[table].assign(year=2016)
    if table == "members":  # a county of eight teams has as many as it takes
        frames["teams"] = frames["teams"].assign(county="云汐县")
    now, told = played(tables, earlier, frames)
    teams = {fault.location.row for fault in told if fault.key == "checks.owed.unchanged"}
    assert len(teams) == len(frames["teams"])
    assert now.scores["provisional"].all()
    asked = set().union(*now.data.questioned.values())
    assert waiting in asked


def test_no_missing_column_and_no_row_that_stands_twice_ends_in_a_traceback(folder, tmp_path) -> None:
    """Every fifth column of every table, and the first row of each once more with another last cell; three tables a year."""
    paths = sorted((folder / "2016").glob("*.csv"))
    years = -(-len(paths) // 3)
    for number in range(years):
        data = shutil.copytree(folder, tmp_path / str(number), ignore=shutil.ignore_patterns(".*"))
        changed = paths[number::years]  # far apart in the alphabet: seldom of one subject
        for path in changed:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            again = table.head(1).copy()
            again.iloc[0, -1] = ""
            left_out = list(table.columns)[paths.index(path) % 5 :: 5]
            pd.concat([table, again]).drop(columns=left_out).to_csv(data / "2016" / path.name, index=False)
        told = {Path(fault.file).name for fault in check_data(data, 2016, load_rubric(None, 2016)).faults if fault.file}
        assert {path.name for path in changed} <= told


def test_a_row_that_was_set_aside_is_told_and_what_follows_from_it_is_not(folder, tmp_path) -> None:
    """A flow whose amount cannot be read leaves a gap in the numbers and a project without money: one cause, told once."""
    data = shutil.copytree(folder, tmp_path / "data", ignore=shutil.ignore_patterns(".*"))
    flows = pd.read_csv(data / "2016" / "fund_flows.csv", dtype=str, keep_default_na=False)
    flows.loc[1, "amount_yuan"] = "约三百"
    flows.to_csv(data / "2016" / "fund_flows.csv", index=False)
    asked = [fault.key for fault in check_data(data, 2016, rubric()).faults if "owed" in fault.key]
    assert asked == []
    flows.drop(index=1).to_csv(data / "2016" / "fund_flows.csv", index=False)
    asked = [fault.key for fault in check_data(data, 2016, rubric()).faults if "owed" in fault.key]
    assert "checks.owed.number_missing" in asked, "the row left out altogether is asked about"


@pytest.mark.parametrize(
    ("groups", "road_km", "asked"),
    [
        (4, 10.0, {}),
        (3, 10.0, {"fewer_groups": ("3", "4")}),
        (4, 9.5, {"shorter_roads": ("9.5", "10")}),
        (None, None, {"fewer_groups": ("–", "4"), "shorter_roads": ("–", "10")}),
        (5, 12.0, {}),
    ],
)
def test_groups_and_roads_that_became_fewer_are_told_by_their_own_names(groups, road_km, asked) -> None:
    """Last year 4 groups and 10 km."""
    teams = pd.DataFrame({"team_id": ["T1"], "village_id": ["V1"]})
    was = pd.DataFrame({"village_id": ["V1"], "groups": pd.array([4], "Int64"), "road_km": [10.0]})
    now = was.assign(groups=pd.array([groups], "Int64"), road_km=pd.array([road_km], "float64"))
    compared = Comparison(2016, {"teams": teams, "village_year": now}, {"teams": teams, "village_year": was}, Norms())
    found = {question.key: question.rows.iloc[0] for question in work.villages(compared)}
    assert {key: (row["now"], row["before"]) for key, row in found.items()} == asked


@pytest.mark.parametrize(
    ("owed", "key"),
    [
        ({"villages": ["V0004"]}, "audit_owed"),
        ({"over_yuan": 1000}, "audit_of_money"),
        ({"number": 3}, "audits_under_norm"),
    ],
)
def test_one_audit_left_out_is_seen_where_the_norms_know_of_it(owed, key, honest) -> None:
    """The sample has three audits, one of T0004, which had none the year before: the tables alone do not show that."""
    tables, earlier, _ = honest
    norms = Norms.model_validate({"audits": owed})
    assert key not in {
        fault.key.rpartition(".")[2]
        for fault in told_at_teams(questions(earlier, tables.frames, norms), tables)
        if fault.value == "T0004"
    }
    frames = dict(tables.frames)
    without("audits", lambda f: f["audit_id"].notna())(frames, "T0004")
    now, asked = played(tables, earlier, frames, norms)
    assert f"checks.owed.{key}" in {fault.key for fault in asked}
    assert now.points_of("T0004").at["audit_findings", "reason"] == "questioned"


def test_a_year_without_a_table_of_audits_says_so(folder, tmp_path) -> None:
    data = shutil.copytree(folder, tmp_path / "data", ignore=shutil.ignore_patterns(".*"))
    (data / "2016" / "audits.csv").unlink()
    checked = check_data(data, 2016, rubric())
    told = {fault.key: fault.severity for fault in checked.faults}
    assert told["checks.no_audits"] == "note" and told["checks.owed.audits_fewer"] == "warning"
    assert all("audit_findings" in checked.data.questioned[team] for team in checked.data.team_ids)


@pytest.mark.parametrize(
    ("ids", "missing"),
    [
        (["A1", "A2", "A4", "A5"], "A3"),  # 4 of 5: nearly all
        (["A-001", "A-003", "A-004", "A-005"], "A-002"),
        (["A0", "A2", "A3", "A4", "A5"], "A1"),
        (["A2", "A3", "A4", "A5"], "A1"),
        (["A1", "A2", "A3"], ""),
        (["A000216", "A000716", "A001216"], ""),  # numbers of villages, not serial
        (["A1", "A5"], ""),  # 2 of 5
        (["A1", "B1"], ""),
        (["A7"], ""),
    ],
)
def test_a_number_is_missing_among_those_of_the_table(ids, missing) -> None:
    assert missing_in_table(pd.Series(ids, dtype="str"), 0.75) == missing


def test_ids_that_differ_in_capital_letters_alone_do_not_count_twice(folder, tmp_path) -> None:
    """A household of T0004 once more under a small letter: an error of both rows."""
    data = shutil.copytree(folder, tmp_path / "data", ignore=shutil.ignore_patterns(".*"))
    homes = pd.read_csv(data / "2016" / "households.csv", dtype=str, keep_default_na=False)
    home = homes[homes["village_id"] == "V0004"].head(1)
    again = home.assign(household_id=home["household_id"].str.lower())
    pd.concat([homes, again]).to_csv(data / "2016" / "households.csv", index=False)
    checked = check_data(data, 2016, rubric())
    twice = [fault for fault in checked.faults if fault.key == "checks.twice_but_for_case"]
    assert [fault.location.team for fault in twice] == ["T0004", "T0004"] and "大小写" in twice[0].cause("zh")
    assert checked.data.set_aside["T0004"]["households"] == 2


def test_teams_of_last_year_that_are_not_listed_are_named(honest) -> None:
    """Not one whose row was set aside, nor one that had left before the year began."""
    tables, earlier, _ = honest
    teams = tables.frames["teams"]
    was = earlier["teams"].assign(ended_on=pd.Series(pd.NaT, earlier["teams"].index, "datetime64[us]"))
    was["ended_on"] = was["ended_on"].mask(was["team_id"] == "T0008", pd.Timestamp("2015-12-01"))
    frames, aside = dict(tables.frames) | {"teams": teams.iloc[2:7]}, {"teams": teams.iloc[1:2]}
    found = yardsticks.questions(rubric().norms, frames, aside, earlier | {"teams": was}, 2016)
    (fault,) = [one for one in found if one.key == "checks.teams_left_out"]
    assert fault.details == {"count": 1, "which": "T0001"} and fault.severity == "warning"


def test_many_teams_without_a_year_before_are_asked_about(honest) -> None:
    """As many as take more than a byte to number: the needs of one are denied, nothing is there to hold it against."""
    frames = honest[0].frames
    more = pd.DataFrame({"team_id": [f"X{n:03d}" for n in range(200)]}).astype("str")
    many = dict(frames) | {"teams": pd.concat([frames["teams"], more], ignore_index=True)}
    put("household_measures", "needed", False)(many, "T0004")
    asked = {(one.key, *one.rows) for one in yardsticks.questions(rubric().norms, many, {}, {}, 2016)}
    assert asked == {("checks.owed.needs_denied", 3)}


def test_who_began_with_one_last_year_may_begin_with_one(honest) -> None:
    """Meetings are numbered from 00; those of T0004 from 01 to 19 in both years, or this year alone."""
    tables, earlier, _ = honest
    found = []
    for frames in (dict(tables.frames), dict(earlier)):
        rows, own = frames["meetings"], mine(tables.frames | {"meetings": frames["meetings"]}, "meetings", "T0004")
        ids = rows["meeting_id"]
        later = ids.str[:-2] + (ids.str[-2:].astype("int64") + 1).astype("str").str.zfill(2)
        found.append(frames | {"meetings": rows.assign(meeting_id=ids.mask(own, later))})
    now, before = found
    assert not list(yardsticks.questions(rubric().norms, now, {}, before, 2016))
    assert [one.key for one in yardsticks.questions(rubric().norms, now, {}, earlier, 2016)] == [
        "checks.owed.number_missing"
    ]


@pytest.mark.parametrize("left_out", ["3", "1", "12"])
def test_numbers_that_are_not_filled_up_with_zeros_are_serial_too(left_out, honest) -> None:
    """F000416-1 to F000416-26: the 3rd or the 1st is missed, the 12th among those of different lengths."""
    tables, earlier, _ = honest
    years = []
    for frames in (tables.frames, earlier):
        ids = frames["fund_flows"]["flow_id"]
        plain = ids.str[:7] + "-" + ids.str[-3:].astype("int64").astype("str")
        years.append(dict(frames) | {"fund_flows": frames["fund_flows"].assign(flow_id=plain)})
    now, before = years
    assert not list(yardsticks.questions(rubric().norms, now, {}, before, 2016))
    without("fund_flows", lambda f: f["flow_id"] == f"F000416-{left_out}")(now, "T0004")
    (asked,) = [one for one in yardsticks.questions(rubric().norms, now, {}, before, 2016) if "number" in one.key]
    assert asked.row_details(3)["which"] == f"F000416-{left_out}"
