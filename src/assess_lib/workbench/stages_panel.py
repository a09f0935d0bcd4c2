"""Stages of the assessment, replies of team and unit, sign-off."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import ipywidgets as w

from assess_lib.ledger.entries import STAGES
from assess_lib.pages import blocks
from assess_lib.pages.documents.reply_form import write_reply_form
from assess_lib.review.activity import today
from assess_lib.review.previews import StageMoves, stage_moves
from assess_lib.review.remarks import record_remarks
from assess_lib.review.replies import record_reply
from assess_lib.scorecard.review_lines import remark_lines
from assess_lib.words import join_list, translate
from assess_lib.workbench.confirmation import Confirmation
from assess_lib.workbench.controls import body, button, download, field, form, perform, row, wide
from assess_lib.workbench.panel import Bench, Change, Panel

LISTED = 10  # teams that are named


class StagesPanel(Panel):
    """Moves teams from stage to stage, records objections and answers, signs off."""

    def __init__(self, app: Bench) -> None:
        super().__init__(app)
        self._of = ""
        self._html = w.HTML(layout=wide())
        stages = [(self._stage_name(stage), stage) for stage in STAGES]
        self.stage = field(w.Dropdown, self._word("to"), "190px", options=stages)
        scopes = [(self._word(scope), scope) for scope in ("this", "county", "own", "all")]
        self.scope = field(w.Dropdown, self._word("whom"), "190px", options=scopes)
        self.on = field(w.Text, self._word("on"), "150px", value=today())
        self.until = field(w.Text, self._word("until"), "150px", placeholder=f"{self._session.year + 1}-01-24")
        self.reason = field(w.Text, self._word("reason"), "420px", placeholder=self._word("reason_hint"))
        self.objection = field(w.Dropdown, self._word("objection"), "420px")
        self.due = field(w.Text, self._word("due"), "190px", placeholder=f"{self._session.year + 1}-02-28")
        self.upload = w.FileUpload(
            accept=".xlsx,.json", description=self._word("upload"), layout=w.Layout(width="auto")
        )
        self.upload.observe(self._receive, "value")
        self.move = self._asking("move", self._ask_move, "primary")
        self.accept = self._button(self._word("accept"), lambda: self._answer(True))
        self.reject = self._button(self._word("reject"), lambda: self._answer(False))
        self._answers = row(self.objection, self.reason, self.due, self.accept, self.reject)
        self.form = button(self._word("form"), lambda: perform(self._write_form, self.notice, self._lang))
        self.sign = self._asking("sign_off", self._ask_sign, "success")
        self.reopen = self._asking("reopen", self._ask_reopen)
        self.question = Confirmation(self._lang, self._perform, app.focus, ".wb-stages select")
        fields = form(
            row(self.stage, self.scope, self.on, self.until, self.move),
            self._answers,
            row(self.form, self.upload, self.sign, self.reopen),
            self.question,
            self.notice,
        )
        fields.add_class("wb-stages")
        self.widget = body(self._html, fields)

    def show(self) -> None:
        """Show stage, objections and remarks of the team, and offer its next stage."""
        card = self._session.card(self._lang)
        if self._of != self._session.team:  # an answer half typed is for the team that it was typed at
            self._of, self.reason.value, self.due.value = self._session.team, "", ""
        self._html.value = blocks.heading("section.review", self._lang).html + blocks.card_block("review", card).html
        self._html.value += self._remarks()
        place = STAGES.index(card.stage.stage)
        self.stage.value = STAGES[min(place + 1, len(STAGES) - 1)]
        waiting = [line for line in card.disputes if line.state == "received"]
        self.objection.options = [(f"{line.number} · {line.name} · {line.words[:20]}", line.number) for line in waiting]
        self.objection.value = waiting[0].number if waiting else None
        self._answers.layout.display = "" if waiting else "none"
        self.sign.layout.display = "none" if card.signed_off else ""
        self.reopen.layout.display = "" if card.signed_off else "none"
        self.question.close_question()

    def _remarks(self) -> str:
        """The remarks of reviewers on the team as HTML."""
        lines = remark_lines(self._session.review.result, self._session.team, self._lang)
        if not lines:
            return ""
        heading = blocks.caption(self._word("remarks", count=len(lines))).html
        return heading + "".join(blocks.paragraph(line).html for line in lines)

    def _teams(self) -> list[str]:
        """The teams to be moved: this one, those of its county, the evaluator's own, or all."""
        session = self._session
        if self.scope.value == "this":
            return [session.team]
        if self.scope.value == "own":
            return [team for team, to in session.review.review_state.assigned.items() if to == self._app.evaluator()]
        counties = session.review.result.scores["county"]
        if self.scope.value == "all":
            return list(counties.index)
        return list(counties.index[counties == counties[session.team]])

    def _asking(self, key: str, ask: Callable[[], None], look: str = "") -> w.Button:
        """A button that asks first."""

        def act() -> None:
            self.notice.clear()
            self.question.close_question()
            perform(ask, self.notice, self._lang)

        return button(self._word(key), act, look)

    def _ask_move(self) -> None:
        """Say which teams would move, and which would not, and ask whether they are to."""
        stage, days = self.stage.value, (self.on.value.strip() or None, self.until.value.strip())
        moves = stage_moves(self._session.review, self._teams(), stage, self._app.evaluator(), *days)
        stays = self._who_stays(moves)
        if not moves.teams:
            self.notice.bad([self._word("none_moves", stage=self._stage_name(stage)), *stays])
            return
        came = [f"{self._stage_name(now)} {len(teams)}" for now, teams in moves.moving.items()]
        about = {"whom": self._whom(), "stage": self._stage_name(stage), "from": join_list(came, self._lang)}
        words = [self._word("will_move", count=len(moves.teams), **about)]
        words += [self._word("dates_until" if moves.until else "dates", on=moves.on, until=moves.until)]
        if moves.signed_off:
            words.append(self._word("signed_move", count=len(moves.signed_off), list=self._some(moves.signed_off)))
        back = any(STAGES.index(now) > STAGES.index(stage) for now in moves.moving)

        def move(reason: str) -> str:
            dates = moves.on, moves.until
            self._session.review.move_to_stage(moves.teams, stage, self._app.evaluator(), *dates, reason)
            return self._word("moved", count=len(moves.teams), stage=self._stage_name(stage))

        self.question.ask([*words, *stays], self._word("move_yes", count=len(moves.teams)), move, required=back)

    def _who_stays(self, moves: StageMoves) -> list[str]:
        """The teams that would not move, by the reason why, in a line each."""
        lines, causes = [], dict[str, list[str]]()
        if moves.already:
            lines.append(self._word("already", count=len(moves.already), list=self._some(moves.already)))
        for team, fault in moves.refused.items():
            causes.setdefault(fault.cause(self._lang), []).append(team)
        for cause, teams in causes.items():
            lines.append(self._word("not_moved", count=len(teams), list=self._some(teams), cause=cause))
        return lines

    def _whom(self) -> str:
        """The scope in words."""
        session = self._session
        county = session.review.result.scores["county"].at[session.team]
        about = {"this": self._named(), "county": county, "own": self._app.evaluator(), "all": ""}
        return self._word(f"whom_{self.scope.value}", name=about[self.scope.value])

    def _named(self) -> str:
        return f"{self._session.team} {self._session.card(self._lang).team['name']}"

    def _some(self, teams: list[str]) -> str:
        """The first of some teams, by their ids."""
        shown = join_list(teams[:LISTED], self._lang)
        return shown if len(teams) <= LISTED else self._word("and_more", list=shown, count=len(teams) - LISTED)

    def _ask_sign(self) -> None:
        card, team = self._session.card(self._lang), self._session.team
        words = [self._word("will_sign", team=self._named(), count=len(card.adjusted), total=card.total)]

        def sign(reason: str) -> str:
            self._session.review.sign_off(team, self._app.evaluator(), reason)
            return self._word("signed", team=team)

        self.question.ask(words, self._word("sign_yes"), sign, required=False)

    def _ask_reopen(self) -> None:
        card, team = self._session.card(self._lang), self._session.team

        def reopen(reason: str) -> str:
            self._session.review.reopen(team, self._app.evaluator(), reason)
            return self._word("reopened", team=team)

        words = [self._word("will_reopen", team=self._named()), card.signed_off]
        self.question.ask(words, self._word("reopen_yes"), reopen)

    def _answer(self, accepted: bool) -> str:
        number, due = self.objection.value, self.due.value.strip()
        self._session.review.answer(number, accepted, self._app.evaluator(), self.reason.value, due)
        self.reason.value = ""
        return self._word("answered", number=number)

    def _write_form(self) -> str:
        session = self._session
        with tempfile.TemporaryDirectory(prefix="assess-") as folder:
            content = write_reply_form(session.card(self._lang), Path(folder) / "form.xlsx").read_bytes()
        name = f"{session.team}-{session.year}.xlsx"
        return download(name, content, self._word("formed", name=name))

    def _receive(self, change: Change) -> None:
        """Take in forms and remarks that were uploaded."""
        if change["new"]:
            self._perform(self._record)
            self.upload.value = ()

    def _record(self) -> str:
        outcomes = []
        for file in self.upload.value:
            with tempfile.TemporaryDirectory(prefix="assess-") as folder:
                record = record_remarks if file["name"].lower().endswith(".json") else record_reply
                path = Path(folder) / ("remarks.json" if record is record_remarks else "reply.xlsx")
                path.write_bytes(bytes(file["content"]))
                outcomes.append(record(self._session.review, path, file["name"]))
        return self._word("taken", count=sum(each.new for each in outcomes), known=sum(each.known for each in outcomes))

    def _stage_name(self, stage: str) -> str:
        return translate(f"pages.review.stage.{stage}", self._lang)

    def _word(self, key: str, **values: object) -> str:
        return translate(f"workbench.stages.{key}", self._lang, **values)
