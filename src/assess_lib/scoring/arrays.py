"""The arithmetic of points for many teams at once, in whole numbers of rounding steps.

The same results as ``weights`` and ``scoring`` give team by team; for rules that are being tried out.
"""

from __future__ import annotations

import numpy as np

from assess_lib.rules.rubric import Rubric

NEAR_HALF = 1e-6  # of a step; nearer to a half than this, points are rounded as fractions


def apportioned(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
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


def shared_out_many(rubric: Rubric, weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Weights in force after the weight of what does not count went to the rest; see ``weights.shared_out``.

    Parameters: nominal weights in steps and whether each counts, shape (rows, indicators). Returns steps.
    """
    alive = np.where(counts, weights, 0)
    result = np.zeros_like(weights)
    tree, place = [], 0
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


def _passed_on(whole: np.ndarray, weights: np.ndarray, alive: np.ndarray, parts: list[slice]) -> np.ndarray:
    """What each part holds when the parts without anything alive pass theirs on."""
    sums = np.stack([weights[:, part].sum(axis=1) for part in parts], axis=1)
    living = np.stack([alive[:, part].any(axis=1) for part in parts], axis=1)
    return apportioned(whole, np.where(living, sums, 0))


def rounded(steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Halves away from zero, and where a number lies so near a half that fractions must decide."""
    size = np.abs(steps)
    near = np.abs(size - np.floor(size) - 0.5) < NEAR_HALF
    return (np.sign(steps) * np.floor(size + 0.5)).astype("int64"), near
