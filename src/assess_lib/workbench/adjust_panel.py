"""One indicator of the team: all that is known of it, and the judgement of a reviewer."""

from __future__ import annotations

import ipywidgets as w

from assess_lib.exact import decimal_text
from assess_lib.ledger.entries import JUDGEMENTS, SecondOpinion, Undo
from assess_lib.pages import blocks
from assess_lib.pages.curve import curve
from assess_lib.scorecard.review_lines import becomes_text, remark_words, shown, signed_text, year_before_text
from assess_lib.scoring.adjustments import AWAITING, STALE
from assess_lib.words import join_list, translate
from assess_lib.workbench.controls import NARROW, Notice, button, performed, row, wide

ACTIONS = ("points", "value", "exclude", "confirm")


class JudgePanel:
    """Shows the chosen indicator; writes to the ledger by ``Review``."""

    def __init__(self, app):
        self._app, lang = app, app.lang
        word = lambda key, **more: translate(f"workbench.judge.{key}", lang, **more)  # noqa: E731
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
        self._acts = row(self.entry, self.undo, self.second)
        self.action.observe(lambda _: self._ask(), "value")
        form = w.VBox([self.action, self.becomes, self.reason, self.document, self.save, self.notice])
        form.add_class("wb-form")
        self.widget = w.VBox(
            [self._detail, form, self._history, self._acts], layout=w.Layout(width="100%", padding="6px 4px")
        )
        self._about, self._newest = None, 0

    def show(self) -> None:
        """The chosen indicator as it now stands; what was typed stays unless it was for another, or was written."""
        app, lang = self._app, self._app.lang
        card, line = app.session.card(lang), app.session.line(lang)
        drawn = curve(card, line)
        self._detail.value = blocks.detail(card, line, drawn.svg if drawn else "", self._past()).html
        newest = app.session.review.newest_of(app.session.team)
        about = (app.session.team, app.session.indicator, newest)
        if about != self._about:
            self.becomes.value = self.reason.value = self.document.value = ""
            self.notice.clear()
        self._about, self._newest = about, newest
        self._ask()
        self._list()

    def _ask(self) -> None:
        """What the field for the new number says, with the bounds that hold."""
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

    def _past(self) -> str:
        """Last year's judgement on the same indicator in words."""
        session = self._app.session
        review_state = session.review.before.review_state if session.review.before else None
        ruling = review_state.rulings.get((session.team, session.indicator)) if review_state else None
        return year_before_text(ruling, self._app.lang) if ruling else ""

    def _list(self) -> None:
        """All entries on the indicator, undone ones marked, and what can be done with those that hold."""
        session, lang, review_state = self._app.session, self._app.lang, self._app.session.review.review_state
        mine = [
            r
            for r in review_state.of_team(session.team)
            if isinstance(r.entry, JUDGEMENTS) and r.entry.indicator == session.indicator
        ]
        lines, holding = [], []
        ruling = review_state.rulings.get((session.team, session.indicator))
        for record in mine:
            entry = record.entry
            text = translate(
                "workbench.judge.one",
                lang,
                number=record.number,
                day=record.day,
                by=entry.by,
                reason=shown(entry.reason),
                what=translate(f"pages.review.kind.{entry.kind}", lang),
                becomes=becomes_text(session.result, entry, lang) if hasattr(entry, "becomes") else "",
            )
            seconds = [
                r.entry.by
                for r in review_state.of_team(session.team)
                if isinstance(r.entry, SecondOpinion) and r.entry.refers_to == record.number
            ]
            if seconds:
                text += translate("workbench.judge.second_note", lang, by=join_list(seconds, lang))
            undo = next(
                (
                    r
                    for r in review_state.of_team(session.team)
                    if isinstance(r.entry, Undo) and r.entry.refers_to == record.number
                ),
                None,
            )
            state = session.result.adjustments.states.get((session.team, session.indicator), "")
            if ruling and ruling.record.number == record.number and state in (STALE, AWAITING):
                text += translate("workbench.judge.but", lang, state=translate(f"pages.review.state.{state}", lang))
            if record.number in review_state.undone:
                text += translate("workbench.judge.was_undone", lang)
                if undo:
                    text += f" {undo.entry.by} {undo.day} {shown(undo.entry.reason)}"
            else:
                holding.append((f"{record.number} · {record.day} · {entry.by}", record.number))
            lines.append(text)
        remarks = [
            remark_words(session.result, r, lang)
            for r in review_state.remarks
            if r.entry.team == session.team and r.entry.indicator == session.indicator
        ]
        lines += remarks
        heading = blocks.caption(translate("workbench.judge.history", lang)).html
        body = [blocks.paragraph(line).html for line in lines] or [
            blocks.caption(translate("workbench.judge.none", lang)).html
        ]
        self._history.value = heading + "".join(body)
        self.entry.options = list(reversed(holding))
        self.entry.value = holding[-1][1] if holding else None
        self._acts.layout.display = "" if holding else "none"
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
                newest=self._newest,
            )
            key = "workbench.judge.waits" if record.entry.needs_second else "workbench.judge.saved"
            total = session.card(lang).total
            return translate(
                key,
                lang,
                number=record.number,
                name=session.line(lang).name,
                effect=signed_text(record.entry.effect),
                total=total,
            )

        self._after(act)

    def _undo(self) -> None:
        app, session = self._app, self._app.session
        number = self.entry.value

        def act() -> str:
            session.review.undo(number, app.evaluator(), self.reason.value)
            return translate("workbench.judge.undone", app.lang, number=number, total=session.card(app.lang).total)

        self._after(act)

    def _second(self) -> None:
        app, session = self._app, self._app.session
        number = session.review.review_state.rulings[session.team, session.indicator].record.number

        def act() -> str:
            session.review.second(number, app.evaluator(), self.reason.value)
            return translate("workbench.judge.seconded", app.lang, number=number, total=session.card(app.lang).total)

        self._after(act)

    def _after(self, act) -> None:
        """Carry out, and show everything anew with what was said; after a refusal what was typed stays."""
        if performed(act, self.notice, self._app.lang):
            said = self.notice.value
            self._app.changed()
            self.notice.value = said
