"""The draft of the yearly circular (通报): its text and lists, drawn up from the record of the results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assess_lib.exact import decimal_text, exact
from assess_lib.pages.blocks import Column
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.template_page import render_page
from assess_lib.records.awards_record import CommendedMember, CountyYear
from assess_lib.records.record import Record
from assess_lib.scorecard.award_words import demands, quota_words, reason_text
from assess_lib.scorecard.wording import day_text, mean_text, points_text, unit_of, value_text
from assess_lib.words import in_brackets, join_clauses, join_list, join_sentences, translate

LOSSES, ENDS = 5, 3
HIDDEN_LETTER = "*"  # in a name that is masked, here or in the data


@dataclass(frozen=True)
class Heading:
    words: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    words: str


@dataclass(frozen=True)
class Table:
    """``name`` for a sheet of a workbook; ``rows`` of texts, one per column."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


Part = Heading | Paragraph | Table


@dataclass(frozen=True)
class Circular:
    """The circular in parts, the same for the page, the document and the workbook.

    Attributes
    ----------
    number, addressed_to : 发文字号 and 主送机关, blank where the rules name no issuer.
    basis : data and rules that it stands on, for the foot of the page; no part of the text.
    draft : the mark of results that are not final, None for those that are.
    """

    title: str
    parts: tuple[Part, ...]
    office: str
    day: str
    number: str = ""
    addressed_to: str = ""
    basis: str = ""
    draft: DraftMark | None = None

    @property
    def tables(self) -> list[Table]:
        return [part for part in self.parts if isinstance(part, Table)]


def circular(record: Record, lang: str, day: date | None = None, draft: DraftMark | None = None) -> Circular:
    """Draw up the circular. Parameters: ``day`` of issue; without it room is left for one; ``draft`` where it is one."""
    made = _Drawn(record, lang)
    parts = (
        Paragraph(made.intro()),
        *made.overview(),
        *made.commendation(),
        *made.rectification(),
        *made.notes(),
    )
    when = day_text(day, lang) if day else translate("circular.no_date", lang)
    title = translate("circular.title", lang, year=record.year) + translate("circular.draft", lang)
    issuer = record.rubric.issuer
    if issuer is None:
        return Circular(title, parts, translate("circular.office", lang), when, basis=made.basis(), draft=draft)
    number = issuer.number.replace("{year}", str(day.year if day else record.year + 1))
    to = translate("circular.addressed_to", lang, names=issuer.addressed_to[lang])
    return Circular(title, parts, issuer.office[lang], when, number, to, made.basis(), draft)


def circular_page(made: Circular, back: str, lang: str) -> str:
    """The circular as a page. ``back`` is the address of the list of all teams."""
    kinds = {Heading: "heading", Paragraph: "paragraph", Table: "table"}
    parts = [(kinds[type(part)], part) for part in made.parts]
    return render_page("circular.html.j2", lang, ["circular.css"], draft=made.draft, made=made, back=back, parts=parts)


class _Drawn:
    """The parts of the circular."""

    def __init__(self, record: Record, lang: str):
        self._record, self._lang, self._lists = record, lang, record.lists
        self._province, self._rubric = record.lists.province, record.rubric
        self._names = {i.id: i.name[lang] for i in record.rubric.indicators()}
        self._dimensions = {dimension.id: dimension.name[lang] for dimension in record.rubric.dimensions}

    def intro(self) -> str:
        teams, rubric = self._record.teams, self._rubric
        return self._say(
            "intro",
            source=rubric.source.title[self._lang],
            number=rubric.source.number,
            rubric=rubric.name[self._lang],
            version=rubric.version,
            units=(teams.loc[teams["unit_id"] != "", "unit_id"]).nunique(),
            counties=(teams.loc[teams["county"] != "", "county"]).nunique(),
            teams=len(teams),
            year=self._record.year,
        )

    def overview(self) -> Iterator[Part]:
        scores = self._record.scores
        totals, lang = scores["total"], self._lang
        grades = [
            self._say("grade", grade=grade.name[lang], count=count, share=f"{count / len(scores):.1%}")
            for grade in self._rubric.grades.bands
            if (count := int((scores["grade"] == grade.id).sum())) or grade.quota
        ]
        figures = {"mean": totals.mean(), "median": totals.median(), "high": totals.max(), "low": totals.min()}
        yield Heading(self._say("section.overview"))
        sentences = [
            self._say(
                "totals", grades=self._list(grades), **{name: mean_text(value) for name, value in figures.items()}
            )
        ]
        if provisional := int(scores["provisional"].sum()):
            sentences.append(self._say("provisional", count=provisional))
        adjusted = self._record.adjustments
        if len(adjusted) and len(held := adjusted[adjusted["state"] == "in_force"]):
            sentences.append(self._say("reviewed", teams=held["team_id"].nunique(), count=len(held)))
        yield Paragraph(join_sentences(sentences, self._lang))
        shares = [
            self._say("dimension", name=name, share=_percent(self._province.shares[id]))
            for id, name in self._dimensions.items()
            if id in self._province.shares
        ]
        yield Paragraph(self._say("dimensions", list=self._list(shares)))
        if lost := self._province.losses[:LOSSES]:
            told = [
                self._say(
                    "loss",
                    name=self._names[one.indicator],
                    mean=_points(one.mean),
                    full=one.full,
                    size=one.size,
                )
                for one in lost
            ]
            yield Paragraph(self._say("losses", list=self._list(told)))
        counties = self._province.counties
        if len(counties) > 1:
            ends = min(ENDS, len(counties) // 2)
            yield Paragraph(
                self._say("counties", best=self._counties(counties[:ends]), worst=self._counties(counties[-ends:]))
            )
        if change := self._province.change:
            sign = "+" if change.median > 0 else ""
            told = [self._say("change", **asdict(change) | {"median": sign + mean_text(change.median)})]
            gained = [
                self._say("gained", name=self._named(one.team_id), change=points_text(one.change))
                for one in self._province.improved[:ENDS]
            ]
            told += [self._say("improved", list=self._list(gained))] if gained else []
            yield Paragraph(join_sentences(told, lang))

    def commendation(self) -> Iterator[Part]:
        lang, names, scores = self._lang, self._record.teams, self._record.scores

        def index(key: str) -> str:
            return translate(f"pages.index.{key}", lang)

        def summary(key: str) -> str:
            return translate(f"pages.summary.{key}", lang)

        yield Heading(self._say("section.commendation"))
        teams = self._lists.teams
        columns = [
            Column(index("rank"), True),
            Column(index("team")),
            Column(summary("units")),
            Column(index("county"), short=True),
            Column(index("total"), True),
        ]
        rows = [
            [
                str(scores.at[team, "rank"]),
                names.at[team, "name"],
                names.at[team, "unit_name"],
                names.at[team, "county"],
                points_text(scores.at[team, "total"]),
            ]
            for team in teams
        ]
        yield from self._part("teams", self._say("commended", count=len(teams)), columns, rows)
        rules = self._rubric.commendation
        if rules and rules.members:
            ranked_on = rules.members.rank_on
            columns = [Column(summary("place"), True), Column(summary("member"), short=True), Column(index("team"))]
            columns += [Column(self._names[name], True) for name in ranked_on]
            members = self._lists.members
            rows = [
                [
                    str(one.place),
                    self._member(one),
                    names.at[one.team_id, "name"],
                    *(
                        value_text(float(one.values[name]), unit_of(self._rubric.indicator(name)), lang)
                        for name in ranked_on
                    ),
                ]
                for one in members
            ]
            yield from self._part("members", self._say("commended_members", count=len(members)), columns, rows)
        if rules and rules.units:
            units = self._lists.units
            columns = [
                Column(summary("units")),
                Column(summary("team_count"), True),
                Column(summary("support_share"), True),
            ]
            rows = [[one.name, str(len(one.teams)), _percent(one.share)] for one in units]
            yield from self._part("units", self._say("commended_units", count=len(units)), columns, rows)

    def rectification(self) -> Iterator[Part]:

        def summary(key: str) -> str:
            return translate(f"pages.summary.{key}", self._lang)

        yield Heading(self._say("section.rectification"))
        listed = self._lists.rectification
        if not listed:
            yield Paragraph(self._say("nobody_rectifies"))
            return
        counts = {kind: sum(one.kind == kind for one in listed) for kind in ("team", "unit")}
        who = self._list([self._say(f"who.{kind}", count=count) for kind, count in counts.items() if count])
        yield Paragraph(self._say("rectify", who=who, deadline=day_text(listed[0].deadline, self._lang)))
        columns = [
            Column(summary(key), short=key in ("kind", "deadline"))
            for key in ("kind", "name", "reasons", "demands", "deadline")
        ]
        rows = [
            [
                summary(f"kind_{one.kind}"),
                one.name,
                join_clauses((reason_text(why, self._rubric, self._lang) for why in one.why), self._lang),
                join_clauses(
                    demands(self._rubric, one.indicators, one.team_ids, self._record.rule_of, self._lang), self._lang
                ),
                day_text(one.deadline, self._lang),
            ]
            for one in listed
        ]
        yield Table(self._say("section.rectification"), columns, rows)

    def notes(self) -> Iterator[Part]:
        yield Heading(self._say("section.notes"))
        for kind, note in (("grades", "quotas"), ("teams", "lists"), ("members", "lists"), ("units", "lists")):
            sentences = quota_words(
                "grade" if kind == "grades" else kind,
                getattr(self._lists.quotas, kind),
                self._rubric,
                self._named,
                self._lang,
            )
            if sentences:
                yield Paragraph(self._say(f"notes.{note}") + join_sentences(sentences, self._lang))
        known = self._dimensions | self._names
        if ties := [known[name] for name in self._rubric.ranking.tie_breakers]:
            yield Paragraph(self._say("notes.ties", names=self._list(ties)))
        yield Paragraph(self._say("notes.basis"))
        if members := self._lists.members:
            decided = self._rubric.names_decided if self._rubric.publish_names else None
            if decided:
                day = day_text(decided.on, self._lang)
                yield Paragraph(self._say("notes.names_decided", office=decided.by[self._lang], day=day))
            if not decided or any(HIDDEN_LETTER in one.name for one in members):
                yield Paragraph(self._say("notes.names"))
        yield Paragraph(self._say("notes.figures"))

    def basis(self) -> str:
        """The data and the rules that the figures come from, by their fingerprint and version."""
        rubric = f"{self._rubric.id} {self._rubric.version}"
        return self._say("basis", data=self._record.provenance.data.fingerprint, rubric=rubric)

    def _part(self, part: str, words: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[Part]:
        yield Heading(self._say(f"part.{part}"), 2)
        yield Paragraph(words if rows else self._say("nobody"))
        if rows:
            yield Table(self._say(f"part.{part}"), columns, rows)

    def _member(self, member: CommendedMember) -> str:
        """The name of a commended member, with the number where the name alone does not tell who is meant."""
        same = sum(one.name == member.name for one in self._lists.members)
        in_full = self._rubric.publish_names and HIDDEN_LETTER not in member.name and same == 1
        return member.name if in_full else member.name + in_brackets(member.member_id, self._lang)

    def _named(self, id: str) -> str:
        """The name of a team; of members and units what stands for them."""
        return self._record.teams.at[id, "name"] if id in self._record.teams.index else id

    def _counties(self, counties: Sequence[CountyYear]) -> str:
        return self._list(
            [self._say("county", county=one.county, mean=_points(one.mean), teams=one.teams) for one in counties]
        )

    def _list(self, words: Sequence[str]) -> str:
        return join_list(words, self._lang)

    def _say(self, key: str, **values: Any) -> str:
        return translate(f"circular.{key}", self._lang, **values)


def _points(text: str) -> str:
    return mean_text(float(text))


def _percent(text: str) -> str:
    return decimal_text(exact(float(text)) * 100, 1) + "%"
