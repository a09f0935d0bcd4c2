"""From figures to points: every team by itself, with what is known of its peers.

Points are whole numbers of rounding steps from the moment they are rounded, so every sum on a page
adds up. Reads from the top: `score_teams` is the pipeline, each step a function below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

import pandas as pd

from assess_lib.exact import round_half_up
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE, NOT_APPLICABLE
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.conditions import holds
from assess_lib.scoring.figures import Figures, PeerGroups, peer_of
from assess_lib.scoring.ranks import TIE
from assess_lib.scoring.weights import shared_out

HELD = "held"
Assumption = Literal["worst", "best"]
Statuses = dict[str, dict[str, tuple[str, str]]]
Raw = dict[str, dict[str, Fraction | None]]


@dataclass(frozen=True)
class Scored:
    """The points of some teams, before anything that needs all teams (ranks, quotas).

    ``scores`` as in ``Assessment`` without rank, review_state and grade, and with a column
    ``tie:<indicator>`` of steps for every tie-breaker that is an indicator; ``points`` as there.
    """

    scores: pd.DataFrame
    points: pd.DataFrame


def score_teams(
    rubric: Rubric, found: Figures, peers: PeerGroups, given: Mapping[tuple[str, str], Fraction] = MappingProxyType({})
) -> Scored:
    """Points, sub-totals and totals of teams.

    Parameters: ``found`` the figures of these teams, ``peers`` those of every peer group of all teams, ``given`` points
    at nominal weight that a reviewer set, by team and indicator.
    """
    weigh = _Weights(rubric)
    raw = _raw_points(rubric, found, peers, given)
    statuses = _without_reference(found.statuses, raw)
    points = _points(rubric, found.rows, statuses, raw, weigh)
    scores = _totals(rubric, points, found.teams.index)
    waiting = _waiting(rubric, statuses)
    for name, assumption in (("lowest", "worst"), ("highest", "best")):
        scores[name] = scores["total"]
        if waiting:
            rows = {team: found.rows[team] for team in waiting}
            assumed = _points(rubric, rows, *_assuming(rubric, rows, statuses, raw, assumption), weigh)
            scores.loc[waiting, name] = _totals(rubric, assumed, pd.Index(waiting))["total"]
    scores["provisional"] = _provisional(rubric, statuses, found)
    scores = scores.join(found.teams[["county", "area", "unit_type"]])
    for name in rubric.ranking.tie_breakers:
        if name not in scores:
            mine = points[points["indicator"] == name].set_index("team_id")["steps"]
            scores[TIE + name] = mine.reindex(scores.index)
    scores["vetoes"] = [_vetoes(rubric, found, team) for team in scores.index]
    return Scored(scores, _shown(rubric, points, found))


def _raw_points(rubric: Rubric, found: Figures, peers: PeerGroups, given: Mapping) -> Raw:
    """Exact points at nominal weight of the measured teams; None where the peers give no reference."""
    raw: Raw = {}
    for indicator in rubric.indicators():
        earned, parts, values = {}, found.parts[indicator.id], found.values[indicator.id]
        groups, known = peers.get(indicator.id, {}), {}
        for team, (status, _) in found.statuses[indicator.id].items():
            if status != MEASURED:
                continue
            row, value = found.rows[team], values[team]
            weight, score = indicator.for_team(row)
            if (team, indicator.id) in given:
                earned[team] = given[team, indicator.id]
            elif score.of_peers:
                earned[team] = score.points_among(value, weight, groups[peer_of(rubric, row)])
            elif score.kind == "checklist":
                earned[team] = score.points_for(parts.get(team, {}))
            elif getattr(score, "average_over", "team") == "parts" and team in parts:
                mine = parts[team].values()
                earned[team] = sum((_known(known, score, part, weight) for part in mine), Fraction(0)) / len(mine)
            else:
                earned[team] = _known(known, score, value, weight)
        raw[indicator.id] = earned
    return raw


def _known(known: dict, score, value: Fraction, weight: Fraction) -> Fraction:
    """The points of a value; many teams have the same one."""
    asked = (id(score), weight, value)
    if asked not in known:
        known[asked] = score.points(value, weight)
    return known[asked]


def _without_reference(statuses: Statuses, raw: Raw) -> Statuses:
    """Statuses in which a team whose peers give no reference is not applicable."""
    lost = (NOT_APPLICABLE, "no_reference")
    return {
        name: {team: lost if raw[name].get(team, 0) is None else status for team, status in found.items()}
        for name, found in statuses.items()
    }


def _points(rubric: Rubric, rows: dict, statuses: Statuses, raw: Raw, weigh: Callable) -> pd.DataFrame:
    """Rounded points in whole steps per team and indicator, with the rows of held groups."""
    records = []
    for team, row in rows.items():
        mine = {name: found[team] for name, found in statuses.items()}
        marks = weigh(row, mine)
        for dimension in rubric.dimensions:
            for group in dimension.groups:
                subtotal = 0
                for indicator in group.indicators:
                    mark, (status, reason) = marks[indicator.id], mine[indicator.id]
                    earned = raw[indicator.id].get(team, Fraction(0)) if status == MEASURED else Fraction(0)
                    steps = round_half_up(earned * mark.scale, rubric.step) if mark.counts and earned else 0
                    subtotal += steps
                    records.append(
                        (team, dimension.id, group.id, indicator.id, steps, mark.weight, mark.most, status, reason)
                    )
                if held := _held(group, subtotal, rubric.step):
                    records.append(
                        (team, dimension.id, group.id, f"{group.id}:{HELD}", held, Fraction(0), Fraction(0), HELD, HELD)
                    )
    columns = ["team_id", "dimension", "group", "indicator", "steps", "weight", "most", "status", "reason"]
    return pd.DataFrame.from_records(records, columns=columns)


@dataclass(frozen=True)
class _Mark:
    """What an indicator is worth to a team: weight after sharing out, its ratio to the nominal weight,
    the most that can be earned, and whether it counts at all."""

    weight: Fraction
    scale: Fraction
    most: Fraction
    counts: bool


class _Weights:
    """The marks of teams; found once for all teams to which the same indicators apply with the same rules."""

    def __init__(self, rubric: Rubric):
        self._rubric, self._indicators, self._found = rubric, list(rubric.indicators()), {}

    def __call__(self, row: dict, statuses: dict[str, tuple[str, str]]) -> dict[str, _Mark]:
        rules = [indicator.for_team(row) for indicator in self._indicators]
        counts = tuple(_counts(indicator, statuses[indicator.id][0]) for indicator in self._indicators)
        asked = (tuple((weight, id(score)) for weight, score in rules), counts)
        if asked not in self._found:
            self._found[asked] = self._marks(rules, counts)
        return self._found[asked]

    def _marks(self, rules: list, counts: tuple[bool, ...]) -> dict[str, _Mark]:
        weights = shared_out(self._rubric, [weight for weight, _ in rules], counts)
        marks = {}
        for indicator, (full, score), weight, does in zip(self._indicators, rules, weights, counts):
            scale = weight / full if full else Fraction(1)
            informal = full == 0 and indicator.score.kind not in ("add", "deduct")
            does = does and not informal
            marks[indicator.id] = _Mark(weight, scale, score.most(full) * scale if does else Fraction(0), does)
        return marks


def _counts(indicator: Indicator, status: str) -> bool:
    return status == MEASURED or (status == NO_EVIDENCE and indicator.missing != "exclude")


def _held(group, subtotal: int, step: Fraction) -> int:
    """What the cap or floor of a group adds or takes, in steps."""
    kept = subtotal
    if group.cap is not None:
        kept = min(kept, round_half_up(group.cap, step))
    if group.floor is not None:
        kept = max(kept, round_half_up(group.floor, step))
    return kept - subtotal


def _waiting(rubric: Rubric, statuses: Statuses) -> list[str]:
    """The teams for which evidence is missing."""
    lacking = {
        team: None
        for indicator in rubric.indicators()
        for team, (status, _) in statuses[indicator.id].items()
        if status == NO_EVIDENCE
    }
    return list(lacking)


def _assuming(rubric: Rubric, rows: dict, statuses: Statuses, raw: Raw, assumption: Assumption):
    """Statuses and points of some teams as if all missing evidence had come in, at its worst or best."""
    filled: Raw = {}
    supposed: Statuses = {}
    for indicator in rubric.indicators():
        filled[indicator.id] = {team: raw[indicator.id][team] for team in rows if team in raw[indicator.id]}
        supposed[indicator.id] = {team: statuses[indicator.id][team] for team in rows}
        for team, (status, _) in supposed[indicator.id].items():
            if status == NO_EVIDENCE:
                weight, score = indicator.for_team(rows[team])
                supposed[indicator.id][team] = (MEASURED, "")
                filled[indicator.id][team] = score.most(weight) if assumption == "best" else score.least(weight)
    return supposed, filled


def _totals(rubric: Rubric, points: pd.DataFrame, team_ids: pd.Index) -> pd.DataFrame:
    """Points per focal point and in total, per team."""
    table = points.pivot_table(index="team_id", columns="dimension", values="steps", aggfunc="sum", observed=True)
    table = table.reindex(index=team_ids, columns=[dimension.id for dimension in rubric.dimensions], fill_value=0)
    table = table.astype("int64").rename_axis(columns=None)
    table["total"] = table.sum(axis=1)
    return table * 1.0 if rubric.step == 1 else (table / int(1 / rubric.step))


def _provisional(rubric: Rubric, statuses: Statuses, found: Figures) -> list[bool]:
    """Whether evidence is awaited of a team, or rows of it could not be used."""
    waiting = [indicator.id for indicator in rubric.indicators() if indicator.missing == "provisional"]
    return [
        team in found.set_aside or any(statuses[name][team][0] == NO_EVIDENCE for name in waiting)
        for team in found.teams.index
    ]


def _vetoes(rubric: Rubric, found: Figures, team: str) -> tuple[str, ...]:
    if not rubric.veto:
        return ()
    measured = {name: values.get(team) for name, values in found.values.items()}
    return tuple(veto.id for veto in rubric.veto if holds(veto.when, found.rows[team], measured))


def _shown(rubric: Rubric, points: pd.DataFrame, found: Figures) -> pd.DataFrame:
    """The public table of points: measured numbers beside points and weights as decimals."""
    measured = pd.concat(found.numbers, names=["indicator"]).reset_index()
    table = points.merge(measured, on=["team_id", "indicator"], how="left")
    size = int(1 / rubric.step)
    table["points"] = table.pop("steps") / size
    table["weight"] = [float(weight) for weight in table["weight"]]
    table["most"] = [round_half_up(most, rubric.step) / size for most in table["most"]]
    unmeasured = table["status"] != MEASURED
    numbers = ["numerator", "denominator", "value"]
    table.loc[unmeasured & (table["reason"] == "condition"), numbers] = float("nan")
    return table[
        ["team_id", "dimension", "group", "indicator", *numbers, "points", "weight", "most", "status", "reason"]
    ]
