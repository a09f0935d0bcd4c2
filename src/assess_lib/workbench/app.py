"""The workbench: a bar to choose year and team, the list of indicators, and the panels."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets as w
from IPython.display import display as _display

from assess_lib.api import STEPS
from assess_lib.pages import blocks
from assess_lib.rules.rubric import PEER_COLUMNS
from assess_lib.words import LANGUAGES, catalogue, texts_under, translate
from assess_lib.workbench.adjust_panel import AdjustPanel
from assess_lib.workbench.card_panel import CardPanel
from assess_lib.workbench.controls import Notice, button, dispose, field, perform, row, wide
from assess_lib.workbench.keys import OwnKeys
from assess_lib.workbench.lab import practice_data, start_options
from assess_lib.workbench.panel import Bench, Change, Panel
from assess_lib.workbench.progress_panel import ProgressPanel
from assess_lib.workbench.session import Session, years_of
from assess_lib.workbench.stages_panel import StagesPanel
from assess_lib.workbench.what_if_panel import WhatIfPanel

STYLE = Path(__file__).with_name("style.css")
MATCHES = 200
display: Callable[..., None] = _display  # IPython has no types
FIGURE_SPACE = "\u2007"
PANELS: dict[str, Callable[[Bench], Panel]] = {
    "card": CardPanel,
    "adjust": AdjustPanel,
    "stages": StagesPanel,
    "what_if": WhatIfPanel,
    "progress": ProgressPanel,
}
WITH_LIST = ("card", "adjust")


class Workbench(w.VBox):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """The whole workbench: ``panels`` by name; ``ready`` whether a year is open."""

    children: Sequence[w.Widget]

    def __init__(self, data: str | Path, year: int | None, rubric: str | Path | None = None, lang: str = "zh") -> None:
        super().__init__(layout=w.Layout(width="100%"))
        self.add_class("wb")
        self.data, self.rubric_file, self.lang = data, rubric or None, lang
        self._session: Session | None = None
        self.panels: dict[str, Panel] = {}
        self._matching = self._listing = False  # while lists are set by the program
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
        self.session.evaluator = self.name.value.strip()
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
            self._match()
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
        perform(self.panels[name].show, self.notice, self.lang)

    # ---- how it is put together ----------------------------------------------------------------------

    def _build(self) -> None:
        """Make all widgets anew, in the language chosen, and close those before them."""
        lang = self.lang
        bar = self._bar()
        self.notice = Notice(layout=wide())
        options = self._indicator_options()
        self.indicators = w.Select(options=options, value=self.session.indicator, rows=26, layout=wide())
        self.indicators.description = translate("workbench.list.label", lang)
        self.indicators.add_class("wb-list")
        legend = w.HTML(blocks.caption(translate("workbench.list.legend", lang)).html)
        self.side = w.VBox([self.indicators, legend], layout=w.Layout(width="30%", min_width="300px"))
        self.panels = {name: panel(self) for name, panel in PANELS.items()}
        widgets = [panel.widget for panel in self.panels.values()]
        self.tabs = w.Tab(widgets, layout=w.Layout(width="70%", flex="1 1 auto"))
        for place, name in enumerate(PANELS):
            self.tabs.set_title(place, translate(f"workbench.tab.{name}", lang))
        self._match()
        self.show()
        style, keys = w.HTML(self._style()), OwnKeys()
        replaced, self._interface = self._interface, [style, keys, bar, self.notice, self.side, self.tabs]
        main = w.HBox([self.side, self.tabs], layout=wide())
        main.add_class("wb-main")
        self.children = [style, keys, bar, self.notice, main]
        for widget in replaced:
            dispose(widget)
        self.year.observe(lambda change: self.load(change["new"]), "value")
        self.county.observe(lambda _: self._search(), "value")
        self.search.observe(lambda _: self._search(), "value")
        self.team.observe(self._choose, "value")
        self.name.observe(lambda _: self._rename(), "value")
        self.language.observe(lambda change: self._switch_language(change["new"]), "value")
        self.tabs.observe(lambda _: self.show(), "selected_index")
        self.indicators.observe(self._pick, "value")

    def _bar(self) -> w.HBox:
        """The bar above the panels: year, county, search, team, name, language."""
        session, lang = self.session, self.lang

        def word(key: str) -> str:
            return translate(f"workbench.bar.{key}", lang)

        self.year = field(w.Dropdown, word("year"), "120px", options=years_of(self.data), value=session.year)
        counties = [(word("all"), ""), *((county, county) for county in session.search.counties)]
        self.county = field(w.Dropdown, word("county"), "150px", options=counties)
        self.search = field(w.Text, word("search"), "270px", placeholder=word("search_hint"))
        self.team = field(w.Dropdown, word("team"), "330px")
        self.previous = button(word("previous"), lambda: self._step_to(-1), icon="arrow-left")
        self.next = button(word("next"), lambda: self._step_to(1), icon="arrow-right")
        hint = word("evaluator_hint")
        self.name = field(w.Text, word("evaluator"), "170px", value=session.evaluator, placeholder=hint)
        self.refresh = button(word("refresh"), self._refresh, icon="refresh")
        self.language = w.ToggleButtons(
            options=[(about["name"], name) for name, about in catalogue().languages.items()],
            value=lang,
            style={"button_width": "auto"},
            tooltips=[word("language")] * len(catalogue().languages),
        )
        search = (self.year, self.county, self.search, self.team, self.previous, self.next)
        bar = row(*search, self.name, self.refresh, self.language)
        bar.add_class("wb-bar")
        return bar

    def _style(self) -> str:
        teams = self.session.review.computed.data.teams()
        names = teams[["name", "unit_name", "village_name", *PEER_COLUMNS]].astype(object).fillna("")
        words = "".join({*"".join(names.to_numpy().ravel()), *"".join(texts_under("workbench.", self.lang))})
        font = blocks.font(self.session.card(self.lang), words).html
        return f"{blocks.style().html}{font}<style>{STYLE.read_text(encoding='utf-8')}</style>"

    def _indicator_options(self) -> list[tuple[str, str]]:
        """Every indicator in a line: its state, points and weight, name; figures below one another."""
        lang, card = self.lang, self.session.card(self.lang)
        disputed = {line.indicator for line in card.disputes if line.state == "received"}
        options = []
        for line in card.lines:
            key = "disputed" if line.id in disputed else line.judgement or line.status
            points, weight = line.points_words.rjust(5, FIGURE_SPACE), line.weight_words.ljust(5, FIGURE_SPACE)
            options.append((f"{translate(f'workbench.list.{key}', lang)} {points} / {weight} {line.name}", line.id))
        return options

    def _list(self) -> None:
        """Show the list of indicators as it now stands."""
        self._listing = True
        options = self._indicator_options()
        if tuple(options) != tuple(self.indicators.options):
            self.indicators.options = options
        self.indicators.value = self.session.indicator
        self._listing = False

    def _match(self) -> None:
        """List the teams that match what is typed, the present one chosen if it is among them."""
        session, lang = self.session, self.lang
        self.matches = session.search.find(self.search.value, self.county.value)
        names = session.review.computed.data.teams()["name"]
        listed = self.matches[:MATCHES]
        if session.team in self.matches and session.team not in listed:
            listed = [session.team, *listed[:-1]]
        choices = [(f"{team} {names[team]}", team) for team in listed]
        if len(self.matches) > len(listed):
            choices.append((translate("workbench.bar.more", lang, count=len(self.matches) - len(listed)), ""))
        if session.team not in self.matches:
            key = "workbench.bar.choose" if self.matches else "workbench.bar.none"
            choices.insert(0, (translate(key, lang, count=len(self.matches)), ""))
        self._matching = True
        if tuple(choices) != tuple(self.team.options):
            self.team.options = choices
        self.team.value = session.team if session.team in self.matches else ""
        self._matching = False

    def _search(self) -> None:
        """List the teams that match, and show the only one."""
        self._match()
        if len(self.matches) == 1:
            self.go(self.matches[0])

    def _choose(self, change: Change) -> None:
        if change["new"] and not self._matching:
            self.go(change["new"])

    def _rename(self) -> None:
        self.evaluator()
        self.session.remember()

    def _step_to(self, step: int) -> None:
        self.go(self.session.neighbour(step, self.matches))

    def _pick(self, change: Change) -> None:
        """Show the indicator that was clicked, and note that its reviewer has looked at the team."""
        if not change["new"] or self._listing:
            return
        self.session.indicator = change["new"]
        self.session.remember()
        if self.evaluator():
            perform(
                lambda: self.session.review.mark_viewed(self.session.team, self.evaluator()), self.notice, self.lang
            )
        if self.tabs.selected_index == 0:
            self.tabs.selected_index = 1
        else:
            self.show()

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
