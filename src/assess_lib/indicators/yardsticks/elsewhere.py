"""Two links of a row against each other: what they name is another village's, unit's or team's.

What is measured waits for the teams on both sides, since one of them has what is the other's; the row is told of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, measures_of
from assess_lib.indicators.yardsticks.links import units_of_cadres
from assess_lib.tables.id_lookup import among
from assess_lib.tables.keys import ROW_KEYS


def leaders(c: Comparison) -> Iterator[Question]:
    """Leaders who are members of another team. Nothing is measured by it."""
    teams, (now, was) = c.now("teams"), (_by_id(c, "members", "team_id", of_year) for of_year in (True, False))
    of = teams["leader_member_id"].map(now)
    found = teams.assign(of=of)[of.notna() & (of != teams["team_id"])]
    moved = (found["leader_member_id"].map(was) == found["team_id"]).fillna(False)
    yield from asked("leader_elsewhere", found[~moved], "leader_member_id", "of", None)


def money(c: Comparison) -> Iterator[Question]:
    """Money of a village for a project or household of another, unless that has moved."""
    flows = c.now("fund_flows")
    for link, table, key in (
        ("project_id", "projects", "flow_elsewhere_projects"),
        ("household_id", "households", "flow_elsewhere_households"),
    ):
        now, was = (_by_id(c, table, "village_id", of_year) for of_year in (True, False))
        found = flows.assign(there=flows[link].map(now))
        found = found[found["there"].notna() & (found["there"] != found["village_id"])]
        found = found[~(found[link].map(was) == found["village_id"]).fillna(False)]
        waits = (*measures_of("fund_flows"), *measures_of(table))
        yield from _of_both(
            key, found, "flow_id", "village_id", "there", _teams_by(c, "village_id"), waits, "fund_flows"
        )


def actions(c: Comparison) -> Iterator[Question]:
    """Actions of a unit in a village whose teams are other units'; told to a team of the unit, whose action it is."""
    rows = c.now("unit_actions")
    found = rows.assign(of=_other_unit(c, rows["village_id"], rows["unit_id"]))
    found = found[found["of"].notna()]
    teams, waits = _teams_by(c, "unit_id"), measures_of("unit_actions")
    of_unit = found["unit_id"].map(teams.groupby("link")["team"].first())
    told = frozenset(of_unit.where(of_unit.notna(), found["team"].astype("str")))
    for one in _of_both("action_elsewhere", found, "action_id", "unit_id", "of", teams, waits, "unit_actions"):
        yield replace(one, told=told)


def pairings(c: Comparison) -> Iterator[Question]:
    """Pairings by a unit in a village whose teams are other units', unless last year's table has the same, or the cadre is told."""
    rows = c.now("pairings")
    village = rows["household_id"].map(_by_id(c, "households", "village_id", True))
    found = rows.assign(of=_other_unit(c, village, rows["unit_id"]))
    found = found[found["of"].notna() & among(found["unit_id"], c.table("teams")["unit_id"])]
    if found.empty:
        return
    same = c.both("pairings", "unit_id")
    found = found.drop(index=same.index[(same["unit_id"] == same["unit_id_before"]).fillna(False)], errors="ignore")
    told = {cadre for one in units_of_cadres(c) for cadre in one.rows["id"]}
    found = found[~among(found["cadre_id"], told)]
    waits = measures_of("pairings", "visits")
    yield from _of_both(
        "pairing_elsewhere", found, "household_id", "unit_id", "of", _teams_by(c, "unit_id"), waits, "pairings"
    )


def _of_both(
    key: str,
    found: pd.DataFrame,
    id_of: str,
    now: str,
    other: str,
    teams: pd.DataFrame,
    waits: tuple[str, ...],
    table: str,
) -> Iterator[Question]:
    """A question about rows, told to the team of each; those by the other link wait too.

    Parameters: ``teams`` with ``link`` and ``team``, by which the other side is found: by ``other`` of a row for a
    village, by the row's own unit for a unit, whose rows are those of the village.
    """
    own = frozenset(found["team"].astype("str"))
    link = other if now == "village_id" else now
    there = found.drop(columns="team").reset_index(names="row").merge(teams, left_on=link, right_on="link")
    rows = pd.concat([found.assign(team=found["team"].astype("str")), there.set_index("row")])
    for one in asked(key, rows, id_of, now, other, *waits, of=table):
        yield replace(one, told=own)


def _teams_by(c: Comparison, link: str) -> pd.DataFrame:
    """Teams by their village or unit, in ``link`` and ``team``."""
    teams = c.table("teams")[[link, "team_id"]].dropna().astype("str")
    return teams.rename(columns={link: "link", "team_id": "team"})


def _other_unit(c: Comparison, villages: pd.Series, units: pd.Series) -> pd.Series:
    """The unit that has a team in the village of each row, where its own unit has none there; blank for the others."""
    teams = c.table("teams")[["unit_id", "village_id"]].dropna().drop_duplicates()
    there = villages.map(teams.groupby("village_id")["unit_id"].first())
    own = pd.MultiIndex.from_frame(teams)
    at_home = pd.MultiIndex.from_arrays([units, villages]).isin(own)
    return there.where(~at_home & units.notna().to_numpy())


def _by_id(c: Comparison, table: str, column: str, of_year: bool) -> pd.Series:
    """A column of a table by its ids, of an id that stands twice the first."""
    rows, (key,) = c.table(table, of_year), ROW_KEYS[table]
    first = (rows[key].notna() & ~rows[key].duplicated()).to_numpy()
    return pd.Series(rows[column].array[first], rows[key][first])
