"""Households, their members and their measures: who is counted is held against last year's register."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import (
    Comparison,
    Question,
    asked,
    counted,
    fewer,
    held_as_poor,
    per_team,
    registered_poor,
    share_of,
)
from assess_lib.indicators.yardsticks.exchanged import at_least
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.id_lookup import among, row_codes

PAIRED = (
    "pairing_coverage",
    "visit_frequency",
    "individual_plans",
    "paired_outcome",
    "pairing_load",
    "cadre_participation",
)
OF_PEOPLE = ("skill_training", "employment", "social_security", "medical_access")
OF_POOR = (
    *("poor_income_growth", "exit_plan_completion", "safe_housing", "livelihood", "loan_support", "register_current"),
    *("household_plans", "ten_measures", "fund_benefit", *OF_PEOPLE, *PAIRED),
)
OF_ALL = ("safe_water", "electricity", "survey_coverage", "ncms_enrolment")


def register(c: Comparison) -> Iterator[Question]:
    """Households that were on last year's register and are not on this year's, or not as they were."""
    homes = c.both("households", "registered", "category", "exited_on")
    stayed = ~(homes["exited_on_before"] <= c.year_end).fillna(False)
    moved = c.in_year(homes["category_changed_on"]) & homes["category_previous"].isin(["poor", "dibao", "wubao"])
    kept = homes["registered"].fillna(False).astype(bool) | ~registered_poor(homes, "_before")
    still = kept & (held_as_poor(homes) | moved)
    off = homes[held_as_poor(homes, "_before") & stayed & ~still]
    yield from asked(
        "registration_withdrawn", off, "household_id", "category", "category_before", *OF_POOR, of="households"
    )
    gone = c.gone("households")
    gone = gone[~among(gone["household_id"], c.table("households")["household_id"])]  # else it moved
    poor = held_as_poor(gone)
    yield from asked(
        "household_left_out", gone[poor], "household_id", None, "category", *OF_POOR, *OF_ALL, of="households"
    )
    yield from asked("household_left_out", gone[~poor], "household_id", None, "category", *OF_ALL, of="households")
    if len(c.before("households")):
        was: str | None = "exited_on_before"
        backdated = homes[(homes["exited_on"] < c.year_start) & ~(homes["exited_on_before"] < c.year_start)]
    else:
        homes = c.now("households")
        backdated, was = homes[homes["exited_on"] == c.year_start - pd.Timedelta(days=1)], None
    yield from asked("exit_dated_back", backdated, "household_id", "exited_on", was, *OF_POOR, of="households")


def incomes(c: Comparison) -> Iterator[Question]:
    """Income of the year before that is blank, or less than last year's table has."""
    homes = c.both("households", "income_yuan")
    known, now = homes["income_yuan_before"], homes["income_prev_yuan"]
    other = homes[known.notna() & (now.isna() | (now < known))]
    measures = ("poor_income_growth", "paired_outcome", "fund_benefit")
    yield from asked(
        "income_before_changed",
        other,
        "household_id",
        "income_prev_yuan",
        "income_yuan_before",
        *measures,
        of="households",
    )


def people(c: Comparison) -> Iterator[Question]:
    """Persons left out, or no longer able to work, or no longer ill."""
    both, gone = c.both("persons", "able_to_work", "serious_illness"), c.gone("persons")
    gone = gone[among(gone["household_id"], c.now("households")["household_id"])]
    gone = gone[~among(gone["person_id"], c.table("persons")["person_id"])]  # else the person or its household moved
    yield from asked(
        "person_left_out", gone, "person_id", None, "household_id", "ncms_enrolment", *OF_PEOPLE, of="persons"
    )
    alike = (both["able_to_work"] == both["able_to_work_before"]).fillna(False)
    changed = both[both["able_to_work_before"].notna() & ~alike]
    yield from asked(
        "ability_changed", changed, "person_id", "able_to_work", "able_to_work_before", *OF_PEOPLE[:3], of="persons"
    )
    ill = both[both["serious_illness_before"].fillna(False).astype(bool)]
    well = ill[~ill["serious_illness"].fillna(False).astype(bool)]
    yield from asked(
        "illness_withdrawn",
        well,
        "person_id",
        "serious_illness",
        "serious_illness_before",
        "medical_access",
        of="persons",
    )


def new_ones(c: Comparison) -> Iterator[Question]:
    """Poor households, and persons of households that were there already, of which far more are new than come in a year."""
    homes, was = c.came("households"), c.before("households")
    people = c.came("persons")
    people = people[among(people["household_id"], was["household_id"])]
    for found, before, key, waits in (
        (homes[registered_poor(homes)], was[registered_poor(was)], "household_id", (*OF_POOR, *OF_ALL)),
        (people, c.before("persons"), "person_id", (*OF_PEOPLE, "ncms_enrolment")),
    ):
        counts = counted(before)
        most = per_team(found, counts).fillna(0) * float(c.norms.new_share)
        many = found[(per_team(found, counted(found)) > most) & (per_team(found, counts) > 0)]
        many = many.assign(before=per_team(many, counts))
        yield from asked(
            "many_new", many, key, None, "before", *waits, of="households" if key == "household_id" else "persons"
        )


def needs(c: Comparison) -> Iterator[Question]:
    """Needs of households that are denied, far fewer than last year, or loans needed without the day of the request."""
    both = c.both("household_measures", "needed", "delivered_on")
    wanted = both["needed"].fillna(False).astype(bool)
    open_before = both["needed_before"].fillna(False).astype(bool) & ~(both["delivered_on_before"] <= c.year_end)
    denied = both[open_before & ~wanted & both["delivered_on"].isna()]
    yield from asked(
        "need_denied",
        denied,
        "household_id",
        "needed",
        "needed_before",
        "ten_measures",
        "loan_support",
        of="household_measures",
    )
    yield from _open_needs(c)
    now, was = c.now("household_measures"), c.before("household_measures")
    denied_share = [_share_denied(rows) for rows in (now, was)]
    both_years = pd.concat(denied_share, axis=1, keys=["now", "before"]).fillna(0).rename_axis("team").reset_index()
    rose = both_years[both_years["now"] > both_years["before"] + float(c.norms.denied_more)]
    yield from asked("needs_denied", rose, "", "now", "before", "ten_measures", of="household_measures")
    begun = (c.year_start, c.year_start - pd.DateOffset(years=1))
    homes = [_poor_before(rows, start) for rows, start in zip((c.now("households"), c.before("households")), begun)]
    listed = [_needs_per_home(*of_year) for of_year in zip((now, was), homes)]
    expected = listed[1] * counted(homes[0])
    enough = [rate[rate.index.isin(expected.index[expected >= c.norms.needs_least])] for rate in listed]
    yield from fewer(
        "needs_fewer",
        *enough,
        "ten_measures",
        of="household_measures",
        least=enough[1] * float(c.norms.share_of_last_year),
    )
    yield from _met_where_fewer(c, now, was, listed)
    loans = now[(now["measure"] == "micro_loan") & now["needed"].fillna(False).astype(bool) & now["asked_on"].isna()]
    yield from asked("loan_undated", loans, "household_id", "asked_on", None, "loan_support", of="household_measures")


def _met_where_fewer(
    c: Comparison, now: pd.DataFrame, was: pd.DataFrame, listed: list[pd.Series]
) -> Iterator[Question]:
    """Far more of the listed needs met than last year, while fewer are listed: those that were not may have been left out.

    Parameters: the needs of both years, and how many each poor household has by team.
    """
    about, counts = bounds().needs_met, []
    for rows, end in ((now, c.year_end), (was, c.year_end - pd.DateOffset(years=1))):
        wanted = rows[rows["needed"].fillna(False).astype(bool)]
        counts.append((counted(wanted), counted(wanted[(wanted["delivered_on"] <= end).fillna(False)])))
    (every, met), (every_before, met_before) = counts
    rate = (listed[0] / listed[1]).reindex(every.index)
    enough = (every >= about.least_rows) & (every_before.reindex(every.index) >= about.least_rows)
    found = []
    all_met = met.reindex(every.index, fill_value=0) == every
    for team in every.index[enough & ((rate < about.listed) | all_met & (rate < 1))]:
        chance = (met_before.get(team, 0) + 1) / (every_before[team] + 2)
        if at_least(int(met.get(team, 0)), int(every[team]), float(chance)) < about.by_chance:
            shares = [of.get(team, 0) / whole[team] for of, whole in ((met, every), (met_before, every_before))]
            found.append({"team": team, **dict(zip(("now", "before"), (f"{share:.0%}" for share in shares)))})
    if found:
        rows = pd.DataFrame(found)
        yield from asked("needs_met_where_fewer", rows, "", "now", "before", "ten_measures", of="household_measures")


def _open_needs(c: Comparison) -> Iterator[Question]:
    """Needs of last year that were not met and that this year's list lacks, where the norms want them there."""
    if c.norms.open_needs is None:
        return
    left = lambda rows: rows[rows["needed"].fillna(False).astype(bool) & rows["delivered_on"].isna()]
    gone, was = (counted(left(rows)) for rows in (c.gone("household_measures"), c.before("household_measures")))
    owed = was * float(c.norms.open_needs)
    yield from fewer(
        "open_needs_left_out",
        was - gone.reindex(was.index, fill_value=0),
        was,
        "ten_measures",
        of="household_measures",
        least=owed,
    )


def pairings(c: Comparison) -> Iterator[Question]:
    """Pairings that begin at the end of the year or anew, end while the household is poor, or are of others."""
    pairs, homes = c.now("pairings"), c.now("households").drop_duplicates("household_id").set_index("household_id")
    if homes.empty or pairs.empty:
        return
    late = pairs[pairs["paired_from"].between(c.last_days, c.year_end)]
    yield from asked("paired_late", late, "household_id", "paired_from", c.last_days, *PAIRED, of="pairings")
    first = _first_pairings(pairs)
    both = first.merge(_first_pairings(c.before("pairings")), on=["team", "household_id"], suffixes=("", "_before"))
    both = both.rename(columns={"paired_from": "now", "paired_from_before": "earlier"})
    anew = both[(both["now"] > both["earlier"]) & (both["now"] >= c.year_start)]
    yield from asked("paired_anew", anew, "household_id", "now", "earlier", "visit_frequency", of="pairings")
    ended = pairs[pairs["paired_to"] < c.year_end]
    others = pairs[~(pairs["paired_to"] < c.year_end).fillna(False)]["household_id"]
    out = ended["household_id"].map(homes["exited_on"])
    left = ended[~among(ended["household_id"], others) & ~(out <= ended["paired_to"]).fillna(False)]
    yield from asked("pairing_ended", left, "household_id", "paired_to", None, *PAIRED, of="pairings")
    unasked = homes.index[~registered_poor(homes) & ~c.in_year(homes["category_changed_on"])]
    unasked = pairs[among(pairs["household_id"], unasked)]
    unasked = unasked.assign(category=unasked["household_id"].map(homes["category"]))
    yield from asked("paired_not_poor", unasked, "household_id", "category", "poor", *PAIRED[1:], of="households")


def dates(c: Comparison) -> Iterator[Question]:
    """Plans, surveys, records and met needs of a team of which too many are dated in the last days of the year."""
    for table, column, name in (
        ("households", "plan_made_on", "household_plans"),
        ("households", "record_updated_on", "register_current"),
        ("households", "surveyed_on", "survey_coverage"),
        ("pairings", "plan_made_on", "individual_plans"),
        ("household_measures", "delivered_on", "ten_measures"),
    ):
        rows = c.now(table)
        rows = rows[c.in_year(rows[column])]
        yield from at_the_end(c, "dated_at_the_end", table, rows, column, "household_id", name)


def exits(c: Comparison) -> Iterator[Question]:
    """Teams of which most households in poverty are said to leave it in the last days of the year."""
    homes = c.now("households")
    homes = homes[registered_poor(homes) & ~c.before_year(homes["exited_on"])]
    yield from at_the_end(
        c, "dated_at_the_end", "households", homes, "exited_on", "household_id", "exit_plan_completion"
    )


def at_the_end(
    c: Comparison, key: str, table: str, rows: pd.DataFrame, column: str, id_of: str, *measures: str
) -> Iterator[Question]:
    """The rows of teams of which more than the share that the norms allow are dated in the last days."""
    late = rows[column].between(c.last_days, c.year_end)
    share = share_of(rows, late)
    teams = share.index[share > float(c.norms.last_days_share)]
    if teams.empty:
        return
    yield from asked(key, rows[late & rows["team"].isin(teams)], id_of, column, c.last_days, *measures, of=table)


def _first_pairings(pairs: pd.DataFrame) -> pd.DataFrame:
    """The first pairing of each household, with ``team``, ``household_id`` and ``paired_from``."""
    codes = row_codes(pairs[["household_id"]].assign(team=pairs["team"].cat.codes))
    first = pairs["paired_from"] == pairs["paired_from"].groupby(codes).transform("min")
    return pairs.loc[first, ["team", "household_id", "paired_from"]].drop_duplicates(["team", "household_id"])


def _share_denied(rows: pd.DataFrame) -> pd.Series:
    """The share of a team's listed needs that are said not to be, nothing delivered."""
    denied = ~rows["needed"].fillna(False).astype(bool) & rows["delivered_on"].isna()
    return share_of(rows, denied)


def _poor_before(homes: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """The registered households that had not left poverty when the year began."""
    return homes[registered_poor(homes) & ~(homes["exited_on"] < start).fillna(False)]


def _needs_per_home(rows: pd.DataFrame, poor: pd.DataFrame) -> pd.Series:
    """Needs listed for each household, by team."""
    needed = rows[among(rows["household_id"], poor["household_id"]) & rows["needed"].fillna(False).astype(bool)]
    return (counted(needed) / counted(poor)).dropna()
