"""What people judged, put in the place of what was computed.

A value set by a reviewer goes in before peers are compared, points after; an indicator that does not apply gives
its weight to the others. A judgement holds while the figures and the rule it was made on are the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pandas as pd

from assess_lib.indicators.measurement import MEASURED, NOT_APPLICABLE
from assess_lib.ledger.entries import AdjustPoints, AdjustValue, Exclude
from assess_lib.ledger.state import Key, ReviewState, Ruling
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.conditions import holds
from assess_lib.scoring.figures import Figures, PeerGroups, peer_counts, peer_of, peers_from
from assess_lib.scoring.points import Scored, score_teams

REVIEWED = "reviewed"
IN_FORCE, STALE, AWAITING = "in_force", "stale", "awaiting"


@dataclass(frozen=True)
class Adjustments:
    """The judgements of a year on some teams, by what becomes of them.

    ``states`` says of each ruling whether it is in force, stale, or awaiting a second reviewer;
    the others hold what is put in the place of figures, of those in force.
    """

    states: dict[Key, str] = field(default_factory=dict)
    values: dict[Key, Fraction] = field(default_factory=dict)
    points: dict[Key, Fraction] = field(default_factory=dict)
    excluded: frozenset[Key] = frozenset()

    @property
    def touched(self) -> set[Key]:
        return {*self.values, *self.points, *self.excluded}


def basis_of(rubric: Rubric, found: Figures, team: str, indicator_id: str) -> str:
    """A digest of what a judgement on an indicator of a team is made on: its figures and its rule."""
    indicator = rubric.indicator(indicator_id)
    weight, score = indicator.for_team(found.rows[team])
    numbers, value = found.numbers[indicator_id].loc[team], found.values[indicator_id].get(team)
    parts = found.parts[indicator_id].get(team, {})
    told = [
        indicator.model_dump(mode="json", include={"measure", "options", "when", "missing"}),
        score.model_dump(mode="json"),
        str(weight),
        *(None if pd.isna(numbers[name]) else repr(float(numbers[name])) for name in ("numerator", "denominator")),
        None if value is None or value != value else str(value),
        *found.statuses[indicator_id][team],
        sorted((str(part), str(number)) for part, number in parts.items()),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def adjustments_in_force(rubric: Rubric, found: Figures, review_state: ReviewState) -> Adjustments:
    """What becomes of the judgements on teams that there are, on what is computed now."""
    rows = found.rows
    return sorted_out(
        rubric,
        {key: r for key, r in review_state.rulings.items() if key[0] in rows},
        rows,
        lambda key: basis_of(rubric, found, *key),
    )


def sorted_out(rubric: Rubric, rulings: Mapping[Key, Ruling], rows: Mapping[str, dict], basis) -> Adjustments:
    """The same, from what tells the basis of a team and indicator."""
    known = {indicator.id: indicator for indicator in rubric.indicators()}
    states, values, points, excluded = {}, {}, {}, set()
    for (team, name), ruling in rulings.items():
        entry = ruling.entry
        if name not in known or entry.seen.basis != basis((team, name)):
            states[team, name] = STALE
        elif ruling.awaits_second:
            states[team, name] = AWAITING
        else:
            states[team, name] = IN_FORCE
            if isinstance(entry, AdjustValue):
                values[team, name] = entry.becomes
            elif isinstance(entry, Exclude):
                excluded.add((team, name))
            elif isinstance(entry, AdjustPoints):
                full, seen = known[name].for_team(rows[team])[0], entry.seen.weight
                points[team, name] = entry.becomes * full / seen if full and seen else entry.becomes
    return Adjustments(states, values, points, frozenset(excluded))


def replaced(rubric: Rubric, found: Figures, adjustments: Adjustments) -> Figures:
    """The figures with what people put in their place; points set by people count as measured."""
    if not adjustments.touched:
        return found
    values, statuses = dict(found.values), dict(found.statuses)
    numbers, parts = dict(found.numbers), dict(found.parts)
    for name in {indicator for _, indicator in adjustments.touched}:
        values[name], statuses[name], parts[name] = dict(values[name]), dict(statuses[name]), dict(parts[name])
        numbers[name] = numbers[name].copy()
    for team, name in adjustments.excluded:
        statuses[name][team] = (NOT_APPLICABLE, REVIEWED)
        values[name][team] = None
    for (team, name), value in adjustments.values.items():
        values[name][team], statuses[name][team] = value, (MEASURED, REVIEWED)
        parts[name].pop(team, None)
        numbers[name].loc[team] = [float("nan"), float("nan"), float(value)]
    for team, name in adjustments.points:
        statuses[name][team] = (MEASURED, REVIEWED)
    _conditions(rubric, found, adjustments, values, statuses)
    return replace(found, values=values, statuses=statuses, numbers=numbers, parts=parts)


def _conditions(rubric: Rubric, found: Figures, adjustments: Adjustments, values: dict, statuses: dict) -> None:
    """Decide again whom an indicator applies to where that asks for a value that a reviewer set."""
    changed = {(team, name) for team, name in {*adjustments.values, *adjustments.excluded}}
    for indicator in rubric.indicators():
        asked = set(indicator.when.indicator_ids()) if indicator.when else set()
        for team in {
            team for team, name in changed if name in asked and (team, indicator.id) not in adjustments.touched
        }:
            status = statuses[indicator.id][team]
            if not holds(indicator.when, found.rows[team], {name: of.get(team) for name, of in values.items()}):
                status = (NOT_APPLICABLE, "condition")
            elif status[1] == "condition":
                known = values[indicator.id].get(team) is not None
                status = (MEASURED, "") if known else (NOT_APPLICABLE, NOT_APPLICABLE)
            if status != statuses[indicator.id][team]:
                statuses[indicator.id] = {**statuses[indicator.id], team: status}


def among_peers(adjustments: Adjustments) -> Adjustments:
    """What of the judgements changes the values that peers are compared with: not points."""
    return replace(adjustments, points={})


def rescored(rubric: Rubric, found: Figures, peers: PeerGroups, before: Scored, adjustments: Adjustments) -> Scored:
    """The points of all teams with what people judged; only teams that it touches are scored again.

    Parameters: ``found``, ``peers`` and ``before`` as computed.
    """
    if not adjustments.touched:
        return before
    compared = {i.id for i in rubric.indicators() if i.of_peers} & {
        name for _, name in {*adjustments.values, *adjustments.excluded}
    }
    now = replaced(rubric, found, adjustments)
    teams = {team for team, _ in adjustments.touched}
    if compared:
        peers = peers_from([peer_counts(rubric, replaced(rubric, found, among_peers(adjustments)))])
        groups = {peer_of(rubric, found.rows[team]) for team, name in adjustments.touched if name in compared}
        teams |= {team for team, row in found.rows.items() if peer_of(rubric, row) in groups}
    again = score_teams(rubric, of_teams(now, teams), peers, adjustments.points)
    return Scored(
        *(_merged(old, new, teams) for old, new in ((before.scores, again.scores), (before.points, again.points)))
    )


def of_teams(found: Figures, teams: Collection[str]) -> Figures:
    """The figures of some teams, in the order of all."""
    chosen = [team for team in found.teams.index if team in teams]

    def only(of: dict[str, dict]) -> dict[str, dict]:
        return {name: {team: by_team[team] for team in chosen if team in by_team} for name, by_team in of.items()}

    return Figures(
        found.teams.loc[chosen],
        only(found.values),
        only(found.statuses),
        {name: table.loc[table.index.isin(chosen)] for name, table in found.numbers.items()},
        only(found.parts),
        found.set_aside & set(chosen),
    )


def _merged(old: pd.DataFrame, new: pd.DataFrame, teams: Collection[str]) -> pd.DataFrame:
    """A table in which the rows of some teams are exchanged, the order of teams as before."""
    if old.index.name == "team_id":
        return pd.concat([old[~old.index.isin(teams)], new]).reindex(old.index).astype(old.dtypes.to_dict())
    rest, order = old[~old["team_id"].isin(teams)], {team: n for n, team in enumerate(old["team_id"].unique())}
    both = pd.concat([rest, new], ignore_index=True)
    return both.iloc[both["team_id"].map(order).argsort(kind="stable")].reset_index(drop=True)
