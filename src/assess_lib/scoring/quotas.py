"""Shares of a group that can be commended or have a grade, and what becomes of ties at their edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd


@dataclass(frozen=True)
class Quota:
    """A share of a group.

    Attributes
    ----------
    group : its name, blank for all; ``size`` how many are in it, ``places`` how many of them can be chosen.
    able : how many meet the other conditions; ``chosen`` the ids of those who were chosen.
    tied : the ids of those who share the place at the edge, where only some of them would have fitted.
    grade : the grade that is meant, blank for a commendation.
    """

    group: str
    size: int
    places: int
    able: int
    chosen: tuple[str, ...]
    tied: tuple[str, ...] = ()
    grade: str = ""


def quota(group: str, size: int, share: Fraction, order: pd.Series) -> Quota:
    """The quota of a group, filled from the first places as far as whole ties fit.

    Parameters: ``size`` of the group that ``share`` is of; ``order`` the places of those who are able, by id, equal for ties.
    """
    places = math.floor(share * size)
    tied = order.value_counts().sort_index()
    fit = tied.index[tied.cumsum() <= places]
    chosen = order[order <= fit[-1]].sort_values(kind="stable") if len(fit) else order.iloc[0:0]
    names = tuple(map(str, chosen.index))
    return Quota(group, size, places, len(order), names, edge(order, names, places))


def edge(order: pd.Series, chosen: Sequence[str], places: int) -> tuple[str, ...]:
    """Those of the first place that was not given, where some of them, but not all, would have fitted.

    Parameters: ``order`` as for ``quota``; ``chosen`` the ids that were.
    """
    rest = order.drop(list(chosen))
    if rest.empty or len(chosen) >= places:
        return ()
    tied = rest.index[rest == rest.min()]
    return tuple(map(str, tied)) if len(chosen) + len(tied) > places else ()
