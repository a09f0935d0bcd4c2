"""The workbench: a bar to choose year and team, the list of indicators, and the panels."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets as w
from IPython.display import display as _display

from assess_lib.api import STEPS
from assess_lib.pages import blocks
from assess_lib.review.activity import today, work_of_others
from assess_lib.rules.rubric import PEER_COLUMNS
from assess_lib.scorecard.wording import points_text
from assess_lib.words import LANGUAGES, join_clauses, texts_under, translate
from assess_lib.workbench.adjust_panel import AdjustPanel
from assess_lib.workbench.card_panel import CardPanel
from assess_lib.workbench.controls import Notice, dispose, field, perform, wide
from assess_lib.workbench.indicator_list import ORDERS, IndicatorList, listed
from assess_lib.workbench.keys import DOUBT, NEXT, PREVIOUS, TABS, TO_FORM, TO_LIST, UNTOUCHED, OwnKeys
from assess_lib.workbench.lab import practice_data, start_options
from assess_lib.workbench.panel import Bench, Panel
from assess_lib.workbench.progress_panel import ProgressPanel
from assess_lib.workbench.session import Session, years_of
from assess_lib.workbench.stages_panel import StagesPanel
from assess_lib.workbench.team_bar import TeamBar
from assess_lib.workbench.what_if_panel import WhatIfPanel

STYLE = Path(__file__).with_name("style.css")
display: Callable[..., None] = _display  # IPython has no types
PANELS: dict[str, Callable[[Bench], Panel]] = {
    "card": CardPanel,
    "adjust": AdjustPanel,
    "stages": StagesPanel,
    "what_if": WhatIfPanel,
    "progress": ProgressPanel,
}
WITH_LIST = ("card", "adjust")
ADJUST = list(PANELS).index("adjust")
TAB = ".lm-TabBar-tab.lm-mod-current"
LIST, FORM = ".wb-list select", ".wb-judge input[type=text], .wb-judge textarea"


class Workbench(w.VBox):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """The whole workbench: ``panels`` by name; ``ready`` whether a year is open."""

    children: Sequence[w.Widget]

    def __init__(self, data: str | Path, year: int | None, rubric: str | Path | None = None, lang: str = "zh") -> None:
        super().__init__(layout=w.Layout(width="100%"))
        self.add_class("wb")
        self.data, self.rubric_file, self.lang = data, rubric or None, lang
        self._session: Session | None = None
        self.panels: dict[str, Panel] = {}
        self._listing = False  # while the list is set by the program
        self._progress = w.IntProgress(min=0, max=len(STEPS), layout=w.Layout(width="60%"))
        self._step = w.Label()
        self._interface: list[w.Widget] = []
        self._waiting = w.HBox([self._progress, self._step])
        self.notice = Notice(layout=wide())
        years = years_of(data)
        self.first_year = year or (years[0] if years else 0)

    def __repr__(self) -> str:
        return f"[{translate('workbench.title', self.lang)}]"

    @property
    def ready(self) -> bool:
        return self._session is not None

    @property
    def session(self) -> Session:
        """The evaluator's place in the year that is open. Raises RuntimeError while none is."""
        if self._session is None:
            raise RuntimeError("no year is open")
        return self._session

    def evaluator(self) -> str:
        """The name under which entries are made, as it stands in the bar."""
        self.session.evaluator = self.bar.name.value.strip()
        return self.session.evaluator

    def load(self, year: int) -> None:
        """Read and assess a year, showing its progress."""
        name = self.session.evaluator if self.ready else ""
        before = self.children
        self.children = [self._waiting, self.notice]

        def tell(phase: str, done: int = 0, of: int = 0) -> None:
            if phase in STEPS:
                self._progress.value = STEPS.index(phase)
                self._step.value = translate(f"workbench.loading.{phase}", self.lang)

        def act() -> None:
            gc.unfreeze()
            self._session = Session(self.data, year, self.rubric_file, name, tell)
            gc.freeze()  # the year's tables stay in memory; collecting through them would make clicks wait
            self._build()

        self.notice.clear()
        if not perform(act, self.notice, self.lang):
            self.children = [*before, self.notice] if self.ready else [self.notice]

    def leave(self) -> None:
        """Release everything, here and in the browser."""
        self._session, self.panels = None, {}
        dispose(self)
        gc.unfreeze()
        gc.collect()

    def go(self, team: str, tab: int | None = None) -> None:
        """Show a team."""
        if team != self.session.team:
            self.session.team = team
            self.session.review.refresh()
            self.session.remember()
            self.bar.match()
        if tab is not None and tab != self.tabs.selected_index:
            self.tabs.selected_index = tab
        else:
            self.show()
        self._list()

    def changed(self) -> None:
        """Show everything as it now stands, after something was written."""
        self.session.remember()
        self.show()
        self._list()

    def show(self) -> None:
        """Show the panel in front as it now stands."""
        name = list(PANELS)[self.tabs.selected_index]
        self.side.layout.display = "" if name in WITH_LIST else "none"
        if name == "adjust":
            self.session.looked.add(self.session.team, self.session.indicator)
        perform(self.panels[name].show, self.notice, self.lang)
        self._show_others()

    def _show_others(self) -> None:
        """Say who else worked on the team today."""
        session = self.session
        works = work_of_others(session.review.review_state, session.team, session.evaluator, today())
        said = [
            translate(
                "workbench.bar.judged_today" if work.judged else "workbench.bar.seen_today",
                self.lang,
                by=work.by,
                time=work.time,
                count=work.judged,
            )
            for work in works
        ]
        self.others.value = blocks.caption(join_clauses(said, self.lang)).html if said else ""

    def focus(self, selector: str) -> None:
        """Give the focus to the first visible element of the workbench that a CSS selector finds."""
        self.own_keys.focus(selector)

    # ---- how it is put together ----------------------------------------------------------------------

    def _build(self) -> None:
        """Make all widgets anew, in the language chosen, and close those before them."""
        lang = self.lang
        steps = {
            "previous": lambda: self._press(PREVIOUS),
            "next": lambda: self._press(NEXT),
            "untouched": lambda: self._press(UNTOUCHED),
            "doubt": lambda: self._press(DOUBT),
            "refresh": self._refresh,
        }
        bar = self.bar = TeamBar(self.session, lang, steps)
        self.notice, self.others = Notice(layout=wide()), w.HTML(layout=wide())
        self.indicators = IndicatorList(label=translate("workbench.list.label", lang), layout=wide())
        self.indicators.add_class("wb-list")
        self._list()
        orders = [(translate(f"workbench.list.{order}", lang), order) for order in ORDERS]
        self.order = field(w.Dropdown, translate("workbench.list.order", lang), "auto", options=orders)
        self.order.value = self.session.order
        legend = w.HTML(blocks.caption(translate("workbench.list.legend", lang)).html)
        self.side = w.VBox([self.order, self.indicators, legend], layout=w.Layout(width="30%", min_width="300px"))
        self.panels = {name: panel(self) for name, panel in PANELS.items()}
        widgets = [panel.widget for panel in self.panels.values()]
        self.tabs = w.Tab(widgets, layout=w.Layout(width="70%", flex="1 1 auto"))
        for place, name in enumerate(PANELS):
            self.tabs.set_title(place, f"{translate(f'workbench.tab.{name}', lang)} {TABS[place]}")
        self.bar.match()
        self.show()
        style, self.own_keys = w.HTML(self._style()), OwnKeys(self._press)
        replaced, self._interface = (
            self._interface,
            [style, self.own_keys, bar, self.others, self.notice, self.side, self.tabs],
        )
        main = w.HBox([self.side, self.tabs], layout=wide())
        main.add_class("wb-main")
        self.children = [style, self.own_keys, bar, self.others, self.notice, main]
        for widget in replaced:
            dispose(widget)
        bar.year.observe(lambda change: self.load(change["new"]), "value")
        bar.county.observe(lambda _: self._tell(self._search), "value")
        bar.search.observe(lambda _: self._tell(self._search), "value")
        bar.team.observe(lambda change: self._tell(lambda: self._choose(change["new"])), "value")
        bar.name.observe(lambda _: self._tell(self._rename), "value")
        bar.language.observe(lambda change: self._switch_language(change["new"]), "value")
        self.tabs.observe(lambda _: self._tell(self.show), "selected_index")
        self.indicators.observe(lambda change: self._tell(lambda: self._pick(change["new"])), "value")
        self.order.observe(lambda change: self._tell(lambda: self._reorder(change["new"])), "value")

    def _tell(self, act: Callable[[], None]) -> None:
        """Do something, and say in the bar what went wrong."""
        perform(act, self.notice, self.lang)

    def _style(self) -> str:
        teams = self.session.review.computed.data.teams()
        names = teams[["name", "unit_name", "village_name", *PEER_COLUMNS]].astype(object).fillna("")
        words = "".join({*"".join(names.to_numpy().ravel()), *"".join(texts_under("workbench.", self.lang))})
        font = blocks.font(self.session.card(self.lang), words).html
        return f"{blocks.style().html}{font}<style>{STYLE.read_text(encoding='utf-8')}</style>"

    def _list(self) -> None:
        """Show the list of indicators as it now stands."""
        session = self.session
        groups = listed(session.card(self.lang), session.order, session.looked.at(session.team))
        self._listing = True
        try:
            with self.indicators.hold_sync():
                self.indicators.groups, self.indicators.value = groups, session.indicator
        finally:
            self._listing = False

    def _reorder(self, order: str) -> None:
        self.session.order = order
        self._list()

    def _press(self, key: str) -> None:
        self._tell(lambda: self._do(key))

    def _do(self, key: str) -> None:
        """Do what a key stands for."""
        if key in (PREVIOUS, NEXT):
            self._step_to(-1 if key == PREVIOUS else 1)
        elif key in (UNTOUCHED, DOUBT):
            self._go_on(key)
        elif key in TABS:
            self.tabs.selected_index = TABS.index(key)
            self.focus(LIST if self.side.layout.display == "" else TAB)
        elif key == TO_FORM:
            self.go(self.session.team, ADJUST)
            self.focus(FORM)
        elif key == TO_LIST:
            self.focus(LIST)

    def _go_on(self, key: str) -> None:
        """Go to the next indicator that this evaluator has not looked at, or that is in doubt, and say why it is that one."""
        session = self.session
        self.evaluator()
        session.review.refresh()
        if key == UNTOUCHED:
            found, why = session.next_untouched(self.bar.matches, self.lang), ""
        else:
            doubt = session.next_doubt(self.bar.matches)
            found = (doubt.team, doubt.indicator) if doubt else None
            why = (
                translate(f"workbench.bar.why.{doubt.kind}", self.lang, points=points_text(doubt.points))
                if doubt
                else ""
            )
        kind = "untouched" if key == UNTOUCHED else "doubt"
        if found is None:
            self.notice.good(translate(f"workbench.bar.no_{kind}", self.lang))
            return
        team, session.indicator = found
        self.notice.clear()
        self.go(team, ADJUST)
        self._view()
        if self.notice.value:  # what went wrong on the way
            return
        line = session.line(self.lang)
        about = {"team": session.card(self.lang).team["name"], "id": team, "name": line.name}
        why = why or translate("workbench.bar.lost", self.lang, points=points_text(line.lost))
        self.notice.good(translate("workbench.bar.went", self.lang, why=why, **about))
        self.focus(LIST)

    def _view(self) -> None:
        """Note in the ledger that the evaluator has looked at the team."""
        if by := self.evaluator():
            perform(lambda: self.session.review.mark_viewed(self.session.team, by), self.notice, self.lang)

    def _search(self) -> None:
        """List the teams that match, and show the only one."""
        self.bar.match()
        if len(self.bar.matches) == 1:
            self.go(self.bar.matches[0])

    def _choose(self, team: str | None) -> None:
        if team and not self.bar.listing:
            self.go(team)

    def _rename(self) -> None:
        self.evaluator()
        self.session.remember()
        self._list()
        self._show_others()

    def _step_to(self, step: int) -> None:
        self.notice.clear()
        self.go(self.session.neighbour(step, self.bar.matches))
        if self.tabs.selected_index == ADJUST:
            self._view()

    def _pick(self, indicator: str) -> None:
        """Show the indicator that was clicked, and note that its reviewer has looked at the team."""
        if not indicator or self._listing:
            return
        self.session.indicator = indicator
        self.session.remember()
        self.notice.clear()
        self._view()
        if self.tabs.selected_index == 0:
            self.tabs.selected_index = ADJUST
        else:
            self.show()
        self._list()

    def _refresh(self) -> None:
        def act() -> str:
            before = len(self.session.review.review_state.all)
            self.session.review.refresh()
            count = len(self.session.review.review_state.all) - before
            key = "workbench.bar.refreshed" if count else "workbench.bar.nothing_new"
            return translate(key, self.lang, count=count)

        if perform(act, self.notice, self.lang):
            self.changed()

    def _switch_language(self, lang: str) -> None:
        tab = self.tabs.selected_index
        self.lang = lang
        self._build()
        self.tabs.selected_index = tab


def open_workbench(
    data: str | Path = "", year: int | None = None, rubric: str | Path | None = None, lang: str = ""
) -> Workbench:
    """Show the workbench on a data folder.

    Parameters: as for ``open_scorecard``; a blank one is that of ``assess lab``, else a copy of the sample to practise on,
    the last year of the folder, and Chinese. Faults of the input are shown in the interface.
    """
    if _open:  # the cell was run again
        _open.pop().leave()
    given = start_options()
    lang = next((each for each in (lang, given["lang"]) if each in LANGUAGES), "zh")
    bench = Workbench(data or given["data"] or practice_data(), year or given["year"], rubric, lang)
    _open.append(bench)
    w.register_comm_target()  # a forked kernel came after ipywidgets, which looks for one when it is imported
    display(bench)
    bench.load(bench.first_year)
    return bench


_open: list[Workbench] = []
