"""What if: the totals, ranks and grades of all teams by other weights, targets and limits, at once.

Gives what ``assess`` would give by the changed rubric, without measuring or going through teams one by one.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from assess_lib.exact import NEAR, round_half_up
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE
from assess_lib.rules.changes import Changes, changed
from assess_lib.rules.points import BONUS_KINDS
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scoring.adjustments import among_peers, replaced
from assess_lib.scoring.arrays import rounded, shared_out_many
from assess_lib.scoring.assessment import Assessment
from assess_lib.scoring.awards import commended
from assess_lib.scoring.figures import Figures, figures, peer_counts, peer_of, peers_from
from assess_lib.scoring.points import HELD
from assess_lib.scoring.ranks import TIE, rank_and_grade

Question = tuple[int, str, Hashable]


@dataclass(frozen=True)
class Outcome:
    """What changes would give.

    Attributes
    ----------
    scores : as in ``Assessment``, of all teams.
    steps : points in steps per team and indicator, shape (teams, indicators); ``held`` what caps and floors add, per team
        and group.
    commended : the teams on the commendation list; ``rectified`` the teams, ``rectified_units`` the units asked to rectify.
    """

    rubric: Rubric
    scores: pd.DataFrame
    steps: np.ndarray
    held: np.ndarray
    commended: tuple[str, ...]
    rectified: tuple[str, ...]
    rectified_units: tuple[str, ...]


class Trial:
    """A year to try rules on. ``official`` is what holds, ``start`` the same as an outcome.

    Parameters: ``result`` the assessment with all that people judged.
    """

    def __init__(self, result: Assessment):
        self.result, self.rubric = result, result.rubric
        found = figures(self.rubric, result.data, result.measurements)
        compared = replaced(self.rubric, found, among_peers(result.adjustments))
        self._peers = peers_from([peer_counts(self.rubric, compared)])
        self._indicators = list(self.rubric.indicators())
        self._take(replaced(self.rubric, found, result.adjustments))
        self._units = result.data.teams()["unit_id"].reindex(self.teams)
        self._known: dict = {}
        self.start = self.outcome(Changes())

    def outcome(self, changes: Changes) -> Outcome:
        """What changes would give. Raises UnusableInput when they do not hold together."""
        rubric = changed(self.rubric, changes)
        size = rubric.step
        rules = list(rubric.indicators())
        nominal = np.empty_like(self._variant)  # patterns × indicators
        for n, rule in enumerate(rules):
            nominal[:, n] = np.array([round_half_up(weight, size) for weight in _weights(rule)])[self._variant[:, n]]
        force = shared_out_many(rubric, nominal, self._counts)
        scale = np.where(nominal > 0, force / np.where(nominal, nominal, 1), 1.0)
        steps = np.zeros((len(self.teams), len(rules)), dtype="int64")
        for n, rule in enumerate(rules):
            steps[:, n] = self._points(n, rule, nominal[:, n], force[:, n], scale[:, n], size)
        held, place = [], 0
        by_dimension = np.zeros((len(self.teams), len(rubric.dimensions)), dtype="int64")
        for d, dimension in enumerate(rubric.dimensions):
            for group in dimension.groups:
                mine = steps[:, place : place + len(group.indicators)].sum(axis=1)
                place += len(group.indicators)
                kept = mine if group.cap is None else np.minimum(mine, round_half_up(group.cap, size))
                kept = kept if group.floor is None else np.maximum(kept, round_half_up(group.floor, size))
                held.append(kept - mine)
                by_dimension[:, d] += kept
        weights = self._dimension_weights(rubric, force)
        scores = self._scores(rubric, steps, by_dimension, int(1 / size))
        teams, units = self._rectified(rubric, scores, by_dimension, weights)
        return Outcome(rubric, scores, steps, np.stack(held, axis=1), tuple(commended(rubric, scores)), teams, units)

    def moves(self, outcome: Outcome) -> pd.DataFrame:
        """Every team before and after: total, rank and grade, and the change of total; index team_id."""
        before, after = self.start.scores, outcome.scores
        table = pd.DataFrame(
            {
                "total_before": before["total"],
                "total": after["total"],
                "change": (after["total"] - before["total"]).round(2),
                "rank_before": before["rank"],
                "rank": after["rank"],
                "grade_before": before["grade"],
                "grade": after["grade"],
            }
        )
        return table

    def steps_between(self, outcome: Outcome, team: str) -> list[tuple[str, float]]:
        """From the official to the trial total of a team: what each indicator, and each cap or floor, adds."""
        row = self.teams.get_loc(team)
        size = int(1 / self.rubric.step)
        names = [indicator.id for indicator in self._indicators]
        groups = [f"{group.id}:{HELD}" for dimension in self.rubric.dimensions for group in dimension.groups]
        difference = [*(outcome.steps[row] - self.start.steps[row]), *(outcome.held[row] - self.start.held[row])]
        return [(name, int(count) / size) for name, count in zip([*names, *groups], difference) if count]

    # ---- what is taken in once ---------------------------------------------------------------------

    def _take(self, found: Figures) -> None:
        """Teams as rows of numbers: which question each indicator asks of each, and which teams count alike."""
        self.teams = found.teams.index
        rows, given = found.rows, self.result.adjustments.points
        self._codes, self._asked, counts, variants = [], [], [], []
        for indicator in self._indicators:
            statuses, codes, asked = found.statuses[indicator.id], [], {}
            chosen = [_variant(indicator, rows[team]) for team in self.teams]
            for team, variant in zip(self.teams, chosen):
                if statuses[team][0] != MEASURED:
                    codes.append(-1)
                    continue
                question = self._question(indicator, found, rows[team], team, variant, given)
                if question is None:
                    statuses = {**statuses, team: ("not_applicable", "no_reference")}
                    codes.append(-1)
                    continue
                codes.append(asked.setdefault(question, len(asked)))
            self._codes.append(np.array(codes, dtype="int64"))
            self._asked.append(list(asked))
            counts.append([_counts(indicator, statuses[team][0]) for team in self.teams])
            variants.append(chosen)
        alike = np.concatenate([np.array(variants).T, np.array(counts).T.astype("int64")], axis=1)
        patterns, self._pattern = np.unique(alike, axis=0, return_inverse=True)
        self._pattern = self._pattern.reshape(-1)
        self._variant, self._counts = patterns[:, : len(variants)], patterns[:, len(variants) :].astype(bool)

    def _question(
        self, indicator: Indicator, found: Figures, row: dict, team: str, variant: int, given
    ) -> Question | None:
        """What the points of a team hang on besides the rule; None where its peers give no reference."""
        if (team, indicator.id) in given:
            return variant, "given", given[team, indicator.id]
        score = _score(indicator, variant)
        value, parts = found.values[indicator.id][team], found.parts[indicator.id].get(team)
        if score.of_peers:
            group = peer_of(self.rubric, row)
            none = score.points_among(value, Fraction(1), self._peers[indicator.id][group]) is None
            return None if none else (variant, "peers", (value, group))
        if score.kind == "checklist":
            return variant, "items", frozenset(item for item, there in (parts or {}).items() if there > 0)
        if getattr(score, "average_over", "team") == "parts" and parts:
            return variant, "parts", tuple(sorted(parts.values()))
        return variant, "value", value

    # ---- points of one indicator -------------------------------------------------------------------

    def _points(self, n: int, rule: Indicator, nominal, force, scale, step: Fraction) -> np.ndarray:
        """Points of all teams in steps. Parameters: weights in steps and their ratio per pattern of teams."""
        codes, pattern = self._codes[n], self._pattern
        informal = (nominal == 0) & (rule.score.kind not in BONUS_KINDS)
        counting = (codes >= 0) & ~informal[pattern]
        if not self._asked[n] or not counting.any():
            return np.zeros(len(codes), dtype="int64")
        raw = self._raw(n, rule)[np.maximum(codes, 0)] * scale[pattern] / float(step)
        steps, near = rounded(np.where(counting, raw, 0.0))
        known: dict = {}
        for place in np.flatnonzero(near & counting):
            code, mine = codes[place], pattern[place]
            if (code, mine) not in known:
                ratio = Fraction(int(force[mine]), int(nominal[mine])) if nominal[mine] else Fraction(1)
                known[code, mine] = round_half_up(self._exactly(n, rule, self._asked[n][code]) * ratio, step)
            steps[place] = known[code, mine]
        return steps

    def _raw(self, n: int, rule: Indicator) -> np.ndarray:
        """Points at nominal weight for every question that an indicator asks."""
        if rule is self._indicators[n] or rule == self._indicators[n]:
            if n not in self._known:
                self._known[n] = np.array([float(self._exactly(n, rule, asked)) for asked in self._asked[n]])
            return self._known[n]
        old = self._indicators[n]
        if _only_weight(old, rule):
            return self._raw(n, old) * float(rule.weight / old.weight)
        if self._by_ratio(n, rule):
            score = rule.score
            most = float(score.most(rule.weight))
            return np.clip(self._against_peers(n, rule) * float(score.base), float(score.min), most)
        return np.array([float(self._exactly(n, rule, asked)) for asked in self._asked[n]])

    def _by_ratio(self, n: int, rule: Indicator) -> bool:
        """Whether all questions of an indicator are for its value against that of the peers."""
        simple = rule.score.kind == "relative" and not rule.variants and rule.score.better == "higher"
        return simple and all(kind == "peers" for _, kind, _ in self._asked[n])

    def _against_peers(self, n: int, rule: Indicator) -> np.ndarray:
        """Value ÷ reference of the peers for every question."""
        if (n, "peers") not in self._known:
            peers, by_mean = self._peers[rule.id], rule.score.to == "mean"
            ratios = [
                what[0] / (peers[what[1]].mean if by_mean else peers[what[1]].median) for *_, what in self._asked[n]
            ]
            self._known[n, "peers"] = np.array([float(ratio) for ratio in ratios])
        return self._known[n, "peers"]

    def _exactly(self, n: int, rule: Indicator, asked: Question) -> Fraction:
        """Points at nominal weight, as ``scoring`` finds them."""
        variant, kind, what = asked
        weight, score = _weights(rule)[variant], _score(rule, variant)
        if kind == "given":
            before = _weights(self._indicators[n])[variant]
            return what * weight / before if before else what
        if kind == "peers":
            return score.points_among(what[0], weight, self._peers[rule.id][what[1]])
        if kind == "items":
            return score.points_for(dict.fromkeys(what, Fraction(1)))
        if kind == "parts":
            return sum((score.points(part, weight) for part in what), Fraction(0)) / len(what)
        return score.points(what, weight)

    # ---- over all teams ----------------------------------------------------------------------------

    def _scores(self, rubric: Rubric, steps: np.ndarray, by_dimension: np.ndarray, size: int) -> pd.DataFrame:
        official = self.result.scores
        names = [dimension.id for dimension in rubric.dimensions]
        scores = pd.DataFrame(by_dimension / size, index=self.teams, columns=names)
        scores["total"] = by_dimension.sum(axis=1) / size
        for name in ("provisional", "vetoes", "county", "area", "unit_type"):
            scores[name] = official[name]
        order = [indicator.id for indicator in self._indicators]
        for name in rubric.ranking.tie_breakers:
            if name not in scores:
                scores[TIE + name] = steps[:, order.index(name)]
        return rank_and_grade(rubric, scores)

    def _dimension_weights(self, rubric: Rubric, force: np.ndarray) -> np.ndarray:
        """Weights in force per team and focal point, in steps."""
        ends = np.cumsum([sum(len(group.indicators) for group in d.groups) for d in rubric.dimensions])
        sums = [part.sum(axis=1) for part in np.split(force, ends[:-1], axis=1)]
        return np.stack(sums, axis=1)[self._pattern]

    def _rectified(self, rubric: Rubric, scores: pd.DataFrame, points: np.ndarray, weights: np.ndarray):
        """Teams and units on the rectification list; see ``recognition.rectification``."""
        rules = rubric.rectification
        if rules is None:
            return (), ()
        place = {dimension.id: n for n, dimension in enumerate(rubric.dimensions)}
        low = scores["grade"].isin(rules.team_grades).to_numpy()
        for rule in rules.team_below:
            mine, whole = points[:, place[rule.dimension]], weights[:, place[rule.dimension]]
            low = low | (whole > 0) & (mine * rule.share.denominator < whole * rule.share.numerator)
        units: set[str] = set()
        for rule in rules.unit_below:
            mine, whole = points[:, place[rule.dimension]], weights[:, place[rule.dimension]]
            there = (whole > 0) & self._units.notna().to_numpy()
            shares = pd.Series(mine[there] / whole[there]).groupby(self._units.to_numpy()[there])
            for unit, mean in shares.mean().items():
                if abs(mean - float(rule.share)) < NEAR:
                    those = np.flatnonzero(there & (self._units == unit).to_numpy())
                    mean = sum(Fraction(int(mine[t]), int(whole[t])) for t in those) / len(those)
                if mean < rule.share:
                    units.add(unit)
        return tuple(self.teams[low]), tuple(sorted(units))


def _weights(rule: Indicator) -> list[Fraction]:
    """Nominal weights: of the indicator itself first, then of its variants."""
    return [rule.weight, *(rule.weight if v.weight is None else v.weight for v in rule.variants)]


def _score(rule: Indicator, variant: int):
    return rule.score if variant == 0 else rule.variants[variant - 1].score or rule.score


def _variant(rule: Indicator, row: dict) -> int:
    return next((n for n, variant in enumerate(rule.variants, start=1) if variant.peers.include(row)), 0)


def _only_weight(old: Indicator, new: Indicator) -> bool:
    """Whether points are those by the old rule in proportion to the weight."""
    plain = {
        "linear": lambda s: s.cap is None,
        "all_or_nothing": lambda s: True,
        "proportional": lambda s: s.max is None and not s.min,
    }
    kind = old.score.kind
    return not old.variants and old.weight > 0 and kind in plain and plain[kind](old.score) and old.score == new.score


def _counts(indicator: Indicator, status: str) -> bool:
    return status == MEASURED or (status == NO_EVIDENCE and indicator.missing != "exclude")
