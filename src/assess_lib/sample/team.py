"""One made-up team over the years: its members, village, households and cadres.

Everything of a team is drawn from a generator of its own, so that a team is the same in a data set
of ten and of ten thousand. ``quality`` in 0–1 is what its figures have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assess_lib.sample.draws import SERVICES, rural_income
from assess_lib.sample.names import id_numbers, person_names
from assess_lib.tables.codes import MEASURES
from assess_lib.tables.workdays import working_days

Rows = dict[str, list[dict]]


@dataclass
class SampleTeam:
    """The lasting facts of a team; ``rows_of`` gives its tables of a year, in order of years."""

    number: int
    team_id: str
    unit_id: str
    village_id: str
    quality: float
    rng: np.random.Generator
    serial: int
    first_year: int
    features: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        rng, tag = self.rng, self.team_id[1:]
        self.members = [
            {"member_id": f"M{tag}{n}", "name": name, "is_party_member": bool(n < 2 or rng.random() < 0.6)}
            for n, name in enumerate(person_names(rng, 3), start=1)
        ]
        poor = 0 if "no_poor" in self.features else int(rng.integers(8, 14))
        other = int(rng.integers(7, 12))
        self.homes = [self._home(n, n < poor) for n in range(poor + other)]
        self.people = [person for home in self.homes for person in self._people(home)]
        numbers = id_numbers(rng, len(self.people), self.serial)
        for person, name, number in zip(self.people, person_names(rng, len(self.people)), numbers):
            person |= {"name": name, "id_number": number}
        self.cadres = [(f"C{tag}{n:02d}", name) for n, name in enumerate(person_names(rng, 12), start=1)]
        self.groups = int(rng.integers(5, 12))
        self.exit_year = int(rng.choice([2016, 2017, 2018], p=[0.3, 0.4, 0.3]))
        self.delisted = ""

    def likely(self, low: float = 0.55, high: float = 1.0, shape: int | tuple[int, ...] | None = None) -> Any:
        """True with a chance from ``low`` to ``high`` by the team's quality."""
        return self.rng.random(shape) < low + (high - low) * self.quality

    def day(self, year: int, first: str = "01-01", last: str = "12-31") -> str:
        """A day of the year between two days."""
        start, end = np.datetime64(f"{year}-{first}"), np.datetime64(f"{year}-{last}")
        return str(start + self.rng.integers(0, (end - start).astype(int) + 1))

    def rows_of(self, year: int) -> Rows:
        """The rows of the village, its households and their pairings in a year, by table."""
        if year > self.first_year:
            self.quality = float(np.clip(self.quality + self.rng.normal(0.06, 0.05), 0.05, 0.98))
        rows: Rows = {}
        self._village(year, rows)
        self._households(year, rows)
        self._pairings(year, rows)
        return rows

    def _home(self, n: int, poor: bool) -> dict:
        rng = self.rng
        category = str(rng.choice(["poor", "dibao", "wubao"], p=[0.75, 0.18, 0.07])) if poor else "other"
        persons = int(rng.integers(1, 3)) if category == "wubao" else int(rng.integers(2, 6))
        per_head = rng.uniform(2400, 3900) if poor else rng.uniform(7000, 13000)
        return {
            "household_id": f"H{self.team_id[1:]}{n:03d}",
            "category": category,
            "registered": poor,
            "persons": persons,
            "income": round(per_head * persons),
            "exited_on": "",
            "plan_made_on": "",
            "main_business": "",
        }

    def _people(self, home: dict) -> list[dict]:
        able = self.rng.random(home["persons"]) < (0.1 if home["category"] == "wubao" else 0.6)
        return [
            {
                "person_id": f"P{home['household_id'][1:]}{n}",
                "household_id": home["household_id"],
                "able_to_work": bool(can),
                "trained_skill": False,
                "employed": False,
                "serious_illness": bool(self.rng.random() < 0.06),
            }
            for n, can in enumerate(able, start=1)
        ]

    def _village(self, year: int, rows: Rows) -> None:
        rng, q, late = self.rng, self.quality, year - self.first_year
        hardened = min(self.groups, int(round(self.groups * (0.45 + 0.4 * q + 0.12 * late))))
        if year >= self.exit_year and not self.delisted and self.likely(0.5, 0.98):
            self.delisted = self.day(year, "10-01", "12-20")
        ratio = 0.5 + 0.32 * q + 0.03 * late + rng.normal(0, 0.03)
        rows["village_year"] = [
            {
                "village_id": self.village_id,
                "farmer_income_per_head_yuan": round(ratio * rural_income(year)),
                "collective_income_yuan": int(max(0, rng.normal(22000 + 42000 * q, 9000))),
                "population": int(rng.integers(400, 1800)),
                "groups": self.groups,
                "groups_hardened_road": hardened,
                "groups_broadband": min(self.groups, int(round(self.groups * (0.3 + 0.6 * q + 0.1 * late)))),
                "culture_room": bool(self.likely(0.3)),
                "clinic": bool(self.likely(0.5)),
                "service_centre_in_use": bool(self.likely(0.6)),
            }
        ]
        if "no_services" not in self.features:
            rows["village_services"] = [
                {
                    "village_id": self.village_id,
                    "service": name,
                    "value": round(float(average * rng.normal(0.88 + 0.2 * q, 0.06)), 2),
                }
                for name, average in SERVICES.items()
            ]
        homes_poor = sum(home["registered"] for home in self.homes)
        rows["exit_plans"] = [
            {
                "village_id": self.village_id,
                "task_book": bool(self.likely(0.7)),
                "timetable": True,
                "construction_map": bool(self.likely(0.5)),
                "village_plan_made_on": f"{self.first_year}-03-20" if self.likely(0.8) else "",
                "annual_plan": bool(self.likely(0.8)),
                "work_programme": bool(self.likely(0.7)),
                "village_exit_year": self.exit_year,
                "households_due_out": int(round(homes_poor * _due_out(year))),
            }
        ]

    def _households(self, year: int, rows: Rows) -> None:
        rng, q = self.rng, self.quality
        rows["households"], rows["persons"], rows["household_measures"] = [], [], []
        for home in self.homes:
            before = home["income"]
            growth = rng.normal(0.05 + 0.11 * q, 0.05) if home["registered"] else rng.normal(0.07, 0.03)
            home["income"] = int(round(before * (1 + growth)))
            fell = ""
            if home["registered"] and not home["exited_on"] and self.likely(0.2, 0.55):
                home["exited_on"] = self.day(year, "09-01", "12-25")
            elif home["exited_on"] and rng.random() < 0.06 * (1 - q):
                fell = self.day(year, "03-01", "11-30")
            if home["registered"] and not home["plan_made_on"] and self.likely(0.6):
                home["plan_made_on"] = self.day(year, "03-01", "06-30")
            if home["registered"] and not home["main_business"] and self.likely(0.45):
                home["main_business"] = str(rng.choice(BUSINESSES))
            rows["households"].append(
                {
                    "household_id": home["household_id"],
                    "village_id": self.village_id,
                    "category": home["category"],
                    "registered": home["registered"],
                    "exited_on": home["exited_on"],
                    "fell_back_on": fell,
                    "fell_back_by_illness": bool(rng.random() < 0.5) if fell else "",
                    "persons": home["persons"],
                    "income_yuan": home["income"],
                    "income_prev_yuan": before,
                    "safe_water": bool(self.likely(0.6)),
                    "safe_housing": bool(self.likely(0.6)),
                    "electricity": bool(self.likely(0.97)),
                    "surveyed_on": self.day(year) if self.likely(0.6) else "",
                    "record_updated_on": self.day(year, "06-01") if self.likely(0.6) else "",
                    "plan_made_on": home["plan_made_on"],
                    "main_business": home["main_business"],
                }
            )
            if home["registered"]:
                self._measures(home, year, rows["household_measures"])
        registered = {home["household_id"] for home in self.homes if home["registered"]}
        for person in self.people:
            person["trained_skill"] |= bool(person["able_to_work"] and self.likely(0.4, 0.92))
            person["employed"] |= bool(person["able_to_work"] and self.likely(0.35, 0.88))
            ill = person["serious_illness"]
            rows["persons"].append(
                person
                | {
                    "ncms": bool(self.likely(0.95)),
                    "social_security": bool(self.likely(0.75)) if not person["able_to_work"] else "",
                    "medical_support": bool(self.likely(0.5)) if ill and person["household_id"] in registered else "",
                }
            )

    def _measures(self, home: dict, year: int, rows: list[dict]) -> None:
        for measure in MEASURES:
            if self.rng.random() < 0.28 and not (measure == "micro_loan" and "no_loans" in self.features):
                asked = self.day(year, "02-01", "09-30")
                delivered = ""
                if self.likely(0.5):
                    delivered = str(
                        min(np.datetime64(asked) + int(self.rng.integers(5, 75)), np.datetime64(f"{year}-12-31"))
                    )
                rows.append(
                    {
                        "household_id": home["household_id"],
                        "measure": measure,
                        "needed": True,
                        "asked_on": asked if measure == "micro_loan" else "",
                        "delivered_on": delivered,
                    }
                )

    def _pairings(self, year: int, rows: Rows) -> None:
        rows["pairings"], rows["visits"] = [], []
        for n, home in enumerate(home for home in self.homes if home["registered"]):
            if "started" not in home:
                home["started"] = self.likely(0.75, 1.02) and f"{self.first_year}-02-{1 + n % 27:02d}"
            if not home["started"] and self.likely(0.3):
                home["started"] = f"{year}-07-01"
            if not home["started"]:
                continue
            cadre, name = self.cadres[n % (4 + int(8 * self.quality))]
            rows["pairings"].append(
                {
                    "household_id": home["household_id"],
                    "cadre_id": cadre,
                    "unit_id": self.unit_id,
                    "cadre_name": name,
                    "mode": "one_to_many",
                    "paired_from": home["started"],
                    "paired_to": "",
                    "plan_made_on": f"{year}-04-15" if self.likely(0.6) else "",
                }
            )
            first = max(home["started"], f"{year}-01-01")[5:]
            days = sorted({self.day(year, first) for _ in range(int(self.rng.binomial(8, 0.35 + 0.5 * self.quality)))})
            rows["visits"] += [
                {"household_id": home["household_id"], "cadre_id": cadre, "visited_on": day} for day in days
            ]

    def duty(self, year: int, member: dict) -> np.ndarray:
        """The working days on which a member is on duty."""
        days = working_days(year)
        return days[days >= np.datetime64(member["from"])]


BUSINESSES = ("茶叶种植", "生猪养殖", "油茶", "食用菌", "劳务输出", "电商销售", "农家乐", "小龙虾养殖")


def _due_out(year: int) -> float:
    """The share of poor households that the timetable has out of poverty by the end of a year: all of them in 2018."""
    return {2015: 0.25, 2016: 0.55, 2017: 0.8}.get(year, 0.0 if year < 2015 else 1.0)
