"""The workbook that a county fills in: a sheet per table, with drop-downs, checks and its teams and villages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from assess_lib.tables.columns import Column
from assess_lib.tables.keys import OF_PROVINCE, REFERENCES, ROW_KEYS, TEAM_LINKS
from assess_lib.tables.reading.grid import letters
from assess_lib.tables.safe_workbook import width_of, workbook
from assess_lib.tables.schemas import SCHEMAS, code_words, label
from assess_lib.tables.template_mark import TemplateMark, template_version
from assess_lib.words import in_language, translate

FILLED = ("teams", "villages")
ROWS = 20_000  # that carry formats and checks
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}
MOST = 1e12  # of a number without bounds


def write_template(
    path: str | Path, year: int, roster: Mapping[str, pd.DataFrame], county: str = "", lang: str = "zh"
) -> Path:
    """Write the workbook of a county, or without one that of the province, with the tables that stand for all counties.

    Parameters
    ----------
    path : put in place when whole.
    roster : ``teams`` and ``villages`` of the county (columns of the tables), which are filled in.

    Raises OSError.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    place = county or translate("pages.template.province", lang)
    with workbook(path, translate("pages.template.title", lang, county=place, year=year)) as book:
        for name, value in TemplateMark(year, county, template_version()).properties().items():
            book.set_custom_property(name, value, "text")
        _instructions(book, year, county, lang, _prefix(roster, lang))
        tables = [name for name in SCHEMAS if (name in OF_PROVINCE) != bool(county)]
        for name in tables:
            _Sheet(book, name, year, lang, tables, roster).write()
    return path


def _prefix(roster: Mapping[str, pd.DataFrame], lang: str) -> str:
    """The code of the county with which its identifiers begin: that of its villages' divisions, else an example."""
    codes = (
        roster.get("villages", pd.DataFrame())
        .get("division_code", pd.Series(dtype="str"))
        .dropna()
        .astype("str")
        .str[:6]
    )
    return str(codes.iloc[0]) if codes.nunique() == 1 else translate("pages.template.county_code", lang)


def _instructions(book: xlsxwriter.Workbook, year: int, county: str, lang: str, prefix: str) -> None:
    sheet = book.add_worksheet(translate("pages.template.instructions", lang))
    title = book.add_format({"bold": True, "font_size": 15})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    place = county or translate("pages.template.province", lang)
    sheet.write_string(0, 0, translate("pages.template.title", lang, county=place, year=year), title)
    rules = "pages.template.rules" if county else "pages.template.rules_of_province"
    for row, line in enumerate(translate(rules, lang, year=year, prefix=prefix).splitlines(), start=2):
        sheet.write_string(row, 0, line, plain)
    sheet.set_column(0, 0, 96)
    sheet.hide_gridlines(2)


class _Sheet:
    """One table as a sheet to be filled in."""

    def __init__(
        self,
        book: Workbook,
        name: str,
        year: int,
        lang: str,
        tables: list[str],
        roster: Mapping[str, pd.DataFrame],
    ):
        self._book, self._name, self._year, self._lang, self._tables = book, name, year, lang, tables
        self._rows = roster.get(name, pd.DataFrame())
        self._roster = roster
        self._sheet = book.add_worksheet(label(name, lang))
        self._columns = [column for column in SCHEMAS[name].columns if column != "year" or name == "benchmarks"]

    def write(self) -> None:
        heads = {
            needed: self._book.add_format(
                {
                    "bold": True,
                    "text_wrap": True,
                    "valign": "vcenter",
                    "border": 1,
                    "border_color": "#98A2AE",
                    "bg_color": "#D0E2F0" if needed else "#EEF1F4",
                }
            )
            for needed in (True, False)
        }
        for place, column in enumerate(self._columns):
            spec = SCHEMAS[self._name].columns[column]
            linked = self._name == "teams" and column in dict(TEAM_LINKS).values()
            needed = column in ROW_KEYS[self._name] or not spec.nullable or linked
            heading = ("*" if needed else "") + label(self._name, self._lang, column) + self._unit(spec)
            self._sheet.write_string(0, place, heading, heads[needed])
            shown = [heading, *(str(value) for value in self._rows.get(column, ()) if not pd.isna(value))]
            self._sheet.set_column(place, place, width_of(shown, least=11, most=34), self._format(spec))
            self._check(place, column, spec)
        for row, line in enumerate(self._rows.itertuples(index=False), start=1):
            for column, value in zip(self._rows.columns, line):
                if column in self._columns and not pd.isna(value):
                    self._fill(row, column, value)
        self._sheet.set_row(0, 34)
        self._sheet.freeze_panes(1, 1)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&L&A&R&P / &N")

    def _unit(self, spec: Column) -> str:
        unit = spec.metadata.get("unit", "")
        return (
            {"yuan": "（元）", "km": "（公里）"}.get(unit, "") if self._lang == "zh" else f" ({unit})" if unit else ""
        )

    def _format(self, spec: Column) -> Format:
        forms = {"date": "yyyy-mm-dd", "number": "General", "whole": "0"}
        return self._book.add_format({"num_format": forms.get(spec.metadata["kind"], "@")})  # text keeps every digit

    def _words(self, column: str) -> dict[str, str]:
        """The words that the list of a column offers for its codes; a list is split at commas, so that none has one."""
        spoken, chinese = (code_words(self._name, column, lang) for lang in (self._lang, "zh"))
        return {code: chinese[code] if "," in word else word for code, word in spoken.items()}

    def _fill(self, row: int, column: str, value: Any) -> None:
        place, spec = self._columns.index(column), SCHEMAS[self._name].columns[column]
        kind, form = spec.metadata["kind"], self._format(spec)
        if kind == "date":
            self._sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime(), form)
        elif kind == "yes_no":
            self._sheet.write_string(row, place, in_language(YES_NO, self._lang)[not value], form)
        elif kind == "code":
            self._sheet.write_string(row, place, self._words(column)[value], form)
        elif kind in ("number", "whole"):
            self._sheet.write_number(row, place, float(value), form)
        else:
            self._sheet.write_string(row, place, str(value), form)

    def _check(self, place: int, column: str, spec: Column) -> None:
        """Let Excel and WPS refuse what a column cannot hold, with a message under the column's name."""
        about, goal = spec.metadata, REFERENCES.get(self._name, {}).get(column)
        message = {
            "error_title": label(self._name, self._lang, column)[:32],
            "error_message": translate("pages.template.not_allowed", self._lang),
        }
        allowed: dict[str, Any]
        if about["kind"] == "code":
            allowed = {"validate": "list", "source": list(self._words(column).values())}
        elif about["kind"] == "yes_no":
            allowed = {"validate": "list", "source": list(in_language(YES_NO, self._lang))}
        elif about["kind"] == "date":
            first = datetime.date(self._year if about.get("in_year") else 1990, 1, 1)
            last = datetime.date(self._year if about.get("in_year") else 2100, 12, 31)
            words = translate("pages.template.dates", self._lang, first=first, last=last)
            allowed = {
                "validate": "date",
                "criteria": "between",
                "minimum": first,
                "maximum": last,
                "input_message": words,
            }
        elif about["kind"] in ("number", "whole"):
            kind = "integer" if about["kind"] == "whole" else "decimal"
            allowed = {
                "validate": kind,
                "criteria": "between",
                "minimum": -MOST if spec.low is None else spec.low,
                "maximum": MOST if spec.high is None else spec.high,
            }
        elif goal in FILLED and goal in self._tables and len(self._roster.get(goal, ())) and goal != self._name:
            last_row = len(self._roster[goal]) + 1
            key = list(SCHEMAS[goal].columns).index(ROW_KEYS[goal][0])
            source = f"='{label(goal, self._lang)}'!${letters(key)}$2:${letters(key)}${last_row}"
            allowed = {"validate": "list", "source": source}
        elif goal in self._tables and goal != self._name and goal not in FILLED:
            key = list(SCHEMAS[goal].columns).index(ROW_KEYS[goal][0])  # what is typed there is offered here
            source = f"='{label(goal, self._lang)}'!${letters(key)}$2:${letters(key)}${ROWS}"
            allowed = {"validate": "list", "source": source, "error_type": "warning"}
        else:
            return
        self._sheet.data_validation(1, place, ROWS, place, allowed | message)
