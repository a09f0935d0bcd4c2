"""What a made-up team and its unit did in a year: days, diaries, ledger, projects, money, actions."""

from __future__ import annotations

from typing import Any

import numpy as np

from assess_lib.sample.team import Rows, SampleTeam

PROJECTS = (
    ("leading_industry", "特色产业基地"),
    ("collective_economy", "集体光伏电站"),
    ("infrastructure", "通组公路硬化"),
    ("public_livelihood", "村卫生室改造"),
    ("village_appearance", "改厕与绿化"),
    ("infrastructure", "安全饮水管网"),
)
ENTRIES = (
    "入户走访",
    "项目现场督查",
    "召开村民代表会",
    "整理档案",
    "对接帮扶单位",
    "政策宣讲",
    "协调贷款",
    "产业技术培训",
)


def work_rows(team: SampleTeam, year: int, rows: Rows) -> None:
    """Members, days, logs, diaries, ledger, commitments, reports, meetings, inspections."""
    rng, q, tag = team.rng, team.quality, f"{team.team_id[1:]}{year % 100}"
    rows["members"], rows["attendance"], rows["work_logs"], rows["diaries"] = [], [], [], []
    for n, member in enumerate(team.members):
        if "from" not in member:
            member["from"] = f"{team.first_year}-01-05"
        if n == 2 and "joins_in_may" in team.features and year > team.first_year:
            member |= {"member_id": f"M{team.team_id[1:]}4", "from": f"{year}-05-03"}
        rows["members"].append(
            {
                "member_id": member["member_id"],
                "team_id": team.team_id,
                "name": member["name"],
                "role": ("first_secretary", "leader", "member")[n],
                "is_party_member": member["is_party_member"],
                "on_duty_from": member["from"],
                "decoupled_on": member["from"] if team.likely(0.75) else "",
                "allowance_paid": bool(team.likely(0.8)),
                "party_transferred_on": member["from"] if member["is_party_member"] and team.likely(0.6) else "",
            }
        )
        duty = team.duty(year, member)
        wanted = int(np.clip(rng.normal(0.58 + 0.24 * q, 0.05), 0.2, 0.98) * len(duty))
        days = np.sort(rng.choice(duty, wanted, replace=False)).astype("datetime64[D]")
        weekends = np.array([f"{year}-06-18", f"{year}-07-16"], dtype="datetime64[D]")
        logged = rng.random(len(days)) < 0.94 + 0.05 * q
        rows["attendance"] += [
            {"member_id": member["member_id"], "day": str(day), "night": bool(rng.random() < 0.9)}
            for day in np.unique([*days, *weekends])
        ]
        entries = rng.choice(ENTRIES, len(days))
        rows["work_logs"] += [
            {"member_id": member["member_id"], "day": str(day), "entry": str(entry)}
            for day, kept, entry in zip(days, logged, entries)
            if kept
        ]
        months = np.unique(days.astype("datetime64[M]"))
        if "no_diary" not in team.features:
            written = [
                {
                    "member_id": member["member_id"],
                    "day": f"{month}-{int(rng.integers(1, 28)):02d}",
                    "entry": str(rng.choice(ENTRIES)),
                }
                for month in months
                if team.likely(0.7)
            ]
            rows["diaries"] += [entry for entry in written if str(entry["day"]) >= str(member["from"])]
    rows["ledger"] = []
    for n in range(int(rng.integers(8, 14))):
        due = team.day(year, "03-01", "12-20")
        settled = str(np.datetime64(due) + int(rng.integers(-20, 2))) if team.likely(0.55) else ""
        rows["ledger"].append(
            {
                "entry_id": f"L{tag}{n:02d}",
                "team_id": team.team_id,
                "category": ("project", "problem", "request")[n % 3],
                "content": ("项目进度", "饮水季节性不足", "要求修缮道路")[n % 3],
                "updated_on": team.day(year, "06-01") if team.likely(0.5) else team.day(year, "01-10", "08-31"),
                "due_on": due,
                "settled_on": settled,
            }
        )
    rows["commitments"] = []
    for _ in range(int(rng.integers(3, 7))):
        due = team.day(year, "05-01", "12-25")
        promised = {
            "commitment_id": f"K{tag}{len(rows['commitments'])}",
            "team_id": team.team_id,
            "content": str(rng.choice(["修建文化广场", "引进养殖项目", "安装路灯", "组织技能培训"])),
            "posted_on": f"{year}-02-20" if team.likely(0.85) else "",
            "due_on": due,
            "kept_on": str(np.datetime64(due) - int(rng.integers(0, 30))) if team.likely(0.6) else "",
        }
        if all(other | {"commitment_id": promised["commitment_id"]} != promised for other in rows["commitments"]):
            rows["commitments"].append(promised)
    rows["reports"] = []
    for kind, due in (("h1", f"{year}-07-15"), ("h2", f"{year + 1}-01-15")):
        for recipient in ("county", "area_lead", "unit"):
            rows["reports"].append(
                {
                    "team_id": team.team_id,
                    "kind": kind,
                    "recipient": recipient,
                    "due_on": due,
                    "received_on": str(np.datetime64(due) + int(rng.integers(-10, 0 if team.likely(0.7) else 12))),
                }
            )
    if team.likely(0.85):
        rows["reports"].append(
            {
                "team_id": team.team_id,
                "kind": "annual",
                "recipient": "office",
                "due_on": f"{year + 1}-01-20",
                "received_on": f"{year + 1}-01-12",
            }
        )
    rows["meetings"] = []
    plan = [("members", month) for month in (3, 6, 9, 12)] + [("committee", month) for month in range(1, 13, 2)]
    plan += (
        [("small_group", month) for month in (2, 8)]
        + [("lecture", month) for month in (4, 7, 10)]
        + [("disclosure", month) for month in (3, 6, 9, 12)]
    )
    for n, (kind, month) in enumerate(plan):
        due = f"{year}-{month:02d}-25"
        rows["meetings"].append(
            {
                "meeting_id": f"G{tag}{n:02d}",
                "village_id": team.village_id,
                "kind": kind,
                "due_on": due,
                "held_on": due if team.likely(0.7) else "",
            }
        )
    rows["inspections"] = []
    kinds = ["work", "work"] if "no_environment" in team.features else ["work", "work", "environment", "environment"]
    for n, kind in enumerate(kinds):
        rating = np.clip(rng.normal(68 + 26 * q, 5), 0, 100)
        rows["inspections"].append(
            {
                "inspection_id": f"N{tag}{n}",
                "team_id": team.team_id,
                "kind": kind,
                "inspector": ("省驻村办", "片长单位")[n % 2],
                "on": team.day(year, "04-01", "12-15"),
                "rating": round(float(rating) * 2) / 2,
            }
        )


def money_rows(team: SampleTeam, year: int, rows: Rows) -> None:
    """Projects, fund flows and audits."""
    rng, q, tag = team.rng, team.quality, f"{team.team_id[1:]}{year % 100}"
    rows["projects"], rows["fund_flows"], rows["audits"] = [], [], []
    number = 0

    def flow(**cells: Any) -> None:
        nonlocal number
        number += 1
        rows["fund_flows"].append({"flow_id": f"F{tag}{number:03d}", "village_id": team.village_id} | cells)

    for n, (item, name) in enumerate(PROJECTS):
        if n and rng.random() > 0.6 + 0.4 * q:
            continue
        project, due = f"J{tag}{n}", team.day(year, "08-01", "12-10")
        on_time = team.likely(0.55, 0.98)
        completed = str(np.datetime64(due) - int(rng.integers(0, 25))) if on_time else ""
        supported = bool(rng.random() < 0.6)
        rows["projects"].append(
            {
                "project_id": project,
                "village_id": team.village_id,
                "name": name,
                "six_one": item,
                "running": bool(on_time) if n == 0 else "",
                "beneficiaries": int(rng.integers(5, 60)),
                "supported_by_unit": supported,
                "committed_for": year if supported else "",
                "due_on": due,
                "completed_on": completed,
                "accepted_on": f"{year}-12-20" if on_time and team.likely(0.85) else "",
                "posted_on": f"{year}-04-01" if team.likely(0.75) else "",
            }
        )
        source = str(rng.choice(["fiscal", "fiscal", "agricultural", "department", "donation", "credit", "market"]))
        amount = int(rng.integers(30, 160)) * 1000
        raised = supported and source not in ("fiscal", "agricultural")
        cells = {
            "source": source,
            "project_id": project,
            "under_plan": bool(team.likely(0.6)),
            "raised_by_unit": raised,
        }
        flow(
            stage="allocated",
            amount_yuan=amount,
            on=f"{year}-02-15",
            posted_on=f"{year}-03-01" if team.likely(0.75) else "",
            **cells,
        )
        flow(stage="disbursed", amount_yuan=amount, on=f"{year}-03-20", **cells)
        spent = round(amount * float(np.clip(rng.normal(0.68 + 0.28 * q, 0.08), 0, 1)), 2)
        traced = cells | ({} if team.likely(0.8) else {"project_id": ""})
        flow(stage="spent", amount_yuan=round(spent / 3, 2), on=f"{year}-06-30", voucher=f"V{tag}{n}1", **traced)
        flow(
            stage="spent",
            amount_yuan=round(spent - round(spent / 3, 2), 2),
            on=f"{year}-11-30",
            voucher=f"V{tag}{n}2",
            **traced,
        )
        if amount - spent > 0:
            allocated = f"{year - 1}-02-15" if rng.random() > 0.55 + 0.4 * q else f"{year}-02-15"
            flow(
                stage="carried_over",
                amount_yuan=round(amount - spent, 2),
                on=f"{year}-12-31",
                allocated_on=allocated,
                **cells,
            )
    besides = int(np.clip(rng.normal(35 + 85 * q, 20), 0, None)) * 1000
    if besides:
        cells = {"source": "department", "under_plan": True, "raised_by_unit": True}
        flow(stage="allocated", amount_yuan=besides, on=f"{year}-05-10", posted_on=f"{year}-06-01", **cells)
        flow(stage="disbursed", amount_yuan=besides, on=f"{year}-05-20", **cells)
        homes = [home["household_id"] for home in team.homes if home["registered"]]
        flow(stage="spent", amount_yuan=besides, on=f"{year}-10-15", household_id=homes[0] if homes else "", **cells)
    if "veto" in team.features and year > team.first_year:
        rows["audits"].append(
            {
                "audit_id": f"A{tag}",
                "village_id": team.village_id,
                "on": f"{year}-11-05",
                "audited_yuan": 400000,
                "misused_yuan": 32000,
                "findings": 3,
            }
        )
    elif team.number % 5 == 1:
        findings = int(rng.random() > q)
        rows["audits"].append(
            {
                "audit_id": f"A{tag}",
                "village_id": team.village_id,
                "on": f"{year}-10-20",
                "audited_yuan": int(rng.integers(200, 500)) * 1000,
                "misused_yuan": 1000 * findings,
                "findings": findings,
            }
        )


def unit_rows(team: SampleTeam, year: int, rows: Rows) -> None:
    """Visits of the unit's leader to the village; the unit's own meetings come once per unit."""
    tag = f"{team.team_id[1:]}{year % 100}"
    visits = int(team.rng.binomial(4, 0.25 + 0.6 * team.quality))
    rows["unit_actions"] = [
        {
            "action_id": f"U{tag}{n}",
            "unit_id": team.unit_id,
            "village_id": team.village_id,
            "kind": "leader_visit",
            "on": team.day(year, f"{3 * n + 1:02d}-01", f"{3 * n + 3:02d}-30"),
        }
        for n in range(visits)
    ]
