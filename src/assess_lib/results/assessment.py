"""All teams of a year: measurements → points → sub-totals → total → rank → grade.

Reads from the top: `assess` is the pipeline, each step a function below it. Points are whole
numbers of rounding steps from the moment they are rounded, so every sum on a page adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import pandas as pd

from assess_lib.exact import exact, round_half_up
from assess_lib.faults import UnusableInput
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE, NOT_APPLICABLE, Measurement
from assess_lib.indicators.registry import registered
from assess_lib.results.conditions import holds
from assess_lib.results.entered import entered_faults, entered_measurement
from assess_lib.results.ranking import graded, ranked
from assess_lib.results.weights import shared_out
from assess_lib.rules.points import PeerValues
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.tables.dataset import YearData

HELD = "held"
Assumption = Literal["worst", "best"]


@dataclass(frozen=True)
class Assessment:
    """The assessment of all teams of a year.

    Attributes
    ----------
    scores : one row per team (index team_id): a column of points per focal point, total, rank,
        grade, provisional, standing (rank among all), vetoes (ids), lowest and highest (the totals that missing evidence
        leaves open), and the peer groups county, area, unit_type.
    points : one row per team and indicator: numerator, denominator, value, points, weight, most
        (points within reach), status, reason. Where a group is held by its cap or floor, a further
        row ``<group>:held`` carries the difference, so that the rows of a team add up to its total.
    measurements : by indicator id.
    """

    year: int
    rubric: Rubric
    data: YearData
    scores: pd.DataFrame
    points: pd.DataFrame
    measurements: dict[str, Measurement]

    def peers(self, team_id: str) -> pd.Index:
        """The teams of the peer group of a team, itself included."""
        return self.scores.index[self._group_of == self._group_of[team_id]]

    def points_of(self, team_id: str) -> pd.DataFrame:
        """The rows of one team, indexed by indicator."""
        return self.points.iloc[self._rows_of.get(team_id, [])].set_index("indicator")

    def peer_medians(self, team_id: str) -> pd.Series:
        """The median points of the peers of a team, per indicator."""
        return self._medians.loc[self._group_of[team_id]]

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Points ÷ weight of every focal point (columns) and team (index); blank where the weight is 0."""
        sums = self.points.groupby(["team_id", "dimension"])[["points", "weight"]].sum()
        return (sums["points"] / sums["weight"].where(sums["weight"] > 0)).unstack()

    @cached_property
    def _rows_of(self) -> dict:
        return self.points.groupby("team_id").indices

    @cached_property
    def _group_of(self) -> pd.Series:
        """The peer group of every team, by one word each."""
        if self.rubric.peer_group == "all":
            return pd.Series("", index=self.scores.index)
        return self.scores[self.rubric.peer_group].fillna("")

    @cached_property
    def _medians(self) -> pd.DataFrame:
        groups = self._group_of.reindex(self.points["team_id"]).to_numpy()
        return self.points.groupby([groups, "indicator"])["points"].median().unstack()


def assess(rubric: Rubric, data: YearData) -> Assessment:
    """Assess all teams of a year by a rubric.

    Raises UnusableInput when typed-in values do not fit the rubric.
    """
    if faults := entered_faults(rubric, data, "entered_values"):
        raise UnusableInput(faults)
    teams = data.teams().assign(team_id=data.team_ids)
    rows = teams.to_dict("index")
    measurements = measure_all(rubric, data)
    values = {name: dict(zip(found.teams.index, found.teams["exact"])) for name, found in measurements.items()}
    statuses = _statuses(rubric, rows, measurements, values)
    raw = _raw_points(rubric, rows, measurements, values, statuses)
    statuses = _without_reference(statuses, raw)
    points = _points(rubric, rows, statuses, raw)
    scores = _totals(rubric, points, data.team_ids)
    for name, assumption in (("lowest", "worst"), ("highest", "best")):
        assumed = _points(rubric, rows, *_assuming(rubric, rows, statuses, raw, assumption))
        scores[name] = _totals(rubric, assumed, data.team_ids)["total"]
    scores["provisional"] = _provisional(rubric, statuses, data.team_ids)
    scores = scores.join(teams[["county", "area", "unit_type"]])
    scores["rank"] = ranked(rubric, scores, points, rubric.ranking.by)
    scores["standing"] = ranked(rubric, scores, points, "all")
    scores["vetoes"] = [_vetoes(rubric, rows[team], values, team) for team in scores.index]
    scores["grade"] = graded(rubric, scores)
    return Assessment(data.year, rubric, data, scores, _shown(rubric, points, measurements), measurements)


def measure_all(rubric: Rubric, data: YearData) -> dict[str, Measurement]:
    """Every indicator of the rubric, measured for all teams."""
    known, found = registered(), {}
    for indicator in rubric.indicators():
        if indicator.entered:
            found[indicator.id] = entered_measurement(indicator, data)
        else:
            found[indicator.id] = known[indicator.measure](data, **indicator.options)
    return found


def tables_needed(rubric: Rubric) -> set[str]:
    """The tables without which a rubric cannot be applied."""
    known, needed = registered(), {"teams"}
    for indicator in rubric.indicators():
        if not indicator.entered:
            needed |= {"units", "villages", *known[indicator.measure].evidence}
        elif indicator.weight > 0:
            needed.add("entered_values")
    return needed


def _statuses(rubric, rows, measurements, values) -> dict[str, dict[str, tuple[str, str]]]:
    """Status and its reason per indicator and team; what a condition leaves out is not applicable."""
    statuses = {}
    for indicator in rubric.indicators():
        measured = measurements[indicator.id].teams["status"]
        statuses[indicator.id] = {}
        for team, status in measured.items():
            asked = {name: found.get(team) for name, found in values.items()} if indicator.when else {}
            if indicator.when and not holds(indicator.when, rows[team], asked):
                statuses[indicator.id][team] = (NOT_APPLICABLE, "condition")
            else:
                statuses[indicator.id][team] = (status, "" if status == MEASURED else status)
    return statuses


def _raw_points(rubric, rows, measurements, values, statuses) -> dict[str, dict[str, Fraction]]:
    """Exact points at nominal weight of the measured teams; None where the peers give no reference."""
    raw: dict[str, dict[str, Fraction | None]] = {}
    for indicator in rubric.indicators():
        measured = [team for team, (status, _) in statuses[indicator.id].items() if status == MEASURED]
        parts = _parts_by_team(measurements[indicator.id])
        groups: dict = {}
        for team in measured:
            groups.setdefault(_peer_of(rubric, rows[team]), []).append(values[indicator.id][team])
        raw[indicator.id] = {}
        groups = {group: PeerValues(found) for group, found in groups.items()}
        for team in measured:
            weight, score = indicator.for_team(rows[team])
            peers = groups[_peer_of(rubric, rows[team])]
            raw[indicator.id][team] = _earned(score, weight, values[indicator.id][team], parts.get(team, {}), peers)
    return raw


def _without_reference(statuses, raw):
    """Statuses in which a team whose peers give no reference is not applicable."""
    lost = (NOT_APPLICABLE, "no_reference")
    return {
        name: {team: lost if raw[name].get(team, 0) is None else status for team, status in found.items()}
        for name, found in statuses.items()
    }


def _earned(score, weight, value, parts, peers) -> Fraction | None:
    if score.of_peers:
        return score.points_among(value, weight, peers)
    if score.kind == "checklist":
        return score.points_for(parts)
    if getattr(score, "average_over", "team") == "parts" and parts:
        return sum((score.points(part, weight) for part in parts.values()), Fraction(0)) / len(parts)
    return score.points(value, weight)


def _points(rubric, rows, statuses, raw) -> pd.DataFrame:
    """Rounded points in whole steps per team and indicator, with the rows of held groups."""
    indicators = list(rubric.indicators())
    shared: dict[tuple, list[Fraction]] = {}
    records = []
    for team, row in rows.items():
        nominal = tuple(indicator.for_team(row)[0] for indicator in indicators)
        counts = tuple(_counts(indicator, statuses[indicator.id][team][0]) for indicator in indicators)
        weights = shared.setdefault((nominal, counts), None) or shared_out(rubric, nominal, counts)
        shared[nominal, counts] = weights
        place = 0
        for dimension in rubric.dimensions:
            for group in dimension.groups:
                subtotal = 0
                for indicator in group.indicators:
                    weight, full = weights[place], nominal[place]
                    status, reason = statuses[indicator.id][team]
                    scale = weight / full if full else Fraction(1)
                    earned = raw[indicator.id].get(team, Fraction(0)) if status == MEASURED else Fraction(0)
                    steps = round_half_up(earned * scale, rubric.step) if counts[place] else 0
                    most = indicator.for_team(row)[1].most(full) * scale if counts[place] else Fraction(0)
                    informal = full == 0 and indicator.score.kind not in ("add", "deduct")
                    steps, most = (0, Fraction(0)) if informal else (steps, most)
                    subtotal += steps
                    records.append((team, dimension.id, group.id, indicator.id, steps, weight, most, status, reason))
                    place += 1
                held = _held(group, subtotal, rubric.step)
                if held:
                    records.append(
                        (team, dimension.id, group.id, f"{group.id}:{HELD}", held, Fraction(0), Fraction(0), HELD, HELD)
                    )
    columns = ["team_id", "dimension", "group", "indicator", "steps", "weight", "most", "status", "reason"]
    return pd.DataFrame.from_records(records, columns=columns)


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


def _assuming(rubric, rows, statuses, raw, assumption: Assumption):
    """Statuses and points as if all missing evidence had come in, at its worst or best."""
    filled = {name: dict(found) for name, found in raw.items()}
    supposed = {name: dict(found) for name, found in statuses.items()}
    for indicator in rubric.indicators():
        for team, (status, _) in statuses[indicator.id].items():
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


def _provisional(rubric: Rubric, statuses, team_ids: pd.Index) -> list[bool]:
    waiting = [indicator.id for indicator in rubric.indicators() if indicator.missing == "provisional"]
    return [any(statuses[name][team][0] == NO_EVIDENCE for name in waiting) for team in team_ids]


def _vetoes(rubric: Rubric, row: dict, values, team: str) -> tuple[str, ...]:
    measured = {name: found.get(team) for name, found in values.items()}
    return tuple(veto.id for veto in rubric.veto if holds(veto.when, row, measured))


def _shown(rubric: Rubric, points: pd.DataFrame, measurements: dict[str, Measurement]) -> pd.DataFrame:
    """The public table of points: measured numbers beside points and weights as decimals."""
    measured = pd.concat(
        {name: found.teams[["numerator", "denominator", "value"]] for name, found in measurements.items()},
        names=["indicator"],
    ).reset_index()
    table = points.merge(measured, on=["team_id", "indicator"], how="left")
    size = int(1 / rubric.step)
    table["points"] = table.pop("steps") / size
    table["weight"] = [float(weight) for weight in table["weight"]]
    table["most"] = [round_half_up(most, rubric.step) / size for most in table["most"]]
    unmeasured = table["status"] != MEASURED
    table.loc[unmeasured & (table["reason"] == "condition"), ["numerator", "denominator", "value"]] = float("nan")
    order = [
        "team_id",
        "dimension",
        "group",
        "indicator",
        "numerator",
        "denominator",
        "value",
        "points",
        "weight",
        "most",
        "status",
        "reason",
    ]
    return table[order]


def _parts_by_team(found: Measurement) -> dict[str, dict[str, Fraction]]:
    parts: dict[str, dict[str, Fraction]] = {}
    if found.parts is not None:
        for team, part, value in zip(found.parts["team_id"], found.parts["part"], found.parts["exact"]):
            parts.setdefault(team, {})[part] = exact(value)
    return parts


def _peer_of(rubric: Rubric, row: dict):
    if rubric.peer_group == "all":
        return None
    mine = row[rubric.peer_group]
    return None if pd.isna(mine) else mine
