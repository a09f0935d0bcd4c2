"""A rubric with other weights, targets and grade limits: tried out, and written as a new version.

Weights are relative: whatever they are moved to, they are brought to the same whole again in proportion, in whole
rounding steps. What a rule gives in points (bands, deductions, bonuses, caps) moves with the weight of its indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from assess_lib.atomic import replacing
from assess_lib.exact import apportion, round_half_up
from assess_lib.faults import Fault, UnusableInput
from assess_lib.rules.kinds import Score
from assess_lib.rules.kinds.base import scaled_points
from assess_lib.rules.loading import RubricFile, check_rubric
from assess_lib.rules.rubric import Dimension, Grades, Group, Indicator, Rubric, descend
from assess_lib.rules.vocabulary import Vocabulary


@dataclass(frozen=True)
class Changes:
    """Moved numbers: weights of focal points and indicators, targets of indicators, lower limits of grades, by id."""

    dimensions: Mapping[str, Fraction] = field(default_factory=dict)
    indicators: Mapping[str, Fraction] = field(default_factory=dict)
    targets: Mapping[str, Fraction] = field(default_factory=dict)
    limits: Mapping[str, Fraction] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.dimensions, self.indicators, self.targets, self.limits))


def moved_sum(rubric: Rubric, changes: Changes) -> Fraction:
    """The sum of the weights of the focal points as they were moved, before they are brought to the whole."""
    return sum((changes.dimensions.get(d.id, d.weight) for d in rubric.dimensions), Fraction(0))


def changed(rubric: Rubric, changes: Changes) -> Rubric:
    """The rubric with changes carried out.

    Raises UnusableInput when grade limits are out of order, or no weight is left.
    """
    if not changes:
        return rubric
    moved = [changes.dimensions.get(d.id, d.weight) for d in rubric.dimensions]
    if sum(moved) <= 0 or min(moved) < 0:
        raise UnusableInput([Fault("trial.no_weight")])
    whole = apportion(sum((d.weight for d in rubric.dimensions), Fraction(0)), moved, rubric.step)
    dimensions = [_dimension(old, weight, changes, rubric.step) for old, weight in zip(rubric.dimensions, whole)]
    return rubric.model_copy(update={"dimensions": dimensions, "grades": _grades(rubric, changes.limits)})


def _dimension(old: Dimension, weight: Fraction, changes: Changes, step: Fraction) -> Dimension:
    indicators = list(old.indicators())
    moved = [changes.indicators.get(indicator.id, indicator.weight) for indicator in indicators]
    if sum(moved) <= 0 < weight or min(moved) < 0:
        raise UnusableInput([Fault("trial.no_weight", value=old.id)])
    weights = dict(zip((indicator.id for indicator in indicators), apportion(weight, moved, step)))
    groups = [_group(group, weights, changes, step) for group in old.groups]
    variants = [v.model_copy(update={"weight": _to_step(v.weight * weight / old.weight, step)}) for v in old.variants]
    return old.model_copy(update={"weight": weight, "groups": groups, "variants": variants})


def _group(old: Group, weights: Mapping[str, Fraction], changes: Changes, step: Fraction) -> Group:
    before = sum((indicator.weight for indicator in old.indicators), Fraction(0))
    ratio = sum((weights[i.id] for i in old.indicators), Fraction(0)) / before if before else Fraction(1)
    held = {name: scaled_points(getattr(old, name), ratio, step) for name in ("cap", "floor")}
    indicators = [_indicator(indicator, weights[indicator.id], changes, step) for indicator in old.indicators]
    return old.model_copy(update={"indicators": indicators, **held})


def _indicator(old: Indicator, weight: Fraction, changes: Changes, step: Fraction) -> Indicator:
    ratio = weight / old.weight if old.weight else Fraction(1)
    score = old.score.scaled(ratio, step)
    if old.id in changes.targets and score.movable:
        moved = score.moved(changes.targets[old.id])
        if moved is None:
            raise UnusableInput([Fault("trial.target", value=old.id)])
        score = moved
    if weight == old.weight and score == old.score:
        return old
    variants = [
        v.model_copy(
            update={
                "weight": v.weight if v.weight is None else _to_step(v.weight * ratio, step),
                "score": v.score and v.score.scaled(ratio, step),
            }
        )
        for v in old.variants
    ]
    return old.model_copy(update={"weight": weight, "score": score, "variants": variants})


def _to_step(number: Fraction, step: Fraction) -> Fraction:
    return round_half_up(number, step) * step


def _grades(rubric: Rubric, limits: Mapping[str, Fraction]) -> Grades:
    bands = rubric.grades.bands
    lows = [limits.get(band.id, band.range.low or Fraction(0)) for band in bands]
    if not descend(lows[:-1]):
        raise UnusableInput([Fault("trial.limits")])
    made = []
    for place, band in enumerate(bands):
        above = bands[place - 1] if place else None
        low = lows[place] if place < len(bands) - 1 else None
        ends = {"low": low, "high": lows[place - 1] if above else None}
        made.append(band.model_copy(update={"range": type(band.range)(**{**vars(band.range), **ends})}))
    return rubric.grades.model_copy(update={"bands": made})


def write_version(
    path: str | Path,
    base: str | Path,
    before: Rubric,
    now: Rubric,
    about: Mapping[str, str],
    vocabulary: Vocabulary | None = None,
) -> Path:
    """Write a rubric file in which the numbers of ``base`` are those of ``now``; put in place when whole and valid.

    Parameters
    ----------
    path : a file that does not exist yet. ``base`` : the file of ``before``; what it says in comments stays.
    about : ``id``, ``version`` and ``note`` of the new version.

    Raises UnusableInput when the file exists or the new rules do not hold together, OSError.
    """
    path = Path(path)
    if path.exists():
        raise UnusableInput([Fault("trial.exists", str(path))])
    tree: Any = RubricFile(Path(base)).tree
    tree.update(about)
    for old, new, node in zip(before.dimensions, now.dimensions, tree["dimensions"]):
        _set(node, old, new, ("weight",))
        for old_variant, new_variant, inner in zip(old.variants, new.variants, node.get("variants") or ()):
            _set(inner, old_variant, new_variant, ("weight",))
        for old_group, new_group, group in zip(old.groups, new.groups, node["groups"]):
            _set(group, old_group, new_group, ("cap", "floor"))
            for was, becomes, inner in zip(old_group.indicators, new_group.indicators, group["indicators"]):
                _set(inner, was, becomes, ("weight",))
                _set_score(inner.get("score"), _dump(was.score), _dump(becomes.score))
                for v_was, v_becomes, v_node in zip(was.variants, becomes.variants, inner.get("variants") or ()):
                    _set(v_node, v_was, v_becomes, ("weight",))
                    if v_was.score and v_becomes.score:
                        _set_score(v_node.get("score"), _dump(v_was.score), _dump(v_becomes.score))
    for band, moved, node in zip(before.grades.bands, now.grades.bands, tree["grades"]["bands"]):
        if band.range != moved.range:
            node["range"] = str(moved.range)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as written:
        with written.open("w", encoding="utf-8") as file:
            writer = YAML()
            writer.width = 200
            writer.indent(mapping=2, sequence=4, offset=2)
            writer.dump(tree, file)
        found, faults = check_rubric(written, vocabulary)
        if found is None:
            raise UnusableInput(faults)
    return path


def _set(node: Any, old: Any, new: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if getattr(old, name) != (value := getattr(new, name)):
            node[name] = int(value) if value.denominator == 1 else float(value)


def _dump(score: Score) -> dict[str, Any]:
    return score.model_dump(mode="json")


def _set_score(node: Any, old: Any, new: Any) -> None:
    """Write what differs between two scores, or parts of them, as they stand in a file."""
    for key in new if isinstance(new, dict) else range(len(new)):
        if isinstance(new[key], (dict, list)):
            _set_score(node[key], old[key], new[key])
        elif old[key] != new[key]:
            node[key] = new[key]
