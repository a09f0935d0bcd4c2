"""The sections of the annual summary, in the order in which the notebook shows them."""

from __future__ import annotations

import pandas as pd
from IPython.display import display
from markupsafe import Markup

from assess_lib.indicators.measurement import NO_EVIDENCE
from assess_lib.pages import blocks, charts
from assess_lib.pages.blocks import Column
from assess_lib.pages.quota_words import quota_words
from assess_lib.scorecard import year_summary as province
from assess_lib.scorecard.wording import mean_text, points_text, unit_of, value_text
from assess_lib.scoring import awards as recognition
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.ranks import grade_quotas
from assess_lib.tables.masking import mask
from assess_lib.words import translate

LOSSES_SHOWN = 10


def overview(now: Assessment, before: Assessment | None, lang: str) -> None:
    """How the province did: totals, grades, change since last year."""
    teams, totals = now.data.teams(), now.scores["total"]
    counts = {"teams": len(teams), "units": teams["unit_id"].nunique(), "counties": teams["county"].nunique()}
    kind = f"{now.rubric.name[lang]} · {now.rubric.id} {now.rubric.version}"
    display(
        blocks.style(),
        blocks.title(kind, _say("title", lang, year=now.year), _say("about", lang, **counts)),
    )
    figures = {"mean": totals.mean(), "median": totals.median(), "high": totals.max(), "low": totals.min()}
    text = _say(
        "overview_text",
        lang,
        provisional=int(now.scores["provisional"].sum()),
        **{name: mean_text(v) for name, v in figures.items()},
    )
    display(blocks.heading("summary.overview", lang), blocks.paragraph(text))
    if change := province.change_of(now, before):
        told = ("+" if change.median > 0 else "") + mean_text(change.median)
        words = _say(
            "change_text",
            lang,
            count=change.teams,
            change=told,
            rose=change.rose,
            fell=change.fell,
            changed=change.changed,
        )
        display(blocks.paragraph(words))
    display(charts.all_totals(totals, now.rubric.grades.bands, lang))
    rows = []
    for grade in now.rubric.grades.bands:
        count = int((now.scores["grade"] == grade.id).sum())
        rows.append([grade.name[lang], count, f"{count / len(totals):.1%}"])
    columns = [
        Column(translate("pages.index.grade", lang)),
        Column(_say("count", lang), True),
        Column(_say("share", lang), True),
    ]
    display(blocks.heading("summary.grades", lang), blocks.table(columns, rows, lang))
    display(*_quotas("grade", grade_quotas(now.rubric, now.scores), now, lang))


def dimensions(now: Assessment, lang: str) -> None:
    """The four focal points over all teams."""
    sums = now.points.groupby(["dimension", "team_id"])[["points", "weight"]].sum()
    shares = [_shares(sums.loc[dimension.id]) for dimension in now.rubric.dimensions]
    display(blocks.heading("summary.dimensions", lang))
    display(charts.spread([dimension.name[lang] for dimension in now.rubric.dimensions], shares, lang))


def losses(now: Assessment, lang: str) -> None:
    """The indicators on which most teams lost points."""
    table = province.losses(now).head(LOSSES_SHOWN)
    display(blocks.heading("summary.losses", lang))
    if table.empty:
        display(blocks.paragraph(_say("none", lang)))
        return
    names = [now.rubric.indicator(name).name[lang] for name in table.index]
    display(charts.losses(names, list(table["mean"]), lang, "pages.summary.losses_alt"))
    columns = [
        Column(translate("pages.table.indicator", lang)),
        Column(_say("mean_loss", lang), True),
        Column(_say("full", lang), True),
    ]
    rows = [
        [name, mean_text(row["mean"]), f"{int(row['full'])} / {int(row['size'])}"]
        for name, (_, row) in zip(names, table.iterrows())
    ]
    display(blocks.table(columns, rows, lang))


def counties(now: Assessment, lang: str) -> None:
    """The counties by their mean total, the best first."""
    found = province.counties(now)
    columns = [Column(translate("pages.index.county", lang)), Column(_say("count", lang), True)]
    columns += [Column(_say(key, lang), True) for key in ("mean", "high", "low", "best")]
    rows = [
        [
            name,
            int(row["teams"]),
            mean_text(row["mean"]),
            points_text(row["high"]),
            points_text(row["low"]),
            int(row["best"]),
        ]
        for name, row in found.iterrows()
    ]
    display(blocks.heading("summary.counties", lang), blocks.table(columns, rows, lang))


def ranking(now: Assessment, lang: str) -> None:
    """Every team with points, rank and grade."""
    names, grades = now.data.teams(), {grade.id: grade.name[lang] for grade in now.rubric.grades.bands}
    columns = [
        Column(translate("pages.index.rank", lang), True),
        Column(translate("pages.index.team", lang)),
        Column(translate("pages.index.county", lang), short=True),
        *(Column(dimension.name[lang], True) for dimension in now.rubric.dimensions),
        Column(translate("pages.index.total", lang), True),
        Column(translate("pages.index.grade", lang), short=True),
    ]
    rows = []
    for team, score in now.scores.sort_values("overall_rank", kind="stable").iterrows():
        grade = grades[score["grade"]] + (
            f"（{translate('pages.card.provisional', lang)}）" if score["provisional"] else ""
        )
        cells = [points_text(score[dimension.id]) for dimension in now.rubric.dimensions]
        rows.append(
            [
                score["rank"],
                names.at[team, "name"],
                names["county"].fillna("")[team],
                *cells,
                points_text(score["total"]),
                grade,
            ]
        )
    display(blocks.heading("summary.ranking", lang), blocks.table(columns, rows, lang))


def commendation(now: Assessment, lang: str) -> None:
    """The three commendation lists: teams, members (masked, with their number), units."""
    names, rubric = now.data.teams(), now.rubric
    display(blocks.heading("summary.commendation", lang))
    teams = recognition.commended_teams(now)
    rows = [
        [row["rank"], names.at[team, "name"], names.at[team, "unit_name"], points_text(row["total"])]
        for team, row in teams.iterrows()
    ]
    columns = [
        Column(translate("pages.index.rank", lang), True),
        Column(_say("teams", lang)),
        Column(_say("units", lang)),
        Column(translate("pages.index.total", lang), True),
    ]
    display(_subheading(_say("teams", lang)), blocks.table(columns, rows, lang))
    display(*_quotas("teams", recognition.team_quotas(rubric, now.scores), now, lang))
    if rubric.commendation and rubric.commendation.members:
        ranked_on = rubric.commendation.members.rank_on
        members, quotas = recognition.member_choice(now)
        rows = [
            [
                row["place"],
                f"{mask(row['name'], 'name')}（{row['member_id']}）",
                names.at[row["team_id"], "name"],
                *(_measured(now, name, row[name], lang) for name in ranked_on),
            ]
            for _, row in members.iterrows()
        ]
        columns = [Column(_say("place", lang), True), Column(_say("member", lang)), Column(_say("teams", lang))]
        columns += [Column(rubric.indicator(name).name[lang], True) for name in ranked_on]
        display(_subheading(_say("members", lang)), blocks.table(columns, rows, lang))
        display(*_quotas("members", quotas, now, lang))
    if rubric.commendation and rubric.commendation.units:
        units, quotas = recognition.unit_choice(now)
        rows = [[unit.unit_name, len(unit.teams), f"{unit.share:.1%}"] for unit in units.itertuples()]
        columns = [
            Column(_say("units", lang)),
            Column(_say("team_count", lang), True),
            Column(_say("support_share", lang), True),
        ]
        display(_subheading(_say("units", lang)), blocks.table(columns, rows, lang))
        display(*_quotas("units", quotas, now, lang))
    display(blocks.caption(_say("rules_note", lang, rubric=f"{rubric.id} {rubric.version}")))


def rectification(now: Assessment, lang: str) -> None:
    """Who is asked to rectify: reasons, what must change, by when."""
    rubric = now.rubric
    rows = []
    for row in recognition.rectification(now).itertuples():
        reasons = translate("pages.semicolon", lang).join(_why(now, why, lang) for why in row.why)
        change = translate("pages.comma", lang).join(rubric.indicator(name).name[lang] for name in row.indicators)
        rows.append([_say(f"kind_{row.kind}", lang), row.name, reasons, change, row.deadline])
    columns = [
        Column(_say(key, lang), short=key in ("kind", "deadline"))
        for key in ("kind", "name", "reasons", "must_change", "deadline")
    ]
    display(blocks.heading("summary.rectification", lang), blocks.table(columns, rows, lang))


def missing(now: Assessment, lang: str) -> None:
    """Which teams lack evidence for what."""
    names = now.data.teams()["name"]
    weighty = [indicator.id for indicator in now.rubric.indicators() if indicator.weight > 0]
    counted = now.points[(now.points["status"] == NO_EVIDENCE) & now.points["indicator"].isin(weighty)]
    rows = []
    for team, points in counted.groupby("team_id"):
        lacking = translate("pages.comma", lang).join(
            now.rubric.indicator(name).name[lang] for name in points["indicator"]
        )
        score = now.scores.loc[team]
        rows.append([names[team], lacking, f"{points_text(score['lowest'])}–{points_text(score['highest'])}"])
    columns = [
        Column(_say("teams", lang)),
        Column(_say("missing", lang)),
        Column(translate("pages.card.range", lang), True),
    ]
    display(blocks.heading("summary.missing", lang), blocks.table(columns, rows, lang))
    display(blocks.heading("section.method", lang), blocks.method(now, lang))


def _quotas(kind: str, quotas, now: Assessment, lang: str) -> list[blocks.Block]:
    """Quotas and ties in words, a line under a list."""
    names = now.data.teams()["name"].to_dict()
    words = quota_words(kind, quotas, now.rubric, lambda id: names.get(id, id), lang)
    return [blocks.caption(("" if lang == "zh" else " ").join(words))] if words else []


def _say(key: str, lang: str, **values) -> str:
    return translate(f"pages.summary.{key}", lang, **values)


def _subheading(words: str) -> blocks.Block:
    return blocks.Block(str(Markup('<div class="sc"><h3>{}</h3></div>').format(words)), words)


def _measured(now: Assessment, name: str, value, lang: str) -> str:
    return value_text(value, unit_of(now.rubric.indicator(name)), lang)


def _why(now: Assessment, why: tuple, lang: str) -> str:
    if why[0] == "grade":
        grade = next(grade for grade in now.rubric.grades.bands if grade.id == why[1])
        vetoes = [veto.name[lang] for veto in now.rubric.veto if veto.id in why[2:]]
        return _say("why_grade", lang, grade=grade.name[lang]) + (
            f"（{translate('pages.comma', lang).join(vetoes)}）" if vetoes else ""
        )
    dimension = next(dimension for dimension in now.rubric.dimensions if dimension.id == why[1])
    return _say("why_below", lang, dimension=dimension.name[lang], share=f"{why[2]:.1%}", limit=f"{why[3]:.0%}")


def _shares(sums: pd.DataFrame) -> pd.Series:
    counted = sums[sums["weight"] > 0]
    return (counted["points"] / counted["weight"]).astype(float)
