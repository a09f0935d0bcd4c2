"""What a row is called and whose it is, held against last year's row of the same id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.indicators.yardsticks.households import OF_ALL, OF_PEOPLE, OF_POOR
from assess_lib.indicators.yardsticks.teams import ON_DUTY
from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.checks.names import SHORTEST, is_slip
from assess_lib.tables.id_lookup import among, places
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.parsing import TRADITIONAL, plain

_VILLAGE = "村"  # which the name of a team may leave out
# Things that keep their ids from year to year, what they belong to, and what waits where that changed.
_OWNED = (
    ("households", "village_id", "moved", (*OF_POOR, *OF_ALL)),
    ("persons", "household_id", "person_moved", (*OF_PEOPLE, "ncms_enrolment")),
    ("members", "team_id", "moved", ON_DUTY),
    ("projects", "village_id", "moved", ("project_completion", "project_support", "disclosure", "targeting")),
)


def moved(c: Comparison) -> Iterator[Question]:
    """Households, persons, members and projects that last year's table gives to another village, household or team.

    The team that had them is asked too. Projects are numbered anew in many a county: those of the same name are meant.
    """
    for table, link, key, waits in _OWNED:
        (id_of,) = ROW_KEYS[table]
        years = [c.table(table, of_year) for of_year in (True, False)]
        if years[0][[id_of, link]].equals(years[1][[id_of, link]]):
            continue
        years = [rows.dropna(subset=[id_of, link]) for rows in years]
        now, was = (rows.drop_duplicates(id_of) for rows in years)
        at = places(now[id_of], was[id_of])
        both = now[at >= 0].assign(**{f"{link}_before": was[link].array[at[at >= 0]]})
        other = both[link] != both[f"{link}_before"]
        if table == "projects":
            other &= both["name"].notna() & (both["name"].array == was["name"].array[at[at >= 0]])
        changed = both[other].set_index(id_of)[[link, f"{link}_before"]]
        if changed.empty:
            continue
        owned = [rows.loc[rows[id_of].isin(changed.index), [id_of, "team"]] for rows in (c.now(table), c.before(table))]
        rows = pd.concat(owned).astype("str").drop_duplicates().join(changed, on=id_of)
        yield from asked(key, rows, id_of, link, f"{link}_before", *waits, of=table)


def units_of_cadres(c: Comparison) -> Iterator[Question]:
    """Cadres with two units, or with another than last year's table gives the same pairing or the cadre of that name.

    Cadres count for their unit, so all teams of either unit wait; the teams of the households are told.
    """
    now = c.now("pairings")
    columns = ["team", "cadre_id", "unit_id", "other"]
    within = now[["cadre_id", "unit_id"]].dropna().drop_duplicates()
    within = within[within["cadre_id"].duplicated(keep=False)].rename(columns={"unit_id": "other"})
    pairs = now[among(now["cadre_id"], within["cadre_id"])].merge(within, on="cadre_id")
    same = c.both("pairings", "unit_id").rename(columns={"unit_id_before": "other"})
    was = c.before("pairings").dropna(subset=["cadre_id", "cadre_name", "unit_id"]).drop_duplicates("cadre_id")
    at = places(now["cadre_id"], was["cadre_id"])
    known = now[at >= 0].assign(other=was["unit_id"].array[at[at >= 0]])
    known = known[(known["cadre_name"].array == was["cadre_name"].array[at[at >= 0]]) & known["unit_id"].notna()]
    found = [one.loc[one["unit_id"] != one["other"], columns] for one in (same, known, pairs)]
    rows = pd.concat([one.astype("str").dropna() for one in found])
    rows = rows[rows["unit_id"] != rows["other"]].drop_duplicates(["team", "cadre_id"])
    if rows.empty:
        return
    own = frozenset(rows["team"])
    teams = c.table("teams")[["unit_id", "team_id"]].dropna().astype("str").rename(columns={"team_id": "of_unit"})
    for column in ("unit_id", "other"):
        counted_there = rows.merge(teams.rename(columns={"unit_id": column}), on=column)
        rows = pd.concat([rows, counted_there.assign(team=counted_there["of_unit"])[columns]])
    rows = rows.drop_duplicates(["team", "cadre_id"])
    for one in asked("unit_of_cadre", rows, "cadre_id", "unit_id", "other", "cadre_participation", of="pairings"):
        yield replace(one, told=own)


def units_renamed(c: Comparison) -> Iterator[Question]:
    """Units under another name than last year."""
    both = c.both("units", "name").dropna(subset=["name", "name_before"])
    yield from asked(
        "unit_renamed", both[both["name"] != both["name_before"]], "unit_id", "name", "name_before", of="units"
    )


def renamed(c: Comparison) -> Iterator[Finding]:
    """Villages and teams under another name than last year, and villages whose team's own name has theirs with a slip."""
    villages = c.table("villages")
    asked_of = {"villages": _named_before(c, "villages"), "teams": _named_before(c, "teams")}
    for table, before in asked_of.items():
        details = lambda row, before=before: {"before": before[row]}
        which = before.notna()
        yield from _at_rows(finding(table, which, "name", "checks.renamed", WARNING, row_details=details), before)
    teams = c.table("teams").dropna(subset=["village_id", "name"]).drop_duplicates("village_id")
    new_names = c.table("teams")["village_id"][asked_of["teams"].notna()]
    of_team = villages["village_id"].map(teams.set_index("village_id")["name"])
    # told once, where it changed
    unchanged = asked_of["villages"].isna() & ~among(villages["village_id"], new_names)
    slips = [
        known and pd.notna(team) and pd.notna(name) and named_with_a_slip(str(name), str(team))
        for name, team, known in zip(villages["name"], of_team, unchanged)
    ]
    named = lambda row: {"team": of_team[row]}
    which = pd.Series(slips, villages.index, dtype="bool")
    slip = finding("villages", which, "name", "checks.named_otherwise", WARNING, row_details=named)
    yield from _at_rows(slip, of_team)


def named_with_a_slip(name: str, text: str) -> bool:
    """True for a text that has a name but for one character or the form of its characters, and not the name itself."""
    stem = name.removesuffix(_VILLAGE)
    if len(name) < SHORTEST or (stem in text and len(stem) > 1):
        return False
    wanted, whole = (plain(one).translate(TRADITIONAL) for one in (name, text))
    sizes = (len(wanted), len(wanted) - 1, len(wanted) + 1)
    return any(
        is_slip(wanted, whole[start : start + size])
        for size in sizes
        for start in range(len(whole) - size + 1)
        if whole[start + size - 1] == wanted[-1]  # not with what stands behind the name
    )


def _named_before(c: Comparison, table: str) -> pd.Series:
    """Last year's name of each row that has another now, blank for the others."""
    now, was = c.table(table), c.table(table, False)
    (key,) = ROW_KEYS[table]
    before = now[key].map(was.dropna(subset=[key]).drop_duplicates(key).set_index(key)["name"])
    return before.where(now["name"].notna() & (now["name"] != before))


def _at_rows(found: Finding, rows: pd.Series) -> Iterator[Finding]:
    """A finding of rows by their places, as one of rows by their numbers in the table; none of no row."""
    if len(found.rows):
        yield replace(found, rows=rows.index.to_numpy()[found.rows])
