"""After the points (三.5): the three commendation lists and the rectification list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.rules.consequences import Below
from assess_lib.rules.kinds.base import Mask
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.engine import Points
from assess_lib.scoring.figures import Places
from assess_lib.scoring.quotas import Quota, quota
from assess_lib.scoring.weights import Steps

NEAR = 1e-9  # shares that are no further apart are compared as fractions


def commended_teams(result: Assessment) -> pd.DataFrame:
    """Teams to be commended (工作队): grade, place in its group, points. Clause 三.5.

    Within each group of ``commendation.teams.by`` the best ``top_share`` of all teams, of those
    that have one of the grades and need not rectify. A share that falls inside a tie leaves the tied teams out.
    """
    chosen = result.once("commended", lambda: commended(result.rubric, result.scores, _rectified(result)[0]))
    return result.scores.loc[chosen].sort_values(["overall_rank", "total"], kind="stable")


def commended(rubric: Rubric, every: pd.DataFrame, low: Collection[str]) -> list[str]:
    """The ids of teams to be commended. Parameters: ``every`` the scores of all teams, ``low`` the teams that must rectify."""
    return [team for quota in team_quotas(rubric, every, low) for team in quota.chosen]


def quotas_of_teams(result: Assessment) -> list[Quota]:
    """Each group with its number of places for commendation, the teams chosen, and those that a tie leaves out."""
    return team_quotas(result.rubric, result.scores, _rectified(result)[0])


def team_quotas(rubric: Rubric, every: pd.DataFrame, low: Collection[str]) -> list[Quota]:
    """The same from the scores of all teams and the ids of those that must rectify."""
    rules, found = rubric.commendation, []
    if rules is None:
        return []
    able = (~every["provisional"] & ~every.index.isin(list(low)) & every["grade"].isin(rules.teams.grades)).to_numpy()
    for name, places in every.groupby(_group(every, rules.teams.by)).indices.items():
        candidates = every["overall_rank"].iloc[places[able[places]]]
        found.append(quota(str(name), len(places), rules.teams.top_share, candidates))
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
        table = table[
            np.array([exact(value) >= least for value in table[name]], dtype=bool)
        ]  # also where nobody is left
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
    low = set(_rectified(result)[1])
    able = units[[one.exact >= rules.at_least and one.unit_id not in low for one in units.itertuples()]]
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
    ids, names = list(counted.index), counted["unit_name"].tolist()
    records = [
        (unit, names[places[0]], [ids[place] for place in places], means[unit], float(means[unit]))
        for unit, places in sorted(counted.groupby("unit_id").indices.items())
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


def _units_below(units: pd.Series, earned: Steps, whole: Steps, share: Fraction) -> set[str]:
    """The units whose teams have a mean share below another; fractions decide where floats are near it.

    Parameters: as for ``mean_shares``.
    """
    there = units.notna().to_numpy() & (whole > 0)
    code, names = pd.factorize(units[there])
    means = np.bincount(code, earned[there] / whole[there]) / np.bincount(code)
    near = np.abs(means - float(share)) < NEAR
    some = there.copy()
    some[there] = near[code]
    exactly = mean_shares(units.where(some), earned, whole) if near.any() else {}
    return {*names[(means < float(share)) & ~near], *(unit for unit, mean in exactly.items() if mean < share)}


def rectified(rubric: Rubric, points: Points, scores: pd.DataFrame, units: pd.Series) -> tuple[list[str], list[str]]:
    """The ids of the teams and of the units asked to rectify (clause 三.5).

    Parameters: ``scores`` (grade and vetoes) and ``units`` of every team, shape (teams,), in the order of ``points``.
    """
    rules = rubric.rectification
    if rules is None:
        return [], []
    low = scores["grade"].isin(rules.team_grades).to_numpy(dtype=bool)
    low = low | np.array([bool(_among(vetoes, rules.team_vetoes)) for vetoes in scores["vetoes"]], dtype=bool)
    for rule in rules.team_below:
        low = low | below_share(rule, rubric, points)
    below = {unit for unit, vetoes in zip(units, scores["vetoes"]) if _among(vetoes, rules.unit_vetoes)}
    below = {unit for unit in below if not pd.isna(unit)}
    for rule in rules.unit_below:
        column = _column(rubric, rule.dimension)
        earned, whole = points.by_dimension(rubric)[:, column], points.weight_by_dimension(rubric)[:, column]
        below |= _units_below(units, earned, whole, rule.share)
    return list(points.teams[low]), sorted(below)


def rectification(result: Assessment, team: str | None = None) -> pd.DataFrame:
    """Teams and units asked to rectify (限期整改): kind, id, name, team_ids, why, indicators behind it, deadline.

    ``why`` is ("grade", grade id, *vetoes that set it), ("below", focal point, share, limit) or ("veto", veto id);
    ``indicators`` the ids whose minimum was not reached, then those that lost the most points, ``reasons`` of them.
    Parameters: ``team`` the only team whose row is wanted, with that of its unit.
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
    limits, vetoes_of = {veto.id: veto.limit for veto in rubric.veto}, result.scores["vetoes"]
    why: list[tuple[Any, ...]]
    teams, low_units = _rectified(result)
    if team is not None:
        teams, low_units = [each for each in teams if each == team], [each for each in low_units if each == units[team]]
    for name in teams:
        place, score = points.teams.get_loc(name), result.scores.loc[name]
        setting = [veto for veto in score["vetoes"] if limits[veto] == score["grade"]]
        why = [("grade", score["grade"], *setting)] if score["grade"] in rules.team_grades else []
        told = setting if why else []
        for rule, column, below in low:
            if below[place]:
                share = Fraction(int(earned[place, column]), int(whole[place, column]))
                why.append(("below", rule.dimension, float(share), float(rule.share)))
        vetoes = _among(score["vetoes"], rules.team_vetoes)
        why += [("veto", veto) for veto in vetoes if veto not in told]
        lost = _to_change(result, np.array([place]), slice(None), vetoes)
        records.append(("team", name, names[name], [name], why, lost, deadline))
    asked_of = rules.unit_below if low_units else ()
    shares = {rule.dimension: unit_shares(result, rule.dimension).set_index("unit_id") for rule in asked_of}
    unit_names = result.figures.teams.drop_duplicates("unit_id").set_index("unit_id")["unit_name"]
    for unit in low_units:
        sent = list(units.index[units == unit])
        exact = [(rule, shares[rule.dimension]["exact"].get(unit)) for rule in rules.unit_below]
        missed = [(rule, found) for rule, found in exact if found is not None and found < rule.share]
        why = [("below", rule.dimension, float(found), float(rule.share)) for rule, found in missed]
        vetoes = [veto for team in sent for veto in _among(vetoes_of[team], rules.unit_vetoes)]
        why += [("veto", veto) for veto in dict.fromkeys(vetoes)]
        asked = [rule.dimension for rule, _ in missed] or [rule.dimension for rule in rules.unit_below]
        lost = _to_change(result, points.teams.get_indexer(sent), _columns(rubric, asked), vetoes)
        records.append(("unit", unit, unit_names[unit], sent, why, lost, deadline))
    return pd.DataFrame(records, columns=columns)


def units_to_rectify(result: Assessment) -> list[str]:
    """The ids of the units that must rectify."""
    return _rectified(result)[1]


def _rectified(result: Assessment) -> tuple[list[str], list[str]]:
    make = lambda: rectified(result.rubric, result.in_steps, result.scores, result.figures.teams["unit_id"])
    return result.once("rectified", make)


def _among(vetoes: Sequence[str], asked: Sequence[str]) -> list[str]:
    """The vetoes of a team that are among those asked for, in their order."""
    return [veto for veto in asked if veto in vetoes]


def _to_change(result: Assessment, teams: Places, columns: slice | list[int], vetoes: Sequence[str]) -> list[str]:
    """The indicators to be changed: those whose minimum was not reached, then those that lost the most points.

    Parameters: places of teams, columns of indicators, the vetoes that ask for it.
    """
    rules = result.rubric.rectification
    least = [v.minimum.indicator for v in result.rubric.veto if v.minimum and v.id in vetoes]
    count = rules.reasons if rules else 0
    return list(dict.fromkeys([*least, *_worst(result, teams, columns, count)]))[:count]


def _worst(result: Assessment, teams: Places, columns: slice | list[int], count: int) -> list[str]:
    """The indicators that lost the most points, in order; a bonus that was not earned is no loss.

    Parameters: places of teams, columns of indicators.
    """
    points, names = result.in_steps, np.array(result.figures.indicators, dtype=object)[columns]
    lost = (np.minimum(points.most, points.weight) - points.steps)[teams][:, columns].sum(axis=0)
    return [str(names[place]) for place in np.argsort(-lost, kind="stable")[:count] if lost[place] > 0]


def _column(rubric: Rubric, dimension: str) -> int:
    return [d.id for d in rubric.dimensions].index(dimension)


def _columns(rubric: Rubric, dimensions: Sequence[str]) -> slice | list[int]:
    """The columns of the indicators of focal points; all where none is named."""
    owners = [d.id for d in rubric.dimensions for _ in d.indicators()]
    return [n for n, owner in enumerate(owners) if owner in dimensions] if dimensions else slice(None)


def _group(scores: pd.DataFrame, by: str) -> pd.Series:
    return pd.Series("", index=scores.index) if by == "all" else scores[by].fillna("")
