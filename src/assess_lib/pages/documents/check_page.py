"""The findings of a check as a page, and as a workbook with a sheet for each county to send back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from assess_lib.faults import ERROR, SEVERITIES, Fault
from assess_lib.pages.template_page import render_page
from assess_lib.path_redaction import without_addresses
from assess_lib.tables.checks.receipt import ReceiptLine
from assess_lib.tables.checks.report import Count, Report, county_of
from assess_lib.tables.safe_workbook import sheet_name, width_of, workbook
from assess_lib.tables.schemas import SCHEMAS, label
from assess_lib.words import join_list, translate

PAGE, BOOK = "check.html", "check.xlsx"
ROWS_OF_PAGE, ROWS_OF_A_KIND = 5_000, 500  # so that what is frequent leaves room for the rest
COLOURS = {"error": "#FDF1EB", "warning": "#FFF8EA", "note": "#F4F6F8"}
RECEIPT = ("county", "table", "file", "found", "used", "not_used", "again", "before", "units", "sums", "absent")
ENTRIES = ("causes", "repeated")  # lists of a report, in the order in which a county's sheet has them
COUNTS = ("found", "used", "not_used", "again", "before")
HEADS = ("entry", "severity", "file", "sheet", "row", "cell", "column", "team", "value", "wrong", "right", "done")


def check_page(report: Report, lang: str) -> str:
    """The page: how many findings of what severity in which county, and every one of them with its place."""
    counties = [
        {
            "id": f"c{number}",
            "name": _county(name, lang),
            "counts": {s: report.count(s, name).causes for s in SEVERITIES},
        }
        for number, name in enumerate(report.counties)
    ]
    ids = {name: str(county["id"]) for name, county in zip(report.counties, counties)}
    kinds = _kinds(report, ids, lang)
    shown = sum(len(kind["rows"]) for kind in kinds)
    return render_page(
        "check.html.j2",
        lang,
        ["index.css", "check.css"],
        ["filter.js", "check.js"],
        report=report,
        counties=counties,
        receipt=[_receipt_cells(report, line, lang) for line in report.receipt],
        severities=[
            (
                s,
                translate(f"pages.check.counts.{s}", lang),
                report.count(s).causes,
                places_beside(report.count(s), lang),
            )
            for s in SEVERITIES
        ],
        kinds=kinds,
        shown=shown,
        more=len(report.causes) - shown,
    )


def _kinds(report: Report, counties: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """The findings by kind, each with its words, how many there are, and as many as fit the page.

    Those that are alone of their kind stand together behind the others of their severity.

    Parameters: ``counties`` their ids on the page by name.
    """
    found, here = [], _addresses(report)
    for severity in SEVERITIES:
        kinds = [kind for kind in report.kinds if kind[0].severity == severity]
        single = [kind[0] for kind in kinds if len(kind) == 1]
        several = [(_words_of_kind(kind, here, lang), kind) for kind in kinds if len(kind) > 1]
        alone = [(_words_of_kind(single, here, lang), single)] if len(single) == 1 else []
        found += [*several, *alone] if len(single) < 2 else [*several, (translate("pages.check.single", lang), single)]
    told, left = [], ROWS_OF_PAGE
    for words, kind in found:
        rows = [
            _cells(report, fault, lang)
            | {
                "county": counties[county_of(fault)],
                "whose": _county(county_of(fault), lang),
                "name": report.team_names.get(fault.location.team, ""),
            }
            for fault in kind[: min(left, ROWS_OF_A_KIND)]
        ]
        left -= len(rows)
        differ = len({fault.key for fault in kind}) > 1
        told.append({"id": kind[0].severity, "words": words, "count": len(kind), "rows": rows, "alone": differ})
    return [kind for kind in told if kind["rows"]]


def _words_of_kind(kind: Sequence[Fault], here: tuple[Path, ...], lang: str) -> str:
    causes = {fault.cause(lang) for fault in kind}
    return without_addresses(causes.pop() if len(causes) == 1 else kind[0].kind(lang), here)


def _addresses(report: Report) -> tuple[Path, ...]:
    """The data folder as it may stand in what a reader says."""
    return Path(report.data).absolute(), Path(report.data).resolve()


def places_beside(count: Count, lang: str) -> str:
    """In how many places the causes show, in brackets; empty where each stands in one place."""
    return translate("pages.check.places", lang, count=count.places) if count.places > count.causes > 0 else ""


def write_book(path: Path, report: Report, lang: str) -> Path:
    """The workbook: a sheet that sums up, and one for each county. Put in place when whole. Raises OSError."""
    with workbook(path, translate("pages.check.title", lang, year=report.year)) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EAF2F8", "border": 1, "border_color": "#D5DAE0"})
        _summary(book, bold, report, lang)
        taken = {translate("pages.check.summary", lang).lower(), translate("pages.check.receipt", lang).lower()}
        if report.receipt:
            _receipt(book, bold, report, lang)
        lists = [(name, _by_county(getattr(report, name))) for name in ENTRIES]
        for county in report.counties:
            entries = [(name, fault) for name, faults in lists for fault in faults.get(county, [])]
            _sheet(book, bold, sheet_name(_county(county, lang), taken), report, entries, lang)
    return path


def _summary(book: xlsxwriter.Workbook, bold: Format, report: Report, lang: str) -> None:
    sheet = book.add_worksheet(translate("pages.check.summary", lang))
    words = [translate("pages.check.county", lang), *(translate(f"faults.severity.{s}", lang) for s in SEVERITIES)]
    sheet.write_row(0, 0, words, bold)
    for line, county in enumerate(report.counties, start=1):
        sheet.write_string(line, 0, _county(county, lang))
        for at, severity in enumerate(SEVERITIES, start=1):
            sheet.write_number(line, at, report.count(severity, county).causes)
    sheet.set_column(0, 0, 24)
    sheet.freeze_panes(1, 0)


def _receipt(book: xlsxwriter.Workbook, bold: Format, report: Report, lang: str) -> None:
    sheet = book.add_worksheet(translate("pages.check.receipt", lang))
    words = [translate(f"pages.check.{head}", lang) for head in RECEIPT]
    sheet.write_row(0, 0, words, bold)
    lines = [_receipt_cells(report, line, lang) for line in report.receipt]
    for row, line in enumerate(lines, start=1):
        for at, head in enumerate(RECEIPT):
            write = sheet.write_number if head in COUNTS and line[head] != "" else sheet.write_string
            write(row, at, line[head])
    for at, head in enumerate(RECEIPT):
        sheet.set_column(at, at, width_of([words[at], *(str(line[head]) for line in lines)]))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _receipt_cells(report: Report, line: ReceiptLine, lang: str) -> dict[str, Any]:
    """A line of the receipt in the words of the report."""
    names = {column: label(line.table, lang, column) for column in SCHEMAS[line.table].columns}
    understood = [
        f"{names[column]}：{unit}" if lang == "zh" else f"{names[column]}: {unit}"
        for column, unit in line.units.items()
        if unit
    ]
    return {
        "county": _county(line.county, lang) if line.county else translate("pages.check.every_county", lang),
        "table": label(line.table, lang),
        "file": report.file_of(line),
        "sheet": line.sheet,
        "found": line.rows,
        "used": line.used,
        "not_used": line.set_aside,
        "again": line.again,
        "before": "" if line.before is None else line.before,
        "units": join_list(understood, lang),
        "sums": join_list((f"{names[column]} {total:,.2f}" for column, total in line.sums.items()), lang),
        "absent": join_list((names[column] for column in line.absent), lang),
    }


def _by_county(faults: list[Fault]) -> dict[str, list[Fault]]:
    of: dict[str, list[Fault]] = {}
    for fault in faults:
        of.setdefault(county_of(fault), []).append(fault)
    return of


def _sheet(
    book: xlsxwriter.Workbook, bold: Format, name: str, report: Report, entries: list[tuple[str, Fault]], lang: str
) -> None:
    """A county's sheet: the causes, then every other place that shows one of them."""
    sheet = book.add_worksheet(name)
    words = [translate(f"pages.check.{head}", lang) for head in HEADS]
    sheet.write_row(0, 0, words, bold)
    lines = [
        [
            translate(f"pages.check.entries.{kind}", lang),
            *(str(_cells(report, fault, lang)[head]) for head in HEADS[1:-1]),
        ]
        for kind, fault in entries
    ]
    formats = {
        severity: book.add_format(
            {"bg_color": colour, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#E6E9ED"}
        )
        for severity, colour in COLOURS.items()
    }
    for row, ((_, fault), line) in enumerate(zip(entries, lines), start=1):
        for at, text in enumerate([*line, ""]):
            sheet.write_string(row, at, text, formats[fault.severity])
    for at in range(len(HEADS)):
        sheet.set_column(
            at, at, width_of([words[at], *(line[at] for line in lines)] if at < len(HEADS) - 1 else ["一" * 10])
        )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cells(report: Report, fault: Fault, lang: str) -> dict[str, Any]:
    """A finding in the words of the report."""
    location = fault.location
    column = label(location.table, lang, location.column) if location.table and location.column else ""
    table = label(location.table, lang) if location.table and not location.sheet else ""
    here = _addresses(report)
    return {
        "severity": translate(f"faults.severity.{fault.severity}", lang),
        "file": report.file_of(fault),
        "sheet": location.sheet or table,
        "row": location.row or "",
        "cell": location.cell,
        "column": column,
        "where": " ".join(part for part in (fault.where(lang),) if part),
        "team": location.team,
        "value": fault.short_value(),
        "wrong": without_addresses(fault.cause(lang), here),
        "right": without_addresses(fault.remedy(lang), here),
        "grave": fault.severity == ERROR and not fault.of_row,
    }


def _county(name: str, lang: str) -> str:
    return name or translate("pages.check.nobody", lang)
