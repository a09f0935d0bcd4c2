"""The difference between two records in words: as a page, as a table, and for the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from assess_lib.faults import printable
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.template_page import render_page
from assess_lib.records.awards_record import CommendedMember, CommendedUnit, Rectification
from assess_lib.records.difference import HELD_MARK, Cause, Difference, IndicatorMove, TeamMove
from assess_lib.records.list_moves import ListMove, OnList
from assess_lib.records.result_tables import csv_text
from assess_lib.scorecard.award_words import quota_words, reason_text
from assess_lib.scorecard.wording import day_text, points_text
from assess_lib.scoring.quotas import Quota
from assess_lib.tables.safe_workbook import harmless
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.words import catalogue, join_clauses, join_list, translate

PLACES_SHOWN, LONGEST_LINE = 1_000, 2_000
_INDENT = "    "


def changes_page(
    difference: Difference, lang: str, back: str, note: str = "", edition: int = 0, draft: DraftMark | None = None
) -> str:
    """The page: what changed at the root of it, then every team that moved, by which indicators and why.

    Parameters: ``back`` address of the list of teams, blank for none; ``note`` of who publishes; ``edition`` its number;
    ``draft`` where it is one.
    """
    words = _Words(difference, lang)
    teams = [words.team(move) | {"lines": [words.line(line) for line in move.indicators]} for move in difference.teams]
    return render_page(
        "changes.html.j2",
        lang,
        ["index.css"],
        draft=draft,
        back=back,
        note=note,
        roots=words.roots(),
        files=difference.files,
        teams=teams,
        title=translate("diff.edition_title", lang, edition=edition, before=edition - 1)
        if edition
        else translate("diff.title", lang),
        places=[words.team(move) for move in difference.places[:PLACES_SHOWN]],
        more=max(0, len(difference.places) - PLACES_SHOWN),
        count=len(difference.places),
        lists=[words.list_move(move) for move in difference.lists],
    )


def changes_csv(difference: Difference, lang: str) -> str:
    """A row for every indicator of every team that moved, and one for every team of which only rank or grade did."""
    words, rows = _Words(difference, lang), []
    for move in (*difference.teams, *difference.places):
        team = (
            move.team_id,
            harmless(move.name),
            *(_plain(each) for pair in (move.total, move.rank, move.grade) for each in pair),
        )
        for line in move.indicators:
            rows.append(
                (*team, line.indicator, _plain(line.before), _plain(line.now), harmless(words.causes(line.causes)))
            )
        if not move.indicators:
            rows.append((*team, "", "", "", harmless(words.causes(move.causes))))
    columns = [
        "team_id",
        "name",
        "total_before",
        "total",
        "rank_before",
        "rank",
        "grade_before",
        "grade",
        "indicator",
        "points_before",
        "points",
        "cause",
    ]
    return csv_text(pd.DataFrame(rows, columns=columns))


def changes_text(difference: Difference, lang: str, most: int | None = None) -> list[str]:
    """Lines for the screen, without characters that steer it: what changed at the root, then every team, the furthest first.

    Parameters: ``most`` teams at the most, and a count in the place of those of which only the rank changed; None for all.
    """
    words = _Words(difference, lang)
    lines = words.roots() + [translate("diff.count", lang, moved=len(difference.teams), places=len(difference.places))]
    for move in (*difference.teams, *difference.places) if most is None else difference.teams[:most]:
        team = words.team(move)
        shown = {key: team[key] for key in ("name", "total", "rank", "grade")}
        lines.append(translate("diff.team_line", lang, team=move.team_id, **shown))
        lines += [_INDENT + translate("diff.indicator_line", lang, **words.line(line)) for line in move.indicators]
        if not move.indicators:
            lines.append(_INDENT + words.causes(move.causes))
    for listed in difference.lists[:most]:
        lines.append(translate("diff.list_line", lang, **words.list_move(listed)))
    if most is not None and len(difference.lists) > most:
        lines.append(translate("diff.list_more", lang, count=len(difference.lists) - most))
    if most is not None and len(difference.teams) > most:
        lines.append(translate("diff.more", lang, count=len(difference.teams) - most))
    return [_INDENT * line.startswith(_INDENT) + printable(line, LONGEST_LINE) for line in lines]


class _Words:
    def __init__(self, difference: Difference, lang: str) -> None:
        self._difference, self._lang = difference, lang
        self._names: dict[str, str] = {}
        for record in (difference.before, difference.now):
            self._names |= {i.id: i.name[lang] for i in record.rubric.indicators()}
            self._names |= {
                f"{group.id}{HELD_MARK}": translate("pages.table.held", lang, group=group.name[lang])
                for dimension in record.rubric.dimensions
                for group in dimension.groups
            }
        self._grades = {
            grade.id: grade.label(lang)
            for record in (difference.before, difference.now)
            for grade in record.rubric.grades.bands
        }

    def roots(self) -> list[str]:
        """A sentence for every input that differs."""
        a, b = (record.provenance for record in (self._difference.before, self._difference.now))
        values: dict[str, dict[str, Any]] = {
            "data": {"count": len(self._difference.files)},
            "rules": {
                "before": f"{a.rubric.id} {a.rubric.version}",
                "now": f"{b.rubric.id} {b.rubric.version}",
            },
            "review": {"before": a.ledger.entries, "now": b.ledger.entries},
            "program": {"before": a.program, "now": b.program},
            "packages": {},
            "parameters": {},
        }
        return [self._say(f"root.{name}", **values[name]) for name in self._difference.inputs] or [
            self._say("root.nothing")
        ]

    def team(self, move: TeamMove) -> dict[str, Any]:
        """Name, totals, ranks, grades and causes of a team that moved."""
        return {
            "team_id": move.team_id,
            "name": move.name,
            "total": self._pair(move.total, points_text),
            "rank": self._pair(move.rank, str),
            "grade": self._pair(move.grade, lambda grade: self._grades.get(grade, grade)),
            "moved": move.moved,
            "causes": self.causes(move.causes),
        }

    def line(self, line: IndicatorMove) -> dict[str, Any]:
        """Name, points and causes of an indicator that moved."""
        return {
            "name": self._names.get(line.indicator, line.indicator),
            "points": self._pair(self._points(line), str),
            "moved": line.by,
            "causes": self.causes(line.causes),
        }

    def _points(self, line: IndicatorMove) -> tuple[str | None, str | None]:
        """Points before and now in words; None where the indicator is not there."""
        none = translate("pages.status.not_applicable", self._lang)
        points = [points_text(each) if each is not None else None for each in (line.before, line.now)]
        before, now = (text if applied else none for text, applied in zip(points, line.applied))
        return before, now

    def list_move(self, move: ListMove) -> dict[str, str]:
        """The list, who or what it is about, and what it said and says."""
        before, now = self._on_list(move, move.before, False), self._on_list(move, move.now, True)
        if move.list.startswith("quota.") or None not in (move.before, move.now):
            said = f"{before} → {now}"
        else:
            key, what = ("came", now) if move.before is None else ("left", before)
            said = self._say(f"list.{key}_as" if what else f"list.{key}", what=what)
        return {"list": self._say(f"list.{move.list}"), "who": self._who(move), "said": said}

    def _who(self, move: ListMove) -> str:
        if move.list.startswith("quota."):
            one = move.now or move.before
            grade = self._grades.get(one.grade, one.grade) if isinstance(one, Quota) else ""
            group = move.id or translate("circular.quota.all", self._lang)
            return join_list((part for part in (group, grade) if part), self._lang)
        for one in (move.now, move.before):
            if isinstance(one, (CommendedMember, CommendedUnit, Rectification)):
                return f"{one.name} {move.id}".strip()
        return f"{self._team_name(move.id)} {move.id}".strip()

    def _team_name(self, team: str) -> str:
        for record in (self._difference.now, self._difference.before):
            if team in record.teams.index:
                return str(record.teams.at[team, "name"])
        return ""

    def _on_list(self, move: ListMove, one: OnList | None, is_now: bool) -> str:
        """What a list says of somebody beside that they are on it; of a quota that is not there a dash."""
        rubric = (self._difference.now if is_now else self._difference.before).rubric
        if one is None:
            return "–" if move.list.startswith("quota.") else ""
        if isinstance(one, Quota):
            kind = move.list.removeprefix("quota.")
            (sentence,) = quota_words(kind, [one], rubric, lambda name: name, self._lang)
            return sentence
        if isinstance(one, CommendedMember):
            values = join_list((f"{self._names.get(n, n)} {float(v):g}" for n, v in one.values.items()), self._lang)
            return self._say("list.values" if values else "list.place", place=one.place, values=values)
        if isinstance(one, CommendedUnit):
            return self._say("list.share", share=f"{float(one.share):.1%}", teams=join_list(one.teams, self._lang))
        if isinstance(one, Rectification):
            why = join_clauses((reason_text(reason, rubric, self._lang) for reason in one.why), self._lang)
            return self._say("list.rectify", why=why, deadline=day_text(one.deadline, self._lang))
        return ""

    def causes(self, causes: Iterable[Cause]) -> str:
        return join_clauses((self._cause(cause) for cause in causes), self._lang)

    def _cause(self, cause: Cause) -> str:
        if cause.kind == "review":
            undone = cause.details[:1] == ("undone",)
            kind, _, reason, by = cause.details[1:] if undone else cause.details
            key = "cause.review_undone" if undone else "cause.review"
            return self._say(key, what=translate(f"pages.review.kind.{kind}", self._lang), reason=reason, by=by)
        if cause.kind == "data":
            return self._say(
                "cause.data",
                tables=join_list((label(name, self._lang) for name in cause.details if name in SCHEMAS), self._lang)
                or "–",
            )
        if cause.kind == "rules":
            return self._say("cause.rules", what=join_list((self._part(name) for name in cause.details), self._lang))
        return self._say(f"cause.{cause.kind}")

    def _part(self, name: str) -> str:
        key = f"diff.part.{name}"
        return translate(key, self._lang) if key in catalogue() else name

    def _pair(self, pair: tuple[Any, Any], text_of: Callable[[Any], str]) -> str:
        before, now = ("–" if value is None else text_of(value) for value in pair)
        return before if before == now else f"{before} → {now}"

    def _say(self, key: str, **values: Any) -> str:
        return translate(f"diff.{key}", self._lang, **values)


def _plain(value: str | float | None) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
