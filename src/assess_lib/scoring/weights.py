"""Sharing out the weight of what does not count for a team (缺项考核计分), in whole rounding steps."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assess_lib.rules.kinds.base import Mask
from assess_lib.rules.rubric import Rubric

Steps: TypeAlias = npt.NDArray[np.int64]


def apportioned(whole: Steps, parts: Steps) -> Steps:
    """Each whole split in proportion to its parts (largest remainder; equal remainders go to the earlier part).

    Parameters: ``whole`` shape (rows,), ``parts`` shape (rows, parts), in steps. Returns steps, shape (rows, parts).
    """
    total = parts.sum(axis=1)
    shares = whole[:, None] * parts
    steps, rest = np.divmod(shares, np.where(total, total, 1)[:, None])
    left = np.where(total, whole - steps.sum(axis=1), 0)
    place = np.empty_like(parts)
    order = np.argsort(-rest, axis=1, kind="stable")
    np.put_along_axis(place, order, np.arange(parts.shape[1])[None, :].repeat(len(parts), axis=0), axis=1)
    return np.where(total[:, None] > 0, steps + (place < left[:, None]), 0)


def shared_out(rubric: Rubric, weights: Steps, counts: Mask) -> Steps:
    """Weights in force after the weight of what does not count went to the rest.

    The weight goes to the rest of its group in proportion; when nothing of the group counts, to the rest of its focal
    point; when nothing of that counts, to the other focal points. Weights stay whole steps and keep their sum: the
    steps left over by rounding down go to the largest remainders.

    Parameters: nominal weights in steps and whether each counts, shape (rows, indicators) in the order of the rubric.
    Returns steps of the same shape, 0 where an indicator does not count.
    """
    alive = np.where(counts, weights, 0)
    result = np.zeros_like(weights)
    tree: list[list[slice]] = []
    place = 0
    for dimension in rubric.dimensions:
        tree.append([])
        for group in dimension.groups:
            tree[-1].append(slice(place, place + len(group.indicators)))
            place += len(group.indicators)
    whole = weights.sum(axis=1)
    of_dimensions = _passed_on(whole, weights, alive, [slice(groups[0].start, groups[-1].stop) for groups in tree])
    for d, groups in enumerate(tree):
        of_groups = _passed_on(of_dimensions[:, d], weights, alive, groups)
        for g, inside in enumerate(groups):
            result[:, inside] = apportioned(of_groups[:, g], alive[:, inside])
    return result


def _passed_on(whole: Steps, weights: Steps, alive: Steps, parts: list[slice]) -> Steps:
    """What each part holds when the parts without anything alive pass theirs on."""
    sums = np.stack([weights[:, part].sum(axis=1) for part in parts], axis=1)
    living = np.stack([alive[:, part].any(axis=1) for part in parts], axis=1)
    return apportioned(whole, np.where(living, sums, 0))
