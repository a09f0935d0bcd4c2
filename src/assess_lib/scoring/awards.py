"""After the points (三.5): the three commendation lists and the rectification list."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from assess_lib.exact import NEAR, exact
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.points import HELD
from assess_lib.scoring.quotas import Quota, quota


def commended_teams(result: Assessment) -> pd.DataFrame:
    """Teams to be commended (工作队): grade, place in its group, points. Clause 三.5.

    Within each group of ``commendation.teams.by`` the best ``top_share`` of all teams, of those
    that have one of the grades. A share that falls inside a tie leaves the tied teams out.
    """
    chosen = commended(result.rubric, result.scores)
    return result.scores.loc[chosen].sort_values(["overall_rank", "total"], kind="stable")


def commended(rubric: Rubric, every: pd.DataFrame) -> list[str]:
    """The ids of teams to be commended. Parameters: ``every`` the scores of all teams."""
    return [team for quota in team_quotas(rubric, every) for team in quota.chosen]


def team_quotas(rubric: Rubric, every: pd.DataFrame) -> list[Quota]:
    """How many teams of each group can be commended, who is, and whom a tie leaves out."""
    rules, found = rubric.commendation, []
    if rules is None:
        return []
    scores = every[~every["provisional"]]
    for name, group in every.groupby(_group(every, rules.teams.by)):
        candidates = scores[scores["grade"].isin(rules.teams.grades) & scores.index.isin(group.index)]
        found.append(quota(str(name), len(group), rules.teams.top_share, candidates["overall_rank"]))
    return found


def commended_members(result: Assessment) -> pd.DataFrame:
    """Members to be commended (工作队员): team_id, member_id, name, role and the values ranked on."""
    return member_choice(result)[0]


def member_choice(result: Assessment) -> tuple[pd.DataFrame, list[Quota]]:
    """Members to be commended, and the quotas by which they were chosen."""
    rules = result.rubric.commendation and result.rubric.commendation.members
    members = result.data.rows("members")[["member_id", "team_id", "name", "role"]]
    if not rules:
        return members.iloc[0:0], []
    table, everyone = members.set_index("member_id"), len(members)
    for name in rules.rank_on:
        parts = result.measurements[name].parts
        values = {} if parts is None else dict(zip(parts["part"], parts["exact"]))
        table[name] = [values.get(member) for member in table.index]
    table = table.dropna(subset=list(rules.rank_on))
    for name, least in rules.at_least.items():
        table = table[[exact(value) >= least for value in table[name]]]
    table = table.join(result.scores[["county", "area", "unit_type", "grade"]], on="team_id")
    table = table[table["grade"] != result.rubric.grades.bands[-1].id]
    keys = [tuple(-value for value in row) for row in table[list(rules.rank_on)].to_numpy()]
    place_of = {key: place for place, key in reversed(list(enumerate(sorted(keys))))}
    places = pd.Series([place_of[key] for key in keys], index=table.index, dtype="int64")
    groups = pd.Series("", index=table.index) if rules.by == "all" else table[rules.by].fillna("")
    sizes = (
        {"": everyone}
        if rules.by == "all"
        else result.scores[rules.by].fillna("").loc[members["team_id"]].value_counts()
    )
    quotas = [
        quota(str(group), int(sizes[group]), rules.top_share, places[rows.index])
        for group, rows in table.groupby(groups)
    ]
    chosen = [member for one in quotas for member in one.chosen]
    return table.loc[chosen].assign(place=places[chosen] + 1).sort_values("place", kind="stable").reset_index(), quotas


def commended_units(result: Assessment) -> pd.DataFrame:
    """Units to be commended (支持单位): unit_id, name, teams, share of the points of unit support."""
    return unit_choice(result)[0]


def unit_choice(result: Assessment) -> tuple[pd.DataFrame, list[Quota]]:
    """Units to be commended, and the quota by which they were chosen."""
    rules = result.rubric.commendation and result.rubric.commendation.units
    units = (
        unit_shares(result, rules.dimension) if rules else unit_shares(result, result.rubric.dimensions[0].id).iloc[0:0]
    )
    if not rules or units.empty:
        return units, []
    able = units[[share >= rules.at_least for share in units["exact"]]]
    places = able.set_index("unit_id")["exact"].rank(ascending=False, method="min")
    found = quota("", len(units), rules.top_share, places)
    chosen = able[able["unit_id"].isin(found.chosen)]
    return chosen.sort_values(["exact", "unit_id"], ascending=[False, True]), [found]


def unit_shares(result: Assessment, dimension: str) -> pd.DataFrame:
    """Per unit the mean, over its teams, of points ÷ weight of a focal point."""
    points = result.points[result.points["dimension"] == dimension]
    sums = points.groupby("team_id")[["points", "weight"]].sum()
    teams = result.data.teams()[["unit_id", "unit_name"]].join(sums)
    teams = teams[teams["unit_id"].notna() & (teams["weight"] > 0)]
    records = []
    for unit, rows in teams.groupby("unit_id"):
        shares = [exact(round(p, 2)) / exact(round(w, 2)) for p, w in zip(rows["points"], rows["weight"])]
        mean = sum(shares, Fraction(0)) / len(shares)
        records.append(
            {
                "unit_id": unit,
                "unit_name": rows["unit_name"].iloc[0],
                "teams": list(rows.index),
                "exact": mean,
                "share": float(mean),
            }
        )
    return pd.DataFrame(records, columns=["unit_id", "unit_name", "teams", "exact", "share"])


def rectification(result: Assessment) -> pd.DataFrame:
    """Teams and units asked to rectify (限期整改): kind, id, name, why, indicators behind it, deadline.

    ``why`` is ("grade", grade id) or ("below", focal point, share, limit); ``indicators`` the ids
    that lost the most points, the first ``reasons`` of them.
    """
    rules, records = result.rubric.rectification, []
    columns = ["kind", "id", "name", "team_ids", "why", "indicators", "deadline"]
    if rules is None:
        return pd.DataFrame(columns=columns)
    deadline = f"{result.year + 1}-{rules.deadline}"
    names = result.data.teams()["name"]
    low = {
        rule.dimension: result.shares.index[result.shares[rule.dimension] < float(rule.share) + NEAR]
        for rule in rules.team_below
    }
    for team, row in result.scores.iterrows():
        why = [("grade", row["grade"], *row["vetoes"])] if row["grade"] in rules.team_grades else []
        if not why and not any(team in teams for teams in low.values()):
            continue
        mine = result.points_of(team).reset_index()
        for rule in rules.team_below:
            share = _share(mine[mine["dimension"] == rule.dimension])
            if share is not None and share < rule.share:
                why.append(("below", rule.dimension, float(share), float(rule.share)))
        if why:
            records.append(("team", team, names[team], [team], why, _worst(mine, rules.reasons), deadline))
    for rule in rules.unit_below:
        for unit in unit_shares(result, rule.dimension).itertuples():
            if unit.exact < rule.share:
                theirs = result.points[
                    result.points["team_id"].isin(unit.teams) & (result.points["dimension"] == rule.dimension)
                ]
                why = [("below", rule.dimension, unit.share, float(rule.share))]
                records.append(
                    ("unit", unit.unit_id, unit.unit_name, unit.teams, why, _worst(theirs, rules.reasons), deadline)
                )
    return pd.DataFrame(records, columns=columns)


def _worst(points: pd.DataFrame, count: int) -> list[str]:
    """The indicators that lost the most points, in order."""
    rows = points[points["status"] != HELD]
    lost = (rows["most"] - rows["points"]).round(6).groupby(rows["indicator"], sort=False).sum()
    lost = lost[lost > 0].sort_values(ascending=False, kind="stable")
    return list(lost.index[:count])


def _share(points: pd.DataFrame) -> Fraction | None:
    weight = exact(round(points["weight"].sum(), 2))
    return exact(round(points["points"].sum(), 2)) / weight if weight else None


def _group(scores: pd.DataFrame, by: str) -> pd.Series:
    return pd.Series("", index=scores.index) if by == "all" else scores[by].fillna("")
