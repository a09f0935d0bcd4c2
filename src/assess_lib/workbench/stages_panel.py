"""Stages of the assessment, replies of team and unit, sign-off."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import ipywidgets as w

from assess_lib.ledger.entries import STAGES
from assess_lib.ledger.store import FOLDER
from assess_lib.pages import blocks
from assess_lib.pages.documents.reply_form import write_reply_form
from assess_lib.review.remarks import record_remarks
from assess_lib.review.replies import record_reply
from assess_lib.scorecard.review_lines import remark_lines
from assess_lib.words import translate
from assess_lib.workbench.controls import NARROW, Notice, button, performed, row, wide
from assess_lib.workbench.panel import Bench, Change


class StagesPanel:
    """Moves teams from stage to stage, records objections and answers, signs off."""

    def __init__(self, app: Bench) -> None:
        self._app, lang = app, app.lang

        def word(key: str) -> str:
            return translate(f"workbench.stages.{key}", lang)

        short = w.Layout(width="190px")
        self._html = w.HTML(layout=wide())
        self.notice = Notice(layout=wide())
        self.stage = w.Dropdown(
            options=[(translate(f"pages.review.stage.{stage}", lang), stage) for stage in STAGES],
            description=word("to"),
            layout=short,
            style=NARROW,
        )
        self.whom = w.Dropdown(
            options=[(word(whom), whom) for whom in ("this", "county", "mine")],
            description=word("whom"),
            layout=short,
            style=NARROW,
        )
        self.on = w.Text(
            value=date.today().isoformat(), description=word("on"), layout=w.Layout(width="150px"), style=NARROW
        )
        self.until = w.Text(
            placeholder="2017-01-24", description=word("until"), layout=w.Layout(width="150px"), style=NARROW
        )
        self.reason = w.Textarea(description=word("reason"), rows=2, layout=wide(), style=NARROW)
        self.objection = w.Dropdown(description=word("objection"), layout=w.Layout(width="420px"), style=NARROW)
        self.due = w.Text(
            placeholder="2017-02-28", description=word("due"), layout=w.Layout(width="190px"), style=NARROW
        )
        self.upload = w.FileUpload(accept=".xlsx,.json", description=word("upload"), layout=w.Layout(width="auto"))
        self.upload.observe(self._receive, "value")
        self._answers = row(
            self.objection,
            self.due,
            button(word("accept"), lambda: self._answer(True)),
            button(word("reject"), lambda: self._answer(False)),
        )
        self.sign, self.reopen = button(word("sign_off"), self._sign, "success"), button(word("reopen"), self._reopen)
        form = w.VBox(
            [
                row(self.stage, self.whom, self.on, self.until, button(word("move"), self._move, "primary")),
                self.reason,
                self._answers,
                row(button(word("form"), self._form), self.upload, self.sign, self.reopen),
                self.notice,
            ]
        )
        form.add_class("wb-form")
        self.widget = w.VBox([self._html, form], layout=w.Layout(width="100%", padding="6px 4px"))

    def show(self) -> None:
        """Show stage, objections and remarks of the team, and offer its next stage."""
        app, lang = self._app, self._app.lang
        card = app.session.card(lang)
        self._html.value = blocks.heading("section.review", lang).html + blocks.card_block("review", card).html
        self._html.value += self._remarks()
        place = STAGES.index(card.stage.stage)
        self.stage.value = STAGES[min(place + 1, len(STAGES) - 1)]
        waiting = [line for line in card.disputes if line.state == "received"]
        self.objection.options = [(f"{line.number} · {line.name} · {line.words[:20]}", line.number) for line in waiting]
        self.objection.value = waiting[0].number if waiting else None
        self._answers.layout.display = "" if waiting else "none"
        self.sign.layout.display = "none" if card.signed_off else ""
        self.reopen.layout.display = "" if card.signed_off else "none"

    def _remarks(self) -> str:
        """The remarks of reviewers on the team as HTML."""
        session, lang = self._app.session, self._app.lang
        lines = remark_lines(session.review.result, session.team, lang)
        if not lines:
            return ""
        heading = blocks.caption(translate("workbench.stages.remarks", lang, count=len(lines))).html
        return heading + "".join(blocks.paragraph(line).html for line in lines)

    def _teams(self) -> list[str]:
        """The teams to be moved: this one, those of its county, or the evaluator's own."""
        session = self._app.session
        if self.whom.value == "this":
            return [session.team]
        if self.whom.value == "mine":
            return [team for team, to in session.review.review_state.assigned.items() if to == self._app.evaluator()]
        counties = session.review.result.scores["county"]
        return list(counties.index[counties == counties[session.team]])

    def _move(self) -> None:
        app, lang = self._app, self._app.lang

        def act() -> str:
            teams = self._teams()
            app.session.review.to_stage(
                teams,
                self.stage.value,
                app.evaluator(),
                self.on.value.strip() or None,
                self.until.value.strip(),
                self.reason.value,
            )
            name = translate(f"pages.review.stage.{self.stage.value}", lang)
            return translate("workbench.stages.moved", lang, count=len(teams), stage=name)

        self._perform(act)

    def _answer(self, accepted: bool) -> None:
        app, number = self._app, self.objection.value

        def act() -> str:
            app.session.review.answer(number, accepted, app.evaluator(), self.reason.value, self.due.value.strip())
            return translate("workbench.stages.answered", app.lang, number=number)

        self._perform(act)

    def _form(self) -> None:
        app, lang = self._app, self._app.lang

        def act() -> str:
            folder = Path(app.session.data) / FOLDER / "forms" / str(app.session.year)
            path = write_reply_form(app.session.card(lang), folder / f"{app.session.team}.xlsx")
            return translate("workbench.stages.formed", lang, path=path)

        performed(act, self.notice, lang)

    def _receive(self, change: Change) -> None:
        """Take in forms and remarks that were uploaded."""
        if not change["new"]:
            return
        app = self._app

        def act() -> str:
            outcomes = []
            for file in self.upload.value:
                with tempfile.TemporaryDirectory(prefix="assess-") as folder:
                    record = record_remarks if file["name"].lower().endswith(".json") else record_reply
                    path = Path(folder) / ("remarks.json" if record is record_remarks else "reply.xlsx")
                    path.write_bytes(bytes(file["content"]))
                    outcomes.append(record(app.session.review, path, file["name"]))
            count, known = sum(each.new for each in outcomes), sum(each.known for each in outcomes)
            return translate("workbench.stages.taken", app.lang, count=count, known=known)

        self._perform(act)
        self.upload.value = ()

    def _sign(self) -> None:
        app, team = self._app, self._app.session.team

        def act() -> str:
            app.session.review.sign_off(team, app.evaluator(), self.reason.value)
            return translate("workbench.stages.signed", app.lang, team=team)

        self._perform(act)

    def _reopen(self) -> None:
        app, team = self._app, self._app.session.team

        def act() -> str:
            app.session.review.reopen(team, app.evaluator(), self.reason.value)
            return translate("workbench.stages.reopened", app.lang, team=team)

        self._perform(act)

    def _perform(self, act: Callable[[], str]) -> None:
        """Do something and show everything anew; after a refusal the reason that was typed stays."""
        if performed(act, self.notice, self._app.lang):
            self.reason.value = ""
            self._app.changed()
