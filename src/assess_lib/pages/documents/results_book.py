"""The results as a workbook for offices: all teams, their points, the lists of the circular, counties, and the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format

from assess_lib.pages.documents.circular import Circular
from assess_lib.pages.documents.sheets import CELL, FRAME, HEAD, print_landscape
from assess_lib.records.record import Record
from assess_lib.scorecard.rubric_words import grade_labels
from assess_lib.scorecard.wording import earned_text, path_rule_text, rule_text, target_text, unit_of
from assess_lib.tables.safe_workbook import sheet_name, width_of, without_controls, workbook
from assess_lib.words import translate

POINTS = "0.00"
WIDE = 24  # columns that still fit on the width of a page
Row = Sequence[str | int | float | None]
Content = tuple[list[str], list[str], Sequence[Row]]  # headings, formats of the columns by name, rows
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def write_results_book(path: Path, record: Record, made: Circular, lang: str) -> Path:
    """Write the workbook; put in place when whole. Raises OSError.

    Sheets: all teams with totals and focal points; points per indicator; each list of the circular; counties; the rules.
    Of a draft the first has a line above its heading that says so, and each has it at the head of its printed pages.
    """

    def word(key: str) -> str:
        return _word(key, lang)

    with workbook(path, translate("book.title", lang, year=record.year)) as book:
        formats = {
            "head": book.add_format(HEAD),
            "text": book.add_format(CELL),
            "long": book.add_format(CELL | {"text_wrap": True}),
            "right": book.add_format(CELL | {"align": "right"}),
            "points": book.add_format(FRAME | {"num_format": POINTS}),
            "count": book.add_format(FRAME | {"num_format": "0"}),
            "draft": book.add_format({"bold": True, "font_color": "#A63F00", "valign": "vcenter"}),
        }
        taken: set[str] = set()
        rows: list[Row]

        def sheet(name: str, heads: Sequence[str], kinds: Sequence[str], rows: Sequence[Row], frozen: int) -> None:
            note = made.draft.text if made.draft and not taken else ""
            _sheet(book, formats, sheet_name(name, taken), heads, kinds, rows, frozen, note)
            if made.draft:
                book.worksheets()[-1].set_header(f"&C&B{made.draft.text}")

        sheet(word("teams"), *_teams(record, lang), 3)
        sheet(word("points"), *_points(record, lang), 3)
        for table in made.tables:
            kinds = ["right" if column.number else "long" for column in table.columns]
            rows = [
                [_number(text) if kind == "right" else text for text, kind in zip(row, kinds)] for row in table.rows
            ]
            sheet(table.name, [column.name for column in table.columns], kinds, rows, 1)
        counties = record.lists.province.counties
        rows = [(one.county, one.teams, float(one.mean), float(one.high), float(one.low), one.best) for one in counties]
        best = translate("book.best", lang, grade=record.rubric.grades.bands[0].label(lang))
        heads = [*(word(key) for key in ("county", "count", "mean", "high", "low")), best]
        sheet(word("counties"), heads, ["text", "count", "points", "points", "points", "count"], rows, 1)
        sheet(word("rubric"), *_rules(record, lang), 3)
    return path


def _teams(record: Record, lang: str) -> Content:
    grades = grade_labels(record.rubric, lang)
    dimensions = record.rubric.dimensions
    heads = [
        _word(key, lang)
        for key in (
            "rank",
            "team_id",
            "team",
            "unit",
            "village",
            "county",
            "area",
            "unit_type",
            "total",
            "grade",
            "provisional",
            "change",
            "stage",
        )
    ]
    heads += [dimension.name[lang] for dimension in dimensions]
    kinds = ["count", *["text"] * 7, "points", "text", "text", "points", "text", *["points"] * len(dimensions)]
    scores, names = record.scores.to_dict("index"), record.teams.to_dict("index")
    before = {} if record.before is None else record.before["total"].to_dict()
    rows = []
    for team in record.overviews()[0].order:
        score, name = scores[team], names[team]
        change = round(score["total"] - before[team], 2) if team in before else None
        rows.append(
            (
                int(score["rank"]),
                team,
                name["name"],
                name["unit_name"],
                name["village_name"],
                name["county"],
                name["area"],
                name["unit_type"],
                float(score["total"]),
                grades[score["grade"]],
                _word("yes", lang) if score["provisional"] else "",
                change,
                translate(f"pages.review.stage.{score['stage']}", lang),
                *(
                    earned_text(score[each.id], lang) if score[each.id] != score[each.id] else float(score[each.id])
                    for each in dimensions
                ),
            )
        )
    return heads, kinds, rows


def _points(record: Record, lang: str) -> Content:
    table = record.points.pivot(index="team_id", columns="indicator", values="points")
    names = {indicator.id: indicator.name[lang] for indicator in record.rubric.indicators()}
    names |= {
        f"{group.id}:held": translate("pages.table.held", lang, group=group.name[lang])
        for dimension in record.rubric.dimensions
        for group in dimension.groups
    }
    shown = [name for name in names if name in table]
    order = record.overviews()[0].order
    values, teams, totals = (
        table[shown].reindex(order).to_numpy().tolist(),
        record.teams["name"],
        record.scores["total"],
    )
    rows = [
        (team, teams[team], float(totals[team]), *(None if point != point else point for point in line))
        for team, line in zip(order, values)
    ]
    heads = [_word("team_id", lang), _word("team", lang), _word("total", lang), *(names[name] for name in shown)]
    return heads, ["text", "text", "points", *["points"] * len(shown)], rows


def _rules(record: Record, lang: str) -> Content:
    heads = [
        _word(key, lang)
        for key in (
            "dimension",
            "group",
            "indicator",
            "id",
            "weight",
            "target",
            "rule",
            "missing",
            "basis",
            "section",
            "clause",
        )
    ]
    rows = []
    for dimension in record.rubric.dimensions:
        for group in dimension.groups:
            for one in group.indicators:
                unit = unit_of(one)
                rows.append(
                    (
                        dimension.name[lang],
                        group.name[lang],
                        one.name[lang],
                        one.id,
                        float(one.weight),
                        target_text(one.score, one.weight, unit, lang),
                        rule_text(one.score, one.weight, unit, lang) + path_rule_text(one, lang),
                        translate(f"book.without.{one.missing}", lang),
                        translate(f"pages.table.{one.basis}", lang),
                        one.clause.section,
                        one.clause.words,
                    )
                )
    return heads, ["text", "text", "text", "text", "points", "text", "long", "text", "text", "text", "long"], rows


def _sheet(
    book: xlsxwriter.Workbook,
    formats: dict[str, Format],
    name: str,
    heads: Sequence[str],
    kinds: Sequence[str],
    rows: Sequence[Row],
    frozen: int,
    note: str,
) -> None:
    """Write a sheet with a frozen heading, filters and print set-up.

    Parameters: ``kinds`` the format of each column, by name; ``frozen`` how many columns stay in sight;
    ``note`` a line above the heading, blank for none.
    """
    sheet = book.add_worksheet(name)
    top = 1 if note else 0  # the row of the heading
    if note:
        sheet.write_string(0, 0, without_controls(note), formats["draft"])
    sheet.write_row(top, 0, [without_controls(head) for head in heads], formats["head"])
    for number, row in enumerate(rows, start=top + 1):
        for at, (value, kind) in enumerate(zip(row, kinds)):
            if value is None or value == "":
                sheet.write_blank(number, at, None, formats[kind])
            elif isinstance(value, str):
                sheet.write_string(number, at, without_controls(value), formats[kind])
            else:
                sheet.write_number(number, at, value, formats[kind])
    numeric = {"points", "count"}
    for at, (head, kind) in enumerate(zip(heads, kinds)):
        texts = [] if kind in numeric else [str(row[at] or "") for row in rows]
        sheet.set_column(at, at, 11 if kind in numeric else width_of([head, *texts], most=60 if kind == "long" else 34))
    sheet.set_row(top, 48)
    sheet.freeze_panes(top + 1, frozen)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(heads) - 1)
    print_landscape(sheet, top)
    if len(heads) > WIDE:
        sheet.set_print_scale(60)
        sheet.repeat_columns(0, frozen - 1)


def _word(key: str, lang: str) -> str:
    return translate(f"book.{key}", lang)


def _number(text: str) -> str | float:
    """A number where a text is one, so that it can be added up."""
    return float(text) if _NUMBER.fullmatch(text) else text
