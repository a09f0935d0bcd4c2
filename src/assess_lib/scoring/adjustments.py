"""The judgements of people, put in the place of what was computed.

A value set by a reviewer goes in before peers are compared, points after; an indicator that does not apply gives
its weight to the others. A judgement holds while the figures and the rule it was made on are the same.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from assess_lib.ledger.entries import AdjustPoints, AdjustValue, Confirm, Exclude
from assess_lib.ledger.state import Key, ReviewState, Ruling
from assess_lib.rules.rubric import Rubric
from assess_lib.scoring.conditions import holding, with_conditions
from assess_lib.scoring.figures import (
    CODE_OF,
    MEASURED,
    NO_EVIDENCE,
    NOT_APPLICABLE,
    PLAIN_REASON,
    REASONS,
    STATUSES,
    Figures,
    Places,
    Reason,
    peer_groups,
)
from assess_lib.scoring.goals import leave_out_what_is_not_due

IN_FORCE, STALE, AWAITING = "in_force", "stale", "awaiting"


@dataclass(frozen=True)
class Adjustments:
    """The judgements of a year on some teams, by what becomes of them.

    ``states`` is, for each ruling, in force, stale, or awaiting a second reviewer;
    the others hold what is put in the place of figures, of those in force.
    """

    states: dict[Key, str] = field(default_factory=dict)
    values: dict[Key, Fraction] = field(default_factory=dict)
    points: dict[Key, Fraction] = field(default_factory=dict)
    excluded: frozenset[Key] = frozenset()
    settled: frozenset[Key] = frozenset()  # questioned, and confirmed as computed

    @property
    def touched(self) -> set[Key]:
        return {*self.values, *self.points, *self.excluded, *self.settled}


def basis_of(rubric: Rubric, found: Figures, team: str, indicator_id: str) -> str:
    """A digest of what a judgement on an indicator of a team is made on: its figures and its rule."""
    indicator, at = rubric.indicator(indicator_id), found.at(team, indicator_id)
    weight, score = indicator.for_team(found.rows[team])
    value, numbers = found.exact[at], (float(found.numerator[at]), float(found.denominator[at]))
    told = [
        indicator.model_dump(mode="json", include={"measure", "options", "when", "missing"}),
        score.model_dump(mode="json"),
        str(weight),
        *(None if math.isnan(number) else repr(number) for number in numbers),
        None if value is None else str(value),
        str(STATUSES[found.status[at]]),
        str(REASONS[found.reason[at]]),
        sorted((str(part), str(number)) for part, number in found.parts_of(team, indicator_id).items()),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def adjustments_in_force(rubric: Rubric, found: Figures, review_state: ReviewState) -> Adjustments:
    """The adjustments that follow from the judgements on these teams, given the figures as computed now."""
    rows = found.rows
    ruled = sorted_out(
        rubric,
        {key: r for key, r in review_state.rulings.items() if key[0] in rows},
        rows,
        lambda key: basis_of(rubric, found, *key),
    )
    confirmed = [
        key
        for key, state in ruled.states.items()
        if state == IN_FORCE and isinstance(review_state.rulings[key].entry, Confirm)
    ]
    asked = [key for key in confirmed if found.reason[found.at(*key)] == CODE_OF[Reason.QUESTIONED]]
    return replace(ruled, settled=frozenset(asked))


def sorted_out(
    rubric: Rubric, rulings: Mapping[Key, Ruling], rows: Mapping[str, dict[str, Any]], basis: Callable[[Key], str]
) -> Adjustments:
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
    arrays = ("numerator", "denominator", "value", "exact", "status", "reason")
    now = replace(found, parts=dict(found.parts), **{name: getattr(found, name).copy() for name in arrays})
    for key in adjustments.touched:
        unknown = key in adjustments.settled and now.status[now.at(*key)] == NO_EVIDENCE
        now.reason[now.at(*key)] = PLAIN_REASON[NO_EVIDENCE] if unknown else CODE_OF[Reason.REVIEWED]
    for key in adjustments.excluded:
        now.status[now.at(*key)], now.exact[now.at(*key)] = NOT_APPLICABLE, None
    for key, value in adjustments.values.items():
        at = now.at(*key)
        now.status[at], now.exact[at], now.value[at] = MEASURED, value, float(value)
        now.numerator[at] = now.denominator[at] = float("nan")
        if (parts := now.parts.get(key[1])) is not None:
            now.parts[key[1]] = parts.without(at[0])
    for key in adjustments.points:
        now.status[now.at(*key)] = MEASURED
    _conditions_again(rubric, now, adjustments)
    leave_out_what_is_not_due(rubric, now)
    return now


def _conditions_again(rubric: Rubric, now: Figures, adjustments: Adjustments) -> None:
    """Decide again whom an indicator applies to where that asks for a value that a reviewer set."""
    changed = {*adjustments.values, *adjustments.excluded}
    for column, indicator, when in with_conditions(rubric):
        asked = set(when.indicator_ids())
        teams = {team for team, name in changed if name in asked and (team, indicator.id) not in adjustments.touched}
        if not teams:
            continue
        holds = holding(when, now)
        for team in now.teams.index.get_indexer(sorted(teams)):
            if not holds[team]:
                now.status[team, column], now.reason[team, column] = NOT_APPLICABLE, CODE_OF[Reason.CONDITION]
            elif now.reason[team, column] == CODE_OF[Reason.CONDITION]:
                known = now.exact[team, column] is not None
                now.status[team, column] = MEASURED if known else NOT_APPLICABLE
                now.reason[team, column] = CODE_OF[Reason.NONE if known else Reason.NOT_APPLICABLE]
        changed |= {(team, indicator.id) for team in teams}


def among_peers(adjustments: Adjustments) -> Adjustments:
    """The adjustments that change the values with which peers are compared: all but points."""
    return replace(adjustments, points={})


def affected_teams(rubric: Rubric, found: Figures, adjustments: Adjustments) -> Places:
    """The places of the teams whose points judgements may change: their own, and where values of peers count, those."""
    teams = np.zeros(len(found.teams), dtype=bool)
    teams[found.teams.index.get_indexer([team for team, _ in adjustments.touched])] = True
    compared = {rule.id for rule in rubric.indicators() if rule.of_peers}
    judged = {team for team, name in {*adjustments.values, *adjustments.excluded} if name in compared}
    if judged:
        those = found.teams.index.isin(judged)
        for _, inside in peer_groups(rubric, found.teams):
            if (inside & those).any():
                teams |= inside
    return np.flatnonzero(teams)
