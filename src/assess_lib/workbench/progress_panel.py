"""Progress of the review, assignment of teams, declarations of interest."""

from __future__ import annotations

import re

import ipywidgets as w
import pandas as pd
from itables.widget import ITable

from assess_lib.ledger.entries import Assign
from assess_lib.ledger.state import STATES
from assess_lib.pages import blocks
from assess_lib.words import translate
from assess_lib.workbench.controls import NARROW, Notice, button, paged, performed, row, table, wide
from assess_lib.workbench.panel import Bench, Change


class ProgressPanel:
    """Shows how far the review is; assigns teams to evaluators and takes declarations of interest."""

    def __init__(self, app: Bench) -> None:
        self._app, lang = app, app.lang

        def word(key: str) -> str:
            return translate(f"workbench.progress.{key}", lang)

        self._html = w.HTML(layout=wide())
        self.notice = Notice(layout=wide())
        counties = app.session.search.counties
        self.which = w.ToggleButtons(
            options=[(word("county"), "county"), (word("listed"), "listed")],
            description=word("which"),
            style={"button_width": "auto", **NARROW},
        )
        self.county = w.Dropdown(
            options=counties,
            description=translate("workbench.bar.county", lang),
            layout=w.Layout(width="200px"),
            style=NARROW,
        )
        self.ids = w.Text(
            description=word("ids"), placeholder=word("ids_hint"), layout=w.Layout(width="330px"), style=NARROW
        )
        self.to = w.Text(
            description=word("to"),
            placeholder=translate("workbench.bar.evaluator_hint", lang),
            layout=w.Layout(width="180px"),
            style=NARROW,
        )
        units = app.session.review.computed.data.tables["units"][["unit_id", "name"]].astype(object).fillna("")
        self._units = {
            f"{row.name or row.unit_id}（{row.unit_id}）": row.unit_id for row in units.itertuples(index=False)
        }
        self.unit = w.Combobox(
            options=tuple(self._units),
            description=word("unit"),
            ensure_option=True,
            layout=w.Layout(width="380px"),
            style=NARROW,
        )
        self.which.observe(lambda _: self._show_fields(), "value")
        form = w.VBox(
            [
                row(self.which, self.county, self.ids, self.to, button(word("assign"), self._assign, "primary")),
                row(self.unit, button(word("interest"), self._declare), w.Label(word("interest_note"))),
                self.notice,
            ]
        )
        form.add_class("wb-form")
        self._board: pd.DataFrame = pd.DataFrame()
        self.teams: ITable | None = None
        self._team_table = w.VBox()
        self.widget = w.VBox([self._html, form, self._team_table], layout=w.Layout(width="100%", padding="6px 4px"))
        self._show_fields()

    def show(self) -> None:
        """Show the counts and the list of teams as they now stand."""
        app, lang = self._app, self._app.lang
        review = app.session.review
        nobody = translate("workbench.progress.unassigned", lang)
        tables = []
        for key, column in (("by_county", "county"), ("by_evaluator", "assigned")):
            counts = review.progress_by(column)
            states = [translate(f"workbench.progress.state.{state}", lang) for state in STATES]
            columns = [
                blocks.Column(translate(f"workbench.progress.{key}", lang)),
                *(blocks.Column(state, True) for state in states),
            ]
            tables.append(
                blocks.table(
                    columns, [(name or nobody, *row) for name, row in zip(counts.index, counts.to_numpy())], lang
                ).html
            )
        self._html.value = f'<div class="wb-pair"><section>{tables[0]}</section><section>{tables[1]}</section></div>'
        self._board = review.progress()
        frame = pd.DataFrame(
            {
                translate("workbench.progress.ids", lang): self._board.index,
                translate("workbench.bar.team", lang): self._board["name"].to_numpy(),
                translate("workbench.bar.county", lang): self._board["county"].to_numpy(),
                translate("workbench.progress.assigned", lang): self._board["assigned"].to_numpy(),
                translate("workbench.progress.stage", lang): [
                    translate(f"pages.review.stage.{stage}", lang) for stage in self._board["stage"]
                ],
                translate("pages.review.status", lang): [
                    translate(f"workbench.progress.state.{state}", lang) for state in self._board["state"]
                ],
                translate("workbench.progress.waiting", lang): self._board["waiting"].to_numpy(),
            }
        )
        label = translate("workbench.progress.teams", lang)
        if self.teams is None or not frame.equals(self.teams.df):
            self.teams = table(frame, lang, label, select="single", **paged(20))
            self.teams.observe(self._open, "selected_rows")
            self._team_table.children = [self.teams]
        elif self.teams.selected_rows:
            self.teams.selected_rows = []

    def _show_fields(self) -> None:
        by_county = self.which.value == "county"
        self.county.layout.display, self.ids.layout.display = ("", "none") if by_county else ("none", "")

    def _open(self, change: Change) -> None:
        if change["new"]:
            self._app.go(self._board.index[change["new"][0]], tab=0)

    def _assign(self) -> None:
        app = self._app

        def act() -> str:
            review, to = app.session.review, self.to.value
            if self.which.value == "county":
                record = review.assign_county(self.county.value, to, app.evaluator())
            else:
                record = review.assign(
                    [name for name in re.split(r"[\s,，、;；]+", self.ids.value) if name], to, app.evaluator()
                )
            assignment = record.entry
            assert isinstance(assignment, Assign)
            return translate("workbench.progress.given", app.lang, count=len(assignment.teams), to=assignment.to)

        if performed(act, self.notice, app.lang):
            app.changed()

    def _declare(self) -> None:
        app = self._app

        def act() -> str:
            unit = self._units.get(self.unit.value, self.unit.value)
            record = app.session.review.declare(app.evaluator(), unit)
            return translate("workbench.progress.declared", app.lang, by=record.entry.by, unit=self.unit.value)

        performed(act, self.notice, app.lang)
