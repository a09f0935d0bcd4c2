"""4 党员干部结对帮扶 (sections 二.4, 三.2): cadres and poor households, paired."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from assess_lib.exact import NEAR, exact
from assess_lib.indicators.measurement import Measurement, evidence_of, ratio, share
from assess_lib.indicators.registry import measure
from assess_lib.tables.dataset import YearData, teams_of
from assess_lib.tables.id_lookup import among


@measure(
    "二.4; 三.2",
    unit="share",
    evidence=("pairings", "households"),
    zh=("年末有干部结对的贫困户", "贫困户数"),
    en=("poor households paired on 31 December", "poor households"),
)
def pairing_coverage(data: YearData) -> Measurement:
    """实现党员干部帮扶贫困户全覆盖

    Poor households with at least one paired cadre on 31 December ÷ poor households.
    """
    pairs = data.rows("pairings")
    on_the_day = pairs[(pairs["paired_from"] <= data.year_end) & ~(pairs["paired_to"] < data.year_end)]
    poor = data.poor_households()
    met = among(poor["household_id"], on_the_day["household_id"])
    source = teams_of(data.rows("households")) & (teams_of(pairs) | data.teams_without_poor())
    return share(data, poor, met, table="households", show=["household_id", "category"], source=source)


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "units"),
    zh=("参加结对的党员干部", "单位党员干部"),
    en=("Party members and cadres paired", "Party members and cadres of the unit"),
)
def cadre_participation(data: YearData) -> Measurement:
    """积极参与驻点村贫困户及贫困人口的结对帮扶

    Party members and cadres of the unit paired in the year ÷ its Party members and cadres. A unit
    with several teams has one figure for all of them. Not applicable in a village without poor
    households.
    """
    pairs = _active(data, data.tables["pairings"])
    paired = pairs.groupby("unit_id")["cadre_id"].nunique()
    units = data.tables["units"].set_index("unit_id")["party_members_and_cadres"]
    teams = data.teams()["unit_id"]
    top = teams.map(paired)
    below = teams.map(units.astype("float64"))
    nobody_to_pair = teams.index.isin(list(data.teams_without_poor()))
    top = top.mask(nobody_to_pair)
    source = teams.index[(top.notna() & below.notna()) | nobody_to_pair]
    rows = _active_pairs(data).drop_duplicates(["team_id", "cadre_id"])
    found = evidence_of(rows, True, ["cadre_id", "cadre_name", "mode"])
    return ratio(data, top, below, source=source, evidence=found, table="pairings")


@measure(
    "三.2",
    unit="share",
    evidence=("pairings",),
    zh=("结对户数不超过规定的干部", "结对干部"),
    en=("cadres within the load of their mode", "paired cadres"),
)
def pairing_load(data: YearData, *, one_to_many: int = 5) -> Measurement:
    """“一对一”、“一对多”或“多对一”

    Paired cadres with no more households than their mode allows ÷ paired cadres. One to one: 1
    household; one to many: at most ``one_to_many``; many to one: each household has at least two
    cadres. A cadre in several modes must keep to each.
    """
    pairs = _active_pairs(data)
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
    shown, source = ["cadre_id", "cadre_name", "mode", "households"], teams_of(pairs) | data.teams_without_poor()
    return share(data, cadres, cadres["kept"], table="pairings", show=shown, source=source)


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "visits"),
    zh=("走访次数达标的结对户", "结对户"),
    en=("paired households visited as often as required", "paired households"),
)
def visit_frequency(data: YearData, *, visits_a_year: int = 4) -> Measurement:
    """结对帮扶

    Paired households visited by a paired cadre on at least the required number of days ÷ paired
    households. Several visits on one day count once; a visit outside the pairing does not count.
    A household paired for part of the year is owed that part of ``visits_a_year``, rounded up.
    """
    pairs = _active_pairs(data)
    visits = data.rows("visits").merge(
        pairs[["team_id", "household_id", "cadre_id", "paired_from", "paired_to"]],
        on=["team_id", "household_id", "cadre_id"],
    )
    within = visits["visited_on"].between(visits["paired_from"], visits["paired_to"].fillna(data.year_end))
    days = visits[within].groupby(["team_id", "household_id"])["visited_on"].nunique()
    first = pairs["paired_from"].clip(lower=data.year_start)
    last = pairs["paired_to"].fillna(data.year_end).clip(upper=data.year_end)
    span = (
        pairs.assign(first=first, last=last)
        .groupby(["team_id", "household_id"])
        .agg(first=("first", "min"), last=("last", "max"))
    )
    year_days = (data.year_end - data.year_start).days + 1
    paired_days = (span["last"] - span["first"]).dt.days + 1
    owed = {n: math.ceil(exact(visits_a_year) * int(n) / year_days) for n in paired_days.unique()}
    homes = span.assign(
        owed=paired_days.map(owed).astype("int64"),
        visits=days.reindex(span.index, fill_value=0),
    ).reset_index()
    source = teams_of(data.rows("visits")) | data.teams_without_poor()
    return share(
        data,
        homes,
        homes["visits"] >= homes["owed"],
        table="visits",
        show=["household_id", "visits", "owed"],
        source=source,
    )


@measure(
    "二.4",
    unit="share",
    evidence=("pairings",),
    zh=("有结对干部帮扶方案的户", "结对户"),
    en=("paired households with a plan made by the pair", "paired households"),
)
def individual_plans(data: YearData) -> Measurement:
    """瞄准帮扶对象制定个性化的帮扶方案

    Paired households with a plan made by the pair by the end of the year ÷ paired households.
    """
    pairs = _active_pairs(data)
    planned = data.by_year_end(pairs["plan_made_on"])
    homes = planned.groupby([pairs["team_id"], pairs["household_id"]]).any().rename("planned").reset_index()
    source = teams_of(pairs) | data.teams_without_poor()
    return share(data, homes, homes["planned"], table="pairings", show=["household_id"], source=source)


@measure(
    "二.4",
    unit="share",
    evidence=("pairings", "households", "benchmarks"),
    zh=("收入增幅高于全省的结对户", "结对户（上年收入大于零）"),
    en=("paired households whose income rose faster than the province's", "paired households with a base above zero"),
)
def paired_outcome(data: YearData) -> Measurement:
    """因户施策

    Paired households whose income rose faster than the provincial rural income per head ÷ paired
    households whose incomes of both years are known. From a base of zero or below no growth can be
    told: such a household is left out.
    """
    homes = data.rows("households")
    paired = homes[among(homes["household_id"], _active_pairs(data)["household_id"])]
    known = paired.dropna(subset=["income_yuan", "income_prev_yuan"])
    based = known[known["income_prev_yuan"] > 0]
    province = data.income_growth_of_province()
    met = pd.Series(
        False if province is None else _grew_more(based["income_yuan"], based["income_prev_yuan"], province),
        index=based.index,
        dtype="boolean",
    )
    source = (teams_of(known) if province is not None else set()) | data.teams_without_poor()
    return share(
        data, based, met, table="households", show=["household_id", "income_yuan", "income_prev_yuan"], source=source
    )


def _active_pairs(data: YearData) -> pd.DataFrame:
    """Pairings of the teams' households that were in being at some time of the year."""
    return data.once("active pairings", lambda: _active(data, data.rows("pairings")))


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
