"""One indicator of the team in full, and the judgement of a reviewer on it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import ipywidgets as w

from assess_lib.exact import decimal_text, exact
from assess_lib.ledger.entries import JUDGEMENTS
from assess_lib.pages import blocks
from assess_lib.pages.curve import curve
from assess_lib.review.previews import effect_of_second, effect_of_undo
from assess_lib.scorecard.review_lines import judgement_history, past_judgement, remark_lines, signed_text
from assess_lib.words import translate
from assess_lib.workbench.confirmation import Confirmation
from assess_lib.workbench.controls import body, button, field, form, perform, row, wide
from assess_lib.workbench.panel import Bench, Panel

ACTIONS = ("points", "value", "exclude", "confirm")


class AdjustPanel(Panel):
    """Shows the chosen indicator; adjusts, excludes or confirms it, undoes and seconds."""

    def __init__(self, app: Bench) -> None:
        super().__init__(app)
        self._detail, self._history = w.HTML(layout=wide()), w.HTML(layout=wide())
        actions = [(self._word(action), action) for action in ACTIONS]
        self.action = field(w.ToggleButtons, self._word("action"), None, {"button_width": "auto"}, options=actions)
        self.becomes = field(w.Text, "", "320px")
        self.reason = field(w.Textarea, self._word("reason"), placeholder=self._word("reason_hint"), rows=2)
        self.document = field(w.Text, self._word("document"), placeholder=self._word("document_hint"))
        self.save = self._button(self._word("save"), self._save, "primary")
        self.entry = field(w.Dropdown, self._word("entry"), "360px")
        self.undo, self.second = (
            button(self._word("undo"), lambda: perform(self._ask_undo, self.notice, self._lang)),
            button(self._word("second"), lambda: perform(self._ask_second, self.notice, self._lang)),
        )
        self._entry_row = row(self.entry, self.undo, self.second)
        self.question = Confirmation(self._lang, self._perform, app.focus, ".wb-list select")
        self.action.observe(lambda _: self._describe_number(), "value")
        fields = form(self.action, self.becomes, self.reason, self.document, self.save, self.notice)
        fields.add_class("wb-judge")
        self.widget = body(self._detail, fields, self._history, self._entry_row, self.question)
        self._shown: tuple[str, str] | None = None  # team and indicator
        self._newest = 0  # the newest entry on the team that was shown

    def show(self) -> None:
        """Show the chosen indicator as it now stands; what was typed stays unless it was for another."""
        session, lang = self._session, self._lang
        card, line = session.card(lang), session.line(lang)
        chart = curve(card, line)
        past = past_judgement(session.review.before, session.team, session.indicator, lang)
        self._detail.value = blocks.detail(card, line, chart.svg if chart else "", past).html
        subject = (session.team, session.indicator)
        if subject != self._shown:
            self._clear()
            self.notice.clear()
        self._shown, self._newest = subject, session.review.newest_of(session.team)
        self.question.close_question()
        self._describe_number()
        self._list()

    def _clear(self) -> None:
        self.becomes.value = self.reason.value = self.document.value = ""

    def _describe_number(self) -> None:
        """Label the field for the new number, with its bounds; hide it where no number is needed."""
        self.becomes.layout.display = "" if self.action.value in ("points", "value") else "none"
        if self.action.value == "points":
            case = self._session.review.case(self._session.team, self._session.indicator)
            least = self._word("open_below") if case.least is None else decimal_text(case.least, 2)
            self.becomes.description = self._word("becomes_points", least=least, most=decimal_text(case.most, 2))
        elif self.action.value == "value":
            self.becomes.description = self._word("becomes_value")

    def _list(self) -> None:
        """List all judgements and remarks on the indicator; offer those in force to be undone or seconded."""
        session, lang = self._session, self._lang
        result, team, indicator = session.review.result, session.team, session.indicator
        history = judgement_history(result, team, indicator, lang)
        lines = [entry.text for entry in history] + remark_lines(result, team, lang, indicator)
        listed = [blocks.paragraph(line) for line in lines] or [blocks.caption(self._word("none"))]
        self._history.value = blocks.together(blocks.caption(self._word("history")), *listed).html
        open_entries = [(f"{e.number} · {e.day} · {e.by}", e.number) for e in history if not e.undone]
        self.entry.options = list(reversed(open_entries))
        self.entry.value = open_entries[-1][1] if open_entries else None
        self._entry_row.layout.display = "" if open_entries else "none"
        ruling = session.review.review_state.rulings.get((team, indicator))
        self.second.layout.display = "" if ruling and ruling.awaits_second else "none"

    def _save(self) -> str:
        session = self._session
        record = session.review.judge(
            self.action.value,
            session.team,
            session.indicator,
            self._app.evaluator(),
            self.reason.value,
            becomes=self.becomes.value,
            document=self.document.value,
            newest=self._newest,
        )
        self._clear()
        judgement = record.entry
        assert isinstance(judgement, JUDGEMENTS)
        values = {"number": record.number, "name": session.line(self._lang).name, "total": self._total}
        return self._word(
            "waits" if judgement.needs_second else "saved", effect=signed_text(judgement.effect), **values
        )

    def _ask_undo(self) -> None:
        """Ask whether an entry is to hold no longer, and show what that would do to the total."""
        self.notice.clear()
        number, review = self.entry.value, self._session.review
        self._ask("undo", number, effect_of_undo(review, number), lambda reason: self._undo(number, reason))

    def _ask_second(self) -> None:
        """Ask whether a second reviewer agrees to the judgement that waits."""
        self.notice.clear()
        session = self._session
        number = session.review.review_state.rulings[session.team, session.indicator].record.number
        effect = effect_of_second(session.review, number)
        self._ask("second", number, effect, lambda reason: self._second(number, reason))

    def _ask(self, act: str, number: int, effect: Fraction, do: Callable[[str], str]) -> None:
        session = self._session
        history = judgement_history(session.review.result, session.team, session.indicator, self._lang)
        entry = next(line.text for line in history if line.number == number)
        after = decimal_text(exact(round(float(session.card(self._lang).score["total"]), 2)) + effect, 2)
        total = self._word("total_after", before=self._total, after=after, effect=signed_text(effect))
        self.question.ask(
            [self._word(f"{act}_ask"), entry, total], self._word(f"{act}_yes"), do, required=act == "undo"
        )

    def _undo(self, number: int, reason: str) -> str:
        self._session.review.undo(number, self._app.evaluator(), reason)
        return self._word("undone", number=number, total=self._total)

    def _second(self, number: int, reason: str) -> str:
        self._session.review.second(number, self._app.evaluator(), reason)
        return self._word("seconded", number=number, total=self._total)

    @property
    def _total(self) -> str:
        return self._session.card(self._lang).total

    def _word(self, key: str, **values: object) -> str:
        return translate(f"workbench.adjust.{key}", self._lang, **values)
