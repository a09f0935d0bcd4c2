"""What if: weights, targets and limits are moved, and all teams follow at once."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import ipywidgets as w
import pandas as pd

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
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.rubric_words import grade_labels, row_names
from assess_lib.words import join_clauses, translate
from assess_lib.workbench.controls import button, download, field, form, paged, perform, row, table, wide
from assess_lib.workbench.number_row import NumberRow, Wrong
from assess_lib.workbench.panel import Bench, Change, Panel

SHOWN = 15
LINE = "97%"


class WhatIfPanel(Panel):
    """Holds what is moved; keeps nothing unless it is saved as a new version."""

    def __init__(self, app: Bench) -> None:
        super().__init__(app)
        rubric, lang = self._rubric, self._lang
        self._result, self._waterfall = w.HTML(layout=wide()), w.HTML(layout=wide())
        self._weights: dict[str, Fraction] = {}
        self._targets: dict[str, Fraction] = {}
        self.outcome: Outcome | None = None
        self._quiet = False  # while sliders are set by the program
        self.stale = False  # whether the outcome shown is that of other numbers than those that stand there
        self.dimensions = {
            d.id: _slider(d.name[lang], float(d.weight), 0, max(60.0, float(d.weight) * 1.5), 0.5)
            for d in rubric.dimensions
        }
        grades = grade_labels(rubric, lang)
        self.limits = {
            grade: _slider(grades[grade], limit, 0, float(rubric.total), 0.5) for grade, limit in self._limits.items()
        }
        self._sum, self._without_target = w.HTML(), w.HTML()
        self.wrong = {name: Wrong() for name in ("weights", "version", "why")}
        names = [(rule.name[lang], rule.id) for rule in rubric.indicators()]
        self.indicator = field(w.Dropdown, translate("workbench.list.indicator", lang), LINE, options=names)
        self.indicator.observe(self._choose, "value")
        self.weight = _slider(self._word("weight"), 0, 0, 10, 0.05)
        self.target = _slider(self._word("target"), 0, 0, 1, 0.01)
        self.rows = {
            slider: NumberRow(slider, lang, self._follow)
            for slider in (*self.dimensions.values(), self.weight, self.target, *self.limits.values())
        }
        self.version = field(w.Text, self._word("version"), "180px", placeholder=self._next_version())
        self.why = field(w.Text, self._word("why"), LINE)
        self.save = button(self._word("save"), lambda: perform(self._save, self.notice, lang), "primary")
        self._back = button(self._word("reset"), self.reset)
        for slider in (*self.dimensions.values(), *self.limits.values()):
            slider.observe(lambda _: self._follow(), "value")
        self.weight.observe(lambda change: self._move(self._weights, change), "value")
        self.target.observe(lambda change: self._move(self._targets, change), "value")
        fields = form(
            w.HTML(blocks.caption(self._word("note")).html),
            w.HTML(_heading(self._word("weights"))),
            *(self.rows[slider] for slider in self.dimensions.values()),
            self._sum,
            self.wrong["weights"],
            w.HTML(_heading(self._word("of_indicator"))),
            self.indicator,
            self.rows[self.weight],
            self.rows[self.target],
            self._without_target,
            w.HTML(_heading(self._word("limits"))),
            *(self.rows[slider] for slider in self.limits.values()),
            w.HTML(_heading(self._word("new_version"))),
            self.version,
            self.wrong["version"],
            self.why,
            self.wrong["why"],
            row(self.save, self._back),
            self.notice,
            width="36%",
            min_width="330px",
        )
        self.teams: Any = None
        self.all = button(self._word("all"), self._list_all)
        self._first, self._place = w.HTML(layout=wide()), w.VBox(layout=wide())
        self.shown = w.VBox([self._result, self._waterfall, self._first, self.all, self._place], layout=wide())
        self.not_updated = w.HTML(layout=wide())
        outcome = w.VBox([self.not_updated, self.shown], layout=w.Layout(width="63%", padding="0 0 0 12px"))
        self.widget = w.HBox([fields, outcome], layout=w.Layout(width="100%", padding="6px 4px"))

    def changes(self) -> Changes:
        """The numbers that are moved away from the rules in force."""
        rubric = self._rubric
        dimensions = {d.id: _number(self.dimensions[d.id]) for d in rubric.dimensions}
        limits = {grade: _number(slider) for grade, slider in self.limits.items()}
        return Changes(
            {d.id: dimensions[d.id] for d in rubric.dimensions if float(dimensions[d.id]) != float(d.weight)},
            dict(self._weights),
            dict(self._targets),
            {grade: limits[grade] for grade, limit in self._limits.items() if float(limits[grade]) != limit},
        )

    @property
    def _rubric(self) -> Rubric:
        return self._session.review.rubric

    @property
    def _limits(self) -> dict[str, float]:
        """The total at which each grade begins by the rules in force, without the last, which begins at none."""
        bands = self._rubric.grades.bands
        return {band.id: float(band.range.low) for band in bands if band.range.low is not None}

    @property
    def _trial(self) -> Trial:
        return self._session.trial()

    @property
    def _tried(self) -> Outcome:
        """The outcome of what is moved now; that of moving nothing before the first."""
        return self.outcome or self._trial.start

    def show(self) -> None:
        """The sliders of the chosen indicator, and what follows from all of them."""
        if self.outcome is None:
            self._result.value = blocks.caption(self._word("preparing")).html
        rule = self._rubric.indicator(self._session.indicator)
        self._quiet = True
        self.indicator.value = rule.id
        weight = float(self._weights.get(rule.id, rule.weight))
        _set(self.weight, 0, max(10.0, float(rule.weight) * 3), weight, 0.05)
        self.weight.disabled = not rule.weight
        name = rule.score.movable
        self.rows[self.target].layout.display = "" if name else "none"
        self._without_target.value = "" if name else blocks.caption(self._word("no_target")).html
        if name:
            low, high, step = _span(rule.score)
            _set(self.target, low, high, float(self._targets.get(rule.id, getattr(rule.score, name))), step)
        for slider in (self.weight, self.target):
            self.rows[slider].show_number()
        self._quiet = False
        self._follow()

    def reset(self) -> None:
        """Back to the rules in force."""
        self._quiet = True
        self._weights, self._targets = {}, {}
        for dimension in self._rubric.dimensions:
            self.dimensions[dimension.id].value = float(dimension.weight)
        for grade, limit in self._limits.items():
            self.limits[grade].value = limit
        for each in self.rows.values():
            each.show_number()
        self._quiet = False
        self.show()

    def _choose(self, change: Change) -> None:
        """Show another indicator, here and in the other panels."""
        if not self._quiet:
            self._session.indicator = change["new"]
            self._app.changed()

    def _move(self, moved: dict[str, Fraction], change: Change) -> None:
        """Take in the new weight or target of the indicator."""
        if not self._quiet:
            rule = self._rubric.indicator(self._session.indicator)
            official = rule.weight if moved is self._weights else getattr(rule.score, rule.score.movable)
            moved.pop(rule.id, None)
            if float(official) != change["new"]:
                moved[rule.id] = exact(change["new"])
            self._follow()

    def _follow(self) -> None:
        """Show what follows from the numbers as they stand; where they do not hold, why, beside the one that is wrong."""
        if self._quiet:
            return
        self.wrong["weights"].tell("")
        for each in self.rows.values():
            if not each.outside:
                each.tell("")
        self._stale(any(each.outside for each in self.rows.values()) or not self._try_out())

    def _try_out(self) -> bool:
        """Show what follows; returns whether the numbers hold together."""
        held: list[bool] = []
        perform(lambda: held.append(self._recompute()), self.notice, self._lang)
        return held == [True]

    def _stale(self, stale: bool) -> None:
        """Dim the outcome that is shown while it is not that of the numbers, and say so."""
        self.stale = stale
        words = '<div class="wb-notice bad" role="alert">{}</div>'
        self.not_updated.value = str(blocks.Markup(words).format(self._word("not_updated"))) if stale else ""
        (self.shown.add_class if stale else self.shown.remove_class)("wb-stale")

    def _place_fault(self, fault: Fault) -> None:
        """Say what is wrong beside the number that is."""
        rubric, lang = self._rubric, self._lang
        words = self._word("wrong", wrong=fault.cause(lang), right=fault.remedy(lang))
        if fault.key == "trial.limits":
            values = [(slider.value, slider) for slider in self.limits.values()]
            pair = next((a, b) for (high, a), (low, b) in pairwise(values) if low >= high)
            moved = [slider for grade, slider in self.limits.items() if slider.value != self._limits[grade]]
            for slider in [each for each in pair if each in moved] or pair:
                self.rows[slider].tell(words)
        elif fault.key == "trial.target":
            self.rows[self.target].tell(f"{rubric.indicator(fault.value).name[lang]}: {words}")
        elif fault.value:
            dimension = next(each for each in rubric.dimensions if each.id == fault.value)
            self.rows[self.weight].tell(f"{dimension.name[lang]}: {words}")
        else:
            self.wrong["weights"].tell(words)

    def _recompute(self) -> bool:
        changes, whole = self.changes(), self._rubric.total
        total = moved_sum(self._rubric, changes)
        words = self._word("sum" if total == whole else "sum_other", sum=decimal_text(total), whole=decimal_text(whole))
        self._sum.value = blocks.paragraph(words).html
        self.notice.clear()
        try:
            self.outcome = self._trial.outcome(changes)
        except UnusableInput as unusable:
            for fault in unusable.faults:
                self._place_fault(fault)
            return False
        moves = self._trial.moves(self.outcome)
        self._result.value = blocks.paragraph(self._summary(moves)).html + blocks.caption(self._grades(moves)).html
        self._list()
        self._draw_waterfall()
        return True

    def _summary(self, moves: pd.DataFrame) -> str:
        before, after = (
            {"teams": set(each.commended), "low": {*each.rectified, *each.rectified_units}}
            for each in (self._trial.start, self._tried)
        )
        counts = {f"in_{key}": len(after[key] - before[key]) for key in after}
        counts |= {f"out_{key}": len(before[key] - after[key]) for key in after}
        graded = int((moves["grade"] != moves["grade_before"]).sum())
        return self._word("summary", moved=int((moves["change"] != 0).sum()), graded=graded, **counts)

    def _grades(self, moves: pd.DataFrame) -> str:
        listed = [
            f"{name} {int((moves['grade_before'] == grade).sum())} → {int((moves['grade'] == grade).sum())}"
            for grade, name in grade_labels(self._rubric, self._lang).items()
        ]
        return self._word("grades", list=join_clauses(listed, self._lang))

    def _movers(self) -> pd.DataFrame:
        """The teams that move: changes of grade first, then the largest changes of total."""
        moves = self._trial.moves(self._tried)
        graded = moves["grade"] != moves["grade_before"]
        order = pd.DataFrame({"graded": ~graded, "size": -moves["change"].abs(), "rank": moves["rank"]})
        order = order[graded | (moves["change"] != 0) | (moves["rank"] != moves["rank_before"])]
        return moves.loc[order.sort_values(["graded", "size", "rank"], kind="stable").index]

    def _frame(self, movers: pd.DataFrame) -> pd.DataFrame:
        """Movers in words."""
        names = self._session.review.computed.data.teams()["name"]
        grades = grade_labels(self._rubric, self._lang)
        return pd.DataFrame(
            {
                self._word("team"): [f"{team} {names[team]}" for team in movers.index],
                self._word("before"): [f"{total:.2f}" for total in movers["total_before"]],
                self._word("after"): [f"{total:.2f}" for total in movers["total"]],
                self._word("change"): [_signed(change) for change in movers["change"]],
                self._word("rank"): [_arrow(*pair) for pair in zip(movers["rank_before"], movers["rank"])],
                self._word("grade"): [
                    _arrow(grades[b], grades[a]) for b, a in zip(movers["grade_before"], movers["grade"])
                ],
            }
        )

    def _list(self) -> None:
        """The first of those that move; the table of all is of another trial now."""
        movers = self._movers()
        self.all.layout.display = "" if len(movers) > SHOWN else "none"
        self._place.children = []
        frame = self._frame(movers.head(SHOWN))
        columns = [blocks.Column(name, number=1 <= place <= 4) for place, name in enumerate(frame.columns)]
        rows = blocks.table(columns, frame.to_numpy().tolist(), self._lang).html if len(frame) else ""
        heading = blocks.caption(self._word("table" if len(frame) else "none", most=len(frame))).html
        self._first.value = heading + rows

    def _list_all(self) -> None:
        """All that move, to search and sort in."""
        frame = self._frame(self._movers())
        self.teams = table(frame, self._lang, self._word("table", most=len(frame)), **paged(15))
        self._place.children = [self.teams]

    def _draw_waterfall(self) -> None:
        """Draw what moves the total of the team, from that in force to that of the trial."""
        team, names = self._session.team, row_names(self._rubric, self._lang)
        before, after = (float(each.scores.at[team, "total"]) for each in (self._trial.start, self._tried))
        parts = [(names[name], points) for name, points in self._trial.steps_between(self._tried, team)]
        self._waterfall.value = _heading(self._word("waterfall", before=f"{before:.2f}", after=f"{after:.2f}"))
        if parts:
            chart = waterfall(before, after, parts, self._lang)
            self._waterfall.value += f'<figure class="sc sc-figure">{chart.svg}</figure>'

    def _save(self) -> str | None:
        """Write the new version, and offer it to be saved by the browser as well."""
        version, note, by = self.version.value.strip(), self.why.value.strip(), self._app.evaluator()
        name = f"{self._rubric.id}-{version.lower().replace('.', '-')}"
        path = self._trials / f"{name}.yaml"
        valid = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,29}", version)
        faults = {
            "version": "" if valid and not path.exists() else "trial.exists" if valid else "trial.version",
            "why": "" if note else "trial.note",
        }
        for place, key in faults.items():
            fault = Fault(key)
            words = self._word("wrong", wrong=fault.cause(self._lang), right=fault.remedy(self._lang)) if key else ""
            self.wrong[place].tell(words)
        if any(faults.values()):
            self.notice.clear()
            return None
        if self.stale:
            self.notice.bad([self._word("not_saved")])
            return None
        base = rubric_file(self._session.rubric_file, self._session.year)
        about = {"id": name[:60], "version": version, "note": f"{note}（{by}）" if by else note}
        moved = self._trial.outcome(self.changes()).rubric
        write_version(path, base, self._rubric, moved, about, vocabulary())
        self.version.placeholder = self._next_version()
        link = download(path.name, path.read_bytes(), self._word("download", name=path.name))
        return blocks.Markup("{} {}").format(self._word("saved", name=path.name), link)

    def _next_version(self) -> str:
        """The version that follows that of the rubric and those written already."""
        made = re.fullmatch(r"(.+)\.([0-9]+)", self._rubric.version)
        stem, number = (made[1], int(made[2])) if made else (self._rubric.version, 1)
        while True:
            number += 1
            name = f"{self._rubric.id}-{f'{stem}.{number}'.lower().replace('.', '-')}"
            if not (self._trials / f"{name}.yaml").exists():
                return f"{stem}.{number}"

    @property
    def _trials(self) -> Path:
        return project_root() / "parameters" / "trials"

    def _word(self, key: str, **values: object) -> str:
        return translate(f"workbench.what_if.{key}", self._lang, **values)


def _slider(words: str, value: float, low: float, high: float, step: float) -> w.FloatSlider:
    span: dict[str, Any] = {"min": low, "max": high, "step": step, "readout_format": _digits(step)}
    return field(w.FloatSlider, words, LINE, value=value, continuous_update=False, **span)


def _set(slider: w.FloatSlider, low: float, high: float, value: float, step: float) -> None:
    slider.min, slider.max = min(low, slider.min), max(high, slider.max)  # so that no value is ever outside
    slider.step, slider.readout_format, slider.value = step, _digits(step), value
    slider.min, slider.max = low, high


def _digits(step: float) -> str:
    """The format of a slider's number: as many decimals as its steps have."""
    return f".{max(0, -int(f'{step:e}'.split('e')[1]))}f"


def _span(score: Score) -> tuple[float, float, float]:
    """The lowest and highest value of a target's slider, and its step: about a hundredth of the way to full marks."""
    low, high, reach = map(float, score.movable_range())
    return low, high, 10.0 ** round(float(f"{reach:e}".split("e")[1]) - 2)


def _number(slider: w.FloatSlider) -> Fraction:
    return Fraction(repr(round(slider.value, 6)))


def _signed(change: float) -> str:
    return "–" if not change else f"{'▲' if change > 0 else '▼'} {abs(change):.2f}"


def _arrow(before: object, after: object) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _heading(words: str) -> str:
    return str(blocks.Markup('<div class="sc"><h3>{}</h3></div>').format(words))
