"""An evaluator's place in the work: a year under review, a team, an indicator. Knows no widgets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assess_lib.analysis.what_if import Trial
from assess_lib.atomic import write_text
from assess_lib.ledger.store import FOLDER
from assess_lib.progress import Tell, silent
from assess_lib.review.acts import open_review
from assess_lib.review.worklist import Doubt, applying, doubts
from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.team_search import TeamSearch
from assess_lib.tables.quarantine import keep_aside
from assess_lib.workbench.indicator_list import BY_FOCAL_POINT, in_order
from assess_lib.workbench.looked import Looked

PLACES = "places.json"


class Session:
    """One evaluator at one year.

    Parameters: as for ``open_review``; ``evaluator`` the name under which entries are made. ``team`` and ``indicator``
    are where the evaluator was when last here, else the first.
    """

    def __init__(
        self,
        data: str | Path,
        year: int,
        rubric: str | Path | None = None,
        evaluator: str = "",
        tell: Tell = silent,
    ) -> None:
        self.data, self.year, self.rubric_file = data, year, rubric
        self.review = open_review(data, year, rubric, keep_aside, tell)
        self.search = TeamSearch(self.review.computed)
        self.teams = list(self.review.computed.scores.index)
        self.indicators = [indicator.id for indicator in self.review.rubric.indicators()]
        self._trial: Trial | None = None
        self._trial_of: object = None
        self._card: Scorecard | None = None
        last = self._places().get(str(year), {})
        self._evaluator = evaluator or str(last.get("evaluator", ""))
        self.looked = self._looked_by(self._evaluator)
        self.order = BY_FOCAL_POINT
        self._doubt: tuple[float, int, int] | None = None  # the place of the last doubt shown, in the order of all
        self.team = last["team"] if last.get("team") in self.teams else self.teams[0]
        known = last.get("indicator") in self.indicators
        self.indicator = last["indicator"] if known else self.indicators[0]

    @property
    def evaluator(self) -> str:
        """The name under which entries are made."""
        return self._evaluator

    @evaluator.setter
    def evaluator(self, name: str) -> None:
        if name != self._evaluator:
            before, self.looked = self.looked, self._looked_by(name)
            if before.nameless:
                self.looked.take_over(before)
            self._evaluator = name

    def card(self, lang: str) -> Scorecard:
        """The scorecard of the team, as it now stands."""
        card, now = self._card, self.review.result
        if card is None or card.now is not now or (card.team_id, card.lang) != (self.team, lang):
            card = self._card = Scorecard(now, self.review.before, self.team, lang)
        return card

    def line(self, lang: str) -> IndicatorLine:
        """The indicator of the team, in words."""
        return next(line for line in self.card(lang).lines if line.id == self.indicator)

    def trial(self) -> Trial:
        """The year to try rules on, as it now stands."""
        if self._trial is None or self._trial_of is not self.review.result:
            self._trial, self._trial_of = Trial(self.review.result), self.review.result
        return self._trial

    def neighbour(self, step: int, among: list[str] | None = None) -> str:
        """The team ``step`` places on, round the end, among some teams or all."""
        among = among or self.teams
        if self.team not in among:
            return among[0]
        return among[(among.index(self.team) + step) % len(among)]

    def own(self, among: list[str]) -> list[str]:
        """Those of some teams that are given to the evaluator; all of them where none is."""
        assigned = self.review.review_state.assigned
        own = [team for team in among if self.evaluator and assigned.get(team) == self.evaluator]
        return own or among

    def untouched(self, team: str) -> set[str]:
        """The indicators of a team that apply and that the evaluator has not looked at; none of a team that is signed off."""
        if team in self.review.review_state.signed_off:
            return set()
        return applying(self.review.result, team) - self.looked.at(team)

    def next_untouched(self, among: list[str], lang: str) -> tuple[str, str] | None:
        """Team and indicator of the next that the evaluator has not looked at: of this team, as the list has it, from the
        one that is shown on; else of the next team. None where all were looked at."""
        here = self._listed(lang)
        place = here.index(self.indicator)
        left = self.untouched(self.team)
        for indicator in here[place:] + here[:place]:
            if indicator in left:
                return self.team, indicator
        teams = self.own(among)
        place = teams.index(self.team) + 1 if self.team in teams else 0
        for team in teams[place:] + teams[:place]:
            if left := self.untouched(team):
                return team, next(each for each in self._listed(lang, team) if each in left)
        return None

    def next_doubt(self, among: list[str]) -> Doubt | None:
        """The doubt that follows the one shown last, the most points first; from the first again after the last."""
        found = doubts(self.review.result, self.own(among), self.evaluator)
        places = {team: place for place, team in enumerate(self.teams)}

        def place(doubt: Doubt) -> tuple[float, int, int]:
            return -doubt.points, places[doubt.team], self.indicators.index(doubt.indicator)

        later = (each for each in found if self._doubt is None or place(each) > self._doubt)
        doubt = next(later, found[0] if found else None)
        self._doubt = place(doubt) if doubt else None
        return doubt

    def _listed(self, lang: str, team: str = "") -> list[str]:
        """The indicators of a team in the order of the list."""
        card = Scorecard(self.review.result, self.review.before, team, lang) if team else self.card(lang)
        return [line.id for lines in in_order(card, self.order) for line in lines]

    def _looked_by(self, name: str) -> Looked:
        return Looked(Path(self.data) / FOLDER, self.year, name)

    def remember(self) -> None:
        """Write down where the evaluator is; a folder that cannot be written to hinders nobody."""
        places = self._places()
        places[str(self.year)] = {"team": self.team, "indicator": self.indicator, "evaluator": self.evaluator}
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_text(self._file, json.dumps(places, ensure_ascii=False, indent=1))
        except OSError:
            pass

    @property
    def _file(self) -> Path:
        return Path(self.data) / FOLDER / PLACES

    def _places(self) -> dict[str, dict[str, Any]]:
        try:
            places = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return places if isinstance(places, dict) else {}


def years_of(data: str | Path) -> list[int]:
    """The years of a data folder, the last first."""
    folder = Path(data)
    folders = folder.iterdir() if folder.is_dir() else ()
    return sorted((int(path.name) for path in folders if path.is_dir() and path.name.isdigit()), reverse=True)
