"""One indicator of the team in full, and the judgement of a reviewer on it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from assess_lib.exact import decimal_text
from assess_lib.ledger.entries import JUDGEMENTS
from assess_lib.pages import blocks
from assess_lib.pages.curve import curve
from assess_lib.scorecard.review_lines import judgement_history, past_judgement, remark_lines, signed_text
from assess_lib.words import translate
from assess_lib.workbench.controls import NARROW, Notice, button, performed, row, wide
from assess_lib.workbench.panel import Bench

ACTIONS = ("points", "value", "exclude", "confirm")


class AdjustPanel:
    """Shows the chosen indicator; adjusts, excludes or confirms it, undoes and seconds."""

    def __init__(self, app: Bench) -> None:
        self._app, lang = app, app.lang

        def word(key: str) -> str:
            return translate(f"workbench.judge.{key}", lang)

        self._detail = w.HTML(layout=wide())
        self.action = w.ToggleButtons(
            options=[(word(action), action) for action in ACTIONS],
            description=word("action"),
            style={"button_width": "auto", **NARROW},
        )
        self.becomes = w.Text(layout=w.Layout(width="320px"), style=NARROW)
        self.reason = w.Textarea(
            description=word("reason"), placeholder=word("reason_hint"), rows=2, layout=wide(), style=NARROW
        )
        self.document = w.Text(
            description=word("document"), placeholder=word("document_hint"), layout=wide(), style=NARROW
        )
        self.save = button(word("save"), self._save, "primary")
        self.notice = Notice(layout=wide())
        self._history = w.HTML(layout=wide())
        self.entry = w.Dropdown(description=word("entry"), layout=w.Layout(width="360px"), style=NARROW)
        self.undo, self.second = button(word("undo"), self._undo), button(word("second"), self._second)
        self._entry_row = row(self.entry, self.undo, self.second)
        self.action.observe(lambda _: self._describe_number(), "value")
        form = w.VBox([self.action, self.becomes, self.reason, self.document, self.save, self.notice])
        form.add_class("wb-form")
        self.widget = w.VBox(
            [self._detail, form, self._history, self._entry_row], layout=w.Layout(width="100%", padding="6px 4px")
        )
        self._shown: tuple[str, str, int] | None = None  # team, indicator, newest entry on the team

    def show(self) -> None:
        """Show the chosen indicator as it now stands; what was typed stays unless it was for another, or was written."""
        session, lang = self._app.session, self._app.lang
        card, line = session.card(lang), session.line(lang)
        chart = curve(card, line)
        past = past_judgement(session.review.before, session.team, session.indicator, lang)
        self._detail.value = blocks.detail(card, line, chart.svg if chart else "", past).html
        subject = (session.team, session.indicator, session.review.newest_of(session.team))
        if subject != self._shown:
            self.becomes.value = self.reason.value = self.document.value = ""
            self.notice.clear()
        self._shown = subject
        self._describe_number()
        self._list()

    def _describe_number(self) -> None:
        """Label the field for the new number, with its bounds; hide it where no number is needed."""
        session, lang = self._app.session, self._app.lang
        self.becomes.layout.display = "" if self.action.value in ("points", "value") else "none"
        if self.action.value == "points":
            case = session.review.case(session.team, session.indicator)
            least = translate("workbench.judge.open_below", lang) if case.least is None else decimal_text(case.least, 2)
            self.becomes.description = translate(
                "workbench.judge.becomes_points", lang, least=least, most=decimal_text(case.most, 2)
            )
        elif self.action.value == "value":
            self.becomes.description = translate("workbench.judge.becomes_value", lang)

    def _list(self) -> None:
        """List all judgements and remarks on the indicator; offer those in force to be undone or seconded."""
        session, lang = self._app.session, self._app.lang
        result, team, indicator = session.review.result, session.team, session.indicator
        history = judgement_history(result, team, indicator, lang)
        lines = [entry.text for entry in history] + remark_lines(result, team, lang, indicator)
        body = [blocks.paragraph(line) for line in lines] or [blocks.caption(translate("workbench.judge.none", lang))]
        heading = blocks.caption(translate("workbench.judge.history", lang))
        self._history.value = blocks.together(heading, *body).html
        open_entries = [(f"{e.number} · {e.day} · {e.by}", e.number) for e in history if not e.undone]
        self.entry.options = list(reversed(open_entries))
        self.entry.value = open_entries[-1][1] if open_entries else None
        self._entry_row.layout.display = "" if open_entries else "none"
        ruling = session.review.review_state.rulings.get((team, indicator))
        self.second.layout.display = "" if ruling and ruling.awaits_second else "none"

    def _save(self) -> None:
        app, lang = self._app, self._app.lang
        session = app.session

        def act() -> str:
            record = session.review.judge(
                self.action.value,
                session.team,
                session.indicator,
                app.evaluator(),
                self.reason.value,
                becomes=self.becomes.value,
                document=self.document.value,
                newest=self._shown[2] if self._shown else None,
            )
            judgement = record.entry
            assert isinstance(judgement, JUDGEMENTS)
            key = "workbench.judge.waits" if judgement.needs_second else "workbench.judge.saved"
            total = session.card(lang).total
            return translate(
                key,
                lang,
                number=record.number,
                name=session.line(lang).name,
                effect=signed_text(judgement.effect),
                total=total,
            )

        self._perform(act)

    def _undo(self) -> None:
        app, session = self._app, self._app.session
        number = self.entry.value

        def act() -> str:
            session.review.undo(number, app.evaluator(), self.reason.value)
            return translate("workbench.judge.undone", app.lang, number=number, total=session.card(app.lang).total)

        self._perform(act)

    def _second(self) -> None:
        app, session = self._app, self._app.session
        number = session.review.review_state.rulings[session.team, session.indicator].record.number

        def act() -> str:
            session.review.second(number, app.evaluator(), self.reason.value)
            return translate("workbench.judge.seconded", app.lang, number=number, total=session.card(app.lang).total)

        self._perform(act)

    def _perform(self, act: Callable[[], str]) -> None:
        """Do something and show everything anew below its notice; after a refusal what was typed stays."""
        if performed(act, self.notice, self._app.lang):
            notice = self.notice.value
            self._app.changed()
            self.notice.value = notice
