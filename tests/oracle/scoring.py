"""Points, totals, ranks and grades of a year by fractions and plain loops, written after docs/rubric-language.md.

It shares with the program the rubric, the measured values, and of a score kind the exact points of one case; nothing of
the engine: neither arrays nor floats, nor how weights are shared out, how halves are rounded at scale, how ties and
quotas are settled.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from assess_lib.rules.kinds.base import Case
from assess_lib.rules.peer_values import PeerValues
from assess_lib.rules.rubric import Rubric, When
from assess_lib.scoring.assessment import Assessment

COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


@dataclass
class Result:
    """By team and indicator: points in steps, weight in force, status; by team: the rest."""

    points: dict[tuple[str, str], int] = field(default_factory=dict)
    weight: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    status: dict[tuple[str, str], str] = field(default_factory=dict)
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    lowest: dict[str, float] = field(default_factory=dict)
    highest: dict[str, float] = field(default_factory=dict)
    provisional: dict[str, bool] = field(default_factory=dict)
    vetoes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rank: dict[str, int] = field(default_factory=dict)
    grade: dict[str, str] = field(default_factory=dict)


def assess_by_hand(
    of: Assessment, given: dict[tuple[str, str], Fraction] | None = None, before: Assessment | None = None
) -> Result:
    """What an assessment must give by its rubric, data and measured values.

    Parameters: ``given`` points at nominal weight, by team and indicator, that people set; ``before`` the assessment of
    the year before, from whose values teams with the same village start on their way to a goal.
    """
    starts = _starts(of, before) if before else {}
    rubric, data, measured, given = of.rubric, of.data, of.measurements, given or {}
    rows = data.teams().assign(team_id=data.team_ids).to_dict("index")
    values = {name: found.teams["exact"].to_dict() for name, found in measured.items()}
    parts: dict[str, dict[str, dict[str, Fraction]]] = {name: {} for name in measured}
    for name, found in measured.items():
        if found.parts is not None:
            for team, part, value in zip(found.parts["team_id"], found.parts["part"], found.parts["exact"]):
                parts[name].setdefault(team, {})[part] = Fraction(value)
    result = Result()
    rules = {rule.id: rule for rule in rubric.indicators()}
    applies: dict[tuple[str, str], str] = {}  # before peers, who may give no reference to a value that was measured

    def status_of(team: str, name: str) -> str:
        """Decided once for a team and an indicator, first of all those for which the condition asks."""
        if (team, name) not in applies:
            status, when = measured[name].teams["status"][team], rules[name].when
            if when and _holds(when, rows[team], lambda other: value_of(team, other)) is not True:
                status = "not_applicable"
            elif status == "measured" and _not_due(rules[name], starts.get((team, name)), values[name][team]):
                status = "not_applicable"
            applies[team, name] = str(status)
        return applies[team, name]

    def value_of(team: str, name: str) -> Fraction | None:
        """The value with which a condition compares: none where it was not measured or does not apply."""
        return values[name][team] if status_of(team, name) == "measured" else None

    for rule in rubric.indicators():
        for team in rows:
            result.status[team, rule.id] = status_of(team, rule.id)
    peers: dict[tuple, list[Fraction]] = {}
    for rule in rubric.indicators():
        for team, row in rows.items():
            if result.status[team, rule.id] == "measured":
                peers.setdefault((rule.id, _group(rubric.peer_group, row)), []).append(values[rule.id][team])
    raw: dict[tuple[str, str], Fraction] = {}
    for rule in rubric.indicators():
        for team, row in rows.items():
            if result.status[team, rule.id] != "measured":
                continue
            weight, score = rule.for_team(row)
            if (team, rule.id) in given:
                raw[team, rule.id] = given[team, rule.id]
                continue
            among = PeerValues(peers[rule.id, _group(rubric.peer_group, row)])
            start, value = starts.get((team, rule.id)), values[rule.id][team]
            if start is not None and score.kind == "linear":
                earned = _on_the_way(rule, score, weight, value, start, data.year)
            else:
                earned = score.earned(Case(value, parts[rule.id].get(team, {}), among), weight)
            if earned is None:
                result.status[team, rule.id] = "not_applicable"
            else:
                raw[team, rule.id] = earned
    for team, row in rows.items():
        mine = {rule.id: result.status[team, rule.id] for rule in rubric.indicators()}
        earned = {rule.id: raw.get((team, rule.id), Fraction(0)) for rule in rubric.indicators()}
        result.total[team] = _team(rubric, row, mine, earned, result, team)
        for into, bound in ((result.lowest, "least"), (result.highest, "most")):
            assumed = {name: "measured" if status == "no_evidence" else status for name, status in mine.items()}
            filled, open_below = dict(earned), False
            for group in (group for dimension in rubric.dimensions for group in dimension.groups):
                for rule in group.indicators:
                    if mine[rule.id] == "no_evidence":
                        weight, score = rule.for_team(row)
                        points = getattr(score, bound)(weight)
                        open_below |= points is None and group.floor is None
                        filled[rule.id] = Fraction(-(10**9)) if points is None else points
            into[team] = -math.inf if open_below else _team(rubric, row, assumed, filled, None, team)
        waiting = [rule.id for rule in rubric.indicators() if rule.missing == "provisional"]
        result.provisional[team] = team in data.set_aside or any(mine[name] == "no_evidence" for name in waiting)
        asked = lambda name, team=team: value_of(team, name)  # noqa: E731
        result.vetoes[team] = tuple(
            v.id for v in rubric.veto
            if (_holds(v.when, row, asked) is True if v.when
                else _misses(v.minimum, mine, asked, team in data.set_aside))
        )  # fmt: skip
    _places(rubric, rows, result)
    return result


def _starts(of: Assessment, before: Assessment) -> dict[tuple[str, str], Fraction]:
    """The values of the year before of teams that are in the same village, for indicators with years left to their goal."""
    now, was = of.data.teams()["village_id"], before.data.teams()["village_id"]
    there = [team for team in now.index if team in was.index and now[team] == was[team]]
    found = {}
    for rule in of.rubric.indicators():
        if rule.path and rule.path.start and rule.path.goal_year > of.year:
            teams = before.measurements[rule.id].teams
            for team in there:
                if teams["status"][team] == "measured":
                    found[team, rule.id] = teams["exact"][team]
    return found


def _not_due(rule, start: Fraction | None, value: Fraction) -> bool:
    """True for what is owed in a later year only, is not there and was not there."""
    if start is None or rule.score.kind != "all_or_nothing":
        return False
    return start < rule.score.target and value < rule.score.target


def _on_the_way(rule, score, weight: Fraction, value: Fraction, start: Fraction, year: int) -> Fraction:
    """Points in proportion between the lower of floor and start, and the start with its part of what lacks to the goal."""
    floor, target = score.floor, score.target
    if start < target:
        target = start + (target - start) * Fraction(1, rule.path.goal_year - year + 1)
        floor = min(floor, start)
    share = (value - floor) / (target - floor)
    return weight * min(max(share, Fraction(0)), Fraction(1))


def _team(rubric: Rubric, row: dict, status: dict[str, str], earned: dict, result: Result | None, team: str) -> int:
    """The total of a team in steps."""
    rules = {rule.id: rule for rule in rubric.indicators()}
    nominal = {name: rule.for_team(row)[0] for name, rule in rules.items()}
    counts = {
        name for name, rule in rules.items()
        if status[name] == "measured" or (status[name] == "no_evidence" and rule.missing != "exclude")
    }  # fmt: skip
    force = shared_out(rubric, nominal, counts)
    total = 0
    for dimension in rubric.dimensions:
        for group in dimension.groups:
            subtotal = 0
            for rule in group.indicators:
                full, steps = nominal[rule.id], 0
                informal = full == 0 and rule.for_team(row)[1].kind in ("linear", "all_or_nothing", "proportional")
                if status[rule.id] == "measured" and rule.id in counts and not informal:
                    steps = _half_up(earned[rule.id] * (force[rule.id] / full if full else 1) / rubric.step)
                subtotal += steps
                if result:
                    result.points[team, rule.id] = steps
                    result.weight[team, rule.id] = force[rule.id]
            own = sum(nominal[rule.id] for rule in group.indicators)
            grown = sum(force[rule.id] for rule in group.indicators) / own if own else Fraction(1)
            times = grown if group.limits == "with_weight" else 1
            kept = subtotal
            if group.cap is not None:
                kept = min(kept, _half_up(group.cap * times / rubric.step))
            if group.floor is not None:
                kept = max(kept, _half_up(group.floor * times / rubric.step))
            if result:
                result.held[team, group.id] = kept - subtotal
            total += kept
    return total


def shared_out(rubric: Rubric, nominal: dict[str, Fraction], counts: set[str]) -> dict[str, Fraction]:
    """Weights in force: of a group to its rest, of a focal point to its other groups, at last to other focal points."""
    alive = {name for name in counts if nominal[name] > 0}
    force = dict.fromkeys(nominal, Fraction(0))
    tree = [[[rule.id for rule in group.indicators] for group in d.groups] for d in rubric.dimensions]
    of = lambda names: sum((nominal[name] for name in names), Fraction(0))  # noqa: E731
    flat = [[name for group in groups for name in group] for groups in tree]
    for groups, mine in zip(tree, _pass_on(of(nominal), flat, alive, of, rubric.step)):
        for group, share in zip(groups, _pass_on(mine, groups, alive, of, rubric.step)):
            members = [name for name in group if name in alive]
            force |= zip(members, _split(share, [nominal[name] for name in members], rubric.step))
    return force


def _pass_on(whole: Fraction, members: list[list[str]], alive: set[str], of, step: Fraction) -> list[Fraction]:
    living = [n for n, names in enumerate(members) if alive & set(names)]
    shares = dict(zip(living, _split(whole, [of(members[n]) for n in living], step)))
    return [shares.get(n, Fraction(0)) for n in range(len(members))]


def _split(whole: Fraction, parts: list[Fraction], step: Fraction) -> list[Fraction]:
    """Largest remainder; of equal ones the earlier part."""
    if not sum(parts):
        return [Fraction(0)] * len(parts)
    ideal = [whole * part / sum(parts) / step for part in parts]
    steps = [math.floor(share) for share in ideal]
    left = int(whole / step) - sum(steps)
    for n in sorted(range(len(parts)), key=lambda n: (steps[n] - ideal[n], n))[:left]:
        steps[n] += 1
    return [count * step for count in steps]


def _half_up(number: Fraction) -> int:
    size = math.floor(abs(number) + Fraction(1, 2))
    return size if number >= 0 else -size


def _places(rubric: Rubric, rows: dict[str, dict], result: Result) -> None:
    """Ranks with tie-breakers, then grades with bands, vetoes and quotas."""
    of_dimension = {d.id: [i.id for i in d.indicators()] for d in rubric.dimensions}
    groups_of = {d.id: [g.id for g in d.groups] for d in rubric.dimensions}

    def key(team: str) -> tuple:
        marks = [result.total[team]]
        for name in rubric.ranking.tie_breakers:
            if name in of_dimension:
                points = sum(result.points[team, i] for i in of_dimension[name])
                marks.append(points + sum(result.held[team, g] for g in groups_of[name]))
            else:
                marks.append(result.points[team, name])
        return tuple(-mark for mark in marks)

    def rank(team: str, among: list[str]) -> int:
        return 1 + sum(key(other) < key(team) for other in among)

    for team, row in rows.items():
        among = [t for t, r in rows.items() if _word(rubric.ranking.by, r) == _word(rubric.ranking.by, row)]
        result.rank[team] = rank(team, among)
    overall = {team: rank(team, list(rows)) for team in rows}
    bands = rubric.grades.bands
    order = [band.id for band in bands]
    place = {}
    for team in rows:
        total = result.total[team] * rubric.step
        mine = next(n for n, band in enumerate(bands) if band.range.low is None or _reaches(total, band.range))
        limits = [order.index(veto.limit) for veto in rubric.veto if veto.id in result.vetoes[team]]
        place[team] = max([mine, *limits])
    for n, band in enumerate(bands):
        if band.quota is None:
            continue
        groups: dict[str, list[str]] = {}
        for team, row in rows.items():
            groups.setdefault(_word(rubric.grades.quota_by, row), []).append(team)
        for members in groups.values():
            places = math.floor(band.quota * len(members))
            able = [team for team in members if place[team] == n]
            for team in able:
                better_or_tied = sum(overall[other] <= overall[team] for other in able)
                better = sum(overall[other] < overall[team] for other in able)
                inside = better_or_tied <= places if rubric.grades.ties_over_quota == "out" else better < places
                if not inside:
                    place[team] = -1 - n  # marked first, so that the others are judged by the same list
            for team in able:
                if place[team] == -1 - n:
                    place[team] = n + 1
    result.grade = {team: order[n] for team, n in place.items()}


def _reaches(total: Fraction, interval) -> bool:
    return total > interval.low or (total == interval.low and interval.low_closed)


def _group(by: str, row: dict):
    return None if by == "all" or pd.isna(row[by]) else row[by]


def _word(by: str, row: dict) -> str:
    return "" if by == "all" or pd.isna(row[by]) else str(row[by])


def _misses(minimum, status: dict[str, str], value_of: Callable[[str], Fraction | None], set_aside: bool) -> bool:
    name = minimum.indicator
    if status[name] == "measured":
        value = value_of(name)
        return value is not None and value < minimum.at_least
    return status[name] == "no_evidence" and not set_aside


def _holds(when: When, row: dict, value_of: Callable[[str], Fraction | None]) -> bool | None:
    """Three answers: yes, no, and None where a blank or a value that there is not leaves it open."""
    asked = [(c, getattr(when, c)) for c in ("county", "area", "unit_type") if getattr(when, c) is not None]
    asked += [({"name": "village_name"}.get(c, c), [wanted]) for c, wanted in (when.village or {}).items()]
    tests: list[bool | None] = []
    for column, allowed in asked:
        value = row.get(column)
        tests.append(None if value is None or pd.isna(value) else value in allowed)
    if when.teams is not None:
        tests.append(row["team_id"] in when.teams.ids)
    if when.indicator is not None:
        value = value_of(when.indicator.id)
        tests.append(None if value is None else COMPARE[when.indicator.op](value, when.indicator.value))
    tests += [_holds(inner, row, value_of) for inner in when.all or ()]
    if when.any is not None:
        answers = [_holds(inner, row, value_of) for inner in when.any]
        tests.append(True if True in answers else None if None in answers else False)
    if when.negated is not None:
        answer = _holds(when.negated, row, value_of)
        tests.append(None if answer is None else not answer)
    return False if False in tests else None if None in tests else True
