"""The sections of the annual summary, in the order in which the notebook shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from IPython.display import display as _display

from assess_lib.pages import blocks, charts, spreads
from assess_lib.pages.blocks import Column
from assess_lib.scorecard.wording import mean_text
from assess_lib.scorecard.year_findings import findings, next_steps
from assess_lib.scorecard.year_summary import YearSummary
from assess_lib.words import join_sentences, translate

LOSSES_SHOWN, COUNTIES_DRAWN = 10, 40
display: Callable[..., None] = _display  # IPython has no types


def overview(summary: YearSummary) -> None:
    """What stands out, totals, grades, who gained most."""
    lang, rubric = summary.lang, summary.rubric
    kind = f"{rubric.name[lang]} · {rubric.id} {rubric.version}"
    display(
        blocks.style(),
        blocks.title(kind, _word("title", lang, year=summary.year), _word("about", lang, **summary.counts)),
    )
    if told := findings(summary):
        display(blocks.heading("summary.findings", lang), *(blocks.paragraph(words) for words in told))
    text = _word("overview_text", lang, provisional=summary.provisional, **summary.figures)
    display(blocks.heading("summary.overview", lang), blocks.paragraph(text))
    display(charts.all_totals(summary.totals, summary.grade_limits, summary.tones, lang))
    if improved := summary.improved:
        columns = [
            Column(translate("pages.index.team", lang)),
            Column(translate("pages.index.county", lang), short=True),
            Column(_word("gained", lang), True),
            Column(_word("compared", lang), True),
        ]
        display(blocks.subheading("summary.improved", lang), blocks.table(columns, improved, lang))
    columns = [
        Column(translate("pages.index.grade", lang)),
        Column(_word("count", lang), True),
        Column(_word("share", lang), True),
    ]
    display(blocks.heading("summary.grades", lang), blocks.table(columns, summary.grades, lang))
    display(*_quotas(summary.grade_quotas, lang))


def dimensions(summary: YearSummary) -> None:
    """The four focal points over all teams."""
    names, shares = zip(*summary.dimension_shares)
    display(blocks.heading("summary.dimensions", summary.lang))
    display(spreads.spread(names, shares, summary.lang))
    display(blocks.caption(_word("spread_caption", summary.lang)))


def losses(summary: YearSummary) -> None:
    """The indicators on which most teams lost points."""
    lang, table = summary.lang, summary.losses.head(LOSSES_SHOWN)
    display(blocks.heading("summary.losses", lang))
    if table.empty:
        display(blocks.paragraph(_word("none", lang)))
        return
    display(charts.losses(list(table.index), list(table["mean"]), lang, "pages.summary.losses_alt"))
    columns = [
        Column(translate("pages.table.indicator", lang)),
        Column(_word("mean_loss", lang), True),
        Column(_word("full", lang), True),
    ]
    rows = [
        (name, mean_text(row["mean"]), f"{int(row['full'])} / {int(row['size'])}") for name, row in table.iterrows()
    ]
    display(blocks.table(columns, rows, lang))


def counties(summary: YearSummary) -> None:
    """The counties by their mean total, the best first."""
    lang = summary.lang
    columns = [Column(translate("pages.index.county", lang)), Column(_word("count", lang), True)]
    columns += [Column(_word(key, lang), True) for key in ("mean", "high", "low")]
    columns += [Column(_word("best", lang, grade=summary.best_grade), True)]
    display(blocks.heading("summary.counties", lang))
    if 1 < len(of_county := summary.county_totals) <= COUNTIES_DRAWN:
        display(spreads.county_totals(list(of_county), list(of_county.values()), lang))
        display(blocks.caption(_word("county_caption", lang)))
    display(blocks.table(columns, summary.counties, lang))


def ranking(summary: YearSummary) -> None:
    """Every team with points, rank and grade."""
    lang = summary.lang
    columns = [
        Column(translate("pages.index.rank", lang), True),
        Column(translate("pages.index.team", lang)),
        Column(translate("pages.index.county", lang), short=True),
        *(Column(dimension.name[lang], True) for dimension in summary.rubric.dimensions),
        Column(translate("pages.index.total", lang), True),
        Column(translate("pages.index.grade", lang), short=True),
    ]
    display(blocks.heading("summary.ranking", lang), blocks.table(columns, summary.ranking, lang))


def commendation(summary: YearSummary) -> None:
    """The three commendation lists: teams, members (masked, with their number), units."""
    lang, rubric = summary.lang, summary.rubric
    display(blocks.heading("summary.commendation", lang))
    columns = [
        Column(translate("pages.index.rank", lang), True),
        Column(_word("teams", lang)),
        Column(_word("units", lang)),
        Column(translate("pages.index.total", lang), True),
    ]
    display(blocks.subheading("summary.teams", lang), blocks.table(columns, summary.commended_teams, lang))
    display(*_quotas(summary.team_quotas, lang))
    if (measures := summary.member_measures) is not None:
        columns = [Column(_word("place", lang), True), Column(_word("member", lang)), Column(_word("teams", lang))]
        columns += [Column(name, True) for name in measures]
        display(blocks.subheading("summary.members", lang), blocks.table(columns, summary.commended_members, lang))
        display(*_quotas(summary.member_quotas, lang))
    if summary.commends_units:
        columns = [
            Column(_word("units", lang)),
            Column(_word("team_count", lang), True),
            Column(_word("support_share", lang), True),
        ]
        display(blocks.subheading("summary.units", lang), blocks.table(columns, summary.commended_units, lang))
        display(*_quotas(summary.unit_quotas, lang))
    display(blocks.caption(_word("rules_note", lang, rubric=f"{rubric.id} {rubric.version}")))


def rectification(summary: YearSummary) -> None:
    """Teams and units asked to rectify, with reasons, what must be reached and deadlines."""
    lang = summary.lang
    columns = [
        Column(_word(key, lang), short=key in ("kind", "deadline"))
        for key in ("kind", "name", "reasons", "demands", "deadline")
    ]
    display(blocks.heading("summary.rectification", lang), blocks.table(columns, summary.rectification, lang))


def missing(summary: YearSummary) -> None:
    """Teams that lack evidence, what is asked of teams and units, and the method."""
    lang = summary.lang
    columns = [
        Column(_word("teams", lang)),
        Column(_word("missing", lang)),
        Column(translate("pages.card.range", lang), True),
    ]
    display(blocks.heading("summary.missing", lang), blocks.table(columns, summary.missing, lang))
    if asked := next_steps(summary):
        display(blocks.heading("summary.next_steps", lang), *(blocks.paragraph(words) for words in asked))
    display(blocks.heading("section.method", lang), blocks.method(summary))


def _quotas(sentences: Sequence[str], lang: str) -> list[blocks.Block]:
    """Quotas and ties in words, a line under a list."""
    return [blocks.caption(join_sentences(sentences, lang))] if sentences else []


def _word(key: str, lang: str, **values: Any) -> str:
    return translate(f"pages.summary.{key}", lang, **values)
