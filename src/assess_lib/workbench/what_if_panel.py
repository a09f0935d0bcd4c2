"""What if: weights, targets and limits are moved, and all teams follow at once."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import ipywidgets as w
import pandas as pd
from traitlets import link

from assess_lib.analysis.what_if import Outcome, Trial
from assess_lib.api import rubric_file
from assess_lib.exact import decimal_text, exact
from assess_lib.faults import Fault, UnusableInput
from assess_lib.indicators.registry import vocabulary
from assess_lib.pages import blocks
from assess_lib.pages.waterfall import waterfall
from assess_lib.resources import project_root
from assess_lib.rules.changes import Changes, moved_sum, write_version
from assess_lib.rules.kinds import Score
from assess_lib.scoring.tables import HELD
from assess_lib.words import join_clauses, translate
from assess_lib.workbench.controls import NARROW, Notice, button, paged, performed, table, wide

SHOWN = 15


class TrialPanel:
    """Holds what is moved; keeps nothing unless it is saved as a new version."""

    def __init__(self, app: Any):
        self._app, lang, rubric = app, app.lang, app.session.review.rubric
        word = lambda key: translate(f"workbench.trial.{key}", lang)  # noqa: E731
        self.notice, self._result, self._water = Notice(layout=wide()), w.HTML(layout=wide()), w.HTML(layout=wide())
        self._indicators: dict[str, Fraction] = {}
        self._targets: dict[str, Fraction] = {}
        self.outcome: Outcome | None = None
        self._quiet = False
        self.dimensions = {
            d.id: _slider(d.name[lang], float(d.weight), 0, max(60.0, float(d.weight) * 1.5), 0.5)
            for d in rubric.dimensions
        }
        self.limits = {
            band.id: _slider(band.name[lang], float(band.range.low), 0, float(rubric.total), 0.5)
            for band in rubric.grades.bands[:-1]
        }
        self._sum = w.HTML()
        names = [(rule.name[lang], rule.id) for rule in rubric.indicators()]
        self.indicator = w.Dropdown(
            options=names, description=translate("workbench.list.indicator", lang), layout=_line(), style=NARROW
        )
        self.indicator.observe(self._turn, "value")
        self._without = w.HTML()
        self.weight = _slider(word("weight"), 0, 0, 10, 0.05)
        self.target = _slider(word("target"), 0, 0, 1, 0.01)
        self.save = button(word("save"), self._save, "primary")
        self._target_row = _labelled(self.target)
        self.version = w.Text(
            description=word("version"), placeholder="2016.2", layout=w.Layout(width="180px"), style=NARROW
        )
        self.why = w.Text(description=word("why"), layout=_line(), style=NARROW)
        for slider in (*self.dimensions.values(), *self.limits.values()):
            slider.observe(lambda _: self._follow(), "value")
        self.weight.observe(lambda change: self._of_indicator(self._indicators, change), "value")
        self.target.observe(lambda change: self._of_indicator(self._targets, change), "value")
        moved = w.VBox(
            [
                w.HTML(blocks.caption(word("note")).html),
                w.HTML(_heading(word("weights"))),
                *map(_labelled, self.dimensions.values()),
                self._sum,
                w.HTML(_heading(word("of_indicator"))),
                self.indicator,
                _labelled(self.weight),
                self._target_row,
                self._without,
                w.HTML(_heading(word("limits"))),
                *map(_labelled, self.limits.values()),
                button(word("reset"), self.reset),
                self.version,
                self.why,
                self.save,
                self.notice,
            ],
            layout=w.Layout(width="36%", min_width="330px"),
        )
        moved.add_class("wb-form")
        self.teams: Any = None
        self.all = button(word("all"), self._list_all)
        self._first, self._place = w.HTML(layout=wide()), w.VBox(layout=wide())
        right = w.VBox(
            [self._result, self._water, self._first, self.all, self._place],
            layout=w.Layout(width="63%", padding="0 0 0 12px"),
        )
        self.widget = w.HBox([moved, right], layout=w.Layout(width="100%", padding="6px 4px"))

    def changes(self) -> Changes:
        """The numbers that are moved away from the rules in force."""
        rubric = self._app.session.review.rubric
        dimensions = {d.id: _number(self.dimensions[d.id]) for d in rubric.dimensions}
        limits = {band.id: _number(self.limits[band.id]) for band in rubric.grades.bands[:-1]}
        return Changes(
            {d.id: dimensions[d.id] for d in rubric.dimensions if float(dimensions[d.id]) != float(d.weight)},
            dict(self._indicators),
            dict(self._targets),
            {b.id: limits[b.id] for b in rubric.grades.bands[:-1] if float(limits[b.id]) != float(b.range.low)},
        )

    @property
    def _tried(self) -> Outcome:
        """The outcome of what is moved now; that of moving nothing before the first."""
        return self.outcome or self._app.session.trial().start

    def trial_moves(self) -> int:
        """The number of totals that the trial moves."""
        return int((self._app.session.trial().moves(self._tried)["change"] != 0).sum())

    def show(self) -> None:
        """The sliders of the chosen indicator, and what follows from all of them."""
        session, lang = self._app.session, self._app.lang
        if self.outcome is None:
            self._result.value = blocks.caption(translate("workbench.trial.preparing", lang)).html
        rule = session.review.rubric.indicator(session.indicator)
        self._quiet = True
        self.indicator.value = rule.id
        weight = float(self._indicators.get(rule.id, rule.weight))
        _set(self.weight, 0, max(10.0, float(rule.weight) * 3), weight, 0.05)
        self.weight.disabled = not rule.weight
        name = rule.score.movable
        self._target_row.layout.display = "" if name else "none"
        self._without.value = "" if name else blocks.caption(translate("workbench.trial.no_target", lang)).html
        if name:
            low, high, step = _span(rule.score)
            _set(self.target, low, high, float(self._targets.get(rule.id, getattr(rule.score, name))), step)
        self._quiet = False
        self._follow()

    def reset(self) -> None:
        """Back to the rules in force."""
        rubric = self._app.session.review.rubric
        self._quiet = True
        self._indicators, self._targets = {}, {}
        for dimension in rubric.dimensions:
            self.dimensions[dimension.id].value = float(dimension.weight)
        for band in rubric.grades.bands[:-1]:
            self.limits[band.id].value = float(band.range.low)
        self._quiet = False
        self.show()

    def _turn(self, change: Any) -> None:
        """Another indicator is chosen here."""
        if not self._quiet:
            self._app.session.indicator = change["new"]
            self._app.changed()

    def _of_indicator(self, moved: dict[str, Fraction], change: Any) -> None:
        if not self._quiet:
            session = self._app.session
            rule = session.review.rubric.indicator(session.indicator)
            official = rule.weight if moved is self._indicators else getattr(rule.score, rule.score.movable)
            moved.pop(rule.id, None)
            if float(official) != change["new"]:
                moved[rule.id] = exact(change["new"])
            self._follow()

    def _follow(self) -> None:
        if not self._quiet:
            performed(self._recompute, self.notice, self._app.lang)

    def _recompute(self) -> None:
        session, lang = self._app.session, self._app.lang
        trial, changes, whole = session.trial(), self.changes(), session.review.rubric.total
        total = moved_sum(session.review.rubric, changes)
        key = "workbench.trial.sum" if total == whole else "workbench.trial.sum_other"
        self._sum.value = blocks.paragraph(
            translate(key, lang, sum=decimal_text(total), whole=decimal_text(whole))
        ).html
        self.outcome = trial.outcome(changes)
        self.notice.clear()
        moves = trial.moves(self.outcome)
        self._result.value = (
            blocks.paragraph(self._summary(trial, moves)).html + blocks.caption(self._grades(moves)).html
        )
        self._list()
        self._fall(trial)

    def _summary(self, trial: Trial, moves: pd.DataFrame) -> str:
        start, now = trial.start, self._tried
        before = {"teams": set(start.commended), "low": {*start.rectified, *start.rectified_units}}
        after = {"teams": set(now.commended), "low": {*now.rectified, *now.rectified_units}}
        counts = {f"in_{key}": len(after[key] - before[key]) for key in after} | {
            f"out_{key}": len(before[key] - after[key]) for key in after
        }
        return translate(
            "workbench.trial.summary",
            self._app.lang,
            moved=int((moves["change"] != 0).sum()),
            graded=int((moves["grade"] != moves["grade_before"]).sum()),
            **counts,
        )

    def _grades(self, moves: pd.DataFrame) -> str:
        lang = self._app.lang
        listed = [
            f"{band.name[lang]} {int((moves['grade_before'] == band.id).sum())} → {int((moves['grade'] == band.id).sum())}"
            for band in self._app.session.review.rubric.grades.bands
        ]
        return translate("workbench.trial.grades", lang, list=join_clauses(listed, lang))

    def _movers(self) -> pd.DataFrame:
        """The teams that move: changes of grade first, then the largest changes of total."""
        moves = self._app.session.trial().moves(self._tried)
        graded = moves["grade"] != moves["grade_before"]
        order = pd.DataFrame({"graded": ~graded, "size": -moves["change"].abs(), "rank": moves["rank"]})
        order = order[graded | (moves["change"] != 0) | (moves["rank"] != moves["rank_before"])]
        return moves.loc[order.sort_values(["graded", "size", "rank"], kind="stable").index]

    def _frame(self, movers: pd.DataFrame) -> pd.DataFrame:
        """Movers in words."""
        app, lang = self._app, self._app.lang
        names = app.session.review.computed.data.teams()["name"]
        bands = {band.id: band.name[lang] for band in app.session.review.rubric.grades.bands}
        grades = [
            bands[a] if a == b else f"{bands[b]} → {bands[a]}" for b, a in zip(movers["grade_before"], movers["grade"])
        ]
        return pd.DataFrame(
            {
                translate("workbench.trial.team", lang): [f"{team} {names[team]}" for team in movers.index],
                translate("workbench.trial.before", lang): [f"{total:.2f}" for total in movers["total_before"]],
                translate("workbench.trial.after", lang): [f"{total:.2f}" for total in movers["total"]],
                translate("workbench.trial.change", lang): [_signed(change) for change in movers["change"]],
                translate("workbench.trial.rank", lang): [
                    f"{b} → {a}" if a != b else str(a) for b, a in zip(movers["rank_before"], movers["rank"])
                ],
                translate("workbench.trial.grade", lang): grades,
            }
        )

    def _list(self) -> None:
        """The first of those that move; the table of all is of another trial now."""
        lang, movers = self._app.lang, self._movers()
        self.all.layout.display = "" if len(movers) > SHOWN else "none"
        self._place.children = []
        frame = self._frame(movers.head(SHOWN))
        columns = [blocks.Column(name, number=1 <= place <= 4) for place, name in enumerate(frame.columns)]
        label = translate("workbench.trial.table" if len(frame) else "workbench.trial.none", lang, most=len(frame))
        self._first.value = blocks.caption(label).html + (
            blocks.table(columns, frame.to_numpy().tolist(), lang).html if len(frame) else ""
        )

    def _list_all(self) -> None:
        """All that move, to search and sort in."""
        movers = self._movers()
        frame = self._frame(movers)
        self.teams = table(
            frame, self._app.lang, translate("workbench.trial.table", self._app.lang, most=len(frame)), **paged(15)
        )
        self._place.children = [self.teams]

    def _fall(self, trial: Trial) -> None:
        session, lang = self._app.session, self._app.lang
        rubric, team = session.review.rubric, session.team
        names = {indicator.id: indicator.name[lang] for indicator in rubric.indicators()}
        for dimension in rubric.dimensions:
            names |= {
                f"{g.id}:{HELD}": translate("workbench.trial.held", lang, group=g.name[lang]) for g in dimension.groups
            }
        before, after = (float(scores.at[team, "total"]) for scores in (trial.start.scores, self._tried.scores))
        parts = [(names[name], points) for name, points in trial.steps_between(self._tried, team)]
        self._water.value = _heading(
            translate("workbench.trial.waterfall", lang, before=f"{before:.2f}", after=f"{after:.2f}")
        )
        if parts:
            self._water.value += f'<figure class="sc sc-figure">{waterfall(before, after, parts, lang).svg}</figure>'

    def _save(self) -> None:
        app, lang = self._app, self._app.lang

        def act() -> str:
            version, note = self.version.value.strip(), self.why.value.strip()
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,29}", version) or not note:
                raise UnusableInput([Fault("trial.about", value=version)])
            rubric, base = app.session.review.rubric, rubric_file(app.session.rubric_file, app.session.year)
            name = f"{rubric.id}-{version.lower().replace('.', '-')}"
            now = app.session.trial().outcome(self.changes()).rubric
            path = project_root() / "parameters" / "trials" / f"{name}.yaml"
            about = {
                "id": name[:60],
                "version": version,
                "note": f"{note}（{app.evaluator()}）" if app.evaluator() else note,
            }
            write_version(path, base, rubric, now, about, vocabulary())
            return translate("workbench.trial.saved", lang, path=path)

        performed(act, self.notice, lang)


def _line() -> w.Layout:
    return w.Layout(width="97%")


def _slider(words: str, value: float, low: float, high: float, step: float) -> w.FloatSlider:
    return w.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=words,
        continuous_update=False,
        readout_format=_digits(step),
        layout=_line(),
        style=NARROW,
    )


def _labelled(slider: w.FloatSlider) -> w.Box:
    """A slider with a field that carries its name and takes the number itself; the slider alone would be nameless to
    those who cannot see it."""
    box = w.BoundedFloatText(
        value=slider.value,
        min=slider.min,
        max=slider.max,
        step=slider.step,
        description=slider.description,
        layout=w.Layout(width="250px"),
        style={"description_width": "150px"},
        continuous_update=False,
    )
    slider.description, slider.readout, slider.layout = "", False, w.Layout(flex="1 1 60px", min_width="60px")
    for name in ("min", "max", "step"):
        w.dlink((slider, name), (box, name))
    link((slider, "value"), (box, "value"), transform=(lambda value: round(value, 6), lambda value: value))
    box.add_class("wb-number")
    both = w.HBox([box, slider], layout=w.Layout(width="98%", align_items="center"))
    return both


def _set(slider: w.FloatSlider, low: float, high: float, value: float, step: float) -> None:
    slider.min, slider.max = min(low, slider.min), max(high, slider.max)  # so that no value is ever outside
    slider.step, slider.readout_format, slider.value = step, _digits(step), value
    slider.min, slider.max = low, high


def _digits(step: float) -> str:
    """The format of a slider's number: as many decimals as its steps have."""
    return f".{max(0, -int(f'{step:e}'.split('e')[1]))}f"


def _span(score: Score) -> tuple[float, float, float]:
    """Between which values the slider of a target moves, and its step: about a hundredth of the way to full marks."""
    low, high, reach = map(float, score.movable_range())
    return low, high, 10.0 ** round(float(f"{reach:e}".split("e")[1]) - 2)


def _number(slider: w.FloatSlider) -> Fraction:
    return Fraction(repr(round(slider.value, 6)))


def _signed(change: float) -> str:
    return "–" if not change else f"{'▲' if change > 0 else '▼'} {abs(change):.2f}"


def _heading(words: str) -> str:
    return str(blocks.Markup('<div class="sc"><h3>{}</h3></div>').format(words))
