"""The bar of the workbench: year, county, search, team, evaluator; below it the buttons that lead on, and the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as w

from assess_lib.words import catalogue, translate
from assess_lib.workbench.controls import button, field, row
from assess_lib.workbench.session import Session, years_of

MATCHES = 200


class TeamBar(w.VBox):  # type: ignore[misc, unused-ignore]  # ipywidgets has no types
    """Its controls by name; ``matches`` are the teams that fit what is typed.

    Parameters: ``steps`` what the buttons do that lead to another team or indicator, by the name of their words.
    """

    children: Sequence[w.Widget]

    def __init__(self, session: Session, lang: str, steps: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(layout=w.Layout(width="100%"))
        self._session, self._lang = session, lang
        self.listing = False  # while teams are listed by the program
        self.matches: list[str] = []
        self.year = field(w.Dropdown, self._word("year"), "112px", options=years_of(session.data), value=session.year)
        counties = [(self._word("all"), ""), *((county, county) for county in session.search.counties)]
        self.county = field(w.Dropdown, self._word("county"), "150px", options=counties)
        hint = self._word("search_hint")
        self.search = field(w.Text, self._word("search"), "260px", placeholder=hint, continuous_update=True)
        self.team = field(w.Dropdown, self._word("team"), "330px")
        hint = self._word("evaluator_hint")
        self.name = field(w.Text, self._word("evaluator"), "170px", value=session.evaluator, placeholder=hint)
        self.buttons = {name: button(self._word(name), act, icon=_ICONS.get(name, "")) for name, act in steps.items()}
        for name, made in self.buttons.items():
            made.tooltip = self._word(f"{name}_note")
        self.language = w.ToggleButtons(
            options=[(about["name"], name) for name, about in catalogue().languages.items()],
            value=lang,
            style={"button_width": "auto"},
            tooltips=[self._word("language")] * len(catalogue().languages),
        )
        self.language.add_class("wb-language")
        self.add_class("wb-bar")
        self.children = [
            row(self.year, self.county, self.search, self.team, self.name),
            row(*self.buttons.values(), self.language),
        ]

    def match(self) -> None:
        """List the teams that match what is typed, the present one chosen if it is among them."""
        session, lang = self._session, self._lang
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
        self.listing = True
        if tuple(choices) != tuple(self.team.options):
            self.team.options = choices
        self.team.value = session.team if session.team in self.matches else ""
        self.listing = False

    def _word(self, key: str) -> str:
        return translate(f"workbench.bar.{key}", self._lang)


_ICONS = {"previous": "arrow-left", "next": "arrow-right", "refresh": "refresh"}
