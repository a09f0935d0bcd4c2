"""After the points (三.5): the three commendation lists and the rectification list."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.rules.kinds.base import Mask
from assess_lib.rules.rubric import Below, Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.engine import Points
from assess_lib.scoring.figures import Places
from assess_lib.scoring.quotas import Quota, quota
from assess_lib.scoring.weights import Steps


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
    """Each group with its number of places for commendation, the teams chosen, and those that a tie leaves out."""
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
    """Per unit the mean, over its teams, of points ÷ weight of a focal point.

    Columns: unit_id, unit_name, teams (ids), exact (a fraction), share (the same as a float).
    """
    teams, column = result.figures.teams, _column(result.rubric, dimension)
    earned = result.in_steps.by_dimension(result.rubric)[:, column]
    whole = result.in_steps.weight_by_dimension(result.rubric)[:, column]
    counted = teams[teams["unit_id"].notna() & (whole > 0)]
    means = mean_shares(teams["unit_id"], earned, whole)
    records = [
        (unit, rows["unit_name"].iloc[0], list(rows.index), means[unit], float(means[unit]))
        for unit, rows in counted.groupby("unit_id")
    ]
    return pd.DataFrame(records, columns=["unit_id", "unit_name", "teams", "exact", "share"])


def mean_shares(units: pd.Series, earned: Steps, whole: Steps) -> dict[str, Fraction]:
    """The mean share of points of the teams of every unit.

    Parameters: ``units`` the unit of each team, blank for none; ``earned`` points and ``whole`` weight of a focal point in
    steps; all of shape (teams,). A team without weight does not count.
    """
    sums: dict[str, list[Fraction]] = {}
    there = units.notna().to_numpy() & (whole > 0)
    for unit, top, below in zip(units[there], earned[there].tolist(), whole[there].tolist()):
        sums.setdefault(unit, []).append(Fraction(top, below))
    return {unit: sum(shares, Fraction(0)) / len(shares) for unit, shares in sums.items()}


def below_share(rule: Below, rubric: Rubric, points: Points) -> Mask:
    """True for teams that earned less than a share of a focal point, shape (teams,)."""
    column = _column(rubric, rule.dimension)
    earned, whole = points.by_dimension(rubric)[:, column], points.weight_by_dimension(rubric)[:, column]
    low: Mask = (whole > 0) & (earned * rule.share.denominator < whole * rule.share.numerator)
    return low


def rectified(rubric: Rubric, points: Points, grades: pd.Series, units: pd.Series) -> tuple[list[str], list[str]]:
    """The ids of the teams and of the units asked to rectify.

    Parameters: ``grades`` and ``units`` of every team, shape (teams,), in the order of ``points``.
    """
    rules = rubric.rectification
    if rules is None:
        return [], []
    low = grades.isin(rules.team_grades).to_numpy(dtype=bool)
    for rule in rules.team_below:
        low = low | below_share(rule, rubric, points)
    below: set[str] = set()
    for rule in rules.unit_below:
        column = _column(rubric, rule.dimension)
        earned, whole = points.by_dimension(rubric)[:, column], points.weight_by_dimension(rubric)[:, column]
        below |= {unit for unit, mean in mean_shares(units, earned, whole).items() if mean < rule.share}
    return list(points.teams[low]), sorted(below)


def rectification(result: Assessment) -> pd.DataFrame:
    """Teams and units asked to rectify (限期整改): kind, id, name, team_ids, why, indicators behind it, deadline.

    ``why`` is ("grade", grade id, *vetoes) or ("below", focal point, share, limit); ``indicators`` the ids
    that lost the most points, the first ``reasons`` of them.
    """
    rubric, points, records = result.rubric, result.in_steps, []
    rules = rubric.rectification
    columns = ["kind", "id", "name", "team_ids", "why", "indicators", "deadline"]
    if rules is None:
        return pd.DataFrame(columns=columns)
    deadline = f"{result.year + 1}-{rules.deadline}"
    names, units = result.figures.teams["name"], result.figures.teams["unit_id"]
    earned, whole = points.by_dimension(rubric), points.weight_by_dimension(rubric)
    low = [(rule, _column(rubric, rule.dimension), below_share(rule, rubric, points)) for rule in rules.team_below]
    why: list[tuple[Any, ...]]
    for team in rectified(rubric, points, result.scores["grade"], units)[0]:
        place, score = points.teams.get_loc(team), result.scores.loc[team]
        why = [("grade", score["grade"], *score["vetoes"])] if score["grade"] in rules.team_grades else []
        for rule, column, below in low:
            if below[place]:
                share = Fraction(int(earned[place, column]), int(whole[place, column]))
                why.append(("below", rule.dimension, float(share), float(rule.share)))
        lost = _worst(result, np.array([place]), slice(None), rules.reasons)
        records.append(("team", team, names[team], [team], why, lost, deadline))
    for rule in rules.unit_below:
        columns_of = _columns(rubric, rule.dimension)
        for unit in unit_shares(result, rule.dimension).itertuples():
            if unit.exact < rule.share:
                lost = _worst(result, points.teams.get_indexer(unit.teams), columns_of, rules.reasons)
                why = [("below", rule.dimension, unit.share, float(rule.share))]
                records.append(("unit", unit.unit_id, unit.unit_name, unit.teams, why, lost, deadline))
    return pd.DataFrame(records, columns=columns)


def _worst(result: Assessment, teams: Places, columns: slice, count: int) -> list[str]:
    """The indicators that lost the most points, in order; a bonus that was not earned is no loss.

    Parameters: places of teams, columns of indicators.
    """
    points, names = result.in_steps, result.figures.indicators[columns]
    lost = (np.minimum(points.most, points.weight) - points.steps)[teams][:, columns].sum(axis=0)
    return [names[place] for place in np.argsort(-lost, kind="stable")[:count] if lost[place] > 0]


def _column(rubric: Rubric, dimension: str) -> int:
    return [d.id for d in rubric.dimensions].index(dimension)


def _columns(rubric: Rubric, dimension: str) -> slice:
    """The columns of the indicators of a focal point."""
    sizes = [len(list(d.indicators())) for d in rubric.dimensions]
    column = _column(rubric, dimension)
    return slice(sum(sizes[:column]), sum(sizes[: column + 1]))


def _group(scores: pd.DataFrame, by: str) -> pd.Series:
    return pd.Series("", index=scores.index) if by == "all" else scores[by].fillna("")
