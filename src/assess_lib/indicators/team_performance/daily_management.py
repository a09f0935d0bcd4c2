"""1d 日常管理 (section 三.3): the team at work in the village."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from assess_lib.indicators.measurement import Measurement, Places, evidence_of, mean_rating, ratio, share
from assess_lib.indicators.on_duty import members_on_duty, on_duty_days
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of
from assess_lib.tables.id_lookup import among, places, plain_texts
from assess_lib.tables.workdays import working_days

DAYS, MONTHS = 366, 13  # as many as a year may have, and more: a place for each day and month of a member

RECIPIENTS = ("county", "area_lead", "unit")  # of the half-year reports


@measure(
    "三.3",
    unit="days",
    evidence=("members", "attendance", "work_logs"),
    zh=("考勤与日志均有记录的工作日（人·天）", "在岗人数（按在岗工作日折算）"),
    en=("working days with attendance and log (member-days)", "members on duty (as shares of the year)"),
    parts="members",
    counts="member_days",
)
def attendance_days(data: YearData) -> Measurement:
    """每年住村工作时间不得少于180个工作日; 记工作日志与考勤登记相结合的办法量化考核

    Working days in the village ÷ members on duty, in days per member and full year. A day counts
    when it is a working day of the Chinese calendar within the member's duty and stands both in
    the attendance register and, with an entry, in the work log. A member on duty for part of the
    year owes that part: the member counts as duty working days ÷ working days of the year. Each
    member is a part with days scaled to the full year. Where the register marks nights, a night
    away is shown, not counted.
    """
    duty = _duty_days(data)
    whole_year = len(working_days(data.year))
    logs = data.rows("work_logs")
    days, member = _days_present(data, duty)
    counts = (days["logged"].notna() & days["working"]).to_numpy()
    duty = duty.assign(days=np.bincount(member[counts], minlength=len(duty)))
    duty["share"] = [Fraction(int(owed), whole_year) for owed in duty["duty_days"]]
    recorded = teams_of(data.rows("attendance")) | teams_of(logs)
    top = duty.groupby("team_id")["days"].sum()
    below = duty.groupby("team_id")["share"].sum()
    value = {team: Fraction(done) / owed for team, done, owed in zip(below.index, top.tolist(), below.tolist())}
    parts = pd.DataFrame(
        {
            "team_id": duty["team_id"],
            "part": duty["member_id"],
            "exact": [Fraction(int(done)) / share for done, share in zip(duty["days"], duty["share"])],
        }
    )
    found = evidence_of(days, counts, ["member_id", "day", "logged", "working", "night"])
    return ratio(
        data,
        top,
        below.map(float),
        source=recorded & teams_of(duty),
        value=value,
        evidence=found,
        table="attendance",
        parts=parts,
    )


@measure(
    "三.3",
    unit="share",
    evidence=("members", "attendance", "work_logs"),
    zh=("住村的人·天", "登记了是否住村的驻村工作日（人·天）"),
    en=("member-days with the night in the village", "counted days whose night is marked (member-days)"),
    counts="member_days",
)
def nights_in_village(data: YearData) -> Measurement:
    """吃住在村,工作到户

    Member-days that count as days in the village (``attendance_days``) with the night spent there ÷ those of which the
    register says where the night was spent. No evidence where it marks no night.
    """
    days, _ = _days_present(data, _duty_days(data))
    counted = days[days["logged"].notna() & days["working"] & days["night"].notna()]
    return share(data, counted, counted["night"], table="attendance", show=["member_id", "day", "night"])


@measure(
    "三.3",
    unit="share",
    evidence=("members", "diaries"),
    zh=("有民情日记的人·月", "在岗人·月"),
    en=("member-months with a diary entry", "member-months on duty"),
    parts="members",
    counts="member_months",
)
def diary(data: YearData) -> Measurement:
    """记载《民情日记》,并作为年度考核内容

    Member-months on duty with a diary entry ÷ member-months on duty. A month counts when the
    member was on duty for at least half of its working days; an entry counts when its day is a duty day of the member.
    """
    duty, months = _duty_days(data), _months_on_duty(data)
    owed = [months(first, last) for first, last in zip(duty["first"].tolist(), duty["last"].tolist())]
    member = np.repeat(np.arange(len(duty)), [len(one) for one in owed])
    rows = duty[["team_id", "member_id"]].take(member).reset_index(drop=True)
    rows["month"] = np.array([month for one in owed for month in one], dtype="int64")
    entries = data.rows("diaries")
    entries = entries[entries["entry"].notna() & on_duty_days(entries, duty)]
    written = np.zeros((len(duty) + 1, MONTHS), dtype=bool)  # the last row is that of those who are not on duty
    written[places(entries["member_id"], duty["member_id"]), entries["day"].dt.month.to_numpy()] = True
    met = pd.Series(written[member, rows["month"]], index=rows.index, dtype="boolean")
    found = share(data, rows, met, table="diaries", show=["member_id", "month"], source=teams_of(data.rows("diaries")))
    per_member = met.astype(int).groupby([rows["team_id"], rows["member_id"]]).agg(["sum", "size"]).reset_index()
    parts = pd.DataFrame(
        {
            "team_id": per_member["team_id"],
            "part": per_member["member_id"],
            "exact": [Fraction(int(a), int(b)) for a, b in zip(per_member["sum"], per_member["size"])],
        }
    )
    return replace(found, parts=parts)


@measure(
    "三.3",
    unit="share",
    evidence=("ledger",),
    zh=("及时更新的台账类别", "应建类别（3 类）"),
    en=("ledger categories kept up to date", "categories (3)"),
    counts="items",
)
def work_ledger(data: YearData, *, within_days: int = 92) -> Measurement:
    """建立工作台账…分门别类

    Ledger categories (projects; problems found; matters raised by villagers) with an entry updated
    within the last ``within_days`` of the year ÷ 3.
    """
    entries = data.rows("ledger")
    recent = entries["updated_on"] > data.year_end - pd.Timedelta(days=within_days)
    fresh = entries[recent & data.by_year_end(entries["updated_on"])]
    current = set(zip(fresh["team_id"], fresh["category"]))
    teams = sorted(teams_of(entries))
    categories = [(team, category) for team in teams for category in ("project", "problem", "request")]
    rows = pd.DataFrame(categories, columns=["team_id", "category"])
    met = pd.Series([category in current for category in categories], index=rows.index, dtype="boolean")
    return share(data, rows, met, table="ledger", show=["category"])


@measure(
    "三.3",
    unit="share",
    evidence=("ledger",),
    zh=("按期办结的问题、要求", "本年到期的问题、要求"),
    en=("problems settled by their date", "problems due in the year"),
    counts="items",
)
def problem_resolution(data: YearData) -> Measurement:
    """发现及需要解决的问题、群众反映的突出问题和要求

    Ledger problems and requests settled by their due date ÷ those due in the year. Not applicable
    where none was due.
    """
    entries = data.rows("ledger")
    due = entries[entries["category"].isin(["problem", "request"]) & data.in_year(entries["due_on"])]
    met = (due["settled_on"] <= due["due_on"]).fillna(False)
    return share(
        data, due, met, table="ledger", show=["entry_id", "category", "due_on", "settled_on"], source=entries["team_id"]
    )


@measure(
    "三.3",
    unit="share",
    evidence=("commitments",),
    zh=("已公示并按期兑现的承诺", "本年到期的承诺"),
    en=("commitments posted and kept by their date", "commitments due in the year"),
    counts="items",
)
def commitments(data: YearData) -> Measurement:
    """实行承诺公示制度

    Commitments posted publicly and kept by their date ÷ commitments due in the year.
    """
    rows = data.rows("commitments")
    due = rows[data.in_year(rows["due_on"])]
    met = (due["posted_on"] <= due["due_on"]).fillna(False) & (due["kept_on"] <= due["due_on"]).fillna(False)
    return share(
        data,
        due,
        met,
        table="commitments",
        show=["commitment_id", "posted_on", "due_on", "kept_on"],
        source=rows["team_id"],
    )


@measure(
    "三.3",
    unit="share",
    evidence=("reports", "teams"),
    zh=("按时报送的报告", "应报报告（全年 7 份）"),
    en=("reports in on time", "reports due (7 in a full year)"),
    counts="reports",
)
def reports_on_time(data: YearData) -> Measurement:
    """每半年以书面形式向…报告工作,每年进行工作总结

    Reports in on time ÷ reports due: two half-year reports × three recipients (county, area lead,
    dispatching unit) + one annual summary. A half-year that had ended before the team started, or
    began after it left, is not due. A report that nobody registered is due and not in.
    """
    teams, due = data.teams(), []
    middle = pd.Timestamp(data.year, 7, 1)
    halves = {"h1": (data.year_start, middle - pd.Timedelta(days=1)), "h2": (middle, data.year_end)}
    absent = {
        half: (teams["started_on"] > last) | (teams["ended_on"] < first) for half, (first, last) in halves.items()
    }
    for team, *away in zip(data.team_names, *(gone.tolist() for gone in absent.values())):
        for half, gone in zip(halves, away):
            due += [] if gone else [(team, half, recipient) for recipient in RECIPIENTS]
        due.append((team, "annual", "any"))
    received = data.rows("reports")
    in_time = received["received_on"] <= received["due_on"]
    on_time = set(
        zip(*(plain_texts(received[name].astype("str")[in_time]) for name in ("team_id", "kind", "recipient")))
    )
    on_time |= {(team, kind, "any") for team, kind, _ in on_time if kind == "annual"}
    rows = pd.DataFrame(due, columns=["team_id", "kind", "recipient"])
    met = pd.Series([key in on_time for key in due], index=rows.index, dtype="boolean")
    rows["recipient"] = rows["recipient"].where(rows["recipient"] != "any")
    rows = rows[among(rows["team_id"], received["team_id"])]
    return share(data, rows, met.loc[rows.index], table="reports", show=["kind", "recipient"])


@measure(
    "三.3",
    unit="rating",
    evidence=("inspections",),
    zh=("督查评分合计", "督查次数"),
    en=("sum of inspection ratings", "inspections"),
)
def inspection(data: YearData) -> Measurement:
    """结合省驻村工作队办公室、各片长单位的检查督办情况

    Mean rating (0–100) of the inspections of the team's work by the provincial office and the
    area leads in the year.
    """
    return mean_rating(data, "work")


def _months_on_duty(data: YearData) -> Callable[[pd.Timestamp, pd.Timestamp], list[int]]:
    """The months of the year of which at least half of the working days lie between two days."""
    days = pd.Series(working_days(data.year))
    months = days.dt.month

    @cache
    def between(first: pd.Timestamp, last: pd.Timestamp) -> list[int]:
        on_duty = days.between(first, last).groupby(months).mean()
        return list(on_duty.index[on_duty >= 0.5])

    return between


def _duty_days(data: YearData) -> pd.DataFrame:
    """Members on duty on a working day of the year."""
    duty = members_on_duty(data)
    return duty[duty["duty_days"] > 0].reset_index(drop=True)


def _days_present(data: YearData, duty: pd.DataFrame) -> tuple[pd.DataFrame, Places]:
    """The rows of the attendance register of those on duty, each day once, and the place of each row's member.

    ``logged`` is True where the day stands in the work log, too, with an entry, and else blank; ``working`` says whether
    it is a working day within the member's duty.
    """

    def found() -> tuple[pd.DataFrame, Places]:
        register, logs = data.rows("attendance"), data.rows("work_logs")
        entered = np.zeros((len(duty) + 1, DAYS), dtype=bool)  # the last row is that of those who are not on duty
        entered[_on_calendar(data, logs[logs["entry"].notna()], duty)] = True
        member, day = _on_calendar(data, register, duty)
        again = (member[1:] == member[:-1]) & (day[1:] == day[:-1])  # tables are sorted by member and day
        once = (member >= 0) & ~np.concatenate([[False], again])[: len(member)]
        present, member, day = register[once], member[once], day[once]
        logged, working = entered[member, day], _owed_days(data, duty)[member, day]
        return present.assign(logged=pd.arrays.BooleanArray(logged, ~logged), working=working), member

    return data.once("days present", found)


def _on_calendar(data: YearData, rows: pd.DataFrame, duty: pd.DataFrame) -> tuple[Places, Places]:
    """For each row the place of its member among those on duty and that of its day in the year, shape (rows,) each.

    The place of a member is -1 for one who is not on duty and for a day of another year.
    """
    first = np.datetime64(data.year_start, "D")
    day = (rows["day"].to_numpy(dtype="datetime64[D]") - first).astype("int64")
    inside = (day >= 0) & (day < DAYS)
    if inside.all():
        return places(rows["member_id"], duty["member_id"]), day
    return np.where(inside, places(rows["member_id"], duty["member_id"]), -1), np.where(inside, day, 0)


def _owed_days(data: YearData, duty: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """True for working days within a member's duty, shape (members, days of the year)."""
    days = np.datetime64(data.year_start, "us") + np.arange(DAYS) * np.timedelta64(1, "D")
    first, last = (duty[name].to_numpy()[:, None] for name in ("first", "last"))
    return (first <= days) & (days <= last) & np.isin(days, working_days(data.year))
