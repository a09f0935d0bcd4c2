"""The difference between two records: teams that moved in total, rank and grade, by which indicator, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from assess_lib.indicators.measurement import NOT_APPLICABLE
from assess_lib.indicators.registry import registered
from assess_lib.records.input_digests import Group, changed_groups, kept_digests
from assess_lib.records.list_moves import ListMove, list_moves
from assess_lib.records.record import Record
from assess_lib.records.result_tables import ADJUSTMENTS
from assess_lib.rules.rubric import Indicator
from assess_lib.tables.schemas import SCHEMAS

REVIEW, RULES, DATA, PEERS, SHARED, PROGRAM, OTHERS, UNKNOWN = CAUSES = (
    "review",
    "rules",
    "data",
    "peers",
    "shared",
    "program",
    "others",
    "unknown",
)
HELD_MARK = ":held"
Side = dict[str, Any] | None  # the columns of an indicator of a team in one record
_MEASURED_BY = {"measure", "options", "when", "missing"}
_SHOWN = ["numerator", "denominator", "value", "status"]


@dataclass(frozen=True)
class Cause:
    """The cause of a move: one of ``CAUSES``, with its details.

    ``details`` of a review: kind, new value or points, reason and reviewer, after ``undone`` where it was; of rules: the
    parts that changed; of data: the tables.
    """

    kind: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorMove:
    """Points of one indicator (or of a group held by cap or floor) before and now; None where it is not there.

    ``applied`` says of both whether the indicator applied to the team.
    """

    indicator: str
    before: float | None
    now: float | None
    causes: tuple[Cause, ...]
    applied: tuple[bool, bool] = (True, True)

    @property
    def by(self) -> float:
        return round((self.now or 0.0) - (self.before or 0.0), 2)


@dataclass(frozen=True)
class TeamMove:
    """A team whose total, rank or grade differ; before or now None where it was not assessed."""

    team_id: str
    name: str
    total: tuple[float | None, float | None]
    rank: tuple[int | None, int | None]
    grade: tuple[str | None, str | None]
    indicators: tuple[IndicatorMove, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def moved(self) -> float:
        return round((self.total[1] or 0.0) - (self.total[0] or 0.0), 2)


@dataclass(frozen=True)
class Difference:
    """The difference between two records.

    Attributes
    ----------
    inputs : the sources that differ: ``data``, ``rules``, ``review``, ``program``, ``packages``, ``parameters``.
    files : names of input files that changed, came or went.
    teams : those that moved in points or grade, the furthest first; ``places`` those of whom only the rank changed.
    lists : who came onto a list or left it, and quotas that are others.
    """

    before: Record
    now: Record
    inputs: tuple[str, ...]
    files: tuple[str, ...]
    teams: tuple[TeamMove, ...]
    places: tuple[TeamMove, ...] = field(default=())
    lists: tuple[ListMove, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.teams or self.places or self.lists)


def difference(before: Record, now: Record, data: Path | None = None) -> Difference:
    """The difference between two records. Teams and indicators are matched by their ids.

    Parameters: ``data`` the data folder of either, which has the digests of their rows; without it the tables that changed
    are those of which a file is named.
    """
    known, reasons = _Reasons(before, now, data), _points_moved(before, now)
    moves: list[TeamMove] = []
    places: list[TeamMove] = []
    for team in sorted(set(before.scores.index) | set(now.scores.index)):
        pair = [record.scores.loc[team] if team in record.scores.index else None for record in (before, now)]
        mine = reasons.get(team, [])
        total, rank, grade = (_pair(pair, name) for name in ("total", "rank", "grade"))
        if total[0] == total[1] and rank[0] == rank[1] and grade[0] == grade[1] and not mine:
            continue
        indicators = tuple(known.indicator(team, name, a, b) for name, a, b in mine)
        name = (now if team in now.teams.index else before).teams.at[team, "name"]
        causes = () if mine else known.team(*pair)
        move = TeamMove(team, name, total, rank, grade, tuple(sorted(indicators, key=lambda i: -abs(i.by))), causes)
        only_place = not mine and total[0] == total[1] and grade[0] == grade[1]
        (places if only_place else moves).append(move)
    moves.sort(key=lambda move: (-abs(move.moved), move.team_id))
    return Difference(
        before, now, known.inputs, known.files, tuple(moves), tuple(places), list_moves(before.lists, now.lists)
    )


def _pair(pair: Sequence[pd.Series | None], name: str) -> tuple[Any, Any]:
    """A column of a team in both records as Python values; None where the team is not there."""
    before, now = (None if row is None else row[name] for row in pair)
    return _plain(before), _plain(now)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _points_moved(before: Record, now: Record) -> dict[str, list[tuple[str, Side, Side]]]:
    """By team the indicators whose points differ, with both rows."""
    keys = ["team_id", "indicator"]
    both = before.points.merge(now.points, on=keys, how="outer", suffixes=("_before", "_now"), indicator=True)
    differs = (both["_merge"] != "both") | (both["points_before"] != both["points_now"])
    moves: dict[str, list[tuple[str, Side, Side]]] = {}
    for row in both[differs].to_dict("records"):
        old, new = _side(row, "before", "left_only"), _side(row, "now", "right_only")
        if any(side and side["points"] for side in (old, new)):
            moves.setdefault(row["team_id"], []).append((row["indicator"], old, new))
    return moves


def _side(row: dict[Any, Any], side: str, only: str) -> Side:
    """The columns of one record in a merged row, None where that record does not have it."""
    if row["_merge"] not in ("both", only):
        return None
    return {name: row[f"{name}_{side}"] for name in ("points", "weight", *_SHOWN)}


class _Reasons:
    """The causes of moves between two records."""

    def __init__(self, before: Record, now: Record, data: Path | None):
        a, b = before.provenance, now.provenance
        self._before, self._now = before, now
        self._rules = [{i.id: i for i in record.rubric.indicators()} for record in (before, now)]
        self._groups = [
            {f"{group.id}{HELD_MARK}": group for dimension in record.rubric.dimensions for group in dimension.groups}
            for record in (before, now)
        ]
        self._judged = [_judgements(record) for record in (before, now)]
        same_data = a.data.fingerprint == b.data.fingerprint
        old, new = a.data.files, b.data.files
        self.files = tuple(name for name in sorted(set(old) | set(new)) if old.get(name) != new.get(name))
        self._tables: dict[str, set[str]] = {}
        for table, team in () if same_data else _changed_groups(before, now, self.files, data):
            self._tables.setdefault(team, set()).add(table)
        self._program = a.code != b.code or a.packages != b.packages or a.parameters_digest != b.parameters_digest
        differs = {
            "data": not same_data,
            "rules": a.rubric.fingerprint != b.rubric.fingerprint,
            "review": self._judged[0] != self._judged[1] or a.ledger != b.ledger,
            "program": a.code != b.code or a.program != b.program,
            "packages": a.packages != b.packages,
            "parameters": a.parameters_digest != b.parameters_digest,
        }
        self.inputs = tuple(name for name, differ in differs.items() if differ)

    def indicator(self, team: str, name: str, before: Side, now: Side) -> IndicatorMove:
        """The move of an indicator of a team, with its causes."""
        old, new = (None if side is None else side["points"] for side in (before, now))
        applied = [side is None or side["status"] != NOT_APPLICABLE for side in (before, now)]
        return IndicatorMove(name, old, new, tuple(self._causes(team, name, before, now)), (applied[0], applied[1]))

    def team(self, before: pd.Series | None, now: pd.Series | None) -> tuple[Cause, ...]:
        """The cause of a move of a team whose points are the same: rules of ranks and grades, a veto, or the others."""
        if before is None or now is None:
            return (Cause(DATA, ("teams",)),)
        a, b = (record.rubric for record in (self._before, self._now))
        changed = [name for name in ("grades", "veto", "ranking") if getattr(a, name) != getattr(b, name)]
        if changed:
            return (Cause(RULES, tuple(changed)),)
        return (
            (Cause(RULES if "rules" in self.inputs else DATA, ("veto",)),)
            if before["vetoes"] != now["vetoes"]
            else (Cause(OTHERS),)
        )

    def _causes(self, team: str, name: str, before: Side, now: Side) -> Iterator[Cause]:
        if name.endswith(HELD_MARK):
            bounds = [(group.cap, group.floor) if (group := groups.get(name)) else None for groups in self._groups]
            yield Cause(RULES, ("cap",)) if bounds[0] != bounds[1] else Cause(SHARED, ("held",))
            return
        judged = [judgements.get((team, name)) for judgements in self._judged]
        a, b = (rules.get(name) for rules in self._rules)
        changed = _changed_rules(a, b)
        explained = False
        if judged[0] != judged[1]:
            explained = True
            yield Cause(REVIEW, judged[1] or ("undone", *(judged[0] or ())))
        if changed:
            explained = True
            yield Cause(RULES, tuple(changed))
        if before is None or now is None:
            if not explained:
                yield Cause(DATA, ("teams",))
            return
        valued = any(before[column] != now[column] for column in _SHOWN)
        if b is not None and valued and judged[0] == judged[1] and not _MEASURED_BY & set(changed):
            explained = True
            yield self._of_values(team, b)
        if not explained and b is not None and b.path and "data" in self.inputs:
            explained = True
            yield Cause(DATA, ("village_year",))  # of the year before, from which the target starts
        if not explained and before["weight"] != now["weight"]:
            explained = True
            yield Cause(SHARED)
        if not explained:
            yield Cause(PEERS) if b is not None and b.of_peers else Cause(PROGRAM if self._program else UNKNOWN)

    def _of_values(self, team: str, indicator: Indicator) -> Cause:
        """Other values: by the tables that the indicator is measured from, else any that changed, else the program."""
        measure = registered().get(indicator.measure)
        evidence = set(measure.evidence) if measure else {"entered_values"}
        mine, shared = self._tables.get(team, set()), self._tables.get("", set())
        for tables in (
            mine & evidence,
            shared & evidence,
            mine,
            shared,
            set().union(*self._tables.values()) & evidence,
        ):
            if tables:
                return Cause(DATA, tuple(sorted(tables)))
        if "data" in self.inputs:  # of another team of the unit, say
            return Cause(
                DATA, tuple(sorted(set().union(*self._tables.values()) or (evidence if indicator.path else ())))
            )
        return Cause(PROGRAM if self._program else UNKNOWN)


def _changed_groups(before: Record, now: Record, files: Iterable[str], data: Path | None) -> set[Group]:
    """Tables and teams whose rows of the year differ; of no team where only the names of changed files tell."""
    kept = [kept_digests(data, record.provenance.data.fingerprint) if data else None for record in (before, now)]
    if kept[0] is not None and kept[1] is not None:
        return changed_groups(kept[0], kept[1], now.year)
    tables = {name: table for table, schema in SCHEMAS.items() for name in (table, *schema.metadata.values())}
    named = (PurePosixPath(file) for file in files)
    return {(tables[path.stem], "") for path in named if path.parts[0] == str(now.year) and path.stem in tables}


def _changed_rules(a: Indicator | None, b: Indicator | None) -> list[str]:
    """The parts of the definition of an indicator that differ; ``new`` or ``gone`` where only one has it."""
    if a is None or b is None:
        return [] if a is b else ["new" if a is None else "gone"]
    mine, theirs = a.definition(), b.definition()
    return [key for key in mine if mine[key] != theirs[key]]


def _judgements(record: Record) -> dict[tuple[str, str], tuple[str, ...]]:
    """The judgements in force by team and indicator: kind, the new value or points, reason, reviewer."""
    table = record.adjustments
    if table.empty:
        return {}
    if missing := {"team_id", "indicator", "state"} - set(table):
        raise KeyError(f"{ADJUSTMENTS}: {', '.join(sorted(missing))}")
    in_force = table[table["state"] == "in_force"]
    return {(row.team_id, row.indicator): (row.kind, row.becomes, row.reason, row.by) for row in in_force.itertuples()}
