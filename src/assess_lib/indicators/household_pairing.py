"""4 党员干部结对帮扶 (sections 二.4, 三.2): cadres and poor households, paired."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from assess_lib.exact import NEAR, exact
from assess_lib.indicators.measurement import Measurement, evidence_of, ratio, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of
from assess_lib.tables.id_lookup import among, plain_texts


@measure(
    "二.4; 三.2",
    unit="share",
    evidence=("pairings", "households"),
    zh=("年末有干部结对的帮扶户", "帮扶户数"),
    en=("households in care paired on 31 December", "households in care"),
    counts="households",
)
def pairing_coverage(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """实现党员干部帮扶贫困户全覆盖; 不脱贫不脱钩

    Households in care with at least one paired cadre on 31 December ÷ households in care. Not applicable where none is.
    """
    homes, pairs = data.households_in_care(follow_up_years), data.rows("pairings")
    on_the_day = pairs[(pairs["paired_from"] <= data.year_end) & ~(pairs["paired_to"] < data.year_end)]
    met = among(homes["household_id"], on_the_day["household_id"])
    return _of_care(data, homes, met, pairs, ["household_id", "category", "exited_on"])


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "units", "households"),
    zh=("参加结对的党员干部", "单位党员干部"),
    en=("Party members and cadres paired", "Party members and cadres of the unit"),
    counts="persons",
)
def cadre_participation(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """积极参与驻点村贫困户及贫困人口的结对帮扶

    Party members and cadres of the unit paired in the year with a household in care ÷ its Party members and cadres. A
    unit with several teams has one figure for all of them. Not applicable in a village without a household in care.
    """
    pairs = _active(data, data.tables["pairings"])
    homes = data.tables["households"]  # also those of the unit's other villages
    pairs = pairs[among(pairs["household_id"], homes["household_id"][data.in_care(homes, follow_up_years)])]
    paired = pairs.groupby("unit_id")["cadre_id"].nunique()
    units = data.tables["units"].set_index("unit_id")["party_members_and_cadres"]
    teams = data.teams()["unit_id"]
    top = teams.map(paired)
    below = teams.map(units.astype("float64"))
    nobody_to_pair = teams.index.isin(list(_without_care(data, follow_up_years)))
    top = top.mask(nobody_to_pair)
    source = teams.index[(top.notna() & below.notna()) | nobody_to_pair]
    rows = _active_pairs(data, follow_up_years).drop_duplicates(["team_id", "cadre_id"])
    found = evidence_of(rows, True, ["cadre_id", "cadre_name", "mode"])
    return ratio(data, top, below, source=source, evidence=found, table="pairings")


@measure(
    "三.2",
    unit="share",
    evidence=("pairings", "households"),
    zh=("结对户数不超过规定的干部", "结对干部"),
    en=("cadres within the load of their mode", "paired cadres"),
    counts="persons",
)
def pairing_load(data: YearData, *, one_to_many: int = 5, follow_up_years: int = 0) -> Measurement:
    """“一对一”、“一对多”或“多对一”

    Paired cadres with no more households than their mode allows ÷ cadres paired with a household in care. One to one: 1
    household; one to many: at most ``one_to_many``; many to one: each household has at least two cadres. A cadre in
    several modes must keep to each.
    """
    pairs = _active_pairs(data, follow_up_years)
    at_home = pairs.groupby(["team_id", "household_id"])["cadre_id"].transform("size")
    homes = pairs.groupby(["team_id", "cadre_id", "mode"])["household_id"].transform("size")
    allowed = pairs["mode"].map({"one_to_one": 1, "one_to_many": one_to_many}).astype("float64")
    kept = (homes <= allowed).where(pairs["mode"] != "many_to_one", at_home >= 2)
    cadres = (
        pairs.assign(kept=kept.astype(bool), households=homes)
        .groupby(["team_id", "cadre_id"], as_index=False)
        .agg(
            cadre_name=("cadre_name", "first"),
            mode=("mode", "first"),
            households=("household_id", "nunique"),
            kept=("kept", "all"),
        )
    )
    shown, source = ["cadre_id", "cadre_name", "mode", "households"], teams_of(data.rows("pairings"))
    source |= _without_care(data, follow_up_years)
    return share(data, cadres, cadres["kept"], table="pairings", show=shown, source=source)


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "visits", "households", "teams"),
    zh=("走访次数达标的帮扶户", "帮扶户数"),
    en=("households in care visited as often as required", "households in care"),
    counts="households",
)
def visit_frequency(data: YearData, *, visits_a_year: int = 4, follow_up_years: int = 0) -> Measurement:
    """结对帮扶; 不脱贫不脱钩

    Households in care visited by a paired cadre on at least the number of days owed ÷ households in care. Several
    visits on one day count once; a visit outside the pairing does not count. ``visits_a_year`` are owed for a full
    year; to a household whose care begins within the year, or whose team came or left in it, that part of them, rounded
    up. When its pairing began does not matter: one without a cadre is owed as many.
    """
    pairs, homes = _active_pairs(data, follow_up_years), data.households_in_care(follow_up_years)
    visits = data.rows("visits").merge(
        pairs[["team_id", "household_id", "cadre_id", "paired_from", "paired_to"]],
        on=["team_id", "household_id", "cadre_id"],
    )
    within = visits["visited_on"].between(visits["paired_from"], visits["paired_to"].fillna(data.year_end))
    days = visits[within].groupby("household_id")["visited_on"].nunique()
    team = data.teams()[["started_on", "ended_on"]].reindex(homes["team_id"].astype("str")).set_axis(homes.index)
    first = homes["care_from"].where(~(team["started_on"] > homes["care_from"]), team["started_on"])
    last = team["ended_on"].fillna(data.year_end).clip(upper=data.year_end)
    year_days = (data.year_end - data.year_start).days + 1
    care_days = ((last - first).dt.days + 1).clip(lower=0)
    owed = {n: math.ceil(exact(visits_a_year) * int(n) / year_days) for n in care_days.unique()}
    homes = homes.assign(
        owed=care_days.map(owed).astype("int64"),
        visits=homes["household_id"].map(days).fillna(0).astype("int64"),
    )
    met = homes["visits"] >= homes["owed"]
    return _of_care(data, homes, met, data.rows("visits"), ["household_id", "visits", "owed"], table="visits")


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "households"),
    zh=("有结对干部帮扶方案的户", "帮扶户数"),
    en=("households in care with a plan made by the pair", "households in care"),
    counts="households",
)
def individual_plans(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """瞄准帮扶对象制定个性化的帮扶方案

    Households in care with a plan made by a paired cadre by the end of the year ÷ households in care.
    """
    homes, pairs = data.households_in_care(follow_up_years), _active_pairs(data, follow_up_years)
    met = among(homes["household_id"], pairs["household_id"][data.by_year_end(pairs["plan_made_on"])])
    return _of_care(data, homes, met, data.rows("pairings"), ["household_id"], table="pairings")


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "households", "benchmarks"),
    zh=("收入增幅高于全省的结对户", "帮扶户数（上年收入大于零）"),
    en=("paired households whose income rose faster than the province's", "households in care with a base above zero"),
    counts="households",
)
def paired_outcome(data: YearData, *, follow_up_years: int = 0) -> Measurement:
    """因户施策

    Households in care, paired in the year, whose income rose faster than the provincial rural income per head ÷
    households in care. One without a cadre, or of which an income is not recorded, does not count as risen. From a base
    of zero or below no growth can be told: such a household is left out.
    """
    homes = data.households_in_care(follow_up_years)
    homes = homes[~(homes["income_prev_yuan"] <= 0)]
    known = homes["income_yuan"].notna() & homes["income_prev_yuan"].notna()
    province = data.income_growth_of_province()
    met = pd.Series(pd.NA, index=homes.index, dtype="boolean")
    if province is not None:
        met[known] = _grew_more(homes["income_yuan"][known], homes["income_prev_yuan"][known], province)
    met &= among(homes["household_id"], _active_pairs(data, follow_up_years)["household_id"])
    register = data.rows("pairings").iloc[slice(None if province is not None else 0)]
    return _of_care(data, homes, met, register, ["household_id", "income_yuan", "income_prev_yuan"])


def _of_care(
    data: YearData,
    homes: pd.DataFrame,
    met: pd.Series,
    register: pd.DataFrame,
    show: list[str],
    table: str = "households",
) -> Measurement:
    """Households in care that are met ÷ households in care.

    In a county that sent the register, a team without a row in it has none met; in one that did not, no evidence.
    """
    of_register, county = teams_of(register), dict(zip(data.team_names, plain_texts(data.teams()["county"].fillna(""))))
    counties = {of for team, of in county.items() if team in of_register}
    sent = {team for team, of in county.items() if of in counties}
    with_homes = teams_of(data.rows("households"))
    source = with_homes & (sent | (with_homes - teams_of(homes)))
    return share(data, homes, met, table=table, show=show, source=source)


def _without_care(data: YearData, follow_up_years: int) -> set[str]:
    """Teams whose village has households on record, but none in care."""
    return teams_of(data.rows("households")) - teams_of(data.households_in_care(follow_up_years))


def _active_pairs(data: YearData, follow_up_years: int) -> pd.DataFrame:
    """Pairings of the teams' households in care that were in being at some time of the year."""

    def found() -> pd.DataFrame:
        pairs = _active(data, data.rows("pairings"))
        return pairs[among(pairs["household_id"], data.households_in_care(follow_up_years)["household_id"])]

    return data.once(f"active pairings, followed for {follow_up_years} years", found)


def _active(data: YearData, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairings that were in being at some time of the year."""
    return pairs[(pairs["paired_from"] <= data.year_end) & ~(pairs["paired_to"] < data.year_start)]


def _grew_more(now: pd.Series, before: pd.Series, growth: Fraction) -> list[bool]:
    """True for each amount that grew by more than a rate; floats decide where they are far enough apart.

    Parameters: ``now`` and ``before`` amounts, shape (rows,), before above 0; ``growth`` as a fraction.
    """
    rate = float(growth)
    return [
        found > rate if abs((found := a / b - 1) - rate) > NEAR else exact(a) / exact(b) - 1 > growth
        for a, b in zip(now.tolist(), before.tolist())
    ]
