"""The words of a rubric that stand for something outside it: measures, their options and parts, columns of a village."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

ENTERED_RANGES: dict[str, tuple[int, int | None]] = {  # the values of each unit that may be typed in
    "share": (0, 1),
    "rating": (0, 100),
    "yes_no": (0, 1),
    "yuan": (0, None),
    "days": (0, 366),
    "count": (0, None),
}


@dataclass(frozen=True)
class Vocabulary:
    """What a rubric may name.

    Attributes
    ----------
    options : of each measure by its id.
    members : measures whose values are made of those of members.
    items : of each measure whose values are made of items, which there are.
    village : the kind of each column of a village that a condition may ask for, ``yes_no`` or ``text``.
    norms : of each norm that names codes, which there are.
    of_villages : measures that nothing but the figures of villages and of the province decides.
    """

    options: Mapping[str, Collection[str]]
    members: Collection[str] = ()
    items: Mapping[str, Collection[str]] = field(default_factory=dict)
    village: Mapping[str, str] = field(default_factory=dict)
    norms: Mapping[str, Collection[str]] = field(default_factory=dict)
    of_villages: Collection[str] = ()
