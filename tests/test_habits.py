"""What nearly all rows keep to and some of a team do not: days that were copied, cells that slipped, another unit; by hand."""

from __future__ import annotations

import pytest
from support.two_years import Rows, compared, told

from assess_lib.indicators.yardsticks.exchanged import at_least
from assess_lib.indicators.yardsticks.habits import amounts_tiny, answered_where, days_alike, days_at_the_end

TEAMS: Rows = [{"team_id": f"T{n}", "village_id": f"V{n}", "county": "甲县" if n < 4 else "乙县"} for n in range(1, 6)]


def promises(year: int, alike: dict[str, int] | None = None, each: int = 30) -> Rows:
    """Commitments of five teams, kept ten days before they were due, but so many on the day itself."""
    rows: Rows = []
    for team in TEAMS:
        same = (alike or {}).get(str(team["team_id"]), 0)
        for n in range(each):
            due, kept = f"{year}-{n % 12 + 1:02d}-25", f"{year}-{n % 12 + 1:02d}-15"
            key = {"commitment_id": f"K{year}{team['team_id']}{n:03d}", "team_id": team["team_id"]}
            rows.append(key | {"due_on": due, "kept_on": due if n < same else kept})
    return rows


def asked_days(now: dict[str, int], before: dict[str, int] | None = None, each: int = 30) -> list[tuple[str, int]]:
    """The teams asked, and of how many rows; each at the later column, and nothing waits."""
    c = compared("commitments", promises(2016, now, each), promises(2015, before, each), teams=(TEAMS, TEAMS))
    found = list(days_alike(c))
    assert all(not one.measures and one.columns[1] == "kept_on" for one in found)
    assert all(set(one.rows["before"]) == {"commitments.due_on"} for one in found)
    counts = [(team, len(rows)) for one in found for team, rows in one.rows.groupby("team")]
    return sorted(counts)


# Of 150 rows of last year and 120 of the others none: one by chance with 1/272, three of 30 with 4060 / 272³, 2 in 10 000;
# four of 30 with 27 405 / 272⁴, 5 in a million.
@pytest.mark.parametrize(
    ("now", "before", "told_of"),
    [
        ({"T1": 4}, {}, [("T1", 4)]),
        ({"T1": 30}, {}, [("T1", 30)]),
        ({"T1": 3}, {}, []),  # may be chance
        ({"T1": 2, "T2": 2, "T3": 2}, {}, [("T1", 2), ("T2", 2), ("T3", 2)]),  # six of the county's 90
        ({"T1": 2, "T4": 2}, {}, []),  # of two counties
        ({"T1": 6}, {f"T{n}": 6 for n in range(1, 6)}, []),  # last year's were so too
        ({f"T{n}": 9 for n in range(1, 6)}, {}, []),  # all do so now
    ],
)
def test_two_days_that_are_the_same_where_hardly_any_others_are(now, before, told_of) -> None:
    assert asked_days(now, before) == told_of


def test_of_few_rows_nothing_is_known() -> None:
    assert asked_days({"T1": 5}, each=5) == [] and asked_days({"T1": 12}, each=12) == [("T1", 12)]


def ended(now: dict[str, int], before: dict[str, int] | None = None, each: int = 30) -> list[tuple[str, str, int]]:
    """The teams asked, at which column, and of how many rows, where so many promises were kept on the last day of the year."""

    def rows(year: int, last: dict[str, int]) -> Rows:
        made = promises(year, None, each)
        for team, count in last.items():
            for row in [row for row in made if row["team_id"] == team][:count]:
                row["kept_on"] = f"{year}-12-31"
        return made

    c = compared("commitments", rows(2016, now), rows(2015, before or {}), teams=(TEAMS, TEAMS))
    found = list(days_at_the_end(c))
    assert all(not one.measures for one in found)
    return sorted((team, one.columns[1], len(of)) for one in found for team, of in one.rows.groupby("team"))


@pytest.mark.parametrize(
    ("now", "before", "told_of"),
    [
        ({"T1": 4}, {}, [("T1", "kept_on", 4)]),  # 27 405 / 272⁴
        ({"T1": 3}, {}, []),  # 4060 / 272³ may be chance
        ({"T1": 2, "T2": 2, "T3": 2}, {}, [("T1", "kept_on", 2), ("T2", "kept_on", 2), ("T3", "kept_on", 2)]),
        ({"T1": 6}, {f"T{n}": 6 for n in range(1, 6)}, []),  # last year's ended so too
        ({f"T{n}": 9 for n in range(1, 6)}, {}, []),  # all do so now
    ],
)
def test_days_that_are_the_last_of_the_year_where_hardly_any_others_are(now, before, told_of) -> None:
    assert ended(now, before) == told_of


def people(year: int, wrong: dict[str, str] | None = None, each: int = 20) -> Rows:
    """People of a village, every other able to work; social security is known of those who are not."""
    rows: Rows = []
    for n in range(each):
        name = f"P{n:03d}"
        secured = {"": None if n % 2 else True, "blank": None, "yes": True, "no": False}[(wrong or {}).get(name, "")]
        rows.append(
            {
                "person_id": name,
                "household_id": "H1",
                "year": year,
                "able_to_work": bool(n % 2),
                "social_security": secured,
            }
        )
    return rows


HOMES: Rows = [{"household_id": "H1", "village_id": "V1"}]


def asked_answers(now: Rows, before: Rows) -> list[tuple[str, str, str]]:
    c = compared("persons", now, before, households=(HOMES, HOMES))
    found = list(answered_where(c))
    assert all(not one.measures for one in found)
    return [row for one in found for row in zip(one.rows["id"], [one.columns[1]] * len(one.rows), one.rows["before"])]


@pytest.mark.parametrize(
    ("wrong", "rows"),
    [
        ({}, []),
        ({"P004": "blank", "P005": "yes"}, ["P004", "P005"]),  # it slipped a row down
        ({"P007": "no"}, ["P007"]),  # no answer was needed
        ({"P006": "no"}, []),  # an answer where there is one
        ({f"P{n:03d}": "yes" for n in range(1, 60, 2)}, []),  # of all now: it was done otherwise this year
    ],
)
def test_cells_that_do_not_go_with_the_answer_that_decides_them(wrong, rows) -> None:
    found = asked_answers(people(2016, wrong, 60), people(2015, each=60))
    assert found == [(row, "social_security", "persons.able_to_work") for row in rows]


def test_of_few_answers_no_rule_is_made() -> None:
    assert asked_answers(people(2016, {"P005": "yes"}, 38), people(2015, each=38)) == []  # 19 of either
    assert asked_answers(people(2016, {"P005": "yes"}, 40), people(2015, each=40)) != []


def flows(year: int, tiny: int = 0, of: str = "V1") -> Rows:
    """Money of five villages, of 10 000 to 17 900 yuan; so many of one village in units of ten thousand."""
    rows: Rows = []
    for n in range(200):
        village = f"V{n % 5 + 1}"
        small = village == of and n // 5 < tiny
        amount = 10_000.0 + 100 * (n % 80)
        about = {"stage": "spent", "source": "fiscal", "on": f"{year}-08-01", "village_id": village}
        rows.append(about | {"flow_id": f"F{year}{n:03d}", "amount_yuan": amount / 10_000 if small else amount})
    return rows


@pytest.mark.parametrize(("tiny", "rows"), [(0, 0), (2, 0), (4, 4), (10, 10)])
def test_amounts_below_all_others_may_be_in_another_unit(tiny, rows) -> None:
    """0.5 % of last year's lie below 10 050: by chance two of 40 rows do with 1 in 60, four with 6 in 100 000."""
    c = compared("fund_flows", flows(2016, tiny), flows(2015), teams=(TEAMS, TEAMS))
    found = told(amounts_tiny, c, "amount_tiny")
    assert len(found) == rows and all(float(now) < 2 for now, _ in found)


@pytest.mark.parametrize("nothing", [0.0, -100.0])
def test_rows_of_last_year_without_money_say_nothing_of_units(nothing) -> None:
    before = flows(2015) + [
        {**row, "flow_id": f"N{n}", "amount_yuan": nothing} for n, row in enumerate(flows(2015) * 2)
    ]
    c = compared("fund_flows", flows(2016, 10), before, teams=(TEAMS, TEAMS))
    assert len(told(amounts_tiny, c, "amount_tiny")) == 10


def test_chances_of_many_rows_are_no_overflow() -> None:
    assert at_least(3000, 5000, 0.5) < 1e-40 and at_least(0, 5000, 0.001) == pytest.approx(1.0)
    assert at_least(2, 3, 0.5) == pytest.approx(0.5) and at_least(3, 3, 0.1) == pytest.approx(0.001)
