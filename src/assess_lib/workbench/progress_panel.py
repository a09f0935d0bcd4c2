"""Progress of the review, assignment of teams, declarations of interest."""

from __future__ import annotations

import re
from collections.abc import Iterable

import ipywidgets as w
import pandas as pd
from itables.widget import ITable

from assess_lib.ledger.entries import Assign
from assess_lib.ledger.state import STATES
from assess_lib.pages import blocks
from assess_lib.review.activity import Work, last_judged, last_seen
from assess_lib.words import translate
from assess_lib.workbench.controls import body, button, field, form, paged, perform, row, table, wide
from assess_lib.workbench.panel import Bench, Change, Panel


class ProgressPanel(Panel):
    """Shows how far the review is; assigns teams to evaluators and takes declarations of interest."""

    def __init__(self, app: Bench) -> None:
        super().__init__(app)
        self._html = w.HTML(layout=wide())
        scopes = [(self._word("county"), "county"), (self._word("listed"), "listed")]
        self.scope = field(w.Dropdown, self._word("which"), "190px", options=scopes)
        self.county = field(w.Dropdown, self._bar_word("county"), "200px", options=self._session.search.counties)
        self.ids = field(w.Text, self._word("ids"), "330px", placeholder=self._word("ids_hint"))
        self.to = field(w.Text, self._word("to"), "180px", placeholder=self._bar_word("evaluator_hint"))
        units = self._session.review.computed.data.tables["units"][["unit_id", "name"]].astype(object).fillna("")
        self._units = {
            f"{unit.name or unit.unit_id}（{unit.unit_id}）": unit.unit_id for unit in units.itertuples(index=False)
        }
        self.unit = field(w.Combobox, self._word("unit"), "380px", options=tuple(self._units), ensure_option=True)
        self.scope.observe(lambda _: self._show_fields(), "value")
        self.assign = self._button(self._word("assign"), self._assign, "primary")
        self.declare = button(self._word("interest"), lambda: perform(self._declare, self.notice, self._lang))
        fields = form(
            row(self.scope, self.county, self.ids, self.to, self.assign),
            row(self.unit, self.declare, w.Label(self._word("interest_note"))),
            self.notice,
        )
        self._progress: pd.DataFrame = pd.DataFrame()
        self.teams: ITable | None = None
        self._team_table = w.VBox()
        self.widget = body(self._html, fields, self._team_table)
        self._show_fields()

    def show(self) -> None:
        """Show the counts and the list of teams as they now stand."""
        tables = [self._counts("by_county", "county"), self._counts("by_evaluator", "assigned")]
        self._html.value = f'<div class="wb-pair"><section>{tables[0]}</section><section>{tables[1]}</section></div>'
        progress, state = self._session.review.progress(), self._session.review.review_state
        self._progress = progress
        frame = pd.DataFrame(
            {
                self._word("ids"): progress.index,
                self._bar_word("team"): progress["name"].to_numpy(),
                self._bar_word("county"): progress["county"].to_numpy(),
                self._word("assigned"): progress["assigned"].to_numpy(),
                self._word("stage"): [
                    translate(f"pages.review.stage.{stage}", self._lang) for stage in progress["stage"]
                ],
                translate("pages.review.status", self._lang): [
                    self._word(f"state.{state}") for state in progress["state"]
                ],
                self._word("last_seen"): _last(last_seen(state), progress.index),
                self._word("last_judged"): _last(last_judged(state), progress.index),
                self._word("waiting"): progress["waiting"].to_numpy(),
            }
        )
        if self.teams is None or not frame.equals(self.teams.df):
            self.teams = table(frame, self._lang, self._word("teams"), select="single", **paged(20))
            self.teams.observe(self._open, "selected_rows")
            self._team_table.children = [self.teams]
        elif self.teams.selected_rows:
            self.teams.selected_rows = []

    def _counts(self, key: str, column: str) -> str:
        """A table of the number of teams in each state, by a column of the progress."""
        counts, nobody = self._session.review.progress_by(column), self._word("unassigned")
        columns = [
            blocks.Column(self._word(key)),
            *(blocks.Column(self._word(f"state.{state}"), True) for state in STATES),
        ]
        rows = [(name or nobody, *numbers) for name, numbers in zip(counts.index, counts.to_numpy())]
        return blocks.table(columns, rows, self._lang).html

    def _show_fields(self) -> None:
        by_county = self.scope.value == "county"
        self.county.layout.display, self.ids.layout.display = ("", "none") if by_county else ("none", "")

    def _open(self, change: Change) -> None:
        if change["new"]:
            self._app.go(self._progress.index[change["new"][0]], tab=0)

    def _assign(self) -> str:
        review, to, by = self._session.review, self.to.value, self._app.evaluator()
        if self.scope.value == "county":
            record = review.assign_county(self.county.value, to, by)
        else:
            record = review.assign([team for team in re.split(r"[\s,，、;；]+", self.ids.value) if team], to, by)
        assignment = record.entry
        assert isinstance(assignment, Assign)
        return self._word("given", count=len(assignment.teams), to=assignment.to)

    def _declare(self) -> str:
        unit = self._units.get(self.unit.value, self.unit.value)
        record = self._session.review.declare_interest(self._app.evaluator(), unit)
        return self._word("declared", by=record.entry.by, unit=self.unit.value)

    def _bar_word(self, key: str) -> str:
        return translate(f"workbench.bar.{key}", self._lang)

    def _word(self, key: str, **values: object) -> str:
        return translate(f"workbench.progress.{key}", self._lang, **values)


def _last(works: dict[str, Work], teams: Iterable[str]) -> list[str]:
    """Who worked on each team last, and when."""
    return [f"{works[team].by} {works[team].moment}" if team in works else "" for team in teams]
