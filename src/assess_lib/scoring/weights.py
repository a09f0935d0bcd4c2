"""Sharing out the weight of what does not count for a team (缺项考核计分)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assess_lib.exact import apportion
from assess_lib.rules.rubric import Rubric


def shared_out(rubric: Rubric, weights: Sequence[Fraction], counts: Sequence[bool]) -> list[Fraction]:
    """Weights in force after the weight of what does not count went to the rest.

    The weight goes to the rest of its group in proportion; when nothing of the group counts, to the
    rest of its focal point; when nothing of that counts, to the other focal points. Weights stay
    multiples of the rounding step and keep their sum: the steps left over by rounding down go to
    the largest remainders.

    Parameters: nominal weights and whether each counts, both in the order of the rubric's
    indicators. Returns weights in the same order, 0 where an indicator does not count.
    """
    nominal = dict(enumerate(weights))
    alive = {place for place, does in enumerate(counts) if does and weights[place] > 0}
    tree, place = [], 0
    for dimension in rubric.dimensions:
        groups = []
        for group in dimension.groups:
            groups.append(list(range(place, place + len(group.indicators))))
            place += len(group.indicators)
        tree.append(groups)
    result = [Fraction(0)] * len(weights)
    wholes = [sum((nominal[i] for group in groups for i in group), Fraction(0)) for groups in tree]
    for groups, whole in zip(tree, _passed_on(wholes, [[i for g in gs for i in g] for gs in tree], alive, rubric.step)):
        parts = [sum((nominal[i] for i in group), Fraction(0)) for group in groups]
        for group, part in zip(groups, _passed_on(parts, groups, alive, rubric.step, whole)):
            members = [i for i in group if i in alive]
            for i, weight in zip(members, apportion(part, [nominal[i] for i in members], rubric.step)):
                result[i] = weight
    return result


def _passed_on(parts, members, alive, step, whole=None) -> list[Fraction]:
    """What each part holds when the parts without anything alive pass theirs on."""
    whole = sum(parts, Fraction(0)) if whole is None else whole
    living = [n for n, inside in enumerate(members) if any(i in alive for i in inside)]
    held = dict(zip(living, apportion(whole, [parts[n] for n in living], step)))
    return [held.get(n, Fraction(0)) for n in range(len(parts))]
