"""The list of all teams: one page that searches, filters and sorts without a server."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assess_lib.pages import charts
from assess_lib.pages.blocks import TEMPLATES, Column, environment
from assess_lib.pages.export import content_hash, with_font
from assess_lib.results.finding import findable
from assess_lib.results.overview import Overview
from assess_lib.results.scorecard import tone_of
from assess_lib.words import say

HEAT_STEPS = (0.5, 0.7, 0.8, 0.9)


def index_page(
    now: Overview,
    before: Overview | None,
    lang: str,
    made: Collection[str],
    failed: Sequence[str] = (),
    summary: str = "",
) -> str:
    """The index page.

    Parameters: the overviews of the year and the year before, the language, the teams whose page exists (``teams/<id>.html``),
    sentences on those that failed, the relative address of the summary. Teams stand in order of
    rank; those that were neither made nor failed are listed without a link.
    """
    made_page = environment().get_template("index.html.j2")
    macros = environment().get_template("macros.j2").module
    script = _asset("filter.js") + "\n" + _asset("index.js")
    rows = [
        _row(now, before, team, lang, team in made)
        for team in now.scores.sort_values(["standing"], kind="stable").index
    ]
    grades = [
        {"name": grade.name[lang], "count": int((now.scores["grade"] == grade.id).sum())}
        for grade in now.rubric.grades.bands
    ]
    body = made_page.render(
        t=lambda key, **values: say(f"pages.{key}", lang, **values), m=macros, lang=lang, year=now.year,
        html_lang="zh-CN" if lang == "zh" else "en", rubric=now.rubric, fingerprint=now.fingerprint,
        style=_asset("blocks/style.css") + _asset("index.css"), script=script, script_hash=content_hash(script),
        rows=rows, grades=grades, provisional=int(now.scores["provisional"].sum()), failed=failed, summary_href=summary,
        strip=charts.all_totals(now.scores["total"], now.rubric.grades.bands, lang).svg,
        filters=_filters(now, lang), columns=_columns(now, lang),
    )  # fmt: skip
    return with_font(body)


def _row(now: Overview, before: Overview | None, team: str, lang: str, linked: bool) -> dict:
    score, names = now.scores.loc[team], now.teams.loc[team]
    bands = [grade.id for grade in now.rubric.grades.bands]
    grade = now.rubric.grades.bands[bands.index(score["grade"])]
    known = before is not None and team in before.scores.index
    cells = []
    for dimension in now.rubric.dimensions:
        weight = round(float(now.weights.at[team, dimension.id]), 2)
        share = round(float(score[dimension.id]) / weight, 4) if weight else 0.0
        cells.append({"points": score[dimension.id], "share": share, "step": sum(share >= step for step in HEAT_STEPS)})
    return {
        "team_id": team, "rank": int(score["rank"]), "name": names["name"], "unit": names["unit_name"], "county": names["county"],
        "area": names["area"], "unit_type": names["unit_type"], "total": float(score["total"]),
        "share": round(max(0.0, min(100.0, 100 * float(score["total"]) / float(now.rubric.total))), 1),
        "grade": grade.name[lang], "grade_id": grade.id, "grade_place": bands.index(grade.id), "tone": tone_of(bands.index(grade.id), len(bands)), "provisional": bool(score["provisional"]),
        "change": round(float(score["total"] - before.scores.at[team, "total"]), 2) if known else None,
        "dimensions": cells, "href": f"teams/{team}.html" if linked else "",
        "find": findable([team, names["name"], names["unit_name"], names["village_name"], names["county"]]),
    }  # fmt: skip


def _filters(now: Overview, lang: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    found = []
    for name in ("county", "area", "unit_type"):
        values = sorted(str(value) for value in now.scores[name].dropna().unique())
        if len(values) > 1:
            found.append((name, say(f"pages.index.{name}", lang), [(value, value) for value in values]))
    grades = [(grade.id, grade.name[lang]) for grade in now.rubric.grades.bands]
    return [*found, ("grade", say("pages.index.grade", lang), grades)]


def _columns(now: Overview, lang: str) -> list[dict]:
    words = lambda key: say(f"pages.index.{key}", lang)  # noqa: E731
    plain = [
        Column(words("rank"), True), Column(words("team")), Column(words("county")), Column(words("area")), Column(words("unit_type")),
        Column(words("total"), True), Column(words("grade")), Column(words("change"), True),
        *(Column(dimension.name[lang], True) for dimension in now.rubric.dimensions),
    ]  # fmt: skip
    return [{"name": column.name, "number": column.number, "sorted": place == 0} for place, column in enumerate(plain)]


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()
